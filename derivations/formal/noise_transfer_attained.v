(* Balanced layers of rank one attain the bound for noise of any kind.

   Layer i is beta_i e_i e_{i-1}^T, where the entries of e_i are +-1/sqrt d_i (attainment).  Then W^T
   e_i is beta_i e_{i-1}, and there is equality in every step of noise-transfer: parts of the noise with
   the sum 0 see nothing of e_i, and all rows of the weights have one size.  So the form at e_i and that
   of the diagonal are carried to layer i - 1 by the matrix of Xi, and stretched by beta_i^2.  The map
   and the decay are those of attainment. *)
From Symderive.formal Require Import Powers Layers layer_balance attainment global_minimum.
From Symderive.formal Require Import noise_moments noise_transfer.
From Symderive.statements Require Import noise_transfer_attained.
Set Implicit Arguments.
Unset Strict Implicit.

Section Balanced.
Variables (d : nat -> nat) (A : nat -> nat -> R) (W : nat -> nat -> nat -> R) (kappa : R)
  (e : nat -> nat -> R).
Variables (gamma alpha : nat -> R) (G : nat -> nat) (eta : nat -> nat -> nat -> R) (chi omega : nat -> R).
Hypothesis d0 : forall i, (0 < d i)%N.
Let Q i := Mtilde A omega d W alpha G eta i.

Definition one_size (D : nat) := forall i, (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N ->
  alpha i + (\sum_(1 <= l < (G i).+1) (eta i l j) ^ 2) = chi i.
Definition parts_balance (D : nat) := forall i, (1 <= i < D.+1)%N -> forall l, (1 <= l < (G i).+1)%N ->
  \sum_(1 <= j < (d i).+1) eta i l j = 0.

Section Layer.
Variable i : nat.
Hypotheses (hW : balanced i.+1 d W kappa e gamma) (signs : of_signs i.+1 d e).
Hypotheses (size : one_size i.+1) (balance : parts_balance i.+1).
Let beta := scale kappa gamma i.+1.
Let top : (1 <= i.+1 < i.+2)%N. Proof. exact: ltnSn. Qed.

(* The second moments S before the noise of the layer see a vector u only through its sum with e. *)
Lemma before_noise u :
  form (d i.+1)
    (fun j k => \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1) (Q i r s * W i.+1 j r * W i.+1 k s)) u =
  (beta * \sum_(1 <= j < (d i.+1).+1) (e i.+1 j * u j)) ^ 2 * form (d i) (Q i) (e i).
Proof.
rewrite form_pull_back -sum2Z; apply: eq_sum2 => s r hs hr.
have along t : (1 <= t < (d i).+1)%N -> \sum_(1 <= j < (d i.+1).+1) (W i.+1 j t * u j) =
    beta * e i t * \sum_(1 <= j < (d i.+1).+1) (e i.+1 j * u j).
  by move=> ht; rewrite -sumZ; apply: eq_sum => j hj; rewrite (top_layer hW hj ht) -/beta; ring.
by rewrite !along //; ring.
Qed.

Lemma row_diagonal j : (1 <= j < (d i.+1).+1)%N ->
  \sum_(1 <= r < (d i).+1) (Q i r r * W i.+1 j r ^ 2) =
    beta ^ 2 / INR (d i.+1) * diagonal_form (d i) (Q i) (e i).
Proof.
move=> hj; rewrite /Rdiv -(signs top hj) -sumZ; apply: eq_sum => r hr.
by rewrite (top_layer hW hj hr) -/beta; ring.
Qed.

Lemma unit_above : \sum_(1 <= j < (d i.+1).+1) e i.+1 j ^ 2 = 1.
Proof. exact: unit_signs signs top. Qed.

Lemma form_above : form (d i.+1) (Q i.+1) (e i.+1) = beta ^ 2 *
  (alpha i.+1 * form (d i) (Q i) (e i) +
   chi i.+1 * omega i.+1 ^ 2 / INR (d i.+1) * diagonal_form (d i) (Q i) (e i)).
Proof.
rewrite Mtilde_form -/(Q i) before_noise.
have -> : \sum_(1 <= j < (d i.+1).+1) (e i.+1 j * e i.+1 j) = 1.
  by rewrite -unit_above; apply: eq_bigr => j _; ring.
rewrite [X in _ + X + _]sum0 => [|l hl]; last first.
  rewrite before_noise (_ : \sum_(1 <= j < (d i.+1).+1) _ = 0); first ring.
  rewrite (eq_sum (G := fun j => / INR (d i.+1) * eta i.+1 l j)) => [|j hj].
    by rewrite sumZ balance //; ring.
  by rewrite -(signs top hj); ring.
rewrite (eq_sum (G := fun j =>
    beta ^ 2 / INR (d i.+1) * diagonal_form (d i) (Q i) (e i) * chi i.+1 * e i.+1 j ^ 2)).
  by rewrite sumZ unit_above; rewrite /Rdiv; ring.
by move=> j hj; rewrite row_diagonal // size.
Qed.

Lemma diagonal_form_above : diagonal_form (d i.+1) (Q i.+1) (e i.+1) = beta ^ 2 * (chi i.+1 / INR (d i.+1) *
  form (d i) (Q i) (e i) + chi i.+1 * omega i.+1 ^ 2 / INR (d i.+1) * diagonal_form (d i) (Q i) (e i)).
Proof.
set scale_of := (X in _ = X); rewrite -[RHS]Rmult_1_r -unit_above -sumZ; apply: eq_sum => j hj.
congr (_ * _); rewrite /Q (diagonal_above A omega W (size top) hj) -/(Q i) row_diagonal //.
rewrite (_ : \sum_(1 <= s < (d i).+1) _ = beta ^ 2 * e i.+1 j ^ 2 * form (d i) (Q i) (e i)); last first.
  by rewrite -sum2Z; apply: eq_sum2 => s r hs hr; rewrite !(top_layer hW) // -/beta; ring.
by rewrite (signs top hj) /scale_of /Rdiv; ring.
Qed.
End Layer.

(* Both forms, from the output down to the features. *)
Lemma carried_forms D p q : balanced D d W kappa e gamma -> of_signs D d e -> one_size D ->
  parts_balance D ->
  p * form (d D) (Q D) (e D) + q * diagonal_form (d D) (Q D) (e D) =
  ((p * Xi alpha chi d omega D 1%N 1%N + q * Xi alpha chi d omega D 2%N 1%N) * form (d 0%N) A (e 0%N) +
   (p * Xi alpha chi d omega D 1%N 2%N + q * Xi alpha chi d omega D 2%N 2%N) *
     diagonal_form (d 0%N) A (e 0%N)) *
  (\prod_(1 <= i < D.+1) scale kappa gamma i) ^ 2.
Proof.
elim: D p q => [|D IH] p q hW signs size balance; first by rewrite big_geq // -[Q 0]/A /Xi /delta /=; ring.
rewrite form_above // diagonal_form_above // !carried_row // prod_recr // Rpow_mult_distr -[RHS]Rmult_assoc.
rewrite -IH; first by rewrite /Rdiv; ring.
- exact: lower_layers hW.
- exact: lower_layers signs.
- exact: lower_layers size.
- exact: lower_layers balance.
Qed.
End Balanced.

Unset Implicit Arguments.

Theorem noise_transfer_attained_forms_holds : noise_transfer_attained_forms.
Proof.
move=> D d W kappa e gamma alpha G eta chi p A omega q _ d0 _ _ _ _ _ _ _ _ hW signs size balance.
exact: (@carried_forms d A W kappa e gamma alpha G eta chi omega d0 D p q hW signs size balance).
Qed.

Theorem noise_transfer_attained_moment_holds : noise_transfer_attained_moment.
Proof.
move=> D d W kappa e gamma alpha G eta chi U gamma_u omega_u A omega D0 d0 kappa0 gamma0 alpha0 G0 chi0.
move=> gamma_u0 omega_u0 omega0 hW signs size balance hU; set Q := Mtilde A omega d W alpha G eta D.
have along j : (1 <= j < (d D).+1)%N -> U j = sqrt kappa / sqrt gamma_u * e D j.
  by move=> hj; rewrite hU //; rewrite /Rdiv; ring.
have scale_u := scale_square kappa0 gamma_u0.
have -> : \sum_(1 <= j < (d D).+1) (Q j j * U j ^ 2) =
    kappa / gamma_u * \sum_(1 <= j < (d D).+1) (Q j j * e D j ^ 2).
  by rewrite -scale_u -sumZ; apply: eq_sum => j hj; rewrite along //; ring.
have -> : \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (Q j k * U j * U k) =
    kappa / gamma_u * \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (Q j k * e D j * e D k).
  by rewrite -scale_u -sum2Z; apply: eq_sum2 => k j hk hj; rewrite !along //; ring.
have := noise_transfer_attained_forms_holds D d W kappa e gamma alpha G eta chi 1 A omega (omega_u ^ 2)
  D0 d0 kappa0 gamma0 alpha0 G0 chi0 Rle_0_1 omega0 (sq_ge0 _) hW signs size balance.
rewrite -/Q; set forms := (X in X = _ -> _); set carried := (X in _ = X -> _) => equal.
rewrite (_ : _ + _ = kappa / gamma_u * forms); last by rewrite /forms; ring.
rewrite equal /carried /Rdiv; ring.
Qed.

Theorem noise_transfer_attained_holds : noise_transfer_attained.
Proof.
move=> D d W kappa e gamma alpha G eta chi U gamma_u c omega_u A omega v.
move=> D0 d0 kappa0 gamma0 alpha0 G0 chi0 gamma_u0 c0 omega_u0 omega0 hW signs size balance hU unit0.
have := noise_transfer_attained_moment_holds D d W kappa e gamma alpha G eta chi U gamma_u omega_u A omega
  D0 d0 kappa0 gamma0 alpha0 G0 chi0 gamma_u0 omega_u0 omega0 hW signs size balance hU.
have := balanced_decay D d W kappa e gamma U gamma_u D0 d0 kappa0 gamma_u0 gamma0 hW signs hU unit0.
rewrite (balanced_overlap D d W kappa e gamma U gamma_u) //.
by rewrite /Rdiv => decay moment; lra.
Qed.

(* Along g = m e_0, where the stretch of the layers is m. *)
Theorem noise_transfer_attained_map_holds : noise_transfer_attained_map.
Proof.
move=> D d W kappa e gamma alpha G eta chi U gamma_u m g c omega_u A omega v.
move=> D0 d0 kappa0 gamma0 alpha0 G0 chi0 gamma_u0 m0 c0.
move=> omega_u0 omega0 hW signs size balance hU unit0 along norm.
rewrite (noise_transfer_attained_holds D d W kappa e gamma alpha G eta chi U gamma_u c omega_u A omega
  v) //.
have stretch := balanced_norm_is kappa0 gamma_u0 gamma0 m0 norm.
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * g j * g k) = m ^ 2 *
    \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * e 0%N j * e 0%N k).
  by rewrite -sum2Z; apply: eq_sum2 => k j hk hj; rewrite -!along //; ring.
have -> : \sum_(1 <= k < (d 0%N).+1) (A k k * g k ^ 2) =
  m ^ 2 * \sum_(1 <= k < (d 0%N).+1) (A k k * e 0%N k ^ 2).
  by rewrite -sumZ; apply: eq_sum => k hk; rewrite -along //; ring.
have -> : \sum_(1 <= j < (d 0%N).+1) (g j * v j) = m * \sum_(1 <= j < (d 0%N).+1) (e 0%N j * v j).
  by rewrite -sumZ; apply: eq_sum => j hj; rewrite -along //; ring.
have square : kappa * (\prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) ^ 2 / gamma_u = m ^ 2.
  by rewrite -stretch /Rdiv !Rpow_mult_distr pow_inv (pow2_sqrt kappa) ?(pow2_sqrt gamma_u); lra.
rewrite stretch -square -{3}stretch /Rdiv; ring.
Qed.

Theorem noise_transfer_attained_weights_holds : noise_transfer_attained_weights.
Proof.
move=> D d W kappa e gamma alpha G eta chi U gamma_u g m c omega_u A omega v.
move=> D0 d0 kappa0 gamma0 alpha0 G0 chi0 gamma_u0 m0 c0.
move=> omega_u0 omega0 hW signs size balance hU direction norm_g share.
apply: (noise_transfer_attained_map_holds D d W kappa e gamma alpha G eta chi U gamma_u m g c omega_u A
  omega v) => //.
- under eq_sum => j hj do rewrite direction // /Rdiv Rpow_mult_distr.
  by rewrite sumZr norm_g; field; lra.
- by move=> k hk; rewrite direction //; field; lra.
- by rewrite share balanced_share //; sign.
Qed.

Theorem noise_transfer_attained_groups_holds : noise_transfer_attained_groups.
Proof.
move=> n d P sigma n0 d0 _ equal l hl; have n_gt0 := INR_gt0 _ n0.
by rewrite sumZr sumB equal // sum_const1; field; lra.
Qed.
