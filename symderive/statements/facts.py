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
from typing import Any, TypeAlias

import sympy as sp

#: What claims and proofs are written in.
Expression: TypeAlias = sp.Expr | int

#: A range of an index: (symbol, first, last).
Range: TypeAlias = tuple[sp.Symbol, Expression, Expression]


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
        """Sum over ranges of indices, the innermost first.

        Parameters
        ----------
        *over : (index, first, last)
            The ranges.

        Returns
        -------
        Use or Combine
            The fact or the combination, summed.
        """
        term = in_use(self)
        if isinstance(term, Use):
            return replace(term, over=(*term.over, *over))
        return Combine(
            tuple(use.sum(*over) for use in term.uses), tuple(sp.Sum(rest, *over) for rest in term.plus)
        )


class Fact(Addend):
    """What a proof may rest on."""

    def at(self, where: Mapping[Any, Any]) -> Use:
        """Take the fact with its symbols, families and indices replaced.

        Parameters
        ----------
        where : mapping
            What they stand for: ``{x[j]: …, n: …}``.

        Returns
        -------
        Use
            The fact at that place.
        """
        return Use(self, where=where)

    def because(self, *proofs: Any) -> Use:
        """Take the fact with its own hypotheses proved.

        Parameters
        ----------
        *proofs : Claim, Statement, Use, Combine or None
            A proof for each hypothesis, in their order; None for one that this statement has as well.

        Returns
        -------
        Use
            The fact with these proofs.
        """
        return Use(self).because(*proofs)


@dataclass(frozen=True)
class Use(Addend):
    """One fact, used ``times`` a coefficient, at ``where``, summed ``over`` ranges.

    It is made from a fact by ``at``, ``because``, multiplication and ``sum``; the order is that of the
    record: a fact is first taken at its place, then multiplied, then summed.

    Attributes
    ----------
    fact : Claim, Statement or HYPOTHESIS
        A hypothesis of the statement (a claim), another statement, or the assumption of an induction.
    times : sympy.Expr or int
        The coefficient; non-negative for inequalities.
    where : tuple of (letter, expression)
        What the fact's symbols, families and indices stand for; it may be given as a mapping.
    over : tuple of (index, first, last)
        Ranges of indices to sum the fact over.
    given : tuple
        Proofs of the fact's own hypotheses at that place; None for one that is among the statement's.

    Examples
    --------
    >>> from symderive import greater
    >>> from symderive.symbols import lam
    >>> positive = greater(lam, 0)
    >>> use = 2 * positive.at({lam: lam + 1})
    >>> use.times, use.where
    (2, ((lambda, lambda + 1),))
    """

    fact: Any
    times: Expression = 1
    where: Any = ()
    over: tuple[Range, ...] = ()
    given: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.where, Mapping):
            object.__setattr__(self, "where", tuple(self.where.items()))

    def at(self, where: Mapping[Any, Any]) -> Use:
        """Take the fact at a place.

        Parameters
        ----------
        where : mapping
            What its symbols, families and indices stand for.

        Returns
        -------
        Use
            The fact there.

        Raises
        ------
        ValueError
            Where it has a place already, or is multiplied or summed before.
        """
        if self.where or self.over or self.times != 1:
            raise ValueError("a fact is first taken at its place, once, then multiplied, then summed")
        return replace(self, where=where)

    def because(self, *proofs: Any) -> Use:
        """Take the fact with its hypotheses proved at its place.

        Parameters
        ----------
        *proofs : Claim, Statement, Use, Combine or None
            A proof for each hypothesis, in their order; None for one that is given.

        Returns
        -------
        Use
            The fact with these proofs.

        Raises
        ------
        ValueError
            Where they are proved already.
        TypeError
            For what is no proof.
        """
        if self.given:
            raise ValueError("the hypotheses of this fact are proved already")
        return replace(self, given=tuple(proof if proof is None else proved(proof) for proof in proofs))


@dataclass(frozen=True)
class Combine(Addend, Proof):
    """Proof by combination: left - right = Σ uses + Σ plus, exactly.

    Alone it is exact algebra.  With ``plus`` it shows a difference to be a sum of squares or another
    manifestly non-negative form; with ``uses`` it uses hypotheses, named inequalities, or statements proved
    before.  Facts that are added make one.

    Attributes
    ----------
    uses : tuple of Use
        The facts.
    plus : tuple of sympy.Expr
        Terms of which the core can see that they are never negative.

    Examples
    --------
    >>> from symderive import greater
    >>> from symderive.symbols import lam
    >>> proof = 2 * greater(lam, 0) + nonnegative((lam - 1) ** 2)
    >>> len(proof.uses), proof.plus
    (1, ((lambda - 1)**2,))
    """

    uses: tuple[Use, ...] = ()
    plus: tuple[Expression, ...] = ()


def nonnegative(*terms: Expression) -> Combine:
    """Rest that is manifestly non-negative, as an addend of a proof.

    Parameters
    ----------
    *terms : sympy.Expr
        Terms of which the core can see that they are never negative, such as squares.

    Returns
    -------
    Combine
        The terms, without facts.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> nonnegative((lam - 1) ** 2).plus
    ((lambda - 1)**2,)
    """
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
