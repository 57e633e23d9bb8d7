"""Power series with hypergeometric coefficients, proved equal to a function to all orders.

A function f and a series Σ c_k q^k are equal if both satisfy one linear differential equation with
polynomial coefficients and agree to as many orders as the recurrence for c_k leaves free.  For the
function that is exact algebra; for the series it is a recurrence, a rational identity in k because
c_{k+1}/c_k is a rational function of k; the orders left free are finitely many numbers.
"""

from __future__ import annotations

from functools import reduce
from typing import Any

import sympy as sp

from symderive.proofs.normal_form import is_zero
from symderive.proofs.sign_rules import Signs


class SeriesError(Exception):
    """Something that the comparison of coefficients needs does not hold."""


def ratio(coefficient: Any, k: Any) -> Any:
    """c_{k+1}/c_k of a product of factorials, binomials, powers and rational functions of k.

    >>> k = sp.Symbol("k", integer=True, nonnegative=True)
    >>> ratio(sp.binomial(2 * k, k) / (k + 1), k).subs(k, 3)  # of the Catalan numbers 5 and 14
    14/5
    """
    if isinstance(coefficient, sp.Mul):
        return sp.Mul(*(ratio(factor, k) for factor in coefficient.args))
    if isinstance(coefficient, sp.binomial):
        upper, lower = coefficient.args
        parts = (sp.factorial(upper), 1 / sp.factorial(lower), 1 / sp.factorial(upper - lower))
        return sp.Mul(*(ratio(part, k) for part in parts))
    if isinstance(coefficient, sp.factorial):
        argument = coefficient.args[0]
        step = argument.coeff(k, 1)
        if not (step.is_Integer and step >= 0 and (argument - step * k).is_integer):
            raise SeriesError(f"{coefficient} is not a factorial of a whole number that grows with {k}")
        return sp.Mul(*(argument + at for at in range(1, int(step) + 1)))
    if isinstance(coefficient, sp.Pow) and not coefficient.base.has(k):
        rate = coefficient.exp.coeff(k, 1)
        if (coefficient.exp - rate * k).has(k):
            raise SeriesError(f"{coefficient} is not a power that grows evenly with {k}")
        return coefficient.base**rate
    if isinstance(coefficient, sp.Pow) and coefficient.exp.is_Integer:
        return ratio(coefficient.base, k) ** coefficient.exp
    if not coefficient.is_rational_function(k):
        raise SeriesError(f"the ratio of successive values of {coefficient} is not known")
    return coefficient.subs(k, k + 1) / coefficient


def compare(function: Any, series: Any, equation: tuple[Any, ...], q: Any, bound: Any) -> None:
    """Accept function = series for 0 < q < ``bound`` or raise :class:`SeriesError`.

    ``equation`` holds polynomials p_0, p_1, … in q with rational coefficients; both sides solve
    Σ p_m y^{(m)} = 0.  ``series`` is Σ c_k q^k over k = 0 … ∞.
    """
    (k, low, high), *more = series.limits
    coefficient = series.function / q**k
    if more or low != 0 or high != sp.oo or coefficient.has(q):
        raise SeriesError("the right side is not a power series")
    order = sp.Dummy("k", integer=True, nonnegative=True)
    coefficient = coefficient.subs(k, order)
    step = sp.cancel(ratio(coefficient, order))
    numerator, denominator = sp.fraction(step)
    if not Signs().is_positive(sp.expand(denominator)):
        raise SeriesError(f"c_(k+1)/c_k = {step} is not known to be defined for every k")
    growth = abs(sp.LC(numerator, order) / sp.LC(denominator, order))
    excess = sp.degree(numerator, order) - sp.degree(denominator, order)
    if excess > 0 or (excess == 0 and growth * bound > 1):
        raise SeriesError(f"the series is not known to converge for all {q} < {bound}")
    if not is_zero(sp.Add(*(p * sp.diff(function, q, m) for m, p in enumerate(equation)))):
        raise SeriesError("the function does not solve the differential equation")

    powers = [
        (m, j, p) for m, poly in enumerate(equation) for (j,), p in sp.Poly(poly, q, domain="QQ").terms()
    ]
    powers = [(m, j, p) for m, j, p in powers if p]
    first, last = min(m - j for m, j, _ in powers), max(m - j for m, j, _ in powers)

    def value(index: int) -> Any:
        return coefficient.subs(order, index) if index >= 0 else sp.Integer(0)

    def falling(top: Any, count: int) -> Any:
        return reduce(lambda product, at: product * (top - at), range(count), sp.Integer(1))

    # The coefficient of q^t, for t ≥ max(0, -first) relative to c_{t + first}, and below in numbers.
    start = max(0, -first)
    t = order + start
    general = sp.Add(
        *(
            p * falling(t + m - j, m) * sp.Mul(*(step.subs(order, t + e) for e in range(first, m - j)))
            for m, j, p in powers
        )
    )
    special = [
        sum(p * falling(at + m - j, m) * value(at + m - j) for m, j, p in powers) for at in range(start)
    ]
    if not is_zero(general) or any(special):
        raise SeriesError("the coefficients do not satisfy the recurrence of the differential equation")

    # From where the recurrence determines the next coefficient, and those before it.
    leading = sp.Poly(sum(p * falling(order + last, m) for m, j, p in powers if m - j == last), order)
    exceptions = [root for root in leading.ground_roots() if root.is_integer and root >= 0]
    free = max([0, *(int(root) + 1 for root in exceptions)]) + max(last, 0)
    for at in range(free):
        taylor = sp.diff(function, q, at).subs(q, 0) / sp.factorial(at)
        if not is_zero(taylor - value(at)):
            raise SeriesError(f"the coefficients of {q}^{at} differ")
