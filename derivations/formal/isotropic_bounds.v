(* Other data, between isotropic data of their largest and of their smallest eigenvalue.

   The scalar equation is compared term by term.  That no map beats the origin beyond the transition of the
   smallest eigenvalue is Cauchy-Schwarz for the map, and Bernoulli's inequality for its norm. *)
From Symderive.formal Require Import Isotropic inequalities spinodal.
From Symderive.statements Require Import isotropic_bounds.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma quotient_of_squares x b c : 0 < b -> b <= c -> x ^ 2 / c ^ 2 <= x ^ 2 / b ^ 2.
Proof.
move=> b0 bc; apply: Rmult_le_compat_l; first by sign.
by apply: Rinv_le_contravar; [sign | apply: pow_incr; lra].
Qed.

Unset Implicit Arguments.

Theorem isotropic_bounds_lower_holds : isotropic_bounds_lower.
Proof.
move=> n a_max a lambda D v rho _ a_max0 a0 lambda0 _ rho0 largest.
rewrite /Rdiv Rmult_assoc -sumZr; apply/Rle_ge/Rmult_le_compat_l; first by sign.
apply: le_sum => j /largest aj.
by apply: quotient_of_squares; have := a0 j; nra.
Qed.

Theorem isotropic_bounds_upper_holds : isotropic_bounds_upper.
Proof.
move=> n a a_min lambda D v rho _ a0 a_min0 lambda0 _ rho0 smallest.
rewrite /Rdiv Rmult_assoc -sumZr; apply/Rle_ge/Rmult_le_compat_l; first by sign.
apply: le_sum => j /smallest aj.
by apply: quotient_of_squares; nra.
Qed.

(* The upper bound at lambda is the curve at the ridge lambda/(rho a_min), which is below the spinodal. *)
Theorem isotropic_bounds_holds : isotropic_bounds.
Proof.
move=> D lambda n v rho a tau v_ a_min D0 lambda0 n0 rho0 a0 tau0 v0 a_min0 deep root norm smallest.
have depth := INR_gt0 _ D0.
have := isotropic_bounds_upper_holds n a a_min lambda D v rho n0 a0 a_min0 lambda0 D0 rho0 smallest.
rewrite root -norm => upper.
have zeta0 : 0 < lambda / (a_min * rho) by sign.
apply: Rge_trans (spinodal_holds D _ D0 zeta0 deep) _.
have -> : lambda / (a_min * rho) + 1 = (a_min * rho + lambda) / (a_min * rho) by rational.
refine (proj2 (ge_proportional (k := INR D / (INR D + 1)) _ _ _ _ _ _) upper); try sign.
by logs; rational.
Qed.

Theorem isotropic_bounds_share_holds : isotropic_bounds_share.
Proof.
move=> xi v n v_ a_max a rho D xi0 v0 n0 a_max0 a0 rho0 D0 xi1 norm largest.
have depth := INR_gt0 _ D0.
have lambda0 : 0 < a_max * rho * (1 - xi) / xi by sign.
have := isotropic_bounds_lower_holds n a_max a _ D v_ rho n0 a_max0 a0 lambda0 D0 rho0 largest.
rewrite -norm !power_Rpower; try sign.
suff <- : Rpower (a_max * rho * (1 - xi) / xi) ((INR D + 1) / INR D) * v ^ 2 /
    (a_max * rho + a_max * rho * (1 - xi) / xi) ^ 2 =
  v ^ 2 * Rpower xi (2 - (INR D + 1) / INR D) * Rpower (1 - xi) ((INR D + 1) / INR D) /
    Rpower (a_max * rho) (2 - (INR D + 1) / INR D) by [].
have -> : a_max * rho + a_max * rho * (1 - xi) / xi = a_max * rho / xi by rational.
by equal_powers.
Qed.

(* The lower bound at the share (D - 1)/(2 D), where the curve of a_max has its maximum. *)
Theorem isotropic_bounds_root_holds : isotropic_bounds_root.
Proof.
move=> D tau a_max rho v n v_ a D0 tau0 a_max0 rho0 v0 n0 a0 deep weak norm largest.
have depth := INR_gt0 _ D0.
have share0 : 0 < (INR D - 1) / (2 * INR D) by positive.
have rest : 1 - (INR D - 1) / (2 * INR D) = (INR D + 1) / (2 * INR D) by rational.
have rest0 : 0 < (INR D + 1) / (2 * INR D) by positive.
have := @isotropic_bounds_share_holds _ v n v_ a_max a rho D share0 v0 n0 a_max0 a0 rho0 D0 _ norm largest.
rewrite rest => /(_ ltac:(lra)).
have -> : a_max * rho * ((INR D + 1) / (2 * INR D)) / ((INR D - 1) / (2 * INR D)) =
    a_max * rho * (INR D + 1) / (INR D - 1) by rational.
move/Rge_trans; apply.
move: weak; rewrite !power_Rpower; try positive.
refine (proj2 (ge_proportional (k := (INR D + 1) / INR D) _ _ _ _ _ _)); try positive.
by logs; rational.
Qed.

(* One variable: the decay of the transition times the decay term of a map of norm m. *)
Lemma decay_at_norm [D : nat] [v m a] : (0 < D)%N -> INR D >= 2 -> 0 < v -> 0 < m -> 0 < a ->
  Rpower v (2 * INR D / (INR D + 1)) * power ((INR D - 1) / INR D) ((INR D - 1) / (INR D + 1)) /
    (INR D * Rpower a ((INR D - 1) / (INR D + 1))) * Rpower m (2 / (INR D + 1)) =
  v * m / INR D * Rpower (v * (INR D - 1) / (INR D * a * m)) ((INR D - 1) / (INR D + 1)).
Proof.
move=> D0 deep v0 m0 a0; have depth := INR_gt0 _ D0.
by rewrite power_Rpower; try sign; equal_powers.
Qed.

Theorem isotropic_bounds_origin_holds : isotropic_bounds_origin.
Proof.
move=> D v n v_ m m_ a a_min gammabar rho c D0 v0 n0 m0 a0 a_min0 gammabar0 rho0 c0 deep.
move=> norm_v norm_m smallest decay; have depth := INR_gt0 _ D0.
have overlap : \sum_(1 <= j < n.+1) (m_ j * v_ j) <= m * v.
  have := cauchy_schwarz_holds n m_ v_ n0; rewrite -norm_v -norm_m => bound.
  by have : 0 < m * v by [sign]; nra.
have quadratic_term : a_min * m ^ 2 <= \sum_(1 <= j < n.+1) (a j * m_ j ^ 2).
  by rewrite norm_m -sumZ; apply: le_sum => j /smallest; have := sq_ge0 (m_ j); nra.
set share := v * (INR D - 1) / (INR D * (a_min * rho) * m).
have share0 : 0 < share by rewrite /share; sign.
have exponent0 : 0 < (INR D - 1) / (INR D + 1) by sign.
have bernoulli := spinodal_tangent_holds _ _ share0 exponent0.
have decay_term : gammabar * Rpower m (2 / (INR D + 1)) * (INR D + 1) >= m * (2 * v - a_min * rho * m).
  have : gammabar * Rpower m (2 / (INR D + 1)) >= v * m / INR D * Rpower share ((INR D - 1) / (INR D + 1)).
    rewrite -decay_at_norm //; last by sign.
    by apply: Rmult_ge_compat_r => //; apply: Rgt_ge; exact: Rpower_gt0.
  have : v * m / INR D * Rpower share ((INR D - 1) / (INR D + 1)) >=
      v * m / INR D * ((INR D - 1) / (INR D + 1) * (1 - / share) + 1).
    by apply: Rmult_ge_compat_l => //; apply: Rle_ge; sign.
  have -> : m * (2 * v - a_min * rho * m) =
      v * m / INR D * ((INR D - 1) / (INR D + 1) * (1 - / share) + 1) * (INR D + 1).
    by rewrite /share; rational.
  by nra.
by nra.
Qed.

(* The map that is tried is the one at which the transition of the largest eigenvalue is tied. *)
Theorem isotropic_bounds_nontrivial_holds : isotropic_bounds_nontrivial.
Proof.
move=> D v n v_ a_max a rho gammabar c D0 v0 n0 a_max0 a0 rho0 gammabar0 c0 deep norm largest decay.
have depth := INR_gt0 _ D0.
have quadratic_term : \sum_(1 <= j < n.+1) (a j * v_ j ^ 2) <= a_max * v ^ 2.
  by rewrite norm -sumZ; apply: le_sum => j /largest; have := sq_ge0 (v_ j); nra.
set m := v * (INR D - 1) / (INR D * a_max * rho).
have m0 : 0 < m by rewrite /m; sign.
have decay_term : gammabar * power m (2 / (INR D + 1)) < v * m / INR D.
  rewrite power_Rpower; last by sign.
  have -> : v * m / INR D = Rpower v (2 * INR D / (INR D + 1)) *
      power ((INR D - 1) / INR D) ((INR D - 1) / (INR D + 1)) /
      (INR D * Rpower (a_max * rho) ((INR D - 1) / (INR D + 1))) * Rpower m (2 / (INR D + 1)).
    rewrite decay_at_norm //; last by sign.
    have -> : v * (INR D - 1) / (INR D * (a_max * rho) * m) = 1 by rewrite /m; rational.
    by rewrite Rpower_1_l Rmult_1_r.
  by apply: Rmult_lt_compat_r => //; exact: Rpower_gt0.
have decay_bound : gammabar * power m (2 / (INR D + 1)) * (INR D + 1) < v * m / INR D * (INR D + 1).
  by apply: Rmult_lt_compat_r => //; lra.
have bound : (INR D - 1) ^ 2 * (\sum_(1 <= j < n.+1) (a j * v_ j ^ 2)) / (INR D ^ 2 * a_max ^ 2 * rho) <=
    (INR D - 1) ^ 2 * (a_max * v ^ 2) / (INR D ^ 2 * a_max ^ 2 * rho).
  apply: Rmult_le_compat_r; first by sign.
  by apply: Rmult_le_compat_l => //; sign.
suff tie : v * m / INR D * (INR D + 1) - 2 * v ^ 2 * (INR D - 1) / (INR D * a_max * rho) +
    (INR D - 1) ^ 2 * (a_max * v ^ 2) / (INR D ^ 2 * a_max ^ 2 * rho) = 0 by lra.
by rewrite /m; rational.
Qed.
