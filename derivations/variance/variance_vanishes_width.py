"""Wide layers average the noise away."""

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
    at_least,
    combine,
)

from ..notation import NOISE_FACTOR, PAPER, D, d, i, n, sigma
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND

#: Σ σ_i²/d_i, and what the variance is measured in, vᵀA⁺v.
NOISE_PER_NEURON = sp.Sum(sigma[i] ** 2 / d[i], (i, 1, D))
_next = sigma[D + 1] ** 2 / d[D + 1]
Q = sp.Symbol("Q", nonnegative=True)

#: The bound on the variance at every decay.
VARIANCE = (NOISE_FACTOR - 1) / NOISE_FACTOR**2 * Q

EXCESS = Statement(
    id="variance-excess",
    title="The noise factor exceeds 1 by little",
    relation=Relation.AT_LEAST,
    left=NOISE_FACTOR * NOISE_PER_NEURON,
    right=NOISE_FACTOR - 1,
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(HYPOTHESIS),
            plus=NOISE_FACTOR * _next * (NOISE_PER_NEURON + _next),
        ),
    ),
    near_misses=(NearMiss("without the factor ρ", left=NOISE_PER_NEURON),),
)

VANISHES_WIDTH = Statement(
    id="variance-vanishes-width",
    title="A bound on the variance of wide networks",
    relation=Relation.AT_LEAST,
    left=NOISE_PER_NEURON * Q,
    right=VARIANCE,
    conditions=("$Q = v^{\\top} A^{+} v$",),
    reference=f"{PAPER}, the limit of large width",
    proof=combine(
        Use(EXCESS, times=Q / NOISE_FACTOR),
        plus=Q * (NOISE_FACTOR - 1) ** 2 / NOISE_FACTOR**2,
    ),
    near_misses=(
        NearMiss(
            "one more factor of the width", left=Q * sp.Sum(sigma[i] ** 2 / (10 * d[i]) ** 4, (i, 1, D))
        ),
    ),
)

LIMIT = Statement(
    id="variance-width-limit",
    title="The bound vanishes as all widths grow",
    relation=Relation.LIMIT,
    left=sp.Limit(sp.Sum(sigma[i] ** 2 / n, (i, 1, D)) * Q, n, sp.oo),
    right=0,
    conditions=("all widths are at least $n$",),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(
        NearMiss(
            "noise that grows with the width",
            left=sp.Limit(sp.Sum((sigma[i] ** 2 + 1) * n / n, (i, 1, D)) * (Q + 1), n, sp.oo),
        ),
    ),
)

# -- widths of at least n ----------------------------------------

WIDE = at_least(d[i], n, (i, 1, D))

COMPARISON = Statement(
    id="variance-width-comparison",
    title="Wider layers have less noise for each neuron",
    relation=Relation.AT_LEAST,
    left=sp.Sum(sigma[i] ** 2 / n, (i, 1, D)),
    right=NOISE_PER_NEURON,
    given=(WIDE,),
    reference="monotonicity",
    proof=combine(Use(WIDE, times=sigma[i] ** 2 / (n * d[i]), over=((i, 1, D),))),
    domains=(Domain(ranges=((n, (1, 1)),)), Domain(define=((d[i], n),))),
    near_misses=(NearMiss("narrower layers", given=(), domains=(Domain(ranges=((n, (4, 9)),)),)),),
    prose="If all widths are at least $n$, the sum is at most that with $n$ in their place.",
)

# -- a step in words ----------------------------------------

VANISHES = Step(
    id="variance-width-squeezed",
    title="The variance vanishes as all widths grow",
    text=(
        r"At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, "
        r"hence at most $Q$ times the sum, and that is at most what vanishes as $n$ grows."
    ),
    theorem="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(NOT_NEGATIVE, VARIANCE_BOUND, RANGE, VANISHES_WIDTH, COMPARISON, LIMIT),
    conditions=("depth and noises are fixed, and all widths are at least $n$",),
)

DERIVATION = Derivation(
    id="variance-vanishes-width",
    title="Wide networks",
    prose="The variance of the prediction vanishes like one over the width.",
    statements=(EXCESS, VANISHES_WIDTH, COMPARISON, LIMIT),
    steps=(VANISHES,),
)
