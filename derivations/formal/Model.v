(* The model can be met.

   The data are a finite sample, each point with the weight 1/N.  The noise are independent fair coins:
   eps is 1 + sigma or 1 - sigma.  Coins are numbered; the average of f over the first n coins is a
   finite sum, and when f depends on finitely many coins it stops changing, and its last value is the
   mean of f.  (For all functions at once we take the supremum of what these averages finally stay
   above.) *)
From Coq Require Import Classical.
From Symderive.formal Require Import Averages.
Set Implicit Arguments.
Unset Strict Implicit.

(* The value that a sequence finally has; its limit inferior, where that is finite. *)
Section Final.
Implicit Types (u : nat -> R).

Definition finally_above u (t : R) : Prop := exists N, forall n, (N <= n)%N -> t <= u n.

Definition final u : R :=
  match ClassicalDedekindReals.sig_not_dec (bound (finally_above u) /\ exists t, finally_above u t) with
  | left ok => let (b, t) := NNPP _ ok in proj1_sig (completeness (finally_above u) b t)
  | right _ => 0
  end.

Lemma final_value u l N : (forall n, (N <= n)%N -> u n = l) -> final u = l.
Proof.
move=> stays; have is_sup : is_lub (finally_above u) l.
  split=> [t [M above] | b upper].
    by rewrite -(stays (maxn M N)) ?leq_maxr //; apply: above; exact: leq_maxl.
  by apply: upper; exists N => n /stays ->; lra.
rewrite /final; case: ClassicalDedekindReals.sig_not_dec => [ok | []].
  case: (NNPP _ ok) => b t; case: completeness => s [upper least] /=.
  by case: is_sup => upper' least'; apply: Rle_antisym; [apply: least | apply: least'].
split; [by exists l; case: is_sup | by exists l, N => n /stays ->; lra].
Qed.
End Final.

(* Coins: the average over coin c, and over the first n coins. *)
Definition coins := nat -> bool.
Implicit Types (o : coins) (f g : coins -> R).

Definition toss o (c : nat) (b : bool) : coins := fun a => if a == c then b else o a.
Definition over c f : coins -> R := fun o => (f (toss o c true) + f (toss o c false)) / 2.
Fixpoint average n f : coins -> R := match n with 0%N => f | n.+1 => average n (over n f) end.
Definition coin_mean f : R := final (fun n => average n f (fun _ => false)).

(* What does not depend on coin c, and what depends on finitely many coins. *)
Definition free c f := forall o b, f (toss o c b) = f o.
Definition finite f := exists N, forall c, (N <= c)%N -> free c f.

Lemma over_free c f g : free c f -> over c (fun o => f o * g o) = fun o => f o * over c g o.
Proof. by move=> free_f; apply: functional_extensionality => o; rewrite /over !free_f; field. Qed.

Lemma over_twice c f : over c (over c f) = over c f.
Proof.
apply: functional_extensionality => o; rewrite /over.
have again b b' : toss (toss o c b) c b' = toss o c b'.
  by apply: functional_extensionality => a; rewrite /toss; case: (a == c).
by rewrite !again; field.
Qed.

Lemma over_swap c c' f : c <> c' -> over c (over c' f) = over c' (over c f).
Proof.
move=> ne; apply: functional_extensionality => o; rewrite /over.
have swap b b' : toss (toss o c b) c' b' = toss (toss o c' b') c b.
  apply: functional_extensionality => a; rewrite /toss; case: (eqVneq a c') => // ->.
  by case: eqP => // e; case: ne.
by rewrite !swap; field.
Qed.

Lemma average_over n c f : (c < n)%N -> average n (over c f) = average n f.
Proof.
elim: n f => [//|n IH] f; rewrite ltnS leq_eqVlt => /orP[/eqP -> | lt] /=; first by rewrite over_twice.
by rewrite over_swap ?IH // => e; move: lt; rewrite e ltnn.
Qed.

Lemma average_add n f g : average n (fun o => f o + g o) = fun o => average n f o + average n g o.
Proof.
elim: n f g => [//|n IH] f g /=; rewrite -IH; congr average.
by apply: functional_extensionality => o; rewrite /over; field.
Qed.

Lemma average_scale n a f : average n (fun o => a * f o) = fun o => a * average n f o.
Proof.
elim: n f => [//|n IH] f /=; rewrite -IH; congr average.
by apply: functional_extensionality => o; rewrite /over; field.
Qed.

Lemma average_constant n a : average n (fun _ => a) = fun _ => a.
Proof.
elim: n => [//|n IH] /=; rewrite -[RHS]IH; congr average.
by apply: functional_extensionality => o; rewrite /over; field.
Qed.

(* Coins that a function does not depend on do not change its average. *)
Lemma mean_at N n f : (forall c, (N <= c)%N -> free c f) -> (N <= n)%N ->
  coin_mean f = average n f (fun _ => false).
Proof.
move=> free_f le; apply: (final_value (N := n)) => m; elim: m => [|m IH]; first by rewrite leqn0 => /eqP ->.
rewrite leq_eqVlt => /orP[/eqP -> // | lt] /=.
rewrite (_ : over m f = f) ?IH //; apply: functional_extensionality => o.
by rewrite /over !free_f; [field | exact: leq_trans le lt ..].
Qed.

Lemma finite_add f g : finite f -> finite g -> finite (fun o => f o + g o).
Proof.
move=> [N free_f] [M free_g]; exists (maxn N M) => c; rewrite geq_max => /andP[leN leM] o b.
by rewrite free_f ?free_g.
Qed.

Lemma finite_mul f g : finite f -> finite g -> finite (fun o => f o * g o).
Proof.
move=> [N free_f] [M free_g]; exists (maxn N M) => c; rewrite geq_max => /andP[leN leM] o b.
by rewrite free_f ?free_g.
Qed.

Lemma finite_coin c (u : bool -> R) : finite (fun o => u (o c)).
Proof. by exists c.+1 => c' lt o b; rewrite /toss; case: eqP => // e; move: lt; rewrite e ltnn. Qed.

Lemma mean_constant a : coin_mean (fun _ => a) = a.
Proof. by apply: (final_value (N := 0)) => n _; rewrite average_constant. Qed.

Lemma mean_sum f g : finite f -> finite g -> coin_mean (fun o => f o + g o) = coin_mean f + coin_mean g.
Proof.
move=> [N free_f] [M free_g]; have leN := leq_maxl N M; have leM := leq_maxr N M.
rewrite (mean_at free_f leN) (mean_at free_g leM) (@mean_at (maxn N M) (maxn N M)) ?average_add //.
by move=> c; rewrite geq_max => /andP[le_c le_c'] o b; rewrite free_f ?free_g.
Qed.

Lemma mean_scaled a f : finite f -> coin_mean (fun o => a * f o) = a * coin_mean f.
Proof.
move=> [N free_f]; rewrite (mean_at free_f (leqnn N)) (@mean_at N N) ?average_scale // => c le o b.
by rewrite free_f.
Qed.

(* A fair coin, and what does not depend on it. *)
Lemma mean_coin c (u : bool -> R) g : finite g -> free c g ->
  coin_mean (fun o => g o * u (o c)) = (u true + u false) / 2 * coin_mean g.
Proof.
move=> fin_g free_g; have [N free_gu] := finite_mul fin_g (finite_coin c u); have [M free_g'] := fin_g.
rewrite -mean_scaled //; set n := maxn N (maxn M c.+1).
have leN : (N <= n)%N by exact: leq_maxl.
have leM : (M <= n)%N by apply: leq_trans (leq_maxr _ _); exact: leq_maxl.
have lt_c : (c < n)%N by do 2!apply: leq_trans (leq_maxr _ _).
rewrite (mean_at free_gu leN) -(average_over _ lt_c) over_free //.
rewrite (@mean_at M n) // => [|c' le o b]; last by rewrite free_g'.
congr (average n _ _); apply: functional_extensionality => o; rewrite /over /toss eqxx; ring.
Qed.

(* The noise of neuron j of layer i is read off a coin of its own. *)
Section Noise.
Variable sigma : nat -> R.

Definition coin (i j : nat) : nat := pickle (i, j).
Definition side (i : nat) (b : bool) : R := if b then 1 + sigma i else 1 - sigma i.
Definition coin_noise o (i j : nat) : R := side i (o (coin i j)).

Lemma coin_inj i j i' j' : coin i j = coin i' j' -> (i, j) = (i', j').
Proof. exact: (pcan_inj pickleK). Qed.

(* Polynomials in the noise of layers below i depend on finitely many coins, and on none of layer i. *)
Lemma before_finite i f : before coin_noise i f -> finite f.
Proof.
elim=> [a | l j _ | g g' _ fin_g _ fin_g' | g g' _ fin_g _ fin_g'].
- by exists 0%N.
- exact: finite_coin (coin l j) (side l).
- exact: finite_add.
- exact: finite_mul.
Qed.

Lemma before_free i j f : before coin_noise i f -> free (coin i j) f.
Proof.
elim=> [a // | l k lt | g g' _ free_g _ free_g' | g g' _ free_g _ free_g'] o b; last 2 first.
- by rewrite free_g free_g'.
- by rewrite free_g free_g'.
rewrite /coin_noise /toss; case: eqP => // /coin_inj[e _]; by move: lt; rewrite e ltnn.
Qed.

Lemma coin_noise_average : noise_average coin_mean coin_noise sigma.
Proof.
have fin := before_finite; split=> [a | i f g bf bg | i a f bf | i j f bf | i j k f bf].
- exact: mean_constant.
- by apply: mean_sum; [exact: fin bf | exact: fin bg].
- by apply: mean_scaled; exact: fin bf.
- by rewrite (mean_coin (side i) (fin _ _ bf) (before_free j bf)) /side; field.
rewrite /delta; case: eqP => [<- | ne].
  rewrite (mean_coin (fun b => side i b * side i b) (fin _ _ bf) (before_free j bf)) /side; field.
have free_k : free (coin i k) (fun o => f o * side i (o (coin i j))).
  move=> o b; rewrite (before_free k bf) /toss; case: eqP => // /coin_inj[e]; by case: ne.
rewrite (_ : (fun o => _) = fun o => f o * side i (o (coin i j)) * side i (o (coin i k))); last first.
  by apply: functional_extensionality => o; rewrite /coin_noise; ring.
rewrite (mean_coin (side i) (finite_mul (fin _ _ bf) (finite_coin (coin i j) (side i))) free_k).
by rewrite (mean_coin (side i) (fin _ _ bf) (before_free j bf)) /side; field.
Qed.
End Noise.

(* A sample of N points: its averages are those of the model, with its own moments. *)
Section Sample.
Variables (N : nat) (x : nat -> nat -> R) (y : nat -> R).
Hypothesis N_pos : (0 < N)%N.

Definition sample_mean (f : nat -> R) : R := (\sum_(1 <= p < N.+1) f p) / INR N.

Lemma sample_average : data_average sample_mean x y (fun j k => sample_mean (fun p => x p j * x p k))
  (fun j => sample_mean (fun p => y p * x p j)) (sample_mean (fun p => y p * y p)).
Proof.
have INR_N : INR N <> 0 by have := INR_gt0 N N_pos; lra.
split=> // [a | f g _ _ | a f _]; rewrite /sample_mean; first by rewrite sum_const subn1 /=; field.
  by rewrite sumD; field.
by rewrite sumZ; field.
Qed.
End Sample.

Theorem model_exists N (x : nat -> nat -> R) (y : nat -> R) (sigma : nat -> R) : (0 < N)%N ->
  exists (Noise : Type) (E_x : (nat -> R) -> R) (E_eps : (Noise -> R) -> R) (eps : Noise -> nat -> nat -> R)
    (A : nat -> nat -> R) (v : nat -> R) (c : R),
  [/\ data_average E_x x y A v c, noise_average E_eps eps sigma,
      forall F : nat -> R, E_x F = (\sum_(1 <= p < N.+1) F p) / INR N
    & forall (u : Noise) i j, eps u i j = 1 + sigma i \/ eps u i j = 1 - sigma i].
Proof.
move=> N_pos; exists coins, (sample_mean N), coin_mean, (coin_noise sigma); do 3!eexists; split=> //.
- exact: sample_average.
- exact: coin_noise_average.
by move=> o i j; rewrite /coin_noise /side; case: (o _); [left | right].
Qed.
