"""The points of a grid as a table: one row for each stationary point, the origin included."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from fractions import Fraction
from math import inf, nextafter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderive import __version__
from symderive.data.interface import Data
from symderive.files import unfinished_file, write_whole
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import (
    LEFT_OPEN,
    MINIMUM,
    ORIGIN,
    PROVED,
    QUANTITIES,
    RADII,
    SADDLE,
    UNKNOWN,
    UNPROVED,
    GridPoints,
    at_origin,
)
from symderive.sweeps.store import require_netcdf, write_netcdf

if TYPE_CHECKING:
    import xarray

#: Digits that a double holds.
DOUBLE_DIGITS = 15

#: Cells that are turned into text at a time.
BLOCK = 2**14

#: Columns after those of the varied parameters.
COLUMNS = ("point", "kind", *QUANTITIES, *RADII, "verdict")

#: Verdicts in a table.
VERDICTS = {PROVED: "proved", UNPROVED: "doubles", LEFT_OPEN: "undecided"}


def write_table(path: str | Path, grid: Grid, data: Data, points: GridPoints, *, method: str) -> None:
    """Write a table as CSV, or with the suffix .nc the dataset of :func:`symderive.sweep` as netCDF."""
    path = Path(path)
    if path.suffix.lower() == ".nc":
        found = dataset(require_netcdf(path), grid, data, points, method=method)
        with unfinished_file(path) as unfinished:
            write_netcdf(found, unfinished)
        return
    with write_whole(path) as stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*(axis.name for axis in grid.axes), *COLUMNS])
        writer.writerows(rows(grid, points, grid.loss_at_origin(data)))


def rows(grid: Grid, points: GridPoints, loss_at_origin: Fraction) -> Iterator[list[object]]:
    """The varied parameters, then ``COLUMNS``; the points in increasing λ, then the origin.

    Where nothing is proved there are no radii.
    """
    for start in range(0, points.size, BLOCK):
        yield from _rows(grid, points, start, min(start + BLOCK, points.size), loss_at_origin)


def _rows(
    grid: Grid, points: GridPoints, start: int, stop: int, loss_at_origin: Fraction
) -> Iterator[list[object]]:
    import numpy as np

    places = np.unravel_index(np.arange(start, stop), grid.shape)
    values = [axis.array()[place].tolist() for axis, place in zip(grid.axes, places, strict=True)]
    depths = grid.parameters(start, stop)[0].tolist()
    block = points.take(np.arange(start, stop))
    counts, best, kinds = block.count.tolist(), block.best.tolist(), block.kind.tolist()
    columns = [getattr(block, name).tolist() for name in QUANTITIES]
    bounds = [getattr(block, name).tolist() for name in RADII]
    c, c_radius = float(loss_at_origin), _radius(loss_at_origin)
    verdicts = [VERDICTS[verdict] for verdict in block.verdict.tolist()]
    names = {MINIMUM: "local minimum", SADDLE: "saddle"}
    for i, head in enumerate(zip(*values, strict=True)):
        for k in range(counts[i]):
            kind = "global minimum" if best[i] == k else names.get(kinds[i][k], "degenerate")
            numbers = (column[i][k] for column in (*columns, *bounds))
            yield [*head, k, kind, *("" if x != x else x for x in numbers), verdicts[i]]
        proved = block.verdict[i] == PROVED
        radii = (0.0, c_radius, 0.0, 0.0) if proved else ("",) * len(RADII)
        yield [*head, "origin", _origin(depths[i], best[i]), *at_origin(c).values(), *radii, verdicts[i]]


def _radius(exact: Fraction) -> float:
    """A double that is no less than what rounding a number to the nearest double costs."""
    off = abs(exact - Fraction(float(exact)))
    return nextafter(float(off), inf) if off else 0.0


def _origin(depth: int, best: int) -> str:
    if best == ORIGIN:
        return "global minimum"
    if best == UNKNOWN and depth == 1:
        return "undecided"
    return ("not stationary", "saddle")[depth] if depth < 2 else "local minimum"


#: Long name and unit of the variables and coordinates of a dataset, in the notation of the paper.
LABELS = {
    "depth": ("number of hidden layers D", "1"),
    "width": ("width d_i of every hidden layer", "1"),
    "decay": ("weight decay γ of every layer", "loss per squared weight"),
    "noise": ("noise variance σ² of every hidden layer", "1"),
    "ridge": ("effective ridge λ", "feature²"),
    "loss": ("loss F, regularization included", "target²"),
    "norm": ("norm ‖m‖ of the end-to-end map", "target per feature"),
    "prediction_variance": ("prediction variance E_x Var f over the noise", "target²"),
    "kind": ("1 local minimum, -1 saddle, 0 degenerate or none", "1"),
    "count": ("number of stationary points beside the origin", "1"),
    "global_minimum": ("index of the global minimum among the points, -1 for the origin, -2 unknown", "1"),
    "verdict": ("1 proved, 0 found in double precision, -1 undecided", "1"),
    "loss_at_origin": ("loss c = E[y²] at the origin, correctly rounded", "target²"),
}


LABELS |= {
    f"{name}_radius": (f"proved bound on the absolute error of {name}", LABELS[name][1])
    for name in QUANTITIES
}


def dataset(library: Any, grid: Grid, data: Data, points: GridPoints, *, method: str) -> xarray.Dataset:
    """The points as a labelled dataset; ``library`` is xarray."""
    dims = tuple(axis.name for axis in grid.axes)

    def labelled(dims: tuple[str, ...], name: str, values: Any) -> tuple[Any, ...]:
        long_name, units = LABELS[name]
        return dims, values, {"long_name": long_name, "units": units}

    variables = {}
    for name in (*QUANTITIES, *RADII, "kind"):
        array = getattr(points, name).reshape(*grid.shape, -1)
        variables[name] = labelled((*dims, "point"), name, array)
    for name, values in (
        ("count", points.count),
        ("global_minimum", points.best),
        ("verdict", points.verdict),
    ):
        variables[name] = labelled(dims, name, values.reshape(grid.shape))
    variables["loss_at_origin"] = labelled((), "loss_at_origin", float(grid.loss_at_origin(data)))
    return library.Dataset(
        variables,
        coords={axis.name: labelled((axis.name,), axis.name, axis.array()) for axis in grid.axes},
        attrs={
            "title": "Stationary points of a deep linear network",
            "source": f"symderive {__version__}",
            "data": data.description,
            "method": method,
            "references": "Ziyin, Li and Meng, arXiv:2202.04777",
            **grid.fixed_texts(),
        },
    )


def method_of(doubles: bool, digits: int | None) -> str:
    """How the cells are solved, in words."""
    if doubles:
        return "double precision, not certified"
    if digits is None:
        return "certified, with error bounds"
    return f"certified to {digits} digits" + (", rounded to doubles" if digits > DOUBLE_DIGITS else "")
