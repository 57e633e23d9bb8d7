"""PyTorch's L-BFGS on the full loss of a wide network, beside the time that we take for the same answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from time import process_time
from types import ModuleType
from typing import Any

import numpy as np

from benchmarks.roots import DIABETES
from symderive import Landscape, Moments, Network, solve

#: The network, and the decays of all its layers that are tried.
DEPTH, WIDTH, DROPOUT = 3, 32, "1/10"
DECAYS = ("0.01", "10", "40")

#: Relative distance from the exact loss at which a run has reached it.
REACHED = 1e-10

#: Iterations between two looks at a run, and how often one looks.
ITERATIONS, LOOKS = 20, 200


@dataclass(frozen=True)
class Trained:
    """All runs at one decay.

    ``reached`` and ``bad`` count those that came within 1e-10 of the exact minimum and those that ended at
    the origin; ``seconds`` and ``evaluations`` are medians over the first.  ``ours`` is the time of the
    exported NumPy file from A, v and c to the layers, ``certified`` that of ``solve``; ``error`` is the
    relative difference in the full loss between the two.
    """

    decay: str
    runs: int
    reached: int
    bad: int
    seconds: float | None
    evaluations: float | None
    ours: float
    certified: float
    error: float


@dataclass(frozen=True)
class Task:
    """The exact landscape of the network, and its data as arrays."""

    landscape: Landscape
    A: Any
    v: Any
    c: float

    @classmethod
    def of(cls, decay: str) -> Task:
        """On the diabetes data, standardized."""
        data = Moments.from_csv(DIABETES, target="progression", standardize=True)
        net = Network(DEPTH, widths=WIDTH, decays=decay, dropout=DROPOUT)
        A, v = np.array(data.A.tolist(), float), np.array(data.v.tolist(), float)[:, 0]
        return cls(solve(net, data), A, v, float(data.c))

    def run(self, seed: int) -> tuple[str, float, int]:
        """Where one run ends ("minimum", "origin" or "elsewhere"), its seconds and its evaluations.

        The weights start as those of ``torch.nn.Linear`` do.
        """
        import torch

        torch.set_num_threads(1)
        torch.manual_seed(seed)
        net = self.landscape.net
        sizes = [len(self.v), *map(int, net.widths), 1]
        layers = [torch.nn.Linear(n, k, bias=False).double().weight for n, k in pairwise(sizes)]
        decays, noise = [float(g) for g in net.decays], [float(s) for s in net.noise] + [0.0]
        A, v = torch.from_numpy(self.A), torch.from_numpy(self.v)
        optimizer = torch.optim.LBFGS(
            layers, max_iter=ITERATIONS, tolerance_grad=0, tolerance_change=0, line_search_fn="strong_wolfe"
        )
        evaluations = 0

        def loss() -> Any:
            nonlocal evaluations
            evaluations += 1
            optimizer.zero_grad()
            second, mixed = A, v
            for W, variance in zip(layers, noise, strict=True):
                second, mixed = W @ second @ W.T, W @ mixed
                second = second + variance * torch.diag(torch.diag(second))
            decay = sum(g * (W * W).sum() for g, W in zip(decays, layers, strict=True))
            value = second[0, 0] - 2 * mixed[0] + self.c + decay
            value.backward()
            return value

        exact = float(self.landscape.global_minimum.loss)
        start = process_time()
        for _ in range(LOOKS):
            value = optimizer.step(loss).item()
            if value - exact <= REACHED * exact:
                return "minimum", process_time() - start, evaluations
            if abs(value - self.c) <= REACHED * self.c:
                return "origin", process_time() - start, evaluations
        return "elsewhere", process_time() - start, evaluations

    def exported(self, solver: ModuleType) -> list[Any]:
        """The layers of the global minimum, from A, v and c alone."""
        net = self.landscape.net
        decays, noise = np.array([float(g) for g in net.decays]), [float(s) for s in net.noise]
        a, axes = np.linalg.eigh(self.A)
        p = (axes.T @ self.v) ** 2
        rho = solver.noise_factor(noise, [float(w) for w in net.widths])
        least = solver.global_minimum(
            a, p, self.c, mean_decay=solver.mean_decay(decays), noise_factor=rho, depth=DEPTH
        )
        signs = np.sign(axes.T @ self.v)
        m = axes @ (signs * solver.ridge_solution(a, p, least.ridge, rho))
        layers: list[Any] = solver.layers(m, least.layer_decay, decays, [int(w) for w in net.widths])
        return layers


def compare(solver: ModuleType, decays: Sequence[str], seeds: Sequence[int], best: Any) -> list[Trained]:
    """Runs from all seeds at every decay; ``best`` gives time and result of a call of ours."""
    return [_compare(Task.of(decay), decay, seeds, solver, best) for decay in decays]


def _compare(task: Task, decay: str, seeds: Sequence[int], solver: ModuleType, best: Any) -> Trained:
    landscape = task.landscape
    runs = [task.run(seed) for seed in seeds]
    reached = [run for run in runs if run[0] == "minimum"]
    ours, layers = best(lambda: task.exported(solver))
    certified, _ = best(lambda: solve(landscape.net, landscape.data))
    noise = [float(s) for s in landscape.net.noise]
    found = solver.loss(layers, task.A, task.v, task.c, [float(g) for g in landscape.net.decays], noise)
    return Trained(
        decay=decay,
        runs=len(runs),
        reached=len(reached),
        bad=sum(run[0] == "origin" for run in runs),
        seconds=median(run[1] for run in reached) if reached else None,
        evaluations=median(run[2] for run in reached) if reached else None,
        ours=ours,
        certified=certified,
        error=abs(float(found) / float(landscape.global_minimum.loss) - 1),
    )
