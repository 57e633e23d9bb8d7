(* Limits, as a real number or a natural number grows, or as a real number falls to another one.

   The three are one notion: a *filter* F says which properties hold of all x that are far enough, and f
   tends to l along F if, for every eps > 0, |f x - l| < eps holds of those x.  So the rules for sums,
   products, inverses and powers are proved once.  To use them, rewrite a statement with
   [limit_at_infinityE], [limit_of_sequenceE] or [limit_from_aboveE]. *)
From Symderive.formal Require Export Tactics.
Set Implicit Arguments.
Unset Strict Implicit.

Class filter {T : Type} (F : (T -> Prop) -> Prop) : Prop := {
  filter_all : forall P : T -> Prop, (forall x, P x) -> F P;
  filter_and : forall P Q : T -> Prop, F P -> F Q -> F (fun x => P x /\ Q x);
  filter_mono : forall P Q : T -> Prop, (forall x, P x -> Q x) -> F P -> F Q
}.

Definition tends {T : Type} (F : (T -> Prop) -> Prop) (f : T -> R) (l : R) : Prop :=
  forall eps, 0 < eps -> F (fun x => Rabs (f x - l) < eps).
Definition diverges {T : Type} (F : (T -> Prop) -> Prop) (f : T -> R) : Prop :=
  forall B, F (fun x => B < f x).

(* The three filters. *)
Definition near_infinity (P : R -> Prop) : Prop := exists B, forall x, B < x -> P x.
Definition eventually (P : nat -> Prop) : Prop := exists N, forall n, (N <= n)%N -> P n.
Definition near_above (a : R) (P : R -> Prop) : Prop := exists e, 0 < e /\ forall x, a < x < a + e -> P x.

#[export] Instance near_infinity_filter : filter near_infinity.
Proof.
split=> [P h | P Q [B hP] [C hQ] | P Q h [B hP]]; [by exists 0 | | by exists B; auto].
exists (Rmax B C) => x hx; have := Rmax_l B C; have := Rmax_r B C; split; [apply: hP | apply: hQ]; lra.
Qed.

#[export] Instance eventually_filter : filter eventually.
Proof.
split=> [P h | P Q [M hP] [N hQ] | P Q h [N hP]]; [by exists 0%N | | by exists N; auto].
by exists (maxn M N) => n; rewrite geq_max => /andP[/hP ? /hQ].
Qed.

#[export] Instance near_above_filter a : filter (near_above a).
Proof.
split=> [P h | P Q [d [d0 hP]] [e [e0 hQ]] | P Q h [e [e0 hP]]]; last by exists e; auto.
  by exists 1; split; first lra.
exists (Rmin d e); split=> [|x hx]; first exact: Rmin_pos.
have := Rmin_l d e; have := Rmin_r d e; split; [apply: hP | apply: hQ]; lra.
Qed.

Lemma limit_at_infinityE f l : limit_at_infinity f l = tends near_infinity f l. Proof. by []. Qed.
Lemma limit_of_sequenceE f l : limit_of_sequence f l = tends eventually f l. Proof. by []. Qed.
Lemma limit_from_aboveE f a l : limit_from_above f a l = tends (near_above a) f l. Proof. by []. Qed.

Section Rules.
Context {T : Type} {F : (T -> Prop) -> Prop} {FF : filter F}.
Implicit Types (f g : T -> R) (l m : R).

(* Two functions that agree far enough have the same limits. *)
Lemma tends_eq f g l : F (fun x => f x = g x) -> tends F f l -> tends F g l.
Proof. by move=> fg fl eps /fl /(filter_and fg); apply: filter_mono => x [<-]. Qed.

Lemma tends_ext f g l : (forall x, f x = g x) -> tends F f l -> tends F g l.
Proof. by move=> fg; apply: tends_eq; apply: filter_all. Qed.

Lemma tends_to l m f : l = m -> tends F f l -> tends F f m.
Proof. by move=> <-. Qed.

Lemma tends_const l : tends F (fun _ => l) l.
Proof. by move=> eps eps0; apply: filter_all => _; rewrite Rminus_eq_0 Rabs_R0. Qed.

(* What is squeezed to a limit tends to it. *)
Lemma tends_squeeze f g l : F (fun x => Rabs (f x - l) <= g x) -> tends F g 0 -> tends F f l.
Proof.
move=> fg g0 eps /g0 /(filter_and fg); apply: filter_mono => x [h]; rewrite Rminus_0_r => hg.
by have := Rle_abs (g x); lra.
Qed.

Lemma tends_add f g l m : tends F f l -> tends F g m -> tends F (fun x => f x + g x) (l + m).
Proof.
move=> fl gm eps eps0; have half : 0 < eps / 2 by lra.
apply: filter_mono (filter_and (fl _ half) (gm _ half)) => x [hf hg].
have -> : f x + g x - (l + m) = (f x - l) + (g x - m) by ring.
by have := Rabs_triang (f x - l) (g x - m); lra.
Qed.

(* A continuous function of what tends to l tends to its value at l. *)
Lemma tends_continuous (k : R -> R) f l :
  continuity_pt k l -> tends F f l -> tends F (fun x => k (f x)) (k l).
Proof.
move=> cont fl eps eps0; have [e [e0 h]] := cont eps eps0.
apply: filter_mono (fl e e0) => x fx; case: (Req_dec l (f x)) => [<- | ne]; last by apply: h.
by rewrite Rminus_eq_0 Rabs_R0.
Qed.

Lemma tends_scale c f l : tends F f l -> tends F (fun x => c * f x) (c * l).
Proof. by move=> fl; apply: (tends_continuous (k := Rmult c)) => //; reg. Qed.

Lemma tends_opp f l : tends F f l -> tends F (fun x => - f x) (- l).
Proof. by move=> fl; apply: (tends_continuous (k := Ropp)) => //; reg. Qed.

Lemma tends_sub f g l m : tends F f l -> tends F g m -> tends F (fun x => f x - g x) (l - m).
Proof. by move=> fl gm; apply: tends_add => //; apply: tends_opp. Qed.

Lemma tends_pow n f l : tends F f l -> tends F (fun x => f x ^ n) (l ^ n).
Proof.
move=> fl; apply: (tends_continuous (k := fun t => t ^ n)) => //.
by apply: derivable_continuous_pt; apply: derivable_pt_pow.
Qed.

(* f g = ((f + g)^2 - (f - g)^2) / 4, and squares are continuous. *)
Lemma tends_mul f g l m : tends F f l -> tends F g m -> tends F (fun x => f x * g x) (l * m).
Proof.
move=> fl gm; have -> : l * m = / 4 * ((l + m) ^ 2 - (l - m) ^ 2) by field.
apply: (@tends_ext (fun x => / 4 * ((f x + g x) ^ 2 - (f x - g x) ^ 2))) => [x | ]; first by field.
by apply: tends_scale; apply: tends_sub; apply: tends_pow; [apply: tends_add | apply: tends_sub].
Qed.

Lemma tends_inv f l : l <> 0 -> tends F f l -> tends F (fun x => / f x) (/ l).
Proof.
move=> l0 fl; apply: (tends_continuous (k := Rinv)) => //.
by apply: (continuity_pt_inv (fun t => t)) => //; apply: derivable_continuous_pt; apply: derivable_pt_id.
Qed.

(* Finite sums and products: [tends_add] and [tends_mul], again and again. *)
Lemma tends_big (idx : R) (op : Monoid.law idx) p q (f : nat -> T -> R) (l : nat -> R) :
  (forall g h a b, tends F g a -> tends F h b -> tends F (fun x => op (g x) (h x)) (op a b)) ->
  (forall i, (p <= i < q)%N -> tends F (f i) (l i)) ->
  tends F (fun x => \big[op/idx]_(p <= i < q) f i x) (\big[op/idx]_(p <= i < q) l i).
Proof.
move=> opF; have empty n : (n <= p)%N ->
    tends F (fun x => \big[op/idx]_(p <= i < n) f i x) (\big[op/idx]_(p <= i < n) l i).
  by move=> np; rewrite big_geq //; apply: tends_ext (tends_const idx) => x; rewrite big_geq.
elim: q => [|q IH] h; first exact: empty.
have [pq | qp] := leqP p q; last exact: empty.
rewrite big_nat_recr //=.
apply: (@tends_ext (fun x => op (\big[op/idx]_(p <= i < q) f i x) (f q x))) => [x | ].
  by rewrite big_nat_recr.
apply: opF; last by apply: h; rewrite pq ltnSn.
by apply: IH => i /andP[pi iq]; apply: h; rewrite pi ltnS ltnW.
Qed.

Lemma tends_sum p q (f : nat -> T -> R) (l : nat -> R) :
  (forall i, (p <= i < q)%N -> tends F (f i) (l i)) ->
  tends F (fun x => \sum_(p <= i < q) f i x) (\sum_(p <= i < q) l i).
Proof. by apply: tends_big => g h a b; apply: tends_add. Qed.

Lemma tends_prod p q (f : nat -> T -> R) (l : nat -> R) :
  (forall i, (p <= i < q)%N -> tends F (f i) (l i)) ->
  tends F (fun x => \prod_(p <= i < q) f i x) (\prod_(p <= i < q) l i).
Proof. by apply: tends_big => g h a b; apply: tends_mul. Qed.

(* Divergence, and what it does to an inverse. *)
Lemma diverges_le f g : F (fun x => f x <= g x) -> diverges F f -> diverges F g.
Proof. by move=> fg df B; apply: filter_mono (filter_and fg (df B)) => x; lra. Qed.

Lemma diverges_add f c : diverges F f -> diverges F (fun x => f x + c).
Proof. by move=> df B; apply: filter_mono (df (B - c)) => x; lra. Qed.

Lemma diverges_scale c f : 0 < c -> diverges F f -> diverges F (fun x => c * f x).
Proof.
move=> c0 df B; apply: filter_mono (df (B / c)) => x h.
by have -> : B = c * (B / c) by [field; lra]; apply: Rmult_lt_compat_l.
Qed.

Lemma diverges_Rpower s f : 0 < s -> diverges F f -> diverges F (fun x => Rpower (f x) s).
Proof.
move=> s0 df B; have := Rmax_l B 1; have := Rmax_r B 1 => M1 BM.
apply: filter_mono (df (Rpower (Rmax B 1) (/ s))) => x h; apply: Rle_lt_trans BM _.
have {1}<- : Rpower (Rpower (Rmax B 1) (/ s)) s = Rmax B 1 by rewrite Rpower_mult Rinv_l ?Rpower_1; lra.
by apply: Rlt_Rpower_l => //; split; first exact: exp_pos.
Qed.

Lemma diverges_inv f : diverges F f -> tends F (fun x => / f x) 0.
Proof.
move=> df eps eps0; apply: filter_mono (df (/ eps)) => x h.
have e0 := Rinv_0_lt_compat _ eps0; have f0 : 0 < f x by lra.
rewrite Rminus_0_r Rabs_right; last by apply: Rgt_ge; apply: Rinv_0_lt_compat.
by rewrite -(Rinv_involutive eps); last lra; apply: Rinv_lt_contravar => //; apply: Rmult_lt_0_compat.
Qed.

(* A power with a positive exponent of what falls to 0 falls to 0. *)
Lemma tends_Rpower0 s f :
  0 < s -> F (fun x => 0 < f x) -> tends F f 0 -> tends F (fun x => Rpower (f x) s) 0.
Proof.
move=> s0 fpos f0 eps eps0; have e0 : 0 < Rpower eps (/ s) by exact: exp_pos.
apply: filter_mono (filter_and fpos (f0 _ e0)) => x [fx]; rewrite !Rminus_0_r !Rabs_right; try lra.
  move=> h; have -> : eps = Rpower (Rpower eps (/ s)) s by rewrite Rpower_mult Rinv_l ?Rpower_1; lra.
  by apply: Rlt_Rpower_l.
by left; exact: exp_pos.
Qed.
End Rules.

(* The functions that grow, or fall, by themselves. *)
Lemma diverges_id : diverges near_infinity (fun x => x).
Proof. by move=> B; exists B. Qed.

Lemma diverges_INR : diverges eventually INR.
Proof.
move=> B; have := Rmax_l B 1; have := Rmax_r B 1 => M1 BM.
have [|N [hN /lt_INR N0]] := archimed_cor1 (/ Rmax B 1); first by apply: Rinv_0_lt_compat; lra.
have MN : Rmax B 1 < INR N by apply: Rnot_le_lt => /(Rinv_le_contravar _ _ N0); lra.
by exists N => n /leP/le_INR; lra.
Qed.

Lemma near_infinity_gt B : near_infinity (fun x => B < x).
Proof. by exists B. Qed.

Lemma tends_id a : tends (near_above a) (fun x => x) a.
Proof. by move=> eps eps0; exists eps; split=> // x hx; rewrite Rabs_right; lra. Qed.

Lemma near_above_gt a : near_above a (fun x => a < x).
Proof. by exists 1; split; first lra; move=> x []. Qed.

