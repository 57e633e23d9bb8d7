"""The cells of a grid as a table: one row for each stationary point, the origin included."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from symderive.cells import MINIMUM, ORIGIN, SADDLE, Cells
from symderive.chunks import require_xarray, write_netcdf
from symderive.files import unfinished_file, write_whole
from symderive.grid import Grid
from symderive.model.moments import Moments
from symderive.model.spectrum import Spectrum
from symderive.sweeps import dataset

#: Cells that are turned into text at a time.
BLOCK = 2**14

#: Columns after those of the varied parameters.
COLUMNS = ("point", "kind", "ridge", "loss", "norm", "prediction_variance")


def write_table(
    path: str | Path, grid: Grid, data: Moments | Spectrum, cells: Cells, *, method: str
) -> None:
    """Write a table as CSV, or with the suffix .nc the dataset of :func:`symderive.sweep` as netCDF."""
    path = Path(path)
    if path.suffix.lower() == ".nc":
        found = dataset(require_xarray(), grid, data, cells, method=method)
        with unfinished_file(path) as unfinished:
            write_netcdf(found, unfinished)
            unfinished.replace(path)
        return
    with write_whole(path) as stream, io.TextIOWrapper(stream, encoding="utf-8", newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([*(axis.name for axis in grid.axes), *COLUMNS])
        writer.writerows(rows(grid, cells, float(data.c)))


def rows(grid: Grid, cells: Cells, loss_at_origin: float) -> Iterator[list[object]]:
    """The varied parameters, then ``COLUMNS``; the points in increasing λ, then the origin."""
    for start in range(0, cells.size, BLOCK):
        yield from _rows(grid, cells, start, min(start + BLOCK, cells.size), loss_at_origin)


def _rows(grid: Grid, cells: Cells, start: int, stop: int, loss_at_origin: float) -> Iterator[list[object]]:
    import numpy as np

    places = np.unravel_index(np.arange(start, stop), grid.shape)
    values = [axis.array()[place].tolist() for axis, place in zip(grid.axes, places, strict=True)]
    depths = grid.parameters(start, stop)[0].tolist()
    block = cells.take(np.arange(start, stop))
    counts, best, kinds = block.count.tolist(), block.best.tolist(), block.kind.tolist()
    columns = [getattr(block, name).tolist() for name in COLUMNS[2:]]
    names = {MINIMUM: "local minimum", SADDLE: "saddle"}
    for i, head in enumerate(zip(*values, strict=True)):
        for k in range(counts[i]):
            kind = "global minimum" if best[i] == k else names.get(kinds[i][k], "degenerate")
            yield [*head, k, kind, *(column[i][k] for column in columns)]
        yield [*head, "origin", _origin(depths[i], best[i]), float("inf"), loss_at_origin, 0.0, 0.0]


def _origin(depth: int, best: int) -> str:
    if best == ORIGIN:
        return "global minimum"
    return ("not stationary", "saddle")[depth] if depth < 2 else "local minimum"
