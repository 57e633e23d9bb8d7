"""What the kinds of letters say about the signs of atoms."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache

from .quotients import is_integer
from .terms import Letter, Term

#: What :mod:`.forms` is about: sums of monomials, and monomials as pairs of an atom and its exponent.
Monomial = frozenset[tuple[Term, Term]]
Form = dict[Monomial, Fraction]

#: How a kind of compound atom shows that it is positive, non-negative.
SIGNS: dict[str, tuple[Callable[[Term], bool], Callable[[Term], bool]]] = {}


def least(atom: Term) -> int | None:
    """The sign that an atom has by its kind: 1 for > 0, 0 for ≥ 0."""
    if atom.op == "generic":
        _, kind, low, _ = atom.args
        if low is not None and is_nonnegative(low):
            return int(is_positive(low))
        return kind.least
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
    return least(atom) == 1


@lru_cache(maxsize=20_000)
def is_nonnegative(atom: Term) -> bool:
    """Whether an atom or a composite is ≥ 0 by the kinds of its letters; False means not known."""
    if atom.op in SIGNS:
        return SIGNS[atom.op][1](atom) or is_positive(atom)
    return least(atom) is not None


def is_nonnegative_form(value: Form) -> bool:
    """Whether all terms are manifestly ≥ 0."""
    return all(
        c > 0 and all((is_integer(e) and e.args[0] % 2 == 0) or is_nonnegative(atom) for atom, e in m)
        for m, c in value.items()
    )


def is_positive_form(value: Form) -> bool:
    """Whether all terms are manifestly ≥ 0 and one of them > 0."""
    return is_nonnegative_form(value) and any(all(is_positive(atom) for atom, _ in m) for m in value)
