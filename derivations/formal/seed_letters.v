(* The letters of the paper for deep networks.

   Its products run over the layers from the second on; with the first factor they are the products over all
   layers.  The map of its weights is a ridge solution, numerator and denominator divided by the same
   number. *)
From Symderive.formal Require Import Powers.
From Symderive.statements Require Import seed_letters.

Theorem seed_letters_noise_holds : seed_letters_noise.
Proof.
move=> sigma d D _ d_gt0 D_gt0; have d_neq0 i : INR (d i) <> 0 by apply: pos_neq0; sign.
rewrite [RHS]prod_recl // [LHS]/Rdiv Rmult_assoc; congr (_ * _).
rewrite -prod_pow -/(Rdiv _ _) -prod_div; last by move=> i _; apply: pow_nonzero.
by apply: eq_prod => i _; field.
Qed.

Theorem seed_letters_map_holds : seed_letters_map.
Proof.
move=> n b_u d v D b sigma a gamma _ b_u_gt0 d_gt0 D_gt0 b_gt0 sigma_ge0 a_ge0 gamma_gt0 k _.
rewrite -seed_letters_noise_holds //.
set B := \prod_(2 <= i < D.+1) b i; set mu := \prod_(2 <= i < D.+1) INR (d i).
set s := \prod_(2 <= i < D.+1) _.
have B_gt0 : 0 < B by rewrite /B; sign.
have mu_gt0 : 0 < mu by rewrite /mu; sign.
have s_ge0 : 0 <= s by rewrite /s; sign.
have d1_gt0 : 0 < INR (d 1%N) by sign.
have gamma1 := gamma_gt0 1%N.
have ak := a_ge0 k.
have denominator : 0 < b_u ^ 2 * (INR (d 1%N) + sigma 1%N ^ 2) * a k * s * B ^ 2 + gamma 1%N.
  by apply: Rplus_le_lt_0_compat => //; sign.
by field; repeat split; apply: pos_neq0; nra.
Qed.
