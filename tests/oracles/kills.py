"""Processes that are killed (-9) while they write, and what they leave.

``python kills.py WRITER TIMES`` prints one JSON object: how often the old and the new files were found, and
every state that is neither.  Run as a program, since it forks.

The aim: a process is killed just before one line of the code that writes, every line in its turn; then at
random moments after its unfinished file has appeared, which reach into the libraries that write.  After
each shot the same is written again, which has to leave the new files and nothing else, and then the old.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

#: A folder and a version, 0 or 1, that is written into it.
Writer = Callable[[Path, int], None]

#: Modules whose lines are aimed at.
AIMED = ("symderive/files/", "symderive/writers/output.py", "symderive/sweeps/store.py")

#: A function that is aimed at, too: it writes as one must not.
CARELESS = "careless_write"


def weights() -> Writer:
    from symderive import Moments, Network, solve

    data = Moments.given([[2, 1], [1, 3]], [1, 2], 4)
    layers = [
        solve(Network(2, widths=300, decays=decay), data, digits=15).layers(0) for decay in ("0.01", "0.02")
    ]
    return lambda folder, version: layers[version].save(folder / "w.npz")


def certificate() -> Writer:
    from symderive.certificates.certificate import write_certificate

    records = [{"format": "none", "rows": list(range(first, first + 100_000))} for first in (0, 7)]
    return lambda folder, version: write_certificate(records[version], folder / "c.json")


@cache
def _sweep() -> tuple[Any, Any, list[Any]]:
    from symderive import Spectrum
    from symderive.sweeps.grid import Grid
    from symderive.sweeps.sweep import solve_grid

    data = Spectrum.of([1], [1])
    decays = [f"{n}/1000" for n in range(1, 501)]
    grids = [Grid.of({"decay": decays}, depth=depth, width=1) for depth in (2, 3)]
    return grids, data, [solve_grid(grid, data, doubles=True) for grid in grids]


def table(suffix: str) -> Writer:
    from symderive.sweeps.tables import write_table

    grids, data, points = _sweep()

    def write(folder: Path, version: int) -> None:
        write_table(folder / f"t.{suffix}", grids[version], data, points[version], method="doubles")

    return write


def store() -> Writer:
    from symderive.sweeps.store import Store

    _, _, points = _sweep()

    def write(folder: Path, version: int) -> None:
        chunks = Store(folder / "s", {"format": "of a test"})
        for index in range(2 + version):
            chunks.save(index, points[index % 2])

    return write


def paper() -> Writer:
    from symderive.writers.output import place

    def write(folder: Path, version: int) -> None:
        names = [f"equations/{i}.tex" for i in range(version, 8)] + ["figures/a.pdf", "paper.tex"]
        files = {name: f"{name} {version}\n".encode() * 3000 for name in names}
        manifest = {"symderive": "0", "files": [*files, "manifest.json"]}
        place(folder / "p", files | {"manifest.json": json.dumps(manifest).encode()})

    return write


def careless() -> Writer:
    def careless_write(folder: Path, version: int) -> None:
        with (folder / "w.npz").open("wb", buffering=0) as stream:
            stream.write(b"%d" % version * 1000)
            stream.write(b"%d" % version * 1000)

    return careless_write


def solver() -> Writer:
    from symderive.cli.export import _written

    def write(folder: Path, version: int) -> None:
        names = ("solver.h", "solver.c", "solver_test.c")
        _written(str(folder / "solver.h"), {name: f"{name} {version}\n" * 20_000 for name in names})

    return write


WRITERS: dict[str, Callable[[], Writer]] = {
    "weights": weights,
    "certificate": certificate,
    "table-csv": lambda: table("csv"),
    "table-nc": lambda: table("nc"),
    "store": store,
    "paper": paper,
    "solver": solver,
    "careless": careless,
}


#: The file of several that takes its place last.
LAST = {"paper": "p/manifest.json", "solver": "solver_test.c"}


def contents(folder: Path, *, parts: bool = True) -> dict[str, bytes]:
    """Every file in a folder by its name; without ``parts`` those that have a name of their own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (parts or path.suffix != ".part")
    }


def forked(action: Callable[[], None]) -> int:
    """The number of a process that does this and ends."""
    process = os.fork()
    if process:
        return process
    try:
        action()
        os._exit(0)
    except BaseException as error:  # nothing of the child may go on
        os.write(2, f"{type(error).__name__}: {error}\n".encode())
        os._exit(1)


def ended(process: int) -> int:
    """Wait for its end: 0, 1, or minus the signal."""
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def traced(action: Callable[[], None], at_line: Callable[[int], None]) -> None:
    """Do it, and call ``at_line`` with the count before each line that is aimed at."""
    count = 0

    def trace(frame: Any, event: str, _argument: Any) -> Any:
        nonlocal count
        code = frame.f_code
        if code.co_name != CARELESS and not any(name in code.co_filename for name in AIMED):
            return None
        if event == "line":
            at_line(count)
            count += 1
        return trace

    sys.settrace(trace)
    action()
    sys.settrace(None)


def lines_of(action: Callable[[], None]) -> int:
    """How many lines are passed."""
    reading, writing = os.pipe()

    def count() -> None:
        seen: list[int] = []
        traced(action, seen.append)
        os.write(writing, f"{len(seen)}".encode())

    assert ended(forked(count)) == 0
    found = int(os.read(reading, 20))
    os.close(reading)
    os.close(writing)
    return found


def shot_at_line(action: Callable[[], None], line: int) -> int:
    """Kill it before this line."""

    def aim(count: int) -> None:
        if count == line:
            os.kill(os.getpid(), signal.SIGKILL)

    return ended(forked(lambda: traced(action, aim)))


def begun(process: int, folder: Path) -> bool:
    """Wait until the first unfinished file of a process is there; False where it ended before."""
    while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        if any(name.endswith(".part") for _, _, names in os.walk(folder) for name in names):
            return True
    return False


def seconds_of(action: Callable[[], None], folder: Path) -> float:
    """How long it takes from its first unfinished file to its end."""
    process = forked(action)
    begun(process, folder)
    began = time.perf_counter()
    assert ended(process) == 0
    return time.perf_counter() - began


def shot_at_moment(action: Callable[[], None], folder: Path, wait: float) -> int:
    """Kill it so many seconds after its first unfinished file is there."""
    process = forked(action)
    if begun(process, folder):
        until = time.perf_counter() + wait
        while time.perf_counter() < until:
            pass
        os.kill(process, signal.SIGKILL)
    return ended(process)


def fault_of(found: dict[str, bytes], states: list[dict[str, bytes]], last: str | None) -> str:
    """What is neither old nor new; empty where there is nothing."""
    for name, content in found.items():
        if content not in [state.get(name) for state in states]:
            return f"{name} is neither old nor new: {len(content)} bytes"
    for name in set(states[0]) & set(states[1]) - set(found):
        return f"{name} is gone"
    if last is not None and found.get(last) == states[1][last] and not states[1].items() <= found.items():
        return f"{last} is new and another file is not"
    return ""


def shots(writer: str, times: int, seed: int = 0) -> dict[str, Any]:
    """Kill ``times`` processes that replace version 0 by version 1."""
    write = WRITERS[writer]()
    rng = random.Random(seed)
    last = LAST.get(writer)
    tally: dict[str, Any] = {"old": 0, "new": 0, "mixed": 0, "killed": 0, "with parts": 0, "faults": []}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "place"
        states = []
        for version in (0, 1):
            folder.mkdir()
            write(folder, 0)
            if version:
                write(folder, 1)
            states.append(contents(folder))
            shutil.rmtree(folder)
        kept = Path(scratch) / "old"
        kept.mkdir()
        write(kept, 0)

        def before() -> None:
            write(folder, 0)

        def again() -> None:
            write(folder, 1)

        shutil.copytree(kept, folder)
        lines = lines_of(again)
        shutil.rmtree(folder)
        shutil.copytree(kept, folder)
        took = seconds_of(again, folder)
        aimed = min(lines, times - times // 3)
        for shot in range(times):
            shutil.rmtree(folder)
            shutil.copytree(kept, folder)
            if shot < aimed:
                code = shot_at_line(again, shot * lines // aimed)
            else:
                code = shot_at_moment(again, folder, rng.random() * took)
            found, everything = contents(folder, parts=False), contents(folder)
            tally["killed"] += code == -signal.SIGKILL
            tally["with parts"] += everything != found
            kind = "old" if found == states[0] else "new" if found == states[1] else "mixed"
            tally[kind] += 1
            if fault := fault_of(found, states, last):
                tally["faults"].append(f"shot {shot}: {fault}")
            if ended(forked(again)) != 0 or contents(folder) != states[1]:
                more = sorted(set(contents(folder)) ^ set(states[1]))
                tally["faults"].append(f"shot {shot}: the next run leaves {more}")
            # And back: a store keeps what is finished.
            if writer != "store" and (ended(forked(before)) != 0 or contents(folder) != states[0]):
                tally["faults"].append(f"shot {shot}: the first version cannot be written again")
        tally["lines"] = lines
    return tally


if __name__ == "__main__":
    print(json.dumps({name: shots(name, int(sys.argv[2])) for name in sys.argv[1].split(",")}))
