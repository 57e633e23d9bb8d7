(* Under small decay the origin is a bad minimum: a step along v, of the length at which least squares gains
   the most, costs less penalty than it gains. *)
From Symderive.formal Require Import Tactics Powers Limits.
From Symderive Require Import Definitions.
From Symderive.statements Require Import bad_origin_exists.
From Symderive.formal Require Import global_minimum origin_local_minimum.

Theorem bad_origin_exists_holds : bad_origin_exists.
Proof.
move=> v n v_ top a D g rho c v0 n0 top0 a0 D0 g0 rho0 c0 norm_v largest weak.
have D1 := pos_INR D; set r := top * rho in weak *; have r0 : 0 < r by rewrite /r; nra.
set s := 2 / (INR D + 1); set p := (INR D - 1) / (INR D + 1) in weak.
have signal : \sum_(1 <= j < n.+1) (a j * (v_ j) ^ 2) <= top * v ^ 2.
  rewrite norm_v -sumZ; apply: le_sum => j hj.
  by apply: Rmult_le_compat_r; [exact: sq_ge0 | exact: Rge_le (largest j hj)].
have {}signal : (\sum_(1 <= j < n.+1) (a j * (v_ j) ^ 2)) / (top ^ 2 * rho) <= v ^ 2 / r.
  have -> : v ^ 2 / r = top * v ^ 2 / (top ^ 2 * rho) by rewrite /r; field; lra.
  by apply: Rmult_le_compat_r signal; sign.
have penalty : g * Rpower (v / r) s * (INR D + 1) < v ^ 2 / r.
  have -> : v ^ 2 / r = Rpower v s / r * Rpower v (2 * INR D / (INR D + 1)).
    have -> : v ^ 2 = Rpower v s * Rpower v (2 * INR D / (INR D + 1)); last by rewrite /Rdiv; ring.
    by rewrite -Rpower_plus -Rpower_2 //; congr Rpower; rewrite /s; field; lra.
  have -> : g * Rpower (v / r) s * (INR D + 1) = Rpower v s / r * (g * Rpower r p * (INR D + 1)).
    have rs : 0 < Rpower r s by sign.
    have rp : 0 < Rpower r p by sign.
    by rewrite Rpower_div // (_ : Rpower v s / r = Rpower v s / (Rpower r s * Rpower r p));
      [field; lra | rewrite -split_norm].
  by apply: Rmult_lt_compat_l; [sign | exact: weak].
lra.
Qed.

Theorem bad_origin_step_holds : bad_origin_step.
Proof.
move=> V n eta v a rho D g c V0 n0 eta0 a0 rho0 D0 g0 c0 length signal size.
have {}size : eta * (rho * \sum_(1 <= j < n.+1) (a j * (v j) ^ 2)) = \sum_(1 <= j < n.+1) (v j) ^ 2.
  by rewrite size; field; lra.
have : eta ^ 2 * rho * (\sum_(1 <= j < n.+1) (a j * (v j) ^ 2)) = eta * \sum_(1 <= j < n.+1) (v j) ^ 2.
  by rewrite -size; ring.
lra.
Qed.

Theorem bad_origin_small_decay_holds : bad_origin_small_decay.
Proof.
move=> n a v eta v_ rho D n0 a0 eta0 v0 rho0 D0 signal size; rewrite limit_from_aboveE.
set cost := Rpower (eta * v_) (2 / (INR D + 1)) * (INR D + 1).
apply: (tends_ext (f := fun g => cost * g)) => [g|]; first by rewrite /cost; ring.
by apply: (tends_to (l := cost * 0)); [ring | apply: tends_scale; exact: tends_id].
Qed.

Theorem bad_origin_decay_holds : bad_origin_decay.
Proof.
move=> n a v eta v_ rho D n0 a0 eta0 v0 rho0 D0 signal size; have D1 := pos_INR D.
set cost := Rpower (eta * v_) (2 / (INR D + 1)); have cost0 : 0 < cost by rewrite /cost; sign.
have largest0 : 0 < eta * v_ ^ 2 / (cost * (INR D + 1)) by sign.
have -> : eta * v_ ^ 2 / (2 * cost * (INR D + 1)) = eta * v_ ^ 2 / (cost * (INR D + 1)) / 2 by field; lra.
lra.
Qed.

Theorem bad_origin_weights_holds : bad_origin_weights.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u m v v_ sigma A c.
move=> D0 d0 kappa0 gamma0 gamma_u0 m0 v0 sigma0 c0 data noise hW he hU unit balanced.
move=> norm_v along length weak.
have step k : (1 <= k < (d 0%N).+1)%N -> m * e 0%N k = m / v * v_ k.
  by move=> hk; rewrite -along //; field; lra.
rewrite (global_minimum_attained_holds _ _ E_x E_eps x y eps D d W kappa e gamma U gamma_u m
  (fun k => m / v * v_ k) c sigma A v_) //.
(* Both the linear term and the quadratic one are multiples of m v. *)
have -> : \sum_(1 <= j < (d 0%N).+1) (m / v * v_ j * v_ j) = m * v.
  have -> : m * v = m / v * v ^ 2 by field; lra.
  by rewrite norm_v -sumZ; apply: eq_bigr => j _; ring.
set factor := \prod_(1 <= i < D.+1) (1 + _) in length *.
have -> : factor * (\sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1)
    (A j k * (m / v * v_ j) * (m / v * v_ k))) = m * v.
  have -> : m * v = m / v ^ 2 * v ^ 3 by field; lra.
  rewrite -length -2!(Rmult_assoc (m / v ^ 2)) -!sumZ; apply: eq_bigr => k _.
  by rewrite -!sumZ; apply: eq_bigr => j _; field; lra.
have D1 := pos_INR D; have power0 : 0 < Rpower m (2 / (INR D + 1)) * (INR D + 1) by sign.
have := Rmult_lt_compat_l _ _ _ power0 weak.
have -> : Rpower m (2 / (INR D + 1)) * (INR D + 1) *
    (Rpower m ((INR D - 1) / (INR D + 1)) * v / (INR D + 1)) = m * v.
  by rewrite [in RHS](split_norm D m m0); field; lra.
lra.
Qed.
