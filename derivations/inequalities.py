"""Named inequalities, proved from one axiom: the logarithm lies below its tangent at 1.

Statements that derivations use as facts.  Families are sums over an index, so that dimension and depth
stay symbolic.
"""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements.claim import Claim, Relation, at_least, equal
from symderive.statements.proof import AXIOM, HYPOTHESIS, BothWays, Induct, Use, combine
from symderive.statements.statement import Domain, NearMiss, Statement

D, j, k, n, t = sy.D, sy.j, sy.k, sy.n, sy.t
s, x, y = (sp.Symbol(name, positive=True) for name in "sxy")
X, Y = (sp.IndexedBase(name, real=True) for name in "XY")
P = sp.IndexedBase("P", positive=True)
FOR_EACH = (j, 1, n)

LOGARITHM = Statement(
    id="logarithm",
    title="The logarithm lies below its tangent at 1",
    relation=Relation.AT_LEAST,
    left=t - 1,
    right=sp.log(t),
    reference="concavity of the logarithm",
    proof=AXIOM,
    near_misses=(NearMiss("a shifted tangent", left=t - sp.Rational(5, 4)),),
)

CAUCHY_SCHWARZ = Statement(
    id="cauchy-schwarz",
    title="The Cauchy–Schwarz inequality",
    relation=Relation.AT_LEAST,
    left=sp.Sum(X[j] ** 2, FOR_EACH) * sp.Sum(Y[j] ** 2, FOR_EACH),
    right=sp.Sum(X[j] * Y[j], FOR_EACH) ** 2,
    reference="Cauchy–Schwarz; the proof is Lagrange's identity",
    proof=combine(plus=sp.Sum((X[j] * Y[k] - X[k] * Y[j]) ** 2, FOR_EACH, (k, 1, n)) / 2),
    near_misses=(NearMiss("twice the right side", right=2 * sp.Sum(X[j] * Y[j], FOR_EACH) ** 2),),
)

_mean = (x * sp.Product(P[j], FOR_EACH)) ** (1 / (n + 1))

AM_GM = Statement(
    id="am-gm",
    title="The arithmetic mean of n + 1 positive numbers is at least their geometric mean",
    relation=Relation.AT_LEAST,
    left=x + sp.Sum(P[j], FOR_EACH),
    right=(n + 1) * _mean,
    reference="AM–GM; Pólya's proof",
    proof=combine(
        Use(LOGARITHM, times=_mean, where={t: x / _mean}),
        Use(LOGARITHM, times=_mean, where={t: P[j] / _mean}, over=(FOR_EACH,)),
    ),
    near_misses=(NearMiss("one more term on the right", right=(n + 2) * _mean),),
)

POWER = Statement(
    id="power-monotone",
    title="Positive powers preserve order",
    relation=Relation.AT_LEAST,
    left=x**s,
    right=y**s,
    given=(at_least(x, y),),
    reference="monotonicity of powers",
    proof=combine(
        Use(LOGARITHM, times=y**s, where={t: (x / y) ** s}),
        Use(LOGARITHM, times=s * y**s, where={t: y / x}),
        plus=s * y**s * (x - y) / x,
    ),
    near_misses=(NearMiss("no order is given", given=()),),
)


def _ordered(left: sp.Expr, right: sp.Expr, premise: Claim) -> Use:
    """left ≥ right for positive numbers whose powers are equal."""
    order = combine(Use(premise, times=1 if left == x else -1))
    return Use(POWER, where={x: left**s, y: right**s, s: 1 / s}, given=(order,))


_SAME_POWER = equal(x**s, y**s)

SAME_POWER = Statement(
    id="power-injective",
    title="Positive numbers with equal powers are equal",
    left=x,
    right=y,
    given=(_SAME_POWER,),
    reference="monotonicity of powers",
    proof=BothWays(
        combine(_ordered(x, y, _SAME_POWER)),
        combine(_ordered(y, x, _SAME_POWER)),
    ),
    domains=(Domain(define=((y, x),)),),
    near_misses=(NearMiss("the powers are not equal", given=(), domains=(Domain(),)),),
)

_SAME_FACTORS = equal(X[j], Y[j], (j, 1, D))
_NEXT = {j: D + 1}

EQUAL_PRODUCTS = Statement(
    id="equal-products",
    title="Products of equal factors are equal",
    left=sp.Product(X[j], (j, 1, D)),
    right=sp.Product(Y[j], (j, 1, D)),
    given=(_SAME_FACTORS,),
    reference="induction on the number of factors",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(HYPOTHESIS, times=X[D + 1]),
            Use(equal(X[j], Y[j], (j, 1, D + 1)), times=sp.Product(Y[j], (j, 1, D)), where=_NEXT),
        ),
    ),
    domains=(Domain(define=((Y[j], X[j]),)),),
    near_misses=(NearMiss("the factors differ", given=(), domains=(Domain(),)),),
)

ALL = (LOGARITHM, CAUCHY_SCHWARZ, AM_GM, POWER, SAME_POWER, EQUAL_PRODUCTS)
