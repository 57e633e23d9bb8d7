(* Wide layers average the noise away.

   With x_i = sigma_i^2 / d_i >= 0, rho = prod (1 + x_i) and S = sum x_i, induction on the depth gives
   rho - 1 <= rho S, so that the factor (rho - 1)/rho^2 of the variance is at most S/rho <= S; and S
   vanishes as the widths grow. *)
From Symderive.formal Require Import Powers Limits variance_vanishes_noise.
From Symderive.statements Require Import variance_vanishes_width.

(* One more layer: rho (1 + x) (S + x) - (rho (1 + x) - 1) = rho S - (rho - 1) + rho x (S + x). *)
Theorem variance_excess_holds : variance_excess.
Proof.
move=> D sigma d D0 sigma0 d0; apply: Rle_ge; elim: {D0} D => [|D IH]; first by rewrite !big_geq //; lra.
rewrite sum_recr // prod_recr //; have : 0 <= sigma D.+1 ^ 2 / INR (d D.+1) by sign.
have : 0 <= \prod_(1 <= i < D.+1) (1 + sigma i ^ 2 / INR (d i)) by sign.
have : 0 <= \sum_(1 <= i < D.+1) (sigma i ^ 2 / INR (d i)) by sign.
move: (\sum_(_ <= i < _) _) (\prod_(_ <= i < _) _) (_ / INR (d D.+1)) IH => S rho x IH S0 rho0 x0.
by have : 0 <= rho * x * (S + x) by [sign]; lra.
Qed.

(* Q S - Q (rho - 1)/rho^2 = Q/rho (rho S - (rho - 1)) + Q ((rho - 1)/rho)^2. *)
Theorem variance_vanishes_width_holds : variance_vanishes_width.
Proof.
move=> Q D sigma d Q0 D0 sigma0 d0; have := variance_excess_holds D sigma d D0 sigma0 d0.
have := noise_factor_at_least_one_holds D sigma d D0 sigma0 d0.
move: (\prod_(_ <= i < _) _) (\sum_(_ <= i < _) _) => rho S rho1 excess.
have : 0 <= Q / rho * (rho * S - (rho - 1)) + Q * ((rho - 1) / rho) ^ 2 by sign.
have -> : Q / rho * (rho * S - (rho - 1)) + Q * ((rho - 1) / rho) ^ 2 = Q * S - Q * (rho - 1) / rho ^ 2.
  by field; lra.
lra.
Qed.

Theorem variance_width_comparison_holds : variance_width_comparison.
Proof.
move=> D d n sigma D0 d0 n0 sigma0 wide; apply: Rle_ge; apply: le_sum => i hi.
apply: Rmult_le_compat_l; first by sign.
by apply: Rinv_le_contravar; [sign | apply: Rge_le; apply: wide].
Qed.

(* Every summand is sigma_i^2 over the width. *)
Theorem variance_width_limit_holds : variance_width_limit.
Proof.
move=> D sigma n v a D0 sigma0 n0 a0; rewrite limit_of_sequenceE.
set Q := \sum_(_ <= j < _) _; apply: (tends_to (l := (\sum_(1 <= i < D.+1) (sigma i ^ 2 * 0)) * Q)).
  by rewrite sum0 => [|i _]; ring.
apply: tends_mul; last exact: tends_const.
apply: tends_sum => i _; apply: tends_mul; first exact: tends_const.
by apply: diverges_inv; exact: diverges_INR.
Qed.
