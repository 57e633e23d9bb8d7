(* What one evaluation in double precision proves: rounding errors of products and of sums of terms that are
   not negative, and of a root.

   The products go by induction, the sums term by term.  Every other statement is one fraction that is
   visibly not negative. *)
From Symderive.formal Require Import Tactics inequalities.
From Symderive.statements Require Import batch_error_bounds.

(* (1 - u)(1 - nu) = 1 - (n + 1)u + nu^2. *)
Theorem batch_error_count_lower_holds : batch_error_count_lower.
Proof.
move=> n F u _ Fpos u0 down u1; elim: n down => [|n IH] down; first by rewrite big_geq //= ; lra.
have {}IH : \prod_(1 <= j < n.+1) F j >= - (INR n * u) + 1.
  by apply: IH => j /andP[j1 jn]; apply: down; rewrite j1 ltnS ltnW.
have last : F n.+1 >= 1 - u by apply: down; rewrite /= ltnS leqnn.
have pos : 0 < \prod_(1 <= j < n.+1) F j by sign.
rewrite S_INR big_nat_recr //=; have := pos_INR n; nra.
Qed.

Theorem batch_error_count_upper_holds : batch_error_count_upper.
Proof.
move=> n u F _ u0 Fpos up u1; elim: n up => [|n IH] up; first by rewrite big_geq //=; lra.
have {}IH : 1 >= (- (INR n * u) + 1) * \prod_(1 <= j < n.+1) F j.
  by apply: IH => j /andP[j1 jn]; apply: up; rewrite j1 ltnS ltnW.
have last : 1 >= (1 - u) * F n.+1 by apply: up; rewrite /= ltnS leqnn.
have pos : 0 < \prod_(1 <= j < n.+1) F j by sign.
rewrite S_INR big_nat_recr //=; move: (\prod_(_ <= _ < _) _) IH pos => p IH pos.
have step : (1 - u) * F n.+1 * ((- (INR n * u) + 1) * p) <= (1 - u) * F n.+1.
  by rewrite -[X in _ <= X]Rmult_1_r; apply: Rmult_le_compat_l; [have := Fpos n.+1; nra | lra].
have rest : 0 <= INR n * u ^ 2 * p * F n.+1 by sign.
nra.
Qed.

Theorem batch_error_relative_upper_holds : batch_error_relative_upper.
Proof.
move=> phi xi phi0 xi0 above small; apply: Rminus_ge.
have -> : xi / (1 - xi) + 1 - phi = (1 - phi * (1 - xi)) / (1 - xi) by field; lra.
by apply: Rle_ge; apply: div_ge0; lra.
Qed.

Theorem batch_error_relative_lower_holds : batch_error_relative_lower.
Proof.
move=> phi xi phi0 xi0 below small.
have gap : xi / (1 - xi) - xi = xi ^ 2 / (1 - xi) by field; lra.
have : 0 <= xi ^ 2 / (1 - xi) by apply: div_ge0; [sign | lra].
lra.
Qed.

Theorem batch_error_linear_holds : batch_error_linear.
Proof.
move=> xi xi0 few small; apply: Rminus_ge.
have -> : 65 * xi / 64 - xi / (1 - xi) = xi * (1 - 65 * xi) / (64 * (1 - xi)) by field; lra.
by apply: Rle_ge; apply: div_ge0; [apply: Rmult_le_pos | ]; lra.
Qed.

Theorem batch_error_counts_add_holds : batch_error_counts_add.
Proof.
move=> eta xi eta0 xi0 both small1 small2; apply: Rminus_ge.
have -> : (eta + xi) / (- eta - xi + 1)
  - (eta * xi / ((1 - eta) * (1 - xi)) + eta / (1 - eta) + xi / (1 - xi))
  = xi * eta / ((1 - xi - eta) * (1 - xi) * (1 - eta)) by field; lra.
by apply: Rle_ge; apply: div_ge0; [sign | repeat apply: Rmult_le_pos; lra].
Qed.

Theorem batch_error_sum_upper_holds : batch_error_sum_upper.
Proof.
move=> n beta F w _ _ _ wpos above; apply: Rle_ge; rewrite -sumZ.
by apply: le_sum => j hj; apply: Rmult_le_compat_r => //; apply: Rge_le; exact: above.
Qed.

Theorem batch_error_sum_lower_holds : batch_error_sum_lower.
Proof.
move=> n F alpha w _ _ _ wpos below; apply: Rle_ge; rewrite -sumZ.
by apply: le_sum => j hj; apply: Rmult_le_compat_r => //; apply: Rge_le; exact: below.
Qed.

(* The tangent of the logarithm at 1. *)
Theorem batch_error_logarithm_upper_holds : batch_error_logarithm_upper.
Proof.
move=> phi xi phi0 xi0 above small.
have := batch_error_relative_upper_holds phi xi phi0 xi0 above small.
have := logarithm_holds phi phi0; lra.
Qed.

(* The tangent at 1 of the logarithm of 1/phi. *)
Theorem batch_error_logarithm_lower_holds : batch_error_logarithm_lower.
Proof.
move=> phi xi phi0 xi0 below small.
have inv : xi / (1 - xi) - (/ phi - 1) = (phi - (1 - xi)) / (phi * (1 - xi)) by field; lra.
have gap : 0 <= (phi - (1 - xi)) / (phi * (1 - xi)) by apply: div_ge0; nra.
have := logarithm_holds _ (Rinv_0_lt_compat _ phi0); rewrite ln_Rinv //; lra.
Qed.

Theorem batch_error_reach_holds : batch_error_reach.
Proof.
move=> a h a0 h0 isolates.
have -> : - h + 2 * h ^ 2 / a ^ 2 = - (h / a ^ 2 * (a ^ 2 - 4 * h) + 2 * h ^ 2 / a ^ 2) by field; lra.
have step : 0 < h / a ^ 2 * (a ^ 2 - 4 * h) by sign.
have rest : 0 < 2 * h ^ 2 / a ^ 2 by sign.
lra.
Qed.

Theorem batch_error_within_holds : batch_error_within.
Proof.
move=> a h a0 h0 isolates; apply: Rminus_gt.
have -> : a / 2 - 2 * h / a = (a ^ 2 - 4 * h) / (2 * a) by field; lra.
by apply: Rlt_gt; apply: Rdiv_lt_0_compat; lra.
Qed.

Theorem batch_error_halley_holds : batch_error_halley.
Proof.
move=> a h omega a0 h0 omega0 isolates bends; apply: Rminus_ge.
have -> : 2 * h * (a - h * omega / (2 * a)) / a - h
  = h * (a ^ 2 - 4 * h) / a ^ 2 + h ^ 2 * (1 - omega) / a ^ 2 + 3 * h ^ 2 / a ^ 2 by field; lra.
have low : 0 <= 1 - omega by lra.
by apply: Rle_ge; sign.
Qed.

(* The tangent of 1/y^2 at y = psi, where y is the ratio Z/Y of a term, lies below it. *)
Theorem batch_error_leap_lower_holds : batch_error_leap_lower.
Proof.
move=> n Z w Y psi _ Zpos wpos Ypos psi0 mean; set S := \sum_(1 <= j < n.+1) (w j / Y j ^ 2).
have tangent j : 3 / psi ^ 2 * (w j / Y j ^ 2) - 2 / psi ^ 3 * (Z j * w j / Y j ^ 3) <= w j / Z j ^ 2.
  have z0 := Zpos j; have y0 := Ypos j; have w0 := wpos j; apply: Rminus_le.
  have -> : 3 / psi ^ 2 * (w j / Y j ^ 2) - 2 / psi ^ 3 * (Z j * w j / Y j ^ 3) - w j / Z j ^ 2
    = - (w j * (Z j - psi * Y j) ^ 2 * (2 * Z j + psi * Y j) / (psi ^ 3 * Y j ^ 3 * Z j ^ 2)).
    by field; lra.
  have : 0 <= w j * (Z j - psi * Y j) ^ 2 * (2 * Z j + psi * Y j) / (psi ^ 3 * Y j ^ 3 * Z j ^ 2) by sign.
  lra.
have -> : S / psi ^ 2 = 3 / psi ^ 2 * S - 2 / psi ^ 3 * (psi * S) by field; lra.
by rewrite -mean /S -!sumZ -sumB; apply: Rle_ge; apply: le_sum => j _; exact: tangent.
Qed.

(* The secant of 1/y^2 between y = 1 and y = chi lies above it at the ratio Z/Y of a term. *)
Theorem batch_error_leap_upper_holds : batch_error_leap_upper.
Proof.
move=> n Z l chi Y w _ Zpos l0 chi0 Ypos wpos moved above.
rewrite -sumZ -sumD; apply: Rle_ge; apply: le_sum => j hj.
have z0 := Zpos j; have y0 := Ypos j; have w0 := wpos j; have hm := moved j hj; have ha := above j hj.
apply: Rminus_le; suff -> : w j / Z j ^ 2 - ((- 1 + / chi ^ 2) * (l * w j / Y j ^ 3) + w j / Y j ^ 2)
  = - (w j * l * (chi - 1) ^ 2 / (chi ^ 2 * Y j ^ 3 * Z j ^ 2)
       * ((Y j - l) * (chi ^ 2 * l + 2 * chi * Y j) + (Y j - l) ^ 2)).
  have gap : 0 <= Y j - l by lra.
  have : 0 <= w j * l * (chi - 1) ^ 2 / (chi ^ 2 * Y j ^ 3 * Z j ^ 2) by sign.
  have : 0 <= (Y j - l) * (chi ^ 2 * l + 2 * chi * Y j) + (Y j - l) ^ 2 by sign.
  nra.
rewrite hm in z0 *; field; nra.
Qed.
