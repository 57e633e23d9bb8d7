"""Infinite sums as propositions: that they converge is a part of what is claimed."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive.coq.expressions import Printer
from symderive.coq.names import UnsupportedError


def infinite_sums(*sides: Any) -> set[Any]:
    """The infinite sums that stand in formulas, the finite ones left out."""
    found = set().union(*(sp.S(side).atoms(sp.Sum) for side in sides))
    return {one for one in found if any(high is sp.oo for _, _, high in one.limits)}


def series(printer: Printer, left: Any, right: Any) -> str:
    """An equation in which one infinite sum stands: the sum converges, and with its value it holds."""
    found = infinite_sums(left, right)
    if len(found) > 1:
        raise UnsupportedError(f"more than one infinite sum, in {left} = {right}")
    (one,) = found
    total = sp.Dummy("total", real=True)
    sides = [side.xreplace({one: total}) for side in (left, right)]
    if any(other.has(total) for side in sides for other in side.atoms(sp.Sum, sp.Product)):
        raise UnsupportedError(f"the infinite sum {one} within another sum or product")
    if total in sides:
        (value,) = (side for side in sides if side != total)
        return _converges(printer, one, printer.within(value))
    with printer.names.binding(total) as (name,):
        shown = " = ".join(map(printer.real, sides))
        return f"exists {name}, {_converges(printer, one, name)} /\\ {shown}"


def _converges(printer: Printer, one: Any, value: str) -> str:
    if len(one.limits) > 1:
        raise UnsupportedError(f"an infinite sum over more than one index, {one}")
    ((index, low, _),) = one.limits
    with printer.terms(index, low) as (first, name):
        return f"series_from {first} (fun {name} => {printer.real(one.function)}) {value}"
