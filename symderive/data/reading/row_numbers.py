"""Columns that number the rows, which data frames leave in files."""

from __future__ import annotations

from collections.abc import Sequence

from symderive.errors import shown

#: How pandas calls a column that has no name in the file.
UNNAMED = "Unnamed: 0"

#: Names of first columns that often number the rows, in lower case, and how many rows are looked at.
_NAMES, FIRST_ROWS = ("index", "id", "row", "row_nr", "unnamed: 0"), 5


def may_count_rows(name: str) -> bool:
    """Whether a first column of this name is looked at."""
    return name.lower() in _NAMES


def row_number_note(name: str, file: str, first: Sequence[str]) -> tuple[str, ...]:
    """A note where the first cells of the first column count from 0 or 1; at least three of them.

    >>> row_number_note("index", "t.csv", ["0", "1", "2"])[0]
    "The feature 'index' of t.csv begins 0, 1, 2 like row numbers; leave it out with --columns (columns)."
    >>> row_number_note("index", "t.csv", ["0", "1", "3"]), row_number_note("index", "t.csv", ["1", "2"])
    ((), ())
    """
    cells = [cell.strip() for cell in first]
    if len(cells) < 3 or not any(cells == [str(i + start) for i in range(len(cells))] for start in (0, 1)):
        return ()
    told = ", ".join(cells[:3])
    return (
        f"The feature {shown(name)} of {file} begins {told} like row numbers; leave it out with --columns "
        "(columns).",
    )
