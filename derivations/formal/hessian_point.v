(* The Hessian at a root in the directions in which all neurons of a layer move alike.

   On these lines the loss is that of balanced layers with other scales: attainment, with the scale b_i
   written as sqrt 1 / sqrt (1 / b_i^2).  The derivatives are those of polynomials in w and in e^xi. *)
From Symderive.formal Require Import Powers Sums Derivatives loss attainment.
From Symderive Require Import Definitions.
From Symderive.statements Require Import hessian_point.

Theorem hessian_point_line_holds : hessian_point_line.
Proof.
move=> Data Noise E_x E_epsilon x y epsilon D d W b e U b_u gamma_u gamma sigma A v c.
move=> D0 dpos b0 bu0 gu0 gamma0 sigma0 c0 data noise line signs output.
pose decay i := / b i ^ 2.
have decay0 i : 0 < decay i by have bi := b0 i; rewrite /decay; sign.
have scale i : sqrt 1 / sqrt (decay i) = b i.
  have bi := b0 i; rewrite /decay sqrt_1 -inv_sqrt; last by sign.
  by rewrite sqrt_pow2; [field; lra | lra].
have scales : \prod_(1 <= i < D.+1) (sqrt 1 / sqrt (decay i)) = \prod_(1 <= i < D.+1) b i.
  by apply: eq_prod => i _; exact: scale.
have rows i : (1 <= i < D.+1)%N -> forall j, (1 <= j < (d i).+1)%N ->
    forall k, (1 <= k < (d (i - 1)%N).+1)%N -> W i j k = sqrt 1 * e (i - 1)%N k * e i j / sqrt (decay i).
  by move=> hi j hj k hk; rewrite (line i hi j hj k hk) -{1}(scale i) /Rdiv; ring.
have moment := attainment_second_moment_holds D d W 1 e decay A sigma D0 dpos Rlt_0_1 decay0 sigma0 rows
  signs.
have map := attainment_map_holds D d W 1 e decay D0 dpos Rlt_0_1 decay0 rows signs.
have unit := attainment_signs_holds D d e D0 dpos signs.
rewrite scales in moment map.
rewrite (loss_holds Data Noise E_x E_epsilon x y epsilon gamma_u d D U gamma W c A sigma v gu0 dpos D0
  gamma0 c0 sigma0 data noise).
have out : \sum_(1 <= j < (d D).+1) U j ^ 2 = b_u ^ 2.
  transitivity (\sum_(1 <= j < (d D).+1) (b_u ^ 2 * e D j ^ 2)); last first.
    by rewrite sumZ unit ?ltnSn ?D0 //; ring.
  by apply: eq_sum => j hj; rewrite output //; ring.
have second : \sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * U j * U k)
  = b_u ^ 2 * (\sum_(1 <= k < (d D).+1) \sum_(1 <= j < (d D).+1) (M A sigma d W D j k * e D j * e D k)).
  by rewrite -sum2Z; apply: eq_sum2 => k j hk hj; rewrite !output //; ring.
have first : \sum_(1 <= k < (d 0%N).+1) \sum_(1 <= j < (d D).+1) (T d W D j k * U j * v k)
  = b_u * (\prod_(1 <= i < D.+1) b i) * (\sum_(1 <= k < (d 0%N).+1) (e 0%N k * v k)).
  rewrite -sumZ; apply: eq_sum => k hk.
  transitivity (\sum_(1 <= j < (d D).+1) (b_u * v k * (T d W D j k * e D j))).
    by apply: eq_sum => j hj; rewrite output //; ring.
  by rewrite sumZ map //; ring.
have hidden : \sum_(1 <= i < D.+1) (gamma i * (\sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1)
    W i j k ^ 2))
  = \sum_(1 <= i < D.+1) (b i ^ 2 * gamma i * (\sum_(1 <= k < (d (i - 1)%N).+1) e (i - 1)%N k ^ 2)).
  apply: eq_sum => i hi.
  have -> : \sum_(1 <= j < (d i).+1) \sum_(1 <= k < (d (i - 1)%N).+1) W i j k ^ 2
    = b i ^ 2 * ((\sum_(1 <= j < (d i).+1) e i j ^ 2)
                 * (\sum_(1 <= k < (d (i - 1)%N).+1) e (i - 1)%N k ^ 2)).
    by rewrite sum_mul -sum2Z; apply: eq_sum2 => j k hj hk; rewrite line //; ring.
  by rewrite unit //; ring.
by rewrite out second first hidden moment; ring.
Qed.

Theorem hessian_point_first_layer_holds : hessian_point_first_layer.
Proof.
move=> n rho xi a w v gamma l _ rho0 a0 gamma0 l0 _ ridge r hr s hs.
derive; rewrite -ridge (deltaC r s); field; lra.
Qed.

Theorem hessian_point_first_layer_and_scale_holds : hessian_point_first_layer_and_scale.
Proof.
move=> n rho xi a w v gamma l _ rho0 a0 gamma0 l0 stationary ridge r hr.
derive; have balance := stationary r hr.
have -> : (- 1 + rho * a r / l) * gamma 1%N * w r = - (gamma 1%N * w r) + rho * exp (2 * xi) * a r * w r.
  by rewrite -ridge; field; lra.
lra.
Qed.

Theorem hessian_point_scales_holds : hessian_point_scales.
Proof.
move=> n rho xi a w v gamma l _ rho0 a0 gamma0 l0 stationary ridge.
derive; rewrite -!sumZ -sumB; apply: eq_sum => r hr.
have balance : w r * (rho * exp (2 * xi) * a r * w r - exp xi * v r + gamma 1%N * w r) = 0.
  by rewrite stationary //; ring.
have -> : gamma 1%N * ((- 1 + rho * a r / l) * w r ^ 2)
  = - (gamma 1%N * w r ^ 2) + rho * exp (2 * xi) * a r * w r ^ 2 by rewrite -ridge; field; lra.
lra.
Qed.
