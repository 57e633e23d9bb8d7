(* Where the curve q = zeta / (zeta + 1)^t, t = 2 D/(D + 1), has its maximum.

   In terms of the share X = 1/(1 + zeta) the curve is X^s (1 - X), where s = t - 1.  Bernoulli's inequality
   compares two of its values: this gives the maximum, and that the curve rises before it and falls beyond
   it. *)
From Symderive.formal Require Import Isotropic Limits.
From Symderive.statements Require Import spinodal.

Theorem spinodal_tangent_holds : spinodal_tangent.
Proof.
move=> xi s xi0 s0.
have log : ln (/ xi) <= / xi - 1 by apply: ln_le_tangent; sign.
have := exp_ineq1_le (s * ln xi); rewrite -/(Rpower xi s).
by move: log; rewrite ln_Rinv //; nra.
Qed.

Theorem spinodal_curve_holds : spinodal_curve.
Proof.
move=> omega s xi omega0 s0 xi0 omega1.
have ratio0 : 0 < omega / xi by sign.
have := spinodal_tangent_holds _ _ ratio0 s0.
have -> : Rpower omega s = Rpower xi s * Rpower (omega / xi) s.
  by equal_powers.
have := Rpower_gt0 xi s; set power_xi := Rpower xi s => power0 tangent.
have : 0 <= (1 - omega) * power_xi * (Rpower (omega / xi) s - (s * (1 - / (omega / xi)) + 1)).
  by apply: Rmult_le_pos; [apply: Rmult_le_pos|]; lra.
suff <- : power_xi * (1 - omega) * (s * (1 - / (omega / xi)) + 1) =
          power_xi * (1 - xi) + power_xi * (1 - s * (1 - omega) / omega) * (- omega + xi) by lra.
rational.
Qed.

Notation curve D zeta := (zeta / Rpower (zeta + 1) (2 * INR D / (INR D + 1))).

(* The curve in terms of the share. *)
Lemma curve_share [D : nat] [zeta] : (0 < D)%N -> 0 < zeta ->
  curve D zeta = Rpower (/ (zeta + 1)) ((INR D - 1) / (INR D + 1)) * (1 - / (zeta + 1)).
Proof.
move=> /INR_gt0 depth zeta0.
have -> : 1 - / (zeta + 1) = zeta / (zeta + 1) by rational.
by equal_powers.
Qed.

(* The last term of [spinodal_curve] at two ridges: near lies between the maximum and far. *)
Lemma curve_compared [D : nat] [near far] : (0 < D)%N -> INR D >= 2 -> 0 < near -> 0 < far ->
  curve D near >= curve D far + Rpower (/ (far + 1)) ((INR D - 1) / (INR D + 1)) *
  ((INR D + 1 - near * (INR D - 1)) * (near - far) / ((INR D + 1) * (near + 1) * (far + 1))).
Proof.
move=> D0 deep near0 far0; rewrite !curve_share //.
have depth := INR_gt0 _ D0.
have share1 : 1 >= / (near + 1) by apply: Rle_ge; rewrite -Rinv_1; apply: Rinv_le_contravar; lra.
have := spinodal_curve_holds (/ (near + 1)) ((INR D - 1) / (INR D + 1)) (/ (far + 1)).
move/(_ ltac:(sign) ltac:(sign) ltac:(sign) share1).
set power_far := Rpower (/ (far + 1)) _.
have -> : power_far * (1 - (INR D - 1) / (INR D + 1) * (1 - / (near + 1)) / / (near + 1)) *
    (- / (near + 1) + / (far + 1)) = power_far *
    ((INR D + 1 - near * (INR D - 1)) * (near - far) / ((INR D + 1) * (near + 1) * (far + 1))) by rational.
by [].
Qed.

(* The maximum is the value of the curve at the ridge (D + 1)/(D - 1). *)
Lemma spinodal_value [D : nat] : (0 < D)%N -> INR D >= 2 ->
  power ((INR D - 1) / (2 * INR D)) ((INR D - 1) / (INR D + 1)) * (INR D + 1) / (2 * INR D) =
  curve D ((INR D + 1) / (INR D - 1)).
Proof.
move=> D0 deep; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
have -> : (INR D + 1) / (INR D - 1) + 1 = 2 * INR D / (INR D - 1) by rational.
by equal_powers.
Qed.

Theorem spinodal_holds : spinodal.
Proof.
move=> D zeta D0 zeta0 deep; rewrite spinodal_value //.
have ridge0 : 0 < (INR D + 1) / (INR D - 1) by sign.
have := curve_compared D0 deep ridge0 zeta0.
have -> : INR D + 1 - (INR D + 1) / (INR D - 1) * (INR D - 1) = 0 by rational.
by rewrite /Rdiv !Rmult_0_l Rmult_0_r Rplus_0_r.
Qed.

Theorem spinodal_attained_holds : spinodal_attained.
Proof.
move=> D D0 deep; have depth := INR_gt0 _ D0.
by rewrite !power_Rpower; try sign; equal_powers.
Qed.

Theorem spinodal_rises_holds : spinodal_rises.
Proof.
move=> D eta zeta D0 eta0 zeta0 deep below order; have depth := INR_gt0 _ D0.
have := curve_compared D0 deep eta0 zeta0.
have side : 0 < INR D + 1 - eta * (INR D - 1).
  by move: below => /Rgt_lt /Rmult_lt_compat_r - /(_ (INR D - 1)); rewrite Rmult_assoc Rinv_l; nra.
suff : 0 < Rpower (/ (zeta + 1)) ((INR D - 1) / (INR D + 1)) *
  ((INR D + 1 - eta * (INR D - 1)) * (eta - zeta) / ((INR D + 1) * (eta + 1) * (zeta + 1))) by lra.
by sign.
Qed.

Theorem spinodal_falls_holds : spinodal_falls.
Proof.
move=> D zeta eta D0 zeta0 eta0 deep beyond order; have depth := INR_gt0 _ D0.
have := curve_compared D0 deep zeta0 eta0.
have side : 0 < zeta * (INR D - 1) - (INR D + 1).
  by move: beyond => /Rgt_lt /Rmult_lt_compat_r - /(_ (INR D - 1)); rewrite Rmult_assoc Rinv_l; nra.
suff : 0 < Rpower (/ (eta + 1)) ((INR D - 1) / (INR D + 1)) *
  ((INR D + 1 - zeta * (INR D - 1)) * (zeta - eta) / ((INR D + 1) * (zeta + 1) * (eta + 1))) by lra.
have -> : (INR D + 1 - zeta * (INR D - 1)) * (zeta - eta) =
          (zeta * (INR D - 1) - (INR D + 1)) * (eta - zeta) by ring.
by sign.
Qed.

(* The curve is below zeta, for the power in the denominator is at least 1. *)
Theorem spinodal_small_ridge_holds : spinodal_small_ridge.
Proof.
move=> D /INR_gt0 depth deep; rewrite limit_from_aboveE.
apply: (tends_squeeze (g := fun zeta => zeta)); last exact: tends_id.
apply: filter_mono (near_above_gt 0) => zeta zeta0.
have power1 : 1 <= Rpower (zeta + 1) (2 * INR D / (INR D + 1)) by apply: Rpower_ge1; [lra | sign].
rewrite Rminus_0_r Rabs_pos_eq; last by sign.
by apply: (Rmult_le_reg_r (Rpower (zeta + 1) (2 * INR D / (INR D + 1)))); [lra | field_simplify; nra].
Qed.

(* The curve is below the power s of the share, for the other factor is at most 1. *)
Theorem spinodal_large_ridge_holds : spinodal_large_ridge.
Proof.
move=> D D0 deep; have depth := INR_gt0 _ D0; rewrite limit_at_infinityE.
apply: (tends_squeeze (g := fun zeta => Rpower (/ (zeta + 1)) ((INR D - 1) / (INR D + 1)))).
  apply: filter_mono (near_infinity_gt 0) => zeta zeta0.
  rewrite Rminus_0_r Rabs_pos_eq; last by sign.
  rewrite curve_share //.
  by have := Rpower_gt0 (/ (zeta + 1)) ((INR D - 1) / (INR D + 1)); have : 0 < / (zeta + 1) by [sign]; nra.
apply: tends_Rpower0; first by sign.
  by apply: filter_mono (near_infinity_gt 0) => zeta zeta0; sign.
by apply: diverges_inv; apply: diverges_add; exact: diverges_id.
Qed.

Theorem spinodal_kinds_holds : spinodal_kinds.
Proof.
move=> D zeta /INR_gt0 depth zeta0 deep.
have -> : - (2 * zeta / (zeta + 1)) + (INR D + 1) / INR D =
  ((INR D + 1) / (INR D - 1) - zeta) * ((INR D - 1) / ((zeta + 1) * INR D)) by rational.
have : 0 < (INR D - 1) / ((zeta + 1) * INR D) by sign.
by split=> h; nra.
Qed.

Theorem spinodal_one_layer_holds : spinodal_one_layer.
Proof. by move=> q zeta q0 zeta0 q1; split=> ->; rational. Qed.

Theorem spinodal_one_layer_none_holds : spinodal_one_layer_none.
Proof.
move=> zeta zeta0.
have -> : zeta / (zeta + 1) = 1 - / (zeta + 1) by rational.
have : 0 < / (zeta + 1) by sign.
lra.
Qed.
