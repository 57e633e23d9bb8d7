(* One hidden layer with decay learns along a logistic curve, which solves the equation of motion of the
   map: chi' = 4 chi (|v| - gamma - a rho chi), where chi is the norm of the map. *)
From Symderive.formal Require Import Isotropic Derivatives.
From Symderive.statements Require Import learning_curve.

Theorem learning_curve_velocity_holds : learning_curve_velocity.
Proof.
move=> s_1 s_2 a rho gammabar v *; do 2 eexists.
split; first by derive; reflexivity.
split; first by derive; reflexivity.
by subst; rewrite /=; ring.
Qed.

Theorem learning_curve_defined_holds : learning_curve_defined.
Proof.
move=> v gammabar a chi_0 rho vartheta v0 gammabar0 a0 chi_0_0 rho0 vartheta0 signal.
have ratio0 : 0 < (- gammabar + v) / (a * chi_0 * rho) by sign.
have decreasing : exp (vartheta * (4 * gammabar - 4 * v)) < 1.
  by rewrite -exp_0; apply: exp_increasing; nra.
have := exp_pos (vartheta * (4 * gammabar - 4 * v)).
by nra.
Qed.

Theorem learning_curve_holds : learning_curve.
Proof.
move=> gammabar v a chi_0 rho vartheta gammabar0 v0 a0 chi_0_0 rho0 vartheta0.
set start := - 1 + _; move: start => start defined.
derive; first by do 2 apply: Rmult_integral_contrapositive_currified => //; apply: pos_neq0.
by field; repeat split => //; apply: pos_neq0.
Qed.

Theorem learning_curve_limit_holds : learning_curve_limit.
Proof. by move=> v gammabar a rho v0 gammabar0 a0 rho0 signal; rational. Qed.
