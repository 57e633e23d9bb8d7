"""Numbers of real roots, exactly: bisection with Descartes' rule of signs.

After x = (a + b t)/(1 + t) the roots in (a, b) are the positive roots in t.  Without a change of sign in
the coefficients there is none, with one there is one; otherwise the interval is halved.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any

import sympy as sp
from flint import fmpq, fmpq_poly

from symderive.sampling.errors import NoValueError, UndefinedError

#: Degree of a polynomial beyond which its roots are not counted.
MOST_DEGREE = 500


def count_roots(
    polynomial: Any, variable: Any, low: Any, high: Any, *, spend: Callable[[int], None]
) -> fmpq:
    """Distinct real roots in the open interval (low, high) of a polynomial with rational coefficients.

    The zero polynomial and an interval whose ends are in the wrong order have no number of roots.
    """
    poly = _polynomial(polynomial, variable)
    if poly is None:
        raise NoValueError("{} is no polynomial in {}", polynomial, variable)
    if poly.degree() > MOST_DEGREE:
        raise NoValueError("{} has a degree above {}, too high to count its roots", polynomial, MOST_DEGREE)
    coefficients = poly.all_coeffs()[::-1]
    if not all(value.is_Rational for value in coefficients):
        raise NoValueError("a number of roots is evaluated for rational coefficients only")
    exact = fmpq_poly([_rational(value) for value in coefficients])
    if exact == 0:
        raise UndefinedError("the zero polynomial has no number of roots")
    exact = exact / exact.gcd(exact.derivative()) if exact.degree() > 0 else exact
    bound = 1 + max(abs(exact[at] / exact[exact.degree()]) for at in range(exact.degree() + 1))
    ends = [_end(low, -bound), _end(high, bound)]
    if low == sp.oo or high == -sp.oo or (low.is_Rational and high.is_Rational and ends[0] > ends[1]):
        raise UndefinedError(f"({low}, {high}) is no interval")
    if ends[0] >= ends[1]:
        return fmpq(0)  # empty, or one end is infinite and the other lies beyond all roots
    return fmpq(_between(exact, ends[0], ends[1], spend))


@cache
def _polynomial(expression: Any, variable: Any) -> Any:
    try:
        return sp.Poly(expression, variable)
    except sp.PolynomialError:
        return None


def _rational(value: Any) -> fmpq:
    return fmpq(int(value.p), int(value.q))


def _end(end: Any, bound: fmpq) -> fmpq:
    if end in (sp.oo, -sp.oo):
        return bound
    if not end.is_Rational:
        raise NoValueError("a number of roots is evaluated for rational ends only")
    return _rational(end)


def _between(polynomial: fmpq_poly, low: fmpq, high: fmpq, spend: Callable[[int], None]) -> int:
    todo, count = [(low, high)], 0
    while todo:
        low, high = todo.pop()
        bits = max(low.height_bits(), high.height_bits())
        spend((polynomial.degree() + 1) ** 2 * (1 + polynomial.degree() * bits // 100))
        changes = _changes(polynomial, low, high)
        if changes < 2:
            count += changes
            continue
        middle = (low + high) / 2
        count += polynomial(middle) == 0
        todo += [(low, middle), (middle, high)]
    return count


def _changes(polynomial: fmpq_poly, low: fmpq, high: fmpq) -> int:
    """Changes of sign in (1 + t)^n p((low + high t)/(1 + t))."""
    degree = polynomial.degree()
    # From p(low + (high - low) x) to its reversal at 1 + t, which turns x = t/(1 + t) into polynomials.
    moved = polynomial(fmpq_poly([low, high - low]))
    turned = fmpq_poly([moved[degree - at] for at in range(degree + 1)])(fmpq_poly([1, 1]))
    signs = [turned[at] > 0 for at in range(degree + 1) if turned[at] != 0]
    return sum(first != second for first, second in pairwise(signs))
