(* Networks with several outputs: the layers of a stationary point are balanced as matrices.

   Between neighbors, gamma_{i+1} W_{i+1}^T W_{i+1} = gamma_i W_i W_i^T, since both are minus the same
   product of the derivative of the error with the two layers.  With P_D the product of all layers, that
   moves the decay of a layer through the others: gamma_{D+1} W_{D+1} W_{D+1}^T P_D = P_D gamma_1 W_1^T W_1,
   and the product of all gamma_i times P_D^T P_D is the power K_D of the matrix gamma_1 W_1^T W_1.  All
   follow by induction over the layers. *)
From Symderive.formal Require Import Powers Sums Derivatives.
From Symderive Require Import Definitions.
From Symderive.statements Require Import several_outputs_layers.

(* A sum over the weights of a layer, as one of them moves from w to t. *)
Lemma moved_weight (W : nat -> nat -> nat -> R) i p l t m n (F : nat -> nat -> R -> R) :
  (1 <= p < n)%N -> (1 <= l < m)%N ->
  \sum_(1 <= s < m) \sum_(1 <= r < n) F r s (update3 W i p l t i r s) =
  \sum_(1 <= s < m) \sum_(1 <= r < n) F r s (W i r s) + (F p l t - F p l (W i p l)).
Proof.
move=> hp hl.
have -> : F p l t - F p l (W i p l) = \sum_(1 <= s < m) \sum_(1 <= r < n)
    (delta p r * (delta l s * (F r s t - F r s (W i r s)))).
  by under eq_sum => s _ do rewrite (sum_delta _ hp); rewrite (sum_delta _ hl).
rewrite -sum2D; apply: eq_sum2 => s r _ _; rewrite /update3 /delta eqxx (eq_sym p) (eq_sym l) /=.
by case: eqP => _; case: eqP => _ /=; ring.
Qed.

Theorem several_outputs_gradient_holds : several_outputs_gradient.
Proof.
move=> d i W gamma D a B C V _ _ _ _ _ p hp l hl; set w := W i p l.
set norm := \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d i).+1) W i r s ^ 2.
pose form j k := \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d i).+1) (B j r * C s k * W i r s).
pose moved j k t := form j k + B j p * C l k * (t - w).
have movedE j k t : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d i).+1)
    (B j r * C s k * update3 W i p l t i r s) = moved j k t.
  by rewrite (moved_weight W i p l t _ _ (fun r s z => B j r * C s k * z) hp hl) /moved /form /w /=; ring.
apply: (derivable_pt_lim_ext (fun t => gamma i * (norm + (t ^ 2 - w ^ 2)) +
    \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D.+1%N).+1)
    (a * moved j k t ^ 2 - 2 * V j k * moved j k t))) => [t|].
  rewrite (moved_weight W i p l t _ _ (fun _ _ z => z ^ 2) hp hl); congr (_ + _).
  by apply: eq_sum2 => k j _ _; rewrite movedE.
have moved_w j k : moved j k w = form j k by rewrite /moved; ring.
rewrite /moved; derive; rewrite -sum2Z; congr (_ + _); first by rewrite /=; ring.
by apply: eq_sum2 => k j _ _; rewrite -/(form j k) /=; ring.
Qed.

Section Layers.
Variables (d : nat -> nat) (W : nat -> nat -> nat -> R) (gamma : nat -> R).

(* Layers up to n + 1 are balanced. *)
Definition balanced n := forall i, (1 <= i < n.+1)%N ->
  forall r, (1 <= r < (d i).+1)%N -> forall s, (1 <= s < (d i).+1)%N ->
  gamma i.+1 * (\sum_(1 <= j < (d i.+1).+1) (W i.+1 j r * W i.+1 j s)) =
  gamma i * (\sum_(1 <= k < (d (i - 1)%N).+1) (W i r k * W i s k)).

Lemma lower_balanced n : balanced n.+1 -> balanced n.
Proof. by move=> h i /andP[i1 i_n]; apply: h; rewrite i1 ltnW. Qed.

Lemma top_balanced n q r : balanced n.+1 -> (1 <= q < (d n.+1).+1)%N -> (1 <= r < (d n.+1).+1)%N ->
  gamma n.+2 * (\sum_(1 <= j < (d n.+2).+1) (W n.+2 j q * W n.+2 j r)) =
  gamma n.+1 * (\sum_(1 <= l < (d n).+1) (W n.+1 q l * W n.+1 r l)).
Proof. by move=> h hq hr; have := h n.+1 (ltnSn _) q hq r hr; rewrite subn1. Qed.

(* The decay of the last layer, behind the map of all layers, is that of the first layer before it. *)
Lemma commute n j k : balanced n -> (1 <= j < (d n.+1).+1)%N ->
  gamma n.+1 * (\sum_(1 <= s < (d n.+1).+1) \sum_(1 <= r < (d n).+1)
    (P W d n s k * W n.+1 j r * W n.+1 s r)) =
  \sum_(1 <= l < (d 0%N).+1) (P W d n j l * gamma 1%N *
    (\sum_(1 <= r < (d 1%N).+1) (W 1%N r k * W 1%N r l))).
Proof.
elim: n j => [|n IH] j bal hj.
  rewrite exchange_sum -sumZ; apply: eq_sum => l _ /=; rewrite -!sumZ.
  by apply: eq_sum => r _; ring.
transitivity (\sum_(1 <= r < (d n.+1).+1) (W n.+2 j r * (gamma n.+1 *
    (\sum_(1 <= q < (d n.+1).+1) \sum_(1 <= l < (d n).+1) (P W d n q k * W n.+1 r l * W n.+1 q l))))).
  rewrite exchange_sum -sumZ; apply: eq_sum => r hr.
  transitivity (\sum_(1 <= q < (d n.+1).+1) (W n.+2 j r * P W d n q k *
      (gamma n.+2 * (\sum_(1 <= s < (d n.+2).+1) (W n.+2 s q * W n.+2 s r))))).
    under [RHS]eq_sum => q _ do rewrite -!sumZ.
    rewrite exchange_sum -sumZ; apply: eq_sum => s _; cbn [P].
    by rewrite -!sumZr -sumZ; apply: eq_sum => q _; ring.
  rewrite -!sumZ; apply: eq_sum => q hq; rewrite top_balanced // -!sumZ.
  by apply: eq_sum => l _; ring.
under eq_sum => r hr do rewrite (IH r (lower_balanced n bal) hr) -sumZ.
rewrite exchange_sum; apply: eq_sum => l _; cbn [P].
by rewrite -!sumZr; apply: eq_sum => r _; ring.
Qed.

(* The decay of the first layer, in powers, is the square of the map. *)
Lemma square_of_map n k l : balanced n -> (1 <= l < (d 0%N).+1)%N ->
  (\prod_(1 <= i < n.+2) gamma i) * (\sum_(1 <= j < (d n.+1).+1) (P W d n j k * P W d n j l)) =
  K gamma d W n k l.
Proof.
elim: n l => [|n IH] l bal hl; first by rewrite big_nat1.
have last : gamma n.+2 * (\sum_(1 <= j < (d n.+2).+1) (P W d n.+1 j k * P W d n.+1 j l)) =
    \sum_(1 <= q < (d n.+1).+1) (P W d n q k * (gamma n.+1 *
    (\sum_(1 <= r < (d n.+1).+1) \sum_(1 <= m < (d n).+1) (P W d n r l * W n.+1 q m * W n.+1 r m)))).
  transitivity (\sum_(1 <= q < (d n.+1).+1) \sum_(1 <= r < (d n.+1).+1) (P W d n q k * P W d n r l *
      (gamma n.+2 * (\sum_(1 <= j < (d n.+2).+1) (W n.+2 j q * W n.+2 j r))))).
    rewrite -sumZ; cbn [P]; under eq_sum => j _ do rewrite sum_mul -sum2Z.
    rewrite exchange_sum; apply: eq_sum => q _; rewrite exchange_sum; apply: eq_sum => r _.
    by rewrite -!sumZ; apply: eq_sum => j _; ring.
  apply: eq_sum => q hq; rewrite -!sumZ; apply: eq_sum => r hr; rewrite top_balanced // -!sumZ.
  by apply: eq_sum => m _; ring.
rewrite prod_recr // Rmult_assoc last; cbn [K].
under eq_sum => q hq do rewrite (commute n q l (lower_balanced n bal) hq) -sumZ.
under [RHS]eq_sum => s hs do rewrite -(IH s (lower_balanced n bal) hs).
rewrite exchange_sum -sumZ; apply: eq_sum => s _.
rewrite 2![RHS]Rmult_assoc -sumZr; congr (_ * _).
by apply: eq_sum => q _; ring.
Qed.

(* The first and the last layer carry the same decay. *)
Lemma ends n : balanced n ->
  gamma n.+1 * (\sum_(1 <= r < (d n).+1) \sum_(1 <= j < (d n.+1).+1) W n.+1 j r ^ 2) =
  \sum_(1 <= k < (d 0%N).+1) (gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) W 1%N r k ^ 2)).
Proof.
have squares m (F : nat -> R) : \sum_(1 <= j < m) F j ^ 2 = \sum_(1 <= j < m) (F j * F j).
  by apply: eq_sum => j _; ring.
elim: n => [_|n IH bal]; first by rewrite -sumZ.
rewrite -(IH (lower_balanced n bal)) [in RHS]exchange_sum -!sumZ; apply: eq_sum => r hr.
by rewrite !squares; exact: top_balanced.
Qed.
End Layers.

Theorem several_outputs_balance_holds : several_outputs_balance.
Proof.
move=> n d W gamma Delta _ _ _ lower upper i hi r hr s hs.
(* Both sides are minus the sum of Delta_jk W_{i+1,jr} W_{i,sk}. *)
transitivity (- \sum_(1 <= j < (d i.+1).+1) \sum_(1 <= k < (d (i - 1)%N).+1)
    (Delta i j k * W i.+1 j r * W i s k)).
  rewrite -sumN -sumZ; apply: eq_sum => j hj.
  have -> : gamma i.+1 * (W i.+1 j r * W i.+1 j s) = W i.+1 j r * (W i.+1 j s * gamma i.+1) by ring.
  have -> : W i.+1 j s * gamma i.+1 = - \sum_(1 <= k < (d (i - 1)%N).+1) (Delta i j k * W i s k).
    by have := upper i hi j hj s hs; lra.
  by rewrite -!sumN -sumZ; apply: eq_sum => k _; ring.
rewrite exchange_sum -sumN -sumZ; apply: eq_sum => k hk.
have -> : gamma i * (W i r k * W i s k) = W i s k * (W i r k * gamma i) by ring.
have -> : W i r k * gamma i = - \sum_(1 <= j < (d i.+1).+1) (Delta i j k * W i.+1 j r).
  by have := lower i hi r hr k hk; lra.
by rewrite -!sumN -sumZ; apply: eq_sum => j _; ring.
Qed.

Theorem several_outputs_commute_holds : several_outputs_commute.
Proof.
move=> D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper j hj k _; apply: commute => //.
exact: several_outputs_balance_holds lower upper.
Qed.

Theorem several_outputs_power_holds : several_outputs_power.
Proof.
move=> D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper k _ l hl; apply: square_of_map => //.
exact: several_outputs_balance_holds lower upper.
Qed.

Theorem several_outputs_row_holds : several_outputs_row.
Proof.
move=> d e gamma W kappa g _ _ _ eigen p hp; rewrite exchange_sum -sumZ; apply: eq_sum => k hk.
have -> : kappa p * (e p k * g k) = g k * (e p k * kappa p) by ring.
by rewrite -(eigen p hp k hk) -sumZ; apply: eq_sum => l _; ring.
Qed.

Theorem several_outputs_eigenvalue_holds : several_outputs_eigenvalue.
Proof.
move=> d e gamma W kappa D d_gt0 gamma_gt0 kappa_ge0 _ eigen p hp k hk.
elim: D => [|D IH]; first by rewrite pow_1 -eigen //; apply: eq_sum => l _ /=; ring.
have row := several_outputs_row_holds d e gamma W kappa (K gamma d W D k) d_gt0 gamma_gt0 kappa_ge0 eigen.
move: row => /(_ p hp).
have -> : \sum_(1 <= s < (d 0%N).+1) (e p s * K gamma d W D k s) = e p k * kappa p ^ D.+1.
  by rewrite -IH; apply: eq_sum => s _; ring.
move=> row; have -> : e p k * kappa p ^ D.+2 = kappa p * (e p k * kappa p ^ D.+1) by rewrite /=; ring.
rewrite -row; cbn [K]; apply: eq_sum => l _; rewrite -sumZr; apply: eq_sum => s _.
have -> : \sum_(1 <= r < (d 1%N).+1) (W 1%N r s * W 1%N r l) =
    \sum_(1 <= r < (d 1%N).+1) (W 1%N r l * W 1%N r s).
  by apply: eq_sum => r _; ring.
by ring.
Qed.

Theorem several_outputs_size_holds : several_outputs_size.
Proof.
move=> D d W gamma Delta e kappa z D_gt0 d_gt0 gamma_gt0 kappa_ge0 _ lower upper eigen size p hp k hk.
have decays_gt0 : 0 < \prod_(1 <= i < D.+2) gamma i by sign.
apply: (Rmult_eq_reg_l (\prod_(1 <= i < D.+2) gamma i)); last exact: pos_neq0.
have -> : (\prod_(1 <= i < D.+2) gamma i) * (e p k * z p ^ 2) = e p k * kappa p ^ D.+1.
  by rewrite -size //; ring.
rewrite -(several_outputs_eigenvalue_holds d e gamma W kappa D) // -sumZ.
have square := several_outputs_power_holds D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper k hk.
under [RHS]eq_sum => l hl do rewrite -square // Rmult_assoc -sumZr -sumZ.
rewrite [RHS]exchange_sum; apply: eq_sum => j _; rewrite -!sumZ.
by apply: eq_sum => l _; ring.
Qed.

Theorem several_outputs_ends_holds : several_outputs_ends.
Proof.
move=> D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper; apply: ends.
exact: several_outputs_balance_holds lower upper.
Qed.

Theorem several_outputs_decay_holds : several_outputs_decay.
Proof.
move=> D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper.
have bal := several_outputs_balance_holds D d W gamma Delta D_gt0 d_gt0 gamma_gt0 lower upper.
have each i : (1 <= i < D.+2)%N ->
    gamma i * (\sum_(1 <= k < (d (i - 1)%N).+1) \sum_(1 <= j < (d i).+1) W i j k ^ 2) =
    \sum_(1 <= k < (d 0%N).+1) (gamma 1%N * (\sum_(1 <= r < (d 1%N).+1) W 1%N r k ^ 2)).
  case: i => [//|i] /andP[_ iD]; rewrite subn1; apply: ends => l /andP[l1 li]; apply: bal.
  by rewrite l1 (leq_trans li).
by rewrite (eq_sum each) sum_const1 S_INR.
Qed.
