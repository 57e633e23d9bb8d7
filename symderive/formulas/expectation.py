"""Expectation: the node that stands for it in print, and the operators that carry it out.

The operators act on polynomials.  Expectation is linear, and of a product of independent factors it is
the product of theirs; so it is settled by the moments of single variables.  Only the moments that the
model states are known: a power beyond them is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp

from symderive.errors import InputError


def noise_moments(variance: Any) -> tuple[Any, ...]:
    """E 1, E ε, E ε² of a neuron's noise: all that the model says about it.

    >>> noise_moments(sp.Symbol("s"))
    (1, 1, s + 1)
    """
    return sp.Integer(1), sp.Integer(1), 1 + variance


def average(expression: Any, moments: Mapping[Any, Sequence[Any]]) -> Any:
    """E of a polynomial in independent variables.

    Parameters
    ----------
    expression
        A polynomial in the variables, with any coefficients free of them.
    moments
        For every variable its moments E 1, E ε, E ε², …

    Raises
    ------
    InputError
        For a power whose moment is not given, and for what is no polynomial in the variables.

    Examples
    --------
    >>> a, b, s = sp.symbols("a b s")
    >>> average((a - b) ** 2, {a: noise_moments(s), b: noise_moments(s)})
    2*s
    """
    variables = tuple(moments)
    total = sp.Integer(0)
    for powers, coefficient in _terms(expression, variables):
        for variable, power in zip(variables, powers, strict=True):
            if power >= len(moments[variable]):
                raise InputError(
                    f"the moment of order {power} of {variable} is not known; give moments up to it, or "
                    f"average an expression of degree at most {len(moments[variable]) - 1} in {variable}."
                )
            coefficient *= moments[variable][power]
        total += coefficient
    return total


def average_quadratic(expression: Any, variables: Sequence[Any], second: Any) -> Any:
    """E of a quadratic form in dependent variables, from the matrix of their second moments.

    ``second[i, j]`` is E of variable i times variable j.  Raises :class:`InputError` for a term that
    is not of degree 2, whose mean the second moments do not settle.

    >>> x, y, A, v = sp.symbols("x y A v")
    >>> average_quadratic(3 * x**2 - 2 * x * y, (x, y), sp.Matrix([[A, v], [v, 1]]))
    3*A - 2*v
    """
    total = sp.Integer(0)
    for powers, coefficient in _terms(expression, variables):
        if sum(powers) != 2:
            raise InputError(
                f"a term of degree {sum(powers)} in {', '.join(map(str, variables))} has no mean that "
                "second moments settle; give a quadratic form."
            )
        first, last = (index for index, power in enumerate(powers) for _ in range(power))
        total += coefficient * second[first, last]
    return total


def _terms(expression: Any, variables: Sequence[Any]) -> list[tuple[tuple[int, ...], Any]]:
    """Powers of the variables and coefficient of every term of a polynomial."""
    if not variables:
        return [((), sp.S(expression))]
    try:
        terms = sp.Poly(expression, *variables).terms()
    except sp.PolynomialError:
        raise InputError(
            f"{expression} is no polynomial in {', '.join(map(str, variables))}, so that moments do "
            "not settle its mean."
        ) from None
    return [(powers, coefficient) for powers, coefficient in terms if coefficient != 0]
