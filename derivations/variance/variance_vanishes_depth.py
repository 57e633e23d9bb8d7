"""Deep noisy networks predict with certainty."""

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

from ..notation import NOISE_FACTOR, PAPER, D, d, sigma
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
    prose=(
        "Every noisy layer adds to the sum, so the variance vanishes with depth whenever the sum diverges."
    ),
)

_each = sp.Symbol("y", positive=True)

LIMIT = Statement(
    id="variance-depth-limit",
    title="The variance of equal layers vanishes with depth",
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

DERIVATION = Derivation(
    id="variance-vanishes-depth",
    title="Deep networks",
    prose="The noise of many layers adds up, and the variance of the prediction vanishes.",
    statements=(BERNOULLI, VANISHES_DEPTH, LIMIT),
)
