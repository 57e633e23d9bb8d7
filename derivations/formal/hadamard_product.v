(* The decay of D + 1 vectors is at least a penalty of their entrywise product, which vectors that share the
   decay attain.

   The inequality of the arithmetic and the geometric mean in every entry: the decays gamma_i N_i of the
   factors have the product gammabar M^2, with gammabar the product of all gamma_i. *)
From Symderive.formal Require Import Powers inequalities.
From Symderive.statements Require Import hadamard_product.

Theorem hadamard_product_holds : hadamard_product.
Proof.
move=> n N_u D N M gamma_u gamma _ N_u_gt0 D_gt0 N_gt0 M_gt0 gamma_u_gt0 gamma_gt0 product.
rewrite -sumD; apply/Rle_ge/le_sum => k hk.
set decays := gamma_u * \prod_(1 <= i < D.+1) gamma i.
have decays_gt0 : 0 < decays by rewrite /decays; sign.
have -> : Rpower decays (/ (INR D + 1)) * (INR D + 1) * Rpower (M k) (2 / (INR D + 1)) =
    Rpower (gamma_u * N_u k * \prod_(1 <= i < D.+1) (N i k * gamma i)) (/ (INR D + 1)) * (INR D + 1).
  have -> : gamma_u * N_u k * \prod_(1 <= i < D.+1) (N i k * gamma i) = decays * M k ^ 2.
    by rewrite prodM -product // /decays; ring.
  have -> : Rpower (M k) (2 / (INR D + 1)) = Rpower (M k ^ 2) (/ (INR D + 1)) by rewrite Rpower_pow_l.
  by rewrite -Rpower_mult_distr //; [ring | sign].
by apply/Rge_le/am_gm_holds => // [|i]; sign.
Qed.

(* What every factor pays in an entry. *)
Definition share (D : nat) (gamma_u : R) (gamma : nat -> R) (m : R) : R :=
  Rpower (gamma_u * \prod_(1 <= i < D.+1) gamma i) (/ (INR D + 1)) * Rpower m (2 / (INR D + 1)).

Theorem hadamard_product_attained_holds : hadamard_product_attained.
Proof.
move=> D n N gamma_u gamma M N_u _ _ _ gamma_u_gt0 gamma_gt0 _ _ factors first.
rewrite -sumD; apply: eq_sum => k hk; rewrite first // -/(share D gamma_u gamma (M k)).
have -> : \sum_(1 <= i < D.+1) (N i k * gamma i) = INR D * share D gamma_u gamma (M k).
  rewrite -sum_const1; apply: eq_sum => i hi; rewrite factors // -/(share D gamma_u gamma (M k)).
  by field; apply: pos_neq0.
by rewrite /share; field; lra.
Qed.

Theorem hadamard_product_balanced_holds : hadamard_product_balanced.
Proof.
move=> n gamma_u D gamma M _ gamma_u_gt0 D_gt0 gamma_gt0 M_gt0 k _.
rewrite -/(share D gamma_u gamma (M k)) prod_div; last by move=> i _; apply: pos_neq0.
have all : share D gamma_u gamma (M k) ^ D.+1 = gamma_u * (\prod_(1 <= i < D.+1) gamma i) * M k ^ 2.
  apply: ln_inv; rewrite /share; try sign; logs.
  by rewrite S_INR /=; field; have := pos_INR D; lra.
rewrite prod_const1; set g := \prod_(1 <= i < D.+1) gamma i in all *.
have g_gt0 : 0 < g by rewrite /g; sign.
have -> (p : R) : p * (p ^ D / g) / gamma_u = p ^ D.+1 / (gamma_u * g) by rewrite /=; field; lra.
by rewrite all; field; lra.
Qed.
