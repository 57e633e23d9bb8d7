(* The Hessian of the reduced loss, and the slope of the scalar equation in the direction of the map.

   The gradient of the reduced loss is that of a ridge regression whose ridge depends on the point.  The
   derivative of half of it is known. *)
From Symderive.formal Require Import Derivatives Powers effective_ridge local_minima Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import reduced_hessian.

Theorem reduced_hessian_holds : reduced_hessian.
Proof.
move=> n m lambda gammabar D rho a c v n_pos lambda_pos gammabar_pos D_pos rho_pos a_ge0 c_ge0 m_ne0.
move=> own r hr s hs.
pose ridge (p : nat -> R) := gammabar / power (\sum_(1 <= j < n.+1) (p j) ^ 2) (1 - / (INR D + 1)).
exists (fun p => 2 * ridge p * p r + 2 * rho * a r * p r - 2 * v r); split=> [p p_ne0|].
  apply: effective_ridge_gradient_holds => //.
  by apply: Rdiv_lt_0_compat => //; exact: power_gt0.
have half := local_minima_hessian_holds n m lambda gammabar D rho a v n_pos lambda_pos gammabar_pos
  D_pos rho_pos a_ge0 m_ne0 own r hr s hs.
apply: (derivative_eq (derivable_pt_lim_ext _ _ _ _ _ (derivative_scale half 2))) => [t|].
  by rewrite /ridge /Rdiv; ring.
by rewrite /Rdiv !Rinv_mult; ring.
Qed.

(* The Hessian is symmetric. *)
Theorem reduced_hessian_entries_holds : reduced_hessian_entries.
Proof.
move=> n m lambda gammabar D rho a c v n_pos lambda_pos gammabar_pos D_pos rho_pos a_ge0 c_ge0 m_ne0.
move=> own r hr s hs.
have -> : 2 * (lambda + rho * a s) * delta r s = 2 * (lambda + rho * a r) * delta r s.
  by rewrite /delta; case: eqP => [->|_]; ring.
by apply: reduced_hessian_holds.
Qed.

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
