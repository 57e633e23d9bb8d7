(* Two layers may share the size of their product as they like; they pay least where they pay the same.

   Stretching layer i by alpha_i stretches the second moment by the square of the product of all alpha_i.
   What two layers pay, X alpha^2 gamma_u + Y gamma_1 / alpha^2, is at least twice the root of the product
   of the two terms, which does not depend on alpha. *)
From Symderive.formal Require Import Powers Derivatives.
From Symderive Require Import Definitions.
From Symderive.statements Require Import layer_balance.

Theorem layer_stretching_holds : layer_stretching.
Proof.
move=> d D A sigma W alpha _ _ _ _ j _ k _; elim: D j k => [|D IH] j k; first by rewrite big_geq //=; ring.
cbn [M Mhat]; rewrite prod_recr // Rpow_mult_distr.
have -> : \sum_(1 <= s < (d D).+1) \sum_(1 <= r < (d D).+1)
      (Mhat A sigma d W alpha D r s * W D.+1 j r * W D.+1 k s * alpha D.+1 ^ 2) =
    (\prod_(1 <= i < D.+1) alpha i) ^ 2 * alpha D.+1 ^ 2 * \sum_(1 <= s < (d D).+1) \sum_(1 <= r < (d D).+1)
      (M A sigma d W D r s * W D.+1 j r * W D.+1 k s).
  rewrite -sumZ; apply: eq_sum => s _; rewrite -sumZ; apply: eq_sum => r _.
  by rewrite IH; ring.
by ring.
Qed.

Theorem layer_balance_rate_holds : layer_balance_rate.
Proof.
move=> alpha X gamma_u Y gamma alpha_gt0 _ _ _ _.
by derive; simpl; field; lra.
Qed.

Theorem layer_balance_holds : layer_balance.
Proof. by move=> X gamma_u Y gamma _ _ _ _; split; lra. Qed.

Theorem layer_balance_best_holds : layer_balance_best.
Proof.
move=> X alpha gamma_u Y gamma X_ge0 alpha_gt0 gamma_u_gt0 Y_ge0 gamma_gt0.
set p := sqrt X * alpha * sqrt gamma_u; set q := sqrt Y * sqrt (gamma 1%N) / alpha.
have -> : X * alpha ^ 2 * gamma_u + Y * gamma 1%N / alpha ^ 2 = p ^ 2 + q ^ 2.
  by rewrite /p /q /Rdiv !Rpow_mult_distr !pow2_sqrt; try sign; field; lra.
have -> : 2 * sqrt X * sqrt Y * sqrt gamma_u * sqrt (gamma 1%N) = 2 * p * q by rewrite /p /q; field; lra.
by have := sq_ge0 (p - q); lra.
Qed.

Theorem layer_balance_share_holds : layer_balance_share.
Proof.
move=> kappa D gamma_u gamma m kappa_gt0 _ gamma_u_gt0 gamma_gt0 m_gt0.
set decays := gamma_u * _ => size; have decays_gt0 : 0 < decays by rewrite /decays; sign.
have kappaE : kappa ^ D.+1 = m ^ 2 * decays by rewrite -size; field; lra.
have D_ge0 := pos_INR D.
have := f_equal ln kappaE; logs; rewrite S_INR => ln_kappa.
apply: ln_inv; try sign; logs.
apply: (Rmult_eq_reg_l (INR D + 1)); last lra.
by rewrite ln_kappa /=; field; lra.
Qed.
