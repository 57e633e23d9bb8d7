"""Noise of single weights: the moment step and the two noise factors by enumeration."""

from fractions import Fraction

import pytest

from symderive import Network, reduce
from symderive.model.noise import WeightNoise
from symderive.model.noise.transfer import noise_factors, weight_variance
from tests.oracles.symbolic_noise import enumerated_moments, moments, symbolic_gradient, symbolic_loss
from tests.oracles.two_point_noise import enumerated_loss

SAMPLES = [([Fraction(1), Fraction(-2)], Fraction(1)), ([Fraction(1, 2), Fraction(3)], Fraction(-1))]
WEIGHTS = [[[Fraction(1), Fraction(2)], [Fraction(-1), Fraction(1, 2)]], [[Fraction(3), Fraction(1)]]]


def net(*variances, noise=1):
    depth = len(variances) - 1
    return Network(depth, widths=2, decays="1/3", noise=noise if depth else None, weight_noise=variances)


@pytest.mark.parametrize("variances", [("1/4", 0), (0, "9/4"), ("1/4", 1)])
def test_the_step_is_the_average(variances):
    expected = enumerated_loss(net(*variances), WEIGHTS, SAMPLES)
    assert symbolic_loss(net(*variances), WEIGHTS, SAMPLES) == expected
    assert symbolic_loss(net(*variances[::-1]), WEIGHTS, SAMPLES) != expected


def test_the_gradient_is_that_of_the_average():
    """In every weight the loss is a parabola, whose differences are exact."""
    found = symbolic_gradient(net("1/4", 1), WEIGHTS, SAMPLES)

    def shifted(layer, step):
        changed = [[list(row) for row in W] for W in WEIGHTS]
        changed[layer][0][1] += step
        return enumerated_loss(net("1/4", 1), changed, SAMPLES)

    for layer in (0, 1):
        assert found[layer][0, 1] == (shifted(layer, 1) - shifted(layer, -1)) / 2
    assert symbolic_gradient(net("1/4", 0), WEIGHTS, SAMPLES)[0][0, 1] != found[0][0, 1]


def test_equal_layers_attain_the_factors_and_a_product_does_not():
    """E f² of W_1 = 1 mᵀ/2, U = 1 is mᵀBm; 1 + ω²/(d_i d_{i-1}) for each layer is not."""
    m, noisy = [Fraction(3), Fraction(-1)], net("1/4", 1)
    weights = [[[t / 2 for t in m]] * 2, [[Fraction(1)] * 2]]
    nothing = [(x, Fraction(0)) for x, _ in SAMPLES]
    decay = sum(
        g * sum(w * w for row in W for w in row) for g, W in zip(noisy.decays, weights, strict=True)
    )
    second = enumerated_loss(noisy, weights, nothing) - decay
    A = next(value for name, value in moments(SAMPLES).items() if str(name) == "A")
    whole = sum(m[j] * A[j][k] * m[k] for j in range(2) for k in range(2))
    diagonal = sum(m[j] ** 2 * A[j][j] for j in range(2))
    full, own = noise_factors(noisy.noises, noisy.widths)
    assert second == full * whole + own * diagonal
    assert tuple(reduce(noisy).noise_factors) == (full, own)
    assert second != (1 + Fraction(1, 4) / 4) * (1 + Fraction(1, 2)) * Fraction(3, 2) * whole


def test_two_factors_of_a_weight_are_one():
    twice = [WeightNoise((Fraction(1),)), WeightNoise((Fraction(1, 4),))]
    ((second,),) = enumerated_moments(2, lambda e: [(1 + e[0]) * (1 + Fraction(e[1], 2))])
    assert 1 + weight_variance(twice, 1) == second
    assert second != 1 + Fraction(1) + Fraction(1, 4)
