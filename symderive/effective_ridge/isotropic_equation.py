"""The isotropic equation ζ = q (1 + ζ)^t: how many solutions, which of them beats the origin, their values.

A feature, a whitened data set and a singular value of the map pose the same problem.  Where the signal s
(‖v‖, or a singular value) meets one scale (ρa, with Av = av), every stationary point m ≠ 0 is m = s/(scale
(1 + ζ)) in the direction of the signal, with the ridge λ = scale · ζ and

    ζ = q (1 + ζ)^t,   q^{D+1} = γ_u Π γ_i · scale^{D-1}/s^{2D},   t = 2D/(D+1).

Up to the spinodal q = R there is a stable solution, for D ≥ 2 a second one, the saddle, and at R the two
are one; up to the transition q = ((D-1)/D)^{(D-1)/(D+1)}/D the stable point is as good as the origin.  At D
= 1 both are q = 1, where m = 0; at D = 0 there is neither, and ζ = q.

The formulas are those of :mod:`symderive.formulas.isotropic`, the solutions the series of
:mod:`symderive.arithmetic.binomial_series`.  No search is made: q^{D+1} is a product of rational powers, or
a ball where s² is irrational.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from flint import arb

from symderive.arithmetic.binomial_series import SeriesValue, binomial_series, radius
from symderive.arithmetic.exact import TURN, ball, is_accurate, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.arithmetic.precision import GUARD_DIGITS, sharpen
from symderive.arithmetic.turns import cached_property
from symderive.data.output_moments import SingularSquare
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError

IsotropicBranch = Literal["stable", "saddle", "double"]

#: Bits at which an irrational s² is first enclosed where only a sign is asked for.
SIGN_BITS = 64


@dataclass(frozen=True, eq=False)
class IsotropicSolution:
    """A solution ζ and the scalars of its stationary point m = s/(scale (1 + ζ)); balls.

    Attributes
    ----------
    branch
        ``"stable"``, ``"saddle"``, or ``"double"`` at the spinodal, where the two meet.
    ridge_ratio
        ζ, dimensionless.
    ridge
        λ = scale · ζ.
    norm
        ‖m‖.
    layer_decay
        κ = λ‖m‖², the decay that the point costs each layer.
    gap
        What the point adds to the loss of the origin, exactly 0 at the transition.  It is a difference:
        close to the transition fewer of its digits are known than of the other values.
    rest
        s²/scale + gap > 0, what the point leaves of the loss s²/scale of the origin.
    series
        𝓑_t(q) = 1 + ζ, or 𝓑_{t'}(q') = 1 + 1/ζ on the saddle branch, and how it was computed.
    """

    branch: IsotropicBranch
    ridge_ratio: arb
    ridge: arb
    norm: arb
    layer_decay: arb
    gap: arb
    rest: arb
    series: SeriesValue

    def is_accurate(self, digits: int) -> bool:
        """Whether all values but the gap are known to ``digits`` digits."""
        values = (self.ridge_ratio, self.ridge, self.norm, self.layer_decay, self.rest)
        return all(is_accurate(x, digits) for x in values)


@dataclass(frozen=True)
class SquarePower:
    """A positive rational power of an irrational singular square."""

    square: SingularSquare
    exponent: Fraction

    def ball(self, bits: int) -> arb:
        """It to about ``bits`` bits."""
        with TURN, working_precision(bits):
            return self.square.ball(bits) ** ball(self.exponent)


@dataclass(frozen=True)
class IsotropicEquation:
    """The equation of one signal, exact; all its numbers are positive, and D ≥ 0.

    Attributes
    ----------
    depth
        D, of any size.
    scale
        ρa.
    signal_squared
        s² (‖v‖² of one output); a :class:`SingularSquare`, or a power of one, where it is irrational.
    decay_product
        γ_u Π γ_i.

    Make one with :meth:`of`.

    >>> tie = IsotropicEquation.of(2, 1, 1, Fraction(1, 16))
    >>> tie.branches, tie.against_transition, tie.has_global_minimum
    (('stable', 'saddle'), 0, True)
    >>> [found.ridge_ratio.str(8, radius=False) for found in tie.solutions(8)]
    ['1.0000000', '11.444525']
    """

    depth: int
    scale: PowerProduct
    signal_squared: PowerProduct | SingularSquare | SquarePower
    decay_product: PowerProduct

    @classmethod
    def of(
        cls,
        depth: int,
        scale: Fraction | int | PowerProduct,
        signal_squared: Fraction | int | PowerProduct | SingularSquare | SquarePower,
        decay_product: Fraction | int | PowerProduct,
    ) -> IsotropicEquation:
        """From rational numbers or products of their powers.

        Raises :class:`InputError` for a number that is not positive.
        """
        if isinstance(signal_squared, SingularSquare) and (s2 := signal_squared.rational) is not None:
            signal_squared = s2
        if not isinstance(signal_squared, SingularSquare | SquarePower):
            signal_squared = _product(signal_squared)
        return cls(depth, _product(scale), signal_squared, _product(decay_product))

    @cached_property
    def q(self) -> PowerProduct:
        """The dimensionless decay q; :class:`InputError` for an irrational s², see :meth:`log_q`."""
        if not isinstance(self.signal_squared, PowerProduct):
            raise InputError("the signal is irrational, so that its q is no product of rational powers.")
        power = self.decay_product * self.scale ** (self.depth - 1) * self.signal_squared**-self.depth
        return power ** Fraction(1, self.depth + 1)

    def log_q(self, bits: int) -> arb:
        """ln q at a precision of ``bits`` bits, for any signal."""
        with TURN, working_precision(bits):
            power = self.decay_product.log() + (self.depth - 1) * self.scale.log()
            return (power - self.depth * self.signal_ball(bits).log()) / (self.depth + 1)

    def signal_ball(self, bits: int) -> arb:
        """s² at a precision of ``bits`` bits."""
        if not isinstance(self.signal_squared, PowerProduct):
            return self.signal_squared.ball(bits)
        with TURN, working_precision(bits):
            return self.signal_squared.value()

    def compare(self, threshold: PowerProduct) -> int:
        """The sign of q - threshold, exact: -1, 0 or 1.

        It is not 0 for an irrational s² and D ≥ 1.  The conjugates of s² are squares of singular values,
        hence positive; were a power of s² rational, all of them would have the absolute value of s².
        """
        if isinstance(self.signal_squared, PowerProduct):
            return self.q.compare(threshold)

        def sign(bits: int) -> int | None:
            with TURN, working_precision(bits):
                difference = self.log_q(bits) - threshold.log()
            return 1 if difference > 0 else -1 if difference < 0 else None

        return sharpen(sign, start=SIGN_BITS + 2 * self.depth.bit_length())

    @cached_property
    def against_spinodal(self) -> int:
        """The sign of q - R; -1 at D = 0, where the one solution is never lost."""
        return self.compare(spinodal(self.depth)) if self.depth else -1

    @cached_property
    def against_transition(self) -> int:
        """The sign of q less that of the transition, which is the sign of the stable gap; -1 at D = 0."""
        return self.compare(transition(self.depth)) if self.depth else -1

    @property
    def branches(self) -> tuple[IsotropicBranch, ...]:
        """The solutions that exist, in increasing order: none, one or two."""
        if self.depth < 2:
            return ("stable",) if self.against_spinodal < 0 else ()
        place = self.against_spinodal
        return () if place > 0 else ("stable", "saddle") if place else ("double",)

    @property
    def is_tie(self) -> bool:
        """Whether the stable point has exactly the loss of the origin; at D = 1 it then is the origin."""
        return self.depth > 1 and self.against_transition == 0

    @property
    def has_global_minimum(self) -> bool:
        """Whether a point other than the origin attains the least loss; a tie counts."""
        return self.against_transition < 0 or self.is_tie

    def solutions(self, digits: int) -> tuple[IsotropicSolution, ...]:
        """The solutions in increasing order, every value but the gap to ``digits`` digits."""
        return tuple(self._solution(branch, digits) for branch in self.branches)

    def _solution(self, branch: IsotropicBranch, digits: int) -> IsotropicSolution:
        return sharpen(
            lambda bits: self._enclosed(branch, digits, bits),
            lambda found: found.is_accurate(digits),
            start=carrying_bits(digits),
        )

    def _enclosed(self, branch: IsotropicBranch, digits: int, bits: int) -> IsotropicSolution | None:
        """A solution at ``bits`` bits: all but the gap are sums of positive terms, of which none cancel."""
        series = self._series(branch, digits + GUARD_DIGITS, bits)
        if series is None:
            return None
        with TURN, working_precision(bits):
            zeta = 1 / series.excess if branch == "saddle" else series.excess
            scale = self.scale.value()
            ridge, norm_squared = scale * zeta, self.signal_ball(bits) / (scale * (1 + zeta)) ** 2
            taken = scale * norm_squared
            return IsotropicSolution(
                branch=branch,
                ridge_ratio=zeta,
                ridge=ridge,
                norm=norm_squared.sqrt(),
                layer_decay=ridge * norm_squared,
                gap=arb(0) if branch == "stable" and self.is_tie else taken * ((self.depth - 1) * zeta - 1),
                rest=taken * zeta * (zeta + self.depth + 1),
                series=series,
            )

    def _series(self, branch: IsotropicBranch, digits: int, bits: int) -> SeriesValue | None:
        """The series of a branch; None where ``bits`` bits leave an irrational s² on both sides of R."""
        is_saddle, irrational = branch == "saddle", not isinstance(self.signal_squared, PowerProduct)
        # The saddle's series is one in q' = q^{(D+1)/(D-1)}.
        power = Fraction(self.depth + 1, self.depth - 1) if is_saddle else Fraction(1)
        t = power + 1 if is_saddle else exponent(self.depth)
        with TURN, working_precision(bits):
            if self.depth == 0:
                return SeriesValue(self.log_q(bits).exp(), "closed", 0, bits)
            if not irrational:
                return binomial_series(t, self.q**power, digits=digits)
            log = ball(power) * self.log_q(bits)
            if not log < radius(t).log():
                return None
            return replace(binomial_series(t, log.exp(), digits=digits), bits=bits)


def exponent(depth: int) -> Fraction:
    """t = 2D/(D+1)."""
    return Fraction(2 * depth, depth + 1)


def spinodal(depth: int) -> PowerProduct:
    """R, the q at which the two solutions meet, for D ≥ 2; 1 at D = 1, where the solution is lost."""
    return radius(exponent(depth))


@lru_cache(maxsize=256)
def transition(depth: int) -> PowerProduct:
    """q at which the stable point has the loss of the origin: ((D-1)/D)^{(D-1)/(D+1)}/D; 1 at D = 1."""
    share = Fraction(depth - 1, depth)
    return PowerProduct.of((depth, -1), *([(share, Fraction(depth - 1, depth + 1))] if share else []))


def _product(number: Fraction | int | PowerProduct) -> PowerProduct:
    return number if isinstance(number, PowerProduct) else PowerProduct.of((number, 1))
