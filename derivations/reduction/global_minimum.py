"""The minimum over all weights is a minimum over one vector."""

from ..inequalities import power, same_power
from ..notation import *
from .attainment import (
    ATTAINMENT,
    LINEAR,
    NORM,
    NORM_OF_VECTOR,
    OUTPUT,
    QUADRATIC,
    SIGNS_EXIST,
    UNIT_DIRECTION,
    e,
    hidden,
    signs,
)
from .decay_bound import AS_NORMS, BECAUSE, DECAY_BOUND, HIDDEN_NORM, MAP_NORM, OUTPUT_NORM
from .layer_balance import BALANCED
from .loss import ALIGNMENT, DECAY, EXPECTED_LOSS, LOSS
from .lower_bound import LOWER_BOUND_FORMS, noiseless, seen_through
from .noise_second_moment import SECOND_MOMENTS_ARE_PSD
from .norm_product import DEAD_MAP

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
    display=Display(
        r"L(W, U) \ge F(m)",
        where=r"m = (U T_{D})^{\top}",
        given=r"m \ne 0",
        at=AS_NORMS,
        because=BECAUSE,
    ),
)

MAP_IS_ZERO = equal(seen_through(U, k), 0, (k, 1, d[0]))

#: Small weights and much smaller decays, where a map that fits the data pays.
_small, _tiny = (Rational(1, 200), Rational(1, 100)), (Rational(1, 10**9), Rational(1, 10**8))
SMALL = Domain(ranges={U[j]: _small, W[i, j, k]: _small, gamma[i]: _tiny, gamma_u: _tiny})

#: Neurons of one row, the signs of whose outputs cancel.
ZERO_MAP = Domain(define={d[j]: Integer(2), U[j]: (-1) ** j * kappa, W[i, j, k]: g[k]})
_without_map = (2 * v[k] * MAP_IS_ZERO).sum((k, 1, d[0]))
_at_zero = LOSS + SECOND_MOMENTS_ARE_PSD.at({z[j]: U[j]}) - _without_map

AT_ZERO = theorem(
    "global-minimum-zero-map",
    "Weights with the map 0 have at least the loss $c$",
    at_least(EXPECTED_LOSS, c),
    given=(A_IS_PSD, MAP_IS_ZERO),
    reference="the second moment is not negative",
    proof=_at_zero + nonnegative(DECAY),
    test=ZERO_MAP,
    misses={"the map is not 0": (without(MAP_IS_ZERO), SMALL)},
    display=Display(r"L(W, U) \ge c", given=r"(U T_{D})^{\top} = 0"),
)

NOT_ALL_ZERO = greater(DECAY, 0)

ZERO_WEIGHTS = theorem(
    "global-minimum-zero-strict",
    "With the map 0, weights that are not 0 cost more than $c$",
    greater(EXPECTED_LOSS, c),
    given=(A_IS_PSD, MAP_IS_ZERO, NOT_ALL_ZERO),
    reference="the decay of the weights",
    proof=_at_zero + NOT_ALL_ZERO,
    test=ZERO_MAP,
    misses={"the weights are 0": without(NOT_ALL_ZERO)},
)

#: m as a vector g with the direction e_0, and layers that have its norm.
ALONG = equal(m_norm * e[0, k], g[k], (k, 1, d[0]))
_loss = REDUCED.loss(form(A, g, d[0]), dot(g, v, (j, 1, d[0])), m_norm)
SAME_NORM = same_power(NORM, m_norm, 2).because(BALANCED)
_share = Integer(2) / (D + 1)
_pairs = ((j, 1, d[0]), (k, 1, d[0]))


def at_map(factor: Expr) -> Combine:
    """The reduced loss of balanced layers is that of their map m, with ``factor`` in place of ρ."""
    return (
        (D + 1) * MEAN_DECAY * same_power(NORM**_share, m_norm**_share, 1 / _share).because(SAME_NORM)
        + (factor * QUADRATIC * (NORM + m_norm) - 2 * LINEAR) * SAME_NORM
        - (2 * v[k] * ALONG).sum((k, 1, d[0]))
        + (factor * A[j, k] * m_norm * e[0, j] * ALONG).sum(*_pairs)
        + (factor * A[j, k] * g[k] * ALONG.at({k: j})).sum(*_pairs)
    )


MINIMUM = theorem(
    "global-minimum-attained",
    "Every map $m \\ne 0$ has weights with the loss $F(m)$",
    equal(EXPECTED_LOSS, _loss),
    given=(*ATTAINMENT.given, ALONG, BALANCED),
    reference="attainment, at the direction and the norm of $m$",
    proof=ATTAINMENT + at_map(NOISE_FACTOR),
    misses={"a smaller value": right(_loss - c), "layers of another norm": without(BALANCED)},
    prose=r"""The bound is sharp. For a vector $m \ne 0$ take $e_0 = m/\lVert m\rVert$ and the $\kappa$
        with $\kappa^{D+1} = \gamma_u \prod_i \gamma_i\, \lVert m\rVert^2$, so that the weights of the
        last section have the map $m$. At $m = 0$ the weights 0 do.""",
)

#: The direction of m, and the κ of its norm.
DIRECTION = equal(e[0, k], g[k] / m_norm, (k, 1, d[0]))
_share_of = MEAN_DECAY * m_norm**_share
SHARE = equal(kappa, _share_of)
UNIT_OF_MAP = ((e[0, j] + g[j] / m_norm) * DIRECTION.at({k: j})).sum(
    (j, 1, d[0])
) + NORM_OF_VECTOR / m_norm**2
BALANCE_OF_MAP = both_ways(
    power(kappa, _share_of, D + 1).because(SHARE) / MEAN_DECAY ** (D + 1),
    power(_share_of, kappa, D + 1).because(-SHARE) / MEAN_DECAY ** (D + 1),
)

WEIGHTS_OF_MAP = theorem(
    "global-minimum-weights",
    "The weights of a map $m \\ne 0$ that have the loss $F(m)$",
    equal(EXPECTED_LOSS, _loss),
    given=(hidden(D), signs(D), OUTPUT, DIRECTION, NORM_OF_VECTOR, SHARE),
    reference=f"{PAPER}, the layers of the global minimum",
    proof=MINIMUM.because(None, None, None, UNIT_OF_MAP, m_norm * DIRECTION, BALANCE_OF_MAP),
    misses={
        "layers of another norm": without(SHARE),
        "another direction": without(DIRECTION),
        "entries of another size": without(signs(D)),
    },
    prose="The same weights, everything that they are made of written out.",
    display=Display(
        "L(W, U) = F(m)",
        given=(
            r"W_{i} = \sqrt{\kappa / \gamma_{i}} e_{i} e_{i-1}^{\top}",
            r"U = \sqrt{\kappa / \gamma_{u}} e_{D}^{\top}",
            r"e_{0} = m / \lVert m \rVert",
            r"e_{i} \in \{\pm 1/\sqrt{d_{i}}\}^{d_{i}}",
            r"\kappa = \bar{\gamma} \lVert m \rVert^{2/(D+1)}",
            r"m \ne 0",
        ),
        at={m_norm: r"\lVert m \rVert"},
    ),
)

#: v = ρA w in an eigenbasis of A, which has a solution because v lies in the range of A.
w = families("w")
_signal = rho * Sum(a[j] * w[j] ** 2, EACH)
IN_EIGENBASIS = LETTERS.loss(M_QUADRATIC, rho * Sum(a[j] * m[j] * w[j], EACH), m_norm)

M_NORM = equal(m_norm**2, M_SQUARED)

EXISTS = theorem(
    "global-minimum-exists",
    "$F$ is at least a constant and its penalty",
    at_least(IN_EIGENBASIS, c - _signal + LETTERS.penalty(m_norm)),
    given=(M_NORM, r"$v = \rho A w$, which has a solution because $v$ lies in the range of $A$"),
    reference="completing the square",
    proof=nonnegative(rho * Sum(a[j] * (m[j] - w[j]) ** 2, EACH)),
    misses={"half the signal": right(c - _signal / 2 + LETTERS.penalty(m_norm))},
)

GROWS = theorem(
    "global-minimum-coercive",
    "The penalty grows without bound",
    limit(LETTERS.penalty(m_norm), m_norm, oo, oo),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"per norm": limit(LETTERS.penalty(m_norm) / m_norm, m_norm, oo, oo)},
)

HAS_MINIMUM = in_words(
    "global-minimum-of-maps",
    "$F$ has a global minimum",
    """$F$ is continuous, and by the bound it exceeds $F(0) = c$ outside a ball. On the closed ball, which
        is compact, it takes a least value, and this is the least of all.""",
    by="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(EXISTS, GROWS),
    conditions=(r"$\bar\gamma > 0$",),
)

SAME_MINIMUM = in_words(
    "global-minimum-of-weights",
    "The least loss of all weights is the least value of $F$",
    """Every loss is at least a value of $F$: at the map of the weights, or at 0 where the map is 0. Every
        value of $F$ is a loss: at $m = 0$ that of the weights 0. So the two sets of numbers have the same
        greatest lower bound, and as one contains it, so does the other.""",
    by="the definition of the infimum",
    reference="any course of analysis",
    rests_on=(GLOBAL_MINIMUM, AT_ZERO, WEIGHTS_OF_MAP, SIGNS_EXIST, UNIT_DIRECTION, DEAD_MAP, HAS_MINIMUM),
    display=r"\min_{W, U} L(W, U) = \min_{m} F(m)",
)

DERIVATION = Derivation(
    id="global-minimum",
    title="The reduction",
    prose="""The loss of all weights is bounded from below by a function of their end-to-end map alone,
        and the bound is attained. So minimizing over the weights is minimizing $F$ over one vector.""",
    statements=(GLOBAL_MINIMUM, AT_ZERO, ZERO_WEIGHTS, MINIMUM, WEIGHTS_OF_MAP, EXISTS, GROWS),
    steps=(HAS_MINIMUM, SAME_MINIMUM),
)
