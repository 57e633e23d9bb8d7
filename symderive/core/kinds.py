"""What the kinds of letters say: signs of atoms, and whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING

from . import exponents, forms
from .terms import Letter, Term

if TYPE_CHECKING:
    from .forms import Form

#: How a kind of compound atom shows that it is positive, non-negative.
SIGNS: dict[str, tuple[Callable[[Term], bool], Callable[[Term], bool]]] = {}


def least(atom: Term) -> int | None:
    """The sign that an atom has by its kind: 1 for > 0, 0 for ≥ 0."""
    if atom.op == "generic":
        _, kind, low, _ = atom.args
        if low is not None and (is_positive_form(forms.form(low)) or is_nonnegative_form(forms.form(low))):
            return int(is_positive_form(forms.form(low)))
        return kind.least  # type: ignore[no-any-return]
    if atom.op == "at":
        return atom.args[0].kind.least if isinstance(atom.args[0], Letter) else None
    if atom.op == "num":
        return 1 if atom.args[0] > 0 else 0 if atom.args[0] == 0 else None
    return {"e": 1, "delta": 0}.get(atom.op)


@lru_cache(maxsize=20_000)
def is_positive(atom: Term) -> bool:
    """Whether an atom or a composite is > 0 by the kinds of its letters; False means not known."""
    if atom.op in SIGNS:
        return SIGNS[atom.op][0](atom)
    return is_positive_form(forms.form(atom)) if atom.op == "add" else least(atom) == 1


@lru_cache(maxsize=20_000)
def is_nonnegative(atom: Term) -> bool:
    """Whether an atom or a composite is ≥ 0 by the kinds of its letters; False means not known."""
    if atom.op in SIGNS:
        return SIGNS[atom.op][1](atom) or is_positive(atom)
    return is_nonnegative_form(forms.form(atom)) if atom.op == "add" else least(atom) is not None


def is_nonnegative_form(value: Form) -> bool:
    """Whether all terms are manifestly ≥ 0."""
    return all(
        c > 0
        and all((exponents.is_integer(e) and e.args[0] % 2 == 0) or is_nonnegative(atom) for atom, e in m)
        for m, c in value.items()
    )


def is_positive_form(value: Form) -> bool:
    """Whether all terms are manifestly ≥ 0 and one of them > 0."""
    return is_nonnegative_form(value) and any(all(is_positive(atom) for atom, _ in m) for m in value)


@lru_cache(maxsize=20_000)
def is_whole(term: Term) -> bool:
    """Whether a term is a whole number by the kinds of its letters."""
    match term.op:
        case "num":
            return term.args[0].denominator == 1  # type: ignore[no-any-return]
        case "generic":
            return term.args[1].whole  # type: ignore[no-any-return]
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
    for monomial, coefficient in forms.form(term).items():
        if coefficient < 0 and monomial:
            return False
        if not all(exponents.is_positive_integer(e) and least(atom) is not None for atom, e in monomial):
            return False
        low += coefficient * all(least(atom) == 1 for atom, _ in monomial)
    return low >= 0
