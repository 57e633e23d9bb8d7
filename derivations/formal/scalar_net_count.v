(* A net with one neuron per layer: a polynomial equation of degree 2 D for the product P of its weights.

   At a stationary point all weights carry the same decay kappa = P (v - a rho P), so that
   kappa^(D+1) = P^2 times the product of the decays. *)
From Symderive.formal Require Import Limits Powers Roots.
From Symderive Require Import Definitions.
From Symderive.statements Require Import scalar_net_count.
Set Implicit Arguments.
Unset Strict Implicit.

Theorem scalar_net_count_moment_holds : scalar_net_count_moment.
Proof.
move=> a sigma w D _ _ _; elim: D => [|D IH]; first by rewrite !big_geq //=; ring.
rewrite !(@prod_recr 1 D.+1) //.
by rewrite -[Q a sigma w D.+1]/((sigma D.+1 ^ 2 + 1) * Q a sigma w D * w D.+1 ^ 2) IH; ring.
Qed.

Theorem scalar_net_count_gradient_holds : scalar_net_count_gradient.
Proof.
move=> D w a rho r v gamma _ _ _ _ _ i _; derive.
by rewrite !update_same /delta eqxx /=; ring.
Qed.

(* The gradient times w_i / 2. *)
Theorem scalar_net_count_squares_holds : scalar_net_count_squares.
Proof.
move=> P r i w a rho v gamma _ _ _ _ _ -> w_ne0; split=> [zero | squares].
  have : w i * (2 * (a * rho * r i * w i - v) * r i + 2 * gamma i * w i) = 0 by rewrite zero; ring.
  by lra.
by apply: (Rmult_eq_reg_l (w i)) => //; lra.
Qed.

Theorem scalar_net_count_decay_holds : scalar_net_count_decay.
Proof.
move=> D gamma w kappa P _ _ _ decay ->.
have -> : kappa ^ D.+1 = \prod_(1 <= i < D.+2) kappa by rewrite prod_const subn1.
rewrite -prod_pow -prodM.
by apply: eq_prod => i hi; rewrite -(decay i hi); ring.
Qed.

(* P^(D+1) = P^2 P^(D-1). *)
Lemma pow_split x D : (0 < D)%N -> x ^ D.+1 = x ^ 2 * x ^ (D - 1).
Proof. by case: D => // D _; rewrite subn1 /=; ring. Qed.

Theorem scalar_net_count_equation_holds : scalar_net_count_equation.
Proof.
move=> P D a rho v gamma D_gt0 _ _ _ _ P_ne0; rewrite (pow_split P D_gt0) Rmult_assoc.
split=> [equation | -> //].
by apply: (Rmult_eq_reg_l (P ^ 2)) => //; exact: pow_nonzero.
Qed.

(* P^(2D) = P^(D-1) P^(D+1). *)
Lemma pow_double x D : (0 < D)%N -> x ^ (2 * D) = x ^ (D - 1) * x ^ D.+1.
Proof.
move=> D_gt0; rewrite -pow_add plusE; congr (x ^ _).
by rewrite subn1 mul2n -addnn addnS -addSn prednK.
Qed.

(* Divided by P^(2D) the polynomial is (a rho - v / P)^(D+1). *)
Theorem scalar_net_count_degree_holds : scalar_net_count_degree.
Proof.
move=> D a rho v D_gt0 _ _ _; rewrite limit_at_infinityE.
apply: (tends_eq (f := fun P => (a * rho - v * / P) ^ D.+1)).
  apply: filter_mono (near_infinity_gt 0) => P P_gt0; rewrite pow_double //.
  have -> : P * a * rho - v = P * (a * rho - v * / P) by field; lra.
  by rewrite Rpow_mult_distr; field; split; apply: pow_nonzero; lra.
apply: (tends_to (l := (a * rho - v * 0) ^ D.+1)); first by congr (_ ^ _); ring.
apply: tends_pow; apply: tends_sub; first exact: tends_const.
by apply: tends_scale; apply: diverges_inv; exact: diverges_id.
Qed.

Theorem scalar_net_count_spinodal_holds : scalar_net_count_spinodal.
Proof.
move=> D v a rho D_gt0 v_gt0 a_gt0 rho_gt0 D_ge2; widths.
have -> : v - v * (INR D - 1) / (2 * INR D) = v * (INR D + 1) * / (2 * INR D) by field; denominators.
have -> : v * (INR D - 1) / (2 * INR D * a * rho) = v * (INR D - 1) * (/ (2 * INR D) * / (a * rho)).
  by field; denominators.
rewrite !pow_double // !Rpow_mult_distr !pow_inv !Rpow_mult_distr.
by field; repeat split; apply: pow_nonzero; denominators.
Qed.

(* P times the derivative of P^(D-1) is (D - 1) P^(D-1). *)
Theorem scalar_net_count_double_holds : scalar_net_count_double.
Proof.
move=> P a rho v D _ _ _; case: D => // D _ P_ne0 _.
rewrite subn1 -[D.+1.-1]/D; derive; rewrite !S_INR.
have -> : INR D * P ^ D.-1 = INR D * P ^ D / P by case: D => [|D] /=; field.
by rewrite -!tech_pow_Rmult; field.
Qed.

(* A sum of two equal values, again and again. *)
Theorem scalar_net_count_signs_holds : scalar_net_count_signs.
Proof.
move=> D _ j _; elim: D j => [|D IH] j; first by [].
by rewrite -[Y D.+1 j]/(Y D 1%N + Y D 2%N) !IH /=; ring.
Qed.

Theorem scalar_net_count_holds : scalar_net_count.
Proof. by move=> D D_gt0; rewrite scalar_net_count_signs_holds //=; ring. Qed.

(* With x = v / (a rho + lambda) the second factor is lambda x. *)
Theorem scalar_net_count_ridge_holds : scalar_net_count_ridge.
Proof.
move=> v a rho lambda D v_gt0 a_gt0 rho_gt0 lambda_gt0 D_gt0.
have -> : - (a * rho * v / (a * rho + lambda)) + v = lambda * (v / (a * rho + lambda)).
  by field; denominators.
have -> : v ^ 2 / (a * rho + lambda) ^ 2 = (v / (a * rho + lambda)) ^ 2 by field; denominators.
rewrite -pow_mult multE pow_double // Rpow_mult_distr.
by ring.
Qed.

(* The curve P (1 - P)^3 rises up to 1/4 and falls from there to 1. *)
Theorem scalar_net_count_example_holds : scalar_net_count_example.
Proof.
have slope P : derivable_pt_lim (fun P => P * (1 - P) ^ 3 - 1 / 343) P ((1 - P) ^ 2 * (1 - 4 * P)).
  by derive; rewrite /=; ring.
apply: (@cut_roots _ (1 / 4) _ 1 1); first by lra.
- apply: (@one_root _ _ _ 0 (1 / 4) _ slope); [split; lra | nonzero_between 0 (1 / 4) 3%nat | lra | lra].
- apply: (@one_root _ _ _ (1 / 4) 1 _ slope); [split; lra | nonzero_between (1 / 4) 1 3%nat | lra | lra].
Qed.
