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

from benchmarks.loops import find_root_loop, hand_written, jax_loop
from benchmarks.phase import DEPTH, peer_cell
from symderive.export import export, live
from symderive.export.targets.c import ADVISED as FLAGS

#: Noise variance and width of every layer; ρ = (17/16)³ is a double.
NOISE, WIDTH = 1, 16

#: Instances that the slow ones are given.
MANY, FEW, VERY_FEW = 10_000, 1000, 20

#: What the header of an exported C file advises, and what most people type.
ADVISED, PLAIN = tuple(FLAGS.split()), ("-O2",)

#: Room for points that C and JAX are given; these instances hardly ever have more.
CAPACITY = 6

#: Numbers of work for each feature that are enough for any C file.
MOST_WORK = 1024


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
    """The exported C file, plain or ``certified``, compiled."""

    def __init__(self, folder: Path, flags: tuple[str, ...], *, certified: bool = False) -> None:
        self.certified = certified
        name = ("certified_c" if certified else "c") + "".join(flags).replace("=", "")
        source, built = folder / f"{name}.c", folder / f"{name}.so"
        source.write_text(export("c", depth=DEPTH, certified=certified), encoding="utf-8")
        command = [os.environ.get("CC", "gcc"), *flags]
        linked = ["-std=c99", "-shared", "-fPIC", "-o", str(built), str(source), "-lm"]
        subprocess.run([*command, *linked], check=True)
        self.command = " ".join(command)
        self.code = ctypes.CDLL(str(built))


def c_file(batch: Batch, library: Library) -> Contestant:
    """The C file's batch function on the whole batch, into arrays that exist."""
    n, d = batch.a.shape
    # Seven numbers, or six and their radii, and an int padded to eight bytes.
    points = np.empty((n, CAPACITY, 13 if library.certified else 8))
    count, best, status = np.empty(n, np.uintp), np.empty(n, np.intp), np.empty(n, np.intc)
    rho, depth = np.full(n, batch.noise_factor), np.full(n, float(DEPTH))
    work = np.empty(MOST_WORK * (d + 1))
    # Certified: the inputs are these doubles.
    more = [ctypes.c_double(0.0)] if library.certified else []
    solve = library.code.symderive_stationary_points_batch
    size = ctypes.c_size_t

    def call() -> Any:
        worst = solve(
            size(n),
            size(d),
            *map(_at, (batch.a, batch.p)),
            size(d),
            *map(_at, (batch.c, batch.mean_decay, rho, depth)),
            *more,
            _at(work),
            size(CAPACITY),
            *map(_at, (points, count, best, status)),
        )
        if worst != 0:
            raise ArithmeticError(f"C returned the status {worst}; choose another seed.")
        return points

    def read(points: Any) -> Answer:
        return Answer(points[:, :, 0], count.astype(np.intp), best)

    name = "C certified" if library.certified else "C"
    return Contestant(f"{name}, {library.command}", n, call, read)


def _at(array: Any) -> ctypes.c_void_p:
    assert array.flags.c_contiguous
    return ctypes.c_void_p(array.ctypes.data)


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


def two_starts(name: str, batch: Batch, call: Callable[[], Any]) -> Contestant:
    """A loop that gives two ridges and their F - c for each instance, NaN for none."""

    def read(found: Any) -> Answer:
        ridge, gap = map(np.asarray, found)
        gap = np.where(np.isnan(gap), np.inf, gap)
        best = np.where(gap.min(1) < 0, gap.argmin(1), -1)
        return Answer(ridge, (~np.isnan(ridge)).sum(1), best)

    return Contestant(name, batch.size, call, read)


def numpy_certified(batch: Batch) -> Contestant:
    """The certified NumPy file on the whole batch."""
    solver = live.namespace("numpy", depth=DEPTH, certified=True)

    def call() -> Any:
        return solver.stationary_points(
            batch.a, batch.p, batch.c, mean_decay=batch.mean_decay, noise_factor=batch.noise_factor
        )

    return Contestant("NumPy certified", batch.size, call, _arrays)


def contestants(batch: Batch, folder: Path, library: Library, *, everyone: bool) -> Iterator[Contestant]:
    """NumPy first; with ``everyone`` also C at -O2, and JAX and PyTorch where they are installed."""
    yield numpy_file(batch, folder)
    yield numpy_certified(batch)
    yield c_file(batch, library)
    yield c_file(batch, Library(folder, ADVISED, certified=True))
    yield two_starts("C by hand, two starts and three steps", batch, hand_written(batch, folder))
    if everyone:
        yield c_file(batch, Library(folder, PLAIN))
        if importlib.util.find_spec("jax"):
            yield jax_file(batch, folder)
            few = batch.first(MANY)
            yield two_starts("JAX by hand, jitted scan", few, jax_loop(few))
        if importlib.util.find_spec("torch"):
            yield torch_file(batch, folder)
    few = batch.first(FEW)
    yield Contestant("SciPy find_root, vectorized", few.size, find_root_loop(few), listed)
    yield brentq_loop(batch)
    yield mpmath_file(batch, folder)
