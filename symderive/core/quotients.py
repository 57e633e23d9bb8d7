"""Terms as quotients of polynomials in lowest terms: the fractions are SymPy's.

With the Sturm sequence in :mod:`.calculus` this is all of SymPy that the core trusts.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, reduce
from typing import Any

from sympy import QQ
from sympy.polys.fields import FracField

from .budget import spend
from .terms import Term, add, mul, num

#: Exponents, and atoms of one quotient, beyond which it is not looked for.
_MOST_POWER, _MOST_ATOMS = 30, 8

#: Pairs of terms of two quotients that are added or multiplied, beyond which it is not looked for either.
_MOST_STEPS = 5_000


class _TooLongError(Exception):
    """A quotient has too many terms."""


def is_integer(exponent: Term) -> bool:
    return exponent.op == "num" and exponent.args[0].denominator == 1


def is_positive_integer(exponent: Term) -> bool:
    return is_integer(exponent) and exponent.args[0] > 0


def quotient(term: Term) -> tuple[tuple[Term, ...], Any] | None:
    """A term in normal form as a quotient of polynomials in its atoms; None where it is not one."""
    seen: set[Term] = set()
    if not _gather(term, seen) or len(seen) > _MOST_ATOMS:
        return None
    atoms = tuple(sorted(seen, key=lambda atom: atom.key))
    field = _field(len(atoms))
    try:
        return atoms, _built(term, field, dict(zip(atoms, field.gens, strict=False)))
    except (ZeroDivisionError, _TooLongError):
        return None


def _gather(term: Term, seen: set[Term]) -> bool:
    """Put the atoms of a rational term among ``seen``; False for a term that is not rational in them."""
    if term.op in ("add", "mul"):
        return all(_gather(part, seen) for part in term.args)
    if term.op == "pow" and is_integer(term.args[1]):
        return abs(term.args[1].args[0]) <= _MOST_POWER and _gather(term.args[0], seen)
    if term.op != "num":
        seen.add(term)
    return True


def _built(term: Term, field: Any, generators: dict[Term, Any]) -> Any:
    spend(5)
    if term.op == "num":
        return field(QQ(term.args[0].numerator, term.args[0].denominator))
    if term.op == "pow" and is_integer(term.args[1]):
        base, exponent = _built(term.args[0], field, generators), int(term.args[1].args[0])
        power = reduce(_product, [base] * abs(exponent), field.one)
        return power if exponent >= 0 else 1 / power
    if term.op not in ("add", "mul"):
        return generators[term]
    total = field.zero if term.op == "add" else field.one
    for part in term.args:
        value = _built(part, field, generators)
        if term.op == "add":
            _spend_on(total, value)
        total = total + value if term.op == "add" else _product(total, value)
    return total


def _product(left: Any, right: Any) -> Any:
    _spend_on(left, right)
    return left * right


def _spend_on(left: Any, right: Any) -> None:
    steps = (len(left.numer) + len(left.denom)) * (len(right.numer) + len(right.denom))
    spend(steps)
    if steps > _MOST_STEPS:
        raise _TooLongError


@cache
def _field(size: int) -> Any:
    return FracField([f"x{at}" for at in range(size)] or ["x"], QQ, "lex")


def polynomial(poly: Any, atoms: tuple[Term, ...]) -> Term:
    """A polynomial of SymPy as a term in the atoms."""
    parts = []
    for degrees, coefficient in poly.terms():
        powers = (Term("pow", atom, num(d)) for atom, d in zip(atoms, degrees, strict=False) if d)
        parts.append(mul(num(rational(coefficient)), *powers))
    return add(*parts)


def rational(value: Any) -> Fraction:
    return Fraction(int(value.numerator), int(value.denominator))
