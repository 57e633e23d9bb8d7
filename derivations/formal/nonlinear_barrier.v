(* A barrier between the origin and all other minima, for activations with |phi(t)| <= |t|.

   The sizes of layers multiply at most by their weights and noise, so that the prediction is at most K
   times the product of the norms of all layers, which the decay S bounds.  What remains is the function
   h(S) = S - 2 K (S/((D + 1) gammabar))^((D + 1)/2) of one variable: its zero, its top, and where it rises.
   *)
From Symderive.formal Require Import Powers Derivatives inequalities spinodal Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import nonlinear_barrier.

Theorem nonlinear_barrier_layer_holds : nonlinear_barrier_layer.
Proof.
move=> d i n_e E omega mu n_b H V F pi wide i_pos _ E_ge0 omega_ge0 mu_pos _ H_ge0 V_ge0 F_ge0 pi_ge0 mean
  activation j hj.
have -> : \sum_(1 <= s < n_b.+1) \sum_(1 <= r < n_e.+1) (E r j * F s j * omega r * pi s)
  = mu i * (\sum_(1 <= s < n_b.+1) (F s j * pi s)).
  combine ((\sum_(1 <= s < n_b.+1) (F s j * pi s)) * mean j hj)%fact.
exceed (mu i * (\sum_(1 <= s < n_b.+1) (pi s * (\sum_(1 <= k < (d (i - 1)%N).+1) (H s k * V i j k) - F s
  j)))).
apply: Rmult_le_pos; first by sign.
apply: sum_ge0 => s hs; apply: Rmult_le_pos; first by sign.
by have := activation s hs j hj; lra.
Qed.

(* By Cauchy and Schwarz the squares of the sizes grow at most by mu^2 |V|^2, layer by layer. *)
Theorem nonlinear_barrier_layers_holds : nonlinear_barrier_layers.
Proof.
move=> D d mu V Z _ wide mu_pos V_ge0 Z_ge0; elim: D => [|D IH] step; apply: Rle_ge.
  by rewrite [X in _ <= X * _]big_geq // Rmult_1_l; exact: Rle_refl.
have below := Rge_le _ _ (IH (fun i hi => step i ltac:(in_range))).
rewrite [X in _ <= X * _]big_nat_recr //= subn1 /=.
set factors := \prod_(_ <= i < _) _; set sizes := \sum_(_ <= j < _) Z 0%N j ^ 2.
rewrite -/factors -/sizes in below.
set norm := \sum_(1 <= j < (d D.+1).+1) \sum_(_ <= k < _) _.
have one_layer : \sum_(1 <= j < (d D.+1).+1) (Z D.+1 j) ^ 2
    <= mu D.+1 ^ 2 * norm * (\sum_(1 <= k < (d D).+1) Z D k ^ 2).
  have -> : mu D.+1 ^ 2 * norm * (\sum_(1 <= k < (d D).+1) Z D k ^ 2)
    = \sum_(1 <= j < (d D.+1).+1) (mu D.+1 ^ 2 * ((\sum_(1 <= k < (d D).+1) V D.+1 j k ^ 2)
        * (\sum_(1 <= k < (d D).+1) Z D k ^ 2))) by rewrite /norm; sum_ring.
  apply: le_sum => j hj.
  have := cauchy_schwarz_holds (d D) (V D.+1 j) (Z D) (wide D).
  have := step D.+1 ltac:(in_range) j hj; rewrite subn1 /=; set seen := \sum_(_ <= k < _) _ => small cauchy.
  have squared : Z D.+1 j ^ 2 <= (mu D.+1 * seen) ^ 2 by apply: pow_incr; have := Z_ge0 D.+1 j; lra.
  have := Rmult_le_compat_l _ _ _ (sq_ge0 (mu D.+1)) (Rge_le _ _ cauchy).
  lra.
apply: Rle_trans one_layer _.
have -> : factors * (mu D.+1 ^ 2 * norm) * sizes = mu D.+1 ^ 2 * norm * (factors * sizes) by ring.
by apply: Rmult_le_compat_l below; rewrite /norm; sign.
Qed.

Theorem nonlinear_barrier_prediction_holds : nonlinear_barrier_prediction.
Proof.
move=> D d mu V Z U deep wide mu_pos V_ge0 Z_ge0 U_ge0 step.
have := nonlinear_barrier_layers_holds D d mu V _ deep wide mu_pos V_ge0 Z_ge0 step.
have := cauchy_schwarz_holds (d D) U (Z D) (wide D).
have : 0 <= \sum_(1 <= k < (d D).+1) U k ^ 2 by sign.
set product := \prod_(_ <= i < _) _; set outputs := \sum_(_ <= k < _) U k ^ 2 => outputs_ge0 cauchy layers.
have := Rmult_le_compat_l _ _ _ outputs_ge0 (Rge_le _ _ layers); lra.
Qed.

Theorem nonlinear_barrier_mixed_holds : nonlinear_barrier_mixed.
Proof.
move=> n_x G X n_e F omega Y f g psi _ G_ge0 X_ge0 _ F_ge0 omega_ge0 Y_ge0 psi_ge0 small sizes.
exceed (\sum_(1 <= s < n_x.+1) (Y s * psi s * (G * X s - \sum_(1 <= r < n_e.+1) (F r s * omega r))
  + psi s * (\sum_(1 <= r < n_e.+1) (omega r * (F r s * Y s - f r s * g s))))).
apply: sum_ge0 => s hs; apply: Rplus_le_le_0_compat; apply: Rmult_le_pos; try sign.
  by have := small s hs; lra.
apply: sum_ge0 => r hr; apply: Rmult_le_pos; first by sign.
by have := sizes r hr s hs; lra.
Qed.

(* The variance of the noise's size is not negative. *)
Theorem nonlinear_barrier_noise_holds : nonlinear_barrier_noise.
Proof.
move=> n_e omega E sigma i _ omega_ge0 E_ge0 sigma_ge0 _ certain second.
pose mean := \sum_(1 <= r < n_e.+1) (E r * omega r).
have variance : \sum_(1 <= r < n_e.+1) (omega r * (E r - mean) ^ 2) = sigma i ^ 2 + 1 - mean ^ 2.
  combine (second + mean ^ 2 * certain)%fact.
have : 0 <= \sum_(1 <= r < n_e.+1) (omega r * (E r - mean) ^ 2).
  by apply: sum_ge0 => r _; apply: Rmult_le_pos; [sign | exact: sq_ge0].
rewrite variance /mean; lra.
Qed.

(* The D + 1 terms of the decay have a geometric mean, in which the norms are separate from the decays. *)
Theorem nonlinear_barrier_decay_holds : nonlinear_barrier_decay.
Proof.
move=> S N_u gamma_u D N gamma S_pos N_pos u_pos deep norm_pos gamma_pos decay.
have D_ge0 := pos_INR D.
set mean := Rpower (gamma_u * _) _.
have mean_pos : 0 < mean by exact: Rpower_gt0.
have norms_pos : 0 < \prod_(1 <= i < D.+1) N i by sign.
have gammas_pos : 0 < \prod_(1 <= i < D.+1) gamma i by sign.
have below : Rpower (N_u * \prod_(1 <= i < D.+1) N i) (/ (INR D + 1)) <= S / (mean * (INR D + 1)).
  have := am_gm_holds (N_u * gamma_u) D (fun i => N i * gamma i) ltac:(sign) deep ltac:(move=> i /=; sign).
  rewrite -decay prodM.
  have -> : N_u * gamma_u * ((\prod_(1 <= i < D.+1) N i) * (\prod_(1 <= i < D.+1) gamma i))
    = N_u * (\prod_(1 <= i < D.+1) N i) * (gamma_u * (\prod_(1 <= i < D.+1) gamma i)) by ring.
  rewrite -Rpower_mult_distr -/mean; try sign.
  move=> mean_below; apply: (Rmult_le_reg_r (mean * (INR D + 1))); first by sign.
  have -> : S / (mean * (INR D + 1)) * (mean * (INR D + 1)) = S by field; split; lra.
  lra.
rewrite -sqrt_mult_alt; last lra.
rewrite -Rpower_sqrt; last by sign.
have -> : Rpower (N_u * \prod_(1 <= i < D.+1) N i) (/ 2)
  = Rpower (Rpower (N_u * \prod_(1 <= i < D.+1) N i) (/ (INR D + 1))) (INR D / 2 + 1 / 2).
  rewrite Rpower_mult; congr Rpower; field; lra.
apply/Rle_ge/Rle_Rpower_l; first lra.
by split=> //; exact: Rpower_gt0.
Qed.

Theorem nonlinear_barrier_holds : nonlinear_barrier.
Proof.
move=> S N_u gamma_u D N gamma K Efy Eff c S_pos N_pos u_pos deep norm_pos gamma_pos K_pos Eff_ge0 c_ge0
  decay mixed.
have := nonlinear_barrier_decay_holds S N_u gamma_u D _ gamma S_pos N_pos u_pos deep norm_pos gamma_pos
  decay.
move/Rge_le/(Rmult_le_compat_l _ _ _ (Rlt_le _ _ K_pos)); lra.
Qed.

Theorem nonlinear_barrier_power_holds : nonlinear_barrier_power.
Proof. by move=> xi eta s xi_pos eta_pos s_pos order; apply/Rlt_gt/Rlt_Rpower_l; lra. Qed.

(* The function h, in terms of the base b = S/((D + 1) gammabar) and exponents p = 2/(D - 1), (D - 1)/2 =
   1/p. *)
Section Height.
Variables (D : nat).
Hypothesis deep : INR D >= 2.

Lemma height_of_root X : 0 < X -> Rpower (Rpower X (2 / (INR D - 1))) (INR D / 2 + 1 / 2)
  = Rpower X (2 / (INR D - 1)) * X.
Proof.
move=> X_pos; rewrite Rpower_mult -[X in _ = _ * X]Rpower_1 // -Rpower_plus.
congr Rpower; field; lra.
Qed.
Lemma slope_of_root X : 0 < X -> Rpower (Rpower X (2 / (INR D - 1))) (INR D / 2 - 1 / 2) = X.
Proof.
move=> X_pos; rewrite Rpower_mult -[X in _ = X]Rpower_1 //.
congr Rpower; field; lra.
Qed.
Lemma height_of_base b : 0 < b -> Rpower b (INR D / 2 + 1 / 2) = b * Rpower b (INR D / 2 - 1 / 2).
Proof.
move=> b_pos; rewrite -[X in _ = X * _]Rpower_1 // -Rpower_plus.
congr Rpower; field; lra.
Qed.
Lemma below_root X b : 0 < X -> 0 < b -> b < Rpower X (2 / (INR D - 1)) -> Rpower b (INR D / 2 - 1 / 2) < X.
Proof.
move=> X_pos b_pos below; rewrite -[X in _ < X]slope_of_root //.
by apply: Rlt_Rpower_l; lra.
Qed.
End Height.

Theorem nonlinear_barrier_zero_holds : nonlinear_barrier_zero.
Proof.
move=> D K gammabar _ K_pos gammabar_pos deep.
rewrite height_of_root //; last by sign.
field; lra.
Qed.

Theorem nonlinear_barrier_peak_holds : nonlinear_barrier_peak.
Proof.
move=> D K gammabar _ K_pos gammabar_pos deep.
rewrite height_of_root //; last by sign.
field; lra.
Qed.

Theorem nonlinear_barrier_ratio_holds : nonlinear_barrier_ratio.
Proof.
move=> D gammabar K _ gammabar_pos K_pos deep.
have -> : gammabar * (INR D + 1) / (2 * K) = gammabar / K * (INR D / 2 + 1 / 2) by field; lra.
have -> : / (INR D / 2 - 1 / 2) = 2 / (INR D - 1) by field; lra.
by rewrite -Rpower_mult_distr; [ring | sign | sign].
Qed.

Theorem nonlinear_barrier_positive_holds : nonlinear_barrier_positive.
Proof.
move=> D gammabar K S _ gammabar_pos K_pos S_pos deep below.
have scale_pos : 0 < gammabar * (INR D + 1) by sign.
have base_pos : 0 < S / (gammabar * (INR D + 1)) by sign.
rewrite height_of_base //.
have small : Rpower (S / (gammabar * (INR D + 1))) (INR D / 2 - 1 / 2) < gammabar * (INR D + 1) / (2 * K).
  apply: below_root => //; first by sign.
  apply: (Rmult_lt_reg_r (gammabar * (INR D + 1))) => //.
  have -> : S / (gammabar * (INR D + 1)) * (gammabar * (INR D + 1)) = S by field; lra.
  lra.
have -> : - (2 * K * (S / (gammabar * (INR D + 1)) * Rpower (S / (gammabar * (INR D + 1))) (INR D / 2 - 1 /
  2))) + S
  = 2 * K * (S / (gammabar * (INR D + 1)))
    * (gammabar * (INR D + 1) / (2 * K) - Rpower (S / (gammabar * (INR D + 1))) (INR D / 2 - 1 / 2)).
  by field; lra.
by apply: Rmult_lt_0_compat; [sign | lra].
Qed.

Theorem nonlinear_barrier_slope_holds : nonlinear_barrier_slope.
Proof.
move=> S K gammabar D S_pos K_pos gammabar_pos deep.
widths.
derive.
have -> : INR D / 2 + 1 / 2 - 1 = INR D / 2 - 1 / 2 by field.
by field; lra.
Qed.

Theorem nonlinear_barrier_rises_holds : nonlinear_barrier_rises.
Proof.
move=> D gammabar K S _ gammabar_pos K_pos S_pos deep below.
have scale_pos : 0 < gammabar * (INR D + 1) by sign.
have small : Rpower (S / (gammabar * (INR D + 1))) (INR D / 2 - 1 / 2) < gammabar / K.
  apply: below_root => //; try sign.
  apply: (Rmult_lt_reg_r (gammabar * (INR D + 1))) => //.
  have -> : S / (gammabar * (INR D + 1)) * (gammabar * (INR D + 1)) = S by field; lra.
  lra.
exceed (K / gammabar * (gammabar / K - Rpower (S / (gammabar * (INR D + 1))) (INR D / 2 - 1 / 2))).
by apply: Rmult_lt_0_compat; [sign | lra].
Qed.

(* Bernoulli's inequality at S/S_0, whose power (D - 1)/2 is that of the base b by gammabar/K. *)
Theorem nonlinear_barrier_highest_holds : nonlinear_barrier_highest.
Proof.
move=> D gammabar K S _ gammabar_pos K_pos S_pos deep.
set root := Rpower (gammabar / K) (2 / (INR D - 1)).
have root_pos : 0 < root by exact: Rpower_gt0.
have scale_pos : 0 < gammabar * (INR D + 1) by sign.
set b := S / (gammabar * (INR D + 1)).
have b_pos : 0 < b by rewrite /b; sign.
have := spinodal_tangent_holds (b / root) (INR D / 2 - 1 / 2) ltac:(sign) ltac:(lra).
rewrite Rpower_div // slope_of_root //; last by sign.
rewrite height_of_base //; set power := Rpower b _ => bernoulli.
have -> : S = gammabar * (INR D + 1) * b by rewrite /b; field; lra.
have gap : 0 <= power / (gammabar / K) - ((INR D / 2 - 1 / 2) * (1 - / (b / root)) + 1) by lra.
exceed (2 * gammabar * b * (power / (gammabar / K) - ((INR D / 2 - 1 / 2) * (1 - / (b / root)) + 1))).
by sign.
Qed.

Theorem nonlinear_barrier_one_layer_holds : nonlinear_barrier_one_layer.
Proof.
move=> K S gammabar K_pos S_pos gammabar_pos.
have -> : - (K * S / gammabar) + S = S / gammabar * (gammabar - K) by field; lra.
have factor_pos : 0 < S / gammabar by sign.
by split=> order; [have := Rmult_lt_reg_l (S / gammabar) 0 (gammabar - K) factor_pos; lra
  | apply: Rmult_lt_0_compat; lra].
Qed.
