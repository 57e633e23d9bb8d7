"""Where the global minimum of each network lies."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from symderive.sweeps.points import MINIMUM, ORIGIN, UNKNOWN, GridPoints

if TYPE_CHECKING:
    import numpy as np


class Regime(IntEnum):
    """Where the global minimum of a network lies.

    COLLAPSED: at the origin, and no other point is a local minimum.  METASTABLE: at the origin, while
    another point is a local minimum.  TRAINED: at another point (from D = 2 on the origin then is a local
    minimum, that is, metastable itself).
    """

    COLLAPSED = 0
    METASTABLE = 1
    TRAINED = 2


def minima(points: GridPoints) -> np.ndarray:
    """Number of local minima beside the origin, of shape (n,)."""
    return (points.kind == MINIMUM).sum(axis=1)


def regimes(points: GridPoints) -> np.ndarray:
    """The :class:`Regime` of each cell as integers of shape (n,); -1 where the minimum is unknown."""
    import numpy as np

    at_origin = np.where(minima(points) > 0, Regime.METASTABLE, Regime.COLLAPSED)
    known = np.where(points.best == ORIGIN, at_origin, Regime.TRAINED)
    return np.where(points.best == UNKNOWN, -1, known)
