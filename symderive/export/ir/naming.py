"""Readable names for the definitions of a block that nobody has named: what they are made of, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import chain, count
from typing import Any

from symderive.export.ir.nodes import Node
from symderive.export.ir.split import Split

#: Letters that a name may have before a noun stands in its place.
LONGEST_NAME = 26

#: Each operation in words, with a mark for each of its arguments.
_WORDS = {
    "add": "{}_plus_{}",
    "sub": "{}_less_{}",
    "neg": "minus_{}",
    "mul": "{}_times_{}",
    "div": "{}_over_{}",
    "pow": "{}_to_the_{}",
    "sqrt": "root_of_{}",
    "exp": "exp_of_{}",
    "expm1": "expm1_of_{}",
    "log": "log_of_{}",
    "log1p": "log1p_of_{}",
    "ln": "ln_of_{}",
    "exp_above": "exp_above_{}",
    "log_below": "log_below_{}",
    "abs": "size_of_{}",
    "unit": "unit_of_{}",
    "mantissa": "mantissa_of_{}",
    "exponent": "exponent_of_{}",
    "min": "least_of_{}_{}",
    "max": "most_of_{}_{}",
    "lt": "{}_below_{}",
    "le": "{}_up_to_{}",
    "eq": "{}_is_{}",
    "and": "{}_and_{}",
    "or": "{}_or_{}",
    "not": "not_{}",
    "select": "{1}_or_{2}",
    "choose": "{1}_or_{2}",
    "sum": "sum_of_{}",
    "top": "largest_{}",
}

#: What is too long to be spelled out.
_NOUNS = {
    "add": "total",
    "sub": "difference",
    "mul": "product",
    "div": "quotient",
    "sqrt": "root",
    "pow": "power",
    "exp": "exponential",
    "expm1": "exponential",
    "log": "logarithm",
    "log1p": "logarithm",
    "ln": "logarithm",
    "exp_above": "exponential",
    "log_below": "logarithm",
    "abs": "magnitude",
    "min": "lesser",
    "max": "greater",
    "lt": "comparison",
    "le": "comparison",
    "eq": "comparison",
    "and": "condition",
    "or": "condition",
    "not": "condition",
    "select": "choice",
    "choose": "decision",
    "sum": "feature_sum",
}


def named(scope: Mapping[str, Any]) -> dict[Node, str]:
    """The nodes among the local variables of a function, by their names, for the hints of a block.

    What is split has two of them, such as ``unit_mantissa`` and ``unit_exponent``.

    >>> from symderive.export.ir.nodes import symbol
    >>> x = symbol("x")
    >>> named({"double": x + x, "x": x, "count": 3})
    {add(input('x'), input('x')): 'double'}
    """
    found: dict[Node, str] = {}
    for name, value in scope.items():
        if isinstance(value, Split):
            found |= named({f"{name}_mantissa": value.mantissa, f"{name}_exponent": value.exponent})
        elif isinstance(value, Node) and value.args:
            found[value] = name
    return found


def name_of(node: Node, names: Mapping[Node, str]) -> str:
    """A name from what the node does with what has a name already, or else a noun for what it is.

    >>> from symderive.export.ir.nodes import symbol
    >>> x = symbol("x")
    >>> name_of(x + 1, {x: "x"}), name_of((x + 1) / (x - 2) * x, {x: "x"})
    ('x_plus_1', 'quotient_times_x')
    """
    text = _words(node, names)
    return text if len(text) <= LONGEST_NAME and not text[0].isdigit() else _noun(node)


def _noun(node: Node) -> str:
    return _NOUNS.get(node.op, node.op)


def _words(node: Node, names: Mapping[Node, str]) -> str:
    if node in names:
        return names[node]
    if node.is_constant:
        return _number(node.value)
    if not node.args:
        return str(node.value)
    return _WORDS[node.op].format(*(_part(arg, names) for arg in node.args))


def _part(node: Node, names: Mapping[Node, str]) -> str:
    """An argument, which may be made of names in one way but not in several."""
    if node in names:
        return names[node]
    flat = all(arg in names or not arg.args for arg in node.args)
    return _words(node, names) if flat else _noun(node)


def _number(value: Fraction | bool) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    sign = "minus_" if value < 0 else ""
    top, bottom = abs(value.numerator), value.denominator
    if max(top, bottom) > 10**4:
        return "bound"
    return f"{sign}{top}" if bottom == 1 else f"{sign}{top}_{bottom}"


class Taken:
    """Names in use; a name that is taken gets a number behind it."""

    def __init__(self, names: Iterable[str]) -> None:
        self._used = set(names)

    def distinct(self, name: str) -> str:
        """The name, or the first of name_2, name_3, … that is free; from now on it is taken."""
        numbered = (f"{name}_{number}" for number in count(2))
        free = next(one for one in chain([name], numbered) if one not in self._used)
        self._used.add(free)
        return free
