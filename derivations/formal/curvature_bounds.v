(* Slope and curvature of the scalar equation on a logarithmic scale, bounded for all data.

   With g_r = sum_j v_j^2 / (lambda + rho a_j)^r and lambda = exp u the equation is about
   H(u) = ln g_2 + theta u.  Its derivatives are polynomials in the means <s>, <s^2>, <s^3> of
   s_j = lambda / (lambda + rho a_j), with weights proportional to v_j^2 / (lambda + rho a_j)^2.  All s_j
   lie between 0 and 1, which bounds the means by one another. *)
From Symderive.formal Require Import Derivatives inequalities.
From Symderive Require Import Definitions.
From Symderive.statements Require Import curvature_bounds.
Set Implicit Arguments.
Unset Strict Implicit.

(* The derivatives by u. *)
Section Logarithmic.
Variables (n : nat) (v : nat -> R) (rho : R) (a : nat -> R) (u : R).
Hypotheses (rho_gt0 : 0 < rho) (a_ge0 : forall i, 0 <= a i).

Lemma derivative_moment r :
  derivable_pt_lim (fun t => \sum_(1 <= j < n.+1) (v j ^ 2 / (rho * a j + exp t) ^ r)) u
    (- (INR r * exp u * \sum_(1 <= j < n.+1) (v j ^ 2 / (rho * a j + exp u) ^ r.+1))).
Proof.
apply: derivative_fractions => j; first by derive; ring.
have := exp_pos u; have : 0 <= rho * a j by sign.
by lra.
Qed.

Lemma exp_twice : exp (2 * u) = exp u ^ 2.
Proof. by have -> : 2 * u = u + u by [ring]; rewrite exp_plus; ring. Qed.

Lemma exp_thrice : exp (3 * u) = exp u ^ 3.
Proof. by have -> : 3 * u = 2 * u + u by [ring]; rewrite exp_plus exp_twice; ring. Qed.
End Logarithmic.

Unset Implicit Arguments.

Theorem curvature_slope_holds : curvature_slope.
Proof.
move=> n v rho a u D _ rho_gt0 a_ge0 D_gt0 g2_gt0; widths.
have d_moment := derivative_moment n v u rho_gt0 a_ge0.
by derive; rewrite [INR 2]/=; field; nonzero.
Qed.

Theorem curvature_curvature_holds : curvature_curvature.
Proof.
move=> n v rho a u D _ rho_gt0 a_ge0 D_gt0 g2_gt0; widths.
have d_moment := derivative_moment n v u rho_gt0 a_ge0.
derive; rewrite exp_twice [INR 2]/= [INR 3]/=.
by field; nonzero.
Qed.

Theorem curvature_third_derivative_holds : curvature_third_derivative.
Proof.
move=> n v rho a u _ rho_gt0 a_ge0 g2_gt0.
have d_moment := derivative_moment n v u rho_gt0 a_ge0.
derive; rewrite !exp_twice !exp_thrice [INR 2]/= [INR 3]/= [INR 4]/=.
by field; nonzero.
Qed.

(* Facts about the moments, which are sums over the components. *)
Lemma moment_ge0 n (v : nat -> R) [lambda rho] [a : nat -> R] r :
  0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  0 <= \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ r).
Proof. by move=> lambda_gt0 rho_gt0 a_ge0; sign. Qed.

Theorem curvature_variance_holds : curvature_variance.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := cauchy_schwarz_holds _ (fun j => v j / (lambda + rho * a j) ^ 2)
  (fun j => v j / (lambda + rho * a j)) n_gt0.
have -> : \sum_(1 <= j < n.+1) (v j / (lambda + rho * a j) ^ 2) ^ 2 =
    \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 4).
  by apply: eq_bigr => j _; field; nonzero.
have -> : \sum_(1 <= j < n.+1) (v j / (lambda + rho * a j)) ^ 2 =
    \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2).
  by apply: eq_bigr => j _; field; nonzero.
have -> // : \sum_(1 <= j < n.+1) (v j / (lambda + rho * a j) ^ 2 * (v j / (lambda + rho * a j))) =
    \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 3).
by apply: eq_bigr => j _; field; nonzero.
Qed.

(* s_j <= 1, because rho a_j >= 0. *)
Lemma moments_fall n (v : nat -> R) [lambda rho] [a : nat -> R] r :
  0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  \sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ r) -
    lambda * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ r.+1)) =
  rho * \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ r.+1).
Proof.
move=> lambda_gt0 rho_gt0 a_ge0; rewrite -!sumZ -sumB; apply: eq_bigr => j _.
by rewrite /=; field; nonzero.
Qed.

Theorem curvature_moments_2_holds : curvature_moments_2.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
by apply: by_excess; [exact: moments_fall | sign].
Qed.

Theorem curvature_moments_3_holds : curvature_moments_3.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
by apply: by_excess; [exact: moments_fall | sign].
Qed.

(* A mean of s^3 against those of s and s^2, for weights w >= 0 and any s >= 0. *)
Lemma weighted_cubes [n] [w s : nat -> R] [m1 m2 m3] :
  (0 < n)%N -> (forall j, 0 <= w j) -> (forall j, 0 <= s j) ->
  m1 = \sum_(1 <= j < n.+1) (w j * s j) -> m2 = \sum_(1 <= j < n.+1) (w j * s j ^ 2) ->
  m3 = \sum_(1 <= j < n.+1) (w j * s j ^ 3) -> m1 * m3 >= m2 ^ 2.
Proof.
move=> n_gt0 w_ge0 s_ge0 -> -> ->.
have root j : sqrt (w j * s j) ^ 2 = w j * s j by rewrite /= Rmult_1_r sqrt_sqrt //; sign.
have := cauchy_schwarz_holds _ (fun j => sqrt (w j * s j)) (fun j => sqrt (w j * s j) * s j) n_gt0.
under eq_bigr => j _ do rewrite root.
under [X in _ * X >= _]eq_bigr => j _ do
  have -> : (sqrt (w j * s j) * s j) ^ 2 = w j * s j ^ 3 by rewrite Rpow_mult_distr root; ring.
under [X in _ >= X ^ 2]eq_bigr => j _ do
  have -> : sqrt (w j * s j) * (sqrt (w j * s j) * s j) = w j * s j ^ 2
  by transitivity (sqrt (w j * s j) ^ 2 * s j); [ring | rewrite root; ring].
by [].
Qed.

(* For 1 / (lambda + rho a_j), which is a multiple of s_j, with the weights v_j^2 / (lambda + rho a_j)^2. *)
Theorem curvature_cubes_holds : curvature_cubes.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0; rewrite Rmult_comm.
apply: (weighted_cubes (w := fun j => v j ^ 2 / (lambda + rho * a j) ^ 2)
  (s := fun j => / (lambda + rho * a j)) n_gt0) => [j | j | | |]; try sign.
- by apply: eq_bigr => j _; field; nonzero.
- by apply: eq_bigr => j _; field; nonzero.
- by apply: eq_bigr => j _; field; nonzero.
Qed.

(* For 1 - s_j, with the same weights. *)
Theorem curvature_cubes_rest_holds : curvature_cubes_rest.
Proof.
move=> lambda n v rho a lambda_gt0 n_gt0 rho_gt0 a_ge0.
apply: (weighted_cubes (w := fun j => v j ^ 2 / (lambda + rho * a j) ^ 2)
  (s := fun j => rho * a j / (lambda + rho * a j)) n_gt0) => [j | j | | |]; try sign.
- by rewrite -sumZ -sumN -sumD; apply: eq_bigr => j _; field; nonzero.
- by rewrite -!sumZ -sumB -sumD; apply: eq_bigr => j _; field; nonzero.
- by rewrite -!sumZ -sumN -sumD -sumB -sumD; apply: eq_bigr => j _; field; nonzero.
Qed.

(* The bounds on slope and curvature are inequalities between three moments, and those on the third
   derivative between four. *)
Ltac moments n v lambda rho a :=
  move: (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2))
    (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 3))
    (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 4))
    (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 5)).

Theorem curvature_pointwise_upper_holds : curvature_pointwise_upper.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := curvature_moments_3_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 g4 _ squares g2_gt0.
apply: (by_excess (6 * lambda / g2 * (g3 - lambda * g4))); last by sign.
by field; nonzero.
Qed.

Theorem curvature_pointwise_lower_holds : curvature_pointwise_lower.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := curvature_variance_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 g4 _ variance g2_gt0.
apply: (by_excess (6 * lambda ^ 2 / g2 ^ 2 * (g4 * g2 - g3 ^ 2))); last by sign.
by field; nonzero.
Qed.

Theorem curvature_bounds_holds : curvature_bounds.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0 g2_gt0.
apply: Rge_trans (curvature_pointwise_upper_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0 g2_gt0).
move: g2_gt0; moments n v lambda rho a => g2 g3 _ _ g2_gt0.
apply: (by_excess ((1 - 2 * (lambda * g3 / g2)) ^ 2)); last by sign.
by field; nonzero.
Qed.

Theorem curvature_bounds_lower_holds : curvature_bounds_lower.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0 g2_gt0.
apply: Rge_trans (curvature_pointwise_lower_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0 g2_gt0) _.
move: g2_gt0; moments n v lambda rho a => g2 g3 _ _ g2_gt0.
apply: (by_excess ((1 - 2 * (lambda * g3 / g2)) ^ 2 / 2)); last by sign.
by field; nonzero.
Qed.

Theorem curvature_slope_upper_holds : curvature_slope_upper.
Proof.
move=> n v lambda rho a D n_gt0 lambda_gt0 rho_gt0 a_ge0 D_gt0.
have := moment_ge0 n v 3 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 _ _ g3_ge0 g2_gt0.
by apply: (by_excess (2 * lambda * g3 / g2)); [ring | sign].
Qed.

Theorem curvature_slope_lower_holds : curvature_slope_lower.
Proof.
move=> n v lambda rho a D n_gt0 lambda_gt0 rho_gt0 a_ge0 D_gt0.
have := curvature_moments_2_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 _ _ means g2_gt0; widths.
by apply: (by_excess (2 / g2 * (g2 - lambda * g3))); [field; nonzero | sign].
Qed.

(* The third derivative, in the means of s, s^2 and s^3. *)
Definition third (mean square cube : R) : R :=
  - 2 * (mean + 6 * mean ^ 2 + 8 * mean ^ 3 - 9 * square - 18 * mean * square + 12 * cube).

(* It is at most 1 for means of any s between 0 and 1: what is missing is a sum of terms that are not
   negative, most of which vanish for the worst distribution of s. *)
Lemma third_le_1 [mean square cube] :
  0 < mean <= 1 -> mean * cube >= square ^ 2 -> third mean square cube <= 1.
Proof.
move=> [mean_gt0 mean_le1] cubes.
apply: Rge_le; apply: (by_excess (24 / mean * (mean * cube - square ^ 2) + (1 - mean) / 24 +
    24 * (square - 3 / 8 * mean * (1 + 2 * mean)) ^ 2 / mean +
    5 / 2 * (mean - 2 / 3) ^ 2 * (mean + 11 / 15) + 31 / 216)); last by sign.
by rewrite /third; field; nonzero.
Qed.

(* With 1 - s in place of s the third derivative changes its sign. *)
Lemma third_ge_minus_1 [mean square cube] : 0 <= mean < 1 ->
  (1 - mean) * (1 - 3 * mean + 3 * square - cube) >= (1 - 2 * mean + square) ^ 2 ->
  third mean square cube >= - 1.
Proof.
move=> mean_01 cubes; have rest_01 : 0 < 1 - mean <= 1 by lra.
by have := third_le_1 rest_01 cubes; rewrite /third; lra.
Qed.

Theorem third_derivative_bound_holds : third_derivative_bound.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := curvature_cubes_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := curvature_moments_2_holds n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 g4 g5 means cubes g2_gt0 g3_gt0.
have mean_01 : 0 < lambda * g3 / g2 <= 1.
  split; first by sign.
  by apply: Rge_le; apply: (by_excess ((g2 - lambda * g3) / g2)); [field; nonzero | sign].
have cubes_of_s : lambda * g3 / g2 * (lambda ^ 3 * g5 / g2) >= (lambda ^ 2 * g4 / g2) ^ 2.
  apply: (by_excess (lambda ^ 4 * (g5 * g3 - g4 ^ 2) / g2 ^ 2)); last by sign.
  by field; nonzero.
apply: (by_excess (1 - third (lambda * g3 / g2) (lambda ^ 2 * g4 / g2) (lambda ^ 3 * g5 / g2))).
  by rewrite /third; field; nonzero.
by have := third_le_1 mean_01 cubes_of_s; lra.
Qed.

Theorem third_derivative_bound_lower_if_holds : third_derivative_bound_lower_if.
Proof.
move=> n v lambda rho a n_gt0 lambda_gt0 rho_gt0 a_ge0.
have := curvature_cubes_rest_holds lambda n v rho a lambda_gt0 n_gt0 rho_gt0 a_ge0.
have := moment_ge0 n v 3 lambda_gt0 rho_gt0 a_ge0.
moments n v lambda rho a => g2 g3 g4 g5 g3_ge0 cubes g2_gt0 means.
have mean_01 : 0 <= lambda * g3 / g2 < 1.
  split; first by sign.
  suff : 0 < 1 - lambda * g3 / g2 by lra.
  by have -> : 1 - lambda * g3 / g2 = (g2 - lambda * g3) / g2; [field; nonzero | sign].
have cubes_of_rest : (1 - lambda * g3 / g2) *
      (1 - 3 * (lambda * g3 / g2) + 3 * (lambda ^ 2 * g4 / g2) - lambda ^ 3 * g5 / g2) >=
    (1 - 2 * (lambda * g3 / g2) + lambda ^ 2 * g4 / g2) ^ 2.
  apply: (by_excess (((- (lambda * g3) + g2) *
      (- (lambda ^ 3 * g5) + 3 * lambda ^ 2 * g4 - 3 * lambda * g3 + g2) -
      (lambda ^ 2 * g4 - 2 * lambda * g3 + g2) ^ 2) / g2 ^ 2)); last by sign.
  by field; nonzero.
apply: (by_excess (third (lambda * g3 / g2) (lambda ^ 2 * g4 / g2) (lambda ^ 3 * g5 / g2) + 1)).
  by rewrite /third; field; nonzero.
by have := third_ge_minus_1 mean_01 cubes_of_rest; lra.
Qed.

(* Some s_j with v_j <> 0 is less than 1: each a_j v_j^2 counts at least with
   the weight of the largest a_j. *)
Theorem curvature_moments_strict_holds : curvature_moments_strict.
Proof.
move=> n a v a_max lambda rho n_gt0 a_ge0 a_max_gt0 lambda_gt0 rho_gt0 signal largest.
have pole : 0 < lambda + rho * a_max by sign.
have lower : / (lambda + rho * a_max) ^ 3 * (\sum_(1 <= j < n.+1) (a j * v j ^ 2)) <=
    \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ 3).
  rewrite -sumZ; apply: le_sum => j hj; rewrite Rmult_comm; apply: Rmult_le_compat_l; first by sign.
  apply: Rinv_le_contravar; first by sign.
  apply: pow_incr; split; first by sign.
  by have := Rmult_le_compat_l _ _ _ (Rlt_le _ _ rho_gt0) (Rge_le _ _ (largest j hj)); lra.
have falls := moments_fall n v 2 lambda_gt0 rho_gt0 a_ge0.
suff : 0 < rho * \sum_(1 <= j < n.+1) (a j * v j ^ 2 / (lambda + rho * a j) ^ 3) by lra.
apply: Rmult_lt_0_compat => //; apply: Rlt_le_trans lower.
by sign.
Qed.

Theorem third_derivative_bound_lower_holds : third_derivative_bound_lower.
Proof.
move=> n v lambda rho a a_max n_gt0 lambda_gt0 rho_gt0 a_ge0 a_max_gt0 g2_gt0 signal largest.
apply: third_derivative_bound_lower_if_holds => //.
exact: (curvature_moments_strict_holds n a v a_max lambda rho n_gt0 a_ge0 a_max_gt0).
Qed.
