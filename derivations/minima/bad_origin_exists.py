"""The origin can be a local minimum that is not global."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    greater,
)

from ..notation import EACH, LETTERS, PAPER, D, a, j, rho, v

V = sy.v_norm
SIGNAL = sp.Sum(a[j] * v[j] ** 2, EACH)

#: The point (step) · v minimizes the loss without decay along v; there it gains step · ‖v‖².
STEP = V**2 / (rho * SIGNAL)
GAIN = STEP * V**2
COST = LETTERS.penalty(STEP * V)

SIGNAL_POSITIVE = greater(SIGNAL, 0)
SMALL_DECAY = greater(GAIN, COST)

BAD_ORIGIN = Statement(
    id="bad-origin-exists",
    title="Under small decay the origin is not the global minimum",
    relation=Relation.GREATER,
    left=sy.c,
    right=LETTERS.loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V),
    given=(SIGNAL_POSITIVE, SMALL_DECAY),
    conditions=(r"$v \ne 0$ lies in the range of $A$, so that $v^{\top} A v > 0$",),
    reference=f"{PAPER}, bad minima of deep networks",
    proof=combine(Use(SMALL_DECAY)),
    domains=(Domain(ranges=((sy.gamma_bar, (0, sp.Rational(1, 100))),)),),
    near_misses=(
        NearMiss("the decay is not small", given=(SIGNAL_POSITIVE,), domains=(Domain(),)),
        NearMiss("more than is gained", left=sy.c - GAIN),
    ),
    prose="A step along $v$, as long as least squares would make it, goes below the origin.",
)

SMALL_ENOUGH = Statement(
    id="bad-origin-small-decay",
    title="The cost of the step vanishes with the decay",
    relation=Relation.LIMIT,
    left=sp.Limit(COST, sy.gamma_bar, 0, "+"),
    right=0,
    given=(SIGNAL_POSITIVE,),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("the gain vanishes as well", left=sp.Limit(GAIN, sy.gamma_bar, 0, "+")),),
    prose=(
        "So the decay can be as small as the hypothesis asks for. At depth 2 or more the origin is a "
        "local minimum for every decay, and for small decay it is a bad one."
    ),
)


def draw_march_to_two_minima(axes: Any) -> None:
    """F along v for D = 1, 2, 3, one-dimensional data with a = ‖v‖ = ρ = 1."""
    import numpy as np

    scale = np.linspace(0, 1.2, 400)
    for depth, decay in ((1, "0.3"), (2, "0.3"), (3, "0.25")):
        expression = LETTERS.loss(sy.m_norm**2, sy.m_norm, sy.m_norm).subs(
            {D: depth, rho: 1, sy.c: 0, sy.gamma_bar: sp.Rational(decay)}
        )
        values = sp.lambdify(sy.m_norm, expression, "numpy")(scale)
        axes.plot(scale, values, label=f"$D = {depth}$")
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$\Vert m\Vert$ along $v$")
    axes.set_ylabel("$F(m) - c$")
    axes.legend()


DERIVATION = Derivation(
    id="bad-origin-exists",
    title="Two or more hidden layers: a bad minimum",
    prose="The local minimum at the origin need not be global.",
    statements=(BAD_ORIGIN, SMALL_ENOUGH),
    figures=(("The reduced loss along $v$: one minimum becomes two.", draw_march_to_two_minima),),
)
