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
    Step,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..inequalities import POWER, s, x, y
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
from ..reduction.global_minimum import GLOBAL_MINIMUM, ZERO_WEIGHTS
from ..reduction.norm_product import NORM_PRODUCT

V, N = sy.v_norm, sy.m_norm
LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, N)
DEEP = at_least(D, 2)

NORM_V = equal(V**2, V_SQUARED)
NORM_M = equal(N**2, M_SQUARED)
_power = N ** ((D - 1) / (D + 1))
NEAR = greater((D + 1) * sy.gamma_bar, 2 * V * _power)
_norms = ((V, sp.sqrt(V_SQUARED)), (N, sp.sqrt(M_SQUARED)))

#: A map that fits the data in part, at little decay.
_far = (
    Domain(
        ranges=((sy.gamma_bar, (0, sp.Rational(1, 100))), (a[j], (0, 1)), (rho, (1, 2))),
        define=((m[j], v[j] / 4), *_norms),
    ),
)

ORIGIN_LOCAL_MINIMUM = Statement(
    id="origin-local-minimum",
    title="Near the origin $F$ exceeds its value there",
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
            domains=_far,
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
    title="Along every ray the loss at the origin bends as the decay",
    relation=Relation.LIMIT,
    left=sp.Limit((LOSS_ON_RAY - sy.c) / t**2, t, 0, "+"),
    right=sy.decay_term,
    given=(DEEP,),
    reference="leading terms",
    proof=LeadingTerms(),
    domains=(Domain(ranges=((D, (2, 4)),)),),
    near_misses=(NearMiss("one hidden layer", given=(), domains=(Domain(ranges=((D, (1, 1)),)),)),),
    prose=r"In the weights themselves the data term is of order $D + 1 \ge 3$.",
)

# -- a neighborhood, data without signal, and the weights -------------------------------------------------

RADIUS = ((D + 1) * sy.gamma_bar / (4 * V)) ** ((D + 1) / (D - 1))
WITHIN = at_least(RADIUS, N)

AT_RADIUS = Statement(
    id="origin-radius",
    title="The hypothesis holds within an explicit radius",
    relation=Relation.GREATER,
    left=(D + 1) * sy.gamma_bar,
    right=2 * V * _power,
    given=(DEEP, WITHIN),
    reference="monotonicity of powers",
    proof=combine(
        Use(
            POWER,
            times=2 * V,
            where={x: RADIUS, y: N, s: (D - 1) / (D + 1)},
            given=(combine(Use(WITHIN)),),
        ),
        plus=(D + 1) * sy.gamma_bar / 2,
    ),
    domains=(Domain(ranges=((D, (2, 4)),), define=((N, RADIUS / (1 + a[1])),)),),
    near_misses=(
        NearMiss(
            "any distance", given=(DEEP,), domains=(Domain(ranges=((D, (2, 4)), (N, (10**9, 10**10)))),)
        ),
    ),
    prose=r"The radius is positive, so this is a neighborhood of 0.",
)

NO_SIGNAL = Statement(
    id="origin-no-signal",
    title="Without signal every map but 0 costs more than $c$",
    relation=Relation.GREATER,
    left=LETTERS.loss(M_QUADRATIC, sp.Integer(0), N),
    right=sy.c,
    conditions=(r"$v = 0$, so that $m^{\top} v = 0$, and $m \ne 0$",),
    reference="the penalty is positive",
    proof=combine(plus=(rho * M_QUADRATIC, LETTERS.penalty(N))),
    near_misses=(NearMiss("a signal", left=LOSS, domains=_far),),
)

# -- steps in words --------------------------------------------------------------------------------------

OF_WEIGHTS = Step(
    id="origin-of-weights",
    title="The origin is a strict local minimum of the loss of all weights",
    text=(
        "The map of the weights is a polynomial in them that vanishes at 0, so weights near 0 have a map "
        r"within the radius. If it is not 0, the loss is at least $F(m)$, which exceeds $c$. If it is 0 "
        "and the weights are not, the loss exceeds $c$ by their decay at least. At the weights 0 it is "
        "$c$."
    ),
    theorem="the continuity of polynomials",
    reference="any course of analysis",
    rests_on=(
        ORIGIN_LOCAL_MINIMUM,
        AT_RADIUS,
        NO_SIGNAL,
        GLOBAL_MINIMUM,
        NORM_PRODUCT,
        ZERO_WEIGHTS,
    ),
    conditions=(r"all decays are positive, $D \ge 2$",),
)

AS_HESSIAN = Step(
    id="origin-hessian-matrix",
    title="The Hessian at the origin is diagonal",
    text=(
        "The loss is a polynomial in the weights. Its terms of second order are a quadratic form, which "
        r"is known from its values on all rays: it is $\gamma_u \lVert U\rVert^2 + \sum_i \gamma_i \lVert "
        r"W_i\rVert_F^2$. So the Hessian is diagonal, with twice the decays as entries."
    ),
    theorem="the polarization identity",
    reference="any course of linear algebra",
    rests_on=(ORIGIN_HESSIAN,),
    conditions=(r"$D \ge 2$",),
)

DERIVATION = Derivation(
    id="origin-local-minimum",
    title="Two or more hidden layers: the origin",
    prose=(
        "With more than one hidden layer the origin attracts, whatever the data and however small "
        "the decay."
    ),
    statements=(ORIGIN_LOCAL_MINIMUM, NEIGHBORHOOD, ORIGIN_HESSIAN, AT_RADIUS, NO_SIGNAL),
    steps=(
        OF_WEIGHTS,
        AS_HESSIAN,
    ),
)
