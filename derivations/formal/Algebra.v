(* Algebra with sums: equations that hold by the ring laws and the linearity of sums, and combinations of
   facts.  Import this library last: [total] is a name of ssrbool too.

   [sums]      writes every sum of the goal as a linear combination of sums of monomials, with what does not
               depend on the index before the sum.
   [sum_ring]  proves an equation between two expressions with sums: [sums]; equal sums made one, summand by
               summand or after an exchange of two sums; then [ring] or [field].  The names of indices and
               the order of two nested sums do not matter; that of more than two does.
   [combine p] proves [a = b] from a combination [p] of equations, written as the mathematics has it:
                 [combine (c * h1 - total (fun j hj => w j * h3 j hj))%fact]
               subtracts from c times h1 the sum over j of w j times the equation h3 j.  What remains,
               a - b = left of p - right of p, is for [sum_ring].  The range of the sum is read off from the
               hypothesis hj on j, which has to be used.  Coefficients are arguments or names (as of [pose],
               which are unfolded); a function among them needs %R.
   [exceed e]  proves [a >= b] (or <=, >, <) from a - b = e, which is for [sum_ring], and the sign of e,
               which is left.
   [in_range]  proves that an index lies in a range, from the ranges of others. *)
From Symderive.formal Require Export Tactics Sums.
Set Implicit Arguments.
Unset Strict Implicit.

(* How a sum in normal form arises: term by term, and by equal parts of a formula. *)
Lemma linear_sum m n c (F G : nat -> R) e :
  \sum_(m <= i < n) G i = e -> \sum_(m <= i < n) (c * F i + G i) = c * (\sum_(m <= i < n) F i) + e.
Proof. by move=> <-; rewrite sumD sumZ. Qed.
Lemma linear_constant m n c (G : nat -> R) e0 e :
  \sum_(m <= i < n) c = e0 -> \sum_(m <= i < n) G i = e -> \sum_(m <= i < n) (c + G i) = e0 + e.
Proof. by move=> <- <-; rewrite sumD. Qed.
Lemma same_sum m n (F G : nat -> R) e :
  (forall i, F i = G i) -> \sum_(m <= i < n) G i = e -> \sum_(m <= i < n) F i = e.
Proof. by move=> h <-; apply: eq_bigr => i _. Qed.
Lemma zero_sum m n : \sum_(m <= i < n) 0 = 0.
Proof. exact: sum0. Qed.

Lemma same_pow x y n : x = y -> x ^ n = y ^ n. Proof. by move=> ->. Qed.
Lemma same_inv x y : x = y -> / x = / y. Proof. by move=> ->. Qed.
Lemma same_minus x y z t : x = y -> z = t -> x - z = y - t. Proof. by move=> -> ->. Qed.
Lemma same_plus x y z t : x = y -> z = t -> x + z = y + t. Proof. by move=> -> ->. Qed.
Lemma same_mult x y z t : x = y -> z = t -> x * z = y * t. Proof. by move=> -> ->. Qed.
Lemma same_opp x y : x = y -> - x = - y. Proof. by move=> ->. Qed.
Lemma inv_product x y z t : / x = z -> / y = t -> / (x * y) = z * t.
Proof. by move=> <- <-; exact: Rinv_mult. Qed.
Lemma inv_power x n z : / x = z -> / x ^ n = z ^ n.
Proof. by move=> <-; rewrite pow_inv. Qed.

Lemma both_sides (P : R -> R -> Prop) x y z t : x = z -> y = t -> P z t -> P x y.
Proof. by move=> -> ->. Qed.

(* An index in a range, by the ranges of others. *)
Ltac in_range :=
  repeat match goal with H : is_true (andb _ _) |- _ => case/andP: H => /leP ? /leP ? end;
  apply/andP; split; apply/leP; lia.

(* A list of monomials whose sum is t, each a product; a power of a monomial stays. *)
Ltac times a b := lazymatch a with 1 => b | _ => lazymatch b with 1 => a | _ => constr:(a * b) end end.
Ltac map_times a bs :=
  lazymatch bs with
  | cons ?b ?rest => let x := times a b in let r := map_times a rest in constr:(cons x r)
  | _ => bs
  end.
Ltac products xs bs :=
  lazymatch xs with
  | cons ?a ?rest => let x := map_times a bs in let r := products rest bs in eval cbv [app] in (app x r)
  | _ => xs
  end.
Ltac monomials t :=
  lazymatch t with
  | ?a + ?b => let x := monomials a in let y := monomials b in eval cbv [app] in (app x y)
  | ?a - ?b => let x := monomials a in let y := monomials b in let z := map_times (-1) y in
      eval cbv [app] in (app x z)
  | - ?a => let x := monomials a in map_times (-1) x
  | ?a * ?b => let x := monomials a in let y := monomials b in products x y
  | (?a + ?b) ^ 2 => let x := monomials (a + b) in products x x
  | (?a - ?b) ^ 2 => let x := monomials (a - b) in products x x
  | (- ?a) ^ 2 => monomials (a ^ 2)
  | (?a * ?b) ^ ?n => monomials (a ^ n * b ^ n)
  | 0 => constr:(@nil R)
  | _ => constr:(cons t nil)
  end.
(* The factors of a monomial without the index i, and those with it. *)
Ltac without t i :=
  lazymatch t with
  | ?a * ?b => let x := without a i in let y := without b i in times x y
  | context [i] => constr:(1)
  | _ => t
  end.
Ltac within t i :=
  lazymatch t with
  | ?a * ?b => let x := within a i in let y := within b i in times x y
  | context [i] => t
  | _ => constr:(1)
  end.
(* The monomials t as a sum of terms c * F i, or c alone. *)
Ltac ordered ts i :=
  lazymatch ts with
  | cons ?t ?rest =>
      let c := without t i in let f := within t i in
      let r := ordered rest i in
      lazymatch f with
      | 1 => constr:(c + r)
      | _ => constr:(c * f + r)
      end
  | _ => constr:(0)
  end.
(* The sum over m <= i < n of such terms. *)
Ltac constant m n c :=
  lazymatch m with
  | 1%N => lazymatch n with
    | S ?k => constr:(sum_const1 k c)
    | _ => constr:(sum_const m n c) end
  | _ => constr:(sum_const m n c)
  end.
Ltac distribute m n G :=
  lazymatch G with
  | (fun i => 0) => constr:(zero_sum m n)
  | (fun i => @?C i + @?H i) =>
      let q := distribute m n H in
      lazymatch C with
      | (fun _ => ?c) => let p := constant m n c in constr:(@linear_constant m n c H _ _ p q)
      | (fun i => ?c * @?F i) => constr:(@linear_sum m n c F H _ q)
      end
  end.

(* A proof of t = t', where t' has its sums in normal form; denominators are products of inverses. *)
Ltac normal t :=
  lazymatch t with
  | context [@bigop _] => normal_parts t
  | context [Rinv _] => normal_parts t
  | context [Rdiv _ _] => normal_parts t
  | _ => constr:(@Logic.eq_refl R t)
  end
with normal_parts t :=
  lazymatch t with
  | ?a + ?b => let p := normal a in let q := normal b in constr:(same_plus p q)
  | ?a - ?b => let p := normal a in let q := normal b in constr:(same_minus p q)
  | ?a * ?b => let p := normal a in let q := normal b in constr:(same_mult p q)
  | - ?a => let p := normal a in constr:(same_opp p)
  | ?a / ?b => let p := normal a in let q := normal (/ b) in constr:(same_mult p q : a / b = _)
  | ?a ^ ?n => let p := normal a in constr:(same_pow n p)
  | / (?a * ?b) => let p := normal (/ a) in let q := normal (/ b) in constr:(inv_product p q)
  | / (?a ^ ?n) => let p := normal (/ a) in constr:(inv_power n p)
  | / ?a => let p := normal a in constr:(same_inv p)
  | @bigop _ _ _ (index_iota ?m ?n) (fun i => @BigBody _ _ i Rplus true (@?F i)) =>
      let x := fresh "i" in
      let p := constr:(fun x : nat => ltac:(
        let body := eval cbv beta in (F x) in
        let q := normal body in
        let e := type of q in
        lazymatch eval cbv beta in e with _ = ?body' =>
          let ts := monomials body' in
          let v := constr:(x) in let new := ordered ts v in
          exact (eq_trans q (ltac:(ring) : body' = new)) end)) in
      let e := type of p in
      lazymatch eval cbv beta in e with forall i, _ = @?G i =>
        let q := distribute m n G in
        constr:(@same_sum m n F G _ p q) end
  | _ => constr:(@Logic.eq_refl R t)
  end.

Ltac sums :=
  lazymatch goal with
  | |- ?R ?a ?b =>
      let p := normal a in let q := normal b in
      refine (@both_sides R a b _ _ p q _); rewrite ?Rmult_1_l ?Rplus_0_r; cbv beta
  end.

(* The sum of f i * g i j over i, then j, from that over j, then i. *)
Lemma exchanged m n k l (F f : nat -> R) (g : nat -> nat -> R) :
  (forall i, F i = f i * \sum_(k <= j < l) g i j) ->
  \sum_(m <= i < n) F i = \sum_(k <= j < l) \sum_(m <= i < n) (f i * g i j).
Proof.
move=> h; rewrite -exchange_sum; apply: eq_bigr => i _.
by rewrite h -sumZ.
Qed.

(* An inner sum among the factors of a monomial, and the other factors. *)
Ltac inner t :=
  match t with
  | ?a * ?b => let s := inner a in s
  | ?a * ?b => let s := inner b in s
  | @bigop _ _ _ _ _ => t
  end.
Ltac outer t s :=
  lazymatch t with
  | s => constr:(1)
  | ?a * ?b => let x := outer a s in let y := outer b s in times x y
  | _ => t
  end.
Ltac exchange t :=
  lazymatch t with
  | @bigop _ _ _ (index_iota ?m ?n) (fun i => @BigBody _ _ i Rplus true (@?F i)) =>
      let x := fresh "i" in
      let p := constr:(fun x : nat => ltac:(
        let body := eval cbv beta in (F x) in
        let s := inner body in
        let f := outer body s in
        exact (ltac:(ring) : body = f * s))) in
      let e := type of p in
      lazymatch eval cbv beta in e with
      | forall i, _ = @?f i
          * @bigop _ _ _ (index_iota ?k ?l) (fun j => @BigBody _ _ j Rplus true (@?g i j)) =>
          constr:(@exchanged m n k l F f g p)
      end
  end.

(* Sums with different letters are not compared: that would only take time. *)
Ltac differ s t x :=
  lazymatch s with
  | context [x] => lazymatch t with context [x] => fail | _ => idtac end
  | _ => lazymatch t with context [x] => idtac end
  end.
Ltac same_letters s t := assert_fails (idtac; match goal with x : _ |- _ => differ s t x end).

(* Equal sums: summand by summand, or so after an exchange of two sums, [depth] times at most. *)
Ltac equal_sums depth :=
  first [ apply: eq_bigr => ? _; equal_summands depth
        | lazymatch depth with S ?k =>
            lazymatch goal with |- ?a = _ =>
              let p := exchange a in rewrite (p : a = _); sums; equal_sums k end end ]
with equal_summands depth :=
  first [ring | merge depth (@nil R); ring]
(* Every sum of the goal that equals an earlier one becomes that one. *)
with merge depth seen :=
  try (match goal with
  | |- context [@bigop ?T ?I ?z ?r ?F] =>
      let s := constr:(@bigop T I z r F) in
      new s seen;
      first [ same depth s seen; merge depth seen | merge depth (cons s seen) ]
  end)
with new s seen :=
  lazymatch seen with
  | context [cons s _] => fail
  | _ => idtac
  end
with same depth s seen :=
  lazymatch seen with
  | cons ?t ?rest =>
      first [ same_letters s t; let E := fresh in assert (E : s = t) by equal_sums depth; rewrite E; clear E
            | same depth s rest ]
  end.

Ltac invertible := nonzero.
Ltac ring_or_field := first [ring | field; nonzero].
Ltac sum_ring :=
  sums; first
    [ ring
    | merge 0%nat (@nil R); first [ring_or_field | merge 1%nat (@nil R); ring_or_field] ].

(* Combinations of equations: l = r proves a = b if l - r and a - b are the same. *)
Declare Scope fact_scope.
Delimit Scope fact_scope with fact.
Lemma scaled c x y : x = y -> c * x = c * y. Proof. by move=> ->. Qed.
Lemma total m n (F G : nat -> R) :
  (forall i, (m <= i < n)%N -> F i = G i) -> \sum_(m <= i < n) F i = \sum_(m <= i < n) G i.
Proof. exact: eq_sum. Qed.
Arguments scaled c%R [x y] _%fact.
Arguments total [m n F G] _%fact.
Notation "p + q" := (same_plus p q) : fact_scope.
Notation "p - q" := (same_minus p q) : fact_scope.
Notation "- p" := (same_opp p) : fact_scope.
Notation "c * p" := (scaled c%R p) : fact_scope.

Lemma by_combination a b l r : l = r -> a - b = l - r -> a = b. Proof. lra. Qed.
Ltac unfold_names := repeat match goal with x := _ |- _ => subst x end.
Tactic Notation "combine" uconstr(p) := refine (by_combination p _); unfold_names; cbv beta; sum_ring.

(* Inequalities, by the difference of their sides. *)
Tactic Notation "exceed" constr(e) :=
  first [ apply: (by_excess e) | apply: (by_strict_excess e)
        | apply: Rge_le; apply: (by_excess e) | apply: Rgt_lt; apply: (by_strict_excess e) ];
  first by unfold_names; sum_ring.
