"""The value of F at its stationary points, and a one-dimensional dual."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..inequalities import AM_GM, P, x
from ..notation import EACH, LETTERS, D, a, in_eigenbasis, j, lam, m, n, rho, v
from .effective_ridge import NORM_SQUARED, TAU

#: The ridge solution, component by component, and F there.
SOLUTION = v[j] / (rho * a[j] + lam)
QUADRATIC = sp.Sum(a[j] * SOLUTION**2, EACH)
LINEAR = sp.Sum(SOLUTION * v[j], EACH)
LOSS_AT_SOLUTION = LETTERS.loss(QUADRATIC, LINEAR, sy.m_norm)

NORM = equal(sy.m_norm**2, NORM_SQUARED)
RIDGE = equal(lam, LETTERS.mean_decay * sy.m_norm ** (sp.Integer(2) / (D + 1) - 2))
AT_SOLUTION = Domain(
    define=(
        (sy.m_norm, sp.sqrt(NORM_SQUARED)),
        (sy.gamma_bar, lam * sy.m_norm ** (2 - sp.Integer(2) / (D + 1))),
    )
)

MINIMUM_VALUE = Statement(
    id="minimum-value",
    title="The loss at a stationary point",
    left=LOSS_AT_SOLUTION,
    right=in_eigenbasis(LETTERS.value),
    given=(NORM, RIDGE),
    conditions=("$m$ is the ridge solution and is not 0",),
    reference="stationarity along $m$",
    proof=combine(
        Use(RIDGE, times=-(D + 1) * sy.m_norm**2),
        Use(NORM, times=(D + 1) * lam),
    ),
    domains=(AT_SOLUTION,),
    near_misses=(
        NearMiss("one layer's decay too many", right=in_eigenbasis(LETTERS.value + LETTERS.layer_decay)),
        NearMiss(
            "λ is not the effective ridge", given=(NORM,), domains=(Domain(define=AT_SOLUTION.define[:1]),)
        ),
    ),
    prose=(
        r"With $\kappa = \lambda \lVert m\rVert^2$, the decay of one layer, the loss at a stationary point "
        r"is $c - m^{\top}v + D\kappa$."
    ),
)

#: G(λ) with τ = γ̄^{(D+1)/D}.
DUAL = in_eigenbasis(LETTERS.dual)
DUAL_VALUE = DUAL.xreplace({sy.tau: TAU})
Q = sp.Symbol("Q", positive=True)

PENALTY_BOUND = Statement(
    id="minimum-value-penalty",
    title="Every ridge bounds the penalty from above",
    relation=Relation.AT_LEAST,
    left=lam * Q + D * TAU * lam ** (-1 / D),
    right=LETTERS.penalty(sp.sqrt(Q)),
    reference="AM–GM with $D$ equal terms",
    proof=combine(Use(AM_GM, where={x: lam * Q, P[j]: TAU * lam ** (-1 / D), n: D})),
    near_misses=(NearMiss("one term less", left=lam * Q + (D - 1) * TAU * lam ** (-1 / D)),),
)

DUAL_BOUND = Statement(
    id="minimum-value-dual",
    title="$G(\\lambda)$ is at least the loss at the ridge solution",
    relation=Relation.AT_LEAST,
    left=DUAL_VALUE,
    right=LOSS_AT_SOLUTION,
    given=(NORM,),
    conditions=("$m$ is the ridge solution and is not 0",),
    reference="the bound on the penalty",
    proof=combine(
        Use(PENALTY_BOUND, where={Q: sy.m_norm**2}),
        Use(NORM, times=-lam),
    ),
    domains=(Domain(define=AT_SOLUTION.define[:1]),),
    near_misses=(NearMiss("one term less", left=DUAL_VALUE - TAU * lam ** (-1 / D)),),
)

RIDGE_BOUND = Statement(
    id="minimum-value-ridge",
    title="The ridge solution minimizes the loss with a ridge",
    relation=Relation.AT_LEAST,
    left=sp.Sum((rho * a[j] + lam) * m[j] ** 2, EACH) - 2 * sp.Sum(m[j] * v[j], EACH),
    right=-in_eigenbasis(sy.R[1]),
    reference="completing the square",
    proof=combine(plus=sp.Sum((rho * a[j] + lam) * (m[j] - SOLUTION) ** 2, EACH)),
    near_misses=(
        NearMiss(
            "half the right side",
            right=-in_eigenbasis(sy.R[1]) / 2,
            domains=(Domain(define=((m[j], SOLUTION),)),),
        ),
    ),
)

DUAL_SLOPE = Statement(
    id="minimum-value-slope",
    title="The slope of $G$ has the sign of $\\varphi - \\tau$",
    left=sp.Derivative(DUAL, lam),
    right=lam ** (-LETTERS.exponent) * (in_eigenbasis(LETTERS.characteristic) - sy.tau),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss(
            "a flipped sign",
            right=lam ** (-LETTERS.exponent) * (in_eigenbasis(LETTERS.characteristic) + sy.tau),
        ),
    ),
)

# -- steps in words --------------------------------------------------------------------------------------

CROSSINGS = Step(
    id="minimum-value-crossings",
    title="Where $\\varphi$ crosses $\\tau$ upwards, $G$ has a minimum",
    text=(
        r"A function falls where its derivative is negative and rises where it is positive. So $G$ falls "
        r"on an interval where $\varphi < \tau$ and rises where $\varphi > \tau$. A root between two such "
        r"intervals is a strict local minimum of $G$ if $\varphi$ is below $\tau$ before it and above "
        r"after it, a local maximum in the other order, and neither if $\varphi$ only touches $\tau$."
    ),
    theorem="the mean value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.11",
    rests_on=(DUAL_SLOPE,),
)

DERIVATION = Derivation(
    id="minimum-value",
    title="The value of the minimum",
    prose=r"Put $G(\lambda) = c - v^{\top}(\rho A + \lambda)^{-1} v + D \tau \lambda^{-1/D}$.",
    statements=(MINIMUM_VALUE, PENALTY_BOUND, DUAL_BOUND, RIDGE_BOUND, DUAL_SLOPE),
    steps=(CROSSINGS,),
)
