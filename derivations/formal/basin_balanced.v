(* Balanced layers of isotropic data: when their norms shrink, and when they grow.

   The gradient along all layers is a rho s^(2 D) + gamma - s^(D - 1) v, a convex function of s^(D - 1) that
   vanishes at the saddle and at the minimum. *)
From Symderive.formal Require Import Isotropic Derivatives spinodal.
From Symderive.statements Require Import basin_balanced.

Theorem basin_balanced_flow_holds : basin_balanced_flow.
Proof. by move=> s_1 P a rho s_2 v gammabar *; derive; rewrite /=; ring. Qed.

Theorem basin_balanced_imbalance_holds : basin_balanced_imbalance.
Proof.
move=> s_1 P a rho s_2 v gammabar *; do 2 eexists.
split; first by derive; reflexivity.
split; first by derive; reflexivity.
by rewrite /=; ring.
Qed.

Theorem basin_balanced_rate_holds : basin_balanced_rate.
Proof. by move=> a rho s [//|D] gammabar v *; rewrite subn1 /=; ring. Qed.

(* The powers of the norm of one layer, in terms of the lowest of them. *)
Lemma powers_of_norm s [D] : (0 < D)%N ->
  s ^ (2 * D) = (s ^ (D - 1) * s) ^ 2 /\ s ^ D.+1 = s ^ (D - 1) * s ^ 2.
Proof. by case: D => // D _; rewrite (mulnC 2%N) pow_mult subn1 /=; split; ring. Qed.

Theorem basin_balanced_rest_holds : basin_balanced_rest.
Proof.
move=> a rho s D gammabar v a0 rho0 s0 D0 gammabar0 v0.
have [-> ->] := powers_of_norm s D0.
have P0 : 0 < s ^ (D - 1) by sign.
set P := s ^ (D - 1) in P0 *.
have -> : P * s ^ 2 * (a * rho + gammabar / (P * s) ^ 2) = (a * rho * (P * s) ^ 2 + gammabar) / P.
  by rational.
split=> [rest | <-]; last by rational.
by have -> : a * rho * (P * s) ^ 2 + gammabar = P * v by [lra]; rational.
Qed.

(* With w the ratio of the norm to the power D - 1 to its value at the saddle, the gradient is A w^(s + 1) +
   gamma - (A + gamma) w, where s = (D + 1)/(D - 1) and A = a rho r^(2 D); Bernoulli's inequality bounds
   w^s. *)
Theorem basin_balanced_holds : basin_balanced.
Proof.
move=> D a r rho gammabar v w D0 a0 r0 rho0 gammabar0 v0 w0 deep saddle unstable w1.
have depth := INR_gt0 _ D0.
set s := (INR D + 1) / (INR D - 1).
have s0 : 0 < s by rewrite /s; sign.
have s_value : s * (INR D - 1) = INR D + 1 by rewrite /s; rational.
have -> : (r * Rpower w (/ (INR D - 1))) ^ (D - 1) = r ^ (D - 1) * w.
  by apply/eq_ln; try sign; logs; rewrite INR_subn1 //; rational.
have -> : (r * Rpower w (/ (INR D - 1))) ^ (2 * D) = r ^ (2 * D) * (w * Rpower w s).
  by apply/eq_ln; try sign; rewrite /s; logs; rewrite INR_double; rational.
have A0 : 0 < a * rho * r ^ (2 * D) by sign.
have -> : v * (r ^ (D - 1) * w) = (a * rho * r ^ (2 * D) + gammabar) * w.
  by have -> : a * rho * r ^ (2 * D) + gammabar = r ^ (D - 1) * v by [lra]; ring.
have {unstable}slope : 0 < gammabar - a * rho * r ^ (2 * D) * s.
  by apply: (Rmult_lt_reg_r (INR D - 1)); [lra | rewrite Rmult_minus_distr_r Rmult_assoc s_value; lra].
set A := a * rho * r ^ (2 * D) in A0 slope *.
have bernoulli : w * Rpower w s >= w + s * (w - 1).
  have -> : w + s * (w - 1) = w * (s * (1 - / w) + 1) by rational.
  by have := spinodal_tangent_holds _ s w0 s0; nra.
have : A * (w * Rpower w s) >= A * (w + s * (w - 1)) by apply: Rmult_ge_compat_l => //; lra.
have : 0 < (1 - w) * (gammabar - A * s) by apply: Rmult_lt_0_compat; lra.
have -> : a * rho * (r ^ (2 * D) * (w * Rpower w s)) = A * (w * Rpower w s) by rewrite /A; ring.
by lra.
Qed.

(* The power s + 1 is convex: it lies above its tangent at xi, by Bernoulli's inequality. *)
Lemma convex_power [s xi x] : 0 < s -> 0 < xi -> 0 < x ->
  Rpower x (s + 1) >= Rpower xi (s + 1) + (s + 1) * Rpower xi s * (x - xi).
Proof.
move=> s0 xi0 x0; have ratio0 : 0 < x / xi by sign.
have bernoulli := spinodal_tangent_holds _ _ ratio0 s0.
have -> : Rpower x (s + 1) = Rpower xi s * (x * Rpower (x / xi) s) by equal_powers.
rewrite Rpower_plus Rpower_1 //.
have -> : Rpower xi s * xi + (s + 1) * Rpower xi s * (x - xi) =
  Rpower xi s * (x * (s * (1 - / (x / xi)) + 1)) by rational.
by apply: Rmult_ge_compat_l; [apply: Rle_ge; sign | apply: Rmult_ge_compat_l => //; lra].
Qed.

(* A chord of the convex power lies above it, and the gradient vanishes at both ends. *)
Theorem basin_balanced_growth_holds : basin_balanced_growth.
Proof.
move=> D a rho xi_1 gammabar v xi_2 xi w D0 a0 rho0 xi_1_0 gammabar0 v0 xi_2_0 xi0 w0 deep.
have depth := INR_gt0 _ D0.
have s0 : 0 < (INR D + 1) / (INR D - 1) by sign.
have -> : 2 * INR D / (INR D - 1) = (INR D + 1) / (INR D - 1) + 1 by rational.
set s := (INR D + 1) / (INR D - 1) in s0 * => saddle minimum between w1.
have lower_1 := convex_power s0 xi0 xi_1_0; have lower_2 := convex_power s0 xi0 xi_2_0.
set slope := (s + 1) * Rpower xi s in lower_1 lower_2.
have chord : w * Rpower xi_2 (s + 1) + (1 - w) * Rpower xi_1 (s + 1) >= Rpower xi (s + 1).
  have : w * (slope * (xi_2 - xi)) + (1 - w) * (slope * (xi_1 - xi)) = 0 by rewrite between; ring.
  by nra.
by have : 0 < a * rho by [sign]; nra.
Qed.

Theorem basin_balanced_bound_holds : basin_balanced_bound.
Proof.
move=> D a r rho gammabar v D0 a0 r0 rho0 gammabar0 v0 deep saddle.
by have : 0 < a * r ^ (2 * D) * rho by [sign]; lra.
Qed.

Theorem basin_balanced_collapse_holds : basin_balanced_collapse.
Proof.
move=> gammabar s D v mv mAm rho gammabar0 s0 D0 v0 mAm0 rho0 decay.
have [_ ->] := powers_of_norm s D0; move=> overlap.
have : 0 < s ^ 2 * (gammabar - s ^ (D - 1) * v) by apply: Rmult_lt_0_compat; [sign | lra].
have : 0 <= mAm * rho by sign.
by nra.
Qed.
