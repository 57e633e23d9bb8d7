"""Counts of rounding errors, read off the nodes of a block: what the certified bounds must not undercut.

A computed positive number is the true one times some factors 1 + ε, |ε| ≤ u.  Their number is a polynomial
of degree one in d and k, ``(constant, per d, per k)``; of a sum of positive terms it is the largest of its
terms', and one for each addition.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symderive.export.ir.nodes import Node

Count = tuple[Fraction, Fraction, Fraction]

EXACT: Count = (Fraction(0), Fraction(0), Fraction(0))
ONE: Count = (Fraction(1), Fraction(0), Fraction(0))
GIVEN: Count = (Fraction(0), Fraction(0), Fraction(1))


def plus(*counts: Count) -> Count:
    return tuple(map(sum, zip(*counts, strict=True)))  # type: ignore[return-value]


def _is_power_of_two(node: Node, powers: set[Node]) -> bool:
    if node in powers:
        return True
    if node.is_constant:
        top, bottom = abs(node.value.numerator), node.value.denominator
        return top > 0 and top & (top - 1) == 0 and bottom & (bottom - 1) == 0
    return node.op in ("mul", "div") and all(_is_power_of_two(arg, powers) for arg in node.args)


def count(node: Node, known: Mapping[Node, Count], powers: set[Node]) -> Count:
    """The count of a node, from those of the ``known`` ones; factors in ``powers`` of two are free.

    Raises ValueError where there is none: a difference, say.
    """
    if node in known:
        return known[node]
    if node.is_constant:
        if node.value.denominator & (node.value.denominator - 1):
            raise ValueError(f"{node.value} is no double")
        return EXACT
    inner = [count(arg, known, powers) for arg in node.args]
    if node.op == "add":
        return plus(tuple(map(max, *inner)), ONE)  # type: ignore[arg-type]
    if node.op in ("mul", "div"):
        scaled = _is_power_of_two(node.args[1], powers) or (
            node.op == "mul" and _is_power_of_two(node.args[0], powers)
        )
        return plus(*inner, EXACT if scaled else ONE)
    if node.op == "sum":
        return plus(inner[0], (Fraction(-1), Fraction(1), Fraction(0)))
    raise ValueError(f"no count of {node.op}")


def linear(node: Node, features: Node, ulps: Node) -> Count:
    """A node that is a polynomial of degree one in d and k, as a count."""
    if node is features:
        return (Fraction(0), Fraction(1), Fraction(0))
    if node is ulps:
        return GIVEN
    if node.is_constant:
        return (node.value, Fraction(0), Fraction(0))
    left, right = (linear(arg, features, ulps) for arg in node.args)
    if node.op == "add":
        return plus(left, right)
    assert node.op == "mul"
    assert left[1:] == (0, 0)
    return tuple(left[0] * part for part in right)  # type: ignore[return-value]


def value(node: Node, known: Mapping[Node, Fraction]) -> Fraction:
    """A node of the four operations at exact numbers."""
    if node in known:
        return known[node]
    if node.is_constant:
        return Fraction(node.value)
    inner = [value(arg, known) for arg in node.args]
    operations = {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "div": lambda x, y: x / y,
        "max": max,
        "min": min,
        "abs": abs,
        "neg": lambda x: -x,
    }
    return Fraction(operations[node.op](*inner))
