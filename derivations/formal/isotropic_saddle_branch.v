(* The reciprocal of a solution solves an equation of the same form: both are the same equation between
   zeta + 1, zeta and q, raised to powers whose ratio is (D - 1)/(D + 1).  So the same series, with another
   exponent, gives the branch of saddles. *)
From Symderive.formal Require Import Binomial.
From Symderive.statements Require Import isotropic_saddle_branch.

Theorem isotropic_saddle_equation_holds : isotropic_saddle_equation.
Proof.
move=> D zeta q D0 zeta0 q0 deep; have depth := INR_gt0 _ D0.
have -> : 1 + / zeta = (zeta + 1) / zeta by rational.
apply: (@eq_proportional ((INR D - 1) / (INR D + 1))); try positive.
by logs; rational.
Qed.

Theorem isotropic_saddle_branch_holds : isotropic_saddle_branch.
Proof.
move=> zeta q D zeta0 q0 D0 stationary beyond deep.
have inverse0 : 0 < / zeta by sign.
have [/(_ stationary) reciprocal _] := isotropic_saddle_equation_holds D zeta q D0 zeta0 q0 deep.
rewrite (Rplus_comm 1) in reciprocal.
have -> : / zeta = Rpower (/ zeta + 1) 1 - 1 by rewrite Rpower_1; lra.
apply: (binomial_series (s := 2 * INR D / (INR D - 1)) (q := Rpower q ((INR D + 1) / (INR D - 1)))) => //.
- by apply: (Rmult_le_reg_r (INR D - 1)); [lra | rewrite /Rdiv Rmult_assoc Rinv_l; lra].
- by lra.
- have -> : / zeta * (2 * INR D / (INR D - 1) - 1) = (INR D + 1) / (zeta * (INR D - 1)) by field; lra.
  have z0 : 0 < zeta * (INR D - 1) by nra.
  by apply: quotient_le; lra.
- move=> k; rewrite pow_Rpower.
  have -> : (INR D + 1) / (INR D - 1) * INR k = INR k * (INR D + 1) / (INR D - 1) by field; lra.
  have -> : 2 * INR D * INR k / (INR D - 1) + 1 = INR k * (2 * INR D / (INR D - 1)) + 1 by field; lra.
  by rewrite /Rdiv !Rmult_assoc Rmult_1_l.
Qed.
