(* The norm of the map of a network is at most the product of the norms of its layers.

   By induction over the layers from the input on: the transposed map of D + 1 layers takes g to what that
   of D layers makes of W^T g, W the last matrix, and |W^T g| is at most the Frobenius norm of W times |g|,
   by the inequality of Cauchy and Schwarz in every column. *)
From Symderive.formal Require Import Powers Maps inequalities.
From Symderive.statements Require Import norm_product.

Theorem norm_product_layers_holds : norm_product_layers.
Proof.
move=> D d W g _ d_gt0; elim: D g => [|D IH] g.
  rewrite big_geq // Rmult_1_l; right; apply: eq_sum => k hk.
  by rewrite -/(carried_down _ _ _ k) transposed_start.
set product := \prod_(1 <= i < D.+1) _ in IH; set size := \sum_(1 <= j < _) g j ^ 2.
set g' := carried_down (d D.+1) (W D.+1) g.
have column r : g' r ^ 2 <= (\sum_(1 <= j < (d D.+1).+1) W D.+1 j r ^ 2) * size.
  exact/Rge_le/(cauchy_schwarz_holds (d D.+1) (fun j => W D.+1 j r)).
apply/Rle_ge; under eq_sum => k _ do rewrite -/(carried_down _ _ _ k) transposed_step -/g'.
apply: Rle_trans (Rge_le _ _ (IH g')) _.
rewrite prod_recr // -/product Rmult_assoc; apply: Rmult_le_compat_l; first by rewrite /product; sign.
rewrite exchange_sum -sumZr subn1; apply: le_sum => r _; exact: column.
Qed.

Theorem norm_product_holds : norm_product.
Proof. exact: norm_product_layers_holds. Qed.

Theorem norm_product_dead_layer_holds : norm_product_dead_layer.
Proof.
move=> d [//|l] W n _ _ _ dead j hj k _; elim: n j hj => [|n IH] j hj.
  by rewrite addn0 in hj *; apply: sum0 => r hr; rewrite dead ?subn1 //; ring.
rewrite addnS in hj *; move: (l.+1 + n)%N IH hj => i IH hj.
by rewrite /=; apply: sum0 => r hr; rewrite IH //; ring.
Qed.
