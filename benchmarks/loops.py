"""What one writes by hand in place of an exported solver: loops in C, JAX and SciPy on the same instances.

None of them is complete: they find the roots that three steps, or a scan of the range, happen to find.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.phase import DEPTH, MARGIN, SCAN_POINTS, TOLERANCE

if TYPE_CHECKING:
    from benchmarks.contestants import Batch

SOURCE = Path(__file__).parent / "hand_written.c"

#: Steps that halve an interval of the scan, and of Newton's method after them.
HALVINGS, POLISHING = 16, 3

THETA = (DEPTH + 1) / DEPTH

Found = tuple[Any, Any]


def hand_written(batch: Batch, folder: Path) -> Callable[[], Found]:
    """The loop in C on the whole batch: ridges and F - c, each of shape (n, 2)."""
    built = folder / "hand_written.so"
    compiler = os.environ.get("CC", "gcc")
    compiled = ["-O3", "-march=native", "-ffast-math", "-fPIC", "-c", str(SOURCE)]
    subprocess.run([compiler, *compiled, "-o", str(built.with_suffix(".o"))], check=True)
    # Linked without -ffast-math, which would have the whole process flush subnormal numbers to zero.
    linked = ["-shared", str(built.with_suffix(".o")), "-o", str(built), "-lm"]
    subprocess.run([compiler, *linked], check=True)
    solve = ctypes.CDLL(str(built)).hand_written
    n, d = batch.a.shape
    ridge, gap = np.full((n, 2), np.nan), np.full((n, 2), np.nan)
    at = [ctypes.c_void_p(x.ctypes.data) for x in (batch.a, batch.p, batch.mean_decay)]
    rho, depth = ctypes.c_double(batch.noise_factor), ctypes.c_double(DEPTH)
    out = [ctypes.c_void_p(x.ctypes.data) for x in (ridge, gap)]

    def call() -> Found:
        solve(ctypes.c_size_t(n), ctypes.c_size_t(d), *at, rho, depth, *out)
        return ridge, gap

    return call


def find_root_loop(batch: Batch) -> Callable[[], list[tuple[list[float], int]]]:
    """``scipy.optimize.elementwise.find_root`` on all sign changes of a scan at once."""
    from scipy.optimize import elementwise

    b, level = batch.noise_factor * batch.a.T, THETA * np.log(batch.mean_decay)
    p, n = batch.p.T, batch.size

    def total(u: Any, which: Any, power: int) -> Any:
        return (p[:, which] / (b[:, which] + np.exp(u)) ** power).sum(0)

    def height(u: Any, which: Any) -> Any:
        which = which.astype(int)
        return np.log(total(u, which, 2)) + THETA * u - level[which]

    def call() -> list[tuple[list[float], int]]:
        everyone = np.arange(n)
        lowest, highest = _range(b, p, level)
        scan = np.linspace(lowest, highest, SCAN_POINTS)
        sign = np.array([np.sign(height(u, everyone)) for u in scan])
        which, at = np.nonzero((sign[1:] != sign[:-1]).T)
        bracket = scan[at, which], scan[at + 1, which]
        tolerances = {"xatol": TOLERANCE, "xrtol": TOLERANCE, "fatol": 0.0, "frtol": 0.0}
        u = elementwise.find_root(height, bracket, args=(which.astype(float),), tolerances=tolerances).x
        gap = DEPTH * np.exp(u) * total(u, which, 2) - total(u, which, 1)
        answers = []
        for i in range(n):
            here = slice(*np.searchsorted(which, [i, i + 1]))
            best = int(np.argmin([*gap[here], 0.0]))
            ridges = np.exp(u[here]).tolist()
            answers.append((ridges, best if best < len(ridges) else -1))
        return answers

    return call


def jax_loop(batch: Batch) -> Callable[[], Found]:
    """A scan, halvings and Newton's method under ``jit``, for two sign changes: as hand_written."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    given = [jnp.asarray(x) for x in (batch.a, batch.p, batch.mean_decay)]
    rho = batch.noise_factor

    def height(u: Any, b: Any, p: Any, level: Any) -> Any:
        return jnp.log((p / (b + jnp.exp(u)) ** 2).sum()) + THETA * u - level

    def one(a: Any, p: Any, mean_decay: Any) -> Any:
        b, level = rho * a, THETA * jnp.log(mean_decay)
        lowest = (level - jnp.log((p / b**2).sum())) / THETA - MARGIN
        highest = (jnp.log(p.sum()) - level) / (2 - THETA) + MARGIN
        scan = lowest + (highest - lowest) * jnp.linspace(0.0, 1.0, SCAN_POINTS)
        sign = jax.vmap(lambda u: height(u, b, p, level))(scan) > 0
        (at,) = jnp.nonzero(sign[1:] != sign[:-1], size=2, fill_value=-1)

        def refine(k: Any) -> Any:
            def halve(_: int, ends: Any) -> Any:
                low, high = ends
                middle = (low + high) / 2
                same = (height(middle, b, p, level) > 0) == sign[k]
                return jnp.where(same, middle, low), jnp.where(same, high, middle)

            low, high = jax.lax.fori_loop(0, HALVINGS, halve, (scan[k], scan[k + 1]))
            newton = jax.value_and_grad(height)

            def step(_: int, u: Any) -> Any:
                value, slope = newton(u, b, p, level)
                return u - value / slope

            u = jax.lax.fori_loop(0, POLISHING, step, (low + high) / 2)
            x = jnp.exp(u)
            gap = DEPTH * x * (p / (b + x) ** 2).sum() - (p / (b + x)).sum()
            return jnp.where(k < 0, jnp.nan, x), jnp.where(k < 0, jnp.nan, gap)

        return jax.vmap(refine)(at)

    solve = jax.jit(jax.vmap(one))
    return lambda: jax.block_until_ready(solve(*given))


def _range(b: Any, p: Any, level: Any) -> tuple[Any, Any]:
    """Where ln λ can be."""
    lowest = (level - np.log((p / b**2).sum(0))) / THETA - MARGIN
    highest = (np.log(p.sum(0)) - level) / (2 - THETA) + MARGIN
    return lowest, highest


__all__ = ["find_root_loop", "hand_written", "jax_loop"]
