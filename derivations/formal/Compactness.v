(* Weierstrass's theorem in n dimensions: a uniformly continuous function on a box takes a least value.

   A vector is a function of which the values at 1, ..., n matter.  The proof is by induction on n.  In one
   dimension the theorem is in the standard library.  In one dimension more, the least value over the last
   coordinate is a uniformly continuous function of the others.  It is a function by the completeness of the
   real numbers, so that no axiom of choice is needed. *)
From Symderive.formal Require Import Tactics Powers.
Set Implicit Arguments.
Unset Strict Implicit.

Implicit Types (n : nat) (B e : R) (u w m : nat -> R) (F : (nat -> R) -> R).

Definition in_box n B u : Prop := forall j, (1 <= j < n.+1)%N -> - B <= u j <= B.
Definition within n delta u w : Prop := forall j, (1 <= j < n.+1)%N -> Rabs (u j - w j) <= delta.
Definition uniformly_continuous n (X : (nat -> R) -> Prop) F : Prop :=
  forall e, 0 < e -> exists delta, 0 < delta /\
    forall u w, X u -> X w -> within n delta u w -> Rabs (F u - F w) <= e.

Lemma within_sym n delta u w : within n delta u w -> within n delta w u.
Proof. by move=> near j /near; rewrite Rabs_minus_sym. Qed.

(* Only the first n coordinates matter. *)
Lemma uniformly_continuous_ext n X F u w : uniformly_continuous n X F -> X u -> X w ->
  (forall j, (1 <= j < n.+1)%N -> u j = w j) -> F u = F w.
Proof.
move=> ucF Xu Xw eq_uw; apply: Rminus_diag_uniq; apply: cond_eq => e e0; rewrite Rminus_0_r.
have [delta [delta0 near]] := ucF (e / 2) ltac:(lra).
apply: Rle_lt_trans (near u w Xu Xw _) _; last lra.
by move=> j hj; rewrite eq_uw // Rminus_diag_eq // Rabs_R0; lra.
Qed.

(* A least value that is taken is a number of its own, without a choice of where it is taken. *)
Lemma least_value B (f : R -> R) : (exists t, - B <= t <= B /\ forall s, - B <= s <= B -> f t <= f s) ->
  {a | (exists t, - B <= t <= B /\ f t = a) /\ forall s, - B <= s <= B -> a <= f s}.
Proof.
move=> least.
have [||a [upper lowest]] := completeness (fun z => exists s, - B <= s <= B /\ z = - f s).
- by case: least => t [_ min_t]; exists (- f t) => _ [s [hs ->]]; have := min_t s hs; lra.
- by case: least => t [ht _]; exists (- f t), t; split.
have below s : - B <= s <= B -> - a <= f s.
  by move=> hs; have := upper (- f s) (ex_intro _ s (conj hs erefl)); lra.
exists (- a); split=> //; case: least => t [ht min_t]; exists t; split=> //.
apply: Rle_antisym; last exact: below.
suff : a <= - f t by lra.
by apply: lowest => _ [s [hs ->]]; have := min_t s hs; lra.
Qed.

(* One dimension more. *)
Definition extend n u (t : R) : nat -> R := update u n.+1 t.

Lemma extend_last n u t : extend n u t n.+1 = t.
Proof. by rewrite /extend /update eqxx. Qed.

Lemma extend_first n u t j : (1 <= j < n.+1)%N -> extend n u t j = u j.
Proof. by move=> /andP[_ hj]; rewrite /extend /update ltn_eqF. Qed.

Lemma split_range n j : (1 <= j < n.+2)%N -> (1 <= j < n.+1)%N \/ j = n.+1.
Proof. by case/andP=> j1; rewrite ltnS leq_eqVlt => /orP[/eqP ->|jn]; [right | left; rewrite j1]. Qed.

Definition everywhere u : Prop := True.

(* The theorem for functions that are uniformly continuous on the whole space. *)
Lemma box_minimum_everywhere n B F : 0 <= B -> uniformly_continuous n everywhere F ->
  exists m, in_box n B m /\ forall u, in_box n B u -> F m <= F u.
Proof.
move=> B0; elim: n F => [|n IH] F ucF.
  exists (fun _ => 0); split=> [j|u _]; first by case: j.
  by right; apply: (uniformly_continuous_ext ucF) => // -[].
have near_line u s t : within n.+1 (Rabs (s - t)) (extend n u s) (extend n u t).
  move=> j /split_range[hj | ->]; last by rewrite !extend_last; right.
  by rewrite !extend_first // Rminus_diag_eq // Rabs_R0; exact: Rabs_pos.
have on_line u : exists t, - B <= t <= B /\ forall s, - B <= s <= B -> F (extend n u t) <= F (extend n u s).
  have [||t [least ht]] := @continuity_ab_min (fun t => F (extend n u t)) (- B) B; [lra | | by exists t].
  move=> t _ e e0; have [delta [delta0 near]] := ucF (e / 2) ltac:(lra).
  exists delta; split=> // s [_ close]; apply: Rle_lt_trans (near _ _ I I _) _; last lra.
  by move=> j hj; apply: Rle_trans (near_line u s t j hj) _; left.
pose G u := sval (least_value (on_line u)).
have G_taken u : exists t, - B <= t <= B /\ F (extend n u t) = G u.
  by case: (svalP (least_value (on_line u))).
have G_below u t : - B <= t <= B -> G u <= F (extend n u t).
  by case: (svalP (least_value (on_line u))) => _; exact.
have ucG : uniformly_continuous n everywhere G.
  move=> e /ucF[delta [delta0 near]]; exists delta; split=> // u w _ _ close_uw.
  have one_sided u' w' : within n delta u' w' -> G u' <= G w' + e.
    move=> close; have [t [ht <-]] := G_taken w'; apply: Rle_trans (G_below u' t ht) _.
    suff : Rabs (F (extend n u' t) - F (extend n w' t)) <= e.
      by have := Rle_abs (F (extend n u' t) - F (extend n w' t)); lra.
    apply: near => // j /split_range[hj | ->]; first by rewrite !extend_first //; exact: close.
    by rewrite !extend_last Rminus_diag_eq // Rabs_R0; left.
  apply: Rabs_le; have := one_sided u w close_uw; have := one_sided w u (within_sym close_uw); lra.
have [m [box_m least_m]] := IH G ucG.
have [t [ht taken]] := G_taken m.
exists (extend n m t); split=> [j /split_range[hj | ->]|u box_u].
- by rewrite extend_first //; exact: box_m.
- by rewrite extend_last.
have last : - B <= u n.+1 <= B by apply: box_u; rewrite ltnS leqnn.
rewrite taken (_ : F u = F (extend n u (u n.+1))).
  apply: Rle_trans (G_below u _ last); apply: least_m => j /andP[j1 jn].
  by apply: box_u; rewrite j1 ltnW.
apply: (uniformly_continuous_ext ucF) => // j /split_range[hj | ->]; last by rewrite extend_last.
by rewrite extend_first.
Qed.

(* The nearest point of the box. *)
Definition clamp B (t : R) : R := Rmax (- B) (Rmin B t).

Lemma clamp_range B t : 0 <= B -> - B <= clamp B t <= B.
Proof. by rewrite /clamp /Rmax /Rmin; do 2 case: Rle_dec; lra. Qed.

Lemma clamp_id B t : - B <= t <= B -> clamp B t = t.
Proof. by rewrite /clamp /Rmax /Rmin; do 2 case: Rle_dec; lra. Qed.

Lemma clamp_near B s t : 0 <= B -> Rabs (clamp B s - clamp B t) <= Rabs (s - t).
Proof. by rewrite /clamp /Rmax /Rmin /Rabs => B0; repeat case: Rle_dec; repeat case: Rcase_abs; lra. Qed.

Theorem box_minimum n B F : 0 <= B -> uniformly_continuous n (in_box n B) F ->
  exists m, in_box n B m /\ forall u, in_box n B u -> F m <= F u.
Proof.
move=> B0 ucF; pose clamped u j := clamp B (u j).
have in_clamped u : in_box n B (clamped u) by move=> j _; exact: clamp_range.
have same u : in_box n B u -> F (clamped u) = F u.
  by move=> hu; apply: (uniformly_continuous_ext ucF) => // j hj; rewrite /clamped clamp_id //; exact: hu.
have [|m [box_m least_m]] := @box_minimum_everywhere n B (fun u => F (clamped u)) B0.
  move=> e /ucF[delta [delta0 near]]; exists delta; split=> // u w _ _ close; apply: near => // j hj.
  by apply: Rle_trans (close j hj); exact: clamp_near.
by exists m; split=> // u hu; rewrite -(same m) // -(same u) //; exact: least_m.
Qed.

(* Functions that are uniformly continuous on a set of vectors: constants, products of two coordinates on a
   box, linear combinations, and powers with an exponent of at most 1. *)
Section Closure.
Variables (n : nat) (X : (nat -> R) -> Prop).
Implicit Types (f g : (nat -> R) -> R).
Local Notation continuous := (uniformly_continuous n X).

Lemma continuous_eq f g : (forall u, f u = g u) -> continuous f -> continuous g.
Proof.
move=> eq_fg cf e /cf[delta [delta0 near]]; exists delta; split=> // u w.
by rewrite -!eq_fg; exact: near.
Qed.

Lemma continuous_constant a : continuous (fun _ => a).
Proof. by move=> e e0; exists 1; split=> [|*]; rewrite ?Rminus_diag_eq // ?Rabs_R0; lra. Qed.

Lemma continuous_add f g : continuous f -> continuous g -> continuous (fun u => f u + g u).
Proof.
move=> cf cg e e0; have [d [d0 near_f]] := cf (e / 2) ltac:(lra).
have [d' [d'0 near_g]] := cg (e / 2) ltac:(lra).
exists (Rmin d d'); split=> [|u w Xu Xw close]; first exact: Rmin_pos.
have close_f : within n d u w by move=> j hj; apply: Rle_trans (close j hj) (Rmin_l _ _).
have close_g : within n d' u w by move=> j hj; apply: Rle_trans (close j hj) (Rmin_r _ _).
have -> : f u + g u - (f w + g w) = f u - f w + (g u - g w) by ring.
apply: Rle_trans (Rabs_triang _ _) _.
by have := near_f u w Xu Xw close_f; have := near_g u w Xu Xw close_g; lra.
Qed.

Lemma continuous_scale a f : continuous f -> continuous (fun u => a * f u).
Proof.
move=> cf e e0; have a0 := Rabs_pos a.
have [d [d0 near]] : exists d, 0 < d /\ forall u w, X u -> X w -> within n d u w ->
    Rabs (f u - f w) <= e / (Rabs a + 1) by apply: cf; sign.
exists d; split=> // u w Xu Xw close; rewrite -Rmult_minus_distr_l Rabs_mult.
apply: Rle_trans (_ : (Rabs a + 1) * (e / (Rabs a + 1)) <= e); last by right; field; lra.
by apply: Rmult_le_compat; [| exact: Rabs_pos | lra | exact: near].
Qed.

Lemma continuous_sum (m p : nat) (f : nat -> (nat -> R) -> R) :
  (forall j, (m <= j < p)%N -> continuous (f j)) ->
  continuous (fun u => \sum_(m <= j < p) f j u).
Proof.
elim: p => [_|p IH cf].
  by apply: (continuous_eq _ (continuous_constant 0)) => u; rewrite big_geq.
case: (leqP m p) => [le_mp | lt_pm]; last first.
  by apply: (continuous_eq _ (continuous_constant 0)) => u; rewrite big_geq.
apply: (continuous_eq (f := fun u => \sum_(m <= j < p) f j u + f p u)) => [u|].
  by rewrite big_nat_recr.
apply: continuous_add; last by apply: cf; rewrite le_mp /=.
by apply: IH => j /andP[mj jp]; apply: cf; rewrite mj ltnS ltnW.
Qed.

Lemma continuous_power f s : 0 < s <= 1 -> (forall u, 0 <= f u) -> continuous f ->
  continuous (fun u => power (f u) s).
Proof.
move=> s01 f0 cf e e0; have [d [d0 near]] := cf _ (Rpower_gt0 e (/ s)).
have root_e : power (Rpower e (/ s)) s = e.
  rewrite power_Rpower; last by apply: Rgt_not_eq; exact: Rpower_gt0.
  by rewrite Rpower_mult Rinv_l ?Rpower_1 //; lra.
exists d; split=> // u w Xu Xw close.
have grows a b : 0 <= a -> 0 <= b -> Rabs (a - b) <= Rpower e (/ s) -> power a s <= power b s + e.
  move=> a0 b0 near_ab; rewrite -root_e.
  apply: Rle_trans (power_le (s := s) _ (conj a0 _)) (power_subadditive s01 b0 _); try lra.
    by have := Rle_abs (a - b); lra.
  by left; exact: Rpower_gt0.
apply: Rabs_le; have := grows _ _ (f0 u) (f0 w) (near u w Xu Xw close).
have := grows _ _ (f0 w) (f0 u); rewrite Rabs_minus_sym => /(_ (near u w Xu Xw close)); lra.
Qed.
End Closure.

Lemma continuous_product n B j k : 0 <= B -> (1 <= j < n.+1)%N -> (1 <= k < n.+1)%N ->
  uniformly_continuous n (in_box n B) (fun u => u j * u k).
Proof.
move=> B0 hj hk e e0; exists (e / (2 * B + 1)); split=> [|u w box_u box_w close]; first by sign.
have -> : u j * u k - w j * w k = u j * (u k - w k) + w k * (u j - w j) by ring.
apply: Rle_trans (Rabs_triang _ _) _; rewrite !Rabs_mult.
apply: Rle_trans (_ : B * (e / (2 * B + 1)) + B * (e / (2 * B + 1)) <= e).
  apply: Rplus_le_compat; apply: Rmult_le_compat; try exact: Rabs_pos; try exact: close.
    by apply: Rabs_le; exact: box_u.
  by apply: Rabs_le; exact: box_w.
have : 0 < e / (2 * B + 1) by sign.
have : (2 * B + 1) * (e / (2 * B + 1)) = e by field; lra.
nra.
Qed.

Lemma continuous_coordinate n X j : (1 <= j < n.+1)%N -> uniformly_continuous n X (fun u => u j).
Proof. by move=> hj e e0; exists e; split=> // u w _ _; exact. Qed.
