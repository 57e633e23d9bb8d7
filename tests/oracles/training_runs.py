"""Random small networks trained on their full loss by L-BFGS: where do the runs end?

The loss is written here from its definition, in NumPy with a gradient by hand, and shares no code with the
library.  Used by the tests with a few runs, and as a program with many:

    python tests/oracles/training_runs.py 50 20
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import minimize

from symderive import Landscape, Moments, Network, solve

#: A run has converged when its gradient is below this share of what the layers' decay alone would give.
CONVERGED = 1e-6

#: Relative difference in loss (to that between minimum and origin) at which a run is at a listed point.
SAME = 1e-7


@dataclass(frozen=True)
class Task:
    """A network, its data, and its full loss in float64."""

    net: Network
    data: Moments
    landscape: Landscape

    @classmethod
    def draw(cls, seed: int) -> Task:
        """Depth 1–4, widths 1–4, 1–3 features, half of the layers noisy, decays that leave a minimum.

        Every fifth task has two features of very different size: several minima.
        """
        rng = np.random.default_rng(seed)
        depth = int(rng.integers(1, 5))
        widths = [int(w) for w in rng.integers(1, 5, depth)]
        noise = [Fraction(int(k), 8) * int(rng.integers(2)) for k in rng.integers(1, 9, depth)]
        if seed % 5 == 0:
            depth, widths, noise = 2, [int(w) for w in rng.integers(1, 5, 2)], [Fraction(0)] * 2
            data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
            decays = [Fraction(int(k), 1000) for k in rng.integers(15, 25, 3)]
        else:
            d = int(rng.integers(1, 4))
            X = rng.integers(-4, 5, (6, d)) + np.eye(6, d, dtype=int)
            data = Moments.from_samples(X.tolist(), (X.sum(axis=1) + rng.integers(-1, 2, 6)).tolist())
            decays = [Fraction(int(k), 100) for k in rng.integers(5, 60, depth + 1)]
        net = Network(depth, widths=widths, decays=decays, noise=noise)
        return cls(net, data, solve(net, data))

    @property
    def minima(self) -> list[float]:
        """The losses of all local minima."""
        points = [float(p.loss) for p in self.landscape.points if "minimum" in p.kind]
        return points + [float(self.landscape.loss_at_origin)] * ("minimum" in self.landscape.origin)

    def run(self, seed: int) -> tuple[float, bool]:
        """The loss where one run ends, and whether it has converged."""
        A = np.array(self.data.A.tolist(), dtype=float)
        v = np.array(self.data.v.tolist(), dtype=float)[:, 0]
        sizes = [len(v), *map(int, self.net.widths), 1]
        shapes = list(zip(sizes[1:], sizes, strict=False))
        ends = np.cumsum([r * c for r, c in shapes])
        decays = [float(g) for g in self.net.decays]
        noise = [float(s) for s in self.net.noise]
        c = float(self.data.c)

        def loss(x: np.ndarray) -> tuple[float, np.ndarray]:
            layers = [p.reshape(s) for p, s in zip(np.split(x, ends[:-1]), shapes, strict=True)]
            M, signals = [A], [v]
            for W, s in zip(layers, [*noise, 0.0], strict=True):
                S = W @ M[-1] @ W.T
                M.append(S + s * np.diag(np.diag(S)))
                signals.append(W @ signals[-1])
            value = M[-1][0, 0] - 2 * signals[-1][0] + c
            value += sum(g * (W * W).sum() for g, W in zip(decays, layers, strict=True))
            above, carried, gradients = np.eye(1), np.ones(1), []
            for i in reversed(range(len(layers))):
                W = layers[i]
                g = above @ W @ M[i] - np.outer(carried, signals[i]) + decays[i] * W
                gradients.append(2 * g.ravel())
                N = W.T @ above @ W
                above = N + (noise[i - 1] * np.diag(np.diag(N)) if i else 0)
                carried = W.T @ carried
            return value, np.concatenate(gradients[::-1])

        rng = np.random.default_rng(seed)
        start = rng.standard_normal(ends[-1]) * 10.0 ** rng.uniform(-1, 0.5)
        options = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 1e-16, "gtol": 1e-10}
        end = minimize(loss, start, jac=True, method="L-BFGS-B", options=options)
        weights = np.concatenate([g * p for g, p in zip(decays, np.split(end.x, ends[:-1]), strict=True)])
        scale = max(np.linalg.norm(2 * weights), 1e-3 * (c - min(self.minima)))
        return float(end.fun), bool(np.linalg.norm(end.jac) <= CONVERGED * scale)


@dataclass(frozen=True)
class Count:
    """Of all runs: how many converged, ended at a listed minimum, elsewhere, below the global minimum, and
    how many ended in a minimum that is not global."""

    runs: int = 0
    converged: int = 0
    listed: int = 0
    elsewhere: int = 0
    below: int = 0
    bad: int = 0


def count(tasks: range, runs: int, *, drop: int | None = None) -> Count:
    """Runs on the tasks; ``drop`` leaves out one of the minima from the list, which must be noticed."""
    converged = listed = elsewhere = below = bad = 0
    for at in tasks:
        task = Task.draw(at)
        exact = float(task.landscape.global_minimum.loss)
        minima = [m for i, m in enumerate(sorted(task.minima)) if i != drop]
        tolerance = SAME * (abs(float(task.data.c) - exact) + 1e-3 * abs(exact))
        for seed in range(runs):
            value, done = task.run(1000 * at + seed)
            below += value < exact - tolerance
            if not done:
                continue
            converged += 1
            here = any(abs(value - m) <= tolerance for m in minima)
            listed += here
            elsewhere += not here
            bad += value > exact + tolerance
    return Count(len(tasks) * runs, converged, listed, elsewhere, below, bad)


if __name__ == "__main__":
    tasks, runs = map(int, sys.argv[1:3])
    print(count(range(tasks), runs))
