(* The quadratic forms of the Hessian, as squares.

   Along the point the squares are completed eigenvalue by eigenvalue of A, which [each] does; the rest is
   the unit length of e_0. *)
From Symderive.formal Require Import Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import hessian_index.

Theorem hessian_index_holds : hessian_index.
Proof.
move=> n e rho a lambda D alpha w n_pos rho_pos a_ge0 lambda_pos deep unit.
widths.
pose shift := \sum_(1 <= i < D.+1) alpha i.
have each : forall j, (1 <= j < n.+1)%N ->
    (- 1 + rho * a j / lambda) * e 0%N j ^ 2 * shift ^ 2 + (1 + rho * a j / lambda) * w j ^ 2
      + 2 * ((- 1 + rho * a j / lambda) * e 0%N j * w j) * shift
    = (1 + rho * a j / lambda) * ((- lambda + rho * a j) * e 0%N j * shift / (lambda + rho * a j) + w j) ^ 2
      - 4 * (lambda * e 0%N j ^ 2 / (lambda + rho * a j)) * shift ^ 2 + 2 * shift ^ 2 * e 0%N j ^ 2.
  move=> j _; have pole : 0 < lambda + rho * a j by sign.
  by field; nonzero.
have features := total each; rewrite !sumD sumN !sumZr !sumZ unit in features.
have layers : \sum_(1 <= i < D.+1) (alpha i - shift / INR D) ^ 2
  = \sum_(1 <= i < D.+1) alpha i ^ 2 - shift ^ 2 / INR D by rewrite /shift; sum_ring.
have share : 2 * (INR D + 1) / INR D = 2 + 2 / INR D by field; nonzero.
by rewrite -/shift layers share; lra.
Qed.

Theorem hessian_index_direction_holds : hessian_index_direction.
Proof.
move=> n e rho a lambda D n_pos rho_pos a_ge0 lambda_pos deep unit.
widths.
have each : forall j, (1 <= j < n.+1)%N ->
    (- 1 + rho * a j / lambda) * e 0%N j ^ 2
      + 2 * (- ((- 1 + rho * a j / lambda) * (- lambda + rho * a j) * e 0%N j ^ 2 / (lambda + rho * a j)))
      + (1 + rho * a j / lambda) * (- lambda + rho * a j) ^ 2 * e 0%N j ^ 2 / (lambda + rho * a j) ^ 2
    = - (4 * (lambda * e 0%N j ^ 2 / (lambda + rho * a j))) + 2 * e 0%N j ^ 2.
  move=> j _; have pole : 0 < lambda + rho * a j by sign.
  by field; nonzero.
have features := total each; rewrite !sumD sumN !sumZ sumN unit in features.
have share : 2 * (INR D + 1) / INR D = 2 + 2 / INR D by field; nonzero.
by rewrite sumN share; lra.
Qed.

Theorem hessian_index_neurons_holds : hessian_index_neurons.
Proof.
move=> d i R alpha beta e w sigma gamma wide i_pos beta_pos noise gamma_pos psdR.
have := psdR (fun r => alpha * beta i * e (i - 1)%N r / beta i.+1%N + w r); rewrite exchange_sum.
set form := \sum_(_ <= s < _) _ => form_ge0.
apply: Rle_ge; sign.
Qed.
