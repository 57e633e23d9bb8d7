(* A dead neuron in a layer with noise makes a saddle: it could share the weights of a living one.

   Sharing keeps all products of weights and lowers what the noise adds to the second moments.  The layers
   above are a positive map of second moments, so that the difference reaches the output: it is bounded
   below as in the section lower-bound, by the same noise factor. *)
From Symderive.formal Require Import Sums Forms Layers diagonal_bound noise_second_moment lower_bound
  Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import subnetwork_saddle.

Theorem subnetwork_saddle_products_holds : subnetwork_saddle_products.
Proof.
move=> alpha beta n omega xi n_pos shares j hj r hr.
combine (omega j * xi r * shares)%fact.
Qed.

Theorem subnetwork_saddle_noise_holds : subnetwork_saddle_noise.
Proof.
move=> alpha beta n xi Q omega sigma i n_pos noise i_pos shares r hr s hs.
pose form := \sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (Q j k * omega j * omega k).
combine (sigma i ^ 2 * xi r * xi s * form * (alpha ^ 2 + beta ^ 2 + 1) * shares)%fact.
Qed.

(* The recursion is linear: the difference of second moments is what it makes of the difference of the
   features. *)
Lemma difference_of_moments A B sigma d W i j k :
  M A sigma d W i j k - Mtilde_2 B sigma d W i j k = M (fun r s => A r s - B r s) sigma d W i j k.
Proof.
elim: i j k => [//|i IH] j k /=.
have -> : forall a b c, a * b - a * c = a * (b - c) by move=> *; ring.
rewrite -sum2B; congr (_ * _); apply: eq_sum2 => s r _ _; rewrite -IH; ring.
Qed.

Theorem subnetwork_saddle_order_holds : subnetwork_saddle_order.
Proof.
move=> d A B D sigma W _ _ _ smaller; apply/psd_form => g.
rewrite (eq_form (Q' := M (fun r s => A r s - B r s) sigma d W D) (g' := g)) // => [|j k _ _].
  by apply: (iffLR (psd_form _ _)); exact: psd_second_moments.
exact: difference_of_moments.
Qed.

Theorem subnetwork_saddle_layers_holds : subnetwork_saddle_layers.
Proof.
move=> d A B D sigma W g wide _ _ smaller.
rewrite -/(form (d D) (M A sigma d W D) g) -/(form (d D) (Mtilde_2 B sigma d W D) g) -form_sub.
rewrite (eq_form (Q' := M (fun r s => A r s - B r s) sigma d W D) (g' := g)) // => [|j k _ _].
  apply: Rle_ge; exact (noise_factors D sigma W g wide smaller).
exact: difference_of_moments.
Qed.

(* Here the difference of the features is eta xi xi^T, so that what reaches the output is a square. *)
Theorem subnetwork_saddle_holds : subnetwork_saddle.
Proof.
move=> d A B eta xi D W U sigma wide eta_pos deep noise drop reached.
pose seen r := \sum_(1 <= j < (d D).+1) (T d W D j r * U j).
have form_of_drop g : form (d 0%N) (fun r s => A r s - B r s) g
    = eta * (\sum_(1 <= r < (d 0%N).+1) (xi r * g r)) ^ 2.
  rewrite -form_square -form_scale; apply: eq_form => // r s hr hs.
  by rewrite drop //; ring.
have smaller : psd (d 0%N) (fun r s => A r s - B r s).
  by apply/psd_form => g; rewrite form_of_drop; sign.
have := subnetwork_saddle_layers_holds d A B D sigma W U wide deep noise smaller.
rewrite -/(form (d 0%N) (fun r s => A r s - B r s) seen) form_of_drop.
have factor_pos : 0 < \prod_(1 <= i < D.+1) (1 + sigma i ^ 2 / INR (d i)) by sign.
have gain : 0 < (\prod_(1 <= i < D.+1) (1 + sigma i ^ 2 / INR (d i)))
    * (eta * (\sum_(1 <= r < (d 0%N).+1) (xi r * seen r)) ^ 2).
  by apply: Rmult_lt_0_compat => //; apply: Rmult_lt_0_compat.
lra.
Qed.
