(* Moments of networks, layer by layer.

   [layers out B Q]: the output of layer 0 is the input; layer i speaks of the noise of the layers up to
   i; given the input, its second moments are a linear image (B) of those of the layer below, and its
   means are the image of those below by the weights.  Then the second moments are quadratic in the
   data, and on average over the data they are what the same recursion makes of A (Q); the moments with
   the target are T v.  So the second moment of a prediction is a form, and the mean square of its error
   has a closed form. *)
From Symderive.formal Require Export Averages Forms.
From Symderive Require Export Definitions.
Set Implicit Arguments.
Unset Strict Implicit.

Section Layers.
Variables (Data Noise : Type) (E_x : (Data -> R) -> R) (E_eps : (Noise -> R) -> R).
Variables (x : Data -> nat -> R) (y : Data -> R) (eps : Noise -> nat -> nat -> R).
Variables (A : nat -> nat -> R) (v : nat -> R) (c : R) (sigma : nat -> R).
Hypotheses (E_data : data_average E_x x y A v c) (E_noise : noise_average E_eps eps sigma).
Variables (d : nat -> nat) (W : nat -> nat -> nat -> R).

Record layers (out : nat -> nat -> Data -> Noise -> R) (B : nat -> nat -> nat -> nat -> nat -> R)
    (Q : nat -> nat -> nat -> R) : Prop := {
  layers_input : forall j, out 0%N j = fun p _ => x p j;
  layers_before : forall i j p, before eps i.+1 (out i j p);
  layers_second : forall i j k p, E_eps (fun o => out i.+1 j p o * out i.+1 k p o) =
    \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1)
      (B i j k r s * E_eps (fun o => out i r p o * out i s p o));
  layers_first : forall i j p,
    E_eps (out i.+1 j p) = \sum_(1 <= r < (d i).+1) (W i.+1 j r * E_eps (out i r p));
  moments_input : forall j k, Q 0%N j k = A j k;
  moments_second : forall i j k,
    Q i.+1 j k = \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (B i j k r s * Q i r s)
}.

Variables (out : nat -> nat -> Data -> Noise -> R) (B : nat -> nat -> nat -> nat -> nat -> R).
Variables (Q : nat -> nat -> nat -> R).
Hypothesis net : layers out B Q.
Let linear := quadratic_linear E_data.

Lemma outputs_moments i j k :
  quadratic x y (fun p => E_eps (fun o => out i j p o * out i k p o)) /\
  E_x (fun p => E_eps (fun o => out i j p o * out i k p o)) = Q i j k.
Proof.
elim: i j k => [|i IH] j k.
  rewrite (_ : (fun p => _) = fun p => x p j * x p k).
    by rewrite (data_features E_data) (moments_input net); split=> //; exact: quadratic_features.
  by rewrite !(layers_input net); apply: functional_extensionality => p; exact: noise_constant E_noise _.
rewrite (functional_extensionality _ _ (layers_second net i j k)) (moments_second net).
have q_row s : quadratic x y (fun p =>
    \sum_(1 <= r < (d i).+1) (B i j k r s * E_eps (fun o => out i r p o * out i s p o))).
  by apply: closed_sum (linear_closed linear) _ _ _ _ => r; apply: quadratic_scale; case: (IH r s).
split; first exact: closed_sum (linear_closed linear) _ _ _ q_row.
rewrite (linear_finite_sum linear) //; apply: eq_bigr => s _.
rewrite (linear_combination linear) => [|r]; last by case: (IH r s).
by apply: eq_bigr => r _; case: (IH r s) => _ ->.
Qed.

Lemma target_moments i j :
  quadratic x y (fun p => E_eps (fun o => y p * out i j p o)) /\
  ((1 <= j < (d i).+1)%N -> E_x (fun p => E_eps (fun o => y p * out i j p o)) =
   \sum_(1 <= k < (d 0%N).+1) (T d W i j k * v k)).
Proof.
have scale i' j' : (fun p => E_eps (fun o => y p * out i' j' p o)) = fun p => y p * E_eps (out i' j' p).
  by apply: functional_extensionality => p; exact (noise_scale E_noise (y p) (layers_before net i' j' p)).
elim: i j => [|i IH] j.
  rewrite (_ : (fun p => _) = fun p => y p * x p j) ?(data_mixed E_data).
    by split=> [|hj]; [exact: quadratic_mixed | rewrite /= sum_delta].
  by rewrite (layers_input net); apply: functional_extensionality => p; exact: noise_constant E_noise _.
rewrite (_ : (fun p => _) = fun p =>
  \sum_(1 <= r < (d i).+1) (W i.+1 j r * E_eps (fun o => y p * out i r p o))).
  split=> [|hj].
    by apply: closed_sum (linear_closed linear) _ _ _ _ => r; apply: quadratic_scale; case: (IH r).
  rewrite (linear_combination linear) /= -/(T d W i) => [|r]; last by case: (IH r).
  under [RHS]eq_bigr => k _ do rewrite -sumZr.
  rewrite [RHS]exchange_sum; apply: eq_sum => r hr; case: (IH r) => _ ->; rewrite // -sumZ.
  by apply: eq_bigr => k _; ring.
rewrite scale; apply: functional_extensionality => p; rewrite (layers_first net) -sumZ.
by apply: eq_bigr => r _; rewrite (noise_scale E_noise _ (layers_before net i r p)); ring.
Qed.

Lemma averaged_outputs i j k : averaged E_eps x y eps i.+1 (fun p o => out i j p o * out i k p o).
Proof.
split=> [p|]; first by apply: before_mul; exact: layers_before net _ _ _.
by case: (outputs_moments i j k).
Qed.

Lemma averaged_target_outputs i j : averaged E_eps x y eps i.+1 (fun p o => y p * out i j p o).
Proof. by split=> [p|]; [before; exact: layers_before net _ _ _ | case: (target_moments i j)]. Qed.

(* The second moment of the prediction with output weights U. *)
Lemma prediction_product i (U : nat -> R) :
  E_x (fun p => E_eps (fun o => (\sum_(1 <= j < (d i).+1) (U j * out i j p o)) *
    \sum_(1 <= k < (d i).+1) (U k * out i k p o))) = form (d i) (Q i) U.
Proof.
rewrite (mean_pairs E_data E_noise (i := i.+1)) => [|j k]; last exact: averaged_outputs.
by apply: eq_sum2 => k j _ _; case: (outputs_moments i j k) => _ ->; ring.
Qed.

Lemma prediction_moment i (U : nat -> R) :
  E_x (fun p => E_eps (fun o => (\sum_(1 <= j < (d i).+1) (U j * out i j p o)) ^ 2)) = form (d i) (Q i) U.
Proof.
rewrite -prediction_product; congr E_x; apply: functional_extensionality => p.
by congr E_eps; apply: functional_extensionality => o; ring.
Qed.

(* The square of the error: y^2, less twice U_j y h_j, plus the square of the prediction. *)
Let error_square i (U : nat -> R) :
  (fun p o => (- y p + \sum_(1 <= j < (d i).+1) (U j * out i j p o)) ^ 2) =
  fun p o => y p * y p + \sum_(1 <= j < (d i).+1) (-2 * U j * (y p * out i j p o)) +
    (\sum_(1 <= j < (d i).+1) (U j * out i j p o)) * (\sum_(1 <= k < (d i).+1) (U k * out i k p o)).
Proof.
apply: functional_extensionality => p; apply: functional_extensionality => o.
rewrite (_ : \sum_(1 <= j < (d i).+1) (-2 * U j * (y p * out i j p o)) =
  -2 * y p * \sum_(1 <= j < (d i).+1) (U j * out i j p o)); first ring.
by rewrite -sumZ; apply: eq_bigr => j _; ring.
Qed.

Let averaged_square i : averaged E_eps x y eps i (fun p _ => y p * y p).
Proof. by apply: (averaged_data E_noise); exact: quadratic_target. Qed.

Let averaged_mixed i (U : nat -> R) :
  averaged E_eps x y eps i.+1 (fun p o => \sum_(1 <= j < (d i).+1) (-2 * U j * (y p * out i j p o))).
Proof. by apply: (averaged_combination E_data E_noise) => j; exact: averaged_target_outputs. Qed.

Let averaged_product i (U : nat -> R) : averaged E_eps x y eps i.+1 (fun p o =>
  (\sum_(1 <= j < (d i).+1) (U j * out i j p o)) * (\sum_(1 <= k < (d i).+1) (U k * out i k p o))).
Proof. by apply: (averaged_pairs E_data E_noise) => j k; exact: averaged_outputs. Qed.

Lemma averaged_error i (U : nat -> R) : averaged E_eps x y eps i.+1
  (fun p o => (- y p + \sum_(1 <= j < (d i).+1) (U j * out i j p o)) ^ 2).
Proof. by rewrite error_square; do ?[apply: (averaged_add E_data E_noise)]. Qed.

Lemma error_moment i (U : nat -> R) :
  E_x (fun p => E_eps (fun o => (- y p + \sum_(1 <= j < (d i).+1) (U j * out i j p o)) ^ 2)) =
  c + form (d i) (Q i) U -
  2 * (\sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d i).+1) (T d W i j k * U j * v k)).
Proof.
rewrite (f_equal (fun f => E_x (fun p => E_eps (f p))) (error_square i U)).
rewrite (mean_add E_data E_noise (averaged_add E_data E_noise (averaged_square _) (averaged_mixed i U))
  (averaged_product i U)) (mean_add E_data E_noise (averaged_square _) (averaged_mixed i U)).
rewrite prediction_product.
have -> : E_x (fun p => E_eps (fun _ => y p * y p)) = c.
  rewrite -(data_target E_data); congr E_x; apply: functional_extensionality => p.
  exact: noise_constant E_noise _.
rewrite (mean_combination E_data E_noise (i := i.+1)); last exact: averaged_target_outputs.
rewrite (_ : \sum_(1 <= j < (d i).+1) _ =
    -2 * \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d i).+1) (T d W i j k * U j * v k)); first ring.
rewrite exchange_sum -sumZ; apply: eq_sum => j hj; rewrite (proj2 (target_moments i j) hj) -!sumZ.
by apply: eq_bigr => k _; ring.
Qed.
End Layers.
