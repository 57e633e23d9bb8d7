"""Atoms of emitted LaTeX: names, numbers, calls, brackets, tables; for :mod:`symderive.latex.reader`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy.core.function import UndefinedFunction
from sympy.logic.boolalg import Boolean
from sympy.matrices.expressions.matexpr import MatrixElement

from symderive.latex.cursor import TOKEN, Cursor

_SCALAR_FUNCTIONS: dict[str, Any] = {
    r"\exp": sp.exp,
    r"\ln": sp.log,
    r"\sin": sp.sin,
    r"\cos": sp.cos,
    r"\tan": sp.tan,
    r"\sinh": sp.sinh,
    r"\cosh": sp.cosh,
    r"\tanh": sp.tanh,
    r"\arctan": sp.atan,
    r"\max": sp.Max,
    r"\min": sp.Min,
    r"\Gamma": sp.gamma,
    r"\mathcal{O}": sp.Order,
    r"\operatorname{Re}": sp.re,
    r"\operatorname{Im}": sp.im,
    r"\operatorname{sign}": sp.sign,
    r"\operatorname{ln\Gamma}": sp.loggamma,
}


def _diagonal(argument: Any) -> Any:
    return sp.DiagMatrix(argument) if 1 in argument.shape else sp.DiagonalMatrix(argument)


_MATRIX_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    r"\det": sp.Determinant,
    r"\operatorname{tr}": sp.Trace,
    r"\operatorname{Diag}": _diagonal,
    r"\operatorname{diag}": sp.matrices.expressions.diagonal.DiagonalOf,
}

_CONSTANTS = {r"\pi": sp.pi, r"\infty": sp.oo, r"\mathrm{i}": sp.I}
#: Largest whole number whose factorial is worked out, and most bits of a power.
_LARGEST, MOST_BITS = 10_000, 1_000_000
_CLOSERS = {"(": ")", "[": "]"}


class Atoms(Cursor, ABC):
    """Reads whatever stands between operators; what is inside brackets is up to the grammar."""

    def __init__(self, tokens: list[str], names: Mapping[str, Any]) -> None:
        super().__init__(tokens, names)
        self.call_end = -1  # position after the last call of a known function
        self.norms = {
            key: meaning for key, meaning in names.items() if key.startswith(r"\lVert\cdot\rVert")
        }

    @abstractmethod
    def statement(self) -> Any:
        """Anything that may stand in parentheses."""

    @abstractmethod
    def sum(self) -> Any:
        """A number or a matrix."""

    @abstractmethod
    def starts_factor(self) -> bool:
        """Whether a factor of a product comes next."""

    @abstractmethod
    def product(self, factors: list[Any]) -> Any:
        """The product of numbers and matrices."""

    def truth(self, thing: Any) -> Any:
        return thing if is_condition(thing) else self.fail("expected a condition")

    def value(self, thing: Any) -> Any:
        return thing if not is_condition(thing) else self.fail("expected a value")

    def listed(self, closer: str) -> list[Any]:
        items = [self.statement()]
        while self.skip(","):
            items.append(self.statement())
        self.take(closer)
        return items

    def atom(self) -> Any:
        found, value = self.name()
        if found:
            return value
        for table, rule in ((_SCALAR_FUNCTIONS, self.scalar_call), (_MATRIX_FUNCTIONS, self.matrix_call)):
            for tex, function in table.items():
                if self.skip(*TOKEN.findall(tex), "("):
                    result = rule(function)
                    self.call_end = self.at
                    return result
        for tex, constant in _CONSTANTS.items():
            if self.skip(*TOKEN.findall(tex)):
                return constant
        if self.skip(*TOKEN.findall(r"\mathrm{e}")):
            return sp.exp(self.group(self.sum)) if self.skip("^") else sp.E
        token = self.take()
        if token[0].isdigit():
            return sp.Float(token) if "." in token else sp.Integer(token)
        if token == "(":
            return self.closed(self.statement, ")")
        if token == r"\frac":
            above = self.value(self.group(self.sum))
            return self.product([above, 1 / self.value(self.group(self.sum))])
        if token == r"\binom":
            return sp.binomial(self.modest(self.group(self.sum)), self.modest(self.group(self.sum)))
        if token == r"\sqrt":
            return sp.sqrt(self.group(self.sum))
        if token == r"\lvert":
            return sp.Abs(self.closed(self.sum, r"\rvert"))
        if token == r"\lVert":
            return self.norm()
        if token == r"\begin{cases}":
            return self.cases()
        if token in (r"\begin{pmatrix}", r"\begin{smallmatrix}"):
            return self.matrix(token.replace("begin", "end"))
        self.at -= 1
        return self.fail("an unknown name or sign")

    def closed(self, rule: Callable[[], Any], closer: str) -> Any:
        result = rule()
        self.take(closer)
        return result

    def scalar_call(self, function: Any) -> Any:
        arguments = [self.value(argument) for argument in self.listed(")")]
        if function in (sp.gamma, sp.loggamma):
            self.modest(*arguments)
        return function(*arguments)

    def modest(self, number: Any, *others: Any) -> Any:
        """``number``, unless one of the whole numbers given would fill the memory as a factorial."""
        if any(value.is_Integer and abs(value) > _LARGEST for value in (number, *others)):
            self.fail(f"a whole number beyond {_LARGEST}")
        return number

    def matrix_call(self, function: Callable[[Any], Any]) -> Any:
        argument = self.closed(self.sum, ")")
        if isinstance(argument, MatrixElement) and argument.parent.shape == (1, 1):
            argument = argument.parent
        return function(argument) if is_matrix(argument) else self.fail("expected a matrix")

    def norm(self) -> Any:
        argument = self.closed(self.sum, r"\rVert")
        for key, function in sorted(self.norms.items(), key=lambda row: -len(row[0])):
            if self.skip(*TOKEN.findall(key.removeprefix(r"\lVert\cdot\rVert"))):
                return function(argument)
        return self.fail("a norm that is not among the names")

    def name(self) -> tuple[bool, Any]:
        """The longest name that comes next, with its indices or arguments."""
        for tokens, meaning in self.names:
            *head, last = tokens
            end = self.at + len(head)
            if self.tokens[self.at : end] != head:
                continue
            if last in ("(", "[") and (function := self.applied(end, last, meaning)):
                return True, function[0]
            if self.tokens[end : end + 1] != [last] or last in ("(", "["):
                continue
            before, self.at = self.at, end + 1
            if (last == "{" and head[-1] == "_") or last == ",":
                if self.peek() == "}":
                    self.at = before
                    continue
                return True, self.element(meaning, self.listed("}"))
            return True, meaning
        return False, None

    def applied(self, end: int, opener: str, function: Any) -> tuple[Any] | None:
        """A function applied to its arguments, perhaps with primes; None if no bracket follows."""
        primes = 0
        while self.tokens[end + primes : end + primes + 1] == ["'"]:
            primes += 1
        if self.tokens[end + primes : end + primes + 1] != [opener]:
            return None
        self.at = end + primes + 1
        arguments = [self.value(argument) for argument in self.listed(_CLOSERS[opener])]
        if not primes:
            return (function(*arguments),)
        if len(arguments) != 1 or not isinstance(function, UndefinedFunction):
            self.fail("a prime on a function that has none")
        (argument,) = arguments
        if argument.is_Symbol:
            return (sp.Derivative(function(argument), (argument, primes)),)
        inner = sp.Dummy("xi")
        return (sp.Subs(sp.Derivative(function(inner), (inner, primes)), inner, argument),)

    def element(self, family: Any, indices: list[Any]) -> Any:
        if isinstance(family, sp.MatrixSymbol):
            return family[(*indices, 0) if len(indices) == 1 else tuple(indices)]
        return family(*indices) if family is sp.KroneckerDelta else family[tuple(indices)]

    def name_only(self) -> Any:
        found, value = self.name()
        return value if found else self.fail("expected a name")

    def cases(self) -> Any:
        before = self.tokens[self.at - 2] if self.at > 1 else ""
        if before in ("+", "-", "}", ")") or before.isalnum():
            self.fail("cases beside another term or factor need brackets")
        rows = []
        while not self.skip(r"\end{cases}"):
            value = self.value(self.sum())
            self.take("&")
            if self.skip(r"\text{otherwise}"):
                rows.append((value, sp.true))
            else:
                self.take(r"\text{if }")
                rows.append((value, self.truth(self.statement())))
            if not self.skip(r"\\") and self.peek() != r"\end{cases}":
                self.fail("expected a new row")
        if self.starts_factor() or self.peek() in ("+", "-", "^", "!"):
            self.fail("cases beside another term or factor need brackets")
        return sp.Piecewise(*rows)

    def matrix(self, end: str) -> Any:
        rows: list[list[Any]] = [[]]
        while True:
            rows[-1].append(self.value(self.sum()))
            mark = self.take("&", r"\\", end)
            if mark == end:
                break
            if mark == r"\\":
                rows.append([])
        if len({len(row) for row in rows}) != 1:
            self.fail("rows of different lengths")
        blocks = any(is_matrix(entry) for row in rows for entry in row)
        return sp.BlockMatrix(rows) if blocks else sp.ImmutableMatrix(rows)


def is_condition(thing: Any) -> bool:
    return isinstance(thing, Boolean) and not isinstance(thing, sp.Expr)  # a Symbol is both


def is_matrix(thing: Any) -> bool:
    return bool(getattr(thing, "is_Matrix", False))
