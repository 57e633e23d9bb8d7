(* Isotropic data: the equation for the ridge in one dimensionless variable, and what a solution gives.

   With A = a I all nonzero are a rho (zeta + 1), so every sum over the features is that of v_j^2.
   What is left are identities between products of powers. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import isotropic_equation.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma common_denominator a rho zeta : a * rho * zeta + a * rho = a * rho * (zeta + 1).
Proof. ring. Qed.

Unset Implicit Arguments.

Theorem isotropic_map_holds : isotropic_map.
Proof. by move=> n v a rho zeta _ a0 rho0 zeta0 k _; rewrite common_denominator. Qed.

Theorem isotropic_norm_holds : isotropic_norm.
Proof.
move=> v n v_ a rho zeta v0 _ a0 rho0 zeta0 ->.
by rewrite common_denominator -!sum_quotient !Rpow_mult_distr.
Qed.

Theorem isotropic_variance_of_data_holds : isotropic_variance_of_data.
Proof.
move=> rho a zeta n v rho0 a0 zeta0 _.
rewrite common_denominator !sum_quotient; rational.
Qed.

Theorem isotropic_variance_holds : isotropic_variance.
Proof.
move=> v n v_ rho a zeta _ n0 rho0 a0 zeta0 norm.
by rewrite isotropic_variance_of_data_holds // -norm; congr (_ / _); ring.
Qed.

(* Both sides of the scalar equation are compared with both sides of that for zeta: the ratio of the former
   is that of the latter to the power (D + 1)/D. *)
Theorem isotropic_equation_holds : isotropic_equation.
Proof.
move=> v n v_ q gammabar a rho D zeta v0 n0 q0 gammabar0 a0 rho0 D0 zeta0 norm q_value.
rewrite (isotropic_norm_holds v n v_ a rho zeta v0) // -!Rpow_mult_distr.
have depth := INR_gt0 _ D0.
apply: (eq_proportional (k := (INR D + 1) / INR D)); try sign.
rewrite q_value; logs; rational.
Qed.

Theorem isotropic_layer_decay_holds : isotropic_layer_decay.
Proof.
move=> q gammabar a rho D v zeta q0 gammabar0 a0 rho0 D0 v0 zeta0 q_value stationary.
have depth := INR_gt0 _ D0.
apply/eq_ln; try sign.
have := f_equal ln stationary; rewrite [in q * _]q_value; logs => ->.
rational.
Qed.

Theorem isotropic_loss_holds : isotropic_loss.
Proof.
move=> q gammabar a rho D v zeta c q0 gammabar0 a0 rho0 D0 v0 zeta0 _ q_value stationary.
rewrite (isotropic_layer_decay_holds q gammabar a rho D v zeta q0 gammabar0 a0 rho0 D0 v0 zeta0 q_value
  stationary).
rational.
Qed.
