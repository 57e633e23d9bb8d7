(* How many roots a function has: none where it has a sign, one where it changes its sign and its derivative
   does not vanish, and as many as on the two sides of a point that is no root.

   That a polynomial of degree n has a sign between a and b is seen in Bernstein's form: as a combination of
   the products (x - a)^i (b - x)^(n - i), which are positive, it has coefficients of one sign.  Where there
   is no upper end, these are the powers (x - a)^i.  The coefficients are found by [lra]. *)
From Symderive.formal Require Export Derivatives.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma distinct_app (l m : list R) : List.NoDup l -> List.NoDup m ->
  (forall x, List.In x l -> ~ List.In x m) -> List.NoDup (l ++ m).
Proof.
move=> distinct_l distinct_m; elim: l / distinct_l => // x l x_l _ IH apart.
constructor; first by rewrite List.in_app_iff => -[//|]; apply: apart; left.
by apply: IH => y y_l; apply: apart; right.
Qed.

Section Roots.
Variable f : R -> R.
Implicit Types P Q : R -> Prop.

Lemma no_root P : (forall x, P x -> f x <> 0) -> number_of_roots f P 0.
Proof.
move=> nonzero; exists nil; split=> //; first by constructor.
by move=> x; split=> // -[/nonzero].
Qed.

Lemma same_roots P Q k : (forall x, P x <-> Q x) -> number_of_roots f P k -> number_of_roots f Q k.
Proof.
move=> same [roots [distinct number are_roots]]; exists roots; split=> // x.
by rewrite -same; exact: are_roots.
Qed.

(* There is one by the intermediate value theorem; between two the derivative would vanish. *)
Lemma one_root f' P a b : (forall x, P x <-> a < x < b) -> (forall x, derivable_pt_lim f x (f' x)) ->
  (forall x, a < x < b -> f' x <> 0) -> a < b -> f a * f b < 0 -> number_of_roots f P 1.
Proof.
move=> between df slope ab change.
have continuous : continuity f by move=> x; apply: derivable_continuous_pt; exists (f' x); exact: df.
have [root [[low high] zero]] := IVT_cor f a b continuous (Rlt_le _ _ ab) (Rlt_le _ _ change).
have inside : a < root < b.
  split; [case: low | case: high] => // same; move: change.
    by rewrite same zero; lra.
  by rewrite -same zero; lra.
have distinct x y : a < x < b -> a < y < b -> f x = 0 -> f y = 0 -> ~ x < y.
  move=> hx hy fx fy xy; have [c [mean hc]] := MVT_cor2 f f' x y xy (fun c _ => df c).
  by apply: (slope c); [lra | apply: (Rmult_eq_reg_r (y - x)); lra].
exists [:: root]; split=> //; first by constructor; [case | constructor].
move=> x; rewrite between; split=> [[<-|//] //|[hx fx]]; left.
by apply: Rle_antisym; apply: Rnot_lt_le; exact: distinct.
Qed.

(* At a point that is no root, the numbers with P are cut into those below and those above. *)
Lemma cut_roots b P k l : f b <> 0 -> number_of_roots f (fun x => P x /\ x < b) k ->
  number_of_roots f (fun x => P x /\ b < x) l -> number_of_roots f P (k + l).
Proof.
move=> nonzero [below [distinct_below <- is_below]] [above [distinct_above <- is_above]].
exists (below ++ above); split; last 1 first.
- move=> x; rewrite List.in_app_iff is_below is_above.
  by case: (Rtotal_order x b) => [?|[->|?]]; tauto.
- apply: distinct_app => // x /is_below ? /is_above ?; lra.
- exact: List.app_length.
Qed.
End Roots.

(* The products and the powers are positive. *)
Ltac bernstein_products x a b n i :=
  let m := eval compute in (n - i)%nat in
  have ? : 0 < (x - a) ^ i * (b - x) ^ m by [apply: Rmult_lt_0_compat; apply: pow_lt; lra];
  lazymatch i with S ?k => bernstein_products x a b n k | _ => idtac end.
Ltac taylor_powers x a i :=
  have ? : 0 < (x - a) ^ i by [apply: pow_lt; lra];
  lazymatch i with S ?k => taylor_powers x a k | _ => idtac end.
Ltac has_sign := first [apply: Rgt_not_eq; lra | apply: Rlt_not_eq; lra].
(* A polynomial, of degree n at most, does not vanish between a and b, or beyond a. *)
Ltac nonzero_between a b n := let x := fresh "x" in intros x ?; bernstein_products x a b n n; has_sign.
Ltac nonzero_beyond a n := let x := fresh "x" in intros x ?; taylor_powers x a n; has_sign.
