"""Exponents: rational functions of letters in one form, and as a whole number plus a rest.

Fractions of polynomials are SymPy's, the one thing of it that the core trusts.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache, lru_cache
from math import floor
from typing import TYPE_CHECKING, Any

from sympy import QQ
from sympy.polys.fields import FracField

from . import forms, kinds
from .terms import MINUS, UNIT, ZERO, Term, add, mul, num

if TYPE_CHECKING:
    from .forms import Form


def is_integer(exponent: Term) -> bool:
    return exponent.op == "num" and exponent.args[0].denominator == 1


def is_negative(exponent: Term) -> bool:
    """Whether an exponent is < 0 by the kinds of its letters."""
    return kinds.is_positive_form(forms.scaled(forms.form(exponent), Fraction(-1)))


def is_positive_integer(exponent: Term) -> bool:
    return is_integer(exponent) and exponent.args[0] > 0


@lru_cache(maxsize=50_000)
def plus(left: Term, right: Term) -> Term:
    """The sum of two exponents, canonical."""
    if left.op == "num" == right.op:
        return num(left.args[0] + right.args[0])
    return left if right == ZERO else right if left == ZERO else canonical(add(left, right))


@lru_cache(maxsize=50_000)
def times(left: Term, right: Term) -> Term:
    """The product of two exponents, canonical."""
    if left.op == "num" == right.op:
        return num(left.args[0] * right.args[0])
    return left if right == UNIT else right if left == UNIT else canonical(mul(left, right))


@lru_cache(maxsize=50_000)
def canonical(exponent: Term) -> Term:
    """An exponent in a form that equal quotients of polynomials share."""
    if exponent.op == "num":
        return exponent
    value = forms.form(exponent)
    if value.keys() <= {forms.ONE}:
        return num(value.get(forms.ONE, 0))
    found = quotient(value)
    if found is None:
        return forms.term_of(value)
    atoms, fraction = found
    if fraction.denom.is_ground:
        return _polynomial(fraction.numer.quo_ground(fraction.denom.LC), atoms)
    top, below = (_polynomial(part, atoms) for part in (fraction.numer, fraction.denom))
    return (
        top if below == UNIT else mul(*(part for part in (top,) if part != UNIT), Term("pow", below, MINUS))
    )


def quotient(value: Form) -> tuple[tuple[Term, ...], Any] | None:
    """A form as a quotient of polynomials in its atoms, in lowest terms; None where it is not one."""
    seen: set[Term] = set()

    def gather(part: Form) -> bool:
        for monomial in part:
            for atom, e in monomial:
                if not is_integer(e) or abs(e.args[0]) > 50:
                    return False
                if atom.op != "add":
                    seen.add(atom)
                elif not gather(forms.form(atom)):
                    return False
        return True

    if not gather(value):
        return None
    atoms = tuple(sorted(seen, key=forms.key_of))
    field = _field(len(atoms))
    generators = dict(zip(atoms, field.gens, strict=False))

    def build(part: Form) -> Any:
        result = field.zero
        for monomial, coefficient in part.items():
            piece = field(QQ(coefficient.numerator, coefficient.denominator))
            for atom, e in monomial:
                piece *= (build(forms.form(atom)) if atom.op == "add" else generators[atom]) ** int(
                    e.args[0]
                )
            result += piece
        return result

    forms.spend(10 * len(value))
    try:
        fraction = build(value)
    except ZeroDivisionError:
        return None
    return atoms, fraction


@cache
def _field(size: int) -> Any:
    return FracField([f"x{at}" for at in range(size)] or ["x"], QQ, "lex")


def _polynomial(poly: Any, atoms: tuple[Term, ...]) -> Term:
    return forms.term_of(polynomial_form(poly, atoms))


def polynomial_form(poly: Any, atoms: tuple[Term, ...]) -> Form:
    result: Form = {}
    for degrees, coefficient in poly.terms():
        monomial = frozenset((atom, num(d)) for atom, d in zip(atoms, degrees, strict=False) if d)
        result[monomial] = Fraction(int(coefficient.numerator), int(coefficient.denominator))
    return result


@lru_cache(maxsize=50_000)
def split(exponent: Term) -> tuple[int, Term]:
    """An exponent as a whole number plus a remainder that determines its class modulo 1."""
    if exponent.op == "num":
        whole = floor(exponent.args[0])
        return whole, num(exponent.args[0] - whole)
    found = quotient(forms.form(exponent))
    if found is None:
        constant = forms.form(exponent).get(forms.ONE, Fraction(0))
    else:
        whole_part, _ = divmod(found[1].numer, found[1].denom)
        value = whole_part.coeff(1)
        constant = Fraction(int(value.numerator), int(value.denominator))
    return floor(constant), plus(exponent, num(-floor(constant)))
