"""What a network at a stationary point predicts, in the units of the table that the moments were made of.

With the means x̄, t of centered moments (0 without centering), and the variances V of standardized ones
(1 without), a stationary point with end-to-end map m predicts

    E f(x) = t + w·(x - x̄),   w = V^{-1/2} m,

    Var f(x) = (ρ - 1) (w·(x - x̄))² + Σ_j r_j w_j² (x_j - x̄_j)² + Σ_j s_j m_j² + s² (1 + ω_u²) ‖U‖²,

with ρ_1 for ρ, r and s those of B = ρ_1 A + Diag(r ∘ diag A) + Diag(s), and s² the variance of additive
noise of the last hidden layer (:mod:`symderive.full_loss.prediction`); for noise of the neurons alone the
first term is all.  The network, and with it the noise, acts on the centered features: what centering
subtracts is not in the network, so that at x = x̄ every prediction is t, with no variance but that of
additive noise.

A free output bias adds b = ȳ - m·x̄ with the means of the data as they are kept, which are 0 after
centering; the noise still acts on the features themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from flint import arb

from symderive.arithmetic.doubles import nearest
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.precision import sharpest
from symderive.data.altered import for_each
from symderive.data.blocks import Columns, Floats, Integers, default_names
from symderive.data.moments import Moments
from symderive.data.reading.choice import require_column
from symderive.data.reading.frames import column_name, frame_of
from symderive.data.reading.matrix import ranges
from symderive.data.reading.values import matrix_of
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError
from symderive.full_loss.prediction import variance
from symderive.model.network import Network

if TYPE_CHECKING:
    import numpy as np

#: Digits of m from which slopes are computed first, and at most.
FIRST_DIGITS, LIMIT_DIGITS = 20, 80


@dataclass(frozen=True, eq=False)
class LinearMap:
    r"""The affine map ``center`` + Σ ``slopes``\ _j (x_j - ``centers``\ _j) of a point, in doubles.

    Attributes
    ----------
    slopes : ndarray
        w, float64 of shape (d,), correctly rounded.
    intercept : float
        t - w·x̄ of the exact w, correctly rounded.
    centers : ndarray
        x̄, rounded, shape (d,): with a free bias the means of the data; else zeros where the moments are
        not centered.
    center : float
        t, likewise, of the target.
    excess : float
        √(ρ_1 - 1); for noise of the neurons alone the ratio of the standard deviation of a prediction to
        |w·(x - x̄)|.
    removed : ndarray
        What centering subtracted from the features before the noise acts on them, zeros without it.
    own : ndarray or None
        √r_j |w_j|, float64 of shape (d,), what the noise of each feature adds to the standard deviation for
        each of its units; None without such noise.
    floor : float
        The standard deviation at x = ``removed``, that of additive noise.
    """

    slopes: np.ndarray
    intercept: float
    centers: np.ndarray
    center: float
    excess: float
    removed: np.ndarray
    own: np.ndarray | None = None
    floor: float = 0.0

    def mean(self, X: np.ndarray) -> np.ndarray:
        """The mean prediction E f at the rows of X.

        Parameters
        ----------
        X : ndarray
            Float64 of shape (n, d), or sparse.

        Returns
        -------
        ndarray
            Float64 of shape (n,).
        """
        return self.center + self._deviation(X, self.centers)

    def std(self, X: np.ndarray) -> np.ndarray:
        """The standard deviation √Var f over the noise at the rows of X.

        Parameters
        ----------
        X : ndarray
            Float64 of shape (n, d), or sparse.

        Returns
        -------
        ndarray
            Float64 of shape (n,).
        """
        import numpy as np

        shared = self.excess * abs(self._deviation(X, self.removed))
        if self.own is None and not self.floor:
            return shared
        apart: Any = 0.0
        if self.own is not None:
            rows = X.toarray() if hasattr(X, "toarray") else np.asarray(X)
            apart = np.linalg.norm((rows - self.removed) * self.own, axis=1)
        return np.hypot(np.hypot(shared, apart), self.floor)

    def _deviation(self, X: Any, centers: np.ndarray) -> Any:
        if hasattr(X, "tocsr"):  # the difference would not be sparse
            return X @ self.slopes - centers @ self.slopes
        return (X - centers) @ self.slopes


def linear_map(data: Moments, net: Network, map_at: Callable[[int], list[arb]]) -> LinearMap:
    """The map of a stationary point of ``net`` from users' features to the users' target.

    ``map_at`` gives m to so many digits.  Slopes and intercept are the doubles next to the exact numbers.
    Where that cannot be told, for a number may lie in the middle between two doubles, or be 0, what is
    rounded is off by as much as an error of 10^-80 ‖m‖ in m makes, and is 0 if it is not told from 0.

    Raises :class:`InputError` beyond the range of doubles.

    >>> data = Moments.from_samples([[1], [2], [6]], [1, 3, 5], center=True)
    >>> found = linear_map(data, Network(0, decays=1), lambda digits: [arb(1) / 2])
    >>> found.slopes.tolist(), found.intercept, found.centers.tolist()
    ([0.5], 1.5, [3.0])
    """
    import numpy as np

    d = data.dimension
    subtracted = data.means or (Fraction(0),) * (d + 1)
    kept = _kept_means(data) if net.bias else (Fraction(0),) * (d + 1)
    *centers, center = (a + b for a, b in zip(subtracted, kept, strict=True))

    def slopes_of(m: list[arb]) -> list[arb]:
        return [x / ball(s).sqrt() for x, s in zip(m, data.metric, strict=True)]

    def numbers(digits: int) -> list[arb]:
        m = map_at(digits)
        with TURN, working_precision(carrying_bits(digits)):
            slopes = slopes_of(m)
            shift = sum((x * ball(mean) for x, mean in zip(slopes, centers, strict=True)), arb(0))
            return [*slopes, ball(center) - shift]

    *slopes, intercept = _rounded(numbers)
    m = map_at(FIRST_DIGITS)
    full, relative, _ = net.shares
    with TURN, working_precision(carrying_bits(FIRST_DIGITS)):
        middles = [nearest(ball(mean)) for mean in (*centers, center)]
        removed = [nearest(ball(mean)) for mean in subtracted[:-1]]
        excess = nearest(ball(full - 1).sqrt())
        pairs = zip(for_each(relative, d), slopes_of(m), strict=True)
        own = [nearest(ball(r).sqrt() * abs(w)) for r, w in pairs] if any(relative) else None
        floor = nearest(variance(net, m, [0] * d).nonnegative_part().sqrt())
    if not np.isfinite([*slopes, intercept, *middles, excess, *(own or ()), floor]).all():
        raise InputError(
            "the means or the slopes are beyond the range of double precision; rescale the data."
        )
    return LinearMap(
        np.array(slopes),
        intercept,
        np.array(middles[:-1]),
        middles[-1],
        excess,
        np.array(removed),
        None if own is None else np.array(own),
        floor,
    )


def best_bias(data: Moments, m: Sequence[arb], digits: int) -> arb:
    """ȳ - m·x̄ of the data as they are kept, for an end-to-end map m known to ``digits`` digits."""
    *features, target = _kept_means(data)
    with TURN, working_precision(carrying_bits(digits)):
        parts = zip(m, features, data.metric, strict=True)
        return ball(target) - sum((x * ball(mean) / ball(s).sqrt() for x, mean, s in parts), arb(0))


def _kept_means(data: Moments) -> tuple[Fraction, ...]:
    """E x and E y, which data that a free bias was solved for know."""
    assert data.first_moments is not None
    return data.first_moments


def _rounded(numbers: Callable[[int], list[arb]]) -> list[float]:
    """The doubles next to numbers that are known to any number of digits."""
    balls = sharpest(
        numbers, lambda found: all(map(_is_told, found)), start=FIRST_DIGITS, limit=LIMIT_DIGITS
    )
    return [0.0 if not _is_told(x) and x.contains(0) else nearest(x) for x in balls]


def _is_told(x: arb) -> bool:
    """Whether all of a ball rounds to one double."""
    with TURN, working_precision(carrying_bits(LIMIT_DIGITS)):
        return nearest(x.lower()) == nearest(x.upper())


def rows_of(X: Any, data: Moments) -> np.ndarray:
    """X as a float64 array of shape (n, d), each entry rounded once.

    X is anything that :meth:`Moments.from_samples` takes.  Columns of a data frame go by their names,
    whatever their order, where the moments know names; everything else by its place.  Raises
    :class:`InputError` for another number of features, for a missing column, and for entries that are no
    finite numbers.
    """
    import numpy as np

    names, frame = data.features, frame_of(X, "X")
    if frame is not None and hasattr(frame, "columns") and names != default_names(data.dimension):
        keys = {column_name(column): column for column in frame.columns}
        for name in names:
            require_column(list(keys), "X", name)
        X = frame.select([keys[name] for name in names])
    table = matrix_of(X, "X")
    if table.width != data.dimension:
        raise InputError(f"X has {table.width} columns; give the {data.dimension} features of the moments.")
    found = np.empty((table.rows, table.width))
    for start, stop in ranges(table.rows, table.width):
        first = 0
        for part in table.read(start, stop):
            found[start:stop, first : first + part.shape[1]] = _floats(part)
            first += part.shape[1]
    return found


def _floats(part: Columns) -> Any:
    if isinstance(part, Floats) or (isinstance(part, Integers) and not part.decimals):
        return part.values
    try:
        return [[float(x) for x in row] for row in part.fractions()]
    except OverflowError:
        told = "X holds a number beyond the range of double precision; rescale the data."
        raise InputError(told) from None
