(* Equal layers, and the size of the weights of one hidden layer.

   With all layers alike, the denominators of the weights are those of the ridge solution times
   (b_0 d_0)^2D; that turns the condition on b_0 into the scalar equation.  In one hidden layer every v_j is
   w_j times a number between b^2 s a_min + gamma and b^2 s a_max + gamma, where s = d_1 + sigma_1^2; so the
   norm of v is between that of w times these numbers. *)
From Symderive.formal Require Import Powers.
From Symderive.statements Require Import equal_layers.

Lemma pow_double (x : R) D : x ^ (2 * D) = (x ^ D) ^ 2.
Proof. by rewrite mulnC pow_mult. Qed.

Lemma ridge_denominator (b x s a g : R) D : 0 < b -> 0 < x ->
  b ^ (2 * D) * (x + s) ^ D * a * x ^ D + g =
  ((1 + s / x) ^ D * a + g / (b * x) ^ (2 * D)) * (b * x) ^ (2 * D).
Proof.
move=> b_gt0 x_gt0; have bD : 0 < b ^ D by sign.
have xD : 0 < x ^ D by sign.
have -> : 1 + s / x = (x + s) * / x by field; lra.
rewrite !pow_double !Rpow_mult_distr -Rinv_pow; last lra.
by field; lra.
Qed.

Lemma denominator_gt0 (x s a g y : R) D : 0 < x -> 0 <= s -> 0 <= a -> 0 < g -> 0 < y ->
  0 < (1 + s / x) ^ D * a + g / y.
Proof.
move=> x_gt0 s_ge0 a_ge0 g_gt0 y_gt0; apply: Rplus_le_lt_0_compat; last by sign.
have := div_ge0 s x s_ge0 (Rlt_le _ _ x_gt0) => sx_ge0.
by apply: Rmult_le_pos => //; apply: pow_le; lra.
Qed.

Theorem equal_layers_map_holds : equal_layers_map.
Proof.
move=> n b D d v sigma a gamma _ b_gt0 D_gt0 d_gt0 _ a_ge0 gamma_gt0 k _.
have x_gt0 : 0 < INR (d 0%N) by sign.
set x := INR (d 0%N) in x_gt0 *; have y_gt0 : 0 < (b * x) ^ (2 * D) by sign.
have den_gt0 := denominator_gt0 _ _ _ _ _ D x_gt0 (sq_ge0 (sigma 1%N)) (a_ge0 k) (gamma_gt0 1%N) y_gt0.
rewrite ridge_denominator //.
have -> : b ^ (2 * D) * sqrt x * x ^ D * Rpower x (INR D - 1 / 2) = (b * x) ^ (2 * D).
  rewrite -Rpower_sqrt // -!Rpower_pow ?mult_INR; try sign.
  apply: ln_inv; try sign; logs.
  by rewrite /=; field.
by move: (_ ^ (2 * D)) y_gt0 (_ + _) den_gt0 => y y_gt0 den den_gt0; field; lra.
Qed.

Lemma sum_of_denominators (b x s g : R) D n (v a : nat -> R) :
  0 < b -> 0 < x -> 0 <= s -> 0 < g -> (forall i, 0 <= a i) ->
  \sum_(1 <= j < n.+1) (v j ^ 2 / (b ^ (2 * D) * (x + s) ^ D * a j * x ^ D + g) ^ 2) =
  (\sum_(1 <= j < n.+1) (v j ^ 2 / ((1 + s / x) ^ D * a j + g / (b * x) ^ (2 * D)) ^ 2)) /
  ((b * x) ^ (2 * D)) ^ 2.
Proof.
move=> b_gt0 x_gt0 s_ge0 g_gt0 a_ge0; have y_gt0 : 0 < (b * x) ^ (2 * D) by sign.
rewrite [RHS]/Rdiv -sumZr; apply: eq_sum => j _; rewrite ridge_denominator //.
have := denominator_gt0 _ _ _ _ _ D x_gt0 s_ge0 (a_ge0 j) g_gt0 y_gt0.
set y := _ ^ (2 * D) in y_gt0 *; set den := _ * a j + _ => den_gt0.
by field; lra.
Qed.

Theorem equal_layers_holds : equal_layers.
Proof.
move=> b d D n v sigma a gamma b_gt0 d_gt0 D_gt0 _ _ a_ge0 gamma_gt0.
have x_gt0 : 0 < INR (d 0%N) by sign.
rewrite sum_of_denominators //; last exact: sq_ge0.
set x := INR (d 0%N) in x_gt0 *; set S := \sum_(1 <= j < n.+1) _.
have y_gt0 : 0 < b * x by sign.
have gamma1 := gamma_gt0 1%N.
case: D D_gt0 @S => // D _ S; set y := b * x in y_gt0 S *.
have -> : (2 * D.+1 - 2 = 2 * D)%N by rewrite mulnS addKn.
have -> : y ^ (2 * D.+1) = y ^ (2 * D) * y ^ 2 by rewrite mulnS addnC pow_add.
have -> : Rpower (gamma 1%N / (y ^ (2 * D) * y ^ 2)) ((INR D.+1 + 1) / INR D.+1) =
    Rpower (gamma 1%N) ((INR D.+1 + 1) / INR D.+1) / (y ^ (2 * D) * y ^ 4).
  have D_ge0 := pos_INR D; rewrite S_INR; apply: ln_inv; try sign; logs.
  by rewrite mult_INR /=; field; lra.
set g := Rpower _ _; have g_gt0 : 0 < g by exact: Rpower_gt0.
have yD_gt0 : 0 < y ^ (2 * D) by sign.
set z := y ^ (2 * D) in yD_gt0 *; have z_neq0 : z * y ^ 4 <> 0 by apply: pos_neq0; sign.
have -> : z * (S / (z * y ^ 2) ^ 2) = S / (z * y ^ 4) by field; lra.
have -> : g / (z * y ^ 4) * S = g * (S / (z * y ^ 4)) by field; lra.
split=> [->|eq]; first by ring.
by apply: (Rmult_eq_reg_l g); lra.
Qed.

Theorem equal_layers_balance_holds : equal_layers_balance.
Proof.
move=> b d D n v sigma a gamma _ _ D_gt0 _ _ _ _ condition.
set x := INR (d 0%N) in condition *; move: condition; set S := \sum_(1 <= j < n.+1) _.
case: D D_gt0 @S => // D _ S; have -> : (2 * D.+1 - 2 = 2 * D)%N by rewrite mulnS addKn.
have -> : (2 * D.+1 - 1 = (2 * D).+1)%N by rewrite mulnS addSn subn1.
rewrite Rpow_mult_distr mulnS (pow_add b 2) -(tech_pow_Rmult x) => condition.
by rewrite -[RHS]Rmult_1_r -condition; ring.
Qed.

(* The norm of v, which is that of w in one hidden layer times numbers between two bounds. *)
Lemma norm_ratio v gamma gamma_u p : 0 < gamma -> 0 < gamma_u ->
  p ^ 2 * (gamma_u / gamma) - v ^ 2 = (p ^ 2 - (v * sqrt gamma / sqrt gamma_u) ^ 2) * (gamma_u / gamma).
Proof.
move=> gamma_gt0 gamma_u_gt0; rewrite /Rdiv !Rpow_mult_distr -Rinv_pow; last by apply: pos_neq0; sign.
by rewrite !pow2_sqrt; try lra; field; lra.
Qed.

Lemma Rle_div x y z : 0 < z -> x <= y * z -> x / z <= y.
Proof.
move=> z_gt0 h; apply: (Rmult_le_reg_r z) => //.
by have -> : x / z * z = x by field; lra.
Qed.

Theorem equal_layers_lower_holds : equal_layers_lower.
Proof.
move=> n b d sigma a gamma w v gamma_u v_ a_max _ b_gt0 d_gt0 _ a_ge0 gamma_gt0 gamma_u_gt0 v_gt0 a_max_gt0.
move=> stationary norm_w norm_v below; have gamma1 := gamma_gt0 1%N.
have s_gt0 : 0 < INR (d 1%N) + sigma 1%N ^ 2 by sign.
set s := INR _ + _ in stationary s_gt0 *; set p := b ^ 2 * s * a_max + gamma 1%N.
have bound : v_ ^ 2 <= p ^ 2 * (gamma_u / gamma 1%N).
  rewrite norm_v -norm_w -sumZ; apply: le_sum => j hj; rewrite -stationary // Rpow_mult_distr.
  apply: Rmult_le_compat_r; first exact: sq_ge0.
  have aj := a_ge0 j; apply: pow_incr; split; first by sign.
  by apply/Rplus_le_compat_r/Rmult_le_compat_l; [sign | have := below j hj; lra].
have ratio : v_ * sqrt (gamma 1%N) / sqrt gamma_u <= p.
  apply: (@pow_le_inv _ _ 2) => //; first by rewrite /p; sign.
  apply: (Rmult_le_reg_r (gamma_u / gamma 1%N)); first by sign.
  by have := norm_ratio v_ (gamma 1%N) gamma_u p gamma1 gamma_u_gt0; lra.
by apply/Rle_ge/Rle_div; [sign | rewrite /p in ratio; lra].
Qed.

Theorem equal_layers_upper_holds : equal_layers_upper.
Proof.
move=> n b d sigma a gamma w v gamma_u v_ a_min _ b_gt0 d_gt0 _ a_ge0 gamma_gt0 gamma_u_gt0 v_gt0 a_min_gt0.
move=> stationary norm_w norm_v above; have gamma1 := gamma_gt0 1%N.
have s_gt0 : 0 < INR (d 1%N) + sigma 1%N ^ 2 by sign.
set s := INR _ + _ in stationary s_gt0 *; set p := b ^ 2 * s * a_min + gamma 1%N.
have bound : p ^ 2 * (gamma_u / gamma 1%N) <= v_ ^ 2.
  rewrite norm_v -norm_w -sumZ; apply: le_sum => j hj; rewrite -stationary // Rpow_mult_distr.
  apply: Rmult_le_compat_r; first exact: sq_ge0.
  apply: pow_incr; split; first by rewrite /p; sign.
  by apply/Rplus_le_compat_r/Rmult_le_compat_l; [sign | have := above j hj; lra].
have ratio : p <= v_ * sqrt (gamma 1%N) / sqrt gamma_u.
  apply: (@pow_le_inv _ _ 2) => //; first by sign.
  apply: (Rmult_le_reg_r (gamma_u / gamma 1%N)); first by sign.
  by have := norm_ratio v_ (gamma 1%N) gamma_u p gamma1 gamma_u_gt0; lra.
apply/Rle_ge/(Rmult_le_reg_r (a_min * s)); first by sign.
by rewrite /Rdiv Rmult_assoc Rinv_l; [rewrite /p in ratio; lra | apply: pos_neq0; sign].
Qed.
