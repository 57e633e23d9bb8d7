"""Reading data exactly beside reading them in floats, and data of many features beside the way before.

    python -m benchmarks.data [--quick] [--json] [--before FOLDER]

Whole processes on generated data, in turns, the least of several rounds; a time is CPU seconds with those
of the operating system, so that other work on the machine favors nobody, and memory is the peak of the
process.

Long data: ``symderive solve`` (read exactly, solve, verify) and ``Moments`` alone, beside
``pandas.read_csv`` or ``numpy.load`` and a float Gram matrix, of the same file.  BLAS has one thread in all
of them.

Wide data, with more features than samples: ``symderive solve`` and ``symderive phase`` beside an older
version, a checkout of which is ``--before``, with the same interpreter:

    git worktree add FOLDER 623521e     # the last commit that formed all d × d matrices
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryDirectory

import click
import numpy as np

from benchmarks.roots import Goal

#: Times that each process runs, in turns.
ROUNDS = 5

#: Peak memory allowed for long CSV data, in MB.
MOST_MEMORY = 150

#: A small network with hidden layers, whose solution takes less than reading.
NETWORK = ("--depth", "2", "--width", "32")

#: Ranges of a phase diagram.
RANGES = ("--vary", "decay=0.01:1:20:log", "--vary", "noise=0:4:20", "--depth", "2", "--width", "32")

#: Prints the peak memory in kB last: what a process of Linux inherits from its parent does not count there.
PEAK = """
import atexit, sys
def peak():
    with open("/proc/self/status") as status:
        print(*(line.split()[1] for line in status if line.startswith("VmHWM")), file=sys.stderr)
atexit.register(peak)
"""

COMMAND = "import sys; from symderive.cli import main; main()"

FLOAT_CSV = """
import sys, pandas
Z = pandas.read_csv(sys.argv[1]).to_numpy()
print((Z.T @ Z / len(Z))[0, 0])
"""

FLOAT_NPZ = """
import sys, numpy
with numpy.load(sys.argv[1]) as held:
    Z = numpy.column_stack([held["X"], held["y"]])
print((Z.T @ Z / len(Z))[0, 0])
"""

MOMENTS = """
import sys
from symderive import Moments
path = sys.argv[1]
data = Moments.from_npz(path) if path.endswith("npz") else Moments.from_csv(path, "y")
print(float(data.entry(0, 0)))
"""


@dataclass(frozen=True)
class Sizes:
    """Rows and columns of long data, of wide data, and of wide data for a phase diagram."""

    long: tuple[int, int] = (300_000, 20)
    wide: tuple[int, int] = (100, 1000)
    phase: tuple[int, int] = (200, 300)
    rounds: int = ROUNDS


@dataclass(frozen=True)
class Process:
    """A program that is timed: ``group`` says on what, ``folder`` holds the symderive that it uses."""

    group: str
    name: str
    arguments: tuple[str, ...]
    folder: Path


@dataclass(frozen=True)
class Line:
    """What a process took: CPU seconds, the least of all rounds, and the most memory in MB."""

    group: str
    name: str
    seconds: float
    memory: float


@dataclass(frozen=True)
class Report:
    """All lines, and which goals are met."""

    lines: tuple[Line, ...]
    goals: tuple[Goal, ...]


def generate(folder: Path, sizes: Sizes) -> dict[str, Path]:
    """Normal features and a target that depends on them: all digits of the floats, or four decimals."""
    rng = np.random.default_rng(0)
    paths = {name: folder / name for name in ("short.csv", "full.csv", "long.npz", "wide.csv", "phase.csv")}
    for name, (rows, columns) in (("long", sizes.long), ("wide", sizes.wide), ("phase", sizes.phase)):
        X = rng.normal(size=(rows, columns))
        y = X[:, :5].sum(axis=1) + rng.normal(size=rows)
        if name == "long":
            np.savez(paths["long.npz"], X=X, y=y)
            _write(paths["short.csv"], X, y, "%.4f")
            _write(paths["full.csv"], X, y, "%r")
        else:
            _write(paths[f"{name}.csv"], X, y, "%.4f")
    return paths


def _write(path: Path, X: np.ndarray, y: np.ndarray, form: str) -> None:
    names = [*(f"x{i}" for i in range(1, X.shape[1] + 1)), "y"]
    line = ",".join([form] * len(names)) + "\n"
    with path.open("w", encoding="utf-8") as stream:
        stream.write(",".join(names) + "\n")
        stream.writelines(line % tuple(row) for row in np.column_stack([X, y]).tolist())


def processes(paths: Mapping[str, Path], before: Path | None) -> list[Process]:
    """Everything that is timed; the first of a group is what the others are compared with."""
    ours = Path(__file__).parents[1]
    found = []
    for name in ("short.csv", "full.csv", "long.npz"):
        path = str(paths[name])
        floats, program = ("numpy", FLOAT_NPZ) if name.endswith("npz") else ("pandas", FLOAT_CSV)
        solve = (COMMAND, "solve", path, "--target", "y", "--decay", "0.01", *NETWORK)
        found += [
            Process(name, f"{floats} and a float Gram matrix", (program, path), ours),
            Process(name, "symderive solve", solve, ours),
            Process(name, "symderive Moments", (MOMENTS, path), ours),
        ]
    for name, command in (("wide.csv", "solve"), ("phase.csv", "phase")):
        options = ("--decay", "0.01", *NETWORK) if command == "solve" else RANGES
        arguments = (COMMAND, command, str(paths[name]), "--target", "y", *options)
        if before is not None:
            found.append(Process(name, f"symderive {command}, before", arguments, before))
        found.append(Process(name, f"symderive {command}", arguments, ours))
    return found


def timed(process: Process, cache: Path) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of one run."""
    environment = {
        **os.environ,
        "XDG_CACHE_HOME": str(cache),
        "PYTHONPATH": str(process.folder),
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }
    with Popen(
        [sys.executable, "-c", PEAK + process.arguments[0], *process.arguments[1:]],
        env=environment,
        stdout=DEVNULL,
        stderr=PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        errors = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{process.name} on {process.group} failed: {errors[-300:]}")
    return usage.ru_utime + usage.ru_stime, int(errors.split()[-1]) / 1024


def compare(sizes: Sizes, before: Path | None) -> Report:
    """Run everything in turns."""
    with TemporaryDirectory() as folder:
        programs = processes(generate(Path(folder), sizes), before)
        measured: list[list[tuple[float, float]]] = [[] for _ in programs]
        for _ in range(sizes.rounds):
            for process, runs in zip(programs, measured, strict=True):
                runs.append(timed(process, Path(folder)))
    lines = tuple(
        Line(process.group, process.name, min(t for t, _ in runs), max(m for _, m in runs))
        for process, runs in zip(programs, measured, strict=True)
    )
    return Report(lines, tuple(goals(lines)) if sizes == Sizes() else ())


def goals(lines: Sequence[Line]) -> list[Goal]:
    """What was aimed at, for data of full size."""
    found, sizes = [], Sizes()
    rows, columns = sizes.long
    for name, floats, most in (
        ("short.csv", "pandas", 5),
        ("full.csv", "pandas", 5),
        ("long.npz", "numpy", 4),
    ):
        base, solve, _ = _group(lines, name)
        ratio = solve.seconds / base.seconds
        aim = f"solve {rows} × {columns}, {name}: at most {most}× {floats} and a float Gram matrix"
        found.append(Goal(aim, f"{ratio:.2g}×", ratio <= most))
        if name.endswith("csv"):
            aim = f"solve {rows} × {columns}, {name}: under {MOST_MEMORY} MB"
            found.append(Goal(aim, f"{solve.memory:.0f} MB", solve.memory < MOST_MEMORY))
    for name, command, size, least in (
        ("wide.csv", "solve", sizes.wide, 7),
        ("phase.csv", "phase", sizes.phase, 4),
    ):
        group = _group(lines, name)
        if len(group) == 2:
            ratio = group[0].seconds / group[1].seconds
            aim = f"{command} {size[0]} × {size[1]}: at least {least} times faster than before"
            found.append(Goal(aim, f"{ratio:.3g} times", ratio >= least))
    return found


def _group(lines: Sequence[Line], name: str) -> list[Line]:
    return [line for line in lines if line.group == name]


def text(report: Report) -> str:
    """A report as plain text; ratios are to the first line of a group."""
    shown = []
    for line in report.lines:
        base = _group(report.lines, line.group)[0]
        ratio = "" if base is line else f"{line.seconds / base.seconds:8.3g}×"
        shown.append(f"{line.group:10}{line.name:36}{line.seconds:8.3g} s{line.memory:8.0f} MB{ratio}")
    met = (f"{g.aim}: {g.measured}, {'met' if g.met else 'MISSED'}" for g in report.goals)
    return "\n".join([*shown, "", *met])


@click.command()
@click.option("--quick", is_flag=True, help="A tenth of the rows, small wide data, one round, no goals.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@click.option(
    "--before",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A checkout of the version that wide data are compared with.",
)
def main(*, quick: bool, as_json: bool, before: Path | None) -> None:
    """Time exact reading beside floats, and wide data beside an older version."""
    sizes = Sizes()
    if quick:
        sizes = replace(sizes, long=(30_000, 20), wide=(30, 300), phase=(60, 90), rounds=1)
    report = compare(sizes, before and before.resolve())
    click.echo(json.dumps(asdict(report), ensure_ascii=False, indent=1) if as_json else text(report))


if __name__ == "__main__":
    main()
