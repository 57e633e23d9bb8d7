"""The stationary points of the cells of a grid: certified, or by doubles without proof.

A :class:`Solver` is a small picklable record, so that any process can be handed one and a range of cells.

The certified one asks doubles with proved error bounds first, all cells at once: the file that
``symderive export --certified`` writes.  What they leave open (points that nearly merge, losses that nearly
tie, numbers beyond their range) and what is wanted to more digits goes to balls, cell by cell, where
precision has no end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from symderive.arithmetic.doubles import distance, nearest
from symderive.data.interface import Data
from symderive.data.rounded_spectrum import RoundedSpectrum, rounded_spectrum
from symderive.errors import InputError
from symderive.export import live
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import (
    LEFT_OPEN,
    MINIMUM,
    NONE,
    ORIGIN,
    PROVED,
    QUANTITIES,
    RADII,
    SADDLE,
    UNKNOWN,
    UNPROVED,
    GridPoints,
    join,
)
from symderive.sweeps.rounding import rounded_parameters

if TYPE_CHECKING:
    import numpy as np

    from symderive.landscape.landscape import Landscape

#: Digits up to which doubles with error bounds are asked.
BATCH_DIGITS = 13

#: Digits to which balls are solved at least, which is what doubles hold.
BALL_DIGITS = 15


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
        from symderive.data.float_spectrum import spectrum

        found = spectrum(data)
        return cls(grid, found.a, found.p, found.c)

    def at(self, grid: Grid) -> DoubleSolver:
        """The same for another grid."""
        return replace(self, grid=grid)

    def __call__(self, start: int, stop: int) -> GridPoints:
        import numpy as np

        cells = rounded_parameters(self.grid, start, stop)
        found = _plain().stationary_points(
            self.a,
            self.p,
            self.c,
            depth=cells.depth,
            noise_factor=cells.noise_factor,
            mean_decay=cells.mean_decay,
        )
        merged = (np.arange(found.kind.shape[1]) < found.count[:, None]) & (found.kind == NONE)
        sure = (found.status == 0) & ~merged.any(axis=1)
        return _points(
            found,
            dict.fromkeys(RADII, np.full(found.ridge.shape, np.nan)),
            np.where(sure, UNPROVED, LEFT_OPEN),
        )


@dataclass(frozen=True, eq=False)
class CertifiedSolver:
    """All cells at once in doubles with error bounds, and one by one in balls what that leaves open.

    Attributes
    ----------
    digits
        What every number has to be proved to, relative; None for what doubles give.
    spectrum
        The data in doubles; None where all cells go to balls.
    with_balls
        Whether balls are asked at all; else what doubles leave open stays open.
    """

    grid: Grid
    data: Data
    digits: int | None
    spectrum: RoundedSpectrum | None
    with_balls: bool = True

    @classmethod
    def of(cls, grid: Grid, data: Data, digits: int | None = None) -> CertifiedSolver:
        """The solver for data whose spectrum is computed once, here."""
        in_doubles = not grid.others and (digits is None or digits <= BATCH_DIGITS)
        return cls(grid, data, digits, rounded_spectrum(data) if in_doubles else None)

    def at(self, grid: Grid) -> CertifiedSolver:
        """The same for another grid."""
        return replace(self, grid=grid, spectrum=None if grid.others else self.spectrum)

    def __call__(self, start: int, stop: int) -> GridPoints:
        import numpy as np

        if self.spectrum is None:
            return self._by_balls(range(start, stop))
        found = self.in_doubles(self.spectrum, start, stop)
        left = np.flatnonzero(found.verdict == LEFT_OPEN)
        if not (self.with_balls and left.size):
            return found
        return found.replaced(left, self._by_balls((start + left).tolist()))

    def in_doubles(self, spectrum: RoundedSpectrum, start: int, stop: int) -> GridPoints:
        """What doubles prove of the cells; left open are those of which that is less than is asked."""
        import numpy as np

        cells = rounded_parameters(self.grid, start, stop)
        found = _certified().stationary_points(
            spectrum.a,
            spectrum.p,
            spectrum.c,
            mean_decay=cells.mean_decay,
            noise_factor=cells.noise_factor,
            depth=cells.depth,
            ulps=np.maximum(cells.ulps, spectrum.ulps),
        )
        radii = {f"{name}_radius": getattr(found, f"{_FOUND[name]}_radius") for name in QUANTITIES}
        # Of a ρ that might be a little more than 1 the file must say that there might be some variance.
        radii["prediction_variance_radius"] = np.where(
            cells.noiseless[:, None] & (found.variance == 0), 0.0, found.variance_radius
        )
        sure = found.status == 0
        if self.digits is not None:
            share = 0.499 * 10.0**-self.digits  # half a unit, and what rounding does to this very product
            for name in QUANTITIES:
                fine = radii[f"{name}_radius"] <= share * np.abs(getattr(found, _FOUND[name]))
                sure &= (fine | (np.arange(fine.shape[1]) >= found.count[:, None])).all(axis=1)
        return _points(found, radii, np.where(sure, PROVED, LEFT_OPEN))

    def _by_balls(self, cells: Any) -> GridPoints:
        from symderive.landscape.solve import solve

        digits = max(self.digits or 0, BALL_DIGITS)
        return join(
            [_points_of(solve(self.grid.network(cell), self.data, digits=digits)) for cell in cells]
        )


def solver_of(
    grid: Grid, data: Data, *, doubles: bool = False, digits: int | None = None
) -> DoubleSolver | CertifiedSolver:
    """The solver of a grid, certified to ``digits`` digits unless ``doubles`` asks for less.

    Raises :class:`InputError` for ``doubles`` with noise that their formulas do not know.
    """
    if doubles and grid.others:
        raise InputError(
            f"doubles know the noise of single neurons alone, and {next(iter(grid.others))} is given; "
            "leave doubles out."
        )
    return DoubleSolver.of(grid, data) if doubles else CertifiedSolver.of(grid, data, digits)


def quick_solver(grid: Grid, data: Data) -> DoubleSolver | CertifiedSolver:
    """What costs least and need not decide every cell; proved all the same where that can be had."""
    found = CertifiedSolver.of(grid, data)
    return DoubleSolver.of(grid, data) if found.spectrum is None else replace(found, with_balls=False)


@cache
def _plain() -> Any:
    """The NumPy file that ``symderive export --language numpy`` writes: nothing is proved."""
    return live.namespace("numpy")


@cache
def _certified() -> Any:
    """The search of the file that ``symderive export --language numpy --certified`` writes."""
    return live.certified_search()


#: The names of the quantities in exported files.
_FOUND = dict(zip(QUANTITIES, ("ridge", "loss", "norm", "variance"), strict=True))


def _points(found: Any, radii: dict[str, np.ndarray], verdict: np.ndarray) -> GridPoints:
    """What an exported file found, as points of a grid."""
    import numpy as np

    return join(
        [
            GridPoints(
                **{name: getattr(found, _FOUND[name]) for name in QUANTITIES},
                **radii,
                kind=found.kind.astype(np.int8),
                count=found.count.astype(np.int64),
                best=found.best.astype(np.int64),
                verdict=verdict.astype(np.int8),
            )
        ]
    )


def _points_of(landscape: Landscape) -> GridPoints:
    """A landscape, its balls rounded to doubles; each radius says what the ball and rounding cost."""
    import numpy as np

    signs = {"global minimum": MINIMUM, "local minimum": MINIMUM, "saddle": SADDLE, "degenerate": NONE}
    points, minimum = landscape.points, landscape.global_minimum
    best = UNKNOWN if minimum.tie is None else ORIGIN if minimum.index is None else minimum.index
    balls = {name: [getattr(point, name) for point in points] for name in QUANTITIES}
    middles = {name: [nearest(x) for x in row] for name, row in balls.items()}
    radii = {
        f"{name}_radius": [distance(x, middle) for x, middle in zip(row, middles[name], strict=True)]
        for name, row in balls.items()
    }
    return GridPoints(
        **{name: np.array([row]).reshape(1, -1) for name, row in (middles | radii).items()},
        kind=np.array([[signs[point.kind] for point in points]], dtype=np.int8).reshape(1, -1),
        count=np.array([len(points)]),
        best=np.array([best]),
        verdict=np.array([PROVED if landscape.complete and best != UNKNOWN else LEFT_OPEN], np.int8),
    )
