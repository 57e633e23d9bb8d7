"""Noise of neurons, in groups or each its own: the moment step and the transfer factor by enumeration."""

from fractions import Fraction

import pytest

from symderive.model.noise import NeuronNoise
from symderive.model.noise.transfer import transfer_matrix
from tests.oracles.symbolic_noise import enumerated_moments, least_moments, moment_step, outer

SIGMA, WIDTH = Fraction(3, 2), 4
UNEVEN = [Fraction(1), Fraction(-2), Fraction(3), Fraction(5, 2)]


def noise(groups):
    return NeuronNoise((SIGMA**2,), (Fraction(groups),), (Fraction(WIDTH),))


def enumerated(groups, h):
    size = WIDTH // groups
    return enumerated_moments(groups, lambda e: [(1 + SIGMA * e[j // size]) * x for j, x in enumerate(h)])


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_the_step_is_the_average(groups):
    assert moment_step(noise(groups), outer(UNEVEN)) == enumerated(groups, UNEVEN)
    assert moment_step(noise(4 if groups < 4 else 2), outer(UNEVEN)) != enumerated(groups, UNEVEN)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_equal_neurons_attain_the_factor_and_others_are_above(groups):
    """Of neurons that add up to q, none has smaller X and Y than equal ones have, T (q², ·)."""
    (a, _), (c, _) = transfer_matrix([noise(groups)], Fraction(WIDTH), 1)
    q = sum(UNEVEN)
    assert least_moments(enumerated(groups, [q / WIDTH] * WIDTH)) == (a * q**2, c * q**2)
    above, diagonal = least_moments(enumerated(groups, UNEVEN))
    assert (above > a * q**2) == (groups > 1)
    assert diagonal > c * q**2
