"""Expressions without inputs, whose value in double precision is known when a file is written.

A specialized block is full of them, such as (1/3)^(1/3); functions of array libraries refuse plain numbers
or lose their precision.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from mpmath import MPContext

from symderive.errors import InputError
from symderive.export.ir.nodes import ARITHMETIC, Node

#: Bits with which they are computed, before the one rounding to a double.
BITS = 200

_mp = MPContext()
_mp.prec = BITS

#: The constants of double precision.
DOUBLES = {"epsilon": _mp.mpf(2) ** -52, "tiny": _mp.mpf(2) ** -1022, "ln2": +_mp.ln2}

_RULES: dict[str, Callable[..., Any]] = {
    **ARITHMETIC,
    "abs": abs,
    "mantissa": lambda x: _mp.frexp(x)[0],
    "exponent": lambda x: _mp.mpf(_mp.frexp(x)[1]),
    "min": min,
    "max": max,
    **{name: getattr(_mp, name) for name in ("sqrt", "exp", "expm1", "log", "log1p")},
}


@cache
def is_closed(node: Node) -> bool:
    """Whether a number uses no input.

    >>> from symderive.export.ir.nodes import number, sqrt, symbol
    >>> is_closed(sqrt(number(2))), is_closed(sqrt(symbol("x")))
    (True, False)
    """
    if node.args:
        return node.op in _RULES and all(map(is_closed, node.args))
    return node.type.kind == "real" and node.op != "input"


def nearest_double(node: Node) -> float:
    """The value of a closed expression.

    >>> from symderive.export.ir.nodes import number, sqrt
    >>> nearest_double(sqrt(number(2)))
    1.4142135623730951

    Raises :class:`InputError` where it is no real number that doubles hold.
    """
    try:
        value = float(_value(node))
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        value = float("nan")
    if not abs(value) < float("inf"):
        raise InputError(f"{node} has no value that doubles hold.")
    return value


def _value(node: Node) -> Any:
    if node.is_constant:
        return _mp.mpf(node.value.numerator) / node.value.denominator
    if node.op == "machine":
        return DOUBLES[node.value]
    return _RULES[node.op](*map(_value, node.args))
