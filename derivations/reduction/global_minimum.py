"""The minimum over all weights is a minimum over one vector."""

from ..notation import *
from .attainment import ATTAINMENT, POINT
from .decay_bound import DECAY_BOUND, HIDDEN_NORM, MAP_NORM, OUTPUT_NORM
from .loss import ALIGNMENT, DECAY, EXPECTED_LOSS, LOSS
from .lower_bound import LOWER_BOUND_FORMS, noiseless, seen_through
from .noise_second_moment import SECOND_MOMENTS_ARE_PSD

REDUCED_LOSS = REDUCED.loss(noiseless(U), ALIGNMENT, m_norm)

GLOBAL_MINIMUM = theorem(
    "global-minimum",
    "The loss of all weights is at least $F(m)$",
    at_least(EXPECTED_LOSS, REDUCED_LOSS),
    given=(A_IS_PSD, HIDDEN_NORM, OUTPUT_NORM, MAP_NORM),
    reference="the lower bound, the decay bound",
    proof=LOSS + LOWER_BOUND_FORMS.at({g[j]: U[j]}) + DECAY_BOUND,
    misses={"the data term is counted twice": right(REDUCED_LOSS + NOISE_FACTOR * noiseless(U))},
    prose=r"""With $F(m) = \rho\, m^{\top} A m - 2 m^{\top} v + c + (D+1)\,\bar\gamma\,\lVert
        m\rVert^{2/(D+1)}$, the two bounds add up.""",
)

MAP_IS_ZERO = equal(seen_through(U, k), 0, (k, 1, d[0]))

#: Small weights and much smaller decays, where a map that fits the data pays.
_small, _tiny = (Rational(1, 200), Rational(1, 100)), (Rational(1, 10**9), Rational(1, 10**8))
SMALL = Domain(ranges={U[j]: _small, W[i, j, k]: _small, gamma[i]: _tiny, gamma_u: _tiny})

AT_ZERO = theorem(
    "global-minimum-zero-map",
    "Weights with the map 0 have at least the loss $c$",
    at_least(EXPECTED_LOSS, c),
    given=(A_IS_PSD, MAP_IS_ZERO),
    reference="the second moment is not negative",
    proof=LOSS
    + SECOND_MOMENTS_ARE_PSD.at({z[j]: U[j]})
    - (2 * v[k] * MAP_IS_ZERO).sum((k, 1, d[0]))
    + nonnegative(DECAY),
    test=Domain(define={U[j]: 0 * j}),
    misses={"the map is not 0": (without(MAP_IS_ZERO), SMALL)},
)

MINIMUM = theorem(
    "global-minimum-attained",
    "The least loss at a given map is $F(m)$",
    ATTAINMENT.claim,
    given=ATTAINMENT.given,
    reference="attainment",
    proof=ATTAINMENT,
    test=POINT,
    misses={"a smaller value": right(ATTAINMENT.right - c)},
    prose=r"""The bound is sharp: the weights of the last section attain it at every $m \neq 0$, and the
        weights 0 at $m = 0$.""",
)

#: v = ρA w in an eigenbasis of A, which has a solution because v lies in the range of A.
w = families("w")
_signal = rho * Sum(a[j] * w[j] ** 2, EACH)
IN_EIGENBASIS = LETTERS.loss(M_QUADRATIC, rho * Sum(a[j] * m[j] * w[j], EACH), m_norm)

EXISTS = theorem(
    "global-minimum-exists",
    "$F$ grows with the norm of $m$, so it has a minimum",
    at_least(IN_EIGENBASIS, c - _signal + LETTERS.penalty(m_norm)),
    given=(r"$v = \rho A w$, which has a solution because $v$ lies in the range of $A$",),
    reference="completing the square",
    proof=nonnegative(rho * Sum(a[j] * (m[j] - w[j]) ** 2, EACH)),
    misses={
        "half the signal": (
            right(c - _signal / 2 + LETTERS.penalty(m_norm)),
            Domain(define={m[j]: w[j]}),
        ),
    },
)

DERIVATION = Derivation(
    id="global-minimum",
    title="The reduction",
    prose="""The loss of all weights is bounded from below by a function of their end-to-end map alone,
        and the bound is attained. So minimizing over the weights is minimizing $F$ over one vector.""",
    statements=(GLOBAL_MINIMUM, AT_ZERO, MINIMUM, EXISTS),
)
