"""Additive noise on the last hidden layer: the loss by enumeration, and the decay that it comes to."""

from fractions import Fraction

import sympy as sp

from symderive import Network, reduce
from tests.oracles.symbolic_noise import symbolic_loss
from tests.oracles.two_point_noise import enumerated_loss

SAMPLES = [([Fraction(1), Fraction(-2)], Fraction(1))]
WEIGHTS = [[[Fraction(1), Fraction(2)], [Fraction(-1), Fraction(1, 2)]], [[Fraction(3), Fraction(1)]]]


def net(jitter, last=1, decay="1/3"):
    return Network(
        1, widths=2, decays=["1/3", decay], noise="1/4", weight_noise=[0, last], hidden_jitter=jitter
    )


def test_the_loss_is_the_average():
    expected = enumerated_loss(net("9/4"), WEIGHTS, SAMPLES)
    assert symbolic_loss(net("9/4"), WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(net("9/4", last=0), WEIGHTS, SAMPLES) != expected
    assert symbolic_loss(net(0), WEIGHTS, SAMPLES) != expected


def test_it_is_a_decay():
    """γ_u + s² (1 + ω_u²), and not γ_u + s²."""
    expected = symbolic_loss(net("9/4"), WEIGHTS, SAMPLES)
    decay = Fraction(1, 3) + Fraction(9, 4) * 2
    assert net("9/4").reduced_decays[-1] == decay
    assert symbolic_loss(net(0, decay=decay), WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(net(0, decay=Fraction(1, 3) + Fraction(9, 4)), WEIGHTS, SAMPLES) != expected
    assert sp.expand(reduce(net("9/4")).decay_level - sp.Rational(1, 3) * sp.Rational(29, 6)) == 0
