"""Below the barrier gradient flow of a network with activations goes to the origin, whatever the data."""

from symderive.formulas.barrier import barrier
from symderive.symbols import decay_term, f_square, f_target

from ..minima.origin_local_minimum import LOSS_ON_RAY, alpha
from ..notation import *
from ..reduction.decay_bound import NORMS, N, N_u
from .nonlinear_barrier import (
    DECAY,
    DEEP,
    HIGHEST,
    IS_DECAY,
    LOSS,
    LOSS_GAP,
    MIXED,
    POSITIVE,
    SLOPE,
    SLOPE_POSITIVE,
    S,
)

# -- positively homogeneous activations ------------------------------------------------------------------

RAY = theorem(
    "nonlinear-collapse-ray",
    "The derivative of the loss along a ray",
    equal(
        alpha * Derivative(LOSS_ON_RAY, alpha),
        2 * (D + 1) * (f_square * alpha ** (2 * (D + 1)) - f_target * alpha ** (D + 1))
        + 2 * decay_term * alpha**2,
    ),
    reference="Euler's identity for homogeneous functions",
    proof=differentiate(),
    misses={
        "one layer less": right(2 * D * (f_square * alpha ** (2 * (D + 1)) - f_target * alpha ** (D + 1)))
    },
)

#: W · ∇L, the derivative along the ray at α = 1.
PULL = 2 * (D + 1) * (f_square - f_target) + 2 * S

CONTRACTION = theorem(
    "nonlinear-collapse",
    "How fast the squared norm of all weights falls, at least",
    at_least(PULL, 2 * S * LOSS_GAP.slope(S)),
    given=(IS_DECAY, MIXED),
    reference="the barrier",
    proof=2 * (D + 1) * DECAY * LOSS_GAP.signal + 2 * (D + 1) * MIXED + nonnegative(2 * (D + 1) * f_square),
    misses={
        "a larger mixed moment": without(MIXED),
        "another decay": without(IS_DECAY),
    },
)

_letters = {gamma_bar: MEAN_DECAY}
BELOW = greater(LOSS_GAP.top, S)

SHRINKS = theorem(
    "nonlinear-collapse-shrinks",
    "Below the top the squared norm of all weights falls",
    greater(PULL, 0),
    given=(IS_DECAY, MIXED, DEEP, BELOW),
    reference="the barrier",
    proof=CONTRACTION + 2 * S * SLOPE_POSITIVE.at(_letters).because(None, BELOW),
    misses={"beyond the top": without(BELOW)},
)

_weak = greater(gamma_bar, LOSS_GAP.signal)
_line = barrier(None)

ONE_LAYER = theorem(
    "nonlinear-collapse-one-layer",
    "One hidden layer: the whole space collapses under strong decay",
    greater(2 * S * _line.slope(S).subs(D, 1), 0),
    given=(_weak,),
    reference="algebra",
    proof=2 * S / gamma_bar * _weak,
    misses={"a weaker decay": without(_weak)},
)

# -- decay and norm ------------------------------------------------------------------------------------

least, most = letters("gamma_min gamma_max", positive=True)
ALL_SQUARED = N_u + Sum(N[i], (i, 1, D))
AT_LEAST = (at_least(gamma_u, least), at_least(gamma[i], least, (i, 1, D)))
AT_MOST = (at_least(most, gamma_u), at_least(most, gamma[i], (i, 1, D)))

LOWER = theorem(
    "nonlinear-collapse-norm",
    "The decay is at least the least decay of the squared norm",
    at_least(S, least * ALL_SQUARED),
    given=(IS_DECAY, *AT_LEAST),
    reference="algebra",
    proof=IS_DECAY + N_u * AT_LEAST[0] + (N[i] * AT_LEAST[1]).sum((i, 1, D)),
    misses={"a larger decay": without(AT_LEAST[1])},
)

UPPER = theorem(
    "nonlinear-collapse-decay",
    "The decay is at most the largest decay of the squared norm",
    at_least(most * ALL_SQUARED, S),
    given=(IS_DECAY, *AT_MOST),
    reference="algebra",
    proof=-IS_DECAY + N_u * AT_MOST[0] + (N[i] * AT_MOST[1]).sum((i, 1, D)),
    misses={"a smaller decay": without(AT_MOST[1])},
)

# -- activations that are not homogeneous ---------------------------------------------------------------

#: Sizes of the layers' outputs and of their derivatives along the ray, and factors of the layers.
o, delta_o, factor = families("o omega w", nonnegative=True)
OUTPUT_STEP = at_least(factor[i] * o[i - 1], o[i], (i, 1, D))
CHANGE_STEP = at_least(factor[i] * (o[i - 1] + delta_o[i - 1]), delta_o[i], (i, 1, D))
FACTORS = Product(factor[i], (i, 1, D))


def _later(claim: Claim) -> Use:
    """A hypothesis on layers, at layer D + 1 of a network with one more."""
    return at_least(claim.left, claim.right, (i, 1, D + 1)).at({i: D + 1})


OUTPUT_SIZE = theorem(
    "nonlinear-collapse-outputs",
    "Outputs grow at most by the factors of the layers",
    at_least(FACTORS * o[0], o[D]),
    given=(OUTPUT_STEP,),
    reference="induction on the depth",
    proof=induction(D, step=factor[D + 1] * HYPOTHESIS + _later(OUTPUT_STEP)),
    misses={"layers that add": without(OUTPUT_STEP)},
)

_still = equal(delta_o[0], 0)

CHANGE_SIZE = theorem(
    "nonlinear-collapse-changes",
    "How much the outputs change along the ray, at most",
    at_least(D * FACTORS * o[0], delta_o[D]),
    given=(OUTPUT_STEP, CHANGE_STEP, _still),
    reference="induction on the depth",
    proof=induction(
        D,
        base=_still * -1,
        step=factor[D + 1] * HYPOTHESIS + _later(CHANGE_STEP) + factor[D + 1] * OUTPUT_SIZE,
    ),
    misses={"one layer less": left((D - 1) * FACTORS * o[0])},
)

#: The loss, E‖x‖² Π(1 + σ_i²), the mean square error, E (∂f)² and E (f - y) ∂f.
loss, data = letters("L B", positive=True)
error, change = letters("xi omega", nonnegative=True)
mixed = letters("psi")
LIPSCHITZ = barrier(NETWORK, size=sqrt(loss * data))
CAUCHY = at_least(error * change, mixed**2)
AT_MOST_LOSS = at_least(loss, error)
CHANGE = at_least((D + 1) ** 2 * data * N_u * NORMS, change)
_most = (D + 1) * sqrt(loss * data * N_u * NORMS)

#: A mixed moment a hundred times too large, because the error or the change of the prediction is.
_opposed = {mixed: -100 * _most}
HUGE = Domain(define=_opposed | {error: 10**4 * loss, change: (D + 1) ** 2 * data * N_u * NORMS})
STEEP = Domain(define=_opposed | {error: loss, change: 10**4 * (D + 1) ** 2 * data * N_u * NORMS})

OTHER_ACTIVATIONS = theorem(
    "nonlinear-collapse-lipschitz",
    "Activations with slopes at most 1: a smaller top",
    at_least(2 * mixed + 2 * S, 2 * S * LIPSCHITZ.slope(S)),
    given=(IS_DECAY, CAUCHY, AT_MOST_LOSS, CHANGE),
    reference="Cauchy–Schwarz",
    proof=2 * (D + 1) * sqrt(loss * data) * DECAY
    + CAUCHY / _most
    + change / _most * AT_MOST_LOSS
    + loss / _most * CHANGE
    + nonnegative((mixed + _most) ** 2 / _most),
    misses={
        "the loss is larger": (without(AT_MOST_LOSS), HUGE),
        "steeper activations": (without(CHANGE), STEEP),
    },
)

TRAPPED = in_words(
    "nonlinear-collapse-trapped",
    "Below the barrier the flow stays there, and learns nothing",
    r"""The loss falls along gradient flow, and $S$ moves continuously. Where $S = S_0$ the loss is at
        least $c + h(S_0)$, which it never is, so $S$ does not pass $S_0$. Up to there $h$ is not
        negative, so that the loss is at least $c$: the network never does better than to predict 0. And
        as $h$ rises up to $S_0$, $S$ is at most the $S_1$ at which $h(S_1)$ is what the first loss is
        above $c$.""",
    by="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(LOSS, POSITIVE, SLOPE, SLOPE_POSITIVE, HIGHEST),
    conditions=(
        r"$D \ge 2$",
        "the first weights have $S < S_0$ and a loss below $c + h(S_0)$",
        r"the loss falls along the flow $\mathrm{d}W/\mathrm{d}t = -\nabla L$; with activations that have "
        "kinks, $-\\nabla L$ is a subgradient (Davis, Drusvyatskiy, Kakade and Lee 2020)",
    ),
    display=Display(r"c \le L_{\phi} < c + h(S_{0})", given=(r"D \ge 2", r"S < S_{0}")),
)

CONVERGES = in_words(
    "nonlinear-collapse-converges",
    "All weights go to 0",
    r"""The prediction is homogeneous of degree $D + 1$ in all weights. So the derivative of the loss
        along the weights is that on their ray, at kinks for every limit of gradients and for all means
        of these, as it is linear in them, and $N = \lVert U \rVert^2 + \sum_i \lVert W_i \rVert_F^2$
        falls at the rate $-2$ times it. With $S \le S_1 < S_0$ and $S \ge \gamma_{\mathrm{min}} N$ this
        is at most $-4 \gamma_{\mathrm{min}} h'(S_1) N$, and $N$ falls at least as fast as $e^{-4
        \gamma_{\mathrm{min}} h'(S_1) t}$.""",
    by="Gronwall's inequality",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems",
    rests_on=(TRAPPED, RAY, CONTRACTION, SHRINKS, LOWER),
    conditions=(
        r"$D \ge 2$",
        r"the activations are positively homogeneous, $\phi(s t) = s \phi(t)$ for $s > 0$",
        "the first weights have $S < S_0$ and a loss below $c + h(S_0)$",
    ),
)

WITHOUT_LOSS = in_words(
    "nonlinear-collapse-by-norm",
    "A small norm is enough, whatever the loss",
    r"""Where $S < S_0$ the norm $N$ falls. If $\gamma_{\mathrm{max}} N < S_0$ at first, then $S \le
        \gamma_{\mathrm{max}} N < S_0$ as long as $N$ falls, which is for ever, and $N$ falls as before
        with $S_1 = \gamma_{\mathrm{max}} N$ of the first weights. For equal decays this asks for $S <
        S_0$ and for nothing else. At one hidden layer and $K < \bar\gamma$ the slope of $h$ is positive
        everywhere, and $N$ falls from all weights.""",
    by="Gronwall's inequality",
    reference="Teschl, Ordinary Differential Equations and Dynamical Systems",
    rests_on=(RAY, CONTRACTION, SHRINKS, LOWER, UPPER, ONE_LAYER),
    conditions=(
        r"the activations are positively homogeneous, $\phi(s t) = s \phi(t)$ for $s > 0$",
        r"$D \ge 2$ and $\gamma_{\mathrm{max}} N < S_0$ at first, or $D = 1$ and $K < \bar\gamma$",
    ),
)

SMOOTH = in_words(
    "nonlinear-collapse-smooth",
    "Other activations: a smaller ball",
    r"""Let the slopes of $\phi$ be at most 1. Stretching all weights changes the output of a layer by
        its input and by the change of its input, so that the root mean squares over data and noise obey
        the two hypotheses on layers, with $w_i = (1 + \sigma_i^2)^{1/2} \lVert W_i \rVert_F$; the
        output weights are one more layer. So the mean square of the change of the prediction is at most
        $(D + 1)^2 B \lVert U \rVert^2 \prod_i \lVert W_i \rVert_F^2$ with $B = \operatorname{tr} A
        \prod_i (1 + \sigma_i^2)$, and $N$ falls where $S$ is below the top of the barrier that has
        $\sqrt{L_{\phi} B}$ in place of $K$. As the loss falls, that of the first weights will do. So
        all weights go to 0 if the flow is kept to an $S_1$ below this top, or if $\gamma_{\mathrm{max}}
        N$ is below it at first.""",
    by="Minkowski's inequality and Gronwall's inequality",
    reference="Rudin, Real and Complex Analysis, chapter 3",
    rests_on=(TRAPPED, OUTPUT_SIZE, CHANGE_SIZE, OTHER_ACTIVATIONS, SLOPE_POSITIVE, LOWER, UPPER),
    conditions=(
        r"$D \ge 2$",
        r"$\phi$ is differentiable, $|\phi'(t)| \le 1$ and $\phi(0) = 0$, as for the hyperbolic tangent",
    ),
)

DERIVATION = Derivation(
    id="nonlinear-collapse",
    title="Collapse before training",
    prose=r"""Below the top of the barrier gradient flow cannot climb out. The question whether a
        network with activations collapses to the origin is then decided before it is trained, by its
        first weights, the decays and one mean of the data.""",
    statements=(
        *(RAY, CONTRACTION, SHRINKS, ONE_LAYER, LOWER, UPPER),
        *(OUTPUT_SIZE, CHANGE_SIZE, OTHER_ACTIVATIONS),
    ),
    steps=(TRAPPED, CONVERGES, WITHOUT_LOSS, SMOOTH),
)
