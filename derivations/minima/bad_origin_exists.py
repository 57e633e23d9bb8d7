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
    Step,
    Use,
    combine,
    equal,
    greater,
)

from ..notation import (
    EACH,
    LETTERS,
    MEAN_DECAY,
    NOISE_FACTOR,
    PAPER,
    REDUCED,
    A,
    D,
    a,
    d,
    g,
    gamma,
    i,
    j,
    k,
    rho,
    v,
)
from ..reduction.attainment import ATTAINMENT, POINT, e, kappa
from ..reduction.global_minimum import MINIMUM
from ..reduction.layer_balance import BALANCED
from ..reduction.loss import EXPECTED_LOSS
from .origin_local_minimum import OF_WEIGHTS

V = sy.v_norm
SIGNAL = sp.Sum(a[j] * v[j] ** 2, EACH)

#: The point (step) · v minimizes the loss without decay along v; there it gains step · ‖v‖².
STEP = V**2 / (rho * SIGNAL)
GAIN = STEP * V**2
COST = LETTERS.penalty(STEP * V)

#: The mean decay at which the step costs what it gains.
LARGEST_DECAY = GAIN / ((D + 1) * (STEP * V) ** (sp.Integer(2) / (D + 1)))

SIGNAL_POSITIVE = greater(SIGNAL, 0)
SMALL_DECAY = greater(LARGEST_DECAY, sy.gamma_bar)

BAD_ORIGIN = Statement(
    id="bad-origin-exists",
    title="Under small decay a map has less loss than the origin",
    relation=Relation.GREATER,
    left=sy.c,
    right=LETTERS.loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V),
    given=(SIGNAL_POSITIVE, SMALL_DECAY),
    conditions=(r"$v \ne 0$ lies in the range of $A$, so that $v^{\top} A v > 0$",),
    reference=f"{PAPER}, bad minima of deep networks",
    proof=combine(Use(SMALL_DECAY, times=COST / sy.gamma_bar)),
    domains=(Domain(define=((sy.gamma_bar, LARGEST_DECAY * V / (1 + V)),)),),
    near_misses=(
        NearMiss("the decay is not small", given=(SIGNAL_POSITIVE,), domains=(Domain(),)),
        NearMiss("more than is gained", left=sy.c - GAIN),
    ),
    prose=(
        "A step along $v$, as long as least squares would make it, goes below the origin if the mean decay "
        "is less than an explicit number."
    ),
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


# -- such a decay exists, and the weights ------------------------------------------------------------------

DECAY_EXISTS = Statement(
    id="bad-origin-decay",
    title="There are decays that are small enough",
    relation=Relation.GREATER,
    left=LARGEST_DECAY,
    right=LARGEST_DECAY / 2,
    given=(SIGNAL_POSITIVE,),
    conditions=BAD_ORIGIN.conditions,
    reference="a positive number",
    proof=combine(plus=LARGEST_DECAY / 2),
    near_misses=(NearMiss("no room", right=LARGEST_DECAY),),
    prose="The number is positive, so for instance half of it will do.",
)

#: The step in the coordinates of the features: its length ‖m‖, and the decay at which it costs its gain.
_norm_v = equal(V**2, sp.Sum(v[j] ** 2, (j, 1, d[0])))
_along_v = equal(V * e[0, k], v[k], (k, 1, d[0]))
_signal = sp.Sum(v[j] * A[j, k] * v[k], (j, 1, d[0]), (k, 1, d[0]))
_length = equal(sy.m_norm * NOISE_FACTOR * _signal, V**3)
_largest = V * sy.m_norm ** ((D - 1) / (D + 1)) / (D + 1)
_small = greater(_largest, MEAN_DECAY)
_hidden_decays = sp.Product(gamma[i], (i, 1, D))


def at_step(factor: Any) -> Domain:
    """Balanced weights along v, and decays whose mean is ``factor`` times the largest."""
    return Domain(
        define=(
            *POINT.define[:2],
            (V, sp.sqrt(_norm_v.right)),
            (sy.m_norm, V**3 / (NOISE_FACTOR * _signal)),
            (sy.gamma_u, (factor * _largest) ** (D + 1) / _hidden_decays),
            (kappa, factor * _largest * sy.m_norm ** (sp.Integer(2) / (D + 1))),
            (
                e[i, j],
                sp.KroneckerDelta(i, 0) * v[j] / V
                + (1 - sp.KroneckerDelta(i, 0)) * (-1) ** (i * j) / sp.sqrt(d[i]),
            ),
        )
    )


WEIGHTS = Statement(
    id="bad-origin-weights",
    title="Some weights have less loss than the weights 0",
    relation=Relation.GREATER,
    left=sy.c,
    right=EXPECTED_LOSS,
    given=(*ATTAINMENT.given, BALANCED, _norm_v, _along_v, _length, _small),
    definitions=MINIMUM.definitions,
    conditions=MINIMUM.conditions,
    reference="the loss of the step, attained by weights",
    proof=combine(
        Use(
            MINIMUM,
            times=-1,
            where={g[k]: sy.m_norm * v[k] / V},
            given=(*(None for _ in ATTAINMENT.given), combine(Use(_along_v, times=sy.m_norm / V))),
        ),
        Use(_norm_v, times=-2 * sy.m_norm / V),
        Use(_length, times=-sy.m_norm / V**2),
        Use(_small, times=REDUCED.penalty(sy.m_norm) / MEAN_DECAY),
    ),
    domains=(at_step(sp.Rational(1, 2)),),
    near_misses=(
        NearMiss(
            "the decay is not small",
            given=(*ATTAINMENT.given, BALANCED, _norm_v, _along_v, _length),
            domains=(at_step(2),),
        ),
    ),
    prose=(
        "The weights of the reduction that have the map of this step, along $v$, go below the weights 0."
    ),
)

# -- a step in words -------------------------------------------------------------------------------------

BAD = Step(
    id="bad-origin",
    title="At two or more hidden layers the origin can be a bad minimum",
    text=(
        "The origin is a local minimum of the loss of all weights, whatever the decays. Under small decays "
        "other weights have less loss, so that it is not global."
    ),
    theorem="the definition of local and global minima",
    reference="any course of analysis",
    rests_on=(OF_WEIGHTS, WEIGHTS, DECAY_EXISTS),
    conditions=(r"all decays are positive, $D \ge 2$, and $v \ne 0$ lies in the range of $A$",),
)

DERIVATION = Derivation(
    id="bad-origin-exists",
    title="Two or more hidden layers: a bad minimum",
    prose="The local minimum at the origin need not be global.",
    statements=(BAD_ORIGIN, SMALL_ENOUGH, DECAY_EXISTS, WEIGHTS),
    steps=(BAD,),
    figures=(("The reduced loss along $v$: one minimum becomes two.", draw_march_to_two_minima),),
)
