"""A matrix of numbers that is read exactly, some rows at a time, wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from symderive.data.blocks import Columns, Floats
from symderive.data.sums import ROWS
from symderive.errors import InputError, shown

#: Numbers of a block of rows, and rows that it has at least and at most.
BLOCK_NUMBERS, BLOCK_ROWS = 2**19, (256, 2**15)


@dataclass(frozen=True, eq=False)
class Matrix:
    """Numbers in rows and columns.

    Attributes
    ----------
    name
        What messages call it, such as ``X``.
    rows, width
        How many rows and columns it has.
    read
        ``read(start, stop)`` gives these rows, their columns in order.  Raises :class:`InputError` for a
        cell that is no finite number, naming row and column from 1.
    columns
        The names of the columns, where they have any.
    """

    name: str
    rows: int
    width: int
    read: Callable[[int, int], tuple[Columns, ...]]
    columns: tuple[str, ...] | None = None


def ranges(rows: int, width: int) -> Iterator[tuple[int, int]]:
    """Where the blocks of a matrix start and stop."""
    step = block_rows(width)
    return ((start, min(start + step, rows)) for start in range(0, rows, step))


def block_rows(width: int) -> int:
    """Rows of a block of so many columns: those of whole products, where they fill more than one."""
    least, most = BLOCK_ROWS
    rows = min(max(BLOCK_NUMBERS // max(width, 1), least), most)
    return rows - rows % ROWS if rows > ROWS else rows


def merged(parts: Sequence[Columns]) -> tuple[Columns, ...]:
    """Columns side by side; neighbors of float64 become one."""
    import numpy as np

    groups = [list(group) for _, group in groupby(parts, lambda part: isinstance(part, Floats))]
    found: list[Columns] = []
    for group in groups:
        floats = [part.values for part in group if isinstance(part, Floats)]
        found += [Floats(np.hstack(floats))] if len(floats) > 1 else group
    return tuple(found)


def labels_of(columns: Sequence[str] | None, width: int) -> list[str]:
    """How messages name the columns: in quotes, or by their places from 1 where there are no names.

    Raises :class:`InputError` where there are more or fewer names than columns.
    """
    if not columns:
        return [str(place) for place in range(1, width + 1)]
    if len(columns) != width:
        raise InputError(f"features has {len(columns)} names and X has {width} columns; give as many.")
    return [shown(name) for name in columns]


def cell(name: str, row: int, column: str | None = None) -> str:
    """How messages name a cell; ``row`` counts from 0, and ``column`` is one of :func:`labels_of`."""
    return f"{name} row {row + 1}" + (f", column {column}" if column else "")


def missing(where: str) -> InputError:
    """The error of a cell without a value."""
    return InputError(f"{where} is missing; fill it or drop the row.")
