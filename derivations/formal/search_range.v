(* Bounds between which all roots lie.

   At a root tau = lambda^theta g_2 with theta = (D + 1) / D.  The moment
   g_2 = sum_j v_j^2 / (lambda + rho a_j)^2 lies below |v|^2 / lambda^2, and below |w|^2 if v = rho A w; at
   depth 1 the largest and the smallest a_j bound it from both sides. *)
From Symderive.formal Require Import Derivatives Powers curvature_bounds one_hidden_layer_threshold.
From Symderive Require Import Definitions.
From Symderive.statements Require Import search_range.

Theorem search_range_lower_holds : search_range_lower.
Proof.
move=> lambda D n rho a w tau lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 <-; apply: Rle_ge.
by apply: Rmult_le_compat_l; [sign | exact: range_moment_le].
Qed.

(* A moment with nonzero between low and high. *)
Lemma moment_le [n] (v : nat -> R) [lambda rho] [a : nat -> R] [low] :
  0 < low -> (forall j, (1 <= j < n.+1)%N -> low <= lambda + rho * a j) ->
  low ^ 2 * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)) <= \sum_(1 <= j < n.+1) v j ^ 2.
Proof.
move=> low_gt0 above; rewrite -sumZ; apply: le_sum => j hj; have := above j hj => le_pole.
apply: Rge_le; apply: (by_excess
  (v j ^ 2 * ((lambda + rho * a j - low) * (lambda + rho * a j + low)) / (lambda + rho * a j) ^ 2)).
  by field; lra.
apply: div_ge0; last by sign.
by apply: Rmult_le_pos; [sign | apply: Rmult_le_pos; lra].
Qed.

Lemma le_moment [n] (v : nat -> R) [lambda rho] [a : nat -> R] [high] :
  0 < lambda -> 0 < rho -> (forall i, 0 <= a i) ->
  (forall j, (1 <= j < n.+1)%N -> lambda + rho * a j <= high) ->
  \sum_(1 <= j < n.+1) v j ^ 2 <= high ^ 2 * (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)).
Proof.
move=> lambda_gt0 rho_gt0 a_ge0 below; rewrite -sumZ; apply: le_sum => j hj; have := below j hj => le_high.
have pole : 0 < lambda + rho * a j by sign.
apply: Rge_le; apply: (by_excess
  (v j ^ 2 * ((high - (lambda + rho * a j)) * (lambda + rho * a j + high)) / (lambda + rho * a j) ^ 2)).
  by field; nonzero.
apply: div_ge0; last by sign.
by apply: Rmult_le_pos; [sign | apply: Rmult_le_pos; lra].
Qed.

Theorem search_range_holds : search_range.
Proof.
move=> lambda D n v rho a tau lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 <-; apply: Rle_ge.
have -> : Rpower lambda ((INR D + 1) / INR D) = lambda ^ 2 / Rpower lambda (2 - (INR D + 1) / INR D).
  by apply: ln_inv; try sign; logs; rewrite /=; ring.
rewrite /Rdiv Rmult_assoc [/ _ * _]Rmult_comm -Rmult_assoc; apply: Rmult_le_compat_r; first by sign.
apply: moment_le => // j _; have : 0 <= rho * a j by sign.
by lra.
Qed.

Lemma range_exponent [D] : (0 < D)%N -> 2 - (INR D + 1) / INR D = (INR D - 1) / INR D.
Proof. by move=> D_gt0; widths; field; nonzero. Qed.

Theorem search_range_exponent_holds : search_range_exponent.
Proof.
move=> D D_gt0 D_ge2; rewrite range_exponent //; apply: Rlt_gt.
by apply: Rdiv_lt_0_compat; lra.
Qed.

Theorem search_range_upper_holds : search_range_upper.
Proof.
move=> D lambda n v rho a tau v_ D_gt0 lambda_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 v_gt0 D_ge2 root norm.
have := search_range_holds lambda D n v rho a tau lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 root.
rewrite -norm range_exponent // => bound; apply: Rle_ge.
apply: (@Rpower_le_inv _ _ ((INR D - 1) / INR D)); try sign.
rewrite Rpower_mult (_ : INR D / (INR D - 1) * ((INR D - 1) / INR D) = 1); last by field; lra.
rewrite Rpower_1; last by sign.
apply: (Rmult_le_reg_r (tau / Rpower lambda ((INR D - 1) / INR D))); first by sign.
have power_gt0 := Rpower_gt0 lambda ((INR D - 1) / INR D).
have -> : Rpower lambda ((INR D - 1) / INR D) * (tau / Rpower lambda ((INR D - 1) / INR D)) = tau.
  by field; nonzero.
have -> : v_ ^ 2 / tau * (tau / Rpower lambda ((INR D - 1) / INR D)) =
  v_ ^ 2 / Rpower lambda ((INR D - 1) / INR D) by field; nonzero.
exact: Rge_le.
Qed.

Theorem search_range_lower_solved_holds : search_range_lower_solved.
Proof.
move=> lambda D n rho a w tau m lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 m_gt0 root norm; widths.
have := search_range_lower_holds lambda D n rho a w tau lambda_gt0 D_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 root.
rewrite -norm => bound; apply: Rle_ge.
apply: (@Rpower_le_inv _ _ ((INR D + 1) / INR D)); try sign.
rewrite Rpower_mult (_ : INR D / (INR D + 1) * ((INR D + 1) / INR D) = 1); last by field; nonzero.
rewrite Rpower_1; last by sign.
apply: (Rmult_le_reg_r (m ^ 2)); first by sign.
by have -> : tau / m ^ 2 * m ^ 2 = tau; [field; nonzero | lra].
Qed.

(* A square root of tau = lambda^2 g_2 against numbers that bound it. *)
Theorem search_range_shallow_holds : search_range_shallow.
Proof.
move=> lambda n v rho a tau v_ a_max lambda_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 v_gt0 a_max_gt0.
move=> root norm largest.
have root_tau : sqrt tau ^ 2 = tau by rewrite pow2_sqrt; lra.
have bound : v_ ^ 2 <= (a_max * rho + lambda) ^ 2 *
    (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)).
  rewrite norm; apply: le_moment => // j hj.
  by have := Rmult_ge_compat_l _ _ _ (Rgt_ge _ _ rho_gt0) (largest j hj); lra.
apply: Rle_ge; apply: Rsqr_incr_0_var; last by sign.
have := Rmult_le_compat_l _ _ _ (pow2_ge_0 lambda) bound.
by rewrite !Rsqr_pow2 !Rpow_mult_distr root_tau -root; lra.
Qed.

Theorem search_range_shallow_lower_holds : search_range_shallow_lower.
Proof.
move=> lambda n v rho a tau v_ a_min lambda_gt0 n_gt0 rho_gt0 a_ge0 tau_gt0 v_gt0 a_min_gt0.
move=> root norm smallest.
have root_tau : sqrt tau ^ 2 = tau by rewrite pow2_sqrt; lra.
have bound : (a_min * rho + lambda) ^ 2 *
    (\sum_(1 <= j < n.+1) (v j ^ 2 / (lambda + rho * a j) ^ 2)) <= v_ ^ 2.
  rewrite norm; apply: moment_le => [|j hj]; first by sign.
  by have := Rmult_ge_compat_l _ _ _ (Rgt_ge _ _ rho_gt0) (smallest j hj); lra.
apply: Rle_ge; apply: Rsqr_incr_0_var; last by sign.
have := Rmult_le_compat_l _ _ _ (pow2_ge_0 lambda) bound.
by rewrite !Rsqr_pow2 !Rpow_mult_distr root_tau -root; lra.
Qed.
