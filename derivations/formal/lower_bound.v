(* The noise multiplies the second moment of the prediction, layer by layer.

   Let S = W M_i W^T be the second moments of layer i + 1 before its noise.  The form of M_(i+1) at g is
   that of S, plus sigma^2 times that of the diagonal of S, which is at least that of S over the width
   (diagonal-bound).  So it is at least 1 + sigma^2/d_(i+1) times the form of S at g, which is that of
   M_i at W^T g; and so on down to A. *)
From Symderive.formal Require Import Layers Maps diagonal_bound noise_second_moment.
From Symderive.statements Require Import lower_bound.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma noise_factor A sigma d W i g : (0 < d i.+1)%N -> psd (d i) (M A sigma d W i) ->
  (1 + sigma i.+1 ^ 2 / INR (d i.+1)) *
    form (d i) (M A sigma d W i) (carried_down (d i.+1) (W i.+1) g) <=
  form (d i.+1) (M A sigma d W i.+1) g.
Proof.
move=> d0 psdM; rewrite second_moments_form.
set S := fun j k => \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1)
  (M A sigma d W i r s * W i.+1 j r * W i.+1 k s).
have psdS : psd (d i.+1) S.
  by apply/psd_form => u; rewrite form_pull_back; exact: (iffLR (psd_form _ _) psdM).
rewrite -form_pull_back -/S (_ : \sum_(1 <= j < (d i.+1).+1) _ = diagonal_form (d i.+1) S g) //.
rewrite Rmult_plus_distr_r Rmult_1_l; apply: Rplus_le_compat_l; rewrite /Rdiv Rmult_assoc.
apply: Rmult_le_compat_l; first exact: sq_ge0.
by rewrite Rmult_comm; exact: diagonal_form_bound.
Qed.

(* The form of A at the transposed map of g. *)
Lemma noise_factors d A D sigma W g : (forall i, (0 < d i)%N) -> psd (d 0%N) A ->
  (\prod_(1 <= i < D.+1) (1 + sigma i ^ 2 / INR (d i))) *
    form (d 0%N) A (carried_down (d D) (T d W D) g) <=
  form (d D) (M A sigma d W D) g.
Proof.
move=> d0 psdA; elim: D g => [|i IH] g.
  by rewrite big_geq // Rmult_1_l; apply: Req_le; apply: eq_form => // r hr; exact: transposed_start.
rewrite big_nat_recr //=; set u := carried_down (d i.+1) (W i.+1) g.
rewrite (eq_form (Q' := A) (g' := carried_down (d i) (T d W i) u)) // => [|k _]; last exact:
  transposed_step.
apply: Rle_trans (noise_factor g (d0 _) (psd_second_moments _ _ _ psdA)).
rewrite [_ * (1 + _)]Rmult_comm Rmult_assoc; apply: Rmult_le_compat_l (IH u).
have ? := d0 i.+1; have ? := sq_ge0 (sigma i.+1); sign.
Qed.

Unset Implicit Arguments.

Theorem lower_bound_layers_holds : lower_bound_layers.
Proof. by move=> d A D sigma W g d0 _ _ psdA; apply: Rle_ge; exact (noise_factors D sigma W g d0 psdA). Qed.

Theorem second_moment_bound_holds : second_moment_bound.
Proof.
move=> d A D sigma W d0 _ _ psdA; apply/psd_form => g; rewrite form_sub form_scale form_pull_back.
by apply/Rge_le/Rge_minus/Rle_ge; exact (noise_factors D sigma W g d0 psdA).
Qed.

Theorem lower_bound_holds : lower_bound.
Proof.
move=> Data Noise E_x E_eps x y eps d A D U W sigma v c d0 _ _ _ E_data E_noise psdA.
rewrite (prediction_moment E_data E_noise (outputs_layers x A d W E_noise)); apply: Rle_ge.
exact (noise_factors D sigma W U d0 psdA).
Qed.
