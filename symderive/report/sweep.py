"""Sweeps, for people and programs."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor, log10
from typing import Any

from symderive.report.landscape import TABLE_DIGITS
from symderive.report.page import Column, Table
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import LEFT_OPEN, GridPoints, at_origin
from symderive.sweeps.regimes import Regime, minima, regimes

#: More than what the rounding of a quotient costs.
ROUNDING = 2.0**-50

#: Rows of a table for people along one axis, at most.
MOST_ROWS = 25


def sweep_record(points: GridPoints) -> dict[str, Any]:
    """How many cells there are, of each regime, and left open; and how far numbers may be off at most.

    Regimes are counted of the cells that are not left open.  ``largest_relative_error`` is relative to the
    number given, and None where nothing is proved, or where there is no point.
    """
    found = regimes(points)[points.verdict != LEFT_OPEN]
    return {
        "cells": points.size,
        "regimes": {item.name.lower(): int((found == item).sum()) for item in reversed(Regime)},
        "undecided": int((points.verdict == LEFT_OPEN).sum()),
        "largest_relative_error": {name: _largest_error(points, name) for name in ("ridge", "loss")},
    }


def _largest_error(points: GridPoints, name: str) -> float | None:
    import numpy as np

    values, radii = getattr(points, name), getattr(points, f"{name}_radius")
    with np.errstate(all="ignore"):
        shares = (radii / np.abs(values))[np.isfinite(radii)]
    if not (shares.size and np.isfinite(shares).all()):
        return None
    return float(shares.max()) * (1 + ROUNDING)


def sweep_table(grid: Grid, points: GridPoints, loss_at_origin: float) -> Table:
    """The global minimum along one axis, in at most ``MOST_ROWS`` rows spread evenly."""
    import numpy as np

    (axis,) = grid.axes
    titles = (
        Column(axis.name),
        Column("ridge λ", rank=2),
        Column("loss F"),
        Column("norm ‖m‖", rank=1),
        Column("prediction variance", rank=3),
        Column("minima m ≠ 0", rank=4),
        Column("regime", right=False),
    )
    rows = []
    columns = [
        axis.array(),
        *(points.of_best(name, value) for name, value in at_origin(loss_at_origin).items()),
    ]
    count, regime = minima(points), regimes(points)
    names = {int(item): item.name.lower() for item in Regime}
    for i in np.unique(np.linspace(0, points.size - 1, min(points.size, MOST_ROWS)).round().astype(int)):
        numbers = [_short(column[i]) for column in columns]
        rows.append((*numbers, str(count[i]), names.get(int(regime[i]), "undecided")))
    return Table.of(titles, rows, whole="--table")


def sweep_lines(record: dict[str, Any], method: str) -> Iterator[str]:
    """What a sweep found, in words."""
    total = record["cells"]
    shares = ", ".join(f"{name} {count / total:.1%}" for name, count in record["regimes"].items() if count)
    yield f"{total} networks ({method}): {shares}."
    ridge, loss = record["largest_relative_error"].values()
    if ridge is not None and loss is not None:
        yield f"Proved error bounds, relative: λ {_upwards(ridge)}, F {_upwards(loss)} at most."
    if record["undecided"]:
        yield f"{record['undecided']} of them stayed undecided."


def _upwards(bound: float) -> str:
    """A bound to one digit that is no less."""
    if bound == 0:
        return "0"
    exponent = floor(log10(bound))
    digit = ceil(bound / 10.0**exponent * (1 + ROUNDING))
    return f"1e{exponent + 1}" if digit == 10 else f"{digit}e{exponent}"


def _short(value: float) -> str:
    return "∞" if value == float("inf") else f"{value:.{TABLE_DIGITS}g}"
