(* The reciprocal of a solution solves an equation of the same form: both are the same equation between
   zeta + 1, zeta and q, raised to powers whose ratio is (D - 1)/(D + 1). *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import isotropic_saddle_branch.

Theorem isotropic_saddle_equation_holds : isotropic_saddle_equation.
Proof.
move=> D zeta q D0 zeta0 q0 deep; have depth := INR_gt0 _ D0.
have -> : 1 + / zeta = (zeta + 1) / zeta by rational.
apply: (@eq_proportional ((INR D - 1) / (INR D + 1))); try positive.
by logs; rational.
Qed.
