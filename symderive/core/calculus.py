"""Derivatives, limits by dominant terms, and numbers of roots."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from .claims import Limit, Roots
from .forms import (
    RULES,
    Form,
    OutOfReachError,
    form,
    is_integer,
    is_positive_integer,
    is_zero,
    normalized,
)
from .signs import Signs, require_defined
from .terms import (
    INF,
    MINUS,
    UNIT,
    ZERO,
    CoreError,
    Kind,
    Term,
    abstract,
    add,
    fresh,
    generic_in,
    instantiate,
    minus,
    mul,
    num,
    over,
    power,
    replace,
)
from .theorem import Goal, Remainder, Theorem, _made

# -- derivatives -------------------------------------------------------------------------------------------


def derivative(term: Term, variable: Term) -> Term:
    """d term / d variable, the variable a generic letter; :class:`CoreError` for what has no rule."""
    if variable not in term.generics:
        return ZERO
    if term == variable:
        return UNIT
    match term.op:
        case "add":
            return add(*(derivative(part, variable) for part in term.args))
        case "mul":
            parts = term.args
            return add(
                *(
                    mul(*(derivative(p, variable) if a == at else p for a, p in enumerate(parts)))
                    for at in range(len(parts))
                    if variable in parts[at].generics
                )
            )
        case "pow":
            base, exponent = term.args
            inner = derivative(base, variable)
            if variable not in exponent.generics:
                return mul(exponent, power(base, add(exponent, MINUS)), inner)
            slope = mul(derivative(exponent, variable), Term("log", base))
            return mul(term, add(slope, mul(exponent, inner, over(base))))
        case "log":
            return mul(derivative(term.args[0], variable), over(term.args[0]))
        case "sum" if term.args[1] != INF:
            low, high, body = term.args
            if variable in low.generics | high.generics:
                raise OutOfReachError("the range of a sum holds the variable of a derivative")
            index = fresh(Kind(True, None), low, high)
            inside = derivative(instantiate(body, index), variable)
            return Term("sum", low, high, abstract(inside, index))
        case "deriv":
            return derivative(carried_out(term), variable)
    raise OutOfReachError(f"a derivative through {term.op} is not known")


def carried_out(term: Term) -> Term:
    """A derivative at its point, carried out."""
    body, point = term.args
    variable = generic_in(Term("mul", body, point), Kind(False, None))
    return replace(derivative(instantiate(body, variable), variable), variable, point)


RULES["deriv"] = lambda term: form(carried_out(term))

# -- limits ------------------------------------------------------------------------------------------------


def limit(goal: Goal) -> Theorem:
    """The limit of a sum of powers is that of its dominant term.

    Every part is c x^p + o(x^p) as the variable x grows or vanishes: a finite sum of the terms with the
    greatest p; a product of products; a power, of the power of c, where the exponent is a whole number
    ≥ 0, or c is positive, or c is not 0 and the exponent is whole.  The expression is defined for every
    x > 0, and so is the limit.
    """
    claim = goal.opened
    if claim.relation != "→" or not isinstance(claim.left, Limit) or goal.names:
        raise CoreError("leading terms prove limits only")
    variable = Term("generic", goal.level, claim.left.kind, None, None)
    body = instantiate(claim.left.body, variable)
    require_defined(goal.signs, body)
    direction = 1 if claim.left.to_infinity else -1
    found = _leading(form(body), variable, direction, goal.signs)
    coefficient, exponent = found if found is not None else (ZERO, ZERO)
    if found is None and form(body):
        raise CoreError("the dominant power is not known")
    value = None
    if exponent == ZERO:
        value = coefficient
    elif goal.signs.is_positive(mul(num(-direction), exponent)):
        value = ZERO
    elif goal.signs.is_positive(mul(num(direction), exponent)) and goal.signs.is_positive(coefficient):
        value = INF
    if value is None:
        raise CoreError("it is not known whether the dominant power grows or vanishes")
    if INF in (value, claim.right):
        if value != claim.right:
            raise CoreError("the limit is another one, one of the two infinite")
    else:
        require_defined(goal.signs, claim.right)
        if not is_zero(difference := minus(value, claim.right)):
            raise Remainder(difference)
    return _made(goal)


def _leading(value: Form, variable: Term, direction: int, signs: Signs) -> tuple[Term, Term] | None:
    """Coefficient and exponent of the dominant term, or None."""
    best: tuple[Term, Term] | None = None
    for monomial, coefficient in value.items():
        factors, exponents = [num(coefficient)], []
        for atom, e in monomial:
            if variable in e.generics:
                return None
            part = _leading_of_atom(atom, variable, direction, signs)
            if part is None:
                return None
            c, p = part
            if variable in atom.generics and atom != variable and not is_positive_integer(e):
                if not (signs.is_positive(c) or (is_integer(e) and signs.is_nonzero(c))):
                    return None
            factors.append(power(c, e))
            exponents.append(mul(p, e))
        term = mul(*factors), normalized(add(*exponents))
        if best is None:
            best = term
            continue
        step = normalized(mul(num(direction), minus(term[1], best[1])))
        if step == ZERO:
            best = add(best[0], term[0]), best[1]
        elif signs.is_positive(step):
            best = term
        elif not signs.is_positive(mul(MINUS, step)):
            return None
    if best is None or is_zero(best[0]):
        return None
    return best


def _leading_of_atom(atom: Term, variable: Term, direction: int, signs: Signs) -> tuple[Term, Term] | None:
    if atom == variable:
        return UNIT, UNIT
    if variable not in atom.generics:
        return atom, ZERO
    if atom.op == "add":
        return _leading(form(atom), variable, direction, signs)
    if atom.op == "Sums" and not any(variable in high.generics for high in atom.args[:-1]):
        *highs, body = atom.args
        names = [fresh(Kind(True, None), UNIT, high) for high in highs]
        inner = _leading(form(instantiate(body, *names)), variable, direction, signs)
        if inner is None or any(name in inner[1].generics for name in names):
            return None
        return Term("sums", *highs, abstract(inner[0], *names)), inner[1]
    return None


# -- numbers of roots --------------------------------------------------------------------------------------


def count(goal: Goal) -> Theorem:
    """The number of distinct roots of a rational polynomial ≠ 0 in an open interval, by Sturm's theorem."""
    claim = goal.claim
    if claim.relation != "#" or not isinstance(claim.left, Roots) or claim.over:
        raise CoreError("Sturm's theorem counts roots only")
    found = roots_between(claim.left)
    if claim.right != num(found):
        raise CoreError(f"Sturm's theorem counts {found} roots")
    return _made(goal)


def roots_between(roots: Roots) -> int:
    """The number of distinct roots in (low, high); the polynomial is not 0 and low < high."""
    poly = _trimmed(list(roots.coefficients))
    low, high = roots.low, roots.high
    if not poly or (low is not None and high is not None and low >= high):
        raise CoreError("roots are counted of a polynomial that is not 0, in an interval that is not empty")
    for end in {low, high} - {None}:
        while len(poly) > 1 and _value(poly, end) == 0:
            poly = _divided(poly, [-end, Fraction(1)])[0]
    chain = [poly, _trimmed([k * c for k, c in enumerate(poly)][1:])]
    while chain[-1]:
        chain.append(_trimmed([-c for c in _divided(chain[-2], chain[-1])[1]]))
    return _changes(chain[:-1], low, -1) - _changes(chain[:-1], high, 1)


def _trimmed(poly: list[Any]) -> list[Any]:
    while poly and poly[-1] == 0:
        poly.pop()
    return poly


def _value(poly: list[Any], x: Any) -> Any:
    total = Fraction(0)
    for coefficient in reversed(poly):
        total = total * x + coefficient
    return total


def _divided(poly: list[Any], by: list[Any]) -> tuple[list[Any], list[Any]]:
    rest, quotient = list(poly), [Fraction(0)] * max(len(poly) - len(by) + 1, 1)
    for shift in range(len(poly) - len(by), -1, -1):
        factor = quotient[shift] = rest[shift + len(by) - 1] / by[-1]
        for k, coefficient in enumerate(by):
            rest[shift + k] -= factor * coefficient
    return quotient, _trimmed(rest)


def _changes(chain: list[list[Any]], end: Any, side: int) -> int:
    """Changes of sign along the chain at an end; None is ∞ on that side."""
    if end is None:
        values = [poly[-1] * side ** (len(poly) - 1) for poly in chain]
    else:
        values = [_value(poly, end) for poly in chain]
    signs = [value > 0 for value in values if value]
    return sum(a != b for a, b in zip(signs, signs[1:], strict=False))
