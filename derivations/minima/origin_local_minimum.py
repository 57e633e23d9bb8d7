"""With two or more hidden layers the origin is always a local minimum."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.loss import expected_loss
from symderive.statements import (
    Derivation,
    Domain,
    LeadingTerms,
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..notation import (
    EACH,
    LETTERS,
    M_LINEAR,
    M_QUADRATIC,
    M_SQUARED,
    NETWORK,
    PAPER,
    V_SQUARED,
    D,
    a,
    j,
    m,
    rho,
    v,
)

V, N = sy.v_norm, sy.m_norm
LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, N)
DEEP = at_least(D, 2)

NORM_V = equal(V**2, V_SQUARED)
NORM_M = equal(N**2, M_SQUARED)
_power = N ** ((D - 1) / (D + 1))
NEAR = greater((D + 1) * sy.gamma_bar, 2 * V * _power)
_norms = ((V, sp.sqrt(V_SQUARED)), (N, sp.sqrt(M_SQUARED)))

ORIGIN_LOCAL_MINIMUM = Statement(
    id="origin-local-minimum",
    title="The origin is a strict local minimum",
    relation=Relation.GREATER,
    left=LOSS,
    right=sy.c,
    given=(NORM_V, NORM_M, NEAR),
    conditions=(r"$v \ne 0$ and $m \ne 0$",),
    reference=f"{PAPER}, the origin of deep networks",
    proof=combine(
        Use(NEAR, times=N ** (sp.Integer(2) / (D + 1))),
        Use(NORM_V, times=N / V),
        Use(NORM_M, times=V / N),
        plus=(rho * M_QUADRATIC, sp.Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V)),
    ),
    domains=(Domain(define=((sy.gamma_bar, (1 + a[1]) * 2 * V * _power / (D + 1)), *_norms)),),
    near_misses=(
        NearMiss(
            "far from the origin",
            given=(NORM_V, NORM_M),
            domains=(
                Domain(
                    ranges=((sy.gamma_bar, (0, sp.Rational(1, 100))), (a[j], (0, 1)), (rho, (1, 2))),
                    define=((m[j], v[j] / 4), *_norms),
                ),
            ),
        ),
    ),
    prose=r"The penalty $\lVert m\rVert^{2/(D+1)}$ is steeper at the origin than the linear term.",
)

NEIGHBORHOOD = Statement(
    id="origin-neighborhood",
    title="The hypothesis holds near the origin",
    relation=Relation.LIMIT,
    left=sp.Limit(2 * V * _power, N, 0, "+"),
    right=0,
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    domains=(Domain(ranges=((D, (2, 4)),)),),
    near_misses=(NearMiss("one hidden layer", given=(), domains=(Domain(ranges=((D, (1, 1)),)),)),),
)

#: The loss on a ray t·(all weights): E f² and E f y have degree 2(D+1) and D+1.
t = sy.t
LOSS_ON_RAY = expected_loss(NETWORK).result.xreplace(
    {
        sy.f_square: sy.f_square * t ** (2 * (D + 1)),
        sy.f_target: sy.f_target * t ** (D + 1),
        sy.decay_term: sy.decay_term * t**2,
    }
)

ORIGIN_HESSIAN = Statement(
    id="origin-hessian",
    title="The Hessian at the origin is that of the decay",
    relation=Relation.LIMIT,
    left=sp.Limit((LOSS_ON_RAY - sy.c) / t**2, t, 0, "+"),
    right=sy.decay_term,
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    domains=(Domain(ranges=((D, (2, 4)),)),),
    near_misses=(NearMiss("one hidden layer", given=(), domains=(Domain(ranges=((D, (1, 1)),)),)),),
    prose=(
        r"In the weights themselves the data term is of order $D + 1 \ge 3$, so that the Hessian at the "
        r"origin is diagonal, with twice the decays as entries."
    ),
)

DERIVATION = Derivation(
    id="origin-local-minimum",
    title="Two or more hidden layers: the origin",
    prose=(
        "With more than one hidden layer the origin attracts, whatever the data and however small "
        "the decay."
    ),
    statements=(ORIGIN_LOCAL_MINIMUM, NEIGHBORHOOD, ORIGIN_HESSIAN),
)
