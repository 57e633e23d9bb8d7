"""What Python code hands over: nested lists, arrays, data frames."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symderive.arithmetic.exact import rational
from symderive.errors import InputError


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
