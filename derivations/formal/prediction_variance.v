(* The variance of the prediction.

   At balanced rank-one layers the output weights are U = b e_D, so that the second moment of the
   prediction, the form of M_D at U, is b^2 times that at e_D, which is rho P^2 times the form of A at e_0,
   where P is the product of the scales of the layers; and the second moment of the mean prediction is the
   same without rho. *)
From Symderive.formal Require Import Powers Layers noise_second_moment attainment.
From Symderive.statements Require Import prediction_variance.

Section Balanced.
Variables (D : nat) (d : nat -> nat) (W : nat -> nat -> nat -> R) (e : nat -> nat -> R).
Variables (kappa gamma_u : R) (gamma U : nat -> R) (A : nat -> nat -> R) (sigma : nat -> R).
Hypotheses (D0 : (0 < D)%N) (d0 : forall i, (0 < d i)%N) (kappa0 : 0 < kappa) (gamma_u0 : 0 < gamma_u).
Hypotheses (gamma0 : forall i, 0 < gamma i) (sigma0 : forall i, 0 <= sigma i).
Hypotheses (rank_one : balanced D d W kappa e gamma) (signs : of_signs D d e).
Hypothesis output : forall j, (1 <= j < (d D).+1)%N -> U j = sqrt kappa * e D j / sqrt gamma_u.

Let P := \prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i)).
Let b := sqrt kappa / sqrt gamma_u.

Lemma balanced_mean : form (d 0%N) A (fun r => \sum_(1 <= j < (d D).+1) (T d W D j r * U j)) =
  kappa / gamma_u * P ^ 2 * form (d 0%N) A (e 0%N).
Proof.
rewrite -(scale_square kappa0 gamma_u0) -Rpow_mult_distr; apply: form_multiple => r hr.
have map := attainment_map_holds D d W kappa e gamma D0 d0 kappa0 gamma0 rank_one signs r hr.
rewrite Rmult_assoc (Rmult_comm P) -map -sumZ.
by apply: eq_sum => j hj; rewrite output // /b /Rdiv; ring.
Qed.

End Balanced.

Theorem prediction_variance_holds : prediction_variance.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u A sigma v c.
move=> D0 d0 kappa0 gamma0 gamma_u0 sigma0 c0 E_data E_noise rank_one signs output.
rewrite (prediction_moment E_data E_noise (outputs_layers x A d W E_noise) D U).
rewrite (balanced_moment D d W kappa e gamma U gamma_u) //.
have := balanced_mean D d W e kappa gamma_u gamma U A D0 d0 kappa0 gamma_u0 gamma0 rank_one signs output.
rewrite /form => ->; field; lra.
Qed.

(* Term by term, with s = lambda + rho a: a w^2/rho^2 - a^3 w^2/s^2 = a w^2 lambda (rho a + s)/(rho s)^2. *)
Theorem prediction_variance_bound_holds : prediction_variance_bound.
Proof.
move=> rho n a w lambda rho0 n0 a0 lambda0 rho1; apply: Rle_ge.
have -> : (rho - 1) * (\sum_(1 <= j < n.+1) (a j * w j ^ 2)) / rho ^ 2 =
    (rho - 1) * (\sum_(1 <= j < n.+1) (a j * w j ^ 2 / rho ^ 2)) by rewrite sumZr; field; lra.
apply: Rmult_le_compat_l; first lra; apply: le_sum => j _; have aj := a0 j.
have s0 : 0 < lambda + rho * a j by sign.
have : 0 <= a j * w j ^ 2 * lambda * (rho * a j + (lambda + rho * a j)) / (rho * (lambda + rho * a j)) ^ 2.
  by sign.
have -> : a j * w j ^ 2 * lambda * (rho * a j + (lambda + rho * a j)) / (rho * (lambda + rho * a j)) ^ 2 =
    a j * w j ^ 2 / rho ^ 2 - a j ^ 3 * w j ^ 2 / (lambda + rho * a j) ^ 2 by field; lra.
lra.
Qed.

Theorem prediction_variance_explained_holds : prediction_variance_explained.
Proof. by move=> n v a w n0 a0 solves; apply: eq_sum => j /solves ->; ring. Qed.

Theorem prediction_variance_sign_holds : prediction_variance_sign.
Proof.
move=> rho n a w lambda rho0 n0 a0 lambda0 rho1; apply: Rle_ge; apply: Rmult_le_pos; first lra.
by apply: sum_ge0 => j _; sign.
Qed.
