(* A bias of the output.

   Completing the square in the bias leaves the loss of centered data.  With s = sum_k xi_k m_k, where m is
   the end-to-end map and xi the mean of the features, the terms of the bias b are b^2 - 2 b (ybar - s),
   which is (b - ybar + s)^2 - (ybar - s)^2. *)
From Symderive.formal Require Import Powers Forms noise_transfer.
From Symderive Require Import Definitions.
From Symderive.statements Require Import output_bias.

(* The alignment with the centered targets. *)
Lemma centered_alignment p q (b : R) (xi v U : nat -> R) (T : nat -> nat -> R) :
  \sum_(1 <= k < p.+1) \sum_(1 <= j < q.+1) ((- (b * xi k) + v k) * T j k * U j) =
  \sum_(1 <= k < p.+1) \sum_(1 <= j < q.+1) (T j k * U j * v k) -
  b * \sum_(1 <= k < p.+1) (xi k * \sum_(1 <= j < q.+1) (T j k * U j)).
Proof. by rewrite -sumZ -sumB; apply: eq_sum => k _; rewrite -!sumZ -sumB; apply: eq_sum => j _; ring. Qed.

Theorem output_bias_square_holds : output_bias_square.
Proof.
move=> b ybar c gamma_u d D U omega_u Mtilde gamma W xi v T c0 gamma_u0 d0 D0 omega_u0 gamma0.
by rewrite centered_alignment; ring.
Qed.

Theorem output_bias_holds : output_bias.
Proof.
move=> d A D alpha G eta chi W N U N_u m b ybar c gamma_u omega_u omega gamma xi v.
move=> d0 D0 alpha0 G0 chi0 N0 N_u0 m0 c0 gamma_u0 omega_u0 omega0 gamma0 psdA alone hidden output map.
have := noise_transfer_loss_holds d A D alpha G eta chi W N U N_u m c gamma_u omega_u omega gamma v.
move=> /(_ d0 D0 alpha0 G0 chi0 N0 N_u0 m0 c0 gamma_u0 omega_u0 omega0 gamma0 psdA alone hidden output map).
set M := Mtilde A omega d W alpha G eta; set T := T d W.
rewrite (output_bias_square_holds b ybar c gamma_u d D U omega_u M gamma W xi v T) //.
have := sq_ge0 (b - ybar + \sum_(1 <= k < (d 0%N).+1) (xi k * \sum_(1 <= j < (d D).+1) (T D j k * U j))).
lra.
Qed.

Theorem output_bias_best_holds : output_bias_best.
Proof.
move=> b ybar d xi D T U c gamma_u omega_u Mtilde gamma W v d0 D0 c0 gamma_u0 omega_u0 gamma0 best.
rewrite (output_bias_square_holds b ybar c gamma_u d D U omega_u Mtilde gamma W xi v T) // best; ring.
Qed.

(* A is the covariance A - xi xi^T of the features plus a square. *)
Theorem output_bias_psd_holds : output_bias_psd.
Proof.
move=> d A xi rho r d0 rho0 r0 /psd_form psdC; set C := fun j k => A j k - xi j * xi k.
have psdA : psd (d 0%N) A.
  apply/psd_form => g; rewrite (eq_form (Q' := fun j k => C j k + xi j * xi k) (g' := g)) // => [|j k _ _].
    by rewrite form_add form_square; apply: Rplus_le_le_0_compat; [exact: psdC | exact: sq_ge0].
  by rewrite /C; ring.
apply/psd_form => g.
pose B j k := rho * (delta j k * A j k) + r * A j k + C j k.
rewrite (eq_form (Q' := B) (g' := g)) // => [|j k _ _].
  rewrite 2!form_add !form_scale form_diagonal -/(diagonal_form _ A g).
  have := Rmult_le_pos _ _ rho0 (diagonal_form_ge0 g psdA); have := psdC g.
  have : 0 <= r * form (d 0%N) A g by apply: Rmult_le_pos => //; move: g; apply/psd_form.
  by rewrite -/C; lra.
by rewrite /B /C; ring.
Qed.
