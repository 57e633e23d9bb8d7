"""What fuzzing found: each false statement is refused, and a neighbor of it that is true is accepted."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from oracles.small_values import search

from symderive import symbols as sy
from symderive.proofs.replay import ProofError, check
from symderive.statements import Statement
from symderive.statements.claim import Claim, Recursion, Relation, at_least, greater
from symderive.statements.nodes import RootCount, mean
from symderive.statements.proof import (
    HYPOTHESIS,
    BothWays,
    CountRoots,
    Induct,
    PowerSeries,
    Use,
    combine,
)

x, y = sp.symbols("x y", real=True)
p, q = sp.symbols("p q", positive=True)
n, m, D = sp.symbols("n m D", integer=True, positive=True)
c, j, k = sp.symbols("c j k", integer=True)
order = sp.Symbol("k", integer=True, nonnegative=True)
X, H = (sp.IndexedBase(name, real=True) for name in "XH")
Y = sp.IndexedBase("Y", nonnegative=True)


def statement(
    left: Any, right: Any, proof: Any, relation: Relation = Relation.EQUAL, **more: Any
) -> Statement:
    return Statement(
        id="finding", title="", reference="", left=left, right=right, proof=proof, relation=relation, **more
    )


def vanishing(base: Any, part: Any, rest: Any) -> Statement:
    """base^{n-1} part - base^n y + rest = 0, for n ≥ 2."""
    left = base ** (n - 1) * part - base**n * y + rest
    return statement(left, 0, combine(), given=(at_least(n, 2),))


def doubled(variable: Any, other: Any = None) -> Statement:
    """H_D = 2^D by induction from 0."""
    recursion = Recursion(H, (j,), sp.Integer(1), 2 * H[j - 1])
    right = 2 ** (variable if other is None else other)
    step = combine(Use(HYPOTHESIS, times=2))
    return statement(H[variable], right, Induct(variable, combine(), step), definitions=(recursion,))


def signs(rest: Any, family: Any) -> Statement:
    """X_k ≥ 0 ⇔ X_k + Σ_j family_j ≥ 0 where no member of the family is positive."""
    known = at_least(-family[j], 0, (j, 1, n))
    more = X[k] + rest
    return statement(
        sp.Ge(X[k], 0, evaluate=False),
        sp.Ge(more, 0, evaluate=False),
        BothWays(
            combine(Use(at_least(X[k], 0)), plus=rest),
            combine(Use(at_least(more, 0)), Use(known, over=((j, 1, n),))),
        ),
        Relation.EQUIVALENT,
        over=((k, 1, n),),
        given=(known,),
    )


def series(bound: Any) -> Statement:
    """√((1 - 8q)²)/(1 + q)² = Σ (-1)^k (1 + 9k) q^k where q < bound and q ≠ 1/8: true for q < 1/8."""
    square = 1 - 16 * q + 64 * q**2
    return statement(
        sp.sqrt(square) / (1 + q) ** 2,
        sp.Sum((-1) ** order * (1 + 9 * order) * q**order, (order, 0, sp.oo)),
        PowerSeries((10 - 8 * q, (1 - 8 * q) * (1 + q))),
        given=(greater(bound, q), greater(square, 0)),
    )


def moment(left: Any) -> Statement:
    """That the second moment of x_1 is not negative, with a proof that speaks of means."""
    square = mean(sy.x[1] ** 2)
    sign = statement(square, 0, combine(plus=square), Relation.AT_LEAST)
    value = statement(square, sy.A_entry[1, 1], combine())
    if left == square:
        return statement(left, 0, combine(Use(sign)), Relation.AT_LEAST)
    return statement(left, 0, combine(Use(sign), Use(value, times=-1)), Relation.AT_LEAST)


def over(end: Any) -> Statement:
    """X_k² ≥ 0 for k from 1 to a number."""
    return statement(X[k] ** 2, 0, combine(plus=X[k] ** 2), Relation.AT_LEAST, over=((k, 1, end),))


delta = sp.KroneckerDelta(c, m)

FINDINGS = {
    "a factor that may be 0, beside a delta": (
        vanishing(1 - delta, y - y * delta, x * delta),
        vanishing(1 + delta, y + y * delta, 0),
    ),
    "a hypothesis at one index, taken for all": (
        signs(sp.Sum(X[j], (j, 1, n)), X),
        signs(sp.Sum(Y[j], (j, 1, n)), Y),
    ),
    "a series beyond a point where the function is not smooth": (
        series(sp.Integer(1)),
        series(sp.Rational(1, 9)),
    ),
    "an induction over negative numbers": (doubled(sp.Symbol("D", integer=True)), doubled(D)),
    "an induction over real numbers": (
        doubled(sp.Symbol("D", real=True)),
        doubled(sp.Symbol("D", integer=True, nonnegative=True)),
    ),
    "an induction over one of two symbols of a name": (
        doubled(D, sp.Symbol("D", integer=True, nonnegative=True)),
        doubled(D),
    ),
    "a moment where no mean is spoken of": (moment(sy.A_entry[1, 1]), moment(mean(sy.x[1] ** 2))),
    "a range to a number that is not whole": (over(p), over(n)),
    "roots in a number": (
        statement(RootCount(1, 1, -1, 1), 1, CountRoots(), Relation.COUNT),
        statement(RootCount(x, x, -1, 1), 1, CountRoots(), Relation.COUNT),
    ),
    "a derivative by an element at no whole number": (
        statement(sp.Derivative(y, X[y]), 0, combine()),
        statement(sp.Derivative(y, X[n]), 0, combine()),
    ),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_what_fuzzing_found_is_refused(name: str) -> None:
    false, true = FINDINGS[name]
    with pytest.raises(ProofError):
        check(false)
    check(true)


def test_small_values_refute_what_is_false() -> None:
    for name in ("a factor that may be 0, beside a delta", "a hypothesis at one index, taken for all"):
        false, true = FINDINGS[name]
        assert search(false, 0, 200)[1].endswith(": false")
        held, found = search(true, 0, 200)
        assert held > 20
        assert not found


#: Records that make no sense, for which a checker has to say so.
NONSENSE = {
    "roots of what is no polynomial": statement(
        RootCount(x**2 + sp.sqrt(5) * sp.sqrt(-x), x, 0, 1), 0, CountRoots(), Relation.COUNT
    ),
    "roots that equal a number": statement(RootCount(x, x, 0, 1), 0, combine()),
    "a matrix without indices": statement(
        x,
        0,
        combine(Use(Claim(Relation.MATRIX_AT_LEAST, x, 0))),
        Relation.MATRIX_AT_LEAST,
        given=(Claim(Relation.MATRIX_AT_LEAST, x, 0),),
    ),
    "a range without an end": statement(x, x, combine(), over=((j, 1),)),
    "values for nothing": statement(x, x, combine(Use(doubled(D), where=((D,),)))),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_in_words(name: str) -> None:
    with pytest.raises(ProofError):
        check(NONSENSE[name])


def test_a_recursion_starts_at_a_plain_number() -> None:
    recursion = Recursion(H, (j,), 1, 3 * H[j - 1])
    step = combine(Use(HYPOTHESIS, times=3))
    check(statement(H[D], 3**D, Induct(D, combine(), step), definitions=(recursion,)))
