(* By how much the map jumps at the transition, and that it does not for one hidden layer. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import jump.

Theorem jump_holds : jump.
Proof. by move=> D zeta v a rho /INR_gt0 depth _ v0 a0 rho0 deep ->; rational. Qed.

Theorem jump_spinodal_holds : jump_spinodal.
Proof. by move=> D zeta v a rho /INR_gt0 depth _ v0 a0 rho0 deep ->; rational. Qed.

Theorem jump_kink_holds : jump_kink.
Proof. by move=> D zeta v a rho /INR_gt0 depth _ v0 a0 rho0 deep ->; rational. Qed.

Theorem jump_one_layer_holds : jump_one_layer.
Proof. by move=> gammabar v zeta a rho _ v0 zeta0 a0 rho0 ->; rational. Qed.

Theorem jump_one_layer_loss_holds : jump_one_layer_loss.
Proof. by move=> gammabar v zeta c a rho _ v0 zeta0 _ a0 rho0 ->; rational. Qed.
