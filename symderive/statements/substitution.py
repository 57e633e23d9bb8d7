"""Substitution that respects bound indices.

SymPy's ``subs`` renames nothing: putting Σ_l u_l W_lj for u_j under a sum over l would capture l.
Here every bound index is first made unique (:func:`fresh`), so nothing can be captured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import sympy as sp

from symderive.statements.claim import Recursion
from symderive.statements.statement import Statement


def fresh(expression: Any) -> Any:
    """The same expression with every index of a sum or product replaced by one that occurs nowhere else.

    >>> i, n = sp.symbols("i n", integer=True)
    >>> fresh(sp.Sum(i, (i, 1, n))).has(i)
    False
    """
    if not expression.args or isinstance(expression, sp.Indexed):
        return expression
    if isinstance(expression, (sp.Sum, sp.Product)):
        function = fresh(expression.function)
        limits = list(expression.limits)
        # Innermost first; a bound may speak of the indices further out, which come later.
        for at, (old, low, high) in enumerate(limits):
            signs = {"positive": low.is_positive, "nonnegative": low.is_nonnegative}
            new = sp.Dummy(old.name, integer=True, **{sign: True for sign, known in signs.items() if known})
            function = function.xreplace({old: new})
            limits[at] = sp.Tuple(new, low, high)
            for earlier in range(at):
                limits[earlier] = limits[earlier].xreplace({old: new})
        return expression.func(function, *limits)
    return _with_arguments(expression, tuple(map(fresh, expression.args)))


def _with_arguments(node: Any, arguments: tuple[Any, ...]) -> Any:
    """``node`` with other arguments; itself where they are the same, for building it anew takes time."""
    same = all(new is old for new, old in zip(arguments, node.args, strict=True))
    return node if same else node.func(*arguments)


def substitute(expression: Any, where: Mapping[Any, Any]) -> Any:
    """``expression`` with symbols and families replaced, all at once.

    ``where`` maps a symbol to an expression, or an indexed pattern such as ``u[j]`` to an expression in
    the symbol j, which then stands for every element of u.

    >>> from symderive.symbols import i, j, k, n
    >>> u, W = sp.IndexedBase("u"), sp.IndexedBase("W")
    >>> substitute(u[k], {u[j]: sp.Sum(u[i] * W[i, j], (i, 1, n))})
    Sum(W[_i, k]*u[_i], (_i, 1, n))
    """
    symbols = {key: value for key, value in where.items() if not isinstance(key, sp.Indexed)}
    families = {
        key.base: (key.indices, value) for key, value in where.items() if isinstance(key, sp.Indexed)
    }

    def replaced(node: Any) -> Any:
        if node in symbols:
            return symbols[node]
        if not node.args:
            return node
        if isinstance(node, sp.Indexed):
            indices = tuple(map(replaced, node.indices))
            if node.base in families and len(families[node.base][0]) == len(indices):
                names, template = families[node.base]
                return fresh(template).xreplace(dict(zip(names, indices, strict=True)))
            same = all(new is old for new, old in zip(indices, node.indices, strict=True))
            return node if same else node.base[indices]
        return _with_arguments(node, tuple(map(replaced, node.args)))

    return replaced(fresh(expression))


def unfold(expression: Any, definitions: Iterable[Recursion]) -> Any:
    """``expression`` with heads at layer 0 replaced by their base, at layers e + 1 by their step, once."""
    table = {recursion.head: recursion for recursion in definitions}

    def replaced(node: Any) -> Any:
        if isinstance(node, sp.Indexed) and node.base in table:
            recursion, layer = table[node.base], node.indices[0]
            names = dict(zip(recursion.indices, node.indices, strict=True))
            if layer == 0:
                return fresh(recursion.base).xreplace(names)
            if (layer - 1).is_nonnegative:
                return fresh(recursion.step).xreplace(names)
        if not node.args or isinstance(node, sp.Indexed):
            return node
        return _with_arguments(node, tuple(map(replaced, node.args)))

    return replaced(fresh(expression))


def dependencies(definitions: Iterable[Recursion]) -> set[Any]:
    """Symbols and labels of bases by which the definitions are given, and the defined heads."""
    found: set[Any] = set()
    for recursion in definitions:
        free = recursion.base.free_symbols | recursion.step.free_symbols | {recursion.head.label}
        found |= {s for s in free if not isinstance(s, sp.Indexed)} - set(recursion.indices)
    return found


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
