"""Starts of which ``symderive collapse`` says that they provably collapse, each trained to its end.

    python -m benchmarks.collapse [--starts 1000] [--seed 0]

Networks of two to four hidden layers with ReLU, tanh or no activation on random data, equal and unequal
decays, with noise and without (noise by its exact mean over two-point values).  From certified starts, up
to the edge of what is certified, gradient flow is followed: every one has to end at 0, with S never above
the barrier.  Then starts of all sizes: how many collapse, and of how many of these that was certified.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import click
import numpy as np

from benchmarks.flow import Flow, Outcome
from symderive import Network, Rows, barrier_of
from symderive.collapse.barrier import Barrier
from symderive.collapse.prediction import predict_collapse

#: Starts that share a network.
TOGETHER = 10

#: Depth and widths of networks without noise, and of those with.
SHAPES = ((4, 3), (8, 8), (16, 5), (4, 4, 4), (8, 6, 4), (3, 3, 3, 3), (6, 6, 6, 6))
NOISY = ((2, 3), (3, 2), (2, 2, 2))
KINDS = ("relu", "tanh", "linear")


@dataclass(frozen=True, eq=False)
class Setting:
    """A network, its rows, and the flow of its loss."""

    net: Network
    rows: Rows
    barrier: Barrier
    flow: Flow

    @property
    def sizes(self) -> tuple[int, ...]:
        return (len(self.flow.X), *map(int, self.net.widths), 1)


def settings(rng: Any) -> Iterator[Setting]:
    """Networks without end: kinds and shapes in turn, data, decays and noise at random."""
    number = 0
    while True:
        kind, noisy = KINDS[number % 3], number % 4 == 3
        shapes = NOISY if noisy else SHAPES
        shape = shapes[number // 3 % len(shapes)]
        number += 1
        d, n = int(rng.integers(1, 6)), int(rng.integers(2, 12))
        X = rng.normal(size=(n, d)) * rng.choice([0.5, 1.0, 3.0])
        y = X @ rng.normal(size=d) + rng.normal(size=n) + rng.choice([0.0, 2.0])
        decays = 10 ** rng.uniform(-2, 0.5) * np.ones(len(shape) + 1)
        if rng.random() < 0.5:
            decays *= rng.uniform(0.5, 2.0, size=len(decays))
        noise = [0.25] * len(shape) if noisy else [0.0] * len(shape)
        net = Network(len(shape), widths=shape, decays=list(map(float, decays)), noise=noise)
        rows = Rows.from_samples(X, y)
        barrier = barrier_of(net, rows, kind, positive_noise=True)
        flow = Flow(X.T, y, tuple(map(float, decays)), kind, tuple(noise) if noisy else ())
        yield Setting(net, rows, barrier, flow)


def drawn(setting: Setting, rng: Any, S: Any) -> list[Any]:
    """Weights at random, some of them nearly balanced and of rank one, with the given S."""
    starts = []
    for level in S:
        layers = [rng.normal(size=(k, n)) for n, k in pairwise(setting.sizes)]
        if rng.random() < 0.5:  # what goes furthest up: along E[x y], all layers alike
            layers = _balanced(setting, rng)
        decays = setting.flow.decays
        now = sum(g * (W**2).sum() for g, W in zip(decays, layers, strict=True))
        starts.append([W * np.sqrt(level / now) for W in layers])
    return [np.stack(each) for each in zip(*starts, strict=True)]


def _balanced(setting: Setting, rng: Any) -> list[Any]:
    units = [
        setting.flow.X @ setting.flow.y,
        *(abs(rng.normal(size=k)) for k in setting.sizes[1:-1]),
        [1.0],
    ]
    units = [np.asarray(u) / np.linalg.norm(u) for u in units]
    return [
        np.outer(out, into) / np.sqrt(decay) + rng.normal(size=(len(out), len(into))) * 0.01
        for (into, out), decay in zip(pairwise(units), setting.flow.decays, strict=True)
    ]


def certified(setting: Setting, weights: list[Any]) -> list[bool]:
    """Whether each start provably goes to 0."""
    each = zip(*weights, strict=True)
    return [_verdict(setting, start) == "collapses" for start in each]


def _verdict(setting: Setting, start: Any) -> str:
    return predict_collapse(
        setting.net, setting.rows, start, activation=setting.flow.activation, positive_noise=True
    ).conclusion


def certified_starts(setting: Setting, rng: Any, count: int) -> list[Any]:
    """Random starts that are certified, most of them near the edge of what is."""
    top = float(setting.barrier.top)
    found: list[tuple[Any, ...]] = []
    while len(found) < count:
        weights = drawn(setting, rng, top * rng.uniform(0.2, 1.0, size=count))
        held = certified(setting, weights)
        found += [start for start, is_held in zip(zip(*weights, strict=True), held, strict=True) if is_held]
    return [np.stack(each) for each in zip(*found[:count], strict=True)]


@dataclass(frozen=True)
class Tally:
    """Certified starts that were trained, and how they ended; then starts of all sizes."""

    trained: int
    collapsed: int
    over_the_barrier: int
    any_size: int
    any_collapsed: int
    any_certified: int
    escaped_though_certified: int


def tally(starts: int, seed: int) -> Tally:
    """Train ``starts`` certified ones, and half as many of all sizes."""
    rng = np.random.default_rng(seed)
    trained = collapsed = over = sized = ends = held = wrong = 0
    for setting in settings(rng):
        outcome = setting.flow.run(certified_starts(setting, rng, TOGETHER))
        trained += TOGETHER
        collapsed += int(outcome.collapsed.sum())
        over += int((outcome.largest >= float(setting.barrier.top)).sum())
        top = float(setting.barrier.top)
        weights = drawn(setting, rng, top * 10 ** rng.uniform(-1, 2, size=TOGETHER // 2))
        said = np.array(certified(setting, weights))
        ended: Outcome = setting.flow.run(weights)
        sized += len(said)
        ends += int(ended.collapsed.sum())
        held += int((said & ended.collapsed).sum())
        wrong += int((said & ~ended.collapsed).sum())
        if trained >= starts:
            return Tally(trained, collapsed, over, sized, ends, held, wrong)
    raise AssertionError("settings do not end")


@click.command()
@click.option("--starts", default=1000, show_default=True, help="Certified starts to train.")
@click.option("--seed", default=0, show_default=True)
def main(starts: int, seed: int) -> None:
    """Train certified starts to their end, and say what share of collapsing starts is certified."""
    found = tally(starts, seed)
    print(f"{found.collapsed} of {found.trained} certified starts collapsed.")
    print(f"S rose to the barrier in {found.over_the_barrier} of them.")
    print(
        f"Of {found.any_size} starts with S from S_0/10 to 100 S_0 {found.any_collapsed} collapsed, "
        f"{found.any_certified} of them certified ({found.any_certified / found.any_collapsed:.0%})."
    )
    print(f"{found.escaped_though_certified} certified starts escaped.")


if __name__ == "__main__":
    main()
