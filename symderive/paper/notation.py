"""The rows of tables of notation: letters of displays, and symbols of the one table with names in code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.latex import typeset
from symderive.paper.assembly import Section
from symderive.statements.letters import SHOWN
from symderive.symbols import TABLE


@dataclass(frozen=True)
class Row:
    """``symbol`` is LaTeX, ``meaning`` and ``domain`` are text, ``code`` is the name in programs."""

    symbol: str
    meaning: str
    domain: str
    code: str


def code_names(sections: Sequence[Section]) -> Iterator[Row]:
    """The rows of the symbols that the statements name, in the order of the table."""
    statements = [item.statement for section in sections for item in section.items]
    free = {symbol for statement in statements for symbol in statement.free_symbols}
    elements = {element for statement in statements for element in _elements(statement)}
    counts = {element.base.label: len(element.indices) for element in sorted(elements, key=str)}
    for entry in TABLE:
        if not isinstance(entry.symbol, sp.IndexedBase):
            if entry.symbol in free:
                yield Row(entry.latex, entry.meaning, entry.shape, entry.code)
        elif (count := counts.get(entry.symbol.label)) in SHOWN and entry.symbol.label in free:
            shown = typeset(entry.symbol[SHOWN[count]]).tex
            yield Row(shown, entry.meaning, entry.shape, entry.code)


def _elements(statement: Any) -> set[Any]:
    sides = [side for claim in (statement.claim, *statement.given) for side in (claim.left, claim.right)]
    return {element for side in sides for element in side.atoms(sp.Indexed)}
