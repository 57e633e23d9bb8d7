"""The normal form never changes a value, and what it calls zero is zero, at boundaries above all."""

from __future__ import annotations

import random
from collections import Counter
from contextlib import suppress
from typing import Any

import mpmath
import pytest
import sympy as sp
from oracles.random_expressions import almost, expression, n
from oracles.sampled import some
from oracles.small_values import DIGITS, TOLERANCE, CannotTellError, NoValueError, Point

from symderive.core import forms
from symderive.core.terms import CoreError, minus
from symderive.proofs.elaborate import Elaborator
from symderive.proofs.readback import Reader
from symderive.statements import Statement

#: Points for each expression.
DRAWS = 12


def values(number: int, *expressions: Any) -> list[tuple[Any, ...]]:
    """The values of expressions at small values of their letters, where all of them have one."""
    holder = Statement(id="value", title="", reference="", left=0, right=0)
    found = []
    with mpmath.workdps(DIGITS):
        for draw in range(DRAWS):
            point = Point(holder, f"{number}|{draw}")
            with suppress(CannotTellError, NoValueError, OverflowError):
                found.append(tuple(point.value(part, {}) for part in expressions))
    return found


def differ(one: Any, two: Any) -> bool:
    with mpmath.workdps(DIGITS):
        return bool(abs(mpmath.mpmathify(one) - mpmath.mpmathify(two)) > TOLERANCE * (1 + abs(one)))


def made(number: int) -> tuple[random.Random, Any]:
    """A random expression; SymPy refuses to make some."""
    rng = random.Random(f"value|{number}")
    while True:
        with suppress(Exception):
            return rng, sp.sympify(expression(rng, rng.choice((1, 2, 3))))


@pytest.mark.parametrize("part", some(range(4), 4, ci=1))
def test_the_normal_form_keeps_the_value(part: int) -> None:
    seen: Counter[str] = Counter()
    for number in range(150 * part, 150 * part + 150):
        _, node = made(number)
        elaborator = Elaborator()
        try:
            normal = Reader(elaborator).expression(forms.normalized(elaborator.term(node, {})))
        except CoreError:
            seen["refused"] += 1
            continue
        pairs = values(number, node, normal)
        assert not any(differ(*pair) for pair in pairs), (number, node, normal)
        seen["compared"] += bool(pairs)
    assert seen["compared"] > 50


def rewritten(rng: random.Random, node: Any) -> Any:
    """The expression by rules that hold almost everywhere; itself where SymPy refuses."""
    with suppress(Exception):
        return sp.sympify(almost(rng, node))
    return node


@pytest.mark.parametrize("part", some(range(2), 2, ci=1))
def test_what_is_zero_is_zero(part: int) -> None:
    seen: Counter[bool] = Counter()
    for number in range(300 * part, 300 * part + 300):
        rng, node = made(number)
        other = rewritten(rng, node)
        elaborator = Elaborator()
        try:
            same = other != node and forms.is_zero(
                minus(*(elaborator.term(side, {}) for side in (node, other)))
            )
        except CoreError:
            continue
        pairs = values(number, node, other)
        assert not (same and any(differ(*pair) for pair in pairs)), (number, node, other)
        seen[same] += other != node and bool(pairs)
    assert seen[True] > 20
    assert seen[False] > 5


def test_the_evaluator_sees_a_difference() -> None:
    pairs = values(0, sp.sqrt(n**2 - 2 * n + 1), n - 1)
    assert pairs
    assert not any(differ(*pair) for pair in pairs)
    assert any(differ(*pair) for pair in values(0, n**2, n))
