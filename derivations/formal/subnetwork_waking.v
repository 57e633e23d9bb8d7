(* The loss along the weights of a dead neuron, and what holds the living ones.

   Every statement is a combination of the conditions; [combine] takes it. *)
From Coq Require Import FunctionalExtensionality.
From Symderive.formal Require Import Derivatives Sums all_stationary_points Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import subnetwork_waking.

Theorem subnetwork_waking_along_holds : subnetwork_waking_along.
Proof.
move=> d i e K sigma chi wide i_pos alive noise chi_pos unit equal k hk.
widths.
have -> : \sum_(1 <= j < (d i).+1) (chi * (delta j k * sigma i ^ 2 + 1) * e i j ^ 2 * e i k)
  = \sum_(1 <= j < (d i).+1) (delta k j * (chi * sigma i ^ 2 * e i j ^ 2 * e i k))
    + chi * e i k * (\sum_(1 <= j < (d i).+1) (e i j ^ 2)).
  by rewrite -sumZ -sumD; apply: eq_sum => j _; rewrite /delta eq_sym; ring.
rewrite sum_delta //.
combine (chi * e i k * unit + chi / INR K * equal k hk)%fact.
Qed.

Theorem subnetwork_waking_direction_holds : subnetwork_waking_direction.
Proof.
move=> d i C g psi K Psi Q beta e nu slope eta wide i_pos alive beta_pos nu_pos felt above signal living
  pull p hp r hr.
widths.
pose scales := beta i * beta i.+1%N.
pose seen := \sum_(1 <= s < (d (i - 1)%N).+1) (Q r s * e (i - 1)%N s).
pose image := \sum_(1 <= l < (d i.+1%N).+1) (Psi p l * e i.+1%N l).
combine (felt p hp r hr + scales * seen * image * total (fun j hj => living j hj)
  + scales * seen * above p hp - g r * signal p hp - e i.+1%N p * pull r hr)%fact.
Qed.

(* Over all living neurons the squares of the entries of e_i add up to 1. *)
Theorem subnetwork_waking_balance_holds : subnetwork_waking_balance.
Proof.
move=> K d i nu beta e omega sigma eta gamma alive wide i_pos nu_pos beta_pos noise gamma_pos stationary
  living unit r hr.
widths.
pose size := \sum_(1 <= p < (d i.+1%N).+1) (e i.+1%N p ^ 2).
combine (total (fun j hj => e i j / beta i.+1%N * stationary j hj r hr
    - (eta r * size + gamma i * beta i / beta i.+1%N * e (i - 1)%N r
       + nu * sigma i ^ 2 * beta i * beta i.+1%N * omega r * (e i j ^ 2 + / INR K)) * living j hj)
  - eta r * unit)%fact.
Qed.

(* The conditions on the moments; [carried r p] is what the living neurons carry from an input r to a neuron
   p of the next layer.  Sums over pairs of inputs s, r and of neurons l, p are in this order. *)
Section Moments.
Context [n m K : nat] [Q Psi C : nat -> nat -> R] [g psi : nat -> R] [lower upper : nat -> nat -> R].
Let carried r p := \sum_(1 <= k < K.+1) (upper p k * lower k r).
Hypothesis symmetric : forall r, (1 <= r < n.+1)%N -> forall s, (1 <= s < n.+1)%N -> Q r s = Q s r.
Hypothesis symmetric_above : forall p, (1 <= p < m.+1)%N -> forall l, (1 <= l < m.+1)%N ->
  Psi p l = Psi l p.
Hypothesis felt : forall p, (1 <= p < m.+1)%N -> forall r, (1 <= r < n.+1)%N ->
  C p r = - (g r * psi p) + (\sum_(1 <= s < n.+1) \sum_(1 <= l < m.+1) (Psi p l * Q r s * carried s l)).

(* What pulls at products v_rp of two weights. *)
Lemma pull (v : nat -> nat -> R) :
  \sum_(1 <= r < n.+1) \sum_(1 <= p < m.+1) (C p r * v r p)
  = \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) \sum_(1 <= l < m.+1) \sum_(1 <= p < m.+1)
      (Psi p l * Q r s * carried s l * v r p)
    - \sum_(1 <= r < n.+1) \sum_(1 <= p < m.+1) (g r * psi p * v r p).
Proof.
rewrite [X in _ = X - _]exchange_sum -sumB; apply: eq_sum => r hr.
under [X in _ = X - _]eq_bigr => s _ do rewrite exchange_sum.
rewrite [X in _ = X - _]exchange_sum -sumB; apply: eq_sum => p hp.
combine (v r p * felt p hp r hr)%fact.
Qed.

(* A form in the moments does not change when both pairs are turned. *)
Lemma turned (F : nat -> nat -> nat -> nat -> R) :
  \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) \sum_(1 <= l < m.+1) \sum_(1
    <= p < m.+1) (Psi p l * Q r s * F r s p l)
  = \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) \sum_(1 <= l < m.+1) \sum_(1 <= p < m.+1)
      (Psi p l * Q r s * F s r l p).
Proof.
rewrite exchange_pairs; apply: eq_sum => s hs; apply: eq_sum => r hr; apply: eq_sum => l hl;
  apply: eq_sum => p hp.
by rewrite symmetric // symmetric_above.
Qed.
End Moments.

Theorem subnetwork_waking_holds : subnetwork_waking.
Proof.
move=> d i Q Psi C g psi K W ell gamma xi w sigma wide i_pos alive gamma_pos noise symmetric symmetric_above
  felt.
pose carried r p := \sum_(1 <= k < K.+1) (W i.+1%N p k * W i k r).
pose waking r p := w r * xi p.
pose mirrored s r l p := carried r p * waking s l.
combine (- ell ^ 2 * (turned symmetric symmetric_above mirrored + 2 * pull felt waking))%fact.
Qed.

(* The derivative in the direction E of the weights into layer i is a sum over all of them, of which E takes
   one. *)
Lemma along_one_weight [n K] i (W : nat -> nat -> nat -> R) [j m] : (1 <= j < K.+1)%N -> (1 <= m <
  n.+1)%N -> exists2 E : nat -> nat -> R,
    forall k r, derivable_pt_lim (fun t => update3 W i j m t i k r) (W i j m) (E k r)
  & forall F : nat -> nat -> R, \sum_(1 <= r < n.+1) \sum_(1 <= k < K.+1) (E k r * F k r) = F j m.
Proof.
move=> hj hm; exists (fun k r => delta j k * delta m r) => [k r|F].
  exact: derivative_update3.
rewrite -(sum_delta (F j) hm); apply: eq_sum => r _.
by rewrite -(sum_delta (fun k => delta m r * F k r) hj); apply: eq_sum => k _; ring.
Qed.

(* The derivative is the sum over E times the gradient: in it the terms with the two weights in the other
   order are turned, and what pulls at the products with E is C. *)
Theorem subnetwork_waking_living_holds : subnetwork_waking_living.
Proof.
move=> d i Q Psi C g psi K W gamma sigma wide i_pos alive gamma_pos noise symmetric symmetric_above felt j
  hj n hn.
have [E slope one] := along_one_weight i W hj hn.
have above t : update3 W i j n t i.+1 = W i.+1.
  apply: functional_extensionality => a; apply: functional_extensionality => b.
  by rewrite /update3 eqn_leq ltnn.
apply: derivable_pt_lim_ext => [t|]; first by rewrite above.
derive; try exact: slope.
pose felt_noise k :=
  \sum_(1 <= l < (d i.+1%N).+1) \sum_(1 <= p < (d i.+1%N).+1) (Psi p l * W i.+1 l k * W i.+1 p k).
pose gradient k r := 2 * W i k r * gamma i
  + 2 * sigma i ^ 2 * (\sum_(1 <= s < (d (i - 1)%N).+1) (Q r s * W i k s)) * felt_noise k
  + 2 * (\sum_(1 <= p < (d i.+1%N).+1) (C p r * W i.+1 p k)).
transitivity (gradient j n) => //; rewrite update3_same -(one gradient) /=.
pose carried r p := \sum_(1 <= k < K.+1) (W i.+1 p k * W i k r).
pose changed r p := \sum_(1 <= k < K.+1) (W i.+1 p k * E k r).
pose own s r l p := \sum_(1 <= k < K.+1) (W i.+1 l k * W i.+1 p k * W i k s * E k r).
have own_noise : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1)
    \sum_(1 <= l < (d i.+1%N).+1) \sum_(1 <= p < (d i.+1%N).+1) (Psi p l * Q r s * own s r l p)
  = \sum_(1 <= r < (d (i - 1)%N).+1) \sum_(1 <= k < K.+1)
      (E k r * ((\sum_(1 <= s < (d (i - 1)%N).+1) (Q r s * W i k s)) * felt_noise k)).
  rewrite exchange_sum; apply: eq_sum => r _.
  transitivity (\sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= k < K.+1)
      (E k r * (Q r s * W i k s * felt_noise k))).
    apply: eq_sum => s _; rewrite /own /felt_noise.
    under [RHS]eq_bigr => k _ do rewrite -!sum2Z.
    rewrite exchange_sum3; apply: eq_sum2 => l p _ _; rewrite -sumZ; apply: eq_sum => k _; ring.
  rewrite exchange_sum; sum_ring.
have common : \sum_(1 <= r < (d (i - 1)%N).+1) \sum_(1 <= k < K.+1)
    (E k r * (\sum_(1 <= p < (d i.+1%N).+1) (C p r * W i.+1 p k)))
  = \sum_(1 <= r < (d (i - 1)%N).+1) \sum_(1 <= p < (d i.+1%N).+1) (C p r * changed r p)
    by rewrite /changed; sum_ring.
pose mirrored s r l p := sigma i ^ 2 * own r s l p + carried r p * changed s l.
combine (2 * sigma i ^ 2 * own_noise - 2 * common - 2 * pull felt changed
  - turned symmetric symmetric_above mirrored)%fact.
Qed.
