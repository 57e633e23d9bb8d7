(* How deep a network of isotropic data may be and still learn.

   All claims are about the logarithm of the ratio of the two sides of the condition on the decay, which is
   a concave function of the depth; the bounds compare logarithms with their tangents. *)
From Symderive.formal Require Import Isotropic Derivatives.
From Symderive.statements Require Import largest_depth.

Theorem largest_depth_margin_holds : largest_depth_margin.
Proof. by move=> v s gammabar a delta_ v0 s0 gammabar0 a0 delta0; logs; ring. Qed.

(* The second derivative is - 2 ln (1 + delta) + 1/s - 2/(s + 1). *)
Theorem largest_depth_holds : largest_depth.
Proof.
move=> s delta_ a gammabar v s0 delta0 a0 gammabar0 v0 s1.
exists (- (2 * ln (delta_ + 1)) + / s - 2 * / (s + 1)).
exists (fun t => - ((2 * t + 1) * ln (delta_ + 1)) - ln a + ln t - ln gammabar + 2 * ln v -
  2 * ln (t + 1) - 1).
split=> [t t0|]; first by derive; field; lra.
split; first by derive; field; lra.
have noise : 0 <= ln (delta_ + 1) by rewrite -ln_1; apply: ln_le; lra.
have -> : / s = 2 * / (s + 1) - (s - 1) / (s * (s + 1)) by rational.
have : 0 <= (s - 1) / (s * (s + 1)) by sign.
lra.
Qed.

(* The logarithm of the condition without noise. *)
Lemma condition_without_noise [D : nat] [v a gammabar] :
  (0 < D)%N -> INR D >= 2 -> 0 < v -> 0 < a -> 0 < gammabar ->
  (v ^ (2 * D) * ((INR D - 1) / INR D) ^ (D - 1) / ((INR D) ^ D.+1 * a ^ (D - 1)) >= gammabar ^ D.+1 <->
   2 * INR D * ln v + (INR D - 1) * ln ((INR D - 1) / INR D) - (INR D - 1) * ln a >=
   (INR D + 1) * (ln (INR D) + ln gammabar)).
Proof.
move=> D0 deep v0 a0 gammabar0; have depth := INR_gt0 _ D0.
rewrite ge_ln; try sign.
by logs; rewrite INR_double INR_subn1 // S_INR; split; lra.
Qed.

(* The weighted means of S/D, D times, and of a/(D gamma), where S = v^2/(a gamma): the product of these is
   at least (D/(D - 1))^(D - 1) > 1. *)
Theorem largest_depth_upper_holds : largest_depth_upper.
Proof.
move=> D v a gammabar D0 v0 a0 gammabar0 deep; have depth := INR_gt0 _ D0.
move/(condition_without_noise D0 deep v0 a0 gammabar0) => condition.
have ratio0 : 0 < (INR D - 1) / INR D by sign.
have ratio : (INR D - 1) / INR D - 1 < 0.
  by have -> : (INR D - 1) / INR D - 1 = - / INR D by [rational]; have : 0 < / INR D by [sign]; lra.
have excess := ln_le_tangent ratio0.
have signal0 : 0 < v ^ 2 / (a * gammabar) / INR D by sign.
have rest0 : 0 < a / (INR D * gammabar) by sign.
have := ln_le_tangent signal0; have := ln_le_tangent rest0.
logs => rest signal.
have -> : v ^ 2 / (a * gammabar) = INR D * (v ^ 2 / (a * gammabar) / INR D) by rational.
by nra.
Qed.

(* The tangent of the logarithm: ln ((s + 1)/s) is at most 1/s. *)
Theorem largest_depth_euler_holds : largest_depth_euler.
Proof.
move=> s s0; apply/Rle_ge/le_ln; try sign.
have : 0 < (s + 1) / s by sign.
move/ln_le_tangent; have -> : (s + 1) / s - 1 = / s by rational.
move/(Rmult_le_compat_l _ _ _ (Rlt_le _ _ s0)); rewrite Rinv_r; last lra.
by logs; lra.
Qed.

(* With S = v^2/(a gamma) the hypothesis is that D (1 - D/S) is large; ln (D/S) is at most D/S - 1. *)
Theorem largest_depth_lower_holds : largest_depth_lower.
Proof.
move=> D a gammabar v D0 a0 gammabar0 v0 deep below; have depth := INR_gt0 _ D0.
apply/(condition_without_noise D0 deep v0 a0 gammabar0).
have excess : - 1 <= (INR D - 1) * ln ((INR D - 1) / INR D).
  have s0 : 0 < INR D - 1 by lra.
  have := Rge_le _ _ (largest_depth_euler_holds _ s0).
  have -> : INR D - 1 + 1 = INR D by ring.
  by rewrite le_ln; try sign; rewrite ln_exp ln_Rpower.
have share0 : 0 < INR D * a * gammabar / v ^ 2 by sign.
have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ depth) (ln_le_tangent share0).
by move: below excess; logs; lra.
Qed.
