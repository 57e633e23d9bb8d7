(* Examples against stronger claims: wide layers, deep networks, neurons of unequal size, a layer without
   decay, strong decay.

   In each the quantities of the model are closed forms, of which a limit or a value contradicts the
   claim. *)
From Symderive.formal Require Import Isotropic Limits.
From Symderive.statements Require Import seed_counterexamples.
Set Implicit Arguments.
Unset Strict Implicit.

(* What a width adds to the second moment. *)
Lemma width_share (N : nat) : (0 < N)%N -> 0 < 3 / (2 * INR N) <= 3 / 2.
Proof.
move=> N0; have N1 := INR_ge1 _ N0; split; first by sign.
have : / (2 * INR N) <= / 2 by apply: Rinv_le_contravar; lra.
lra.
Qed.

Unset Implicit Arguments.

(* The decay term is dropped; what is left is smallest at the ridge 1/20 and the share 3/2. *)
Theorem seed_width_far_holds : seed_width_far.
Proof.
move=> N lambda c /width_share [y0 y1] lambda0 _ _ far; set y := 3 / (2 * INR N) in y0 y1 *.
have decay : 0 < sqrt 10 / (50000 * sqrt lambda) by sign.
have near : / (lambda + 3 / 2 + y) <= / (31 / 20 + y) by apply: Rinv_le_contravar; lra.
have margin : / (61 / 40 + y) - / (31 / 20 + y) >= / 40 * / 10.
  have -> : / (61 / 40 + y) - / (31 / 20 + y) = / 40 * / ((61 / 40 + y) * (31 / 20 + y)) by rational.
  apply/Rle_ge/Rmult_le_compat_l; first lra.
  by apply: Rinv_le_contravar; nra.
lra.
Qed.

Theorem seed_width_floor_holds : seed_width_floor.
Proof.
move=> N lambda /width_share [y0 y1] lambda0 _ near; set y := 3 / (2 * INR N) in y0 y1 *.
have square : 0 < (lambda + 3 / 2 + y) ^ 2 <= (31 / 20 + y) ^ 2 by split; [sign | apply: pow_incr; lra].
apply/Rle_ge/(Rmult_le_reg_r ((lambda + 3 / 2 + y) ^ 2)); first lra.
have -> : (1 / 2 + y) / (lambda + 3 / 2 + y) ^ 2 * (lambda + 3 / 2 + y) ^ 2 = 1 / 2 + y by field; lra.
by nra.
Qed.

(* The factor of the noise, from one depth to the next. *)
Lemma half_power_step D : 3 - 3 / 2 ^ D.+1 - (3 - 3 / 2 ^ D) * (1 + / 2 ^ D.+1) = 3 / 2 / (2 ^ D) ^ 2.
Proof. by have : 0 < 2 ^ D by [sign]; move=> ? /=; field; lra. Qed.

Theorem seed_depth_above_holds : seed_depth_above.
Proof.
case=> // D _; elim: D => [|D IH]; first by rewrite big_nat1 /=; lra.
rewrite prod_recr //.
have factor0 : 0 < 1 + / 2 ^ D.+2 by sign.
have := half_power_step D.+1; have : 0 < 3 / 2 / (2 ^ D.+1) ^ 2 by sign.
by nra.
Qed.

Theorem seed_depth_below_holds : seed_depth_below.
Proof.
case=> // D _; elim: D => [|D IH]; first by rewrite big_nat1 /=; lra.
rewrite prod_recr //.
by have : 0 < / 2 ^ D.+2 by [sign]; nra.
Qed.

(* (P - 1)/P^2 - 2/9 = (2 P - 3)(3 - P)/(9 P^2) for the factor P, which lies between 3/2 and 3. *)
Theorem seed_depth_holds : seed_depth.
Proof.
move=> Q_ D Q0 D0.
have above := seed_depth_above_holds D D0; have below := seed_depth_below_holds D D0.
set P := \prod_(1 <= i < D.+1) _ in above below *.
have small : 0 < 3 / 2 ^ D by sign.
have -> : Q_ * (P - 1) / P ^ 2 = 2 * Q_ / 9 + Q_ * ((2 * P - 3) * (3 - P)) / (9 * P ^ 2) by field; lra.
suff : 0 <= Q_ * ((2 * P - 3) * (3 - P)) / (9 * P ^ 2) by lra.
sign.
Qed.

(* With t = u_1 w_1 + u_2 w_2 the loss is a sum of squares, one of them (t - 3/4)^2, plus 7/16. *)
Theorem seed_signs_bound_holds : seed_signs_bound.
Proof.
move=> u_1 u_2 w_1 w_2.
have := sq_ge0 (u_1 - w_1 / 3); have := sq_ge0 (u_2 - w_2 / 3).
have := sq_ge0 (u_1 * w_1 + u_2 * w_2 - 3 / 4).
lra.
Qed.

Theorem seed_signs_holds : seed_signs.
Proof. by move=> u_1 u_2 w_1 w_2 -> -> -> ->; field. Qed.

Theorem seed_decays_holds : seed_decays.
Proof.
move=> w_1 gamma u_1 gamma0; have gamma_1 := gamma0 1%N.
have fit := sq_ge0 (u_1 * w_1 - 1).
have [-> | w0] := Req_dec w_1 0; first by lra.
have := Rsqr_pos_lt _ w0; rewrite Rsqr_pow2 => square0.
by have : 0 < w_1 ^ 2 * gamma 1%N by [sign]; lra.
Qed.

Theorem seed_decays_infimum_holds : seed_decays_infimum.
Proof.
move=> gamma gamma0; rewrite limit_at_infinityE -(Rmult_0_r (gamma 1%N)).
apply: tends_scale; apply: diverges_inv; apply: diverges_le diverges_id.
by apply: filter_mono (near_infinity_gt 1) => s s1; nra.
Qed.

Theorem seed_strong_holds : seed_strong.
Proof.
move=> c lambda _ lambda0; have root0 : 0 < sqrt lambda by sign.
have root : sqrt lambda * sqrt lambda = lambda by apply: sqrt_sqrt; lra.
have -> : c - / (lambda + 1) + 2 / sqrt lambda =
  c + (2 * (lambda + 1) - sqrt lambda) / ((lambda + 1) * sqrt lambda) by rational.
have : 0 < 2 * (lambda + 1) - sqrt lambda by nra.
by move=> gap; have : 0 < (2 * (lambda + 1) - sqrt lambda) / ((lambda + 1) * sqrt lambda) by [sign]; lra.
Qed.
