(* Tactics for formulas: signs that are plain from the form of a term, and fields. *)
From Symderive.formal Require Export Prelude.

Lemma INR_ge1 n : (0 < n)%N -> 1 <= INR n.
Proof. case: n => // n _; rewrite S_INR; have := pos_INR n; lra. Qed.
Lemma INR_gt0 n : (0 < n)%N -> 0 < INR n.
Proof. by move/INR_ge1; lra. Qed.
Lemma prod_gt0 m n (F : nat -> R) : (forall i, 0 < F i) -> 0 < \prod_(m <= i < n) F i.
Proof. move=> h; apply: (big_ind (fun x => 0 < x)) => //; [lra | move=> x y; exact: Rmult_lt_0_compat]. Qed.
Lemma prod_ge0 m n (F : nat -> R) : (forall i, 0 <= F i) -> 0 <= \prod_(m <= i < n) F i.
Proof. move=> h; apply: (big_ind (fun x => 0 <= x)) => //; [lra | move=> x y; exact: Rmult_le_pos]. Qed.
Lemma sum_ge0' m n (F : nat -> R) : (forall i, 0 <= F i) -> 0 <= \sum_(m <= i < n) F i.
Proof. by move=> h; apply: sum_ge0. Qed.
Lemma sq_ge0 (x : R) : 0 <= x ^ 2.
Proof. nra. Qed.
Lemma Rpower_gt0 x y : 0 < Rpower x y. Proof. exact: exp_pos. Qed.
Lemma inv_ge0 x : 0 <= x -> 0 <= / x.
Proof. case=> [h|<-]; [left; exact: Rinv_0_lt_compat | rewrite Rinv_0; lra]. Qed.
Lemma div_ge0 x y : 0 <= x -> 0 <= y -> 0 <= x / y.
Proof. move=> hx hy; apply: Rmult_le_pos => //; exact: inv_ge0. Qed.

(* Signs that are plain from the form of a term. *)
Ltac sign :=
  match goal with
  | |- 0 < _ + _ => first [apply: Rplus_lt_le_0_compat; sign | apply: Rplus_le_lt_0_compat; sign | lra | nra]
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
  | |- 0 < \big[Rmult/1]_(_ <= i < _) _ => apply: prod_gt0 => ?; sign
  | |- 0 <= \big[Rmult/1]_(_ <= i < _) _ => apply: prod_ge0 => ?; sign
  | |- 0 <= \big[Rplus/0]_(_ <= i < _) _ => apply: sum_ge0' => ?; sign
  | H : forall _, 0 < ?f _ |- 0 < ?f _ => apply: H
  | H : forall _, 0 < ?f _ |- 0 <= ?f _ => left; apply: H
  | H : forall _, 0 <= ?f _ |- 0 <= ?f _ => apply: H
  | H : forall _ _, 0 < ?f _ _ |- 0 < ?f _ _ => apply: H
  | H : forall _ _, 0 < ?f _ _ |- 0 <= ?f _ _ => left; apply: H
  | H : forall _ _, 0 <= ?f _ _ |- 0 <= ?f _ _ => apply: H
  | _ => lra
  end.
Ltac nonzero := repeat split; first [assumption | apply: Rgt_not_eq; sign | apply: Rlt_not_eq; sign | apply: INR_not_0; lia | nra ].

(* What is known of the natural numbers that stand in a real formula. *)
Ltac widths := repeat match goal with
  | H : is_true (leq 1 ?n) |- _ => lazymatch goal with
     | _ : 1 <= INR n |- _ => fail
     | _ => have ?: 1 <= INR n by apply: INR_ge1 end
  | H : forall i, is_true (leq 1 (?d i)) |- context [INR (?d ?j)] => lazymatch goal with
     | _ : 1 <= INR (d j) |- _ => fail
     | _ => have ?: 1 <= INR (d j) by apply: INR_ge1 end
  end.
Ltac algebra := intros; subst; widths; 
  solve [ lra | nra | field; nonzero | field_simplify_eq; [nra | nonzero] ].
