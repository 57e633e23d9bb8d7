"""Rounding to doubles, and what it is said to cost, against exact fractions."""

import random
from fractions import Fraction
from math import inf, ldexp, nextafter

import pytest
from flint import arb

from symderive.arithmetic.doubles import distance, nearest, rounded, rounded_ball
from symderive.arithmetic.exact import TURN, ball, working_precision

U = Fraction(1, 2**53)


def test_fractions_are_rounded_to_nearest_and_the_error_is_one_unit():
    rng = random.Random(1)
    for _ in range(500):
        value = Fraction(rng.getrandbits(90) + 1, rng.getrandbits(70) + 1) * Fraction(10) ** rng.randint(
            -280, 280
        )
        found, error = rounded(value)
        assert error == (Fraction(found) != value)
        assert abs(Fraction(found) - value) <= error * U * min(value, Fraction(found))
        for other in (nextafter(found, 0), nextafter(found, inf)):
            assert abs(Fraction(other) - value) >= abs(Fraction(found) - value)
    assert rounded(Fraction(3, 8)) == (0.375, 0)
    assert rounded(Fraction(10) ** 400) == (inf, 0)


@pytest.mark.parametrize("value", [Fraction(1, 3) / 10**310, Fraction(1, 10**400)])
def test_what_has_no_relative_error_is_refused(value):
    with pytest.raises(ValueError, match="smallest normal"):
        rounded(value)
    with TURN, working_precision(100), pytest.raises(ValueError, match="smallest normal"):
        rounded_ball(ball(value))


def test_errors_of_balls_hold_for_their_ends():
    rng = random.Random(2)
    for _ in range(300):
        middle = ldexp(rng.random() + 0.5, rng.randint(-900, 900))
        radius = middle * 2.0 ** -rng.randint(30, 80)
        with TURN, working_precision(200):
            value = arb(middle) * (1 + arb(2) ** -60) + arb(0, radius)
            ends = [Fraction(nearest(end)) for end in (value.lower(), value.upper())]
            found, error = rounded_ball(value)
            far = Fraction(distance(value, found))
        for end in ends:
            off = abs(Fraction(found) - end)
            assert off <= error * U * min(end, Fraction(found)) + end * U  # the end is rounded here
            assert off <= far + end * U
        widest = max(abs(Fraction(found) - end) for end in ends)
        assert (error - 3) * U * ends[0] <= widest  # and the bounds are not generous
        assert far <= widest * (1 + 8 * U) + 2 * ends[1] * U
    with TURN, working_precision(100), pytest.raises(ValueError, match="may be 0"):
        rounded_ball(arb(1, 2))


def test_infinite_balls():
    assert distance(arb(0, inf), 1.0) == inf
    with TURN, working_precision(100):
        assert rounded_ball(arb(10) ** 400) == (inf, 0)
        assert nearest(-(arb(10) ** 400)) == -inf
