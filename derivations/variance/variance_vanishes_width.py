"""Wide layers average the noise away."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Induct,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
)

from ..notation import NOISE_FACTOR, PAPER, D, d, i, n, sigma

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
    title="The variance vanishes as all widths grow",
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

DERIVATION = Derivation(
    id="variance-vanishes-width",
    title="Wide networks",
    prose="The variance of the prediction vanishes like one over the width.",
    statements=(EXCESS, VANISHES_WIDTH, LIMIT),
)
