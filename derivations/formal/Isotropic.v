(* Products of real powers, compared by their logarithms.

   The formulas for isotropic data are products of powers of positive numbers.  Two of them are compared by
   expanding their logarithms, which turns the claim into a linear one with rational coefficients. *)
From Symderive.formal Require Export Powers.
Set Implicit Arguments.
Unset Strict Implicit.

Ltac rational := field; nonzero.
Ltac positive := sign.

(* Natural numbers in exponents, as real ones. *)
Lemma INR_double n : INR (2 * n) = 2 * INR n. Proof. exact: mult_INR. Qed.
Lemma INR_subn1 n : (0 < n)%N -> INR (n - 1) = INR n - 1.
Proof. by case: n => // n _; rewrite subn1 S_INR /=; ring. Qed.

Lemma eq_ln x y : 0 < x -> 0 < y -> (x = y <-> ln x = ln y).
Proof. by move=> x0 y0; split=> [-> //|]; exact: ln_inv. Qed.
Lemma le_ln x y : 0 < x -> 0 < y -> (x <= y <-> ln x <= ln y).
Proof. by move=> x0 y0; split; [exact: ln_le | exact: ln_le_inv]. Qed.

Lemma ge_ln x y : 0 < x -> 0 < y -> (x >= y <-> ln x >= ln y).
Proof. by move=> x0 y0; have order := le_ln y0 x0; split=> /Rge_le /order; exact: Rle_ge. Qed.

(* Equal products of powers. *)
Ltac equal_powers := apply/eq_ln; try sign; logs; rational.

(* Two comparisons are the same when the logarithms of their ratios are proportional. *)
Lemma eq_proportional k x y z w : 0 < x -> 0 < y -> 0 < z -> 0 < w -> 0 < k ->
  ln x - ln y = k * (ln z - ln w) -> (x = y <-> z = w).
Proof. by move=> x0 y0 z0 w0 k0 e; rewrite (eq_ln x0 y0) (eq_ln z0 w0); split=> h; nra. Qed.
Lemma ge_proportional k x y z w : 0 < x -> 0 < y -> 0 < z -> 0 < w -> 0 < k ->
  ln x - ln y = k * (ln z - ln w) -> (x >= y <-> z >= w).
Proof. by move=> x0 y0 z0 w0 k0 e; rewrite (ge_ln x0 y0) (ge_ln z0 w0); split=> h; nra. Qed.

Lemma Rpower_ge1 x y : 1 < x -> 0 <= y -> 1 <= Rpower x y.
Proof. by move=> x1 y0; rewrite -[X in X <= _](@Rpower_O x); [apply: Rle_Rpower; lra | lra]. Qed.
