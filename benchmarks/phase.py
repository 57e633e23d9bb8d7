"""A certified phase diagram of the diabetes data beside doubles and beside SciPy: one run, ratios.

    python -m benchmarks.phase [--size N] [--cells N] [--json]

All give every stationary point and the global minimum of each cell, as doubles; finding the spectrum of A
counts as ours.  Only the certified diagram proves that no point is missing and bounds every error.  The
peers look for sign changes of ln φ(λ) - ln τ on a grid of λ that is as short as it can be; one refines each
by brentq, cell by cell, the other all at once by ``scipy.optimize.elementwise.find_root``.  They are timed
on cells spread evenly over the diagram, and their time is scaled up.

Times are CPU seconds of the calling thread, the least of several runs in turns; the whole process is
``symderive phase`` with its imports, the reading of the data, thresholds and the diagram.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from math import log
from time import thread_time
from typing import Any

import click
import numpy as np

from benchmarks.roots import DIABETES, Goal
from symderive import Moments
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import LEFT_OPEN, PROVED, GridPoints
from symderive.sweeps.solvers import CertifiedSolver, DoubleSolver
from symderive.sweeps.sweep import solve_grid

#: Hidden layers and their width.
DEPTH, WIDTH = 3, 32

#: The diagram: decays are spaced logarithmically, noise variances evenly; all regimes occur.
DECAYS, NOISES = (1.0, 300.0), (0.0, 60.0)

#: Points of the peers' grid of ln λ, and how far it reaches beyond what can hold a root.
SCAN_POINTS, MARGIN = 200, 1.0

#: Accuracy that the peers are asked for.
TOLERANCE = 1e-13

#: Cells that the vectorized peer takes at a time.
PEER_CHUNK = 250

#: Relative difference up to which a peer's ridge counts as ours.
AGREEMENT = 1e-9

#: Rounds in which everything is timed in turn, and cells along each side that balls solve.
ROUNDS, BALL_SIDE = 5, 10

#: One cell as a peer finds it: every ridge in increasing order, and which is the best (-1: the origin).
Answer = tuple[list[float], int]


@dataclass(frozen=True)
class Peer:
    """A peer's time in seconds, scaled up to all cells, and our points of its cells that it has too."""

    seconds: float
    agreeing: int


@dataclass(frozen=True)
class Report:
    """Times in seconds for ``cells`` cells; ``left_open`` counts those that doubles left to balls."""

    cells: int
    process: float
    doubles: float
    certified: float
    left_open: int
    balls: float
    sample: int
    points: int
    peers: Mapping[str, Peer]
    goals: tuple[Goal, ...]


def diagram(size: int) -> Grid:
    """The grid of decays and noise variances."""
    decays, noises = np.geomspace(*DECAYS, size), np.linspace(*NOISES, size)
    vary = {"decay": decays.tolist(), "noise": noises.tolist()}
    return Grid.of(vary, depth=DEPTH, width=WIDTH)


def load() -> Moments:
    """The diabetes data, standardized."""
    return Moments.from_csv(DIABETES, target="progression", standardize=True)


def peer_cell(a: Any, p: Any, c: float, log_decays: float, rho: float) -> Answer:
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
    ridges = [
        float(np.exp(brentq(height, scan[k], scan[k + 1], xtol=TOLERANCE, rtol=TOLERANCE))) for k in at
    ]
    losses = [c - np.sum(p / (b + x)) + DEPTH * x * np.sum(p / (b + x) ** 2) for x in ridges]
    best = int(np.argmin([*losses, c])) if ridges else 0
    return ridges, -1 if best == len(ridges) else best


def peer_cells(a: Any, p: Any, c: float, log_decays: Any, rho: Any) -> list[Answer]:
    """The same for many cells, vectorized."""
    from scipy.optimize import elementwise

    theta, level, count = (DEPTH + 1) / DEPTH, log_decays / DEPTH, len(rho)

    def total(u: Any, rho: Any, power: int) -> Any:
        ridge = np.exp(u)
        return sum(w / (rho * x + ridge) ** power for x, w in zip(a.tolist(), p.tolist(), strict=True))

    def height(u: Any, rho: Any, level: Any) -> Any:
        return np.log(total(u, rho, 2)) + theta * u - level

    lowest = (level - np.log(total(np.full(count, -np.inf), rho, 2))) / theta - MARGIN
    highest = (log(np.sum(p)) - level) / (2 - theta) + MARGIN
    scan = np.linspace(lowest, highest, SCAN_POINTS)
    sign = np.sign(height(scan, rho, level))
    cells, at = np.nonzero((sign[1:] != sign[:-1]).T)
    init = scan[at, cells], scan[at + 1, cells]
    tolerances = {"xatol": TOLERANCE, "xrtol": TOLERANCE, "fatol": 0.0, "frtol": 0.0}
    u = elementwise.find_root(height, init, args=(rho[cells], level[cells]), tolerances=tolerances).x
    losses = c - total(u, rho[cells], 1) + DEPTH * np.exp(u) * total(u, rho[cells], 2)
    answers = []
    for i in range(count):
        here = slice(*np.searchsorted(cells, [i, i + 1]))
        best = int(np.argmin([*losses[here], c]))
        ridges = np.exp(u[here]).tolist()
        answers.append((ridges, -1 if best == len(ridges) else best))
    return answers


def compare(size: int, sample: int) -> Report:
    """Time all on a diagram of ``size`` × ``size`` cells, the peers on at least ``sample`` of them."""
    data, grid = load(), diagram(size)
    plain, certified = DoubleSolver.of(grid, data), CertifiedSolver.of(grid, data)
    chosen = np.unique(np.linspace(0, grid.size - 1, sample).round().astype(int))
    _, log_decays, log_rho = grid.parameters(0, grid.size)
    spectrum, logs, rho = (plain.a, plain.p, plain.c), log_decays[chosen], np.exp(log_rho[chosen])
    part = _part(grid)

    def brentq() -> list[Answer]:
        return [peer_cell(*spectrum, float(x), float(y)) for x, y in zip(logs, rho, strict=True)]

    def find_root() -> list[Answer]:
        parts = [slice(i, i + PEER_CHUNK) for i in range(0, len(chosen), PEER_CHUNK)]
        return [answer for some in parts for answer in peer_cells(*spectrum, logs[some], rho[some])]

    times, results = in_turns(
        {
            "doubles": lambda: solve_grid(grid, data, doubles=True),
            "certified": lambda: solve_grid(grid, data),
            "SciPy find_root, vectorized": find_root,
            "SciPy brentq, cell by cell": brentq,
        }
    )
    cells = results["certified"]
    if not (cells.verdict == PROVED).all():
        raise RuntimeError("some cell of the diagram is not proved")
    assert certified.spectrum is not None
    left_open = int((certified.in_doubles(certified.spectrum, 0, grid.size).verdict == LEFT_OPEN).sum())
    balls = _timed(lambda: solve_grid(part, data, digits=15))
    points = int(cells.count[chosen].sum())
    scale = grid.size / len(chosen)
    peers = {
        name: Peer(times[name] * scale, agreement(cells, chosen, results[name])[1])
        for name in times
        if name.startswith("SciPy")
    }
    process = whole_process(size)
    ratio = times["certified"] / times["doubles"]
    goals = (
        Goal(
            f"{size} × {size} certified diagram, whole process: under 1.5 s",
            f"{process:.3g} s",
            process < 1.5,
        ),
        Goal("certified: at most 1.5× doubles", f"{ratio:.3g}×", ratio <= 1.5),
        Goal("left to balls: under 0.1 %", f"{left_open / grid.size:.2%}", left_open < grid.size / 1000),
    )
    return Report(
        cells=grid.size,
        process=process,
        doubles=times["doubles"],
        certified=times["certified"],
        left_open=left_open,
        balls=balls * grid.size / part.size,
        sample=len(chosen),
        points=points,
        peers=peers,
        goals=goals,
    )


def agreement(cells: GridPoints, chosen: Any, answers: list[Answer]) -> tuple[int, int]:
    """Our points in the chosen cells, and how many of them the peer has too, with the same minimum."""
    points = agreeing = 0
    for i, (ridges, best) in zip(chosen.tolist(), answers, strict=True):
        ours = cells.ridge[i, : cells.count[i]]
        points += len(ours)
        if len(ours) == len(ridges) and best == cells.best[i]:
            agreeing += int(np.sum(np.abs(np.array(ridges) / ours - 1) < AGREEMENT))
    return points, agreeing


def in_turns(calls: Mapping[str, Callable[[], Any]]) -> tuple[dict[str, float], dict[str, Any]]:
    """The least time of each call over some rounds, and its last result; the first round only warms up."""
    times, results = dict.fromkeys(calls, float("inf")), {}
    for turn in range(ROUNDS + 1):
        for name, call in calls.items():
            start = thread_time()
            results[name] = call()
            if turn:
                times[name] = min(times[name], thread_time() - start)
    return times, results


def whole_process(size: int) -> float:
    """CPU seconds of ``symderive phase`` with such a diagram, the least of three."""
    program = "import sys; from symderive.cli import main; main()"
    ranges = (f"decay={DECAYS[0]}:{DECAYS[1]}:{size}:log", f"noise={NOISES[0]}:{NOISES[1]}:{size}")
    options = ("--target", "progression", "--standardize", "--depth", str(DEPTH), "--width", str(WIDTH))
    command = [sys.executable, "-c", program, "phase", str(DIABETES), *options]
    for text in ranges:
        command += ["--vary", text]
    times = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def _part(grid: Grid) -> Grid:
    """Cells spread over the grid, for the search in balls."""
    axes = [
        replace(axis, values=axis.values[:: max(1, len(axis.values) // BALL_SIDE)]) for axis in grid.axes
    ]
    return replace(grid, axes=tuple(axes))


def _timed(call: Callable[[], Any]) -> float:
    start = thread_time()
    call()
    return thread_time() - start


def text(report: Report) -> str:
    """A report as plain text."""
    lines = [
        f"{report.cells} cells of the diabetes data, D = {DEPTH}",
        f"{'symderive phase, whole process':34}{report.process:8.3g} s",
        f"{'symderive, doubles':34}{report.doubles:8.3g} s",
        f"{'symderive, certified':34}{report.certified:8.3g} s, {report.left_open} cells left to balls",
        f"{'symderive, all cells by balls':34}{report.balls:8.3g} s, scaled up",
    ]
    for name, peer in report.peers.items():
        ratio, had = peer.seconds / report.certified, f"{peer.agreeing} of {report.points} points"
        lines.append(
            f"{name:34}{peer.seconds:8.3g} s, scaled up from {report.sample} cells; "
            f"{ratio:.3g}× certified; has {had}"
        )
    goals = (f"{g.aim}: {g.measured}, {'met' if g.met else 'MISSED'}" for g in report.goals)
    return "\n".join([*lines, "", *goals])


@click.command()
@click.option("--size", default=200, show_default=True, help="Values along each side of the diagram.")
@click.option("--cells", default=1000, show_default=True, help="Cells that the peers are timed on.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def main(*, size: int, cells: int, as_json: bool) -> None:
    """Time a certified phase diagram beside doubles, find_root and a loop over brentq."""
    report = compare(size, cells)
    click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1) if as_json else text(report))


if __name__ == "__main__":
    main()
