"""Where a good author sets a space between factors, and what is short enough for a slash.

None of this changes what a display means: readers drop spaces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from symderive.displays import nodes as n
from symderive.displays.printing.form import Gap

_SCRIPTED = n.Inverse | n.Transpose | n.Pseudoinverse

#: Where no space is left after a transpose, because the letter leans away from it.
_LEANING = frozenset("A")


def gap(left: n.Node, right: n.Node, text: str, *, ends_prefix: bool) -> Gap:
    """What stands between two factors; ``text`` is the right one in print."""
    if text[:1].isdigit() or (isinstance(left, n.Number) and _is_number(right)):
        return Gap.DOT
    if ends_prefix or isinstance(left, n.Root) or isinstance(_nucleus(right), n.Norm | n.Absolute):
        return Gap.THIN
    nucleus = _nucleus(right)
    if isinstance(left, n.Transpose) and isinstance(nucleus, n.Name) and nucleus.tex in _LEANING:
        return Gap.TIGHT
    return Gap.PLAIN


def scalar_prefix(factors: Sequence[n.Node]) -> int:
    """How many numbers stand before a product of matrices, as in 2 U T v; 0 if there is no such product.

    Matrices are told by their looks: what remains are two factors or more, all of them Latin letters or
    transposes, inverses and calls of such, and a transpose or a capital in front.
    """
    start = next((at for at, factor in enumerate(factors) if not _is_scalar(factor)), len(factors))
    rest = factors[start:]
    if start == 0 or len(rest) < 2:
        return 0
    front = rest[0]
    begins = isinstance(front, _SCRIPTED) or (isinstance(front, n.Name) and front.tex.isupper())
    return start if begins and all(_is_matrix(factor) for factor in rest) else 0


def is_bare(node: n.Apply) -> bool:
    """Whether a logarithm is printed without brackets: that of a letter or of a number."""
    return node.operator == "ln" and isinstance(node.body, n.Name | n.Number)


def is_simple(node: n.Quotient) -> bool:
    """Whether both sides are a letter, a number, or a power of one."""
    sides = (side.base if isinstance(side, n.Power) else side for side in (node.above, node.below))
    return all(isinstance(side, n.Name | n.Number) for side in sides)


def speaks_of(node: Any, name: n.Name) -> bool:
    """Whether a name stands in a node, subscripts included."""
    if node == name:
        return True
    if isinstance(node, tuple):
        return any(speaks_of(part, name) for part in node)
    if not isinstance(node, n.Node):
        return False
    return any(speaks_of(getattr(node, part.name), name) for part in fields(node))  # type: ignore[arg-type]


def _nucleus(node: n.Node) -> n.Node:
    """The node without its scripts."""
    while isinstance(node, n.Power | _SCRIPTED):
        node = node.base if isinstance(node, n.Power) else node.body
    return node


def _is_number(node: n.Node) -> bool:
    if isinstance(node, n.Quotient):
        return _is_number(node.above) and _is_number(node.below)
    return isinstance(node, n.Number)


def _is_scalar(node: n.Node) -> bool:
    """Whether a factor looks like a number: Greek, a number, a quotient, or powers and sums of those."""
    if isinstance(node, n.Power):
        return _is_scalar(node.base)
    if isinstance(node, n.Sum):
        return all(_is_scalar(term.body) for term in node.terms)
    if isinstance(node, n.Name):
        return "\\" in node.tex and not node.tex.startswith(r"\math")
    return isinstance(node, n.Number | n.Quotient)


def _is_matrix(node: n.Node) -> bool:
    if isinstance(node, n.Name):
        return not _is_scalar(node)
    return isinstance(node, _SCRIPTED) or (isinstance(node, n.Apply) and node.operator == "Diag")
