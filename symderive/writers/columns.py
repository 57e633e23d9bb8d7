"""Widths of the columns of a table, from what stands in its cells."""

from __future__ import annotations

from collections.abc import Sequence

from symderive.latex.metrics import width
from symderive.paper.words import Code, Maths, Words, spans

#: Points of a letter of text and of a typewriter letter in the type of tables, and between two columns.
_LETTER, _TYPED, _GAP = 4.6, 4.9, 12.0

#: Type of tables relative to 10 pt.
_SMALL = 0.9


def shares(rows: Sequence[Sequence[str]], page: float) -> tuple[float, ...]:
    """The share of the page of each column, 0 for one that is as wide as its cells.

    All are 0 where the table fits the page; else the widest columns share what the others leave.
    """
    columns = list(zip(*rows, strict=True))
    natural = [max(map(cell_width, column)) for column in columns]
    room = page - _GAP * (len(columns) - 1)
    if sum(natural) <= room:
        return (0.0,) * len(columns)
    narrow: set[int] = set()
    while True:
        wide = [at for at in range(len(columns)) if at not in narrow]
        left = room - sum(natural[at] for at in narrow)
        even = left / len(wide)
        slim = {at for at in wide if natural[at] <= even}
        if not slim:
            break
        narrow |= slim
    total = sum(natural[at] for at in wide)
    return tuple(0.0 if at in narrow else left * natural[at] / total / page for at in range(len(columns)))


def cell_width(text: str) -> float:
    """Points that a cell takes on one line, a little too many."""
    total = 0.0
    for span in spans(text):
        match span:
            case Words():
                total += _LETTER * len(span.text)
            case Maths():
                total += _SMALL * width(span.tex)
            case Code():
                total += _TYPED * len(span.text)
            case _:
                total += 12 * _LETTER
    return total
