"""How deep a network may be before isotropic data leave its global minimum at the origin."""

from ..inequalities import power, tangent
from ..notation import *
from .decay_threshold import AT_TRANSITION
from .spinodal import DEEP, ISOTROPIC, V, a, s
from .transition import GLOBAL

#: The decay of every layer, and its product at the transition without noise.
decay = gamma_bar
PRODUCT = ISOTROPIC.transition.decay_product
QUIET = PRODUCT.subs(rho, 1)

# -- the depths form an interval -----------------------------------------------------------------------

#: σ²/N of every hidden layer; the depth is 1 + s.
noise = letters("delta", nonnegative=True)
_ratio = (PRODUCT / decay ** (D + 1)).xreplace({rho: (1 + noise) ** D}).xreplace({D: 1 + s})
MARGIN = (
    2 * (1 + s) * log(V)
    + s * log(s)
    - 2 * (1 + s) * log(1 + s)
    - s * log(a)
    - (2 + s) * log(decay)
    - s * (1 + s) * log(1 + noise)
)

_setting = (
    r"the depth is $1 + s$, every decay $\bar\gamma$, and $\sigma_i^2/d_i = \delta$ in every hidden layer"
)

CRITERION = theorem(
    "largest-depth-margin",
    "By how much a depth meets the condition",
    equal(log(_ratio), MARGIN),
    given=(_setting,),
    reference="the transition in terms of the decays",
    proof=exact_algebra,
    misses={"one layer without noise": right(MARGIN + s * log(1 + noise))},
    prose="""With equal decays and equal noise in all hidden layers, the minimum is global as long as
        the product of the decays at the transition exceeds that of the network. The logarithm of their
        ratio makes sense at every real depth $1 + s$.""",
)

_deep_enough = at_least(s, 1)
_curvature = Derivative(MARGIN, (s, 2))

INTERVAL = theorem(
    "largest-depth",
    "The margin is a concave function of the depth",
    at_least(0, _curvature),
    given=(_deep_enough, _setting),
    reference="concavity",
    proof=differentiate(
        2 * tangent(1 / (1 + noise)) + _deep_enough / (s * (1 + s)) + nonnegative(2 * noise / (1 + noise))
    ),
    misses={"less than two hidden layers": without(_deep_enough), "a convex function": right(-_curvature)},
)

# -- how large the largest depth is ----------------------------------------------------------------------

#: ‖v‖²/(aγ), the largest depth to leading order.
SIGNAL = V**2 / (a * decay)
_product = decay ** (D + 1)
_trainable = at_least(QUIET, _product)
_NO_NOISE = "no noise"
SHOWN_TRAINABLE = (
    r"\bar{\gamma}^{D + 1} \le \frac{(D - 1)^{D - 1}}{D^{2 D}} \frac{\lVert v \rVert^{2 D}}{a^{D - 1}}"
)

#: A simple bound on the product at the transition, and its ratio to γ^{D+1}.
_simple = V ** (2 * D) / (a ** (D - 1) * D ** (D + 1))
_excess = _simple / _product

UPPER = theorem(
    "largest-depth-upper",
    "An upper bound on a depth that meets the condition",
    at_least(SIGNAL + a / (decay * D), D + 1),
    given=(DEEP, _trainable, _NO_NOISE),
    reference="the weighted means of two numbers",
    proof=D * tangent(SIGNAL / D)
    + tangent(a / (decay * D))
    + tangent(1 / _excess)  # ln r ≥ 1 - 1/r for the ratio r, which exceeds 1
    + _trainable / _simple
    + D ** (1 - D) * power(D, D - 1, D - 1).because(nonnegative(1)),
    misses={"any depth": without(_trainable), "without the second term": left(SIGNAL)},
    display=Display(
        r"D + 1 \le \frac{\lVert v \rVert^{2}}{a \bar{\gamma}} + \frac{a}{D \bar{\gamma}}",
        given=(r"D \ge 2", SHOWN_TRAINABLE),
        setting="isotropic",
    ),
    prose="Without noise, every depth with a nontrivial global minimum satisfies",
)

EULER = theorem(
    "largest-depth-euler",
    "A bound on a power",
    at_least((s / (1 + s)) ** s, exp(-1)),
    reference="the logarithm lies below its tangent",
    proof=exp(-1) * tangent(exp(1) * (s / (1 + s)) ** s) + exp(-1) * s * tangent((1 + s) / s),
    misses={"one half": right(Rational(1, 2))},
    prose="Conversely, a depth that stays below the leading term by a logarithm is not too deep, because",
)

_below = at_least(D * (1 - D / SIGNAL), 1 + log(decay * D / a))

LOWER = theorem(
    "largest-depth-lower",
    "A depth below the bound meets the condition",
    at_least(QUIET, _product),
    given=(DEEP, _below, _NO_NOISE),
    reference="the logarithm lies below its tangent",
    proof=_product * _excess * EULER.at({s: D - 1})
    + _product * tangent(_excess / exp(1))
    + _product * D * tangent(D / SIGNAL)
    + _product * _below,
    misses={"any depth": without(_below)},
    display=Display(
        SHOWN_TRAINABLE,
        given=(
            r"D \ge 2",
            r"1 + \ln \frac{D \bar{\gamma}}{a} \le "
            r"D \Bigl(1 - \frac{D a \bar{\gamma}}{\lVert v \rVert^{2}}\Bigr)",
        ),
        setting="isotropic",
    ),
)

AN_INTERVAL = in_words(
    "largest-depth-interval",
    "From two layers on the depths with such a minimum are an interval",
    """The minimum is global at depth $1 + s$ where the margin is not negative, since then the product of
        the decays is at most that of the transition. Where a concave function is not negative is an
        interval. So if two depths have a nontrivial global minimum, all depths between have one: there is
        at most one stretch of them. Depths 0 and 1 stand apart.""",
    by="the theorem that superlevel sets of concave functions are convex",
    reference="Rockafellar, Convex Analysis, theorem 4.6",
    rests_on=(CRITERION, INTERVAL, AT_TRANSITION, GLOBAL),
    conditions=(_setting,),
)

LEADING = in_words(
    "largest-depth-asymptotics",
    "The largest depth to leading order",
    r"""Let $K = \lVert v\rVert^2/(a\bar\gamma)$. A depth that meets the condition exceeds $K$ by a bounded
        term at most, and a depth meets it if it stays below $K$ by a multiple of $\ln K$. So the largest
        depth lies within terms of order $\ln K$ of $K$, as $a$ or $\bar\gamma$ tends to 0.""",
    by="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(UPPER, LOWER, AN_INTERVAL),
    conditions=(_NO_NOISE,),
)

CAPTION = r"""The transition for $a = 1/1000$, $\lVert v\rVert^2 = 1/10$ and no noise. With the decay 1
    in every layer (line) the global minimum is nontrivial at depths 3 to 86 (shaded), not at 1 (dot) and 2.
    """


def draw_depths(axes: Any) -> None:
    """The transition in equal decays against the depth, for strong and weak data; γ = 1 is marked."""
    import numpy as np

    depths = np.geomspace(2, 300, 400)
    values = {V: sqrt(Rational(1, 10)), rho: 1, a: Rational(1, 1000)}
    threshold = lambdify(D, ISOTROPIC.transition.decay.subs(values), "numpy")(depths)
    leading = {"color": "gray", "linewidth": 0.8, "linestyle": ":", "label": r"$\Vert v\Vert^2/(aD)$"}
    axes.plot(depths, threshold, label="transition")
    axes.plot([1], [float(values[V])], "o", color="C0", markersize=4)
    axes.fill_between(depths, 1, threshold, where=threshold >= 1, alpha=0.2, linewidth=0)
    axes.axhline(1, linewidth=0.5, color="black")
    axes.plot(depths, 100 / depths, **leading)
    axes.set(xscale="log", yscale="log", ylim=(0.2, 10), xlabel="number of hidden layers $D$")
    axes.set_ylabel(r"decay $\gamma$ of every layer")
    axes.legend()


DERIVATION = Derivation(
    id="largest-depth",
    title="The largest depth",
    prose="""Decay and noise act once for every layer, so networks that are too deep have their global
        minimum at the origin.""",
    statements=(CRITERION, INTERVAL, UPPER, EULER, LOWER),
    steps=(AN_INTERVAL, LEADING),
    figures=((CAPTION, draw_depths),),
)
