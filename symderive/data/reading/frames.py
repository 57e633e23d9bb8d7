"""Data frames of any library, through narwhals, column by column and exact."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from symderive.data.blocks import Columns, Fractions
from symderive.data.reading.arrays import number, numbers, require_real
from symderive.data.reading.matrix import Matrix, cell, merged, missing
from symderive.errors import InputError, shown

if TYPE_CHECKING:
    import narwhals as nw

#: Types of columns that hold no numbers, by their names in narwhals, and what may be done.
_REFUSED = {
    "String": ("text", "encode it as numbers or drop the column"),
    "Categorical": ("categories", "encode them as numbers (one-hot, for example) or drop the column"),
    "Enum": ("categories", "encode them as numbers (one-hot, for example) or drop the column"),
    "Datetime": ("times", "give numbers, for example days since the first, or drop the column"),
    "Date": ("dates", "give numbers, for example days since the first, or drop the column"),
    "Duration": ("time differences", "give them in a unit, as numbers"),
    "Time": ("times of day", "give them in a unit, as numbers"),
    "List": ("lists", "give one number a cell"),
    "Array": ("arrays", "give one column for each entry"),
    "Struct": ("records", "give one column for each field"),
    "Binary": ("bytes", "give one number a cell"),
}


def frame_of(values: Any, name: str) -> Any:
    """What narwhals makes of values: a frame, a series (it has no ``columns``), or None for anything else.

    Raises :class:`InputError` for a frame that is not in memory, and for two columns of one name.
    """
    root = type(values).__module__.partition(".")[0]
    if root == "builtins" or root == "numpy":
        return None
    if root == "dask" or hasattr(values, "collect"):
        raise InputError(
            f"{name} is lazy ({root}.{type(values).__name__}); compute or collect it, or give its parts in "
            "turn to Moments.from_chunks."
        )
    import narwhals as library

    if root == "pyarrow":
        import pyarrow

        if isinstance(values, pyarrow.RecordBatch):
            values = pyarrow.Table.from_batches([values])
        elif isinstance(values, pyarrow.Array):
            values = pyarrow.chunked_array([values])
    try:
        found = library.from_native(values, eager_only=True, allow_series=True, pass_through=True)
    except library.exceptions.DuplicateError:
        names = [str(column) for column in getattr(values, "column_names", values.columns)]
        raise InputError(
            f"{name} has two columns named {shown(_twice(names))}; rename one of them."
        ) from None
    return found if isinstance(found, (library.DataFrame, library.Series)) else None


def matrix_of_frame(frame: nw.DataFrame[Any], name: str, first: int = 0) -> Matrix:
    """A frame with the names of its columns; messages count rows from ``first`` on."""
    names = tuple(map(column_name, frame.columns))
    if len(set(names)) != len(names):  # 1 and "1", which are two names in pandas
        raise InputError(f"{name} has two columns named {shown(_twice(names))}; rename one of them.")
    series = list(frame.iter_columns())
    for column, told in zip(series, names, strict=True):
        _require_numbers(column, f"{name}, column {shown(told)}")
    rows = len(frame)

    def read(start: int, stop: int) -> tuple[Columns, ...]:
        return merged(
            [
                _numbers(column[start:stop], name, first + start, shown(told))
                for column, told in zip(series, names, strict=True)
            ]
        )

    return Matrix(name, rows, len(names), read, names)


def matrix_of_series(series: nw.Series[Any], name: str) -> Matrix:
    """A series as one column."""
    _require_numbers(series, name)
    told = None if series.name in (None, "") else (column_name(series.name),)
    return Matrix(
        name, len(series), 1, lambda start, stop: (_numbers(series[start:stop], name, start, None),), told
    )


def column_name(name: Any) -> str:
    """The name of a column as text; that of a column under several headings has slashes.

    >>> column_name("a"), column_name(1), column_name(("size", "mean"))
    ('a', '1', 'size/mean')
    """
    return "/".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _numbers(series: nw.Series[Any], name: str, start: int, label: str | None) -> Columns:
    import numpy as np

    if series.null_count():
        row = int(np.argmax(series.is_null().to_numpy()))
        raise missing(cell(name, start + row, label))
    kind = str(series.dtype)
    if not kind.startswith(("Decimal", "Int128", "UInt128")):
        labels = None if label is None else [label]
        return numbers(np.asarray(series.to_numpy()).reshape(-1, 1), name, start, labels)
    return Fractions(
        [[number(value, cell(name, start + i, label))] for i, value in enumerate(series.to_list())]
    )


def _require_numbers(series: nw.Series[Any], where: str) -> None:
    kind = str(series.dtype).partition("(")[0]
    if kind in _REFUSED:
        what, instead = _REFUSED[kind]
        raise InputError(f"{where} holds {what} ({kind}); {instead}.")
    if kind in ("Unknown", "Object") and len(series):
        require_real(series[:1].to_numpy().dtype, where)


def _twice(names: Sequence[str]) -> str:
    return next(name for name in names if list(names).count(name) > 1)
