"""The order in which an author writes factors and terms, where SymPy has lost the one that was chosen.

A product begins with the noise factor and the decays and ends with vectors: ρ a_k m_k, D τ λ, (D+1) γ̄ ‖m‖².
A sum begins with what the noise multiplies, and the ridge follows it: ρ a + λ, ρ a_k m_k + λ m_k - v_k.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sympy as sp

from symderive.latex.names import words

_CONSTANTS = words("rho q gamma gammabar gamma_u kappa tau zeta lambda a beta b b_u sigma")
_VECTORS = words("v m e g h x y w xi psi U W T M A")

#: Places of letters in a product; others stand between the two groups, and sums after them.
_FACTORS = {name: place for place, name in enumerate(_CONSTANTS)}
_OTHERS, _SUMS, _FIRST_VECTOR = len(_FACTORS), len(_FACTORS) + 1, len(_FACTORS) + 2
_FACTORS |= {name: place for place, name in enumerate(_VECTORS, _FIRST_VECTOR)}

#: Places of terms in a sum by the letter that they begin with.
_TERMS = {"rho": 1, "a": 2, "lambda": 3, "c": 5, "gammabar": 6, "kappa": 6, "tau": 6}
_TERM = 4


def place_of_factor(factor: Any) -> int:
    """Where in a product a factor stands."""
    base = factor.base if isinstance(factor, sp.Pow) else factor
    if isinstance(base, sp.Add):
        return _SUMS
    return _FACTORS.get(_name(base), _OTHERS)


def place_of_term(term: Any) -> int:
    """Where in a sum a term without its sign stands; numbers are in front."""
    if term.is_Number:
        return 0
    factors = sp.Mul.make_args(term) if term.is_commutative else ()
    letters = [factor for factor in factors if not factor.is_integer]
    first = min(letters, key=place_of_factor, default=None)
    base = first.base if isinstance(first, sp.Pow) and first.exp.is_positive else first
    return _TERM if base is None else _TERMS.get(_name(base), _TERM)


def _name(base: Any) -> str:
    if isinstance(base, sp.Indexed):
        return str(base.base.label)
    return base.name if isinstance(base, sp.Symbol) else ""


def collected(factors: Iterable[Any]) -> list[Any]:
    """Powers of letters with one exponent, which is not whole, as one power: √(κ/γ), (ρ a)^{D-1}.

    Only letters that are not negative, for which it is the same number.
    """
    alone: list[Any] = []
    groups: dict[Any, list[Any]] = {}
    for factor in factors:
        base, exponent = factor.args if isinstance(factor, sp.Pow) else (factor, sp.S.One)
        if not (_is_letter(base) and base.is_nonnegative) or exponent.is_Integer:
            alone.append(_power(base, exponent) if exponent.is_Add else factor)
        else:
            groups.setdefault(_unsigned(exponent), []).append((base, exponent))
    for exponent, members in groups.items():
        if len(members) == 1:
            alone.append(_power(*members[0]))
            continue
        above = [base for base, own in members if own == exponent]
        below = [base for base, own in members if own != exponent]
        if not above:
            alone.append(_power(_product(below), -exponent))
        elif not below or exponent == sp.S.Half:
            inside = _product(above) if not below else _product(above) / sp.Mul(*below)
            alone.append(_power(inside, exponent))
        else:
            alone += [_power(_product(above), exponent), _power(_product(below), -exponent)]
    return alone


def _power(base: Any, exponent: Any) -> Any:
    """base^exponent; 1 - D is written as -(D - 1), which puts the power below the line."""
    if exponent.is_Add and all(part.is_Number or part.could_extract_minus_sign() for part in exponent.args):
        exponent = sp.Mul(-1, -exponent, evaluate=False)
    return sp.Pow(base, exponent, evaluate=False)


def _is_letter(base: Any) -> bool:
    return isinstance(base, sp.Symbol | sp.Indexed)


def _unsigned(exponent: Any) -> Any:
    return -exponent if exponent.could_extract_minus_sign() else exponent


def _product(factors: list[Any]) -> Any:
    ordered = sorted(factors, key=place_of_factor)
    return ordered[0] if len(ordered) == 1 else sp.Mul(*ordered, evaluate=False)
