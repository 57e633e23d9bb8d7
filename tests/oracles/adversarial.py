"""Batches that try the certified search: each family is one way in which doubles go wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from mpmath import mp, mpf, workdps
from oracles.ball_roots import Instance

#: Digits at which folds are found.
DIGITS = 50


@dataclass(frozen=True)
class Batch:
    """Instances side by side; what ``ulps`` moves is drawn in :meth:`instance`."""

    a: np.ndarray
    p: np.ndarray
    c: np.ndarray
    mean_decay: np.ndarray
    noise_factor: np.ndarray
    depth: np.ndarray
    ulps: float = 0.0

    def __len__(self):
        return len(self.c)

    def first(self, rows: int) -> Batch:
        """Some rows at the start."""
        return replace(self, **{name: value[:rows] for name, value in vars(self).items() if name != "ulps"})

    def solve(self, module):
        return module.stationary_points(
            self.a,
            self.p,
            self.c,
            mean_decay=self.mean_decay,
            noise_factor=self.noise_factor,
            depth=self.depth,
            ulps=self.ulps,
        )

    def instance(self, index: int, rng) -> Instance:
        """The exact problem of a row: one that rounds to these doubles, or lies ``ulps`` of 2⁻⁵³ away."""
        at = Instance.of(
            self.a[index],
            self.p[index],
            self.c[index],
            self.mean_decay[index],
            self.noise_factor[index],
            self.depth[index],
        )
        if not self.ulps:
            return at

        def moved(value, least=Fraction(0)):
            share = (
                Fraction(int(rng.integers(-(2**20), 2**20 + 1)), 2**20)
                if rng.random() < 0.5
                else (Fraction(int(rng.choice([-1, 1]))))
            )
            return max(value * (1 + share * Fraction(self.ulps) * Fraction(1, 2**53)), least)

        return replace(
            at,
            a=tuple(map(moved, at.a)),
            p=tuple(map(moved, at.p)),
            c=moved(at.c),
            mean_decay=moved(at.mean_decay),
            noise_factor=moved(at.noise_factor, Fraction(1)),
        )


def _explained(a, p):
    with np.errstate(all="ignore"):
        return np.where(p > 0, p / np.where(p > 0, a, 1), 0).sum(-1)


def ordinary(rng, n, d=4, *, depths=(0, 1, 2, 3, 4, 5, 10, 100), wide=2.0, ulps=0.0):
    a, p = 10 ** rng.uniform(-wide, wide, (n, d)), 10 ** rng.uniform(-2 * wide, 1, (n, d))
    depth = rng.choice(depths, n).astype(float)
    strength = np.sqrt(p.sum(-1))
    decay = strength * 10 ** rng.uniform(-3, 0.2, n)
    return Batch(a, p, 1.5 * _explained(a, p), decay, 1 + 10 ** rng.uniform(-2, 1, n), depth, ulps)


def _height(row, u):
    a, p, rho, theta = row
    x = mp.exp(u)
    s2 = sum(w / (rho * t + x) ** 2 for t, w in zip(a, p, strict=True))
    s3 = sum(w / (rho * t + x) ** 3 for t, w in zip(a, p, strict=True))
    return mp.log(s2) + theta * u, theta - 2 * x * s3 / s2


def folds(
    rng, n, d=3, *, nearest=-15.5, farthest=-8.0, scales=0.0, ulps=0.0, depths=(2, 3, 5, 10, 100, 1000)
):
    """Decays next to a double root, on both sides, by a relative distance of 10^nearest to 10^farthest."""
    rows = []
    with workdps(DIGITS):
        while len(rows) < n:
            a = 10 ** rng.uniform(-1.5, 1.5, d) * 10 ** rng.uniform(-scales, scales)
            p = 10 ** rng.uniform(-2, 1, d) * 10 ** rng.uniform(-scales, scales)
            rho = 1 + 10 ** rng.uniform(-2, 1) if rng.random() < 0.7 else 1.0
            depth = int(rng.choice(depths))
            row = ([mpf(float(x)) for x in a], [mpf(float(x)) for x in p], mpf(rho), mpf(depth + 1) / depth)
            u = _fold(rng, row, a, rho)
            if u is None:
                continue
            height, _ = _height(row, u)
            off = mpf(10) ** float(rng.uniform(nearest, farthest)) * int(rng.choice([-1, 1]))
            decay = float(mp.exp(height / row[3]) * (1 + off))
            rows.append((a, p, decay, rho, float(depth)))
    a, p, decay, rho, depth = map(np.array, zip(*rows, strict=True))
    return Batch(a, p, 1.5 * _explained(a, p), decay, rho, depth, ulps)


def _fold(rng, row, a, rho):
    """A u at which H′ = 0, to all digits; None where none is met."""
    grid = np.linspace(np.log(rho * a.min()) - 3, np.log(rho * a.max()) + 9, 60)
    x = np.exp(grid)[:, None]
    w = np.array([float(t) for t in row[1]]) / (rho * a + x) ** 2
    slope = float(row[3]) - 2 * (w * (x / (rho * a + x))).sum(1) / w.sum(1)
    turns = np.flatnonzero(np.sign(slope[1:]) != np.sign(slope[:-1]))
    if not turns.size:
        return None
    i = int(rng.choice(turns))
    try:
        return mp.findroot(
            lambda u: _height(row, u)[1], (grid[i], grid[i + 1]), solver="anderson", tol=1e-40
        )
    except (ValueError, ZeroDivisionError):
        return None


def clusters(rng, n, d=6):
    """Eigenvalues in tight groups over many scales: up to six roots, and sums of nearly equal terms."""
    centers = 10 ** np.sort(rng.uniform(0, 8, (n, 2)), -1)
    a = np.repeat(centers, d // 2, -1) * (
        1 + rng.choice([0, 1e-15, 1e-10, 1e-3], (n, d)) * rng.uniform(-1, 1, (n, d))
    )
    p = np.repeat(centers ** rng.uniform(1, 2.2, (n, 1)), d // 2, -1) * 10 ** rng.uniform(-1, 1, (n, d))
    decay = np.sqrt(p.sum(-1)) * 10 ** rng.uniform(-4, 0.1, n)
    decay = np.where(rng.random(n) < 0.5, decay, centers[:, 0] ** 0.5 * 10 ** rng.uniform(-3, 1, n))
    depth = rng.choice([1, 2, 2, 2, 3, 5], n).astype(float)
    return Batch(a, p, 2 * _explained(a, p), decay, np.ones(n), depth)


def extremes(rng, n, d=3, reach=300):
    """Numbers over the whole range of doubles, subnormal ones and zeros among them."""
    a, p = 10 ** rng.uniform(-reach, reach, (n, d)), 10 ** rng.uniform(-reach, reach, (n, d))
    together = rng.random(n) < 0.6
    a = np.where(together[:, None], a[:, :1] * 10 ** rng.uniform(0, 3, (n, d)), a)
    p = np.where(together[:, None], p[:, :1] * 10 ** rng.uniform(0, 3, (n, d)), p)
    subnormal = rng.random((n, d)) < 0.05
    p = np.where(subnormal, rng.choice([5e-324, 1e-310, 3e-308], (n, d)), p)
    a = np.where(rng.random((n, d)) < 0.03, rng.choice([5e-324, 1e-310, 3e-308], (n, d)), a)
    none = rng.random((n, d)) < 0.2
    p = np.where(none, 0.0, p)
    a = np.where(none & (rng.random((n, d)) < 0.5), 0.0, a)
    a, p = np.clip(a, 0, 1e300), np.clip(p, 0, 1e300)
    with np.errstate(all="ignore"):
        depth = rng.choice([0, 1, 2, 3, 10, 1000], n).astype(float)
        size = np.sqrt(np.where(p > 0, p, 0).max(-1)) * 10 ** rng.uniform(-5, 1, n)
        decay = np.where(rng.random(n) < 0.7, size, 10 ** rng.uniform(-reach, reach, n))
        rho = np.where(rng.random(n) < 0.5, 1.0, 10 ** rng.uniform(0, 120, n))
        c = np.minimum(2 * _explained(a, p), 1e307)
    fine = np.isfinite(decay) & (decay > 0)
    return Batch(a, p, c, np.where(fine, decay, 1.0), rho, depth)


def spreads(rng, n, d=3, reach=100):
    """Eigenvalues over many orders of magnitude, each of which counts somewhere between them."""
    a = 10 ** (np.sort(rng.uniform(-1, 1, (n, d)), -1) * rng.choice([5, 25, reach], (n, 1)))
    p = a ** rng.uniform(1.2, 2, (n, 1)) * 10 ** rng.uniform(-2, 2, (n, d))
    depth = rng.choice([2, 3, 5], n).astype(float)
    at = a[:, -1] * 10 ** rng.uniform(-3, 3, n)
    at = np.where(rng.random(n) < 0.5, a[:, 0] * 10 ** rng.uniform(-3, 3, n), at)
    # The decay of which ``at`` is a root.
    with np.errstate(all="ignore"):
        norm = np.sqrt((p / (a + at[:, None]) ** 2).sum(-1))
        decay = at * norm ** (2 * depth / (depth + 1)) * (1 + 0.01 * rng.random(n))
    fine = np.isfinite(decay) & (decay > 0)
    return Batch(a, p, 2 * _explained(a, p), np.where(fine, decay, 1.0), np.ones(n), depth)


def thresholds(rng, n, d=3):
    """Depth 1 next to ‖v‖ = γ̄, where the one root runs off to infinity."""
    a, p = 10 ** rng.uniform(-1, 1, (n, d)), 10 ** rng.uniform(-2, 1, (n, d))
    off = 10 ** rng.uniform(-16.5, -1, n) * rng.choice([-1, 1], n)
    return Batch(a, p, 2 * _explained(a, p), np.sqrt(p.sum(-1)) * (1 + off), 1 + rng.random(n), np.ones(n))


def ties(rng, n, d=2):
    """Isotropic data next to the transition, where the loss of a minimum equals that of the origin."""
    depth = rng.choice([2, 3, 5, 10], n).astype(float)
    a0, v2 = 10 ** rng.uniform(-1, 1, n), 10 ** rng.uniform(-1, 1, n)
    part = rng.uniform(0.1, 0.9, (n, 1))
    p = np.concatenate([v2[:, None] * part, v2[:, None] * (1 - part)], 1)
    # (λ/γ̄)^θ v²/(a + λ)² = 1 at ζ = λ/a = 1/(D-1), where F = c.
    zeta = 1 / (depth - 1)
    decay = zeta * a0 * (np.sqrt(v2) / a0 / (1 + zeta)) ** (2 * depth / (depth + 1))
    off = 10 ** rng.uniform(-16, -6, n) * rng.choice([-1, 0, 1], n)
    a = np.repeat(a0[:, None], d, -1)
    return Batch(a, p, 2 * v2 / a0, decay * (1 + off), np.ones(n), depth)


def many(rng, n, sizes=(1, 2, 17, 200)):
    """Few to many features."""
    return [ordinary(rng, max(1, n // len(sizes)), d, wide=rng.choice([0.5, 3.0])) for d in sizes]


def families(rng, n):
    """Named batches, n rows each."""
    return {
        "ordinary": ordinary(rng, n),
        "ordinary, rounded": ordinary(rng, n, ulps=1.0),
        "ordinary, rounded badly": ordinary(rng, n, ulps=1000.0),
        "folds": folds(rng, n),
        "folds, nearer": folds(rng, n, nearest=-16, farthest=-13),
        "folds, rounded": folds(rng, n, nearest=-15, farthest=-12, ulps=1.0),
        "folds, scaled": folds(rng, n, scales=40.0),
        "clusters": clusters(rng, n),
        "extremes": extremes(rng, n),
        "extremes, less": extremes(rng, n, reach=40),
        "spreads": spreads(rng, n),
        "thresholds": thresholds(rng, n),
        "ties": ties(rng, n),
        **{f"{batch.a.shape[1]} features": batch for batch in many(rng, n)},
    }


# -- rows that are no problem's, or out of range --------------------------------------------------------

_FINE = {
    "a": (1.0, 2.0),
    "p": (1.0, 1.0),
    "c": 3.0,
    "mean_decay": 0.1,
    "noise_factor": 1.5,
    "depth": 2.0,
}
_ROWS = [
    ({}, 0),
    ({"a": (0.0, 2.0), "p": (0.0, 1.0)}, 0),
    ({"a": (5.0, 2.0), "p": (0.0, 1.0)}, 0),
    ({"p": (0.0, 0.0)}, 0),
    ({"mean_decay": 100.0}, 0),
    ({"depth": 0.0, "mean_decay": 0.0}, 0),
    ({"mean_decay": np.nan}, 2),
    ({"a": (np.inf, 2.0)}, 2),
    ({"a": (np.nan, 2.0), "p": (0.0, 1.0)}, 2),
    ({"c": np.inf}, 2),
    ({"depth": np.nan}, 2),
    ({"a": (-1.0, 2.0)}, 3),
    ({"a": (0.0, 2.0)}, 3),
    ({"p": (-1.0, 2.0)}, 3),
    ({"c": -1.0}, 3),
    ({"c": 1.4}, 3),
    ({"noise_factor": 0.99}, 3),
    ({"depth": 1.5}, 3),
    ({"depth": -1.0}, 3),
    ({"mean_decay": 0.0}, 3),
    ({"mean_decay": -1.0}, 3),
    ({"p": (5e-324, 1.0)}, 1),
    ({"a": (1e-310, 2.0), "p": (1e-300, 1.0)}, 1),
    ({"a": (1e-200, 2.0), "p": (1e-200, 1.0)}, 1),
    ({"mean_decay": 1e-300}, 1),
    ({"noise_factor": 1e200}, 1),
    ({"depth": 2.0**40}, 1),
]

#: A row that is one, and others that differ from it; and their statuses.
STATUSES = Batch(**{name: np.array([{**_FINE, **change}[name] for change, _ in _ROWS]) for name in _FINE})
STATUS = [status for _, status in _ROWS]
