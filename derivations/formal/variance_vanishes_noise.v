(* Strong noise silences the network.

   With x_i = sigma_i^2 / d_i >= 0, the noise factor rho = prod (1 + x_i) is at least 1 and at least
   X = prod x_i, so that (rho - 1) X / rho^2 <= X / rho <= 1; and at equal noises s the bound 1 / X vanishes
   as s grows. *)
From Symderive.formal Require Import Powers Limits.
From Symderive.statements Require Import variance_vanishes_noise.

Theorem noise_factor_at_least_one_holds : noise_factor_at_least_one.
Proof.
move=> D sigma d D0 sigma0 d0; apply: Rle_ge; elim: {D0} D => [|D IH]; first by rewrite big_geq //; lra.
by rewrite prod_recr //; have : 0 <= sigma D.+1 ^ 2 / INR (d D.+1) by [sign]; nra.
Qed.

Theorem noise_factor_at_least_product_holds : noise_factor_at_least_product.
Proof.
move=> D sigma d D0 sigma0 d0; apply: Rle_ge; apply: le_prod => i _.
by have : 0 <= sigma i ^ 2 / INR (d i) by [sign]; lra.
Qed.

(* 1 - (rho - 1) X / rho^2 = X / rho^2 + (rho - X) / rho *)
Theorem variance_vanishes_noise_holds : variance_vanishes_noise.
Proof.
move=> Q D sigma d Q0 D0 sigma0 d0.
have := noise_factor_at_least_one_holds D sigma d D0 sigma0 d0.
have := noise_factor_at_least_product_holds D sigma d D0 sigma0 d0.
have : 0 <= \prod_(1 <= i < D.+1) (sigma i ^ 2 / INR (d i)) by sign.
move: (\prod_(_ <= i < _) (1 + _)) (\prod_(_ <= i < _) _) => rho X X0 rhoX rho1.
have : 0 <= Q * (X / rho ^ 2 + (rho - X) / rho) by sign.
by have -> : Q * (X / rho ^ 2 + (rho - X) / rho) = Q - Q * (rho - 1) * X / rho ^ 2 by [field; lra]; lra.
Qed.

(* The bound above, divided by X = prod (s^2 / d_i). *)
Theorem variance_noise_comparison_holds : variance_noise_comparison.
Proof.
move=> Q D d s Q0 D0 d0 s0; have s_ge0 (i : nat) : 0 <= s by lra.
have := variance_vanishes_noise_holds Q D (fun _ => s) d Q0 D0 s_ge0 d0.
have -> : \prod_(1 <= i < D.+1) (1 + s ^ 2 / INR (d i)) = \prod_(1 <= i < D.+1) (s ^ 2 / INR (d i) + 1).
  by apply: eq_prod => i _; ring.
have -> : \prod_(1 <= i < D.+1) (INR (d i) / s ^ 2) = / \prod_(1 <= i < D.+1) (s ^ 2 / INR (d i)).
  rewrite -prod_inv => [|i _]; last by apply: Rgt_not_eq; apply: Rlt_gt; sign.
  by apply: eq_prod => i _; widths; field; nonzero.
have : 0 < \prod_(1 <= i < D.+1) (s ^ 2 / INR (d i)) by sign.
have : 0 < \prod_(1 <= i < D.+1) (s ^ 2 / INR (d i) + 1) by sign.
move: (\prod_(_ <= i < _) _) (\prod_(_ <= i < _) (_ + 1)) => X rho rho0 X0 bound.
have -> : Q * (rho - 1) / rho ^ 2 = Q * (rho - 1) * X / rho ^ 2 * / X by field; lra.
by apply: Rmult_ge_compat_r => //; apply: Rle_ge; sign.
Qed.

(* Every factor is d_i times 1 / s^2, which vanishes. *)
Theorem variance_noise_limit_holds : variance_noise_limit.
Proof.
move=> D d n v a D0 d0 n0 a0; rewrite limit_at_infinityE.
set Q := \sum_(_ <= j < _) _; apply: (tends_to (l := (\prod_(1 <= i < D.+1) (INR (d i) * 0)) * Q)).
  by rewrite prod_recl //; ring.
apply: tends_mul; last exact: tends_const.
apply: tends_prod => i _; apply: tends_mul; first exact: tends_const.
by apply: diverges_inv; apply: diverges_le diverges_id; exists 1 => x; nra.
Qed.
