(* Noise multiplies all quantities of the data by rho, which is a power of rho in front of the decays.

   With the ridge lambda rho and the map m / rho the noise leaves the data part up to a factor, and the rest
   is an identity between powers of rho. *)
From Symderive.formal Require Import Derivatives Powers minimum_value.
From Symderive Require Import Definitions.
From Symderive.statements Require Import threshold_scaling.
Set Implicit Arguments.
Unset Strict Implicit.

(* The moments at the ridge lambda rho. *)
Lemma scaled_moment n lambda rho (v a : nat -> R) r : 0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda * rho + rho * a j) ^ r) =
  (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + a j) ^ r)) / rho ^ r.
Proof.
move=> lambda_gt0 rho_gt0 a_ge0; rewrite [RHS]/Rdiv -sumZr; apply: eq_bigr => j _.
have -> : lambda * rho + rho * a j = (lambda + a j) * rho by ring.
have pole : 0 < lambda + a j by have := a_ge0 j; lra.
by rewrite Rpow_mult_distr; field; split; apply: pow_nonzero; lra.
Qed.

Lemma scaled_moment_1 n lambda rho (v a : nat -> R) : 0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda * rho + rho * a j)) =
  (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + a j))) / rho.
Proof.
move=> lambda_gt0 rho_gt0 a_ge0; have := @scaled_moment n lambda rho v a 1 lambda_gt0 rho_gt0 a_ge0.
under eq_bigr => j _ do rewrite pow_1.
under [X in _ = X / _ -> _]eq_bigr => j _ do rewrite pow_1.
by rewrite pow_1.
Qed.

Unset Implicit Arguments.

Theorem threshold_scaling_loss_holds : threshold_scaling_loss.
Proof.
move=> c gammabar m rho D n a m_ v c_ge0 gammabar_gt0 m_gt0 rho_gt0 D_gt0 n_gt0 a_ge0; widths.
have -> : Rpower (m / rho) (2 / (INR D + 1)) =
    Rpower m (2 / (INR D + 1)) * Rpower rho ((INR D - 1) / (INR D + 1)) / rho.
  by apply: ln_inv; try sign; logs; field; nonzero.
by field; nonzero.
Qed.

Theorem threshold_scaling_dual_holds : threshold_scaling_dual.
Proof.
move=> D tau lambda rho c n v a D_gt0 tau_gt0 lambda_gt0 rho_gt0 c_ge0 n_gt0 a_ge0; widths.
rewrite scaled_moment_1 //.
have -> : Rpower (lambda * rho) (1 - (INR D + 1) / INR D) =
    Rpower lambda (1 - (INR D + 1) / INR D) * Rpower rho ((INR D - 1) / INR D) / rho.
  by apply: ln_inv; try sign; logs; field; nonzero.
by field; nonzero.
Qed.

Theorem threshold_scaling_spinodal_curve_holds : threshold_scaling_spinodal_curve.
Proof.
move=> lambda rho D n v a lambda_gt0 rho_gt0 D_gt0 n_gt0 a_ge0; widths.
rewrite scaled_moment //.
have -> : Rpower (lambda * rho) ((INR D + 1) / INR D) =
    Rpower lambda ((INR D + 1) / INR D) * Rpower rho ((1 - INR D) / INR D) * rho ^ 2.
  by apply: ln_inv; try sign; logs; field; nonzero.
by field; nonzero.
Qed.

Theorem threshold_scaling_transition_curve_holds : threshold_scaling_transition_curve.
Proof.
move=> lambda rho D n v a lambda_gt0 rho_gt0 D_gt0 n_gt0 a_ge0; widths.
rewrite scaled_moment_1 //.
have -> : Rpower (lambda * rho) (/ INR D) =
    Rpower lambda (/ INR D) * Rpower rho ((1 - INR D) / INR D) * rho.
  by apply: ln_inv; try sign; logs; field; nonzero.
by field; nonzero.
Qed.

(* The power D of a bound on a curve that noise multiplies by rho^((1 - D) / D). *)
Lemma power_of_bound [rho tau curve D] : 0 < rho -> 0 < tau -> (0 < D)%N ->
  Rpower rho ((1 - INR D) / INR D) * curve >= tau -> curve ^ D >= rho ^ (D - 1) * tau ^ D.
Proof.
move=> rho_gt0 tau_gt0 D_gt0 bound; widths.
have rho_power : Rpower rho ((INR D - 1) / INR D) ^ D = rho ^ (D - 1).
  rewrite pow_Rpower -Rpower_pow // minus_INR; last exact/leP.
  by congr Rpower; rewrite [INR 1]/=; field; nonzero.
have inverse : Rpower rho ((INR D - 1) / INR D) * Rpower rho ((1 - INR D) / INR D) = 1.
  by rewrite -Rpower_plus -(Rpower_O _ rho_gt0); congr Rpower; field; nonzero.
have {}bound : Rpower rho ((INR D - 1) / INR D) * tau <= curve.
  have -> : curve = Rpower rho ((INR D - 1) / INR D) * (Rpower rho ((1 - INR D) / INR D) * curve).
    by rewrite -Rmult_assoc inverse Rmult_1_l.
  by apply: Rmult_le_compat_l; [sign | lra].
apply: Rle_ge; rewrite -rho_power -Rpow_mult_distr; apply: pow_incr; split=> //.
by sign.
Qed.

Theorem threshold_scaling_spinodal_holds : threshold_scaling_spinodal.
Proof.
move=> lambda rho D n v a tau lambda_gt0 rho_gt0 D_gt0 n_gt0 a_ge0 tau_gt0 bound _.
apply: power_of_bound => //; move: bound.
by rewrite threshold_scaling_spinodal_curve_holds //; lra.
Qed.

Theorem threshold_scaling_holds : threshold_scaling.
Proof.
move=> lambda rho D n v a tau lambda_gt0 rho_gt0 D_gt0 n_gt0 a_ge0 tau_gt0 bound _.
apply: power_of_bound => //; move: bound.
by rewrite threshold_scaling_transition_curve_holds // /Rdiv; lra.
Qed.
