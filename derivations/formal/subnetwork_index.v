(* The block of a dead neuron: squares, and one term whose sign the pull on the neuron decides.

   The block is a combination of squares.  The balance of the living neurons (subnetwork-waking-balance)
   makes the pull stronger than the decay of the dead one, so that the block is negative along one
   direction. *)
From Symderive.formal Require Import Algebra.
From Symderive Require Import Definitions.
From Symderive.statements Require Import subnetwork_index.
From Symderive.formal Require Import subnetwork_waking.

Theorem subnetwork_index_holds : subnetwork_index.
Proof.
move=> d i e gamma xi w eta wide i_pos gamma_pos unit.
pose shift := \sum_(1 <= p < (d i.+1%N).+1) (e i.+1%N p * xi p).
combine (- gamma i.+1%N * shift ^ 2 * unit)%fact.
Qed.

(* With omega the image of e_{i-1}, the pull is gamma beta / beta' (e_{i-1} + c omega) with c >= 0; its
   square is more than that of the first part alone. *)
Theorem subnetwork_index_pull_holds : subnetwork_index_pull.
Proof.
move=> K d i nu beta e omega sigma eta gamma alive wide i_pos nu_pos beta_pos noise gamma_pos stationary
  living unit noisy same_decay input_unit.
have held := subnetwork_waking_balance_holds K d i nu beta e omega sigma eta gamma alive wide i_pos
  nu_pos beta_pos noise gamma_pos stationary living unit.
pose scale := beta i * gamma i / beta i.+1%N.
pose extra := nu * beta i.+1%N ^ 2 * sigma i ^ 2 / (INR K * gamma i).
pose along := \sum_(1 <= r < (d (i - 1)%N).+1) (e (i - 1)%N r * omega r).
pose size := \sum_(1 <= r < (d (i - 1)%N).+1) (omega r ^ 2).
have -> : \sum_(1 <= r < (d (i - 1)%N).+1) eta r ^ 2
  = scale ^ 2 * (1 + 2 * extra * along + extra ^ 2 * size).
  rewrite (total (fun r hr => f_equal (fun x => x ^ 2) (held r hr))).
  combine (scale ^ 2 * input_unit)%fact.
have first_part : scale ^ 2 = gamma i * gamma i.+1%N.
  combine (gamma i / beta i.+1%N ^ 2 * same_decay)%fact.
have size_ge0 : 0 <= size by apply: sum_ge0 => r _; exact: sq_ge0.
have along_gt0 : 0 < extra * along.
  have -> : extra * along = nu * beta i.+1%N ^ 2 / (INR K * gamma i) * (sigma i ^ 2 * along).
    by rewrite /extra /Rdiv; ring.
  apply: Rmult_lt_0_compat; [sign | exact: noisy].
rewrite first_part.
have := gamma_pos i; have := gamma_pos i.+1%N => next_pos this_pos.
have both_pos : 0 < gamma i * gamma i.+1%N by sign.
have rest_pos : 0 < 2 * extra * along + extra ^ 2 * size by sign.
exceed (gamma i * gamma i.+1%N * (2 * extra * along + extra ^ 2 * size)); sign.
Qed.

(* Along e_{i+1} and - eta / gamma the form is gamma' - eta^2 / gamma. *)
Theorem subnetwork_index_falling_holds : subnetwork_index_falling.
Proof.
move=> K d i nu beta e omega sigma eta gamma alive wide i_pos nu_pos beta_pos noise gamma_pos stationary
  living unit noisy same_decay input_unit.
have := subnetwork_index_pull_holds K d i nu beta e omega sigma eta gamma alive wide i_pos nu_pos
  beta_pos noise gamma_pos stationary living unit noisy same_decay input_unit.
set pull := \sum_(_ <= r < _) eta r ^ 2 => strong.
have -> : gamma i.+1%N * (\sum_(1 <= p < (d i.+1%N).+1) (e i.+1%N p) ^ 2)
    + gamma i * (\sum_(1 <= r < (d (i - 1)%N).+1) ((eta r) ^ 2 / (gamma i) ^ 2))
    + 2 * (\sum_(1 <= r < (d (i - 1)%N).+1) \sum_(1 <= p < (d i.+1%N).+1)
        (- ((e i.+1%N p) ^ 2 * (eta r) ^ 2 / gamma i)))
  = gamma i.+1%N - pull / gamma i.
  combine ((gamma i.+1%N - 2 * pull / gamma i) * unit)%fact.
have gap : 0 < pull - gamma i.+1%N * gamma i by lra.
exceed ((pull - gamma i.+1%N * gamma i) / gamma i); sign.
Qed.

Theorem subnetwork_index_count_holds : subnetwork_index_count.
Proof.
move=> K d D K_pos d_pos _ live.
elim: D => [|D IH].
  rewrite !big_geq //; rewrite live; ring.
rewrite big_nat_recr // [in RHS]big_nat_recr //= subn1 /=.
lra.
Qed.
