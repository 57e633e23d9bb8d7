(* The tie between the stable solution and the origin.

   The loss at a stationary point is c - v^2 (1 - zeta (D - 1))/(a rho (zeta + 1)^2), so the tie is met at
   the ridge 1/(D - 1).  That is below the spinodal, where the curve rises: a larger ridge means a larger
   decay. *)
From Symderive.formal Require Import Isotropic isotropic_equation spinodal.
From Symderive.statements Require Import transition.

Theorem transition_ridge_holds : transition_ridge.
Proof.
move=> D c v zeta a rho /INR_gt0 depth c0 v0 zeta0 a0 rho0 deep.
have -> : c - v ^ 2 * (- (zeta * (INR D - 1)) + 1) / (a * rho * (zeta + 1) ^ 2) =
  c - v ^ 2 * (INR D - 1) / (a * rho * (zeta + 1) ^ 2) * (/ (INR D - 1) - zeta) by rational.
have : 0 < v ^ 2 * (INR D - 1) / (a * rho * (zeta + 1) ^ 2) by sign.
by split=> h; nra.
Qed.

Theorem transition_on_stable_branch_holds : transition_on_stable_branch.
Proof.
move=> D _ deep.
have : 0 < / (INR D - 1) by sign.
rewrite /Rdiv; nra.
Qed.

Theorem transition_saddle_holds : transition_saddle.
Proof.
move=> D zeta c v a rho D0 zeta0 c0 v0 a0 rho0 deep beyond.
have tie := transition_on_stable_branch_holds D D0 deep.
have [|/Rnot_ge_lt] := Rge_dec c (c - v ^ 2 * (- (zeta * (INR D - 1)) + 1) / (a * rho * (zeta + 1) ^ 2)).
  by move/transition_ridge_holds; move/(_ D0 c0 v0 zeta0 a0 rho0 deep); lra.
by [].
Qed.

Theorem transition_value_holds : transition_value.
Proof.
move=> D D0 deep; have depth := INR_gt0 _ D0.
by rewrite !power_Rpower; try sign; equal_powers.
Qed.

(* The threshold is the value of the curve at the tie. *)
Lemma transition_curve [D : nat] : (0 < D)%N -> INR D >= 2 ->
  power ((INR D - 1) / INR D) ((INR D - 1) / (INR D + 1)) / INR D =
  curve D (/ (INR D - 1)).
Proof.
move=> D0 deep; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
have -> : / (INR D - 1) + 1 = INR D / (INR D - 1) by rational.
by equal_powers.
Qed.

Theorem transition_holds : transition.
Proof.
move=> D zeta q c v a rho D0 zeta0 q0 c0 v0 a0 rho0 deep stable ->.
have tie := transition_on_stable_branch_holds D D0 deep.
have tie0 : 0 < / (INR D - 1) by sign.
rewrite transition_ridge_holds // transition_curve //; split=> [[below|->] | below]; last 1 first.
- have [//|/Rnot_ge_lt above] := Rge_dec (/ (INR D - 1)) zeta.
  by have := spinodal_rises_holds _ _ _ D0 zeta0 tie0 deep stable above; lra.
- by left; apply: spinodal_rises_holds.
- by right.
Qed.

Theorem transition_loss_holds : transition_loss.
Proof.
move=> D zeta q gammabar a rho v c D0 zeta0 q0 gammabar0 a0 rho0 v0 c0 deep stable q_value stationary.
rewrite (isotropic_loss_holds q gammabar a rho D v zeta c q0 gammabar0 a0 rho0 D0 v0 zeta0 c0 q_value
  stationary).
apply: transition_holds => //.
have power0 := Rpower_gt0 (zeta + 1) (2 * INR D / (INR D + 1)).
by apply: Rmult_eq_reg_r (pos_neq0 power0); rewrite -stationary; field; lra.
Qed.
