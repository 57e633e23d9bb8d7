"""Deep noisy networks predict with certainty."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..notation import NOISE_FACTOR, PAPER, D, d, i, sigma
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND
from .variance_vanishes_width import NOISE_PER_NEURON, VARIANCE, Q

_next = sigma[D + 1] ** 2 / d[D + 1]

BERNOULLI = Statement(
    id="noise-factor-bernoulli",
    title="The noise factor exceeds a sum over the layers",
    relation=Relation.AT_LEAST,
    left=NOISE_FACTOR,
    right=1 + NOISE_PER_NEURON,
    reference="Bernoulli's inequality",
    proof=Induct(
        D,
        base=combine(),
        step=combine(Use(HYPOTHESIS, times=1 + _next), plus=NOISE_PER_NEURON * _next),
    ),
    near_misses=(NearMiss("twice the sum", right=1 + 2 * NOISE_PER_NEURON),),
)

VANISHES_DEPTH = Statement(
    id="variance-vanishes-depth",
    title="A bound on the variance of deep networks",
    relation=Relation.AT_LEAST,
    left=Q / (1 + NOISE_PER_NEURON),
    right=VARIANCE,
    conditions=("$Q = v^{\\top} A^{+} v$",),
    reference=f"{PAPER}, the limit of large depth",
    proof=combine(
        Use(BERNOULLI, times=Q / (NOISE_FACTOR * (1 + NOISE_PER_NEURON))),
        plus=Q / NOISE_FACTOR**2,
    ),
    near_misses=(NearMiss("the square of the sum", left=Q / (1 + 10 * NOISE_PER_NEURON) ** 4),),
    prose="Every noisy layer adds to the sum.",
)

_each = sp.Symbol("y", positive=True)

LIMIT = Statement(
    id="variance-depth-limit",
    title="The bound for equal layers vanishes with depth",
    relation=Relation.LIMIT,
    left=sp.Limit(Q / (1 + D * _each), D, sp.oo),
    right=0,
    conditions=(r"$\sigma_i^2/d_i = y$ in every layer",),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(
        NearMiss("noise that dies out", left=sp.Limit((Q + 1) / (1 + _each * D / (D + 1)), D, sp.oo)),
    ),
)

# -- equal layers ----------------------------------------

EQUAL_LAYERS = equal(sigma[i] ** 2 / d[i], _each, (i, 1, D))

OF_EQUAL_LAYERS = Statement(
    id="variance-depth-equal",
    title="The sum of equal layers",
    left=NOISE_PER_NEURON,
    right=D * _each,
    given=(EQUAL_LAYERS,),
    reference="the sum of equal terms",
    proof=combine(Use(EQUAL_LAYERS, over=((i, 1, D),))),
    domains=(Domain(define=((sigma[i], sp.sqrt(_each * d[i])),)),),
    near_misses=(NearMiss("other layers", given=(), domains=(Domain(),)),),
)

# -- a step in words ----------------------------------------

VANISHES = Step(
    id="variance-depth-squeezed",
    title="The variance of equal layers vanishes with depth",
    text=(
        r"At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, "
        r"hence at most $Q$ over one and the sum, which is $D y$. The same holds whenever the sum grows "
        "without bound."
    ),
    theorem="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(NOT_NEGATIVE, VARIANCE_BOUND, RANGE, VANISHES_DEPTH, OF_EQUAL_LAYERS, LIMIT),
    conditions=(r"$\sigma_i^2/d_i = y > 0$ in every layer",),
)

DERIVATION = Derivation(
    id="variance-vanishes-depth",
    title="Deep networks",
    prose="The noise of many layers adds up, and the variance of the prediction vanishes.",
    statements=(BERNOULLI, VANISHES_DEPTH, OF_EQUAL_LAYERS, LIMIT),
    steps=(VANISHES,),
)
