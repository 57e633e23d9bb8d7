(* What the landscape with noise of any kind has from the reduced loss. *)
From Symderive.formal Require Import Powers Forms.
From Symderive Require Import Definitions.
From Symderive.statements Require Import noise_minima.
Set Implicit Arguments.
Unset Strict Implicit.
Local Arguments pow : simpl never.

(* The difference is a diagonal and a multiple of A. *)
Theorem noise_minima_data_holds : noise_minima_data.
Proof.
move=> d A rho_2 r dpos rho0 r0 psdA; apply/psd_form => z.
have -> : form (d 0%N) (fun j k => rho_2 * delta j k * A j k + (r + 1) * A j k - A j k) z
  = rho_2 * form (d 0%N) (fun j k => delta j k * A j k) z + r * form (d 0%N) A z.
  by rewrite -!form_scale -!form_add; apply: eq_form => // j k _ _; ring.
have diagonal : 0 <= form (d 0%N) (fun j k => delta j k * A j k) z.
  rewrite form_diagonal; apply: sum_ge0 => j hj; apply: Rmult_le_pos; last exact: sq_ge0.
  exact: psd_diagonal hj psdA.
have whole : 0 <= form (d 0%N) A z by exact: (proj1 (psd_form _ _) psdA).
by sign.
Qed.

(* Every layer multiplies the second moments by the square of its factor. *)
Theorem noise_minima_stretching_holds : noise_minima_stretching.
Proof.
move=> d D A omega W theta alpha G eta _ _ _ _ _ _.
elim: D => [|D IH] j hj k hk; first by rewrite big_geq //=; ring.
rewrite prod_recr //=; set f := \prod_(_ <= _ < _) _ in IH *.
have alone : \sum_(1 <= r < (d D).+1)
    (Mhat_2 A omega d W theta alpha G eta D r r * W D.+1 j r * W D.+1 k r * theta D.+1 ^ 2)
  = (f * theta D.+1) ^ 2
    * (\sum_(1 <= r < (d D).+1) (Mtilde A omega d W alpha G eta D r r * W D.+1 j r * W D.+1 k r)).
  by rewrite -sumZ; apply: eq_sum => r hr; rewrite IH //; ring.
have pairs : \sum_(1 <= s < (d D).+1) \sum_(1 <= r < (d D).+1)
    (Mhat_2 A omega d W theta alpha G eta D r s * W D.+1 j r * W D.+1 k s * theta D.+1 ^ 2)
  = (f * theta D.+1) ^ 2 * (\sum_(1 <= s < (d D).+1) \sum_(1 <= r < (d D).+1)
      (Mtilde A omega d W alpha G eta D r s * W D.+1 j r * W D.+1 k s)).
  by rewrite -sum2Z; apply: eq_sum2 => s r hs hr; rewrite IH //; ring.
by rewrite alone pairs; ring.
Qed.
