(* The value of the loss at its stationary points, and a dual of one variable.

   With g_r = sum_j v_j^2 / (lambda + rho a_j)^r the data part of the loss at the ridge solution is
   - g_1 - lambda g_2, and the penalty there is (D + 1) lambda g_2.  Any other ridge bounds the penalty from
   above, by the inequality of the means, which gives the dual. *)
From Symderive.formal Require Import Derivatives Powers inequalities effective_ridge.
From Symderive Require Import Definitions.
From Symderive.statements Require Import minimum_value.
Set Implicit Arguments.
Unset Strict Implicit.

(* Exponents of the norm, and of its square. *)
Lemma norm_penalty D m : 0 < m -> Rpower (m ^ 2) (/ (INR D + 1)) = Rpower m (2 / (INR D + 1)).
Proof. by move=> m_gt0; rewrite Rpower_pow_l. Qed.
Lemma norm_ridge D m : 0 < m -> Rpower (m ^ 2) (1 - / (INR D + 1)) = Rpower m (2 - 2 / (INR D + 1)).
Proof. by move=> m_gt0; rewrite Rpower_pow_l //=; congr Rpower; rewrite /Rdiv; ring. Qed.
Lemma dual_exponent D : (0 < D)%N -> 1 - (INR D + 1) / INR D = - / INR D.
Proof. by move=> D_gt0; widths; field; nonzero. Qed.

(* The penalty of one layer is the ridge times the squared norm. *)
Lemma layer_penalty D lambda gammabar m : 0 < gammabar -> 0 < m ->
  lambda = gammabar / Rpower m (2 - 2 / (INR D + 1)) ->
  gammabar * Rpower m (2 / (INR D + 1)) = lambda * m ^ 2.
Proof.
move=> gammabar_gt0 m_gt0 ->.
by apply: ln_inv; try sign; logs; rewrite /=; field; nonzero.
Qed.

(* The quadratic form of the data at the ridge solution. *)
Lemma data_at_solution n lambda rho (a v : nat -> R) : 0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  rho * (\sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ 2)) =
  \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j)) -
    lambda * \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2).
Proof.
move=> lambda_gt0 rho_gt0 a_ge0; rewrite -!sumZ -sumB; apply: eq_bigr => j _.
have pos : 0 < lambda + rho * a j by sign.
by field; nonzero.
Qed.

Unset Implicit Arguments.

Theorem minimum_value_holds : minimum_value.
Proof.
move=> m n v lambda rho a gammabar D c m_gt0 n_gt0 lambda_gt0 rho_gt0 a_ge0 gammabar_gt0 D_gt0 c_ge0.
move=> norm ridge.
rewrite data_at_solution // (layer_penalty gammabar_gt0 m_gt0 ridge) norm.
by ring.
Qed.

Theorem minimum_value_root_holds : minimum_value_root.
Proof.
move=> m n v lambda rho a D gammabar c m_gt0 n_gt0 lambda_gt0 rho_gt0 a_ge0 D_gt0 gammabar_gt0 c_ge0.
move=> norm root.
apply: minimum_value_holds => //; rewrite -norm_ridge //.
by apply/ridge_threshold => //; [sign | rewrite norm].
Qed.

(* The inequality of the means of one term Q lambda and D equal terms. *)
Theorem minimum_value_penalty_holds : minimum_value_penalty.
Proof.
move=> D gammabar lambda Q D_gt0 gammabar_gt0 lambda_gt0 Q_gt0; widths.
pose term := Rpower gammabar ((INR D + 1) / INR D) / Rpower lambda (/ INR D).
have term_gt0 : 0 < term by rewrite /term; sign.
have mean : Rpower (Q * lambda * term ^ D) (/ (INR D + 1)) = Rpower Q (/ (INR D + 1)) * gammabar.
  apply: ln_inv; try sign; rewrite /term; logs.
  by field; nonzero.
have := am_gm_holds (Q * lambda) D (fun _ => term) ltac:(sign) D_gt0 (fun _ => term_gt0).
by rewrite sum_const prod_const subSS subn0 mean /term; lra.
Qed.

Theorem minimum_value_dual_holds : minimum_value_dual.
Proof.
move=> m n v lambda rho a D gammabar c m_gt0 n_gt0 lambda_gt0 rho_gt0 a_ge0 D_gt0 gammabar_gt0 c_ge0 norm.
have := minimum_value_penalty_holds D gammabar lambda _ D_gt0 gammabar_gt0 lambda_gt0 (pow_lt _ 2 m_gt0).
by rewrite norm_penalty // norm data_at_solution // dual_exponent // Rpower_Ropp; lra.
Qed.

(* Completing the square, component by component. *)
Theorem minimum_value_ridge_holds : minimum_value_ridge.
Proof.
move=> n lambda rho a m v n_gt0 lambda_gt0 rho_gt0 a_ge0.
have square : 0 <= \sum_(1 <= j < n.+1) ((lambda + rho * a j) * (m j - v j / (lambda + rho * a j)) ^ 2).
  by apply: sum_ge0 => j _; sign.
suff: \sum_(1 <= j < n.+1) ((lambda + rho * a j) * (m j - v j / (lambda + rho * a j)) ^ 2) =
    \sum_(1 <= j < n.+1) ((lambda + rho * a j) * m j ^ 2) - 2 * (\sum_(1 <= j < n.+1) (m j * v j)) +
    \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j)) by lra.
rewrite -sumZ -sumB -sumD; apply: eq_bigr => j _.
have pos : 0 < lambda + rho * a j by sign.
by field; nonzero.
Qed.

Theorem minimum_value_slope_holds : minimum_value_slope.
Proof.
move=> lambda D tau c n v rho a lambda_gt0 D_gt0 tau_gt0 c_ge0 n_gt0 rho_gt0 a_ge0; derive.
have -> : \sum_(1 <= j < n.+1) (- (v j ^ 2 * 1) / (lambda + rho * a j) ^ 2) =
    - \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2).
  by rewrite -sumN; apply: eq_bigr => j _; rewrite /Rdiv; ring.
have -> : 1 - (INR D + 1) / INR D - 1 = - ((INR D + 1) / INR D) by ring.
by rewrite Rpower_Ropp dual_exponent //; widths; field; nonzero.
Qed.
