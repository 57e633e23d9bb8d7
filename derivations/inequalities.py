"""Named inequalities, proved from one axiom: the logarithm lies below its tangent at 1.

Statements that derivations use as facts, and functions that take them at a place.  Families are sums over
an index, so that dimension and depth stay symbolic.
"""

from __future__ import annotations

from typing import Any

from sympy import Product, Rational, Sum, log

from symderive.statements import (
    AXIOM,
    HYPOTHESIS,
    Use,
    at_least,
    both_ways,
    equal,
    induction,
    left,
    nonnegative,
    right,
    theorem,
    without,
)

from .notation import D, dot, families, j, k, letters, n, norm2

s, xi, eta = letters("s xi eta", positive=True)
X, Y = families("X Y")
P = families("P", positive=True)
FOR_EACH = (j, 1, n)

LOGARITHM = theorem(
    "logarithm",
    "The logarithm lies below its tangent at 1",
    at_least(xi - 1, log(xi)),
    reference="concavity of the logarithm",
    proof=AXIOM,
    misses={"a shifted tangent": left(xi - Rational(5, 4))},
)

CAUCHY_SCHWARZ = theorem(
    "cauchy-schwarz",
    "The Cauchy–Schwarz inequality",
    at_least(norm2(X) * norm2(Y), dot(X, Y) ** 2),
    reference="Cauchy–Schwarz; the proof is Lagrange's identity",
    proof=nonnegative(Sum((X[j] * Y[k] - X[k] * Y[j]) ** 2, FOR_EACH, (k, 1, n)) / 2),
    misses={"twice the right side": right(2 * dot(X, Y) ** 2)},
)


def cauchy_schwarz(first: Any, second: Any, size: Any) -> Use:
    """The inequality for vectors with the components ``first`` and ``second``, in the index j."""
    return CAUCHY_SCHWARZ.at({X[j]: first, Y[j]: second, n: size})


def am_gm(single: Any, others: Any, number: Any) -> Use:
    """The inequality for one number and ``number`` others, given in the index j."""
    return AM_GM.at({xi: single, P[j]: others, n: number})


def tangent(value: Any) -> Use:
    """value - 1 ≥ ln value."""
    return LOGARITHM.at({xi: value})


_mean = (xi * Product(P[j], FOR_EACH)) ** (1 / (n + 1))

AM_GM = theorem(
    "am-gm",
    "The arithmetic mean of n + 1 positive numbers is at least their geometric mean",
    at_least(xi + Sum(P[j], FOR_EACH), (n + 1) * _mean),
    reference="AM–GM; Pólya's proof",
    proof=_mean * tangent(xi / _mean) + (_mean * tangent(P[j] / _mean)).sum(FOR_EACH),
    misses={"one more term on the right": right((n + 2) * _mean)},
)

_ORDER = at_least(xi, eta)

POWER = theorem(
    "power-monotone",
    "Positive powers preserve order",
    at_least(xi**s, eta**s),
    given=(_ORDER,),
    reference="monotonicity of powers",
    proof=eta**s * tangent((xi / eta) ** s)
    + s * eta**s * tangent(eta / xi)
    + nonnegative(s * eta**s * (xi - eta) / xi),
    misses={"no order is given": without(_ORDER)},
)


def power(first: Any, second: Any, exponent: Any) -> Use:
    """first^exponent ≥ second^exponent; to be supposed is first ≥ second."""
    return POWER.at({xi: first, eta: second, s: exponent})


_SAME_POWER = equal(xi**s, eta**s)

SAME_POWER = theorem(
    "power-injective",
    "Positive numbers with equal powers are equal",
    equal(xi, eta),
    given=(_SAME_POWER,),
    reference="monotonicity of powers",
    proof=both_ways(
        power(xi**s, eta**s, 1 / s).because(_SAME_POWER), power(eta**s, xi**s, 1 / s).because(-_SAME_POWER)
    ),
    misses={"the powers are not equal": without(_SAME_POWER)},
)


def same_power(first: Any, second: Any, exponent: Any) -> Use:
    """first = second; to be supposed is first^exponent = second^exponent."""
    return SAME_POWER.at({xi: first, eta: second, s: exponent})


_FACTORS = equal(X[j], Y[j], (j, 1, D))

EQUAL_PRODUCTS = theorem(
    "equal-products",
    "Products of equal factors are equal",
    equal(Product(X[j], (j, 1, D)), Product(Y[j], (j, 1, D))),
    given=(_FACTORS,),
    reference="induction on the number of factors",
    proof=induction(
        D,
        step=X[D + 1] * HYPOTHESIS
        + Product(Y[j], (j, 1, D)) * equal(X[j], Y[j], (j, 1, D + 1)).at({j: D + 1}),
    ),
    misses={"the factors differ": without(_FACTORS)},
)


def equal_products(first: Any, second: Any) -> Use:
    """Π first = Π second over D factors in the index j; to be supposed is that they are equal."""
    return EQUAL_PRODUCTS.at({X[j]: first, Y[j]: second})


SHIFTED_SUM = theorem(
    "shifted-sum",
    "A sum from the element before the first",
    equal(Sum(X[j - 1], (j, 1, D)), X[0] + Sum(X[j], (j, 1, D)) - X[D]),
    reference="induction on the number of terms",
    proof=induction(D, step=HYPOTHESIS),
    misses={"the last element is kept": right(X[0] + Sum(X[j], (j, 1, D)))},
)

ALL: tuple[Any, ...] = (
    *(LOGARITHM, CAUCHY_SCHWARZ, AM_GM, POWER, SAME_POWER),
    *(EQUAL_PRODUCTS, SHIFTED_SUM),
)
