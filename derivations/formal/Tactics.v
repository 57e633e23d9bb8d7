(* Tactics for formulas: signs that are plain from the form of a term, and denominators.

   [sign]     proves x > 0, x >= 0, 0 < x, 0 <= x or x <> 0, where the form of x shows it: sums, products,
              quotients and powers of what is known to be positive, or not negative.
   [widths]   notes of every natural number in the formulas that is positive that it is at least 1.
   [nonzero]  proves that all denominators are not 0, as [field] asks for it, because they are positive. *)
From Symderive.formal Require Export Prelude.

Lemma INR_ge1 n : (0 < n)%N -> 1 <= INR n.
Proof. case: n => // n _; rewrite S_INR; have := pos_INR n; lra. Qed.
Lemma INR_gt0 n : (0 < n)%N -> 0 < INR n.
Proof. by move/INR_ge1; lra. Qed.
Lemma prod_gt0 m n (F : nat -> R) :
  (forall i, (m <= i < n)%N -> 0 < F i) -> 0 < \prod_(m <= i < n) F i.
Proof.
move=> h; rewrite big_nat; apply: (big_ind (fun x => 0 < x)) => [|x y|//]; first lra.
exact: Rmult_lt_0_compat.
Qed.
Lemma prod_ge0 m n (F : nat -> R) :
  (forall i, (m <= i < n)%N -> 0 <= F i) -> 0 <= \prod_(m <= i < n) F i.
Proof.
move=> h; rewrite big_nat; apply: (big_ind (fun x => 0 <= x)) => [|x y|//]; first lra.
exact: Rmult_le_pos.
Qed.
Lemma sq_ge0 (x : R) : 0 <= x ^ 2.
Proof. nra. Qed.
Lemma pos_neq0 [x] : 0 < x -> x <> 0. Proof. lra. Qed.
Lemma Rpower_gt0 x y : 0 < Rpower x y. Proof. exact: exp_pos. Qed.
Lemma inv_ge0 x : 0 <= x -> 0 <= / x.
Proof. case=> [h|<-]; [left; exact: Rinv_0_lt_compat | rewrite Rinv_0; lra]. Qed.
Lemma div_ge0 x y : 0 <= x -> 0 <= y -> 0 <= x / y.
Proof. move=> hx hy; apply: Rmult_le_pos => //; exact: inv_ge0. Qed.

(* Inequalities, by the difference of their sides. *)
Lemma by_excess [a b] e : a - b = e -> 0 <= e -> a >= b. Proof. lra. Qed.
Lemma by_strict_excess [a b] e : a - b = e -> 0 < e -> a > b. Proof. lra. Qed.

Ltac sign :=
  match goal with
  | |- _ > 0 => first [lra | apply: Rlt_gt; sign]
  | |- _ >= 0 => first [lra | apply: Rle_ge; sign]
  | |- _ <> 0 => first [assumption | lra | apply: pos_neq0; sign]
  | |- 0 < _ + _ =>
      first [apply: Rplus_lt_le_0_compat; sign | apply: Rplus_le_lt_0_compat; sign | lra | nra]
  | |- 0 <= _ + _ => first [apply: Rplus_le_le_0_compat; sign | lra | nra]
  | |- 0 < _ * _ => first [apply: Rmult_lt_0_compat; sign | nra]
  | |- 0 <= _ * _ => first [apply: Rmult_le_pos; sign | nra]
  | |- 0 < _ / _ => apply: Rdiv_lt_0_compat; sign
  | |- 0 <= _ / _ => apply: div_ge0; sign
  | |- 0 < / _ => apply: Rinv_0_lt_compat; sign
  | |- 0 <= / _ => apply: inv_ge0; sign
  | |- 0 <= _ ^ 2 => apply: sq_ge0
  | |- 0 < _ ^ _ => apply: pow_lt; sign
  | |- 0 <= _ ^ _ => apply: pow_le; sign
  | |- 0 < sqrt _ => apply: sqrt_lt_R0; sign
  | |- 0 <= sqrt _ => apply: sqrt_pos
  | |- 0 < Rpower _ _ => apply: Rpower_gt0
  | |- 0 <= Rpower _ _ => left; apply: Rpower_gt0
  | |- 0 < exp _ => apply: exp_pos
  | |- 0 <= exp _ => left; apply: exp_pos
  | |- 0 < INR _ => solve [apply: INR_gt0; auto]
  | |- 0 <= INR _ => apply: pos_INR
  | |- 0 < \big[Rmult/1]_(_ <= i < _) _ => apply: prod_gt0 => ? _; sign
  | |- 0 <= \big[Rmult/1]_(_ <= i < _) _ => apply: prod_ge0 => ? _; sign
  | |- 0 <= \big[Rplus/0]_(_ <= i < _) _ => apply: sum_ge0 => ? _; sign
  | H : forall _, 0 < ?f _ |- 0 < ?f _ => apply: H
  | H : forall _, 0 < ?f _ |- 0 <= ?f _ => left; apply: H
  | H : forall _, 0 <= ?f _ |- 0 <= ?f _ => apply: H
  | H : forall _ _, 0 < ?f _ _ |- 0 < ?f _ _ => apply: H
  | H : forall _ _, 0 < ?f _ _ |- 0 <= ?f _ _ => left; apply: H
  | H : forall _ _, 0 <= ?f _ _ |- 0 <= ?f _ _ => apply: H
  | _ => lra
  end.

Ltac widths := repeat match goal with
  | H : is_true (leq 1 ?n) |- _ => lazymatch goal with
     | _ : 1 <= INR n |- _ => fail
     | _ => have ?: 1 <= INR n by apply: INR_ge1 end
  | H : forall i, is_true (leq 1 (?d i)) |- context [INR (?d ?j)] => lazymatch goal with
     | _ : 1 <= INR (d j) |- _ => fail
     | _ => have ?: 1 <= INR (d j) by apply: INR_ge1 end
  end.

Ltac nonzero := widths; repeat split; sign.
