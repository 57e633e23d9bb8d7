"""The number of roots of φ = τ, and so of stationary points m ≠ 0, at every value of the decays.

φ does not depend on the decays and τ^D = γ_u Π γ_i, so that the number changes exactly at the critical
values of φ, which :mod:`symderive.thresholds.critical_points` certifies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from flint import arb

from symderive.arithmetic.exact import TURN, ball, decimal, working_precision
from symderive.data.interface import Data
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.thresholds.critical_decay import LIMIT_DIGITS, value_bits
from symderive.thresholds.critical_points import critical_points


@dataclass(frozen=True, eq=False)
class CountInterval:
    """Decay products between two balls, where the number of roots of φ = τ is the same.

    Attributes
    ----------
    lower : arb or None
        The lower end; None for 0.
    upper : arb or None
        The upper end; None for infinity.
    count : int
        The number of roots for every γ_u Π γ_i strictly between the two balls.
    """

    lower: arb | None
    upper: arb | None
    count: int


@dataclass(frozen=True, eq=False)
class RootCounts:
    """The number of roots as a function of the decay product; made by :func:`root_counts`.

    Every count is certified.

    Attributes
    ----------
    depth : int
        D.
    digits : int
        Digits that were asked for.
    intervals : tuple of CountInterval
        From small decay products to large ones.
    separated : bool
        False where two critical values could not be told apart, or a cluster of critical points stayed
        undecided; nothing is claimed inside the balls.
    """

    depth: int
    digits: int
    intervals: tuple[CountInterval, ...]
    separated: bool

    def at(self, decay_product: Fraction) -> int | None:
        """Look the count at a decay product up.

        Parameters
        ----------
        decay_product : Fraction
            γ_u Π γ_i.

        Returns
        -------
        int or None
            The count; None inside a ball between two intervals.
        """
        with TURN, working_precision(value_bits(self.digits)):
            value = ball(decay_product)
            for interval in self.intervals:
                above = interval.lower is None or value > interval.lower
                if above and (interval.upper is None or value < interval.upper):
                    return interval.count
        return None

    def __str__(self) -> str:
        lines = [f"{'decay product':>40}  {'common decay':>30}  roots"]
        for interval in self.intervals:
            if interval.upper is None:
                lines.append(f"{'above':>40}  {'above':>30}  {interval.count}")
                continue
            with TURN, working_precision(value_bits(self.digits)):
                common = interval.upper.root(self.depth + 1)
            texts = [decimal(x, min(self.digits, 20)) for x in (interval.upper, common)]
            lines.append(f"{'up to ' + texts[0]:>40}  {'up to ' + texts[1]:>30}  {interval.count}")
        if not self.separated:
            lines.append("Some changes could not be told apart; nothing is claimed between them.")
        return "\n".join(lines)


def root_counts(net: Network, data: Data, *, digits: int = 30) -> RootCounts:
    """Count the roots of φ = τ, and so the stationary points m ≠ 0, for every product of the decays.

    Parameters
    ----------
    net : Network
        A network with at least one hidden layer; its decays do not enter.
    data : Data
        :class:`Moments` or a :class:`Spectrum`, with v ≠ 0.
    digits : int
        Digits to which each change is enclosed.

    Returns
    -------
    RootCounts
        The counts.  The number changes by two at every maximum and minimum of φ, and by one at ‖v‖² at D =
        1.

    Raises
    ------
    InputError
        For a symbolic network, one without hidden layers, and v = 0.

    Notes
    -----
    Not promised: the number exactly at a change; a double root there is not counted.

    Examples
    --------
    >>> from fractions import Fraction
    >>> from symderive import Network, Spectrum
    >>> two = Spectrum.of([1, 400], ["1/100", "49/100"])
    >>> counts = root_counts(Network(2, widths=1, decays=1), two, digits=10)
    >>> [(interval.count, counts.at(Fraction(1, 50**3))) for interval in counts.intervals]
    [(2, 4), (4, 4), (2, 4), (0, 4)]
    """
    equation = ScalarEquation.of(net, data)
    if equation.depth == 0 or equation.data.v_norm_squared == 0:
        raise InputError("root counts take a hidden layer and data with v ≠ 0; here there is no equation.")
    if equation.depth == 1:
        with TURN, working_precision(value_bits(digits)):
            edge = ball(equation.data.v_norm_squared)
        return RootCounts(1, digits, (CountInterval(None, edge, 1), CountInterval(edge, None, 0)), True)
    carried = digits + len(str(equation.depth))  # a relative error of a product is D times that of a height
    while True:
        found = critical_points(equation, 2, digits=carried)
        with TURN, working_precision(value_bits(carried)):
            heights = [equation.depth * place.value for place in found.in_order()]
            levels = _distinct(heights)
        separated = found.complete and len(levels) == len(heights)
        if separated or carried >= LIMIT_DIGITS:
            break
        carried = LIMIT_DIGITS
    with TURN, working_precision(value_bits(carried)):
        ranks = [next(i for i, x in enumerate(levels) if x.overlaps(height)) for height in heights]
        edges = [None, *(level.exp() for level in levels), None]
    # φ → 0 at both ends; a value between two levels is taken once on every way from below to above it.
    ways = list(pairwise([-1, *ranks, -1]))
    intervals = tuple(
        CountInterval(lower, upper, sum((a < level) != (b < level) for a, b in ways))
        for level, (lower, upper) in enumerate(pairwise(edges))
    )
    return RootCounts(equation.depth, digits, intervals, separated)


def _distinct(values: Sequence[arb]) -> list[arb]:
    """The values in increasing order, those that overlap united."""
    united: list[arb] = []
    for value in sorted(values, key=lambda x: x.lower()):
        if united and united[-1].overlaps(value):
            united[-1] = united[-1].union(value)
        else:
            united.append(value)
    return united
