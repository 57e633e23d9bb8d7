(* Several outputs, one noisy hidden layer.

   A contraction Y sees of the map the sum over neurons r of the products of u_r, its output weights,
   with Y w_r, of its input weights.  By Cauchy and Schwarz for each neuron and over the neurons, the
   square of that sum is at most d_1 times the sum of |u_r|^2 |w_r|^2, which is what noise costs
   (spread).  With the decay (outputs-dual) the loss is bounded by a convex function of the singular
   values z_p; its least value satisfies the conditions of Karush, Kuhn and Tucker (filled), and neurons
   that carry equal shares attain the bound. *)
From Symderive.formal Require Import Layers Algebra inequalities outputs_dual noise_second_moment.
From Symderive.statements Require Import outputs_dropout.

Theorem outputs_dropout_averaged_holds : outputs_dropout_averaged.
Proof.
move=> Data Noise E_x E_eps x y eps d D W A sigma v c _ _ _ _ E_data E_noise.
set out := fun r p o => h (x p) (eps o) d W D r.
have net := outputs_layers x A d W E_noise.
have av_square j : averaged E_eps x y eps D.+1 (fun p o =>
    (\sum_(1 <= r < (d D).+1) (W D.+1 j r * out r p o)) *
      (\sum_(1 <= r < (d D).+1) (W D.+1 j r * out r p o))).
  by apply: (averaged_pairs E_data E_noise) => r s; exact: (averaged_outputs E_data E_noise net D r s).
rewrite (_ : (fun p => _) = fun p => E_eps (fun o => \sum_(1 <= j < (d D.+1).+1) (1 *
    ((\sum_(1 <= r < (d D).+1) (W D.+1 j r * out r p o)) *
      (\sum_(1 <= r < (d D).+1) (W D.+1 j r * out r p o)))))).
  rewrite (mean_combination E_data E_noise _ _ _ av_square).
  under eq_bigr => j _ do rewrite (prediction_product E_data E_noise net) /form Rmult_1_l.
  by rewrite exchange_sum; apply: eq_bigr => s _; rewrite exchange_sum.
apply: functional_extensionality => p; congr E_eps; apply: functional_extensionality => o.
by apply: eq_bigr => j _; rewrite /out; ring.
Qed.

Theorem outputs_dropout_filled_holds : outputs_dropout_filled.
Proof.
move=> n a nu z gammabar s mu w n0 a0 nu0 z0 g0 s0 mu0 w0 stationary complement.
apply: (by_excess (a * (\sum_(1 <= p < n.+1) (w p - z p) ^ 2) +
  a * nu * (\sum_(1 <= p < n.+1) w p - \sum_(1 <= p < n.+1) z p) ^ 2 +
    2 * (\sum_(1 <= p < n.+1) (w p * mu p)))).
  combine
    (total (fun p hp => 2 * (w p - z p) * stationary p hp) - 2 * total (fun p hp => complement p hp))%fact.
sign.
Qed.

Theorem outputs_dropout_level_holds : outputs_dropout_level.
Proof.
move=> n a nu z gammabar s _ _ _ _ _ _ held.
combine (total (fun p hp => held p hp))%fact.
Qed.

Theorem outputs_dropout_value_holds : outputs_dropout_value.
Proof.
move=> n a nu z gammabar s _ _ _ _ _ _ held.
combine (total (fun p hp => 2 * z p * held p hp))%fact.
Qed.

Theorem outputs_dropout_next_holds : outputs_dropout_next.
Proof.
move=> Theta X nu n a eta gammabar _ _ nu0 _ a0 _ _.
have ? := Rmult_le_pos _ _ (pos_INR n) nu0.
by field; repeat split; lra.
Qed.

Theorem outputs_dropout_threshold_holds : outputs_dropout_threshold.
Proof.
move=> X n gammabar s nu eta _ _ _ _ _ _ ->; rewrite sumD sum_const subSS subn0.
by split=> above; nra.
Qed.

Theorem outputs_dropout_order_holds : outputs_dropout_order.
Proof.
move=> xi eta X nu n _ _ _ nu0 _ order; have n0 := pos_INR n.
exceed ((nu * (INR n + 1) + 1) * (xi - eta)).
by apply: Rmult_le_pos; [sign | lra].
Qed.

Theorem outputs_dropout_rotation_holds : outputs_dropout_rotation.
Proof. by move=> x_2 x_1 m_1 apart; field; lra. Qed.

Theorem outputs_dropout_attained_holds : outputs_dropout_attained.
Proof.
move=> d gamma W gammabar n z nu sigma a d0 gamma0 _ _ _ _ _ _ even_out even_in mean per_neuron.
have g1 := gamma0 1%N; have g2 := gamma0 2%N; have d1 := INR_gt0 _ (d0 1%N).
move: even_out even_in; set S := \sum_(1 <= p < n.+1) z p => even_out even_in.
set share := gammabar * S / INR (d 1%N).
have in_r r : (1 <= r < (d 1%N).+1)%N -> \sum_(1 <= k < (d 0%N).+1) W 1%N r k ^ 2 = share / gamma 1%N.
  by move=> hr; rewrite /share -(even_in r hr); field; lra.
have out_r r : (1 <= r < (d 1%N).+1)%N -> \sum_(1 <= j < (d 2%N).+1) W 2%N j r ^ 2 = share / gamma 2%N.
  by move=> hr; rewrite /share -(even_out r hr); field; lra.
rewrite [X in gamma 1%N * X]exchange_sum (eq_sum in_r) (eq_sum out_r).
rewrite (eq_sum (G := fun _ => share / gamma 1%N * (share / gamma 2%N))) => [|r hr];
  last by rewrite in_r ?out_r.
rewrite !sum_const1 -per_neuron.
have -> : share / gamma 1%N * (share / gamma 2%N) =
    gammabar ^ 2 / (gamma 1%N * gamma 2%N) * (S / INR (d 1%N)) ^ 2.
  by rewrite /share; field; lra.
by rewrite mean /share; field; lra.
Qed.

(* A contraction Y sees of a vector z no more than its norm. *)
Lemma contraction [n m] [Y : nat -> nat -> R] (z : nat -> R) :
  psd n (fun k l => delta k l - \sum_(1 <= j < m.+1) (Y j k * Y j l)) ->
  \sum_(1 <= j < m.+1) (\sum_(1 <= k < n.+1) (Y j k * z k)) ^ 2 <= \sum_(1 <= k < n.+1) z k ^ 2.
Proof.
move=> /psd_form contracts; rewrite -[X in _ <= X]Rmult_1_l -[X in X * _]Rmult_1_l.
apply: (bounded_matrix (gamma := fun _ => 1)); apply/psd_form => g.
have <- : form n (fun k l => delta k l - \sum_(1 <= j < m.+1) (Y j k * Y j l)) g =
    form n (fun k l => delta k l * 1 * 1 - \sum_(1 <= j < m.+1) (Y j k * Y j l)) g.
  by apply: eq_form => // *; ring.
exact: contracts.
Qed.

Theorem outputs_dropout_spread_holds : outputs_dropout_spread.
Proof.
move=> d Y P W d0 contracts product; rewrite (overlap_by_neurons Y product).
set seen := fun r j => \sum_(1 <= k < (d 0%N).+1) (Y j k * W 1%N r k).
set neuron := fun r => \sum_(1 <= j < (d 2%N).+1) (W 2%N j r * seen r j).
have each r : neuron r ^ 2 <=
    (\sum_(1 <= k < (d 0%N).+1) W 1%N r k ^ 2) * (\sum_(1 <= j < (d 2%N).+1) W 2%N j r ^ 2).
  have := cauchy_schwarz_holds _ (fun j => W 2%N j r) (seen r) (d0 2%N) => cs.
  apply: Rle_trans (Rge_le _ _ cs) _; rewrite Rmult_comm; apply: Rmult_le_compat_r; first sign.
  exact: contraction.
have := cauchy_schwarz_holds _ (fun _ => 1) neuron (d0 1%N).
rewrite sum_const1 pow1 Rmult_1_r; under [X in _ >= X ^ 2 -> _]eq_bigr => r _ do rewrite Rmult_1_l.
move=> all; apply: Rge_trans all; apply: Rle_ge; apply: Rmult_le_compat_l; first exact: pos_INR.
by apply: le_sum => r _.
Qed.

Theorem outputs_dropout_bound_holds : outputs_dropout_bound.
Proof.
move=> d Y P W gammabar gamma nu sigma n z s xi Q a d0 gb0 gamma0 nu0 _ _ _ _ _ a0.
move=> contracts product mean per_neuron nuclear neumann ->.
have spread := outputs_dropout_spread_holds d Y P W d0 contracts product.
have decay : gamma 1%N * (\sum_(1 <= k < (d 0%N).+1) \sum_(1 <= r < (d 1%N).+1) W 1%N r k ^ 2) +
    gamma 2%N * (\sum_(1 <= r < (d 1%N).+1) \sum_(1 <= j < (d 2%N).+1) W 2%N j r ^ 2) >=
    2 * (gammabar * \sum_(1 <= p < n.+1) z p).
  rewrite (_ : gammabar * _ =
      \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 2%N).+1) (P j k * (gammabar * Y j k)));
    last by rewrite -nuclear -sum2Z; apply: eq_sum2 => *; ring.
  apply: (outputs_dual_decay_holds d gamma (fun j k => gammabar * Y j k) P W) => //; apply/psd_form => g.
  have -> : form (d 0%N) (fun k l => delta k l * gamma 1%N * gamma 2%N -
        \sum_(1 <= j < (d 2%N).+1) (gammabar * Y j k * (gammabar * Y j l))) g =
      gammabar ^ 2 * form (d 0%N) (fun k l => delta k l - \sum_(1 <= j < (d 2%N).+1) (Y j k * Y j l)) g.
    rewrite -form_scale; apply: eq_form => // k l _ _; rewrite Rmult_minus_distr_l {1}mean -sumZ.
    by congr (_ - _); [ring | apply: eq_bigr => j _; ring].
  by apply: Rmult_le_pos; [exact: sq_ge0 | exact: (iffLR (psd_form _ _) contracts)].
move: decay spread; rewrite nuclear -per_neuron sumB !sumZ; set N := \sum_(1 <= r < _) (_ * _).
rewrite (_ : \sum_(1 <= p < n.+1) (2 * s p * z p) = 2 * \sum_(1 <= p < n.+1) (s p * z p)); last first.
  by rewrite -sumZ; apply: eq_bigr => p _; ring.
set S := \sum_(1 <= p < n.+1) z p => decay spread.
have noise : a * nu * (INR (d 1%N) * N) >= a * nu * S ^ 2.
  by apply: Rmult_ge_compat_l => //; apply: Rle_ge; sign.
lra.
Qed.
