"""The decay at which a network with one hidden layer collapses."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
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

from ..inequalities import POWER, s, x, y
from ..notation import (
    EACH,
    LETTERS,
    M_LINEAR,
    M_QUADRATIC,
    M_SQUARED,
    PAPER,
    V_SQUARED,
    D,
    a,
    gamma,
    in_eigenbasis,
    j,
    lam,
    m,
    rho,
    v,
)

V, N = sy.v_norm, sy.m_norm
DECAYS = sy.gamma_u * gamma[1]
GAMMA_BAR = sp.sqrt(DECAYS)


def shallow_loss(quadratic: sp.Expr, linear: sp.Expr, norm: sp.Expr) -> sp.Expr:
    """F at depth 1 with γ̄ = √(γ_u γ_1)."""
    return LETTERS.loss(quadratic, linear, norm).subs(D, 1).xreplace({sy.gamma_bar: GAMMA_BAR})


NORM_V = equal(V**2, V_SQUARED)
NORM_M = equal(N**2, M_SQUARED)
STRONG_DECAY = at_least(DECAYS, V**2)
_norms = ((V, sp.sqrt(V_SQUARED)), (N, sp.sqrt(M_SQUARED)))
_strong = Domain(define=(*_norms, (gamma[j], (1 + a[j]) * V_SQUARED / sy.gamma_u)))

THRESHOLD = Statement(
    id="one-hidden-layer-threshold",
    title="Under strong decay the origin is the global minimum",
    relation=Relation.AT_LEAST,
    left=shallow_loss(M_QUADRATIC, M_LINEAR, N),
    right=sy.c,
    given=(NORM_V, NORM_M, STRONG_DECAY),
    conditions=(r"$v \ne 0$ and $m \ne 0$ (at $m = 0$ both sides are equal)",),
    reference=f"{PAPER}, the two-layer network",
    proof=combine(
        Use(
            POWER,
            times=2 * N,
            where={x: DECAYS, y: V**2, s: sp.Rational(1, 2)},
            given=(combine(Use(STRONG_DECAY)),),
        ),
        Use(NORM_V, times=N / V),
        Use(NORM_M, times=V / N),
        plus=(rho * M_QUADRATIC, sp.Sum((V * m[j] - N * v[j]) ** 2, EACH) / (N * V)),
    ),
    domains=(_strong,),
    near_misses=(
        NearMiss(
            "weak decay",
            given=(NORM_V, NORM_M),
            domains=(
                Domain(
                    ranges=((sy.gamma_u, (0, 1)), (gamma[j], (0, 1)), (a[j], (0, 1)), (sy.rho, (1, 2))),
                    define=((m[j], v[j] / 4), *_norms),
                ),
            ),
        ),
    ),
    prose="Strong decay makes the penalty larger than what the data can give back.",
)

#: The point (step) · v, below the origin when the decay is weak.
SIGNAL = sp.Sum(a[j] * v[j] ** 2, EACH)
STEP = (V - GAMMA_BAR) * V / (rho * SIGNAL)
WEAK_DECAY = greater(V, GAMMA_BAR)
SIGNAL_POSITIVE = greater(SIGNAL, 0)

CONVERSE = Statement(
    id="one-hidden-layer-threshold-converse",
    title="Under weak decay the origin is not the global minimum",
    relation=Relation.GREATER,
    left=sy.c,
    right=shallow_loss(STEP**2 * SIGNAL, STEP * V**2, STEP * V),
    given=(WEAK_DECAY, SIGNAL_POSITIVE),
    conditions=(r"$v$ lies in the range of $A$, so that $v^{\top} A v > 0$",),
    reference=f"{PAPER}, the two-layer network",
    proof=combine(plus=(V - GAMMA_BAR) ** 2 * V**2 / (rho * SIGNAL)),
    domains=(Domain(ranges=((sy.gamma_u, (0, 1)), (gamma[j], (0, 1)), (V, (1, 3)))),),
    near_misses=(
        NearMiss("more than is gained", left=sy.c - (V - GAMMA_BAR) ** 2 * V**2 / (rho * SIGNAL)),
    ),
    prose=(
        r"A step along $v$ of length proportional to $\lVert v\rVert - \bar\gamma$ goes below the "
        r"origin."
    ),
)

PHI = in_eigenbasis(LETTERS.characteristic.subs(D, 1))

INCREASING = Statement(
    id="one-hidden-layer-increasing",
    title="At depth 1 there is at most one root",
    relation=Relation.AT_LEAST,
    left=sp.Derivative(PHI, lam),
    right=0,
    reference="differentiation",
    proof=Differentiate(
        combine(plus=2 * lam * rho * sp.Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** 3, EACH))
    ),
    near_misses=(
        NearMiss(
            "at another depth", left=sp.Derivative(in_eigenbasis(LETTERS.characteristic.subs(D, 3)), lam)
        ),
    ),
    prose=r"The function $\varphi$ does not decrease.",
)

LIMIT = Statement(
    id="one-hidden-layer-limit",
    title=r"The limit of $\varphi$ at depth 1",
    relation=Relation.LIMIT,
    left=sp.Limit(PHI, lam, sp.oo),
    right=V_SQUARED,
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("twice the limit", right=2 * V_SQUARED),),
    prose=(
        r"It rises to $\lVert v\rVert^2$. So a root exists exactly when $\tau = \gamma_u\gamma_1 < "
        r"\lVert v\rVert^2$, where the origin stops being a minimum."
    ),
)

DERIVATION = Derivation(
    id="one-hidden-layer-threshold",
    title="One hidden layer: the threshold",
    prose=(
        "The transition from the origin to a nontrivial minimum is continuous and does not depend "
        "on the noise."
    ),
    statements=(THRESHOLD, CONVERSE, INCREASING, LIMIT),
)
