"""Which columns of a file are features, which is the target, and which holds the weights of the rows."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from symderive.errors import InputError, listed, near_names, shown

#: How many names are given as those nearest to one that is unknown.
NEAREST = 3

#: Letters of all names together up to which all are given, and names among which the nearest are sought.
ALL_NAMES, SOUGHT = 80, 1000


@dataclass(frozen=True)
class Choice:
    """Places of columns in a file, from 0; ``weight`` is None where every row counts once."""

    features: tuple[int, ...]
    targets: tuple[int, ...]
    weight: int | None


def choose(
    header: Sequence[str],
    file: str,
    target: str | Sequence[str],
    columns: Sequence[str] | None = None,
    sample_weight: str | None = None,
) -> Choice:
    """The columns of a file by their names; features are all others, or ``columns`` in this order.

    ``target`` is the name of a column, or several: a list of names, or names with commas between them.

    Raises :class:`InputError` for a name that the file does not have, that it has twice or that is given
    twice, and where no feature is left.

    >>> choose(["a", "b", "y", "w"], "t.csv", "y", sample_weight="w")
    Choice(features=(0, 1), targets=(2,), weight=3)
    >>> choose(["a", "b", "y"], "t.csv", "y", ["b"])
    Choice(features=(1,), targets=(2,), weight=None)
    >>> choose(["a", "b", "y"], "t.csv", "b,y")
    Choice(features=(0,), targets=(1, 2), weight=None)
    """
    targets = _several(target, header) if isinstance(target, str) else tuple(target)
    named = [("the target", name) for name in targets]
    if sample_weight is not None:
        named.append(("the sample weight", sample_weight))
    named += [("a feature", name) for name in columns or ()]
    uses: dict[str, str] = {}
    for use, name in named:
        if name in uses and uses[name] == use:
            where = "as a target" if use == "the target" else "among the columns"
            raise InputError(f"the column {shown(name)} is given twice {where}; give it once.")
        if name in uses:
            raise InputError(f"the column {shown(name)} is both {uses[name]} and {use}; give it one use.")
        uses[name] = use
    for name in uses:
        require_column(header, file, name)
    counts = Counter(header)
    for name in uses if columns is not None else header:
        if counts[name] > 1:
            raise InputError(f"{file} has two columns named {shown(name)}; rename one of them.")
    places = {name: place for place, name in enumerate(header)}
    others = [name for name in header if name not in uses] if columns is None else columns
    if not others:
        told = (
            f"{file} has only the column {shown(targets[0])}" if len(header) == 1 else "no feature is left"
        )
        raise InputError(f"{told}; give at least one column that is a feature.")
    weight = None if sample_weight is None else places[sample_weight]
    return Choice(tuple(places[name] for name in others), tuple(places[name] for name in targets), weight)


def _several(text: str, header: Sequence[str]) -> tuple[str, ...]:
    """The names between commas, unless a column has that very name; one with a comma stands in quotes."""
    if text in header or "," not in text:
        return (text,)
    try:
        [names] = csv.reader([text], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        return (text,)  # no column has it, which is said next
    return tuple(name.strip() for name in names)


def require_column(header: Sequence[str], file: str, name: str) -> None:
    """:class:`InputError` for a column that a file does not have, with the names most like it."""
    if name in header:
        return
    if sum(map(len, header)) <= ALL_NAMES:
        hint = f"its columns are {listed(header)}"
    else:
        near = near_names(name, header[:SOUGHT], most=NEAREST, cutoff=0.3) or header[:NEAREST]
        hint = f"the nearest of its {len(header)} columns are {listed(near)}"
    raise InputError(f"{file} has no column {shown(name)}; {hint}.")
