"""Strong noise silences the network."""

from ..notation import *
from .variance_vanishes_width import NEXT, Q_IS, VARIANCE, Q

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
    "The noise factor exceeds a product over the layers",
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

_scale = letters("s", positive=True)

LIMIT = theorem(
    "variance-noise-limit",
    "The variance vanishes under strong noise",
    limit(Q * Product(d[i] / _scale**2, (i, 1, D)), _scale, oo, 0),
    given=("all noises have the standard deviation $s$",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"without noise": limit((Q + 1) * Product(d[i], (i, 1, D)), _scale, oo, 0)},
)

DERIVATION = Derivation(
    id="variance-vanishes-noise",
    title="Strong noise",
    prose="Under strong noise the minimum has small weights, and the variance of the prediction vanishes.",
    statements=(AT_LEAST_ONE, AT_LEAST_PRODUCT, VANISHES_NOISE, LIMIT),
)
