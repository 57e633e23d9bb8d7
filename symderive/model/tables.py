"""Tables of numbers, read exactly: CSV, NPZ, and what Python code hands over.

Every error names the row and the column, counted from 1.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from symderive.arithmetic.exact import rational
from symderive.errors import InputError


def read_npz(path: Path) -> dict[str, Any]:
    """The arrays of an NPZ file, never unpickled; :class:`InputError` for anything unreadable."""
    import numpy as np

    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
            if all(isinstance(array, np.ndarray) for array in arrays.values()):
                return arrays
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from None
    except Exception:  # a broken archive can raise anything: nine types were met by flipping bytes
        pass
    raise InputError(
        f"{path.name} is not an NPZ archive of plain numbers (pickled objects are refused); "
        "write it with numpy.savez."
    )


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


def samples_of(
    X: Any,
    y: Any,
    features: Sequence[str],
    target: str,
) -> tuple[list[list[Fraction]], list[Fraction]]:
    """The rows of X (n × d) and the n targets, exact; :class:`InputError` where they do not fit."""
    rows, targets = table_of(X, "X", features), numbers_of(y, target)
    if not rows or not rows[0]:
        raise InputError("X has no rows or no columns; give at least one sample of one feature.")
    if len(targets) != len(rows):
        raise InputError(f"X has {len(rows)} rows and {target} has {len(targets)}; give one target a row.")
    return rows, [rational(value, f"{target} row {i}") for i, value in enumerate(targets, start=1)]


def _items(values: Any, name: str, what: str) -> list[Any]:
    """The items of a sequence; text is not one, although Python could walk its letters."""
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise InputError(f"{name} is not {what}; it has type {type(values).__name__}.")
    return list(values)


def table_of(X: Any, name: str, columns: Sequence[str] = ()) -> list[list[Fraction]]:
    """A rectangular table of numbers as exact fractions: nested lists, an array, a data frame."""
    if hasattr(X, "to_numpy"):  # a data frame, which would iterate over its column names
        X = X.to_numpy()
    if hasattr(X, "dtype"):
        _require_plain(X, name)
        if X.ndim != 2:
            raise InputError(f"{name} has {X.ndim} dimensions; give a table with rows and columns.")
    if hasattr(X, "tolist"):
        X = X.tolist()
    rows = _items(X, name, "a table of numbers")
    table = [_items(row, f"{name} row {i}", "a row of numbers") for i, row in enumerate(rows, start=1)]
    width = len(table[0]) if table else 0
    for i, row in enumerate(table, start=1):
        if len(row) != width:
            raise InputError(f"{name} row {i} has {len(row)} entries and row 1 has {width}.")
    labels = [repr(label) for label in columns] or [str(j) for j in range(1, width + 1)]
    return [
        [
            x if isinstance(x, Fraction) else rational(x, f"{name} row {i}, column {labels[j]}")
            for j, x in enumerate(row)
        ]
        for i, row in enumerate(table, start=1)
    ]


def numbers_of(y: Any, name: str) -> list[Any]:
    """The entries of a list, a vector or a one-column matrix."""
    if hasattr(y, "dtype"):
        _require_plain(y, name)
        if y.ndim == 2 and 1 in y.shape:
            y = y.reshape(-1)
        if y.ndim != 1:
            raise InputError(f"{name} has {y.ndim} dimensions; give one number a row.")
    if hasattr(y, "shape") and hasattr(y, "flat") and not hasattr(y, "dtype"):  # a SymPy matrix
        y = y.flat()
    return _items(y.tolist() if hasattr(y, "tolist") else y, name, "a list of numbers")


def _require_plain(array: Any, name: str) -> None:
    if array.dtype.kind not in "iuf" or array.dtype.itemsize > 8:
        raise InputError(f"{name} holds {array.dtype}; give integers or floats of at most 64 bits.")
