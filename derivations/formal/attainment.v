(* Balanced layers of rank one attain the lower bound.

   Layer i is beta_i e_i e_{i-1}^T with beta_i = sqrt (kappa / gamma_i), where e_0 is any unit vector and
   the entries of e_i are +-1/sqrt d_i.  Then e_D sees the features along e_0 alone, stretched by the
   product of all beta_i, and the noise of every layer multiplies the second moment by 1 + sigma_i^2/d_i:
   both by induction over the layers.  Every layer pays the decay kappa. *)
From Symderive.formal Require Import Powers Maps Forms layer_balance loss.
From Symderive.statements Require Import attainment.
Set Implicit Arguments.
Unset Strict Implicit.

(* A layer between two vectors of signs. *)
Definition scale kappa (gamma : nat -> R) i := sqrt kappa / sqrt (gamma i).
Definition balanced (D : nat) (d : nat -> nat) (W : nat -> nat -> nat -> R) kappa (e : nat -> nat -> R)
    (gamma : nat -> R) :=
  forall i, (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N -> forall k,
    (1 <= k < (d (i - 1)%N).+1)%N -> W i j k = sqrt kappa * e (i - 1)%N k * e i j / sqrt (gamma i).
Definition of_signs (D : nat) (d : nat -> nat) (e : nat -> nat -> R) :=
  forall i, (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N -> e i j ^ 2 = / INR (d i).

(* The last layer of D + 1, and those below it. *)
Lemma top_layer D d W kappa e gamma : balanced D.+1 d W kappa e gamma ->
  forall j r, (1 <= j < (d D.+1).+1)%N -> (1 <= r < (d D).+1)%N ->
  W D.+1 j r = scale kappa gamma D.+1 * (e D r * e D.+1 j).
Proof.
move=> hW j r hj hr; have := hW D.+1 (ltnSn _) j hj r; rewrite subn1 /= => -> //.
by rewrite /scale /Rdiv; ring.
Qed.

Lemma lower_layers D (P : nat -> Prop) :
  (forall i, (1 <= i < D.+2)%N -> P i) -> forall i, (1 <= i < D.+1)%N -> P i.
Proof. by move=> h i /andP[i1 iD]; apply: h; rewrite i1 ltnW. Qed.

Lemma unit_signs D d e i : (forall i, (0 < d i)%N) -> of_signs D d e -> (1 <= i < D.+1)%N ->
  \sum_(1 <= j < (d i).+1) e i j ^ 2 = 1.
Proof.
move=> d_gt0 signs hi; rewrite (eq_sum (signs i hi)) sum_const1 Rinv_r //.
by sign.
Qed.

Lemma scale_square kappa t : 0 < kappa -> 0 < t -> (sqrt kappa / sqrt t) ^ 2 = kappa / t.
Proof. by move=> kappa0 t0; rewrite /Rdiv Rpow_mult_distr pow_inv !pow2_sqrt; lra. Qed.

(* The norm of the map of balanced layers. *)
Lemma balanced_norm D kappa gamma_u (gamma : nat -> R) :
  0 < kappa -> 0 < gamma_u -> (forall i, 0 < gamma i) ->
  (sqrt kappa * (\prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) / sqrt gamma_u) ^ 2 =
  kappa ^ D.+1 / (gamma_u * (\prod_(1 <= i < D.+1) gamma i)).
Proof.
move=> kappa0 gamma_u0 gamma0; have p0 : 0 < \prod_(1 <= i < D.+1) gamma i by sign.
have roots i : sqrt (gamma i) <> 0 by apply: Rgt_not_eq; exact: sqrt_lt_R0.
rewrite prod_div // prod_const prod_sqrt => [|i _]; last by left.
by apply: ln_inv; try sign; logs; rewrite subn1 ?S_INR /=; field.
Qed.

Lemma balanced_norm_is D kappa gamma_u (gamma : nat -> R) m :
  0 < kappa -> 0 < gamma_u -> (forall i, 0 < gamma i) -> 0 < m ->
  kappa ^ D.+1 / (gamma_u * (\prod_(1 <= i < D.+1) gamma i)) = m ^ 2 ->
  sqrt kappa * (\prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) / sqrt gamma_u = m.
Proof.
move=> kappa0 gamma_u0 gamma0 m0 balanced.
have p0 : 0 < \prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i)) by sign.
by apply: Rsqr_inj; [sign | lra | rewrite !Rsqr_pow2 balanced_norm].
Qed.

(* The kappa of the statement has the power D + 1 that the layers of norm m need. *)
Lemma balanced_share D m G : 0 < m -> 0 < G ->
  (Rpower m (2 / (INR D + 1)) * Rpower G (/ (INR D + 1))) ^ D.+1 / G = m ^ 2.
Proof.
move=> m0 G0.
have D1 : INR D + 1 <> 0 by have := pos_INR D; lra.
rewrite -Rpower_pow ?S_INR; last by sign.
rewrite -Rpower_mult_distr; try exact: Rpower_gt0.
rewrite !Rpower_mult (_ : 2 / (INR D + 1) * (INR D + 1) = INR 2) ?Rinv_l ?Rpower_1 ?Rpower_pow //=.
all: by field; lra.
Qed.

Unset Implicit Arguments.

Theorem attainment_second_moment_holds : attainment_second_moment.
Proof.
move=> D d W kappa e gamma A sigma _ d_gt0 _ _ _; rewrite -/(balanced _ _ _ _ _ _) -/(of_signs _ _ _).
elim: D => [_ _|D IH hW signs]; first by rewrite !(@big_geq _ _ _ 1 1) //=; ring.
have width : INR (d D.+1) <> 0 by apply: pos_neq0; sign.
set beta := scale kappa gamma D.+1.
set form := \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * e D j * e D k).
have entry j k : (1 <= j < (d D.+1).+1)%N -> (1 <= k < (d D.+1).+1)%N ->
    M A sigma d W D.+1 j k * e D.+1 j * e D.+1 k =
    beta ^ 2 * form * (/ INR (d D.+1)) ^ 2 * (delta k j * sigma D.+1 ^ 2 + 1).
  move=> hj hk.
  have -> : M A sigma d W D.+1 j k =
      (delta j k * sigma D.+1 ^ 2 + 1) * (beta ^ 2 * e D.+1 j * e D.+1 k * form).
    cbn [M]; congr (_ * _); rewrite /form -sum2Z; apply: eq_sum2 => s r hs hr.
    by rewrite !(top_layer hW) // -/beta; ring.
  have top : (1 <= D.+1 < D.+2)%N by rewrite ltnSn.
  have -> : (/ INR (d D.+1)) ^ 2 = e D.+1 j ^ 2 * e D.+1 k ^ 2 by rewrite !(signs _ top) //; ring.
  by rewrite deltaC; ring.
have -> : \sum_(1 <= k < (d D.+1).+1) \sum_(1 <= j < (d D.+1).+1)
      (M A sigma d W D.+1 j k * e D.+1 j * e D.+1 k) =
    beta ^ 2 * form * (/ INR (d D.+1)) ^ 2 *
    \sum_(1 <= k < (d D.+1).+1) \sum_(1 <= j < (d D.+1).+1) (delta k j * sigma D.+1 ^ 2 + 1).
  by rewrite -sum2Z; apply: eq_sum2 => k j hk hj; exact: entry.
have -> : \sum_(1 <= k < (d D.+1).+1) \sum_(1 <= j < (d D.+1).+1) (delta k j * sigma D.+1 ^ 2 + 1) =
    INR (d D.+1) * (sigma D.+1 ^ 2 + INR (d D.+1)).
  rewrite -sum_const1; apply: eq_sum => k hk.
  by rewrite sumD (sum_delta (fun _ => sigma D.+1 ^ 2)) // sum_const1; ring.
rewrite /form IH; [|exact: lower_layers hW|exact: lower_layers signs].
by rewrite !(@prod_recr 1 D.+1) // -/(scale kappa gamma D.+1) -/beta; field.
Qed.

Theorem attainment_map_holds : attainment_map.
Proof.
move=> D d W kappa e gamma _ d_gt0 _ _; rewrite -/(balanced _ _ _ _ _ _) -/(of_signs _ _ _).
elim: D => [_ _ k hk|D IH hW signs k hk]; first by rewrite [LHS]transposed_start // big_geq //; ring.
rewrite -/(carried_down _ _ _ k) transposed_step prod_recr // -/(scale kappa gamma D.+1) -Rmult_assoc.
rewrite -IH //; [|exact: lower_layers hW|exact: lower_layers signs].
rewrite -sumZr; apply: eq_sum => r hr.
have -> : carried_down (d D.+1) (W D.+1) (e D.+1) r =
    scale kappa gamma D.+1 * e D r * \sum_(1 <= j < (d D.+1).+1) e D.+1 j ^ 2.
  by rewrite -sumZ; apply: eq_sum => j hj; rewrite (top_layer hW) //; ring.
by rewrite (unit_signs d_gt0 signs) ?ltnSn //; ring.
Qed.

Theorem attainment_signs_holds : attainment_signs.
Proof. by move=> D d e _ d_gt0 signs i hi; exact: (@unit_signs D d e). Qed.

(* The decay of balanced layers, kappa for each, in terms of the norm of their map; the overlap of the map
   with the target; and the second moment of the prediction. *)
Section Balanced.
Variables (D : nat) (d : nat -> nat) (W : nat -> nat -> nat -> R) (kappa : R) (e : nat -> nat -> R).
Variables (gamma U : nat -> R) (gamma_u : R).
Hypotheses (D0 : (0 < D)%N) (d0 : forall i, (0 < d i)%N) (kappa0 : 0 < kappa) (gamma_u0 : 0 < gamma_u).
Hypotheses (gamma0 : forall i, 0 < gamma i) (hW : balanced D d W kappa e gamma) (signs : of_signs D d e).
Hypothesis hU : forall j, (1 <= j < (d D).+1)%N -> U j = sqrt kappa * e D j / sqrt gamma_u.

Let stretch := sqrt kappa * (\prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) / sqrt gamma_u.

Lemma balanced_decay : \sum_(1 <= j < (d 0%N).+1) e 0%N j ^ 2 = 1 ->
  gamma_u * (\sum_(1 <= j < (d D).+1) U j ^ 2) + \sum_(1 <= i < D.+1) (gamma i *
    \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) W i j k ^ 2) =
  Rpower (gamma_u * \prod_(1 <= i < D.+1) gamma i) (/ (INR D + 1)) * Rpower stretch (2 / (INR D + 1)) *
  (INR D + 1).
Proof.
move=> unit0; have norms i : (i <= D)%N -> \sum_(1 <= j < (d i).+1) e i j ^ 2 = 1.
  by case: i => [//|i] hi; exact: (unit_signs d0 signs).
have decay_u : gamma_u * (\sum_(1 <= j < (d D).+1) U j ^ 2) = kappa.
  rewrite (eq_sum (G := fun j => kappa / gamma_u * e D j ^ 2)) => [|j hj].
    by rewrite sumZ norms //; field; lra.
  by rewrite hU // -(scale_square kappa0 gamma_u0) /Rdiv; ring.
have decay_i i : (1 <= i < D.+1)%N ->
    gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) W i j k ^ 2) = kappa.
  move=> hi; have iD : (i <= D)%N by case/andP: hi.
  rewrite (eq_sum2 (G := fun j k => kappa / gamma i * (e i j ^ 2 * e (i - 1)%N k ^ 2))) => [|j k hj hk].
    by rewrite sum2Z -sum_mul !norms ?(leq_trans (leq_subr 1 i)) //; field; apply: pos_neq0.
  by rewrite hW // -(scale_square kappa0 (gamma0 i)) /Rdiv; ring.
rewrite decay_u (eq_sum decay_i) sum_const1.
have -> : Rpower (gamma_u * \prod_(1 <= i < D.+1) gamma i) (/ (INR D + 1)) *
  Rpower stretch (2 / (INR D + 1)) = kappa.
  rewrite Rmult_comm; symmetry; apply: layer_balance_share_holds => //; last by rewrite balanced_norm.
  by rewrite /stretch; sign.
ring.
Qed.

Lemma balanced_overlap v : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k) =
  stretch * \sum_(1 <= k < (d 0%N).+1) (e 0%N k * v k).
Proof.
rewrite -sumZ; apply: eq_sum => k hk.
have := attainment_map_holds D d W kappa e gamma D0 d0 kappa0 gamma0 hW signs k hk => along.
have -> : stretch * (e 0%N k * v k) = sqrt kappa / sqrt gamma_u * v k *
    (e 0%N k * \prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) by rewrite /stretch /Rdiv; ring.
by rewrite -along -sumZ; apply: eq_sum => j hj; rewrite hU // /Rdiv; ring.
Qed.
Lemma balanced_moment A sigma : (forall i, 0 <= sigma i) -> form (d D) (M A sigma d W D) U =
  kappa / gamma_u * (\prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i))) ^ 2 *
  (\prod_(1 <= i < D.+1) (1 + sigma i ^ 2 / INR (d i))) * form (d 0%N) A (e 0%N).
Proof.
move=> sigma0; rewrite -(scale_square kappa0 gamma_u0).
rewrite (form_multiple _ (g := e D) (a := sqrt kappa / sqrt gamma_u)) => [|j hj]; last first.
  by rewrite hU // /Rdiv; ring.
have := attainment_second_moment_holds D d W kappa e gamma A sigma D0 d0 kappa0 gamma0 sigma0 hW signs.
by rewrite -/(form _ _ _) /form => ->; ring.
Qed.
End Balanced.

Theorem attainment_holds : attainment.
Proof.
move=> Data Noise E_x E_epsilon x y epsilon D d W kappa e gamma U gamma_u c sigma A v.
move=> D0 d0 kappa0 gamma0 gamma_u0 c0 sigma0 data noise hW signs hU unit0.
rewrite (loss_holds _ _ E_x E_epsilon x y epsilon gamma_u d D U gamma W c A sigma v) //.
have := balanced_decay D d W kappa e gamma U gamma_u D0 d0 kappa0 gamma_u0 gamma0 hW signs hU unit0.
have := balanced_moment D d W kappa e gamma U gamma_u D0 d0 kappa0 gamma_u0 gamma0 hW signs hU A sigma
  sigma0.
rewrite (balanced_overlap D d W kappa e gamma U gamma_u) // /form /Rdiv => moment decay; lra.
Qed.

Theorem attainment_direction_holds : attainment_direction.
Proof. by move=> d g m _ m_gt0 norm; rewrite /Rdiv sumZr norm Rinv_r //; nra. Qed.
