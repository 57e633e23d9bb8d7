(* The effective ridge.

   In an orthonormal basis of eigenvectors of the second moments A the reduced loss is a function of single
   components, whose ridge regression is solved component by component.  The penalty of the layers has the
   gradient of a ridge, so that stationary points are solutions of a ridge regression; its strength follows
   from one scalar equation, which equates powers. *)
From Symderive.formal Require Import Derivatives Powers.
From Symderive Require Import Definitions.
From Symderive.statements Require Import effective_ridge.
Set Implicit Arguments.
Unset Strict Implicit.

(* A matrix passes from one side of an inner product to the other. *)
Lemma adjoint n (B : nat -> nat -> R) (x y : nat -> R) :
  \sum_(1 <= l < n.+1) (x l * \sum_(1 <= k < n.+1) (B l k * y k)) =
  \sum_(1 <= k < n.+1) (y k * \sum_(1 <= l < n.+1) (B l k * x l)).
Proof.
under eq_bigr => l _ do rewrite -sumZ.
rewrite exchange_sum; apply: eq_bigr => k _.
by rewrite -sumZ; apply: eq_bigr => l _; ring.
Qed.

(* A vector is the sum of its components in an orthonormal basis. *)
Lemma expansion n (B : nat -> nat -> R) (g : nat -> R) :
  (forall j, (1 <= j < n.+1)%N -> forall k, (1 <= k < n.+1)%N ->
    \sum_(1 <= l < n.+1) (B l j * B l k) = delta j k) ->
  forall k, (1 <= k < n.+1)%N ->
    \sum_(1 <= l < n.+1) (B l k * \sum_(1 <= j < n.+1) (B l j * g j)) = g k.
Proof.
move=> orthonormal k hk; rewrite adjoint -(sum_delta g hk); apply: eq_sum => j hj.
by rewrite orthonormal // /delta eq_sym; ring.
Qed.

Unset Implicit Arguments.

Theorem effective_ridge_components_holds : effective_ridge_components.
Proof.
move=> d B m g v _ orthonormal m_def.
have -> : \sum_(1 <= l < (d 0%N).+1) (m l * \sum_(1 <= k < (d 0%N).+1) (B l k * v k)) =
    \sum_(1 <= k < (d 0%N).+1) (v k * \sum_(1 <= l < (d 0%N).+1) (B l k * m l)) by exact: adjoint.
apply: eq_sum => k hk; rewrite -{1}(expansion g orthonormal hk).
under eq_sum => l hl do rewrite -m_def //.
by ring.
Qed.

Theorem effective_ridge_eigenbasis_holds : effective_ridge_eigenbasis.
Proof.
move=> d A B a m g d_gt0 _ eigen orthonormal m_def.
(* The quadratic form is the inner product of g and A g, and A g has the components a_l m_l. *)
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * g j * g k) =
    \sum_(1 <= k < (d 0%N).+1) (g k * \sum_(1 <= j < (d 0%N).+1) (A j k * g j)).
  by apply: eq_bigr => k _; rewrite -sumZ; apply: eq_bigr => j _; ring.
rewrite (effective_ridge_components_holds d B m g _ d_gt0 orthonormal m_def); apply: eq_sum => l hl.
have -> : \sum_(1 <= k < (d 0%N).+1) (B l k * \sum_(1 <= j < (d 0%N).+1) (A j k * g j)) = a l * m l.
  rewrite (adjoint _ (fun k j => A j k)) m_def // -sumZ; apply: eq_sum => j hj.
  by rewrite eigen //; ring.
by ring.
Qed.

(* The equation of the ridge regression, in components: (lambda + rho a_l) w_l = v_l. *)
Theorem eigenbasis_solution_holds : eigenbasis_solution.
Proof.
move=> d A B a lambda w rho v d_gt0 a_ge0 lambda_gt0 rho_gt0 eigen ridge l hl.
have pos : 0 < lambda + rho * a l by sign.
have Aw : \sum_(1 <= k < (d 0%N).+1) (B l k * \sum_(1 <= j < (d 0%N).+1) (A k j * w j)) =
    a l * \sum_(1 <= k < (d 0%N).+1) (B l k * w k).
  rewrite adjoint -sumZ; apply: eq_sum => j hj.
  by rewrite eigen //; ring.
have -> : \sum_(1 <= k < (d 0%N).+1) (B l k * v k) =
    (lambda + rho * a l) * \sum_(1 <= k < (d 0%N).+1) (B l k * w k).
  under eq_sum => k hk do rewrite -ridge // Rmult_plus_distr_l.
  rewrite sumD Rmult_plus_distr_r -sumZ Rmult_assoc -Aw -sumZ.
  by congr (_ + _); apply: eq_bigr => k _; ring.
by field; nonzero.
Qed.

Theorem eigenbasis_norm_holds : eigenbasis_norm.
Proof.
move=> d B A a lambda w rho v d_gt0 a_ge0 lambda_gt0 rho_gt0 orthonormal eigen ridge.
have solution := eigenbasis_solution_holds d A B a lambda w rho v d_gt0 a_ge0 lambda_gt0 rho_gt0 eigen
  ridge.
under eq_bigr => j _ do have -> : w j ^ 2 = w j * w j by ring.
rewrite (effective_ridge_components_holds d B _ _ _ d_gt0 orthonormal (fun l _ => erefl)).
apply: eq_sum => l hl; rewrite solution //.
have pos : 0 < lambda + rho * a l by sign.
by field; nonzero.
Qed.

Theorem eigenbasis_alignment_holds : eigenbasis_alignment.
Proof.
move=> d B A a lambda w rho v d_gt0 a_ge0 lambda_gt0 rho_gt0 orthonormal eigen ridge.
have solution := eigenbasis_solution_holds d A B a lambda w rho v d_gt0 a_ge0 lambda_gt0 rho_gt0 eigen
  ridge.
rewrite (effective_ridge_components_holds d B _ _ _ d_gt0 orthonormal (fun l _ => erefl)).
apply: eq_sum => l hl; rewrite solution //.
have pos : 0 < lambda + rho * a l by sign.
by field; nonzero.
Qed.

Theorem effective_ridge_data_gradient_holds : effective_ridge_data_gradient.
Proof.
move=> n m c rho a v n_gt0 c_ge0 rho_gt0 a_ge0 k hk; derive.
under eq_bigr => j _ do have -> : a j * (INR 2 * update m k (m k) j ^ 2.-1 * delta k j) =
  delta k j * (2 * a j * m j) by rewrite update_same /=; ring.
by rewrite !sum_delta //; ring.
Qed.

(* The exponents of the two powers add up to 0. *)
Theorem effective_ridge_penalty_gradient_holds : effective_ridge_penalty_gradient.
Proof.
move=> Q D gammabar Q_gt0 D_gt0 gammabar_gt0; derive; widths.
have -> : / (INR D + 1) - 1 = - (1 - / (INR D + 1)) by ring.
by rewrite Rpower_Ropp; field; nonzero.
Qed.

Theorem effective_ridge_gradient_holds : effective_ridge_gradient.
Proof.
move=> n m lambda gammabar D c rho a v n_gt0 lambda_gt0 gammabar_gt0 D_gt0 c_ge0 rho_gt0 a_ge0.
move=> m_ne0 ridge k hk.
have same : \sum_(1 <= j < n.+1) update m k (m k) j ^ 2 = \sum_(1 <= j < n.+1) m j ^ 2.
  by apply: eq_bigr => j _; rewrite update_same.
have penalty : derivable_pt_lim (fun t => gammabar * (INR D + 1) *
    power (\sum_(1 <= j < n.+1) update m k t j ^ 2) (/ (INR D + 1))) (m k) (2 * lambda * m k).
  derive; rewrite same // ridge power_Rpower; last by lra.
  under [X in _ * (_ * X)]eq_bigr => j _ do
    have -> : INR 2 * update m k (m k) j ^ 2.-1 * delta k j = delta k j * (2 * m j)
    by rewrite update_same /=; ring.
  rewrite sum_delta //; widths.
  have -> : / (INR D + 1) - 1 = - (1 - / (INR D + 1)) by ring.
  by rewrite Rpower_Ropp; field; nonzero.
have data := effective_ridge_data_gradient_holds n m c rho a v n_gt0 c_ge0 rho_gt0 a_ge0 k hk.
have -> : 2 * lambda * m k + 2 * rho * a k * m k - 2 * v k =
  2 * lambda * m k + (2 * rho * a k * m k - 2 * v k) by ring.
by apply: (derivable_pt_lim_ext _ _ _ _ _ (derivative_add penalty data)) => t; ring.
Qed.

Theorem effective_ridge_holds : effective_ridge.
Proof.
move=> n lambda m rho a v n_gt0 lambda_gt0 rho_gt0 a_ge0 k hk.
have pos : 0 < lambda + rho * a k by sign.
split=> [stationary | ->]; last by field; nonzero.
have -> : v k = (lambda + rho * a k) * m k by lra.
by field; nonzero.
Qed.

Theorem effective_ridge_stationary_holds : effective_ridge_stationary.
Proof.
move=> n m lambda gammabar D c rho a v n_gt0 lambda_gt0 gammabar_gt0 D_gt0 c_ge0 rho_gt0 a_ge0.
move=> m_ne0 ridge k hk.
rewrite -(effective_ridge_holds n lambda m rho a v n_gt0 lambda_gt0 rho_gt0 a_ge0 k hk).
have gradient := effective_ridge_gradient_holds n m lambda gammabar D c rho a v n_gt0 lambda_gt0
  gammabar_gt0 D_gt0 c_ge0 rho_gt0 a_ge0 m_ne0 ridge k hk.
split=> [zero | eq_0]; first exact: (uniqueness_limite _ _ _ _ gradient zero).
by rewrite eq_0 in gradient.
Qed.

(* The ridge of a map of squared norm Q, and the threshold, are the same equation between powers: their
   logarithms are multiples of each other. *)
Lemma ridge_threshold [lambda gammabar Q D] : 0 < lambda -> 0 < gammabar -> 0 < Q -> (0 < D)%N ->
  lambda = gammabar / Rpower Q (1 - / (INR D + 1)) <->
  Rpower lambda ((INR D + 1) / INR D) * Q = Rpower gammabar ((INR D + 1) / INR D).
Proof.
move=> lambda_gt0 gammabar_gt0 Q_gt0 D_gt0; widths; split=> [ridge | threshold].
  apply: ln_inv; try sign; rewrite ridge; logs.
  by field; nonzero.
have {threshold} : ln (Rpower lambda ((INR D + 1) / INR D) * Q) =
    ln (Rpower gammabar ((INR D + 1) / INR D)).
  by rewrite threshold.
logs => threshold; have ln_Q : ln Q = (INR D + 1) / INR D * (ln gammabar - ln lambda) by lra.
apply: ln_inv; try sign; logs; rewrite ln_Q.
by field; nonzero.
Qed.

Theorem effective_ridge_equation_holds : effective_ridge_equation.
Proof.
move=> n v lambda rho a Q gammabar D n_gt0 lambda_gt0 rho_gt0 a_ge0 Q_gt0 gammabar_gt0 D_gt0 ->.
exact: ridge_threshold.
Qed.

Theorem effective_ridge_threshold_holds : effective_ridge_threshold.
Proof.
move=> tau D gamma_u gamma gammabar tau_gt0 D_gt0 _ _ gammabar_gt0 <- powers; widths.
have ln_tau : INR D * ln tau = (INR D + 1) * ln gammabar.
  by have := f_equal ln powers; rewrite !ln_pow // S_INR.
apply: ln_inv; try sign; logs; apply: (Rmult_eq_reg_l (INR D)); last by nonzero.
by rewrite ln_tau; field; nonzero.
Qed.
