"""The origin can be a local minimum that is not global."""

from ..notation import *
from ..reduction.attainment import ATTAINMENT, e, layer
from ..reduction.global_minimum import MINIMUM
from ..reduction.layer_balance import BALANCED
from ..reduction.loss import EXPECTED_LOSS
from .one_hidden_layer_threshold import SIGNAL, SIGNAL_POSITIVE, V, top
from .origin_local_minimum import OF_WEIGHTS

#: The step by its size η = ‖v‖²/(ρ vᵀAv), as a number, and its length ‖ηv‖.
eta, LENGTH_OF_STEP = letters("eta V", positive=True)
SIZE = equal(eta, V_SQUARED / (rho * SIGNAL))

#: The point η v minimizes the loss without decay along v; there it gains η ‖v‖².
GAIN = eta * V**2
COST = LETTERS.penalty(eta * V)

#: The mean decay at which the step costs what it gains.
LARGEST_DECAY = GAIN / ((D + 1) * (eta * V) ** (Integer(2) / (D + 1)))
OF_STEP = equal(eta, V**2 / (rho * SIGNAL))
IN_RANGE = r"$v \ne 0$ lies in the range of $A$, so that $v^{\top} A v > 0$"

#: No eigenvalue of A exceeds a_max, and the decay is small against it: conditions on the data.
LARGEST = at_least(top, a[j], EACH)
NORM = equal(V**2, V_SQUARED)
WEAK = greater(V ** (2 * D / (D + 1)), (D + 1) * gamma_bar * (rho * top) ** ((D - 1) / (D + 1)))
_short = 1 / (rho * top)

BAD_ORIGIN = theorem(
    "bad-origin-exists",
    "Under small decay a map has less loss than the origin",
    greater(c, LETTERS.loss(_short**2 * SIGNAL, _short * V**2, _short * V)),
    given=(NORM, LARGEST, WEAK),
    reference=f"{PAPER}, bad minima of deep networks",
    proof=(rho * _short**2 * v[j] ** 2 * LARGEST).sum(EACH)
    + rho * _short**2 * top * NORM
    + _short * V ** (2 / (D + 1)) * WEAK,
    misses={"the decay is not small": without(WEAK), "more than is gained": left(c - _short * V**2)},
    prose=r"""Let no eigenvalue of $A$ exceed $a_{\max}$. The map $v/(\rho a_{\max})$ goes below the origin
        if the mean decay is less than an explicit number. A step along $v$ as long as least squares would
        make it goes further:""",
)

LOSS_OF_STEP = theorem(
    "bad-origin-step",
    "The loss of the step along $v$",
    equal(
        LETTERS.loss(eta**2 * SIGNAL, eta * V_SQUARED, LENGTH_OF_STEP),
        c - eta * V_SQUARED + LETTERS.penalty(LENGTH_OF_STEP),
    ),
    given=(equal(LENGTH_OF_STEP**2, norm2(eta * v[j])), SIGNAL_POSITIVE, SIZE),
    reference="least squares along one direction",
    proof=rho * eta * SIGNAL * SIZE,
    misses={
        "a step of another size": without(SIZE),
        "half the gain": right(c - eta * V_SQUARED / 2 + LETTERS.penalty(LENGTH_OF_STEP)),
    },
    display=Display(
        r"""F(\eta v) = c - \eta \lVert v \rVert^{2}
            + (D+1) \bar{\gamma} \lVert \eta v \rVert^{2/(D+1)}""",
        given=(
            r"\eta = \lVert v \rVert^{2} / (\rho v^{\top} A v)",
            r"v^{\top} A v > 0",
            r"\eta v \ne 0",
        ),
        at={LENGTH_OF_STEP: r"\lVert \eta v \rVert"},
    ),
)

SMALL_ENOUGH = theorem(
    "bad-origin-small-decay",
    "The cost of the step vanishes with the decay",
    limit(COST, gamma_bar, 0, 0),
    given=(SIGNAL_POSITIVE, OF_STEP),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the gain vanishes as well": limit(GAIN, gamma_bar, 0, 0)},
)

DECAY_EXISTS = theorem(
    "bad-origin-decay",
    "There are decays that are small enough",
    greater(LARGEST_DECAY, LARGEST_DECAY / 2),
    given=(SIGNAL_POSITIVE, OF_STEP, IN_RANGE),
    reference="a positive number",
    proof=nonnegative(LARGEST_DECAY / 2),
    misses={"no room": right(LARGEST_DECAY)},
    prose="The decay at which the step costs what it gains is positive, so half of it will do.",
)

#: The step in the coordinates of the features: its length ‖m‖, and the decay at which it costs its gain.
NORM_V = equal(V**2, norm2(v, (j, 1, d[0])))
ALONG_V = equal(V * e[0, k], v[k], (k, 1, d[0]))
_signal = form(A, v, d[0])
LENGTH = equal(m_norm * NOISE_FACTOR * _signal, V**3)
_largest = V * m_norm ** ((D - 1) / (D + 1)) / (D + 1)
MEAN_IS_SMALL = greater(_largest, MEAN_DECAY)


#: Balanced weights along v, and decays whose mean is half the largest.
_upper = (-1) ** (layer * j) / sqrt(d[layer])
AT_STEP = Domain(
    define={
        V: sqrt(NORM_V.right),
        m_norm: V**3 / (NOISE_FACTOR * _signal),
        gamma_u: (_largest / 2) ** (D + 1) / Product(gamma[i], (i, 1, D)),
        kappa: _largest / 2 * m_norm ** (Integer(2) / (D + 1)),
        e[layer, j]: delta(layer, 0) * v[j] / V + (1 - delta(layer, 0)) * _upper,
    }
)
_attained = MINIMUM.at({g[k]: m_norm * v[k] / V}).because(
    *(None for _ in ATTAINMENT.given), m_norm / V * ALONG_V
)

WEIGHTS = theorem(
    "bad-origin-weights",
    "Some weights have less loss than the weights 0",
    greater(c, EXPECTED_LOSS),
    given=(*ATTAINMENT.given, BALANCED, NORM_V, ALONG_V, LENGTH, MEAN_IS_SMALL),
    reference="the loss of the step, attained by weights",
    proof=REDUCED.penalty(m_norm) / MEAN_DECAY * MEAN_IS_SMALL
    - _attained
    - 2 * m_norm / V * NORM_V
    - m_norm / V**2 * LENGTH,
    test=AT_STEP,
    misses={"the decay is not small": without(MEAN_IS_SMALL)},
    prose="""The weights of the reduction that have the map of this step, along $v$, go below the weights
        0.""",
)


def draw_march_to_two_minima(axes: Any) -> None:
    """F along v for D = 1, 2, 3, one-dimensional data with a = ‖v‖ = ρ = 1."""
    import numpy as np

    scale = np.linspace(0, 1.2, 400)
    for depth, decay in ((1, "0.3"), (2, "0.3"), (3, "0.25")):
        values = {D: depth, rho: 1, c: 0, gamma_bar: Rational(decay)}
        expression = LETTERS.loss(m_norm**2, m_norm, m_norm).subs(values)
        axes.plot(scale, lambdify(m_norm, expression, "numpy")(scale), label=f"$D = {depth}$")
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$\Vert m\Vert$ along $v$")
    axes.set_ylabel("$F(m) - c$")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, columnspacing=1, handlelength=1)


BAD = in_words(
    "bad-origin",
    "At two or more hidden layers the origin can be a bad minimum",
    """The origin is a local minimum of the loss of all weights, whatever the decays. Under small decays
        other weights have less loss, so that it is not global.""",
    by="the definition of local and global minima",
    reference="any course of analysis",
    rests_on=(OF_WEIGHTS, LOSS_OF_STEP, WEIGHTS, DECAY_EXISTS),
    conditions=(r"all decays are positive, $D \ge 2$, and $v \ne 0$ lies in the range of $A$",),
    display=Display(
        r"\min_{W, U} L(W, U) < L(0, 0)",
        given=(
            r"""(D+1) \bar{\gamma} (\frac{\lVert v \rVert^{3}}{\rho v^{\top} A v})^{2/(D+1)}
                < \frac{\lVert v \rVert^{4}}{\rho v^{\top} A v}""",
        ),
    ),
)

DERIVATION = Derivation(
    id="bad-origin-exists",
    title="Two or more hidden layers: a bad minimum",
    prose="""The local minimum at the origin need not be global [@ziyin2022], unlike those of networks
        without decay [@baldi1989, @kawaguchi2016].""",
    statements=(BAD_ORIGIN, LOSS_OF_STEP, SMALL_ENOUGH, DECAY_EXISTS, WEIGHTS),
    steps=(BAD,),
    figures=(("The reduced loss along $v$: one minimum becomes two.", draw_march_to_two_minima),),
)
