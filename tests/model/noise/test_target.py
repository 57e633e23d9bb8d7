"""Noise on the target: the loss by enumeration; and the free bias, which is profiled out beside it."""

from fractions import Fraction

import pytest

from symderive import Network, reduce
from symderive import symbols as sy
from tests.oracles.symbolic_noise import symbolic_loss
from tests.oracles.two_point_noise import enumerated_loss

SAMPLES = [([Fraction(1), Fraction(-2)], Fraction(1)), ([Fraction(1, 2), Fraction(3)], Fraction(-3))]
WEIGHTS = [[[Fraction(1), Fraction(2)], [Fraction(-1), Fraction(1, 2)]], [[Fraction(3), Fraction(1)]]]


@pytest.mark.parametrize("bias", [False, True])
def test_the_loss_is_the_average(bias):
    def net(variance, free):
        return Network(1, widths=2, decays="1/3", noise="1/4", target_noise=variance, bias=free)

    expected = enumerated_loss(net("9/4", bias), WEIGHTS, SAMPLES)
    assert symbolic_loss(net("9/4", bias), WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(net("9/4", not bias), WEIGHTS, SAMPLES) != expected
    assert symbolic_loss(net(0, bias), WEIGHTS, SAMPLES) != expected


def test_the_reduced_problem_has_another_target():
    found = reduce(Network(1, widths=2, decays=1, target_noise=sy.q, bias=True))
    assert found.altered.c == sy.c + sy.q - sy.y_mean**2
    assert found.loss().has(sy.q)
    assert not reduce(Network(1, widths=2, decays=1)).loss().has(sy.q)
