"""Branches of stationary points along one parameter, with more values where branches meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from symderive.sweeps.grid import Axis, Grid
from symderive.sweeps.points import GridPoints, join

if TYPE_CHECKING:
    import numpy as np

#: Times that branches are looked for between the values at hand.
ROUNDS = 4

#: How close two values may come, relative: so that what lies at both can still be told without much ado.
CLOSE = 2.0**-40

#: Bisections of a fold at most, and points that lead up to it on each side.
BISECTIONS, FOLD_POINTS = 60, 8

#: Parameters that change continuously.
CONTINUOUS = ("decay", "noise")


@dataclass(frozen=True)
class Branch:
    """One branch of stationary points along an axis: at ``cells[i]`` it is the point ``points[i]``."""

    kind: int
    cells: tuple[int, ...]
    points: tuple[int, ...]


def branches(points: GridPoints) -> list[Branch]:
    """The points of neighboring cells joined, each to the nearest of its kind in ln λ, in order of λ."""
    import numpy as np

    with np.errstate(divide="ignore"):
        log_ridge = np.log(points.ridge)
    growing: list[list[tuple[int, int]]] = []
    current: dict[int, list[tuple[int, int]]] = {}
    for cell in range(points.size):
        following: dict[int, list[tuple[int, int]]] = {}
        links = _links(points, log_ridge, cell) if cell else {}
        for point in range(int(points.count[cell])):
            trail = current.get(links.get(point, -1))
            if trail is None:
                trail = []
                growing.append(trail)
            trail.append((cell, point))
            following[point] = trail
        current = following
    return [Branch(int(points.kind[trail[0]]), *zip(*trail, strict=True)) for trail in growing]


def _links(points: GridPoints, log_ridge: np.ndarray, cell: int) -> dict[int, int]:
    """Which point of the cell before each point of ``cell`` continues, if any."""
    old, new = (points.kind[i, : points.count[i]].tolist() for i in (cell - 1, cell))
    if old == new:
        return {i: i for i in range(len(new))}
    # The cheapest way to pair them off in order; to leave a point alone costs more than any distance.
    alone = 1e6
    costs: dict[tuple[int, int], tuple[float, dict[int, int]]] = {}
    for i in range(len(old) + 1):
        for j in range(len(new) + 1):
            choices = [(0.0, dict[int, int]())] if i == j == 0 else []
            if i:
                choices.append((costs[i - 1, j][0] + alone, costs[i - 1, j][1]))
            if j:
                choices.append((costs[i, j - 1][0] + alone, costs[i, j - 1][1]))
            if i and j and old[i - 1] == new[j - 1]:
                cost, links = costs[i - 1, j - 1]
                distance = abs(float(log_ridge[cell - 1, i - 1] - log_ridge[cell, j - 1]))
                choices.append((cost + min(distance, alone), links | {j - 1: i - 1}))
            costs[i, j] = min(choices, key=lambda choice: choice[0])
    return costs[len(old), len(new)][1]


def with_folds(
    grid: Grid,
    points: GridPoints,
    solve: Callable[[Grid], GridPoints],
    quick: Callable[[Grid], GridPoints],
) -> tuple[np.ndarray, GridPoints]:
    """Values along the one axis of ``grid`` and their points, with more of them where branches meet.

    Near a fold a branch is a square root: evenly spaced values would leave a gap there.  ``solve`` gives
    the points of another grid; ``quick`` does so too, need not be right, and only says where more values
    are wanted.
    """
    import numpy as np

    (axis,) = grid.axes
    values = axis.array()
    if axis.name not in CONTINUOUS:
        return values, points

    def between(wanted: np.ndarray) -> Grid:
        return Grid(grid.fixed, (Axis(axis.name, tuple(Fraction(x) for x in wanted.tolist())),))

    wanted = set(values.tolist())
    for _ in range(ROUNDS):
        before = _signature(points)
        apart = np.diff(values) > CLOSE * values[1:]
        changes = [i for i, pair in enumerate(pairwise(before)) if pair[0] != pair[1] and apart[i]]
        if not changes:
            break
        left, right = values[changes], values[[i + 1 for i in changes]]
        low, high = left, right
        for _ in range(BISECTIONS):
            middle = np.where(high - low > CLOSE * high, low + (high - low) / 2, low)
            found = _signature(quick(between(middle)))
            same = np.array([x == before[i] for x, i in zip(found, changes, strict=True)])
            low, high = np.where(same, middle, low), np.where(same | (middle == low), high, middle)
        steps = (np.arange(FOLD_POINTS) / FOLD_POINTS)[:, None] ** 2
        more = np.concatenate([low - steps * (low - left), high + steps * (right - high)])
        more = np.setdiff1d(more, values)
        order = np.argsort(np.concatenate([values, more]))
        values = np.concatenate([values, more])[order]
        points = join([points, solve(between(more))]).take(order)
    # Right at a fold there is one degenerate point, which belongs to no branch.
    whole = [
        0 not in kinds[:-1] or x in wanted for kinds, x in zip(_signature(points), values, strict=True)
    ]
    return values[whole], points.take(np.flatnonzero(whole))


def _signature(points: GridPoints) -> list[tuple[int, ...]]:
    """The kinds of the points of each cell, and whether the global minimum is at the origin."""
    return [(*points.kind[i, : points.count[i]].tolist(), int(points.best[i])) for i in range(points.size)]
