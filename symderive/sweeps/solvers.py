"""The stationary points of the cells of a grid: by vectorized doubles, or certified one by one.

A :class:`Solver` is a small picklable record, so that any process can be handed one and a range of cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from symderive.model.data import Data
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import (
    LEFT_OPEN,
    MINIMUM,
    NONE,
    ORIGIN,
    PROVED,
    QUANTITIES,
    SADDLE,
    UNPROVED,
    GridPoints,
    join,
)

if TYPE_CHECKING:
    import numpy as np

    from symderive.landscape.landscape import Landscape


class Solver(Protocol):
    """What solves the cells from ``start`` up to ``stop``."""

    def __call__(self, start: int, stop: int) -> GridPoints: ...


@dataclass(frozen=True, eq=False)
class DoubleSolver:
    """All cells at once, in double precision and without proof."""

    grid: Grid
    a: np.ndarray
    p: np.ndarray
    c: float

    @classmethod
    def of(cls, grid: Grid, data: Data) -> DoubleSolver:
        """The solver for data whose spectrum is computed once, here."""
        from symderive.model.float_spectrum import spectrum

        found = spectrum(data)
        return cls(grid, found.a, found.p, found.c)

    def __call__(self, start: int, stop: int) -> GridPoints:
        import numpy as np

        from symderive.sweeps.float_solver import stationary_points

        depths, log_decays, log_rho = self.grid.parameters(start, stop)
        points = stationary_points(
            self.a,
            self.p,
            self.c,
            depth=depths,
            noise_factor=np.exp(log_rho),
            log_decay_product=log_decays,
        )
        return join(
            [
                GridPoints(
                    ridge=points.ridge,
                    loss=points.loss,
                    norm=points.norm,
                    prediction_variance=points.variance,
                    kind=points.kind.astype(np.int8),
                    count=points.count.astype(np.int64),
                    best=points.best.astype(np.int64),
                    verdict=np.where(points.status == 0, UNPROVED, LEFT_OPEN).astype(np.int8),
                )
            ]
        )


#: FLINT's working precision is one for the whole process, so that threads take turns.
_TURN = Lock()


@dataclass(frozen=True, eq=False)
class CertifiedSolver:
    """One certified search a cell; balls are rounded to doubles at the very end."""

    grid: Grid
    data: Data
    digits: int

    def __call__(self, start: int, stop: int) -> GridPoints:
        from symderive.landscape.solve import solve

        with _TURN:
            return join(
                [
                    _points_of(solve(self.grid.network(cell), self.data, digits=self.digits))
                    for cell in range(start, stop)
                ]
            )


def _points_of(landscape: Landscape) -> GridPoints:
    import numpy as np

    signs = {"global minimum": MINIMUM, "local minimum": MINIMUM, "saddle": SADDLE, "degenerate": NONE}
    points, best = landscape.points, landscape.global_minimum

    def row(name: str) -> np.ndarray:
        return np.array([[float(getattr(point, name)) for point in points]]).reshape(1, len(points))

    return GridPoints(
        **{name: row(name) for name in QUANTITIES},
        kind=np.array([[signs[point.kind] for point in points]], dtype=np.int8).reshape(1, len(points)),
        count=np.array([len(points)]),
        best=np.array([ORIGIN if best.index is None else best.index]),
        verdict=np.array([PROVED if landscape.complete and best.tie is not None else LEFT_OPEN], np.int8),
    )
