(* The diagonal of a positive semidefinite matrix, times the size, is above the matrix.

   Of the vector z we keep the entries r and s alone, the second with its sign turned; the form at that
   vector is z_r^2 Q_rr - z_r z_s (Q_rs + Q_sr) + z_s^2 Q_ss.  It is not negative, and its sum over all r
   and s is twice the form of n diag(Q) - Q at z. *)
From Symderive.formal Require Import Forms.
From Symderive.statements Require Import diagonal_bound.

Lemma form_of_two_entries n (Q : nat -> nat -> R) (z : nat -> R) r s :
  (1 <= r < n.+1)%N -> (1 <= s < n.+1)%N ->
  let w j := z r * delta r j - z s * delta s j in
  \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (w j * w k * Q j k) =
  z r * z r * Q r r - z r * z s * Q r s - z s * z r * Q s r + z s * z s * Q s s.
Proof.
move=> hr hs w.
have entries (F : nat -> R) : \sum_(1 <= k < n.+1) (w k * F k) = z r * F r - z s * F s.
  rewrite -(sum_delta F hr) -(sum_delta F hs) -!sumZ -sumB; apply: eq_sum => k _; rewrite /w; ring.
under eq_sum => j _ do [under eq_sum => k _ do rewrite Rmult_assoc; rewrite sumZ entries].
by rewrite entries; ring.
Qed.

Theorem diagonal_bound_holds : diagonal_bound.
Proof.
move=> n Q _ psdQ z.
suff twice : \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1)
    (z r * z r * Q r r - z r * z s * Q r s - z s * z r * Q s r + z s * z s * Q s s) =
    2 * \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * z k * (INR n * delta j k * Q j k - Q j k)).
  suff : 0 <= 2 * \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1)
      (z j * z k * (INR n * delta j k * Q j k - Q j k)) by lra.
  rewrite -twice; apply: sum_ge0 => r hr; apply: sum_ge0 => s hs.
  by rewrite -(form_of_two_entries n Q z r s) //; exact: psdQ.
set diagonal := \sum_(1 <= j < n.+1) (z j * z j * Q j j).
set form := \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * z k * Q j k).
have -> : \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (z j * z k * (INR n * delta j k * Q j k - Q j k)) =
    INR n * diagonal - form.
  rewrite -sumZ -sumB; apply: eq_sum => j hj.
  rewrite -(sum_delta (fun k => INR n * (z j * z k * Q j k)) hj) -sumB.
  by apply: eq_sum => k _; ring.
have transposed : \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) (z s * z r * Q s r) = form.
  by rewrite exchange_sum.
have columns : \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) (z s * z s * Q s s) = INR n * diagonal.
  by rewrite sum_const subn1.
have rows : \sum_(1 <= r < n.+1) \sum_(1 <= s < n.+1) (z r * z r * Q r r) = INR n * diagonal.
  by rewrite exchange_sum.
under eq_sum => r _ do rewrite sumD !sumB.
by rewrite sumD !sumB rows columns transposed -/form; ring.
Qed.

(* The same as forms. *)
Lemma diagonal_form_bound n (Q : nat -> nat -> R) (g : nat -> R) :
  (0 < n)%N -> psd n Q -> form n Q g / INR n <= diagonal_form n Q g.
Proof.
move=> n0 psdQ; have n_gt0 := INR_gt0 n n0.
have : 0 <= form n (fun j k => delta j k * (INR n * Q j k) - Q j k) g.
  move: g; apply/psd_form => g; have := diagonal_bound_holds n Q n0 psdQ g.
  by rewrite (eq_sum2 (G := fun j k => g j * g k * (delta j k * (INR n * Q j k) - Q j k))) // => *; ring.
rewrite form_sub form_diagonal (eq_sum (G := fun j => INR n * (Q j j * g j ^ 2))) => [|j _]; last by ring.
rewrite sumZ -/(diagonal_form n Q g) => bound.
by apply: (Rmult_le_reg_r (INR n)) => //; rewrite /Rdiv Rmult_assoc Rinv_l; lra.
Qed.
