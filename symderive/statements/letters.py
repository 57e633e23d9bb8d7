"""What letters a claim or a definition speaks of, and which of them it binds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from symderive.statements.claim import Claim, Recursion
from symderive.statements.nodes import Expectation, RootCount
from symderive.symbols import i, j, k

#: Indices under which a family is shown, by their number.
SHOWN: dict[int, tuple[Any, ...]] = {1: (i,), 2: (i, j), 3: (i, j, k)}


def letters(parts: Iterable[Claim | Recursion]) -> list[Any]:
    """Symbols, and one element a[i] of every family, without the indices that are bound where they stand.

    A family that is used with one index and with two is listed twice; so is a family beside a number of
    the same name.
    """
    found = {leaf for part in parts for leaf in leaves(part) - bound(part)}
    return sorted({_general(leaf) for leaf in found}, key=str)


def leaves(part: Claim | Recursion) -> set[Any]:
    """Elements of families and symbols; not the names of families, of averages and of a limit's side."""
    found: set[Any] = set()
    names: set[Any] = set()
    for node in _nodes(part, sp.Indexed, sp.Symbol, sp.IndexedBase, Expectation, sp.Limit):
        match node:
            case sp.IndexedBase():
                names.add(node.label)
            case Expectation():
                names.add(node.over)
            case sp.Limit():
                names.add(node.args[3])
            case _:
                found.add(node)
    return found - names


def bound(part: Claim | Recursion) -> set[Any]:
    """The indices and variables that a claim or a definition binds."""
    own = part.indices if isinstance(part, Recursion) else (index for index, *_ in part.over)
    found = set(own)
    for node in _nodes(part, sp.Sum, sp.Product, sp.Limit, RootCount):
        if isinstance(node, sp.Sum | sp.Product):
            found |= {index for index, *_ in node.limits}
        else:
            found.add(node.args[1])
    return found


def _nodes(part: Claim | Recursion, *kinds: Any) -> set[Any]:
    """All nodes of some kinds, each once."""
    return {node for expression in _expressions(part) for node in expression.atoms(*kinds)}


def _general(leaf: Any) -> Any:
    if not isinstance(leaf, sp.Indexed):
        return leaf
    count = len(leaf.indices)
    return leaf.base[SHOWN.get(count, leaf.indices)]


def _expressions(part: Claim | Recursion) -> list[Any]:
    if isinstance(part, Recursion):
        return [part.head[part.indices], part.base, part.step]
    ends = (end for _, low, high in part.over for end in (low, high))
    return [sp.sympify(x) for x in (part.left, part.right, *ends)]
