(* Derivatives of the formulas of the package.

   The rules of differentiation are stated for functions that are written as formulas.  The tactic [derive]
   applies the one that the outermost operation asks for, again and again.  It leaves what must hold there
   (a denominator is not 0, a base is positive), unless that is plain, and the equation between the
   derivative that the rules give and the one that is claimed.  Of a sum, or of a function without a
   formula, it takes the derivative from a hypothesis if there is one. *)
From Coq Require Import FunctionalExtensionality.
From Symderive.formal Require Export Tactics Sums.
Set Implicit Arguments.
Unset Strict Implicit.

Section Rules.
Variables (f g : R -> R) (x f' g' : R).
Hypotheses (df : derivable_pt_lim f x f') (dg : derivable_pt_lim g x g').

Lemma derivative_add : derivable_pt_lim (fun t => f t + g t) x (f' + g').
Proof. exact: derivable_pt_lim_plus. Qed.

Lemma derivative_sub : derivable_pt_lim (fun t => f t - g t) x (f' - g').
Proof. exact: derivable_pt_lim_minus. Qed.

Lemma derivative_opp : derivable_pt_lim (fun t => - f t) x (- f').
Proof. exact: derivable_pt_lim_opp. Qed.

Lemma derivative_mul : derivable_pt_lim (fun t => f t * g t) x (f' * g x + f x * g').
Proof. exact: derivable_pt_lim_mult. Qed.

Lemma derivative_div : g x <> 0 ->
  derivable_pt_lim (fun t => f t / g t) x ((f' * g x - g' * f x) / (g x) ^ 2).
Proof.
move=> nz; have -> : (g x) ^ 2 = Rsqr (g x) by rewrite /Rsqr; ring.
exact: derivable_pt_lim_div.
Qed.

(* Constant terms and factors. *)
Lemma derivative_shift c : derivable_pt_lim (fun t => c + f t) x f'.
Proof. by rewrite -[f']Rplus_0_l; apply: derivable_pt_lim_plus => //; exact: derivable_pt_lim_const. Qed.

Lemma derivative_shift_right c : derivable_pt_lim (fun t => f t + c) x f'.
Proof. by rewrite -[f']Rplus_0_r; apply: derivable_pt_lim_plus => //; exact: derivable_pt_lim_const. Qed.

Lemma derivative_scale c : derivable_pt_lim (fun t => c * f t) x (c * f').
Proof. exact: derivable_pt_lim_scal. Qed.

Lemma derivative_scale_right c : derivable_pt_lim (fun t => f t * c) x (f' * c).
Proof. exact: derivable_pt_lim_scal_right. Qed.

Lemma derivative_div_scale c : derivable_pt_lim (fun t => f t / c) x (f' / c).
Proof. exact: derivable_pt_lim_div_scal. Qed.

Lemma derivative_const_div c : f x <> 0 -> derivable_pt_lim (fun t => c / f t) x (- (c * f') / (f x) ^ 2).
Proof.
move=> nz; have -> : - (c * f') / (f x) ^ 2 = (0 * f x - f' * c) / Rsqr (f x) by rewrite /Rsqr; field.
by apply: (derivable_pt_lim_div (fct_cte c)) => //; exact: derivable_pt_lim_const.
Qed.

(* The chain rule for an outer function with the derivative [outer'] at [f x]. *)
Lemma derivative_comp (outer : R -> R) outer' :
  derivable_pt_lim outer (f x) outer' -> derivable_pt_lim (fun t => outer (f t)) x (outer' * f').
Proof. by move=> d; exact: (derivable_pt_lim_comp f outer). Qed.

Lemma derivative_pow n : derivable_pt_lim (fun t => (f t) ^ n) x (INR n * (f x) ^ n.-1 * f').
Proof. by apply: (@derivative_comp (fun t => t ^ n)); exact: derivable_pt_lim_pow. Qed.

Lemma derivative_exp : derivable_pt_lim (fun t => exp (f t)) x (exp (f x) * f').
Proof. by apply: derivative_comp; exact: derivable_pt_lim_exp. Qed.

Lemma derivative_ln : 0 < f x -> derivable_pt_lim (fun t => ln (f t)) x (/ f x * f').
Proof. by move=> pos; apply: derivative_comp; exact: derivable_pt_lim_ln. Qed.

Lemma derivative_sqrt : 0 < f x -> derivable_pt_lim (fun t => sqrt (f t)) x (/ (2 * sqrt (f x)) * f').
Proof. by move=> pos; apply: derivative_comp; exact: derivable_pt_lim_sqrt. Qed.

Lemma derivative_Rpower s : 0 < f x ->
  derivable_pt_lim (fun t => Rpower (f t) s) x (s * Rpower (f x) (s - 1) * f').
Proof. by move=> pos; apply: (@derivative_comp (fun t => Rpower t s)); exact: derivable_pt_lim_power. Qed.
End Rules.

Lemma derivative_id x : derivable_pt_lim (fun t => t) x 1.
Proof. exact: derivable_pt_lim_id. Qed.

Lemma derivative_const c x : derivable_pt_lim (fun _ => c) x 0.
Proof. exact: derivable_pt_lim_const. Qed.

Lemma derivative_inv (f : R -> R) x f' : derivable_pt_lim f x f' -> f x <> 0 ->
  derivable_pt_lim (fun t => / f t) x (- f' / (f x) ^ 2).
Proof.
move=> df nz; rewrite -[f']Rmult_1_l.
apply: (@derivable_pt_lim_ext (fun t => 1 / f t)) => [t|]; first by rewrite /Rdiv Rmult_1_l.
exact: derivative_const_div.
Qed.

(* The derivative of a positive number to a fixed power: near such a number [power] is [Rpower]. *)
Lemma derivative_power (f : R -> R) x f' s : derivable_pt_lim f x f' -> 0 < f x ->
  derivable_pt_lim (fun t => power (f t) s) x (s * Rpower (f x) (s - 1) * f').
Proof.
move=> df pos; apply: (@derivative_comp f x f' df (fun u => power u s)).
apply: (@derivable_pt_lim_locally_ext (fun u => Rpower u s) _ _ 0 (f x + 1)).
- lra.
- by move=> u [u_gt0 _]; rewrite /power; case: Req_EM_T => // u_0; exfalso; lra.
- exact: derivable_pt_lim_power.
Qed.

(* A finite sum is differentiated term by term. *)
Lemma derivative_sum m n (F : R -> nat -> R) (F' : nat -> R) x :
  (forall j, (m <= j < n)%N -> derivable_pt_lim (fun t => F t j) x (F' j)) ->
  derivable_pt_lim (fun t => \sum_(m <= j < n) F t j) x (\sum_(m <= j < n) F' j).
Proof.
move=> dF; have {dF}: forall j, j \in index_iota m n -> derivable_pt_lim (fun t => F t j) x (F' j).
  by move=> j; rewrite mem_index_iota; exact: dF.
elim: (index_iota m n) => [_ | j s IH dF].
  rewrite big_nil; apply: (@derivable_pt_lim_ext (fun _ => 0)) => [t|]; first by rewrite big_nil.
  exact: derivative_const.
rewrite big_cons; apply: (@derivable_pt_lim_ext (fun t => F t j + \big[Rplus/0]_(i <- s) F t i)) => [t|].
  by rewrite big_cons.
apply: derivative_add; first by apply: dF; rewrite mem_head.
by apply: IH => i i_s; apply: dF; rewrite in_cons i_s orbT.
Qed.

(* One element of a family is the variable. *)
Lemma update_same f i : update f i (f i) =1 f.
Proof. by move=> j; rewrite /update; case: eqP => [->|]. Qed.

Lemma update3_same f i j k : update3 f i j k (f i j k) = f.
Proof.
apply: functional_extensionality => a; apply: functional_extensionality => b.
by apply: functional_extensionality => c; rewrite /update3; case: and3P => [[/eqP-> /eqP-> /eqP->]|].
Qed.

Lemma derivative_update f i j x : derivable_pt_lim (fun t => update f i t j) x (delta i j).
Proof.
by rewrite /update /delta eq_sym; case: eqP => _; [exact: derivative_id | exact: derivative_const].
Qed.

Lemma derivative_update3 f i j k b c x :
  derivable_pt_lim (fun t => update3 f i j k t i b c) x (delta j b * delta k c).
Proof.
rewrite /update3 /delta eqxx (eq_sym j) (eq_sym k) /=.
case: (b == j) (c == k) => [] [] /=; rewrite ?Rmult_1_l ?Rmult_0_l; try exact: derivative_const.
exact: derivative_id.
Qed.

Lemma derivative_eq f x l l' : derivable_pt_lim f x l' -> l' = l -> derivable_pt_lim f x l.
Proof. by move=> d <-. Qed.

(* The derivative is known from a hypothesis. *)
Ltac known_derivative :=
  first [eassumption | match goal with H : forall _, derivable_pt_lim _ _ _ |- _ => eapply H end].
(* A derivative that is still to be found, and one that is claimed. *)
Ltac differentiate := cbv beta;
  lazymatch goal with
  | |- derivable_pt_lim (fun _ => ?c) _ _ => exact: derivative_const
  | |- derivable_pt_lim (fun t => t) _ _ => exact: derivative_id
  | |- derivable_pt_lim (fun _ => ?c + _) _ _ => eapply derivative_shift; differentiate
  | |- derivable_pt_lim (fun _ => _ + ?c) _ _ => eapply derivative_shift_right; differentiate
  | |- derivable_pt_lim (fun _ => ?c * _) _ _ => eapply derivative_scale; differentiate
  | |- derivable_pt_lim (fun _ => _ * ?c) _ _ => eapply derivative_scale_right; differentiate
  | |- derivable_pt_lim (fun _ => _ / ?c) _ _ => eapply derivative_div_scale; differentiate
  | |- derivable_pt_lim (fun _ => ?c / _) _ _ => eapply derivative_const_div; [differentiate | ]
  | |- derivable_pt_lim (fun t => _ + _) _ _ => eapply derivative_add; differentiate
  | |- derivable_pt_lim (fun t => _ - _) _ _ => eapply derivative_sub; differentiate
  | |- derivable_pt_lim (fun t => - _) _ _ => eapply derivative_opp; differentiate
  | |- derivable_pt_lim (fun t => _ * _) _ _ => eapply derivative_mul; differentiate
  | |- derivable_pt_lim (fun t => _ / _) _ _ => eapply derivative_div; [differentiate | differentiate | ]
  | |- derivable_pt_lim (fun t => / _) _ _ => eapply derivative_inv; [differentiate | ]
  | |- derivable_pt_lim (fun t => _ ^ _) _ _ => eapply derivative_pow; differentiate
  | |- derivable_pt_lim (fun t => exp _) _ _ => eapply derivative_exp; differentiate
  | |- derivable_pt_lim (fun t => ln _) _ _ => eapply derivative_ln; [differentiate | ]
  | |- derivable_pt_lim (fun t => sqrt _) _ _ => eapply derivative_sqrt; [differentiate | ]
  | |- derivable_pt_lim (fun t => Rpower _ _) _ _ => eapply derivative_Rpower; [differentiate | ]
  | |- derivable_pt_lim (fun t => power _ _) _ _ => eapply derivative_power; [differentiate | ]
  | |- derivable_pt_lim (fun t => update _ _ _ _) _ _ => eapply derivative_update
  | |- derivable_pt_lim (fun t => BigOp.bigop _ _ _) _ _ =>
      first [ known_derivative
            | let j := fresh "j" in let hj := fresh "hj" in
              eapply derivative_sum; intros j hj; differentiate ]
  | |- derivable_pt_lim (fun _ => _) _ _ => try known_derivative
  | |- derivable_pt_lim ?f ?x ?l => change (derivable_pt_lim (fun t => f t) x l); differentiate
  end; cbv beta.
Ltac denominators := nonzero.
Ltac derive :=
  eapply derivative_eq; [differentiate; try solve [sign | nonzero] | cbv beta; cbn [Nat.pred]].

(* Sums of the powers of fractions whose nonzero have the same derivative, such as the moments
   sum_j v_j^2 / (lambda + rho a_j)^r of the ridge. *)
Lemma derivative_fractions n r (w : nat -> R) (F : nat -> R -> R) x f' :
  (forall j, derivable_pt_lim (F j) x f') -> (forall j, 0 < F j x) ->
  derivable_pt_lim (fun t => \sum_(1 <= j < n.+1) (w j / F j t ^ r)) x
    (- (INR r * f' * \sum_(1 <= j < n.+1) (w j / F j x ^ r.+1))).
Proof.
move=> dF F_gt0; derive; first by have pos := F_gt0 j; nonzero.
rewrite -sumZ -sumN; apply: eq_bigr => j _; have := F_gt0 j.
by case: r => [|r] pos /=; field; nonzero.
Qed.
