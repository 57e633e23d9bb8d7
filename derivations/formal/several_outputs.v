(* Several outputs without noise: every stationary point chooses one point for each singular value.

   The conditions of the first and of the last layer, multiplied by its weights, speak of the map alone; at
   an eigenvector of the decay they make its image a singular vector of the data. *)
From Symderive.formal Require Import Powers several_outputs_layers Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import several_outputs.

Theorem several_outputs_first_holds : several_outputs_first.
Proof.
move=> d D B W Y gamma a V _ _ _ _ map stationary k hk l hl.
combine (total (fun j hj => (a * Y j l - V j l) * map j hj k hk)
  - total (fun r hr => W 1%N r k * stationary r hr l hl))%fact.
Qed.

Theorem several_outputs_last_holds : several_outputs_last.
Proof.
move=> d D C W Y gamma a V _ _ _ _ map stationary j hj s hs.
combine (total (fun k hk => (a * Y j k - V j k) * map s hs k hk)
  - total (fun r hr => W D.+1%N s r * stationary j hj r hr))%fact.
Qed.

Theorem several_outputs_input_holds : several_outputs_input.
Proof.
move=> D d W gamma Delta e kappa z B a V D0 dpos gamma0 kappa0 z0 a0 first_side second_side eigen size map.
move=> stationary p hp k hk.
have sizes := several_outputs_size_holds D d W gamma Delta e kappa z D0 dpos gamma0 kappa0 z0 first_side
  second_side eigen size p hp k hk.
have first := several_outputs_first_holds d D B W _ gamma a V dpos D0 gamma0 a0 map stationary.
combine (total (fun l hl => e p l * first l hl k hk) + a * sizes + eigen p hp k hk)%fact.
Qed.

(* If the decay of the outputs, X, acts on the map P as that of the inputs, E, does, it acts on the image of
   an eigenvector e of E as a number. *)
Lemma image_of_mode [m n] [P E : nat -> nat -> R] [X e : nat -> R] [gamma kappa j] :
  (forall k, (1 <= k < n)%N ->
    gamma * (\sum_(1 <= s < m) (P s k * X s)) = \sum_(1 <= l < n) (P j l * E k l)) ->
  (forall k, (1 <= k < n)%N -> \sum_(1 <= l < n) (e l * E l k) = e k * kappa) ->
  gamma * (\sum_(1 <= s < m) ((\sum_(1 <= l < n) (P s l * e l)) * X s))
  = kappa * (\sum_(1 <= l < n) (P j l * e l)).
Proof.
move=> commute eigen.
combine (total (fun k hk => e k * commute k hk) + total (fun k hk => P j k * eigen k hk))%fact.
Qed.

Theorem several_outputs_output_holds : several_outputs_output.
Proof.
move=> D d W gamma Delta e kappa z C a V D0 dpos gamma0 kappa0 z0 a0 first_side second_side eigen size map.
move=> stationary p hp j hj.
set image := fun s => \sum_(1 <= l < (d 0%N).+1) (P W d D s l * e p l).
have sizes k : (1 <= k < (d 0%N).+1)%N ->
  \sum_(1 <= s < (d D.+1%N).+1) (P W d D s k * image s) = e p k * z p ^ 2.
  by move=> hk; exact: (several_outputs_size_holds D d W gamma Delta e kappa z D0 dpos gamma0 kappa0 z0
    first_side second_side eigen size p hp k hk).
have commute := several_outputs_commute_holds D d W gamma Delta D0 dpos gamma0 first_side second_side j hj.
have last := several_outputs_last_holds d D C W _ gamma a V dpos D0 gamma0 a0 map stationary j hj.
have felt : gamma D.+1%N * (\sum_(1 <= s < (d D.+1%N).+1) (image s * (\sum_(1 <= r < (d D).+1)
    (W D.+1%N j r * W D.+1%N s r)))) = kappa p * image j.
  apply: (image_of_mode (E := fun k l => gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) (W 1%N r k * W 1%N r l)))).
  - by move=> k hk; combine (commute k hk).
  - by move=> k hk; combine (eigen p hp k hk).
have image_j : image j = \sum_(1 <= l < (d 0%N).+1) (P W d D j l * e p l) by [].
rewrite -image_j; clearbody image.
combine (total (fun k hk => (a * P W d D j k - V j k) * sizes k hk)
  + total (fun s hs => image s * last s hs) + felt - a * z p ^ 2 * image_j)%fact.
Qed.

(* Between logarithms all four hypotheses are linear. *)
Theorem several_outputs_equation_holds : several_outputs_equation.
Proof.
move=> kappa a m zeta v D gammabar q kappa0 a0 m0 zeta0 v0 D0 gamma0 q0 ridge signal shared q_is.
have n0 := INR_gt0 _ D0; have one0 : 0 < zeta + 1 by lra.
have ln_kappa : ln kappa = ln a + 2 * ln m + ln zeta by rewrite ridge; logs; rewrite /=; ring.
have ln_v : ln v = ln a + ln m + ln (zeta + 1) by rewrite signal; logs.
have ln_shared : (INR D + 1) * ln kappa = (INR D + 1) * ln gammabar + 2 * ln m.
  have : ln (kappa ^ D.+1) = ln (gammabar ^ D.+1 * m ^ 2) by rewrite shared.
  by logs; rewrite -S_INR /=; lra.
apply: ln_inv; [exact: zeta0 | by rewrite q_is in q0 *; sign | rewrite q_is; logs].
rewrite ln_v; have -> : ln zeta = ln gammabar + 2 * ln m / (INR D + 1) - ln a - 2 * ln m.
  have : ln kappa = ln gammabar + 2 * ln m / (INR D + 1).
    by apply: (Rmult_eq_reg_l (INR D + 1)); [rewrite ln_shared; field; lra | lra].
  lra.
by field; lra.
Qed.

Theorem several_outputs_gain_holds : several_outputs_gain.
Proof. by move=> kappa a m zeta v c D _ a0 _ zeta0 _ _ _ -> ->; field; lra. Qed.

(* The trace of a matrix X in an orthonormal basis e of eigenvectors. *)
Lemma trace_in_modes [n] [X e : nat -> nat -> R] [x : nat -> R] :
  (forall k, (1 <= k < n)%N -> forall l, (1 <= l < n)%N -> \sum_(1 <= p < n) (e p k * e p l) = delta k l) ->
  (forall p, (1 <= p < n)%N -> \sum_(1 <= k < n) e p k ^ 2 = 1) ->
  (forall p, (1 <= p < n)%N -> forall k, (1 <= k < n)%N ->
    \sum_(1 <= l < n) (X k l * e p l) = e p k * x p) ->
  \sum_(1 <= k < n) X k k = \sum_(1 <= p < n) x p.
Proof.
move=> complete unit modes.
transitivity (\sum_(1 <= p < n) \sum_(1 <= k < n) (e p k * (\sum_(1 <= l < n) (X k l * e p l))));
  last first.
  apply: eq_sum => p hp; rewrite -[RHS]Rmult_1_r -(unit p hp) -sumZ.
  by apply: eq_sum => k hk; rewrite (modes p hp k hk); ring.
rewrite exchange_sum; apply: eq_sum => k hk; rewrite -(sum_delta (X k) hk).
transitivity (\sum_(1 <= l < n) \sum_(1 <= p < n) (e p k * (X k l * e p l))); last first.
  by rewrite exchange_sum; apply: eq_sum => p _; rewrite sumZ.
by apply: eq_sum => l hl; rewrite -(complete k hk l hl) -sumZr; apply: eq_sum => p _; ring.
Qed.

(* The first layer turns the loss into - a |P|^2 and D - 1 times its own decay; both are traces. *)
Theorem several_outputs_holds : several_outputs.
Proof.
move=> D d W gamma Delta e kappa z B a V D0 dpos gamma0 kappa0 z0 a0 first_side second_side eigen size map.
move=> stationary complete unit.
have decay := several_outputs_decay_holds D d W gamma Delta D0 dpos gamma0 first_side second_side.
have sizes := several_outputs_size_holds D d W gamma Delta e kappa z D0 dpos gamma0 kappa0 z0 first_side
  second_side eigen size.
have first := several_outputs_first_holds d D B W _ gamma a V dpos D0 gamma0 a0 map stationary.
have squares : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D.+1%N).+1) P W d D j k ^ 2
  = \sum_(1 <= p < (d 0%N).+1) z p ^ 2.
  rewrite -(trace_in_modes (X := fun k l => \sum_(1 <= j < (d D.+1%N).+1) (P W d D j k * P W d D j l))
    (x := fun p => z p ^ 2) complete unit); first by sum_ring.
  move=> p hp k hk; rewrite -(sizes p hp k hk).
  under eq_bigr => l _ do rewrite -sumZr.
  by rewrite exchange_sum; apply: eq_sum => j _; rewrite -sumZ; apply: eq_sum => l _; ring.
have shares : \sum_(1 <= k < (d 0%N).+1) (gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) W 1%N r k ^ 2))
  = \sum_(1 <= p < (d 0%N).+1) kappa p.
  rewrite -(trace_in_modes
    (X := fun k l => gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) (W 1%N r k * W 1%N r l)))
    (x := kappa) complete unit); first by sum_ring.
  by move=> p hp k hk; combine (eigen p hp k hk).
have overlap : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D.+1%N).+1) (P W d D j k * V j k)
  = a * (\sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D.+1%N).+1) P W d D j k ^ 2)
    + \sum_(1 <= k < (d 0%N).+1) (gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) W 1%N r k ^ 2)).
  combine (total (fun k hk => first k hk k hk))%fact.
rewrite overlap decay shares squares sumD sumN !sumZ; ring.
Qed.
