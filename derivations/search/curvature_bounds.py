"""Slope and curvature of the scalar equation on a logarithmic scale, bounded for all data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

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
    at_least,
    combine,
    greater,
)

from ..inequalities import CAUCHY_SCHWARZ, X, Y
from ..notation import EACH, LETTERS, a, in_eigenbasis, j, k, lam, n, rho, v

#: S, ⟨s⟩, H' and H'' in an eigenbasis, as functions of λ and of u = ln λ.
S, MU = map(in_eigenbasis, (LETTERS.norm_squared, LETTERS.shrinkage))
SLOPE, CURVATURE = map(in_eigenbasis, (LETTERS.slope, LETTERS.curvature))


def of_u(expression: sp.Expr) -> sp.Expr:
    """λ = e^u."""
    return expression.xreplace({lam: sp.exp(sy.u)})


S_POSITIVE_AT_U = greater(of_u(S), 0)
V_NOT_ZERO = (r"$v \ne 0$",)
H = of_u(in_eigenbasis(sp.log(LETTERS.norm_squared))) + LETTERS.exponent * sy.u

SLOPE_IS = Statement(
    id="curvature-slope",
    title="The slope of $H$",
    left=sp.Derivative(H, sy.u),
    right=of_u(SLOPE),
    given=(S_POSITIVE_AT_U,),
    conditions=V_NOT_ZERO,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("half the mean", right=of_u(SLOPE + MU)),),
    prose=(
        r"Let $H(u) = \ln S(e^u) + \theta u$ and $s_j = \lambda/(\rho a_j + \lambda)$, and let "
        r"$\langle\cdot\rangle$ be the mean with weights proportional to $v_j^2/(\rho a_j + \lambda)^2$. "
        r"With $\mu = \langle s\rangle = \lambda R_3/R_2$ the slope is $H' = \theta - 2\mu$."
    ),
)

CURVATURE_IS = Statement(
    id="curvature-curvature",
    title="The curvature of $H$",
    left=sp.Derivative(of_u(SLOPE), sy.u),
    right=of_u(CURVATURE),
    given=(S_POSITIVE_AT_U,),
    conditions=V_NOT_ZERO,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=-of_u(CURVATURE)),),
    prose=r"The curvature is $H'' = -2\langle s(1-s)\rangle + 4\,\mathrm{Var}(s)$.",
)

#: ⟨s⟩, ⟨s²⟩ and ⟨s³⟩ in resolvent moments, and μ'' in these; H''' = -2μ''.
MEAN, SQUARE = LETTERS.shrinkage, LETTERS.square_shrinkage
CUBE = lam**3 * sy.R[5] / sy.R[2]
BEND_OF_MEAN = MEAN + 6 * MEAN**2 + 8 * MEAN**3 - 9 * SQUARE - 18 * MEAN * SQUARE + 12 * CUBE
THIRD_IN_MOMENTS = -2 * BEND_OF_MEAN
THIRD = in_eigenbasis(THIRD_IN_MOMENTS)

THIRD_IS = Statement(
    id="curvature-third-derivative",
    title="The third derivative of $H$",
    left=sp.Derivative(of_u(CURVATURE), sy.u),
    right=of_u(THIRD),
    given=(S_POSITIVE_AT_U,),
    conditions=V_NOT_ZERO,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("a flipped sign", right=-of_u(THIRD)),),
    prose=(
        r"Once more, $H''' = -2\mu''$ with "
        r"$\mu'' = \mu + 6\mu^2 + 8\mu^3 - (9 + 18\mu)\langle s^2\rangle + 12\langle s^3\rangle$."
    ),
)

#: The resolvent moments R_k = Σ v_j²/(ρa_j + λ)^k, and what they satisfy for all data.
R = sy.R
MOMENTS = Domain(define=((R[k], sp.Sum(v[j] ** 2 / (rho * a[j] + lam) ** k, EACH)),))


def moment(order: int) -> sp.Sum:
    """R_k as a sum over the eigenvectors."""
    return sp.Sum(v[j] ** 2 / (rho * a[j] + lam) ** order, EACH)


def falls(order: int, title: str) -> Statement:
    """λ R_{k+1} ≤ R_k, because s ≤ 1."""
    return Statement(
        id=f"curvature-moments-{order}",
        title=title,
        relation=Relation.AT_LEAST,
        left=moment(order),
        right=lam * moment(order + 1),
        reference=r"$\rho a_j \ge 0$",
        proof=combine(plus=rho * sp.Sum(a[j] * v[j] ** 2 / (rho * a[j] + lam) ** (order + 1), EACH)),
        near_misses=(NearMiss("twice as much", right=2 * lam * moment(order + 1)),),
    )


MEANS_FALL = falls(2, "The mean of $s$ is at most 1")
SQUARES_FALL = falls(3, "The mean of $s^2$ is at most that of $s$")

VARIANCE = Statement(
    id="curvature-variance",
    title="The variance of $s$ is not negative",
    relation=Relation.AT_LEAST,
    left=moment(2) * moment(4),
    right=moment(3) ** 2,
    reference="Cauchy–Schwarz",
    proof=combine(
        Use(
            CAUCHY_SCHWARZ,
            where={X[j]: v[j] / (rho * a[j] + lam), Y[j]: v[j] / (rho * a[j] + lam) ** 2},
        )
    ),
    near_misses=(NearMiss("twice the right side", right=2 * moment(3) ** 2),),
    prose=(
        "The bounds on slope and curvature rest on three facts about the moments, which hold for all data."
    ),
)


def cubes_of_rest(*moments: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """⟨r⟩⟨r³⟩ and ⟨r²⟩², times R_2², for r = 1 - s, from R_2 … R_5."""
    second, third, fourth, fifth = (lam**power * moment for power, moment in enumerate(moments))
    left = (second - third) * (second - 3 * third + 3 * fourth - fifth)
    return left, (second - 2 * third + fourth) ** 2


#: s_j and 1 - s_j at one feature, and their differences between two.
_weight = v[j] ** 2 / (rho * a[j] + lam) ** 2
_shrunk, _kept = lam / (rho * a[j] + lam), rho * a[j] / (rho * a[j] + lam)
_pairs = (EACH, (k, 1, n))


def squares(part: sp.Expr) -> sp.Sum:
    """Σ_jk w_j w_k p_j p_k (p_j - p_k)²/2 = Σ w p · Σ w p³ - (Σ w p²)²."""
    weight = _weight * part
    return sp.Sum(weight * weight.xreplace({j: k}) * (part - part.xreplace({j: k})) ** 2 / 2, *_pairs)


CUBES = Statement(
    id="curvature-cubes",
    title="The third moment of $s$ is bounded from below",
    relation=Relation.AT_LEAST,
    left=moment(3) * moment(5),
    right=moment(4) ** 2,
    reference="Cauchy–Schwarz",
    proof=combine(plus=squares(_shrunk) / lam**4),
    near_misses=(NearMiss("twice the right side", right=2 * moment(4) ** 2),),
    prose=(
        "Two further facts about third moments, for $s$ and for $1 - s$, bound the third derivative. The "
        "mean of $s$ is less than 1, because $v \\ne 0$ lies in the range of $A$."
    ),
)

_left, _right = cubes_of_rest(*(moment(order) for order in (2, 3, 4, 5)))

CUBES_OF_REST = Statement(
    id="curvature-cubes-rest",
    title="The third moment of $1 - s$ is bounded from below",
    relation=Relation.AT_LEAST,
    left=_left,
    right=_right,
    reference="Cauchy–Schwarz",
    proof=combine(plus=squares(_kept)),
    near_misses=(NearMiss("twice the right side", right=2 * _right),),
)

S_AT_MOST_ONE = at_least(R[2], lam * R[3])
SQUARES_AT_MOST = at_least(R[3], lam * R[4])
VARIANCE_NOT_NEGATIVE = at_least(R[2] * R[4], R[3] ** 2)
FACTS = (S_AT_MOST_ONE, SQUARES_AT_MOST, VARIANCE_NOT_NEGATIVE)
SLOPE_IN_MOMENTS, CURVATURE_IN_MOMENTS = LETTERS.slope, LETTERS.curvature


#: What the moments are.
ANY_DATA = (r"$R_k$ are the resolvent moments of any data with $v \ne 0$ in the range of $A$",)


def bound(name: str, title: str, left: sp.Expr, right: sp.Expr, proof: Any, miss: NearMiss) -> Statement:
    """One bound that holds for all resolvent moments."""
    return Statement(
        id=name,
        title=title,
        relation=Relation.AT_LEAST,
        left=left,
        right=right,
        given=FACTS,
        conditions=ANY_DATA,
        reference="three facts about the moments",
        proof=proof,
        domains=(MOMENTS,),
        near_misses=(miss,),
    )


_upper, _lower = 4 * MEAN * (1 - MEAN), -2 * MEAN * (1 - MEAN)

POINTWISE_UPPER = bound(
    "curvature-pointwise-upper",
    r"The curvature is at most $4\mu(1-\mu)$",
    _upper,
    CURVATURE_IN_MOMENTS,
    combine(Use(SQUARES_AT_MOST, times=6 * lam / R[2])),
    NearMiss("the lower bound", left=_lower),
)

POINTWISE_LOWER = bound(
    "curvature-pointwise-lower",
    r"The curvature is at least $-2\mu(1-\mu)$",
    CURVATURE_IN_MOMENTS,
    _lower,
    combine(Use(VARIANCE_NOT_NEGATIVE, times=6 * lam**2 / R[2] ** 2)),
    NearMiss("the upper bound", right=_upper),
)

CURVATURE_UPPER = bound(
    "curvature-bounds",
    "The curvature is at most 1",
    sp.Integer(1),
    CURVATURE_IN_MOMENTS,
    combine(Use(POINTWISE_UPPER), plus=(1 - 2 * MEAN) ** 2),
    NearMiss("a bound of -1/2", left=sp.Rational(-1, 2)),
)

CURVATURE_LOWER = bound(
    "curvature-bounds-lower",
    "The curvature is at least $-1/2$",
    CURVATURE_IN_MOMENTS,
    sp.Rational(-1, 2),
    combine(Use(POINTWISE_LOWER), plus=(1 - 2 * MEAN) ** 2 / 2),
    NearMiss("a bound of 0", right=sp.Integer(0)),
)

SLOPE_UPPER = bound(
    "curvature-slope-upper",
    r"The slope is at most $\theta$",
    LETTERS.exponent,
    SLOPE_IN_MOMENTS,
    combine(plus=2 * MEAN),
    NearMiss("a smaller bound", left=LETTERS.exponent - 2),
)

SLOPE_LOWER = bound(
    "curvature-slope-lower",
    r"The slope is at least $\theta - 2$",
    SLOPE_IN_MOMENTS,
    LETTERS.exponent - 2,
    combine(Use(S_AT_MOST_ONE, times=2 / R[2])),
    NearMiss("a larger bound", right=LETTERS.exponent),
)


def spread(mean: sp.Expr, square: sp.Expr) -> sp.Expr:
    """24⟨s⟩(⟨s²⟩/⟨s⟩ - t)² with t = 3(1 + 2⟨s⟩)/8: zero for the worst data of the same mean."""
    return 24 * (square - sp.Rational(3, 8) * mean * (1 + 2 * mean)) ** 2 / mean


def margin(mean: sp.Expr) -> tuple[sp.Expr, ...]:
    """The terms of 1 - (11 mean + 12 mean² - 20 mean³)/8 besides (1 - mean)/24; none is negative."""
    cubic = sp.Rational(5, 2) * (mean - sp.Rational(2, 3)) ** 2 * (mean + sp.Rational(11, 15))
    return cubic, sp.Rational(31, 216)


def two_features(first: sp.Expr, second: sp.Expr) -> Domain:
    """Data with these two eigenvalues, weights 5/21 and 16/21 in ⟨·⟩, and λ = ρ = 1."""
    weight = sp.KroneckerDelta(j, 1) * sp.Rational(5, 21) + sp.KroneckerDelta(j, 2) * sp.Rational(16, 21)
    eigenvalue = sp.KroneckerDelta(j, 1) * first + sp.KroneckerDelta(j, 2) * second
    return Domain(
        define=(
            (a[j], eigenvalue),
            (v[j], sp.sqrt(weight) * (1 + a[j])),
            (lam, sp.S.One),
            (rho, sp.S.One),
            (n, sp.Integer(2)),
        )
    )


def third(
    name: str,
    title: str,
    left: sp.Expr,
    right: sp.Expr,
    given: tuple[Any, ...],
    proof: Any,
    worst: Domain,
    miss: NearMiss,
) -> Statement:
    """One bound on the third derivative."""
    return Statement(
        id=name,
        title=title,
        relation=Relation.AT_LEAST,
        left=left,
        right=right,
        given=given,
        conditions=ANY_DATA,
        reference="moments of a distribution on $[0, 1]$",
        proof=proof,
        domains=(MOMENTS, replace(worst, define=(*worst.define, *MOMENTS.define))),
        near_misses=(miss,),
    )


CUBES_AT_LEAST = at_least(R[3] * R[5], R[4] ** 2)
REST, SQUARE_OF_REST = (R[2] - lam * R[3]) / R[2], 1 - 2 * MEAN + SQUARE
S_LESS_THAN_ONE = greater(R[2], lam * R[3])
RESTS_AT_LEAST = at_least(*cubes_of_rest(*(R[order] for order in (2, 3, 4, 5))))

THIRD_UPPER = third(
    "third-derivative-bound",
    "The third derivative is at most 1",
    sp.Integer(1),
    THIRD_IN_MOMENTS,
    (S_AT_MOST_ONE, CUBES_AT_LEAST),
    combine(
        Use(CUBES_AT_LEAST, times=24 * lam**3 / (R[2] * R[3])),
        Use(S_AT_MOST_ONE, times=1 / (24 * R[2])),
        plus=(spread(MEAN, SQUARE), *margin(MEAN)),
    ),
    two_features(sp.Integer(10**6), sp.Rational(1, 7)),
    NearMiss("a bound of 4/5", left=sp.Rational(4, 5)),
)

THIRD_LOWER = third(
    "third-derivative-bound-lower",
    "The third derivative is at least $-1$",
    THIRD_IN_MOMENTS,
    sp.Integer(-1),
    (S_LESS_THAN_ONE, RESTS_AT_LEAST),
    combine(
        Use(RESTS_AT_LEAST, times=24 / (R[2] * (R[2] - lam * R[3]))),
        plus=(spread(REST, SQUARE_OF_REST), *margin(REST), MEAN / 24),
    ),
    two_features(sp.Integer(0), sp.Integer(7)),
    NearMiss("a bound of -4/5", right=sp.Rational(-4, 5)),
)


def draw_march(axes: Any) -> None:
    """H - ln τ of the example with four roots, and the parabolas that bound it from two points."""
    import numpy as np

    from ..minima.bad_nontrivial_minimum import PHI, TAU

    excess = sp.log(PHI) - sp.log(TAU)
    u = np.linspace(-2, 12, 500)
    values = sp.lambdify(lam, excess, "numpy")
    slope = sp.lambdify(lam, lam * sp.diff(excess, lam), "numpy")
    axes.plot(u, values(np.exp(u)), color="black", label=r"$H(u) - \ln\tau$")
    for start in (-1.0, 3.5, 7.5):
        step = np.linspace(-1.5, 1.5, 100)
        line = values(np.exp(start)) + slope(np.exp(start)) * step
        axes.fill_between(start + step, line - step**2 / 4, line + step**2 / 2, alpha=0.3)
    axes.axhline(0, linewidth=0.5, color="black")
    axes.set_xlabel(r"$u = \ln\lambda$")
    axes.legend()


# -- the bounds for data -----------------------------------------------------------------------------------

#: R_2 > 0 and R_2 > λR_3: v is not 0, and has a component in the range of A.
top = sp.Symbol("a_max", positive=True)
NOT_ZERO, SIGNAL = greater(moment(2), 0), greater(sp.Sum(a[j] * v[j] ** 2, EACH), 0)
AT_MOST = at_least(top, a[j], EACH)
_bracket, _top = rho * a[j] + lam, rho * top + lam

STRICT = Statement(
    id="curvature-moments-strict",
    title="The mean of $s$ is less than 1",
    relation=Relation.GREATER,
    left=moment(2),
    right=lam * moment(3),
    given=(SIGNAL, AT_MOST),
    reference=r"$\rho a_j > 0$ for some $j$ with $v_j \ne 0$",
    proof=combine(
        Use(SIGNAL, times=rho / _top**3),
        Use(
            AT_MOST,
            times=rho**2
            * a[j]
            * v[j] ** 2
            * (_top**2 + _top * _bracket + _bracket**2)
            / (_top * _bracket) ** 3,
            over=(EACH,),
        ),
    ),
    domains=(Domain(ranges=((a[j], (0, top)),)),),
    near_misses=(NearMiss("no signal", given=(AT_MOST,), domains=(Domain(define=((a[j], 0 * j),)),)),),
    prose=(
        r"All bounds for given data: the facts that they assume hold for the moments $\sum_j "
        r"v_j^2/(\rho a_j + \lambda)^k$ of the data."
    ),
)

_FACT_OF = {
    S_AT_MOST_ONE: MEANS_FALL,
    SQUARES_AT_MOST: SQUARES_FALL,
    VARIANCE_NOT_NEGATIVE: VARIANCE,
    CUBES_AT_LEAST: CUBES,
    RESTS_AT_LEAST: CUBES_OF_REST,
    S_LESS_THAN_ONE: STRICT,
}


def of_data(expression: Any) -> Any:
    """R_k as the moments of the data."""
    return sp.sympify(expression).replace(
        lambda node: isinstance(node, sp.Indexed) and node.base == R, lambda node: moment(node.indices[0])
    )


def for_data(general: Statement, known: Mapping[str, Statement], *given: Any) -> Statement:
    """A bound on moments as one for data: the facts are proved, not assumed.

    ``known`` has the bounds for data that it uses, by the id of the general one.
    """
    uses = (
        Use(
            known[use.fact.id] if isinstance(use.fact, Statement) else _FACT_OF[use.fact],
            of_data(use.times),
        )
        for use in general.proof.uses
    )
    (miss,) = general.near_misses
    sides = {
        name: of_data(getattr(miss, name)) for name in ("left", "right") if getattr(miss, name) is not None
    }
    return replace(
        general,
        id=f"{general.id}-data",
        title=f"{general.title}, for data",
        left=of_data(general.left),
        right=of_data(general.right),
        given=given,
        conditions=(),
        proof=combine(*uses, plus=tuple(map(of_data, general.proof.plus))),
        domains=tuple(
            replace(domain, define=tuple(pair for pair in domain.define if pair not in MOMENTS.define))
            for domain in general.domains
        ),
        near_misses=(replace(miss, **sides),),
    )


def _all_for_data() -> Iterator[Statement]:
    found: dict[str, Statement] = {}
    for general in (
        POINTWISE_UPPER,
        POINTWISE_LOWER,
        CURVATURE_UPPER,
        CURVATURE_LOWER,
        SLOPE_UPPER,
        SLOPE_LOWER,
    ):
        found[general.id] = for_data(general, found, NOT_ZERO)
    yield from found.values()
    yield for_data(THIRD_UPPER, {}, NOT_ZERO, greater(moment(3), 0))
    yield for_data(THIRD_LOWER, {}, NOT_ZERO, greater(STRICT.left, STRICT.right))


FOR_DATA = tuple(_all_for_data())

# -- a step in words -------------------------------------------------------------------------------------

ONE_EVALUATION = Step(
    id="curvature-parabolas",
    title="One evaluation bounds $H$ on both sides by parabolas",
    text=(
        r"$H(u+h) - H(u) - h H'(u)$ is $h^2/2$ times a value of $H''$, so it lies between $-h^2/4$ and "
        r"$h^2/2$. Where the parabolas around one evaluation miss $\ln \tau$ there is no root."
    ),
    theorem="Taylor's theorem with Lagrange's remainder",
    reference="Rudin, Principles of Mathematical Analysis, theorem 5.15",
    rests_on=(SLOPE_IS, CURVATURE_IS, *FOR_DATA[2:4]),
    conditions=("$v \\ne 0$",),
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
        THIRD_IS,
        VARIANCE,
        MEANS_FALL,
        SQUARES_FALL,
        POINTWISE_UPPER,
        POINTWISE_LOWER,
        CURVATURE_UPPER,
        CURVATURE_LOWER,
        SLOPE_UPPER,
        SLOPE_LOWER,
        CUBES,
        CUBES_OF_REST,
        THIRD_UPPER,
        THIRD_LOWER,
        STRICT,
        *FOR_DATA,
    ),
    steps=(ONE_EVALUATION,),
    figures=(
        (
            "One evaluation bounds $H$ on both sides: where the shaded region misses the axis "
            "there is no root.",
            draw_march,
        ),
    ),
)
