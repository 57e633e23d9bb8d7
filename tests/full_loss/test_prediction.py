"""Mean and variance of the prediction against averages over all dropout masks."""

import random
from fractions import Fraction

import pytest
from flint import arb
from oracles.dropout_masks import random_layers, variance_over_masks
from oracles.reduced_points import BITS, diagonal_data, stationary_point

from symderive import InputError, Moments, Network, solve
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.full_loss.layers import rebuild_layers
from symderive.full_loss.prediction import (
    average_variance,
    mean,
    variance,
    variance_bound,
    variance_of_layers,
)

A, V, C = [1, 400], ["1/10", "7/10"], 1
DROPOUT = ["1/3", "1/5", "1/2"]


@pytest.mark.parametrize("widths", [(), (1,), (3,), (2, 2), (1, 3), (2, 1, 2)])
def test_variance_of_any_layers_is_the_average_over_masks(widths):
    rng = random.Random(len(widths))
    rates = [Fraction(rate) for rate in DROPOUT[: len(widths)]]
    net = Network(len(widths), widths=widths, decays=1, dropout=rates)
    layers = random_layers(rng, (2, *widths, 1))
    x = [Fraction(2, 3), Fraction(-5, 4)]
    _, spread = variance_over_masks(layers, rates, x)
    assert variance_of_layers(net, layers, x).overlaps(ball(spread))
    wrong = Network(len(widths), widths=widths, decays=1, noise=2)
    assert not widths or not variance_of_layers(wrong, layers, x).overlaps(ball(spread))


def test_reduced_variance_is_the_variance_of_the_layers():
    net = Network(2, widths=(2, 3), decays="1/500", dropout=["1/3", "1/5"])
    point = stationary_point(net, A, V, C, 1e-12, 5)
    layers = rebuild_layers(net, point.map, point.layer_decay, signs=[[1, -1], None])
    x = [Fraction(3), Fraction(1, 7)]
    with TURN, working_precision(BITS):
        short = variance(net, point.map, x)
        assert short.overlaps(variance_of_layers(net, layers, x, bits=BITS))
        assert not (short * arb("1.0000001")).overlaps(variance_of_layers(net, layers, x, bits=BITS))
        assert mean(point.map, x).overlaps(3 * point.map[0] + point.map[1] / 7)


def test_average_variance_is_an_average_over_the_samples():
    X, y = [[1, 2], [3, 1], [0, 5]], [1, 0, 2]
    data = Moments.from_samples(X, y)
    net = Network(1, widths=4, decays=1, noise="1/2")
    m = [arb(1) / 3, arb(-2)]
    sample_mean = sum((variance(net, m, x) for x in X), arb(0)) / 3
    assert average_variance(net, data, m).overlaps(sample_mean)


def test_average_variance_in_standardized_features():
    X, y = [[1, 2], [3, 1], [0, 5]], [1, 0, 2]
    raw = Moments.from_samples(X, y, center=True)
    scaled = Moments.from_samples(X, y, standardize=True)
    net = Network(1, widths=4, decays=1, noise="1/2")
    m = [arb(1) / 3, arb(-2)]
    same = [x * ball(s).sqrt() for x, s in zip(m, scaled.metric, strict=True)]
    assert average_variance(net, scaled, same).overlaps(average_variance(net, raw, m))


def test_explained_is_invariant_and_serves_singular_data():
    X, y = [[1, 2, 3], [3, 1, 4], [0, 5, 5], [2, 2, 4]], [1, 0, 2, 1]  # column 3 = column 1 + column 2
    two = Moments.from_samples([row[:2] for row in X], y)
    assert Moments.from_samples(X, y).explained == two.explained
    plain = Moments.from_samples([row[:2] for row in X], y, center=True)
    assert Moments.from_samples([row[:2] for row in X], y, standardize=True).explained == plain.explained
    C, b = two.A, two.v
    assert two.explained == Fraction(str((b.T * C.inv() * b)[0, 0]))
    assert Moments.given([[0]], [0], 1).explained == 0


def test_the_bound_holds_and_is_met_without_decay():
    data = diagonal_data(A, V, C)
    for decay in ("1/500", "1/50000", "1/5000000"):
        net = Network(2, widths=(2, 3), decays=decay, noise=1)
        point = stationary_point(net, A, V, C, 1e-12, 5)
        assert average_variance(net, data, point.map) < ball(variance_bound(net, data))
    free = Network(1, widths=2, decays=0, noise=1)
    rho = free.noise_factor
    m = [ball(Fraction(y) / x / rho) for x, y in zip(A, V, strict=True)]
    assert average_variance(free, data, m).overlaps(ball(variance_bound(free, data)))
    assert variance_bound(Network(1, widths=2, decays=1), data) == 0


def test_wrong_lengths_are_named():
    net = Network(1, widths=1, decays=1)
    with pytest.raises(InputError, match="x has 1 entries and the network takes 2"):
        variance(net, [arb(1), arb(1)], [1])
    with pytest.raises(InputError, match="m has 1 entries and the data 2"):
        average_variance(net, diagonal_data(A, V, C), [arb(1)])
    with pytest.raises(InputError, match="W1 has shape 2 × 1; 1 × 1 fits"):
        variance_of_layers(net, [[[1], [1]], [1, 1]], [1])
    with pytest.raises(InputError, match=r"x\[0\] 'a' is not"):
        mean([arb(1)], ["a"])


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_collapsed_networks_have_no_variance_at_any_depth_under_noise_of_the_last_hidden_layer(depth):
    net = Network(depth, widths=2, decays=10, hidden_jitter="1/4", feature_jitter=1)
    data = Moments.from_samples([[1, 2], [3, 5]], [1, -1])
    assert average_variance(net, data, [arb(0), arb(0)]) == 0
    means, deviations = solve(net, data).predict([[3, 4]], index=None, return_std=True)
    assert solve(net, data).global_minimum.index is None
    assert (means.tolist(), deviations.tolist()) == ([0.0], [0.0])
    assert average_variance(net, data, [arb(1), arb(0)]) > 0
