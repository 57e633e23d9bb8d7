(* Isotropic data at infinite depth, where the equation for zeta is quadratic.

   What depends on the depth is affine in 1/(D + 1).  The two solutions of zeta = q (zeta + 1)^2 are
   reciprocal, since sqrt (1 - 4 q) is (1 - zeta)/(1 + zeta) up to its sign.  The smaller one is the
   generating function of the Catalan numbers less 1, for these are the coefficients of the generalized
   binomial series at the exponent 2. *)
From Symderive.formal Require Import Binomial Limits.
From Symderive.statements Require Import infinite_depth_catalan.

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
Proof. by apply: (affine_in_depth _ _ (- 2)) => D; have depth := pos_INR D; field; lra. Qed.

Theorem infinite_depth_decay_holds : infinite_depth_decay.
Proof.
move=> v a rho gammabar v0 a0 rho0 gammabar0.
apply: (affine_in_depth _ _ (2 * ln v - 2 * ln (a * rho))) => D; have depth := pos_INR D.
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
move=> zeta q zeta0 _ /(discriminant _ _ zeta0) -> _ zeta1.
by rewrite sqrt_pow2; [field; lra | sign].
Qed.

Theorem infinite_depth_saddle_holds : infinite_depth_saddle.
Proof.
move=> zeta q zeta0 _ /(discriminant _ _ zeta0) -> _ zeta1.
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

(* The coefficients at the exponent 2 are the Catalan numbers. *)
Lemma coefficient_catalan k : coefficient 2 1 k = binomial (2 * INR k) k / (INR k + 1).
Proof.
case: k => [|k]; first by rewrite /binomial big_geq //=; field.
have fact0 := INR_fact_neq_0 k.+1; have k0 := pos_INR k.+1.
have -> : binomial (2 * INR k.+1) k.+1 =
    (\prod_(1 <= i < k.+1) (INR k.+1 * 2 + 1 - INR i)) * (INR k.+1 + 1) / INR (fact k.+1).
  rewrite /binomial; congr (_ / _).
  have -> : INR k.+1 + 1 = INR k.+1 * 2 + 1 - INR k.+1 by ring.
  have split := prod_recr (fun i => INR k.+1 * 2 + 1 - INR i) (isT : (1 <= k.+1)%N).
  by rewrite -split big_add1; apply: eq_bigr => i _; rewrite (S_INR i); ring.
by rewrite /coefficient; field; lra.
Qed.

Theorem infinite_depth_catalan_holds : infinite_depth_catalan.
Proof.
move=> zeta q zeta0 q0 stationary _ zeta1.
have series : limit_of_sequence (partial (term 2 1 q)) (Rpower (zeta + 1) 1).
  by apply: solution_series; rewrite ?Rpower_2; lra.
rewrite Rpower_1 in series; last lra.
have eq_term k : q ^ k * binomial (2 * INR k) k / (INR k + 1) = term 2 1 q k.
  by rewrite /term coefficient_catalan /Rdiv; ring.
by move=> eps /series [N hN]; exists N => n /hN; rewrite /partial (eq_bigr _ (fun k _ => eq_term k)).
Qed.

(* The sum is 1 more than the smaller solution, (1 - r)/(1 + r) with r = sqrt (1 - 4 q). *)
Theorem catalan_generating_function_holds : catalan_generating_function.
Proof.
move=> q q0 small; set root := sqrt (1 - 4 * q).
have square : root ^ 2 = 1 - 4 * q by rewrite /root pow2_sqrt; lra.
have root0 : 0 < root by apply: sqrt_lt_R0; lra.
have root1 : root < 1 by nra.
have -> : 2 / (root + 1) = (1 - root) / (root + 1) + 1 by field; lra.
apply: infinite_depth_catalan_holds => //.
- by sign.
- have -> : q = (1 - root ^ 2) / 4 by lra.
  by field; lra.
- by apply: quotient_lt; lra.
Qed.
