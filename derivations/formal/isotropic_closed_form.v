(* The equation of isotropic data solved by rational functions: one hidden layer. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import isotropic_closed_form.

Theorem isotropic_closed_form_shallow_holds : isotropic_closed_form_shallow.
Proof.
move=> q zeta q0 zeta0 q1; split=> [stationary | ->]; last by rational.
have linear : zeta * (1 - q) = q by nra.
by apply: (Rmult_eq_reg_r (1 - q)); [rewrite linear; rational | lra].
Qed.
