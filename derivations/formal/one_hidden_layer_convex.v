(* At depth 1 the reduced loss is convex: so is the norm, by the triangle inequality, and so is the
   quadratic form of the data. *)
From Symderive.formal Require Import Tactics inequalities.
From Symderive Require Import Definitions.
From Symderive.statements Require Import one_hidden_layer_convex.
Set Implicit Arguments.
Unset Strict Implicit.

(* The triangle inequality for a combination of two vectors of norms m and eta, which has the norm xi. *)
Lemma norm_of_combination n (x y : nat -> R) m eta xi alpha beta :
  (0 < n)%N -> 0 < m -> 0 < eta -> 0 < alpha -> 0 < beta ->
  m ^ 2 = \sum_(1 <= j < n.+1) x j ^ 2 -> eta ^ 2 = \sum_(1 <= j < n.+1) y j ^ 2 ->
  xi ^ 2 = \sum_(1 <= j < n.+1) (alpha * x j + beta * y j) ^ 2 -> xi <= alpha * m + beta * eta.
Proof.
move=> n_gt0 m_gt0 eta_gt0 alpha_gt0 beta_gt0 norm_x norm_y norm_xy.
have product := inner_product_le n_gt0 (Rlt_le _ _ m_gt0) (Rlt_le _ _ eta_gt0) norm_x norm_y.
have {}norm_xy : xi ^ 2 = alpha ^ 2 * m ^ 2 + 2 * alpha * beta * (\sum_(1 <= j < n.+1) (x j * y j)) +
    beta ^ 2 * eta ^ 2.
  by rewrite norm_xy norm_x norm_y -!sumZ -!sumD; apply: eq_bigr => j _; ring.
apply: Rsqr_incr_0_var; last by sign.
have : 0 <= 2 * alpha * beta * (m * eta - \sum_(1 <= j < n.+1) (x j * y j)) by sign.
by rewrite /Rsqr; lra.
Qed.

Unset Implicit Arguments.

Theorem one_hidden_layer_convex_holds : one_hidden_layer_convex.
Proof.
move=> m n m_ eta psi xi alpha beta c gammabar rho a v m_gt0 n_gt0 eta_gt0 xi_gt0 alpha_gt0 beta_gt0 c_ge0.
move=> gammabar_gt0 rho_gt0 a_ge0 norm_m norm_psi norm_sum weights.
have norms := norm_of_combination n_gt0 m_gt0 eta_gt0 alpha_gt0 beta_gt0 norm_m norm_psi norm_sum.
have beta_eq : beta = 1 - alpha by lra.
have gap : alpha * (\sum_(1 <= j < n.+1) (a j * m_ j ^ 2)) +
    beta * (\sum_(1 <= j < n.+1) (a j * psi j ^ 2)) -
    \sum_(1 <= j < n.+1) ((alpha * m_ j + beta * psi j) ^ 2 * a j) =
    \sum_(1 <= j < n.+1) (alpha * beta * a j * (m_ j - psi j) ^ 2).
  by rewrite -!sumZ -sumD -sumB beta_eq; apply: eq_bigr => j _; ring.
have gap_ge0 : 0 <= \sum_(1 <= j < n.+1) (alpha * beta * a j * (m_ j - psi j) ^ 2) by sign.
have linear : \sum_(1 <= j < n.+1) ((alpha * m_ j + beta * psi j) * v j) =
    alpha * (\sum_(1 <= j < n.+1) (m_ j * v j)) + beta * (\sum_(1 <= j < n.+1) (psi j * v j)).
  by rewrite -!sumZ -sumD; apply: eq_bigr => j _; ring.
have penalties : 0 <= gammabar * (alpha * m + beta * eta - xi) by apply: Rmult_le_pos; lra.
rewrite -gap in gap_ge0; have data := Rmult_le_pos _ _ (Rlt_le _ _ rho_gt0) gap_ge0.
by rewrite linear beta_eq in penalties data *; lra.
Qed.
