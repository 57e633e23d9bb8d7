"""Sums of monomials: the arithmetic under :mod:`symderive.proofs.normal_form`.

A form maps monomials to rational coefficients; a monomial is a set of pairs (atom, exponent).  Rules for
kinds of expressions stand in a table, which :mod:`symderive.proofs.sum_normal_form` completes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from functools import cache, lru_cache, reduce
from itertools import product
from math import gcd, lcm
from typing import Any, TypeAlias

import sympy as sp

Monomial: TypeAlias = frozenset[tuple[Any, Any]]
Terms: TypeAlias = dict[Monomial, Fraction]

ONE: Monomial = frozenset()

#: Expanding beyond this many terms means that the proof is looking at the wrong expression.
MAX_TERMS = 20_000


class OutOfReachError(ArithmeticError):
    """An expression has no normal form here, or too large a one; nothing is known about it."""


# -- expressions to terms ------------------------------------------------------------------------------

#: How a kind of expression becomes a form; anything without a rule is an atom.
RULES: dict[type, Callable[[Any], Terms]] = {
    sp.Add: lambda node: add(map(terms, node.args)),
    sp.Mul: lambda node: reduce(multiply, map(terms, node.args), {ONE: Fraction(1)}),
    sp.exp: lambda node: single(sp.E, canonical_exponent(node.exp)),
    sp.Pow: lambda node: raised(terms(node.base), node.exp),
}

#: Sums and products that are in normal form, which need no second look.
_canonical_atoms: set[Any] = set()


def terms(expression: Any) -> Terms:
    """The form of an expression; treat it as read-only."""
    expression = sp.sympify(expression) if isinstance(expression, int) else expression
    return single(expression) if expression in _canonical_atoms else _cached_terms(expression)


@lru_cache(maxsize=50_000)
def _cached_terms(expression: Any) -> Terms:
    if isinstance(expression, sp.Rational):
        return {ONE: Fraction(int(expression.p), int(expression.q))} if expression else {}
    for kind, rule in RULES.items():
        if isinstance(expression, kind):
            return rule(expression)
    return single(expression)


def remembered(atom: Any) -> Any:
    """``atom``, noted as being in normal form."""
    _canonical_atoms.add(atom)
    return atom


def single(atom: Any, exponent: Any = sp.S.One) -> Terms:
    """The form of one atom to a power."""
    return {frozenset({(atom, exponent)}): Fraction(1)}


def expression_of(form: Terms) -> Any:
    return sp.Add(
        *(
            sp.Mul(sp.Rational(c.numerator, c.denominator), product_of(monomial))
            for monomial, c in form.items()
        )
    )


def product_of(monomial: Iterable[tuple[Any, Any]]) -> Any:
    return sp.Mul(*(sp.Pow(atom, exponent) for atom, exponent in monomial))


# -- arithmetic of terms -------------------------------------------------------------------------------


def add(forms: Iterable[Terms]) -> Terms:
    total: Terms = {}
    for form in forms:
        for monomial, coefficient in form.items():
            if value := total.get(monomial, 0) + coefficient:
                total[monomial] = value
            else:
                del total[monomial]
    return total


def scaled(form: Terms, factor: Fraction) -> Terms:
    return {monomial: factor * coefficient for monomial, coefficient in form.items()} if factor else {}


def multiply(left: Terms, right: Terms) -> Terms:
    if len(left) * len(right) > MAX_TERMS:
        raise OutOfReachError(f"a product has more than {MAX_TERMS} terms")
    total: Terms = {}
    for (m1, c1), (m2, c2) in product(left.items(), right.items()):
        unit, monomial = _join(m1, m2)
        if value := total.get(monomial, 0) + c1 * c2 * unit:
            total[monomial] = value
        else:
            del total[monomial]
    return total


def _join(left: Monomial, right: Monomial) -> tuple[Fraction, Monomial]:
    """The product of two monomials, as a rational number times a monomial."""
    if not left or not right:
        return Fraction(1), left or right
    exponents = dict(left)
    unit = Fraction(1)
    for atom, power in right:
        total = canonical_exponent(exponents.get(atom, 0) + power)
        if atom.is_Integer and total != 0:  # a prime under a radical: 2^{3/2} = 2·2^{1/2}
            whole, total = split_exponent(total)
            unit *= Fraction(int(atom)) ** whole
        if isinstance(atom, sp.KroneckerDelta) and total.is_Integer and total > 1:
            total = sp.Integer(1)
        exponents[atom] = total
    return unit, frozenset(item for item in exponents.items() if item[1] != 0)


def canonical_exponent(exponent: Any) -> Any:
    return exponent if isinstance(exponent, sp.Rational) else _partial_fractions(sp.sympify(exponent))


@cache
def _partial_fractions(exponent: Any) -> Any:
    """A rational function of one symbol has one partial fraction expansion, of several one quotient."""
    if not exponent.is_rational_function():
        return expression_of(terms(exponent))
    together = sp.cancel(exponent)
    symbols = together.free_symbols
    return sp.apart(together, *symbols) if len(symbols) == 1 else sp.expand(together)


def split_exponent(exponent: Any) -> tuple[int, Any]:
    """An exponent as a whole number plus a remainder that determines its class modulo 1."""
    constant, _ = exponent.as_coeff_Add()
    whole = int(sp.floor(constant))
    return whole, exponent - whole


def raised(form: Terms, exponent: Any) -> Terms:
    exponent = canonical_exponent(exponent)
    if exponent.is_Integer and exponent >= 0:
        result: Terms = {ONE: Fraction(1)}
        for _ in range(int(exponent)):
            result = multiply(result, form)
        return result
    if not form:  # 0 to a power that is not a whole number ≥ 0: defined or not, it is left alone
        return single(sp.Pow(0, exponent, evaluate=False))
    content, monomial, rest = primitive(form)
    result = {ONE: Fraction(1)} if rest is None else single(rest, exponent)
    if exponent.is_Integer:
        inverse = frozenset((atom, canonical_exponent(power * exponent)) for atom, power in monomial)
        return multiply(result, {inverse: content ** int(exponent)})
    taken, left = distributed(content, monomial, exponent)
    if left == 1:
        return multiply(result, taken)
    if rest is None:
        return multiply(taken, single(left, exponent))
    # (left·rest)^p is not left^p·rest^p when the sign of left is not known.
    return multiply(taken, single(sp.expand(left * rest), exponent))


def distributed(content: Fraction, monomial: Monomial, exponent: Any) -> tuple[Terms, Any]:
    """The part of (content·monomial)^exponent with a positive base, as terms, and the remaining base."""
    left = sp.Integer(-1 if content < 0 else 1)
    result: Terms = {ONE: Fraction(1)}
    for prime, count in sp.factorrat(sp.Rational(abs(content))).items():
        whole, fraction = split_exponent(canonical_exponent(count * exponent))
        root = {frozenset({(sp.Integer(prime), fraction)}) if fraction != 0 else ONE: Fraction(1)}
        result = multiply(result, scaled(root, Fraction(int(prime)) ** whole))
    for atom, power in monomial:
        if is_positive_atom(atom):
            result = multiply(result, single(atom, canonical_exponent(power * exponent)))
        else:
            left *= atom**power
    return result, left


def primitive(form: Terms) -> tuple[Fraction, Monomial, Any]:
    """``form`` as content · monomial · composite; the composite is None for a single term."""
    if len(form) == 1:
        ((monomial, coefficient),) = form.items()
        return coefficient, monomial, None
    tables = [dict(monomial) for monomial in form]
    common = {}
    for atom in {atom for table in tables for atom in table}:
        powers = [table.get(atom, sp.Integer(0)) for table in tables]
        steps = [canonical_exponent(power - powers[0]) for power in powers]
        if all(step.is_Rational for step in steps):
            least = canonical_exponent(powers[0] + min(steps))
            if least != 0:
                common[atom] = least
    shared: Monomial = frozenset(common.items())
    inverse = {frozenset((atom, -power) for atom, power in common.items()): Fraction(1)}
    rest = multiply(form, inverse)
    numerators = gcd(*(c.numerator for c in rest.values()))
    content = Fraction(numerators, lcm(*(c.denominator for c in rest.values())))
    composite = expression_of(scaled(rest, 1 / content))
    if not is_positive_atom(composite) and (-composite).sort_key() < composite.sort_key():
        content, composite = -content, expression_of(scaled(rest, -1 / content))
    return content, shared, composite


def expanded(form: Terms) -> Terms:
    """``form`` with whole positive powers of composites multiplied out."""
    result: list[Terms] = []
    for monomial, coefficient in form.items():
        done: Terms = {ONE: coefficient}
        for atom, power in monomial:
            whole = isinstance(atom, sp.Add) and power.is_Integer and power > 0
            done = multiply(done, raised(terms(atom), power) if whole else single(atom, power))
        result.append(done)
    return add(result)


# -- signs of atoms ------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)
def is_positive_atom(atom: Any) -> bool:
    """Whether an atom is positive wherever its symbols are as declared; False means not known."""
    if isinstance(atom, sp.Add):
        form = terms(atom)
        return all(c > 0 and _is_nonnegative(m) for m, c in form.items()) and any(
            all(is_positive_atom(base) for base, _ in monomial) for monomial in form
        )
    if isinstance(atom, (sp.Sum, sp.Product)):
        nonempty = isinstance(atom, sp.Product) or all(limit[2].is_positive for limit in atom.limits)
        return nonempty and all(
            is_positive_atom(base) for monomial in terms(atom.function) for base, _ in monomial
        )
    return bool(atom.is_positive)


def _is_nonnegative(monomial: Monomial) -> bool:
    return all(
        (power.is_even or is_nonnegative_atom(atom)) if power.is_Integer else is_nonnegative_atom(atom)
        for atom, power in monomial
    )


def is_nonnegative_form(form: Terms) -> bool:
    """Whether all terms are manifestly non-negative."""
    return all(c > 0 and _is_nonnegative(monomial) for monomial, c in form.items())


@lru_cache(maxsize=20_000)
def is_nonnegative_atom(atom: Any) -> bool:
    """Whether an atom is non-negative wherever its symbols are as declared; False means not known."""
    if isinstance(atom, sp.Sum):
        return is_nonnegative_form(terms(atom.function))
    if isinstance(atom, sp.Product):
        return is_nonnegative_form(terms(atom.function))
    return is_positive_atom(atom) or bool(atom.is_nonnegative)
