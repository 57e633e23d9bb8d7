"""The exported NumPy file, by which doubles sweep, against the certified search, instance by instance."""

from fractions import Fraction
from math import log

import numpy as np
from mpmath import mpf

from symderive import Spectrum
from symderive.effective_ridge.roots import isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.export import live

SOLVER = live.namespace("numpy")
stationary_points = SOLVER.stationary_points

#: Instances of the comparison, and how near (in H) to a double root they are put on purpose.
INSTANCES = 300
MISSES = (1e-1, 1e-3, 1e-6, 1e-9)

#: Relative error of λ times |H'|, in units in the last place, beside what rounding ln γ̄ costs.
ULPS = 8


def _instances():
    """Spectra over many orders of magnitude, each with a decay near which the number of roots changes."""
    rng = np.random.default_rng(20240817)
    for number in range(INSTANCES):
        depth = int(rng.choice([1, 2, 3, 4, 8, 30, 1000]))
        a = np.cumprod(10.0 ** rng.uniform(0.2, 4, int(rng.integers(1, 6)))) * 10.0 ** rng.uniform(-8, 2)
        p = a ** rng.uniform(0.8, 1.7) * 10.0 ** rng.uniform(-0.5, 0.5, a.size)
        if rng.random() < 0.3:
            p[rng.integers(a.size)] = 0.0
        if not p.any():
            continue
        u = np.linspace(np.log(a[0]) - 4, np.log(a[-1]) + 8, 3000)
        terms = p / (a + np.exp(u)[:, None]) ** 2
        height = np.log(terms.sum(1)) + (depth + 1) / depth * u
        turns = np.flatnonzero(np.diff(np.sign(np.diff(height)))) + 1
        at = rng.choice(turns) if turns.size and number % 3 else rng.integers(u.size)
        miss = rng.choice(MISSES) * rng.choice([-1, 1])
        yield a, p, depth, float(np.exp((height[at] + miss) * depth / (depth + 1)))


def test_counts_kinds_and_values_are_the_certified_ones():
    seen = dict.fromkeys(range(9), 0)
    for a, p, depth, decay in _instances():
        problem = ScalarEquation(
            depth, Fraction(1), Fraction(decay) ** (depth + 1), Spectrum.of(a.tolist(), p.tolist())
        )
        exact = isolate_roots(problem, digits=17)
        found = stationary_points(a, p, 1e300, depth=depth, mean_decay=decay)
        kinds = [1 if root.rising else -1 for root in exact.roots]
        assert not exact.clusters
        slopes = np.array(
            [abs(float(problem.jet(root.enclosure.mid(), 80).slope.mid())) for root in exact.roots]
        )
        if slopes.size and slopes.min() < 1e-5:
            continue
        assert found.kind[: found.count].tolist() == kinds
        assert found.status == 0
        seen[len(kinds)] += 1
        ridges = [mpf(root.ridge(80).mid()) for root in exact.roots]
        # The logarithm of the decay is rounded to a double; that error passes through 1/H'.
        lost = ULPS + abs((depth + 1) / depth * log(decay)) / depth
        for value, other, slope in zip(found.ridge, ridges, slopes, strict=False):
            assert abs(mpf(value) / other - 1) <= 2.0**-52 * (ULPS + lost * (1 + 1 / slope))
    assert all(seen[count] >= 3 for count in (0, 1, 2, 4))


def test_a_grid_of_decays_and_depths():
    """Broadcasting gives what single calls give, padded."""
    a, p = [1.0, 3320.0, 22180000.0], [1.0, 120.0, 5000.0]
    depth = np.array([1, 2, 3])[:, None]
    decays = np.geomspace(0.05, 5, 7)
    grid = stationary_points(a, p, 1e3, depth=depth, noise_factor=1.5, mean_decay=decays)
    assert grid.count.shape == grid.best.shape == (3, 7)
    assert grid.ridge.shape == grid.kind.shape == (3, 7, int(grid.count.max()))
    for index in np.ndindex(3, 7):
        one = stationary_points(
            a, p, 1e3, depth=int(depth[index[0], 0]), noise_factor=1.5, mean_decay=decays[index[1]]
        )
        count = int(grid.count[index])
        assert count == one.count
        assert grid.best[index] == one.best
        for name in ("ridge", "loss", "norm", "variance"):
            assert np.array_equal(getattr(grid, name)[index][:count], getattr(one, name)[:count])
            assert np.isnan(getattr(grid, name)[index][count:]).all()
        assert (grid.kind[index][count:] == 0).all()


def test_the_global_minimum_changes_at_the_transition():
    """a = v = 1 at depth 2: the transition is at γ³ = 1/16."""
    for shift, best in ((-1e-9, 0), (1e-9, -1)):
        found = stationary_points([1.0], [1.0], 1.0, depth=2, mean_decay=(1 / 16) ** (1 / 3) * (1 + shift))
        assert found.best == best
        assert (found.gap[0] < 0) is np.bool_(best == 0)


def test_double_root_is_said_to_be_doubtful():
    """a = 1, p = 9 at depth 3: λ = 2 twice at γ = 2, two points below, none above."""
    for decay, kinds in ((2 - 1e-8, [1, -1]), (2.0, [0]), (2 + 1e-8, [])):
        found = stationary_points([1.0], [9.0], 9.0, depth=3, mean_decay=decay)
        assert found.kind[: found.count].tolist() == kinds


def test_ordinary_instances_take_few_evaluations(monkeypatch):
    """About six a instance for two points, and no instance beyond three dozen."""
    module, taken = SOLVER, []

    def counting(*args):
        taken.append(args[-1].size)
        return step(*args)

    step = module._step
    monkeypatch.setattr(module, "_step", counting)
    rng = np.random.default_rng(1)
    a, v = 10.0 ** rng.uniform(-2, 1, (2000, 10)), rng.normal(size=(2000, 10))
    decays = 10.0 ** rng.uniform(-3, -1, 2000)
    found = stationary_points(a, a * v**2, 100.0, depth=3, mean_decay=decays)
    assert (found.count == 2).mean() > 0.9
    assert sum(taken) < 7 * 2000
    assert len(taken) <= 36
