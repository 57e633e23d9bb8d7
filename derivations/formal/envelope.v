(* The sensitivity of the minimum to decay and noise.

   The dual is stationary at a root, so that only the explicit dependence of the dual on a decay, or on the
   noise factor, counts. *)
From Symderive.formal Require Import Derivatives Powers minimum_value.
From Symderive Require Import Definitions.
From Symderive.statements Require Import envelope.

Theorem envelope_stationary_holds : envelope_stationary.
Proof.
move=> lambda D n v rho a tau c lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 c_ge0 root.
apply: derivative_eq; first exact: minimum_value_slope_holds.
by rewrite root /Rdiv; ring.
Qed.

Theorem envelope_holds : envelope.
Proof.
move=> lambda D n v rho a P gamma_u c lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 P_gt0 gamma_u_gt0 c_ge0.
move=> root; widths; derive.
(* The threshold is lambda^theta g_2, and lambda^(1 - theta) lambda^theta = lambda. *)
have exponents : Rpower lambda (1 - (INR D + 1) / INR D) * Rpower lambda ((INR D + 1) / INR D) = lambda.
  by rewrite -Rpower_plus -[RHS]Rpower_1 //; congr Rpower; ring.
rewrite [Rpower _ (/ INR D - 1)]Rpower_minus Rpower_1 -?root; last by sign.
move: (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)) => g2.
by rewrite -[in RHS]exponents; field; nonzero.
Qed.

Theorem envelope_noise_holds : envelope_noise.
Proof.
move=> rho D lambda tau c n v a rho_gt0 D_gt0 lambda_gt0 tau_gt0 c_ge0 n_gt0 a_ge0; derive.
have -> : \sum_(1 <= j < n.+1) (- (v j ^ 2 * (1 * a j)) / (lambda + rho * a j) ^ 2) =
    - \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ 2).
  by rewrite -sumN; apply: eq_bigr => j _; rewrite /Rdiv; ring.
have -> : \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j)) =
    rho * (\sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ 2)) +
    lambda * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)).
  by rewrite data_at_solution //; ring.
by field; nonzero.
Qed.
