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
    PAPER,
    V_SQUARED,
    D,
    a,
    dot,
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
    title="Under strong decay no map has less loss than the origin",
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
    title="Under weak decay a map has less loss than the origin",
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
    title=r"At depth 1 $\varphi$ does not fall",
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
)

# -- one root ---------------------------------------------------------------------------------------------

#: A bound on the eigenvalues, and the brackets at an eigenvalue and at the bound.
top = sp.Symbol("a_max", positive=True)
AT_MOST = at_least(top, a[j], EACH)
_here, _top = rho * a[j] + lam, rho * top + lam

STRICT = Statement(
    id="one-hidden-layer-strict",
    title=r"At depth 1 $\varphi$ rises if the data have a signal",
    relation=Relation.GREATER,
    left=sp.Derivative(PHI, lam),
    right=0,
    given=(SIGNAL_POSITIVE, AT_MOST),
    reference="differentiation",
    # 1/h³ - 1/t³ = ρ(a_max - a)(t² + th + h²)/(ht)³ for the brackets h and t
    proof=Differentiate(
        combine(
            Use(SIGNAL_POSITIVE, times=2 * rho * lam / _top**3),
            Use(
                AT_MOST,
                times=2
                * rho**2
                * lam
                * a[j]
                * v[j] ** 2
                * (_top**2 + _top * _here + _here**2)
                / (_top * _here) ** 3,
                over=(EACH,),
            ),
        )
    ),
    domains=(Domain(ranges=((a[j], (0, top)),)),),
    near_misses=(
        NearMiss(
            "the data have no signal",
            given=(AT_MOST,),
            domains=(Domain(define=((a[j], 0 * j),)),),
        ),
    ),
    prose="It rises strictly where $v$ has a component in the range of $A$.",
)

#: v = ρA w, which has a solution because v lies in the range of A.
w = sp.IndexedBase("w", real=True)

SMALL = Statement(
    id="one-hidden-layer-small-ridge",
    title=r"At depth 1 $\varphi$ is at most a multiple of $\lambda^2$",
    relation=Relation.AT_LEAST,
    left=lam**2 * dot(w, w),
    right=lam**2 * sp.Sum((rho * a[j] * w[j]) ** 2 / (rho * a[j] + lam) ** 2, EACH),
    conditions=(r"$v = \rho A w$",),
    reference=r"$\lambda \ge 0$",
    proof=combine(plus=lam**3 * sp.Sum(w[j] ** 2 * (2 * rho * a[j] + lam) / (rho * a[j] + lam) ** 2, EACH)),
    near_misses=(NearMiss("a faster start", left=lam**3 * dot(w, w) / 1000),),
)

ONE_ROOT = Step(
    id="one-hidden-layer-root",
    title=r"There is one root if $\tau < \lVert v\rVert^2$, and else none",
    text=(
        r"$\varphi$ is continuous, tends to 0 at 0 and to $\lVert v\rVert^2$ far out, and rises, its "
        r"derivative being positive. "
        r"So it takes every value between, once, and no other."
    ),
    theorem="the mean value theorem and the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorems 5.11 and 4.23",
    rests_on=(STRICT, SMALL, LIMIT),
    conditions=(r"$D = 1$ and $v \ne 0$ in the range of $A$",),
)

DERIVATION = Derivation(
    id="one-hidden-layer-threshold",
    title="One hidden layer: the threshold",
    prose=(
        "The transition from the origin to a nontrivial minimum is continuous and does not depend "
        "on the noise."
    ),
    statements=(THRESHOLD, CONVERSE, INCREASING, LIMIT, STRICT, SMALL),
    steps=(ONE_ROOT,),
)
