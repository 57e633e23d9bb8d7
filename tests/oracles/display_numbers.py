"""Displays in numbers: matrices by NumPy, and what they unfold to by adding up entries; no code is shared.

:func:`matrix` evaluates a node of a display with arrays for its names; :func:`number` evaluates a SymPy
expression with functions for its families, walking through sums index by index.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import sympy as sp

from symderive.displays import nodes as n

#: What names stand for: arrays (or numbers) by tex and integer subscripts; calls are functions of arrays.
Values = Callable[[str, tuple[int, ...]], Any]


def matrix(node: n.Node, names: Values, bound: Mapping[str, int] | None = None) -> Any:
    """The value of a display: a float or a two-dimensional array."""

    def of(part: n.Node, **more: int) -> Any:
        return matrix(part, names, {**(bound or {}), **more})

    match node:
        case n.Number():
            return float(node.value)
        case n.Name():
            if not node.subscripts and node.tex in (bound or {}):
                return float((bound or {})[node.tex])
            subscripts = [part for part in node.subscripts if part != n.Name("u")]
            literal = "_u" if len(subscripts) < len(node.subscripts) else ""
            return names(node.tex + literal, tuple(int(of(part)) for part in subscripts))
        case n.Call():
            return names(node.name.tex, ())(*(of(part) for part in node.arguments))
        case n.Sum():
            return _added([-1 * of(t.body) if t.negative else of(t.body) for t in node.terms])
        case n.Product():
            total: Any = 1.0
            for factor in map(of, node.factors):
                both = np.ndim(total) == np.ndim(factor) == 2
                total = _plain(total @ factor) if both else total * factor
            return total
        case n.Quotient():
            return of(node.above) / of(node.below)
        case n.Power():
            base, exponent = of(node.base), of(node.exponent)
            return np.linalg.matrix_power(base, int(exponent)) if np.ndim(base) else base**exponent
        case n.Inverse():
            base = of(node.body)
            return np.linalg.inv(base) if np.ndim(base) else 1 / base
        case n.Transpose():
            return np.transpose(of(node.body))
        case n.Root():
            return math.sqrt(of(node.body))
        case n.Norm():
            return float(np.sqrt(np.sum(np.square(of(node.body)))))
        case n.Apply(operator="Diag"):
            body = of(node.body)
            return np.diag(np.diag(body)) if body.shape[0] == body.shape[1] else np.diag(body.ravel())
        case n.Apply(operator="tr"):
            return float(np.trace(of(node.body)))
        case n.Apply(operator="ln" | "exp"):
            return {"ln": math.log, "exp": math.exp}[node.operator](of(node.body))
        case n.Fold(kind="sum" | "prod"):
            low, high = int(of(node.low)), int(of(node.high))
            parts = [of(node.body, **{node.index.tex: at}) for at in range(low, high + 1)]
            return sum(parts) if node.kind == "sum" else math.prod(parts)
        case n.Binomial():
            return math.comb(int(of(node.above)), int(of(node.below)))
    raise AssertionError(f"no numbers for {type(node).__name__}")


class _Identity:
    """A multiple of the identity of any size."""

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor

    def __mul__(self, factor: float) -> _Identity:
        return _Identity(self.factor * factor)

    __rmul__ = __mul__


IDENTITY = _Identity()


def _added(parts: list[Any]) -> Any:
    size = next((len(part) for part in parts if np.ndim(part) == 2), 0)
    return sum(part.factor * np.eye(size) if isinstance(part, _Identity) else part for part in parts)


def _plain(value: Any) -> Any:
    return float(value[0, 0]) if value.shape == (1, 1) else value


def number(expression: Any, letters: Mapping[str, Any], bound: Mapping[Any, int] | None = None) -> float:
    """The value of an expression in entries; ``letters`` are numbers, or functions of indices."""
    bound = dict(bound or {})

    def of(part: Any) -> float:
        return number(part, letters, bound)

    match expression:
        case sp.Rational():
            return float(expression)
        case sp.Symbol():
            return float(bound[expression]) if expression in bound else float(letters[str(expression)])
        case sp.Indexed():
            indices = (round(of(index)) for index in expression.indices)
            return float(letters[str(expression.base.label)](*indices))
        case sp.Add():
            return sum(map(of, expression.args))
        case sp.Mul():
            return math.prod(map(of, expression.args))
        case sp.Pow():
            return of(expression.base) ** of(expression.exp)
        case sp.KroneckerDelta():
            return float(of(expression.args[0]) == of(expression.args[1]))
        case sp.log():
            return math.log(of(expression.args[0]))
        case sp.exp():
            return math.exp(of(expression.args[0]))
        case sp.binomial():
            return math.comb(*(round(of(part)) for part in expression.args))
        case sp.Sum() | sp.Product():
            *inner, (index, low, high) = expression.limits
            rest = expression.func(expression.function, *inner) if inner else expression.function
            values = [
                number(rest, letters, {**bound, index: at})
                for at in range(round(of(low)), round(of(high)) + 1)
            ]
            return sum(values) if isinstance(expression, sp.Sum) else math.prod(values)
    raise AssertionError(f"no number for {type(expression).__name__}")
