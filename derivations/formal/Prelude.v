(* Sums and products of real numbers over natural numbers, and a few facts that proofs go back to. *)
From Coq Require Export Reals Lra Lia Psatz.
From mathcomp Require Export ssreflect ssrfun ssrbool eqtype ssrnat seq choice fintype bigop.
Set Implicit Arguments.
Unset Strict Implicit.
Unset Printing Implicit Defensive.
Open Scope R_scope.

Lemma RplusA : associative Rplus. Proof. move=> x y z; ring. Qed.
Lemma RplusC : commutative Rplus. Proof. move=> x y; ring. Qed.
Lemma Rplus0l : left_id 0 Rplus. Proof. move=> x; ring. Qed.
Lemma Rplus0r : right_id 0 Rplus. Proof. move=> x; ring. Qed.
Lemma RmultA : associative Rmult. Proof. move=> x y z; ring. Qed.
Lemma RmultC : commutative Rmult. Proof. move=> x y; ring. Qed.
Lemma Rmult1l : left_id 1 Rmult. Proof. move=> x; ring. Qed.
Lemma Rmult1r : right_id 1 Rmult. Proof. move=> x; ring. Qed.
Lemma Rmult0l : left_zero 0 Rmult. Proof. move=> x; ring. Qed.
Lemma Rmult0r : right_zero 0 Rmult. Proof. move=> x; ring. Qed.
Lemma RmultDl : left_distributive Rmult Rplus. Proof. move=> x y z; ring. Qed.
Lemma RmultDr : right_distributive Rmult Rplus. Proof. move=> x y z; ring. Qed.

Canonical Rplus_monoid := Monoid.Law RplusA Rplus0l Rplus0r.
Canonical Rplus_comoid := Monoid.ComLaw RplusC.
Canonical Rmult_monoid := Monoid.Law RmultA Rmult1l Rmult1r.
Canonical Rmult_comoid := Monoid.ComLaw RmultC.
Canonical Rmult_muloid := Monoid.MulLaw Rmult0l Rmult0r.
Canonical Rplus_addoid := Monoid.AddLaw RmultDl RmultDr.

Notation "\sum_ ( m <= i < n ) F" := (\big[Rplus/0%R]_(m <= i < n) F%R) : R_scope.
Notation "\prod_ ( m <= i < n ) F" := (\big[Rmult/1%R]_(m <= i < n) F%R) : R_scope.

Definition delta (j k : nat) : R := if j == k then 1 else 0.

Section Sums.
Variables (m n : nat).
Implicit Types (F G : nat -> R).

Lemma sumD F G : \sum_(m <= i < n) (F i + G i) = \sum_(m <= i < n) F i + \sum_(m <= i < n) G i.
Proof. exact: big_split. Qed.
Lemma sumZ c F : \sum_(m <= i < n) (c * F i) = c * \sum_(m <= i < n) F i.
Proof. by rewrite big_distrr. Qed.
Lemma sumZr c F : \sum_(m <= i < n) (F i * c) = (\sum_(m <= i < n) F i) * c.
Proof. by rewrite big_distrl. Qed.
Lemma sumN F : \sum_(m <= i < n) (- F i) = - \sum_(m <= i < n) F i.
Proof. rewrite -[RHS]Rmult_1_l Ropp_mult_distr_r_reverse Ropp_mult_distr_l -sumZ.
by apply: eq_bigr => i _; ring. Qed.
Lemma sumB F G : \sum_(m <= i < n) (F i - G i) = \sum_(m <= i < n) F i - \sum_(m <= i < n) G i.
Proof. by rewrite /Rminus sumD sumN. Qed.
Lemma sum0 F : (forall i, (m <= i < n)%N -> F i = 0) -> \sum_(m <= i < n) F i = 0.
Proof. by move=> h; rewrite big_nat; apply: (big_ind (fun x => x = 0)) => // x y -> ->; ring. Qed.
Lemma sum_ge0 F : (forall i, (m <= i < n)%N -> 0 <= F i) -> 0 <= \sum_(m <= i < n) F i.
Proof. by move=> h; rewrite big_nat; apply: (big_ind (fun x => 0 <= x)) => //; [lra | move=> x y; lra]. Qed.
Lemma le_sum F G : (forall i, (m <= i < n)%N -> F i <= G i) ->
  \sum_(m <= i < n) F i <= \sum_(m <= i < n) G i.
Proof.
move=> h; suff: 0 <= \sum_(m <= i < n) (G i - F i) by rewrite sumB; lra.
by apply: sum_ge0 => i /h; lra.
Qed.
Lemma eq_sum F G : (forall i, (m <= i < n)%N -> F i = G i) ->
  \sum_(m <= i < n) F i = \sum_(m <= i < n) G i.
Proof. exact: eq_big_nat. Qed.
Lemma sum_const c : \sum_(m <= i < n) c = INR (n - m) * c.
Proof.
rewrite big_const_nat; elim: (n - m)%N => [|k IH]; first by rewrite /= Rmult_0_l.
by rewrite iterS IH S_INR; ring.
Qed.
Lemma sum_delta (k : nat) F : (m <= k < n)%N -> \sum_(m <= i < n) (delta k i * F i) = F k.
Proof.
move=> hk; rewrite (big_rem k) ?mem_index_iota //= /delta eqxx Rmult_1_l big_seq big1 ?Rplus_0_r //.
move=> i; rewrite mem_rem_uniq ?iota_uniq // inE => /andP[/negbTE ne _].
by rewrite eq_sym ne Rmult_0_l.
Qed.
End Sums.

Lemma exchange_sum m n p q (F : nat -> nat -> R) :
  \sum_(m <= i < n) \sum_(p <= j < q) F i j = \sum_(p <= j < q) \sum_(m <= i < n) F i j.
Proof. exact: exchange_big. Qed.

(* A matrix with entries Q j k, 1 <= j, k <= n, is positive semidefinite. *)
Definition psd (n : nat) (Q : nat -> nat -> R) : Prop :=
  forall z : nat -> R, 0 <= \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * z k * Q j k).

(* A power of a number that is not negative; 0^0 is 1, as everywhere in the package. *)
Definition power (x y : R) : R :=
  if Req_EM_T x 0 then (if Req_EM_T y 0 then 1 else 0) else Rpower x y.

(* A family in which one element has another value. *)
Definition update (f : nat -> R) (i : nat) (t : R) : nat -> R := fun a => if a == i then t else f a.
Definition update2 (f : nat -> nat -> R) (i j : nat) (t : R) : nat -> nat -> R :=
  fun a b => if (a == i) && (b == j) then t else f a b.
Definition update3 (f : nat -> nat -> nat -> R) (i j k : nat) (t : R) : nat -> nat -> nat -> R :=
  fun a b c => if [&& a == i, b == j & c == k] then t else f a b c.

(* Limits, as a real number or a natural number grows, or as a real number falls to another one. *)
Definition limit_at_infinity (f : R -> R) (l : R) : Prop :=
  forall eps, 0 < eps -> exists B, forall x, B < x -> Rabs (f x - l) < eps.
Definition diverges_at_infinity (f : R -> R) : Prop := forall B, exists C, forall x, C < x -> B < f x.
Definition limit_of_sequence (f : nat -> R) (l : R) : Prop :=
  forall eps, 0 < eps -> exists N, forall n, (N <= n)%N -> Rabs (f n - l) < eps.
Definition diverges_in_sequence (f : nat -> R) : Prop :=
  forall B, exists N, forall n, (N <= n)%N -> B < f n.
Definition limit_from_above (f : R -> R) (a l : R) : Prop :=
  forall eps, 0 < eps -> exists delta, 0 < delta /\ forall x, a < x < a + delta -> Rabs (f x - l) < eps.

(* There are exactly k numbers with the property P at which f vanishes. *)
Definition number_of_roots (f : R -> R) (P : R -> Prop) (k : nat) : Prop :=
  exists roots : list R, [/\ List.NoDup roots, size roots = k &
    forall x, List.In x roots <-> P x /\ f x = 0].

(* The average over the data, and that over the noise.

   Both are linear functionals, with the moments that the model gives them.  That over the data is only
   asked about polynomials of degree two in features and target, and about constants: no other moment needs
   to exist.  That over the noise is asked about polynomials in the noise; [before eps i f] says that f speaks
   of the noise of layers below i only.  Given such an f, the noise of layer i has mean 1 and variance
   (sigma i)^2, and that of two neurons is uncorrelated; independent noise is so. *)
Section Averages.
Variables (Data Noise : Type).

Inductive quadratic (x : Data -> nat -> R) (y : Data -> R) : (Data -> R) -> Prop :=
| quadratic_constant a : quadratic x y (fun _ => a)
| quadratic_features j k : quadratic x y (fun p => x p j * x p k)
| quadratic_mixed j : quadratic x y (fun p => y p * x p j)
| quadratic_target : quadratic x y (fun p => y p * y p)
| quadratic_add f g : quadratic x y f -> quadratic x y g -> quadratic x y (fun p => f p + g p)
| quadratic_scale a f : quadratic x y f -> quadratic x y (fun p => a * f p).

Record data_average (E : (Data -> R) -> R) (x : Data -> nat -> R) (y : Data -> R)
    (A : nat -> nat -> R) (v : nat -> R) (c : R) : Prop := {
  data_constant : forall a, E (fun _ => a) = a;
  data_add : forall f g, quadratic x y f -> quadratic x y g -> E (fun p => f p + g p) = E f + E g;
  data_scale : forall a f, quadratic x y f -> E (fun p => a * f p) = a * E f;
  data_features : forall j k, E (fun p => x p j * x p k) = A j k;
  data_mixed : forall j, E (fun p => y p * x p j) = v j;
  data_target : E (fun p => y p * y p) = c
}.

Inductive before (eps : Noise -> nat -> nat -> R) (i : nat) : (Noise -> R) -> Prop :=
| before_constant a : before eps i (fun _ => a)
| before_noise l j : (l < i)%N -> before eps i (fun o => eps o l j)
| before_add f g : before eps i f -> before eps i g -> before eps i (fun o => f o + g o)
| before_mul f g : before eps i f -> before eps i g -> before eps i (fun o => f o * g o).

Record noise_average (E : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R) (sigma : nat -> R) : Prop := {
  noise_constant : forall a, E (fun _ => a) = a;
  noise_add : forall i f g, before eps i f -> before eps i g -> E (fun o => f o + g o) = E f + E g;
  noise_scale : forall i a f, before eps i f -> E (fun o => a * f o) = a * E f;
  noise_mean : forall i j f, before eps i f -> E (fun o => f o * eps o i j) = E f;
  noise_pair : forall i j k f, before eps i f ->
    E (fun o => f o * (eps o i j * eps o i k)) = (1 + delta j k * sigma i ^ 2) * E f
}.
End Averages.

(* An infinite sum, from its first index on: the partial sums tend to the total. *)
Definition series_from (m : nat) (F : nat -> R) (total : R) : Prop :=
  limit_of_sequence (fun n => \sum_(m <= k < n) F k) total.

(* x (x - 1) ... (x - k + 1) / k!, for any real number x. *)
Definition binomial (x : R) (k : nat) : R := (\prod_(0 <= i < k) (x - INR i)) / INR (fact k).
