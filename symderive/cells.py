"""The stationary points of the cells of a grid: by vectorized doubles, or certified one by one.

A :class:`Solver` is a small picklable record, so that any process can be handed one and a range of cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from symderive.grid import Grid
from symderive.model.moments import Moments
from symderive.model.spectrum import Spectrum

if TYPE_CHECKING:
    import numpy as np

    from symderive.landscape.landscape import Landscape

#: Kinds of points as numbers; a degenerate point and an empty place are 0.
MINIMUM, SADDLE, NONE = 1, -1, 0

#: What is known of a cell.
PROVED, UNPROVED, UNDECIDED = 1, 0, -1

#: ``best`` where the origin is the global minimum.
ORIGIN = -1


@dataclass(frozen=True, eq=False)
class Cells:
    """Stationary points of n cells; K is the largest number of points that any of them has, at least 1.

    Attributes
    ----------
    ridge, loss, norm, prediction_variance
        λ, F, ‖m‖ and E_x Var f, float64 of shape (n, K), in increasing λ, NaN where there is no point.
    kind
        int8 of shape (n, K): 1 local minimum, -1 saddle, 0 degenerate or none.
    count
        Number of points, integers of shape (n,).
    best
        Which point is the global minimum, or -1 for the origin; integers of shape (n,).  A point that
        ties with the origin goes before it.
    verdict
        int8 of shape (n,): 1 where all points and the global minimum are proved, 0 where doubles found
        them, -1 where the search left something open.
    """

    ridge: np.ndarray
    loss: np.ndarray
    norm: np.ndarray
    prediction_variance: np.ndarray
    kind: np.ndarray
    count: np.ndarray
    best: np.ndarray
    verdict: np.ndarray

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.count)

    def take(self, places: np.ndarray) -> Cells:
        """The cells at these places, in this order."""
        return Cells(**{field.name: getattr(self, field.name)[places] for field in fields(Cells)})

    def of_best(self, values: np.ndarray, at_origin: float) -> np.ndarray:
        """``values``, of shape (n, K), at the global minimum of each cell."""
        import numpy as np

        chosen = np.take_along_axis(values, np.maximum(self.best, 0)[:, None], axis=1)[:, 0]
        return np.where(self.best == ORIGIN, at_origin, chosen)


class Solver(Protocol):
    """What solves the cells from ``start`` up to ``stop``."""

    def __call__(self, start: int, stop: int) -> Cells: ...


def join(parts: Sequence[Cells]) -> Cells:
    """Consecutive cells as one record, with as many places for points as are needed."""
    import numpy as np

    places = max(int(part.count.max(initial=1)) for part in parts)
    joined = {}
    for field in fields(Cells):
        arrays = [getattr(part, field.name) for part in parts]
        if arrays[0].ndim == 2:
            arrays = [_with_places(array, places) for array in arrays]
        joined[field.name] = np.concatenate(arrays)
    return Cells(**joined)


def _with_places(array: np.ndarray, places: int) -> np.ndarray:
    import numpy as np

    empty = np.nan if array.dtype.kind == "f" else NONE
    short = max(0, places - array.shape[1])
    return np.pad(array[:, :places], ((0, 0), (0, short)), constant_values=empty)


@dataclass(frozen=True, eq=False)
class DoubleSolver:
    """All cells at once, in double precision and without proof."""

    grid: Grid
    a: np.ndarray
    p: np.ndarray
    c: float

    @classmethod
    def of(cls, grid: Grid, data: Moments | Spectrum) -> DoubleSolver:
        """The solver for data whose spectrum is computed once, here."""
        from symderive.model.float_spectrum import spectrum

        found = spectrum(data)
        return cls(grid, found.a, found.p, found.c)

    def __call__(self, start: int, stop: int) -> Cells:
        import numpy as np

        from symderive.batch import stationary_points

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
                Cells(
                    ridge=points.ridge,
                    loss=points.loss,
                    norm=points.norm,
                    prediction_variance=points.variance,
                    kind=points.kind.astype(np.int8),
                    count=points.count.astype(np.int64),
                    best=points.best.astype(np.int64),
                    verdict=np.where(points.status == 0, UNPROVED, UNDECIDED).astype(np.int8),
                )
            ]
        )


#: FLINT's working precision is one for the whole process, so that threads take turns.
_TURN = Lock()


@dataclass(frozen=True, eq=False)
class CertifiedSolver:
    """One certified search a cell; balls are rounded to doubles at the very end."""

    grid: Grid
    data: Moments | Spectrum
    digits: int

    def __call__(self, start: int, stop: int) -> Cells:
        from symderive.landscape.landscape import solve

        with _TURN:
            return join(
                [
                    _cell(solve(self.grid.network(cell), self.data, digits=self.digits))
                    for cell in range(start, stop)
                ]
            )


def _cell(landscape: Landscape) -> Cells:
    import numpy as np

    signs = {"global minimum": MINIMUM, "local minimum": MINIMUM, "saddle": SADDLE, "degenerate": NONE}
    points, best = landscape.points, landscape.global_minimum

    def row(name: str) -> np.ndarray:
        return np.array([[float(getattr(point, name)) for point in points]]).reshape(1, len(points))

    return Cells(
        ridge=row("ridge"),
        loss=row("loss"),
        norm=row("norm"),
        prediction_variance=row("prediction_variance"),
        kind=np.array([[signs[point.kind] for point in points]], dtype=np.int8).reshape(1, len(points)),
        count=np.array([len(points)]),
        best=np.array([ORIGIN if best.index is None else best.index]),
        verdict=np.array([PROVED if landscape.complete and best.tie is not None else UNDECIDED], np.int8),
    )
