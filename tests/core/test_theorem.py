"""Theorems: only the core's rules make one, and what they say cannot be changed or smuggled."""

from __future__ import annotations

import ast
import copy
import pickle
from fractions import Fraction
from typing import Any

import pytest
from oracles.sampled import fewer
from oracles.sources import nodes

from symderive.core import calculus, rules, series, terms
from symderive.core.binders import abstract, substitute
from symderive.core.budget import OutOfReachError, budget
from symderive.core.claims import Claim, Roots
from symderive.core.forms import form, is_zero
from symderive.core.terms import (
    INF,
    NATURAL,
    POSITIVE,
    REAL,
    SELF,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Kind,
    Letter,
    Term,
    add,
    at,
    fresh,
    minus,
    mul,
    num,
    power,
)
from symderive.core.theorem import Goal, Theorem, Use

SIZE = Kind(True, 1)
n, x, y = at(Letter("n", 0, SIZE)), at(Letter("x", 0, REAL)), at(Letter("y", 0, POSITIVE))
X = Letter("X", 1, REAL)


def total(body: Any, high: Term = n) -> Term:
    index = fresh(WHOLE, UNIT, high)
    return Term("sum", UNIT, high, abstract(body(index), index))


def square(term: Term) -> Term:
    return power(term, num(2))


def proved(relation: str, left: Term, right: Term, *plus: Term, given: tuple[Claim, ...] = ()) -> Theorem:
    return rules.combination(Goal(given, Claim(relation, left, right)), plus=plus)


# -- who may make one ------------------------------------------------------------------------------------


def test_a_theorem_is_not_made_by_hand() -> None:
    with pytest.raises(TypeError, match="rule of the core"):
        Theorem(object(), (), Claim("=", ZERO, UNIT), frozenset(), frozenset(), False)
    known = proved("≥", square(x), ZERO, square(x))
    with pytest.raises(TypeError, match="does not change"):
        known.claim = Claim("≥", ZERO, UNIT)
    for copied in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="not copied"):
            copied(known)


def test_only_the_core_names_the_seal() -> None:
    """No module outside the core speaks of the seal, and inside one module does."""
    names = {
        name
        for name, found in nodes().items()
        for node in found
        if "SEAL" in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
    }
    assert names == {"core/rules.py", "core/terms.py", "core/theorem.py"}


def test_only_rules_turn_goals_into_theorems() -> None:
    """``made`` and ``assumed`` take a goal's word for it: the rules call them, and nothing else."""
    for name, found in nodes().items():
        for node in found:
            if isinstance(node, ast.ImportFrom) and node.module and node.module.endswith("theorem"):
                trusted = {"made", "assumed"} & {alias.name for alias in node.names}
                assert not trusted or name.startswith("core/"), name


# -- scopes ----------------------------------------------------------------------------------------------


def test_an_index_does_not_outlive_its_range() -> None:
    """That some index lies in 1..m says that m ≥ 1: for m = 0 there is none."""
    m = at(Letter("m", 0, NATURAL))
    index = fresh(WHOLE, UNIT, m)
    claim = Claim("≥", mul(index, ZERO), ZERO)
    with pytest.raises(CoreError, match="no meaning"):
        rules.combination(Goal((), claim))
    rules.combination(Goal((), claim, frozenset({index})))
    with pytest.raises(CoreError, match="no meaning"):
        rules.combination(Goal((), Claim("≥", m, ZERO)), plus=(mul(m, index), neg(m, index)))


def neg(*factors: Term) -> Term:
    return mul(num(-1), *factors)


def test_the_hypothesis_of_an_induction_stays_inside() -> None:
    letter = Letter("D", 0, NATURAL)
    kept: list[rules.Step] = []

    def step(here: rules.Step) -> Theorem:
        kept.append(here)
        return rules.combination(here.goal, (Use(here.hypothesis),))

    goal = Goal((), Claim("≥", mul(at(letter), ZERO), ZERO))
    rules.induction(goal, letter, 0, rules.combination, step)
    with pytest.raises(CoreError, match="inside an induction only"):
        rules.combination(goal, (Use(kept[0].hypothesis),))
    # Another induction has another variable, so that it does not take the old hypothesis for its own.
    with pytest.raises(CoreError, match="something else"):
        rules.induction(goal, letter, 0, rules.combination, lambda _: kept[0].hypothesis)


@pytest.mark.parametrize(("kind", "start"), [(NATURAL, 1), (WHOLE, 0), (REAL, 0), (POSITIVE, 1)])
def test_induction_reaches_every_value_of_its_letter(kind: Kind, start: int) -> None:
    letter = Letter("D", 0, kind)
    goal = Goal((), Claim("≥", mul(at(letter), ZERO), ZERO))
    with pytest.raises(CoreError, match="induction runs over"):
        rules.induction(goal, letter, start, rules.combination, lambda here: rules.combination(here.goal))


# -- facts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("start", [-1, -2, Fraction(1, 2)])
def test_induction_steps_from_its_start_on(start: Any) -> None:
    """m² ≥ 1 holds at -1 and goes on from every m ≥ 0, and is false at 0, which lies between."""
    letter = Letter("m", 0, NATURAL if start < 0 else SIZE)
    goal = Goal((), Claim("≥", square(at(letter)), UNIT))

    def step(here: rules.Step) -> Theorem:
        m = here.variable
        return rules.combination(here.goal, plus=(add(square(m), mul(num(2), m)),))

    with pytest.raises(CoreError):
        rules.induction(goal, letter, start, rules.combination, step)


def test_letters_are_replaced_by_what_is_of_their_kind() -> None:
    root = proved("=", mul(power(y, num(Fraction(1, 2))), power(y, num(Fraction(1, 2)))), y)
    letter = Letter("y", 0, POSITIVE)
    goal = Goal((), Claim("=", ZERO, ZERO))
    for value, holds in ((num(2), True), (add(square(x), UNIT), True), (x, False), (ZERO, False)):
        use = Use(root, letters=((letter, value),))
        if holds:
            rules.combination(goal, (use,))
        else:
            with pytest.raises(CoreError, match="positive"):
                rules.combination(goal, (use,))


def test_a_family_is_replaced_at_all_indices() -> None:
    """P_j > 0 for every whole j: 1/j is none, and j² + 1 is."""
    family, bound = Letter("P", 1, POSITIVE), Term("bound", 0)
    fact = proved("≥", total(lambda j: at(family, j)), ZERO, total(lambda j: at(family, j)))
    goal = Goal((), Claim("≥", ZERO, neg(total(lambda j: add(square(j), UNIT)))))
    rules.combination(goal, (Use(fact, letters=((family, add(square(bound), UNIT)),)),))
    with pytest.raises(CoreError, match="nonzero"):
        rules.combination(goal, (Use(fact, letters=((family, terms.over(bound)),)),))


def test_hypotheses_are_proved_where_a_fact_is_used() -> None:
    given = (Claim("≥", x, UNIT),)
    fact = rules.combination(
        Goal(given, Claim("≥", mul(num(2), x), num(2))), (Use(given[0], times=num(2)),)
    )
    letter = Letter("x", 0, REAL)
    goal = Goal((), Claim("≥", num(6), num(2)))
    at_three = ((letter, num(3)),)
    with pytest.raises(CoreError, match="one proof for each"):
        rules.combination(goal, (Use(fact, letters=at_three),))
    reason = proved("≥", num(3), UNIT, num(2))
    rules.combination(goal, (Use(fact, letters=at_three, because=(reason,)),))
    with pytest.raises(CoreError, match="something else"):
        rules.combination(
            goal, (Use(fact, letters=at_three, because=(proved("≥", num(4), UNIT, num(3)),)),)
        )


def test_a_random_variable_stands_for_no_letter() -> None:
    from symderive.core.averages import SQUARE, TARGET

    letter, target = Letter("u", 0, REAL), at(TARGET)
    outside = proved("=", Term("mean", mul(at(letter), target)), mul(at(letter), Term("mean", target)))
    goal = Goal((), Claim("=", ZERO, ZERO))
    rules.combination(goal, (Use(outside, letters=((letter, num(2)),)),))
    with pytest.raises(CoreError, match="random"):
        rules.combination(goal, (Use(outside, letters=((letter, target),)),))
    # What rests on the model has no other moments, though it no longer speaks of a mean.
    second = proved("≥", at(SQUARE), ZERO, Term("mean", square(target)))
    assert second.model
    with pytest.raises(CoreError, match="moment of the model"):
        rules.combination(goal, (Use(second, letters=((SQUARE, num(3)),)),))


# -- definitions -----------------------------------------------------------------------------------------


def recursion(base: Term, step: Term, name: str = "R") -> terms.Head:
    return rules.define(name, 1, base, step)


BOUND = Term("bound", 0)
BELOW = Term("at", SELF, add(BOUND, num(-1)))


def test_a_definition_owns_its_head() -> None:
    zero, one = recursion(ZERO, BELOW), recursion(UNIT, BELOW)
    assert zero != one
    assert zero == recursion(ZERO, BELOW)
    m = at(Letter("m", 0, NATURAL))
    assert not is_zero(minus(at(zero, m), at(one, m)))


@pytest.mark.parametrize(
    "step",
    [
        add(Term("at", SELF, BOUND), UNIT),  # R_i = R_i + 1
        Term("at", SELF, add(BOUND, UNIT)),
        Term("at", SELF, add(BOUND, num(-2))),
        total(lambda j: Term("at", SELF, j), BOUND),
        Term("at", SELF, num(0)),
    ],
)
def test_a_step_speaks_of_the_layer_below_only(step: Term) -> None:
    with pytest.raises(CoreError, match=r"one layer below|outside its binder"):
        recursion(ZERO, step)
    recursion(ZERO, BELOW)


def test_a_base_speaks_of_no_layer() -> None:
    for base in (BELOW, BOUND):
        with pytest.raises(CoreError, match="the base"):
            recursion(base, BELOW)


def test_a_definition_is_defined() -> None:
    recursion(UNIT, mul(BELOW, terms.over(BOUND)))  # i ≥ 1
    with pytest.raises(CoreError, match="nonzero"):
        recursion(UNIT, terms.over(BELOW))
    with pytest.raises(CoreError, match="nonzero"):
        recursion(terms.over(x), BELOW)


def test_a_definition_speaks_of_no_index_from_outside() -> None:
    """R_0 = g for an index g of 1..2 would be 1 and 2."""
    index = Term("generic", 1, WHOLE, UNIT, num(2))
    for base, step in ((index, BELOW), (ZERO, add(BELOW, index))):
        with pytest.raises(CoreError, match="no meaning"):
            recursion(base, step)


def test_the_point_of_a_derivative_is_defined() -> None:
    """x · (t²)' at t = 1/x is 2, but not for x = 0."""
    for letter, accepted in ((y, True), (x, False)):
        slope = mul(letter, Term("deriv", square(BOUND), terms.over(letter)))
        if accepted:
            proved("=", slope, num(2))
        else:
            with pytest.raises(CoreError, match="nonzero"):
                proved("=", slope, num(2))


def test_a_series_under_an_empty_range_need_not_converge() -> None:
    """That Σ_k q^k converges for every index of 1..m says nothing for m = 0."""
    q, m = Letter("q", 0, POSITIVE), at(Letter("m", 0, NATURAL))
    total_ = Term("sum", ZERO, INF, power(at(q), BOUND))
    below = Claim(">", UNIT, at(q))
    value = terms.over(minus(UNIT, at(q)))
    known = series.power_series(Goal((below,), Claim("=", value, total_)), (num(-1), minus(UNIT, at(q))))
    for high, accepted in ((n, True), (m, False)):
        given = (Claim(">", UNIT, at(q), ((UNIT, high),)),)
        each = Goal(given, Claim("≥", total_, total_, ((UNIT, high),)))
        here = Goal(given, below, each.scope)
        because = rules.combination(here, (Use(given[0], indices=each.names),))
        fact = rules.combination(each, (Use(known, times=ZERO, because=(because,)),))
        goal = Goal(given, Claim("≥", total_, total_))
        index = goal.index(0, UNIT, high)
        inside = Goal(given, given[0], goal.scope | {index})
        because = rules.combination(inside, (Use(given[0], indices=inside.names),))
        use = Use(fact, indices=(index,), times=ZERO, over=(index,), because=(because,))
        if accepted:
            rules.combination(goal, (use,))
        else:
            with pytest.raises(CoreError, match="convergent"):
                rules.combination(goal, (use,))


def test_what_defines_a_head_is_fixed() -> None:
    letter = Letter("w", 0, REAL)
    powers = recursion(UNIT, mul(BELOW, at(letter)))
    term = at(powers, at(Letter("m", 0, NATURAL)))
    for change in (lambda: abstract(term, at(letter)), lambda: substitute(term, {letter: UNIT})):
        with pytest.raises(CoreError, match="fixed"):
            change()


# -- binders ---------------------------------------------------------------------------------------------


def test_substitution_captures_nothing() -> None:
    letter = Letter("u", 0, REAL)
    summed = total(lambda j: mul(at(letter), at(X, j)))
    index = fresh(WHOLE, UNIT, n)
    inside = substitute(summed, {letter: at(X, index)})
    assert is_zero(minus(inside, mul(at(X, index), total(lambda j: at(X, j)))))
    assert not is_zero(minus(inside, total(lambda j: square(at(X, j)))))


def test_templates_of_families_may_stand_under_other_binders() -> None:
    """Σ_j X_j at X_j := Σ_k Y_jk is Σ_jk Y_jk, and Y_jk is not Y_kj."""
    Y = Letter("Y", 2, REAL)
    template = total(lambda k: at(Y, BOUND_OUTSIDE, k))
    template = abstract(template, BOUND_OUTSIDE)
    weighted = total(lambda j: mul(at(X, j), j))
    found = substitute(weighted, {X: template})
    assert is_zero(minus(found, total(lambda j: total(lambda k: mul(at(Y, j, k), j)))))
    assert not is_zero(minus(found, total(lambda j: total(lambda k: mul(at(Y, k, j), j)))))


BOUND_OUTSIDE = fresh(WHOLE)


# -- roots, budgets --------------------------------------------------------------------------------------


def test_roots_of_no_polynomial_are_not_counted() -> None:
    one = (Fraction(-2), Fraction(0), Fraction(1))
    calculus.count(Goal((), Claim("#", Roots(one, None, None), num(2))))
    for roots in (
        Roots((), None, None),
        Roots(one, Fraction(2), Fraction(-2)),
        Roots(one, Fraction(1), Fraction(1)),
    ):
        with pytest.raises(CoreError, match="not 0, in an interval"):
            calculus.count(Goal((), Claim("#", roots, num(2))))
    with pytest.raises(CoreError, match="counts 2"):
        calculus.count(Goal((), Claim("#", Roots(one, None, None), num(1))))


@pytest.mark.parametrize(
    "term",
    [
        power(add(x, UNIT), num(3000)),
        power(add(x, y, n), num(1999)),
        power(num(3), num(10**9)),
        total(lambda j: at(X, j), num(10**9)),
        mul(*(add(at(X, num(k)), UNIT) for k in range(60))),
    ],
)
def test_work_ends(term: Term) -> None:
    with budget(fewer(60_000, 300_000)), pytest.raises(OutOfReachError):
        form(term)


def test_infinity_is_no_number() -> None:
    with pytest.raises(OutOfReachError, match="not a number"):
        form(INF)
