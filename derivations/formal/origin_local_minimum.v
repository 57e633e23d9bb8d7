(* With two or more hidden layers the origin is a local minimum: near it the penalty, a power of the norm
   with an exponent below 1, exceeds the linear term of the reduced loss, which is at most the product of
   norms. *)
From Symderive.formal Require Import Tactics Powers Limits.
From Symderive.statements Require Import origin_local_minimum.
From Symderive.formal Require Import inequalities.

(* The norm is the product of its powers with the exponents 2/(D+1) and (D-1)/(D+1). *)
Lemma split_norm (D : nat) m : 0 < m ->
  m = Rpower m (2 / (INR D + 1)) * Rpower m ((INR D - 1) / (INR D + 1)).
Proof.
move=> m0; have D0 := pos_INR D.
by rewrite -Rpower_plus -[LHS](Rpower_1 m) //; congr Rpower; field; lra.
Qed.

Theorem origin_local_minimum_holds : origin_local_minimum.
Proof.
move=> v n v_ m m_ g D c rho a v0 n0 m0 g0 D0 c0 rho0 a0 norm_v norm_m near.
have linear := inner_product_le n0 (Rlt_le _ _ m0) (Rlt_le _ _ v0) norm_m norm_v.
have data : 0 <= rho * \sum_(1 <= j < n.+1) (a j * (m_ j) ^ 2) by sign.
have penalty : 2 * (m * v) < g * Rpower m (2 / (INR D + 1)) * (INR D + 1).
  rewrite {1}(split_norm D m m0).
  have power0 : 0 < Rpower m (2 / (INR D + 1)) by sign.
  by have := Rmult_gt_compat_l _ _ _ power0 near; lra.
lra.
Qed.

Theorem origin_neighborhood_holds : origin_neighborhood.
Proof.
move=> D v D0 v0 D2; rewrite limit_from_aboveE.
have exponent : 0 < (INR D - 1) / (INR D + 1) by apply: Rdiv_lt_0_compat; lra.
apply: (tends_ext (f := fun m => 2 * v * Rpower m ((INR D - 1) / (INR D + 1)))) => [m|]; first ring.
apply: (tends_to (l := 2 * v * 0)); first ring.
by apply: tends_scale; apply: tends_Rpower0 => //; [exact: near_above_gt | exact: tends_id].
Qed.

Theorem origin_hessian_holds : origin_hessian.
Proof.
move=> D Eff Efy Omega D0 Eff0 Omega0 D2; rewrite limit_from_aboveE.
have {D0 D2} [k ->] : exists k, D = k.+2.
  by case: D D0 D2 => [|[|k]] // _ D2; [move: D2 => /=; lra | exists k].
apply: (tends_eq (f := fun alpha => Eff * alpha ^ (2 * k.+2) - 2 * Efy * alpha ^ k.+1 + Omega)).
  apply: filter_mono (near_above_gt 0) => alpha alpha0.
  have -> : alpha ^ (2 * k.+2).+2 = alpha ^ 2 * alpha ^ (2 * k.+2) by rewrite /=; ring.
  have -> : alpha ^ k.+3 = alpha ^ 2 * alpha ^ k.+1 by rewrite /=; ring.
  by field; lra.
apply: (tends_to (l := Eff * 0 ^ (2 * k.+2) - 2 * Efy * 0 ^ k.+1 + Omega)).
  by rewrite !pow_i; [ring | exact/ltP | exact/ltP].
apply: tends_add (tends_const _); apply: tends_sub; apply: tends_scale; apply: tends_pow; exact: tends_id.
Qed.

Theorem origin_radius_holds : origin_radius.
Proof.
move=> D g v m D0 g0 v0 m0 D2 within.
set p := (INR D - 1) / (INR D + 1); have p0 : 0 < p by apply: Rdiv_lt_0_compat; lra.
set b := g * (INR D + 1) / (4 * v); have b0 : 0 < b by rewrite /b; apply: Rdiv_lt_0_compat; nra.
have radius : Rpower (Rpower b ((INR D + 1) / (INR D - 1))) p = b.
  rewrite Rpower_mult -[RHS]Rpower_1 //; congr Rpower; rewrite /p; field; lra.
have : Rpower m p <= b.
  by rewrite -radius; apply: Rle_Rpower_l; [lra | split=> //; exact: Rge_le].
move=> /(Rmult_le_compat_l (2 * v)) => /(_ ltac:(lra)).
have -> : 2 * v * b = g * (INR D + 1) / 2 by rewrite /b; field; lra.
nra.
Qed.

Theorem origin_ball_holds : origin_ball.
Proof.
move=> v n v_ m m_ D g c rho a v0 n0 m0 D0 g0 c0 rho0 a0 norm_v norm_m D2 within.
by apply: (origin_local_minimum_holds v) => //; exact: origin_radius_holds.
Qed.

Theorem origin_no_signal_holds : origin_no_signal.
Proof.
move=> c g m D rho n a m_ c0 g0 m0 D0 rho0 n0 a0.
have data : 0 <= rho * \sum_(1 <= j < n.+1) (a j * (m_ j) ^ 2) by sign.
have D1 := pos_INR D; have penalty : 0 < g * Rpower m (2 / (INR D + 1)) * (INR D + 1) by sign.
lra.
Qed.
