"""Whole numbers and natural ones, by the kinds of letters."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

from .forms import form
from .kinds import least
from .quotients import is_positive_integer
from .terms import Letter, Term


@lru_cache(maxsize=20_000)
def is_whole(term: Term) -> bool:
    """Whether a term is a whole number by the kinds of its letters."""
    match term.op:
        case "num":
            return term.args[0].denominator == 1
        case "generic":
            return term.args[1].whole
        case "at":
            return isinstance(term.args[0], Letter) and term.args[0].kind.whole
        case "delta":
            return True
        case "add" | "mul":
            return all(map(is_whole, term.args))
        case "pow":
            return is_whole(term.args[0]) and is_natural(term.args[1])
        case "binomial":
            return all(map(is_whole, term.args))
    return False


@lru_cache(maxsize=20_000)
def is_natural(term: Term) -> bool:
    """Whether a term is a whole number ≥ 0 by the kinds of its letters: a sum with D ≥ 1, say."""
    if not is_whole(term):
        return False
    low = Fraction(0)
    for monomial, coefficient in form(term).items():
        if coefficient < 0 and monomial:
            return False
        if not all(is_positive_integer(e) and least(atom) is not None for atom, e in monomial):
            return False
        low += coefficient * all(least(atom) == 1 for atom, _ in monomial)
    return low >= 0
