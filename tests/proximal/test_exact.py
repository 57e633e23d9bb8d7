"""The proximal operator in balls: against mpmath's own minimum, with exact ties."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest
from oracles.sampled import some

import symderive
from symderive.errors import InputError
from symderive.proximal.exact import prox, threshold

DIGITS = 30
NEAR = mpmath.mpf(10) ** (3 - DIGITS)


def number(ball):
    return mpmath.mpf(ball.str(DIGITS + 5, radius=False))


def objective(z, x, weight, power):
    return (z - x) ** 2 / 2 + weight * abs(z) ** power


def least(x, weight, power):
    """(z, value) of the least of |x| > 0: 0, or the larger zero of the derivative, found by bisection."""
    x, weight, power = (mpmath.mpf(v.numerator) / v.denominator for v in map(Fraction, (x, weight, power)))
    at_zero = mpmath.mpf(0), objective(0, x, weight, power)

    def slope(z):
        return z - x + weight * power * z ** (power - 1)

    # Convex for z above (ω q(1-q))^{1/(2-q)}, where its slope is least.
    low = (weight * power * (1 - power)) ** (1 / (2 - power)) if power < 1 else mpmath.mpf(10) ** -40
    if slope(low) >= 0:
        return at_zero
    high = x
    for _ in range(180):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return min(at_zero, (low, objective(low, x, weight, power)), key=lambda pair: pair[1])


CASES = [
    (x, weight, power)
    for power in ("2", "1", "2/3", "1/2", "2/5", "1/4", "2/51")
    for x in ("1/10", "1", "3/2", "17/7", "40")
    for weight in ("1/100", "1/2", "1", "9/4")
]


@pytest.mark.parametrize("case", some(CASES, 5, 2), ids=str)
def test_it_is_the_least_of_all(case):
    x, weight, power = case
    with mpmath.workdps(DIGITS + 15):
        z, value = least(*case)
        found = prox(x, weight, power=power, digits=DIGITS)
        assert found.is_tie or abs(number(found.value) - z) < NEAR * (1 + z)
        assert abs(number(found.objective) - value) < NEAR * (1 + value)
        other = prox(x, Fraction(weight) * Fraction(1001, 1000), power=power, digits=DIGITS)
        assert abs(number(other.objective) - value) > 1e-9 or other.value == 0
        mirrored = prox(-Fraction(x), weight, power=power, digits=DIGITS)
        assert number(mirrored.value) == -number(found.value)


def test_ties_are_told_exactly():
    """At depth 3 and ω = 1 the threshold is 3/2, where z = 0 and z = 1 both cost 9/8."""
    tie = prox("3/2", 1, depth=3)
    assert tie.is_tie
    assert [float(z) for z in tie.minimizers] == [0.0, 1.0]
    assert float(tie.value) == 0
    assert float(tie.objective) == 9 / 8
    little = Fraction(1, 10**40)
    above, below = (prox(Fraction(3, 2) + sign * little, 1, depth=3, digits=50) for sign in (1, -1))
    assert not above.is_tie
    assert not below.is_tie
    assert float(above.value) == 1
    assert below.value == 0
    # At depth 1 the map is continuous, and nothing ties.
    assert prox(1, 1, depth=1).minimizers == prox("1/2", 1, depth=1).minimizers == (0,)


def test_thresholds_part_zero_from_the_rest():
    for depth in (1, 2, 3, 10, 1000):
        at = threshold("7/3", depth=depth)
        with mpmath.workdps(40):
            size = Fraction(round(float(at.value()) * 10**12), 10**12)
        step = Fraction(1, 10**9)
        assert prox(size - step, "7/3", depth=depth).value == 0
        assert prox(size + step, "7/3", depth=depth).value > 0
        assert prox(size, "7/3", depth=depth).threshold == at


def test_groups_shrink_along_themselves():
    """‖(3, 4)‖ = 5."""
    group, alone = prox([3, 4], 2, power="1/2"), prox(5, 2, power="1/2")
    assert group.shrinkages[0].overlaps(alone.shrinkages[0])
    assert float(group.value[0]) == pytest.approx(float(alone.value) * 3 / 5, rel=1e-15)
    # An irrational norm, √2.
    two = prox([1, 1], "1/10", depth=2)
    with mpmath.workdps(45):
        size = mpmath.sqrt(2)
        z = number(two.value[0]) * size
        assert abs(z - size + mpmath.mpf(1) / 15 * z ** (-mpmath.mpf(1) / 3)) < NEAR
        assert abs(z - size + mpmath.mpf(1) / 15 * z ** (-mpmath.mpf(1) / 2)) > 1e-6
    assert prox([0, 0], 1, depth=2).value == (0, 0)
    assert prox([1, -1], 9, depth=2).value == (0, 0)


def test_no_weight_and_no_hidden_layer():
    assert float(prox("7/2", 0, depth=3).value) == 3.5
    assert prox("7/2", 0, depth=3).objective == 0
    assert float(prox(3, 1, depth=0).value) == 1
    assert prox(3, 1, depth=0).threshold is None
    assert prox(0, 1, depth=0).value == 0


@pytest.mark.parametrize(
    "arguments",
    [
        {"x": 1, "weight": -1, "depth": 2},
        {"x": 1, "weight": 1},
        {"x": 1, "weight": 1, "depth": 2, "power": "2/3"},
        {"x": 1, "weight": 1, "power": "3/4"},
        {"x": 1, "weight": 1, "power": 0},
        {"x": 1, "weight": 1, "depth": -1},
        {"x": 1, "weight": 1, "depth": True},
        {"x": [], "weight": 1, "depth": 2},
        {"x": float("nan"), "weight": 1, "depth": 2},
        {"x": "one", "weight": 1, "depth": 2},
        {"x": 1, "weight": 1, "depth": 2, "digits": 0},
        {"x": b"12", "weight": 1, "depth": 2},
        {"x": bytearray(b"1"), "weight": 1, "depth": 2},
        {"x": 1, "weight": b"1", "depth": 2},
        {"x": 1, "weight": 1, "depth": 2.0},
        {"x": 1, "weight": 1, "depth": np.bool_(True)},
        {"x": 1, "weight": 1j, "depth": 2},
    ],
    ids=str,
)
def test_refused_in_one_sentence(arguments):
    with pytest.raises(InputError) as caught:
        prox(**arguments)
    assert len(str(caught.value)) < 300
    with pytest.raises(InputError):
        threshold(0, depth=2)
    assert symderive.prox is prox
