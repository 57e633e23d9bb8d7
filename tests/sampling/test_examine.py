"""The independent test: false statements that fail at a boundary, and true ones beside them."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.sampling.examine import examine
from symderive.sampling.search import Outcome
from symderive.statements import (
    Recursion,
    Relation,
    RootCount,
    Statement,
    at_least,
    different,
    equal,
    greater,
    mean,
    semidefinite,
    z,
)

c, i, j, k, n, D = sy.c, sy.i, sy.j, sy.k, sy.n, sy.D
delta = sp.KroneckerDelta
u, v, w = sp.symbols("u v w", real=True)
a, b = sp.symbols("a b", nonnegative=True)
p, q, x = sp.symbols("p q x", positive=True)
N = sp.Symbol("N", integer=True, nonnegative=True)
X, Y, M = (sp.IndexedBase(name, real=True) for name in "XYM")
P = sp.IndexedBase("P", positive=True)
A = sp.IndexedBase("S", nonnegative=True)
EACH, OTHER, FIRST = (j, 1, n), (k, 1, n), (j, 1, N)
GE, GT, NE, PSD = Relation.AT_LEAST, Relation.GREATER, Relation.DIFFERENT, Relation.MATRIX_AT_LEAST
TO, IFF, COUNT = Relation.LIMIT, Relation.EQUIVALENT, Relation.COUNT


def says(left: Any, right: Any, relation: Relation = Relation.EQUAL, **fields: Any) -> Statement:
    return Statement(id="s", title="", left=left, right=right, relation=relation, reference="", **fields)


def seen(statement: Statement, **options: Any) -> Outcome:
    return examine(statement, **({"digits": 30, "seed": 0} | options))


def limit(expression: Any, variable: Any, place: Any, direction: str = "+") -> sp.Limit:
    return sp.Limit(expression, variable, place, direction)


def sum_of(term: Any, *limits: Any) -> sp.Sum:
    return sp.Sum(term, *limits)


#: (what is seen only at a boundary, the false statement, a true one beside it)
PAIRS: dict[str, tuple[Statement, Statement]] = {
    "a letter at 0": (says(c, 0, GT), says(c, 0, GE)),
    "a quotient at 0": (says(a / (a + b), 1 - b / (a + b)), says(p / (p + b), 1 - b / (p + b))),
    "a real letter at 0": (says(u**2, 0, GT), says(u**2 + p, 0, GT)),
    "a letter at 1": (says(u, 1, NE), says(u, 1, NE, given=(different(u, 1),))),
    "undefined at one point": (
        says((u**2 - 1) / (u - 1), u + 1),
        says((u**2 - 1) / (u - 1), u + 1, given=(different(u, 1),)),
    ),
    "a letter at a number that only the claim has": (
        says(u, sp.Rational(17, 3), NE),
        says(u, sp.Rational(17, 3), NE, given=(greater(u, 6),)),
    ),
    "a whole letter at such a number": (says(n, 7, NE), says(n, 7, NE, given=(at_least(6, n),))),
    "undefined at such a number": (
        says((u**2 - 4) / (u + 2), u - 2),
        says((u**2 - 4) / (u + 2), u - 2, given=(different(u, -2),)),
    ),
    "a logarithm at such a number": (
        says(sp.log((u - 5) ** 2), sp.log((5 - u) ** 2)),
        says(sp.log((u - 5) ** 2), sp.log((5 - u) ** 2), given=(different(u, 5),)),
    ),
    "undefined where two letters are equal": (
        says((u**2 - v**2) / (u - v), u + v),
        says((u**2 - v**2) / (u - v), u + v, given=(greater(u, v),)),
    ),
    "a logarithm at 0": (says(sp.log(a), sp.log(a)), says(sp.log(a + p), sp.log(a + p))),
    "a root of a negative number": (
        says(sp.sqrt(u) ** 3, u * sp.sqrt(u)),
        says(sp.sqrt(u) ** 3, u * sp.sqrt(u), given=(at_least(u, 0),)),
    ),
    "a power 0 of a delta": (
        says(sum_of(delta(j, k) ** N * X[j], EACH), X[k], over=(OTHER,)),
        says(sum_of(delta(j, k) ** n * X[j], EACH), X[k], over=(OTHER,)),
    ),
    "0 to the power 0 of a real exponent": (
        says(a**b, 0, GT, given=(greater(a + b, 0),)),
        says((a + p) ** b, 0, GT),
    ),
    "an empty sum": (says(sum_of(P[j], FIRST), 0, GT), says(sum_of(P[j], EACH), 0, GT)),
    "an empty product": (
        says(sp.Product(A[j], FIRST), A[1] * sp.Product(A[j], (j, 2, N))),
        says(sp.Product(A[j], EACH), A[1] * sp.Product(A[j], (j, 2, n))),
    ),
    "a range of one element": (
        says(sum_of(P[j], EACH), P[1], GT),
        says(sum_of(P[j], EACH), P[1], GT, given=(at_least(n, 2),)),
    ),
    "a long range": (says(3 - n, 0, GE), says(3 - n, 0, GE, given=(at_least(3, n),))),
    "a hypothesis over an empty range": (
        says(3 - n, 0, GE, given=(at_least(3, n, (j, n, 3)),)),
        says(3 - n, 0, GE, given=(at_least(3, n, (j, 1, 3)),)),
    ),
    "an index that starts at 0": (says(j, 0, GT, over=((j, 0, n),)), says(j, 0, GT, over=(EACH,))),
    "a hypothesis that is an identity": (
        says(3 - n, 0, GE, given=(at_least((j - 1) * (j - 2), 0, (j, 1, 3)),)),
        says(3 - n, 0, GE, given=(equal((n - 1) * (n - 2), 0),)),
    ),
    "equal letters": (says(u**2 + v**2, 2 * u * v, GT), says(u**2 + v**2, 2 * u * v, GE)),
    "constant families": (
        says(n * sum_of(X[j] ** 2, EACH), sum_of(X[j], EACH) ** 2, GT),
        says(n * sum_of(X[j] ** 2, EACH), sum_of(X[j], EACH) ** 2, GE),
    ),
    "a hypothesis met with equality": (
        says(u, v, GT, given=(at_least(u, v),)),
        says(u, v, GT, given=(greater(u, v),)),
    ),
    "two hypotheses met with equality": (
        says(u - w, 0, GT, given=(at_least(u, v), at_least(v, w))),
        says(u - w, 0, GT, given=(at_least(u, v), greater(v, w))),
    ),
    "a tiny letter": (says(100_000 * p, 1, GE), says(100_000 * p + 1, 1, GE)),
    "a huge letter": (says(10**5, p, GE), says(10**5 + p, p, GE)),
    "a tiny difference of huge numbers": (
        says(p**3 + q / 10**12, p**3 + q / 10**12 + q**2 / 10**30),
        says(p**3 + q / 10**12, q / 10**12 + p**3),
    ),
    "a negative letter": (
        says(u**3, u**2 - 1, GE, given=(at_least(u**2, u),)),
        says(u**4, 2 * u**2 - 1, GE),
    ),
    "a product of negative letters": (
        says(u * v * w, 0, GE),
        says(u**2 * v**2 * w, 0, GE, given=(at_least(w, 0),)),
    ),
    "the slack of a strict bound": (
        says(u**2, u, GE, given=(greater(u, sp.Rational(999, 1000)),)),
        says(u**2, u, GE, given=(at_least(u, 1),)),
    ),
    "a limit at 0 where a letter is 0": (
        says(limit(c / (c + x), x, 0), 1, TO),
        says(limit(p / (p + x), x, 0), 1, TO),
    ),
    "an eigenvalue 0 on the right of a limit": (
        says(limit(sum_of(X[j] ** 2 / (A[j] + x), EACH), x, 0), sum_of(X[j] ** 2 / A[j], EACH), TO),
        says(limit(sum_of(X[j] ** 2 / (P[j] + x), EACH), x, 0), sum_of(X[j] ** 2 / P[j], EACH), TO),
    ),
    "an undefined right side of a limit": (
        says(limit((u + 1) * x / (x + 1), x, sp.oo), (u**2 - 1) / (u - 1), TO),
        says(limit((u + 1) * x / (x + 1), x, sp.oo), u + 1, TO),
    ),
    "the other side of a limit": (
        says(limit(sp.sqrt(x), x, 0, "-"), 0, TO),
        says(limit(sp.sqrt(x), x, 0), 0, TO),
    ),
    "a limit from the left": (
        says(limit(1 / x, x, 0, "-"), sp.oo, TO),
        says(limit(1 / x, x, 0, "-"), -sp.oo, TO),
    ),
    "a limit with an exponent 0": (
        says(limit(x**a, x, sp.oo), sp.oo, TO),
        says(limit(x**p, x, sp.oo), sp.oo, TO),
    ),
    "a derivative at a kink": (
        says(sp.Derivative(sp.Max(u, 0), u), 0, GE),
        says(sp.Derivative(sp.Max(u, 0), u), 0, GE, given=(different(u, 0),)),
    ),
    "a derivative of a root at 0": (
        says(sp.Derivative(a ** sp.Rational(3, 2), a, 2), 3 / (4 * sp.sqrt(a))),
        says(sp.Derivative(p ** sp.Rational(3, 2), p, 2), 3 / (4 * sp.sqrt(p))),
    ),
    "the test vector as a letter": (
        says(z[j] * z[k] - delta(j, k) * sum_of(z[i] ** 2, (i, 1, n)) / 2, 0, PSD, over=(EACH, OTHER)),
        says(z[j] * z[k], 0, PSD, over=(EACH, OTHER)),
    ),
    "a matrix of two rows": (
        says(X[j] * X[k] - delta(j, k) * X[j] ** 2 / 3, 0, PSD, over=(EACH, OTHER)),
        says(X[j] * X[k] + delta(j, k) * X[j] ** 2, 0, PSD, over=(EACH, OTHER)),
    ),
    "a semidefinite hypothesis with zeros": (
        says(M[1, 1], 0, GT, given=(semidefinite(M[j, k], EACH, OTHER),)),
        says(M[1, 1], 0, GE, given=(semidefinite(M[j, k], EACH, OTHER),)),
    ),
    "a lost branch": (
        says(sp.Eq(u * v, u, evaluate=False), sp.Eq(v, 1, evaluate=False), IFF),
        says(sp.Eq(u * v, u, evaluate=False), sp.Eq(v, 1, evaluate=False), IFF, given=(different(u, 0),)),
    ),
    "roots of the zero polynomial": (
        says(RootCount(sp.Integer(0), u, 0, 1), -2, COUNT),
        says(RootCount(u, u, -1, 1), 1, COUNT),
    ),
    "roots in a reversed interval": (
        says(RootCount(u**2 - 2, u, 2, -2), 2, COUNT),
        says(RootCount(u**2 - 2, u, -2, 2), 2, COUNT),
    ),
    "a root at an end": (
        says(RootCount(u * (u - 1), u, 0, 2), 2, COUNT),
        says(RootCount(u * (u - 1), u, 0, 2), 1, COUNT),
    ),
    "noise without deviation": (
        says(mean(sy.epsilon[1, 1] ** 2), 1, GT),
        says(mean(sy.epsilon[1, 1] ** 2), 1, GE),
    ),
    "no data": (says(mean(sy.y**2), 0, GT), says(mean(sy.y**2), 0, GE)),
    "a divergent series": (
        says(sum_of(q**N, (N, 0, sp.oo)), 1 / (1 - q), given=(different(q, 1),)),
        says(sum_of(q**N, (N, 0, sp.oo)), 1 / (1 - q), given=(greater(sp.Rational(9, 10), q),)),
    ),
    "a recursion that a derivative sees": (
        says(sp.Derivative(M[D], w), 0, definitions=(Recursion(M, (i,), w, M[i - 1] * w),)),
        says(sp.Derivative(M[D], w), (D + 1) * w**D, definitions=(Recursion(M, (i,), w, M[i - 1] * w),)),
    ),
    "an index that is captured": (
        says(sum_of(P[j] ** sum_of(Y[j, k], OTHER), EACH), sum_of(P[j] ** sum_of(Y[k, k], OTHER), EACH)),
        says(sum_of(P[j] ** sum_of(Y[j, k], OTHER), EACH), sum_of(P[k] ** sum_of(Y[k, j], EACH), OTHER)),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_fails_at_a_boundary_is_refuted(name: str) -> None:
    false, true = PAIRS[name]
    assert seen(false).counterexample is not None, seen(false)
    outcome = seen(true)
    assert outcome.counterexample is None, str(outcome.counterexample)
    assert (outcome.points > 0, outcome.problem) == (True, ""), outcome
    assert outcome.boundary > 0


def test_there_are_many_of_them() -> None:
    assert len(PAIRS) >= 40


@pytest.mark.parametrize(
    ("polynomial", "reason"),
    [
        (sp.sin(sy.lam), "no polynomial"),
        ((sy.lam + 1) ** 1000, "degree"),
        (sy.lam**70 - 2 * (10**50 * sy.lam - 1) ** 2, "budget"),
    ],
)
def test_roots_that_cannot_be_counted_are_left_undecided(polynomial: Any, reason: str) -> None:
    outcome = examine(
        Statement(
            id="roots",
            title="",
            reference="",
            left=RootCount(polynomial, sy.lam, -1, 1),
            right=2,
            relation=Relation.COUNT,
        ),
        digits=50,
        seed=0,
    )
    assert reason in outcome.problem


def test_what_is_nested_too_deeply_is_left_undecided() -> None:
    deep = sy.lam
    for _ in range(3000):
        deep = sp.Add(sp.Pow(deep, 2, evaluate=False), 1, evaluate=False)
    outcome = examine(
        Statement(id="deep", title="", reference="", left=deep, right=deep), digits=50, seed=0
    )
    assert "nested" in outcome.problem


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (sy.epsilon[1, 1, 1] * sy.epsilon[1, 1, 2], "epsilon has 2 indices"),
        (sy.epsilon[1], "epsilon has 2 indices"),
        (sy.x[1, 2], "x has 1 indices"),
    ],
)
def test_random_variables_have_the_indices_of_the_model(body: Any, name: str) -> None:
    assert name in seen(says(mean(body), 1)).problem
    assert seen(says(mean(sy.epsilon[1, 1] * sy.epsilon[1, 2]), 1)).problem == ""


def test_entries_of_the_data_are_told_by_their_sample() -> None:
    found = seen(says(mean(sy.x[1]), 1)).counterexample
    assert found is not None
    assert {name for name, _ in found.values} == {"x[1] of sample 1", "x[1] of sample 2"}
