"""A phase diagram of the diabetes data beside a loop over SciPy's brentq: same cells, one run, a ratio.

    python -m benchmarks.phase [--size N] [--cells N] [--json]

Both give every stationary point and the global minimum of each cell, as doubles; finding the spectrum of A
counts as ours.  The peer looks for sign changes of ln φ(λ) - ln τ on a grid of λ that is as short as it can
be, and refines each by brentq; it is timed on cells spread evenly over the diagram, and its time is scaled
up.  Times are CPU seconds of the calling thread, the best of several runs; the first run of a process,
which generates code, is shown apart.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from math import log
from time import thread_time
from typing import Any

import click
import numpy as np

from benchmarks.roots import DIABETES, Goal, best_time
from symderive import Moments
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import GridPoints
from symderive.sweeps.solvers import DoubleSolver
from symderive.sweeps.sweep import solve_grid

#: Hidden layers and their width.
DEPTH, WIDTH = 3, 32

#: The diagram: decays are spaced logarithmically, noise variances evenly; all regimes occur.
DECAYS, NOISES = (1.0, 300.0), (0.0, 60.0)

#: Points of the peer's grid of ln λ, and how far it reaches beyond what can hold a root.
SCAN_POINTS, MARGIN = 200, 1.0

#: Relative difference up to which a peer's ridge counts as ours.
AGREEMENT = 1e-9


@dataclass(frozen=True)
class Report:
    """Times in seconds for ``cells`` cells; the peer's is scaled up from ``sample`` cells."""

    cells: int
    first: float
    ours: float
    certified: float
    sample: int
    peer: float
    ratio: float
    points: int
    agreeing: int
    goals: tuple[Goal, ...]


def diagram(size: int) -> Grid:
    """The grid of decays and noise variances."""
    decays, noises = np.geomspace(*DECAYS, size), np.linspace(*NOISES, size)
    vary = {"decay": decays.tolist(), "noise": noises.tolist()}
    return Grid.of(vary, depth=DEPTH, width=WIDTH)


def load() -> Moments:
    """The diabetes data, standardized."""
    return Moments.from_csv(DIABETES, target="progression", standardize=True)


def peer_cell(a: Any, p: Any, c: float, log_decays: float, rho: float) -> tuple[list[float], int]:
    """Every ridge that the scan finds, in increasing order, and which is the best (-1: the origin)."""
    from scipy.optimize import brentq

    theta, level = (DEPTH + 1) / DEPTH, log_decays / DEPTH
    b = rho * a

    def height(u: float) -> float:
        return float(np.log(np.sum(p / (b + np.exp(u)) ** 2)) + theta * u - level)

    lowest = (level - log(np.sum(p / b**2))) / theta - MARGIN
    highest = (log(np.sum(p)) - level) / (2 - theta) + MARGIN
    scan = np.linspace(lowest, highest, SCAN_POINTS)
    heights = np.log(np.sum(p / (b + np.exp(scan)[:, None]) ** 2, axis=1)) + theta * scan - level
    at = np.flatnonzero(np.sign(heights[1:]) != np.sign(heights[:-1]))
    ridges = [float(np.exp(brentq(height, scan[k], scan[k + 1], xtol=1e-13, rtol=1e-13))) for k in at]
    losses = [c - np.sum(p / (b + x)) + DEPTH * x * np.sum(p / (b + x) ** 2) for x in ridges]
    best = int(np.argmin([*losses, c])) if ridges else 0
    return ridges, -1 if best == len(ridges) else best


def compare(size: int, sample: int) -> Report:
    """Time both on a diagram of ``size`` × ``size`` cells, the peer on at least ``sample`` of them."""
    data, grid = load(), diagram(size)
    first = _timed(lambda: solve_grid(grid, load()))
    ours, cells = best_time(lambda: solve_grid(grid, data))
    solver = DoubleSolver.of(grid, data)
    chosen = np.unique(np.linspace(0, grid.size - 1, sample).round().astype(int))
    _, log_decays, log_rho = grid.parameters(0, grid.size)

    def peer() -> list[tuple[list[float], int]]:
        return [
            peer_cell(solver.a, solver.p, solver.c, float(log_decays[i]), float(np.exp(log_rho[i])))
            for i in chosen
        ]

    seconds, answers = best_time(peer)
    scaled = seconds * grid.size / len(chosen)
    points, agreeing = agreement(cells, chosen, answers)
    certified = _timed(lambda: solve_grid(_part(grid), data, certified=True, digits=15))
    ratio = scaled / ours
    goals = (
        Goal(f"{size} × {size} diagram, first run: under 3 s", f"{first:.3g} s", first < 3),
        Goal("against brentq: at least 100×", f"{ratio:.3g}×", ratio >= 100),
    )
    return Report(
        cells=grid.size,
        first=first,
        ours=ours,
        certified=certified * grid.size / _part(grid).size,
        sample=len(chosen),
        peer=scaled,
        ratio=ratio,
        points=points,
        agreeing=agreeing,
        goals=goals,
    )


def agreement(cells: GridPoints, chosen: Any, answers: list[tuple[list[float], int]]) -> tuple[int, int]:
    """Our points in the chosen cells, and how many of them the peer has too, with the same minimum."""
    points = agreeing = 0
    for i, (ridges, best) in zip(chosen.tolist(), answers, strict=True):
        ours = cells.ridge[i, : cells.count[i]]
        points += len(ours)
        if len(ours) == len(ridges) and best == cells.best[i]:
            agreeing += int(np.sum(np.abs(np.array(ridges) / ours - 1) < AGREEMENT))
    return points, agreeing


def _part(grid: Grid) -> Grid:
    """Ten by ten cells spread over the grid, for the certified search."""
    from dataclasses import replace

    axes = [replace(axis, values=axis.values[:: max(1, len(axis.values) // 10)]) for axis in grid.axes]
    return replace(grid, axes=tuple(axes))


def _timed(call: Callable[[], Any]) -> float:
    start = thread_time()
    call()
    return thread_time() - start


def text(report: Report) -> str:
    """A report as plain text."""
    lines = [
        f"{report.cells} cells of the diabetes data, D = {DEPTH}",
        f"symderive, doubles         {report.ours:.3g} s",
        f"  first run, data read too {report.first:.3g} s",
        f"symderive, certified       {report.certified:.3g} s, scaled up",
        f"SciPy brentq, cell by cell {report.peer:.3g} s, scaled up from {report.sample} cells",
        f"ratio                      {report.ratio:.3g}×",
        f"points of these cells in which both agree: {report.agreeing} of {report.points}",
        "",
        *(f"{g.aim}: {g.measured}, {'met' if g.met else 'MISSED'}" for g in report.goals),
    ]
    return "\n".join(lines)


@click.command()
@click.option("--size", default=200, show_default=True, help="Values along each side of the diagram.")
@click.option("--cells", default=1000, show_default=True, help="Cells that the peer is timed on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def main(*, size: int, cells: int, as_json: bool) -> None:
    """Time a phase diagram beside a loop over brentq."""
    report = compare(size, cells)
    click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1) if as_json else text(report))


if __name__ == "__main__":
    main()
