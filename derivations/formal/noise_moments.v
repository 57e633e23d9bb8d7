(* Noise of any kind.

   Neuron j of layer i has the noise 1 + sum_l (eps_il - 1) Psi_jkl on its weight k.  So its output is a
   part without noise of that layer, plus a centered part; of the product of two outputs the mean is
   that of the parts without noise, plus sigma^2 times that of the coefficients of equal sources
   (noise_peel).  The library Layers carries these moments down to the data. *)
From Symderive.formal Require Import Layers.
From Symderive.statements Require Import noise_moments.
Set Implicit Arguments.
Unset Strict Implicit.

Section Outputs.
Variables (Data Noise : Type) (E : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R) (sigma : nat -> R).
Variables (x : Data -> nat -> R) (A : nat -> nat -> R) (d Z : nat -> nat).
Variables (Psi : nat -> nat -> nat -> nat -> R) (W : nat -> nat -> nat -> R).
Hypothesis E_noise : noise_average E eps sigma.
Let out i j p o := h_2 (x p) d Z (eps o) Psi W i j.

Lemma outputs_before i j p : before eps i.+1 (out i j p).
Proof. by elim: i j => [|i IH] j; rewrite /out /=; before; apply: before_weaken (IH _). Qed.

(* An output without the noise of its layer, and the coefficient of source l of that noise. *)
Let still i j p o := \sum_(1 <= k < (d i).+1) (W i.+1 j k * out i k p o).
Let coefficient i j l p o := \sum_(1 <= k < (d i).+1) (Psi i.+1 j k l * W i.+1 j k * out i k p o).

Lemma outputs_split i j p :
  out i.+1 j p = fun o =>
    still i j p o + \sum_(1 <= l < (Z i.+1).+1) ((eps o i.+1 l - 1) * coefficient i j l p o).
Proof.
apply: functional_extensionality => o; rewrite /coefficient.
under [in RHS]eq_bigr => l _ do rewrite -sumZ.
rewrite exchange_sum -sumD; apply: eq_bigr => k _; rewrite /= -/(h_2 _ _ _ _ _ _ i k) -/(out i k p o).
rewrite Rmult_assoc Rmult_plus_distr_r Rmult_1_l Rplus_comm -sumZr; congr (_ + _).
by apply: eq_bigr => l _; ring.
Qed.

Lemma outputs_layers :
  layers E x eps A d W out
    (fun i j k r s =>
      (sigma i.+1 ^ 2 * (\sum_(1 <= l < (Z i.+1).+1) (Psi i.+1 j r l * Psi i.+1 k s l)) + 1) *
      (W i.+1 j r * W i.+1 k s))
    (Mbar A d sigma Z Psi W).
Proof.
have b_still i j p : before eps i.+1 (still i j p) by rewrite /still; before; exact: outputs_before.
have b_coefficient i j p l : before eps i.+1 (coefficient i j l p).
  by rewrite /coefficient; before; exact: outputs_before.
have b_pair i p r s : before eps i.+1 (fun o => out i r p o * out i s p o).
  by apply: before_mul; exact: outputs_before.
split=> [j | i j p | i j k p | i j p | // | i j k] //=; first exact: outputs_before.
- rewrite !outputs_split (noise_peel E_noise) // (linear_pairs (before_linear E_noise i.+1)) //.
  under [X in _ + _ * X]eq_bigr => l _ do rewrite (linear_pairs (before_linear E_noise i.+1)) //.
  rewrite [X in _ + _ * X]exchange_sum; under [X in _ + _ * X]eq_bigr => s _ do rewrite exchange_sum.
  rewrite -[X in _ + X]sum2Z -sum2D; apply: eq_sum2 => s r _ _.
  set e := E (fun o => out i r p o * out i s p o).
  rewrite (_ : \sum_(1 <= l < _) _ =
    (\sum_(1 <= l < (Z i.+1).+1) (Psi i.+1 j r l * Psi i.+1 k s l)) * (W i.+1 j r * W i.+1 k s * e));
      first ring.
  by rewrite -sumZr; apply: eq_bigr => l _; ring.
- rewrite outputs_split (noise_peel_mean E_noise) // (linear_combination (before_linear E_noise i.+1)) //.
  by move=> k; exact: outputs_before.
- by apply: eq_sum2 => *; ring.
Qed.
End Outputs.

Unset Implicit Arguments.

Theorem noise_moments_any_holds : noise_moments_any.
Proof.
move=> Data Noise E_x E_eps x y eps d D Z Psi W A sigma v c _ _ _ _ _ E_data E_noise j _ k _.
by case: (outputs_moments E_data E_noise (outputs_layers x A d Z Psi W E_noise) D j k).
Qed.

Theorem noise_moments_map_holds : noise_moments_map.
Proof.
move=> Data Noise E_x E_eps x y eps d D Z Psi W v A c sigma _ _ _ _ _ E_data E_noise j hj.
by case: (target_moments E_data E_noise (outputs_layers x A d Z Psi W E_noise) D j) => _; apply.
Qed.

(* When the noise of the weights of a layer is that of neurons, with correlations, and an independent
   one of every weight, its second moments are two sums: over all weights, and over the same ones
   (delta_rs). *)
Theorem noise_moments_holds : noise_moments.
Proof.
move=> D d sigma Z Psi omega alpha G eta A W _ _ _ _ _ _ _ split_noise.
have at_layer i : (i <= D)%N -> forall j k, (1 <= j < (d i).+1)%N -> (1 <= k < (d i).+1)%N ->
    Mbar A d sigma Z Psi W i j k = Mtilde A omega d W alpha G eta i j k.
  elim: i => [//|i IH] hi j k hj hk /=.
  set scale := alpha i.+1 + \sum_(1 <= l < (G i.+1).+1) (eta i.+1 l j * eta i.+1 l k).
  set Q := Mtilde A omega d W alpha G eta i.
  have -> : \sum_(1 <= r < (d i).+1) (Q r r * W i.+1 j r * W i.+1 k r) =
      \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (delta s r * (Q r s * W i.+1 j r * W i.+1 k s)).
    by apply: eq_sum => s hs; rewrite sum_delta.
  rewrite -sum2Z -sum2D [RHS]Rmult_comm -sum2Z; apply: eq_sum2 => s r hs hr.
  have := split_noise i.+1 hi j hj k hk r; rewrite /= subn1 => /(_ hr s hs) ->.
  by rewrite IH ?(ltnW hi) // -/scale (deltaC s r) -/Q; ring.
by move=> j hj k hk; exact: at_layer.
Qed.

Section Mtilde.
Variables (A : nat -> nat -> R) (omega : nat -> R) (d : nat -> nat) (W : nat -> nat -> nat -> R).
Variables (alpha : nat -> R) (G : nat -> nat) (eta : nat -> nat -> nat -> R).
Let Q i := Mtilde A omega d W alpha G eta i.

(* Before its noise, a layer has the second moments S = W Q W^T; independent noise of its weights adds V
   on the diagonal, and that of its neurons scales this by alpha, and rescales it by every row of eta.
   *)
Let S i j k := \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (Q i r s * W i.+1 j r * W i.+1 k s).
Let V i j := \sum_(1 <= r < (d i).+1) (Q i r r * W i.+1 j r ^ 2).

Lemma Mtilde_form i g :
  form (d i.+1) (Q i.+1) g = alpha i.+1 * form (d i.+1) (S i) g +
  \sum_(1 <= l < (G i.+1).+1) form (d i.+1) (S i) (fun j => eta i.+1 l j * g j) +
  omega i.+1 ^ 2 * (\sum_(1 <= j < (d i.+1).+1)
    (V i j * (alpha i.+1 + \sum_(1 <= l < (G i.+1).+1) eta i.+1 l j ^ 2) * g j ^ 2)).
Proof.
set V' := fun j k => (\sum_(1 <= r < (d i).+1) (Q i r r * W i.+1 j r * W i.+1 k r)) *
  (alpha i.+1 + \sum_(1 <= l < (G i.+1).+1) (eta i.+1 l j * eta i.+1 l k)).
have -> : \sum_(1 <= j < (d i.+1).+1)
      (V i j * (alpha i.+1 + \sum_(1 <= l < (G i.+1).+1) eta i.+1 l j ^ 2) * g j ^ 2) =
    form (d i.+1) (fun j k => delta j k * V' j k) g.
  rewrite form_diagonal; apply: eq_bigr => j _; rewrite /V' /V; do ! congr (_ * _).
    by apply: eq_bigr => r _; ring.
  by congr (_ + _); apply: eq_bigr => l _; ring.
under eq_bigr => l _ do rewrite -form_rescale.
rewrite -form_sum -!form_scale -!form_add; apply: eq_form => // j k _ _;
  rewrite sumZr /V' {1}/Q /= -/(Q i) -/(S i j k).
ring.
Qed.

Lemma psd_Mtilde i : (forall i, 0 <= alpha i) -> psd (d 0%N) A -> psd (d i) (Q i).
Proof.
move=> alpha0 psdA; elim: i => [|i IH] //; apply/psd_form => g; rewrite Mtilde_form.
have S0 u : 0 <= form (d i.+1) (S i) u by rewrite form_pull_back; exact: (iffLR (psd_form _ _) IH).
have V0 j : 0 <= V i j.
  by apply: sum_ge0 => r hr; apply: Rmult_le_pos; [exact: psd_diagonal IH | exact: sq_ge0].
have eta0 j : 0 <= \sum_(1 <= l < (G i.+1).+1) eta i.+1 l j ^ 2 by sign.
have := alpha0 i.+1; have := sq_ge0 (omega i.+1); have := S0 g => *.
apply: Rplus_le_le_0_compat; [apply: Rplus_le_le_0_compat |]; first exact: Rmult_le_pos.
  by apply: sum_ge0 => l _.
apply: Rmult_le_pos => //; apply: sum_ge0 => j _; apply: Rmult_le_pos; last exact: sq_ge0.
by apply: Rmult_le_pos => //; exact: Rplus_le_le_0_compat.
Qed.
End Mtilde.

Theorem noise_moments_psd_holds : noise_moments_psd.
Proof. by move=> d A D omega W alpha G eta _ _ _ alpha0 _ psdA; exact: psd_Mtilde. Qed.

(* Noise of the features: a factor (layer 1) and a sum of centered sources (layer 2). *)
Theorem noise_moments_features_holds : noise_moments_features.
Proof.
move=> Data Noise E_x E_eps x y eps d n psi A sigma v c _ _ _ _ E_data E_noise j _ k _.
rewrite (_ : (fun p => _) = fun p => (1 + delta j k * sigma 1%N ^ 2) * (x p j * x p k) +
    sigma 2%N ^ 2 * \sum_(1 <= l < n.+1) (psi j l * psi k l)).
  rewrite (data_add E_data) ?(data_scale E_data) ?(data_constant E_data) ?(data_features E_data);
    by [ring | do ?constructor].
apply: functional_extensionality => p.
rewrite (noise_peel E_noise) => [||||]; try by before.
under [X in _ + _ * X]eq_bigr => l _ do rewrite (noise_constant E_noise).
congr (_ + _); rewrite (_ : (fun o => _) = fun o => x p j * x p k * (eps o 1%N j * eps o 1%N k)).
  rewrite (noise_pair E_noise) ?(noise_constant E_noise) //; before.
by apply: functional_extensionality => o; ring.
Qed.

Theorem noise_moments_features_target_holds : noise_moments_features_target.
Proof.
move=> Data Noise E_x E_eps x y eps d n psi v A c sigma _ _ _ _ E_data E_noise j _.
rewrite -(data_mixed E_data); congr E_x; apply: functional_extensionality => p.
rewrite (noise_scale E_noise (i := 3)) ?(noise_peel_mean E_noise); try by before.
rewrite (_ : (fun o => _) = fun o => x p j * eps o 1%N j).
  by rewrite (noise_mean E_noise) ?(noise_constant E_noise) //; before.
by apply: functional_extensionality => o; ring.
Qed.

(* Noise of the output weights (layer D + 1), of the last outputs (D + 2) and of the prediction (D + 3),
   peeled off from the last to the first; what is left is the error without them. *)
Lemma outer_noise [Noise : Type] [E : (Noise -> R) -> R] [eps : Noise -> nat -> nat -> R] [sigma : nat -> R]
    [D] n (U : nat -> R) (t : R) [out : nat -> Noise -> R] :
  noise_average E eps sigma -> (forall j, before eps D.+1 (out j)) ->
  E (fun o => (- t - eps o D.+3 1%N +
    (\sum_(1 <= j < n.+1) ((eps o D.+2 j + out j o - 1) * U j * eps o D.+1 j)) + 1) ^ 2) =
  E (fun o => (- t + \sum_(1 <= j < n.+1) (U j * out j o)) ^ 2) +
  sigma D.+1 ^ 2 * (\sum_(1 <= j < n.+1) (U j ^ 2 * E (fun o => out j o * out j o))) +
  (sigma D.+1 ^ 2 + 1) * sigma D.+2 ^ 2 * (\sum_(1 <= j < n.+1) (U j ^ 2)) + sigma D.+3 ^ 2.
Proof.
move=> E_noise b_out.
have square (f g : Noise -> R) : (forall o, f o = g o) -> E (fun o => f o ^ 2) = E (fun o => g o * g o).
  by move=> fg; congr E; apply: functional_extensionality => o; rewrite fg; ring.
set rest1 := fun o => - t + \sum_(1 <= j < n.+1) (U j * out j o).
set rest2 := fun o => rest1 o + \sum_(1 <= j < n.+1) ((eps o D.+1 j - 1) * (U j * out j o)).
set rest3 := fun o => rest2 o + \sum_(1 <= j < n.+1) ((eps o D.+2 j - 1) * (U j * eps o D.+1 j)).
have b_out' i j : (D < i)%N -> before eps i (out j) by move=> lt; exact: before_weaken (b_out j).
have b_rest1 : before eps D.+1 rest1 by rewrite /rest1; before; exact: b_out.
have b_rest2 : before eps D.+2 rest2.
  by apply: before_add; [exact: before_weaken b_rest1 | before; exact: b_out'].
have b_rest3 : before eps D.+3 rest3 by apply: before_add; [exact: before_weaken b_rest2 | before].
rewrite (square _ (fun o => rest3 o + \sum_(1 <= l < 2) ((eps o D.+3 l - 1) * -1))); last first.
  move=> o; rewrite big_nat1 /rest3 /rest2 /rest1.
  rewrite (_ : \sum_(1 <= j < n.+1) ((eps o D.+2 j + out j o - 1) * U j * eps o D.+1 j) =
    \sum_(1 <= j < n.+1) (U j * out j o) + \sum_(1 <= j < n.+1) ((eps o D.+1 j - 1) * (U j * out j o)) +
    \sum_(1 <= j < n.+1) ((eps o D.+2 j - 1) * (U j * eps o D.+1 j))); first ring.
  by rewrite -!sumD; apply: eq_bigr => j _; ring.
rewrite (noise_peel E_noise) //; try by before.
rewrite (noise_peel E_noise) //; try by before.
rewrite (noise_peel E_noise) //; try by before; exact: b_out.
rewrite -(square rest1) // big_nat1 (noise_constant E_noise).
have -> : \sum_(1 <= j < n.+1) E (fun o => U j * out j o * (U j * out j o)) =
    \sum_(1 <= j < n.+1) (U j ^ 2 * E (fun o => out j o * out j o)).
  apply: eq_bigr => j _; rewrite -(noise_scale E_noise (i := D.+1)); last exact: before_mul.
  by congr E; apply: functional_extensionality => o; ring.
have -> : \sum_(1 <= j < n.+1) E (fun o => U j * eps o D.+1 j * (U j * eps o D.+1 j)) =
    (sigma D.+1 ^ 2 + 1) * \sum_(1 <= j < n.+1) (U j ^ 2).
  rewrite -sumZ; apply: eq_bigr => j _.
  rewrite (_ : (fun o => _) = fun o => U j ^ 2 * (eps o D.+1 j * eps o D.+1 j)).
    by rewrite (noise_pair E_noise) ?(noise_constant E_noise) /delta ?eqxx; [ring | before].
  by apply: functional_extensionality => o; ring.
by rewrite /rest1; ring.
Qed.

Theorem noise_moments_output_holds : noise_moments_output.
Proof.
move=> Data Noise E_x E_eps x y eps D d Z Psi W U c sigma A v _ _ _ _ _ E_data E_noise.
set out := fun i j p o => h_2 (x p) d Z (eps o) Psi W i j.
have net := outputs_layers x A d Z Psi W E_noise.
have av_error :
  averaged E_eps x y eps D.+1 (fun p o => (- y p + \sum_(1 <= j < (d D).+1) (U j * out D j p o)) ^ 2).
  exact: (averaged_error E_data E_noise net).
have av_pair j : averaged E_eps x y eps D.+1 (fun p o => out D j p o * out D j p o).
  exact: (averaged_outputs E_data E_noise net).
set noise := (sigma D.+1 ^ 2 + 1) * sigma D.+2 ^ 2 * (\sum_(1 <= j < (d D).+1) (U j ^ 2)) +
  sigma D.+3 ^ 2.
have av_noise : averaged E_eps x y eps D.+1 (fun _ _ => noise).
  by apply: (averaged_data E_noise); exact: quadratic_constant.
have av_outputs : averaged E_eps x y eps D.+1 (fun p o =>
    \sum_(1 <= j < (d D).+1) (sigma D.+1 ^ 2 * U j ^ 2 * (out D j p o * out D j p o))).
  exact: (averaged_combination E_data E_noise).
have av_both := averaged_add E_data E_noise av_outputs av_noise.
rewrite (_ : (fun p => _) = fun p => E_eps (fun o =>
    (- y p + \sum_(1 <= j < (d D).+1) (U j * out D j p o)) ^ 2 +
    (\sum_(1 <= j < (d D).+1) (sigma D.+1 ^ 2 * U j ^ 2 * (out D j p o * out D j p o)) + noise)));
      last first.
  apply: functional_extensionality => p.
  rewrite (outer_noise _ _ _ E_noise (out := fun j => out D j p)) => [|j];
    last exact: (layers_before net D j p).
  rewrite (noise_add E_noise (proj1 av_error p) (proj1 av_both p)).
  rewrite (noise_add E_noise (proj1 av_outputs p) (proj1 av_noise p)) (noise_constant E_noise).
  rewrite (linear_combination (before_linear E_noise D.+1)) => [|j]; last exact: (proj1 (av_pair j) p).
  rewrite /noise -sumZ; under eq_bigr => j _ do rewrite -Rmult_assoc.
  ring.
rewrite (mean_add E_data E_noise av_error av_both) (mean_add E_data E_noise av_outputs av_noise).
rewrite (error_moment E_data E_noise net) (mean_combination E_data E_noise _ _ _ av_pair)
  (noise_constant E_noise).
rewrite (data_constant E_data).
have -> : \sum_(1 <= j < (d D).+1) (sigma D.+1 ^ 2 * U j ^ 2 *
      E_x (fun p => E_eps (fun o => out D j p o * out D j p o))) =
    sigma D.+1 ^ 2 * \sum_(1 <= j < (d D).+1) (Mbar A d sigma Z Psi W D j j * U j ^ 2).
  by rewrite -sumZ; apply: eq_bigr => j _; case: (outputs_moments E_data E_noise net D j j) => _ ->; ring.
by rewrite /noise /form; ring.
Qed.
