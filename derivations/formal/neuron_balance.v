(* The two weights of a neuron, into it and out of it, are balanced.

   Whatever the rest of the network is, the derivative by the outgoing weight times that weight and the
   derivative by the incoming weights times these differ by the decay of the two alone. *)
From Symderive.formal Require Import Tactics.
From Symderive.statements Require Import neuron_balance.

(* Here x is what the derivatives share. *)
Lemma balance n (u gamma : R) (x w : nat -> R) :
  \sum_(1 <= r < n.+1) ((x r * u + w r * gamma) * w r) =
  (\sum_(1 <= r < n.+1) (x r * w r)) * u + gamma * \sum_(1 <= r < n.+1) w r ^ 2.
Proof. by rewrite -sumZr -sumZ -sumD; apply: eq_sum => r _; ring. Qed.

Theorem neuron_balance_identity_holds : neuron_balance_identity.
Proof. by move=> d D gamma_u U sigma Q W eta gamma _ _ _ _ _ j _; rewrite balance; ring. Qed.

Theorem neuron_balance_rate_holds : neuron_balance_rate.
Proof.
move=> gamma_u gamma D d U sigma Q W eta gamma_u_gt0 gamma_gt0 D_gt0 d_gt0 sigma_ge0 equal j hj.
have := neuron_balance_identity_holds d D gamma_u U sigma Q W eta gamma
  d_gt0 D_gt0 gamma_u_gt0 sigma_ge0 gamma_gt0 j hj.
set x := fun r => U j * sigma D ^ 2 * (\sum_(1 <= s < (d (D - 1)%N).+1) (Q r s * W D j s)) + eta r.
set incoming := \sum_(1 <= r < _) ((x r * U j + _) * _) => identity.
have -> : \sum_(1 <= r < (d (D - 1)%N).+1) (2 * (- (2 * x r * U j) - 2 * W D j r * gamma D) * W D j r) =
    -4 * incoming by rewrite -sumZ; apply: eq_sum => r _; rewrite /x; ring.
by rewrite equal in identity *; lra.
Qed.

Theorem neuron_balance_feature_holds : neuron_balance_feature.
Proof.
move=> d D U l W j _ _ _ _ parallel size alive r hr.
apply: (Rmult_eq_reg_l (U j)) => //.
have -> : U j * (U j * W D j r) = U j ^ 2 * W D j r by ring.
rewrite size.
have -> : U l ^ 2 * W D j r = U l * (U l * W D j r) by ring.
by rewrite parallel //; ring.
Qed.
