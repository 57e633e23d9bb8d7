"""What the points of a statement have in common: definitions, domains, and how long its ranges may be."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import sympy as sp

from symderive.sampling.letters import Letter, letter_of
from symderive.statements.nodes import Expectation
from symderive.statements.statement import Domain, Statement

#: Lengths of ranges: in a statement with expectations, so that there are few neurons; with many indices
#: that run at once or with recursions; else; and with one index only, at most.
FEW, SHORT, LONG, LONGEST = 2, 3, 5, 12


class Frame:
    """What is read off a statement once for all of its points."""

    def __init__(self, statement: Statement) -> None:
        sides = (statement.left, statement.right)
        self.heads = {letter_of(recursion.head): recursion for recursion in statement.definitions}
        self.has_data = any(side.has(Expectation) for side in sides)
        claims = (statement.claim, *statement.given)
        nested = max(len(claim.over) + max(map(nesting, (claim.left, claim.right))) for claim in claims)
        self.lengths = (SHORT, SHORT)
        if self.has_data:
            self.lengths = (FEW, FEW)
        elif nested < 3 and not statement.definitions:
            self.lengths = (LONG, LONGEST if nested < 2 else LONG)
        self.sizes = frozenset(_sizes(statement))
        self._places: dict[Domain, Place] = {}

    def place(self, domain: Domain) -> Place:
        """A domain by the letters that it restricts."""
        if domain not in self._places:
            self._places[domain] = Place(domain)
        return self._places[domain]


class Place:
    """A domain by the letters that it restricts."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.defined = {letter_of(pattern): (pattern, value) for pattern, value in domain.define}
        self.ranges = {letter_of(pattern): ends for pattern, ends in domain.ranges}
        self.gram = {letter_of(base) for base in domain.gram}


@cache
def nesting(node: Any) -> int:
    """How many indices run at once in its sums and products."""
    inner = max(map(nesting, node.args), default=0)
    return inner + len(node.limits) if isinstance(node, (sp.Sum, sp.Product)) else inner


def _sizes(statement: Statement) -> Iterator[Letter]:
    """The letters that ranges and indices hang on."""
    claims = (statement.claim, *statement.given)
    nodes = [side for claim in claims for side in (claim.left, claim.right)]
    nodes += [part for recursion in statement.definitions for part in (recursion.base, recursion.step)]
    ends = [sp.sympify(end) for claim in claims for _, *pair in claim.over for end in pair]
    for node in nodes:
        ends += [end for loop in node.atoms(sp.Sum, sp.Product) for _, *pair in loop.limits for end in pair]
        ends += [index for element in node.atoms(sp.Indexed) for index in element.indices]
    for end in ends:
        families = {element.base for element in end.atoms(sp.Indexed)}
        labels = {family.label for family in families}
        for source in families | (end.atoms(sp.Symbol) - labels):
            if source.is_integer if isinstance(source, sp.Symbol) else True:
                yield letter_of(source)
