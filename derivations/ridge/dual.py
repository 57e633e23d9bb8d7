"""Minimizing F over a vector is minimizing G over one number."""

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
    combine,
    equal,
    greater,
)

from ..inequalities import SAME_POWER
from ..inequalities import s as power
from ..inequalities import x as first
from ..inequalities import y as second
from ..notation import LETTERS, M_LINEAR, M_QUADRATIC, M_SQUARED, D, in_eigenbasis, lam, tau
from .effective_ridge import NORM_SQUARED, TAU
from .minimum_value import (
    AT_SOLUTION,
    DUAL,
    DUAL_BOUND,
    DUAL_SLOPE,
    DUAL_VALUE,
    LOSS_AT_SOLUTION,
    MINIMUM_VALUE,
    NORM,
    PENALTY_BOUND,
    RIDGE,
    RIDGE_BOUND,
    Q,
)

N = sy.m_norm
_theta = LETTERS.exponent

#: F(m), and what it becomes when a ridge λ stands for the penalty.
LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, N)
BRIDGE = (
    LETTERS.noise_factor * M_QUADRATIC - 2 * M_LINEAR + sy.c + lam * M_SQUARED + D * TAU * lam ** (-1 / D)
)

NORM_M = equal(N**2, M_SQUARED)
_norm = (N, sp.sqrt(M_SQUARED))
ANY_RIDGE = Domain(define=(_norm,))
OWN_RIDGE = Domain(define=(_norm, (lam, RIDGE.right)))

OWN_THRESHOLD = Statement(
    id="dual-threshold",
    title="The threshold at the ridge of a map",
    left=TAU,
    right=lam**_theta * N**2,
    given=(RIDGE,),
    reference="powers",
    proof=combine(
        Use(
            SAME_POWER,
            where={first: TAU, second: lam**_theta * N**2, power: 1 / _theta},
            given=(combine(Use(RIDGE, times=-(N ** (2 / _theta)))),),
        )
    ),
    domains=(Domain(define=((lam, RIDGE.right),)),),
    near_misses=(NearMiss("another ridge", given=(), domains=(Domain(),)),),
    prose=(
        r"A map $m \ne 0$ has a ridge of its own, $\lambda = \bar\gamma \lVert m\rVert^{2/(D+1)-2}$, the "
        "one at which its penalty pulls."
    ),
)

ABOVE_LOSS = Statement(
    id="dual-above-loss",
    title="Any ridge in place of the penalty costs at least $F$",
    relation=Relation.AT_LEAST,
    left=BRIDGE,
    right=LOSS,
    given=(NORM_M,),
    conditions=("$m$ is not 0",),
    reference="the bound on the penalty",
    proof=combine(Use(PENALTY_BOUND, where={Q: N**2}), Use(NORM_M, times=-lam)),
    domains=(ANY_RIDGE,),
    near_misses=(NearMiss("one term less", left=BRIDGE - TAU * lam ** (-1 / D)),),
    prose=(
        r"Put $B(m, \lambda) = \rho\, m^{\top} A m - 2 m^{\top} v + c + \lambda \lVert m\rVert^2 + D \tau "
        r"\lambda^{-1/D}$. It is at least $F(m)$ and at least $G(\lambda)$, with equality at the right "
        r"$\lambda$ and at the right $m$."
    ),
)

IS_LOSS = Statement(
    id="dual-is-loss",
    title="At the ridge of the map the two are equal",
    left=BRIDGE,
    right=LOSS,
    given=(NORM_M, RIDGE),
    conditions=("$m$ is not 0",),
    reference="equality in AM–GM",
    proof=combine(
        Use(NORM_M, times=-lam),
        Use(OWN_THRESHOLD, times=D * lam ** (-1 / D)),
        Use(RIDGE, times=(D + 1) * N**2),
    ),
    domains=(OWN_RIDGE,),
    near_misses=(NearMiss("another ridge", given=(NORM_M,), domains=(ANY_RIDGE,)),),
)

ABOVE_DUAL = Statement(
    id="dual-above-dual",
    title="At every map it is at least $G$",
    relation=Relation.AT_LEAST,
    left=BRIDGE,
    right=DUAL_VALUE,
    reference="completing the square",
    proof=combine(Use(RIDGE_BOUND)),
    near_misses=(NearMiss("half the alignment", right=DUAL_VALUE + in_eigenbasis(sy.R[1]) / 2),),
    prose="Equality holds at the ridge solution, where the square that was completed is 0.",
)

DUAL_BELOW = Statement(
    id="dual",
    title="The loss of a map is at least $G$ at the ridge of the map",
    relation=Relation.AT_LEAST,
    left=LOSS,
    right=DUAL_VALUE,
    given=(NORM_M, RIDGE),
    conditions=("$m$ is not 0",),
    reference="the two bounds together",
    proof=combine(Use(IS_LOSS, times=-1), Use(ABOVE_DUAL)),
    domains=(OWN_RIDGE,),
    near_misses=(
        NearMiss(
            "another ridge",
            given=(NORM_M,),
            domains=(Domain(ranges=((lam, (0, sp.Rational(1, 1000))),), define=(_norm,)),),
        ),
        NearMiss("half the alignment", right=DUAL_VALUE + in_eigenbasis(sy.R[1]) / 2),
    ),
    prose=(
        r"Hence $F(m) \ge G(\lambda)$ for some $\lambda$. In the other direction $G(\lambda)$ is at least "
        "$F$ at the ridge solution, as the last section shows."
    ),
)

AT_ROOT = Statement(
    id="dual-root",
    title="At a root the dual is the loss",
    left=DUAL_VALUE,
    right=LOSS_AT_SOLUTION,
    given=(NORM, RIDGE),
    conditions=("$m$ is the ridge solution and is not 0",),
    reference="the value of a stationary point",
    proof=combine(
        Use(MINIMUM_VALUE, times=-1),
        Use(OWN_THRESHOLD, times=D * lam ** (-1 / D)),
        Use(NORM, times=D * lam),
    ),
    domains=(AT_SOLUTION,),
    near_misses=(
        NearMiss("λ is not a root", given=(NORM,), domains=(Domain(define=AT_SOLUTION.define[:1]),)),
    ),
)

AT_INFINITY = Statement(
    id="dual-infinity",
    title="Far out the dual is the loss of the map 0",
    relation=Relation.LIMIT,
    left=sp.Limit(DUAL, lam, sp.oo, "-"),
    right=sy.c,
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("the other end", left=sp.Limit(DUAL, lam, 0, "+")),),
)

#: φ = τ at v ≠ 0.
ROOT = equal(in_eigenbasis(LETTERS.characteristic), tau)
SOLUTION_IS_NOT_0 = greater(NORM_SQUARED, 0)

CURVATURE = Statement(
    id="dual-curvature",
    title="The curvature of the dual at a root has the sign of $H'$",
    left=sp.Derivative(DUAL, (lam, 2)),
    right=tau * lam ** (-_theta - 1) * in_eigenbasis(LETTERS.slope),
    given=(ROOT, SOLUTION_IS_NOT_0),
    conditions=("$v$ is not 0",),
    reference="differentiation",
    proof=Differentiate(
        combine(Use(ROOT, times=-2 * lam**-_theta * in_eigenbasis(sy.R[3]) / NORM_SQUARED))
    ),
    domains=(Domain(define=((tau, ROOT.left),)),),
    near_misses=(
        NearMiss("λ is not a root", given=(SOLUTION_IS_NOT_0,), domains=(Domain(),)),
        NearMiss("a flipped sign", right=-tau * lam ** (-_theta - 1) * in_eigenbasis(LETTERS.slope)),
    ),
    prose=r"$H' = \theta - 2\mu$ is the slope of $\ln\varphi$ against $\ln\lambda$.",
)

# -- steps in words --------------------------------------------------------------------------------------

SAME_INFIMUM = Step(
    id="dual-infimum",
    title="$F$ and $G$ have the same infimum",
    text=(
        r"Every value of $F$ at $m \ne 0$ is at least a value of $G$, that at the ridge of $m$, and $F(0) "
        r"= c$ is the limit of $G$ far out: so $\inf F \ge \inf G$. Every value of $G$ is at least one of "
        r"$F$, that at the ridge solution: so $\inf G \ge \inf F$."
    ),
    theorem="the definition of the infimum",
    reference="any course of analysis",
    rests_on=(DUAL_BELOW, AT_INFINITY, DUAL_BOUND),
    conditions=(r"$v \ne 0$, so that the ridge solution is not 0",),
)

SAME_MINIMA = Step(
    id="dual-local-minima",
    title="Local minima of $F$ and of $G$ correspond",
    text=(
        r"Let $\lambda^{*}$ be a root and $m^{*}$ its ridge solution, where $F$ and $G$ are equal. If "
        r"$\lambda^{*}$ is a local minimum of $G$, then near $m^{*}$ the ridge of $m$ is near "
        r"$\lambda^{*}$, and $F(m)$ is at least $G$ there, hence at least $G(\lambda^{*}) = F(m^{*})$. If "
        r"$m^{*}$ is a local minimum of $F$, then near $\lambda^{*}$ the ridge solution is near $m^{*}$, "
        r"and $G(\lambda)$ is at least $F$ there, hence at least $F(m^{*}) = G(\lambda^{*})$."
    ),
    theorem="the continuity of the ridge of a map and of the ridge solution",
    reference="any course of analysis",
    rests_on=(DUAL_BELOW, AT_ROOT, DUAL_BOUND),
    conditions=(r"$v \ne 0$",),
)

SECOND_ORDER = Step(
    id="dual-second-order",
    title="A root with $H' > 0$ is a local minimum, one with $H' < 0$ none",
    text=(
        r"At a root the slope of $G$ vanishes, and its second derivative has the sign of $H'$. If that is "
        r"positive, $G$ has a strict local minimum there, and so has $F$; if it is negative, $G$ has a "
        r"strict local maximum, and $F$ no minimum."
    ),
    theorem="the second derivative test",
    reference="any course of analysis",
    rests_on=(DUAL_SLOPE, CURVATURE, SAME_MINIMA),
    conditions=(r"$v \ne 0$",),
)

DERIVATION = Derivation(
    id="dual",
    title="The one-dimensional dual",
    prose=(
        "The minimum of $F$ over a vector is the minimum of $G$ over a number, and what is more, local "
        "minima correspond as well."
    ),
    statements=(
        OWN_THRESHOLD,
        ABOVE_LOSS,
        IS_LOSS,
        ABOVE_DUAL,
        DUAL_BELOW,
        AT_ROOT,
        AT_INFINITY,
        CURVATURE,
    ),
    steps=(
        SAME_INFIMUM,
        SAME_MINIMA,
        SECOND_ORDER,
    ),
)
