"""The solvers of :mod:`benchmarks.export`: exported files, as users run them, and SciPy's brentq.

Each takes the same batch of instances and gives back every ridge and which point is the global minimum.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.phase import DEPTH, peer_cell
from symderive.export import export
from symderive.export.ir.blocks import Block
from symderive.export.solver.solver import describe
from symderive.export.targets.c import lanes

#: Noise variance and width of every layer; ρ = (17/16)³ is a double.
NOISE, WIDTH = 1, 16

#: Instances that the slow ones are given.
FEW, VERY_FEW = 1000, 20

#: What the header of an exported C file advises, and what most people type.
ADVISED, PLAIN = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math"), ("-O2",)

#: Room for points that C and JAX are given; these instances hardly ever have more.
CAPACITY = 6

#: What one evaluation gives: H and its derivatives.
EVALUATION = ("height", "slope", "bend")

#: Instances that the C file works on side by side.
LANES = 64


@dataclass(frozen=True, eq=False)
class Batch:
    """Instances of depth :data:`DEPTH`: spectra of shape (n, d), E[y²] and mean decays of shape (n,)."""

    a: Any
    p: Any
    c: Any
    mean_decay: Any

    @property
    def size(self) -> int:
        return len(self.c)

    @property
    def noise_factor(self) -> float:
        return float((1 + Fraction(NOISE, WIDTH)) ** DEPTH)

    def first(self, n: int) -> Batch:
        """The first n instances."""
        return Batch(self.a[:n], self.p[:n], self.c[:n], self.mean_decay[:n])


def draw(size: int, dimension: int, seed: int = 1) -> Batch:
    """Uniform a_i in (0, 10), p_i in (0, 1), D + 1 decays in (1/10, 2/5); c is 1 more than it must be."""
    rng = np.random.default_rng(seed)
    a, p = rng.uniform(0, 10, (size, dimension)), rng.uniform(0, 1, (size, dimension))
    decays = rng.uniform(0.1, 0.4, (size, DEPTH + 1))
    return Batch(a, p, 1 + (p / a).sum(axis=1), np.exp(np.log(decays).mean(axis=1)))


@dataclass(frozen=True, eq=False)
class Answer:
    """Ridges of shape (n, K) in increasing order, padded; their number; the best one, -1 the origin."""

    ridge: Any
    count: Any
    best: Any


@dataclass(frozen=True)
class Contestant:
    """One solver: ``call`` solves ``instances`` instances, ``read`` makes of it an :class:`Answer`."""

    name: str
    instances: int
    call: Callable[[], Any]
    read: Callable[[Any], Answer]


def exported(target: str, folder: Path) -> ModuleType:
    """The exported file of a Python target, imported from disk."""
    path = folder / f"solver_{target}.py"
    path.write_text(export(target, depth=DEPTH), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def _arrays(points: Any) -> Answer:
    return Answer(np.asarray(points.ridge), np.asarray(points.count), np.asarray(points.best))


def numpy_file(batch: Batch, folder: Path) -> Contestant:
    """The NumPy file on the whole batch."""
    solver = exported("numpy", folder)

    def call() -> Any:
        return solver.stationary_points(
            batch.a, batch.p, batch.c, mean_decay=batch.mean_decay, noise_factor=batch.noise_factor
        )

    return Contestant("NumPy", batch.size, call, _arrays)


def jax_file(batch: Batch, folder: Path) -> Contestant:
    """The JAX file under ``jit``, on arrays that JAX has already."""
    import jax

    jax.config.update("jax_enable_x64", True)
    solver = exported("jax", folder)
    given = [jax.numpy.asarray(x) for x in (batch.a, batch.p, batch.c, batch.mean_decay)]

    @jax.jit
    def solve(a: Any, p: Any, c: Any, mean_decay: Any) -> Any:
        return solver.stationary_points(
            a, p, c, mean_decay=mean_decay, noise_factor=batch.noise_factor, size=CAPACITY
        )

    return Contestant("JAX, jitted", batch.size, lambda: jax.block_until_ready(solve(*given)), _arrays)


def torch_file(batch: Batch, folder: Path) -> Contestant:
    """The PyTorch file on the whole batch."""
    import torch

    torch.set_num_threads(1)
    solver = exported("torch", folder)
    a, p, c, mean_decay = (torch.from_numpy(x) for x in (batch.a, batch.p, batch.c, batch.mean_decay))

    def call() -> Any:
        with torch.no_grad():
            return solver.stationary_points(a, p, c, mean_decay=mean_decay, noise_factor=batch.noise_factor)

    return Contestant("PyTorch", batch.size, call, _arrays)


def mpmath_file(batch: Batch, folder: Path) -> Contestant:
    """The mpmath file at 15 digits, instance by instance."""
    solver = exported("mpmath", folder)
    few = batch.first(VERY_FEW)
    given = list(zip(few.a.tolist(), few.p.tolist(), few.c.tolist(), few.mean_decay.tolist(), strict=True))

    def call() -> list[Any]:
        return [
            solver.stationary_points(a, p, c, mean_decay=mean, noise_factor=few.noise_factor)
            for a, p, c, mean in given
        ]

    def read(found: list[Any]) -> Answer:
        gaps = [[float(point.gap) for point in points] for points in found]
        best = [int(np.argmin([*row, 0.0])) for row in gaps]
        return listed(
            [
                ([float(point.ridge) for point in points], k if k < len(points) else -1)
                for points, k in zip(found, best, strict=True)
            ]
        )

    return Contestant("mpmath, 15 digits", few.size, call, read)


def brentq_loop(batch: Batch) -> Contestant:
    """SciPy's brentq on every sign change of a vectorized scan of the range that can hold roots."""
    few = batch.first(FEW)
    log_decays = ((DEPTH + 1) * np.log(few.mean_decay)).tolist()

    def call() -> list[tuple[list[float], int]]:
        return [
            peer_cell(a, p, c, log_decay, few.noise_factor)
            for a, p, c, log_decay in zip(few.a, few.p, few.c.tolist(), log_decays, strict=True)
        ]

    return Contestant("SciPy brentq", few.size, call, listed)


def listed(found: list[tuple[list[float], int]]) -> Answer:
    """The answer that holds these ridges and best points."""
    ridge = np.full((len(found), max(1, *(len(ridges) for ridges, _ in found))), np.nan)
    for row, (ridges, _) in zip(ridge, found, strict=True):
        row[: len(ridges)] = ridges
    return Answer(ridge, np.array([len(r) for r, _ in found]), np.array([best for _, best in found]))


class Library:
    """The exported C file, compiled together with loops that do nothing but evaluate."""

    def __init__(self, folder: Path, flags: tuple[str, ...]) -> None:
        name = "c" + "".join(flags)
        source, built = folder / f"{name}.c", folder / f"{name}.so"
        source.write_text(export("c", depth=DEPTH) + _evaluations(), encoding="utf-8")
        command = [os.environ.get("CC", "gcc"), *flags]
        linked = ["-std=c99", "-shared", "-fPIC", "-o", str(built), str(source), "-lm"]
        subprocess.run([*command, *linked], check=True)
        self.command = " ".join(command)
        self.code = ctypes.CDLL(str(built))


def c_file(batch: Batch, library: Library) -> Contestant:
    """The C file's batch function on the whole batch, into arrays that exist."""
    n, d = batch.a.shape
    points = np.empty((n, CAPACITY, 8))  # seven doubles, and an int padded to eight bytes
    count, best, status = np.empty(n, np.uintp), np.empty(n, np.intp), np.empty(n, np.intc)
    rho, depth = np.full(n, batch.noise_factor), np.full(n, float(DEPTH))
    work = np.empty(256 * d)
    solve = library.code.symderive_stationary_points_batch
    size = ctypes.c_size_t

    def call() -> Any:
        worst = solve(
            size(n),
            size(d),
            *map(_at, (batch.a, batch.p)),
            size(d),
            *map(_at, (batch.c, batch.mean_decay, rho, depth, work)),
            size(CAPACITY),
            *map(_at, (points, count, best, status)),
        )
        if worst != 0:
            raise ArithmeticError(f"C returned the status {worst}; choose another seed.")
        return points

    def read(points: Any) -> Answer:
        return Answer(points[:, :, 0], count.astype(np.intp), best)

    return Contestant(f"C, {library.command}", n, call, read)


def c_evaluations(batch: Batch, library: Library, times: int, *, together: bool) -> Callable[[], Any]:
    """``times`` evaluations for each instance, one after the other or :data:`LANES` side by side."""
    d = batch.a.shape[1]
    lanes = LANES if together else 1
    groups = -(-batch.size // lanes)
    spectra = [np.resize(x, (groups, lanes, d)).transpose(0, 2, 1).copy() for x in (batch.a, batch.p)]
    run = library.code[f"evaluate_{lanes}"]
    run.restype = ctypes.c_double
    return lambda: run(ctypes.c_size_t(groups), ctypes.c_size_t(d), ctypes.c_int(times), *map(_at, spectra))


def _at(array: Any) -> ctypes.c_void_p:
    assert array.flags.c_contiguous
    return ctypes.c_void_p(array.ctypes.data)


def _evaluations() -> str:
    """Loops over evaluations, made of the nodes of the solver's step; none waits for another."""
    step = describe(DEPTH).step
    nodes = {name: node for node, name in step.hints.items()}
    block = Block("evaluate", "Evaluate.", step.inputs, {name: nodes[name] for name in EVALUATION})
    return "\n".join([lanes(block), *(_loop(count) for count in (1, LANES))])


def _loop(count: int) -> str:
    return f"""
double evaluate_{count}(size_t groups, size_t features, int times, const double *alpha,
                  const double *weight)
{{
    const double zero[{count}] = {{0.0}};
    double u[{count}], height[{count}], slope[{count}], bend[{count}], sum = 0.0;
    for (size_t g = 0; g < groups; ++g) {{
        for (int t = 0; t < times; ++t) {{
            for (int k = 0; k < {count}; ++k) u[k] = t - 3.0;
            block_evaluate(features, {count}, {count}, alpha, weight, zero, zero, zero, u, zero,
                           height, slope, bend);
            for (int k = 0; k < {count}; ++k) sum += height[k] + slope[k] + bend[k];
        }}
        alpha += features * {count};
        weight += features * {count};
    }}
    return sum;
}}
"""


def count_evaluations(batch: Batch, folder: Path) -> float:
    """Passes over the features for an instance: steps of the march, and one polish for every root."""
    solver = exported("numpy", folder)
    passes = 0

    def counting(block: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            nonlocal passes
            passes += arguments[0].shape[1]
            return block(*arguments)

        return counted

    for name in ("_step", "_polish"):
        setattr(solver, name, counting(getattr(solver, name)))
    solver.stationary_points(
        batch.a, batch.p, batch.c, mean_decay=batch.mean_decay, noise_factor=batch.noise_factor
    )
    return passes / batch.size


def contestants(batch: Batch, folder: Path, library: Library, *, everyone: bool) -> Iterator[Contestant]:
    """NumPy first; with ``everyone`` also C at -O2, and JAX and PyTorch where they are installed."""
    yield numpy_file(batch, folder)
    yield c_file(batch, library)
    if everyone:
        yield c_file(batch, Library(folder, PLAIN))
        for package, make in (("jax", jax_file), ("torch", torch_file)):
            if importlib.util.find_spec(package):
                yield make(batch, folder)
    yield brentq_loop(batch)
    yield mpmath_file(batch, folder)
