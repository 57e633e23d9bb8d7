"""Derivatives, limits by dominant terms, and numbers of roots."""

from __future__ import annotations

from fractions import Fraction

from sympy import QQ, Dummy, Poly

from .binders import abstract, instantiate, replace
from .budget import OutOfReachError, spend
from .claims import Limit, Roots
from .forms import RULES, form, is_zero, normalized
from .kinds import Form
from .quotients import is_integer, is_positive_integer
from .signs import Signs
from .terms import (
    INF,
    MINUS,
    REAL,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Term,
    add,
    fresh,
    generic_in,
    minus,
    mul,
    num,
    over,
    power,
)
from .theorem import Goal, Theorem, made, require_claim

# -- derivatives -------------------------------------------------------------------------------------------


def derivative(term: Term, variable: Term) -> Term:
    """d term / d variable, the variable a generic letter; :class:`CoreError` for what has no rule."""
    spend(10)
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
            index = fresh(WHOLE, low, high)
            inside = derivative(instantiate(body, index), variable)
            return Term("sum", low, high, abstract(inside, index))
        case "deriv":
            return derivative(carried_out(term), variable)
    raise OutOfReachError(f"a derivative through {term.op} is not known")


def carried_out(term: Term) -> Term:
    """A derivative at its point, carried out."""
    body, point = term.args
    variable = generic_in(Term("mul", body, point), REAL)
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
    kind, to_infinity = claim.left[1:]
    if kind.least != 1 or (kind.whole and not to_infinity):
        raise CoreError("the variable of a limit is positive, and a real number where it falls to 0")
    variable = Term("generic", goal.level, kind, None, None)
    body = instantiate(claim.left.body, variable)
    require_claim(goal, claim)
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
    elif not is_zero(difference := minus(value, claim.right)):
        raise CoreError("the limit is another one", left=difference)
    return made(goal)


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
            moves = variable in atom.generics and atom != variable and not is_positive_integer(e)
            if moves and not (signs.is_positive(c) or (is_integer(e) and signs.is_nonzero(c))):
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
        names = [fresh(WHOLE, UNIT, high) for high in highs]
        inner = _leading(form(instantiate(body, *names)), variable, direction, signs)
        if inner is None or any(name in inner[1].generics for name in names):
            return None
        return Term("sums", *highs, abstract(inner[0], *names)), inner[1]
    return None


# -- numbers of roots --------------------------------------------------------------------------------------


def count(goal: Goal) -> Theorem:
    """The number of distinct roots of a rational polynomial ≠ 0 in an open interval, by Sturm's theorem.

    The Sturm sequence is SymPy's.
    """
    claim = goal.claim
    if claim.relation != "#" or not isinstance(claim.left, Roots) or claim.over:
        raise CoreError("Sturm's theorem counts roots only")
    coefficients, low, high = claim.left
    if any(type(c) is not Fraction for c in (*coefficients, *({low, high} - {None}))):
        raise CoreError(
            "roots are counted of a polynomial with rational coefficients, between rational ends"
        )
    spend(len(coefficients) ** 3)
    if not any(coefficients) or (low is not None and high is not None and low >= high):
        raise CoreError("roots are counted of a polynomial that is not 0, in an interval that is not empty")
    exact = [QQ(c.numerator, c.denominator) for c in reversed(coefficients)]
    poly = Poly.from_list(exact, Dummy(), domain=QQ)
    ends = [None if end is None else QQ(end.numerator, end.denominator) for end in (low, high)]
    found = poly.count_roots(*ends) - sum(poly.eval(end) == 0 for end in ends if end is not None)
    if claim.right != num(found):
        raise CoreError(f"Sturm's theorem counts {found} roots")
    return made(goal)
