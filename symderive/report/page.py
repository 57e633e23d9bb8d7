"""Pages as data, lines of text and tables: for :mod:`.drawn` (terminals) and :mod:`.html` (notebooks)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Line:
    """A paragraph; ``style`` is a color or weight by its name, which carries nothing that words do not."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Column:
    """The title, in lines as they are to stand above each other, and how readily the column is left out.

    Where there is no room, the highest ``rank`` goes first; rank 0 stays.
    """

    title: str
    rank: int = 0
    right: bool = True

    @property
    def name(self) -> str:
        """The title on one line."""
        return " ".join(self.title.split())


@dataclass(frozen=True)
class Row:
    """A cell for each column."""

    cells: tuple[str, ...]
    style: str = ""


@dataclass(frozen=True)
class Table:
    """Rows under columns; ``whole`` says where everything stands that a narrow terminal leaves out."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    whole: str = "--json"

    def __post_init__(self) -> None:
        assert all(len(row.cells) == len(self.columns) for row in self.rows)

    @staticmethod
    def of(
        columns: Iterable[Column], rows: Iterable[Row | Sequence[str]], *, whole: str = "--json"
    ) -> Table:
        """The same from any iterables; a row without a style may be its cells alone."""
        made = (row if isinstance(row, Row) else Row(tuple(row)) for row in rows)
        return Table(tuple(columns), tuple(made), whole)


#: What a command prints, or a notebook shows, from top to bottom.
Page: TypeAlias = tuple[Line | Table, ...]
