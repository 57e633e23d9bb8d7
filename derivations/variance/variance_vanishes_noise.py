"""Strong noise silences the network."""

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
    Step,
    Use,
    combine,
)

from ..notation import NOISE_FACTOR, PAPER, D, d, i, sigma
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND
from .variance_vanishes_width import VARIANCE, Q

NOISE_PRODUCT = sp.Product(sigma[i] ** 2 / d[i], (i, 1, D))
_next = sigma[D + 1] ** 2 / d[D + 1]

AT_LEAST_ONE = Statement(
    id="noise-factor-at-least-one",
    title="The noise factor is at least 1",
    relation=Relation.AT_LEAST,
    left=NOISE_FACTOR,
    right=1,
    reference="induction on the depth",
    proof=Induct(D, base=combine(), step=combine(Use(HYPOTHESIS), plus=NOISE_FACTOR * _next)),
    near_misses=(NearMiss("a larger bound", right=1000),),
)

AT_LEAST_PRODUCT = Statement(
    id="noise-factor-at-least-product",
    title="The noise factor exceeds a product over the layers",
    relation=Relation.AT_LEAST,
    left=NOISE_FACTOR,
    right=NOISE_PRODUCT,
    reference="induction on the depth",
    proof=Induct(
        D,
        base=combine(),
        step=combine(Use(HYPOTHESIS, times=_next), plus=NOISE_FACTOR),
    ),
    near_misses=(NearMiss("without the widths", right=sp.Product(sigma[i] ** 2, (i, 1, D))),),
)

VANISHES_NOISE = Statement(
    id="variance-vanishes-noise",
    title="A bound on the variance under strong noise",
    relation=Relation.AT_LEAST,
    left=Q,
    right=VARIANCE * NOISE_PRODUCT,
    conditions=("$Q = v^{\\top} A^{+} v$",),
    reference=f"{PAPER}, the limit of strong noise",
    # 1 - (ρ-1)Π/ρ² = (ρ-Π)/ρ + Π/ρ²
    proof=combine(
        Use(AT_LEAST_PRODUCT, times=Q / NOISE_FACTOR),
        plus=Q * NOISE_PRODUCT / NOISE_FACTOR**2,
    ),
    near_misses=(NearMiss("one more power of the noise", right=VARIANCE * NOISE_PRODUCT**2),),
)

_scale = sp.Symbol("s", positive=True)

LIMIT = Statement(
    id="variance-noise-limit",
    title="The bound vanishes under strong noise",
    relation=Relation.LIMIT,
    left=sp.Limit(Q * sp.Product(d[i] / _scale**2, (i, 1, D)), _scale, sp.oo),
    right=0,
    conditions=("all noises have the standard deviation $s$",),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(
        NearMiss("without noise", left=sp.Limit((Q + 1) * sp.Product(d[i], (i, 1, D)), _scale, sp.oo)),
    ),
)

# -- equal noises ----------------------------------------

_quiet_product = sp.Product(d[i] / _scale**2, (i, 1, D))

COMPARISON = Statement(
    id="variance-noise-comparison",
    title="The bound on the variance at equal noises",
    relation=Relation.AT_LEAST,
    left=Q * _quiet_product,
    right=VARIANCE.xreplace({sigma[i]: _scale}),
    conditions=("all noises have the standard deviation $s$", "$Q = v^{\\top} A^{+} v$"),
    reference="the bound at equal noises",
    proof=combine(Use(VANISHES_NOISE, times=_quiet_product, where={sigma[i]: _scale})),
    near_misses=(NearMiss("one more power", left=Q * _quiet_product**9 / 10**9),),
)

# -- a step in words ----------------------------------------

VANISHES = Step(
    id="variance-noise-squeezed",
    title="The variance vanishes under strong noise",
    text=(
        r"At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, "
        r"hence at most what vanishes as $s$ grows."
    ),
    theorem="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(NOT_NEGATIVE, VARIANCE_BOUND, RANGE, COMPARISON, LIMIT),
    conditions=("depth and widths are fixed, and all noises have the standard deviation $s$",),
)

DERIVATION = Derivation(
    id="variance-vanishes-noise",
    title="Strong noise",
    prose="Under strong noise the minimum has small weights, and the variance of the prediction vanishes.",
    statements=(AT_LEAST_ONE, AT_LEAST_PRODUCT, VANISHES_NOISE, COMPARISON, LIMIT),
    steps=(VANISHES,),
)
