(* Powers with real exponents, logarithms, and products over ranges.

   An equation between powers of positive numbers is most easily proved between their logarithms, which are
   linear in the exponents: [apply: ln_inv; try sign; logs; field]. *)
From Symderive.formal Require Export Tactics Sums.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.

Section Products.
Variables (m n : nat).
Implicit Types (F G : nat -> R).

Lemma eq_prod F G : (forall i, (m <= i < n)%N -> F i = G i) ->
  \prod_(m <= i < n) F i = \prod_(m <= i < n) G i.
Proof. exact: eq_big_nat. Qed.
Lemma prodM F G : \prod_(m <= i < n) (F i * G i) = \prod_(m <= i < n) F i * \prod_(m <= i < n) G i.
Proof. exact: big_split. Qed.
Lemma prod_const c : \prod_(m <= i < n) c = c ^ (n - m).
Proof. by rewrite big_const_nat; elim: (n - m)%N => //= k ->. Qed.
Lemma prod_pow F k : \prod_(m <= i < n) (F i ^ k) = (\prod_(m <= i < n) F i) ^ k.
Proof.
by apply: (big_ind2 (fun x y => x = y ^ k)) => [|x x' y y' -> ->|//]; rewrite ?pow1 ?Rpow_mult_distr.
Qed.
Lemma prod_inv F : (forall i, (m <= i < n)%N -> F i <> 0) ->
  \prod_(m <= i < n) / F i = / (\prod_(m <= i < n) F i).
Proof.
move=> h.
suff: \prod_(m <= i < n) / F i = / (\prod_(m <= i < n) F i) /\ \prod_(m <= i < n) F i <> 0 by case.
rewrite big_nat [X in / X]big_nat [X in X <> 0]big_nat.
apply: (big_ind2 (fun x y => x = / y /\ y <> 0)) => [|x x' y y' [-> hx] [-> hy]|i /h //].
- by split; [rewrite Rinv_1 | lra].
- by split; [rewrite Rinv_mult_distr | exact: Rmult_integral_contrapositive_currified].
Qed.
Lemma prod_div F G : (forall i, (m <= i < n)%N -> G i <> 0) ->
  \prod_(m <= i < n) (F i / G i) = \prod_(m <= i < n) F i / \prod_(m <= i < n) G i.
Proof. by move=> h; rewrite prodM prod_inv. Qed.
Lemma prod_sqrt F : (forall i, (m <= i < n)%N -> 0 <= F i) ->
  \prod_(m <= i < n) sqrt (F i) = sqrt (\prod_(m <= i < n) F i).
Proof.
move=> h; suff: \prod_(m <= i < n) sqrt (F i) = sqrt (\prod_(m <= i < n) F i) /\
    0 <= \prod_(m <= i < n) F i by case.
rewrite big_nat [X in sqrt X]big_nat [X in _ <= X]big_nat.
apply: (big_ind2 (fun x y => x = sqrt y /\ 0 <= y)) => [|x x' y y' [-> hx] [-> hy]|i /h //].
- by split; [rewrite sqrt_1 | lra].
- by split; [rewrite sqrt_mult | exact: Rmult_le_pos].
Qed.
Lemma le_prod F G : (forall i, (m <= i < n)%N -> 0 <= F i <= G i) ->
  \prod_(m <= i < n) F i <= \prod_(m <= i < n) G i.
Proof.
move=> h; suff: 0 <= \prod_(m <= i < n) F i <= \prod_(m <= i < n) G i by case.
rewrite big_nat [X in _ <= _ <= X]big_nat.
apply: (big_ind2 (fun x y => 0 <= x <= y)) => [|x x' y y' hx hy|i /h //]; first lra.
by split; [apply: Rmult_le_pos; lra | apply: Rmult_le_compat; lra].
Qed.
Lemma ln_prod F : (forall i, (m <= i < n)%N -> 0 < F i) ->
  ln (\prod_(m <= i < n) F i) = \sum_(m <= i < n) ln (F i).
Proof.
move=> h; suff: \sum_(m <= i < n) ln (F i) = ln (\prod_(m <= i < n) F i) /\ 0 < \prod_(m <= i < n) F i.
  by case=> ->.
rewrite big_nat [X in ln X]big_nat [X in _ < X]big_nat.
apply: (big_ind2 (fun x y => x = ln y /\ 0 < y)) => [|x x' y y' [-> hx] [-> hy]|i /h //].
- by rewrite ln_1; split=> //; lra.
- by rewrite ln_mult //; split=> //; exact: Rmult_lt_0_compat.
Qed.
End Products.

Lemma prod_recl m n (F : nat -> R) : (m < n)%N -> \prod_(m <= i < n) F i = F m * \prod_(m.+1 <= i < n) F i.
Proof. by move=> h; rewrite big_ltn. Qed.
Lemma prod_recr m n (F : nat -> R) : (m <= n)%N ->
  \prod_(m <= i < n.+1) F i = (\prod_(m <= i < n) F i) * F n.
Proof. by move=> h; rewrite big_nat_recr. Qed.
Lemma prod_const1 n c : \prod_(1 <= i < n.+1) c = c ^ n.
Proof. by rewrite prod_const subSS subn0. Qed.

(* The logarithm of a formula, taken apart. *)
Lemma ln_div x y : 0 < x -> 0 < y -> ln (x / y) = ln x - ln y.
Proof. by move=> hx hy; rewrite /Rdiv ln_mult ?ln_Rinv //; exact: Rinv_0_lt_compat. Qed.
Lemma ln_sqrt x : 0 < x -> ln (sqrt x) = ln x / 2.
Proof. by move=> hx; rewrite -Rpower_sqrt // ln_Rpower; field. Qed.
Lemma ln_le x y : 0 < x -> x <= y -> ln x <= ln y.
Proof. by move=> hx [h|->]; [left; exact: ln_increasing | right]. Qed.
Lemma ln_le_inv x y : 0 < x -> 0 < y -> ln x <= ln y -> x <= y.
Proof. by move=> hx hy [h|h]; [left; exact: ln_lt_inv | right; exact: ln_inv]. Qed.

(* The logarithm lies below its tangent at 1, and meets it only there. *)
Lemma ln_le_tangent x : 0 < x -> ln x <= x - 1.
Proof. by move=> hx; have := exp_ineq1_le (ln x); rewrite exp_ln //; lra. Qed.
Lemma ln_lt_tangent x : 0 < x -> x <> 1 -> ln x < x - 1.
Proof. by move=> hx h; have := exp_ineq1 _ (ln_neq_0 x h hx); rewrite exp_ln //; lra. Qed.

Ltac logs := rewrite ?exp_ln ?ln_exp; repeat first
  [ rewrite ln_Rpower | rewrite ln_mult; [ | sign | sign ] | rewrite ln_div; [ | sign | sign ]
  | rewrite ln_Rinv; [ | sign ] | rewrite ln_pow; [ | sign ] | rewrite ln_sqrt; [ | sign ] | rewrite ln_1 ].

(* Powers with real exponents, beside those of the standard library: Rpower_pow, Rpower_mult, Rpower_plus,
   Rpower_mult_distr, Rle_Rpower, Rle_Rpower_l, Rlt_Rpower_l, Rpower_sqrt. *)
Lemma Rpower_1_l s : Rpower 1 s = 1.
Proof. by rewrite /Rpower ln_1 Rmult_0_r exp_0. Qed.
Lemma Rpower_minus x s t : Rpower x (s - t) = Rpower x s / Rpower x t.
Proof. by rewrite /Rminus Rpower_plus Rpower_Ropp. Qed.
Lemma Rpower_inv x s : 0 < x -> Rpower (/ x) s = / Rpower x s.
Proof. by move=> hx; rewrite -Rpower_Ropp /Rpower ln_Rinv //; congr exp; ring. Qed.
Lemma Rpower_div x y s : 0 < x -> 0 < y -> Rpower (x / y) s = Rpower x s / Rpower y s.
Proof.
by move=> hx hy; rewrite /Rdiv -Rpower_mult_distr ?Rpower_inv //; exact: Rinv_0_lt_compat.
Qed.
Lemma Rpower_2 x : 0 < x -> Rpower x 2 = x ^ 2.
Proof. by move=> hx; rewrite -Rpower_pow. Qed.
Lemma Rpower_pow_l x n s : 0 < x -> Rpower (x ^ n) s = Rpower x (INR n * s).
Proof. by move=> hx; rewrite -Rpower_pow // Rpower_mult. Qed.
Lemma pow_Rpower x s n : Rpower x s ^ n = Rpower x (s * INR n).
Proof. by rewrite -Rpower_pow ?Rpower_mult //; exact: exp_pos. Qed.
Lemma Rpower_inj x y s : 0 < x -> 0 < y -> s <> 0 -> Rpower x s = Rpower y s -> x = y.
Proof.
move=> hx hy hs h; apply: ln_inv => //; apply: (Rmult_eq_reg_l s) => //.
by rewrite -!ln_Rpower h.
Qed.
Lemma Rpower_le_inv x y s : 0 < x -> 0 < y -> 0 < s -> Rpower x s <= Rpower y s -> x <= y.
Proof.
move=> hx hy hs h; case: (Rle_lt_dec x y) => // lt_yx.
by have := Rlt_Rpower_l _ _ _ hs (conj hy lt_yx); lra.
Qed.

(* The power of the statements, at 0 and elsewhere. *)
Lemma power_Rpower x s : x <> 0 -> power x s = Rpower x s.
Proof. by move=> h; rewrite /power; destruct Req_EM_T. Qed.
Lemma power_0_l s : s <> 0 -> power 0 s = 0.
Proof. by move=> hs; rewrite /power; repeat destruct Req_EM_T. Qed.
Lemma power_0_r x : 0 <= x -> power x 0 = 1.
Proof.
by move=> hx; rewrite /power; repeat destruct Req_EM_T => //; rewrite Rpower_O //; lra.
Qed.
Lemma power_gt0 x s : 0 < x -> 0 < power x s.
Proof. by move=> hx; rewrite power_Rpower; [exact: exp_pos | lra]. Qed.
Lemma power_ge0 x s : 0 <= power x s.
Proof. by rewrite /power; destruct Req_EM_T; first destruct Req_EM_T; rewrite /=; sign. Qed.
Lemma power_pow x n : 0 <= x -> power x (INR n) = x ^ n.
Proof.
move=> [hx|<-]; first by rewrite power_Rpower ?Rpower_pow //; lra.
case: n => [|n]; first by rewrite power_0_r //; lra.
by rewrite power_0_l ?pow_ne_zero //; exact: not_0_INR.
Qed.
Lemma power_mult x s t : 0 <= x -> s <> 0 -> t <> 0 -> power (power x s) t = power x (s * t).
Proof.
move=> [hx|<-] hs ht.
  have x_neq0 : x <> 0 by lra.
  by rewrite !(power_Rpower _ x_neq0) power_Rpower ?Rpower_mult //; apply: Rgt_not_eq; exact: Rpower_gt0.
by rewrite !power_0_l //; exact: Rmult_integral_contrapositive_currified.
Qed.
Lemma power_mult_distr x y s : 0 <= x -> 0 <= y -> 0 < s -> power x s * power y s = power (x * y) s.
Proof.
move=> [hx|<-] [hy|<-] hs; rewrite ?Rmult_0_l ?Rmult_0_r ?(@power_0_l s) ?Rmult_0_l ?Rmult_0_r //; try lra.
rewrite !power_Rpower ?Rpower_mult_distr //; try lra.
by apply: Rgt_not_eq; exact: Rmult_lt_0_compat.
Qed.
Lemma power_le x y s : 0 <= s -> 0 <= x <= y -> power x s <= power y s.
Proof.
move=> [hs|<-] [[hx|<-] hy]; try by rewrite !power_0_r; lra.
- by rewrite !power_Rpower; try lra; apply: Rle_Rpower_l; lra.
- by rewrite power_0_l; [exact: power_ge0 | lra].
Qed.
Lemma power_lt x y s : 0 < s -> 0 <= x < y -> power x s < power y s.
Proof.
move=> hs [[hx|<-] hy]; first by rewrite !power_Rpower; try lra; apply: Rlt_Rpower_l; lra.
by rewrite power_0_l; [exact: power_gt0 | lra].
Qed.

(* Roots are subadditive, so they grow by no more than the root of the difference. *)
Lemma power_subadditive a b s : 0 < s <= 1 -> 0 <= a -> 0 <= b -> power (a + b) s <= power a s + power b s.
Proof.
move=> [s0 s1] a0 b0.
case: (Rle_lt_or_eq_dec 0 (a + b)) => [|sum0|<-]; first lra; last first.
  by rewrite power_0_l; [have := power_ge0 a s; have := power_ge0 b s |]; lra.
have share c : 0 <= c <= a + b -> c / (a + b) * power (a + b) s <= power c s.
  move=> [[c0|<-] cab]; last by rewrite /Rdiv !Rmult_0_l; exact: power_ge0.
  set t := c / (a + b); have t0 : 0 < t by rewrite /t; sign.
  have ct : c = t * (a + b) by rewrite /t; field; lra.
  have ln_t : ln t <= 0 by rewrite -ln_1; apply: ln_le => //; nra.
  rewrite ct -power_mult_distr; try lra; apply: Rmult_le_compat_r; first exact: power_ge0.
  by rewrite power_Rpower; [apply: ln_le_inv => //; [sign | rewrite ln_Rpower; nra] | lra].
apply: Rle_trans (_ : a / (a + b) * power (a + b) s + b / (a + b) * power (a + b) s <= _).
  by right; field; lra.
by apply: Rplus_le_compat; apply: share; lra.
Qed.

(* Powers with natural exponents keep the order of numbers that are not negative, both ways. *)
Lemma pow_lt_pow x y n : (0 < n)%N -> 0 <= x < y -> x ^ n < y ^ n.
Proof.
move=> hn h; rewrite -!power_pow; try lra.
by apply: power_lt => //; exact: INR_gt0.
Qed.
Lemma pow_le_inv x y n : 0 <= y -> (0 < n)%N -> x ^ n <= y ^ n -> x <= y.
Proof. by move=> hy hn h; case: (Rle_lt_dec x y) => // lt; have := pow_lt_pow hn (conj hy lt); lra. Qed.
