(* Infinite sums of terms that are not negative.

   Their partial sums grow, so that they tend to their least bound, and convergence is a matter of bounds.
   The product of two such series is the series of their convolution. *)
From Symderive.formal Require Export Tactics.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma quotient_le a b c : 0 < b -> a <= c * b -> a / b <= c.
Proof. by move=> b0 h; apply: (Rmult_le_reg_r b) => //; rewrite /Rdiv Rmult_assoc Rinv_l; lra. Qed.
Lemma quotient_lt a b c : 0 < b -> a < c * b -> a / b < c.
Proof. by move=> b0 h; apply: (Rmult_lt_reg_r b) => //; rewrite /Rdiv Rmult_assoc Rinv_l; lra. Qed.

Lemma floor y : 0 <= y -> exists m, INR m <= y < INR m + 1.
Proof.
move=> y0; have [up1 up2] := archimed y.
have [|m em] := IZN (up y - 1); first by have : (0 < up y)%Z by [apply: lt_IZR; lra]; lia.
by exists m; rewrite INR_IZR_INZ -em minus_IZR; lra.
Qed.

(* The limit of a sequence that grows, as its least bound. *)
Definition least_bound (f : nat -> R) (l : R) : Prop :=
  (forall n, f n <= l) /\ forall u, (forall n, f n <= u) -> l <= u.

Lemma least_boundE f l : least_bound f l <-> is_lub (EUn f) l.
Proof.
split=> [[upper least]|[upper least]].
  by split=> [x [n ->] // | u hu]; apply: least => n; apply: hu; exists n.
split=> [n|u hu]; first by apply: upper; exists n.
by apply: least => x [n ->].
Qed.

Lemma least_bound_exists f u : (forall n, f n <= u) -> {l | least_bound f l}.
Proof.
move=> bound; have [|l /least_boundE] := completeness (EUn f) _ (EUn_noempty f); last by exists l.
by exists u => x [n ->].
Qed.

Lemma least_bound_limit f l : (forall n, f n <= f n.+1) -> least_bound f l -> limit_of_sequence f l.
Proof.
move=> grows /least_boundE least eps eps0.
have [N hN] := Un_cv_crit_lub f grows l least eps eps0.
by exists N => n /leP; exact: hN.
Qed.

Lemma least_bound_scale f l c u : least_bound f l -> 0 < c -> (forall n, c * f n <= u) -> c * l <= u.
Proof.
move=> [_ least] c0 bound; have : l <= u / c.
  apply: least => n; apply: (Rmult_le_reg_l c) => //.
  by have -> : c * (u / c) = u by [field; lra]; exact: bound.
by move=> /(Rmult_le_compat_l _ _ _ (Rlt_le _ _ c0)); have -> : c * (u / c) = u by field; lra.
Qed.

(* Partial sums of series whose terms are not negative. *)
Definition partial (a : nat -> R) (n : nat) : R := \sum_(0 <= k < n) a k.

Lemma partial_le a m n : (forall k, 0 <= a k) -> (m <= n)%N -> partial a m <= partial a n.
Proof.
move=> a0 /subnK <-; elim: (n - m)%N => [|k IH]; first exact: Rle_refl.
by rewrite addSn /partial big_nat_recr //=; have := a0 (k + m)%N; rewrite /partial in IH; lra.
Qed.

(* The product of two series, whose terms are c_m = a_0 b_m + ... + a_m b_0. *)
Definition convolution (c a b : nat -> R) : Prop :=
  forall m, c m = \sum_(0 <= k < m.+1) (a k * b (m - k)%N).

Lemma convolution_partial (a b c : nat -> R) n : convolution c a b ->
  partial c n = \sum_(0 <= k < n) (a k * partial b (n - k)).
Proof.
move=> product; rewrite /partial; elim: n => [|n IH]; first by rewrite !big_geq.
rewrite big_nat_recr // IH product.
have -> : \sum_(0 <= k < n) (a k * \sum_(0 <= j < n - k) b j) =
    \sum_(0 <= k < n.+1) (a k * \sum_(0 <= j < n - k) b j).
  by rewrite [in RHS]big_nat_recr //= subnn (@big_geq _ _ _ 0 0) // Rmult_0_r Rplus_0_r.
rewrite -[LHS]sumD; apply: eq_big_nat => k /andP[_ lt_k].
by rewrite subSn // big_nat_recr //=; ring.
Qed.

Lemma convolution_total (a b c : nat -> R) A B C : convolution c a b ->
  (forall k, 0 <= a k) -> (forall k, 0 <= b k) -> 0 < a 0%N -> 0 < b 0%N ->
  least_bound (partial a) A -> least_bound (partial b) B -> least_bound (partial c) C -> C = A * B.
Proof.
move=> product a0 b0 a00 b00 totalA totalB [upC leC].
have B0 : 0 < B by have := totalB.1 1%N; rewrite /partial big_nat1; lra.
apply: Rle_antisym.
  apply: leC => n; rewrite (convolution_partial _ product).
  apply: (Rle_trans _ (\sum_(0 <= k < n) (a k * B))).
    by apply: le_sum => k _; apply: Rmult_le_compat_l => //; exact: totalB.1.
  by rewrite sumZr; apply: Rmult_le_compat_r; [lra | exact: totalA.1].
have finite m n : partial a m * partial b n <= C.
  apply: Rle_trans (upC (m + n)%N); rewrite (convolution_partial _ product).
  apply: (Rle_trans _ (\sum_(0 <= k < m) (a k * partial b (m + n - k)))).
    rewrite -sumZr; apply: le_sum => k /andP[_ lt_k]; apply: Rmult_le_compat_l => //.
    by apply: partial_le => //; rewrite addnC -addnBA ?leq_addr //; exact: ltnW.
  apply: (partial_le (a := fun k => a k * partial b (m + n - k))); last exact: leq_addr.
  by move=> k; apply: Rmult_le_pos => //; apply: sum_ge0.
rewrite Rmult_comm; apply: (least_bound_scale totalA) => // m; rewrite Rmult_comm.
(* One more term, so that the partial sum is positive. *)
apply: (Rle_trans _ (partial a m.+1 * B)).
  by apply: Rmult_le_compat_r; [lra | exact: partial_le].
apply: (least_bound_scale totalB) => //.
by apply: (Rlt_le_trans _ (partial a 1)); [rewrite /partial big_nat1 | exact: partial_le].
Qed.

(* Sums that begin at 1. *)
Lemma series_from_1 (a F : nat -> R) l : (forall k, (0 < k)%N -> F k = a k) ->
  limit_of_sequence (partial a) l -> series_from 1 F (l - a 0%N).
Proof.
move=> eF tends eps /tends [N hN]; exists N.+1 => n lt_Nn.
have := hN n (ltnW lt_Nn); rewrite /partial big_ltn ?(leq_ltn_trans (leq0n N)) //.
rewrite (@eq_big_nat _ _ _ 1 n F a) => [|k /andP[k0 _]]; last exact: eF.
by congr (Rabs _ < _); ring.
Qed.

Lemma geometric_bound t n : 0 <= t < 1 -> \sum_(0 <= k < n) t ^ k <= / (1 - t).
Proof.
move=> [t0 t1]; have -> : \sum_(0 <= k < n) t ^ k = (1 - t ^ n) / (1 - t).
  elim: n => [|n IH]; first by rewrite big_geq //=; field; lra.
  by rewrite big_nat_recr // IH /=; field; lra.
have := pow_le t n t0; have := Rinv_0_lt_compat (1 - t); rewrite /Rdiv; nra.
Qed.

(* An inequality that holds for all t < 1 holds at t = 1. *)
Lemma le_of_fractions n a b : 0 <= a -> (forall t, 0 < t < 1 -> t ^ n * a <= b) -> a <= b.
Proof.
move=> a0 h; case: (Rle_lt_dec a b) => // lt_ba; exfalso.
have a1 : 0 < a by have := h (/ 2); have := pow_lt (/ 2) n; nra.
have b0 : 0 <= b by have := h (/ 2); have := pow_lt (/ 2) n; nra.
have n1 : 0 < INR n.+1 by exact: INR_gt0.
set e := (a - b) / (a * INR n.+1) / 2.
have e0 : 0 < e by rewrite /e; sign.
have en : e * INR n.+1 * a = (a - b) / 2 by rewrite /e; field; lra.
have e1 : e < 1.
  have half : e * INR n.+1 <= / 2 by apply: (Rmult_le_reg_r a) => //; lra.
  by have : 1 <= INR n.+1 by [exact: INR_ge1]; nra.
have bernoulli : 1 - INR n * e <= (1 - e) ^ n.
  elim: (n) => [|m IH]; first by rewrite /=; lra.
  by rewrite S_INR /=; have := pos_INR m; nra.
have := h (1 - e); rewrite S_INR in en; nra.
Qed.

(* A function on the positive numbers that is additive and not negative is linear. *)
Lemma additive_linear (g : R -> R) : (forall x y, 0 < x -> 0 < y -> g (x + y) = g x + g y) ->
  (forall x, 0 < x -> 0 <= g x) -> forall x, 0 < x -> g x = x * g 1.
Proof.
move=> add g0.
have multiple n x : 0 < x -> g (INR n.+1 * x) = INR n.+1 * g x.
  move=> x0; elim: n => [|n IH]; first by rewrite /= !Rmult_1_l.
  have n0 : 0 < INR n.+1 by exact: INR_gt0.
  by rewrite [INR n.+2]S_INR !Rmult_plus_distr_r !Rmult_1_l add ?IH //; exact: Rmult_lt_0_compat.
have mono x y : 0 < x -> x < y -> g x <= g y.
  by move=> x0 xy; have -> : y = x + (y - x) by [ring]; rewrite add; [have := g0 (y - x)| |]; lra.
have g1 := g0 1 Rlt_0_1.
have close x n : 0 < x -> Rabs (INR n.+1 * (g x - x * g 1)) <= 2 * g 1.
  move=> x0; have n0 : 0 < INR n.+1 by exact: INR_gt0.
  have y0 : 0 < INR n.+1 * x by nra.
  have [m [m1 m2]] := floor (Rlt_le _ _ y0).
  rewrite Rmult_minus_distr_l -multiple // -Rmult_assoc.
  set y := INR n.+1 * x in y0 m1 m2 *.
  have above : g y <= (INR m + 1) * g 1.
    by rewrite -S_INR -multiple; [apply: mono; rewrite // S_INR Rmult_1_r | lra].
  have below : (INR m - 1) * g 1 <= g y.
    case: m m1 m2 {above} => [|m] m1 m2; first by have := g0 y y0; rewrite /=; lra.
    case: m1 => [m1|m1].
      have : g (INR m.+1 * 1) <= g y by apply: mono; have := pos_INR m; rewrite S_INR in m1 *; lra.
      by rewrite multiple; lra.
    have -> : y = INR m.+1 * 1 by lra.
    by rewrite multiple; lra.
  by apply: Rabs_le; nra.
move=> x x0; case: (Req_dec (g x) (x * g 1)) => // different.
have d1 : 0 < Rabs (g x - x * g 1) by apply: Rabs_pos_lt; lra.
have [|m [m1 m2]] := floor (y := 2 * g 1 / Rabs (g x - x * g 1)); first by apply: div_ge0; lra.
have := close x m x0; rewrite Rabs_mult (Rabs_pos_eq (INR m.+1)); last exact: pos_INR.
have : 2 * g 1 = 2 * g 1 / Rabs (g x - x * g 1) * Rabs (g x - x * g 1) by field; lra.
by rewrite S_INR; nra.
Qed.
