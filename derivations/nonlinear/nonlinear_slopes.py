"""How far from the origin the weights of a network with other activations fall, by the data alone."""

from ..notation import *
from ..reduction.decay_bound import NORMS, N_u
from .nonlinear_barrier import DECAY, IS_DECAY, K, S
from .nonlinear_collapse import LOWER, TRAPPED, UPPER

#: E y ∂f and E f ∂f, where ∂f is the derivative of the prediction along the weights; what bounds both
#: counts the layers, each as often as the slopes above it allow; and E‖x‖² Π(1 + σ_i²).
y_change, f_change = letters("a b")
count, data = letters("n B", positive=True)

_product = sqrt(N_u * NORMS)
_most = (S / ((D + 1) * MEAN_DECAY)) ** ((D + 1) / Integer(2))

WITH_TARGET = at_least(count * K * _product, y_change)
WITH_PREDICTION = at_least(count * data * N_u * NORMS, -f_change)

SLOPES = theorem(
    "nonlinear-slopes",
    "What pulls the weights back, by the data alone",
    at_least(2 * (f_change - y_change) + 2 * S, 2 * S - 2 * count * (K * _most + data * _most**2)),
    given=(IS_DECAY, WITH_TARGET, WITH_PREDICTION),
    reference="the barrier",
    proof=2 * WITH_TARGET + 2 * WITH_PREDICTION + 2 * count * (K + data * (_most + _product)) * DECAY,
    misses={
        "a larger mixed moment": without(WITH_TARGET),
        "a prediction that falls faster": without(WITH_PREDICTION),
        "another decay": without(IS_DECAY),
    },
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
        the prediction, but it is bounded as the prediction is.""",
    statements=(SLOPES,),
    steps=(FALLS,),
)
