"""Minimizing F over a vector is minimizing G over one number."""

from ..inequalities import same_power
from ..notation import *
from .effective_ridge import NORM_SQUARED, OWN_RIDGE, TAU, Q
from .effective_ridge import SOLUTION as IN_MATRICES
from .minimum_value import (
    AT_THRESHOLD,
    DUAL,
    DUAL_BOUND,
    DUAL_SLOPE,
    DUAL_VALUE,
    LOSS_AT_SOLUTION,
    MINIMUM_VALUE,
    NORM,
    OWN,
    PENALTY_BOUND,
    RIDGE,
    RIDGE_BOUND,
)

N = m_norm
_theta = LETTERS.exponent

#: F(m), and what it becomes when a ridge λ stands for the penalty.
LOSS = LETTERS.loss(M_QUADRATIC, M_LINEAR, N)
BRIDGE = rho * M_QUADRATIC - 2 * M_LINEAR + c + lam * M_SQUARED + D * TAU * lam ** (-1 / D)

NORM_M = equal(N**2, M_SQUARED)
NOT_ZERO = "$m$ is not 0"

OWN_THRESHOLD = theorem(
    "dual-threshold",
    "The threshold at the ridge of a map",
    equal(TAU, lam**_theta * N**2),
    given=(RIDGE,),
    reference="powers",
    proof=same_power(TAU, lam**_theta * N**2, 1 / _theta).because(-(N ** (2 / _theta)) * RIDGE),
    misses={"another ridge": without(RIDGE)},
    prose=r"""A map $m \ne 0$ has a ridge of its own, $\lambda = \bar\gamma \lVert m\rVert^{2/(D+1)-2}$,
        the one at which its penalty pulls.""",
)

ABOVE_LOSS = theorem(
    "dual-above-loss",
    "Any ridge in place of the penalty costs at least $F$",
    at_least(BRIDGE, LOSS),
    given=(NORM_M, NOT_ZERO),
    reference="the bound on the penalty",
    proof=PENALTY_BOUND.at({Q: N**2}) - lam * NORM_M,
    misses={"one term less": left(BRIDGE - TAU * lam ** (-1 / D))},
    prose=r"""Put $B(m, \lambda) = \rho\, m^{\top} A m - 2 m^{\top} v + c + \lambda \lVert m\rVert^2 + D
        \tau \lambda^{-1/D}$. It is at least $F(m)$ and at least $G(\lambda)$, with equality at the right
        $\lambda$ and at the right $m$.""",
)

IS_LOSS = theorem(
    "dual-is-loss",
    "At the ridge of the map the two are equal",
    equal(BRIDGE, LOSS),
    given=(NORM_M, RIDGE, NOT_ZERO),
    reference="equality in AM–GM",
    proof=-lam * NORM_M + D * lam ** (-1 / D) * OWN_THRESHOLD + (D + 1) * N**2 * RIDGE,
    misses={"another ridge": without(RIDGE)},
)

ABOVE_DUAL = theorem(
    "dual-above-dual",
    "At every map it is at least $G$",
    at_least(BRIDGE, DUAL_VALUE),
    reference="completing the square",
    proof=RIDGE_BOUND,
    misses={"half the alignment": right(DUAL_VALUE + in_eigenbasis(R[1]) / 2)},
    prose="Equality holds at the ridge solution, where the square that was completed is 0.",
)

DUAL_BELOW = theorem(
    "dual",
    "The loss of a map is at least $G$ at the ridge of the map",
    at_least(LOSS, DUAL_VALUE),
    given=(NORM_M, RIDGE),
    reference="the two bounds together",
    proof=-IS_LOSS + ABOVE_DUAL,
    misses={
        "another ridge": without(RIDGE),
        "half the alignment": right(DUAL_VALUE + in_eigenbasis(R[1]) / 2),
    },
    prose=r"""Hence $F(m) \ge G(\lambda)$ for some $\lambda$. In the other direction $G(\lambda)$ is at
        least $F$ at the ridge solution, as the last section shows.""",
    display=Display(r"F(m) \ge G(\lambda)", given=OWN_RIDGE, at={m_norm: r"\lVert m \rVert"}),
)

AT_ROOT = theorem(
    "dual-root",
    "At a root the dual is the loss",
    equal(DUAL_VALUE, LOSS_AT_SOLUTION),
    given=(NORM, RIDGE),
    reference="the value of a stationary point",
    proof=-MINIMUM_VALUE + D * lam ** (-1 / D) * OWN_THRESHOLD + D * lam * NORM,
    misses={"λ is not a root": without(RIDGE)},
)

DUAL_AT_ROOT = theorem(
    "dual-threshold-root",
    r"Where $\varphi(\lambda) = \tau$ the dual is the loss",
    equal(DUAL_VALUE, LOSS_AT_SOLUTION),
    given=(NORM, AT_THRESHOLD),
    reference="the value of a stationary point",
    proof=AT_ROOT.because(None, OWN),
    misses={"λ is not a root": without(AT_THRESHOLD)},
    display=Display(
        r"G(\lambda) = F(m)",
        where=IN_MATRICES,
        given=(r"\varphi(\lambda) = \tau", r"m \ne 0"),
        at={m_norm: r"\lVert m \rVert"},
    ),
)

AT_INFINITY = theorem(
    "dual-infinity",
    "Far out the dual is the loss of the map 0",
    limit(DUAL, lam, oo, c),
    reference="leading terms",
    proof=LeadingTerms(),
    misses={"the other end": limit(DUAL, lam, 0, c)},
    display=r"\lim_{\lambda \to \infty} G(\lambda) = c",
)

#: φ = τ at v ≠ 0.
ROOT = equal(in_eigenbasis(LETTERS.characteristic), tau)
SOLUTION_IS_NOT_0 = greater(NORM_SQUARED, 0)
_curvature = tau * lam ** (-_theta - 1) * in_eigenbasis(LETTERS.slope)

CURVATURE = theorem(
    "dual-curvature",
    "The curvature of the dual at a root has the sign of $H'$",
    equal(Derivative(DUAL, (lam, 2)), _curvature),
    given=(ROOT, SOLUTION_IS_NOT_0, "$v$ is not 0"),
    reference="differentiation",
    proof=differentiate(-2 * lam**-_theta * in_eigenbasis(R[3]) / NORM_SQUARED * ROOT),
    misses={"λ is not a root": without(ROOT), "a flipped sign": right(-_curvature)},
    prose=r"$H' = \theta - 2\mu$ is the slope of $\ln\varphi$ against $\ln\lambda$.",
)

SAME_INFIMUM = in_words(
    "dual-infimum",
    "$F$ and $G$ have the same infimum",
    r"""Every value of $F$ at $m \ne 0$ is at least a value of $G$, that at the ridge of $m$, and $F(0) =
        c$ is the limit of $G$ far out: so $\inf F \ge \inf G$. Every value of $G$ is at least one of $F$,
        that at the ridge solution: so $\inf G \ge \inf F$.""",
    by="the definition of the infimum",
    reference="any course of analysis",
    rests_on=(DUAL_BELOW, AT_INFINITY, DUAL_BOUND),
    conditions=(r"$v \ne 0$, so that the ridge solution is not 0",),
    display=r"\min_{m} F(m) = \inf_{\lambda > 0} G(\lambda)",
)

SAME_MINIMA = in_words(
    "dual-local-minima",
    "Local minima of $F$ and of $G$ correspond",
    r"""Let $\lambda^{*}$ be a root and $m^{*}$ its ridge solution, where $F$ and $G$ are equal. If
        $\lambda^{*}$ is a local minimum of $G$, then near $m^{*}$ the ridge of $m$ is near $\lambda^{*}$,
        and $F(m)$ is at least $G$ there, hence at least $G(\lambda^{*}) = F(m^{*})$. If $m^{*}$ is a local
        minimum of $F$, then near $\lambda^{*}$ the ridge solution is near $m^{*}$, and $G(\lambda)$ is at
        least $F$ there, hence at least $F(m^{*}) = G(\lambda^{*})$.""",
    by="the continuity of the ridge of a map and of the ridge solution",
    reference="any course of analysis",
    rests_on=(DUAL_BELOW, AT_ROOT, DUAL_BOUND),
    conditions=(r"$v \ne 0$",),
)

SECOND_ORDER = in_words(
    "dual-second-order",
    "A root with $H' > 0$ is a local minimum, one with $H' < 0$ none",
    """At a root the slope of $G$ vanishes, and its second derivative has the sign of $H'$. If that is
        positive, $G$ has a strict local minimum there, and so has $F$; if it is negative, $G$ has a strict
        local maximum, and $F$ no minimum.""",
    by="the second derivative test",
    reference="any course of analysis",
    rests_on=(DUAL_SLOPE, CURVATURE, SAME_MINIMA),
    conditions=(r"$v \ne 0$",),
)

DERIVATION = Derivation(
    id="dual",
    title="The one-dimensional dual",
    prose="""The minimum of $F$ over a vector is the minimum of $G$ over a number, and what is more,
        local minima correspond as well.""",
    statements=(
        *(OWN_THRESHOLD, ABOVE_LOSS, IS_LOSS, ABOVE_DUAL, DUAL_BELOW),
        *(AT_ROOT, DUAL_AT_ROOT, AT_INFINITY, CURVATURE),
    ),
    steps=(SAME_INFIMUM, SAME_MINIMA, SECOND_ORDER),
)
