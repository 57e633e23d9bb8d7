(* Several outputs, one hidden layer without noise: a dual problem over matrices Y of bounded norm.

   The decay is at least twice the overlap of the map P with any Y whose square is at most gamma_1 gamma_2:
   this holds neuron by neuron, by completing the square. What is left of the loss is a square of P - C. *)
From Symderive.formal Require Import Forms.
From Symderive.statements Require Import outputs_dual.
Set Implicit Arguments.
Unset Strict Implicit.

(* The bound on Y at a vector z. *)
Lemma bounded_matrix n m (Y : nat -> nat -> R) (gamma : nat -> R) (z : nat -> R) :
  psd n (fun k l => delta k l * gamma 1%N * gamma 2%N - \sum_(1 <= j < m.+1) (Y j k * Y j l)) ->
  \sum_(1 <= j < m.+1) (\sum_(1 <= k < n.+1) (Y j k * z k)) ^ 2 <=
  gamma 1%N * gamma 2%N * \sum_(1 <= k < n.+1) (z k) ^ 2.
Proof.
move=> /psd_form/(_ z); rewrite form_sub.
have -> : form n (fun k l => delta k l * gamma 1%N * gamma 2%N) z =
    gamma 1%N * gamma 2%N * \sum_(1 <= k < n.+1) (z k) ^ 2.
  by rewrite -sumZ -form_diagonal; apply: eq_form => // *; ring.
have -> : form n (fun k l => \sum_(1 <= j < m.+1) (Y j k * Y j l)) z =
    \sum_(1 <= j < m.+1) (\sum_(1 <= k < n.+1) (Y j k * z k)) ^ 2.
  by rewrite form_sum; apply: eq_bigr => j _; exact: form_square.
by lra.
Qed.

(* What Y sees of the map, neuron by neuron. *)
Lemma overlap_by_neurons n m q (P Y W V : nat -> nat -> R) :
  (forall j, (1 <= j < m.+1)%N -> forall k, (1 <= k < n.+1)%N ->
    P j k = \sum_(1 <= r < q.+1) (W r k * V j r)) ->
  \sum_(1 <= k < n.+1) \sum_(1 <= j < m.+1) (P j k * Y j k) =
  \sum_(1 <= r < q.+1) \sum_(1 <= j < m.+1) (V j r * \sum_(1 <= k < n.+1) (Y j k * W r k)).
Proof.
move=> product.
rewrite (eq_sum2 (G := fun k j => \sum_(1 <= r < q.+1) (W r k * V j r * Y j k))) => [|k j hk hj];
  last first.
  by rewrite product // sumZr.
rewrite exchange_sum [RHS]exchange_sum; apply: eq_bigr => j _.
by rewrite exchange_sum; apply: eq_bigr => r _; rewrite -sumZ; apply: eq_bigr => k _; ring.
Qed.

Unset Implicit Arguments.

(* For every hidden neuron with weights w in and u out, |gamma_2 u - Y w|^2 is not negative, and |Y w|^2 is
   at most gamma_1 gamma_2 |w|^2. *)
Theorem outputs_dual_decay_holds : outputs_dual_decay.
Proof.
move=> d gamma Y P W d0 gamma0 bounded product.
have gamma_2 := gamma0 2%N.
pose overlap r j := \sum_(1 <= k < (d 0%N).+1) (Y j k * W 1%N r k).
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 2%N).+1) (P j k * Y j k) =
    \sum_(1 <= r < (d 1%N).+1) \sum_(1 <= j < (d 2%N).+1) (W 2%N j r * overlap r j).
  exact: overlap_by_neurons.
rewrite exchange_sum -!sumZ -sumD; apply/Rle_ge/le_sum => r _.
have bound : \sum_(1 <= j < (d 2%N).+1) overlap r j ^ 2 <=
    gamma 1%N * gamma 2%N * \sum_(1 <= k < (d 0%N).+1) (W 1%N r k) ^ 2 by exact: bounded_matrix bounded.
have square : 0 <= \sum_(1 <= j < (d 2%N).+1) (gamma 2%N * W 2%N j r - overlap r j) ^ 2 by sign.
apply: (Rmult_le_reg_l (gamma 2%N)) => //.
move: square; rewrite (eq_bigr (fun j => gamma 2%N * (gamma 2%N * (W 2%N j r) ^ 2) -
  2 * (gamma 2%N * (W 2%N j r * overlap r j)) + overlap r j ^ 2)); last by move=> j _; ring.
by rewrite sumD sumB !sumZ; lra.
Qed.

(* The sums of the statements, output by output. *)
Lemma sum_of_forms n m A (P : nat -> nat -> R) :
  \sum_(1 <= l < n.+1) \sum_(1 <= k < n.+1) \sum_(1 <= j < m.+1) (A k l * P j k * P j l) =
  \sum_(1 <= j < m.+1) form n A (P j).
Proof. by under eq_bigr => l _ do rewrite exchange_sum; rewrite exchange_sum. Qed.

Lemma target_overlap [n m A] (P : nat -> nat -> R) [V Y C : nat -> nat -> R] :
  (forall j, (1 <= j < m.+1)%N -> forall k, (1 <= k < n.+1)%N ->
    V j k = Y j k + \sum_(1 <= l < n.+1) (A l k * C j l)) ->
  \sum_(1 <= k < n.+1) \sum_(1 <= j < m.+1) (P j k * V j k) =
  \sum_(1 <= k < n.+1) \sum_(1 <= j < m.+1) (P j k * Y j k) + \sum_(1 <= j < m.+1) polar n A (C j) (P j).
Proof.
move=> target; rewrite /polar [X in _ + X]exchange_sum -sum2D; apply: eq_sum2 => k j hk hj.
by rewrite target // sumZr; ring.
Qed.

(* The two sides differ by what the bound on the decay leaves and by the form of A at the rows of P - C. *)
Theorem outputs_dual_holds : outputs_dual.
Proof.
move=> d A V Y C gamma P W d0 gamma0 /psd_form psdA symmetric target bounded product.
rewrite !sum_of_forms (target_overlap _ target).
have decay := outputs_dual_decay_holds d gamma Y P W d0 gamma0 bounded product.
have : 0 <= \sum_(1 <= j < (d 2%N).+1) form (d 0%N) A (fun k => P j k - C j k) by apply: sum_ge0 => j _.
rewrite (eq_bigr (fun j => form (d 0%N) A (P j) - 2 * polar (d 0%N) A (C j) (P j) + form (d 0%N) A (C j))).
  by rewrite sumD sumB sumZ; lra.
by move=> j _; exact: form_difference.
Qed.

Theorem outputs_dual_optimum_holds : outputs_dual_optimum.
Proof.
move=> d A V Y C P gamma W d0 gamma0 symmetric target own decay.
rewrite !sum_of_forms (target_overlap _ target) decay.
have -> : \sum_(1 <= j < (d 2%N).+1) form (d 0%N) A (C j) = \sum_(1 <= j < (d 2%N).+1) form (d 0%N) A (P j).
  by apply: eq_sum => j hj; apply: eq_form => // k hk; exact: own.
have -> : \sum_(1 <= j < (d 2%N).+1) polar (d 0%N) A (C j) (P j) =
    \sum_(1 <= j < (d 2%N).+1) form (d 0%N) A (P j).
  by apply: eq_sum => j hj; apply: eq_sum2 => k l hk hl; rewrite own.
ring.
Qed.
