(* The weights of the paper: rank-one layers W_i = b_i r_{i-1} r_i^T between vectors of signs, i >= 2.

   The map of these weights is the ridge solution, numerator and denominator divided by the same number; the
   noise factor is a product over the layers; and every upper layer carries the decay kappa, since the d_i
   d_{i-1} squared entries of layer i are all b_i^2. *)
From Symderive.formal Require Import Powers Sums.
From Symderive.statements Require Import paper_parametrization.

Theorem paper_parametrization_holds : paper_parametrization.
Proof.
move=> n b_u v D b d a sigma gamma _ b_u_gt0 _ b_gt0 d_gt0 a_ge0 _ gamma_gt0 k _.
set B := \prod_(2 <= i < D.+1) b i; set mu := \prod_(1 <= i < D.+1) INR (d i).
set s := \prod_(1 <= i < D.+1) _.
have B_gt0 : 0 < B by rewrite /B; sign.
have mu_gt0 : 0 < mu by rewrite /mu; sign.
have s_ge0 : 0 <= s by rewrite /s; sign.
have ridge_gt0 : 0 < INR (d 1%N) * gamma 1%N by sign.
have ak := a_ge0 k.
have denominator : 0 < a k * s * (b_u * B) ^ 2 + INR (d 1%N) * gamma 1%N.
  by apply: Rplus_le_lt_0_compat => //; sign.
by field; repeat split; apply: pos_neq0.
Qed.

Theorem paper_noise_factor_holds : paper_noise_factor.
Proof.
move=> D d sigma _ d_gt0 _; have d_neq0 i : INR (d i) <> 0 by apply: pos_neq0; sign.
rewrite -prod_pow -prod_div; last by move=> i _; apply: pow_nonzero.
by apply: eq_prod => i _; field.
Qed.

Theorem paper_ridge_holds : paper_ridge.
Proof.
move=> kappa Q d gamma m b_u D b _ Q_gt0 d_gt0 gamma_gt0 m_gt0 b_u_gt0 _ b_gt0 -> ->.
by field; repeat split; apply: pos_neq0; sign.
Qed.

Theorem paper_balance_holds : paper_balance.
Proof.
move=> D d W b r kappa gamma _ d_gt0 _ _ gamma_gt0 layers signs sizes i /andP[i_gt1 iD].
have d_neq0 l : INR (d l) <> 0 by apply: pos_neq0; sign.
have i_gt0 : (1 <= i)%N by exact: ltnW.
have entry k j : (1 <= k < (d (i - 1)%N).+1)%N -> (1 <= j < (d i).+1)%N -> W i j k ^ 2 = b i ^ 2.
  move=> hk hj; rewrite layers ?i_gt1 // !Rpow_mult_distr !signs ?i_gt0 //; first by ring.
  by rewrite subn_gt0 i_gt1 ltn_subLR // (ltn_trans iD).
have -> : \sum_(1 <= k < (d (i - 1)%N).+1) \sum_(1 <= j < (d i).+1) W i j k ^ 2 =
    \sum_(1 <= k < (d (i - 1)%N).+1) \sum_(1 <= j < (d i).+1) b i ^ 2 by exact: eq_sum2.
rewrite !sum_const1 sizes ?i_gt1 //.
by field; repeat split; rewrite ?d_neq0 //; apply: pos_neq0.
Qed.
