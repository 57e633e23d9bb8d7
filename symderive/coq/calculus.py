"""Limits and derivatives as propositions: that they exist is a part of what is claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp

from symderive.coq.expressions import Printer
from symderive.coq.names import UnsupportedError
from symderive.statements.claim import Claim

_AND = " /\\ "


def limit(printer: Printer, claim: Claim) -> str:
    """As a real variable or a natural number grows without bound, or as a real one falls to a number."""
    body, variable, point, _ = claim.left.args
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
    match [(variable, int(order)) for variable, order in variables]:
        case [(variable, 1)]:
            at = printer.within(variable)
            return f"derivable_pt_lim {_along(printer, body, variable)} {at} {value()}"
        case [(sp.Symbol() as variable, 2)]:
            return _is_second(printer, body, variable, value)
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


def _along(printer: Printer, body: Any, variable: Any) -> str:
    """A formula as a function of one letter, or of one element of a family."""
    if isinstance(variable, sp.Symbol):
        with printer.names.shadowing(variable) as name:
            return f"(fun {name} => {printer.real(body)})"
    base, indices = variable.base, variable.indices
    family = printer.names.family(base, len(indices))
    at = " ".join(map(printer.index, indices))
    with printer.names.binding(sp.Dummy("t")) as (name,):
        word = "update" if len(indices) == 1 else f"update{len(indices)}"
        before = dict(printer.names.bound)
        printer.names.bound[base] = f"({word} {family} {at} {name})"
        text = printer.real(body)
        printer.names.bound = before
    return f"(fun {name} => {text})"
