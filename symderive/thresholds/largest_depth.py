"""The largest depth at which the global minimum is not zero, all layers alike.

With a common decay γ and noise-to-width ratio y = σ²/N, so that ρ = (1 + y)^D, a minimum away from the
origin is as good as the origin at D ≥ 2 hidden layers iff

    h(D) = M(D) - D ln D - (D+1) ln γ - D(D-1) ln(1 + y) ≥ 0,
    M(D) = max_λ [ln λ + D ln vᵀ(A + λ)^{-1}v].

M is convex, a maximum of lines, and what is subtracted is convex too.  So between two depths h lies below
M's chord minus the rest, a *concave* function: its tangents at the two ends exclude whole intervals of
depths.  From some depth on h < 0, because vᵀ(A + λ)^{-1}v ≤ c a/(a + λ) for a ≥ a_max, which gives

    M(D) ≤ D ln c + ln a + (D-1) ln(D-1) - D ln D.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

from flint import arb

from symderive.arithmetic.exact import TURN, Exact, ball, rational, working_precision
from symderive.data.interface import Data
from symderive.effective_ridge.coincidences import MAX_DEPTH
from symderive.effective_ridge.resolvent import Resolvent, resolvent_of
from symderive.errors import InputError
from symderive.thresholds.critical_decay import FIRST_DIGITS, CriticalDecay, decided_sign, value_bits


def largest_depth(
    data: Data, *, decay: Exact, noise_to_width: Exact = 0, resolvent: Resolvent | None = None
) -> int | None:
    """Find the largest number of hidden layers with a global minimum that is not zero, all layers alike.

    Parameters
    ----------
    data : Data
        :class:`Moments` or a :class:`Spectrum`, with v ≠ 0.
    decay : number or str
        γ > 0 of every layer, exact.
    noise_to_width : number or str
        σ²/N ≥ 0 of every hidden layer, exact and dimensionless.
    resolvent : Resolvent, optional
        That of the data at ρ = 1, if it is at hand.

    Returns
    -------
    int or None
        The depth.  A depth D ≥ 2 at which zero is just as good counts.  None: a depth is so close to its
        threshold that neither 300 digits nor exact algebra decide.

    Raises
    ------
    InputError
        For a decay that is not positive, a negative ratio, and v = 0.

    Notes
    -----
    Not promised: that smaller depths do not collapse.  At D = 1 the minimum is not zero if and only if the
    decay is below ‖v‖; at D = 0 it never is.

    Examples
    --------
    >>> from symderive import Spectrum
    >>> largest_depth(Spectrum.of(["1/1000"], ["1/10"]), decay=1)
    86
    """
    gamma, ratio = rational(decay, "decay"), rational(noise_to_width, "noise_to_width")
    if gamma <= 0 or ratio < 0:
        raise InputError(
            f"decay is {gamma} and noise_to_width {ratio}; give a positive decay and a ratio of at least 0."
        )
    if data.v_norm_squared == 0:
        raise InputError("v is 0: the global minimum is zero at every depth.")
    return _DepthSearch(data, gamma, ratio, resolvent or resolvent_of(data, Fraction(1))).run()


@dataclass(frozen=True, eq=False)
class _Depth:
    """A depth with M(D) and h(D), balls, and the sign of h(D); None where it stays open."""

    depth: int
    height: arb
    excess: arb
    sign: int | None


@dataclass(frozen=True)
class _DepthSearch:
    """From the largest depths down, over intervals that are not excluded."""

    data: Data
    decay: Fraction
    ratio: Fraction
    resolvent: Resolvent

    def run(self) -> int | None:
        # h < 0 at the upper end of the last interval.
        intervals = [(self._at(2), self._at(self._bound()))]
        while intervals:
            low, high = intervals.pop()
            if low.sign is None:
                return None
            near = high.depth - low.depth == 1
            if low.sign >= 0:
                intervals.clear()
                if near:
                    return low.depth
            elif near or self._excludes(low, high):
                continue
            middle = self._at(_between(low.depth, high.depth))
            intervals += [(low, middle), (middle, high)]
        return int(self.decay**2 < self.data.v_norm_squared)

    def _logs(self) -> tuple[arb, arb]:
        """ln γ and ln(1 + y)."""
        return ball(self.decay).log(), ball(self.ratio).log1p()

    def _at(self, depth: int) -> _Depth:
        """M and h at a depth D ≥ 2."""
        critical = CriticalDecay(self.data, depth, "transition", self.resolvent)

        def excess(digits: int) -> arb:
            product = critical.log_product(digits)
            with TURN, working_precision(value_bits(digits + 2 * len(str(depth)))):
                log_decay, log_noise = self._logs()
                return product - (depth + 1) * log_decay - depth * (depth - 1) * log_noise

        sign: int | None = decided_sign(excess)
        if not sign and not (depth <= MAX_DEPTH and self._is_tie(critical)):
            sign = None
        with TURN, working_precision(value_bits(FIRST_DIGITS + 2 * len(str(depth)))):
            height = critical.log_product(FIRST_DIGITS) + depth * arb(depth).log()
        return _Depth(depth, height, excess(FIRST_DIGITS), sign)

    def _is_tie(self, critical: CriticalDecay) -> bool:
        depth = critical.depth
        return critical.is_met((1 + self.ratio) ** depth, self.decay ** (depth + 1))

    def _bound(self) -> int:
        """A depth from which on h < 0: its bound is concave, negative and falling there."""
        depth = 4
        while True:
            with TURN, working_precision(value_bits(2 * len(str(depth)))):
                log_decay, log_noise = self._logs()
                log_c, layers, rest = (
                    ball(self.data.c).log(),
                    arb(depth).log(),
                    arb(depth - 1).log(),
                )
                value = (
                    depth * log_c
                    + ball(self.resolvent.largest).log()
                    + (depth - 1) * rest
                    - 2 * depth * layers
                    - (depth + 1) * log_decay
                    - depth * (depth - 1) * log_noise
                )
                slope = log_c + rest - 2 * layers - 1 - log_decay - (2 * depth - 1) * log_noise
            if value < 0 and slope < 0:
                return depth
            depth *= 2

    def _excludes(self, low: _Depth, high: _Depth) -> bool:
        """Whether h < 0 on the whole interval, given that it is at both ends."""
        width = high.depth - low.depth
        with TURN, working_precision(value_bits(FIRST_DIGITS + 2 * len(str(high.depth)))):
            log_decay, log_noise = self._logs()
            chord = (high.height - low.height) / width
            first, last = (
                chord - arb(end.depth).log() - 1 - log_decay - (2 * end.depth - 1) * log_noise
                for end in (low, high)
            )
            if first < 0 or last > 0:
                return True
            # The tangents at the two ends meet at the distance t from the lower one.
            t = (high.excess - low.excess - last * width) / (first - last)
            return bool(low.excess + first * t < 0)


def _between(low: int, high: int) -> int:
    """A depth strictly between, on a logarithmic scale where the interval is wide."""
    return isqrt(low * high) if high > 4 * low else (low + high) // 2
