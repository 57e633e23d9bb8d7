(* Every stationary point of the last two layers: balance, rank one, what a living neuron sees.

   Most equations are linear combinations of the conditions of stationarity, with sums over the neurons or
   the inputs; [combine] takes the combination.  The derivatives go through what the loss sees of the
   layers, which is a form in the second moments below. *)
From Coq Require Import FunctionalExtensionality.
From Symderive.formal Require Import Derivatives Forms loss lower_bound Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import all_stationary_points.
Set Implicit Arguments.
Unset Strict Implicit.

(* A form in the second moments of a layer, in terms of the layer below. *)
Lemma form_of_layer n m (Q : nat -> nat -> R) (u : nat -> R) (w : nat -> nat -> R) noise :
  form n (fun j k => (delta j k * noise + 1) * (\sum_(1 <= s < m.+1) \sum_(1 <= r < m.+1)
    (Q r s * w j r * w k s))) u
  = \sum_(1 <= s < m.+1) \sum_(1 <= r < m.+1) ((noise * (\sum_(1 <= k < n.+1) (u k ^ 2 * w k r * w k s))
      + (\sum_(1 <= k < n.+1) (u k * w k r)) * (\sum_(1 <= k < n.+1) (u k * w k s))) * Q r s).
Proof.
set moments := fun j k => \sum_(1 <= s < m.+1) \sum_(1 <= r < m.+1) (Q r s * w j r * w k s).
transitivity (noise * form n (fun j k => delta j k * moments j k) u + form n moments u).
  by rewrite -form_scale -form_add; apply: eq_form => // j k _ _; rewrite /moments; ring.
rewrite form_diagonal form_pull_back.
have -> : \sum_(1 <= k < n.+1) (moments k k * u k ^ 2)
  = \sum_(1 <= s < m.+1) \sum_(1 <= r < m.+1) \sum_(1 <= k < n.+1) (Q r s * (u k ^ 2 * w k r * w k s)).
  rewrite -exchange_sum3; apply: eq_sum => k _; rewrite Rmult_comm -sum2Z.
  by apply: eq_sum2 => s r _ _; ring.
have seen r : \sum_(1 <= k < n.+1) (w k r * u k) = \sum_(1 <= k < n.+1) (u k * w k r).
  by apply: eq_sum => k _; ring.
by rewrite -sum2Z -sum2D; apply: eq_sum2 => s r _ _; rewrite sumZ !seen; ring.
Qed.

Unset Implicit Arguments.

Theorem all_stationary_points_moments_holds : all_stationary_points_moments.
Proof.
move=> d [//|D] A sigma W U v _ _ _; rewrite subn1 -pred_Sn.
have := form_of_layer (d D.+1) (d D) (M A sigma d W D) U (W D.+1) (sigma D.+1 ^ 2); rewrite /form => ->.
suff -> : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D.+1).+1)
    ((\sum_(1 <= r < (d D).+1) (T d W D r k * W D.+1 j r)) * U j * v k)
  = \sum_(1 <= r < (d D).+1) ((\sum_(1 <= p < (d 0%N).+1) (T d W D r p * v p))
      * (\sum_(1 <= k < (d D.+1).+1) (U k * W D.+1 k r))) by ring.
under [in RHS]eq_bigr => r _ do rewrite sum_mul.
rewrite [in RHS]exchange_sum3; apply: eq_sum2 => k j _ _.
by rewrite Rmult_assoc -sumZr; apply: eq_sum => r _; ring.
Qed.

Theorem all_stationary_points_decay_holds : all_stationary_points_decay.
Proof.
move=> [//|D] gamma d W deep gamma_pos wide.
by rewrite big_nat_recr //= Rplus_comm.
Qed.

Theorem all_stationary_points_loss_holds : all_stationary_points_loss.
Proof.
move=> Data Noise E_x E_epsilon x y epsilon gamma_u d D U gamma W c v sigma A.
move=> gu0 dpos D0 gamma0 c0 sigma0 data noise.
have moments := all_stationary_points_moments_holds d D A sigma W U v dpos D0 sigma0.
have decay := all_stationary_points_decay_holds D gamma d W D0 gamma0 dpos.
rewrite (loss_holds Data Noise E_x E_epsilon x y epsilon gamma_u d D U gamma W c A sigma v gu0 dpos
  D0 gamma0 c0 sigma0 data noise).
by rewrite decay [in LHS](exchange_sum 1 (d D).+1); lra.
Qed.

(* The loss of the last two layers, u and w, along a curve.  It sees them through the squares of both, the
   product p = u w and the noisy squares; each of these has a derivative. *)
Section Slope.
Variables (m n : nat) (Q : nat -> nat -> R) (g eta : nat -> R) (gamma_u gamma noise x : R).
Variables (u : R -> nat -> R) (w : R -> nat -> nat -> R) (du dw : R) (dp : nat -> R) (dq : nat -> nat -> R).
Let p t r := \sum_(1 <= k < m) (u t k * w t k r).
Let q t r s := \sum_(1 <= k < m) (u t k ^ 2 * w t k r * w t k s).
Hypothesis sym : forall r, (1 <= r < n)%N -> forall s, (1 <= s < n)%N -> Q r s = Q s r.
Hypothesis common : forall r, (1 <= r < n)%N -> eta r = - g r + \sum_(1 <= s < n) (Q r s * p x s).
Hypothesis u_slope : derivable_pt_lim (fun t => \sum_(1 <= k < m) u t k ^ 2) x du.
Hypothesis w_slope : derivable_pt_lim (fun t => \sum_(1 <= r < n) \sum_(1 <= k < m) w t k r ^ 2) x dw.
Hypothesis p_slope : forall r, (1 <= r < n)%N -> derivable_pt_lim (fun t => p t r) x (dp r).
Hypothesis q_slope : forall r s, (1 <= r < n)%N -> (1 <= s < n)%N ->
  derivable_pt_lim (fun t => q t r s) x (dq r s).

Lemma slope_of_last_layers :
  derivable_pt_lim (fun t => gamma_u * (\sum_(1 <= k < m) u t k ^ 2)
      + gamma * (\sum_(1 <= r < n) \sum_(1 <= k < m) w t k r ^ 2) - 2 * (\sum_(1 <= r < n) (g r * p t r))
      + \sum_(1 <= s < n) \sum_(1 <= r < n) ((noise * q t r s + p t r * p t s) * Q r s)) x
   (gamma_u * du + gamma * dw + 2 * (\sum_(1 <= r < n) (eta r * dp r))
    + noise * (\sum_(1 <= s < n) \sum_(1 <= r < n) (dq r s * Q r s))).
Proof.
eapply derivative_eq.
  apply: derivative_add; last first.
    apply: derivative_sum => s hs; apply: derivative_sum => r hr; apply: derivative_scale_right.
    apply: derivative_add; first by apply: derivative_scale; exact: q_slope.
    by apply: derivative_mul; exact: p_slope.
  apply: derivative_sub; last first.
    by apply: derivative_scale; apply: derivative_sum => r hr; apply: derivative_scale; exact: p_slope.
  by apply: derivative_add; apply: derivative_scale; [exact: u_slope | exact: w_slope].
have mixed := mixed_form (p x) dp sym.
have -> : \sum_(1 <= r < n) (eta r * dp r) = - (\sum_(1 <= r < n) (g r * dp r))
    + \sum_(1 <= s < n) \sum_(1 <= r < n) (Q r s * p x s * dp r).
  rewrite -sumN exchange_sum -sumD; apply: eq_sum => r hr.
  by rewrite common // Rmult_plus_distr_r -sumZr; ring.
have -> : \sum_(1 <= s < n) \sum_(1 <= r < n) ((noise * dq r s + (dp r * p x s + p x r * dp s)) * Q r s)
  = noise * (\sum_(1 <= s < n) \sum_(1 <= r < n) (dq r s * Q r s))
    + \sum_(1 <= s < n) \sum_(1 <= r < n) ((p x r * dp s + p x s * dp r) * Q r s).
  by rewrite -sum2Z -sum2D; apply: eq_sum2 => s r _ _; ring.
by rewrite mixed; ring.
Qed.
End Slope.

Theorem all_stationary_points_output_holds : all_stationary_points_output.
Proof.
move=> d D Q eta g U W gamma_u gamma sigma _ _ _ _ _ sym common j hj.
have at_U : update U j (U j) = U by apply: functional_extensionality => k; exact: update_same.
eapply derivative_eq.
  apply: (@slope_of_last_layers _ _ Q g eta _ _ _ _ (fun t => update U j t) (fun _ => W D)
          (2 * U j) 0 (fun r => W D j r) (fun r s => 2 * U j * W D j r * W D j s)) => //.
  - move=> r hr; rewrite at_U common //; congr (_ + _); apply: eq_sum => s _; rewrite -sumZ.
    by apply: eq_sum => k _; ring.
  - apply: derivable_pt_lim_ext => [t|]; first by rewrite (sum_update U t (fun _ y => y ^ 2) hj).
    by derive; rewrite /=; ring.
  - exact: derivative_const.
  - move=> r hr; apply: derivable_pt_lim_ext => [t|].
      by rewrite (sum_update U t (fun k y => y * W D k r) hj).
    by derive; rewrite /=; ring.
  - move=> r s hr hs; apply: derivable_pt_lim_ext => [t|].
      by rewrite (sum_update U t (fun k y => y ^ 2 * W D k r * W D k s) hj).
    by derive; rewrite /=; ring.
sum_ring.
Qed.

(* One weight is the variable: its slope is 1, that of the others 0. *)
Theorem all_stationary_points_hidden_holds : all_stationary_points_hidden.
Proof.
move=> d D Q eta g U W gamma_u gamma sigma _ _ _ _ _ sym common j hj p hp.
have slope k r := @derivative_update3 W D j p k r (W D j p).
have at_W := update3_same W D j p.
have at_j (F : nat -> R) r : \sum_(1 <= k < (d D).+1) (F k * (delta j k * delta p r)) = F j * delta p r.
  by rewrite -(sum_delta F hj) -sumZr; apply: eq_sum => k _; ring.
have at_p (F : nat -> R) : \sum_(1 <= r < (d (D - 1)%N).+1) (F r * delta p r) = F p.
  by rewrite -(sum_delta F hp); apply: eq_sum => r _; ring.
eapply derivative_eq.
  apply: (@slope_of_last_layers _ _ Q g eta _ _ _ _ (fun _ => U) (fun t => update3 W D j p t D)
          0 (2 * W D j p) (fun r => U j * delta p r)
          (fun r s => U j ^ 2 * (W D j s * delta p r + W D j r * delta p s))) => //.
  - move=> r hr; rewrite at_W common //; congr (_ + _); apply: eq_sum => s _; rewrite -sumZ.
    by apply: eq_sum => k _; ring.
  - exact: derivative_const.
  - derive; [by move=> *; exact: slope | rewrite at_W].
    rewrite -(at_p (fun r => 2 * W D j r)); apply: eq_sum => r _; rewrite -(at_j (fun k => 2 * W D k r)).
    by apply: eq_sum => k _; rewrite /=; ring.
  - move=> r hr; derive; [by move=> *; exact: slope | by rewrite at_j].
  - move=> r s hr hs; derive; [by move=> *; exact: slope | by move=> *; exact: slope | rewrite at_W].
    rewrite Rmult_plus_distr_l -!Rmult_assoc -(at_j (fun k => U k ^ 2 * W D k s)).
    by rewrite -(at_j (fun k => U k ^ 2 * W D k r)) -sumD; apply: eq_sum => k _; ring.
have -> : \sum_(1 <= r < (d (D - 1)%N).+1) (eta r * (U j * delta p r)) = eta p * U j.
  by rewrite -(at_p (fun r => eta r * U j)); apply: eq_sum => r _; ring.
have -> : \sum_(1 <= s < (d (D - 1)%N).+1) \sum_(1 <= r < (d (D - 1)%N).+1)
    (U j ^ 2 * (W D j s * delta p r + W D j r * delta p s) * Q r s)
  = U j ^ 2 * (2 * (\sum_(1 <= s < (d (D - 1)%N).+1) (Q p s * W D j s))).
  transitivity (U j ^ 2 * (2 * (\sum_(1 <= s < (d (D - 1)%N).+1) \sum_(1 <= r < (d (D - 1)%N).+1)
    (Q r s * W D j s * delta p r)))).
    by rewrite -mixed_form // -sum2Z; apply: eq_sum2 => s r _ _; ring.
  by congr (_ * (_ * _)); apply: eq_sum => s _; rewrite (at_p (fun r => Q r s * W D j s)).
ring.
Qed.


(* The conditions, each multiplied by its own weight, differ by the decay alone. *)
Theorem all_stationary_points_balance_holds : all_stationary_points_balance.
Proof.
move=> d D gamma_u U sigma Q W eta gamma _ _ _ _ _ output hidden j hj.
combine (total (fun r hr => W D j r * hidden j hj r hr) - U j * output j hj)%fact.
Qed.

(* All neurons feel the same eta, which the difference of the conditions of two of them lacks. *)
Theorem all_stationary_points_pairs_holds : all_stationary_points_pairs.
Proof.
move=> d D gamma_u U sigma Q W eta gamma wide deep u_pos noise gamma_pos output hidden j hj k hk.
have balance := all_stationary_points_balance_holds d D gamma_u U sigma Q W eta gamma wide deep u_pos
  noise gamma_pos output hidden.
pose along r := U j * W D j r - U k * W D k r.
pose ahead := U j ^ 2 - U k ^ 2.
combine (total (fun r hr => U j * U k ^ 2 * along r * hidden j hj r hr)
  - total (fun r hr => U j ^ 2 * U k * along r * hidden k hk r hr)
  - U k ^ 2 * ahead / 2 * balance j hj + U j ^ 2 * ahead / 2 * balance k hk)%fact.
Qed.

(* The left side of the pairs is a sum of squares and the right side is at most 0: both vanish. *)
Theorem all_stationary_points_holds : all_stationary_points.
Proof.
move=> d D gamma_u U sigma Q W eta gamma wide deep u_pos noise gamma_pos output hidden psdQ j hj k hk r hr.
have := all_stationary_points_pairs_holds d D gamma_u U sigma Q W eta gamma wide deep u_pos noise
  gamma_pos output hidden j hj k hk.
have := psdQ (fun r => U j * W D j r - U k * W D k r); rewrite exchange_sum.
have : (- (U j * W D k r) + U k * W D j r) ^ 2
    <= \sum_(1 <= p < (d (D - 1)%N).+1) (- (U j * W D k p) + U k * W D j p) ^ 2.
  by apply: (term_le_sum (F := fun p => (- (U j * W D k p) + U k * W D j p) ^ 2)) => // p _; exact: sq_ge0.
set square := (_ + _) ^ 2; set squares := \sum_(_ <= p < _) _; set form := \sum_(_ <= s < _) _.
set both := U j ^ 2 + U k ^ 2 => le_squares form_ge0 pairs.
have both_ge0 : 0 <= both by rewrite /both; sign.
have square_ge0 : 0 <= square by exact: sq_ge0.
have below : square * both <= squares * both by apply: Rmult_le_compat_r.
have above : 0 <= U j ^ 2 * U k ^ 2 * sigma D ^ 2 * form by sign.
have : gamma D * (squares * both) <= gamma D * 0 by lra.
move/(Rmult_le_reg_l _ _ _ (gamma_pos D)).
have : 0 <= square * both by sign.
lra.
Qed.

Theorem all_stationary_points_outer_holds : all_stationary_points_outer.
Proof.
move=> d D U l W wide deep l_pos minors alive j hj r hr.
combine (/ U l * minors j hj r hr)%fact.
Qed.

Theorem all_stationary_points_alignment_holds : all_stationary_points_alignment.
Proof.
move=> d D eta g Q U W sigma gamma omega gamma_u wide deep noise gamma_pos u_pos common hidden rank.
move=> balanced j hj.
combine (
  total (fun r hr => U j * omega r * common r hr - omega r * hidden j hj r hr
    + omega r * (U j ^ 2 * sigma D ^ 2 * total (fun s hs => Q r s * rank j hj s hs)
                 + gamma D * rank j hj r hr)
    + U j * omega r * total (fun s hs => Q r s * total (fun k hk => U k * rank k hk s hs)))
  + U j * balanced)%fact.
Qed.

(* What neuron j feels along omega is the condition of j; those of two neurons share eta. *)
Theorem all_stationary_points_sizes_holds : all_stationary_points_sizes.
Proof.
move=> d D U sigma Q W eta gamma omega wide deep noise gamma_pos hidden rank j hj k hk.
combine (
  total (fun r hr => U k * omega r * (hidden j hj r hr
    - U j ^ 2 * sigma D ^ 2 * total (fun s hs => Q r s * rank j hj s hs) - gamma D * rank j hj r hr))
  - total (fun r hr => U j * omega r * (hidden k hk r hr
    - U k ^ 2 * sigma D ^ 2 * total (fun s hs => Q r s * rank k hk s hs) - gamma D * rank k hk r hr)))%fact.
Qed.

(* With a = g omega and F the form of Q along omega, the alignment says U_j a = (gamma_u + gain F) U_j,
   where gain and F are not negative; the hypothesis says xi F >= a^2. *)
Theorem all_stationary_points_signal_holds : all_stationary_points_signal.
Proof.
move=> d D eta g Q U W sigma gamma omega gamma_u xi wide deep noise gamma_pos u_pos xi_pos.
move=> common hidden rank balanced psdQ seen j hj.
have := all_stationary_points_alignment_holds d D eta g Q U W sigma gamma omega gamma_u wide deep noise
  gamma_pos u_pos common hidden rank balanced j hj.
have := psdQ omega; rewrite exchange_sum.
have -> : \sum_(1 <= s < (d (D - 1)%N).+1) \sum_(1 <= r < (d (D - 1)%N).+1) (omega r * omega s * Q r s)
  = \sum_(1 <= s < (d (D - 1)%N).+1) \sum_(1 <= r < (d (D - 1)%N).+1) (Q r s * omega r * omega s).
  by sum_ring.
move: seen; set form := \sum_(_ <= s < _) _; set aligned := \sum_(_ <= r < _) (g r * omega r).
set gain := _ + \sum_(_ <= k < _) _ => seen form_ge0 alignment.
have gain_ge0 : 0 <= gain by rewrite /gain; sign.
have squared : U j ^ 2 * aligned ^ 2 = (gamma_u + gain * form) ^ 2 * U j ^ 2.
  have -> : U j ^ 2 * aligned ^ 2 = (U j * aligned) ^ 2 by ring.
  by rewrite alignment; ring.
have := Rmult_le_pos _ _ (sq_ge0 (U j)) (Rge_le _ _ (Rge_minus _ _ seen)).
have : 0 <= U j ^ 2 * (2 * gamma_u * (gain * form) + (gain * form) ^ 2) by sign.
nra.
Qed.

(* A unit vector e, and what is known of its fourth powers. *)
Theorem all_stationary_points_reduction_holds : all_stationary_points_reduction.
Proof.
move=> d D e K sigma gamma_u alpha gamma omega g Q wide deep alive noise u_pos gamma_pos unit equal.
widths.
pose form := \sum_(1 <= s < (d (D - 1)%N).+1) \sum_(1 <= r < (d (D - 1)%N).+1) (Q r s * omega r * omega s).
pose rest := - 2 * alpha * (\sum_(1 <= r < (d (D - 1)%N).+1) (g r * omega r)) + gamma_u * alpha ^ 2
  + gamma D * \sum_(1 <= r < (d (D - 1)%N).+1) (omega r ^ 2).
combine ((alpha ^ 2 * form * ((\sum_(1 <= k < (d D).+1) e k ^ 2) + 1 + sigma D ^ 2 / INR K) + rest) * unit
  + alpha ^ 2 * form / INR K * total (fun k hk => equal k hk))%fact.
Qed.

Theorem all_stationary_points_ridge_holds : all_stationary_points_ridge.
Proof.
move=> d P rho A w gamma v wide P_pos rho_pos gamma_pos step r hr.
combine (/ P * step r hr)%fact.
Qed.

Theorem all_stationary_points_seen_holds : all_stationary_points_seen.
Proof.
move=> d A w v xi D sigma W g dpos xi0 D0 sigma0 psdA sym image along.
have below := lower_bound_layers_holds d A D sigma W g dpos D0 sigma0 psdA.
set rho := \prod_(1 <= i < D.+1) _ in below *.
have rho0 : 0 <= rho by rewrite /rho; sign.
set t := fun r => \sum_(1 <= j < (d D).+1) (T d W D j r * g j).
have square : (\sum_(1 <= r < (d 0%N).+1) (v r * t r)) ^ 2 <= xi * (\sum_(1 <= s < (d 0%N).+1)
    \sum_(1 <= r < (d 0%N).+1) (A r s * t r * t s)) by exact: cauchy_schwarz_form psdA xi0 sym image along.
apply: Rle_ge; apply: (Rle_trans _ _ _ (Rmult_le_compat_l rho _ _ rho0 square)).
rewrite -Rmult_assoc (Rmult_comm rho) Rmult_assoc.
by apply: Rmult_le_compat_l; [lra | exact: Rge_le].
Qed.
