"""Features, targets and weights of samples, put together: one row of all three for each sample."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from symderive.data.blocks import Block, Table, default_names, default_targets
from symderive.data.reading.choice import require_column
from symderive.data.reading.frames import column_name, frame_of
from symderive.data.reading.matrix import Matrix, ranges
from symderive.data.reading.values import column_of, matrix_of
from symderive.errors import InputError, listed, shown


def samples_of(
    X: Any,
    y: Any,
    *,
    features: Sequence[str] = (),
    target: str | None = None,
    sample_weight: Any = None,
    source: str = "samples",
    may_be_empty: bool = False,
) -> Table:
    """Samples of anything that holds numbers; :class:`InputError` where the parts do not fit.

    ``y`` and ``sample_weight`` may be the names of columns of a data frame X, which then are no features.
    Rows go together by their places, as in scikit-learn; only two pandas objects with the same index in
    another order are refused, for one of them was shuffled without the other.
    """
    _require_names(features, target)
    rest, held = _parted(X, {"y": y, "sample_weight": sample_weight})
    inputs = matrix_of(rest, "X", tuple(features) or None)
    named = y if isinstance(y, str) else None
    targets = column_of(held["y"], named or target or "y")
    names = _names_of(inputs, features)
    blocks = blocks_of(inputs, targets, _weights_of(held), may_be_empty=may_be_empty)
    return Table(names, (target or named or (targets.columns or ("y",))[0],), blocks, source)


def chunks_of_samples(
    chunks: Iterable[Any], *, features: Sequence[str] = (), target: str | None = None, source: str
) -> Table:
    """Samples that come as pairs (X, y), or (X, y, w) with their weights, one part in memory at a time.

    The first part gives the names, which the others must share.
    """
    parts = enumerate(chunks, start=1)

    def tables() -> Iterator[Table]:
        for number, part in parts:
            if not isinstance(part, (tuple, list)) or len(part) not in (2, 3):
                raise InputError(f"part {number} is not a pair (X, y), or (X, y, w) with weights.")
            X, y, *weights = part
            with _in_part(number):
                yield samples_of(
                    X,
                    y,
                    features=features,
                    target=target,
                    sample_weight=weights[0] if weights else None,
                    may_be_empty=True,  # as parts of filtered tables are
                )

    found = tables()
    first = next(found, None)
    if first is None:
        raise InputError("there are no parts to take samples from; give at least one pair (X, y).")

    def blocks() -> Iterator[Block]:
        for number, table in enumerate(chain([first], found), start=1):
            if (table.features, table.targets) != (first.features, first.targets):
                names = [listed([*part.features, *part.targets], 60) for part in (table, first)]
                raise InputError(f"part {number} has the columns {names[0]} and part 1 has {names[1]}.")
            with _in_part(number):
                yield from table.blocks

    return Table(first.features, first.targets, blocks(), source)


@contextmanager
def _in_part(number: int) -> Iterator[None]:
    """Errors that tell which part they are from."""
    try:
        yield
    except InputError as error:
        raise InputError(f"part {number}: {error}") from None


def output_samples_of(X: Any, Y: Any, sample_weight: Any = None, *, source: str = "samples") -> Table:
    """Samples of several targets.

    ``Y`` may be a list of names of columns of a data frame X.
    """
    rest, held = _parted(X, {"Y": Y, "sample_weight": sample_weight})
    inputs, targets = matrix_of(rest, "X"), matrix_of(held["Y"], "Y")
    names = _names_of(inputs, ())
    if not targets.width:
        raise InputError("Y has no columns; give at least one target.")
    told = targets.columns or default_targets(targets.width)
    return Table(names, told, blocks_of(inputs, targets, _weights_of(held)), source)


def _parted(X: Any, others: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """X without the columns that the others name, and the others with those columns in place of names."""
    named = {role: names for role, value in others.items() if (names := _column_names(role, value))}
    frame = frame_of(X, "X") if named else None
    if named and (frame is None or not hasattr(frame, "columns")):
        role, names = next(iter(named.items()))
        raise InputError(
            f"{role} is the name {shown(names[0])} and X has no columns with names; give the numbers, or a "
            "data frame X."
        )
    for role, value in others.items():
        _require_aligned(X, value, role)
    if frame is None:
        return X, dict(others)
    keys = {column_name(column): column for column in frame.columns}
    taken: list[str] = []
    for role, names in named.items():
        for name in names:
            require_column(list(keys), "X", name)
            if name in taken:
                raise InputError(f"the column {shown(name)} of X is named twice, at last for {role}.")
            taken.append(name)
    held = dict(others)
    for role, names in named.items():
        whole = isinstance(others[role], str)
        held[role] = frame.get_column(keys[names[0]]) if whole else frame.select([keys[x] for x in names])
    return frame.drop([keys[name] for name in taken]), held


def _column_names(role: str, value: Any) -> tuple[str, ...]:
    """The names where a value is the name of a column, or for Y a list of such."""
    if isinstance(value, str):
        return (value,)
    several = role == "Y" and isinstance(value, (list, tuple)) and all(isinstance(x, str) for x in value)
    return tuple(value) if several else ()


def _weights_of(held: Mapping[str, Any]) -> Matrix | None:
    weights = held["sample_weight"]
    return None if weights is None else column_of(weights, "sample_weight")


def blocks_of(
    X: Matrix, y: Matrix, weights: Matrix | None, *, may_be_empty: bool = False
) -> Iterator[Block]:
    """The rows of all parts; refused before the first block is read where they do not fit."""
    if not (X.rows or may_be_empty) or not X.width:
        raise InputError("X has no rows or no columns; give at least one sample of one feature.")
    for part in (y, weights):
        if part is not None and part.rows != X.rows:
            raise InputError(f"X has {X.rows} rows and {part.name} has {part.rows}; give as many of both.")
    return (
        Block((*X.read(*limits), *y.read(*limits)), None if weights is None else weights.read(*limits)[0])
        for limits in ranges(X.rows, X.width + y.width)
    )


def _names_of(X: Matrix, features: Sequence[str]) -> tuple[str, ...]:
    """The names that a data frame brings, or those that are given, or x1, x2, …"""
    own = X.columns if X.columns != tuple(features) else None
    if not features:
        return own or default_names(X.width)
    if own is not None:
        raise InputError(
            f"X names its columns itself ({listed(own)}); leave out features, or choose columns of X."
        )
    if len(set(features)) < len(features):
        twice = next(name for name in features if list(features).count(name) > 1)
        raise InputError(f"features names {shown(twice)} twice; rename one of them.")
    return tuple(features)


def _require_names(features: Sequence[str], target: str | None) -> None:
    """Refuse what is no list of texts, such as numbers, or one text, whose letters would be names."""
    given = "" if isinstance(features, str) else [*features]
    if given == "" or not all(isinstance(name, str) for name in [*given, target or ""]):
        raise InputError("features is a list of names, and target is a name; give them as text.")


def _require_aligned(X: Any, other: Any, name: str) -> None:
    """Refuse two pandas objects whose rows have the same labels in another order."""
    pandas = sys.modules.get("pandas")
    if pandas is None or not isinstance(X, pandas.DataFrame):
        return
    if not isinstance(other, (pandas.Series, pandas.DataFrame)) or len(X) != len(other):
        return
    mine, theirs = X.index, other.index
    if mine.equals(theirs) or not (mine.is_unique and theirs.is_unique):
        return
    if bool(mine.isin(theirs).all()):
        raise InputError(
            f"{name} has the index of X in another order; give {name}.loc[X.index], or reset both indices "
            "if the rows go together by their places."
        )
