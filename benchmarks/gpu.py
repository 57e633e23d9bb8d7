"""Exported Torch and JAX files on a GPU: global minima a second, memory, and whether they are right.

    python -m benchmarks.gpu [--device cuda|cpu] [--size N ...] [--json]

Every library runs in a process of its own, on instances (d = 10, D = 3, each with its own spectrum and
decays) that are on the device already.  A time is the least of several calls, by the clock, from the call
until the device is idle.  The first instances are compared with the exported NumPy file, which is also
timed on them.  On a CPU each library has its own threads, which a busy machine slows down.
``--device cpu`` does the same without a GPU, with fewer instances, to show that it works.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import click
import numpy as np

from benchmarks.contestants import Batch, draw, exported
from benchmarks.roots import Goal

DIMENSION = 10

#: Numbers of instances, by device.
SIZES = {"cuda": (100_000, 1_000_000, 10_000_000), "cpu": (10_000, 40_000)}

#: Instances that are compared with NumPy, timed calls, and seconds after which a library is given up.
COMPARED, CALLS, PATIENCE = 10_000, 5, 1200

#: Relative difference between the losses of two libraries that rounding explains.
ROUNDING = 1e-12

#: Solves a second at the largest size on an H100 or H200.
AIMS = {"torch": 20e6, "jax": 5e6}

#: The fields of a global minimum that are compared.
FIELDS = ("ridge", "loss", "norm", "layer_decay", "variance")


@dataclass(frozen=True)
class Line:
    """One library at one size; ``memory`` is the peak in bytes that it reports for an instance, None if it
    reports none."""

    library: str
    device: str
    size: int
    first_call: float
    seconds: float
    memory: float | None
    difference: float
    wrong: int

    @property
    def rate(self) -> float:
        """Solves a second."""
        return self.size / self.seconds

    @property
    def right(self) -> bool:
        """Whether every compared minimum is NumPy's."""
        return self.wrong == 0 and self.difference <= ROUNDING


def least_seconds(call: Callable[[], Any]) -> float:
    """The least time of some calls."""
    times = []
    for _ in range(CALLS):
        start = perf_counter()
        call()
        times.append(perf_counter() - start)
    return min(times)


def differences(found: dict[str, Any], expected: dict[str, Any]) -> tuple[float, int]:
    """The largest relative difference of a field, and how many minima have another index."""
    wrong = int((found["index"] != expected["index"]).sum())
    worst = 0.0
    for name in FIELDS:
        both = found["index"] == expected["index"]
        x, y = found[name][both], expected[name][both]
        finite = np.isfinite(y)
        if not np.array_equal(x[~finite], y[~finite]):
            return float("inf"), wrong
        size = np.maximum(np.abs(y[finite]), np.finfo(float).tiny)
        worst = max(worst, float((np.abs(x[finite] - y[finite]) / size).max(initial=0)))
    return worst, wrong


def by_numpy(batch: Batch, folder: Path) -> Line:
    """The NumPy file, which the others are compared with."""
    start = perf_counter()
    minimum(exported("numpy", folder), batch)
    first = perf_counter() - start
    solver = exported("numpy", folder)
    return Line(
        "numpy", "cpu", batch.size, first, least_seconds(lambda: minimum(solver, batch)), None, 0.0, 0
    )


def minimum(solver: Any, batch: Batch) -> dict[str, Any]:
    """Global minima as NumPy arrays."""
    found = solver.global_minimum(
        batch.a, batch.p, batch.c, mean_decay=batch.mean_decay, noise_factor=batch.noise_factor
    )
    return {name: np.asarray(getattr(found, name)) for name in (*FIELDS, "index")}


def by_torch(
    batch: Batch, folder: Path, device: str
) -> tuple[str, float, float, float | None, dict[str, Any]]:
    """Name of the device, first call, time, memory and minima of PyTorch."""
    import torch

    solver = exported("torch", folder)
    given = [torch.tensor(x, device=device) for x in (batch.a, batch.p, batch.c, batch.mean_decay)]
    gpu = device != "cpu"

    def call() -> Any:
        a, p, c, decay = given
        found = solver.global_minimum(a, p, c, mean_decay=decay, noise_factor=batch.noise_factor)
        if gpu:
            torch.cuda.synchronize()
        return found

    start = perf_counter()
    call()
    first = perf_counter() - start
    if gpu:
        torch.cuda.reset_peak_memory_stats()
    seconds = least_seconds(call)
    memory = torch.cuda.max_memory_allocated() / batch.size if gpu else None
    name = torch.cuda.get_device_name() if gpu else "cpu"
    found = call()
    return name, first, seconds, memory, {k: getattr(found, k).cpu().numpy() for k in (*FIELDS, "index")}


def by_jax(
    batch: Batch, folder: Path, device: str
) -> tuple[str, float, float, float | None, dict[str, Any]]:
    """The same of JAX, jitted; the first call compiles."""
    import jax

    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_platforms", device)
    solver = exported("jax", folder)
    given = [jax.numpy.asarray(x) for x in (batch.a, batch.p, batch.c, batch.mean_decay)]

    @jax.jit
    def solve(a: Any, p: Any, c: Any, decay: Any) -> Any:
        return solver.global_minimum(a, p, c, mean_decay=decay, noise_factor=batch.noise_factor)

    def call() -> Any:
        return jax.block_until_ready(solve(*given))

    start = perf_counter()
    call()
    first, seconds = perf_counter() - start, least_seconds(call)
    chip = jax.local_devices()[0]
    peak = (chip.memory_stats() or {}).get("peak_bytes_in_use")
    found = call()
    fields = {k: np.asarray(getattr(found, k)) for k in (*FIELDS, "index")}
    return chip.device_kind, first, seconds, peak and peak / batch.size, fields


RUNNERS = {"torch": by_torch, "jax": by_jax}


def measure(library: str, device: str, size: int) -> Line:
    """One library at one size, in this process."""
    batch = draw(size, DIMENSION)
    with TemporaryDirectory() as folder:
        name, first, seconds, memory, found = RUNNERS[library](batch, Path(folder), device)
        some = batch.first(min(size, COMPARED))
        expected = minimum(exported("numpy", Path(folder)), some)
    worst, wrong = differences({key: value[: some.size] for key, value in found.items()}, expected)
    return Line(library, name, size, first, seconds, memory, worst, wrong)


def apart(library: str, device: str, size: int) -> Line | str:
    """The same in a process of its own; what went wrong where it fails."""
    command = [sys.executable, "-m", "benchmarks.gpu", "--device", device, "--size", str(size)]
    try:
        done = subprocess.run(
            [*command, "--only", library], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return f"{library} at {size} did not end within {PATIENCE} s"
    if done.returncode:
        said = [line.strip() for line in done.stderr.splitlines() if "Error" in line]
        return f"{library} at {size}: {said[-1] if said else 'no message'}"
    return Line(**json.loads(done.stdout.splitlines()[-1]))


def goals(lines: list[Line]) -> list[Goal]:
    """The rates aimed at, where something as large was measured on a GPU."""
    largest = max(SIZES["cuda"])
    return [
        Goal(
            f"{line.library}: at least {AIMS[line.library] / 1e6:g} million solves a second",
            f"{line.rate / 1e6:.3g}",
            line.rate >= AIMS[line.library],
        )
        for line in lines
        if line.library in AIMS and line.device != "cpu" and line.size >= largest
    ]


def text(lines: list[Line], failures: list[str]) -> str:
    """A table, goals and failures."""
    reference = next(line for line in lines if line.library == "numpy")
    rows = [
        "library, device, instances: million solves a second, ratio to NumPy, bytes an instance, first call"
    ]
    for line in lines:
        memory = "" if line.memory is None else f", {line.memory:.0f} B"
        right = "" if line.right else f"; WRONG: {line.wrong} minima, {line.difference:.2g}"
        rows.append(
            f"{line.library}, {line.device}, {line.size:_}: {line.rate / 1e6:.3g}"
            f", {line.rate / reference.rate:.3g}×{memory}, {line.first_call:.3g} s{right}"
        )
    rows += [f"{x.aim}: {x.measured}, {'met' if x.met else 'missed'}" for x in goals(lines)]
    return "\n".join([*rows, *failures])


@click.command()
@click.option("--device", type=click.Choice(tuple(SIZES)), default="cuda", show_default=True)
@click.option("--size", "sizes", type=click.IntRange(1), multiple=True, help="Instances; may be repeated.")
@click.option("--only", type=click.Choice(tuple(RUNNERS)), help="One library, in this process, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="Lines as JSON.")
def main(device: str, sizes: tuple[int, ...], only: str | None, as_json: bool) -> None:
    """Exported Torch and JAX files, timed on a device and compared with NumPy."""
    sizes = sizes or SIZES[device]
    if only:
        print(json.dumps(asdict(measure(only, device, sizes[0]))))
        return
    with TemporaryDirectory() as folder:
        lines = [by_numpy(draw(min(max(sizes), COMPARED), DIMENSION), Path(folder))]
    failures = []
    for library in RUNNERS:
        if importlib.util.find_spec(library) is None:
            failures.append(f"{library} is not installed")
            continue
        for size in sizes:
            line = apart(library, device, size)
            if isinstance(line, str):
                failures.append(line)
            else:
                lines.append(line)
    if as_json:
        print(json.dumps({"lines": [asdict(line) for line in lines], "failures": failures}))
    else:
        print(text(lines, failures))
    if failures or not all(line.right for line in lines):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
