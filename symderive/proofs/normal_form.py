"""The decision procedure for exact algebra: when is an expression identically zero?

An expression becomes a sum of *terms*: a rational coefficient times a monomial, and a monomial is a
set of *atoms* with exponents.  Exponents may be symbolic (λ^{(D+1)/D}), because monomials multiply by
adding exponents.  Atoms are symbols, indexed symbols, primes (for radicals), e, and four compound
kinds, each in a form that depends on the function and not on the way in which it was written:

- a *composite*, a polynomial that stands under a negative or fractional power;
- a *sum* over a symbolic range, split into connected parts, its bound indices named canonically;
- a *product* over a symbolic range of something that does not factor further;
- the logarithm of an atom.

Widths, depth and dimension stay symbolic throughout.  :func:`is_zero` multiplies denominators out
and is *one-sided*: True is a proof (given that every denominator is nonzero and every power is defined,
which the caller checks); False says only that the normal form is not zero.

The rules, each true for all values of the atoms: z^p z^q = z^{p+q}; (wz)^p = w^p z^p and (w^p)^q = w^{pq}
for positive w or whole q; Σ and E are linear; Σ_j δ_{jk} f_j = f_k; Π is multiplicative;
log(w^p z) = p log w + log z for positive w.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp

from symderive.proofs import sum_normal_form as _ranges  # noqa: F401 - completes the table of rules
from symderive.proofs.monomials import (
    ONE,
    Monomial,
    Terms,
    add,
    expression_of,
    multiply,
    raised,
    split_exponent,
    terms,
)


def is_zero(expression: Any) -> bool:
    """Whether the normal form of ``expression`` is zero; True is a proof, False is not a refutation.

    >>> from symderive.symbols import D, lam
    >>> is_zero(lam ** ((D + 1) / D) * lam ** (-1 / D) - lam)
    True
    """
    return not cleared(terms(expression))


def cleared(form: Terms) -> Terms:
    """``form`` times its denominators, composites multiplied out: empty iff the normal form is 0."""
    while composites := {atom for monomial in form for atom, _ in monomial if isinstance(atom, sp.Add)}:
        # The outermost first: its polynomial may hold others.
        form = _clear(form, max(composites, key=lambda atom: (atom.count_ops(), str(atom))))
    return form


def normalized(expression: Any) -> Any:
    """The expression that the normal form of ``expression`` stands for."""
    return expression_of(terms(expression))


def _clear(form: Terms, composite: Any) -> Terms:
    """``form`` times the least power of ``composite`` that leaves no negative one, multiplied out."""
    marker = sp.Dummy()
    parts: list[tuple[int, Any, Monomial, Fraction]] = []
    for monomial, coefficient in form.items():
        table = dict(monomial)
        whole, fraction = split_exponent(table.pop(composite, sp.Integer(0)))
        parts.append((whole, fraction, frozenset(table.items()), coefficient))
    least = min((whole for whole, *_ in parts), default=0)
    polynomial = terms(composite)
    powers = {whole: raised(polynomial, sp.Integer(whole - least)) for whole, *_ in parts}
    return add(
        multiply(powers[whole], {monomial | ({(marker, rest)} if rest != 0 else ONE): coefficient})
        for whole, rest, monomial, coefficient in parts
    )
