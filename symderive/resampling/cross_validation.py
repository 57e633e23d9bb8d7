"""Cross-validation of depth and decay through moments.

A network sees second moments only, and the moments of samples add.  So a fold needs its own moments, exact,
and those of all other folds together, from which every depth and decay is fitted, and on which its error is
a quadratic form: with the means x̄, t of the training samples a map predicts t + w·(x - x̄), and on test
samples with the covariances G of (x, y) and the means x̄', t'

    E (y - prediction)² = (w, -1)ᵀ G (w, -1) + (t' - t - w·(x̄' - x̄))².

The samples themselves are not looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import accumulate
from math import inf, lcm
from numbers import Integral
from typing import TYPE_CHECKING, Any

from flint import fmpz_mat

from symderive.arithmetic.doubles import nearest
from symderive.arithmetic.exact import rational
from symderive.arithmetic.turns import cached_property
from symderive.data.averages import require_spread
from symderive.data.float_spectrum import FloatSpectrum, spectrum
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.landscape.solve import solve
from symderive.model.network import Network
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import ORIGIN, UNKNOWN
from symderive.sweeps.solvers import CertifiedSolver
from symderive.thresholds.thresholds import transition_decay

if TYPE_CHECKING:
    import numpy as np

#: Multiple of the transition up to which decays are tried.
BEYOND = 2.0

#: Digits of the largest decay, and of a network that is solved in balls.
DIGITS = 15


@dataclass(frozen=True, eq=False)
class Fold:
    """Moments of the samples to fit on, as the network is to have them (centered, standardized), and of
    those to test on, which are not standardized: centered if the others are."""

    train: Moments
    test: Moments


def folds_of(parts: Sequence[Moments], *, standardize: bool = False) -> list[Fold]:
    """Each part in turn to test on, and all others together to fit on.

    The parts are moments of disjoint samples, all centered or none; that the training moments are
    standardized is asked for here, since a column may vary in the data and not in every part.
    """
    if len(parts) < 2:
        raise InputError(
            f"there are {len(parts)} parts; give at least 2, one to test on and one to fit on."
        )
    before = list(accumulate(parts))
    after = list(accumulate(reversed(parts)))[::-1]
    others = [
        after[1],
        *(before[i - 1] + after[i + 1] for i in range(1, len(parts) - 1)),
        before[-2],
    ]
    return [
        Fold(standardized(x) if standardize else x, part) for x, part in zip(others, parts, strict=True)
    ]


@dataclass(frozen=True)
class Candidates:
    """Networks that differ in their decays: ``decays`` are the same for every layer, in any order.

    ``parameters`` are width, noise and dropout as :class:`Network` takes them.
    """

    depth: int
    decays: tuple[Fraction, ...]
    parameters: Mapping[str, Any]

    @classmethod
    def of(cls, depth: int, decays: Sequence[Any], **parameters: Any) -> Candidates:
        """Checked maker."""
        values = tuple(rational(x, f"decay {i}") for i, x in enumerate(decays, start=1))
        if not values:
            raise InputError("no decays are given; give at least one.")
        if parameters.get("bias"):
            raise InputError(
                "folds know no free output bias; center the data, which without noise is the best bias."
            )
        found = cls(depth, values, parameters)
        for decay in values:
            found.network(decay)
        return found

    def network(self, decay: Fraction) -> Network:
        """One of them."""
        rest = dict(self.parameters)
        width = rest.pop("width", 1)
        return Network(self.depth, widths=width if self.depth else (), decays=decay, **rest)


def default_decays(data: Moments, depth: int, count: int, eps: float, **parameters: Any) -> list[float]:
    """``count`` decays, equally far apart in the logarithm, from ``eps`` times a largest one up to it.

    The largest is twice the decay of the transition, from which on the zero network is the global minimum,
    so that it is among what is tried in folds, too, whose transitions differ.  Where nothing collapses, at
    depth 0 and for v = 0, it is tr A (1 where A is 0).  All are rounded.

    >>> data = Moments.given([[1]], [1], 1)
    >>> [round(x, 9) for x in default_decays(data, 1, 3, 0.01, width=4)]
    [0.02, 0.2, 2.0]
    """
    import numpy as np

    if isinstance(count, bool) or not isinstance(count, Integral) or count < 1:
        raise InputError(f"the number of decays is {count!r}; give a whole number, at least 1.")
    if not 0 < eps < 1:
        raise InputError(f"eps is {eps}; give a number between 0 and 1.")
    largest = _as_double(data.trace) or 1.0
    if depth:
        net = Candidates.of(depth, [1], **parameters).network(Fraction(1))
        if (found := transition_decay(net, data, digits=DIGITS)) is not None:
            largest = BEYOND * nearest(found)
    return [float(x) for x in np.geomspace(eps * largest, largest, int(count))]


def slopes(train: Moments, candidates: Sequence[Candidates]) -> list[np.ndarray]:
    """The slopes w of the global minima, in the units of the table: for each of the candidates an array of
    shape (decays, d).

    Which point is the global minimum, and its ridge, are certified; slopes are doubles with errors of some
    2^-53 of their norm (of more than 64 features: see :func:`symderive.data.float_spectrum.spectrum`).
    What doubles cannot certify is solved in balls.
    """
    import numpy as np

    doubles, found = _Doubles(train), []
    for one in candidates:
        known = doubles.maps(one)
        rows = [
            known[decay] if decay in known else _in_balls(one.network(decay), train) for decay in one.decays
        ]
        found.append(np.array(rows))
    return found


class _Doubles:
    """What doubles with error bounds know of networks on one set of moments."""

    def __init__(self, train: Moments) -> None:
        self._train = train
        self._solver: CertifiedSolver | None = None

    @cached_property
    def _axes(self) -> FloatSpectrum:
        return spectrum(self._train)

    def maps(self, one: Candidates) -> dict[Fraction, np.ndarray]:
        """The slopes for each positive decay whose global minimum is certain."""
        import numpy as np

        decays = sorted({x for x in one.decays if x > 0})
        if not decays or one.network(decays[0]).has_other_noise:  # doubles know B = ρA alone
            return {}
        parameters = {"width": 1, **one.parameters} if one.depth else {}
        grid = Grid.of({"decay": decays}, depth=one.depth, **{"width": 1, **parameters})
        solver = CertifiedSolver.of(grid, self._train) if self._solver is None else self._solver.at(grid)
        self._solver = solver
        if solver.spectrum is None:
            return {}
        points, found = solver(0, grid.size), {}
        for cell, (decay, best) in enumerate(zip(decays, points.best, strict=True)):
            if best == ORIGIN:
                found[decay] = np.zeros(self._train.dimension)
            elif best != UNKNOWN:
                found[decay] = self._ridge_solution(one.network(decay), points.ridge[cell, best])
        return {decay: w for decay, w in found.items() if np.isfinite(w).all()}

    def _ridge_solution(self, net: Network, ridge: float) -> np.ndarray:
        """w at an effective ridge; not finite where the units of the table are beyond doubles."""
        import numpy as np

        axes, scales = self._axes, np.sqrt([float(x) for x in self._train.metric])
        along = np.sqrt(axes.p) / (float(net.noise_factor) * axes.a + ridge)
        with np.errstate(all="ignore"):
            found: np.ndarray = axes.axes @ along / scales
        return found


def _in_balls(net: Network, train: Moments) -> np.ndarray:
    landscape = solve(net, train, digits=DIGITS)
    return landscape.linear_map(landscape.global_minimum.index).slopes


def mean_squared_errors(fold: Fold, W: np.ndarray) -> np.ndarray:
    """E (y - t - w·(x - x̄))² over the test samples for every row w of W: exact for these doubles, then
    rounded."""
    import numpy as np

    train, test = fold.train, fold.test
    rows, units = _whole_rows(W)
    images = rows * test.gram
    nothing = (Fraction(0),) * (test.dimension + 1)
    pairs = zip(test.means or nothing, train.means or nothing, strict=True)
    shifts = [there - here for there, here in pairs]
    scale = lcm(*(x.denominator for x in shifts))
    offsets = rows * fmpz_mat([[int(x * scale)] for x in shifts])
    found = []
    for i, unit in enumerate(units):
        squares = sum(int(rows[i, j]) * int(images[i, j]) for j in range(rows.ncols()))
        offset = Fraction(int(offsets[i, 0]), scale * unit)
        found.append(Fraction(squares, test.denominator * unit**2) + offset**2)
    return np.array([_as_double(x) for x in found])


def _as_double(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf


def standardized(moments: Moments) -> Moments:
    """Centered moments with the features divided by their standard deviations."""
    variances = tuple(moments.entry(i, i) for i in range(moments.dimension))
    require_spread(variances, moments.features, " in the samples that a fold leaves")
    return replace(moments, variances=variances)


def _whole_rows(W: np.ndarray) -> tuple[fmpz_mat, list[int]]:
    """(w, -1) as whole numbers over a unit, exactly, for every row w."""
    rows, units = [], []
    for row in W.tolist():
        ratios = [x.as_integer_ratio() for x in row]
        unit = lcm(*(denominator for _, denominator in ratios))
        rows.append([*(x * (unit // denominator) for x, denominator in ratios), -unit])
        units.append(unit)
    return fmpz_mat(rows), units
