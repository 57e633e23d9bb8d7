"""Strong noise silences the network."""

from ..notation import *
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND
from .variance_vanishes_width import LEAST_SQUARES, NEXT, Q_IS, VARIANCE, Q

NOISE_PRODUCT = Product(sigma[i] ** 2 / d[i], (i, 1, D))

AT_LEAST_ONE = theorem(
    "noise-factor-at-least-one",
    "The noise factor is at least 1",
    at_least(NOISE_FACTOR, 1),
    reference="induction on the depth",
    proof=induction(D, step=HYPOTHESIS + nonnegative(NOISE_FACTOR * NEXT)),
    misses={"a larger bound": right(1000)},
)

AT_LEAST_PRODUCT = theorem(
    "noise-factor-at-least-product",
    "The noise factor is at least a product over the layers",
    at_least(NOISE_FACTOR, NOISE_PRODUCT),
    reference="induction on the depth",
    proof=induction(D, step=NEXT * HYPOTHESIS + nonnegative(NOISE_FACTOR)),
    misses={"without the widths": right(Product(sigma[i] ** 2, (i, 1, D)))},
)

VANISHES_NOISE = theorem(
    "variance-vanishes-noise",
    "A bound on the variance under strong noise",
    at_least(Q, VARIANCE * NOISE_PRODUCT),
    given=(Q_IS,),
    reference=f"{PAPER}, the limit of strong noise",
    # 1 - (ρ-1)Π/ρ² = Π/ρ² + (ρ-Π)/ρ
    proof=nonnegative(Q * NOISE_PRODUCT / NOISE_FACTOR**2) + Q / NOISE_FACTOR * AT_LEAST_PRODUCT,
    misses={"one more power of the noise": right(VARIANCE * NOISE_PRODUCT**2)},
)

SCALE = letters("s", positive=True)
_equal_noises = "all noises have the standard deviation $s$"
_bound = Q * Product(d[i] / SCALE**2, (i, 1, D))

COMPARISON = theorem(
    "variance-noise-comparison",
    "The bound on the variance at equal noises",
    at_least(_bound, VARIANCE.xreplace({sigma[i]: SCALE})),
    given=(_equal_noises,),
    reference="the bound at equal noises",
    proof=_bound / Q * VANISHES_NOISE.at({sigma[i]: SCALE}),
    misses={"one more power of the noise": left(_bound / SCALE**2)},
)

LIMIT = theorem(
    "variance-noise-limit",
    "The bound on the variance vanishes under strong noise",
    limit(_bound.xreplace({Q: LEAST_SQUARES}), SCALE, oo, 0),
    given=(_equal_noises,),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"without noise": limit(LEAST_SQUARES * Product(d[i], (i, 1, D)), SCALE, oo, 0)},
)

VANISHES = in_words(
    "variance-noise-squeezed",
    "The variance vanishes under strong noise",
    r"""At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, hence
        at most what vanishes as $s$ grows.""",
    by="the squeeze theorem",
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
