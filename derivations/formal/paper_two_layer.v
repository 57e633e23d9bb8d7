(* One hidden layer: the condition of the paper is the scalar equation.

   The nonzero b_u^2 (d_1 + sigma_1^2) a_j + gamma_1 of the weights are those of the ridge solution
   times b_u^2 d_1. *)
From Symderive.formal Require Import Powers.
From Symderive.statements Require Import paper_two_layer.

Lemma denominator (b x s a g : R) : 0 < b -> 0 < x ->
  b ^ 2 * (x + s) * a + g = ((1 + s / x) * a + g / (b ^ 2 * x)) * (b ^ 2 * x).
Proof. by move=> b_gt0 x_gt0; field; lra. Qed.

Lemma denominator_gt0 (b x s a g : R) : 0 < b -> 0 < x -> 0 <= s -> 0 <= a -> 0 < g ->
  0 < (1 + s / x) * a + g / (b ^ 2 * x).
Proof.
move=> b_gt0 x_gt0 s_ge0 a_ge0 g_gt0; have sx_ge0 : 0 <= s / x by sign.
by apply: Rplus_le_lt_0_compat; sign.
Qed.

Theorem paper_two_layer_holds : paper_two_layer.
Proof.
move=> n v b d sigma a gamma gamma_u _ b_gt0 d_gt0 _ a_ge0 gamma_gt0 gamma_u_gt0.
have x_gt0 : 0 < INR (d 1%N) by sign.
set x := INR (d 1%N) in x_gt0 *; have gamma1 := gamma_gt0 1%N.
set S := \sum_(1 <= j < n.+1) (v j ^ 2 / ((1 + _ / x) * a j + _) ^ 2).
have -> : \sum_(1 <= j < n.+1) (v j ^ 2 / (b ^ 2 * (x + sigma 1%N ^ 2) * a j + gamma 1%N) ^ 2) =
    S / (b ^ 2 * x) ^ 2.
  rewrite [RHS]/Rdiv -sumZr; apply: eq_sum => j _; rewrite denominator //.
  have := denominator_gt0 _ _ _ _ _ b_gt0 x_gt0 (sq_ge0 (sigma 1%N)) (a_ge0 j) gamma1.
  by set den := _ * a j + _ => den_gt0; field; lra.
have -> : gamma 1%N ^ 2 * S / (b ^ 4 * x ^ 2) = gamma 1%N ^ 2 * (S / (b ^ 2 * x) ^ 2) by field; lra.
split=> [->|eq]; first by field; lra.
apply: (Rmult_eq_reg_l (gamma 1%N ^ 2)); last by apply: pos_neq0; sign.
by rewrite eq; field; lra.
Qed.

Theorem paper_two_layer_map_holds : paper_two_layer_map.
Proof.
move=> n b d v sigma a gamma _ b_gt0 d_gt0 _ a_ge0 gamma_gt0 k _.
have x_gt0 : 0 < INR (d 1%N) by sign.
rewrite denominator //.
have := denominator_gt0 _ _ _ _ _ b_gt0 x_gt0 (sq_ge0 (sigma 1%N)) (a_ge0 k) (gamma_gt0 1%N).
by set den := _ * a k + _ => den_gt0; field; lra.
Qed.
