"""Typed expressions, equal ones being one object, so that common subexpressions are shared by birth.

A node is an operation on nodes.  Its type says whether it is a number or a truth value, and whether there
is one of it or one for each feature (a vector); an operation on a vector and a number acts on every
entry.  Rational constants are exact and are folded exactly; nothing else is rearranged, so that the order
of rounding is the order in which a formula was written.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias
from weakref import WeakValueDictionary

from symderive.errors import InputError

#: What operators accept besides nodes.
Operand: TypeAlias = "Node | int | Fraction"


@dataclass(frozen=True)
class Type:
    """``kind`` is "real" or "bool"; ``vector`` says that there is one for each feature."""

    kind: str
    vector: bool = False


REAL, BOOL, VECTOR = Type("real"), Type("bool"), Type("real", vector=True)


@dataclass(frozen=True)
class Operation:
    """One row of the table of operations.

    ``takes`` holds the kinds of the arguments, ``gives`` the kind of the result.  ``fold`` computes the
    result from constants exactly; None where that cannot be.  ``reduces`` says that a vector becomes a
    number.  ``cost`` is the name under which the operation is counted.
    """

    takes: tuple[str, ...]
    gives: str = "real"
    fold: Callable[..., Any] | None = None
    reduces: bool = False
    cost: str = ""


_ONE, _TWO = ("real",), ("real", "real")

#: Every operation that a solver is made of; targets hold one row of text for each.
OPERATIONS: dict[str, Operation] = {
    "add": Operation(_TWO, fold=lambda x, y: x + y, cost="additions"),
    "sub": Operation(_TWO, fold=lambda x, y: x - y, cost="additions"),
    "neg": Operation(_ONE, fold=lambda x: -x),
    "mul": Operation(_TWO, fold=lambda x, y: x * y, cost="multiplications"),
    "div": Operation(_TWO, fold=lambda x, y: x / y if y else None, cost="divisions"),
    "pow": Operation(_TWO, cost="powers"),
    "sqrt": Operation(_ONE, cost="square roots"),
    "exp": Operation(_ONE, cost="exponentials"),
    "expm1": Operation(_ONE, cost="exponentials"),
    "log": Operation(_ONE, cost="logarithms"),
    "log1p": Operation(_ONE, cost="logarithms"),
    "abs": Operation(_ONE, fold=abs),
    # x = mantissa · 2^exponent with 1/2 ≤ |mantissa| < 1, exactly; whatever comes for 0, NaN and infinities
    # must not raise, and makes what is built from it no number or a 0.
    "mantissa": Operation(_ONE),
    "exponent": Operation(_ONE),
    "min": Operation(_TWO, fold=min, cost="comparisons"),
    "max": Operation(_TWO, fold=max, cost="comparisons"),
    "lt": Operation(_TWO, "bool", lambda x, y: x < y, cost="comparisons"),
    "le": Operation(_TWO, "bool", lambda x, y: x <= y, cost="comparisons"),
    "eq": Operation(_TWO, "bool", lambda x, y: x == y, cost="comparisons"),
    "and": Operation(("bool", "bool"), "bool"),
    "or": Operation(("bool", "bool"), "bool"),
    "not": Operation(("bool",), "bool", lambda x: not x),
    "select": Operation(("bool", "real", "real")),
    "choose": Operation(("bool", "bool", "bool"), "bool"),
    "sum": Operation(_ONE, reduces=True, cost="additions"),
    "top": Operation(_ONE, reduces=True, cost="comparisons"),
    "ln": Operation(_ONE, cost="logarithms"),
    "unit": Operation(_ONE, cost="comparisons"),
    "exp_above": Operation(_ONE, cost="exponentials"),
    "log_below": Operation(_ONE, cost="logarithms"),
}

#: What operations are on any numbers that have operators, such as those of SymPy and mpmath.
ARITHMETIC: dict[str, Callable[..., Any]] = {
    "add": operator.add,
    "sub": operator.sub,
    "neg": operator.neg,
    "mul": operator.mul,
    "div": operator.truediv,
    "pow": operator.pow,
}

#: Operations of proofs in doubles, which only targets of certified solvers offer: ``ln``, a logarithm made
#: of IEEE operations alone, wrong by at most 2⁻⁵³(4 + |ln y|) at a positive normal y and NaN elsewhere, and
#: ``unit``, the largest power of two up to a positive normal number.
PROVED = ("ln", "unit")

#: Quick bounds that a target may write instead of a function: of exp from above at x ≤ 0, at most by 1/5000
#: of it down to e⁻⁷⁰⁰ (e⁻⁸⁰ in single precision), and of ln from below at normal x ≥ 1, at most by 1/800.
BOUNDS = {"exp": "exp_above", "log": "log_below"}

#: Largest power that is written as a product.
MOST_FACTORS = 64

#: Constants of the target's numbers: the distance from 1 to the next one, the least normal one, and ln 2.
MACHINE = ("epsilon", "tiny", "ln2")


class Node:
    """An operation on other nodes, or a leaf: ``constant``, ``input`` or ``machine`` with its ``value``.

    Make nodes with :func:`number`, :func:`symbol`, :func:`machine`, :func:`apply` and with operators.
    """

    __slots__ = ("__weakref__", "args", "op", "type", "value")

    op: str
    args: tuple[Node, ...]
    type: Type
    value: Any

    def __add__(self, other: Operand) -> Node:
        return apply("add", self, other)

    def __radd__(self, other: Operand) -> Node:
        return apply("add", other, self)

    def __sub__(self, other: Operand) -> Node:
        return apply("sub", self, other)

    def __rsub__(self, other: Operand) -> Node:
        return apply("sub", other, self)

    def __mul__(self, other: Operand) -> Node:
        return apply("mul", self, other)

    def __rmul__(self, other: Operand) -> Node:
        return apply("mul", other, self)

    def __truediv__(self, other: Operand) -> Node:
        return apply("div", self, other)

    def __rtruediv__(self, other: Operand) -> Node:
        return apply("div", other, self)

    def __neg__(self) -> Node:
        return apply("neg", self)

    def __abs__(self) -> Node:
        return apply("abs", self)

    def __lt__(self, other: Operand) -> Node:
        return apply("lt", self, other)

    def __gt__(self, other: Operand) -> Node:
        return apply("lt", other, self)

    def __le__(self, other: Operand) -> Node:
        return apply("le", self, other)

    def __ge__(self, other: Operand) -> Node:
        return apply("le", other, self)

    def __and__(self, other: Node) -> Node:
        return apply("and", self, other)

    def __or__(self, other: Node) -> Node:
        return apply("or", self, other)

    def __invert__(self) -> Node:
        return apply("not", self)

    def __bool__(self) -> bool:
        raise TypeError("a node has no truth value; use select")

    def __repr__(self) -> str:
        inside = [repr(self.value)] if not self.args else [repr(arg) for arg in self.args]
        return f"{self.op}({', '.join(inside)})"

    @property
    def is_constant(self) -> bool:
        return self.op == "constant"


_KNOWN: WeakValueDictionary[tuple[Any, ...], Node] = WeakValueDictionary()


def _intern(op: str, args: tuple[Node, ...], type: Type, value: Any) -> Node:  # noqa: A002
    # True equals 1, which must stay a number.
    key = (op, args, type, value, isinstance(value, bool))
    node = _KNOWN.get(key)
    if node is None:
        node = object.__new__(Node)
        node.op, node.args, node.type, node.value = op, args, type, value
        _KNOWN[key] = node
    return node


def number(value: int | Fraction | bool) -> Node:
    """A rational constant, or a truth value.

    >>> number(1) / 3 + Fraction(1, 6)
    constant(Fraction(1, 2))
    """
    if isinstance(value, bool):
        return _intern("constant", (), BOOL, value)
    return _intern("constant", (), REAL, Fraction(value))


def symbol(name: str, type: Type = REAL) -> Node:  # noqa: A002
    """An input of a block."""
    return _intern("input", (), type, name)


def machine(name: str) -> Node:
    """A constant of the target's numbers, one of :data:`MACHINE`."""
    if name not in MACHINE:
        raise InputError(f"{name} is no known constant of numbers; those are {', '.join(MACHINE)}.")
    return _intern("machine", (), REAL, name)


def apply(op: str, *operands: Operand) -> Node:
    """The node of one operation.

    >>> x = symbol("x")
    >>> apply("sqrt", x) is apply("sqrt", x), x + 0 is x
    (True, True)

    Raises :class:`InputError` for an operation that is not in the table and for arguments that do not fit.
    """
    rule = OPERATIONS.get(op)
    if rule is None:
        raise InputError(f"{op} is no operation of a solver; those are {', '.join(OPERATIONS)}.")
    args = tuple(value if isinstance(value, Node) else number(value) for value in operands)
    if tuple(arg.type.kind for arg in args) != rule.takes:
        raise InputError(f"{op} takes {', '.join(rule.takes)}; it was given {args}.")
    if (shorter := _shorter(op, args)) is not None:
        return shorter
    if rule.fold is not None and all(arg.is_constant for arg in args):
        folded = rule.fold(*(arg.value for arg in args))
        if folded is not None:
            return number(folded)
    vector = any(arg.type.vector for arg in args)
    if rule.reduces and not vector:
        raise InputError(f"{op} takes one value for each feature; it was given {args}.")
    return _intern(op, args, Type(rule.gives, vector and not rule.reduces), None)


def _shorter(op: str, args: tuple[Node, ...]) -> Node | None:
    """What it comes to where a constant or equal arguments decide; exact in any arithmetic."""
    zero, one = number(0), number(1)
    match op, args:
        case ("add", (x, y)) if zero in (x, y):
            return y if x is zero else x
        case ("sub", (x, y)) if y is zero:
            return x
        case ("mul", (x, y)) if one in (x, y):
            return y if x is one else x
        case ("div", (x, y)) if y is one:
            return x
        case ("pow", (x, y)) if y is one:
            return x
        case ("and" | "or", (x, y)) if x.is_constant or y.is_constant:
            constant, other = (x, y) if x.is_constant else (y, x)
            return other if constant.value == (op == "and") else constant
        case ("select" | "choose", (condition, x, y)):
            if condition.is_constant:
                return x if condition.value else y
            return x if x is y else None
    return None


def _function(op: str) -> Callable[..., Node]:
    def function(*operands: Operand) -> Node:
        return apply(op, *operands)

    function.__name__, function.__doc__ = op, f"The node of the operation ``{op}``."
    return function


sqrt, exp, expm1, log, log1p = map(_function, ("sqrt", "exp", "expm1", "log", "log1p"))
least, most, equal = map(_function, ("min", "max", "eq"))
total, top = map(_function, ("sum", "top"))
mantissa, exponent = map(_function, ("mantissa", "exponent"))
ln, unit = map(_function, PROVED)


def power(base: Node, exponent: Operand) -> Node:
    """base to a real power, base > 0; whole numbers up to MOST_FACTORS are multiplied out.

    >>> x = symbol("x")
    >>> power(x, 3) is x * x * x, power(x, -2) is 1 / (x * x), power(x, Fraction(1, 2)).op
    (True, True, 'pow')
    """
    order = exponent.value if isinstance(exponent, Node) and exponent.is_constant else exponent
    if isinstance(order, Node) or order != int(order) or not 0 < abs(order) <= MOST_FACTORS:
        return apply("pow", base, exponent)
    result, square, rest = number(1), base, abs(int(order))
    while rest:
        if rest % 2:
            result = square * result
        square, rest = square * square, rest // 2
    return result if order > 0 else 1 / result


def select(condition: Node, yes: Operand | bool, no: Operand | bool) -> Node:
    """``yes`` where the condition holds, else ``no``; numbers or truth values."""
    either = [value if isinstance(value, Node) else number(value) for value in (yes, no)]
    return apply("choose" if either[0].type.kind == "bool" else "select", condition, *either)
