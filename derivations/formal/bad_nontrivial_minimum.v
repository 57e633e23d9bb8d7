(* A bad local minimum that is not the origin: A = diag (1, 400), v = (1/10, 7/10), two hidden layers.

   The dual G at a rational ridge is compared with a bound of G around the third root. It depends on the
   ridge through x = sqrt (lambda/2) also, which is 4/5 at the ridge 32/25, and from 6 to 7 around the third
   root. *)
From Symderive.formal Require Import Isotropic.
From Symderive.statements Require Import bad_nontrivial_minimum.

Theorem bad_nontrivial_minimum_polynomial_holds : bad_nontrivial_minimum_polynomial.
Proof. by move=> lambda lambda0; rational. Qed.

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
