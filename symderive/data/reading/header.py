"""Which columns of a table are features, which one is the target, and which one weighs the samples."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from symderive.errors import InputError, listed, nearest, shown


class Columns(NamedTuple):
    """Names of the features and of the target, and their places; the weights' place, if there is one.

    ``notes`` say what was left out.
    """

    features: tuple[str, ...]
    target: str
    places: tuple[int, ...]
    weights: int | None
    notes: tuple[str, ...]


def chosen_columns(
    header: Sequence[str],
    target: str,
    *,
    columns: Sequence[str] | None = None,
    sample_weight: str | None = None,
    file: str,
    hint: str = "",
) -> Columns:
    """The columns that are asked for: all but the target and the weights, or those named, in that order.

    A first column without a name is the index that data frames write, and is left out with a note.
    ``hint`` is added where the target is missing.  Raises :class:`InputError` for names that are missing,
    or stand twice.
    """
    names = [name.strip() for name in header]
    notes: tuple[str, ...] = ()
    if columns is None:
        used = [name for i, name in enumerate(names) if i or name]
        if not names[0]:
            notes = (f"the first column of {file} has no name: it was taken for an index and left out",)
        if "" in used:
            raise InputError(
                f"{file} has no name for column {names.index('', 1) + 1}; name it or drop the column."
            )
    else:
        used = [*columns, target, *([sample_weight] if sample_weight is not None else [])]
    for name in used:
        if names.count(name) > 1:
            raise InputError(f"{file} has two columns named {shown(name)}; rename one of them.")
    for name in (target, *(columns or ()), *([sample_weight] if sample_weight is not None else ())):
        if name not in names or not name:
            raise InputError(_missing(name, names, file, hint if name == target else ""))
    if sample_weight == target:
        raise InputError(f"the column {shown(target)} is both the target and the sample weight; name two.")
    special = {target: "the target", sample_weight: "the sample weight"}
    if columns is None:
        features = tuple(name for name in used if name not in special)
    else:
        features = tuple(columns)
        for name in features:
            if name in special:
                raise InputError(
                    f"{special[name]} {shown(name)} is also among the features; drop it there."
                )
            if features.count(name) > 1:
                raise InputError(f"the feature {shown(name)} is named twice; name it once.")
    if not features:
        raise InputError(f"{file} has only the column {shown(target)}; add at least one feature.")
    places = tuple(names.index(name) for name in (*features, target))
    return Columns(
        features, target, places, None if sample_weight is None else names.index(sample_weight), notes
    )


def _missing(name: str, names: Sequence[str], file: str, hint: str) -> str:
    held = f"{file} has no column {shown(name)}; its columns are {listed(names)}"
    if len(listed(names)) < len(", ".join(names)):
        held += f", {shown(nearest(name, names))} the nearest"
    return f"{held}{hint}."
