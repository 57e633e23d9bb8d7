(* The decay of all layers is at least a power of the norm of the map.

   The numbers gamma_u N_u and gamma_i N_i have a geometric mean that is at most their arithmetic one, and
   their product is at least m^2 times the product of the decays, since the norm of the map is at most the
   product of the norms. *)
From Symderive.formal Require Import Powers inequalities norm_product.
From Symderive Require Import Definitions.
From Symderive.statements Require Import decay_bound.

Theorem decay_bound_holds : decay_bound.
Proof.
move=> D d W N U N_u m gamma_u gamma D_gt0 d_gt0 N_gt0 N_u_gt0 m_gt0 gamma_u_gt0 gamma_gt0.
move=> normW normU normm.
have norms : m ^ 2 <= (\prod_(1 <= i < D.+1) N i) * N_u.
  by have := norm_product_holds D d W U D_gt0 d_gt0; rewrite normm normU (eq_prod normW); lra.
rewrite normU; under eq_sum => i hi do rewrite normW //.
set decays := gamma_u * \prod_(1 <= i < D.+1) gamma i.
have decays_gt0 : 0 < decays by rewrite /decays; sign.
have D1_gt0 : 0 < INR D + 1 by have := pos_INR D; lra.
have mean : Rpower m (2 / (INR D + 1)) * Rpower decays (/ (INR D + 1)) <=
    Rpower (gamma_u * N_u * \prod_(1 <= i < D.+1) (gamma i * N i)) (/ (INR D + 1)).
  have -> : Rpower m (2 / (INR D + 1)) = Rpower (m ^ 2) (/ (INR D + 1)) by rewrite Rpower_pow_l.
  rewrite Rpower_mult_distr //; last by sign.
  have -> : gamma_u * N_u * \prod_(1 <= i < D.+1) (gamma i * N i) =
      ((\prod_(1 <= i < D.+1) N i) * N_u) * decays by rewrite prodM /decays; ring.
  apply: Rle_Rpower_l; first by left; sign.
  by split; [sign | apply: Rmult_le_compat_r; lra].
apply: Rge_trans (Rle_ge _ _ (Rmult_le_compat_r _ _ _ (Rlt_le _ _ D1_gt0) mean)).
by apply: am_gm_holds => // [|i]; sign.
Qed.
