"""Slope and curvature of the scalar equation on a logarithmic scale, bounded for all data."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.inequalities import CAUCHY_SCHWARZ, X, Y
from symderive.proof import Differentiate, Use, combine
from symderive.statement import Derivation, NearMiss, Relation, Statement, greater

from .letters import EACH, LETTERS, a, in_eigenbasis, j, lam, rho, v

#: H, H', H'' and ⟨s⟩, ⟨s²⟩ in an eigenbasis, as functions of λ and of u = ln λ.
S, MU, SQUARES = map(in_eigenbasis, (LETTERS.norm_squared, LETTERS.shrinkage, LETTERS.square_shrinkage))
SLOPE, CURVATURE = map(in_eigenbasis, (LETTERS.slope, LETTERS.curvature))


def of_u(expression: sp.Expr) -> sp.Expr:
    """λ = e^u."""
    return expression.xreplace({lam: sp.exp(sy.u)})


S_POSITIVE = greater(S, 0)
S_POSITIVE_AT_U = greater(of_u(S), 0)
V_NOT_ZERO = ("v ≠ 0",)
H = of_u(in_eigenbasis(sp.log(LETTERS.norm_squared))) + LETTERS.exponent * sy.u

SLOPE_IS = Statement(
    id="curvature-slope",
    title=r"The slope of $H(u) = \ln S(e^u) + \theta u$",
    left=sp.Derivative(H, sy.u),
    right=of_u(SLOPE),
    given=(S_POSITIVE_AT_U,),
    conditions=V_NOT_ZERO,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("half the mean", right=of_u(SLOPE + MU)),),
    prose=(
        r"Let $s_j = \lambda/(\rho a_j + \lambda)$, and let $\langle\cdot\rangle$ be the mean with weights "
        r"$v_j^2/(\rho a_j + \lambda)^2$. Then $\mu = \langle s\rangle = \lambda R_3/R_2$ and "
        r"$H' = \theta - 2\mu$."
    ),
)

CURVATURE_IS = Statement(
    id="curvature-curvature",
    title=r"and its curvature, $H'' = -2\langle s(1-s)\rangle + 4\,\mathrm{Var}(s)$",
    left=sp.Derivative(of_u(SLOPE), sy.u),
    right=of_u(CURVATURE),
    given=(S_POSITIVE_AT_U,),
    conditions=V_NOT_ZERO,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=-of_u(CURVATURE)),),
)

#: μ - ⟨s²⟩ and ⟨s²⟩ - μ², both at least zero.
SPREAD_TO_ONE = lam * rho * sp.Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** 4, EACH) / S
VARIANCE = {X[j]: v[j] / (rho * a[j] + lam), Y[j]: v[j] / (rho * a[j] + lam) ** 2}

POINTWISE_UPPER = Statement(
    id="curvature-pointwise-upper",
    title=r"$H'' \le 4\mu(1-\mu)$ at every point",
    relation=Relation.AT_LEAST,
    left=4 * MU * (1 - MU),
    right=CURVATURE,
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="s ≤ 1",
    proof=combine(plus=6 * SPREAD_TO_ONE),
    near_misses=(NearMiss("the lower bound", left=-2 * MU * (1 - MU)),),
    prose="All $s_j$ lie between 0 and 1.",
)

POINTWISE_LOWER = Statement(
    id="curvature-pointwise-lower",
    title=r"$H'' \ge -2\mu(1-\mu)$ at every point",
    relation=Relation.AT_LEAST,
    left=CURVATURE,
    right=-2 * MU * (1 - MU),
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="Cauchy–Schwarz",
    proof=combine(Use(CAUCHY_SCHWARZ, times=6 * lam**2 / S**2, where=VARIANCE)),
    near_misses=(NearMiss("the upper bound", right=4 * MU * (1 - MU)),),
    prose="The variance of $s$ is not negative. The bound is an equality for isotropic data.",
)

CURVATURE_UPPER = Statement(
    id="curvature-bounds",
    title="$H'' \\le 1$ for all data, depths and noises",
    relation=Relation.AT_LEAST,
    left=1,
    right=CURVATURE,
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="the bound at every point",
    proof=combine(Use(POINTWISE_UPPER), plus=(1 - 2 * MU) ** 2),
    near_misses=(NearMiss("a bound of -1/2", left=sp.Rational(-1, 2)),),
)

CURVATURE_LOWER = Statement(
    id="curvature-bounds-lower",
    title="$H'' \\ge -1/2$ for all data, depths and noises",
    relation=Relation.AT_LEAST,
    left=CURVATURE,
    right=sp.Rational(-1, 2),
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="the bound at every point",
    proof=combine(Use(POINTWISE_LOWER), plus=(1 - 2 * MU) ** 2 / 2),
    near_misses=(NearMiss("a bound of 0", right=0),),
)

SLOPE_UPPER = Statement(
    id="curvature-slope-upper",
    title=r"$H' \le \theta$",
    relation=Relation.AT_LEAST,
    left=LETTERS.exponent,
    right=SLOPE,
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="s ≥ 0",
    proof=combine(plus=2 * MU),
    near_misses=(NearMiss("a smaller bound", left=LETTERS.exponent - 2),),
)

SLOPE_LOWER = Statement(
    id="curvature-slope-lower",
    title=r"$H' \ge \theta - 2$",
    relation=Relation.AT_LEAST,
    left=SLOPE,
    right=LETTERS.exponent - 2,
    given=(S_POSITIVE,),
    conditions=V_NOT_ZERO,
    reference="s ≤ 1",
    proof=combine(plus=2 * rho * sp.Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** 3, EACH) / S),
    near_misses=(NearMiss("a larger bound", right=LETTERS.exponent),),
)

DERIVATION = Derivation(
    id="curvature-bounds",
    title="Bounds on slope and curvature",
    prose=(
        r"On a logarithmic scale the equation is $H(u) = \ln\tau$. That $H$ bends little, "
        r"whatever the data, is what "
        "makes it cheap to find every root with a proof that there is no other."
    ),
    statements=(
        SLOPE_IS,
        CURVATURE_IS,
        POINTWISE_UPPER,
        POINTWISE_LOWER,
        CURVATURE_UPPER,
        CURVATURE_LOWER,
        SLOPE_UPPER,
        SLOPE_LOWER,
    ),
)
