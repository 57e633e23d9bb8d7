(* The end-to-end map of a network, transposed, layer by layer.

   The map T_i of the first i layers is W_i ... W_1.  Its transpose takes a vector g of layer i + 1 to what
   the transpose of T_i makes of W^T g, where W is the matrix of layer i + 1; [carried_down] is W^T g. *)
From Symderive.formal Require Export Sums.
From Symderive Require Export Definitions.
Set Implicit Arguments.
Unset Strict Implicit.

Definition carried_down n (w : nat -> nat -> R) (g : nat -> R) (r : nat) : R :=
  \sum_(1 <= j < n.+1) (w j r * g j).

Lemma transposed_step d W i (g : nat -> R) n k :
  carried_down n (T d W i.+1) g k = carried_down (d i) (T d W i) (carried_down n (W i.+1) g) k.
Proof.
rewrite /carried_down; under eq_sum => j _ do rewrite /= -sumZr.
rewrite exchange_sum; apply: eq_sum => r _; rewrite -sumZ.
by apply: eq_sum => j _; rewrite /=; ring.
Qed.

Lemma transposed_start d W (g : nat -> R) n k : (1 <= k < n.+1)%N -> carried_down n (T d W 0) g k = g k.
Proof. by move=> hk; rewrite -[RHS](sum_delta g hk); apply: eq_sum => j _; rewrite /= deltaC. Qed.
