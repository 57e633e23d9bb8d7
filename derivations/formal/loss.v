(* The loss in closed form.

   The square of the error is y^2, less twice y h_j U_j, plus U_j U_k h_j h_k, summed over the last
   hidden layer; its average is the sum of the averages, which the section noise-second-moment gives. *)
From Symderive.formal Require Import Layers noise_second_moment.
From Symderive.statements Require Import loss.

Theorem loss_data_holds : loss_data.
Proof.
move=> Data Noise E_x E_eps x y eps d D U W c A sigma v _ _ _ _ E_data E_noise.
exact (error_moment E_data E_noise (outputs_layers x A d W E_noise) D U).
Qed.

Theorem loss_holds : loss.
Proof.
move=> Data Noise E_x E_eps x y eps gamma_u d D U gamma W c A sigma v _ d0 D0 _ c0 sigma0 E_data E_noise.
by rewrite (loss_data_holds Data Noise E_x E_eps x y eps d D U W c A sigma v) //; ring.
Qed.
