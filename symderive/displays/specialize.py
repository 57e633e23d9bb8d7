r"""Displays at a number of hidden layers: D is a number, and what that makes of exponents and sums.

``T_{D}`` is ``T_{2}``, ``(D+1) \lVert m \rVert^{2/(D+1)}`` is ``3 \lVert m \rVert^{2/3}``.  Only what
speaks of the depth is touched; the rest stays as its author wrote it.  What is made is a display like any
other: it is printed, read back and unfolded as those are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from fractions import Fraction
from math import gcd
from typing import Any

from symderive.displays import nodes as n
from symderive.errors import InputError

DEPTH = n.Name("D")

#: Most layers over which a sum or a product is written out.
MOST_WRITTEN = 4

#: Largest value of a power of numbers that is worked out.
_LARGEST = 10**6

_Rule = Callable[[n.Node], n.Node]


def at_depth(node: n.Node, depth: int) -> n.Node:
    """The display at D = ``depth`` ≥ 1.

    :class:`InputError` where it says nothing there: a direct sum over no layer.

    >>> from symderive.displays.nodes import Name, Number, Power, Product, Sum, Term
    >>> at_depth(Power(Name("x"), Sum((Term(DEPTH), Term(Number(1))))), 2)
    Power(base=Name(tex='x', subscripts=()), exponent=Number(value=3))
    """
    if isinstance(depth, bool) or not isinstance(depth, int) or depth < 1:
        raise InputError(f"depth is {depth}; give a number of hidden layers, 1 or more.")
    return _with(node, DEPTH, n.Number(depth))


def truth(node: n.Node) -> bool | None:
    r"""Whether a claim about numbers holds, ``2 \ge 2`` for ``D \ge 2``; None for a claim about letters."""
    if not isinstance(node, n.Chain):
        return None
    values = [_value(part) for part in (node.first, *(link.node for link in node.links))]
    holds: bool | None = True
    for left, link, right in zip(values, node.links, values[1:], strict=False):
        if left is None or right is None or link.sign not in _HOLDS:
            holds = None
        elif not _HOLDS[link.sign](left, right):
            return False
    return holds


_HOLDS: dict[n.Sign, Callable[[Fraction, Fraction], bool]] = {
    n.Sign.EQUAL: lambda left, right: left == right,
    n.Sign.LESS: lambda left, right: left < right,
    n.Sign.GREATER: lambda left, right: left > right,
    n.Sign.AT_MOST: lambda left, right: left <= right,
    n.Sign.AT_LEAST: lambda left, right: left >= right,
    n.Sign.DIFFERENT: lambda left, right: left != right,
}


def _with(node: n.Node, name: n.Name, value: n.Node) -> n.Node:
    """A node with a value for a name, where it is not bound; what this changes is worked out."""
    if node == name:
        return value
    match node:
        case n.Fold(index=index) if index == name:
            # Its range lies outside.
            made: n.Node = replace(
                node, low=_with(node.low, name, value), high=_with(node.high, name, value)
            )
        case n.Limit(variable=variable) if variable == name:
            return replace(node, target=_with(node.target, name, value))
        case _:
            made = _mapped(node, lambda part: _with(part, name, value))
    return node if made == node else _worked_out(made)


def _mapped(node: n.Node, rule: _Rule) -> n.Node:
    """A node with every part replaced by what a rule makes of it."""

    def on(part: Any) -> Any:
        if isinstance(part, n.Node):
            return rule(part)
        return tuple(map(on, part)) if isinstance(part, tuple) else part

    parts = {part.name: on(getattr(node, part.name)) for part in fields(node)}  # type: ignore[arg-type]
    return replace(node, **parts)  # type: ignore[type-var]


def _worked_out(node: n.Node) -> n.Node:
    match node:
        case n.Sum():
            return _sum(node.terms)
        case n.Product():
            return _product(node.factors)
        case n.Quotient():
            return _quotient(node.above, node.below)
        case n.Power():
            return _power(node.base, node.exponent)
        case n.Inverse() if (value := _value(node.body)) is not None and value != 0:
            return _number(1 / value)
        case n.DirectSum():
            return _direct_sum(node.parts)
        case n.Fold():
            return _fold(node)
    return node


# -- numbers -----------------------------------------------------------------------------------------------


def _value(node: n.Node) -> Fraction | None:
    """The number that a node is as it stands; None for anything else."""
    match node:
        case n.Number(value):
            return Fraction(value)
        case n.Quotient(n.Number(above), n.Number(below)) if below:
            return Fraction(above, below)
        case n.Sum((n.Term(body, True),)) if (positive := _value(body)) is not None:
            return -positive
    return None


def _number(value: Fraction) -> n.Node:
    if value < 0:
        return n.Sum((n.Term(_number(-value), negative=True),))
    above, below = n.Number(value.numerator), n.Number(value.denominator)
    return above if value.denominator == 1 else n.Quotient(above, below)


def _sum(terms: tuple[n.Term, ...]) -> n.Node:
    """Terms with those that are numbers as one, in the place of the first."""
    flat: list[n.Term] = []
    for term in terms:
        inner = term.body.terms if isinstance(term.body, n.Sum) else (n.Term(term.body),)
        flat += [n.Term(part.body, negative=part.negative != term.negative) for part in inner]
    signed = [(term, _value(term.body)) for term in flat]
    values = [-value if term.negative else value for term, value in signed if value is not None]
    total, done = sum(values, Fraction(0)), False
    kept: list[n.Term] = []
    for term, value in signed:
        if value is None:
            kept.append(term)
        elif not done:
            done = True
            kept += [n.Term(_number(abs(total)), negative=total < 0)] if total else []
    if not kept:
        return n.Number(0)
    first = next((term for term in kept if not term.negative), None)
    if first and kept[0].negative and _value(kept[0].body) is not None:
        # -1 + x is written x - 1.
        kept.remove(first)
        kept.insert(0, first)
    return kept[0].body if len(kept) == 1 and not kept[0].negative else n.Sum(tuple(kept))


def _product(factors: tuple[n.Node, ...]) -> n.Node:
    """Factors with those that are numbers as one in front, where there are several or it is 0, 1 or < 0."""
    flat = [part for factor in factors for part in _factors(factor)]
    values = [value for part in flat if (value := _value(part)) is not None]
    total = Fraction(1)
    for value in values:
        total *= value
    if not total:
        return n.Number(0)
    if len(values) == 1 and total > 0 and total != 1:
        return _of_factors(flat)
    rest = [part for part in flat if _value(part) is None]
    front = [] if abs(total) == 1 else [_number(abs(total))]
    body = _of_factors([*front, *rest])
    return n.Sum((n.Term(body, negative=True),)) if total < 0 else body


def _factors(node: n.Node) -> tuple[n.Node, ...]:
    return node.factors if isinstance(node, n.Product) else (node,)


def _of_factors(factors: list[n.Node]) -> n.Node:
    if not factors:
        return n.Number(1)
    return factors[0] if len(factors) == 1 else n.Product(tuple(factors))


def _quotient(above: n.Node, below: n.Node) -> n.Node:
    """A fraction of numbers in lowest terms; whole numbers in front of above and below are, too."""
    over, under = _value(above), _value(below)
    if over is not None and under:
        return _number(over / under)
    (top, *up), (bottom, *down) = _factors(above), _factors(below)
    if (
        isinstance(top, n.Number)
        and isinstance(bottom, n.Number)
        and (common := gcd(top.value, bottom.value))
    ):
        above = _product((n.Number(top.value // common), *up))
        below = _product((n.Number(bottom.value // common), *down))
    return above if below == n.Number(1) else n.Quotient(above, below)


def _power(base: n.Node, exponent: n.Node) -> n.Node:
    number, times = _value(base), _value(exponent)
    if times is None:
        return n.Power(base, exponent)
    if times == 1:
        return base
    if times == 0 or number == 1:
        return n.Number(1)
    if times == -1 and number is None:
        return n.Inverse(base)
    if number and times.denominator == 1 and abs(times) <= _LARGEST.bit_length():
        made = number ** int(times)
        if max(abs(made.numerator), made.denominator) <= _LARGEST:
            return _number(made)
    return n.Power(base, exponent)


# -- sums, products and direct sums over layers ------------------------------------------------------------


def _fold(fold: n.Fold) -> n.Node:
    """A fold over a range of numbers written out, where that is short."""
    match fold.low, fold.high:
        case n.Number(low), n.Number(high):
            pass
        case n.Number(low), n.Sum((n.Term(n.Number(below), True),)):
            high = -below
        case _:
            return fold
    if high - low >= MOST_WRITTEN:
        return fold
    bodies = [_with(fold.body, fold.index, n.Number(at)) for at in range(low, high + 1)]
    if fold.kind == "sum":
        return _sum(tuple(map(n.Term, bodies)))
    if fold.kind == "prod":
        return _of_factors([part for body in bodies for part in _factors(_product((body,)))])
    if not bodies:
        raise InputError("The display says nothing at this depth: it has a direct sum over no layer.")
    return _direct_sum(tuple(bodies))


def _direct_sum(parts: tuple[n.Node, ...]) -> n.Node:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, n.DirectSum) else (part,))]
    return flat[0] if len(flat) == 1 else n.DirectSum(tuple(flat))
