"""Where nontrivial stationary points of isotropic data appear, at every depth."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import isotropic
from symderive.formulas.reduction import with_moments
from symderive.statements import (
    BothWays,
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

from ..inequalities import LOGARITHM, s, x, y
from ..minima.local_minima import NO_MAXIMUM, ROOTS
from ..notation import LETTERS, D, lam, rho
from ..ridge.dual import SECOND_ORDER

V, a, zeta, q, t = sy.v_norm, sy.a0, sy.zeta, sy.q, sy.t

#: Isotropic data at symbolic depth.
ISOTROPIC = isotropic()

#: A second value of ζ.
eta = sp.Symbol("eta", positive=True)

#: t = 2D/(D+1) and t - 1.
EXPONENT, EXCESS = ISOTROPIC.exponent, ISOTROPIC.map_exponent

#: Where ζ/(1+ζ)^t is largest, and how large.
ZETA_SPINODAL, Q_SPINODAL = ISOTROPIC.spinodal.ridge_ratio, ISOTROPIC.spinodal.q

DEEP = at_least(D, 2)
TWO_LAYERS_UP = ((D, (2, 6)),)


def curve(at: Any, exponent: Any = EXPONENT) -> Any:
    """The dimensionless decay at which ζ = ``at`` is stationary."""
    return at * share(at) ** exponent


def of_zeta(formula: Any) -> Any:
    """A formula of the reduction for A = aI, in terms of ζ = λ/(ρa)."""
    moments = with_moments(formula, lambda order: V**2 / (rho * a * (1 + zeta)) ** order)
    return moments.xreplace({lam: rho * a * zeta})


def share(at: Any) -> Any:
    """X = 1/(1 + ζ), what is left of the least-squares map."""
    return sp.factor(1 / (1 + at))


TANGENT = Statement(
    id="spinodal-tangent",
    title="A lower bound on a power",
    relation=Relation.AT_LEAST,
    left=x**s,
    right=1 + s * (1 - 1 / x),
    reference="Bernoulli's inequality",
    proof=combine(Use(LOGARITHM, where={t: x**s}), Use(LOGARITHM, times=s, where={t: 1 / x})),
    near_misses=(NearMiss("the tangent of a concave function", right=1 + s * (x - 1)),),
    prose=(
        r"Let $X = 1/(1+\zeta)$ be what is left of the least-squares map, $m = X v/(\rho a)$, and let $s "
        "= t - 1$. Then $Q = (1-X)X^{s}$, and a bound on powers says all that is needed of it."
    ),
)

CURVE = Statement(
    id="spinodal-curve",
    title="Two values of the curve compared",
    relation=Relation.AT_LEAST,
    left=(1 - y) * y**s,
    right=(1 - x) * x**s + x**s * (x - y) * (1 - s * (1 - y) / y),
    given=(at_least(1, y),),
    reference="the bound on powers",
    proof=combine(Use(TANGENT, times=(1 - y) * x**s, where={x: y / x})),
    domains=(Domain(ranges=((x, (0, 1)), (y, (0, 1)))),),
    near_misses=(
        NearMiss("y exceeds 1", given=(), domains=(Domain(ranges=((y, (1, 4)),)),)),
        NearMiss("a flipped sign", right=(1 - x) * x**s + x**s * (x - y) * (1 + s * (1 - y) / y)),
    ),
    prose=(
        "In this inequality between two values of $Q$ the last term is positive if $y$ lies between $x$ "
        "and $s/(1+s)$, on whichever side."
    ),
)

SPINODAL = Statement(
    id="spinodal",
    title="The curve is nowhere above its value at the spinodal",
    relation=Relation.AT_LEAST,
    left=Q_SPINODAL,
    right=curve(zeta),
    given=(DEEP,),
    reference="two values compared",
    proof=combine(Use(CURVE, where={s: EXCESS, x: share(zeta), y: ISOTROPIC.spinodal.share})),
    domains=(
        Domain(ranges=TWO_LAYERS_UP),
        Domain(ranges=TWO_LAYERS_UP, define=((zeta, ZETA_SPINODAL),)),
    ),
    near_misses=(
        NearMiss("nine tenths of the bound", left=sp.Rational(9, 10) * Q_SPINODAL),
        NearMiss("the decay of the transition", left=ISOTROPIC.transition.q),
    ),
    prose=(
        "At $y = s/(1+s)$ the last term vanishes, so $Q$ is largest at $X = (D-1)/(2D)$, which is "
        r"$\zeta_{\mathrm{sp}} = (D+1)/(D-1)$, where it is $q_{\mathrm{sp}} = (t-1)^{t-1}/t^{t}$."
    ),
)

ATTAINED = Statement(
    id="spinodal-attained",
    title="At the spinodal there is a stationary point",
    left=curve(ZETA_SPINODAL),
    right=Q_SPINODAL,
    given=(DEEP,),
    reference="arithmetic",
    proof=combine(),
    domains=(Domain(ranges=TWO_LAYERS_UP),),
    near_misses=(NearMiss("at the transition", left=curve(ISOTROPIC.transition.ridge_ratio)),),
    prose="The bound is attained.",
)


def _monotone(name: str, title: str, side: Any, order: Any, factors: Any, domain: Domain) -> Statement:
    """Q(η) > Q(ζ) on one side of the maximum; the factors are those of the last term of the inequality."""
    return Statement(
        id=name,
        title=title,
        relation=Relation.GREATER,
        left=curve(eta),
        right=curve(zeta),
        given=(DEEP, side, order),
        reference="two values compared",
        proof=combine(
            Use(CURVE, where={s: EXCESS, x: share(zeta), y: share(eta)}),
            plus=EXCESS * factors / ((1 + eta) * (1 + zeta) ** EXPONENT),
        ),
        domains=(domain,),
        near_misses=(
            NearMiss(
                "on both sides of the maximum", given=(DEEP, order), domains=(Domain(ranges=TWO_LAYERS_UP),)
            ),
        ),
    )


RISES = _monotone(
    "spinodal-rises",
    "Before the spinodal the curve rises",
    greater(ZETA_SPINODAL, eta),
    greater(eta, zeta),
    (ZETA_SPINODAL - eta) * (eta - zeta),
    Domain(ranges=(*TWO_LAYERS_UP, (eta, (0, ZETA_SPINODAL)), (zeta, (0, eta)))),
)

FALLS = _monotone(
    "spinodal-falls",
    "Beyond the spinodal the curve falls",
    greater(eta, ZETA_SPINODAL),
    greater(zeta, eta),
    (eta - ZETA_SPINODAL) * (zeta - eta),
    Domain(ranges=(*TWO_LAYERS_UP, (eta, (ZETA_SPINODAL, 9)), (zeta, (eta, 20)))),
)


def _end(name: str, title: str, end: Any, miss: NearMiss, prose: str = "") -> Statement:
    """Q vanishes at an end of its range."""
    return Statement(
        id=name,
        title=title,
        relation=Relation.LIMIT,
        left=sp.Limit(curve(zeta), zeta, end, "+"),
        right=0,
        given=(DEEP,),
        reference="leading terms",
        proof=LeadingTerms(),
        domains=(Domain(ranges=TWO_LAYERS_UP),),
        near_misses=(miss,),
        prose=prose,
    )


SMALL = _end(
    "spinodal-small-ridge",
    "A small ridge belongs to a small decay",
    sp.Integer(0),
    NearMiss("per ridge", left=sp.Limit(curve(zeta) / zeta, zeta, 0, "+")),
    "The curve starts from 0 and returns to it.",
)

LARGE = _end(
    "spinodal-large-ridge",
    "A large ridge belongs to a small decay",
    sp.oo,
    NearMiss("one hidden layer", given=(), domains=(Domain(define=((D, sp.Integer(1)),)),)),
)

_minimum = sp.Gt(of_zeta(LETTERS.slope), 0, evaluate=False)
_below = sp.Gt(ZETA_SPINODAL, zeta, evaluate=False)
_factor = EXCESS * (D + 1) / (D * (1 + zeta))

KINDS = Statement(
    id="spinodal-kinds",
    title="The slope $H'$ is positive exactly below the spinodal",
    relation=Relation.EQUIVALENT,
    left=_minimum,
    right=_below,
    given=(DEEP,),
    reference="the slope of the scalar equation",
    proof=BothWays(
        combine(Use(greater(*_minimum.args), times=1 / _factor)),
        combine(Use(greater(*_below.args), times=_factor)),
    ),
    domains=(
        Domain(ranges=(*TWO_LAYERS_UP, (zeta, (0, ZETA_SPINODAL)))),
        Domain(ranges=(*TWO_LAYERS_UP, (zeta, (ZETA_SPINODAL, 20)))),
    ),
    near_misses=(NearMiss("above", right=sp.Gt(zeta, ZETA_SPINODAL, evaluate=False)),),
)

_solves = sp.Eq(q, curve(zeta, 1), evaluate=False)
_solution = sp.Eq(zeta, q / (1 - q), evaluate=False)
_small = greater(1, q)

ONE_LAYER = Statement(
    id="spinodal-one-layer",
    title="One hidden layer: one solution",
    relation=Relation.EQUIVALENT,
    left=_solves,
    right=_solution,
    given=(_small,),
    reference="algebra",
    proof=BothWays(
        combine(Use(equal(*_solves.args), times=-(1 + zeta) / (1 - q))),
        combine(Use(equal(*_solution.args), times=-(1 - q) / (1 + zeta))),
    ),
    domains=(
        Domain(ranges=((q, (0, 1)),)),
        Domain(define=((q, curve(zeta, 1)),)),
    ),
    near_misses=(NearMiss("a wrong sign", right=sp.Eq(zeta, q / (1 + q), evaluate=False)),),
    prose=(
        r"At depth 1 the exponent $t$ is 1 and the equation can be solved. The curve $\zeta/(1+\zeta)$ is "
        "less than 1, so that there is no solution beyond."
    ),
)


def draw_curve(axes: Any) -> None:
    """Q(ζ) for several depths, solid up to the spinodal and dashed beyond."""
    import numpy as np

    for number, depth in enumerate((1, 2, 3, 10)):
        top = (depth + 1) / (depth - 1) if depth > 1 else np.inf
        value = sp.lambdify(zeta, curve(zeta).subs(D, depth), "numpy")
        at = np.geomspace(0.02, 200, 800)
        color = f"C{number}"
        stable = at[at <= top]
        axes.plot(stable, value(stable), color=color, label=f"$D = {depth}$")
        axes.plot(at[at >= top], value(at[at >= top]), color=color, linestyle="--")
        if depth > 1:
            axes.plot([top], [value(top)], "o", color=color, markersize=4)
    axes.set_xscale("log")
    axes.set_xlabel(r"$\zeta = \lambda/(\rho a)$")
    axes.set_ylabel(r"$Q(\zeta)$")
    axes.set_ylim(0, 1)
    axes.legend()


# -- depth 1, and the steps in words -----------------------------------------------------------------------

NONE_BEYOND = Statement(
    id="spinodal-one-layer-none",
    title="One hidden layer: no solution beyond 1",
    relation=Relation.GREATER,
    left=1,
    right=curve(zeta, 1),
    reference="algebra",
    proof=combine(plus=1 / (1 + zeta)),
    near_misses=(NearMiss("half of it", left=sp.Rational(1, 2)),),
)

COUNT = Step(
    id="spinodal-count",
    title="Below the spinodal there are two solutions, beyond it none",
    text=(
        "The curve $Q$ is continuous, tends to 0 at both ends, rises strictly up to the spinodal and "
        r"falls strictly beyond it. So it takes every value between 0 and $q_{\mathrm{sp}}$ once on "
        r"either side, $q_{\mathrm{sp}}$ once in all, and no value beyond. Thus for $q < "
        r"q_{\mathrm{sp}}$ there are exactly two nontrivial stationary points, which meet at "
        r"$q_{\mathrm{sp}}$."
    ),
    theorem="the intermediate value theorem",
    reference="Rudin, Principles of Mathematical Analysis, theorem 4.23",
    rests_on=(SPINODAL, ATTAINED, RISES, FALLS, SMALL, LARGE),
    conditions=(r"$D \ge 2$",),
)

WHICH = Step(
    id="spinodal-minimum",
    title="Of two solutions the smaller is a minimum, the larger a saddle",
    text=(
        "The smaller one lies below the spinodal, where $H' > 0$, so that it is a local minimum of "
        "$F$ and of the loss of all weights. The larger one lies beyond it, where $H' < 0$; it is no "
        "local minimum, and the loss has no local maximum."
    ),
    theorem="the second derivative test",
    reference="any course of analysis",
    rests_on=(COUNT, KINDS, SECOND_ORDER, ROOTS, NO_MAXIMUM),
    conditions=(r"$D \ge 2$", r"$q < q_{\mathrm{sp}}$"),
)

DERIVATION = Derivation(
    id="spinodal",
    title="The spinodal",
    prose=(
        r"For isotropic data the scalar equation is $q = Q(\zeta) = \zeta/(1+\zeta)^{t}$ with $t = "
        "2D/(D+1)$, and the number of its solutions can be read off from the one maximum that $Q$ has "
        "at two or more hidden layers."
    ),
    statements=(
        TANGENT,
        CURVE,
        SPINODAL,
        ATTAINED,
        RISES,
        FALLS,
        SMALL,
        LARGE,
        KINDS,
        ONE_LAYER,
        NONE_BEYOND,
    ),
    steps=(
        COUNT,
        WHICH,
    ),
    figures=(
        (
            r"The dimensionless decay $q = Q(\zeta)$ at which $\zeta$ is stationary: minima (solid), "
            "saddles (dashed), and the spinodal (dots). One hidden layer has no spinodal.",
            draw_curve,
        ),
    ),
)
