(* The Hessian at a root, block by block: what a difference between the neurons of a layer adds to second
   order.  With w what the difference changes into the neurons and alpha what it changes out of them, the
   block is the square of w - t e and a form in w + t e, where t = alpha beta_i / beta_{i+1}. *)
From Symderive.formal Require Import Tactics Sums.
From Symderive.statements Require Import hessian_blocks.

(* The square of w - t e, where e is a unit vector. *)
Lemma turned_square n (e w : nat -> R) t : \sum_(1 <= r < n) e r ^ 2 = 1 ->
  \sum_(1 <= r < n) (- (t * e r) + w r) ^ 2
  = t ^ 2 - 2 * t * (\sum_(1 <= r < n) (e r * w r)) + \sum_(1 <= r < n) w r ^ 2.
Proof.
move=> unit; rewrite -[t ^ 2 in RHS]Rmult_1_r -unit -!sumZ -sumB -sumD.
by apply: eq_sum => r _; ring.
Qed.

Theorem hessian_blocks_holds : hessian_blocks.
Proof.
move=> d i sigma Q_ beta R_ gamma g e alpha w dpos i0 sigma0 beta0 gamma0 scaled sym stationary same unit.
move: (e (i - 1)%N) (d (i - 1)%N).+1 => {}e n in scaled sym stationary unit *.
have b0 := beta0 i; have b1 := beta0 i.+1; have g0 := gamma0 i; have d0 := INR_gt0 _ (dpos i).
set t := alpha * beta i / beta i.+1; set nu := sigma i ^ 2 / (INR (d i) + sigma i ^ 2).
have out : alpha ^ 2 * gamma i.+1 = gamma i * t ^ 2.
  have -> : gamma i.+1 = beta i ^ 2 * gamma i / beta i.+1 ^ 2 by rewrite same; field; lra.
  by rewrite /t; field; lra.
(* The mixed moments, by stationarity. *)
have mixed : alpha * (\sum_(1 <= r < n) (g r * w r))
  = gamma i * t * ((\sum_(1 <= r < n) (e r * w r))
                   + \sum_(1 <= s < n) \sum_(1 <= r < n) (R_ r s * e s * w r)).
  rewrite exchange_sum -sumD -!sumZ; apply: eq_sum => r hr.
  under eq_bigr => s _ do rewrite -[R_ r s * e s * w r]Rmult_comm.
  rewrite sumZ; have := stationary r hr; rewrite /t; move: (\sum_(_ <= _ < _) _) => pulled hg.
  have -> : g r = (e r + pulled) * beta i * gamma i / beta i.+1 by rewrite -hg; field; lra.
  by field; lra.
(* The second moments, in units of the decay. *)
have second : \sum_(1 <= s < n) \sum_(1 <= r < n) ((alpha * (e r * w s + e s * w r) * beta i.+1 * beta i +
    (alpha ^ 2 * beta i ^ 2 * e r * e s + 2 * alpha * (e r * w s + e s * w r) * beta i.+1 * beta i +
     beta i.+1 ^ 2 * w r * w s) * sigma i ^ 2 / INR (d i)) * Q_ r s)
  = gamma i * t * (\sum_(1 <= s < n) \sum_(1 <= r < n) ((e r * w s + e s * w r) * R_ r s))
    + gamma i * nu * (\sum_(1 <= s < n) \sum_(1 <= r < n) ((t * e r + w r) * (t * e s + w s) * R_ r s)).
  rewrite -!sum2Z -sum2D; apply: eq_sum2 => s r hs hr.
  have -> : R_ r s = (1 + sigma i ^ 2 / INR (d i)) * Q_ r s * beta i.+1 ^ 2 / gamma i.
    by rewrite (scaled r hr s hs); field; lra.
  by rewrite /nu /t; field; have := sq_ge0 (sigma i); lra.
have turn r : alpha * beta i * e r / beta i.+1 = t * e r by rewrite /t; field; lra.
under [in RHS]eq_bigr => r _ do rewrite turn.
under [X in _ = (_ + _ * X / _) * _]eq_bigr => s _ do under eq_bigr => r _ do rewrite !turn.
rewrite turned_square // second mixed_form // out Rmult_assoc mixed /nu /Rdiv; ring.
Qed.

Theorem hessian_blocks_matrix_holds : hessian_blocks_matrix.
Proof.
move=> d i R_ e alpha sigma gamma w dpos i0 sigma0 gamma0 sym unit.
move: (e (i - 1)%N) (d (i - 1)%N).+1 => {}e n in sym unit *.
have d0 := INR_gt0 _ (dpos i); have s0 := sq_ge0 (sigma i).
have ins := sqrt_lt_R0 _ (gamma0 i); have outs := sqrt_lt_R0 _ (gamma0 i.+1).
have sq_in := sqrt_sqrt _ (Rlt_le _ _ (gamma0 i)); have sq_out := sqrt_sqrt _ (Rlt_le _ _ (gamma0 i.+1)).
set t := alpha * sqrt (gamma i.+1) / sqrt (gamma i).
have turn r : alpha * e r * sqrt (gamma i.+1) / sqrt (gamma i) = t * e r by rewrite /t; field; lra.
under [in RHS]eq_bigr => r _ do rewrite turn.
under [X in _ = (_ + _ * X / _) * _]eq_bigr => s _ do under eq_bigr => r _ do rewrite !turn.
have form : \sum_(1 <= s < n) \sum_(1 <= r < n) ((t * e r + w r) * (t * e s + w s) * R_ r s)
  = t ^ 2 * (\sum_(1 <= s < n) \sum_(1 <= r < n) (R_ r s * e r * e s))
    + t * (2 * (\sum_(1 <= s < n) \sum_(1 <= r < n) (R_ r s * e s * w r)))
    + \sum_(1 <= s < n) \sum_(1 <= r < n) (R_ r s * w r * w s).
  rewrite -mixed_form // -!sum2Z -!sum2D; apply: eq_sum2 => s r _ _; ring.
rewrite turned_square // form /t; move: (sqrt (gamma i)) (sqrt (gamma i.+1)) ins outs sq_in sq_out.
move=> a b a0 b0 <- <-; field; lra.
Qed.

(* The square of a sum of orthogonal vectors, of which e is a unit vector. *)
Lemma orthogonal_square n (e xi : nat -> R) p : \sum_(1 <= r < n) e r ^ 2 = 1 ->
  \sum_(1 <= r < n) (e r * xi r) = 0 ->
  \sum_(1 <= r < n) (p * e r + xi r) ^ 2 = p ^ 2 + \sum_(1 <= r < n) xi r ^ 2.
Proof.
move=> unit apart.
have -> : p ^ 2 = p ^ 2 * (\sum_(1 <= r < n) e r ^ 2) + 2 * p * (\sum_(1 <= r < n) (e r * xi r)).
  by rewrite unit apart; ring.
by rewrite -!sumZ -!sumD; apply: eq_sum => r _; ring.
Qed.

(* The same vector in the form that the neurons of a layer, alike up to signs, make of it. *)
Lemma orthogonal_form n (e xi : nat -> R) q a b c : \sum_(1 <= r < n) e r ^ 2 = 1 ->
  \sum_(1 <= r < n) (e r * xi r) = 0 ->
  \sum_(1 <= s < n) \sum_(1 <= r < n) ((q * e r + xi r) * (q * e s + xi s)
                                       * (c * (delta r s * a + b * e r * e s)))
  = c * (a * (q ^ 2 + \sum_(1 <= r < n) xi r ^ 2) + b * q ^ 2).
Proof.
move=> unit apart; rewrite -(orthogonal_square n e xi q unit apart).
have along : \sum_(1 <= r < n) (e r * (q * e r + xi r)) = q.
  transitivity (q * (\sum_(1 <= r < n) e r ^ 2) + \sum_(1 <= r < n) (e r * xi r)).
    by rewrite -sumZ -sumD; apply: eq_sum => r _; ring.
  by rewrite unit apart; ring.
transitivity (\sum_(1 <= s < n) (c * a * (q * e s + xi s) ^ 2 + c * b * q * (e s * (q * e s + xi s)))).
  apply: eq_sum => s hs; set u := q * e s + xi s.
  transitivity (\sum_(1 <= r < n) (delta s r * (c * a * u * (q * e r + xi r))
                                   + c * b * e s * u * (e r * (q * e r + xi r)))).
    by apply: eq_sum => r _; rewrite (deltaC r s); ring.
  by rewrite sumD sum_delta // sumZ along -/u; ring.
by rewrite sumD !sumZ along; ring.
Qed.

Theorem hessian_blocks_two_layers_holds : hessian_blocks_two_layers.
Proof.
move=> d i R_ chi sigma e xi alpha beta eta gamma dpos i0 chi0 sigma0 beta0 gamma0 alike apart unit.
move: (e (i - 1)%N) (d (i - 1)%N) (dpos (i - 1)%N) => {}e n /INR_gt0 n0 in alike apart unit *.
have d0 := INR_gt0 _ (dpos i); have b0 := beta0 i; have b1 := beta0 i.+1.
have s0 := sq_ge0 (sigma i); have s1 := sq_ge0 (sigma (i - 1)%N).
set t := alpha * beta i / beta i.+1.
have minus r : - (alpha * beta i * e r / beta i.+1) + eta * e r + xi r = (eta - t) * e r + xi r.
  by rewrite /t; field; lra.
have plus r : alpha * beta i * e r / beta i.+1 + eta * e r + xi r = (t + eta) * e r + xi r.
  by rewrite /t; field; lra.
under [in LHS]eq_bigr => r _ do rewrite minus.
have -> : \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) ((alpha * beta i * e r / beta i.+1 + eta * e r + xi r) *
    (alpha * beta i * e s / beta i.+1 + eta * e s + xi s) * R_ r s)
  = chi / (INR n + sigma (i - 1)%N ^ 2) * (sigma (i - 1)%N ^ 2 *
      ((t + eta) ^ 2 + \sum_(1 <= r < n.+1) xi r ^ 2) + INR n * (t + eta) ^ 2).
  rewrite -(orthogonal_form _ _ _ _ _ _ _ unit apart); apply: eq_sum2 => s r hs hr.
  by rewrite !plus (alike r hr s hs); field; lra.
by rewrite orthogonal_square //; field; lra.
Qed.

Theorem hessian_blocks_count_holds : hessian_blocks_count.
Proof.
move=> D d _ _; elim: D => [|D IH]; first by rewrite !big_geq //=; ring.
by rewrite S_INR big_nat_recr // [in RHS]big_nat_recr //= subn1 /=; lra.
Qed.
