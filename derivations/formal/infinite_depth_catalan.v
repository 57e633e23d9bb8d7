(* Isotropic data at infinite depth, where the equation for zeta is quadratic.

   What depends on the depth is affine in 1/(D + 1). The two solutions of zeta = q (zeta + 1)^2 are
   reciprocal, since sqrt (1 - 4 q) is (1 - zeta)/(1 + zeta) up to its sign. *)
From Symderive.formal Require Import Isotropic Limits.
From Symderive.statements Require Import infinite_depth_catalan.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma affine_in_depth (f : nat -> R) l c : (forall D, f D = l + c * / (INR D + 1)) -> limit_of_sequence f l.
Proof.
move=> affine; rewrite limit_of_sequenceE.
apply: (@tends_ext _ _ _ (fun D => l + c * / (INR D + 1))) => [D|]; first by rewrite affine.
have limit : tends eventually (fun D => l + c * / (INR D + 1)) (l + c * 0).
  apply: tends_add; first exact: tends_const.
  by apply: tends_scale; apply: diverges_inv; apply: diverges_add; exact: diverges_INR.
by move: limit; rewrite Rmult_0_r Rplus_0_r.
Qed.

Theorem infinite_depth_exponent_holds : infinite_depth_exponent.
Proof. by apply: (@affine_in_depth _ _ (- 2)) => D; have depth := pos_INR D; field; lra. Qed.

Theorem infinite_depth_decay_holds : infinite_depth_decay.
Proof.
move=> v a rho gammabar v0 a0 rho0 gammabar0.
apply: (@affine_in_depth _ _ (2 * ln v - 2 * ln (a * rho))) => D; have depth := pos_INR D.
by logs; field; lra.
Qed.

Theorem infinite_depth_spinodal_holds : infinite_depth_spinodal.
Proof. by move=> zeta q zeta0 q0 stationary; have := sq_ge0 (zeta - 1); nra. Qed.

(* The square root up to its sign. *)
Lemma discriminant zeta q : 0 < zeta -> zeta = q * (zeta + 1) ^ 2 ->
  1 - 4 * q = ((1 - zeta) / (zeta + 1)) ^ 2.
Proof.
move=> zeta0 stationary.
have -> : q = zeta / (zeta + 1) ^ 2 by rewrite [X in X / _]stationary; field; lra.
by field; lra.
Qed.

Theorem infinite_depth_stable_holds : infinite_depth_stable.
Proof.
move=> zeta q zeta0 _ /(discriminant zeta0) -> _ zeta1.
by rewrite sqrt_pow2; [field; lra | sign].
Qed.

Theorem infinite_depth_saddle_holds : infinite_depth_saddle.
Proof.
move=> zeta q zeta0 _ /(discriminant zeta0) -> _ zeta1.
have -> : ((1 - zeta) / (zeta + 1)) ^ 2 = ((zeta - 1) / (zeta + 1)) ^ 2 by field; lra.
by rewrite sqrt_pow2; [field; lra | sign].
Qed.

(* A solution is at least q. *)
Theorem infinite_depth_collapse_holds : infinite_depth_collapse.
Proof.
move=> D zeta q D0 zeta0 q0 deep stationary beyond.
have power1 : 1 <= Rpower (zeta + 1) (2 * INR D / (INR D + 1)) by apply: Rpower_ge1; [lra | sign].
have : q <= zeta by rewrite stationary; nra.
nra.
Qed.
