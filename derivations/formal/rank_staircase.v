(* The decays at which the directions of the map leave, one after the other.

   The decay of a direction is a multiple of a power of its signal, with a positive exponent. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import rank_staircase.

Theorem rank_staircase_order_holds : rank_staircase_order.
Proof.
move=> D v eta a D0 v0 eta0 a0 deep order; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
apply: Rmult_ge_compat_r; first by apply: Rle_ge; sign.
apply: Rmult_ge_compat_r; first by apply: Rle_ge; sign.
by apply/Rle_ge/Rle_Rpower_l; [sign | lra].
Qed.

Theorem rank_staircase_autoencoder_holds : rank_staircase_autoencoder.
Proof.
move=> D gammabar a D0 gammabar0 a0 deep; have depth := INR_gt0 _ D0.
rewrite power_Rpower; last by sign.
by apply: (@ge_proportional 1); try sign; logs; ring.
Qed.
