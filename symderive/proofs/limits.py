"""Limits of sums of powers, by their dominant terms, with symbolic exponents and coefficients.

Where the variable grows (or vanishes), a sum of terms c·x^e is like its dominant term, a finite sum over
an index like the sum of the dominant parts, and a power of a composite like the power of its dominant
term, if that has a positive coefficient.  One-sided: None means that the dominant term is not known.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive.proofs.monomials import Terms, terms
from symderive.proofs.normal_form import is_zero, normalized
from symderive.proofs.sign_rules import Signs


def leading_limit(expression: Any, variable: Any, point: Any, signs: Signs) -> Any | None:
    """lim of ``expression`` as the positive ``variable`` tends to ∞ or to 0 from above.

    >>> from symderive.symbols import D, lam, rho
    >>> leading_limit((lam + rho) ** (1 / D) / (2 * lam ** (1 / D) + 3), lam, sp.oo, Signs())
    1/2
    """
    if not variable.is_positive or point not in (sp.oo, sp.Integer(0)):
        return None
    direction = 1 if point == sp.oo else -1
    found = _leading(terms(expression), variable, direction, signs)
    if found is None:
        return sp.Integer(0) if not terms(expression) else None
    coefficient, power = found
    if power == 0:
        return coefficient
    if signs.is_positive(-direction * power):
        return sp.Integer(0)
    if signs.is_positive(direction * power) and signs.is_positive(coefficient):
        return sp.oo
    return None


def _leading(form: Terms, variable: Any, direction: int, signs: Signs) -> tuple[Any, Any] | None:
    """Coefficient and exponent of the dominant term."""
    best: tuple[Any, Any] | None = None
    for monomial, number in form.items():
        coefficient, power = sp.Rational(number.numerator, number.denominator), sp.Integer(0)
        for atom, exponent in monomial:
            if exponent.has(variable):
                return None
            part = _leading_of_atom(atom, variable, direction, signs)
            if part is None:
                return None
            # A coefficient that might vanish does no harm under a whole positive power.
            whole = exponent.is_Integer and exponent > 0
            if part[1] != 0 and atom != variable and not (whole or signs.is_positive(part[0])):
                return None
            coefficient *= part[0] ** exponent
            power += part[1] * exponent
        if best is None:
            best = coefficient, power
            continue
        step = normalized(direction * (power - best[1]))
        if step == 0:
            best = best[0] + coefficient, best[1]
        elif signs.is_positive(step):
            best = coefficient, power
        elif not signs.is_positive(-step):
            return None
    if best is None or is_zero(best[0]):
        return None
    return best[0], normalized(best[1])


def _leading_of_atom(atom: Any, variable: Any, direction: int, signs: Signs) -> tuple[Any, Any] | None:
    if atom == variable:
        return sp.Integer(1), sp.Integer(1)
    if not atom.has(variable):
        return atom, sp.Integer(0)
    if isinstance(atom, sp.Add):
        return _leading(terms(atom), variable, direction, signs)
    if isinstance(atom, sp.Sum) and not any(limit.has(variable, sp.oo) for limit in atom.limits):
        inner = _leading(terms(atom.function), variable, direction, signs)
        if inner is None or any(inner[1].has(name) for name, *_ in atom.limits):
            return None
        return sp.Sum(inner[0], *atom.limits), inner[1]
    return None
