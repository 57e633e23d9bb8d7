"""What Python code hands over: nested lists, arrays, data frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from fractions import Fraction
from typing import Any

from symderive.data.blocks import Block, Columns
from symderive.data.blocks import Fractions as FractionColumns
from symderive.data.reading.arrays import column_of_array, is_array, matrix_of_array, number, numbers
from symderive.data.reading.frames import frame_of, matrix_of_frame, matrix_of_series
from symderive.data.reading.matrix import Matrix, cell, labels_of, ranges
from symderive.errors import InputError


def matrix_of(X: Any, name: str, columns: Sequence[str] | None = None) -> Matrix:
    """A table of numbers of any kind; ``columns`` are names for messages where it has none of its own."""
    if is_array(X):
        frame = frame_of(X, name) if hasattr(X, "columns") or hasattr(X, "to_frame") else None
        if frame is None:
            return matrix_of_array(X, name, columns)
    else:
        frame = frame_of(X, name)
    if frame is None:
        return (
            matrix_of_array(X.to_numpy(), name, columns)
            if hasattr(X, "to_numpy")
            else _nested(X, name, columns)
        )
    if hasattr(frame, "columns"):
        return matrix_of_frame(frame, name)
    raise InputError(f"{name} is a single column; give a table, for example {name}.to_frame().")


def column_of(y: Any, name: str) -> Matrix:
    """One number a row, of a list, a vector, a series, or a table of one column."""
    frame = None if type(y).__module__ == "numpy" else frame_of(y, name)
    if frame is not None:
        if not hasattr(frame, "columns"):
            return matrix_of_series(frame, name)
        if len(frame.columns) == 1:
            return matrix_of_frame(frame, name)
        raise InputError(
            f"{name} has {len(frame.columns)} columns; give one number a row (several outputs are for "
            "OutputMoments)."
        )
    if is_array(y):
        return column_of_array(y, name)
    if hasattr(y, "to_numpy"):
        return column_of_array(y.to_numpy(), name)
    if hasattr(y, "shape") and hasattr(y, "flat"):  # a SymPy matrix
        y = y.flat()
    items = _items(y, name, "a list of numbers")
    return Matrix(
        name, len(items), 1, lambda start, stop: _block([[x] for x in items[start:stop]], name, start, None)
    )


def fractions_of(matrix: Matrix) -> list[list[Fraction]]:
    """All rows of a small matrix."""
    parts = (Block(matrix.read(*limits)) for limits in ranges(matrix.rows, matrix.width))
    return [row for part in parts for row in part.fractions()]


def _nested(X: Any, name: str, columns: Sequence[str] | None) -> Matrix:
    if hasattr(X, "tolist"):  # a SymPy matrix
        X = X.tolist()
    rows = [
        _items(row, f"{name} row {i}", "a row of numbers")
        for i, row in enumerate(_items(X, name, "a table of numbers"), start=1)
    ]
    width = len(rows[0]) if rows else 0
    for i, row in enumerate(rows, start=1):
        if len(row) != width:
            raise InputError(f"{name} row {i} has {len(row)} entries and row 1 has {width}.")
    labels = labels_of(columns, width)
    return Matrix(
        name,
        len(rows),
        width,
        lambda start, stop: _block(rows[start:stop], name, start, labels),
        tuple(columns) if columns else None,
    )


def _items(values: Any, name: str, what: str) -> list[Any]:
    """The items of a sequence; text is not one, although Python could walk its letters."""
    kind = type(values).__name__
    if isinstance(values, Mapping):
        raise InputError(f"{name} is not {what}; it has type {kind}; make a data frame of it.")
    if isinstance(values, (str, bytes, Set)) or not hasattr(values, "__iter__"):
        raise InputError(f"{name} is not {what}; it has type {kind}.")
    try:
        return list(values)
    except Exception:  # what iterates in name only, such as an array without dimensions
        raise InputError(f"{name} is not {what}; it has type {kind}.") from None


def _block(rows: list[list[Any]], name: str, start: int, labels: list[str] | None) -> tuple[Columns, ...]:
    """Rows of Python's numbers; those that are plain floats, or plain integers, at once."""
    import numpy as np

    kinds = {type(x) for row in rows for x in row}
    if kinds == {float} or (kinds == {int} and all(-(2**63) <= x < 2**63 for row in rows for x in row)):
        return (numbers(np.array(rows), name, start, labels),)
    return (
        FractionColumns(
            [
                [number(x, cell(name, start + i, labels[j] if labels else None)) for j, x in enumerate(row)]
                for i, row in enumerate(rows)
            ]
        ),
    )
