(* The generalized binomial series, on the real line.

   Let s >= 1, and let zeta solve zeta = q (1 + zeta)^s on the branch (s - 1) zeta <= 1.  Then, for r > 0,
   the sum of c_k(r) q^k over k >= 0 is (1 + zeta)^r, where c_k(r) = r/(ks + r) binom(ks + r, k).  The proof
   has five steps, none of which uses complex numbers or derivatives.

   1. c_k(r) is a polynomial in r, and c_k+1(r + 1) - c_k+1(r) = c_k(r + s).  A polynomial is determined by
      its values at natural numbers, so by induction c_k(r + t) is the convolution of c_k(r) and c_k(t).
   2. No term is negative, and c_k(r) q^k <= (1 + zeta)^r.  So at a smaller q the series converges, to F(r)
      with F(r) <= K (1 + zeta)^r for one number K.
   3. By step 1, F(r + t) = F(r) F(t).  As F >= 1, the logarithm of F is linear: F(r) = y^r with y = F(1).
   4. The difference in step 1 at r = 0 says y = 1 + q y^s, and the bound in step 2, as r grows, that y is
      on the branch, where q determines zeta.
   5. At the end of the branch the series converges by monotone convergence. *)
From Symderive.formal Require Export Isotropic Series.
Set Implicit Arguments.
Unset Strict Implicit.

(* Polynomials in one variable: of degree below n + 1 is what has difference quotients of degree below n.
   One that vanishes at all natural numbers is 0. *)
Fixpoint degree_below (n : nat) (f : R -> R) : Prop :=
  if n is n'.+1 then forall c, exists g, degree_below n' g /\ forall x, f x = f c + (x - c) * g x
  else forall x, f x = 0.

Lemma degree_below_add n f g :
  degree_below n f -> degree_below n g -> degree_below n (fun x => f x + g x).
Proof.
elim: n f g => [|n IH] f g /= hf hg x; first by rewrite hf hg; ring.
have [f' [hf' ef]] := hf x; have [g' [hg' eg]] := hg x.
by exists (fun z => f' z + g' z); split=> [|z]; [exact: IH | rewrite ef eg; ring].
Qed.
Lemma degree_below_scale n a f : degree_below n f -> degree_below n (fun x => a * f x).
Proof.
elim: n f => [|n IH] f /= hf x; first by rewrite hf; ring.
have [f' [hf' ef]] := hf x.
by exists (fun z => a * f' z); split=> [|z]; [exact: IH | rewrite ef; ring].
Qed.
Lemma degree_below_S n f : degree_below n f -> degree_below n.+1 f.
Proof.
elim: n f => [|n IH] f hf c.
  by exists (fun _ => 0); split=> // x; rewrite !hf; ring.
by have [g [hg eg]] := hf c; exists g; split=> //; exact: IH.
Qed.
Lemma degree_below_le m n f : (m <= n)%N -> degree_below m f -> degree_below n f.
Proof.
move=> /subnK <-; elim: (n - m)%N => // k IH hf.
by rewrite addSn; apply: degree_below_S; exact: IH.
Qed.
Lemma degree_below_const n a : degree_below n.+1 (fun _ => a).
Proof.
by apply: (@degree_below_le 1) => // c; exists (fun _ => 0); split=> // x; ring.
Qed.
Lemma degree_below_linear n a f : degree_below n f -> degree_below n.+1 (fun x => (x + a) * f x).
Proof.
elim: n f => [|n IH] f hf c.
  by exists (fun _ => 0); split=> // x; rewrite !hf; ring.
have [g [hg eg]] := hf c.
exists (fun x => f x + (c + a) * g x); split=> [|x]; last by rewrite (eg x); ring.
apply: (@degree_below_add n.+1 f) => //; apply: (@degree_below_scale n.+1); exact: (@degree_below_S n).
Qed.
Lemma degree_below_ext n f g : (forall x, f x = g x) -> degree_below n f -> degree_below n g.
Proof.
case: n => [|n] /= e hf x; first by rewrite -e.
by have [f' [h1 h2]] := hf x; exists f'; split=> // z; rewrite -!e.
Qed.
Lemma degree_below_shift n a f : degree_below n f -> degree_below n (fun x => f (x + a)).
Proof.
elim: n f => [|n IH] f /= hf x; first exact: hf.
have [f' [hf' ef]] := hf (x + a).
by exists (fun z => f' (z + a)); split=> [|z]; [exact: IH | rewrite ef; ring].
Qed.
Lemma degree_below_sum n m (F : nat -> R -> R) :
  (forall i, (i < m)%N -> degree_below n (F i)) -> degree_below n (fun x => \sum_(0 <= i < m) F i x).
Proof.
elim: m => [|m IH] hF.
  apply: (@degree_below_ext _ (fun _ => 0)) => [x|]; first by rewrite big_geq.
  by apply: (@degree_below_le 0).
apply: (@degree_below_ext _ (fun x => \sum_(0 <= i < m) F i x + F m x)) => [x|].
  by rewrite big_nat_recr.
apply: degree_below_add; last exact: hF.
by apply: IH => i hi; apply: hF; exact: ltnW.
Qed.

Lemma vanishes_at_naturals n f : degree_below n f -> (forall k, f (INR k) = 0) -> forall x, f x = 0.
Proof.
move=> hf zeros x; have {zeros}: forall k, (0 <= k)%N -> f (INR k) = 0 by [].
elim: n 0%N f hf x => [|n IH] m f hf x zeros; first exact: hf.
have [g [hg eg]] := hf (INR m).
rewrite eg zeros // (IH m.+1 g) //; first ring.
move=> k lt_mk; have := eg (INR k); rewrite !zeros //; last exact: ltnW.
have /lt_INR lt : (m < k)%coq_nat by exact/ltP.
by move=> e; apply: (Rmult_eq_reg_l (INR k - INR m)); lra.
Qed.

(* The coefficients, as polynomials in r. *)
Definition coefficient (s r : R) (k : nat) : R :=
  if k is k'.+1 then r * (\prod_(1 <= i < k) (INR k * s + r - INR i)) / INR (fact k) else 1.

Lemma coefficient0 s r : coefficient s r 0 = 1.
Proof. by []. Qed.

Lemma coefficient_binomial s r k : (0 < k)%N -> INR k * s + r <> 0 ->
  coefficient s r k = r * binomial (INR k * s + r) k / (INR k * s + r).
Proof.
case: k => // k _ nz; have pos := INR_fact_neq_0 k.+1.
by rewrite /binomial big_ltn // Rminus_0_r /coefficient; field.
Qed.

Lemma coefficient_difference s r k :
  coefficient s (r + 1) k.+1 = coefficient s r k.+1 + coefficient s (r + s) k.
Proof.
case: k => [|k]; first by rewrite /= !big_geq //; field.
rewrite /coefficient.
set X := INR k.+2 * s + r.
have -> : \prod_(1 <= i < k.+2) (INR k.+2 * s + (r + 1) - INR i) = X * \prod_(1 <= i < k.+1) (X - INR i).
  rewrite big_nat_recl //; congr (_ * _); first by rewrite /X (_ : INR 1 = 1) //; ring.
  by apply: eq_bigr => i _; rewrite (S_INR i) /X; ring.
have -> : \prod_(1 <= i < k.+2) (X - INR i) = \prod_(1 <= i < k.+1) (X - INR i) * (X - INR k.+1).
  by rewrite big_nat_recr.
have -> : \prod_(1 <= i < k.+1) (INR k.+1 * s + (r + s) - INR i) = \prod_(1 <= i < k.+1) (X - INR i).
  by apply: eq_bigr => i _; rewrite /X !S_INR; ring.
have f0 := INR_fact_neq_0 k.+1; have k0 := pos_INR k.
rewrite (fact_simpl k.+1) mult_INR; move: (INR (fact k.+1)) f0 => f f0.
by rewrite /X !S_INR; field; split=> //; lra.
Qed.

Lemma coefficient_degree s k : degree_below k.+1 (fun r => coefficient s r k).
Proof.
case: k => [|k]; first exact: degree_below_const.
apply: (@degree_below_ext _
  (fun r => / INR (fact k.+1) * ((r + 0) * \prod_(1 <= i < k.+1) (r + (INR k.+1 * s - INR i))))) => [r|].
  rewrite /coefficient Rplus_0_r /Rdiv Rmult_comm; congr (_ * _ * _).
  by apply: eq_bigr => i _; ring.
apply: degree_below_scale; apply: degree_below_linear.
elim: {1 2}k => [|m IH].
  by apply: (@degree_below_ext _ (fun _ => 1)) => [r|]; [rewrite big_geq | exact: degree_below_const].
apply: (@degree_below_ext _ (fun r => (r + (INR k.+1 * s - INR m.+1)) *
   \prod_(1 <= i < m.+1) (r + (INR k.+1 * s - INR i)))) => [r|].
  by rewrite [in RHS]big_nat_recr //; exact: Rmult_comm.
exact: degree_below_linear.
Qed.

(* Rothe's identity: the coefficients for r + t are the convolution of those for r and for t. *)
Lemma rothe s r t n : coefficient s (r + t) n =
  \sum_(0 <= k < n.+1) (coefficient s r k * coefficient s t (n - k)).
Proof.
elim: n r => [|n IH] r; first by rewrite big_nat1 /=; ring.
set f := fun r => \sum_(0 <= k < n.+2) (coefficient s r k * coefficient s t (n.+1 - k)) +
  (- 1) * coefficient s (r + t) n.+1.
suff: f r = 0 by rewrite /f; lra.
apply: (@vanishes_at_naturals n.+2).
  apply: degree_below_add.
    apply: degree_below_sum => k lt_k.
    apply: (@degree_below_ext _ (fun r => coefficient s t (n.+1 - k) * coefficient s r k)) => [x|].
      by ring.
    by apply: degree_below_scale; apply: degree_below_le (coefficient_degree s k).
  apply: degree_below_scale.
  exact: (degree_below_shift t (coefficient_degree s n.+1)).
elim=> [|m IHm].
  rewrite /f big_ltn // sum0 => [|k /andP[]]; first by rewrite subn0 Rplus_0_l /coefficient; ring.
  by case: k => // k _ _; rewrite /coefficient; rewrite Rmult_0_l /Rdiv !Rmult_0_l.
rewrite -[RHS]IHm /f S_INR.
rewrite big_nat_recl // [in RHS]big_nat_recl //.
have -> : INR m + 1 + t = INR m + t + 1 by ring.
rewrite (coefficient_difference s (INR m + t)).
under eq_bigr => k _ do rewrite coefficient_difference Rmult_plus_distr_r subSS.
rewrite sumD.
have -> : INR m + t + s = INR m + s + t by ring.
rewrite IH; under [in RHS]eq_bigr => k _ do rewrite subSS.
by rewrite !coefficient0; ring.
Qed.

(* The growth of binomial coefficients: z^n/(1 + z)^(m + n) is largest at z = n/m. *)
Lemma gibbs_lt m n z : 0 < m -> 0 < n -> 0 < z -> z <> n / m ->
  n * (ln z - ln (n / m)) < (m + n) * (ln (1 + z) - ln (1 + n / m)).
Proof.
move=> m0 n0 z0; set w := n / m => different; have w0 : 0 < w by rewrite /w; sign.
set M := (1 + z) / (1 + w); have M0 : 0 < M by rewrite /M; sign.
have <- : ln M = ln (1 + z) - ln (1 + w) by rewrite /M; logs.
have first : ln z - ln w - ln M < z / (w * M) - 1.
  have -> : ln z - ln w - ln M = ln (z / (w * M)) by logs; ring.
  apply: ln_lt_tangent; first sign.
  move=> one; have : z * (1 + w) = z / (w * M) * (w * (1 + z)) by rewrite /M; field; lra.
  by rewrite one; lra.
have second : - ln M <= / M - 1 by rewrite -ln_Rinv //; apply: ln_le_tangent; sign.
have : n * (z / (w * M) - 1) + m * (/ M - 1) = 0 by rewrite /M /w; field; repeat split; nra.
have := Rmult_lt_compat_l n _ _ n0 first.
by have := Rmult_le_compat_l m _ _ (Rlt_le _ _ m0) second; lra.
Qed.
Lemma gibbs m n z : 0 < m -> 0 < n -> 0 < z ->
  n * (ln z - ln (n / m)) <= (m + n) * (ln (1 + z) - ln (1 + n / m)).
Proof.
by move=> m0 n0 z0; case: (Req_dec z (n / m)) => [->|/gibbs_lt lt]; [lra | left; exact: lt].
Qed.

Lemma absorption x k : binomial (x + 1) k.+1 = binomial x k * ((x + 1) / INR k.+1).
Proof.
rewrite /binomial big_nat_recl // Rminus_0_r fact_simpl mult_INR.
have -> : \prod_(0 <= i < k) (x + 1 - INR i.+1) = \prod_(0 <= i < k) (x - INR i).
  by apply: eq_bigr => i _; rewrite S_INR; ring.
have k0 : INR k.+1 <> 0 by exact: not_0_INR.
by field; split=> //; exact: INR_fact_neq_0.
Qed.
Lemma binomial_gt0 m k : 0 < m -> 0 < binomial (m + INR k) k.
Proof.
move=> m0; elim: k => [|k IH]; first by rewrite /binomial big_geq //=; lra.
rewrite S_INR -Rplus_assoc absorption S_INR; have k0 := pos_INR k.
by apply: Rmult_lt_0_compat => //; apply: Rdiv_lt_0_compat; lra.
Qed.

(* By induction on k: at the largest value of the quotient of the two sides, the step is an equation. *)
Lemma binomial_bound m k z : 0 < m -> 0 < z ->
  binomial (m + INR k) k * z ^ k <= Rpower (1 + z) (m + INR k).
Proof.
move=> m0; elim: k z => [|k IH] z z0.
  have -> : binomial (m + INR 0) 0 * z ^ 0 = 1 by rewrite /binomial big_geq //=; field.
  by apply: Rpower_ge1; rewrite /=; lra.
have n0 : 0 < INR k.+1 by apply: INR_gt0.
have top := gibbs m0 n0 z0; have step : INR k.+1 = INR k + 1 by exact: S_INR.
set w := INR k.+1 / m in top; have w0 : 0 < w by rewrite /w; sign.
have power0 := Rpower_gt0 (1 + w) (m + INR k).
apply: (Rle_trans _ (Rpower (1 + w) (m + INR k) * ((1 + w) * (z / w) ^ k.+1))).
  have -> : binomial (m + INR k.+1) k.+1 * z ^ k.+1 =
      binomial (m + INR k) k * w ^ k * ((1 + w) * (z / w) ^ k.+1).
    have -> : z ^ k.+1 = w * w ^ k * (z / w) ^ k.+1.
      by rewrite -[w * w ^ k]/(w ^ k.+1) -Rpow_mult_distr; congr (_ ^ _); field; lra.
    have -> : binomial (m + INR k.+1) k.+1 = binomial (m + INR k) k * ((m + INR k.+1) / INR k.+1).
      by rewrite step -Rplus_assoc absorption step.
    have <- : (m + INR k.+1) / INR k.+1 * w = 1 + w by rewrite /w; field; lra.
    by ring.
  by apply: Rmult_le_compat_r; [sign | exact: IH].
clearbody w; apply: ln_le_inv; try sign.
by logs; rewrite step in top *; lra.
Qed.

Section Coefficients.
Variables s r : R.
Hypotheses (s1 : 1 <= s) (r0 : 0 < r).

Lemma upper_gt0 k : 0 < INR k * s + r.
Proof. by have := pos_INR k; nra. Qed.
Lemma upper_excess k : INR k * s + r = INR k * (s - 1) + r + INR k.
Proof. by ring. Qed.
Lemma excess_gt0 k : 0 < INR k * (s - 1) + r.
Proof. by have := pos_INR k; nra. Qed.

Lemma coefficient_ge0 k : 0 <= coefficient s r k.
Proof.
case: k => [|k]; first by rewrite coefficient0; lra.
have upper0 := upper_gt0 k.+1; rewrite coefficient_binomial //; last lra.
by have := binomial_gt0 k.+1 (excess_gt0 k.+1); rewrite -upper_excess => positive; sign.
Qed.

Lemma coefficient_bound k z : 0 < z -> coefficient s r k * z ^ k <= Rpower (1 + z) (INR k * s + r).
Proof.
move=> z0; case: k => [|k].
  by rewrite coefficient0 /= Rmult_0_l Rplus_0_l Rmult_1_l; apply: Rpower_ge1; lra.
have upper0 := upper_gt0 k.+1; rewrite coefficient_binomial //; last lra.
have := binomial_bound k.+1 (excess_gt0 k.+1) z0; rewrite -upper_excess; apply: Rle_trans.
apply: Rmult_le_compat_r; first sign.
have := binomial_gt0 k.+1 (excess_gt0 k.+1); rewrite -upper_excess => positive.
apply: quotient_le => //; rewrite (Rmult_comm r); apply: Rmult_le_compat_l; first lra.
by have := pos_INR k.+1; nra.
Qed.
End Coefficients.

(* The decay at which zeta solves the equation; it grows with zeta up to 1/(s - 1). *)
Definition decay (s zeta : R) : R := zeta / Rpower (1 + zeta) s.

Lemma decay_gt0 s z : 0 < z -> 0 < decay s z.
Proof. by move=> z0; rewrite /decay; sign. Qed.

Lemma decay_increasing s a b : 0 < a -> a < b -> (s - 1) * b <= 1 -> decay s a < decay s b.
Proof.
move=> a0 ab top; have b0 : 0 < b by lra.
apply: ln_lt_inv; try by apply: decay_gt0.
rewrite /decay; logs.
have one : b / 1 = b by field.
have := gibbs_lt (z := a) Rlt_0_1 b0 a0; rewrite one => /(_ (Rlt_not_eq _ _ ab)) below.
have negative : ln (1 + a) - ln (1 + b) < 0 by have := ln_increasing (1 + a) (1 + b); lra.
have : (1 + b) * (ln (1 + a) - ln (1 + b)) <= b * s * (ln (1 + a) - ln (1 + b)) by nra.
by move=> steep; apply: (Rmult_lt_reg_l b); lra.
Qed.

(* The terms of the series at q. *)
Definition term (s r q : R) (k : nat) : R := coefficient s r k * q ^ k.

Section Branch.
Variables (s : R).
Hypotheses (s1 : 1 <= s).

Lemma term_ge0 r q k : 0 < r -> 0 < q -> 0 <= term s r q k.
Proof. by move=> r0 q0; apply: Rmult_le_pos; [exact: coefficient_ge0 | sign]. Qed.

Lemma term_bound r z k : 0 < r -> 0 < z -> term s r (decay s z) k <= Rpower (1 + z) r.
Proof.
move=> r0 z0; have := coefficient_bound s1 r0 k z0.
rewrite Rpower_plus /term /decay /Rdiv Rpow_mult_distr pow_inv pow_Rpower (Rmult_comm s).
have p0 := Rpower_gt0 (1 + z) (INR k * s) => h.
apply: (Rmult_le_reg_l _ _ _ p0); move: h; set p := Rpower (1 + z) (INR k * s) in p0 *.
by have -> : p * (coefficient s r k * (z ^ k * / p)) = coefficient s r k * z ^ k by field; lra.
Qed.

Lemma partial_bound r z q n : 0 < r -> 0 < z -> 0 < q < decay s z ->
  partial (term s r q) n <= Rpower (1 + z) r * / (1 - q / decay s z).
Proof.
move=> r0 z0 [q0 q1]; have d0 := decay_gt0 s z0.
have t0 : 0 <= q / decay s z < 1.
  by split; [sign | apply: quotient_lt; lra].
apply: (Rle_trans _ (\sum_(0 <= k < n) (Rpower (1 + z) r * (q / decay s z) ^ k))).
  apply: le_sum => k _.
  have -> : term s r q k = term s r (decay s z) k * (q / decay s z) ^ k.
    by rewrite /term Rmult_assoc -Rpow_mult_distr; congr (_ * _ ^ _); field; lra.
  by apply: Rmult_le_compat_r; [apply: pow_le; lra | exact: term_bound].
by rewrite sumZ; apply: Rmult_le_compat_l; [sign | exact: geometric_bound].
Qed.

Lemma term_convolution r t q : convolution (term s (r + t) q) (term s r q) (term s t q).
Proof.
move=> m; rewrite /term rothe -sumZr; apply: eq_big_nat => k /andP[_ le_k].
have -> : q ^ m = q ^ k * q ^ (m - k) by rewrite -pow_add; congr (_ ^ _); rewrite plusE subnKC.
by ring.
Qed.

Lemma partial_one q n : partial (term s 1 q) n.+1 = 1 + q * partial (term s s q) n.
Proof.
rewrite /partial big_nat_recl // -sumZ {1}/term coefficient0 Rmult_1_l; congr (_ + _).
apply: eq_bigr => k _; have := coefficient_difference s 0 k; rewrite !Rplus_0_l /term => ->.
by rewrite /coefficient -/(coefficient s s k) /=; field; exact: (INR_fact_neq_0 k.+1).
Qed.

(* The sum of the series before the end of the branch. *)
Lemma interior r z : 0 < r -> 0 < z -> (s - 1) * z < 1 ->
  least_bound (partial (term s r (decay s z))) (Rpower (1 + z) r).
Proof.
move=> r0 z0 inside; set q := decay s z; have q0 : 0 < q by exact: decay_gt0.
(* A larger zeta on the branch, and so a larger q. *)
set w := z + (1 - (s - 1) * z) / s.
have ew : s * (w - z) = 1 - (s - 1) * z by rewrite /w; field; lra.
have zw : z < w by nra.
have w0 : 0 < w by lra.
have top : (s - 1) * w <= 1 by nra.
have qw : q < decay s w by exact: decay_increasing.
(* F, by completeness of the real numbers. *)
have sums t : {F | 0 < t -> least_bound (partial (term s t q)) F}.
  case: (Rlt_le_dec 0 t) => t0; last by exists 0; lra.
  have [F hF] := least_bound_exists (fun n => partial_bound n t0 w0 (conj q0 qw)).
  by exists F.
pose F t := sval (sums t).
have hF t : 0 < t -> least_bound (partial (term s t q)) (F t) by exact: (svalP (sums t)).
have F1 t : 0 < t -> 1 <= F t.
  by move=> /hF [h _]; have := h 1%N; rewrite /partial big_nat1 /term coefficient0 /=; lra.
have term0 t k : 0 < t -> 0 <= term s t q k by move=> t0; exact: term_ge0.
have first t : 0 < term s t q 0 by rewrite /term coefficient0 /=; lra.
have multiplicative t u : 0 < t -> 0 < u -> F (t + u) = F t * F u.
  move=> t0 u0; have tu0 : 0 < t + u by lra.
  apply: (convolution_total (term_convolution t u q)) => // [k|k|||]; [exact: term0 | exact: term0 | | |];
    exact: hF.
(* F is a power. *)
have power t : 0 < t -> F t = Rpower (F 1) t.
  move=> t0; have F1t := F1 t t0; have F11 := F1 1 Rlt_0_1.
  apply: ln_inv; [lra | sign |].
  rewrite ln_Rpower; apply: (additive_linear (g := fun t => ln (F t))) => // [x y x0 y0|x x0].
    by have := F1 x x0; have := F1 y y0; rewrite multiplicative // => *; rewrite ln_mult; lra.
  by rewrite -ln_1; apply: ln_le; [lra | exact: F1].
set y := F 1 in power.
have s0 : 0 < s by lra.
(* Its base solves the equation ... *)
have equation : y = 1 + q * Rpower y s.
  rewrite -power //; have [up1 le1] := hF 1 Rlt_0_1; have [ups _] := hF s s0.
  apply: Rle_antisym.
    apply: le1 => n; apply: (Rle_trans _ (partial (term s 1 q) n.+1)).
      by apply: partial_le => // k; apply: term0; lra.
    by rewrite partial_one; have := ups n; nra.
  have : q * F s <= y - 1; last by lra.
  by apply: (least_bound_scale (hF s s0)) => // n; have := up1 n.+1; rewrite partial_one -/y; lra.
have y1 : 1 < y by have := Rpower_gt0 y s; nra.
(* ... and lies on the branch, for its powers are at most K (1 + w)^n, ... *)
have below : y <= 1 + w.
  case: (Rle_lt_dec y (1 + w)) => // above; exfalso.
  have [|N hN] := Pow_x_infinity (y / (1 + w)) _ (/ (1 - q / decay s w) + 1).
    rewrite Rabs_pos_eq; last sign.
    by apply: (Rmult_lt_reg_r (1 + w)); [lra | rewrite /Rdiv Rmult_assoc Rinv_l; lra].
  have n0 : 0 < INR N.+1 by exact: INR_gt0.
  have := hN N.+1 (le_S _ _ (le_n N)); rewrite Rabs_pos_eq; last sign.
  have [_ least] := hF _ n0; have := least _ (fun n => partial_bound n n0 w0 (conj q0 qw)).
  rewrite power // !Rpower_pow; try lra.
  rewrite /Rdiv Rpow_mult_distr pow_inv.
  have p0 : 0 < (1 + w) ^ N.+1 by sign.
  move: (/ (1 - _)) ((1 + w) ^ N.+1) (y ^ N.+1) p0 => K p a p0 h1 h2.
  have : a * / p * p = a by field; lra.
  by nra.
(* ... where the decay determines the solution. *)
have decay_y : decay s (y - 1) = q.
  rewrite /decay; have -> : 1 + (y - 1) = y by ring.
  have p0 := Rpower_gt0 y s.
  by apply: (Rmult_eq_reg_r (Rpower y s)); [rewrite /Rdiv Rmult_assoc Rinv_l; lra | lra].
have -> : 1 + z = y.
  have y0 : 0 < y - 1 by lra.
  case: (Rtotal_order z (y - 1)) => [lt|[e|lt]]; last 1 first.
  - have : decay s (y - 1) < decay s z by apply: decay_increasing => //; lra.
    by rewrite decay_y -/q; lra.
  - have : decay s z < decay s (y - 1) by apply: decay_increasing => //; nra.
    by rewrite decay_y -/q; lra.
  - by lra.
by rewrite -power //; exact: hF.
Qed.

Lemma decay_fraction z t : 0 < z -> 0 < t < 1 -> t * decay s z <= decay s (t * z).
Proof.
move=> z0 [t0 t1]; rewrite /decay /Rdiv -Rmult_assoc; apply: Rmult_le_compat_l; first nra.
apply: Rinv_le_contravar; first sign.
by apply: Rle_Rpower_l; nra.
Qed.

Lemma partial_increasing r q q' n : 0 < r -> 0 < q <= q' ->
  partial (term s r q) n <= partial (term s r q') n.
Proof.
move=> r0 [q0 le_q]; apply: le_sum => k _; apply: Rmult_le_compat_l; first exact: coefficient_ge0.
by apply: pow_incr; lra.
Qed.

(* The sum of the series up to the end of the branch, by monotone convergence. *)
Lemma branch r z : 0 < r -> 0 < z -> (s - 1) * z <= 1 ->
  least_bound (partial (term s r (decay s z))) (Rpower (1 + z) r).
Proof.
move=> r0 z0 inside.
have before t : 0 < t < 1 -> least_bound (partial (term s r (decay s (t * z)))) (Rpower (1 + t * z) r).
  by move=> [t0 t1]; apply: interior => //; nra.
have q0 := decay_gt0 s z0.
split=> [n|u hu].
- apply: (@le_of_fractions n); first by apply: sum_ge0 => k _; exact: term_ge0.
  move=> t t01; have [upper _] := before t t01.
  apply: (Rle_trans _ (partial (term s r (t * decay s z)) n)).
    rewrite /partial -sumZ; apply: le_sum => k /andP[_ lt_k].
    rewrite /term Rpow_mult_distr -!Rmult_assoc (Rmult_comm _ (t ^ k)).
    rewrite !Rmult_assoc; apply: Rmult_le_compat_r; first exact: term_ge0.
    rewrite -(subnKC (ltnW lt_k)) -plusE pow_add -[X in _ <= X]Rmult_1_r.
    by apply: Rmult_le_compat_l; [apply: pow_le | rewrite -(pow1 (n - k)); apply: pow_incr]; lra.
  apply: (Rle_trans _ (partial (term s r (decay s (t * z))) n)).
    by apply: partial_increasing => //; split; [nra | exact: decay_fraction].
  apply: Rle_trans (upper n) _; apply: Rle_Rpower_l; nra.
- have [N [_ hN]] := floor (Rlt_le _ _ r0); rewrite -S_INR in hN.
  apply: (@le_of_fractions N.+1); first sign.
  move=> t t01; have [_ least] := before t t01.
  apply: (Rle_trans _ (Rpower (1 + t * z) r)).
    rewrite -Rpower_pow; last lra.
    apply: (Rle_trans _ (Rpower t r * Rpower (1 + z) r)).
      apply: Rmult_le_compat_r; first sign.
      apply: ln_le_inv; try sign; logs.
      by have : ln t < 0 by [rewrite -ln_1; apply: ln_increasing; lra]; nra.
    by rewrite Rpower_mult_distr; try lra; apply: Rle_Rpower_l; nra.
  apply: least => n; apply: Rle_trans (hu n); apply: partial_increasing => //.
  split; first by apply: decay_gt0; nra.
  by left; apply: decay_increasing; nra.
Qed.
End Branch.

(* The solution zeta of zeta = q (1 + zeta)^s with (s - 1) zeta <= 1, and its powers. *)
Lemma solution_series s r zeta q : 1 <= s -> 0 < r -> 0 < zeta -> zeta = q * Rpower (zeta + 1) s ->
  zeta * (s - 1) <= 1 -> limit_of_sequence (partial (term s r q)) (Rpower (zeta + 1) r).
Proof.
move=> s1 r0 zeta0 stationary inside.
have -> : q = decay s zeta.
  have power0 := Rpower_gt0 (zeta + 1) s.
  by rewrite /decay {1}stationary (Rplus_comm 1); field; lra.
rewrite (Rplus_comm zeta); apply: least_bound_limit => [n|]; last by apply: branch; lra.
by apply: partial_le => // k; apply: term_ge0 => //; exact: decay_gt0.
Qed.

Lemma binomial_series s r zeta q (F : nat -> R) : 1 <= s -> 0 < r -> 0 < zeta ->
  zeta = q * Rpower (zeta + 1) s -> zeta * (s - 1) <= 1 ->
  (forall k, F k = q ^ k * (r * binomial (INR k * s + r) k / (INR k * s + r))) ->
  series_from 1 F (Rpower (zeta + 1) r - 1).
Proof.
move=> s1 r0 zeta0 stationary inside eF.
have first : term s r q 0 = 1 by rewrite /term coefficient0 /= Rmult_1_r.
rewrite -{2}first.
apply: series_from_1 => [k k0|]; last exact: solution_series.
rewrite eF /term coefficient_binomial //; first ring.
by have := pos_INR k; nra.
Qed.
