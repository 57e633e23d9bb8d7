(* What noise of any kind does to the data and to stretched layers.

   Noise of the features adds to their second moments A a multiple of A and of its diagonal, both of
   which are positive semidefinite.  Weights that are stretched by vartheta_i in layer i stretch the
   second moments by the square of the product of the stretches, layer by layer. *)
From Symderive.formal Require Import Layers.
From Symderive.statements Require Import noise_minima.

Theorem noise_minima_data_holds : noise_minima_data.
Proof.
move=> d A rho_2 r _ rho0 r0 psdA; apply/psd_form => g.
have -> : form (d 0%N) (fun j k => rho_2 * delta j k * A j k + (r + 1) * A j k - A j k) g =
    rho_2 * (\sum_(1 <= j < (d 0%N).+1) (A j j * g j ^ 2)) + r * form (d 0%N) A g.
  by rewrite -form_diagonal -!form_scale -form_add; apply: eq_form => // *; ring.
have form0 : 0 <= form (d 0%N) A g by exact: (iffLR (psd_form _ _) psdA).
apply: Rplus_le_le_0_compat; apply: Rmult_le_pos => //; apply: sum_ge0 => j hj.
by apply: Rmult_le_pos; [exact: psd_diagonal psdA | exact: sq_ge0].
Qed.

Theorem noise_minima_stretching_holds : noise_minima_stretching.
Proof.
move=> d D A omega W vartheta alpha G eta _ _ _ _ _ _ j _ k _.
elim: D j k => [|i IH] j k; first by rewrite big_geq //=; ring.
rewrite big_nat_recr //=; set P := \prod_(1 <= l < i.+1) vartheta l.
set Q := Mtilde A omega d W alpha G eta i.
set V := \sum_(1 <= r < (d i).+1) (Q r r * W i.+1 j r * W i.+1 k r).
set S := \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (Q r s * W i.+1 j r * W i.+1 k s).
rewrite (_ : \sum_(1 <= r < (d i).+1) _ = (P * vartheta i.+1) ^ 2 * V); last first.
  by rewrite -sumZ; apply: eq_bigr => r _; rewrite IH -/P -/Q; ring.
rewrite (_ : \sum_(1 <= s < (d i).+1) _ = (P * vartheta i.+1) ^ 2 * S); last first.
  by rewrite -sum2Z; apply: eq_sum2 => s r _ _; rewrite IH -/P -/Q; ring.
ring.
Qed.
