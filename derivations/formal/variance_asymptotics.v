(* The variance of the prediction in its limits, with constants and the order of the error.

   The leading terms are limits of closed forms.  The errors have a sign because differences of the two
   sides are sums of positive terms, by Bernoulli's inequality for the noise factor and for powers of
   the ridge. *)
From Symderive.formal Require Import Powers Limits Derivatives Algebra spinodal.
From Symderive.formal Require Import variance_vanishes_depth variance_vanishes_width.
From Symderive.statements Require Import variance_asymptotics.

Theorem variance_asymptotics_width_lower_holds : variance_asymptotics_width_lower.
Proof.
move=> mAm D sigma d mAm0 D0 sigma0 d0; have := noise_factor_bernoulli_holds D sigma d D0 sigma0 d0.
by move=> bernoulli; apply: Rmult_ge_compat_l; lra.
Qed.

(* rho - 1 <= rho S, used twice: rho S = S + (rho - 1) S <= S + rho S^2. *)
Theorem variance_asymptotics_holds : variance_asymptotics.
Proof.
move=> mAm D sigma d mAm0 D0 sigma0 d0; have := variance_excess_holds D sigma d D0 sigma0 d0.
have : 0 <= \sum_(1 <= i < D.+1) (sigma i ^ 2 / INR (d i)) by sign.
by move=> S0 excess; apply: Rmult_ge_compat_l; nra.
Qed.

Theorem variance_asymptotics_rescaling_holds : variance_asymptotics_rescaling.
Proof.
move=> lambda rho n v a lambda0 rho0 n0 a0; rewrite Rmult_assoc -sumZ; congr (_ * _).
apply: eq_sum => j _; have := a0 j => aj; field; split; nra.
Qed.

Theorem variance_asymptotics_one_layer_holds : variance_asymptotics_one_layer.
Proof.
move=> rho n a v lambda rho0 n0 a0 lambda0; rewrite /Rdiv Rmult_assoc -sumZr; congr (_ * _).
apply: eq_sum => j _; have := a0 j => aj; field; split; nra.
Qed.

(* 1/4 - (rho - 1)/rho^2 = (rho - 2)^2/(4 rho^2). *)
Theorem variance_asymptotics_largest_holds : variance_asymptotics_largest.
Proof.
move=> n a v lambda rho n0 a0 lambda0 rho0.
have : 0 <= \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + a j) ^ 2).
  by apply: sum_ge0 => j _; have := a0 j => aj; sign.
move: (\sum_(_ <= j < _) _) => S S0; have : 0 <= S * ((rho - 2) / (2 * rho)) ^ 2 by sign.
have -> : S * ((rho - 2) / (2 * rho)) ^ 2 = S / 4 - (rho - 1) * S / rho ^ 2 by field; lra.
lra.
Qed.

(* (rho - 1)/rho = 1 - 1/rho. *)
Theorem variance_asymptotics_noise_holds : variance_asymptotics_noise.
Proof.
move=> mAm mAm0; rewrite limit_at_infinityE; apply: (tends_to (l := mAm * (1 - 0))); first ring.
apply: (@tends_eq _ _ _ (fun rho => mAm * (1 - / rho))).
  by apply: filter_mono (near_infinity_gt 0) => rho rho0; field; lra.
apply: tends_mul; first exact: tends_const.
by apply: tends_sub; [exact: tends_const | apply: diverges_inv; exact: diverges_id].
Qed.

Theorem variance_asymptotics_collapse_holds : variance_asymptotics_collapse.
Proof. by move=> D zeta v rho a D0 zeta0 v0 rho0 a0 D2 ->; field; nonzero. Qed.

Theorem variance_asymptotics_depth_holds : variance_asymptotics_depth.
Proof.
move=> Q delta D Q0 delta0 D0; have -> : (delta + 1) ^ (2 * D) = ((delta + 1) ^ D) ^ 2.
  by rewrite mulnC -pow_mult.
have : 0 < (delta + 1) ^ D by sign.
by move: (_ ^ D) => x x0; field; lra.
Qed.

(* With e = 2 D/(D + 1) and s = (D - 1)/(D + 1) the exponent e is 1 + s, so (1 + zeta)^e is (1 + zeta) times
   (1 + zeta)^s; and (1 + zeta)^s is at least 1 + s (1 - 1/(1 + zeta)), and at most 1 + s zeta. *)
Lemma ridge_power n zeta : 0 < n + 1 -> 0 < zeta ->
  Rpower (zeta + 1) (2 * n / (n + 1)) = (zeta + 1) * Rpower (zeta + 1) ((n - 1) / (n + 1)).
Proof.
move=> n0 zeta0; have -> : 2 * n / (n + 1) = 1 + (n - 1) / (n + 1) by field; lra.
by rewrite Rpower_plus Rpower_1 //; lra.
Qed.

Theorem variance_asymptotics_ridge_lower_holds : variance_asymptotics_ridge_lower.
Proof.
move=> D q zeta D0 q0 zeta0 D2 solves; have s0 : 0 < (INR D - 1) / (INR D + 1) by sign.
have tangent : Rpower (zeta + 1) ((INR D - 1) / (INR D + 1)) >=
    (INR D - 1) / (INR D + 1) * (1 - / (zeta + 1)) + 1 by apply: spinodal_tangent_holds; lra.
move: solves tangent; rewrite ridge_power; [|lra..].
move: (Rpower _ _) (Rpower_gt0 (zeta + 1) ((INR D - 1) / (INR D + 1))) => P P0 solves tangent.
have : 0 <= q * (zeta + 1) * (P - ((INR D - 1) / (INR D + 1) * (1 - / (zeta + 1)) + 1)) by sign.
have -> : q * (zeta + 1) * (P - ((INR D - 1) / (INR D + 1) * (1 - / (zeta + 1)) + 1)) =
    q * ((zeta + 1) * P) - q * (2 * INR D * zeta / (INR D + 1) + 1) by field; lra.
have -> : q * ((zeta + 1) * P) = zeta by rewrite solves; field; lra.
lra.
Qed.

(* With L = 1 + s xi: s ln ((1 + xi)/L) + (1 - s) ln (1/L) is at most s (1 + xi)/L + (1 - s)/L - 1 = 0. *)
Theorem variance_asymptotics_concave_holds : variance_asymptotics_concave.
Proof.
move=> s xi s0 xi0 s1; have L0 : 0 < s * xi + 1 by sign.
apply/Rle_ge/ln_le_inv; [exact: Rpower_gt0 | exact: L0 |].
have := ln_le_tangent (Rdiv_lt_0_compat (xi + 1) _ ltac:(lra) L0).
have := ln_le_tangent (Rinv_0_lt_compat _ L0).
rewrite ln_Rpower ln_div ?ln_Rinv //; last lra.
move=> /(Rmult_le_compat_l (1 - s) _ _ ltac:(lra)) one /(Rmult_le_compat_l s _ _ (Rlt_le _ _ s0)) other.
have : (1 - s) * (/ (s * xi + 1) - 1) + s * ((xi + 1) / (s * xi + 1) - 1) = 0 by field; lra.
lra.
Qed.

Theorem variance_asymptotics_ridge_upper_holds : variance_asymptotics_ridge_upper.
Proof.
move=> D q zeta D0 q0 zeta0 D2 solves; have s0 : 0 < (INR D - 1) / (INR D + 1) by sign.
have s1 : 1 >= (INR D - 1) / (INR D + 1).
  by have -> : (INR D - 1) / (INR D + 1) = 1 - 2 / (INR D + 1) by [field; lra];
    have : 0 <= 2 / (INR D + 1) by [sign]; lra.
have := variance_asymptotics_concave_holds _ zeta s0 zeta0 s1.
move: solves; rewrite ridge_power; [|lra..].
move: (Rpower _ _) (Rpower_gt0 (zeta + 1) ((INR D - 1) / (INR D + 1))) => P P0 solves concave.
have : 0 <= q * (zeta + 1) * ((INR D - 1) / (INR D + 1) * zeta + 1 - P) by sign.
have -> : q * (zeta + 1) * ((INR D - 1) / (INR D + 1) * zeta + 1 - P) =
    q * (2 * INR D * zeta / (INR D + 1) + zeta ^ 2 * (INR D - 1) / (INR D + 1) + 1) - q * ((zeta + 1) * P).
  by field; lra.
have -> : q * ((zeta + 1) * P) = zeta by rewrite solves; field; lra.
lra.
Qed.

(* 1/(1 + zeta)^2 - (1 - 2 zeta) = (3 zeta^2 + 2 zeta^3)/(1 + zeta)^2. *)
Theorem variance_asymptotics_decay_lower_holds : variance_asymptotics_decay_lower.
Proof.
move=> rho v a zeta rho0 v0 a0 zeta0 rho1.
exceed (v ^ 2 * (rho - 1) / (a * rho ^ 2) * ((3 * zeta ^ 2 + 2 * zeta ^ 3) / (zeta + 1) ^ 2)).
by sign.
Qed.

(* 1 - 2 zeta + 3 zeta^2 - 1/(1 + zeta)^2 = (4 zeta^3 + 3 zeta^4)/(1 + zeta)^2. *)
Theorem variance_asymptotics_decay_holds : variance_asymptotics_decay.
Proof.
move=> rho v zeta a rho0 v0 zeta0 a0 rho1.
exceed (v ^ 2 * (rho - 1) / (a * rho ^ 2) * ((4 * zeta ^ 3 + 3 * zeta ^ 4) / (zeta + 1) ^ 2)).
by sign.
Qed.

Theorem variance_asymptotics_threshold_holds : variance_asymptotics_threshold.
Proof. by move=> gammabar v zeta rho a gammabar0 v0 zeta0 rho0 a0 ->; field; nonzero. Qed.

(* The slope of ln (zeta/(1 + zeta)^e) is 1/zeta - e/(1 + zeta), and that of the slope is
   e/(1 + zeta)^2 - 1/zeta^2. *)
Theorem variance_asymptotics_spinodal_holds : variance_asymptotics_spinodal.
Proof.
move=> D zeta D0 zeta0 D2 top; set e := 2 * INR D / (INR D + 1).
exists (fun t => / t - e / (t + 1)); split=> [t t0|].
- have P0 := Rpower_gt0 (t + 1) e; derive.
  by rewrite Rpower_minus Rpower_1; [field; nonzero | lra].
- by derive; rewrite top /e; field; nonzero.
Qed.
