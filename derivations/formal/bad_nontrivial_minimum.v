(* A bad local minimum that is not the origin: A = diag (1, 400), v = (1/10, 7/10), two hidden layers.

   The polynomial of the scalar equation has one root in each of four intervals, in which it rises or falls,
   and a sign between and beyond them.

   The dual G at a rational ridge is compared with a bound of G around the third root. It depends on the
   ridge through x = sqrt (lambda/2) also, which is 4/5 at the ridge 32/25, and from 6 to 7 around the third
   root. *)
From Symderive.formal Require Import Isotropic Roots.
From Symderive.statements Require Import bad_nontrivial_minimum.

Theorem bad_nontrivial_minimum_polynomial_holds : bad_nontrivial_minimum_polynomial.
Proof. by move=> lambda lambda0; rational. Qed.

(* The polynomial, and its derivative. *)
Definition polynomial lambda :=
  25 * lambda ^ 3 * (49 * (lambda + 1) ^ 2 + (lambda + 400) ^ 2) ^ 2
  - 2 * (lambda + 1) ^ 4 * (lambda + 400) ^ 4.
Definition slope lambda :=
  25 * (3 * lambda ^ 2 * (49 * (lambda + 1) ^ 2 + (lambda + 400) ^ 2) ^ 2
    + lambda ^ 3 * (2 * (49 * (lambda + 1) ^ 2 + (lambda + 400) ^ 2)
      * (98 * (lambda + 1) + 2 * (lambda + 400))))
  - 8 * (lambda + 1) ^ 3 * (lambda + 400) ^ 3 * (lambda + 1 + (lambda + 400)).

Lemma slope_of_polynomial lambda : derivable_pt_lim polynomial lambda (slope lambda).
Proof. by rewrite /polynomial; derive; rewrite /slope /=; ring. Qed.

(* Between a and b the polynomial has a sign, or rises or falls from one sign to the other. *)
Ltac none_between a b := by apply: no_root; rewrite /polynomial; nonzero_between a b 8%nat.
Ltac one_between a b :=
  apply: (@one_root _ _ _ a b _ slope_of_polynomial);
    [split; lra | rewrite /slope; nonzero_between a b 7%nat | lra | rewrite /polynomial; lra].
Ltac cut_at b k l := apply: (@cut_roots _ b _ k l); first by rewrite /polynomial; lra.

Lemma roots_before : number_of_roots polynomial (fun lambda => 0 < lambda < 72) 2.
Proof.
cut_at (5 / 4) 0%N 2%N; first by none_between 0 (5 / 4).
cut_at 6 1%N 1%N; first by one_between (5 / 4) 6.
cut_at 8 0%N 1%N; first by none_between 6 8.
by one_between 8 72.
Qed.

Lemma third_root : number_of_roots polynomial (fun lambda => 72 < lambda < 98) 1.
Proof.
cut_at 93 0%N 1%N; first by none_between 72 93.
by one_between 93 98.
Qed.

Theorem bad_nontrivial_minimum_before_holds : bad_nontrivial_minimum_before.
Proof. exact: roots_before. Qed.

Theorem bad_nontrivial_minimum_third_holds : bad_nontrivial_minimum_third.
Proof. exact: third_root. Qed.

Theorem bad_nontrivial_minimum_roots_holds : bad_nontrivial_minimum_roots.
Proof.
cut_at 72 2%N 2%N; first exact: roots_before.
cut_at 98 1%N 1%N; first by apply: same_roots third_root => x; split; lra.
cut_at 26000 0%N 1%N; first by none_between 98 26000.
cut_at 30000 1%N 0%N; first by one_between 26000 30000.
by apply: no_root; rewrite /polynomial; nonzero_beyond 30000 8%nat.
Qed.

Theorem bad_nontrivial_minimum_below_holds : bad_nontrivial_minimum_below.
Proof. by move=> lambda _ ->; lra. Qed.

Theorem bad_nontrivial_minimum_above_holds : bad_nontrivial_minimum_above.
Proof. by move=> lambda _ ->; lra. Qed.

Lemma decay_of_half lambda : 0 < lambda -> sqrt 2 / (250 * sqrt lambda) = / (250 * sqrt (lambda / 2)).
Proof.
move=> lambda0; rewrite sqrt_div; try lra.
by field; split; apply: pos_neq0; sign.
Qed.

Theorem bad_nontrivial_minimum_enclosure_holds : bad_nontrivial_minimum_enclosure.
Proof.
move=> lambda lambda0 lower upper; rewrite decay_of_half //.
have root : sqrt (lambda / 2) <= 7 by rewrite -[7]sqrt_pow2; [apply: sqrt_le_1_alt; lra | lra].
have root0 : 0 < sqrt (lambda / 2) by sign.
have decay : / 1750 <= / (250 * sqrt (lambda / 2)) by apply: Rinv_le_contravar; lra.
have strong : / (lambda + 400) <= / 472 by apply: Rinv_le_contravar; lra.
have weak : / (lambda + 1) <= / 73 by apply: Rinv_le_contravar; lra.
have -> : 49 / (100 * (lambda + 400)) = 49 / 100 * / (lambda + 400) by rational.
have -> : 1 / (100 * (lambda + 1)) = / 100 * / (lambda + 1) by rational.
by lra.
Qed.

Theorem bad_nontrivial_minimum_holds : bad_nontrivial_minimum.
Proof.
move=> lambda lambda0 value; rewrite decay_of_half // value.
have -> : sqrt (32 / 25 / 2) = 4 / 5 by rewrite -[4 / 5]sqrt_pow2; [congr sqrt; field | lra].
by lra.
Qed.

Theorem bad_nontrivial_minimum_origin_holds : bad_nontrivial_minimum_origin.
Proof. by move=> lambda lambda0 /(bad_nontrivial_minimum_holds lambda lambda0); lra. Qed.
