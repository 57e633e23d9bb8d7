(* Sums, beyond the linearity that Prelude has: single terms, sums over pairs of indices (as of quadratic
   forms and of squared norms of matrices), and the order of nested sums. *)
From Symderive.formal Require Export Tactics.
Set Implicit Arguments.
Unset Strict Implicit.

Lemma deltaC j k : delta j k = delta k j.
Proof. by rewrite /delta eq_sym. Qed.

Lemma sum_const1 n c : \sum_(1 <= i < n.+1) c = INR n * c.
Proof. by rewrite sum_const subSS subn0. Qed.
Lemma sum_recr m n (F : nat -> R) : (m <= n)%N ->
  \sum_(m <= i < n.+1) F i = (\sum_(m <= i < n) F i) + F n.
Proof. by move=> h; rewrite big_nat_recr. Qed.
Lemma sum_quotient m n c (F : nat -> R) : \sum_(m <= i < n) (F i / c) = (\sum_(m <= i < n) F i) / c.
Proof. exact: sumZr. Qed.

(* One term of a sum is the variable. *)
Lemma sum_update m n f j t (F : nat -> R -> R) : (m <= j < n)%N ->
  \sum_(m <= k < n) F k (update f j t k)
  = \sum_(m <= k < n) F k (f k) + (F j t - F j (f j)).
Proof.
move=> hj.
rewrite -[F j t - F j (f j)](sum_delta (fun k => F k t - F k (f k)) hj) -sumD; apply: eq_sum => k _.
by rewrite /update /delta eq_sym; case: eqP => _; ring.
Qed.

(* One of several terms that are not negative is at most their sum; if the sum is 0, each of them is. *)
Lemma term_le_sum m n (F : nat -> R) k :
  (forall i, (m <= i < n)%N -> 0 <= F i) -> (m <= k < n)%N -> F k <= \sum_(m <= i < n) F i.
Proof.
move=> nonneg hk; rewrite -(sum_delta F hk).
apply: le_sum => i hi; have := nonneg i hi; rewrite /delta; case: (k == i); lra.
Qed.
Lemma sum_eq0 m n (F : nat -> R) : (forall i, (m <= i < n)%N -> 0 <= F i) -> \sum_(m <= i < n) F i = 0 ->
  forall i, (m <= i < n)%N -> F i = 0.
Proof. by move=> nonneg zero i hi; have := term_le_sum nonneg hi; have := nonneg i hi; lra. Qed.

Section Pairs.
Variables (m n p q : nat).
Implicit Types (F G : nat -> nat -> R).

Lemma eq_sum2 F G : (forall j k, (m <= j < n)%N -> (p <= k < q)%N -> F j k = G j k) ->
  \sum_(m <= j < n) \sum_(p <= k < q) F j k = \sum_(m <= j < n) \sum_(p <= k < q) G j k.
Proof. by move=> h; apply: eq_sum => j hj; apply: eq_sum => k hk; exact: h. Qed.
Lemma sum2D F G : \sum_(m <= j < n) \sum_(p <= k < q) (F j k + G j k)
  = \sum_(m <= j < n) \sum_(p <= k < q) F j k + \sum_(m <= j < n) \sum_(p <= k < q) G j k.
Proof. by rewrite -sumD; apply: eq_sum => j _; rewrite sumD. Qed.
Lemma sum2B F G : \sum_(m <= j < n) \sum_(p <= k < q) (F j k - G j k)
  = \sum_(m <= j < n) \sum_(p <= k < q) F j k - \sum_(m <= j < n) \sum_(p <= k < q) G j k.
Proof. by rewrite -sumB; apply: eq_sum => j _; rewrite sumB. Qed.
Lemma sum2Z c F : \sum_(m <= j < n) \sum_(p <= k < q) (c * F j k)
  = c * \sum_(m <= j < n) \sum_(p <= k < q) F j k.
Proof. by rewrite -sumZ; apply: eq_sum => j _; rewrite sumZ. Qed.

(* A product of sums is a sum over pairs. *)
Lemma sum_mul f g : (\sum_(m <= j < n) f j) * (\sum_(p <= k < q) g k)
  = \sum_(m <= j < n) \sum_(p <= k < q) (f j * g k).
Proof. by rewrite -sumZr; apply: eq_sum => j _; rewrite sumZ. Qed.
End Pairs.

Lemma exchange_sum3 m n p q k l (F : nat -> nat -> nat -> R) :
  \sum_(m <= i < n) \sum_(p <= r < q) \sum_(k <= s < l) F i r s
  = \sum_(p <= r < q) \sum_(k <= s < l) \sum_(m <= i < n) F i r s.
Proof. by rewrite exchange_sum; apply: eq_sum => r _; rewrite exchange_sum. Qed.

Lemma exchange_pairs m n p q (F : nat -> nat -> nat -> nat -> R) :
  \sum_(m <= s < n) \sum_(m <= r < n) \sum_(p <= l < q) \sum_(p <= k < q) F s r l k
  = \sum_(m <= s < n) \sum_(m <= r < n) \sum_(p <= l < q) \sum_(p <= k < q) F r s k l.
Proof.
rewrite exchange_sum; apply: eq_bigr => s _; apply: eq_bigr => r _.
exact: exchange_sum.
Qed.

(* Names of the two indices of a square do not matter. *)
Lemma sum2_swap m n (F : nat -> nat -> R) :
  \sum_(m <= j < n) \sum_(m <= k < n) F j k = \sum_(m <= j < n) \sum_(m <= k < n) F k j.
Proof. exact: exchange_sum. Qed.

(* A symmetric form in two vectors does not care which of them comes first. *)
Lemma mixed_form n (R_ : nat -> nat -> R) (e w : nat -> R) :
  (forall r, (1 <= r < n)%N -> forall s, (1 <= s < n)%N -> R_ r s = R_ s r) ->
  \sum_(1 <= s < n) \sum_(1 <= r < n) ((e r * w s + e s * w r) * R_ r s)
  = 2 * (\sum_(1 <= s < n) \sum_(1 <= r < n) (R_ r s * e s * w r)).
Proof.
move=> sym; rewrite -[2]/(1 + 1) Rmult_plus_distr_r !Rmult_1_l [X in _ = X + _]sum2_swap -sum2D.
by apply: eq_sum2 => s r hs hr; rewrite (sym r hr s hs); ring.
Qed.
