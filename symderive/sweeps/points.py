"""The stationary points of many networks as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


#: Kinds of points as numbers; a degenerate point and an empty place are 0.
MINIMUM, SADDLE, NONE = 1, -1, 0

#: What is known of a cell.
PROVED, UNPROVED, LEFT_OPEN = 1, 0, -1

#: ``best`` where the origin is the global minimum, and where nothing is known.
ORIGIN, UNKNOWN = -1, -2

#: The numbers that a point comes with, in the order of tables: λ, F, ‖m‖ and E_x Var f.
QUANTITIES = ("ridge", "loss", "norm", "prediction_variance")

#: What each of them is proved up to.
RADII = tuple(f"{name}_radius" for name in QUANTITIES)


def at_origin(loss: float) -> dict[str, float]:
    """The quantities of the origin, whose ``loss`` is c = E[y²]."""
    return dict(zip(QUANTITIES, (float("inf"), loss, 0.0, 0.0), strict=True))


@dataclass(frozen=True, eq=False)
class GridPoints:
    """Stationary points of n cells; K is the largest number of points that any of them has, at least 1.

    Attributes
    ----------
    ridge, loss, norm, prediction_variance
        λ, F, ‖m‖ and E_x Var f, float64 of shape (n, K), in increasing λ, NaN where there is no point.
    ridge_radius, loss_radius, norm_radius, prediction_variance_radius
        Absolute error bounds of the same shape: each number above differs from the exact one by no more.
        NaN where nothing is proved.
    kind
        int8 of shape (n, K): 1 local minimum, -1 saddle, 0 degenerate or none.
    count
        Number of points, integers of shape (n,).
    best
        Which point is the global minimum, -1 for the origin, -2 where that is unknown; integers of shape
        (n,).  A point that ties with the origin goes before it.
    verdict
        int8 of shape (n,): 1 where all points and the global minimum are proved, 0 where doubles found
        them, -1 where something is open: a point whose kind is not decided, or the global minimum, or
        whether there are more points.
    """

    ridge: np.ndarray
    loss: np.ndarray
    norm: np.ndarray
    prediction_variance: np.ndarray
    ridge_radius: np.ndarray
    loss_radius: np.ndarray
    norm_radius: np.ndarray
    prediction_variance_radius: np.ndarray
    kind: np.ndarray
    count: np.ndarray
    best: np.ndarray
    verdict: np.ndarray

    @property
    def size(self) -> int:
        """Number of cells."""
        return len(self.count)

    def take(self, cells: np.ndarray) -> GridPoints:
        """The points of these cells, in this order."""
        return GridPoints(**{field.name: getattr(self, field.name)[cells] for field in fields(GridPoints)})

    def replaced(self, cells: np.ndarray, others: GridPoints) -> GridPoints:
        """With the points of ``cells`` replaced by ``others``, in this order."""
        import numpy as np

        order = np.arange(self.size)
        order[cells] = self.size + np.arange(others.size)
        return join([join([self, others]).take(order)])

    def of_best(self, quantity: str, at_origin: float) -> np.ndarray:
        """One of ``QUANTITIES`` at the global minimum of each cell, NaN if that is unknown; shape (n,)."""
        import numpy as np

        values = getattr(self, quantity)
        chosen = np.take_along_axis(values, np.maximum(self.best, 0)[:, None], axis=1)[:, 0]
        return np.select([self.best == ORIGIN, self.best >= 0], [at_origin, chosen], np.nan)


def join(parts: Sequence[GridPoints]) -> GridPoints:
    """The points of consecutive cells as one record, with as many places for points as are needed."""
    import numpy as np

    places = max(int(part.count.max(initial=1)) for part in parts)
    joined = {}
    for field in fields(GridPoints):
        arrays = [getattr(part, field.name) for part in parts]
        if arrays[0].ndim == 2:
            arrays = [_with_places(array, places) for array in arrays]
        joined[field.name] = np.concatenate(arrays)
    return GridPoints(**joined)


def _with_places(array: np.ndarray, places: int) -> np.ndarray:
    import numpy as np

    empty = np.nan if array.dtype.kind == "f" else NONE
    short = max(0, places - array.shape[1])
    return np.pad(array[:, :places], ((0, 0), (0, short)), constant_values=empty)
