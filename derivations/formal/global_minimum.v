(* The minimum over all weights is a minimum over one vector, statement by statement: the loss is at
   least the reduced loss F at the map of the weights (the lower bound and the decay bound add up), at
   least c where the map is 0, and equal to F(m) at balanced rank-one layers.  F itself is at least its
   penalty and a constant (completing the square), and the penalty grows without bound.

   The theorem about minima that follows from these, for all weights, is in [main_theorem]. *)
From Symderive.formal Require Import Tactics Powers.
From Symderive Require Import Definitions.
From Symderive.statements Require Import global_minimum.
From Symderive.formal Require Import noise_second_moment loss lower_bound decay_bound attainment.

Theorem global_minimum_holds : global_minimum.
Proof.
move=> Data Noise E_x E_eps x y eps d A D W N U N_u m gamma_u gamma c sigma v.
move=> d0 D0 N0 N_u0 m0 gamma_u0 gamma0 c0 sigma0 data noise psdA hN hN_u hm.
rewrite (loss_holds _ _ E_x E_eps x y eps gamma_u d D U gamma W c A sigma v) //.
have error := lower_bound_layers_holds d A D sigma W U d0 D0 sigma0 psdA.
have decay := decay_bound_holds D d W N U N_u m gamma_u gamma D0 d0 N0 N_u0 m0 gamma_u0 gamma0 hN hN_u hm.
lra.
Qed.

(* Where the map is 0 the loss is c, the decay and a second moment, which is not negative. *)
Lemma zero_map_loss {Data Noise : Type} {E_x : (Data -> R) -> R} {E_eps : (Noise -> R) -> R}
    {x y eps d A D W U gamma_u gamma c v sigma} :
  (forall i, (0 < d i)%N) -> (0 < D)%N -> 0 < gamma_u -> (forall i, 0 < gamma i) -> 0 <= c ->
  (forall i, 0 <= sigma i) -> data_average E_x x y A v c -> noise_average E_eps eps sigma ->
  psd (d 0%N) A ->
  (forall k, (1 <= k < (d 0%N).+1)%N -> \sum_(1 <= j < (d D).+1) (T d W D j k * U j) = 0) ->
  let decay := gamma_u * (\sum_(1 <= j < (d D).+1) (U j) ^ 2) + \sum_(1 <= i < D.+1)
    (gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) (W i j k) ^ 2)) in
  c + decay <= decay + E_x (fun p => E_eps (fun o =>
    (- y p + (\sum_(1 <= j < (d D).+1) (U j * h (x p) (eps o) d W D j))) ^ 2)).
Proof.
move=> d0 D0 gamma_u0 gamma0 c0 sigma0 data noise psdA map0 decay.
rewrite /decay (loss_holds _ _ E_x E_eps x y eps gamma_u d D U gamma W c A sigma v) //.
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k) = 0.
  by apply: sum0 => k hk; rewrite sumZr map0 // Rmult_0_l.
have error := second_moments_psd_holds d A D sigma W d0 D0 sigma0 psdA U.
suff -> : \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * U j * U k) =
    \sum_(1 <= j < (d D).+1) \sum_(1 <= k < (d D).+1) (U j * U k * M A sigma d W D j k) by lra.
by rewrite exchange_sum; apply: eq_bigr => j _; apply: eq_bigr => k _; ring.
Qed.

Theorem global_minimum_zero_map_holds : global_minimum_zero_map.
Proof.
move=> Data Noise E_x E_eps x y eps d A D W U gamma_u gamma c v sigma.
move=> d0 D0 gamma_u0 gamma0 c0 sigma0 data noise psdA map0.
have bound := zero_map_loss d0 D0 gamma_u0 gamma0 c0 sigma0 data noise psdA map0.
apply: Rle_ge; apply: Rle_trans bound.
by rewrite -[X in X <= _]Rplus_0_r; apply: Rplus_le_compat_l; sign.
Qed.

Theorem global_minimum_zero_strict_holds : global_minimum_zero_strict.
Proof.
move=> Data Noise E_x E_eps x y eps d A D W U gamma_u gamma c v sigma.
move=> d0 D0 gamma_u0 gamma0 c0 sigma0 data noise psdA map0 not0.
have bound := zero_map_loss d0 D0 gamma_u0 gamma0 c0 sigma0 data noise psdA map0.
by apply: Rlt_gt; apply: Rlt_le_trans bound; lra.
Qed.

Theorem global_minimum_attained_holds : global_minimum_attained.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u m g c sigma A v.
move=> D0 d0 kappa0 gamma0 gamma_u0 m0 c0 sigma0 data noise hW he hU unit along balanced.
rewrite (attainment_holds _ _ E_x E_eps x y eps D d W kappa e gamma U gamma_u c sigma A v) //.
have norm_m := balanced_norm_is kappa0 gamma_u0 gamma0 m0 balanced.
have -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * g j * g k) = m ^ 2 *
    \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * e 0%N j * e 0%N k).
  rewrite -sumZ; apply: eq_sum => k hk; rewrite -sumZ; apply: eq_sum => j hj.
  by rewrite -!along //; ring.
have -> : \sum_(1 <= j < (d 0%N).+1) (g j * v j) = m * \sum_(1 <= j < (d 0%N).+1) (e 0%N j * v j).
  by rewrite -sumZ; apply: eq_sum => j hj; rewrite -along //; ring.
rewrite norm_m -norm_m /Rdiv !Rpow_mult_distr pow_inv (pow2_sqrt kappa) ?(pow2_sqrt gamma_u); lra.
Qed.

Theorem global_minimum_weights_holds : global_minimum_weights.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u g m c sigma A v.
move=> D0 d0 kappa0 gamma0 gamma_u0 m0 c0 sigma0 data noise hW he hU direction norm_g share.
apply: (global_minimum_attained_holds _ _ E_x E_eps x y eps D d W kappa e gamma U gamma_u m g c sigma A v)
  => //.
- under eq_sum => j hj do rewrite direction // /Rdiv Rpow_mult_distr.
  by rewrite sumZr norm_g; field; lra.
- by move=> k hk; rewrite direction //; field; lra.
- by rewrite share balanced_share //; sign.
Qed.

Theorem global_minimum_exists_holds : global_minimum_exists.
Proof.
move=> m n m_ c gammabar D rho a w m0 n0 c0 gammabar0 D0 rho0 a0 norm_m.
suff square : 0 <= rho * (\sum_(1 <= j < n.+1) (a j * (m_ j) ^ 2)) -
    2 * rho * (\sum_(1 <= j < n.+1) (a j * m_ j * w j)) + rho * (\sum_(1 <= j < n.+1) (a j * (w j) ^ 2)).
  lra.
have -> : rho * (\sum_(1 <= j < n.+1) (a j * (m_ j) ^ 2)) -
    2 * rho * (\sum_(1 <= j < n.+1) (a j * m_ j * w j)) + rho * (\sum_(1 <= j < n.+1) (a j * (w j) ^ 2)) =
    \sum_(1 <= j < n.+1) (rho * (a j * (m_ j - w j) ^ 2)).
  by rewrite -!sumZ -sumB -sumD; apply: eq_bigr => j _; ring.
by sign.
Qed.

Theorem global_minimum_coercive_holds : global_minimum_coercive.
Proof.
move=> gammabar D gammabar0 D0 B.
have D1 := pos_INR D.
set s := 2 / (INR D + 1); have s0 : 0 < s by rewrite /s; sign.
set b := (Rabs B + 1) / (gammabar * (INR D + 1)).
have b0 : 0 < b by have ? := Rabs_pos B; rewrite /b; sign.
exists (Rpower b (/ s)) => m large.
have power_large : b < Rpower m s.
  have {1}-> : b = Rpower (Rpower b (/ s)) s by rewrite Rpower_mult Rinv_l ?Rpower_1 //; lra.
  by apply: Rlt_Rpower_l => //; split; [exact: Rpower_gt0 |].
have scaled : b * (gammabar * (INR D + 1)) = Rabs B + 1 by rewrite /b; field; lra.
have : b * (gammabar * (INR D + 1)) < Rpower m s * (gammabar * (INR D + 1)).
  by apply: Rmult_lt_compat_r => //; sign.
have := Rle_abs B; lra.
Qed.
