(* The equation of isotropic data solved: by a generalized binomial series at every depth, by rational
   functions with one hidden layer. *)
From Symderive.formal Require Import Binomial.
From Symderive.statements Require Import isotropic_closed_form.

Theorem generalized_binomial_series_holds : generalized_binomial_series.
Proof.
move=> zeta q s r zeta0 q0 s0 r0 stationary inside s1.
exists (Rpower (zeta + 1) r - 1); split; last ring.
apply: (binomial_series (s := s) (q := q)) => // [||k]; [lra | lra |].
by rewrite /Rdiv !Rmult_assoc.
Qed.

(* At depth D the exponent of the equation is 2D/(D + 1), and the branch ends at zeta = (D + 1)/(D - 1). *)
Lemma depth_exponent D : (0 < D)%N -> 1 <= 2 * INR D / (INR D + 1).
Proof.
move=> D0; widths.
by apply: (Rmult_le_reg_r (INR D + 1)); [lra | rewrite /Rdiv Rmult_assoc Rinv_l; lra].
Qed.
Lemma depth_inside D zeta : (0 < D)%N -> INR D + 1 >= zeta * (INR D - 1) ->
  zeta * (2 * INR D / (INR D + 1) - 1) <= 1.
Proof.
move=> D0 inside; widths.
have -> : zeta * (2 * INR D / (INR D + 1) - 1) = zeta * (INR D - 1) / (INR D + 1) by field; lra.
by apply: quotient_le; lra.
Qed.

Theorem isotropic_closed_form_holds : isotropic_closed_form.
Proof.
move=> zeta q D zeta0 q0 D0 stationary inside _; widths.
have -> : zeta = Rpower (zeta + 1) 1 - 1 by rewrite Rpower_1; lra.
apply: (binomial_series (q := q) (depth_exponent _ D0)) => // [||k]; [lra | exact: depth_inside |].
have -> : 2 * INR D * INR k / (INR D + 1) + 1 = INR k * (2 * INR D / (INR D + 1)) + 1 by field; lra.
by rewrite /Rdiv !Rmult_assoc Rmult_1_l.
Qed.

Theorem isotropic_closed_form_map_holds : isotropic_closed_form_map.
Proof.
move=> zeta q D zeta0 q0 D0 stationary inside deep; set s := 2 * INR D / (INR D + 1) in stationary.
have er : (INR D - 1) / (INR D + 1) = s - 1 by rewrite /s; field; lra.
exists (Rpower (zeta + 1) (s - 1) - 1); split.
  apply: (binomial_series (q := q) (depth_exponent _ D0)) => // [||k]; [|exact: depth_inside|].
    by rewrite -er; sign.
  have k0 := pos_INR k.
  have -> : (2 * INR D * INR k + INR D - 1) / (INR D + 1) = INR k * s + (s - 1) by rewrite /s; field; lra.
  move: (binomial _ k) => b.
  by rewrite -/s /s; field; repeat split; nra.
rewrite Rpower_minus Rpower_1; last lra.
have -> : q * (Rpower (zeta + 1) s / (zeta + 1) - 1 + 1) = q * Rpower (zeta + 1) s / (zeta + 1).
  by field; lra.
by rewrite -stationary; field; lra.
Qed.

Theorem isotropic_closed_form_shallow_holds : isotropic_closed_form_shallow.
Proof.
move=> q zeta q0 zeta0 q1; split=> [stationary | ->]; last by rational.
have linear : zeta * (1 - q) = q by nra.
by apply: (Rmult_eq_reg_r (1 - q)); [rewrite linear; rational | lra].
Qed.
