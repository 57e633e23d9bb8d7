(* One hidden layer: the product of the two decays decides whether the origin is the minimum.

   By the Cauchy-Schwarz inequality a map of norm m gains at most 2 m |v|, and it pays at least
   2 m sqrt(gamma_u gamma_1); a short step along v gains more than it pays where |v| is the larger.  At this
   depth phi(lambda) = lambda^2 g_2 does not fall, and it tends to |v|^2. *)
From Symderive.formal Require Import Derivatives Limits inequalities one_hidden_layer_convex.
From Symderive.formal Require Import curvature_bounds.
From Symderive Require Import Definitions.
From Symderive.statements Require Import one_hidden_layer_threshold.

Theorem one_hidden_layer_threshold_holds : one_hidden_layer_threshold.
Proof.
move=> v n v_ m m_ gamma_u gamma c rho a v_gt0 n_gt0 m_gt0 gamma_u_gt0 gamma_gt0 c_ge0 rho_gt0 a_ge0.
move=> norm_v norm_m strong.
have inner := inner_product_le n_gt0 (Rlt_le _ _ m_gt0) (Rlt_le _ _ v_gt0) norm_m norm_v.
have decay : v <= sqrt gamma_u * sqrt (gamma 1%N).
  have gamma_1_gt0 := gamma_gt0 1%N.
  rewrite -sqrt_mult; [ | lra | lra]; rewrite -(sqrt_pow2 v); last by lra.
  by apply: sqrt_le_1_alt; lra.
have : 0 <= rho * (\sum_(1 <= j < n.+1) (a j * m_ j ^ 2)) by sign.
have : 0 <= m * (sqrt gamma_u * sqrt (gamma 1%N) - v) by sign.
by lra.
Qed.

Theorem one_hidden_layer_threshold_converse_holds : one_hidden_layer_threshold_converse.
Proof.
move=> v gamma_u gamma n a v_ c rho v_gt0 gamma_u_gt0 gamma_gt0 n_gt0 a_ge0 c_ge0 rho_gt0.
move: (sqrt gamma_u) (sqrt (gamma 1%N)) (\sum_(1 <= j < n.+1) (a j * v_ j ^ 2)) => r_u r_1 signal.
move=> weak signal_gt0; apply: Rminus_gt.
set step := - (r_u * r_1) + v.
have step_gt0 : 0 < step by rewrite /step; lra.
suff -> : c - (c + 2 * r_u * v ^ 2 * step * r_1 / (rho * signal) - 2 * v ^ 3 * step / (rho * signal) +
    v ^ 2 * step ^ 2 / (rho * signal)) = v ^ 2 * step ^ 2 / (rho * signal).
  have : 0 < v ^ 2 * step ^ 2 / (rho * signal) by sign.
  by lra.
by rewrite /step; field; nonzero.
Qed.

(* The slope of phi is 2 lambda (g_2 - lambda g_3). *)
Lemma characteristic_slope n (v : nat -> R) [lambda rho] [a : nat -> R] :
  0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  derivable_pt_lim (fun t => t ^ 2 * (\sum_(1 <= j < n.+1) (v j ^ 2 / (t + rho * a j) ^ 2))) lambda
    (2 * lambda * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2) -
      lambda * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 3)))).
Proof.
move=> lambda_gt0 rho_gt0 a_ge0.
have moment : derivable_pt_lim (fun t => \sum_(1 <= j < n.+1) (v j ^ 2 / (t + rho * a j) ^ 2)) lambda
    (- (INR 2 * 1 * \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 3))).
  by apply: derivative_fractions => j; [derive; ring | sign].
by derive; rewrite [INR 2]/=; ring.
Qed.

Theorem one_hidden_layer_increasing_holds : one_hidden_layer_increasing.
Proof.
move=> lambda n v rho a lambda_gt0 n_gt0 rho_gt0 a_ge0.
eexists; split; first exact: characteristic_slope.
apply: Rle_ge; apply: Rmult_le_pos; first by sign.
by have := curvature_moments_2_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0; lra.
Qed.

Theorem one_hidden_layer_strict_holds : one_hidden_layer_strict.
Proof.
move=> n a v a_max lambda rho n_gt0 a_ge0 a_max_gt0 lambda_gt0 rho_gt0 signal largest.
eexists; split; first exact: characteristic_slope.
apply: Rmult_lt_0_compat; first by sign.
by have := curvature_moments_strict_holds n a v a_max lambda rho n_gt0 a_ge0 a_max_gt0 lambda_gt0
  rho_gt0 signal largest; lra.
Qed.

(* Each lambda^2 / (lambda + rho a_j)^2 = 1 / (1 + rho a_j / lambda)^2 tends to 1. *)
Theorem one_hidden_layer_limit_holds : one_hidden_layer_limit.
Proof.
move=> n v rho a n_gt0 rho_gt0 a_ge0; rewrite limit_at_infinityE.
apply: (tends_eq (f := fun lambda => \sum_(1 <= j < n.+1) (v j ^ 2 * (/ (1 + rho * a j * / lambda)) ^ 2))).
  apply: filter_mono (near_infinity_gt 0) => lambda lambda_gt0.
  by rewrite -sumZ; apply: eq_bigr => j _; field; nonzero.
apply: (tends_to (l := \sum_(1 <= j < n.+1) (v j ^ 2 * (/ (1 + rho * a j * 0)) ^ 2))).
  by apply: eq_bigr => j _; field; lra.
apply: tends_sum => j _; apply: tends_scale; apply: tends_pow; apply: tends_inv; first by lra.
apply: tends_add; first exact: tends_const.
by apply: tends_scale; apply: diverges_inv; exact: diverges_id.
Qed.

(* Targets in the range, v = rho A w: (rho a_j / (lambda + rho a_j))^2 <= 1. *)
Lemma range_moment_le n (w : nat -> R) [lambda rho] [a : nat -> R] :
  0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  \sum_(1 <= j < n.+1) (rho ^ 2 * a j ^ 2 * w j ^ 2 / (lambda + rho * a j) ^ 2) <=
  \sum_(1 <= j < n.+1) w j ^ 2.
Proof.
move=> lambda_gt0 rho_gt0 a_ge0; apply: le_sum => j _; apply: Rge_le.
apply: (by_excess (w j ^ 2 * (lambda * (lambda + 2 * rho * a j)) / (lambda + rho * a j) ^ 2)).
  by field; nonzero.
by sign.
Qed.

Theorem one_hidden_layer_small_ridge_holds : one_hidden_layer_small_ridge.
Proof.
move=> lambda n w rho a lambda_gt0 n_gt0 rho_gt0 a_ge0; apply: Rle_ge.
by apply: Rmult_le_compat_l; [sign | exact: range_moment_le].
Qed.
