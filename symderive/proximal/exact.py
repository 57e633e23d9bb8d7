"""The proximal operator of ω‖z‖^q, q = 2/(D+1), of a number or a vector: certified digits, exact ties.

    prox(x) = argmin_z ½‖z - x‖² + ω‖z‖^{2/(D+1)}

is the problem of one feature without noise: z = x/(1 + ζ), where ζ is the stable solution of the isotropic
equation for ‖v‖ = ‖x‖, a = ρ = 1 and the mean decay 2ω/(D+1), or z = 0.  Which of them, and whether both,
is decided exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from operator import index
from typing import Any, SupportsIndex

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    Exact,
    ball,
    bits_for,
    check_digits,
    rational,
    working_precision,
)
from symderive.arithmetic.power_products import PowerProduct
from symderive.arithmetic.precision import GUARD_DIGITS
from symderive.effective_ridge.isotropic_equation import IsotropicEquation, exponent, transition
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError


@dataclass(frozen=True, eq=False)
class ProximalPoint:
    """What minimizes ½‖z - x‖² + ω‖z‖^q; made by :func:`prox`, its numbers are balls (``flint.arb``).

    Attributes
    ----------
    x : Fraction or tuple of Fraction
        The point, exact: a number, or the components of a vector.
    shrinkages : tuple of arb
        The factors z/x of all minimizers z, in increasing order: one, or 0 and another at a tie.
    threshold : PowerProduct or None
        The ‖x‖ up to which 0 is a minimizer, as an exact product of powers; None at depth 0, where 0
        minimizes at x = 0 alone, and at ω = 0.
    objective : arb
        The minimum; dimension of ‖x‖².
    bits : int
        Working precision of the balls.

    Examples
    --------
    >>> point = prox([3, 4], 1, power=1)
    >>> point.shrinkages[0].str(6, radius=False), [z.str(6, radius=False) for z in point.value]
    ('0.800000', ['2.40000', '3.20000'])
    """

    x: Fraction | tuple[Fraction, ...]
    shrinkages: tuple[arb, ...]
    threshold: PowerProduct | None
    objective: arb
    bits: int

    @property
    def is_tie(self) -> bool:
        """Whether ‖x‖ is exactly the threshold, so that 0 and another z are equally good; D ≥ 2."""
        return len(self.shrinkages) > 1

    @property
    def minimizers(self) -> tuple[arb | tuple[arb, ...], ...]:
        """All minimizers z, in increasing norm."""
        with TURN, working_precision(self.bits):
            if isinstance(self.x, Fraction):
                return tuple(share * ball(self.x) for share in self.shrinkages)
            return tuple(tuple(share * ball(x) for x in self.x) for share in self.shrinkages)

    @property
    def value(self) -> arb | tuple[arb, ...]:
        """The minimizer of least norm, which at a tie is 0."""
        return self.minimizers[0]


def prox(
    x: Exact | Iterable[Exact],
    weight: Exact,
    *,
    depth: SupportsIndex | None = None,
    power: Exact | None = None,
    digits: int = 30,
) -> ProximalPoint:
    """Proximal operator of ω‖z‖^{2/(D+1)} at a point, certified.

    All minimizers of ½‖z - x‖² + ω‖z‖^{2/(D+1)}, which is the problem of a network with D hidden layers and
    one feature.

    Parameters
    ----------
    x : number, str or iterable of these
        A number, or a list of numbers, whose ℓ_2 norm is meant (a group).  Exact: int, fraction or text; a
        float stands for its own value.
    weight : number or str
        ω ≥ 0, exact likewise.  Where the literature minimizes (z - x)² + λ|z|^q, give λ/2.
    depth : int, optional
        D, a whole number from 0; this or ``power``.
    power : number or str, optional
        The power q = 2/(D+1) in its place: 2 (ridge), 1 (soft thresholding), ``"2/3"``, ``"1/2"``,
        ``"2/5"``, …
    digits : int
        Digits to which shrinkages and objective are certified.

    Returns
    -------
    ProximalPoint
        The minimizers as balls, one, or two at a tie, which is told exactly.

    Raises
    ------
    InputError
        For numbers that are not rational, a negative weight, a vector without components, bytes, and a
        power that is not 2/(D+1).

    See Also
    --------
    prox_array : for arrays of doubles, quick and not certified.

    Examples
    --------
    >>> prox(2, "1/2", power="1/2").value.str(12, radius=False)
    '1.81440201858'
    >>> tie = prox("3/2", 1, depth=3)
    >>> tie.is_tie, [z.str(3, radius=False) for z in tie.minimizers]
    (True, ['0', '1.00'])
    """
    check_digits(digits)
    point, omega, depth = _point(x), rational(weight, "weight"), depth_of(depth, power)
    if omega < 0:
        raise InputError(f"weight is {omega}; give a number of at least 0.")
    square = point**2 if isinstance(point, Fraction) else sum((z**2 for z in point), Fraction(0))
    at = threshold(omega, depth=depth) if omega and depth else None
    bits = bits_for(digits + GUARD_DIGITS)
    if not omega or not square:
        kept = arb(1) if square or not omega else arb(0)
        return ProximalPoint(point, (kept,), at, arb(0), bits)
    equation = IsotropicEquation.of(depth, 1, square, _decay(omega, depth) ** (depth + 1))
    shares, objective = [], None
    if depth and equation.against_transition >= 0:
        with TURN, working_precision(bits):
            shares, objective = [arb(0)], ball(square) / 2
    if equation.has_global_minimum:
        bits = carrying_bits(digits)
        (found, *_) = equation.solutions(digits + GUARD_DIGITS)
        with TURN, working_precision(bits):
            shares.append(1 / (1 + found.ridge_ratio))
            objective = found.rest / 2 if objective is None else objective
    return ProximalPoint(point, tuple(shares), at, objective, bits)


def threshold(
    weight: Exact, *, depth: SupportsIndex | None = None, power: Exact | None = None
) -> PowerProduct:
    """The ‖x‖ up to which the proximal operator of ω‖z‖^{2/(D+1)} is 0, exactly.

    Parameters
    ----------
    weight : number or str
        ω > 0, exact as for :func:`prox`.
    depth, power : optional
        D ≥ 1, or the power 2/(D+1) in its place, as for :func:`prox`.

    Returns
    -------
    PowerProduct
        A product of rational powers, which compares exactly.

    Raises
    ------
    InputError
        For other numbers, as :func:`prox` does.

    Examples
    --------
    >>> threshold(1, depth=3).compare(PowerProduct.of((Fraction(3, 2), 1)))
    0
    """
    omega, depth = rational(weight, "weight"), depth_of(depth, power)
    if depth == 0 or omega <= 0:
        raise InputError(
            f"the weight is {omega} and the depth {depth}; there is a threshold from depth 1 on, for a"
            " positive weight."
        )
    # q = γ̄/‖x‖^t is that of the transition.
    return (_decay(omega, depth) * transition(depth) ** -1) ** (1 / exponent(depth))


def depth_of(depth: SupportsIndex | None, power: Exact | None) -> int:
    """D from itself or from the power 2/(D+1); :class:`InputError` for neither, both, and other powers."""
    if (depth is None) == (power is None):
        raise InputError("give either depth, a whole number from 0, or power, which is 2/(depth + 1).")
    if depth is not None:
        layers = whole(depth)
        if layers is None or layers < 0:
            raise InputError(f"depth is {depth!r:.60}; give a whole number from 0.")
        return layers
    q = rational(power, "power")
    if q <= 0 or (2 / q).denominator != 1:
        raise InputError(f"power is {q}; give 2/(D+1) for a whole D, such as 2, 1, 2/3, 1/2 or 2/5.")
    return int(2 / q) - 1


def whole(value: Any) -> int | None:
    """A whole number in Python's own, whoever made it; None for what is none, and for truth values."""
    try:
        return None if isinstance(value, bool) else index(value)
    except TypeError:
        return None


def _decay(omega: Fraction, depth: int) -> PowerProduct:
    """γ̄ = 2ω/(D+1)."""
    return PowerProduct.of((2 * omega / (depth + 1), 1))


def _point(x: Any) -> Fraction | tuple[Fraction, ...]:
    if isinstance(x, bytes | bytearray | memoryview):  # iterables of whole numbers
        raise InputError(f"x is {x!r:.60}, which are bytes; give a number, or text that is one.")
    if isinstance(x, str) or not isinstance(x, Iterable):
        return rational(x, "x")
    point = tuple(rational(z, f"component {at} of x") for at, z in enumerate(x, start=1))
    if not point:
        raise InputError("x has no components; give one number at least.")
    return point
