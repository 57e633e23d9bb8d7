(* The loss along a difference between the neurons of a layer.

   Layers of rank one, omega psi^T, multiply second moments and signal: by induction on their number.  The
   sums over the neurons of a layer are linear in three sums: of e^2, of e theta and of theta^2. *)
From Symderive.formal Require Import Forms loss.
From Symderive Require Import Definitions.
From Symderive.statements Require Import hessian_differences.
Set Implicit Arguments.
Unset Strict Implicit.

(* One layer of rank one: with noise, and a form in the second moments below. *)
Lemma rank_one_moment n m (Q : nat -> nat -> R) (omega psi below : nat -> R) s :
  form n (fun j k => (delta j k * s ^ 2 + 1) * (\sum_(1 <= b < m.+1) \sum_(1 <= a < m.+1)
    (Q a b * (omega j * below a) * (omega k * below b)))) psi
  = (s ^ 2 * (\sum_(1 <= j < n.+1) (omega j ^ 2 * psi j ^ 2))
     + (\sum_(1 <= j < n.+1) (omega j * psi j)) ^ 2) * form m Q below.
Proof.
transitivity (form n (fun j k =>
    form m Q below * (s ^ 2 * (delta j k * (omega j * omega k)) + omega j * omega k)) psi).
  apply: eq_form => // j k _ _.
  have -> : \sum_(1 <= b < m.+1) \sum_(1 <= a < m.+1) (Q a b * (omega j * below a) * (omega k * below b))
    = omega j * omega k * form m Q below by rewrite -sum2Z; apply: eq_sum2 => *; ring.
  ring.
rewrite form_scale form_add form_scale form_diagonal form_square Rmult_comm.
by congr ((_ * _ + _) * _); apply: eq_sum => j _; ring.
Qed.

Unset Implicit Arguments.

Theorem hessian_differences_second_moment_holds : hessian_differences_second_moment.
Proof.
move=> n d l W omega psi A sigma _ _ _; elim: n => [|n IH] rank.
  by rewrite addn0 [\prod_(_ <= _ < _) _]big_geq // Rmult_1_l.
rewrite [X in _ = X * _]big_nat_recr //= Rmult_assoc (Rmult_comm (_ + _)) -Rmult_assoc -IH; last first.
  by move=> i /andP[i1 i2]; apply: rank; rewrite i1 ltnS ltnW.
rewrite Rmult_comm !addnS addSn (addnC n).
rewrite -(rank_one_moment _ _ (M A sigma d W (l + n)) _ _ (psi (l + n).+1)).
apply: eq_form => // j k hj hk; congr (_ * _); apply: eq_sum2 => b a hb ha.
have := rank n.+1 _ => /(_ (ltnSn _)); rewrite addSn subn1 /= (addnC n) => top.
by rewrite (top j hj a ha) (top k hk b hb).
Qed.

Theorem hessian_differences_signal_holds : hessian_differences_signal.
Proof.
move=> n d l W omega psi _ _ rank k _; elim: n rank => [|n IH] rank.
  by rewrite addn0 [\prod_(_ <= _ < _) _]big_geq // Rmult_1_l.
rewrite [X in _ = X * _]big_nat_recr //= Rmult_assoc (Rmult_comm (\sum_(_ <= _ < _) _)) -Rmult_assoc -IH;
  last by move=> i /andP[i1 i2]; apply: rank; rewrite i1 ltnS ltnW.
have := rank n.+1 _ => /(_ (ltnSn _)); rewrite !addnS addSn subn1 /= (addnC n) => top.
rewrite Rmult_comm sum_mul; apply: eq_sum => j hj; rewrite -sumZr; apply: eq_sum => a ha.
by rewrite (top j hj a ha); ring.
Qed.

Theorem hessian_differences_loss_holds : hessian_differences_loss.
Proof.
move=> Data Noise E_x E_epsilon x y epsilon n d l W omega psi U gamma_u gamma c sigma A v.
move=> n0 dpos gu0 gamma0 c0 sigma0 data noise rank output.
have depth : (0 < l + n)%N by rewrite addn_gt0 n0 orbT.
rewrite (loss_holds Data Noise E_x E_epsilon x y epsilon gamma_u d _ U gamma W c A sigma v gu0 dpos
  depth gamma0 c0 sigma0 data noise).
rewrite -(hessian_differences_second_moment_holds n d l W omega psi A sigma n0 dpos sigma0 rank).
have second : \sum_(1 <= k < (d (l + n)%N).+1) \sum_(1 <= j < (d (l + n)%N).+1)
    (M A sigma d W (l + n)%N j k * U j * U k)
  = \sum_(1 <= k < (d (l + n)%N).+1) \sum_(1 <= j < (d (l + n)%N).+1)
    (M A sigma d W (l + n)%N j k * psi (l + n).+1%N j * psi (l + n).+1%N k).
  by apply: eq_sum2 => k j hk hj; rewrite !output.
have first : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d (l + n)%N).+1) (T d W (l + n)%N j k * U j * v k)
  = (\prod_(1 <= i < n.+1) (\sum_(1 <= j < (d (i + l)%N).+1) (omega (i + l)%N j * psi (i + l).+1%N j)))
    * (\sum_(1 <= k < (d 0%N).+1) (v k * (\sum_(1 <= j < (d l).+1) (T d W l j k * psi l.+1%N j)))).
  rewrite -sumZ; apply: eq_sum => k hk.
  have := hessian_differences_signal_holds n d l W omega psi n0 dpos rank k hk.
  move: (\prod_(_ <= _ < _) _) (\sum_(_ <= _ < (d l).+1) _) => p q carried.
  rewrite sumZr; under eq_big_nat => j hj do rewrite output //.
  by rewrite carried; ring.
by rewrite second first; ring.
Qed.

(* The sums over the neurons of a layer that are alike up to signs, and a difference theta of them. *)
Section Difference.
Context [n : nat] [e theta : nat -> R].
Hypotheses (n0 : (0 < n)%N) (alike : forall j, (1 <= j < n.+1)%N -> e j ^ 2 = / INR n).
Hypotheses (apart : \sum_(1 <= j < n.+1) (e j * theta j) = 0) (unit : \sum_(1 <= j < n.+1) theta j ^ 2 = 1).

Lemma difference_sum a b c :
  \sum_(1 <= j < n.+1) (a * e j ^ 2 + b * (e j * theta j) + c * theta j ^ 2) = a + c.
Proof.
rewrite !sumD !sumZ apart unit (eq_sum alike) sum_const subSS subn0; field.
by have := INR_gt0 _ n0; lra.
Qed.
End Difference.

Theorem hessian_differences_carried_holds : hessian_differences_carried.
Proof.
move=> d i e theta alpha ell beta w dpos i0 beta0 alike apart unit r hr.
rewrite Rplus_comm -(difference_sum (dpos i) alike apart unit _
  (ell * (beta i.+1 * w r + beta i * alpha * e (i - 1)%N r))).
by apply: eq_sum => j _; ring.
Qed.

Theorem hessian_differences_blurred_holds : hessian_differences_blurred.
Proof.
move=> d i e theta alpha ell beta w dpos i0 beta0 alike apart unit r hr s hs.
set square := alpha ^ 2 * beta i ^ 2 * e (i - 1)%N r * e (i - 1)%N s
  + 2 * alpha * (e (i - 1)%N r * w s + e (i - 1)%N s * w r) * beta i.+1 * beta i
  + beta i.+1 ^ 2 * w r * w s.
set linear := beta i.+1 ^ 2 * beta i * (e (i - 1)%N r * w s + e (i - 1)%N s * w r)
  + 2 * alpha * beta i.+1 * beta i ^ 2 * e (i - 1)%N r * e (i - 1)%N s.
set still := beta i.+1 ^ 2 * beta i ^ 2 * e (i - 1)%N r * e (i - 1)%N s.
have -> : (ell ^ 2 * square + still) / INR (d i) = (still + ell ^ 2 * square) * / INR (d i).
  by rewrite Rplus_comm.
rewrite -(difference_sum (dpos i) alike apart unit still (ell * linear)) -sumZ -sumZr -sumD.
apply: eq_sum => j hj; rewrite -(alike j hj) /still /linear /square; ring.
Qed.

Theorem hessian_differences_decay_holds : hessian_differences_decay.
Proof.
move=> d i e theta gamma alpha ell beta w dpos i0 gamma0 beta0 alike apart unit.
set n := (d (i - 1)%N).+1.
have out : \sum_(1 <= j < (d i).+1) (alpha * ell * theta j + beta i.+1 * e i j) ^ 2
  = beta i.+1 ^ 2 + (alpha * ell) ^ 2.
  rewrite -(difference_sum (dpos i) alike apart unit _ (2 * alpha * ell * beta i.+1)).
  by apply: eq_sum => j _; ring.
have into : \sum_(1 <= r < n) \sum_(1 <= j < (d i).+1)
    (ell * theta j * w r + beta i * e (i - 1)%N r * e i j) ^ 2
  = beta i ^ 2 * (\sum_(1 <= r < n) e (i - 1)%N r ^ 2) + ell ^ 2 * (\sum_(1 <= r < n) w r ^ 2).
  rewrite -!sumZ -sumD; apply: eq_sum => r _.
  rewrite -(difference_sum (dpos i) alike apart unit _ (2 * ell * w r * beta i * e (i - 1)%N r)).
  by apply: eq_sum => j _; ring.
by rewrite out into; ring.
Qed.
