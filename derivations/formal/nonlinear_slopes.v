(* What pulls the weights back, by the slopes of the loss in the data.

   The slopes are bounded by the product of all norms, and that by the decay (nonlinear-barrier-decay).
   Rows that take weight back from each other are a transport plan, whose cost is bounded term by term. *)
From Symderive.formal Require Import Powers nonlinear_barrier Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import nonlinear_slopes.

(* The product of all norms is the square of that of their roots, which the decay bounds. *)
Theorem nonlinear_slopes_holds : nonlinear_slopes.
Proof.
move=> S N_u gamma_u D N gamma K n_s omega_y B omega_f S_pos N_pos u_pos deep norm_pos gamma_pos K_pos n_pos
  B_pos decay target prediction.
have := nonlinear_barrier_decay_holds S N_u gamma_u D _ gamma S_pos N_pos u_pos deep norm_pos gamma_pos
  decay.
set mean := Rpower (gamma_u * _) _.
set norms := sqrt N_u * _; set base := S / (mean * _); set power := Rpower base _ => /Rge_le norms_small.
have D_ge0 := pos_INR D; have mean_pos : 0 < mean by exact: Rpower_gt0.
have norms_pos : 0 < \prod_(1 <= i < D.+1) N i by sign.
have norms_ge0 : 0 <= norms by rewrite /norms; sign.
have norms_squared : norms ^ 2 = N_u * \prod_(1 <= i < D.+1) N i.
  by rewrite /norms Rpow_mult_distr !pow2_sqrt; lra.
have power_squared : power ^ 2 = base ^ D.+1.
  have base_pos : 0 < base by rewrite /base; sign.
  rewrite /power pow_Rpower -Rpower_pow // [INR D.+1]S_INR; congr Rpower; simpl; field.
have squares : norms ^ 2 <= base ^ D.+1 by rewrite -power_squared; apply: pow_incr; lra.
rewrite norms_squared in squares.
have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ (Rmult_lt_0_compat _ _ n_pos B_pos)) squares.
have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ (Rmult_lt_0_compat _ _ n_pos K_pos)) norms_small.
rewrite /norms; lra.
Qed.

(* A plan that moves Y_sr of the weight of row s to row r: what is moved costs at most the distance, and
   what is left at most the size. *)
Theorem nonlinear_slopes_pairs_holds : nonlinear_slopes_pairs.
Proof.
move=> n g psi omega Y G distance f E X n_pos psi_ge0 Y_ge0 G_ge0 distance_ge0 E_ge0 X_ge0 balance steep
  left.
have -> : \sum_(1 <= s < n.+1) (f s * g s * psi s) = \sum_(1 <= s < n.+1) (f s * omega s)
    + \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (Y s r * (f s - f r)).
  combine (total (fun s hs => f s * balance s hs))%fact.
exceed (\sum_(1 <= s < n.+1) (G * E s * X s - f s * omega s)
  + \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (Y s r * (G * distance s r - (f s - f r)))).
apply: Rplus_le_le_0_compat; apply: sum_ge0 => s hs.
  by have := left s hs; lra.
apply: sum_ge0 => r hr; apply: Rmult_le_pos; first by sign.
by have := steep s hs r hr; lra.
Qed.
