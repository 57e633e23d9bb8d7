(* The inequalities that other sections rest on.

   The logarithm lies below its tangent at 1 since the exponential lies above its tangent at 0.  From that
   follows the inequality between the arithmetic and the geometric mean G of positive numbers: the sum of
   p/G - 1 over the numbers p is at least the sum of ln (p/G), which is 0.  Cauchy and Schwarz have the
   identity of Lagrange: the difference of the two sides is half the sum of (X_j Y_k - X_k Y_j)^2. *)
From Symderive.formal Require Import Powers Sums.
From Symderive.statements Require Import inequalities.

Theorem logarithm_holds : logarithm.
Proof. by move=> xi xi_gt0; have := ln_le_tangent xi_gt0; lra. Qed.

Theorem cauchy_schwarz_holds : cauchy_schwarz.
Proof.
move=> n X Y _.
have lagrange : 2 * ((\sum_(1 <= j < n.+1) X j ^ 2) * (\sum_(1 <= j < n.+1) Y j ^ 2) -
    (\sum_(1 <= j < n.+1) (X j * Y j)) ^ 2) =
    \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (X j * Y k - X k * Y j) ^ 2.
  have -> : 2 * ((\sum_(1 <= j < n.+1) X j ^ 2) * (\sum_(1 <= j < n.+1) Y j ^ 2) -
      (\sum_(1 <= j < n.+1) (X j * Y j)) ^ 2) =
      (\sum_(1 <= j < n.+1) X j ^ 2) * (\sum_(1 <= j < n.+1) Y j ^ 2) +
      (\sum_(1 <= j < n.+1) Y j ^ 2) * (\sum_(1 <= j < n.+1) X j ^ 2) -
      2 * ((\sum_(1 <= j < n.+1) (X j * Y j)) * (\sum_(1 <= j < n.+1) (X j * Y j))) by ring.
  by rewrite !sum_mul -sum2Z -sum2D -sum2B; apply: eq_sum2 => j k _ _; ring.
suff : 0 <= \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (X j * Y k - X k * Y j) ^ 2 by lra.
sign.
Qed.

(* The same without squares: an inner product is at most the product of the norms. *)
Lemma inner_product_le [n] [x y : nat -> R] [m eta] : (0 < n)%N -> 0 <= m -> 0 <= eta ->
  m ^ 2 = \sum_(1 <= j < n.+1) x j ^ 2 -> eta ^ 2 = \sum_(1 <= j < n.+1) y j ^ 2 ->
  \sum_(1 <= j < n.+1) (x j * y j) <= m * eta.
Proof.
move=> n0 m0 eta0 norm_x norm_y; apply: Rsqr_incr_0_var; last by sign.
by have := cauchy_schwarz_holds n x y n0; rewrite -norm_x -norm_y /Rsqr; lra.
Qed.

Theorem am_gm_holds : am_gm.
Proof.
move=> xi n P xi_gt0 _ P_gt0.
set product := xi * \prod_(1 <= j < n.+1) P j; set G := Rpower product (/ (INR n + 1)).
have n_ge0 := pos_INR n.
have G_gt0 : 0 < G by exact: Rpower_gt0.
have lnG : (INR n + 1) * ln G = ln xi + \sum_(1 <= j < n.+1) ln (P j).
  by rewrite /G ln_Rpower /product ln_mult ?ln_prod //; [field; lra | sign].
have tangent p : 0 < p -> ln p - ln G <= p / G - 1.
  by move=> p_gt0; rewrite -ln_div //; apply: ln_le_tangent; sign.
(* The sum of these, over all numbers; their logarithms cancel. *)
have above : 0 <= xi / G - 1 - (ln xi - ln G) + \sum_(1 <= j < n.+1) (P j / G - 1 - (ln (P j) - ln G)).
  apply: Rplus_le_le_0_compat; first by have := tangent _ xi_gt0; lra.
  by apply: sum_ge0 => j _; have := tangent _ (P_gt0 j); lra.
move: above; rewrite !sumB !sum_const1 /Rdiv sumZr => above.
have : (INR n + 1) * G <= (xi * / G + (\sum_(1 <= j < n.+1) P j) * / G) * G.
  by apply: Rmult_le_compat_r; lra.
have -> : (xi * / G + (\sum_(1 <= j < n.+1) P j) * / G) * G = xi + \sum_(1 <= j < n.+1) P j by field; lra.
by lra.
Qed.

Theorem power_monotone_holds : power_monotone.
Proof. by move=> xi eta s _ eta_gt0 s_gt0 le; apply/Rle_ge/Rle_Rpower_l; lra. Qed.

Theorem power_injective_holds : power_injective.
Proof. by move=> xi s eta xi_gt0 s_gt0 eta_gt0; apply: Rpower_inj => //; lra. Qed.

Theorem equal_products_holds : equal_products.
Proof. by move=> D X Y _; exact: eq_prod. Qed.

Theorem shifted_sum_holds : shifted_sum.
Proof.
move=> D X _; elim: D => [|D IH]; first by rewrite !big_geq //; ring.
by rewrite !(@sum_recr 1 D.+1) // IH subn1 /=; ring.
Qed.
