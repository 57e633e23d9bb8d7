"""Wide layers average the noise away."""

from ..notation import *

#: Σ σ_i²/d_i, and what the variance is measured in, vᵀA⁺v.
NOISE_PER_NEURON = Sum(sigma[i] ** 2 / d[i], (i, 1, D))
NEXT = sigma[D + 1] ** 2 / d[D + 1]
Q = letters("Q", nonnegative=True)
Q_IS = "$Q = v^{\\top} A^{+} v$"

#: The bound on the variance at every decay.
VARIANCE = (NOISE_FACTOR - 1) / NOISE_FACTOR**2 * Q

EXCESS = theorem(
    "variance-excess",
    "The noise factor exceeds 1 by little",
    at_least(NOISE_FACTOR * NOISE_PER_NEURON, NOISE_FACTOR - 1),
    reference="induction on the depth",
    proof=induction(D, step=HYPOTHESIS + nonnegative(NOISE_FACTOR * NEXT * (NOISE_PER_NEURON + NEXT))),
    misses={"without the factor ρ": left(NOISE_PER_NEURON)},
)

VANISHES_WIDTH = theorem(
    "variance-vanishes-width",
    "A bound on the variance of wide networks",
    at_least(NOISE_PER_NEURON * Q, VARIANCE),
    given=(Q_IS,),
    reference=f"{PAPER}, the limit of large width",
    proof=Q / NOISE_FACTOR * EXCESS + nonnegative(Q * (NOISE_FACTOR - 1) ** 2 / NOISE_FACTOR**2),
    misses={"one more factor of the width": left(Q * Sum(sigma[i] ** 2 / (10 * d[i]) ** 4, (i, 1, D)))},
)

LIMIT = theorem(
    "variance-width-limit",
    "The variance vanishes as all widths grow",
    limit(Sum(sigma[i] ** 2 / n, (i, 1, D)) * Q, n, oo, 0),
    given=("all widths are at least $n$",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={
        "noise that grows with the width": limit(
            Sum((sigma[i] ** 2 + 1) * n / n, (i, 1, D)) * (Q + 1), n, oo, 0
        )
    },
)

DERIVATION = Derivation(
    id="variance-vanishes-width",
    title="Wide networks",
    prose="The variance of the prediction vanishes like one over the width.",
    statements=(EXCESS, VANISHES_WIDTH, LIMIT),
)
