"""Opening and closing binders, and the one substitution.

A body is opened at closed terms (:func:`instantiate`), and a term closed over letters (:func:`abstract`);
:func:`substitute` puts templates for letters, and refuses where a definition holds them fixed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .terms import INF, MINUS, SELF, UNIT, ZERO, CoreError, Head, Letter, Symbol, Term, add, at

#: How a normal form is written once something in it has changed.
_RAW: dict[str, Callable[..., Term]] = {
    "Sums": lambda *args: Term("sums", *args),
    "Series": lambda low, body: Term("sum", low, INF, body),
    "Product": lambda high, body: Term("product", UNIT, high, body),
    "Mean": lambda body: Term("mean", body),
}


def rebuilt(node: Term, args: tuple[Any, ...], *, in_order: bool = False) -> Term:
    """``node`` with other arguments, no longer taken to be in normal form."""
    if all(new is old for new, old in zip(args, node.args, strict=True)):
        return node
    if in_order and node.op in ("add", "mul"):
        args = tuple(sorted(args, key=lambda term: term.key))
    return _RAW[node.op](*args) if node.op in _RAW else Term(node.op, *args)


def _walk(
    term: Term, replaced: Callable[[Term, int], Term | None], depth: int = 0, *, in_order: bool = False
) -> Term:
    """``term`` with nodes replaced; ``replaced`` sees a node and the number of binders around it.

    ``in_order`` sorts the sums and products that change, so that they do not tell what was replaced.
    """
    new = replaced(term, depth)
    if new is not None:
        return new
    args = tuple(
        _walk(arg, replaced, depth + term.binds(place), in_order=in_order) if isinstance(arg, Term) else arg
        for place, arg in enumerate(term.args)
    )
    return rebuilt(term, args, in_order=in_order)


def instantiate(body: Term, *values: Term) -> Term:
    """``body`` with its outermost bound variables 0, 1, … replaced by closed terms."""

    def replaced(node: Term, depth: int) -> Term | None:
        if node.loose <= depth:
            return node
        if node.op == "bound":
            if node.args[0] - depth >= len(values):
                raise CoreError("a bound variable stands outside its binder")
            return values[node.args[0] - depth]
        return None

    return _walk(body, replaced)


def abstract(term: Term, *letters: Term) -> Term:
    """``term`` with letters (without indices, or generic) turned into bound variables 0, 1, …"""
    free = frozenset(letter.args[0] for letter in letters if letter.op == "at")
    marked = frozenset(letter for letter in letters if letter.op == "generic")
    _require_not_defining(term, free)

    def replaced(node: Term, depth: int) -> Term | None:
        if node in letters:
            return Term("bound", depth + letters.index(node))
        if node.op == "generic":
            if marked & node.generics:
                raise CoreError("the range of a bound variable depends on one bound further in")
            return node
        if not (free & node.symbols or marked & node.generics):
            return node
        return None

    return _walk(term, replaced, in_order=True)


def replace(term: Term, letter: Term, value: Term) -> Term:
    """``term`` at a value of a letter without indices, or of a generic one."""
    return instantiate(abstract(term, letter), value)


def substitute(term: Term, table: Mapping[Letter, Term]) -> Term:
    """``term`` with letters replaced by templates: terms in their indices as bound variables 0, 1, …

    What a head is defined by is fixed, and so is a letter that the range of a generic letter speaks of.
    """
    keys = frozenset(table)
    _require_not_defining(term, keys)

    def replaced(node: Term, depth: int) -> Term | None:
        if not keys & node.symbols:
            return node
        if node.op == "generic":
            raise CoreError("a letter is fixed by the range of an index")
        if node.op == "at" and node.args[0] in table:
            indices = (_walk(index, replaced, depth) for index in node.args[1:])
            return _instantiate_under(table[node.args[0]], tuple(indices))
        return None

    return _walk(term, replaced)


def _instantiate_under(template: Term, indices: tuple[Term, ...]) -> Term:
    """A template at indices that may hold bound variables of their surroundings, counted on inside it."""

    def shifted(term: Term, by: int) -> Term:
        def moved(node: Term, depth: int) -> Term | None:
            if node.loose <= depth:
                return node
            return Term("bound", node.args[0] + by) if node.op == "bound" else None

        return _walk(term, moved)

    def replaced(node: Term, depth: int) -> Term | None:
        if node.loose <= depth:
            return node
        return shifted(indices[node.args[0] - depth], depth) if node.op == "bound" else None

    return _walk(template, replaced)


def _require_not_defining(term: Term, letters: frozenset[Symbol]) -> None:
    for symbol in term.symbols:
        if isinstance(symbol, Head) and (fixed := letters & symbol.depends):
            name = min(letter.name for letter in fixed)
            raise CoreError(f"{name} is fixed: {symbol.name} is defined by it")


def unfold(term: Term, is_natural: Callable[[Term], bool]) -> Term:
    """``term`` with heads at 0 replaced by their base, at e with e - 1 natural by their step, once."""

    def replaced(node: Term, _: int) -> Term | None:
        if node.op != "at" or not isinstance(node.args[0], Head):
            return None
        head, first = node.args[:2]
        if first == ZERO:
            return _instantiate_under(head.base, node.args[1:])
        if first.loose or not is_natural(add(first, MINUS)):
            return None
        step = _walk(head.step, lambda part, _: _recalled(part, head))
        return _instantiate_under(step, node.args[1:])

    return _walk(term, replaced)


def _recalled(part: Term, head: Head) -> Term | None:
    if part.op == "at" and part.args[0] == SELF:
        return at(head, *(_walk(arg, lambda inner, _: _recalled(inner, head)) for arg in part.args[1:]))
    return None
