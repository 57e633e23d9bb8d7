"""Limits and derivatives as propositions: that they exist is a part of what is claimed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp

from symderive.coq.expressions import Printer
from symderive.coq.names import UnsupportedError, type_of
from symderive.statements.claim import Claim, Relation

_AND = " /\\ "


def limit(printer: Printer, claim: Claim) -> str:
    """As a real variable or a natural number grows without bound, or as a real one falls to a number."""
    body, variable, point, side = claim.left.args
    if str(side) != ("-" if point is sp.oo else "+"):
        raise UnsupportedError(f"{claim.left}, a limit from the other side")
    with printer.names.binding(variable) as (name,):
        function = f"(fun {name} => {printer.real(body)})"
    if point is sp.oo and claim.right is sp.oo:
        return f"diverges_{'in_sequence' if variable.is_integer else 'at_infinity'} {function}"
    if point is sp.oo:
        where = "of_sequence" if variable.is_integer else "at_infinity"
        return f"limit_{where} {function} {printer.within(claim.right)}"
    if variable.is_integer or claim.right.is_infinite:
        raise UnsupportedError(f"the limit at {point} of {body}")
    return f"limit_from_above {function} {printer.within(point)} {printer.within(claim.right)}"


def derivative(printer: Printer, left: Any, sign: str, right: Any) -> str:
    """A relation in which derivatives stand: each exists, and with their values it holds."""
    if sign == "=" and isinstance(left, sp.Derivative) and not right.has(sp.Derivative):
        return _is_derivative(printer, left, lambda: printer.within(right))
    found = sorted(left.atoms(sp.Derivative) | right.atoms(sp.Derivative), key=str)
    if any(node.has(*found) for side in (left, right) for node in side.atoms(sp.Sum, sp.Product)):
        raise UnsupportedError("a derivative in a sum or a product")
    if any(one.expr.has(sp.Derivative) for one in found):
        raise UnsupportedError(f"a derivative of a derivative, in {left}")
    values = {one: sp.Dummy("slope", real=True) for one in found}
    with printer.names.binding(*values.values()) as names:
        slopes = zip(found, names, strict=True)
        exist = [_is_derivative(printer, one, lambda name=name: name) for one, name in slopes]  # type: ignore[misc]
        sides = (printer.real(side.xreplace(values)) for side in (left, right))
        return f"exists {' '.join(names)}, {_AND.join((*exist, f' {sign} '.join(sides)))}"


def _is_derivative(printer: Printer, one: Any, value: Callable[[], str]) -> str:
    body, *variables = one.args
    match [variable for variable, order in variables for _ in range(order)]:
        case [variable]:
            at = printer.within(variable)
            return f"derivable_pt_lim {_along(printer, body, variable)} {at} {value()}"
        case [sp.Symbol() as variable, again] if again == variable:
            return _is_second(printer, body, variable, value)
        case [sp.Indexed() as variable, sp.Indexed() as then] if then.base == variable.base:
            return _is_mixed(printer, body, variable, then, value)
    raise UnsupportedError(f"{one}, a derivative of higher order")


def _is_second(printer: Printer, body: Any, variable: Any, value: Callable[[], str]) -> str:
    """There is a first derivative wherever the variable may be, and the value is its derivative."""
    at, found = printer.within(variable), value()
    first = sp.Dummy("first")
    with printer.names.binding(first, sp.Dummy("t")) as (name, where):
        kind = "0 < " if variable.is_positive else "0 <= " if variable.is_nonnegative else ""
        holds = f"derivable_pt_lim {_along(printer, body, variable)} {where} ({name} {where})"
        each = f"forall {where}, {f'{kind}{where} -> ' if kind else ''}{holds}"
        return f"exists {name} : R -> R, ({each}) /\\ derivable_pt_lim {name} {at} {found}"


def _is_mixed(printer: Printer, body: Any, variable: Any, then: Any, value: Callable[[], str]) -> str:
    """There is a first derivative at all families near by, and the value is its derivative.

    Near by is where the open hypotheses on the family hold.
    """
    base, arity = variable.base, len(variable.indices)
    if variable.is_nonnegative and not variable.is_positive:
        raise UnsupportedError(f"second derivatives by {base}, which may be at the end of its range")
    family, at, found = printer.names.family(base, arity), printer.within(then), value()
    with printer.names.binding(sp.Dummy("first"), sp.Dummy("point")) as (first, point):
        with printer.names.standing(base, point):
            near = [*_kind(printer, point, variable), *_open(printer, base)]
            each = f"derivable_pt_lim {_along(printer, body, variable)} {printer.within(variable)}"
        with printer.names.binding(sp.Dummy("t")) as (name,):
            again = f"(fun {name} => {first} {_updated(printer, family, then, name)})"
        everywhere = " -> ".join((*near, f"{each} ({first} {point})"))
        kind = type_of((base, arity))
        return (
            f"exists {first} : ({kind}) -> R, (forall {point}, {everywhere}){_AND}"
            f"derivable_pt_lim {again} {at} {found}"
        )


def _kind(printer: Printer, family: str, element: Any) -> Iterator[str]:
    if element.is_positive:
        with printer.names.binding(*(sp.Dummy("i") for _ in element.indices)) as names:
            indices = " ".join(names)
            yield f"(forall {indices}, 0 < {family} {indices})"


def _open(printer: Printer, base: Any) -> Iterator[str]:
    """The open hypotheses that speak of a family; elsewhere no derivative is supposed."""
    for claim in printer.open:
        if claim.left.has(base) or claim.right.has(base):
            if claim.over or not _is_continuous(claim.left - claim.right, base):
                raise UnsupportedError(f"second derivatives by {base} under {claim.left}, {claim.right}")
            sign = ">" if claim.relation is Relation.GREATER else "<>"
            yield f"{printer.real(claim.left)} {sign} {printer.real(claim.right)}"


def _is_continuous(formula: Any, base: Any) -> bool:
    """Whether a formula is made of the elements of a family by sums, products and natural powers."""
    return all(
        isinstance(part, sp.Add | sp.Mul | sp.Sum | sp.Indexed | sp.IndexedBase)
        or (isinstance(part, sp.Pow) and part.exp.is_integer and part.exp.is_nonnegative)
        for part in sp.preorder_traversal(formula)
        if part.has(base)
    )


def _along(printer: Printer, body: Any, variable: Any) -> str:
    """A formula as a function of one letter, or of one element of a family."""
    if isinstance(variable, sp.Symbol):
        with printer.names.shadowing(variable) as name:
            return f"(fun {name} => {printer.real(body)})"
    family = printer.names.family(variable.base, len(variable.indices))
    with (
        printer.names.binding(sp.Dummy("t")) as (name,),
        printer.names.standing(variable.base, _updated(printer, family, variable, name)),
    ):
        return f"(fun {name} => {printer.real(body)})"


def _updated(printer: Printer, family: str, element: Any, value: str) -> str:
    """A family in which one element has another value."""
    word = "update" if len(element.indices) == 1 else f"update{len(element.indices)}"
    return f"({word} {family} {' '.join(map(printer.index, element.indices))} {value})"
