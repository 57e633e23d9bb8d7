(* Averages over data and noise.

   An average is only known on a class of functions: that over the noise on polynomials in the noise of
   lower layers, that over the data on polynomials of degree two in features and target.  On its class
   it is linear; so it commutes with finite sums, and takes a product of two sums to a sum over pairs.
   What the noise of one layer does to a product of two sums over that layer is [noise_peel]; all
   moments of networks follow from it. *)
From Coq Require Export FunctionalExtensionality.
From Symderive.formal Require Export Tactics.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

(* A class C of functions that is closed under linear combinations, and a functional E that is linear on
   it. *)
Record closed (O : Type) (C : (O -> R) -> Prop) : Prop := {
  closed_zero : C (fun _ => 0);
  closed_add : forall f g, C f -> C g -> C (fun o => f o + g o);
  closed_scale : forall a f, C f -> C (fun o => a * f o)
}.

Record linear_on (O : Type) (E : (O -> R) -> R) (C : (O -> R) -> Prop) : Prop := {
  linear_closed : closed C;
  linear_add : forall f g, C f -> C g -> E (fun o => f o + g o) = E f + E g;
  linear_scale : forall a f, C f -> E (fun o => a * f o) = a * E f
}.

Lemma sub_as_add (O : Type) (f g : O -> R) : (fun o => f o - g o) = fun o => f o + -1 * g o.
Proof. by apply: functional_extensionality => o; ring. Qed.

Lemma sum_as_add (O : Type) (F : nat -> O -> R) i s :
  (fun o => \big[Rplus/0]_(j <- i :: s) F j o) = fun o => F i o + \big[Rplus/0]_(j <- s) F j o.
Proof. by apply: functional_extensionality => o; rewrite big_cons. Qed.

Lemma empty_sum (O : Type) (F : nat -> O -> R) : (fun o => \big[Rplus/0]_(j <- [::]) F j o) = fun _ => 0.
Proof. by apply: functional_extensionality => o; rewrite big_nil. Qed.

(* A product of two sums is a sum over pairs. *)
Lemma pairs (O : Type) m n p q (a b : nat -> R) (F G : nat -> O -> R) :
  (fun o => (\sum_(m <= j < n) (a j * F j o)) * (\sum_(p <= k < q) (b k * G k o))) =
  fun o => \sum_(p <= k < q) \sum_(m <= j < n) (a j * b k * (F j o * G k o)).
Proof.
apply: functional_extensionality => o; rewrite -sumZ; apply: eq_bigr => k _; rewrite -sumZr.
by apply: eq_bigr => j _; ring.
Qed.

Section Closed.
Variables (O : Type) (C : (O -> R) -> Prop).
Hypothesis C_closed : closed C.

Lemma closed_sub f g : C f -> C g -> C (fun o => f o - g o).
Proof. by move=> Cf Cg; rewrite sub_as_add; apply: closed_add => //; exact: closed_scale. Qed.

Lemma closed_sum m n (F : nat -> O -> R) : (forall i, C (F i)) -> C (fun o => \sum_(m <= i < n) F i o).
Proof.
move=> CF; elim: (index_iota m n) => [|i s IH]; first by rewrite empty_sum; exact: closed_zero.
by rewrite sum_as_add; exact: closed_add.
Qed.
End Closed.

Section Linear.
Variables (O : Type) (E : (O -> R) -> R) (C : (O -> R) -> Prop).
Hypothesis E_linear : linear_on E C.
Let C_closed := linear_closed E_linear.

Lemma linear_zero : E (fun _ => 0) = 0.
Proof.
have -> : (fun _ : O => 0) = fun o => 0 * (fun _ => 0) o by apply: functional_extensionality => o; ring.
by rewrite (linear_scale E_linear) ?Rmult_0_l //; exact: closed_zero.
Qed.

Lemma linear_sub f g : C f -> C g -> E (fun o => f o - g o) = E f - E g.
Proof.
move=> Cf Cg; rewrite sub_as_add (linear_add E_linear) ?(linear_scale E_linear) //; first ring.
exact: closed_scale.
Qed.

Lemma linear_finite_sum m n (F : nat -> O -> R) : (forall i, C (F i)) ->
  E (fun o => \sum_(m <= i < n) F i o) = \sum_(m <= i < n) E (F i).
Proof.
move=> CF; suff: C (fun o => \sum_(m <= i < n) F i o) /\
    E (fun o => \sum_(m <= i < n) F i o) = \sum_(m <= i < n) E (F i) by case.
elim: (index_iota m n) => [|i s [Cs Es]].
  by rewrite big_nil empty_sum linear_zero; split=> //; exact: closed_zero.
by rewrite big_cons -Es sum_as_add (linear_add E_linear) //; split=> //; exact: closed_add.
Qed.

Lemma linear_combination m n (a : nat -> R) (F : nat -> O -> R) : (forall i, C (F i)) ->
  E (fun o => \sum_(m <= i < n) (a i * F i o)) = \sum_(m <= i < n) (a i * E (F i)).
Proof.
move=> CF; rewrite linear_finite_sum => [|i]; last exact: closed_scale.
by apply: eq_bigr => i _; exact: linear_scale E_linear _ _ _.
Qed.

Lemma linear_pairs m n p q (a b : nat -> R) (F G : nat -> O -> R) :
  (forall j k, C (fun o => F j o * G k o)) ->
  E (fun o => (\sum_(m <= j < n) (a j * F j o)) * (\sum_(p <= k < q) (b k * G k o))) =
  \sum_(p <= k < q) \sum_(m <= j < n) (a j * b k * E (fun o => F j o * G k o)).
Proof.
move=> CFG; rewrite pairs linear_finite_sum => [|k]; last by apply: closed_sum => // j; exact: closed_scale.
by apply: eq_bigr => k _; rewrite linear_combination.
Qed.
End Linear.

Section Before.
Variables (Noise : Type) (eps : Noise -> nat -> nat -> R).

Lemma before_closed i : closed (before eps i).
Proof.
split; [exact: before_constant | exact: before_add |].
by move=> a f bf; apply: before_mul => //; exact: before_constant.
Qed.

Lemma before_weaken i i' f : (i <= i')%N -> before eps i f -> before eps i' f.
Proof.
move=> le; elim=> [a | l j lt | g g' _ bg _ bg' | g g' _ bg _ bg'].
- exact: before_constant.
- by apply: before_noise; exact: leq_trans le.
- exact: before_add.
- exact: before_mul.
Qed.

Lemma before_sub i f g : before eps i f -> before eps i g -> before eps i (fun o => f o - g o).
Proof. exact: closed_sub (before_closed i) f g. Qed.

Lemma before_sum i m n (F : nat -> Noise -> R) :
  (forall k, before eps i (F k)) -> before eps i (fun o => \sum_(m <= k < n) F k o).
Proof. exact: closed_sum (before_closed i) m n F. Qed.

End Before.

(* Proves that a function is a polynomial in the noise of lower layers. *)
Ltac before := repeat first
  [ assumption | intro | apply: before_constant | by apply: before_noise; rewrite ?addn3 ?ltnS ?leqW
  | apply: before_sub | apply: before_add | apply: before_mul
  | by apply: before_weaken | apply: before_sum => ? ].

Section Layer.
Variables (Noise : Type) (E : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R) (sigma : nat -> R).
Hypothesis E_noise : noise_average E eps sigma.

Lemma before_linear i : linear_on E (before eps i).
Proof. split; [exact: before_closed | exact: noise_add E_noise i | exact: noise_scale E_noise i]. Qed.

(* The noise of layer i is centered at 1, independent of lower layers, and independent between neurons. *)
Lemma noise_centered i j f : before eps i f -> E (fun o => (eps o i j - 1) * f o) = 0.
Proof.
move=> bf; have -> : (fun o => (eps o i j - 1) * f o) = fun o => f o * eps o i j - f o.
  by apply: functional_extensionality => o; ring.
have bf' : before eps i.+1 f by exact: before_weaken bf.
rewrite (linear_sub (before_linear i.+1)); [|by before..].
by rewrite (noise_mean E_noise) //; ring.
Qed.

Lemma noise_centered_pair i j k f : before eps i f ->
  E (fun o => (eps o i j - 1) * (eps o i k - 1) * f o) = delta j k * (sigma i ^ 2 * E f).
Proof.
move=> bf; have bf' : before eps i.+1 f by exact: before_weaken bf.
have -> : (fun o => (eps o i j - 1) * (eps o i k - 1) * f o) =
    fun o => f o * (eps o i j * eps o i k) - f o * eps o i j - (eps o i k - 1) * f o.
  by apply: functional_extensionality => o; ring.
do 2!(rewrite (linear_sub (before_linear i.+1)); [|by before..]).
by rewrite noise_centered // (noise_pair E_noise) // (noise_mean E_noise) //; ring.
Qed.

(* Centered noise of layer i, with coefficients from lower layers, adds nothing to a mean, and to the
   mean of a product the variance times the sum of the products of the coefficients of the same noise.
   *)
Lemma noise_peel_mean i m n g (a : nat -> Noise -> R) : before eps i g -> (forall l, before eps i (a l)) ->
  E (fun o => g o + \sum_(m <= l < n) ((eps o i l - 1) * a l o)) = E g.
Proof.
move=> bg ba.
have bg' : before eps i.+1 g by exact: before_weaken bg.
have ba' l : before eps i.+1 (a l) by exact: before_weaken (ba l).
rewrite (linear_add (before_linear i.+1)) //; last by before.
rewrite (linear_finite_sum (before_linear i.+1)) => [|l]; last by before.
rewrite sum0 => [|l _]; [ring | exact: noise_centered].
Qed.

Lemma noise_peel i m n g g' (a b : nat -> Noise -> R) : before eps i g -> before eps i g' ->
  (forall l, before eps i (a l)) -> (forall l, before eps i (b l)) ->
  E (fun o => (g o + \sum_(m <= l < n) ((eps o i l - 1) * a l o)) *
              (g' o + \sum_(m <= l < n) ((eps o i l - 1) * b l o))) =
  E (fun o => g o * g' o) + sigma i ^ 2 * \sum_(m <= l < n) E (fun o => a l o * b l o).
Proof.
move=> bg bg' ba bb.
have {}bg'' : before eps i.+1 g by exact: before_weaken bg.
have {}bh'' : before eps i.+1 g' by exact: before_weaken bg'.
have ba' l : before eps i.+1 (a l) by exact: before_weaken (ba l).
have bb' l : before eps i.+1 (b l) by exact: before_weaken (bb l).
have -> : (fun o => (g o + \sum_(m <= l < n) ((eps o i l - 1) * a l o)) *
                    (g' o + \sum_(m <= l < n) ((eps o i l - 1) * b l o))) =
    fun o => g o * g' o + \sum_(m <= l < n) ((eps o i l - 1) * (a l o * g' o + g o * b l o)) +
      \sum_(m <= k < n) \sum_(m <= l < n) ((eps o i k - 1) * (eps o i l - 1) * (a k o * b l o)).
  apply: functional_extensionality => o.
  have -> : \sum_(m <= l < n) ((eps o i l - 1) * (a l o * g' o + g o * b l o)) =
      (\sum_(m <= l < n) ((eps o i l - 1) * a l o)) * g' o +
        g o * \sum_(m <= l < n) ((eps o i l - 1) * b l o).
    by rewrite -sumZ -sumZr -sumD; apply: eq_bigr => l _; ring.
  have -> : \sum_(m <= k < n) \sum_(m <= l < n) ((eps o i k - 1) * (eps o i l - 1) * (a k o * b l o)) =
      (\sum_(m <= l < n) ((eps o i l - 1) * a l o)) * \sum_(m <= l < n) ((eps o i l - 1) * b l o).
    by rewrite -sumZr; apply: eq_bigr => k _; rewrite -sumZ; apply: eq_bigr => l _; ring.
  by ring.
rewrite (linear_add (before_linear i.+1)); [|by before..].
rewrite noise_peel_mean; [|by before..].
rewrite (linear_finite_sum (before_linear i.+1)) => [|k]; last by before.
rewrite -sumZ; congr (_ + _); apply: eq_sum => k hk.
rewrite (linear_finite_sum (before_linear i.+1)) => [|l]; last by before.
under eq_bigr => l _ do (rewrite noise_centered_pair; last by before).
by rewrite sum_delta.
Qed.
End Layer.

(* Averages over data and noise together: functions that are polynomials in the noise of lower layers, and
   whose average over the noise is a quadratic polynomial in the data. *)
Section Together.
Variables (Data Noise : Type) (E_x : (Data -> R) -> R) (E_eps : (Noise -> R) -> R).
Variables (x : Data -> nat -> R) (y : Data -> R) (eps : Noise -> nat -> nat -> R).
Variables (A : nat -> nat -> R) (v : nat -> R) (c : R) (sigma : nat -> R).
Hypotheses (E_data : data_average E_x x y A v c) (E_noise : noise_average E_eps eps sigma).

Lemma quadratic_linear : linear_on E_x (quadratic x y).
Proof.
split; [split | exact: data_add E_data | exact: data_scale E_data].
- exact: quadratic_constant.
- exact: quadratic_add.
- exact: quadratic_scale.
Qed.

Definition averaged i (f : Data -> Noise -> R) : Prop :=
  (forall p, before eps i (f p)) /\ quadratic x y (fun p => E_eps (f p)).

Lemma mean_linear i :
  linear_on (fun f => E_x (fun p => E_eps (fun o => f (p, o)))) (fun f => averaged i (fun p o => f (p, o))).
Proof.
have add f g : averaged i f -> averaged i g ->
    (fun p => E_eps (fun o => f p o + g p o)) = fun p => E_eps (f p) + E_eps (g p).
  by move=> [bf _] [bg _]; apply: functional_extensionality => p; exact: (noise_add E_noise) (bf p) (bg p).
have scale a f : averaged i f -> (fun p => E_eps (fun o => a * f p o)) = fun p => a * E_eps (f p).
  by move=> [bf _]; apply: functional_extensionality => p; exact: (noise_scale E_noise) (bf p).
split; [split |..].
- split=> [p|]; first exact: before_constant.
  by rewrite (noise_constant E_noise); exact: quadratic_constant.
- move=> f g Cf Cg; split=> [p|]; first by case: Cf Cg => bf _ [bg _]; exact: before_add.
  by rewrite (add _ _ Cf Cg); case: Cf Cg => _ qf [_ qg]; exact: quadratic_add.
- move=> a f Cf; split=> [p|]; first by case: Cf => bf _; exact: closed_scale (before_closed eps i) _ _ _.
  by rewrite (scale a _ Cf); case: Cf => _ qf; exact: quadratic_scale.
- by move=> f g Cf Cg; rewrite (add _ _ Cf Cg) (data_add E_data) //; [case: Cf | case: Cg].
- by move=> a f Cf; rewrite (scale a _ Cf) (data_scale E_data) //; case: Cf.
Qed.

(* The same for functions of two arguments. *)
Lemma averaged_add i (f g : Data -> Noise -> R) :
  averaged i f -> averaged i g -> averaged i (fun p o => f p o + g p o).
Proof.
exact: (closed_add (linear_closed (mean_linear i)) (f := fun q => f q.1 q.2) (g := fun q => g q.1 q.2)).
Qed.

Lemma averaged_combination i m n (a : nat -> R) (F : nat -> Data -> Noise -> R) :
  (forall j, averaged i (F j)) ->
  averaged i (fun p o => \sum_(m <= j < n) (a j * F j p o)).
Proof.
move=> aF; apply: (closed_sum (linear_closed (mean_linear i)) m n (F := fun j q => a j * F j q.1 q.2)) => j.
exact: (closed_scale (linear_closed (mean_linear i)) (a j) (f := fun q => F j q.1 q.2)).
Qed.

Lemma averaged_pairs i m n m' n' (a b : nat -> R) (F G : nat -> Data -> Noise -> R) :
  (forall j k, averaged i (fun p o => F j p o * G k p o)) ->
  averaged i (fun p o => (\sum_(m <= j < n) (a j * F j p o)) * (\sum_(m' <= k < n') (b k * G k p o))).
Proof.
move=> aFG.
have -> : (fun p o => (\sum_(m <= j < n) (a j * F j p o)) * (\sum_(m' <= k < n') (b k * G k p o))) =
    fun p o => \sum_(m' <= k < n') (1 * \sum_(m <= j < n) (a j * b k * (F j p o * G k p o))).
  apply: functional_extensionality => p; rewrite pairs.
  by apply: functional_extensionality => o; apply: eq_bigr => k _; rewrite Rmult_1_l.
by do 2!apply: averaged_combination => ?.
Qed.

Lemma mean_add i (f g : Data -> Noise -> R) : averaged i f -> averaged i g ->
  E_x (fun p => E_eps (fun o => f p o + g p o)) = E_x (fun p => E_eps (f p)) + E_x (fun p => E_eps (g p)).
Proof. exact: (linear_add (mean_linear i) (f := fun q => f q.1 q.2) (g := fun q => g q.1 q.2)). Qed.

Lemma mean_combination i m n (a : nat -> R) (F : nat -> Data -> Noise -> R) :
  (forall j, averaged i (F j)) ->
  E_x (fun p => E_eps (fun o => \sum_(m <= j < n) (a j * F j p o))) =
  \sum_(m <= j < n) (a j * E_x (fun p => E_eps (F j p))).
Proof. exact: (linear_combination (mean_linear i) m n a (F := fun j q => F j q.1 q.2)). Qed.

Lemma mean_pairs i m n m' n' (a b : nat -> R) (F G : nat -> Data -> Noise -> R) :
  (forall j k, averaged i (fun p o => F j p o * G k p o)) ->
  E_x (fun p =>
    E_eps (fun o => (\sum_(m <= j < n) (a j * F j p o)) * (\sum_(m' <= k < n') (b k * G k p o)))) =
  \sum_(m' <= k < n') \sum_(m <= j < n) (a j * b k * E_x (fun p => E_eps (fun o => F j p o * G k p o))).
Proof.
exact: (linear_pairs (mean_linear i) m n m' n' a b (F := fun j q => F j q.1 q.2)
  (G := fun k q => G k q.1 q.2)).
Qed.

(* A function of the data alone. *)
Lemma averaged_data i f : quadratic x y f -> averaged i (fun p _ => f p).
Proof.
move=> qf; split=> [p|]; first exact: before_constant.
have -> // : (fun p => E_eps (fun _ => f p)) = f.
by apply: functional_extensionality => p; rewrite (noise_constant E_noise).
Qed.
End Together.
