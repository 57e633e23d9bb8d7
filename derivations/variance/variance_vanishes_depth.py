"""Deep noisy networks predict with certainty."""

from ..notation import *
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND
from .variance_vanishes_width import LEAST_SQUARES, NEXT, NOISE_PER_NEURON, Q_IS, VARIANCE, Q

BERNOULLI = theorem(
    "noise-factor-bernoulli",
    "The noise factor exceeds a sum over the layers",
    at_least(NOISE_FACTOR, 1 + NOISE_PER_NEURON),
    reference="Bernoulli's inequality",
    proof=induction(D, step=(1 + NEXT) * HYPOTHESIS + nonnegative(NOISE_PER_NEURON * NEXT)),
    misses={"twice the sum": right(1 + 2 * NOISE_PER_NEURON)},
    display=r"\rho \ge 1 + \sum_{i=1}^{D} \frac{\sigma_{i}^{2}}{d_{i}}",
)

VANISHES_DEPTH = theorem(
    "variance-vanishes-depth",
    "A bound on the variance of deep networks",
    at_least(Q / (1 + NOISE_PER_NEURON), VARIANCE),
    given=(Q_IS,),
    reference=f"{PAPER}, the limit of large depth",
    proof=Q / (NOISE_FACTOR * (1 + NOISE_PER_NEURON)) * BERNOULLI + nonnegative(Q / NOISE_FACTOR**2),
    misses={"the square of the sum": left(Q / (1 + NOISE_PER_NEURON) ** 2)},
    prose="Every noisy layer adds to the sum.",
)

#: The noise per neuron of layers that are equal.
EQUAL_NOISE = letters("delta", positive=True)
EQUAL_LAYERS = equal(sigma[i] ** 2 / d[i], EQUAL_NOISE, (i, 1, D))

OF_EQUAL_LAYERS = theorem(
    "variance-depth-equal",
    "The sum of equal layers",
    equal(NOISE_PER_NEURON, D * EQUAL_NOISE),
    given=(EQUAL_LAYERS,),
    reference="the sum of equal terms",
    proof=EQUAL_LAYERS.sum((i, 1, D)),
    misses={"other layers": without(EQUAL_LAYERS)},
)

LIMIT = theorem(
    "variance-depth-limit",
    "The bound on the variance of equal layers vanishes with depth",
    limit(LEAST_SQUARES / (1 + D * EQUAL_NOISE), D, oo, 0),
    given=(r"$\sigma_i^2/d_i = \delta$ in every layer",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"noise that dies out": limit(LEAST_SQUARES / (1 + EQUAL_NOISE * D / (D + 1)), D, oo, 0)},
)

VANISHES = in_words(
    "variance-depth-squeezed",
    "The variance of equal layers vanishes with depth",
    r"""At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, hence
        at most $Q$ over one and the sum, which is $D \delta$. The same holds whenever the sum grows without
        bound.""",
    by="the squeeze theorem",
    reference="any course of analysis",
    rests_on=(NOT_NEGATIVE, VARIANCE_BOUND, RANGE, VANISHES_DEPTH, OF_EQUAL_LAYERS, LIMIT),
    conditions=(r"$\sigma_i^2/d_i = \delta > 0$ in every layer",),
)

DERIVATION = Derivation(
    id="variance-vanishes-depth",
    title="Deep networks",
    prose="The noise of many layers adds up, and the variance of the prediction vanishes.",
    statements=(BERNOULLI, VANISHES_DEPTH, OF_EQUAL_LAYERS, LIMIT),
    steps=(VANISHES,),
)
