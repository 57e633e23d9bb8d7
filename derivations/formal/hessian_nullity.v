(* Where the quadratic forms of the Hessian vanish.

   A rotation of two neurons leaves one of the two squares of the block.  For any difference of neurons, the
   inequality of Cauchy and Schwarz for the form R bounds the block by two squares.  At a double root the
   square of the sum of all alphas has the coefficient 0 in hessian-index. *)
From Symderive.formal Require Import Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import hessian_nullity.
From Symderive.formal Require Import hessian_index.

(* The first square vanishes, and in the second w is as long as the other vector. *)
Theorem hessian_nullity_rotation_holds : hessian_nullity_rotation.
Proof.
move=> d i w alpha beta e sigma R gamma wide i_pos beta_pos noise gamma_pos rotated.
widths.
have blur_pos : 0 < INR (d i) + sigma i ^ 2 by sign.
pose turn := alpha * beta i / beta i.+1%N.
pose plus r := turn * e (i - 1)%N r + w r.
pose bent r s := gamma i * sigma i ^ 2 / (INR (d i) + sigma i ^ 2) * R r s.
combine (
  total (fun r hr => gamma i * (w r - turn * e (i - 1)%N r) * rotated r hr)
  + total (fun s hs => total (fun r hr => bent r s * (plus s * rotated r hr
      + 2 * turn * e (i - 1)%N r * rotated s hs))))%fact.
Qed.

(* The inequality of Cauchy and Schwarz for the form R: it is not negative at plus - t e_{i-1}. *)
Theorem hessian_nullity_neurons_holds : hessian_nullity_neurons.
Proof.
move=> d i R e alpha beta w sigma gamma wide i_pos beta_pos noise gamma_pos psdR symmetric aligned.
widths.
have blur_pos : 0 < INR (d i) + sigma i ^ 2 by sign.
pose plus r := alpha * beta i * e (i - 1)%N r / beta i.+1%N + w r.
pose form x y := \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1) (R r s * x r * y s).
pose e' := e (i - 1)%N.
have symmetry : form plus e' = form e' plus.
  combine (total (fun s hs => total (fun r hr => plus r * e' s * symmetric r hr s hs)))%fact.
pose t := form e' plus / form e' e'.
have e_pos : 0 < form e' e' by exact: aligned.
have cauchy : form plus plus - form e' plus ^ 2 / form e' e' >= 0.
  have -> : form plus plus - form e' plus ^ 2 / form e' e'
    = form plus plus - t * form e' plus - t * form plus e' + t ^ 2 * form e' e'.
    by rewrite symmetry /t; field; lra.
  have := psdR (fun r => plus r - t * e' r); rewrite exchange_sum.
  have -> : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1)
      ((plus r - t * e' r) * (plus s - t * e' s) * R r s)
    = form plus plus - t * form e' plus - t * form plus e' + t ^ 2 * form e' e'.
    clearbody t plus; rewrite /form; sum_ring.
  lra.
have -> : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1) (plus r * plus s * R r s)
  = form plus plus by rewrite /form; clearbody plus; sum_ring.
have -> : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1) (plus s * R r s * e' r)
  = form e' plus by rewrite /form; clearbody plus; sum_ring.
have gap_ge0 : 0 <= form plus plus - form e' plus ^ 2 / form e' e' by lra.
have -> : \sum_(1 <= s < (d (i - 1)%N).+1) \sum_(1 <= r < (d (i - 1)%N).+1) (R r s * e' r * e' s)
  = form e' e' by [].
clear t symmetry cauchy aligned; clearbody form.
exceed (gamma i * sigma i ^ 2 / (INR (d i) + sigma i ^ 2)
  * (form plus plus - form e' plus ^ 2 / form e' e')).
by sign.
Qed.

Theorem hessian_nullity_holds : hessian_nullity.
Proof.
move=> n e lambda rho a D alpha w n_pos lambda_pos rho_pos a_ge0 deep unit flat.
rewrite (hessian_index_holds n e rho a lambda D alpha w n_pos rho_pos a_ge0 lambda_pos deep unit).
combine (2 * (\sum_(1 <= i < D.+1) alpha i) ^ 2 * flat)%fact.
Qed.
