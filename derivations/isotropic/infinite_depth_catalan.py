"""Isotropic data at infinite depth: the Catalan numbers."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.isotropic import isotropic
from symderive.statements import (
    Derivation,
    Domain,
    LeadingTerms,
    NearMiss,
    PowerSeries,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..inequalities import POWER, SAME_POWER, s, x, y
from ..notation import D
from .isotropic_closed_form import at_root
from .isotropic_equation import ISOTROPIC, V, zeta

q = sy.q
INFINITE = isotropic(depth=sp.oo)
order = sp.Symbol("k", integer=True, nonnegative=True)

EXPONENT = Statement(
    id="infinite-depth-exponent",
    title="The exponent at infinite depth",
    relation=Relation.LIMIT,
    left=sp.Limit(ISOTROPIC.exponent, D, sp.oo),
    right=2,
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("the exponent of one layer", right=1),),
    prose=(
        r"As the depth grows, $\rho$ and $\bar\gamma$ held fixed, the isotropic equation becomes quadratic."
    ),
)

#: ln q, written out.
_scale, _norm = sp.log(ISOTROPIC.scale), sp.log(V)
_log_q = sp.log(sy.gamma_bar) + ISOTROPIC.map_exponent * _scale - ISOTROPIC.exponent * _norm

DECAY = Statement(
    id="infinite-depth-decay",
    title="The dimensionless decay at infinite depth",
    relation=Relation.LIMIT,
    left=sp.Limit(_log_q, D, sp.oo),
    right=sp.log(INFINITE.q),
    conditions=(r"$\rho$ and $\bar\gamma$ do not change with the depth",),
    reference="leading terms",
    proof=LeadingTerms(),
    near_misses=(NearMiss("the norm to the first power", right=sp.log(INFINITE.q * V)),),
    prose=r"Its variable becomes $q = \bar\gamma \rho a/\lVert v\rVert^2$.",
)

ROOT = equal(*INFINITE.equation.args)
_root = sp.sqrt(1 - 4 * q)
BELOW, SMALL, LARGE = greater(sp.Rational(1, 4), q), greater(1, zeta), greater(zeta, 1)


def square_root(value: sp.Expr, factor: sp.Expr) -> Use:
    """√(1 - 4q) = value, because the squares are equal, times ``factor``."""
    squares = combine(Use(ROOT, times=4 / (1 + zeta) ** 2))
    return Use(SAME_POWER, times=factor, where={x: _root, y: value, s: 2}, given=(squares,))


AT_MOST = Statement(
    id="infinite-depth-spinodal",
    title="There is no solution beyond 1/4",
    relation=Relation.AT_LEAST,
    left=sp.Rational(1, 4),
    right=q,
    given=(ROOT,),
    reference="the discriminant",
    proof=combine(Use(ROOT, times=1 / (1 + zeta) ** 2), plus=(1 - zeta) ** 2 / (4 * (1 + zeta) ** 2)),
    domains=(at_root(2),),
    near_misses=(NearMiss("a smaller bound", left=sp.Rational(1, 5)),),
    prose=r"It is solved by $\zeta = 1$ at $q = 1/4$, where its branches meet, and for no larger $q$.",
)

STABLE = Statement(
    id="infinite-depth-stable",
    title="The stable branch at infinite depth",
    left=zeta,
    right=(1 - _root) / (1 + _root),
    given=(ROOT, BELOW, SMALL),
    reference="the quadratic formula",
    proof=combine(square_root((1 - zeta) / (1 + zeta), (1 + zeta) / (1 + _root))),
    domains=(at_root(2, (zeta, (0, sp.Rational(9, 10)))),),
    near_misses=(NearMiss("the other branch", given=(ROOT, BELOW), domains=(at_root(2, (zeta, (2, 9))),)),),
    prose="Below, there are two solutions, and they are reciprocal to each other.",
)

SADDLE = Statement(
    id="infinite-depth-saddle",
    title="The saddle branch at infinite depth",
    left=1 / zeta,
    right=(1 - _root) / (1 + _root),
    given=(ROOT, BELOW, LARGE),
    reference="the quadratic formula",
    proof=combine(square_root((zeta - 1) / (1 + zeta), (1 + zeta) / (zeta * (1 + _root)))),
    domains=(at_root(2, (zeta, (2, 9))),),
    near_misses=(
        NearMiss(
            "the other branch",
            given=(ROOT, BELOW),
            domains=(at_root(2, (zeta, (0, sp.Rational(9, 10)))),),
        ),
    ),
)


def generating(denominator: sp.Expr) -> sp.Sum:
    """Σ C(2k, k) q^k over the denominator, which is k + 1 for the Catalan numbers."""
    return sp.Sum(sp.binomial(2 * order, order) / denominator * q**order, (order, 0, sp.oo))


FEW_TERMS = Domain(ranges=((q, (0, sp.Rational(1, 10))),))

GENERATING = Statement(
    id="catalan-generating-function",
    title="The generating function of the Catalan numbers",
    left=2 / (1 + _root),
    right=generating(order + 1),
    given=(BELOW,),
    reference="Graham, Knuth and Patashnik, Concrete Mathematics, equation 5.68",
    proof=PowerSeries((-2, 2 - 10 * q, q * (1 - 4 * q))),
    domains=(FEW_TERMS,),
    near_misses=(NearMiss("another denominator", right=generating(order + 2)),),
    prose=(
        r"The generating function $f$ of the Catalan numbers $\binom{2k}{k}/(k+1) = 1, 1, 2, 5, 14, \dots$ "
        r"solves $q (1 - 4q) f'' + (2 - 10q) f' = 2f$, as the coefficients do order by order."
    ),
)

CATALAN = Statement(
    id="infinite-depth-catalan",
    title="At infinite depth the coefficients are Catalan numbers",
    left=1 + zeta,
    right=generating(order + 1),
    given=(ROOT, BELOW, SMALL),
    reference="the generating function of the Catalan numbers",
    proof=combine(Use(STABLE), Use(GENERATING)),
    domains=(at_root(2, (zeta, (0, sp.Rational(1, 20)))),),
    near_misses=(
        NearMiss("the other branch", given=(ROOT, BELOW), domains=(at_root(2, (zeta, (20, 40))),)),
    ),
    prose=(
        r"So the stable branch is the generating function less 1. This is the series of finite depth at "
        r"$t = 2$, because $\binom{2k+1}{k}/(2k+1)$ is the Catalan number as well."
    ),
)

# -- deep networks at a fixed decay ------------------------------------------------------------------

_exponent = 2 * D / (D + 1)
SOLVES = equal(zeta, q * (1 + zeta) ** _exponent)
TOO_DEEP = greater((D - 1) * q, 1)

COLLAPSE = Statement(
    id="infinite-depth-collapse",
    title="At any fixed decay deep networks lie beyond the tie",
    relation=Relation.GREATER,
    left=(D - 1) * zeta,
    right=1,
    given=(at_least(D, 2), SOLVES, TOO_DEEP),
    reference="a lower bound on the ridge",
    proof=combine(
        Use(SOLVES, times=D - 1),
        Use(
            POWER,
            times=(D - 1) * q,
            where={x: 1 + zeta, y: 1, s: _exponent},
            given=(combine(plus=zeta),),
        ),
        Use(TOO_DEEP),
    ),
    domains=(
        Domain(
            ranges=((D, (3, 9)), (zeta, (2, 4))),
            define=((q, zeta / (1 + zeta) ** _exponent),),
        ),
    ),
    near_misses=(
        NearMiss(
            "not that deep",
            given=(at_least(D, 2), SOLVES),
            domains=(
                Domain(
                    ranges=((D, (2, 3)), (zeta, (0, sp.Rational(1, 9)))),
                    define=((q, zeta / (1 + zeta) ** _exponent),),
                ),
            ),
        ),
    ),
    prose=(
        r"At depth $D$ a solution is better than the origin only while $(D - 1)\zeta < 1$. Since "
        r"$\zeta \ge q$, at any fixed $q$ all deep networks have their global minimum at the origin."
    ),
)

DERIVATION = Derivation(
    id="infinite-depth-catalan",
    title="Isotropic data: infinite depth",
    prose="The limit of infinite depth is the one that every reader can do by hand.",
    statements=(EXPONENT, DECAY, AT_MOST, STABLE, SADDLE, GENERATING, CATALAN, COLLAPSE),
)
