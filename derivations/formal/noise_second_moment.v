(* Averaging over the noise.

   The outputs of layer i are polynomials in the noise of the layers up to i.  At a fixed input, the
   noise of layer i + 1 multiplies the second moments of that layer by 1 + delta_jk sigma^2, and the
   means by 1.  What is left are moments of layer i; so the library Layers carries them down to the
   data, and the recursions M and T come out.

   As forms: that of M_(i+1) at g is that of M_i at W^T g, plus sigma^2 times those at the rows of W,
   weighted by the squares of g; so M_(i+1) is positive semidefinite with M_i. *)
From Symderive.formal Require Import Layers.
From Symderive.statements Require Import noise_second_moment.
Set Implicit Arguments.
Unset Strict Implicit.

Section Outputs.
Variables (Data Noise : Type) (E : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R) (sigma : nat -> R).
Variables (x : Data -> nat -> R) (A : nat -> nat -> R) (d : nat -> nat) (W : nat -> nat -> nat -> R).
Hypothesis E_noise : noise_average E eps sigma.
Let out i j p o := h (x p) (eps o) d W i j.

Lemma outputs_before i j p : before eps i.+1 (out i j p).
Proof. by elim: i j => [|i IH] j; rewrite /out /=; before; apply: before_weaken (IH _). Qed.

Lemma outputs_layers :
  layers E x eps A d W out (fun i j k r s => (delta j k * sigma i.+1 ^ 2 + 1) * (W i.+1 j r * W i.+1 k s))
    (M A sigma d W).
Proof.
split=> [j | i j p | i j k p | i j p | // | i j k] //=; first exact: outputs_before.
- set sum_of := fun j o => \sum_(1 <= r < (d i).+1) (W i.+1 j r * out i r p o).
  have b_sum j' : before eps i.+1 (sum_of j') by rewrite /sum_of; before; exact: outputs_before.
  rewrite (_ : (fun o => _) = fun o => sum_of j o * sum_of k o * (eps o i.+1 j * eps o i.+1 k)); last first.
    by apply: functional_extensionality => o;
      rewrite /out /= -/(h _ _ _ _ _) -/(sum_of j o) -/(sum_of k o); ring.
  rewrite (noise_pair E_noise); last by apply: before_mul.
  rewrite (linear_pairs (before_linear E_noise i.+1)) => [|r s].
    by rewrite Rplus_comm -sum2Z; apply: eq_sum2 => *; ring.
  by apply: before_mul; exact: outputs_before.
- rewrite (_ : out i.+1 j p = fun o =>
      (\sum_(1 <= r < (d i).+1) (W i.+1 j r * out i r p o)) * eps o i.+1 j).
    rewrite (noise_mean E_noise) ?(linear_combination (before_linear E_noise i.+1)) // => *; before;
      exact: outputs_before.
  by apply: functional_extensionality => o; rewrite Rmult_comm.
- by rewrite -sum2Z; apply: eq_sum2 => *; ring.
Qed.
End Outputs.

Unset Implicit Arguments.

Theorem noise_second_moment_holds : noise_second_moment.
Proof.
move=> Data Noise E_x E_eps x y eps d D W A sigma v c _ _ _ _ E_data E_noise j _ k _.
by case: (outputs_moments E_data E_noise (outputs_layers x A d W E_noise) D j k).
Qed.

Theorem noise_first_moment_holds : noise_first_moment.
Proof.
move=> Data Noise E_x E_eps x y eps d D W v A c sigma _ _ _ _ E_data E_noise j hj.
by case: (target_moments E_data E_noise (outputs_layers x A d W E_noise) D j) => _; apply.
Qed.

Lemma second_moments_form A sigma d W i g :
  form (d i.+1) (M A sigma d W i.+1) g =
  form (d i) (M A sigma d W i) (fun r => \sum_(1 <= j < (d i.+1).+1) (W i.+1 j r * g j)) +
  sigma i.+1 ^ 2 * \sum_(1 <= j < (d i.+1).+1) (form (d i) (M A sigma d W i) (W i.+1 j) * g j ^ 2).
Proof.
set S := fun j k => \sum_(1 <= s < (d i).+1) \sum_(1 <= r < (d i).+1)
  (M A sigma d W i r s * W i.+1 j r * W i.+1 k s).
rewrite -form_pull_back -(form_diagonal _ S) -form_scale -form_add.
by apply: eq_form => // j k _ _; rewrite /= -/(S j k); ring.
Qed.

Lemma psd_second_moments [A] sigma [d] W i : psd (d 0%N) A -> psd (d i) (M A sigma d W i).
Proof.
move=> psdA; elim: i => [|i IH] //; apply/psd_form => g; rewrite second_moments_form.
have nonneg u : 0 <= form (d i) (M A sigma d W i) u by exact: (iffLR (psd_form _ _) IH).
apply: Rplus_le_le_0_compat => //; apply: Rmult_le_pos; first exact: sq_ge0.
by apply: sum_ge0 => j _; apply: Rmult_le_pos => //; exact: sq_ge0.
Qed.

Theorem second_moments_psd_holds : second_moments_psd.
Proof. by move=> d A D sigma W _ _ _ psdA; exact: psd_second_moments. Qed.
