"""Wide layers average the noise away."""

from ..notation import *
from .prediction_variance import NOT_NEGATIVE, RANGE, VARIANCE_BOUND

#: Σ σ_i²/d_i, and what the variance is measured in, vᵀA⁺v.
NOISE_PER_NEURON = Sum(sigma[i] ** 2 / d[i], (i, 1, D))
NEXT = sigma[D + 1] ** 2 / d[D + 1]
Q = letters("Q", nonnegative=True)
Q_IS = "$Q = v^{\\top} A^{+} v$"

#: vᵀA⁺v in an eigenbasis of the range of A, where all eigenvalues are positive.
a_range = families("a", positive=True)
LEAST_SQUARES = Sum(v[j] ** 2 / a_range[j], EACH)

#: A width that all layers have at least.
n_width = letters("N", integer=True, positive=True)

#: The bound on the variance at every decay.
VARIANCE = (NOISE_FACTOR - 1) / NOISE_FACTOR**2 * Q

EXCESS = theorem(
    "variance-excess",
    "The noise factor exceeds 1 by little",
    at_least(NOISE_FACTOR * NOISE_PER_NEURON, NOISE_FACTOR - 1),
    reference="induction on the depth",
    proof=induction(D, step=HYPOTHESIS + nonnegative(NOISE_FACTOR * NEXT * (NOISE_PER_NEURON + NEXT))),
    misses={"without the factor ρ": left(NOISE_PER_NEURON)},
    display=r"\rho - 1 \le \rho \sum_{i=1}^{D} \frac{\sigma_{i}^{2}}{d_{i}}",
)

VANISHES_WIDTH = theorem(
    "variance-vanishes-width",
    "A bound on the variance of wide networks",
    at_least(NOISE_PER_NEURON * Q, VARIANCE),
    given=(Q_IS,),
    reference=f"{PAPER}, the limit of large width",
    proof=Q / NOISE_FACTOR * EXCESS + nonnegative(Q * (NOISE_FACTOR - 1) ** 2 / NOISE_FACTOR**2),
    misses={"one more factor of the width": left(Q * Sum(sigma[i] ** 2 / d[i] ** 2, (i, 1, D)))},
)

LIMIT = theorem(
    "variance-width-limit",
    "The bound on the variance vanishes as all widths grow",
    limit(Sum(sigma[i] ** 2 / n_width, (i, 1, D)) * LEAST_SQUARES, n_width, oo, 0),
    given=("all widths are at least $N$",),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={
        "noise that grows with the width": limit(
            Sum(sigma[i] ** 2, (i, 1, D)) * LEAST_SQUARES, n_width, oo, 0
        )
    },
    prose=r"With $v^{\top} A^{+} v$ in an eigenbasis of the range of $A$, the bound vanishes:",
)

WIDE = at_least(d[i], n, (i, 1, D))

COMPARISON = theorem(
    "variance-width-comparison",
    "Wider layers have less noise for each neuron",
    at_least(Sum(sigma[i] ** 2 / n, (i, 1, D)), NOISE_PER_NEURON),
    given=(WIDE,),
    reference="monotonicity",
    proof=(sigma[i] ** 2 / (n * d[i]) * WIDE).sum((i, 1, D)),
    misses={"narrower layers": without(WIDE)},
    prose="If all widths are at least $n$, the sum is at most that with $n$ in their place.",
)

VANISHES = in_words(
    "variance-width-squeezed",
    "The variance vanishes as all widths grow",
    r"""At the ridge solution the variance is not negative and at most $(\rho - 1)/\rho^2$ times $Q$, hence
        at most $Q$ times the sum, and that is at most what vanishes as $n$ grows.""",
    by="the squeeze theorem",
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
