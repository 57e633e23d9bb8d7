"""Exported solvers beside each other and beside SciPy's brentq: same instances, one run, one core.

    python -m benchmarks.export [--quick] [--json]

Each finds all stationary points of every instance (d = 10, D = 3, each with its own spectrum and decays).
A time is the least of several calls, which take turns with those of the other solvers, in CPU seconds of
the process, which is kept to one core, whatever threads a library starts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Any

import click
import numpy as np

from benchmarks.contestants import (
    ADVISED,
    NOISE,
    WIDTH,
    Answer,
    Batch,
    Contestant,
    Library,
    contestants,
    count_evaluations,
    draw,
    exported,
    listed,
)
from benchmarks.phase import AGREEMENT, DEPTH
from benchmarks.roots import Goal, aligned
from benchmarks.training import DECAYS, Trained, compare
from symderive import Network, Spectrum, solve

#: Eigenvalues of an instance, and instances.
DIMENSION, SIZE = 10, 100_000

#: Calls of every solver, which take turns; and processes that time an import.
ROUNDS, IMPORTS = 7, 10

#: Instances whose points are certified.
CERTIFIED = 200

#: Seeds of the trained networks.
SEEDS = range(10)


@dataclass(frozen=True)
class Line:
    """One solver: ``seconds`` for ``instances`` instances.

    ``first`` is the time of the first call, compilation included.  Of ``checked`` instances with certified
    points, ``wrong`` are those whose points or global minimum are others, and ``error`` is the largest
    relative error of λ in the rest; ``differing`` counts the instances, of all that it solved, with another
    answer than the first solver's.
    """

    solver: str
    instances: int
    seconds: float
    first: float
    checked: int
    wrong: int
    error: float
    differing: int

    @property
    def rate(self) -> float:
        """Instances a second."""
        return self.instances / self.seconds


@dataclass(frozen=True)
class Report:
    """``evaluations``: passes over the features for an instance; ``imports``: seconds of ``import numpy``,
    and of the exported file after it."""

    lines: tuple[Line, ...]
    evaluations: float
    imports: tuple[float, float]
    trained: tuple[Trained, ...]

    def known(self, start: str) -> Line:
        """The first line of the solvers whose name starts so, of which there is one."""
        found = self.line(start)
        assert found is not None
        return found

    def line(self, start: str) -> Line | None:
        """The first line of the solvers whose name starts so."""
        return next((line for line in self.lines if line.solver.startswith(start)), None)


def pin() -> None:
    """Keep this process, and every thread that it starts from now on, to one core."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of the process, all threads together, and the result."""
    start = process_time()
    result = call()
    return process_time() - start, result


def best_of(call: Callable[[], Any], rounds: int = ROUNDS) -> tuple[float, Any]:
    """The least time of several calls, and the last result."""
    times, results = zip(*(timed(call) for _ in range(rounds)), strict=True)
    return min(times), results[-1]


def certify(batch: Batch) -> Answer:
    """Certified ridges and global minima."""
    found = []
    for a, p, c, decay in zip(
        batch.a.tolist(), batch.p.tolist(), batch.c.tolist(), batch.mean_decay.tolist(), strict=True
    ):
        net = Network(DEPTH, widths=WIDTH, decays=decay, noise=NOISE)
        landscape = solve(net, Spectrum.of(a, p, c), digits=20)
        best = landscape.global_minimum.index
        found.append(([float(point.ridge) for point in landscape.points], -1 if best is None else best))
    return listed(found)


def agreement(truth: Answer, claim: Answer) -> tuple[Any, float]:
    """Which of the first instances are answered right, and the largest relative error of λ among those."""
    n = min(len(truth.count), len(claim.count))
    right, worst = np.zeros(n, bool), 0.0
    for i in range(n):
        k = int(truth.count[i])
        if claim.count[i] != k or claim.best[i] != truth.best[i]:
            continue
        errors = np.abs(claim.ridge[i, :k] / truth.ridge[i, :k] - 1)
        right[i] = bool((errors < AGREEMENT).all())
        worst = max(worst, float(errors.max(initial=0.0))) if right[i] else worst
    return right, worst


def measure(racing: list[Contestant], truth: Answer, rounds: int) -> list[Line]:
    """Time all solvers in turns, and check what they found."""
    times: list[list[float]] = [[] for _ in racing]
    answers: list[Answer] = []
    for around in range(rounds + 1):
        click.echo(f"round {around} of {rounds} …", err=True)
        for one, seconds in zip(racing, times, strict=True):
            spent, result = timed(one.call)
            seconds.append(spent)
            if around == rounds:
                answers.append(one.read(result))
    lines = []
    for one, (first, *seconds), answer in zip(racing, times, answers, strict=True):
        right, error = agreement(truth, answer)
        same, _ = agreement(answers[0], answer)
        wrong, differing = len(right) - int(right.sum()), len(same) - int(same.sum())
        lines.append(
            Line(one.name, one.instances, min(seconds), first, len(right), wrong, error, differing)
        )
    return lines


def measure_imports(folder: Path, processes: int) -> tuple[float, float]:
    """CPU seconds of ``import numpy`` and of the exported file after it, each the least of many."""
    program = (
        "import sys, time; sys.path.insert(0, sys.argv[1]); a = time.process_time(); import numpy;"
        " b = time.process_time(); import solver_numpy; print(b - a, time.process_time() - b)"
    )
    exported("numpy", folder)
    command = [sys.executable, "-c", program, str(folder)]
    # Python keeps what it has compiled, unless it is told not to; the first process fills that cache.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    times = []
    for _ in range(processes):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        times.append([float(word) for word in done.stdout.split()])
    return min(t[0] for t in times), min(t[1] for t in times)


def goals(report: Report) -> list[Goal]:
    """The aims that the measured lines allow to judge."""
    names = ("NumPy", "NumPy certified", "C,", "C certified", "C by hand", "SciPy brentq")
    numpy, proved, c, c_proved, by_hand, brentq = map(report.known, names)
    whole, file = report.imports
    found = [
        _at_least("NumPy against brentq", numpy.rate / brentq.rate, 100),
        Goal("NumPy: at least 300 000 solves/s", f"{numpy.rate:,.0f}/s", numpy.rate >= 300_000),
        _at_least("C against NumPy", c.rate / numpy.rate, 5),
        _at_most("C against the loop by hand", by_hand.rate / c.rate, 2.5),
        _at_most("certified C against C", c.rate / c_proved.rate, 2),
        _at_most("certified NumPy against NumPy", numpy.rate / proved.rate, 1.5),
        Goal(
            "import of the NumPy file: at most 1.1× NumPy's",
            f"{1 + file / whole:.3g}×",
            file <= 0.1 * whole,
        ),
    ]
    if (jax := report.line("JAX")) is not None:
        found.append(_at_least("JAX, jitted, against NumPy", jax.rate / numpy.rate, 1))
    return found


def _at_least(name: str, ratio: float, aim: float) -> Goal:
    return Goal(f"{name}: at least {aim:g}×", f"{ratio:.3g}×", ratio >= aim)


def _at_most(name: str, ratio: float, aim: float) -> Goal:
    return Goal(f"{name}: at most {aim:g}×", f"{ratio:.3g}×", ratio <= aim)


def text(report: Report) -> str:
    """A report as plain text."""
    numpy = report.lines[0]
    rows = [
        ("solver", "solves/s", "to NumPy", "first call", "instances", "wrong", "error of λ", "differing")
    ]
    rows += [
        (
            line.solver,
            f"{line.rate:,.0f}",
            f"{line.rate / numpy.rate:.3g}×",
            f"{line.first:.3g} s",
            f"{line.instances}",
            f"{line.wrong} of {line.checked}",
            f"{line.error:.1e}",
            f"{line.differing}",
        )
        for line in report.lines
    ]
    whole, file = report.imports
    parts = [
        f"All stationary points, d = {DIMENSION}, D = {DEPTH}\n" + aligned(rows),
        f"{report.evaluations:.3g} evaluations for an instance",
        f"import numpy {1e3 * whole:.3g} ms, the exported file {1e3 * file:.3g} ms more",
    ]
    if report.trained:
        head = "decay,reached,origin,L-BFGS,evaluations,exported,ratio,certified,error"
        training = [tuple(head.split(",")), *map(_trained, report.trained)]
        parts.append("PyTorch L-BFGS to 1e-10, and our time for the same layers\n" + aligned(training))
    aims = [(goal.aim, goal.measured, "met" if goal.met else "MISSED") for goal in goals(report)]
    return "\n\n".join([*parts, "Goals\n" + aligned(aims)])


def _trained(one: Trained) -> tuple[str, ...]:
    seconds = "" if one.seconds is None else f"{one.seconds:.3g} s"
    return (
        one.decay,
        f"{one.reached} of {one.runs}",
        f"{one.bad}",
        seconds,
        "" if one.evaluations is None else f"{one.evaluations:.0f}",
        f"{1e3 * one.ours:.3g} ms",
        "" if one.seconds is None else f"{one.seconds / one.ours:.3g}×",
        f"{1e3 * one.certified:.3g} ms",
        f"{one.error:.0e}",
    )


def run(*, quick: bool) -> Report:
    """Everything, or with ``quick`` a small batch without JAX, PyTorch and training."""
    batch = draw(2000 if quick else SIZE, DIMENSION)
    rounds = 1 if quick else ROUNDS
    with TemporaryDirectory() as name:
        folder = Path(name)
        library = Library(folder, ADVISED)
        truth = certify(batch.first(20 if quick else CERTIFIED))
        lines = measure(list(contestants(batch, folder, library, everyone=not quick)), truth, rounds)
        evaluations = count_evaluations(batch, folder)
        imports = measure_imports(folder, 2 if quick else IMPORTS)
        trained = [] if quick else compare(exported("numpy", folder), DECAYS, SEEDS, best_of)
    return Report(tuple(lines), evaluations, imports, tuple(trained))


@click.command()
@click.option("--quick", is_flag=True, help="A small batch, without JAX, PyTorch and training.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of tables.")
def main(*, quick: bool, as_json: bool) -> None:
    """Time the exported solvers beside brentq and beside training."""
    if not quick:
        pin()
    report = run(quick=quick)
    if as_json:
        plain = {**asdict(report), "goals": [asdict(goal) for goal in goals(report)]}
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
    else:
        click.echo(text(report))


if __name__ == "__main__":
    main()
