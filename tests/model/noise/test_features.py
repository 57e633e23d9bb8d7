"""Noise of the features: their moments by enumeration, one variance for all and one for each."""

from fractions import Fraction

import pytest

from symderive import Network
from symderive.formulas.loss import expected_loss
from tests.oracles.symbolic_noise import enumerated_moments, outer, run, symbolic_loss
from tests.oracles.two_point_noise import enumerated_loss

SAMPLES = [([Fraction(1), Fraction(-2)], Fraction(1)), ([Fraction(1, 2), Fraction(3)], Fraction(-1))]
WEIGHTS = [[[Fraction(1), Fraction(2)]], [[Fraction(3)]]]
CASES = [("1/4", 0), (0, "9/4"), (["1/4", 1], 0), (["1/4", 1], [0, "9/4"])]


def net(factor, added, **other):
    return Network(1, widths=1, decays="1/3", feature_noise=factor, feature_jitter=added, **other)


def test_the_moments_are_the_average():
    x = [Fraction(3), Fraction(-2)]
    program = expected_loss(net(["1/4", 1], ["9/4", 4]))
    found = run(program, net(0, 0), WEIGHTS, [(x, Fraction(1))])[program.steps[0][0]].tolist()

    def noisy(e):
        factors, added = (1 + Fraction(e[0], 2), 1 + e[1]), (Fraction(3, 2) * e[2], 2 * e[3])
        return [f * t + s for f, t, s in zip(factors, x, added, strict=True)]

    assert found == enumerated_moments(4, noisy)
    assert found != outer(x)


@pytest.mark.parametrize(("factor", "added"), CASES)
def test_the_loss_is_the_average(factor, added):
    noisy = net(factor, added, weight_noise=["4/9", 0])
    expected = enumerated_loss(noisy, WEIGHTS, SAMPLES)
    assert symbolic_loss(noisy, WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(net(added, factor, weight_noise=["4/9", 0]), WEIGHTS, SAMPLES) != expected


def test_the_reduced_problem_is_one_on_other_data():
    assert net(["1/4", 1], 2).noise_factors == (1, 0)
    assert net(["1/4", 1], 2).shares == (1, (Fraction(1, 4), 1), (2, 2))
