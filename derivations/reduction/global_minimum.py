"""The minimum over all weights is a minimum over one vector."""

from __future__ import annotations

from dataclasses import replace

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Domain,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
    greater,
    z,
)

from ..inequalities import SAME_POWER, s, x, y
from ..notation import (
    A_IS_PSD,
    EACH,
    END_TO_END,
    LETTERS,
    M_QUADRATIC,
    M_SQUARED,
    NOISE_FACTOR,
    OUTPUTS,
    REDUCED,
    SECOND_MOMENTS,
    A,
    D,
    U,
    W,
    a,
    d,
    g,
    gamma,
    i,
    j,
    k,
    m,
    rho,
    v,
)
from .attainment import ATTAINMENT, LINEAR, NORM, POINT, QUADRATIC, SIGNS_EXIST, UNIT_DIRECTION, e, kappa
from .decay_bound import DECAY_BOUND, HIDDEN_NORM, MAP_NORM, NORM_DOMAIN, OUTPUT_NORM
from .layer_balance import BALANCED
from .loss import ALIGNMENT, DECAY, EXPECTED_LOSS, LOSS
from .lower_bound import LOWER_BOUND_FORMS, noiseless, seen_through
from .noise_second_moment import NOISE, SECOND_MOMENTS_ARE_PSD
from .norm_product import DEAD_MAP

REDUCED_LOSS = REDUCED.loss(noiseless(U), ALIGNMENT, sy.m_norm)

GLOBAL_MINIMUM = Statement(
    id="global-minimum",
    title="The loss of all weights is at least $F(m)$",
    relation=Relation.AT_LEAST,
    left=EXPECTED_LOSS,
    right=REDUCED_LOSS,
    given=(A_IS_PSD, HIDDEN_NORM, OUTPUT_NORM, MAP_NORM),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=("$m$, the end-to-end map of the weights, is not 0", *NOISE),
    reference="the lower bound, the decay bound",
    proof=combine(Use(LOSS), Use(LOWER_BOUND_FORMS, where={g[j]: U[j]}), Use(DECAY_BOUND)),
    domains=(NORM_DOMAIN,),
    near_misses=(
        NearMiss(
            "the data term is counted twice", right=REDUCED_LOSS + REDUCED.noise_factor * noiseless(U)
        ),
    ),
    prose=(
        r"With $F(m) = \rho\, m^{\top} A m - 2 m^{\top} v + c + (D+1)\,\bar\gamma\,\lVert "
        r"m\rVert^{2/(D+1)}$, the two bounds add up."
    ),
)

MAP_IS_ZERO = equal(seen_through(U, k), 0, (k, 1, d[0]))

_TINY = sp.Rational(1, 10**8)

#: Small weights and much smaller decays, where a map that fits the data pays.
SMALL = Domain(
    ranges=(
        (U[j], (sp.Rational(1, 200), sp.Rational(1, 100))),
        (W[i, j, k], (sp.Rational(1, 200), sp.Rational(1, 100))),
        (gamma[i], (_TINY / 10, _TINY)),
        (sy.gamma_u, (_TINY / 10, _TINY)),
    )
)

AT_ZERO = Statement(
    id="global-minimum-zero-map",
    title="Weights with the map 0 have at least the loss $c$",
    relation=Relation.AT_LEAST,
    left=EXPECTED_LOSS,
    right=sy.c,
    given=(A_IS_PSD, MAP_IS_ZERO),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the second moment is not negative",
    proof=combine(
        Use(LOSS),
        Use(SECOND_MOMENTS_ARE_PSD, where={z[j]: U[j]}),
        Use(MAP_IS_ZERO, times=-2 * v[k], over=((k, 1, d[0]),)),
        plus=DECAY,
    ),
    domains=(
        Domain(define=((U[j], 0 * j),)),
        # Neurons of one row, the signs of whose outputs cancel
        Domain(define=((d[j], sp.Integer(2)), (U[j], (-1) ** j * kappa), (W[i, j, k], g[k]))),
    ),
    near_misses=(NearMiss("the map is not 0", given=(A_IS_PSD,), domains=(SMALL,)),),
)

ZERO_WEIGHTS = Statement(
    id="global-minimum-zero-strict",
    title="With the map 0, weights that are not 0 cost more than $c$",
    relation=Relation.GREATER,
    left=EXPECTED_LOSS,
    right=sy.c,
    given=(A_IS_PSD, MAP_IS_ZERO, greater(DECAY, 0)),
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference="the decay of the weights",
    proof=combine(
        Use(LOSS),
        Use(SECOND_MOMENTS_ARE_PSD, where={z[j]: U[j]}),
        Use(MAP_IS_ZERO, times=-2 * v[k], over=((k, 1, d[0]),)),
        Use(greater(DECAY, 0)),
    ),
    domains=AT_ZERO.domains,
    near_misses=(
        NearMiss(
            "the weights are 0",
            given=(A_IS_PSD, MAP_IS_ZERO),
            domains=(Domain(define=((U[j], 0 * j), (W[i, j, k], 0 * j))),),
        ),
    ),
)

#: m as a vector g, its direction e_0, and layers that have its norm.
ALONG = equal(sy.m_norm * e[0, k], g[k], (k, 1, d[0]))
_size = sy.m_norm ** (sp.Integer(2) / (D + 1))
_same_norm = Use(SAME_POWER, where={x: NORM, y: sy.m_norm, s: 2}, given=(combine(Use(BALANCED)),))
_direction = dict(POINT.define)[e[i, j]].xreplace({i: sp.Integer(0), j: k})
_quadratic = sp.Sum(g[j] * g[k] * A[j, k], (j, 1, d[0]), (k, 1, d[0]))
_linear = sp.Sum(g[j] * v[j], (j, 1, d[0]))

MINIMUM = Statement(
    id="global-minimum-attained",
    title="Every map $m \\ne 0$ has weights with the loss $F(m)$",
    relation=Relation.EQUAL,
    left=EXPECTED_LOSS,
    right=REDUCED.loss(_quadratic, _linear, sy.m_norm),
    given=(*ATTAINMENT.given, ALONG, BALANCED),
    definitions=ATTAINMENT.definitions,
    conditions=NOISE,
    reference="attainment, at the direction and the norm of $m$",
    proof=combine(
        Use(ATTAINMENT),
        Use(
            SAME_POWER,
            times=(D + 1) * REDUCED.mean_decay,
            where={x: NORM ** (sp.Integer(2) / (D + 1)), y: _size, s: (D + 1) / sp.Integer(2)},
            given=(combine(_same_norm),),
        ),
        replace(_same_norm, times=NOISE_FACTOR * QUADRATIC * (NORM + sy.m_norm) - 2 * LINEAR),
        Use(ALONG, times=-2 * v[k], over=((k, 1, d[0]),)),
        Use(
            ALONG,
            times=NOISE_FACTOR * A[j, k] * sy.m_norm * e[0, j],
            over=((j, 1, d[0]), (k, 1, d[0])),
        ),
        Use(
            ALONG,
            times=NOISE_FACTOR * A[j, k] * g[k],
            where={k: j},
            over=((j, 1, d[0]), (k, 1, d[0])),
        ),
    ),
    domains=(replace(POINT, define=(*POINT.define, (g[k], NORM * _direction), (sy.m_norm, NORM))),),
    near_misses=(
        NearMiss("a smaller value", right=REDUCED.loss(_quadratic, _linear, sy.m_norm) - sy.c),
        NearMiss(
            "layers of another norm",
            given=(*ATTAINMENT.given, ALONG),
            domains=(replace(POINT, define=(*POINT.define, (g[k], sy.m_norm * _direction))),),
        ),
    ),
    prose=(
        r"The bound is sharp. For a vector $m \ne 0$ take $e_0 = m/\lVert m\rVert$ and the $\kappa$ "
        r"with $\kappa^{D+1} = \gamma_u \prod_i \gamma_i\, \lVert m\rVert^2$, so that the weights of the "
        r"last section have the map $m$. At $m = 0$ the weights 0 do."
    ),
)

#: v = ρA w in an eigenbasis of A, which has a solution because v lies in the range of A.
w = sp.IndexedBase("w", real=True)
_signal = rho * sp.Sum(a[j] * w[j] ** 2, EACH)
IN_EIGENBASIS = LETTERS.loss(M_QUADRATIC, rho * sp.Sum(a[j] * m[j] * w[j], EACH), sy.m_norm)

M_NORM = equal(sy.m_norm**2, M_SQUARED)

EXISTS = Statement(
    id="global-minimum-exists",
    title="$F$ is at least a constant and its penalty",
    relation=Relation.AT_LEAST,
    left=IN_EIGENBASIS,
    right=sy.c - _signal + LETTERS.penalty(sy.m_norm),
    given=(M_NORM,),
    conditions=(r"$v = \rho A w$, which has a solution because $v$ lies in the range of $A$",),
    reference="completing the square",
    proof=combine(plus=rho * sp.Sum(a[j] * (m[j] - w[j]) ** 2, EACH)),
    domains=(Domain(define=((sy.m_norm, sp.sqrt(M_SQUARED)),)),),
    near_misses=(
        NearMiss(
            "half the signal",
            right=sy.c - _signal / 2 + LETTERS.penalty(sy.m_norm),
            domains=(Domain(define=((m[j], w[j]), (sy.m_norm, sp.sqrt(M_SQUARED)))),),
        ),
    ),
)

GROWS = Statement(
    id="global-minimum-coercive",
    title="The penalty grows without bound",
    relation=Relation.LIMIT,
    left=sp.Limit(LETTERS.penalty(sy.m_norm), sy.m_norm, sp.oo),
    right=sp.oo,
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(
        NearMiss("per norm", left=sp.Limit(LETTERS.penalty(sy.m_norm) / sy.m_norm**2, sy.m_norm, sp.oo)),
    ),
)

# -- steps in words --------------------------------------------------------------------------------------

HAS_MINIMUM = Step(
    id="global-minimum-of-maps",
    title="$F$ has a global minimum",
    text=(
        r"$F$ is continuous, and by the bound it exceeds $F(0) = c$ outside a ball. On the closed ball, "
        "which is compact, it takes a least value, and this is the least of all."
    ),
    theorem="Weierstrass's extreme value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.16",
    rests_on=(EXISTS, GROWS),
    conditions=(r"$\bar\gamma > 0$",),
)

SAME_MINIMUM = Step(
    id="global-minimum-of-weights",
    title="The least loss of all weights is the least value of $F$",
    text=(
        r"Every loss is at least a value of $F$: at the map of the weights, or at 0 where the map is 0. "
        r"Every value of $F$ is a loss: at $m = 0$ that of the weights 0. So the two sets of numbers have "
        "the same greatest lower bound, and as one contains it, so does the other."
    ),
    theorem="the definition of the infimum",
    reference="any course of analysis",
    rests_on=(GLOBAL_MINIMUM, AT_ZERO, MINIMUM, SIGNS_EXIST, UNIT_DIRECTION, DEAD_MAP, HAS_MINIMUM),
)

DERIVATION = Derivation(
    id="global-minimum",
    title="The reduction",
    prose=(
        "The loss of all weights is bounded from below by a function of their end-to-end map "
        "alone, and the bound is "
        "attained. So minimizing over the weights is minimizing $F$ over one vector."
    ),
    statements=(GLOBAL_MINIMUM, AT_ZERO, ZERO_WEIGHTS, MINIMUM, EXISTS, GROWS),
    steps=(HAS_MINIMUM, SAME_MINIMUM),
)
