"""What a diagram over one or two parameters shows: points, branches, regimes and threshold lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symderive.data.interface import Data
from symderive.errors import InputError
from symderive.sweeps.branches import Branch, branches, with_folds
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import LEFT_OPEN, UNPROVED, GridPoints
from symderive.sweeps.regimes import minima, regimes
from symderive.sweeps.solvers import quick_solver, solver_of
from symderive.sweeps.threshold_lines import critical_lines

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class PhaseStudy:
    """Networks along one parameter or over two; made by :func:`study`.

    Attributes
    ----------
    grid
        The networks that the study is about, with one axis or two.
    values
        Increasing values of each varied parameter, in the order of the axes; along one continuous axis
        with more of them than the grid has, where branches meet.
    log
        The parameters that are spaced logarithmically.
    points
        The stationary points at every combination of ``values``, the last parameter fastest.
    loss_at_origin
        c = E[y²].
    regimes, minima
        The :class:`Regime` and the number of local minima beside the origin, integers with one dimension
        for each parameter.
    branches
        Along one parameter the branches of stationary points, over two none.
    lines
        "transition" and "spinodal" with the values of each parameter along them, NaN where there is no
        such network; only those that pass through the range of ``values``.  They are what
        :data:`~symderive.sweeps.threshold_lines.METHOD` says.
    """

    grid: Grid
    values: Mapping[str, np.ndarray]
    log: frozenset[str]
    points: GridPoints
    loss_at_origin: float
    regimes: np.ndarray
    minima: np.ndarray
    branches: tuple[Branch, ...]
    lines: Mapping[str, Mapping[str, np.ndarray]]

    @property
    def remark(self) -> str:
        """What a reader has to know of the points: that they are not proved, or that some are left open."""
        return remark(self.points)

    @property
    def origin_is_minimum(self) -> bool:
        """Whether the origin is a local minimum of every network, which takes two hidden layers."""
        return self.grid.network(0).depth > 1  # the first depth is the smallest

    def along(self, branch: Branch, quantity: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The parameter along a branch, the quantity there, and whether the global minimum is there."""
        (values,) = self.values.values()
        cells, points = list(branch.cells), list(branch.points)
        found = getattr(self.points, quantity)[cells, points]
        return values[cells], found, self.points.best[cells] == points


def remark(points: GridPoints) -> str:
    """What has to be said of points that are not all proved; empty where they are."""
    left = int((points.verdict == LEFT_OPEN).sum())
    said = ["double precision, not certified"] if (points.verdict == UNPROVED).any() else []
    return "; ".join(said + ([f"{left} of {points.size} networks undecided"] if left else []))


def study(
    grid: Grid,
    data: Data,
    points: GridPoints,
    *,
    log: frozenset[str] = frozenset(),
    doubles: bool = False,
    digits: int | None = None,
) -> PhaseStudy:
    """Study the networks of a grid of one or two axes, whose stationary points are known.

    Where branches meet along one axis, points are added: certified as :func:`solve_grid` does, unless
    ``doubles`` asks for less.  Raises :class:`InputError` for a grid without axes or with more than two.

    >>> from symderive.data.spectrum import Spectrum
    >>> from symderive.sweeps.sweep import solve_grid
    >>> grid = Grid.of({"decay": ["0.1", "0.4", "1"]}, depth=2, width=4)
    >>> data = Spectrum.of([1], [1])
    >>> found = study(grid, data, solve_grid(grid, data))
    >>> [branch.kind for branch in found.branches], float(found.lines["transition"]["decay"][0].round(6))
    ([1, -1], 0.39685)
    """
    if len(grid.axes) not in (1, 2):
        raise InputError(f"a study has one or two varied parameters, and {len(grid.axes)} are given.")
    if grid.others:
        raise InputError(
            f"a diagram with {next(iter(grid.others))} is not drawn: its lines and branches are known for "
            "noise of single neurons; write a table of the points."
        )
    found: tuple[Branch, ...] = ()
    values = {axis.name: axis.array() for axis in grid.axes}
    lines = critical_lines(grid, data, log=log)
    if len(values) == 1:
        (name,) = values
        solver, quick = solver_of(grid, data, doubles=doubles, digits=digits), quick_solver(grid, data)
        values[name], points = with_folds(
            grid,
            points,
            lambda more: solver.at(more)(0, more.size),
            lambda more: quick.at(more)(0, more.size),
        )
        found = tuple(branches(points))
    shape = [len(array) for array in values.values()]
    return PhaseStudy(
        grid=grid,
        values=values,
        log=log,
        points=points,
        loss_at_origin=float(data.c),
        regimes=regimes(points).reshape(shape),
        minima=minima(points).reshape(shape),
        branches=found,
        lines={kind: line for kind, line in lines.items() if _passes(line, values)},
    )


def _passes(line: Mapping[str, np.ndarray], values: Mapping[str, np.ndarray]) -> bool:
    """Whether a point of a line lies within the range of the values."""
    import numpy as np

    inside = [(line[name] >= array[0]) & (line[name] <= array[-1]) for name, array in values.items()]
    return bool(np.logical_and.reduce(inside).any())
