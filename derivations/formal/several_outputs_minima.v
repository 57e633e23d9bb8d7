(* Several outputs: which stationary points are minima.

   The loss falls with the signal; two modes that are turned gain what their order says; and bounds on the
   singular values add up to a bound on the loss. *)
From Symderive.formal Require Import Algebra.
From Symderive.statements Require Import several_outputs_minima.

Theorem several_outputs_order_holds : several_outputs_order.
Proof.
move=> v eta a m c gammabar D _ _ _ m0 _ _ _ stronger.
have : 0 <= 2 * m * (v - eta) by repeat apply: Rmult_le_pos; lra.
lra.
Qed.

(* The four entries of V between the two pairs of singular vectors, and the circle. *)
Theorem several_outputs_turn_holds : several_outputs_turn.
Proof.
move=> d D V e psi s alpha beta z _ _ _ _ singular circle.
have s11 := singular 1%N isT 1%N isT; have s12 := singular 1%N isT 2%N isT.
have s21 := singular 2%N isT 1%N isT; have s22 := singular 2%N isT 2%N isT.
rewrite /delta /= in s11 s12 s21 s22.
pose mixed := (z 1%N - z 2%N) * alpha * beta.
combine ((z 1%N * alpha ^ 2 + z 2%N * beta ^ 2) * s11 + (z 1%N * beta ^ 2 + z 2%N * alpha ^ 2) * s22
  + mixed * s12 + mixed * s21 + (z 1%N * s 1%N + z 2%N * s 2%N) * circle)%fact.
Qed.

Theorem several_outputs_bound_holds : several_outputs_bound.
Proof.
move=> Omega n gammabar D z s xi Q a _ _ _ _ _ _ _ a0 decay overlap squares.
rewrite sumB sumD sumZ -squares.
have -> : \sum_(1 <= p < n.+1) (2 * s p * z p) = 2 * (\sum_(1 <= p < n.+1) (s p * z p)) by sum_ring.
lra.
Qed.
