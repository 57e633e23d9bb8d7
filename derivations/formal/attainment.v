(* Balanced layers of rank one attain the lower bound.

   Layer i is beta_i e_i e_{i-1}^T with beta_i = sqrt (kappa / gamma_i), where e_0 is any unit vector and
   the entries of e_i are +-1/sqrt d_i.  Then e_D sees the features along e_0 alone, stretched by the
   product of all beta_i, and the noise of every layer multiplies the second moment by 1 + sigma_i^2/d_i:
   both by induction over the layers.  Every layer pays the decay kappa. *)
From Symderive.formal Require Import Powers Sums norm_product layer_balance loss.
From Symderive Require Import Definitions.
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
by apply: gt0_neq0; sign.
Qed.

Unset Implicit Arguments.

Theorem attainment_second_moment_holds : attainment_second_moment.
Proof.
move=> D d W kappa e gamma A sigma _ d_gt0 _ _ _; rewrite -/(balanced _ _ _ _ _ _) -/(of_signs _ _ _).
elim: D => [_ _|D IH hW signs]; first by rewrite !(@big_geq _ _ _ 1 1) //=; ring.
have width : INR (d D.+1) <> 0 by apply: gt0_neq0; sign.
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
elim: D => [_ _ k hk|D IH hW signs k hk]; first by rewrite transposed_start // big_geq //; ring.
rewrite transposed_step prod_recr // -/(scale kappa gamma D.+1) -Rmult_assoc.
rewrite -IH //; [|exact: lower_layers hW|exact: lower_layers signs].
rewrite -sumZr; apply: eq_sum => r hr.
have -> : \sum_(1 <= j < (d D.+1).+1) (W D.+1 j r * e D.+1 j) =
    scale kappa gamma D.+1 * e D r * \sum_(1 <= j < (d D.+1).+1) e D.+1 j ^ 2.
  by rewrite -sumZ; apply: eq_sum => j hj; rewrite (top_layer hW) //; ring.
by rewrite (unit_signs d_gt0 signs) ?ltnSn //; ring.
Qed.

Theorem attainment_signs_holds : attainment_signs.
Proof. by move=> D d e _ d_gt0 signs i hi; exact: (@unit_signs D d e). Qed.

Theorem attainment_holds : attainment.
Proof.
move=> Data Noise E_x E_epsilon x y epsilon D d W kappa e gamma U gamma_u c sigma A v.
move=> D_gt0 d_gt0 kappa_gt0 gamma_gt0 gamma_u_gt0 c_ge0 sigma_ge0 data noise hW signs hU unit0.
rewrite (loss_holds _ _ E_x E_epsilon x y epsilon gamma_u d D U gamma W c A sigma v) //.
set beta_u := sqrt kappa / sqrt gamma_u.
set product := \prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i)).
have root t : 0 < t -> sqrt t ^ 2 = t by move=> ht; rewrite pow2_sqrt //; lra.
have root_neq0 t : 0 < t -> sqrt t <> 0 by move=> ht; apply: gt0_neq0; exact: sqrt_lt_R0.
have scale2 t : 0 < t -> (sqrt kappa / sqrt t) ^ 2 = kappa / t.
  by move=> ht; rewrite /Rdiv Rpow_mult_distr root // -Rinv_pow ?root //; exact: root_neq0.
have norms i : (i <= D)%N -> \sum_(1 <= j < (d i).+1) e i j ^ 2 = 1.
  by case: i => [//|i] hi; exact: (@unit_signs D d e).
have output j : (1 <= j < (d D).+1)%N -> U j = beta_u * e D j.
  by move=> hj; rewrite hU // /beta_u /Rdiv; ring.
(* Every layer pays kappa. *)
have decay_u : gamma_u * (\sum_(1 <= j < (d D).+1) U j ^ 2) = kappa.
  have -> : \sum_(1 <= j < (d D).+1) U j ^ 2 = beta_u ^ 2 * \sum_(1 <= j < (d D).+1) e D j ^ 2.
    by rewrite -sumZ; apply: eq_sum => j hj; rewrite output //; ring.
  by rewrite norms // /beta_u scale2 //; field; lra.
have decay_i i : (1 <= i < D.+1)%N ->
    gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) W i j k ^ 2) = kappa.
  move=> hi; have -> : \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) W i j k ^ 2 =
      (sqrt kappa / sqrt (gamma i)) ^ 2 * ((\sum_(1 <= j < (d i).+1) e i j ^ 2) *
      \sum_(1 <= k < (d (i - 1)%N).+1) e (i - 1)%N k ^ 2).
    by rewrite sum_mul -sum2Z; apply: eq_sum2 => j k hj hk; rewrite hW // /Rdiv; ring.
  have iD : (i <= D)%N by case/andP: hi.
  rewrite !norms ?(leq_trans (leq_subr 1 i)) // scale2 //.
  by field; apply: gt0_neq0.
rewrite decay_u (eq_sum decay_i) sum_const1.
have share : Rpower (gamma_u * \prod_(1 <= i < D.+1) gamma i) (/ (INR D + 1)) *
    Rpower (beta_u * product) (2 / (INR D + 1)) = kappa.
  rewrite Rmult_comm; symmetry; apply: layer_balance_share_holds => //.
    by rewrite /beta_u /product; sign.
  rewrite Rpow_mult_distr /beta_u scale2 // /product -prod_pow.
  under [in RHS]eq_prod => i _ do rewrite scale2 //.
  rewrite prod_div ?prod_const1 -?tech_pow_Rmult; last by move=> i _; apply: gt0_neq0.
  by field; split; apply: gt0_neq0; sign.
(* The quadratic and the linear form of the map. *)
have quadratic : \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * U j * U k) =
    beta_u ^ 2 * \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * e D j * e D k).
  by rewrite -sum2Z; apply: eq_sum2 => k j hk hj; rewrite !output //; ring.
have linear : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k) =
    beta_u * product * \sum_(1 <= j < (d 0%N).+1) (e 0%N j * v j).
  rewrite -sumZ; apply: eq_sum => k hk.
  have := attainment_map_holds D d W kappa e gamma D_gt0 d_gt0 kappa_gt0 gamma_gt0 hW signs k hk.
  rewrite -/product => along.
  have -> : beta_u * product * (e 0%N k * v k) = beta_u * v k * (e 0%N k * product) by ring.
  by rewrite -along -sumZ; apply: eq_sum => j hj; rewrite output //; ring.
rewrite quadratic linear (attainment_second_moment_holds D d W kappa e gamma A sigma) // scale2 //.
have -> : sqrt kappa * product / sqrt gamma_u = beta_u * product by rewrite /beta_u /Rdiv; ring.
by rewrite share -/product /beta_u; field; split; apply: gt0_neq0; sign.
Qed.

Theorem attainment_direction_holds : attainment_direction.
Proof. by move=> d g m _ m_gt0 norm; rewrite /Rdiv sumZr norm Rinv_r //; nra. Qed.
