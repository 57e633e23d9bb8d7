"""Claims: two sides and a relation, for all indices of some ranges, without bound names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from .binders import instantiate, substitute
from .terms import WHOLE, Kind, Letter, Symbol, Term, lazy, minus


class Limit(NamedTuple):
    """The body, in one bound variable of a kind, as it grows to ∞ or falls to 0 from above."""

    body: Term
    kind: Kind
    to_infinity: bool


class Roots(NamedTuple):
    """The roots of a polynomial, rational coefficients from the constant one on, in (low, high).

    An end None is infinite.
    """

    coefficients: tuple[Any, ...]
    low: Any
    high: Any


@dataclass(frozen=True)
class Claim:
    """left ∘ right for all indices in ``over``.

    ``relation`` is one of = ≥ > ≠ ⪰ → # ⇔.  The ranges are pairs (low, high); the indices are bound in
    both sides and in the ranges after their own.  For ⪰ the sides are entries at two indices, for → the
    left is a :class:`Limit`, for # a :class:`Roots`, for ⇔ both are claims without ranges.
    """

    relation: str
    left: Any
    right: Any
    over: tuple[tuple[Term, Term], ...] = ()

    @property
    def difference(self) -> Term:
        return minus(self.left, self.right)

    @lazy
    def terms(self) -> tuple[Term, ...]:
        """All terms in the claim."""
        ends = [end for ends in self.over for end in ends]
        for side in (self.left, self.right):
            match side:
                case Term():
                    ends.append(side)
                case Limit():
                    ends.append(side.body)
                case Claim():
                    ends += side.terms
        return tuple(ends)

    @lazy
    def symbols(self) -> frozenset[Symbol]:
        return frozenset().union(*(term.symbols for term in self.terms))

    @lazy
    def generics(self) -> frozenset[Term]:
        return frozenset().union(*(term.generics for term in self.terms))

    def map(self, change: Any) -> Claim:
        """The claim with every term changed."""

        def changed(side: Any) -> Any:
            match side:
                case Term():
                    return change(side)
                case Limit():
                    return Limit(change(side.body), side.kind, side.to_infinity)
                case Claim():
                    return side.map(change)
            return side

        over = tuple((change(low), change(high)) for low, high in self.over)
        return Claim(self.relation, changed(self.left), changed(self.right), over)

    def at(self, table: dict[Letter, Term]) -> Claim:
        """The claim with letters replaced by templates."""
        return self.map(lambda term: substitute(term, table)) if table else self

    def open(self, level: int) -> tuple[Claim, tuple[Term, ...]]:
        """The claim at generic letters of its ranges, numbered from ``level`` on, and these."""
        names: list[Term] = []
        for low, high in self.over:
            ends = (instantiate(end, *names) for end in (low, high))
            names.append(Term("generic", level + len(names), WHOLE, *ends))
        return self.instance(*names), tuple(names)

    def instance(self, *values: Term) -> Claim:
        """The claim at values of its indices; nothing checks here that they lie in the ranges."""
        body = Claim(self.relation, self.left, self.right)
        return body.map(lambda term: instantiate(term, *values)) if values else body

    def ranges(self, *values: Term) -> tuple[tuple[Term, Term], ...]:
        """The ranges at values of the indices before each."""
        return tuple((instantiate(low, *values), instantiate(high, *values)) for low, high in self.over)
