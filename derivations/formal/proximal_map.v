(* Isotropic data without noise: the minimization is a proximal map of a power of the norm.

   Thresholds are products of powers, compared by their logarithms; closed forms at two and three hidden
   layers are roots of the equation for zeta, which is a polynomial in X = (zeta + 1)^(-1/3) or in C. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import proximal_map.

Theorem proximal_map_holds : proximal_map.
Proof.
move=> gammabar omega D c m n m_ v _ omega0 D0 _ m0 _ ->; have depth := INR_gt0 _ D0.
have -> : \sum_(1 <= j < n.+1) (m_ j - v j) ^ 2 = \sum_(1 <= j < n.+1) (m_ j) ^ 2 -
    2 * (\sum_(1 <= j < n.+1) (m_ j * v j)) + \sum_(1 <= j < n.+1) (v j) ^ 2.
  by rewrite -sumZ -sumB -sumD; apply: eq_sum => j _; ring.
by rational.
Qed.

Theorem proximal_threshold_holds : proximal_threshold.
Proof.
move=> D omega v D0 omega0 v0 deep; have depth := INR_gt0 _ D0.
rewrite !power_Rpower; try sign.
by apply: (@ge_proportional (2 * INR D / (INR D + 1))); try sign; logs; rational.
Qed.

Theorem proximal_jump_holds : proximal_jump.
Proof.
move=> D omega D0 omega0 deep; have depth := INR_gt0 _ D0.
by rewrite !power_Rpower; try sign; equal_powers.
Qed.

Theorem proximal_threshold_two_thirds_holds : proximal_threshold_two_thirds.
Proof.
move=> v w v0 w0 ->; have -> : 4 = 2 * 2 by ring.
by equal_powers.
Qed.

Theorem proximal_threshold_half_holds : proximal_threshold_half.
Proof.
move=> v w v0 w0 ->; have -> : 4 = 2 * 2 by ring.
have -> : 6 = 2 * 3 by ring.
have -> : 9 = 3 * 3 by ring.
by equal_powers.
Qed.

Theorem proximal_soft_holds : proximal_soft.
Proof.
move=> zeta q omega v zeta0 q0 omega0 v0 stationary q_value.
have -> : omega = v * (q * (zeta + 1)) / (zeta + 1) by rewrite q_value; rational.
by rewrite -stationary; rational.
Qed.

(* X^4 - X + q has the factor X^2 - P X + P^2/2 - 1/(2 P), of which X is a root. *)
Theorem proximal_quartic_holds : proximal_quartic.
Proof.
move=> zeta X Delta P q zeta0 X0 Delta0 P0 q0 zeta_value X_value discriminant q_value.
have factor : X ^ 2 - P * X + P ^ 2 / 2 - / (2 * P) = 0.
  have -> : X ^ 2 - P * X + P ^ 2 / 2 - / (2 * P) = (Delta ^ 2 - (- P ^ 2 + 2 / P)) / 4.
    by rewrite X_value; rational.
  by rewrite discriminant; field; lra.
have quartic : X - X ^ 4 = q.
  have -> : X - X ^ 4 = q -
      (X ^ 2 - P * X + P ^ 2 / 2 - / (2 * P)) * (X ^ 2 + P * X + P ^ 2 / 2 + / (2 * P)).
    by rewrite q_value; rational.
  by rewrite factor; ring.
have -> : Rpower (zeta + 1) (4 / 3) = / (X ^ 4).
  by rewrite zeta_value; equal_powers.
have -> : zeta = / (X ^ 3) - 1 by lra.
by rewrite -quartic; rational.
Qed.

Theorem proximal_cubic_holds : proximal_cubic.
Proof.
move=> zeta C q zeta0 C0 q0 zeta_value ->.
have -> : Rpower (zeta + 1) (3 / 2) = 3 * sqrt 3 / (2 * 2 * 2 * C ^ 3).
  have -> : zeta + 1 = 3 / (2 * 2 * C ^ 2) by rewrite zeta_value; rational.
  by equal_powers.
have -> : zeta = 3 / (4 * C ^ 2) - 1 by lra.
have root : sqrt 3 * sqrt 3 = 3 by apply: sqrt_sqrt; lra.
have -> : 2 * sqrt 3 * (- (4 * C ^ 3) + 3 * C) / 9 * (3 * sqrt 3 / (2 * 2 * 2 * C ^ 3)) =
          2 * (sqrt 3 * sqrt 3) * (- (4 * C ^ 3) + 3 * C) / (3 * (2 * 2 * 2) * C ^ 3) by rational.
by rewrite root; rational.
Qed.
