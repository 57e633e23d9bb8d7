"""What a phase diagram shows: branches, regimes of the global minimum, and the lines between them.

With P = γ_uΠγ_i and z = λ/ρ the scalar equation reads (z^{(D+1)/D} Σ p_i/(a_i + z)²)^D = P ρ^{D-1}, and
ρ(F - c) at a root is a function of z alone.  So everything that is qualitative about a network of depth D
depends on P ρ^{D-1} only, and one threshold a depth gives the line over a whole grid:

    P_c(ρ) = ρ^{-(D-1)} P_c(1),  for the transition and for the spinodal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from symderive.cells import MINIMUM, ORIGIN, Cells, join
from symderive.effective_ridge.resolvent import resolvent_of
from symderive.grid import Axis, Grid
from symderive.model.moments import Moments
from symderive.model.spectrum import Spectrum
from symderive.thresholds.critical_decay import Ceiling
from symderive.thresholds.thresholds import KINDS

if TYPE_CHECKING:
    import numpy as np

#: Times that branches are looked for between the values at hand, and how close two values may come.
ROUNDS, ULPS = 4, 8

#: Points of a line, bisections of a fold or of a line, and points that lead up to a fold on each side.
LINE_POINTS, BISECTIONS, FOLD_POINTS = 241, 60, 8

#: Digits of the thresholds that lines are drawn from.
LINE_DIGITS = 15

#: Logarithms of the values between which a line is sought.
LOG_RANGE = (-690.0, 690.0)

#: Parameters that change continuously, and of those the ones that a line is solved for, in this order.
CONTINUOUS = ("decay", "noise")
SOLVED_FOR = ("decay", "noise", "width")


class Regime(IntEnum):
    """Where the global minimum of a network lies.

    COLLAPSED: at the origin, and no other point is a local minimum.  METASTABLE: at the origin, while
    another point is a local minimum.  TRAINED: at another point (from D = 2 on the origin then is a local
    minimum, that is, metastable itself).
    """

    COLLAPSED = 0
    METASTABLE = 1
    TRAINED = 2


def minima(cells: Cells) -> np.ndarray:
    """Number of local minima beside the origin, of shape (n,)."""
    return (cells.kind == MINIMUM).sum(axis=1)


def regimes(cells: Cells) -> np.ndarray:
    """The :class:`Regime` of each cell as integers of shape (n,)."""
    import numpy as np

    at_origin = np.where(minima(cells) > 0, Regime.METASTABLE, Regime.COLLAPSED)
    return np.where(cells.best == ORIGIN, at_origin, Regime.TRAINED)


# -- branches along one axis -----------------------------------------------------------------------


@dataclass(frozen=True)
class Branch:
    """One branch of stationary points along an axis: at ``cells[i]`` it is the point ``points[i]``."""

    kind: int
    cells: tuple[int, ...]
    points: tuple[int, ...]


def branches(cells: Cells) -> list[Branch]:
    """The points of neighboring cells joined, each to the nearest of its kind in ln λ, in order of λ."""
    import numpy as np

    with np.errstate(divide="ignore"):
        places = np.log(cells.ridge)
    growing: list[list[tuple[int, int]]] = []
    current: dict[int, list[tuple[int, int]]] = {}
    for at in range(cells.size):
        following: dict[int, list[tuple[int, int]]] = {}
        links = _links(cells, places, at) if at else {}
        for point in range(int(cells.count[at])):
            trail = current.get(links.get(point, -1))
            if trail is None:
                trail = []
                growing.append(trail)
            trail.append((at, point))
            following[point] = trail
        current = following
    return [
        Branch(int(cells.kind[trail[0]]), tuple(at for at, _ in trail), tuple(point for _, point in trail))
        for trail in growing
    ]


def _links(cells: Cells, places: np.ndarray, at: int) -> dict[int, int]:
    """Which point of the cell before each point of cell ``at`` continues, if any."""
    old, new = (cells.kind[i, : cells.count[i]].tolist() for i in (at - 1, at))
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
                distance = abs(float(places[at - 1, i - 1] - places[at, j - 1]))
                choices.append((cost + min(distance, alone), links | {j - 1: i - 1}))
            costs[i, j] = min(choices, key=lambda choice: choice[0])
    return costs[len(old), len(new)][1]


def with_folds(grid: Grid, cells: Cells, solve: Callable[[Grid], Cells]) -> tuple[np.ndarray, Cells]:
    """Values and cells along the one axis of ``grid``, with more of them where branches meet.

    Near a fold a branch is a square root: evenly spaced values would leave a gap there.  ``solve`` gives
    the cells of another grid.
    """
    import numpy as np

    (axis,) = grid.axes
    values = axis.array()
    if axis.name not in CONTINUOUS:
        return values, cells

    def at(wanted: np.ndarray) -> Cells:
        distinct = Axis(axis.name, tuple(Fraction(x) for x in wanted.tolist()))
        return solve(Grid(grid.fixed, (distinct,)))

    wanted = set(values.tolist())
    for _ in range(ROUNDS):
        before = _signature(cells)
        apart = np.diff(values) > ULPS * np.spacing(values[1:])
        changes = [i for i, pair in enumerate(pairwise(before)) if pair[0] != pair[1] and apart[i]]
        if not changes:
            break
        left, right = values[changes], values[[i + 1 for i in changes]]
        low, high = left, right
        for _ in range(BISECTIONS):
            middle = low + (high - low) / 2
            same = np.array([x == before[i] for x, i in zip(_signature(at(middle)), changes, strict=True)])
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        steps = (np.arange(FOLD_POINTS) / FOLD_POINTS)[:, None] ** 2
        more = np.concatenate([low - steps * (low - left), high + steps * (right - high)])
        more = np.setdiff1d(more, values)
        order = np.argsort(np.concatenate([values, more]))
        values, cells = np.concatenate([values, more])[order], join([cells, at(more)]).take(order)
    # Right at a fold doubles see one degenerate point, which belongs to no branch.
    whole = [0 not in kinds[:-1] or x in wanted for kinds, x in zip(_signature(cells), values, strict=True)]
    return values[whole], cells.take(np.flatnonzero(whole))


def _signature(cells: Cells) -> list[tuple[int, ...]]:
    """The kinds of the points of each cell, and whether the global minimum is at the origin."""
    return [(*cells.kind[i, : cells.count[i]].tolist(), int(cells.best[i])) for i in range(cells.size)]


# -- threshold lines -------------------------------------------------------------------------------


def critical_lines(
    grid: Grid, data: Moments | Spectrum, *, log: frozenset[str] = frozenset()
) -> dict[str, dict[str, np.ndarray]]:
    """The transition and the spinodal over a grid of one or two axes; see :func:`line`."""
    import numpy as np

    if data.v_norm_squared == 0:
        return {}
    depths = [int(depth) for depth in np.unique(grid.parameters(0, grid.size)[0]) if depth > 0]
    resolvent, lines = resolvent_of(data, Fraction(1)), {}
    for kind in KINDS:
        ceilings = {depth: Ceiling(data, depth, kind, resolvent) for depth in depths}
        critical = {depth: float(x.log_product(LINE_DIGITS)) for depth, x in ceilings.items()}
        if found := line(grid, critical, log=log):
            lines[str(kind)] = found
    return lines


def line(
    grid: Grid, log_critical: Mapping[int, float], *, log: frozenset[str] = frozenset()
) -> dict[str, np.ndarray]:
    """Where networks of a grid of one or two axes are critical: values of each axis, NaN where nowhere.

    ``log_critical`` maps a depth to ln P_c(1), which may be missing.  The line is solved for one of the
    axes at values along the other, spaced logarithmically if ``log`` names it.  Over depths alone there is
    no line: the result is empty.
    """
    import numpy as np

    names = [axis.name for axis in grid.axes]
    if names == ["depth"]:
        return {}
    solved = next(name for name in SOLVED_FOR if name in names)
    points = {}
    for axis in grid.axes:
        if axis.name != solved:
            values = axis.array()
            space = np.geomspace if axis.name in log else np.linspace
            dense = axis.name != "depth"
            points[axis.name] = space(values[0], values[-1], LINE_POINTS) if dense else values
    count = max((len(values) for values in points.values()), default=1)

    def margin(u: np.ndarray) -> np.ndarray:
        """ln P ρ^{D-1} - ln P_c(1) where the solved parameter is e^u; monotone in u."""
        depths, log_decays, log_rho = grid.parameters_at(points | {solved: np.exp(u)}, count)
        critical = np.array([log_critical.get(int(depth), np.nan) for depth in depths])
        return log_decays + (depths - 1) * log_rho - critical

    low, high = (np.full(count, end) for end in LOG_RANGE)
    sign = np.sign(margin(low))
    crossed = sign * np.sign(margin(high)) < 0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        same = np.sign(margin(middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return points | {solved: np.where(crossed, np.exp(low), np.nan)}


def edges(values: Sequence[float] | np.ndarray, *, log: bool) -> np.ndarray:
    """The borders of cells around increasing values, half way between them (in logarithms if ``log``)."""
    import numpy as np

    places = np.log(values) if log else np.asarray(values, dtype=float)
    middles = (places[1:] + places[:-1]) / 2
    ends = np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])
    return np.exp(ends) if log else ends
