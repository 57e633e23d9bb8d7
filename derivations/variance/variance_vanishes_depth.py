"""Deep noisy networks predict with certainty."""

from ..notation import *
from .variance_vanishes_width import NEXT, NOISE_PER_NEURON, Q_IS, VARIANCE, Q

BERNOULLI = theorem(
    "noise-factor-bernoulli",
    "The noise factor exceeds a sum over the layers",
    at_least(NOISE_FACTOR, 1 + NOISE_PER_NEURON),
    reference="Bernoulli's inequality",
    proof=induction(D, step=(1 + NEXT) * HYPOTHESIS + nonnegative(NOISE_PER_NEURON * NEXT)),
    misses={"twice the sum": right(1 + 2 * NOISE_PER_NEURON)},
)

VANISHES_DEPTH = theorem(
    "variance-vanishes-depth",
    "A bound on the variance of deep networks",
    at_least(Q / (1 + NOISE_PER_NEURON), VARIANCE),
    given=(Q_IS,),
    reference=f"{PAPER}, the limit of large depth",
    proof=Q / (NOISE_FACTOR * (1 + NOISE_PER_NEURON)) * BERNOULLI + nonnegative(Q / NOISE_FACTOR**2),
    misses={"the square of the sum": left(Q / (1 + 10 * NOISE_PER_NEURON) ** 4)},
    prose=(
        "Every noisy layer adds to the sum, so the variance vanishes with depth whenever the sum diverges."
    ),
)

#: The noise per neuron of layers that are equal.
EQUAL_NOISE = letters("y", positive=True)

LIMIT = theorem(
    "variance-depth-limit",
    "The variance of equal layers vanishes with depth",
    limit(Q / (1 + D * EQUAL_NOISE), D, oo, 0),
    given=(r"$\sigma_i^2/d_i = y$ in every layer",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"noise that dies out": limit((Q + 1) / (1 + EQUAL_NOISE * D / (D + 1)), D, oo, 0)},
)

DERIVATION = Derivation(
    id="variance-vanishes-depth",
    title="Deep networks",
    prose="The noise of many layers adds up, and the variance of the prediction vanishes.",
    statements=(BERNOULLI, VANISHES_DEPTH, LIMIT),
)
