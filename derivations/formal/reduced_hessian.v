(* The slope of the scalar equation, in the direction of the map. *)
From Symderive.formal Require Import Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import reduced_hessian.

(* The direction e_0 is m/|m|, and so its squares are those of m_j = v_j/(lambda + rho a_j) by |m|^2. *)
Theorem reduced_hessian_slope_holds : reduced_hessian_slope.
Proof.
move=> n v lambda rho a e D n_pos lambda_pos rho_pos a_ge0 deep;
  set norm := \sum_(_ <= j < _) _ => norm_pos along.
have square : forall j, (1 <= j < n.+1)%N ->
    lambda * e 0%N j ^ 2 / (lambda + rho * a j) = / norm * (lambda * (v j ^ 2 / (lambda + rho * a j) ^ 3)).
  move=> j hj; have pole : 0 < lambda + rho * a j by have := a_ge0 j => a_j; sign.
  have -> : lambda * e 0%N j ^ 2 / (lambda + rho * a j)
    = / norm * (lambda * ((e 0%N j * sqrt norm) ^ 2 / (lambda + rho * a j))).
    rewrite Rpow_mult_distr pow2_sqrt; last lra.
    by field; invertible.
  by rewrite along //; field; invertible.
rewrite (total (fun j hj => square j hj)) !sumZ.
by rewrite /Rdiv; ring.
Qed.
