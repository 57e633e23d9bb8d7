(* Where strong decay makes all weights fall, for activations with |phi(t)| <= |t|.

   Along a ray the loss falls by at least 2 S h'(S), for the function h of the section nonlinear-barrier,
   which is positive below its top. *)
From Symderive.formal Require Import Powers Derivatives nonlinear_barrier Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import nonlinear_collapse.

Theorem nonlinear_collapse_ray_holds : nonlinear_collapse_ray.
Proof.
move=> alpha Eff D Efy Omega c alpha_pos _ _ _ _.
eexists; split; first by derive; reflexivity.
rewrite !S_INR -multE mult_INR /=; ring.
Qed.

(* The bound of the norms by the decay, with one power of the base S/((D + 1) mean) apart. *)
Lemma norms_below_decay [S N_u gamma_u D N gamma] : 0 < S -> 0 < N_u -> 0 < gamma_u -> (0 < D)%N ->
  (forall i, 0 < N i) -> (forall i, 0 < gamma i) ->
    S = N_u * gamma_u + (\sum_(1 <= i < D.+1) (N i * gamma i)) ->
  let mean := Rpower (gamma_u * (\prod_(1 <= i < D.+1) gamma i)) (/ (INR D + 1)) in
  (INR D + 1) * (sqrt N_u * sqrt (\prod_(1 <= i < D.+1) N i))
    <= S / mean * Rpower (S / (mean * (INR D + 1))) (INR D / 2 - 1 / 2).
Proof.
move=> S_pos N_pos u_pos deep norm_pos gamma_pos decay mean.
have := nonlinear_barrier_decay_holds _ _ _ _ _ _ S_pos N_pos u_pos deep norm_pos gamma_pos decay.
rewrite -/mean => /Rge_le; have mean_pos : 0 < mean by exact: Rpower_gt0.
have D_ge0 := pos_INR D.
rewrite height_of_base; last by sign.
move/(Rmult_le_compat_l _ _ _ (Rplus_le_le_0_compat _ _ D_ge0 Rle_0_1)).
have -> : (INR D + 1) * (S / (mean * (INR D + 1)) * Rpower (S / (mean * (INR D + 1))) (INR D / 2 - 1 / 2))
  = S / mean * Rpower (S / (mean * (INR D + 1))) (INR D / 2 - 1 / 2) by field; lra.
lra.
Qed.

Theorem nonlinear_collapse_holds : nonlinear_collapse.
Proof.
move=> S N_u gamma_u D N gamma K Efy Eff S_pos N_pos u_pos deep norm_pos gamma_pos K_pos Eff_ge0 decay
  mixed.
have /= := norms_below_decay S_pos N_pos u_pos deep norm_pos gamma_pos decay.
set mean := Rpower (gamma_u * _) _.
set norms := sqrt N_u * _; set power := Rpower (S / _) _ => norms_small.
have D_ge0 := pos_INR D.
have norms_gap : 0 <= K * (S / mean * power - (INR D + 1) * norms) by apply: Rmult_le_pos; lra.
have mixed_gap : 0 <= K * norms - Efy by rewrite /norms; lra.
exceed (2 * (K * (S / mean * power - (INR D + 1) * norms)) + 2 * (INR D + 1) * (K * norms - Efy)
  + 2 * (INR D + 1) * Eff).
by sign.
Qed.

Theorem nonlinear_collapse_shrinks_holds : nonlinear_collapse_shrinks.
Proof.
move=> S N_u gamma_u D N gamma K Efy Eff S_pos N_pos u_pos deep norm_pos gamma_pos K_pos Eff_ge0 decay mixed
  deeper below.
have := nonlinear_collapse_holds S N_u gamma_u D _ gamma K Efy Eff S_pos N_pos u_pos deep norm_pos
  gamma_pos K_pos Eff_ge0 decay mixed.
set mean := Rpower (gamma_u * _) _ in below *.
have mean_pos : 0 < mean by exact: Rpower_gt0.
have := nonlinear_barrier_rises_holds D _ K S deep mean_pos K_pos S_pos deeper ltac:(lra).
set slope := _ + 1 => slope_pos collapse.
have : 0 < 2 * S * slope by apply: Rmult_lt_0_compat; lra.
lra.
Qed.

Theorem nonlinear_collapse_one_layer_holds : nonlinear_collapse_one_layer.
Proof.
move=> gammabar K S gammabar_pos K_pos S_pos weak.
exceed (2 * S / gammabar * (gammabar - K)).
by apply: Rmult_lt_0_compat; [sign | lra].
Qed.

Theorem nonlinear_collapse_norm_holds : nonlinear_collapse_norm.
Proof.
move=> S N_u gamma_u D N gamma least S_pos N_pos u_pos deep norm_pos gamma_pos least_pos decay output
  hidden.
rewrite decay.
exceed (N_u * (gamma_u - least) + \sum_(1 <= i < D.+1) (N i * (gamma i - least))).
apply: Rplus_le_le_0_compat; first by apply: Rmult_le_pos; lra.
apply: sum_ge0 => i hi; apply: Rmult_le_pos; first by sign.
by have := hidden i hi; lra.
Qed.

Theorem nonlinear_collapse_decay_holds : nonlinear_collapse_decay.
Proof.
move=> S N_u gamma_u D N gamma most S_pos N_pos u_pos deep norm_pos gamma_pos most_pos decay output hidden.
rewrite decay.
exceed (N_u * (most - gamma_u) + \sum_(1 <= i < D.+1) (N i * (most - gamma i))).
apply: Rplus_le_le_0_compat; first by apply: Rmult_le_pos; lra.
apply: sum_ge0 => i hi; apply: Rmult_le_pos; first by sign.
by have := hidden i hi; lra.
Qed.

Theorem nonlinear_collapse_outputs_holds : nonlinear_collapse_outputs.
Proof.
move=> D o w _ o_ge0 w_ge0; elim: D => [|D IH] step.
  by rewrite big_geq // Rmult_1_r; exact: Rge_refl.
have below := Rge_le _ _ (IH (fun i hi => step i ltac:(in_range))).
have := step D.+1 ltac:(in_range); rewrite subn1 /= => last_layer.
have := Rmult_le_compat_r _ _ _ (w_ge0 D.+1) below.
rewrite (@prod_recr 1 D.+1) //; lra.
Qed.

Theorem nonlinear_collapse_changes_holds : nonlinear_collapse_changes.
Proof.
move=> D o w omega _ o_ge0 w_ge0 omega_ge0 outputs changes still.
elim: D outputs changes => [|D IH] outputs changes.
  by rewrite still /=; lra.
have outputs_below i (hi : (1 <= i < D.+1)%N) := outputs i ltac:(in_range).
have below := Rge_le _ _ (IH outputs_below (fun i hi => changes i ltac:(in_range))).
have size : o D <= o 0%N * \prod_(1 <= i < D.+1) w i.
  case: {IH below outputs changes} D outputs_below => [|D] outputs.
    by rewrite big_geq // Rmult_1_r; exact: Rle_refl.
  exact/Rge_le/nonlinear_collapse_outputs_holds.
have := changes D.+1 ltac:(in_range); rewrite subn1 [D.+1.-1]/= => last_layer.
have := Rmult_le_compat_r _ _ _ (w_ge0 D.+1) (Rplus_le_compat _ _ _ _ size below).
rewrite (@prod_recr 1 D.+1) // S_INR; lra.
Qed.

(* The error is at most the loss L, and the derivative of the outputs along the ray is bounded as the
   outputs are. *)
Theorem nonlinear_collapse_lipschitz_holds : nonlinear_collapse_lipschitz.
Proof.
move=> S N_u gamma_u D N gamma omega xi psi L B S_pos N_pos u_pos deep norm_pos gamma_pos omega_ge0 xi_ge0
  L_pos B_pos decay cauchy small change.
have /= := norms_below_decay S_pos N_pos u_pos deep norm_pos gamma_pos decay.
set mean := Rpower (gamma_u * _) _.
set norms := sqrt N_u * _; set power := Rpower (S / _) _ => norms_small.
have D_ge0 := pos_INR D.
have norms_pos : 0 < \prod_(1 <= i < D.+1) N i by sign.
pose bound := sqrt B * sqrt L * ((INR D + 1) * norms).
have bound_ge0 : 0 <= bound by rewrite /bound /norms; sign.
have squared : bound ^ 2 = L * (B * N_u * (INR D + 1) ^ 2 * (\prod_(1 <= i < D.+1) N i)).
  by rewrite /bound /norms !Rpow_mult_distr !pow2_sqrt; [ring | lra ..].
have psi_small : psi ^ 2 <= bound ^ 2.
  rewrite squared.
  have := Rmult_le_compat_l _ _ _ omega_ge0 (Rge_le _ _ small).
  have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ L_pos) (Rge_le _ _ change).
  lra.
have psi_below : - psi <= bound.
  case: (Rle_lt_dec 0 psi) => [|psi_neg]; first lra.
  apply: Rsqr_incr_0_var => //; rewrite !Rsqr_pow2; lra.
have gap : 0 <= sqrt B * sqrt L * (S / mean * power - (INR D + 1) * norms)
  by apply: Rmult_le_pos; [sign | lra].
exceed (2 * (sqrt B * sqrt L * (S / mean * power - (INR D + 1) * norms)) + 2 * (bound + psi)).
by lra.
Qed.
