"""Statements at small values: every letter from a few numbers around its boundary, in exact arithmetic.

Independent of the core and of :mod:`symderive.sampling`: it walks through SymPy's nodes and computes with
fractions, and with 60 digits where a power or a logarithm is not rational.  Points are drawn at random and
kept where the hypotheses hold; nothing is solved for.
"""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp

from symderive.statements.claim import Claim, Relation
from symderive.statements.statement import Statement

DIGITS = 60
#: Differences that count as none, relative to the larger side, where something is not rational.
TOLERANCE = mpmath.mpf(10) ** -40
#: Longest range, greatest exponent of a fraction, and nodes for one point.
LONGEST, HIGHEST, MOST_NODES = 8, 60, 4_000


class NoValueError(Exception):
    """The expression is undefined at the point."""


class CannotTellError(Exception):
    """There is no rule for it here, or it takes too long."""


def _kind(element: Any) -> tuple[bool, str]:
    sign = "positive" if element.is_positive else "nonnegative" if element.is_nonnegative else "real"
    return bool(element.is_integer), sign


_VALUES = {
    (True, "positive"): (1, 1, 2, 2, 3),
    (True, "nonnegative"): (0, 0, 1, 2, 3),
    (True, "real"): (-2, -1, 0, 0, 1, 2, 3),
    (False, "positive"): (1, 1, 2, Fraction(1, 2), 3, Fraction(1, 9)),
    (False, "nonnegative"): (0, 0, 1, 2, Fraction(1, 2), 3),
    (False, "real"): (-2, -1, -1, 0, 0, 0, 1, 1, Fraction(1, 2), 2),
}


class Point:
    """Values of the letters, drawn when they are asked for."""

    def __init__(self, statement: Statement, key: str) -> None:
        self.key, self.values, self.nodes = key, {}, 0  # type: ignore[var-annotated]
        self.heads = {recursion.head: recursion for recursion in statement.definitions}
        # Some points have letters of one value, or ranges of one length.
        self.alike = random.Random(key).random() < 0.25

    def _drawn(self, element: Any, name: str) -> Any:
        if name not in self.values:
            kind = _kind(element)
            label = str(kind) if self.alike else name
            self.values[name] = Fraction(random.Random(f"{self.key}|{label}").choice(_VALUES[kind]))
        return self.values[name]

    def value(self, node: Any, bound: dict[Any, Any]) -> Any:
        """The value of an expression, a fraction or a number of mpmath."""
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise CannotTellError("too many nodes")
        if node in bound:
            return bound[node]
        match node:
            case sp.Rational():
                return Fraction(int(node.p), int(node.q))
            case sp.Symbol():
                return self._drawn(node, str(node))
            case sp.Indexed():
                return self._element(node, [self._whole(index, bound) for index in node.indices])
            case sp.Add():
                return _total([self.value(arg, bound) for arg in node.args])
            case sp.Mul():
                return _product([self.value(arg, bound) for arg in node.args])
            case sp.Pow():
                return _power(self.value(node.base, bound), self.value(node.exp, bound))
            case sp.exp():
                return mpmath.exp(_float(self.value(node.args[0], bound)))
            case sp.log():
                inner = self.value(node.args[0], bound)
                if inner <= 0:
                    raise NoValueError(f"log of {inner}")
                return Fraction(0) if inner == 1 else mpmath.log(_float(inner))
            case sp.KroneckerDelta():
                one, two = (self._whole(arg, bound) for arg in node.args)
                return Fraction(int(one == two))
            case sp.Sum() | sp.Product() if node.limits[-1][2] != sp.oo:
                return self._folded(node.func, node.function, node.limits, bound)
            case sp.factorial():
                number = self._whole(node.args[0], bound)
                if number < 0:
                    raise NoValueError("a factorial of a negative number")
                return Fraction(math.factorial(number))
            case sp.binomial():
                upper, lower = self.value(node.args[0], bound), self._whole(node.args[1], bound)
                if lower < 0:
                    raise NoValueError("a binomial coefficient with a negative lower number")
                if not isinstance(upper, Fraction):
                    raise CannotTellError("a binomial coefficient of a decimal number")
                return math.prod((upper - k for k in range(lower)), start=Fraction(1)) / math.factorial(
                    lower
                )
            case sp.Derivative() if all(isinstance(name, sp.Symbol) for name in node.variables):
                try:
                    return self.value(sp.diff(node.expr, *node.variables), bound)
                except NoValueError as error:  # SymPy writes d x^n / dx as x^n n / x
                    raise CannotTellError(str(error)) from None
        if node == sp.E:
            return +mpmath.e
        raise CannotTellError(f"no rule for {type(node).__name__}")

    def _whole(self, node: Any, bound: dict[Any, Any]) -> int:
        value = self.value(sp.sympify(node), bound)
        if not isinstance(value, Fraction):
            raise CannotTellError("a whole number is wanted")
        if value.denominator != 1:
            raise NoValueError(f"{node} is no whole number")
        return int(value)

    def _element(self, node: Any, indices: list[int]) -> Any:
        recursion = self.heads.get(node.base)
        if recursion is None:
            return self._drawn(node, f"{node.base}{indices}")
        layer = indices[0]
        if layer < 0:
            raise NoValueError("a recursion below 0")
        inside = dict(zip(recursion.indices, map(Fraction, indices), strict=True))
        return self.value(sp.sympify(recursion.step if layer else recursion.base), inside)

    def _folded(self, func: Any, body: Any, limits: tuple[Any, ...], bound: dict[Any, Any]) -> Any:
        if not limits:
            return self.value(body, bound)
        *inner, (index, low, high) = limits
        values = [
            self._folded(func, body, tuple(inner), {**bound, index: Fraction(at)})
            for at in self._range(low, high, bound)
        ]
        return _total(values) if func is sp.Sum else _product(values)

    def _range(self, low: Any, high: Any, bound: dict[Any, Any]) -> range:
        ends = self._whole(low, bound), self._whole(high, bound)
        if ends[1] - ends[0] > LONGEST:
            raise CannotTellError("a long range")
        return range(ends[0], ends[1] + 1)

    def instances(self, over: tuple[Any, ...], bound: dict[Any, Any]) -> Iterator[dict[Any, Any]]:
        """All values of the indices of a claim."""
        if not over:
            yield bound
            return
        (index, low, high), *rest = over
        for at in self._range(low, high, bound):
            yield from self.instances(tuple(rest), {**bound, index: Fraction(at)})

    def holds(self, claim: Claim, bound: dict[Any, Any]) -> bool:
        """Whether a claim holds here, at all of its indices."""
        return all(self._at(claim, inside) for inside in self.instances(claim.over, bound))

    def _at(self, claim: Claim, bound: dict[Any, Any]) -> bool:
        if claim.relation is Relation.EQUIVALENT:
            one, two = (
                self._compared(side.func, side.lhs, side.rhs, bound) for side in (claim.left, claim.right)
            )
            return one == two
        kinds = {
            Relation.EQUAL: sp.Eq,
            Relation.AT_LEAST: sp.Ge,
            Relation.GREATER: sp.Gt,
            Relation.DIFFERENT: sp.Ne,
        }
        if claim.relation not in kinds:
            raise CannotTellError(f"no rule for {claim.relation.value}")
        return self._compared(kinds[claim.relation], claim.left, claim.right, bound)

    def _compared(self, kind: Any, left: Any, right: Any, bound: dict[Any, Any]) -> bool:
        one, two = self.value(left, bound), self.value(right, bound)
        gap = _total([one, -two])
        if not isinstance(gap, Fraction):
            size = max(abs(_float(one)), abs(_float(two)))
            if mpmath.isnan(gap) or mpmath.isinf(gap):
                raise CannotTellError("too large")
            if abs(gap) <= TOLERANCE * (1 + size):
                if kind in (sp.Gt, sp.Ne):
                    raise CannotTellError("too close")
                gap = Fraction(0)
        return bool({sp.Eq: gap == 0, sp.Ge: gap >= 0, sp.Gt: gap > 0, sp.Ne: gap != 0}[kind])


def _float(value: Any) -> Any:
    return mpmath.mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else value


def _total(values: list[Any]) -> Any:
    if all(isinstance(value, Fraction) for value in values):
        return sum(values, Fraction(0))
    return mpmath.fsum(map(_float, values))


def _product(values: list[Any]) -> Any:
    if all(isinstance(value, Fraction) for value in values):
        return math.prod(values, start=Fraction(1))
    return mpmath.fprod(map(_float, values))


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        whole = int(exponent)
        if base == 0 and whole < 0:
            raise NoValueError("a power of 0")
        if abs(whole) <= HIGHEST:
            return base**whole
        return mpmath.power(_float(base), whole)
    if base == 0:
        if exponent < 0:
            raise NoValueError("a power of 0")
        return Fraction(0)
    if base < 0:
        raise NoValueError("a root of a negative number")
    if base == 1:
        return Fraction(1)
    if isinstance(base, Fraction) and isinstance(exponent, Fraction) and exponent.denominator == 2:
        tops = math.isqrt(base.numerator), math.isqrt(base.denominator)
        if (tops[0] ** 2, tops[1] ** 2) == (base.numerator, base.denominator):
            return Fraction(*tops) ** int(2 * exponent)
    return mpmath.power(_float(base), _float(exponent))


def search(statement: Statement, seed: int, draws: int) -> tuple[int, str]:
    """Points at which the statement held, and one at which it fails, or the empty string.

    What fails is looked at again with many more digits, for large terms may cancel.
    """
    held = 0
    for draw in range(draws):
        key = f"{seed}|{draw}"
        found, values = _at_point(statement, key, DIGITS)
        if found:
            found, values = _at_point(statement, key, 8 * DIGITS)
        if found:
            shown = itertools.islice(sorted(values.items()), 30)
            return held, ", ".join(f"{name} = {value}" for name, value in shown) + ": " + found
        held += found is not None
    return held, ""


def _at_point(statement: Statement, key: str, digits: int) -> tuple[str | None, dict[str, Any]]:
    """What is wrong at a point: nothing; None where its hypotheses fail or it cannot be told."""
    point = Point(statement, key)
    with mpmath.workdps(digits):
        try:
            if not all(point.holds(claim, {}) for claim in statement.given):
                return None, {}
        except (NoValueError, CannotTellError, OverflowError):
            return None, {}
        try:
            return ("" if point.holds(statement.claim, {}) else "false"), point.values
        except NoValueError as error:
            return f"undefined, {error}", point.values
        except (CannotTellError, OverflowError):
            return None, {}
