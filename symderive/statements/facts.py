"""Facts add: the algebra in which a proof by combination is written.

A fact is a hypothesis (a claim), a statement, or HYPOTHESIS, the assumption of an induction.  Facts are
taken at other letters, multiplied, summed over indices, added and subtracted, and what this makes is the
very record that is carried out by the core::

    LOSS + LOWER_BOUND.at({g[j]: U[j]}) - (2 * v[k] * MAP_IS_ZERO).sum((k, 1, d[0])) + nonnegative(DECAY)

The order is that of the record: a fact is first taken ``at`` its place, then multiplied, then summed.
Nothing is checked here beyond that order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

#: A range of an index: (symbol, first, last).
Range = tuple[Any, Any, Any]


class Proof:
    """A record of a proof."""


class Addend:
    """What can stand in a combination: a fact, a fact in use, or a combination."""

    def __add__(self, other: Any) -> Combine:
        return _joined(self, other)

    def __radd__(self, other: Any) -> Combine:
        return combination(self) if other == 0 else NotImplemented  # the builtin ``sum`` starts from 0

    def __sub__(self, other: Any) -> Combine:
        return _joined(self, -other) if isinstance(other, Addend) else NotImplemented

    def __neg__(self) -> Any:
        return self * -1

    def __pos__(self) -> Any:
        return self

    def __mul__(self, coefficient: Any) -> Any:
        return scaled(self, coefficient) if _is_number(coefficient) else NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, coefficient: Any) -> Any:
        return scaled(self, 1 / sp.S(coefficient)) if _is_number(coefficient) else NotImplemented

    def sum(self, *over: Range) -> Any:
        """Summed over ranges of indices, the innermost first."""
        term = in_use(self)
        if isinstance(term, Use):
            return replace(term, over=(*term.over, *over))
        return Combine(
            tuple(use.sum(*over) for use in term.uses), tuple(sp.Sum(rest, *over) for rest in term.plus)
        )


class Fact(Addend):
    """What a proof may rest on."""

    def at(self, where: Mapping[Any, Any]) -> Use:
        """The fact with its symbols, families and indices replaced: ``{x[j]: …, n: …}``."""
        return Use(self, where=where)

    def because(self, *proofs: Any) -> Use:
        """The fact, its own hypotheses proved, in their order; None for one that this statement has."""
        return Use(self).because(*proofs)


@dataclass(frozen=True)
class Use(Addend):
    """One fact, used ``times`` a coefficient, at ``where``, summed ``over`` ranges.

    Attributes
    ----------
    fact
        A hypothesis of the statement (a claim), another statement, or HYPOTHESIS.
    times
        The coefficient; non-negative for inequalities.
    where
        What the fact's symbols, families and indices stand for: ``{x[j]: …, n: …}``.
    over
        Ranges of indices to sum the fact over.
    given
        Proofs of the fact's own hypotheses at that place; None for one that is among the statement's.
    """

    fact: Any
    times: Any = 1
    where: Any = ()
    over: tuple[Range, ...] = ()
    given: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.where, Mapping):
            object.__setattr__(self, "where", tuple(self.where.items()))

    def at(self, where: Mapping[Any, Any]) -> Use:
        """The fact at a place; a fact in use has one, and is not multiplied or summed before."""
        if self.where or self.over or self.times != 1:
            raise ValueError("a fact is first taken at its place, once, then multiplied, then summed")
        return replace(self, where=where)

    def because(self, *proofs: Any) -> Use:
        """The hypotheses of the fact proved at its place, in their order; None for one that is given."""
        if self.given:
            raise ValueError("the hypotheses of this fact are proved already")
        return replace(self, given=tuple(proof if proof is None else proved(proof) for proof in proofs))


@dataclass(frozen=True)
class Combine(Addend, Proof):
    """left - right = Σ uses + Σ plus, with every term of ``plus`` manifestly non-negative."""

    uses: tuple[Use, ...] = ()
    plus: tuple[Any, ...] = ()


def nonnegative(*terms: Any) -> Combine:
    """A rest that is manifestly non-negative, as an addend."""
    return Combine(plus=terms)


def proved(proof: Any) -> Any:
    """A proof where one is expected: a fact stands for the combination of it alone."""
    if isinstance(proof, Addend):
        return combination(proof)
    if proof is not None and not isinstance(proof, Proof):
        raise TypeError(
            f"{proof!r:.60} is no proof; give facts, nonnegative(…), induction(…) or another record"
        )
    return proof


def in_use(addend: Any) -> Use | Combine:
    """A fact as it stands, used once; what is in use already stays."""
    return addend if isinstance(addend, (Use, Combine)) else Use(addend)


def combination(addend: Any) -> Combine:
    """An addend as a combination."""
    term = in_use(addend)
    return term if isinstance(term, Combine) else Combine((term,))


def scaled(addend: Any, coefficient: Any) -> Use | Combine:
    """coefficient · addend; what multiplies a sum does not speak of its indices."""
    term = in_use(addend)
    if isinstance(term, Combine):
        if term.plus and sp.S(coefficient).is_negative:
            raise ValueError("a non-negative rest cannot be subtracted")
        uses = tuple(scaled(use, coefficient) for use in term.uses)
        return Combine(uses, tuple(coefficient * rest for rest in term.plus))  # type: ignore[arg-type]
    if {index for index, *_ in term.over} & getattr(coefficient, "free_symbols", set()):
        raise ValueError(f"{coefficient} speaks of an index that is summed over; multiply first, then sum")
    return replace(term, times=coefficient if term.times == 1 else coefficient * term.times)


def _joined(left: Any, right: Any) -> Combine:
    if not isinstance(right, Addend):
        return NotImplemented
    first, second = combination(left), combination(right)
    return Combine(first.uses + second.uses, first.plus + second.plus)


def _is_number(coefficient: Any) -> bool:
    return isinstance(coefficient, (int, sp.Expr))
