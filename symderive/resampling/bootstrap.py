"""The bootstrap: how much the global minimum moves when the samples are drawn anew.

Each draw takes n of the n samples with replacement (B. Efron, *Bootstrap methods: another look at the
jackknife*, Annals of Statistics 7, 1979), which is a whole number of copies for every sample: its moments
are exact, and the network is solved and certified for them as for the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from symderive.arithmetic.exact import Exact, rational
from symderive.data.blocks import Block, Columns, Fractions, Integers
from symderive.data.moments import Moments
from symderive.data.reading.samples import samples_of
from symderive.errors import InputError
from symderive.landscape.solve import solve
from symderive.model.network import Network

if TYPE_CHECKING:
    import numpy as np

#: Fewest and most draws: a standard deviation takes two.
DRAWS = (2, 10**6)

#: Digits of each solve, which is what doubles hold.
DIGITS = 15


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """What B draws found; made by :func:`bootstrap`.

    Attributes
    ----------
    features : tuple of str
        Names of the d features.
    coef : ndarray of shape (B, d)
        The slopes of the global minimum of each draw in the units of the table, float64.
    intercept : ndarray of shape (B,)
        t - w·x̄ of each draw; see :mod:`symderive.landscape.prediction`.
    collapsed : ndarray of bool, shape (B,)
        In which draws the global minimum is the zero network alone.
    undecided : ndarray of bool, shape (B,)
        In which draws losses could not be told apart, so that the row is of one of several points.

    Notes
    -----
    Not promised: that the distribution is right where the minimum does not depend smoothly on the data.  At
    the transition, where the network collapses, the minimum jumps (depth ≥ 2) or has a kink (depth 1), and
    no bootstrap is consistent there: where a share of the draws collapses that is neither next to 0 nor
    next to 1, the draws are of two kinds, and a standard error or an interval that mixes them describes
    neither.  The shrinkage by the decay is no part of the spread either: intervals are around the network's
    map, not around that of least squares.
    """

    features: tuple[str, ...]
    coef: np.ndarray
    intercept: np.ndarray
    collapsed: np.ndarray
    undecided: np.ndarray

    @property
    def standard_errors(self) -> np.ndarray:
        """Standard deviation of each slope over the draws (divisor B - 1), shape (d,)."""
        errors: np.ndarray = self.coef.std(axis=0, ddof=1)
        return errors

    @property
    def collapse(self) -> float:
        """The share of the draws whose global minimum is the zero network."""
        return float(self.collapsed.mean())

    def interval(self, level: Exact = "0.95") -> tuple[np.ndarray, np.ndarray]:
        """Find percentile intervals of the slopes.

        Parameters
        ----------
        level : number or str
            The level of confidence, between 0 and 1.

        Returns
        -------
        low : ndarray of shape (d,)
            The lower ends.
        high : ndarray of shape (d,)
            The upper ends.

        Raises
        ------
        InputError
            For another level.
        """
        import numpy as np

        share = rational(level, "the level of confidence")
        if not 0 < share < 1:
            raise InputError(f"the level of confidence is {level}; give a number between 0 and 1.")
        tail = float((1 - share) / 2)
        low, high = np.quantile(self.coef, [tail, 1 - tail], axis=0)
        return low, high

    def __str__(self) -> str:
        low, high = self.interval()
        rows = [
            f"  {name}: standard error {error:.4g}, 95 % from {a:.4g} to {b:.4g}"
            for name, error, a, b in zip(self.features, self.standard_errors, low, high, strict=True)
        ]
        undecided = f", {int(self.undecided.sum())} undecided" * bool(self.undecided.any())
        head = f"Bootstrap of {len(self.coef)} draws, {self.collapse:.1%} collapsed{undecided}"
        return "\n".join([head, *rows])

    __repr__ = __str__


def bootstrap(
    net: Network,
    X: Any,
    y: Any,
    *,
    draws: int = 200,
    seed: int | None = 0,
    center: bool = False,
    standardize: bool = False,
    sample_weight: Any = None,
    features: Sequence[str] = (),
    progress: Callable[[float], None] | None = None,
) -> Bootstrap:
    """Draw the samples anew, with replacement, and solve the network for each draw.

    Parameters
    ----------
    net : Network
        A network with numbers and one output.
    X : array_like or table
        Samples of shape (n, d), as :meth:`Moments.from_samples` takes them; they are read once.
    y : array_like or str
        The n targets, or the name of their column.
    draws : int
        B, from 2 to 10^6; 200 do for standard errors, percentiles take 1000 or more.
    seed : int or None
        Of ``numpy.random.default_rng``; equal seeds give equal draws.  None draws anew every time.
    center : bool
        Whether to subtract means; those of a draw are its own.
    standardize : bool
        Whether to divide features by their standard deviations, too, those of the draw.
    sample_weight : array_like or str, optional
        Weights of the samples; a sample drawn k times has k times its weight.
    features : sequence of str
        Names of the features, where the table has none.
    progress : callable, optional
        Called with the share of the draws that are done.

    Returns
    -------
    Bootstrap
        Slopes of every draw, standard errors, and the share of draws that collapse.

    Raises
    ------
    InputError
        As ``from_samples`` and :func:`solve` do, also where a column is constant in a draw and is to be
        standardized.

    References
    ----------
    B. Efron, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7, 1979.

    Examples
    --------
    >>> from symderive import Network
    >>> X, y = [[1], [2], [3], [4], [5], [6]], [2, 3, 5, 4, 6, 8]
    >>> found = bootstrap(Network(1, widths=2, decays="1/10"), X, y, draws=20, center=True)
    >>> found.coef.shape, found.collapse, found.standard_errors.round(2).tolist()
    ((20, 1), 0.0, [0.21])
    """
    import numpy as np

    if isinstance(draws, bool) or not isinstance(draws, int) or not DRAWS[0] <= draws <= DRAWS[1]:
        raise InputError(f"draws is {draws!r}; give a whole number from {DRAWS[0]} to {DRAWS[1]}.")
    table = samples_of(X, y, features=features, sample_weight=sample_weight)
    blocks = tuple(table.blocks)
    count = sum(block.rows for block in blocks)
    random = np.random.default_rng(seed)
    coef, intercept, collapsed, undecided = [], [], [], []
    for draw in range(1, draws + 1):
        drawn = _drawn(blocks, random.multinomial(count, np.full(count, 1 / count)))
        try:
            data = Moments.from_table(replace(table, blocks=drawn), center=center, standardize=standardize)
        except InputError as error:
            raise InputError(f"in draw {draw} of {draws}: {error}") from None
        landscape = solve(net, data, digits=DIGITS)
        minimum = landscape.global_minimum
        found = landscape.linear_map(minimum.index)
        coef.append(found.slopes)
        intercept.append(found.intercept)
        collapsed.append(minimum.index is None)
        undecided.append(minimum.tie is None)
        if progress is not None:
            progress(draw / draws)
    return Bootstrap(
        table.features, np.array(coef), np.array(intercept), np.array(collapsed), np.array(undecided)
    )


def _drawn(blocks: Sequence[Block], copies: np.ndarray) -> Iterator[Block]:
    """The blocks, each sample as often as it was drawn."""
    start = 0
    for block in blocks:
        times = copies[start : start + block.rows]
        start += block.rows
        weights: Columns = Integers(times[:, None])
        if block.weights is not None:
            pairs = zip(times.tolist(), block.weights.fractions(), strict=True)
            weights = Fractions([[k * weight] for k, (weight,) in pairs])
        yield replace(block, weights=weights)
