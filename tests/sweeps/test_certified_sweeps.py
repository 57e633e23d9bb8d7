"""Certified sweeps of random networks and data, every number against balls of thirty digits."""

import random
from fractions import Fraction

import numpy as np
import pytest
from oracles.sampled import some

from symderive import Moments, Spectrum, solve
from symderive.arithmetic.doubles import distance
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import LEFT_OPEN, PROVED, QUANTITIES
from symderive.sweeps.solvers import CertifiedSolver

#: How near, relative, the third value of an axis is put to a threshold.
MISSES = ("1e-3", "1e-6", "1e-9", "1e-11")


def _data(rng):
    kind = rng.choice(["samples", "few samples", "standardized", "spectrum", "wide spectrum"])
    d = rng.randint(1, 7)
    if "spectrum" in kind:
        decades = 12 if kind.startswith("wide") else 2
        a = [
            Fraction(rng.randint(1, 999), 997) * Fraction(10) ** rng.randint(-decades, decades)
            for _ in range(d)
        ]
        p = [x * Fraction(rng.randint(0, 999), 991) for x in a]
        return kind, Spectrum.of(a, [*p[1:], a[-1]] if d > 1 else p)
    n = d // 2 + 1 if kind.startswith("few") else 3 * d + 2
    X = [[rng.randint(-9, 9) * 3 ** (j % 4) for j in range(d)] for _ in range(n)]
    y = [sum(row) + rng.randint(-3, 3) for row in X]
    try:
        return kind, Moments.from_samples(X, y, standardize=kind == "standardized")
    except ValueError:  # a constant column
        return _data(rng)


def _grid(rng, data):
    """A grid with values on both sides of the spinodal, and one close to it."""
    from symderive import Network
    from symderive.thresholds.thresholds import thresholds

    depth = rng.choice([0, 1, 2, 3, 8, 50])
    width = rng.randint(1 if depth < 9 else 9, 40)  # doubles leave a ρ beyond 10^30 to balls
    noise = Fraction(rng.choice([0, rng.randint(1, 300)]), 100)
    center = Fraction(rng.randint(1, 999), 1000)
    if depth:
        critical = thresholds(Network(depth, widths=width, decays=1, noise=noise), data, digits=15).decay
        value = rng.choice([critical.spinodal.value, critical.transition.value])
        center = Fraction(float(value)) if value is not None else center
    miss = 1 + rng.choice([-1, 1]) * Fraction(rng.choice(MISSES))
    decays = sorted({center / 1000, center / 3, center * miss, center * 2, center * Fraction(1, 10)})
    vary = {"decay": decays, "noise": [noise, noise + 1]} if depth else {"decay": decays}
    return Grid.of(vary, depth=depth, width=width)


@pytest.mark.parametrize("seed", some(range(200), 25))
def test_every_number_is_within_its_radius(seed):
    rng = random.Random(seed)
    _, data = _data(rng)
    grid = _grid(rng, data)
    solver = CertifiedSolver.of(grid, data)
    found = solver(0, grid.size)
    assert solver.spectrum is not None
    in_doubles = solver.in_doubles(solver.spectrum, 0, grid.size)
    assert (in_doubles.verdict == LEFT_OPEN).sum() <= 2  # only cells next to a threshold
    assert (found.verdict == PROVED).all()
    signs = {"saddle": -1, "degenerate": 0}
    for cell in range(grid.size):
        landscape = solve(grid.network(cell), data, digits=30)
        best = landscape.global_minimum
        assert found.count[cell] == len(landscape.points)
        assert found.best[cell] == (-1 if best.index is None else best.index)
        for point in landscape.points:
            at = cell, point.index
            assert found.kind[at] == signs.get(point.kind, 1)
            for name in QUANTITIES:
                off = distance(getattr(point, name), getattr(found, name)[at])
                radius = getattr(found, f"{name}_radius")[at]
                assert off <= radius * (1 + 1e-12) + 1e-28 * abs(getattr(found, name)[at])
                # Near-miss: a number that is off by two radii more would be told.
                far = distance(getattr(point, name), getattr(found, name)[at] + 3 * radius)
                assert radius == 0 or far > 1.5 * radius
        assert np.isnan(found.ridge[cell, found.count[cell] :]).all()
