"""Activations of bounded slope: from where the weights fall to the origin, and what rows tell in pairs."""

from ..notation import *
from ..reduction.decay_bound import NORMS, N_u
from .nonlinear_barrier import DECAY, IS_DECAY, LOSS, K, S
from .nonlinear_collapse import LOWER, TRAPPED, UPPER

#: E y ∂f and E f ∂f, where ∂f is the derivative of the prediction along the weights; what bounds both
#: counts the layers, each as often as the slopes above it allow; and E‖x‖² Π(1 + σ_i²).
y_change, f_change = letters("omega_y omega_f")
times, data = letters("n_s B", positive=True)

_product = sqrt(N_u * NORMS)
_most = (S / ((D + 1) * MEAN_DECAY)) ** ((D + 1) / Integer(2))

WITH_TARGET = at_least(times * K * _product, y_change)
WITH_PREDICTION = at_least(times * data * N_u * NORMS, -f_change)

SLOPES = theorem(
    "nonlinear-slopes",
    "What pulls the weights back, by the data alone",
    at_least(2 * (f_change - y_change) + 2 * S, 2 * S - 2 * times * (K * _most + data * _most**2)),
    given=(IS_DECAY, WITH_TARGET, WITH_PREDICTION),
    reference="the barrier",
    proof=2 * WITH_TARGET + 2 * WITH_PREDICTION + 2 * times * (K + data * (_most + _product)) * DECAY,
    misses={
        "a larger mixed moment": without(WITH_TARGET),
        "a prediction that falls faster": without(WITH_PREDICTION),
        "another decay": without(IS_DECAY),
    },
)

# -- the mixed moment, with rows in pairs ----------------------------------------------------------------

#: Rows with their weights, targets, predictions and sizes; what a plan moves from one row to another, and
#: what it leaves; the distances of rows.
rows = letters("n_x", integer=True, positive=True)
ROW, OTHER = (s, 1, rows), (r, 1, rows)
weight, row_size, moved, distance, spare = families("psi X T delta E", nonnegative=True)
target, prediction, left_over = families("g f omega")
steepness = letters("G", nonnegative=True)

BALANCE = equal(
    weight[s] * target[s],
    Sum(moved[s, r], OTHER) - Sum(moved[r, s], OTHER) + left_over[s],
    ROW,
)
STEEP = at_least(steepness * distance[s, r], prediction[s] - prediction[r], ROW, OTHER)
LEFT = at_least(steepness * spare[s] * row_size[s], left_over[s] * prediction[s], ROW)

PAIRS = theorem(
    "nonlinear-slopes-pairs",
    "Rows of opposite targets take back from each other what they are near",
    at_least(
        steepness * (Sum(moved[s, r] * distance[s, r], ROW, OTHER) + Sum(spare[s] * row_size[s], ROW)),
        Sum(weight[s] * target[s] * prediction[s], ROW),
    ),
    given=(
        BALANCE,
        STEEP,
        LEFT,
        r"the prediction is at most $G \lVert x \rVert$ and $G$ times as steep as $x$, $E_s = |\omega_s|$",
    ),
    reference="Kantorovich and Rubinstein 1958",
    proof=(moved[s, r] * STEEP).sum(ROW, OTHER) + LEFT.sum(ROW) - (prediction[s] * BALANCE).sum(ROW),
    misses={
        "a steeper prediction": without(STEEP),
        "a larger prediction": without(LEFT),
        "a plan for other targets": without(BALANCE),
    },
)

STEEPNESS = in_words(
    "nonlinear-slopes-signal",
    "A smaller $K$, from the distances of rows",
    r"""Let $|\phi'(t)| \le l$ with $l \ge 1$. Between two inputs the outputs of a layer differ in size at
        most by $l$ times its weights, in size, times the differences of what it gets, so that the mean of
        the prediction over the noise differs by at most $l^D \lVert U \rVert \prod_i \mathbb{E}
        |\epsilon_i| \lVert W_i \rVert_F$ times their distance, by the same steps as for one input. So
        with this $G$ the bound on the mixed moment holds for every plan, and the barrier with the smaller
        of the two $K$.""",
    by="the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.10",
    rests_on=(PAIRS, LOSS),
    conditions=(r"$\phi$ is continuous, has a derivative but at kinks, and $|\phi'(t)| \le l$",),
)

FALLS = in_words(
    "nonlinear-slopes-converge",
    "Activations with bounded slopes: where all weights go to 0",
    r"""Let $|\phi'(t)| \le l$ with $l \ge 1$ and $|\phi(t)| \le |t|$, and put $n = 1 + l + \dots + l^D$.
        The derivative of the prediction along the weights of one layer is the prediction of a network in
        which that activation and all later ones are replaced by multiplication with their slopes. So its
        size is at most that of the prediction, times $l$ for each of them, and the sum over the layers is
        at most $n$ times the bounds on the prediction: $n K \lVert U \rVert \prod_i \lVert W_i \rVert_F$
        against the target, and with root mean squares over the noise $n B \lVert U \rVert^2 \prod_i
        \lVert W_i \rVert_F^2$ against the prediction, where $B = \operatorname{tr} A \prod_i (1 +
        \sigma_i^2)$. The bound from below, divided by $S$, falls as $S$ grows for $D \ge 2$. So it is
        positive up to some $S_1$, which is below $S_0$ as $n \ge D + 1$. Where $S$ stays below $S_1$ the
        norm $N$ falls for ever, at least as fast as an exponential; and it does from weights with
        $\gamma_{\mathrm{max}} N < S_1$, and from those with $S < S_1$ and a loss below $c + h(S_1)$.""",
    by="Gronwall's inequality",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems",
    rests_on=(SLOPES, LOWER, UPPER, TRAPPED),
    conditions=(
        r"$D \ge 2$",
        r"$\phi$ has a derivative but at kinks, $|\phi'(t)| \le l$, and $|\phi(t)| \le |t|$",
    ),
)

DERIVATION = Derivation(
    id="nonlinear-slopes",
    title="Collapse with activations of bounded slope",
    prose=r"""For activations that are not homogeneous the derivative along the weights is no multiple of
        the prediction, but it is bounded as the prediction is. And the prediction cannot change
        much between rows that are near each other.""",
    statements=(SLOPES, PAIRS),
    steps=(STEEPNESS, FALLS),
)
