"""The minimum over all weights is a minimum over one vector."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import Derivation, Domain, NearMiss, Relation, Statement, Use, combine, equal, z

from ..notation import (
    A_IS_PSD,
    EACH,
    END_TO_END,
    LETTERS,
    M_QUADRATIC,
    OUTPUTS,
    REDUCED,
    SECOND_MOMENTS,
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
from .attainment import ATTAINMENT
from .decay_bound import DECAY_BOUND, HIDDEN_NORM, MAP_NORM, NORM_DOMAIN, OUTPUT_NORM
from .loss import ALIGNMENT, DECAY, EXPECTED_LOSS, LOSS
from .lower_bound import LOWER_BOUND_FORMS, noiseless, seen_through
from .noise_second_moment import NOISE, SECOND_MOMENTS_ARE_PSD

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
    domains=(Domain(define=((U[j], 0 * j),)),),
    near_misses=(NearMiss("the map is not 0", given=(A_IS_PSD,), domains=(SMALL,)),),
)

MINIMUM = Statement(
    id="global-minimum-attained",
    title="The least loss at a given map is $F(m)$",
    left=ATTAINMENT.left,
    right=ATTAINMENT.right,
    given=ATTAINMENT.given,
    definitions=ATTAINMENT.definitions,
    conditions=ATTAINMENT.conditions,
    reference="attainment",
    proof=combine(Use(ATTAINMENT)),
    domains=ATTAINMENT.domains,
    near_misses=(NearMiss("a smaller value", right=ATTAINMENT.right - sy.c),),
    prose=(
        "The bound is sharp: the weights of the last section attain it at every $m \\neq 0$, and "
        "the weights 0 at $m = 0$."
    ),
)

#: v = ρA w in an eigenbasis of A, which has a solution because v lies in the range of A.
w = sp.IndexedBase("w", real=True)
_signal = rho * sp.Sum(a[j] * w[j] ** 2, EACH)
IN_EIGENBASIS = LETTERS.loss(M_QUADRATIC, rho * sp.Sum(a[j] * m[j] * w[j], EACH), sy.m_norm)

EXISTS = Statement(
    id="global-minimum-exists",
    title="$F$ grows with the norm of $m$, so it has a minimum",
    relation=Relation.AT_LEAST,
    left=IN_EIGENBASIS,
    right=sy.c - _signal + LETTERS.penalty(sy.m_norm),
    conditions=(r"$v = \rho A w$, which has a solution because $v$ lies in the range of $A$",),
    reference="completing the square",
    proof=combine(plus=rho * sp.Sum(a[j] * (m[j] - w[j]) ** 2, EACH)),
    near_misses=(
        NearMiss(
            "half the signal",
            right=sy.c - _signal / 2 + LETTERS.penalty(sy.m_norm),
            domains=(Domain(define=((m[j], w[j]),)),),
        ),
    ),
)

DERIVATION = Derivation(
    id="global-minimum",
    title="The reduction",
    prose=(
        "The loss of all weights is bounded from below by a function of their end-to-end map "
        "alone, and the bound is "
        "attained. So minimizing over the weights is minimizing $F$ over one vector."
    ),
    statements=(GLOBAL_MINIMUM, AT_ZERO, MINIMUM, EXISTS),
)
