(* Quadratic forms.

   A layer with weights w takes second moments Q to w Q w^T; the form of that at g is the form of Q at
   w^T g ([form_pull_back]).  The form of the diagonal of a matrix, the bilinear form that belongs to a
   form, and the inequality of Cauchy and Schwarz in a form are here too. *)
From Symderive.formal Require Export Tactics Sums.
Set Implicit Arguments.
Unset Strict Implicit.

Definition form (n : nat) (Q : nat -> nat -> R) (g : nat -> R) : R :=
  \sum_(1 <= k < n.+1) \sum_(1 <= j < n.+1) (Q j k * g j * g k).

(* The form of the diagonal of a matrix, and its bilinear form. *)
Definition diagonal_form n (Q : nat -> nat -> R) (g : nat -> R) : R :=
  \sum_(1 <= r < n.+1) (Q r r * g r ^ 2).
Definition polar n (Q : nat -> nat -> R) (g h : nat -> R) : R :=
  \sum_(1 <= k < n.+1) \sum_(1 <= l < n.+1) (Q l k * g l * h k).

Section Form.
Variables (n : nat).
Implicit Types (Q : nat -> nat -> R) (g : nat -> R).

Lemma psd_form Q : psd n Q <-> forall g, 0 <= form n Q g.
Proof.
have same g : form n Q g = \sum_(1 <= j < n.+1) \sum_(1 <= k < n.+1) (g j * g k * Q j k).
  by rewrite /form exchange_sum; apply: eq_bigr => j _; apply: eq_bigr => k _; ring.
by split=> psdQ g; [rewrite same | rewrite -same]; exact: psdQ.
Qed.

Lemma eq_form Q Q' g g' : (forall j k, (1 <= j < n.+1)%N -> (1 <= k < n.+1)%N -> Q j k = Q' j k) ->
  (forall j, (1 <= j < n.+1)%N -> g j = g' j) -> form n Q g = form n Q' g'.
Proof. by move=> eqQ eqg; apply: eq_sum2 => k j hk hj; rewrite eqQ // !eqg. Qed.

Lemma form_add Q Q' g : form n (fun j k => Q j k + Q' j k) g = form n Q g + form n Q' g.
Proof. by rewrite -sum2D; apply: eq_sum2 => *; ring. Qed.

Lemma form_sub Q Q' g : form n (fun j k => Q j k - Q' j k) g = form n Q g - form n Q' g.
Proof. by rewrite -sum2B; apply: eq_sum2 => *; ring. Qed.

Lemma form_scale a Q g : form n (fun j k => a * Q j k) g = a * form n Q g.
Proof. by rewrite -sum2Z; apply: eq_sum2 => *; ring. Qed.

Lemma form_sum m p (F : nat -> nat -> nat -> R) g :
  form n (fun j k => \sum_(m <= l < p) F l j k) g = \sum_(m <= l < p) form n (F l) g.
Proof.
rewrite exchange_sum; apply: eq_bigr => k _; rewrite exchange_sum; apply: eq_bigr => j _.
by rewrite -!sumZr.
Qed.

(* Rows and columns that are scaled scale the vector. *)
Lemma form_rescale (u : nat -> R) Q g :
  form n (fun j k => u j * u k * Q j k) g = form n Q (fun j => u j * g j).
Proof. by apply: eq_sum2 => *; ring. Qed.

Lemma form_multiple Q (u g : nat -> R) a : (forall j, (1 <= j < n.+1)%N -> u j = a * g j) ->
  form n Q u = a ^ 2 * form n Q g.
Proof. by move=> h; rewrite -sum2Z; apply: eq_sum2 => k j hk hj; rewrite !h //; ring. Qed.

Lemma form_diagonal Q g : form n (fun j k => delta j k * Q j k) g = \sum_(1 <= j < n.+1) (Q j j * g j ^ 2).
Proof.
rewrite /form exchange_sum; apply: eq_sum => j hj.
under eq_bigr => k _ do rewrite [_ * g j]Rmult_assoc Rmult_assoc.
by rewrite sum_delta //; ring.
Qed.

Lemma form_square (u : nat -> R) g :
  form n (fun j k => u j * u k) g = (\sum_(1 <= j < n.+1) (u j * g j)) ^ 2.
Proof.
rewrite (_ : _ ^ 2 = (\sum_(1 <= j < n.+1) (u j * g j)) * \sum_(1 <= j < n.+1) (u j * g j)); last ring.
by rewrite sum_mul; apply: eq_sum2 => *; ring.
Qed.

Lemma psd_diagonal Q j : (1 <= j < n.+1)%N -> psd n Q -> 0 <= Q j j.
Proof.
move=> hj /psd_form/(_ (delta j)); rewrite /form.
under eq_bigr => k _ do under eq_bigr => l _ do rewrite [_ * delta j l]Rmult_comm Rmult_assoc.
under eq_bigr => k _ do rewrite sum_delta // [_ * delta j k]Rmult_comm.
by rewrite sum_delta.
Qed.

Lemma diagonal_form_ge0 Q g : psd n Q -> 0 <= diagonal_form n Q g.
Proof.
by move=> psdQ; apply: sum_ge0 => r hr; apply: Rmult_le_pos; [exact: (psd_diagonal hr psdQ) | sign].
Qed.

Lemma form_difference Q (g h : nat -> R) :
  (forall k, (1 <= k < n.+1)%N -> forall l, (1 <= l < n.+1)%N -> Q k l = Q l k) ->
  form n Q (fun k => g k - h k) = form n Q g - 2 * polar n Q h g + form n Q h.
Proof.
move=> symmetric.
have crossed : polar n Q g h = polar n Q h g.
  by rewrite {1}/polar sum2_swap; apply: eq_sum2 => k l hk hl; rewrite symmetric //; ring.
have -> : form n Q (fun k => g k - h k) = form n Q g - polar n Q h g - polar n Q g h + form n Q h.
  by rewrite -!sum2B -sum2D; apply: eq_sum2 => k l _ _; ring.
by rewrite crossed; ring.
Qed.
End Form.

(* The inequality of Cauchy and Schwarz in the form of A, where v = A w: the form of A is not negative at
   t less the multiple of w by v t / xi, and xi = v w is the form of A at w. *)
Lemma cauchy_schwarz_form n (A : nat -> nat -> R) (v w t : nat -> R) xi : psd n A -> 0 < xi ->
  (forall r, (1 <= r < n.+1)%N -> forall s, (1 <= s < n.+1)%N -> A r s = A s r) ->
  (forall r, (1 <= r < n.+1)%N -> \sum_(1 <= s < n.+1) (A r s * w s) = v r) ->
  \sum_(1 <= r < n.+1) (v r * w r) = xi ->
  (\sum_(1 <= r < n.+1) (v r * t r)) ^ 2
    <= xi * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * t r * t s)).
Proof.
move=> psdA xi0 sym image along; set b := \sum_(1 <= r < n.+1) (v r * t r).
have seen z : \sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * w s * z r)
  = \sum_(1 <= r < n.+1) (v r * z r).
  by rewrite exchange_sum; apply: eq_sum => r hr; rewrite sumZr image.
have : 0 <= xi * (xi * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * t r * t s)) - b ^ 2).
  have := psdA (fun r => xi * t r - b * w r); rewrite exchange_sum; congr (_ <= _).
  transitivity (xi ^ 2 * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * t r * t s))
    - xi * b * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) ((w r * t s + w s * t r) * A r s))
    + b ^ 2 * (\sum_(1 <= s < n.+1) \sum_(1 <= r < n.+1) (A r s * w s * w r))).
    by rewrite -!sum2Z -sum2B -sum2D; apply: eq_sum2 => s r _ _; ring.
  by rewrite mixed_form // !seen along -/b; ring.
nra.
Qed.

Lemma form_pull_back p q (Q w : nat -> nat -> R) (g : nat -> R) :
  form p (fun j k => \sum_(1 <= s < q.+1) \sum_(1 <= r < q.+1) (Q r s * w j r * w k s)) g =
  form q Q (fun r => \sum_(1 <= j < p.+1) (w j r * g j)).
Proof.
rewrite /form; under eq_bigr => k _.
  under eq_bigr => j _ do (rewrite Rmult_assoc Rmult_comm -sum2Z).
  rewrite exchange_sum; over.
rewrite exchange_sum; apply: eq_bigr => s _.
under eq_bigr => k _ do rewrite exchange_sum.
rewrite exchange_sum; apply: eq_bigr => r _; rewrite Rmult_assoc sum_mul -sum2Z exchange_sum.
by apply: eq_sum2 => *; ring.
Qed.
