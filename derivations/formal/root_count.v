(* A bound on the number of roots, by Rolle's theorem again and again.

   Multiplied by (lambda + rho a_(n+1))^r, a sum of n + 1 fractions with powers r of their poles has a
   derivative with n fractions of powers r + 1, while a polynomial divided by lambda^s turns into one of the
   next degree divided by lambda^(s+1). *)
From Symderive.formal Require Import Derivatives Powers.
From Symderive Require Import Definitions.
From Symderive.statements Require Import root_count.

Theorem root_count_fractions_holds : root_count_fractions.
Proof.
move=> lambda rho a n r alpha lambda_gt0 rho_gt0 a_ge0 n_gt0 r_gt0.
have fractions : derivable_pt_lim (fun t => \sum_(1 <= j < n.+2) (alpha j / (t + rho * a j) ^ r)) lambda
    (- (INR r * 1 * \sum_(1 <= j < n.+2) (alpha j / (lambda + rho * a j) ^ r.+1))).
  by apply: derivative_fractions => j; [derive; ring | sign].
derive.
(* With the pole p = lambda + rho a_(n+1) and another one q, rho (a_j - a_(n+1)) = q - p. *)
have -> : \sum_(1 <= j < n.+1) (rho * (a j - a n.+1) * alpha j / (lambda + rho * a j) ^ r.+1) =
    \sum_(1 <= j < n.+2) (alpha j / (lambda + rho * a j) ^ r) -
    (lambda + rho * a n.+1) * (\sum_(1 <= j < n.+2) (alpha j / (lambda + rho * a j) ^ r.+1)).
  transitivity (\sum_(1 <= j < n.+2) (rho * (a j - a n.+1) * alpha j / (lambda + rho * a j) ^ r.+1)).
    by rewrite [RHS]big_nat_recr //= /Rdiv; ring.
  rewrite -sumZ -sumB; apply: eq_bigr => j _; rewrite /=.
  by field; split; [apply: pow_nonzero; nonzero | nonzero].
by case: r r_gt0 fractions => // r _ _; rewrite subn1 [r.+1.-1]/= [_ ^ r.+1]/=; ring.
Qed.

Theorem root_count_power_holds : root_count_power.
Proof.
move=> lambda l s eta r lambda_gt0 l_gt0 s_gt0 eta_gt0 r_gt0; derive.
have -> : Rpower lambda (- INR l + s + 1) = / Rpower lambda (INR l - s - 1).
  by rewrite -Rpower_Ropp; congr Rpower; ring.
rewrite [Rpower lambda (INR l - s - 1)]Rpower_minus Rpower_1 //.
case: r r_gt0 => // r _; rewrite subn1 [r.+1.-1]/= [_ ^ r.+1]/=.
by field; nonzero.
Qed.

Theorem root_count_degree_holds : root_count_degree.
Proof.
move=> D i D_gt0 i_gt0 D_ge2 i_ge1.
have -> : INR i + 1 - (INR D + 1) / INR D = INR i - / INR D by field; lra.
have : / INR D <= / 2 by apply: Rinv_le_contravar; lra.
by lra.
Qed.

Theorem root_count_factor_holds : root_count_factor.
Proof. by move=> lambda rho a n r lambda_gt0 rho_gt0 a_ge0 n_gt0 r_gt0; apply: Rlt_gt; sign. Qed.

Theorem root_count_holds : root_count.
Proof.
move=> lambda rho a n r alpha K beta s lambda_gt0 rho_gt0 a_ge0 n_gt0 r_gt0 K_gt0 s_gt0.
have fractions := root_count_fractions_holds lambda rho a n r alpha lambda_gt0 rho_gt0 a_ge0 n_gt0 r_gt0.
have [slope_ polynomial] : exists slope_,
    derivable_pt_lim (fun t => \sum_(1 <= l < K.+1) (t ^ (l - 1) * beta l)) lambda slope_.
  by eexists; differentiate.
eexists; exists slope_; split; last by split; [exact: polynomial | reflexivity].
apply: (derivable_pt_lim_ext (fun t =>
    (t + rho * a n.+1) ^ r * (\sum_(1 <= j < n.+2) (alpha j / (t + rho * a j) ^ r)) -
    (t + rho * a n.+1) ^ r * ((\sum_(1 <= l < K.+1) (t ^ (l - 1) * beta l)) / Rpower t s))) => [t|].
  by ring.
apply: derivative_eq.
  by apply: derivative_sub fractions _; differentiate; nonzero.
rewrite Rpower_plus Rpower_minus Rpower_1 //.
move: (\sum_(1 <= j < n.+1) _) (\sum_(1 <= l < K.+1) _) => fraction_sum polynomial_value.
have -> : (lambda + rho * a n.+1) ^ r = (lambda + rho * a n.+1) * (lambda + rho * a n.+1) ^ (r - 1).
  by case: r r_gt0 {fractions} => // r _; rewrite subn1.
by rewrite -subn1; field; nonzero.
Qed.
