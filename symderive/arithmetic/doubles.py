"""Exact numbers and balls as doubles, with a bound on what rounding them costs.

Errors are relative, in units of u = 2^-53, and given as whole numbers that are no less: 0 says that the
double is the number itself.  A double below the smallest normal one has no relative error that is any good.
"""

from __future__ import annotations

import sys
from fractions import Fraction
from math import inf, ldexp, nextafter
from typing import Any

from flint import arb

from symderive.arithmetic.exact import TURN, exact_value, working_precision

#: Bits of a double's significand, which make u = 2^-53.
DOUBLE_BITS = 53

#: Doubles are less than two to this power.
LARGEST = 1024

#: Bits at which errors are bounded.
ERROR_BITS = 128


def nearest(value: arb) -> float:
    """The double nearest to the middle of a ball, infinite beyond their range."""
    mantissa, exponent = (int(x) for x in value.mid().man_exp())
    if mantissa.bit_length() + exponent > LARGEST:
        return inf if mantissa > 0 else -inf
    try:
        return ldexp(mantissa, exponent)
    except OverflowError:  # a mantissa that is too long, or a number that rounds to 2^1024
        middle = exact_value(value.mid())
    try:
        return float(middle)
    except OverflowError:
        return inf if mantissa > 0 else -inf


def length(values: Any) -> float:
    """The Euclidean norm of an array, in units of its largest entry: no square vanishes or overflows.

    >>> import numpy as np
    >>> length(np.array([3e-200, 4e-200])), length(np.zeros(2))
    (5e-200, 0.0)
    """
    import numpy as np

    largest = float(abs(values).max())
    return largest * float(np.linalg.norm(values / largest)) if 0 < largest < inf else largest


def rounded(value: Fraction) -> tuple[float, int]:
    """The nearest double and its error; infinite beyond the range of doubles, :class:`ValueError` below.

    >>> rounded(Fraction(1, 4)), rounded(Fraction(1, 10))
    ((0.25, 0), (0.1, 1))
    """
    try:
        found = value.numerator / value.denominator  # of whole numbers of any size, rounded once
    except OverflowError:
        return (inf if value > 0 else -inf), 0
    if Fraction(found) == value:
        return found, 0
    _require_normal(found)
    return found, 1


def rounded_ball(value: arb) -> tuple[float, int]:
    """The double nearest to the middle of a ball, and an error that holds for all of the ball.

    Raises :class:`ValueError` where no such error is known: for a ball around 0, or a double that is not
    normal.

    >>> with TURN, working_precision(100):
    ...     rounded_ball(arb(2).sqrt()), rounded_ball(arb(1, 2.0**-50))
    ((1.4142135623730951, 1), (1.0, 9))
    """
    found = nearest(value)
    if found in (inf, -inf):
        return found, 0
    _require_normal(found)
    with TURN, working_precision(ERROR_BITS):
        # Relative to the smaller of the two, so that it does not matter what an error is relative to.
        distance = abs(value - arb(found)).abs_upper()
        smaller = min(abs(value).abs_lower(), abs(arb(found)))
        if not smaller > 0:
            raise ValueError(f"{value} has no relative error: it may be 0")
        share = distance / smaller * arb(2) ** DOUBLE_BITS
        return found, int(share.abs_upper().ceil().unique_fmpz())


def distance(value: arb, found: float) -> float:
    """A double that is no less than |x - ``found``| for every x of a ball.

    >>> with TURN, working_precision(100):
    ...     distance(arb(1) / 3, 1 / 3) <= 2.0**-54, distance(arb(1), 1.0)
    (True, 0.0)
    """
    with TURN, working_precision(ERROR_BITS):
        bound = abs(value - arb(found)).abs_upper()
        if not bound.is_finite():
            return inf
        return nextafter(nearest(bound), inf) if bound > 0 else 0.0


def _require_normal(found: float) -> None:
    if not abs(found) >= sys.float_info.min:
        raise ValueError(f"{found} is below the smallest normal double, where rounding is not relative")
