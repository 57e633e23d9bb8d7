(* One neuron in one hidden layer, at the origin: the loss to second order, and the eigenvalues of the block
   of the Hessian.

   The block has the rows (2 gamma_u, - 2 v) and (- 2 v, 2 gamma_1), and its characteristic equation is
   quadratic. *)
From Symderive.formal Require Import Limits.
From Symderive Require Import Definitions.
From Symderive.statements Require Import origin_hessian_one_hidden_layer.

(* Divided by alpha^2, the loss is quadratic in the weights up to a term of the order alpha^2. *)
Theorem origin_second_order_one_hidden_layer_holds : origin_second_order_one_hidden_layer.
Proof.
move=> Eff w_1 w_u gamma_u v gamma _ _ _ _; rewrite limit_from_aboveE.
apply: (tends_eq (f := fun alpha => alpha ^ 2 * (Eff * w_1 ^ 2 * w_u ^ 2) +
    (gamma_u * w_u ^ 2 - 2 * v * w_1 * w_u + w_1 ^ 2 * gamma 1%N))).
  by apply: filter_mono (near_above_gt 0) => alpha alpha_gt0; field; lra.
apply: (tends_to (l := 0 ^ 2 * (Eff * w_1 ^ 2 * w_u ^ 2) +
    (gamma_u * w_u ^ 2 - 2 * v * w_1 * w_u + w_1 ^ 2 * gamma 1%N))); first by ring.
apply: tends_add; last exact: tends_const.
by apply: tends_mul; [apply: tends_pow; exact: tends_id | exact: tends_const].
Qed.

(* The discriminant of the characteristic polynomial is the square of its root. *)
Lemma root_of_discriminant x y : sqrt (4 * x ^ 2 + y ^ 2) ^ 2 = 4 * x ^ 2 + y ^ 2.
Proof. by rewrite pow2_sqrt //; sign. Qed.

Theorem origin_hessian_one_hidden_layer_holds : origin_hessian_one_hidden_layer.
Proof.
move=> v gamma_u xi gamma _ _ _; have := root_of_discriminant v (gamma_u - gamma 1%N).
by move: (sqrt _) => r square; ring_simplify; rewrite square; ring.
Qed.

Theorem origin_hessian_sign_holds : origin_hessian_sign.
Proof.
move=> gamma_u v gamma _ _ _; have := root_of_discriminant v (gamma_u - gamma 1%N).
by move: (sqrt _) => r square; ring_simplify; rewrite square; ring.
Qed.
