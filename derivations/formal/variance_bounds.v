(* The variance itself, at the weights of a minimum: what it is, and how large it can be at all.

   The variance at the ridge solution is at most (rho - 1)/rho^2 times Q = v' A^+ v, and the bounds on this
   factor for wide, noisy and deep networks turn into bounds on the variance. *)
From Symderive.formal Require Import Powers Forms prediction_variance variance_vanishes_depth.
From Symderive.formal Require Import variance_vanishes_noise variance_vanishes_width.
From Symderive.statements Require Import variance_bounds.

Theorem variance_of_map_holds : variance_of_map.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u A sigma v c.
move=> D0 d0 kappa0 gamma0 gamma_u0 sigma0 c0 E_data E_noise rank_one signs output.
have := prediction_variance_holds Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u A sigma v c.
move=> ->; rewrite //.
have := balanced_mean D d W e kappa gamma_u gamma U A D0 d0 kappa0 gamma_u0 gamma0 rank_one signs output.
by rewrite /form => ->; field; lra.
Qed.

(* The bound for w = v/a, so that a w^2 = v^2/a and a^3 w^2 = a v^2. *)
Theorem variance_bounds_holds : variance_bounds.
Proof.
move=> D sigma d n v a lambda D0 sigma0 d0 n0 a0 lambda0.
have := noise_factor_at_least_one_holds D sigma d D0 sigma0 d0; set rho := \prod_(_ <= i < _) _ => rho1.
have a_ge0 i : 0 <= a i by left.
have := prediction_variance_bound_holds rho n a (fun j => v j / a j) lambda.
have -> : \sum_(1 <= j < n.+1) (a j * (v j / a j) ^ 2) = \sum_(1 <= j < n.+1) (v j ^ 2 / a j).
  by apply: eq_sum => j _; have aj := a0 j; field; lra.
have -> : \sum_(1 <= j < n.+1) (a j ^ 3 * (v j / a j) ^ 2 / (lambda + rho * a j) ^ 2) =
    \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + a j * rho) ^ 2).
  apply: eq_sum => j _; have aj := a0 j; have ra : 0 < a j * rho by apply: Rmult_lt_0_compat; lra.
  by field; lra.
by apply=> //; lra.
Qed.

Theorem variance_bounds_width_holds : variance_bounds_width.
Proof.
move=> D sigma d D0 sigma0 d0.
by have := variance_vanishes_width_holds 1 D sigma d Rle_0_1 D0 sigma0 d0; rewrite !Rmult_1_l.
Qed.

Theorem variance_bounds_noise_holds : variance_bounds_noise.
Proof.
move=> D sigma d D0 sigma0 d0.
by have := variance_vanishes_noise_holds 1 D sigma d Rle_0_1 D0 sigma0 d0; rewrite !Rmult_1_l.
Qed.

Theorem variance_bounds_depth_holds : variance_bounds_depth.
Proof.
move=> D sigma d D0 sigma0 d0.
by have := variance_vanishes_depth_holds 1 D sigma d Rle_0_1 D0 sigma0 d0; rewrite /Rdiv !Rmult_1_l.
Qed.

(* Q = v' A^+ v is not negative. *)
Lemma least_squares_ge0 n (v a : nat -> R) :
  (forall i, 0 < a i) -> 0 <= \sum_(1 <= j < n.+1) (v j ^ 2 / a j).
Proof. by move=> a0; sign. Qed.

Theorem variance_of_wide_networks_holds : variance_of_wide_networks.
Proof.
move=> D d N sigma n v a lambda D0 d0 N0 sigma0 n0 a0 lambda0 wide; have Q0 := least_squares_ge0 n v a a0.
apply: Rge_trans (variance_bounds_holds D sigma d n v a lambda D0 sigma0 d0 n0 a0 lambda0).
rewrite (Rmult_comm (_ - 1)).
apply: Rge_trans (variance_vanishes_width_holds _ D sigma d Q0 D0 sigma0 d0); rewrite Rmult_comm.
apply: Rmult_ge_compat_l; [exact: Rle_ge | exact: variance_width_comparison_holds].
Qed.

Theorem variance_of_noisy_networks_holds : variance_of_noisy_networks.
Proof.
move=> D d s n v a lambda D0 d0 s0 n0 a0 lambda0; have Q0 := least_squares_ge0 n v a a0.
have := variance_bounds_holds D (fun _ => s) d n v a lambda D0 ltac:(by move=> *; lra) d0 n0 a0 lambda0.
have -> : \prod_(1 <= i < D.+1) (1 + s ^ 2 / INR (d i)) = \prod_(1 <= i < D.+1) (s ^ 2 / INR (d i) + 1).
  by apply: eq_prod => i _; ring.
apply: Rge_trans; rewrite (Rmult_comm (_ - 1)) (Rmult_comm _ (\sum_(_ <= j < _) _)).
exact: variance_noise_comparison_holds.
Qed.

Theorem variance_of_deep_networks_holds : variance_of_deep_networks.
Proof.
move=> D sigma d delta n v a lambda D0 sigma0 d0 delta0 n0 a0 lambda0 equal.
have Q0 := least_squares_ge0 n v a a0.
apply: Rge_trans (variance_bounds_holds D sigma d n v a lambda D0 sigma0 d0 n0 a0 lambda0).
rewrite -(variance_depth_equal_holds D sigma d delta D0 sigma0 d0 delta0 equal) (Rmult_comm (_ - 1)).
exact: variance_vanishes_depth_holds.
Qed.
