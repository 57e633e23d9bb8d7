"""CSV files in UTF-8, decimal text read exactly."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from symderive.arithmetic.exact import rational
from symderive.errors import InputError


def read_csv(path: Path, target: str) -> tuple[list[str], list[list[Fraction]]]:
    """Header and rows of a CSV file in UTF-8, decimal text read exactly; one column is ``target``."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as stream:
            lines = [(number, row) for number, row in enumerate(csv.reader(stream), start=1) if row]
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}).") from None
    except (ValueError, csv.Error):  # bytes that are no text, or a path that is none
        raise InputError(f"{path.name} is not a CSV file in UTF-8 text.") from None
    if not lines:
        raise InputError(f"{path.name} is empty; give a header row and at least one row of numbers.")
    header = [name.strip() for name in lines[0][1]]
    if "" in header:
        raise InputError(
            f"{path.name} has no name for column {header.index('') + 1}; name it or drop the column."
        )
    if len(set(header)) != len(header):
        twice = next(name for name in header if header.count(name) > 1)
        raise InputError(f"{path.name} has two columns named {twice!r}; rename one of them.")
    if target not in header:
        hint = " (columns are separated by commas)" if len(header) == 1 else ""
        raise InputError(
            f"{path.name} has no column {target!r}; its columns are {', '.join(header)}{hint}."
        )
    if len(header) < 2:
        raise InputError(f"{path.name} has only the column {target!r}; add at least one feature.")
    if len(lines) == 1:
        raise InputError(f"{path.name} has a header and no rows; give at least one row of numbers.")
    rows = []
    for number, cells in lines[1:]:
        if len(cells) != len(header):
            raise InputError(
                f"{path.name} row {number} has {len(cells)} cells and the header has {len(header)}."
            )
        rows.append(
            [_cell(cell, path.name, number, name) for cell, name in zip(cells, header, strict=True)]
        )
    return header, rows


def _cell(text: str, file: str, row: int, column: str) -> Fraction:
    where = f"{file} row {row}, column {column!r}:"
    if not text.strip():
        raise InputError(f"{where} the cell is empty; fill it or drop the row.")
    return rational(text, f"{where} the cell")
