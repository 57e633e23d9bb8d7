(* What noise of any kind adds at least.

   Above a layer with weights w the form of the second moments at g has three parts: alpha times the form of
   the moments Q below at w^T g, more such forms, and what noise of the weights adds on the diagonal.  The
   last is at least chi omega^2 / n times the form of the diagonal of Q at w^T g, by Cauchy and Schwarz over
   the rows of w.  The form of the diagonal above has that part too, and by the bound of a matrix by its
   diagonal at least chi / n times the form of Q at w^T g.  So a row (p, q) of weights of the two forms is
   carried from the output to the features. *)
From Symderive.formal Require Import Powers Forms Maps Algebra inequalities diagonal_bound decay_bound.
From Symderive.formal Require Import noise_moments.
From Symderive Require Import Definitions.
From Symderive.statements Require Import noise_transfer.
Set Implicit Arguments.
Unset Strict Implicit.

(* Cauchy and Schwarz over the rows of the weights. *)
Lemma rows_of_weights m n (Q w : nat -> nat -> R) g : (0 < n)%N -> psd m Q ->
  diagonal_form m Q (carried_down n w g) / INR n <=
  \sum_(1 <= j < n.+1) ((\sum_(1 <= r < m.+1) (Q r r * w j r ^ 2)) * g j ^ 2).
Proof.
move=> n0 psdQ; under [X in _ <= X]eq_sum => j _ do rewrite -sumZr.
rewrite exchange_sum /Rdiv -sumZr; apply: le_sum => r hr.
have -> : \sum_(1 <= j < n.+1) (Q r r * w j r ^ 2 * g j ^ 2) =
    Q r r * \sum_(1 <= j < n.+1) (w j r * g j) ^ 2 by rewrite -sumZ; apply: eq_sum => j _; ring.
rewrite Rmult_assoc; apply: Rmult_le_compat_l; first exact: (psd_diagonal hr psdQ).
have := cauchy_schwarz_holds n (fun j => w j r * g j) (fun _ => 1) n0.
have -> : \sum_(1 <= j < n.+1) (w j r * g j * 1) = carried_down n w g r by apply: eq_sum => j _; ring.
rewrite sum_const subSS subn0 => bound; have n_gt0 := INR_gt0 _ n0.
by apply: (Rmult_le_reg_r (INR n)) => //; rewrite Rmult_assoc Rinv_l; lra.
Qed.

(* One step of the recursion, as it is written in the definition of Xi. *)
Lemma XiS alpha chi d omega i j k : Xi alpha chi d omega i.+1 j k =
  (delta 1%N j * alpha i.+1 + delta 2%N j * chi i.+1 / INR (d i.+1)) * Xi alpha chi d omega i 1%N k +
  (delta 1%N j + delta 2%N j) * Xi alpha chi d omega i 2%N k * chi i.+1 * omega i.+1 ^ 2 / INR (d i.+1).
Proof. by []. Qed.

(* A row (p, q), carried through layer i + 1. *)
Lemma carried_row alpha chi (d : nat -> nat) omega i p q k : (0 < d i.+1)%N ->
  p * Xi alpha chi d omega i.+1 1%N k + q * Xi alpha chi d omega i.+1 2%N k =
  (p * alpha i.+1 + q * chi i.+1 / INR (d i.+1)) * Xi alpha chi d omega i 1%N k +
  ((p + q) * chi i.+1 * omega i.+1 ^ 2 / INR (d i.+1)) * Xi alpha chi d omega i 2%N k.
Proof.
by move=> d0; rewrite !XiS; move: (omega _ ^ 2) (INR_gt0 _ d0) => s n0; rewrite /delta /=; field; lra.
Qed.

Section Layers.
Variables (d : nat -> nat) (A : nat -> nat -> R) (alpha : nat -> R) (G : nat -> nat).
Variables (eta : nat -> nat -> nat -> R) (chi omega : nat -> R) (W : nat -> nat -> nat -> R).
Hypotheses (d0 : forall i, (0 < d i)%N) (alpha0 : forall i, 0 <= alpha i) (chi0 : forall i, 0 <= chi i).
Hypothesis psdA : psd (d 0%N) A.

Let Q i := Mtilde A omega d W alpha G eta i.
Let psdQ i : psd (d i) (Q i). Proof. exact: psd_Mtilde. Qed.

(* All neurons of layer i have noise of one size. *)
Let alone i := forall j, (1 <= j < (d i).+1)%N ->
  alpha i + (\sum_(1 <= l < (G i).+1) (eta i l j) ^ 2) = chi i.

Section Layer.
Variables (i : nat) (g : nat -> R).
Hypothesis alone_above : alone i.+1.

(* The vector below; the second moments without noise of this layer, and what noise of its weights adds. *)
Let z := carried_down (d i.+1) (W i.+1) g.
Let S j k := \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (Q i r s * W i.+1 j r * W i.+1 k s).
Let V j := \sum_(1 <= r < (d i).+1) (Q i r r * W i.+1 j r ^ 2).

Lemma form_S u : form (d i.+1) S u = form (d i) (Q i) (carried_down (d i.+1) (W i.+1) u).
Proof. exact: form_pull_back. Qed.

Lemma psd_S : psd (d i.+1) S.
Proof. by apply/psd_form => u; rewrite form_S; move: (carried_down _ _ _); apply/psd_form. Qed.

Lemma noisy_rows : chi i.+1 * omega i.+1 ^ 2 * diagonal_form (d i) (Q i) z / INR (d i.+1) <=
  chi i.+1 * omega i.+1 ^ 2 * \sum_(1 <= j < (d i.+1).+1) (V j * g j ^ 2).
Proof. by rewrite /Rdiv Rmult_assoc; apply: Rmult_le_compat_l; [sign | exact: rows_of_weights]. Qed.

(* Of the three parts of the form, the terms of the groups of neurons are forms of S, so not negative. *)
Lemma layer_full : alpha i.+1 * form (d i) (Q i) z +
  chi i.+1 * omega i.+1 ^ 2 * diagonal_form (d i) (Q i) z / INR (d i.+1) <= form (d i.+1) (Q i.+1) g.
Proof.
have size : \sum_(1 <= j < (d i.+1).+1) (V j *
    (alpha i.+1 + (\sum_(1 <= l < (G i.+1).+1) (eta i.+1 l j) ^ 2)) * g j ^ 2) =
    chi i.+1 * \sum_(1 <= j < (d i.+1).+1) (V j * g j ^ 2).
  by rewrite -sumZ; apply: eq_sum => j hj; rewrite alone_above //; ring.
rewrite Mtilde_form size -/(Q i) -/S form_S -/z.
have : 0 <= \sum_(1 <= l < (G i.+1).+1) form (d i.+1) S (fun j => eta i.+1 l j * g j).
  by apply: sum_ge0 => l _; move: (fun j => _); apply/psd_form; exact: psd_S.
by have := noisy_rows; lra.
Qed.

Lemma diagonal_above j : (1 <= j < (d i.+1).+1)%N -> Q i.+1 j j = (omega i.+1 ^ 2 * V j + S j j) * chi i.+1.
Proof.
move=> hj; rewrite -(alone_above hj) /Q /= -/(Q i) /delta eqxx -/(S j j); congr ((_ + _) * (_ + _)).
  by rewrite /V /=; congr (_ * _); [ring | apply: eq_sum => r _; ring].
by apply: eq_sum => l _; ring.
Qed.

(* The diagonal is chi (omega^2 V + S), and that of S is bounded by S. *)
Lemma layer_diagonal : chi i.+1 * omega i.+1 ^ 2 * diagonal_form (d i) (Q i) z / INR (d i.+1) +
  chi i.+1 * form (d i) (Q i) z / INR (d i.+1) <= diagonal_form (d i.+1) (Q i.+1) g.
Proof.
have -> : diagonal_form (d i.+1) (Q i.+1) g =
    chi i.+1 * omega i.+1 ^ 2 * (\sum_(1 <= j < (d i.+1).+1) (V j * g j ^ 2)) +
    chi i.+1 * diagonal_form (d i.+1) S g.
  by rewrite -!sumZ -sumD; apply: eq_sum => j hj; rewrite diagonal_above //; ring.
have := Rmult_le_compat_l _ _ _ (chi0 i.+1) (diagonal_form_bound _ _ g (d0 i.+1) psd_S).
by have := noisy_rows; rewrite form_S -/z; lra.
Qed.
End Layer.

(* Layer by layer from the output. *)
Lemma transfer D p q g : 0 <= p -> 0 <= q -> (forall i, (1 <= i < D.+1)%N -> alone i) ->
  (p * Xi alpha chi d omega D 1%N 1%N + q * Xi alpha chi d omega D 2%N 1%N) *
    form (d 0%N) A (carried_down (d D) (T d W D) g) +
  (p * Xi alpha chi d omega D 1%N 2%N + q * Xi alpha chi d omega D 2%N 2%N) *
    diagonal_form (d 0%N) A (carried_down (d D) (T d W D) g) <=
  p * form (d D) (Q D) g + q * diagonal_form (d D) (Q D) g.
Proof.
elim: D p q g => [|D IH] p q g p0 q0 alone_all.
  have same r := @transposed_start d W g (d 0%N) r.
  rewrite (eq_form (Q' := A) (g' := g)) //.
  have -> : diagonal_form (d 0%N) A (carried_down (d 0%N) (T d W 0) g) = diagonal_form (d 0%N) A g.
    by apply: eq_sum => r hr; rewrite same.
  by right; rewrite -[Q 0]/A /Xi /delta /=; ring.
set g' := carried_down (d D.+1) (W D.+1) g.
have down r : carried_down (d D.+1) (T d W D.+1) g r = carried_down (d D) (T d W D) g' r.
  exact: transposed_step.
rewrite (eq_form (Q' := A) (g' := carried_down (d D) (T d W D) g')) //.
have -> : diagonal_form (d 0%N) A (carried_down (d D.+1) (T d W D.+1) g) =
    diagonal_form (d 0%N) A (carried_down (d D) (T d W D) g') by apply: eq_sum => r _; rewrite down.
have top := alone_all D.+1 (ltnSn _); have n_gt0 := INR_gt0 _ (d0 D.+1).
rewrite !carried_row //; apply: Rle_trans (IH _ _ _ _ _ _) _.
- by sign.
- by sign.
- by move=> i /andP[i0 iD]; apply: alone_all; rewrite i0 ltnW.
have := Rmult_le_compat_l p _ _ p0 (layer_full g top).
by have := Rmult_le_compat_l q _ _ q0 (layer_diagonal g top); rewrite -/g'; lra.
Qed.
End Layers.

Unset Implicit Arguments.

Theorem noise_transfer_full_holds : noise_transfer_full.
Proof.
move=> d A i alpha G eta chi omega W g d0 alpha0 G0 chi0 omega0 psdA alone.
by apply: Rle_ge; exact: layer_full.
Qed.

Theorem noise_transfer_diagonal_holds : noise_transfer_diagonal.
Proof.
move=> d A i alpha G eta chi omega W g d0 alpha0 G0 chi0 omega0 psdA alone; apply: Rle_ge.
apply: Rle_trans (layer_diagonal omega W d0 alpha0 chi0 psdA g alone) _.
by right; apply: eq_sum => j hj; rewrite (diagonal_above A omega W alone hj) alone.
Qed.

Theorem noise_transfer_holds : noise_transfer.
Proof.
move=> d A D alpha G eta chi p omega W g q d0 D0 alpha0 G0 chi0 p0 omega0 q0 psdA alone.
by apply: Rle_ge; exact: transfer.
Qed.

Theorem noise_transfer_form_holds : noise_transfer_form.
Proof.
move=> d A D alpha G eta chi omega_u omega W U d0 D0 alpha0 G0 chi0 omega_u0 omega0 psdA alone.
have := noise_transfer_holds d A D alpha G eta chi 1 omega W U (omega_u ^ 2) d0 D0 alpha0 G0 chi0.
by move=> /(_ Rle_0_1 omega0 (sq_ge0 _) psdA alone); lra.
Qed.

(* The moments of the outputs, with M of this noise in place of that of the sources. *)
Theorem noise_transfer_error_holds : noise_transfer_error.
Proof.
move=> Data Noise E_x E_eps x y eps d A D sigma Z Psi omega alpha G eta chi W U c v.
move=> d0 D0 sigma0 Z0 omega0 alpha0 G0 chi0 c0 E_data E_noise psdA pattern alone.
rewrite (noise_moments_output_holds Data Noise E_x E_eps x y eps D d Z Psi W U c sigma A v) //.
have same := noise_moments_holds D d sigma Z Psi omega alpha G eta A W D0 d0 sigma0 Z0.
move/(_ omega0 alpha0 G0 pattern): same => same.
have -> : \sum_(1 <= j < (d D).+1) (Mbar A d sigma Z Psi W D j j * U j ^ 2) =
    \sum_(1 <= j < (d D).+1) (Mtilde A omega d W alpha G eta D j j * U j ^ 2).
  by apply: eq_sum => j hj; rewrite same.
have -> : \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (Mbar A d sigma Z Psi W D j k * U j * U k) =
    \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (Mtilde A omega d W alpha G eta D j k * U j * U k).
  by apply: eq_sum2 => k j hk hj; rewrite same.
have := noise_transfer_form_holds d A D alpha G eta chi (sigma D.+1) omega W U d0 D0 alpha0 G0 chi0.
by move=> /(_ (sigma0 _) omega0 psdA alone); lra.
Qed.

Theorem noise_transfer_loss_holds : noise_transfer_loss.
Proof.
move=> d A D alpha G eta chi W N U N_u m c gamma_u omega_u omega gamma v.
move=> d0 D0 alpha0 G0 chi0 N0 N_u0 m0 c0 gamma_u0 omega_u0 omega0 gamma0 psdA alone hidden output map.
have := noise_transfer_form_holds d A D alpha G eta chi omega_u omega W U.
have := decay_bound_holds D d W N U N_u m gamma_u gamma D0 d0 N0 N_u0 m0 gamma_u0 gamma0 hidden output map.
by move=> decay /(_ d0 D0 alpha0 G0 chi0 omega_u0 omega0 psdA alone); lra.
Qed.

Theorem noise_transfer_zero_map_holds : noise_transfer_zero_map.
Proof.
move=> d A D T U c gamma_u omega_u omega W alpha G eta gamma v.
move=> d0 D0 c0 gamma_u0 omega_u0 omega0 alpha0 G0 gamma0 psdA zero.
have psdM : psd (d D) (Mtilde A omega d W alpha G eta D) by exact: psd_Mtilde.
have := Rmult_le_pos _ _ (sq_ge0 omega_u) (diagonal_form_ge0 U psdM).
have : 0 <= form (d D) (Mtilde A omega d W alpha G eta D) U by move: U {zero}; apply/psd_form.
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T D j k * U j * v k) = 0.
  by rewrite sum0 // => k hk; rewrite sumZr zero //; ring.
by rewrite /form /diagonal_form; lra.
Qed.

(* Without noise of the weights the first row of Xi is a product of numbers. *)
Theorem noise_transfer_neurons_holds : noise_transfer_neurons.
Proof.
move=> D alpha sigma d omega chi D0 alpha0 sigma0 d0 omega0 chi0; elim: {D0} D => [|D IH] neurons weights.
  by rewrite big_geq.
rewrite XiS prod_recr // IH => [|i /andP[i0 iD]|i /andP[i0 iD]].
- have n0 := INR_gt0 _ (d0 D.+1); rewrite (weights D.+1 (ltnSn _)) (neurons D.+1 (ltnSn _)) /delta /=.
  by field; lra.
- by apply: neurons; rewrite i0 ltnW.
- by apply: weights; rewrite i0 ltnW.
Qed.

Theorem noise_transfer_neurons_diagonal_holds : noise_transfer_neurons_diagonal.
Proof.
move=> D omega alpha chi d D0 omega0 alpha0 chi0 d0; elim: {D0} D => [//|D IH] weights.
rewrite XiS IH => [|i /andP[i0 iD]]; last by apply: weights; rewrite i0 ltnW.
by have n0 := INR_gt0 _ (d0 D.+1); rewrite (weights D.+1 (ltnSn _)); field; lra.
Qed.

(* The memberships of a neuron have the sum 1. *)
Theorem noise_transfer_groups_holds : noise_transfer_groups.
Proof.
move=> d n P sigma d0 n0 sigma0 one j hj k hk; have n_gt0 := INR_gt0 _ n0.
combine (- (sigma 1%N ^ 2 / INR n) * one j hj - (sigma 1%N ^ 2 / INR n) * one k hk)%fact.
Qed.

Theorem noise_transfer_at_least_one_holds : noise_transfer_at_least_one.
Proof.
move=> D alpha p chi d omega q D0 alpha0 p0 chi0 d0 omega0 q0 one; apply: Rle_ge.
elim: {D0} D p q p0 q0 one => [|D IH] p q p0 q0 one; first by rewrite /= /delta /=; lra.
rewrite carried_row //; apply: Rle_trans (IH _ _ _ _ _); try by sign.
  have : p * 1 <= p * alpha D.+1 by apply: Rmult_le_compat_l => //; exact: Rge_le (one D.+1 (ltnSn _)).
  by have : 0 <= q * chi D.+1 / INR (d D.+1) by [sign]; lra.
by move=> i /andP[i0 iD]; apply: one; rewrite i0 ltnW.
Qed.

Theorem noise_transfer_non_negative_holds : noise_transfer_non_negative.
Proof.
move=> p alpha chi d omega D q p0 alpha0 chi0 d0 omega0 D0 q0; apply: Rle_ge.
elim: {D0} D p q p0 q0 => [|D IH] p q p0 q0; first by rewrite /= /delta /=; lra.
by rewrite carried_row //; apply: IH; sign.
Qed.
