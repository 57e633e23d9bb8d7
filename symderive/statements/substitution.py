"""Records at values of their symbols, and sums over ranges of numbers written out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp

from symderive.statements.statement import Statement


def _with_arguments(node: Any, arguments: tuple[Any, ...]) -> Any:
    """``node`` with other arguments; itself where they are the same, for building it anew takes time."""
    same = all(new is old for new, old in zip(arguments, node.args, strict=True))
    return node if same else node.func(*arguments)


def in_record(record: Any, where: Mapping[Any, Any]) -> Any:
    """A proof, a claim or a tuple of them with symbols replaced; statements in it stay as they are."""
    if isinstance(record, sp.Basic):
        return record.xreplace(dict(where))
    if isinstance(record, tuple):
        return tuple(in_record(item, where) for item in record)
    if is_dataclass(record) and not isinstance(record, (Statement, type)):
        return replace(
            record, **{part.name: in_record(getattr(record, part.name), where) for part in fields(record)}
        )
    return record


def written_out(expression: Any) -> Any:
    """Sums and products over a range of numbers as explicit terms and factors.

    >>> from symderive.symbols import gamma, i
    >>> written_out(sp.Product(gamma[i], (i, 1, 3)))
    gamma[1]*gamma[2]*gamma[3]
    """
    if not expression.args or isinstance(expression, sp.Indexed):
        return expression
    node = _with_arguments(expression, tuple(map(written_out, expression.args)))
    if isinstance(node, (sp.Sum, sp.Product)) and len(node.limits) == 1:
        index, low, high = node.limits[0]
        if low.is_Integer and high.is_Integer:
            parts = (
                node.function.xreplace({index: sp.Integer(at)}) for at in range(int(low), int(high) + 1)
            )
            return (sp.Add if isinstance(node, sp.Sum) else sp.Mul)(*parts)
    return node
