(* Deep networks average the noise away.

   With x_i = sigma_i^2 / d_i >= 0, rho = prod (1 + x_i) and S = sum x_i, Bernoulli's inequality
   rho >= 1 + S gives (rho - 1)/rho^2 <= 1/rho <= 1/(1 + S); with equal layers S = D delta grows with the
   depth. *)
From Symderive.formal Require Import Powers Limits.
From Symderive.statements Require Import variance_vanishes_depth.

(* One more layer: rho (1 + x) - (1 + S + x) = (1 + x) (rho - (1 + S)) + S x. *)
Theorem noise_factor_bernoulli_holds : noise_factor_bernoulli.
Proof.
move=> D sigma d D0 sigma0 d0; apply: Rle_ge; elim: {D0} D => [|D IH]; first by rewrite !big_geq //; lra.
rewrite sum_recr // prod_recr //; have : 0 <= sigma D.+1 ^ 2 / INR (d D.+1) by sign.
by have : 0 <= \sum_(1 <= i < D.+1) (sigma i ^ 2 / INR (d i)) by [sign]; nra.
Qed.

(* Q/(1 + S) - Q (rho - 1)/rho^2 = Q (rho - (1 + S))/(rho (1 + S)) + Q/rho^2. *)
Theorem variance_vanishes_depth_holds : variance_vanishes_depth.
Proof.
move=> Q D sigma d Q0 D0 sigma0 d0; have := noise_factor_bernoulli_holds D sigma d D0 sigma0 d0.
have : 0 <= \sum_(1 <= i < D.+1) (sigma i ^ 2 / INR (d i)) by sign.
move: (\prod_(_ <= i < _) _) (\sum_(_ <= i < _) _) => rho S S0 bernoulli.
have : 0 <= Q * (rho - (S + 1)) / (rho * (S + 1)) + Q / rho ^ 2 by sign.
have -> : Q * (rho - (S + 1)) / (rho * (S + 1)) + Q / rho ^ 2 = Q / (S + 1) - Q * (rho - 1) / rho ^ 2.
  by field; lra.
lra.
Qed.

Theorem variance_depth_equal_holds : variance_depth_equal.
Proof.
move=> D sigma d delta D0 sigma0 d0 delta0 equal.
by rewrite (eq_sum equal) sum_const subSS subn0.
Qed.

Theorem variance_depth_limit_holds : variance_depth_limit.
Proof.
move=> n v a delta n0 a0 delta0; rewrite limit_of_sequenceE.
set Q := \sum_(_ <= j < _) _; rewrite -(Rmult_0_r Q).
apply: tends_mul; [exact: tends_const | apply: diverges_inv; apply: diverges_add].
by apply: diverges_le (diverges_scale delta0 diverges_INR); apply: filter_all => D; lra.
Qed.
