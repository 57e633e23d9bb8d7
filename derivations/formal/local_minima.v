(* The local minima of the loss are those of the dual G, and the origin.  The loss of all weights is at
   least G(lambda) at the ridge lambda of their map m: there the penalty is (D + 1) lambda |m|^2, of
   which D parts make the penalty of G and one is a ridge, and the ridge solution w minimizes the loss
   with a ridge.  At the balanced weights of w the loss is at most G.  The Hessian of the reduced loss at
   a root of the threshold equation is bounded by the Cauchy-Schwarz inequality. *)
From Symderive.formal Require Import Tactics Powers Sums Derivatives.
From Symderive Require Import Definitions.
From Symderive.statements Require Import local_minima.
From Symderive.formal Require Import inequalities minimum_value dual attainment global_minimum.

(* The loss with a ridge, completed to squares at the ridge solution w. *)
Lemma ridge_square (n : nat) (A : nat -> nat -> R) (lambda rho : R) (u v w : nat -> R) :
  (forall r, (1 <= r < n.+1)%N -> forall s, (1 <= s < n.+1)%N -> A r s = A s r) ->
  (forall r, (1 <= r < n.+1)%N -> lambda * w r + rho * (\sum_(1 <= s < n.+1) (A r s * w s)) = v r) ->
  lambda * (\sum_(1 <= r < n.+1) (u r) ^ 2) +
    rho * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * u r * u s)) -
    2 * (\sum_(1 <= r < n.+1) (u r * v r)) + \sum_(1 <= r < n.+1) (v r * w r) =
  lambda * (\sum_(1 <= r < n.+1) (u r - w r) ^ 2) +
    rho * (\sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) ((u r - w r) * (u s - w s) * A r s)).
Proof.
move=> symmetric solution.
pose form f g := \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) (A r s * f r * g s).
pose dot f g := \sum_(1 <= r < n.+1) (f r * g r).
have swap f g : form f g = form g f.
  rewrite /form exchange_sum; apply: eq_sum2 => s r hs hr; rewrite symmetric //; ring.
have at_v f : \sum_(1 <= r < n.+1) (f r * v r) = lambda * dot f w + rho * form f w.
  rewrite -!sumZ -sumD; apply: eq_sum => r hr; rewrite -solution // -!sumZ.
  rewrite Rmult_plus_distr_l -!sumZ; congr (_ + _); first ring.
  by apply: eq_bigr => s _; ring.
have -> : \sum_(1 <= r < n.+1) (v r * w r) = \sum_(1 <= r < n.+1) (w r * v r).
  by apply: eq_bigr => r _; ring.
have -> : \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * u r * u s) = form u u by rewrite exchange_sum.
have -> : \sum_(1 <= r < n.+1) (u r) ^ 2 = dot u u by apply: eq_bigr => r _; ring.
have -> : \sum_(1 <= r < n.+1) (u r - w r) ^ 2 = dot u u - 2 * dot u w + dot w w.
  by rewrite -sumZ -sumB -sumD; apply: eq_bigr => r _; ring.
have -> : \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) ((u r - w r) * (u s - w s) * A r s) =
    form u u - form u w - form w u + form w w.
  by rewrite -!sum2B -sum2D; apply: eq_bigr => r _; apply: eq_bigr => s _; ring.
rewrite !at_v (swap w u); ring.
Qed.

(* The mean decay to the power (D + 1)/D is the product of the decays to the power 1/D. *)
Lemma mean_decay_power D G : (0 < D)%N ->
  Rpower (Rpower G (/ (INR D + 1))) ((INR D + 1) / INR D) = Rpower G (/ INR D).
Proof. by move=> D0; widths; rewrite Rpower_mult; congr Rpower; field; lra. Qed.

Theorem local_minima_holds : local_minima.
Proof.
move=> Data Noise E_x E_eps x y eps d A D W N U N_u m lambda gamma_u gamma w sigma v c.
move=> d0 D0 N0 N_u0 m0 lambda0 gamma_u0 gamma0 sigma0 c0 data noise psdA symmetric hN hN_u hm own solution.
have bound := global_minimum_holds _ _ E_x E_eps x y eps d A D W N U N_u m gamma_u gamma c sigma v
  d0 D0 N0 N_u0 m0 gamma_u0 gamma0 c0 sigma0 data noise psdA hN hN_u hm.
apply: Rge_trans bound _; apply: Rle_ge.
pose G := gamma_u * (\prod_(1 <= i < D.+1) gamma i).
rewrite -/G in own *; set mean := Rpower G (/ (INR D + 1)) in own *.
have mean0 : 0 < mean by exact: Rpower_gt0.
widths.
have penalty : Rpower m (2 / (INR D + 1)) * mean = lambda * m ^ 2.
  rewrite own -(Rpower_2 m0) Rpower_minus; field; split; apply: Rgt_not_eq; exact: Rpower_gt0.
have dual : INR D * Rpower G (/ INR D) / Rpower lambda (/ INR D) = INR D * (lambda * m ^ 2).
  rewrite -mean_decay_power // -/mean (dual_threshold_holds lambda mean m D) //.
  have -> : (INR D + 1) / INR D = 1 + / INR D by field; lra.
  rewrite Rpower_plus Rpower_1 //; field; apply: Rgt_not_eq; exact: Rpower_gt0.
pose u k := \sum_(1 <= j < (d D).+1) (T d W D j k * U j).
set rho := \prod_(1 <= i < D.+1) (1 + _) in solution *.
have rho0 : 0 <= rho by rewrite /rho; sign.
have square := ridge_square (d 0%N) A lambda rho u v w symmetric solution.
have norm_u : \sum_(1 <= r < (d 0%N).+1) (u r) ^ 2 = m ^ 2 by exact: hm.
have linear : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k) =
    \sum_(1 <= r < (d 0%N).+1) (u r * v r) by apply: eq_bigr => k _; rewrite sumZr.
have squares : 0 <= lambda * (\sum_(1 <= r < (d 0%N).+1) (u r - w r) ^ 2) +
    rho * (\sum_(1 <= r < (d 0%N).+1) \sum_(1 <= s < (d 0%N).+1) ((u r - w r) * (u s - w s) * A r s)).
  by apply: Rplus_le_le_0_compat; [sign | apply: Rmult_le_pos => //; exact: psdA].
rewrite dual penalty linear.
suff : INR D * (lambda * m ^ 2) + c - \sum_(1 <= r < (d 0%N).+1) (v r * w r) <=
  c + lambda * m ^ 2 * (INR D + 1) +
  rho * (\sum_(1 <= s < (d 0%N).+1) \sum_(1 <= r < (d 0%N).+1) (A r s * u r * u s)) -
  2 * (\sum_(1 <= r < (d 0%N).+1) (u r * v r)) by [].
rewrite -square norm_u in squares; lra.
Qed.

Theorem local_minima_path_holds : local_minima_path.
Proof.
move=> Data Noise E_x E_eps x y eps D d W kappa e gamma U gamma_u w lambda sigma A v c.
move=> D0 d0 kappa0 gamma0 gamma_u0 lambda0 sigma0 c0 data noise hW he hU unit length solution.
rewrite (attainment_holds _ _ E_x E_eps x y eps D d W kappa e gamma U gamma_u c sigma A v) //.
set G := gamma_u * (\prod_(1 <= i < D.+1) gamma i).
set P := \prod_(1 <= i < D.+1) (sqrt kappa / sqrt (gamma i)) in length *.
set rho := \prod_(1 <= i < D.+1) (1 + _) in solution *.
set norm := sqrt kappa * P / sqrt gamma_u.
have norm0 : 0 < norm by rewrite /norm /P; sign.
have {}length r : (1 <= r < (d 0%N).+1)%N -> w r = norm * e 0%N r.
  by move=> hr; rewrite -length // /norm /Rdiv; ring.
have norm_w : \sum_(1 <= r < (d 0%N).+1) (w r) ^ 2 = norm ^ 2.
  by rewrite -[RHS]Rmult_1_r -unit -sumZ; apply: eq_sum => r hr; rewrite length //; ring.
have linear : 2 * sqrt kappa * P * (\sum_(1 <= j < (d 0%N).+1) (e 0%N j * v j)) / sqrt gamma_u =
    2 * \sum_(1 <= r < (d 0%N).+1) (v r * w r).
  have -> : \sum_(1 <= r < (d 0%N).+1) (v r * w r) = norm * \sum_(1 <= j < (d 0%N).+1) (e 0%N j * v j).
    by rewrite -sumZ; apply: eq_sum => r hr; rewrite length //; ring.
  by rewrite /norm /Rdiv; ring.
have quadratic : kappa * P ^ 2 * rho *
    (\sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * e 0%N j * e 0%N k)) / gamma_u =
    rho * \sum_(1 <= r < (d 0%N).+1) \sum_(1 <= s < (d 0%N).+1) (A r s * w r * w s).
  have -> : \sum_(1 <= r < (d 0%N).+1) \sum_(1 <= s < (d 0%N).+1) (A r s * w r * w s) = norm ^ 2 *
      \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d 0%N).+1) (A j k * e 0%N j * e 0%N k).
    by rewrite exchange_sum -sum2Z; apply: eq_sum2 => k j hk hj; rewrite !length //; ring.
  have -> : norm ^ 2 = kappa * P ^ 2 / gamma_u.
    by rewrite /norm /Rdiv !Rpow_mult_distr pow_inv !pow2_sqrt //; lra.
  by rewrite /Rdiv; ring.
have ridge : \sum_(1 <= r < (d 0%N).+1) (v r * w r) = lambda * norm ^ 2 +
    rho * \sum_(1 <= r < (d 0%N).+1) \sum_(1 <= s < (d 0%N).+1) (A r s * w r * w s).
  rewrite -norm_w -!sumZ -sumD; apply: eq_sum => r hr; rewrite -solution // -!sumZ.
  rewrite Rmult_plus_distr_r -sumZr; congr (_ + _); first ring.
  by apply: eq_bigr => s _; ring.
have penalty := minimum_value_penalty_holds D (Rpower G (/ (INR D + 1))) lambda (norm ^ 2) D0
  (Rpower_gt0 _ _) lambda0 (pow_lt _ 2 norm0).
rewrite mean_decay_power // (Rpower_pow_l 2 _ norm0) (_ : INR 2 * _ = 2 / (INR D + 1)) // in penalty.
rewrite linear quadratic; lra.
Qed.

Theorem local_minima_hessian_holds : local_minima_hessian.
Proof.
move=> n m lambda g D rho a v n0 lambda0 g0 D0 rho0 a0 norm0 own r hr s hs; widths.
set exponent := 1 - / (INR D + 1) in own *; set norm2 := \sum_(1 <= j < n.+1) (m j) ^ 2 in norm0 own *.
have same : \sum_(1 <= j < n.+1) update m s (m s) j ^ 2 = norm2.
  by apply: eq_bigr => j _; rewrite update_same.
have power0 : 0 < Rpower norm2 exponent by exact: Rpower_gt0.
rewrite power_Rpower in own; last lra.
derive; rewrite ?same ?power_Rpower //; try lra.
have -> : \sum_(1 <= j < n.+1) (INR 2 * update m s (m s) j ^ 1 * delta s j) = 2 * m s.
  under eq_bigr => j _ do rewrite update_same pow_1 Rmult_comm.
  by rewrite sum_delta.
rewrite update_same Rpower_minus Rpower_1 // own (deltaC s r).
move: power0; set P := Rpower norm2 exponent => power0.
by rewrite /exponent; field; lra.
Qed.

Section Hessian.
Variables (n D : nat) (v a : nat -> R) (lambda rho : R).
Hypotheses (lambda0 : 0 < lambda) (rho0 : 0 < rho) (a0 : forall i, 0 <= a i) (D0 : (0 < D)%N).
Let bracket j := lambda + rho * a j.

Let bracket_gt0 j : 0 < bracket j.
Proof. by rewrite /bracket; have := a0 j; nra. Qed.

(* The Cauchy-Schwarz inequality for the vectors v / bracket^{3/2} and bracket^{1/2} xi. *)
Lemma solution_direction (xi : nat -> R) : (0 < n)%N ->
  (\sum_(1 <= j < n.+1) (v j * xi j / bracket j)) ^ 2 <=
  (\sum_(1 <= j < n.+1) ((v j) ^ 2 / bracket j ^ 3)) * \sum_(1 <= j < n.+1) (bracket j * (xi j) ^ 2).
Proof.
move=> n0; apply: Rge_le.
have root2 j : sqrt (bracket j) ^ 2 = bracket j by rewrite pow2_sqrt //; left.
have root0 j : sqrt (bracket j) <> 0 by apply: Rgt_not_eq; exact: sqrt_lt_R0.
have -> : \sum_(1 <= j < n.+1) ((v j) ^ 2 / bracket j ^ 3) =
    \sum_(1 <= j < n.+1) (v j / bracket j / sqrt (bracket j)) ^ 2.
  apply: eq_bigr => j _; have b0 := bracket_gt0 j.
  by rewrite /Rdiv !Rpow_mult_distr !pow_inv root2; field; lra.
have -> : \sum_(1 <= j < n.+1) (bracket j * (xi j) ^ 2) =
    \sum_(1 <= j < n.+1) (sqrt (bracket j) * xi j) ^ 2.
  by apply: eq_bigr => j _; rewrite Rpow_mult_distr root2.
have -> : \sum_(1 <= j < n.+1) (v j * xi j / bracket j) =
    \sum_(1 <= j < n.+1) (v j / bracket j / sqrt (bracket j) * (sqrt (bracket j) * xi j)).
  apply: eq_bigr => j _; have b0 := bracket_gt0 j; have s0 := root0 j.
  by field; lra.
exact: cauchy_schwarz_holds.
Qed.
End Hessian.

Theorem local_minima_convex_holds : local_minima_convex.
Proof.
move=> n v lambda rho a D xi n0 lambda0 rho0 a0 D0; widths.
set g2 := \sum_(1 <= j < n.+1) _ => g2_0; set g3 := \sum_(1 <= j < n.+1) (_ / _ ^ 3).
set form := \sum_(1 <= j < n.+1) ((lambda + _) * _); set linear := \sum_(1 <= j < n.+1) (_ * _ / _).
have direction : linear ^ 2 <= g3 * form by exact: solution_direction.
have factor0 : 0 <= 2 * INR D * lambda / ((INR D + 1) * g2).
  by apply: div_ge0; [nra | left; apply: Rmult_lt_0_compat; lra].
have := Rmult_le_compat_l _ _ _ factor0 direction.
have -> : 2 * INR D * lambda / ((INR D + 1) * g2) * linear ^ 2 =
  2 * INR D * lambda * linear ^ 2 / ((INR D + 1) * g2) by rewrite /Rdiv; ring.
have -> : INR D * (- (2 * lambda * g3 / g2) + (INR D + 1) / INR D) * form / (INR D + 1) =
  form - 2 * INR D * lambda / ((INR D + 1) * g2) * (g3 * form) by field; lra.
lra.
Qed.

Theorem local_minima_concave_holds : local_minima_concave.
Proof.
move=> n v lambda rho a D n0 lambda0 rho0 a0 D0; widths.
set g2 := \sum_(1 <= j < n.+1) _ => g2_0; set g3 := \sum_(1 <= j < n.+1) (_ / _ ^ 3).
by field; lra.
Qed.
