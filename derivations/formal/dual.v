(* The dual of the reduced loss, a function G of the ridge alone.

   A ridge in place of the penalty costs at least as much as the penalty, and exactly as much at the ridge
   of the map itself.  Minimizing the loss with that ridge over all maps gives G, which is therefore a lower
   bound, and which is attained at the roots of the scalar equation. *)
From Symderive.formal Require Import Derivatives Limits Powers effective_ridge minimum_value.
From Symderive Require Import Definitions.
From Symderive.statements Require Import dual.

Theorem dual_threshold_holds : dual_threshold.
Proof.
move=> lambda gammabar m D lambda_gt0 gammabar_gt0 m_gt0 D_gt0 ridge; symmetry.
by apply/ridge_threshold => //; [sign | rewrite norm_ridge].
Qed.

Theorem dual_above_loss_holds : dual_above_loss.
Proof.
move=> m n m_ D gammabar lambda c rho a v m_gt0 n_gt0 D_gt0 gammabar_gt0 lambda_gt0 _ _ _ <-.
have := minimum_value_penalty_holds D gammabar lambda _ D_gt0 gammabar_gt0 lambda_gt0 (pow_lt _ 2 m_gt0).
by rewrite norm_penalty //; lra.
Qed.

(* At the ridge of the map, D lambda m^2 is what the threshold contributes. *)
Lemma threshold_at_ridge [lambda gammabar m D] : 0 < lambda -> 0 < gammabar -> 0 < m -> (0 < D)%N ->
  lambda = gammabar / Rpower m (2 - 2 / (INR D + 1)) ->
  Rpower gammabar ((INR D + 1) / INR D) / Rpower lambda (/ INR D) = lambda * m ^ 2.
Proof.
move=> lambda_gt0 gammabar_gt0 m_gt0 D_gt0 ridge; widths; rewrite (dual_threshold_holds lambda gammabar
  m D _ _ _ _ ridge) //.
by apply: ln_inv; try sign; logs; field; nonzero.
Qed.

Theorem dual_is_loss_holds : dual_is_loss.
Proof.
move=> m n m_ lambda gammabar D c rho a v m_gt0 n_gt0 lambda_gt0 gammabar_gt0 D_gt0 _ _ _ <- ridge.
have penalty := layer_penalty gammabar_gt0 m_gt0 ridge.
have threshold := threshold_at_ridge lambda_gt0 gammabar_gt0 m_gt0 D_gt0 ridge.
by rewrite /Rdiv Rmult_assoc -[_ * / _]/(_ / _) threshold penalty; ring.
Qed.

Theorem dual_above_dual_holds : dual_above_dual.
Proof.
move=> D gammabar lambda c n m rho a v D_gt0 gammabar_gt0 lambda_gt0 c_ge0 n_gt0 rho_gt0 a_ge0.
have := minimum_value_ridge_holds n lambda rho a m v n_gt0 lambda_gt0 rho_gt0 a_ge0.
have -> : \sum_(1 <= j < n.+1) ((lambda + rho * a j) * m j ^ 2) =
    lambda * (\sum_(1 <= j < n.+1) m j ^ 2) + rho * (\sum_(1 <= j < n.+1) (a j * m j ^ 2)).
  by rewrite -!sumZ -sumD; apply: eq_bigr => j _; ring.
by rewrite dual_exponent // Rpower_Ropp; lra.
Qed.

Theorem dual_holds : dual.
Proof.
move=> m n m_ lambda gammabar D c rho a v m_gt0 n_gt0 lambda_gt0 gammabar_gt0 D_gt0 c_ge0 rho_gt0 a_ge0.
move=> norm ridge.
rewrite -(dual_is_loss_holds m n m_ lambda gammabar D c rho a v) //.
exact: dual_above_dual_holds.
Qed.

Theorem dual_root_holds : dual_root.
Proof.
move=> m n v lambda rho a gammabar D c m_gt0 n_gt0 lambda_gt0 rho_gt0 a_ge0 gammabar_gt0 D_gt0 c_ge0.
move=> norm ridge; rewrite (minimum_value_holds m n v lambda rho a gammabar D c m_gt0) // -norm.
rewrite dual_exponent // Rpower_Ropp [INR D * _ * _]Rmult_assoc.
by have := threshold_at_ridge lambda_gt0 gammabar_gt0 m_gt0 D_gt0 ridge; rewrite /Rdiv => ->; ring.
Qed.

Theorem dual_threshold_root_holds : dual_threshold_root.
Proof.
move=> m n v lambda rho a D gammabar c m_gt0 n_gt0 lambda_gt0 rho_gt0 a_ge0 D_gt0 gammabar_gt0 c_ge0.
move=> norm root; apply: dual_root_holds => //; rewrite -norm_ridge //.
by apply/ridge_threshold => //; [sign | rewrite norm].
Qed.

Theorem dual_infinity_holds : dual_infinity.
Proof.
move=> D tau c n v rho a D_gt0 tau_gt0 c_ge0 n_gt0 rho_gt0 a_ge0; rewrite limit_at_infinityE.
have fraction j : tends near_infinity (fun lambda => v j ^ 2 / (lambda + rho * a j)) 0.
  rewrite -[0](Rmult_0_r (v j ^ 2)); apply: tends_scale; apply: diverges_inv; apply: diverges_add.
  exact: diverges_id.
have power : tends near_infinity (fun lambda => / Rpower lambda (/ INR D)) 0.
  by apply: diverges_inv; apply: diverges_Rpower; [sign | exact: diverges_id].
rewrite dual_exponent //.
apply: (tends_ext (f := fun lambda => INR D * tau * / Rpower lambda (/ INR D) + c -
    \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j)))) => [lambda|].
  by rewrite Rpower_Ropp; ring.
apply: (tends_to (l := INR D * tau * 0 + c - \sum_(1 <= j < n.+1) 0)).
  by rewrite sum_const; ring.
by apply: tends_sub; [apply: tends_add; [exact: tends_scale | exact: tends_const] | exact: tends_sum].
Qed.

(* The slope of G is g_2 - tau / lambda^theta, written with a common denominator in the section on the
   minimum value; at a root tau = lambda^theta g_2. *)
Theorem dual_curvature_holds : dual_curvature.
Proof.
move=> lambda D n v rho a tau c lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 c_ge0 root g2_gt0.
pose first t := \sum_(1 <= j < n.+1) (v j ^ 2 / (t + rho * a j) ^ 2) - tau / Rpower t ((INR D + 1) / INR D).
exists first; split=> [t t_gt0 | ].
  apply: derivative_eq; first exact: minimum_value_slope_holds.
  by rewrite /first; field; nonzero.
have d_g2 : derivable_pt_lim (fun t => \sum_(1 <= j < n.+1) (v j ^ 2 / (t + rho * a j) ^ 2)) lambda
    (- (INR 2 * 1 * \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 3))).
  by apply: derivative_fractions => j; [derive; ring | sign].
rewrite /first; apply: derivative_eq; first by apply: derivative_sub d_g2 _; differentiate; nonzero.
have -> : Rpower lambda (1 + (INR D + 1) / INR D) = lambda * Rpower lambda ((INR D + 1) / INR D).
  by rewrite Rpower_plus Rpower_1.
rewrite Rpower_minus Rpower_1 // -root [INR 2]/=.
by field; widths; nonzero.
Qed.
