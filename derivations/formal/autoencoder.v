(* Linear autoencoders: the loss separates into principal directions, each with its own scalar problem.

   The scalar problem is that of isotropic data with the eigenvalue as signal and as second moment. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import autoencoder.

Theorem autoencoder_bound_holds : autoencoder_bound.
Proof.
move=> Omega n gammabar D z a xi Q_ _ _ _ _ _ _ decay overlap ->.
have -> : \sum_(1 <= p < n.+1) (gammabar * (INR D + 1) * power (z p) (2 / (INR D + 1)) + a p * (z p) ^ 2 -
      2 * a p * z p) =
    \sum_(1 <= p < n.+1) (gammabar * (INR D + 1) * power (z p) (2 / (INR D + 1))) +
    \sum_(1 <= p < n.+1) (a p * (z p) ^ 2) - 2 * \sum_(1 <= p < n.+1) (a p * z p).
  by rewrite -sumZ -sumD -sumB; apply: eq_sum => p _; ring.
by lra.
Qed.

Theorem autoencoder_decay_holds : autoencoder_decay.
Proof.
move=> a D gammabar a0 D0 gammabar0; have depth := INR_gt0 _ D0.
by equal_powers.
Qed.

Theorem autoencoder_shrunk_holds : autoencoder_shrunk.
Proof.
move=> a m gammabar a0 m0 gammabar0.
have -> : a * m ^ 2 - 2 * a * m + 2 * gammabar * m =
  (a * m - a + gammabar) ^ 2 / a - (a - gammabar) ^ 2 / a by rational.
by have : 0 <= (a * m - a + gammabar) ^ 2 / a by [sign]; lra.
Qed.

Theorem autoencoder_dead_holds : autoencoder_dead.
Proof. by move=> gammabar a m gammabar0 a0 m0 weak; have := sq_ge0 m; nra. Qed.
