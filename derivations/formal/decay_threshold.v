(* The transition and the spinodal in terms of the decays, of their mean, and of the noise.

   Each equivalence takes a power of both sides: the logarithms of the ratios of the two sides are
   proportional, the factor being the exponent. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import decay_threshold.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma power_of_both_sides w xi beta omega s : 0 < w -> 0 < xi -> 0 < omega -> 0 < s ->
  (Rpower w s * Rpower xi (beta * s) >= Rpower omega s <-> w * Rpower xi beta >= omega).
Proof. by move=> *; apply: (@ge_proportional s); try sign; logs; ring. Qed.

Unset Implicit Arguments.

Theorem decay_threshold_powers_holds : decay_threshold_powers.
Proof. by move=> w xi beta omega s w0 xi0 _ omega0 s0; rewrite power_of_both_sides. Qed.

Theorem decay_threshold_roots_holds : decay_threshold_roots.
Proof. by move=> w s xi beta omega w0 s0 xi0 _ omega0; rewrite power_of_both_sides. Qed.

Theorem decay_threshold_holds : decay_threshold.
Proof.
move=> D a rho gamma_u gamma v D0 a0 rho0 gamma_u0 gamma0 v0 deep; have depth := INR_gt0 _ D0.
have product0 : 0 < \prod_(1 <= i < D.+1) gamma i by sign.
rewrite power_Rpower; last by sign.
apply: (@ge_proportional (/ (INR D + 1))); try sign.
logs; rewrite INR_double INR_subn1 // S_INR; rational.
Qed.

Theorem decay_threshold_spinodal_holds : decay_threshold_spinodal.
Proof.
move=> D a rho gamma_u gamma v D0 a0 rho0 gamma_u0 gamma0 v0 deep; have depth := INR_gt0 _ D0.
have product0 : 0 < \prod_(1 <= i < D.+1) gamma i by sign.
rewrite power_Rpower; last by sign.
apply: (@ge_proportional (/ (INR D + 1))); try sign.
logs; rewrite INR_double INR_subn1 // S_INR; rational.
Qed.

Theorem decay_threshold_ratio_holds : decay_threshold_ratio.
Proof.
move=> D v a rho D0 v0 a0 rho0 deep; have depth := INR_gt0 _ D0.
have -> : 4 = 2 * 2 by ring.
apply/eq_ln; try sign.
logs; rewrite INR_double INR_subn1 // S_INR; ring.
Qed.

(* At two hidden layers 27 > 16; at more, the base is at least 4. *)
Theorem decay_threshold_order_holds : decay_threshold_order.
Proof.
case=> [|[|[|D]]] // _ deep; try by move: deep; rewrite /=; lra.
apply: Rlt_gt; apply: Rlt_le_trans (_ : 4 ^ D.+4 <= _); first by apply: Rlt_pow; [lra | lia].
by apply: pow_incr; rewrite !S_INR; have := pos_INR D; lra.
Qed.

Theorem decay_threshold_equal_holds : decay_threshold_equal.
Proof.
move=> D gammabar a rho v D0 gammabar0 a0 rho0 v0 deep; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
by apply: (@ge_proportional 1); try sign; logs; ring.
Qed.

Theorem decay_threshold_noise_holds : decay_threshold_noise.
Proof.
move=> D gammabar a rho v D0 gammabar0 a0 rho0 v0 deep; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
by apply: (@ge_proportional ((INR D - 1) / (INR D + 1))); try sign; logs; rational.
Qed.

Theorem decay_threshold_one_layer_holds : decay_threshold_one_layer.
Proof.
move=> gammabar v _ v0.
have scaled : gammabar / v * v = gammabar by rational.
by split=> h; nra.
Qed.
