"""Points, hypotheses, verdicts that are not given, budgets, and what is reported."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.library.load import load
from symderive.paper import assembly
from symderive.proofs.ledger import Ledger
from symderive.proofs.prover import prove
from symderive.report.drawn import drawn
from symderive.report.verdicts import verdict_page
from symderive.sampling.examine import examine
from symderive.sampling.near import refute
from symderive.sampling.search import MANY, Outcome
from symderive.statements import (
    Claim,
    Domain,
    NearMiss,
    Recursion,
    Relation,
    RootCount,
    Statement,
    at_least,
    different,
    equal,
    greater,
    semidefinite,
)
from symderive.verdict import Verdict
from symderive.writers.manifest import manifest
from symderive.writers.report import report

i, j, k, n, D = sy.i, sy.j, sy.k, sy.n, sy.D
u, v, w = sp.symbols("u v w", real=True)
a, b = sp.symbols("a b", nonnegative=True)
p, q, x = sp.symbols("p q x", positive=True)
X, Y, M = (sp.IndexedBase(name, real=True) for name in "XYM")
P = sp.IndexedBase("P", positive=True)
EACH, OTHER = (j, 1, n), (k, 1, n)
GE, GT, TO, IFF = Relation.AT_LEAST, Relation.GREATER, Relation.LIMIT, Relation.EQUIVALENT
HALF = sp.Rational(1, 2)


def says(left: Any, right: Any, relation: Relation = Relation.EQUAL, **fields: Any) -> Statement:
    return Statement(id="s", title="", left=left, right=right, relation=relation, reference="", **fields)


def seen(statement: Statement, **options: Any) -> Outcome:
    return examine(statement, **({"digits": 30, "seed": 0} | options))


def is_true(statement: Statement) -> bool:
    outcome = seen(statement)
    return outcome.counterexample is None and not outcome.problem and outcome.points > 0


def is_false(statement: Statement) -> bool:
    return seen(statement).counterexample is not None


# -- no verdict ----------------------------------------------------------------------------------------


def test_no_point_is_no_agreement() -> None:
    square = says((u + 1) ** 2, u**2 + 2 * u + 1)
    for changes, reason in (
        ({"domains": ()}, "no domain"),
        ({"given": (greater(u, 1), greater(0, u))}, "no point"),
        ({"given": (equal(u**2, -1),)}, "no point"),
        ({"given": (greater(0, p),), "left": p, "right": p}, "no point"),
        ({"over": ((j, 2, 1),)}, "no point"),
    ):
        outcome = seen(replace(square, **changes))
        assert outcome.counterexample is None
        assert reason in outcome.problem, changes
        assert prove(replace(square, **changes)).verdict is Verdict.UNDECIDED
    assert seen(square).problem == ""


def test_a_false_statement_without_domains_is_refuted_all_the_same() -> None:
    assert is_false(says(0, 1, GE, domains=()))


@pytest.mark.parametrize(
    ("letter", "word"),
    [
        (sp.Symbol("N", even=True, positive=True), "even"),
        (sp.Symbol("N", odd=True), "odd"),
        (sp.Symbol("N", prime=True), "prime"),
        (sp.Symbol("N", commutative=False), "noncommutative"),
        (sp.Symbol("N"), "complex"),
        (sp.Symbol("N", imaginary=True), "imaginary"),
        (sp.Symbol("N", infinite=True), "infinite"),
        (sp.Symbol("N", rational=True), "rational"),
        (sp.Symbol("N", negative=True), "negative"),
        (sp.Symbol("N", real=True, nonzero=True), "nonzero"),
        (sp.IndexedBase("N")[1], "complex"),
        (sp.IndexedBase("N", even=True)[1], "even"),
    ],
)
def test_letters_of_other_kinds_are_refused_by_name(letter: Any, word: str) -> None:
    outcome = seen(says(letter, letter + 1))
    assert outcome.counterexample is None
    assert "N is declared" in outcome.problem
    assert word in outcome.problem


def test_a_verdict_names_the_letter_and_not_the_near_miss_that_fails_with_it() -> None:
    letter = sp.Symbol("N")
    unknown = replace(says(letter, letter), near_misses=(NearMiss("one more", right=letter + 1),))
    assert "N is declared complex" in prove(unknown).reason


def test_an_end_of_a_range_of_another_kind_is_refused_by_name() -> None:
    """Ends are looked at before any point is drawn; in a near-miss as well."""
    bound = sp.Sum(u, (j, 1, sp.Symbol("N", even=True)))
    assert "N is declared even" in seen(says(bound, bound)).problem
    found, problem = refute(says(u, u), NearMiss("m", right=bound), digits=20, seed=0)
    assert found is None
    assert "N is declared even" in problem


@pytest.mark.parametrize(
    ("expression", "word"),
    [
        (sp.Function("f")(u), "do not know"),
        (sp.Piecewise((u, u > 0), (0, True)), "do not know"),
        (u + sp.I, "not a real number"),
        (sp.oo, "not a real number"),
        (sp.nan, "not a real number"),
        (0.5 * u, "decimal"),
        (sp.Sum(X[j], (j, 1, 10**9)), "elements"),
        (sp.Derivative(X[j], (X[j], n)), "unknown order"),
        (RootCount(1 / u, u, 0, sp.oo), "no polynomial"),
    ],
)
def test_what_is_not_known_is_refused_by_name(expression: Any, word: str) -> None:
    outcome = seen(says(expression, 0))
    assert outcome.counterexample is None
    assert word in outcome.problem


def test_two_definitions_of_one_head_are_none() -> None:
    first, second = (Recursion(M, (i,), sp.Integer(value), M[i - 1]) for value in (0, 1))
    assert is_true(says(M[D], 0, definitions=(first,)))
    assert "two definitions" in seen(says(M[D], 0, definitions=(first, second))).problem


def test_equality_that_digits_cannot_tell_is_no_verdict_on_a_strict_claim() -> None:
    """√2 + √3 and √(5 + 2√6) are equal, which no number of digits shows."""
    left, right = sp.sqrt(2) + sp.sqrt(3), sp.sqrt(5 + 2 * sp.sqrt(6))
    assert is_true(says(left, right))
    assert is_true(says(left, right, GE))
    assert "told apart" in seen(says(left, right, GT)).problem
    assert "told from 0" in seen(says(1 / (left - right), 1 / (left - right))).problem
    assert is_true(says(left + sp.Rational(1, 10**100), right, GT))
    apart = says(left, right + sp.Rational(1, 10**45))
    assert is_false(apart)
    assert seen(apart, digits=15).counterexample is None  # 15 digits and the guard do not show it


def test_a_side_of_an_equivalence_has_to_be_true_somewhere() -> None:
    sides = [sp.Eq(u**2 + number, 0, evaluate=False) for number in (1, 2)]
    assert "two sides are true" in seen(says(*sides, IFF)).problem
    # Where a side is true is found by solving it.
    assert is_true(says(sp.Eq(u**2, p, evaluate=False), sp.Eq(u**4, p**2, evaluate=False), IFF))
    assert is_false(says(sp.Eq(u, p, evaluate=False), sp.Eq(u**2, p**2, evaluate=False), IFF))


def test_a_budget_ends_the_test() -> None:
    wide = says(sp.Sum(X[j] * X[k], EACH, OTHER), sp.Sum(X[j], EACH) ** 2)
    outcome = seen(wide, budget=300)
    assert "budget of 300" in outcome.problem
    assert outcome.counterexample is None
    assert seen(wide, budget=300) == outcome  # work is counted, not time
    assert is_true(wide)
    assert is_true(says((p + 1) ** 3000, (p + 1) ** 1500 * (p + 1) ** 1500))
    assert "elements" in seen(says(sp.Sum(u, (j, 1, 10**6)), 10**6 * u)).problem


# -- scale -----------------------------------------------------------------------------------------------


def test_comparisons_are_relative_to_what_is_compared() -> None:
    tiny = sp.Rational(1, 10**90)
    assert is_false(says(tiny, 2 * tiny))
    assert is_false(says(tiny * sp.sqrt(p), 2 * tiny * sp.sqrt(p)))
    assert is_false(says(sp.sqrt(p) * 10**90, sp.sqrt(p) * (10**90 + 1)))
    assert is_true(says(tiny * sp.sqrt(p) * sp.sqrt(q), tiny * sp.sqrt(p * q)))
    difference = (sp.sqrt(p) + 10**60) - 10**60
    assert is_true(says(sp.Add(sp.sqrt(p), 10**60, evaluate=False) - 10**60, sp.sqrt(p)))
    assert is_false(says(difference, sp.sqrt(p) + sp.Rational(1, 10**60)))


# -- limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "place", "direction", "value", "wrong"),
    [
        ((x + 1) / (2 * x + 3), sp.oo, "-", HALF, 1),
        (x ** sp.Rational(-1, 100), sp.oo, "-", 0, sp.Rational(1, 10**9)),  # slow
        (x ** sp.Rational(1, 100), 0, "+", 0, 1),
        (1 / sp.log(x), sp.oo, "-", 0, 1),  # slower than any power
        (x * sp.exp(-x), sp.oo, "-", 0, 1),
        (sp.exp(x) / x, sp.oo, "-", sp.oo, 0),
        ((sp.exp(x) - 1) / x, 0, "+", 1, sp.Rational(11, 10)),
        ((x**2 - 1) / (x - 1), 1, "+", 2, 1),
        ((x**2 - 1) / (x - 1), 1, "-", 2, 1),
        (1 / (x - 1), 1, "-", -sp.oo, sp.oo),
        (x + p, sp.oo, "-", sp.oo, -sp.oo),
        (p / (p + x), 0, "+", 1, 0),
        (sp.Max(x, 1), 1, "+-", 1, 0),
    ],
)
def test_limits(expression: Any, place: Any, direction: str, value: Any, wrong: Any) -> None:
    left = sp.Limit(expression, x, place, direction)
    assert is_true(says(left, value, TO))
    assert is_false(says(left, wrong, TO))


def test_a_limit_has_two_sides() -> None:
    sign = u / sp.Max(u, -u)
    assert is_false(says(sp.Limit(sign, u, 0, "+-"), 1, TO))
    assert is_true(says(sp.Limit(sign, u, 0, "+"), 1, TO))
    assert is_true(says(sp.Limit(sign, u, 0, "-"), -1, TO))


def test_a_limit_whose_terms_cancel_is_seen_beside_them() -> None:
    """The right side is 0, which balls do not show; a power so slow stays where it is nearer by."""
    root, slow = q ** sp.Rational(1, 3), x ** sp.Rational(1, 10**6)
    nothing = root * (n + 1) - n * root - root
    assert is_true(says(sp.Limit(10**13 * slow, x, 0, "+"), nothing, TO))
    assert is_false(says(sp.Limit(10**13 * slow, x, 0, "+"), nothing + root / 10**20, TO))


def test_what_is_no_limit_is_refused() -> None:
    assert "not one" in seen(says(u, u, TO)).problem
    assert "minus infinity" in seen(says(sp.Limit(1 / x, x, -sp.oo), 0, TO)).problem


# -- numbers of roots, series ------------------------------------------------------------------------------


@pytest.mark.parametrize("low", [-sp.oo, -2, -1, 0, HALF])
@pytest.mark.parametrize("high", [1, sp.Rational(3, 2), 2, sp.oo])
@pytest.mark.parametrize(
    "polynomial", [u**3 - u, (u - 1) ** 2 * (u - 2) * (u + 3), u**2 + 1, u**4 - 5 * u**2 + 4, 7 * u, 3]
)
def test_roots_are_counted_as_sturm_counts_them(polynomial: Any, low: Any, high: Any) -> None:
    count = RootCount(polynomial, u, low, high)
    expected = sum(
        1 for root in set(sp.real_roots(sp.Poly(polynomial, u))) if low < root < high
    ) if sp.Poly(polynomial, u).degree() else 0  # fmt: skip
    assert is_true(says(count, expected, Relation.COUNT))
    assert is_false(says(count, expected + 1, Relation.COUNT))


@pytest.mark.parametrize(("low", "high"), [(10, sp.oo), (-sp.oo, -10), (1, 1)])
def test_where_no_root_lies_there_are_none(low: Any, high: Any) -> None:
    """The infinite end is put beyond all roots; the other one may lie there already."""
    count = RootCount(u**2 - 1, u, low, high)
    assert is_true(says(count, 0, Relation.COUNT))
    assert is_false(says(count, 1, Relation.COUNT))


@pytest.mark.parametrize(("low", "high"), [(2, -2), (sp.oo, 10), (-10, -sp.oo), (sp.oo, -sp.oo)])
def test_a_reversed_interval_is_none(low: Any, high: Any) -> None:
    assert "no interval" in str(seen(says(RootCount(u, u, low, high), 0, Relation.COUNT)).counterexample)


def test_series() -> None:
    order = sp.Symbol("r", integer=True, nonnegative=True)
    geometric = sp.Sum(q**order, (order, 0, sp.oo))
    inside = (greater(sp.Rational(4, 5), q),)
    assert is_true(says(geometric, 1 / (1 - q), given=inside))
    assert is_false(says(geometric, 1 / (1 - q) + q**40, given=inside))
    assert is_false(says(geometric, 1 / (1 - q), given=(different(q, 1),)))
    exponential = sp.Sum(q**order / sp.factorial(order), (order, 0, sp.oo))
    assert is_true(says(exponential, sp.exp(q), given=(greater(100, q),)))
    assert is_false(says(exponential, sp.exp(q) + 1, given=(greater(100, q),)))
    # The terms grow for long, and then fall: not a divergent series.
    assert seen(says(exponential, exponential, given=(equal(q, 10**6),))).counterexample is None
    # 0 + 0 + … + 0 and then something
    late = sp.Sum(sp.KroneckerDelta(order, 7) * q, (order, 0, sp.oo))
    assert is_true(says(late, q))


# -- hypotheses --------------------------------------------------------------------------------------------

MET: dict[str, tuple[Claim, ...]] = {
    "a letter": (equal(u, v + w),),
    "a letter inside a quotient": (equal(p * u / q, v),),
    "a square": (equal(p**2, u**2 + 1),),
    "a quadratic": (equal(u**2 + u * v, p),),
    "a fractional power beside": (equal(p ** sp.Rational(2, 3), q),),
    "a family": (equal(X[j], Y[j] * u, EACH),),
    "a shifted family": (equal(X[j + 1, k], Y[j] * u, EACH, OTHER),),
    "signs": (equal(X[j] ** 2, 1 / n, EACH),),
    "a product at every index": (equal(X[j] * Y[j], u, EACH),),
    "a power of a product": (equal(p ** (n + 1), q * sp.Product(P[j], EACH)),),
    "one of a family and the others": (equal(p ** (n + 1) * P[1], 1 + sp.Sum(X[j] ** 2, EACH)),),
    "a sum": (equal(sp.Sum(X[j] * Y[j], EACH), 0),),
    "a unit vector": (equal(sp.Sum(X[j] ** 2, EACH), 1),),
    "a chain": (equal(u, v), equal(v, w), equal(w, p)),
    "a chain of bounds": (greater(1, a), greater(a, b), at_least(b, HALF)),
    "bounds on a family": (at_least(a, P[j], EACH), at_least(P[j], b, EACH)),
    "a number of layers": (at_least(D, 4),),
    "numbers of two kinds": (equal(D, 2 * n), at_least(n, 2)),
    "a root of an equation": (equal(p, q * (p + 1) ** 2), greater(1, p)),
    "a root on the other side": (equal(p, q * (p + 1) ** 2), greater(p, 1)),
    # Two letters that two equations share are fixed by others, unless those come later.
    "equations with letters of their own": (
        *(equal(q, sy.gamma_bar / x), equal(sy.kappa**2, sy.gamma_bar**2 * p**2)),
        *(equal(sy.kappa, sy.lam * p**2 * sy.zeta), equal(x, sy.lam * p * (sy.zeta + 1))),
    ),
    "a semidefinite matrix": (semidefinite(M[j, k], EACH, OTHER),),
    "a symmetric semidefinite matrix": (
        semidefinite(M[j, k], EACH, OTHER),
        equal(M[j, k], M[k, j], EACH, OTHER),
    ),
    "an ordered pair of matrices": (semidefinite(M[j, k] - X[j] * X[k], EACH, OTHER),),
}


@pytest.mark.parametrize("name", MET)
def test_hypotheses_are_met_and_speak(name: str) -> None:
    """Each follows from itself, and the others' conclusion does not follow without it."""
    given = MET[name]
    for claim in given:
        itself = says(claim.left, claim.right, claim.relation, over=claim.over, given=given)
        outcome = seen(itself)
        assert (outcome.counterexample, outcome.problem) == (None, "")
        assert outcome.points >= 4
        assert is_false(replace(itself, given=tuple(other for other in given if other != claim)))


def test_inequalities_are_met_with_equality() -> None:
    for low, high in itertools.permutations((u, v, p), 2):
        claims = (at_least(high, low),)
        assert is_false(says(high, low, GT, given=claims)), (low, high)
        assert is_true(says(high, low, GE, given=claims))


def test_a_point_outside_the_hypotheses_refutes_nothing() -> None:
    assert is_true(says(1 / u, 1 / u, given=(different(u, 0),)))
    assert is_true(says(sp.log(u), sp.log(u), given=(greater(u, 0),)))
    # a hypothesis without a value is not met
    assert is_true(says(u, u, given=(greater(1 / (u - 1), 0),)))


def test_whole_numbers_that_no_range_hangs_on_take_many_values() -> None:
    """So that what is true of small ones alone is refuted."""
    exponent = sp.Symbol("exponent", integer=True, positive=True)
    agrees = sp.Mul(*(exponent - value for value in (*range(1, 8), 10**6)))
    assert is_false(says(agrees, 0))
    assert seen(says(exponent, exponent)).points >= 8


def test_a_domain_of_its_own_adds_less_where_many_points_lie_outside() -> None:
    square = says((u + v) ** 2, u**2 + 2 * u * v + v**2)
    alone, near = seen(square), seen(replace(square, domains=(Domain(ranges=((u, (0, 1)),)),)))
    assert 0 < near.points - alone.points <= 3
    hard = equal(u**5 + u, v**5 + v)  # what is not solved for a letter
    few = says(u, v, given=(hard,))
    assert seen(replace(few, domains=(Domain(define=((u, v),)),))).points >= seen(few).points + MANY


# -- what is reported --------------------------------------------------------------------------------------


def test_points_are_counted_once_and_shown() -> None:
    outcome = seen(says((u + 1) ** 2, u**2 + 2 * u + 1))
    assert outcome.points > outcome.boundary > 5
    assert outcome.places[:3] == ("u = 0", "u = 1", "u = -1")
    assert seen(says(1 + 1, 2)).points == 1
    result = prove(says((u + 1) ** 2, u**2 + 2 * u + 1))
    assert (result.points, result.boundary, result.places) == (
        outcome.points,
        outcome.boundary,
        outcome.places,
    )


def test_restrictions_are_told_where_nothing_was_tested_outside_of_them() -> None:
    unsolved = equal(u**5 + u, v**5 + v)  # what is not solved for a letter
    pair = Domain(define=((u, v),), ranges=((v, (1, 2)),))
    narrow = seen(says(u, v, given=(unsolved,), domains=(pair,)))
    assert narrow.counterexample is None
    assert narrow.narrowed == ("v from 1 to 2", "u = v")
    said = seen(says(u, v, given=(equal(u, v),), domains=(pair,)))
    assert said.narrowed == ()
    wide = seen(says(u + v, v + u, domains=(pair,)))
    assert (wide.narrowed, wide.problem) == ((), "")


def test_the_statement_is_tested_outside_of_its_domains_where_it_says_more() -> None:
    inside = Domain(ranges=((u, (0, 1)),))
    assert is_false(says(u, u**2, GE, domains=(inside,)))
    assert is_true(says(u, u**2, GE, domains=(inside,), given=(at_least(u, u**2),)))


def test_a_domain_that_is_empty_or_no_domain_is_no_agreement() -> None:
    whole = sp.Symbol("m", integer=True, positive=True)
    nowhere = Domain(define=((whole, HALF),))
    impossible = (equal(u**5 + u, v**5 + v + 1),)
    assert "no point" in seen(says(u, u + whole, given=impossible, domains=(nowhere,))).problem


def test_seeds_give_the_same_points_or_others() -> None:
    false = says(sp.sqrt(q + u**2), u + 1, given=(greater(u, q),))
    first, second, other = (str(seen(false, seed=seed).counterexample) for seed in (0, 0, 1))
    assert first == second != other


# -- in print ----------------------------------------------------------------------------------------------


def test_a_narrowed_test_is_flagged_where_results_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    wide = prove(says((u + 1) ** 2, u**2 + 2 * u + 1))
    narrow = replace(wide, narrowed=("u from 1 to 2", f"v = {'u + ' * 60}u"))
    for result, flagged in ((wide, False), (narrow, True)):
        monkeypatch.setattr(
            assembly, "prove", lambda statement, result=result, **_: replace(result, id=statement.id)
        )
        sections = assembly.assemble((load("diagonal-bound"),))
        table = drawn(verdict_page(sections))
        assert ("diagonal-bound: tested only where u from 1 to 2; v = u + u" in table) is flagged
        assert (f"{result.points}*" in table) is flagged
        assert "u + " * 60 not in table  # the table is short
        record = manifest(sections, digits=30, depth=None, files={})["statements"]["diagonal-bound"][
            "tested"
        ]
        assert record["only_where"] == list(result.narrowed)
        assert (record["points"], record["at_boundary"]) == (result.points, result.boundary)
        assert record["some_points"] == list(result.places) != []
        text = report(sections)
        assert (f"- Tested only where {narrow.narrowed[1]}" in text) is flagged
        assert f"({result.boundary} at boundaries)" in text
        assert "- Tested at u = 0" in text


def test_the_ledger_keeps_all_of_it(tmp_path: Path) -> None:
    known = replace(prove(says((u + 1) ** 2, u**2 + 2 * u + 1)), narrowed=("u from 1 to 2",))
    ledger = Ledger(tmp_path)
    ledger.put("digest", known)
    assert ledger.get("digest") == known
