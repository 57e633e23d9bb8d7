(* The main theorem: the loss of a deep linear network has the minimum of a function of one vector.

   It holds for every depth D, all widths d, all data, noise of any variances, and all positive decays.
   For all weights U, W the expected loss is at least F(m), where m is the end-to-end map of the weights,
   and every value F(m) is the loss of some weights that have this map ([reduction]).  F takes a least
   value ([minimum_exists]), because it is continuous and exceeds F(0) outside a ball.  So the loss takes
   a least value, and it is that of F ([same_minimum]).  The text of the theorem, with all that it
   assumes, stands at the end ([main_theorem]), and last what it says of a finite sample with coins as
   noise ([sample_theorem]). *)
From Symderive.formal Require Import Tactics Powers Sums Averages Compactness Model.
From Symderive Require Import Definitions.
From Symderive.formal Require Import loss norm_product attainment global_minimum.

(* An average over the data is not negative where the function is not. *)
Definition positive_average {Data : Type} (E : (Data -> R) -> R) x y : Prop :=
  forall f, quadratic x y f -> (forall p, 0 <= f p) -> 0 <= E f.

(* A number is the minimum of a function if it is the least of its values. *)
Definition minimum {Points : Type} (f : Points -> R) (a : R) : Prop :=
  (exists p, f p = a) /\ forall p, a <= f p.

(* The norm of a vector with the entries m 1, ..., m n. *)
Definition norm (n : nat) (m : nat -> R) : R := sqrt (\sum_(1 <= k < n.+1) (m k) ^ 2).

Lemma norm_ge0 n m : 0 <= norm n m.
Proof. exact: sqrt_pos. Qed.

Lemma norm_square n m : norm n m ^ 2 = \sum_(1 <= k < n.+1) (m k) ^ 2.
Proof. by apply: pow2_sqrt; sign. Qed.

Lemma norm_eq0 n m : norm n m = 0 -> forall k, (1 <= k < n.+1)%N -> m k = 0.
Proof.
move=> norm0 k hk; apply: Rsqr_0_uniq; rewrite Rsqr_pow2.
apply: (@sum_eq0 1 n.+1 (fun k => m k ^ 2)) => // [i _|].
  by sign.
by rewrite -norm_square norm0 /=; ring.
Qed.

Lemma coordinate_le_norm n m k : (1 <= k < n.+1)%N -> - norm n m <= m k <= norm n m.
Proof.
move=> hk; have norm0 := norm_ge0 n m.
suff : m k ^ 2 <= norm n m ^ 2 by split; nra.
rewrite norm_square (big_rem k) ?mem_index_iota // -[X in X <= _]Rplus_0_r; apply: Rplus_le_compat_l.
by apply: (big_ind (fun z => 0 <= z)) => [|a b|i _]; [lra | exact: Rplus_le_le_0_compat | exact: sq_ge0].
Qed.

Section Network.

(* A network of D >= 1 hidden layers of d 1, ..., d D neurons and one output, on d 0 features. *)
Variables (D : nat) (d : nat -> nat).
Local Notation n := (d 0%N).
Hypotheses (depth : (0 < D)%N) (widths : forall i, (0 < d i)%N).

(* Decays gamma 1, ..., gamma D of the hidden layers and gamma_u of the output. *)
Variables (gamma_u : R) (gamma : nat -> R).
Hypotheses (decay_u : 0 < gamma_u) (decays : forall i, 0 < gamma i).

(* Data: features x and targets y, with the moments A = E[x x'], v = E[y x] and c = E[y y]. *)
Context {Data : Type} (E_x : (Data -> R) -> R) (x : Data -> nat -> R) (y : Data -> R).
Variables (A : nat -> nat -> R) (v : nat -> R) (c : R).
Hypotheses (data : data_average E_x x y A v c) (positive : positive_average E_x x y).

(* Noise eps on the neurons, of mean 1 and standard deviation sigma i in layer i. *)
Context {Noise : Type} (E_eps : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R) (sigma : nat -> R).
Hypotheses (noise : noise_average E_eps eps sigma) (deviations : forall i, 0 <= sigma i).

(* The expected loss of the weights U of the output and W i of layer i: the square error, and the decay. *)
Definition square_error (U : nat -> R) (W : nat -> nat -> nat -> R) : R :=
  E_x (fun p => E_eps (fun o => (\sum_(1 <= j < (d D).+1) (U j * h (x p) (eps o) d W D j) - y p) ^ 2)).
Definition weight_decay (U : nat -> R) (W : nat -> nat -> nat -> R) : R :=
  gamma_u * (\sum_(1 <= j < (d D).+1) (U j) ^ 2) + \sum_(1 <= i < D.+1)
    (gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2)).
Definition network_loss (U : nat -> R) (W : nat -> nat -> nat -> R) : R :=
  square_error U W + weight_decay U W.

(* What the network computes without noise is the linear function with this vector, U W_D ... W_1. *)
Definition end_to_end_map (U : nat -> R) (W : nat -> nat -> nat -> R) : nat -> R :=
  fun k => \sum_(1 <= j < (d D).+1) (T d W D j k * U j).

(* The reduced loss of a vector m.  The noise multiplies the second moment of the prediction by a factor,
   and in place of the decay stands a penalty on the norm, with the geometric mean of the decays. *)
Definition noise_factor : R := \prod_(1 <= i < D.+1) (1 + (sigma i) ^ 2 / INR (d i)).
Definition mean_decay : R := Rpower (gamma_u * (\prod_(1 <= i < D.+1) gamma i)) (/ (INR D + 1)).
Definition penalty (m : nat -> R) : R := (INR D + 1) * mean_decay * power (norm n m) (2 / (INR D + 1)).
Definition reduced_loss (m : nat -> R) : R :=
  noise_factor * (\sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (m j * A j k * m k)) -
  2 * (\sum_(1 <= k < n.+1) (m k * v k)) + c + penalty m.

Lemma exponent_gt0 : 0 < 2 / (INR D + 1).
Proof. by have ? := pos_INR D; sign. Qed.

(* ** The data *)

(* The square error of a linear function is not negative, also where the target is multiplied by s. *)
Lemma linear_error_ge0 (m : nat -> R) s :
  0 <= \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (m j * A j k * m k) -
    2 * s * (\sum_(1 <= k < n.+1) (m k * v k)) + s ^ 2 * c.
Proof.
have lin := quadratic_linear data; have cl := linear_closed lin.
pose form p := (\sum_(1 <= j < n.+1) (m j * x p j)) * (\sum_(1 <= k < n.+1) (m k * x p k)).
pose mixed p := \sum_(1 <= k < n.+1) (m k * (y p * x p k)).
have q_form : quadratic x y form.
  rewrite /form pairs; do 2 apply: (closed_sum cl) => ?.
  by apply: (closed_scale cl); exact: quadratic_features.
have q_mixed : quadratic x y mixed.
  by apply: (closed_sum cl) => k; apply: (closed_scale cl); exact: quadratic_mixed.
have q_target : quadratic x y (fun p => y p * y p) by exact: quadratic_target.
have q_scaled : quadratic x y (fun p => 2 * s * mixed p) by exact: (closed_scale cl).
have square p : form p - 2 * s * mixed p + s ^ 2 * (y p * y p) =
    (\sum_(1 <= k < n.+1) (m k * x p k) - s * y p) ^ 2.
  have -> : mixed p = y p * \sum_(1 <= k < n.+1) (m k * x p k).
    by rewrite /mixed -sumZ; apply: eq_bigr => k _; ring.
  by rewrite /form; ring.
have := positive (fun p => form p - 2 * s * mixed p + s ^ 2 * (y p * y p)).
rewrite (linear_add lin) ?(linear_sub lin) ?(linear_scale lin) //; last first.
- exact: (closed_scale cl).
- exact: (closed_sub cl).
rewrite (data_target data) /mixed (linear_combination lin); last by move=> k; exact: quadratic_mixed.
rewrite /form (linear_pairs lin); last by move=> j k; exact: quadratic_features.
have -> : \sum_(1 <= k < n.+1) (m k * E_x (fun p => y p * x p k)) = \sum_(1 <= k < n.+1) (m k * v k).
  by apply: eq_bigr => k _; rewrite (data_mixed data).
have -> : \sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (m j * m k * E_x (fun p => x p j * x p k)) =
    \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (m j * A j k * m k).
  rewrite exchange_sum; apply: eq_bigr => j _; apply: eq_bigr => k _.
  by rewrite (data_features data); ring.
apply; last by move=> p; rewrite square; sign.
by apply: (closed_add cl); [exact: (closed_sub cl) | exact: (closed_scale cl)].
Qed.

Lemma target_nonneg : 0 <= c.
Proof.
have := linear_error_ge0 (fun _ => 0) 1.
rewrite !sum0 => [|k _|j _]; try ring; first lra.
by apply: sum0 => k _; ring.
Qed.

Lemma moments_psd : psd n A.
Proof.
move=> z; have := linear_error_ge0 z 0.
have -> : \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * z k * A j k) =
    \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * A j k * z k).
  by apply: eq_bigr => j _; apply: eq_bigr => k _; ring.
lra.
Qed.

(* ** The reduction *)

(* The two losses in the letters of the statements that they follow from. *)
Lemma network_loss_formula U W : network_loss U W =
  gamma_u * (\sum_(1 <= j < (d D).+1) (U j) ^ 2) + (\sum_(1 <= i < D.+1)
    (gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2))) +
  E_x (fun p => E_eps (fun o => (- y p + (\sum_(1 <= j < (d D).+1) (U j * h (x p) (eps o) d W D j))) ^ 2)).
Proof.
rewrite /network_loss /square_error /weight_decay.
rewrite (_ : (fun p => E_eps (fun o => _)) = fun p => E_eps (fun o =>
    (- y p + (\sum_(1 <= j < (d D).+1) (U j * h (x p) (eps o) d W D j))) ^ 2)); first ring.
apply: functional_extensionality => p; congr E_eps; apply: functional_extensionality => o; ring.
Qed.

Lemma reduced_loss_formula m : 0 < norm n m -> reduced_loss m =
  c + Rpower (norm n m) (2 / (INR D + 1)) * Rpower (gamma_u * (\prod_(1 <= i < D.+1) gamma i))
    (/ (INR D + 1)) * (INR D + 1) + (\prod_(1 <= i < D.+1) (1 + (sigma i) ^ 2 / INR (d i))) *
    (\sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (A j k * m j * m k)) -
    2 * (\sum_(1 <= j < n.+1) (m j * v j)).
Proof.
move=> norm0; rewrite /reduced_loss /penalty /mean_decay /noise_factor power_Rpower; last lra.
rewrite exchange_sum.
have -> : \sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (m j * A j k * m k) =
    \sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (A j k * m j * m k).
  by apply: eq_bigr => k _; apply: eq_bigr => j _; ring.
ring.
Qed.

Lemma reduced_loss_zero m : norm n m = 0 -> reduced_loss m = c.
Proof.
move=> norm0; have m0 := norm_eq0 _ _ norm0.
rewrite /reduced_loss /penalty norm0 power_0_l; last by have := exponent_gt0; lra.
rewrite !sum0 => [|k hk|j hj]; [ring | by rewrite m0 //; ring |].
by apply: sum0 => k hk; rewrite (m0 j) //; ring.
Qed.

(* A map that is not 0 has no layer that is 0: its norm is at most the product of those of the layers. *)
Lemma layers_not_zero U W : 0 < norm n (end_to_end_map U W) ->
  0 < \sum_(1 <= j < (d D).+1) (U j) ^ 2 /\ forall i, (1 <= i < D.+1)%N ->
  0 < \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2.
Proof.
move=> norm0; have product := norm_product_holds D d W U depth widths.
pose hidden i := \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2.
have hidden0 i : 0 <= hidden i by rewrite /hidden; sign.
have output0 : 0 <= \sum_(1 <= j < (d D).+1) (U j) ^ 2 by sign.
have {}product : 0 < (\prod_(1 <= i < D.+1) hidden i) * \sum_(1 <= j < (d D).+1) (U j) ^ 2.
  apply: Rlt_le_trans (Rge_le _ _ product).
  by rewrite -(norm_square _ (end_to_end_map U W)); sign.
split=> [|i hi].
  by case: output0 => // zero; move: product; rewrite -zero Rmult_0_r; lra.
case: (hidden0 i) => // zero; move: product.
rewrite (big_rem i) ?mem_index_iota //= -zero !Rmult_0_l; lra.
Qed.

(* The reduced loss is a lower bound of the loss. *)
Lemma reduced_loss_below U W : reduced_loss (end_to_end_map U W) <= network_loss U W.
Proof.
rewrite network_loss_formula; set m := end_to_end_map U W.
case: (Rle_lt_or_eq_dec _ _ (norm_ge0 n m)) => norm0; last first.
  rewrite reduced_loss_zero //; apply: Rge_le.
  apply: (global_minimum_zero_map_holds _ _ E_x E_eps x y eps d A D W U gamma_u gamma c v sigma) => //.
  - exact: target_nonneg.
  - exact: moments_psd.
  - exact: norm_eq0 (esym norm0).
have [output0 hidden0] := layers_not_zero _ _ norm0.
(* The norms of the layers, positive for all i as the statement asks. *)
pose N i := if (1 <= i < D.+1)%N then
  \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2 else 1.
have N0 i : 0 < N i by rewrite /N; case: ifP => [hi|_]; [exact: hidden0 | lra].
rewrite reduced_loss_formula //.
have -> : \sum_(1 <= k < n.+1) (m k * v k) =
    \sum_(1 <= k < n.+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k).
  by apply: eq_bigr => k _; rewrite sumZr.
apply: Rge_le; apply: (global_minimum_holds _ _ E_x E_eps x y eps d A D W N U _ _ gamma_u gamma c sigma v
  widths depth N0 output0 norm0 decay_u decays target_nonneg deviations data noise moments_psd) => //.
- by move=> i hi; rewrite /N hi.
- by rewrite norm_square.
Qed.

(* Weights 0 have the map 0 and the loss c, and balanced layers of rank one have any other map m, with the
   reduced loss of m as their loss. *)
Lemma reduced_loss_attained m : exists U W,
  (forall k, (1 <= k < n.+1)%N -> end_to_end_map U W k = m k) /\ network_loss U W = reduced_loss m.
Proof.
case: (Rle_lt_or_eq_dec _ _ (norm_ge0 n m)) => norm0; last first.
  exists (fun _ => 0), (fun _ _ _ => 0); have m0 := norm_eq0 _ _ (esym norm0); split.
    by move=> k hk; rewrite m0 // /end_to_end_map sum0 // => j _; ring.
  rewrite reduced_loss_zero // network_loss_formula.
  rewrite (loss_holds _ _ E_x E_eps x y eps gamma_u d D _ gamma _ c A sigma v) //.
    by repeat first [ring | rewrite sum0; [| move=> *]].
  exact: target_nonneg.
set G := gamma_u * (\prod_(1 <= i < D.+1) gamma i).
pose kappa := Rpower (norm n m) (2 / (INR D + 1)) * Rpower G (/ (INR D + 1)).
pose e i j := if i is 0%N then m j / norm n m else / sqrt (INR (d i)).
pose W i j k := sqrt kappa * e (i - 1)%N k * e i j / sqrt (gamma i).
pose U j := sqrt kappa * e D j / sqrt gamma_u.
have kappa0 : 0 < kappa by rewrite /kappa; sign.
have he i : (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N -> e i j ^ 2 = / INR (d i).
  by case: i => // i _ j _; rewrite /e pow_inv pow2_sqrt //; exact: pos_INR.
have hW i : (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N ->
  forall k, (1 <= k < (d (i - 1)%N).+1)%N ->
  W i j k = sqrt kappa * e (i - 1)%N k * e i j / sqrt (gamma i) by [].
exists U, W; split=> [k hk|].
  have hidden := attainment_map_holds D d W kappa e gamma depth widths kappa0 decays hW he k hk.
  have G0 : 0 < G by rewrite /G; sign.
  have norm_m := balanced_norm_is kappa0 decay_u decays norm0 (balanced_share D norm0 G0).
  rewrite /end_to_end_map /U.
  have -> : \sum_(1 <= j < (d D).+1) (T d W D j k * (sqrt kappa * e D j / sqrt gamma_u)) =
      sqrt kappa / sqrt gamma_u * \sum_(1 <= j < (d D).+1) (T d W D j k * e D j).
    by rewrite -sumZ; apply: eq_bigr => j _; rewrite /Rdiv; ring.
  rewrite hidden /e.
  have -> P : sqrt kappa / sqrt gamma_u * (m k / norm n m * P) =
      sqrt kappa * P / sqrt gamma_u / norm n m * m k by rewrite /Rdiv; ring.
  by rewrite norm_m; field; lra.
rewrite reduced_loss_formula // network_loss_formula.
apply: (global_minimum_weights_holds _ _ E_x E_eps x y eps D d W kappa e gamma U gamma_u m _ c sigma A v)
  => //.
- exact: target_nonneg.
- by rewrite norm_square.
Qed.

(* The reduction: every loss is at least a reduced loss, every reduced loss is a loss, at the same map. *)
Theorem reduction :
  (forall U W, reduced_loss (end_to_end_map U W) <= network_loss U W) /\
  (forall m, exists U W, (forall k, (1 <= k <= d 0%N)%N -> end_to_end_map U W k = m k) /\
    network_loss U W = reduced_loss m).
Proof. split; [exact: reduced_loss_below | exact: reduced_loss_attained]. Qed.

(* ** The minimum *)

Lemma noise_factor_ge1 : 1 <= noise_factor.
Proof.
rewrite /noise_factor; apply: (big_ind (fun z => 1 <= z)) => [|a b a1 b1|i _]; [lra | nra |].
by suff : 0 <= sigma i ^ 2 / INR (d i); [lra | sign].
Qed.

Lemma mean_decay_gt0 : 0 < mean_decay.
Proof. exact: Rpower_gt0. Qed.

(* Without the penalty the reduced loss is at least the square error of the linear function, because the
   factor of the noise is at least 1. *)
Lemma reduced_loss_ge_penalty m : penalty m <= reduced_loss m.
Proof.
rewrite /reduced_loss.
have error := linear_error_ge0 m 1; have moments := linear_error_ge0 m 0; have rho1 := noise_factor_ge1.
nra.
Qed.

(* The penalty exceeds any number outside a ball. *)
Lemma coercive b : exists B, 0 <= B /\ forall m, B < norm n m -> b < reduced_loss m.
Proof.
have [B large] := global_minimum_coercive_holds mean_decay D mean_decay_gt0 depth b.
exists (Rmax 0 B); split=> [|m far]; first exact: Rmax_l.
apply: Rlt_le_trans (reduced_loss_ge_penalty m).
have far0 := Rle_lt_trans _ _ _ (Rmax_l 0 B) far; have farB := Rle_lt_trans _ _ _ (Rmax_r 0 B) far.
by have := large _ farB; rewrite /penalty power_Rpower; lra.
Qed.

(* The penalty is a multiple of a root of a polynomial, so the reduced loss is a continuous function. *)
Lemma penalty_power m : power (norm n m) (2 / (INR D + 1)) =
  power (\sum_(1 <= k < n.+1) (m k * m k)) (/ (INR D + 1)).
Proof.
have ? := pos_INR D.
have -> : \sum_(1 <= k < n.+1) (m k * m k) = power (norm n m) (INR 2).
  by rewrite power_pow ?norm_square; [apply: eq_bigr => k _; ring | exact: norm_ge0].
rewrite power_mult; [| exact: norm_ge0 | by rewrite /=; lra |].
  by congr power; rewrite /=; field; lra.
by apply: Rgt_not_eq; apply: Rinv_0_lt_compat; lra.
Qed.

Lemma reduced_loss_continuous B : 0 <= B -> uniformly_continuous n (in_box n B) reduced_loss.
Proof.
move=> B0.
apply: (continuous_eq (f := fun m =>
  noise_factor * (\sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (A j k * (m j * m k))) +
  -2 * (\sum_(1 <= k < n.+1) (v k * m k)) + c +
  (INR D + 1) * mean_decay * power (\sum_(1 <= k < n.+1) (m k * m k)) (/ (INR D + 1)))).
  move=> m; rewrite /reduced_loss /penalty penalty_power /Rminus Ropp_mult_distr_l.
  congr (_ * _ + _ * _ + _ + _).
    by apply: eq_bigr => j _; apply: eq_bigr => k _; ring.
  by apply: eq_bigr => k _; ring.
apply: continuous_add; [apply: continuous_add; [apply: continuous_add |] |].
- apply: continuous_scale; do 2 apply: continuous_sum => ? ?; apply: continuous_scale.
  exact: continuous_product.
- apply: continuous_scale; apply: continuous_sum => k hk; apply: continuous_scale.
  exact: continuous_coordinate.
- exact: continuous_constant.
apply: continuous_scale; apply: continuous_power => [|m|].
- have ? := pos_INR D; split; first sign.
  by rewrite -Rinv_1; apply: Rinv_le_contravar; lra.
- by apply: sum_ge0 => k _; nra.
by apply: continuous_sum => k hk; exact: continuous_product.
Qed.

Theorem minimum_exists : exists m, forall m', reduced_loss m <= reduced_loss m'.
Proof.
have [B [B0 far]] := coercive c.
have [m [_ least]] := box_minimum B0 (reduced_loss_continuous B B0).
exists m => m'; case: (Rle_lt_dec (norm n m') B) => [near|/far outside].
  by apply: least => k hk; have := coordinate_le_norm _ m' _ hk; lra.
have at0 : reduced_loss (fun _ => 0) = c.
  by apply: reduced_loss_zero; rewrite /norm sum0 ?sqrt_0 // => k _; ring.
have : reduced_loss m <= reduced_loss (fun _ => 0) by apply: least => k _; lra.
lra.
Qed.

(* The loss has a minimum, which is that of the reduced loss. *)
Theorem same_minimum : exists least,
  minimum reduced_loss least /\ minimum (fun '(U, W) => network_loss U W) least.
Proof.
have [below attained] := reduction.
have [m least] := minimum_exists; have [U [W [_ loss_m]]] := attained m.
exists (reduced_loss m); split; first by split=> //; exists m.
by split=> [|[U' W']]; [exists (U, W) | exact: Rle_trans (least _) (below U' W')].
Qed.

(* The map of weights of least loss is a vector of least reduced loss. *)
Theorem minimizers_agree U W : (forall U' W', network_loss U W <= network_loss U' W') ->
  forall m, reduced_loss (end_to_end_map U W) <= reduced_loss m.
Proof.
move=> least m; have [below attained] := reduction; have [U' [W' [_ <-]]] := attained m.
exact: Rle_trans (below U W) (least U' W').
Qed.
End Network.

(* The main theorem, with all that it assumes. *)
Theorem main_theorem :
  forall (D : nat) (d : nat -> nat), (1 <= D)%N -> (forall i, (1 <= d i)%N) ->
  forall (gamma_u : R) (gamma : nat -> R), 0 < gamma_u -> (forall i, 0 < gamma i) ->
  forall (Data : Type) (E_x : (Data -> R) -> R) x y A v c,
  data_average E_x x y A v c -> positive_average E_x x y ->
  forall (Noise : Type) (E_eps : (Noise -> R) -> R) eps sigma,
  noise_average E_eps eps sigma -> (forall i, 0 <= sigma i) ->
  let L := network_loss D d gamma_u gamma E_x x y E_eps eps in
  let F := reduced_loss D d gamma_u gamma A v c sigma in
  (forall U W, F (end_to_end_map D d U W) <= L U W) /\
  (forall m, exists U W,
    (forall k, (1 <= k <= d 0%N)%N -> end_to_end_map D d U W k = m k) /\ L U W = F m) /\
  (exists least, minimum F least /\ minimum (fun '(U, W) => L U W) least).
Proof.
move=> D d D1 d1 gamma_u gamma gamma_u0 gamma0 Data E_x x y A v c data positive.
move=> Noise E_eps eps sigma noise sigma0 L F.
have [below attained] := reduction D d D1 d1 gamma_u gamma gamma_u0 gamma0
  E_x x y A v c data positive E_eps eps sigma noise sigma0.
split=> //; split=> //.
exact: (same_minimum D d D1 d1 gamma_u gamma gamma_u0 gamma0
  E_x x y A v c data positive E_eps eps sigma noise sigma0).
Qed.

(* An instance, so nothing that the theorem assumes is void: the mean over N points of data, and noise
   that is 1 + sigma i or 1 - sigma i on the neurons of layer i, by independent fair coins. *)
Theorem sample_theorem :
  forall (N : nat) (x : nat -> nat -> R) (y : nat -> R), (1 <= N)%N ->
  forall (D : nat) (d : nat -> nat), (1 <= D)%N -> (forall i, (1 <= d i)%N) ->
  forall (gamma_u : R) (gamma : nat -> R), 0 < gamma_u -> (forall i, 0 < gamma i) ->
  forall sigma : nat -> R, (forall i, 0 <= sigma i) ->
  let E := sample_mean N in
  let L := network_loss D d gamma_u gamma E x y coin_mean (coin_noise sigma) in
  let F := reduced_loss D d gamma_u gamma (fun j k => E (fun p => x p j * x p k))
    (fun j => E (fun p => y p * x p j)) (E (fun p => y p * y p)) sigma in
  exists least, minimum F least /\ minimum (fun '(U, W) => L U W) least.
Proof.
move=> N x y N1 D d D1 d1 gamma_u gamma gamma_u0 gamma0 sigma sigma0 E L F.
have positive : positive_average E x y.
  by move=> f _ f0; apply: div_ge0; [apply: sum_ge0 => p _; exact: f0 | exact: pos_INR].
have [_ [_ //]] := main_theorem D d D1 d1 gamma_u gamma gamma_u0 gamma0 nat E x y _ _ _
  (sample_average x y N1) positive coins coin_mean (coin_noise sigma) sigma
  (coin_noise_average sigma) sigma0.
Qed.
