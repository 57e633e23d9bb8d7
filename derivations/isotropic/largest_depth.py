"""How deep a network may be before isotropic data leave its global minimum at the origin."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    at_least,
    combine,
)

from ..inequalities import LOGARITHM, POWER, s, x, y
from ..notation import D, rho
from .decay_threshold import AT_TRANSITION
from .spinodal import DEEP, ISOTROPIC, TWO_LAYERS_UP, V, a, t
from .transition import GLOBAL

#: The decay of every layer, and its product at the transition without noise.
decay = sy.gamma_bar
PRODUCT = ISOTROPIC.transition.decay_product
QUIET, QUIET_DECAY = (
    formula.xreplace({rho: sp.S.One}) for formula in (PRODUCT, ISOTROPIC.transition.decay)
)

# -- the depths form an interval -----------------------------------------------------------------------

#: σ²/N of every hidden layer; the depth is 1 + s.
noise = sp.Symbol("y", nonnegative=True)
_ratio = (PRODUCT / decay ** (D + 1)).xreplace({rho: (1 + noise) ** D}).xreplace({D: 1 + s})
MARGIN = (
    2 * (1 + s) * sp.log(V)
    + s * sp.log(s)
    - 2 * (1 + s) * sp.log(1 + s)
    - s * sp.log(a)
    - (2 + s) * sp.log(decay)
    - s * (1 + s) * sp.log(1 + noise)
)

_setting = (
    (r"the depth is $1 + s$, every decay $\bar\gamma$, and $\sigma_i^2/d_i = y$ in every hidden layer"),
)

CRITERION = Statement(
    id="largest-depth-margin",
    title="By how much a depth meets the condition",
    left=sp.log(_ratio),
    right=MARGIN,
    conditions=_setting,
    reference="the transition in terms of the decays",
    proof=combine(),
    near_misses=(NearMiss("one layer without noise", right=MARGIN + s * sp.log(1 + noise)),),
    prose=(
        "With equal decays and equal noise in all hidden layers, the minimum is global as long as the "
        "product of the decays at the transition exceeds that of the network. The logarithm of their "
        "ratio makes sense at every real depth $1 + s$."
    ),
)

_deep_enough = at_least(s, 1)

INTERVAL = Statement(
    id="largest-depth",
    title="The margin is a concave function of the depth",
    relation=Relation.AT_LEAST,
    left=0,
    right=sp.Derivative(MARGIN, (s, 2)),
    given=(_deep_enough,),
    conditions=_setting,
    reference="concavity",
    proof=Differentiate(
        combine(
            Use(LOGARITHM, times=2, where={t: 1 / (1 + noise)}),
            Use(_deep_enough, times=1 / (s * (1 + s))),
            plus=2 * noise / (1 + noise),
        )
    ),
    domains=(Domain(ranges=((s, (1, 9)),)),),
    near_misses=(
        NearMiss(
            ("less than two hidden layers"),
            given=(),
            domains=(Domain(ranges=((s, (0, 1)), (noise, (0, sp.Rational(1, 100))))),),
        ),
        NearMiss("a convex function", left=sp.Derivative(MARGIN, (s, 2)), right=0),
    ),
)

# -- how large the largest depth is ----------------------------------------------------------------------

#: ‖v‖²/(aγ), the largest depth to leading order.
SIGNAL = V**2 / (a * decay)
_trainable = at_least(QUIET, decay ** (D + 1))

#: A simple bound on the product at the transition, and its ratio to γ^{D+1}.
_simple = V ** (2 * D) / (a ** (D - 1) * D ** (D + 1))
_excess = _simple / decay ** (D + 1)

UPPER = Statement(
    id="largest-depth-upper",
    title="An upper bound on a depth that meets the condition",
    relation=Relation.AT_LEAST,
    left=SIGNAL + a / (decay * D),
    right=D + 1,
    given=(DEEP, _trainable),
    conditions=("no noise",),
    reference="the weighted means of two numbers",
    proof=combine(
        Use(LOGARITHM, times=D, where={t: SIGNAL / D}),
        Use(LOGARITHM, where={t: a / (decay * D)}),
        # ln r ≥ 1 - 1/r for the ratio r, which exceeds 1
        Use(LOGARITHM, where={t: 1 / _excess}),
        Use(_trainable, times=1 / _simple),
        Use(POWER, times=D ** (1 - D), where={x: D, y: D - 1, s: D - 1}, given=(combine(plus=1),)),
    ),
    domains=(
        Domain(
            ranges=TWO_LAYERS_UP,
            define=((decay, QUIET_DECAY / (1 + sy.lam)),),
        ),
    ),
    near_misses=(
        NearMiss("any depth", given=(DEEP,), domains=(Domain(ranges=TWO_LAYERS_UP),)),
        NearMiss(
            ("without the second term"),
            left=SIGNAL,
            domains=(
                Domain(ranges=(*TWO_LAYERS_UP, (V, (0, 1)), (a, (2, 9))), define=((decay, QUIET_DECAY),)),
            ),
        ),
    ),
    prose=("Without noise, every depth with a nontrivial global minimum satisfies"),
)

EULER = Statement(
    id="largest-depth-euler",
    title="A bound on a power",
    relation=Relation.AT_LEAST,
    left=(s / (1 + s)) ** s,
    right=sp.exp(-1),
    reference="the logarithm lies below its tangent",
    proof=combine(
        Use(LOGARITHM, times=sp.exp(-1), where={t: sp.E * (s / (1 + s)) ** s}),
        Use(LOGARITHM, times=sp.exp(-1) * s, where={t: (1 + s) / s}),
    ),
    near_misses=(NearMiss("one half", right=sp.Rational(1, 2)),),
    prose="Conversely, a depth that stays below the leading term by a logarithm is not too deep, because",
)

_below = at_least(D * (1 - D / SIGNAL), 1 + sp.log(decay * D / a))

LOWER = Statement(
    id="largest-depth-lower",
    title="A depth below the bound meets the condition",
    relation=Relation.AT_LEAST,
    left=QUIET,
    right=decay ** (D + 1),
    given=(DEEP, _below),
    conditions=("no noise",),
    reference="the logarithm lies below its tangent",
    proof=combine(
        Use(EULER, times=decay ** (D + 1) * _excess, where={s: D - 1}),
        Use(LOGARITHM, times=decay ** (D + 1), where={t: _excess / sp.E}),
        Use(LOGARITHM, times=decay ** (D + 1) * D, where={t: D / SIGNAL}),
        Use(_below, times=decay ** (D + 1)),
    ),
    domains=(Domain(ranges=(*TWO_LAYERS_UP, (decay, (0, sp.Rational(1, 200))), (V, (1, 2)))),),
    near_misses=(NearMiss("any depth", given=(DEEP,), domains=(Domain(ranges=TWO_LAYERS_UP),)),),
)


def draw_depths(axes: Any) -> None:
    """The transition in equal decays against the depth, for strong and weak data; γ = 1 is marked."""
    import numpy as np

    depths = np.geomspace(2, 300, 400)
    values = {V: sp.sqrt(sp.Rational(1, 10)), rho: 1, a: sp.Rational(1, 1000)}
    threshold = sp.lambdify(D, ISOTROPIC.transition.decay.subs(values), "numpy")(depths)
    inside = threshold >= 1
    axes.plot(depths, threshold, label="transition")
    axes.plot([1], [float(values[V])], "o", color="C0", markersize=4)
    axes.fill_between(depths, 1, threshold, where=inside, alpha=0.2, linewidth=0)
    axes.axhline(1, linewidth=0.5, color="black")
    axes.plot(
        depths, 100 / depths, color="gray", linewidth=0.8, linestyle=":", label=r"$\Vert v\Vert^2/(aD)$"
    )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_ylim(0.2, 10)
    axes.set_xlabel("number of hidden layers $D$")
    axes.set_ylabel(r"decay $\gamma$ of every layer")
    axes.legend()


# -- a step in words -------------------------------------------------------------------------------------

AN_INTERVAL = Step(
    id="largest-depth-interval",
    title="From two layers on the depths with such a minimum are an interval",
    text=(
        r"The minimum is global at depth $1 + s$ where the margin is not negative, since then the product "
        r"of the decays is at most that of the transition. Where a concave function is not negative is an "
        r"interval. So if two depths have a nontrivial global minimum, all depths between have one: there "
        r"is at most one stretch of them. Depths 0 and 1 stand apart."
    ),
    theorem="the theorem that superlevel sets of concave functions are convex",
    reference="Rockafellar, Convex Analysis, theorem 4.6",
    rests_on=(CRITERION, INTERVAL, AT_TRANSITION, GLOBAL),
    conditions=_setting,
)

LEADING = Step(
    id="largest-depth-asymptotics",
    title="The largest depth to leading order",
    text=(
        r"Let $K = \lVert v\rVert^2/(a\bar\gamma)$. A depth that meets the condition exceeds $K$ by a "
        r"bounded term at most, and a depth meets it if it stays below $K$ by a multiple of $\ln K$. "
        r"So the largest depth lies within terms of order $\ln K$ of $K$, as $a$ or $\bar\gamma$ "
        "tends to 0."
    ),
    theorem="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(UPPER, LOWER, AN_INTERVAL),
    conditions=("no noise",),
)

DERIVATION = Derivation(
    id="largest-depth",
    title="The largest depth",
    prose=(
        "Decay and noise act once for every layer, so networks that are too deep have their global "
        "minimum at the origin."
    ),
    statements=(CRITERION, INTERVAL, UPPER, EULER, LOWER),
    steps=(AN_INTERVAL, LEADING),
    figures=(
        (
            r"The transition for $a = 1/1000$, $\lVert v\rVert^2 = 1/10$ and no noise. With the decay 1 "
            "in every layer (line) the global minimum is nontrivial at depths 3 to 86 (shaded), not at "
            "1 (dot) and 2.",
            draw_depths,
        ),
    ),
)
