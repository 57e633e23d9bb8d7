"""The loss at trained weights, against exact rational numbers."""

import random
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb
from oracles.dropout_masks import loss_over_masks
from oracles.sampled import some

from symderive import InputError, Moments, Network, Spectrum, diagnose, solve
from symderive.arithmetic.exact import exact_value
from symderive.training.measurement import Instrument, nonnegative

X = [[1, 0], [0, 20], [1, 1], [-1, 3], [2, -1], [0, 1]]
Y = [1, 2, -1, 0, 3, 1]


def encloses(found, truth):
    """Whether a ball holds a rational number, exactly."""
    return abs(exact_value(found.mid()) - truth) <= exact_value(found.rad())


def fractions_of(arrays):
    return [[[Fraction(x) for x in row] for row in W.tolist()] for W in arrays]


def loss_of(weights, biases, X, Y, decays):
    """The mean square error of the network with biases and the decay of the weights, in fractions."""
    total = Fraction(0)
    for x, y in zip(X, Y, strict=True):
        at = [Fraction(t) for t in x]
        for W, b in zip(weights, biases, strict=True):
            at = [
                sum((w * a for w, a in zip(row, at, strict=True)), start)
                for row, start in zip(W, b, strict=True)
            ]
        total += (at[0] - y) ** 2
    squares = (sum(w * w for row in W for w in row) for W in weights)
    return total / len(X) + sum(g * s for g, s in zip(decays, squares, strict=True))


def slope_square(loss, entries):
    """Σ (∂L/∂w)²: in every single number L is quadratic, so that a difference is the derivative."""
    total = Fraction(0)
    for table, at in entries:
        keep = table[at]
        table[at] = keep + 1
        above = loss()
        table[at] = keep - 1
        total += ((above - loss()) / 2) ** 2
        table[at] = keep
    return total


def _drawn(rng, sizes, scale=1.0):
    return [scale * rng.standard_normal((b, a)) for a, b in pairwise(sizes)]


@pytest.mark.parametrize("widths", [(), (3,), (3, 2)])
def test_loss_and_gradient_enclose_the_exact_ones(widths):
    """Without biases on moments as they are, and with them on centered ones."""
    rng = np.random.default_rng(len(widths))
    sizes = (2, *widths, 1)
    arrays = _drawn(rng, sizes)
    vectors = [rng.standard_normal(n) for n in sizes[1:]]
    decays = [Fraction(1, 50 + i) for i in range(len(arrays))]
    net = Network(len(widths), widths=widths, decays=decays)
    for center in (False, True):
        given = vectors if center else None
        found = Instrument(net, Moments.from_samples(X, Y, center=center), tuple(arrays), given).measure(
            256
        )
        weights = fractions_of(arrays)
        biases = [[Fraction(t) if center else Fraction(0) for t in b.tolist()] for b in vectors]

        def loss(weights=weights, biases=biases):
            return loss_of(weights, biases, X, Y, decays)

        entries = [(row, at) for W in weights for row in W for at in range(len(row))]
        if center:
            entries += [(b, at) for b in biases for at in range(len(b))]
        truth, slopes = loss(), slope_square(loss, entries)
        assert encloses(found.loss, truth)
        assert not encloses(found.loss, truth * (1 + Fraction(1, 10**40)))
        assert encloses(found.gradient_square, slopes)
        assert found.gradient_square.rad() < 1e-60


def test_noise_is_averaged_over_all_masks():
    rng = random.Random(5)
    rates, decays = (Fraction(1, 4), Fraction(1, 2)), [Fraction(1, 50)] * 3
    sizes = (2, 3, 2, 1)
    arrays = [
        np.array([[rng.randint(-9, 9) / 8 for _ in range(a)] for _ in range(b)]) for a, b in pairwise(sizes)
    ]
    net = Network(2, widths=(3, 2), decays=decays, dropout=rates)
    instrument = Instrument(net, Moments.from_samples(X, Y), tuple(arrays))
    weights = fractions_of(arrays)

    def loss():
        return loss_over_masks(weights, rates, X, Y, decays)

    truth = loss()
    entries = [(row, at) for W in weights for row in W for at in range(len(row))]
    slopes = slope_square(loss, entries)
    found, quick = instrument.measure(256), instrument.measure(0)
    assert encloses(found.loss, truth)
    assert encloses(found.gradient_square, slopes)
    assert encloses(quick.loss, truth)  # in floats, with their bound
    assert encloses(quick.gradient_square, slopes)
    assert found.loss.rad() < 1e-60 < quick.loss.rad()


def test_a_long_noisy_loss_is_measured_in_floats_first():
    net = Network(2, widths=200, decays=1, noise=1)
    instrument = Instrument(
        net, Moments.from_samples(X, Y), tuple(_drawn(np.random.default_rng(0), (2, 200, 200, 1)))
    )
    assert instrument.levels[0] == 0
    still = Network(2, widths=200, decays=1)
    assert Instrument(still, instrument.moments, instrument.weights).levels[0] > 0


def test_what_cannot_be_negative_starts_at_zero():
    clipped = nonnegative(arb(1e-9, 3e-9))
    assert exact_value(clipped.mid()) == exact_value(clipped.rad())
    assert encloses(clipped, Fraction(4e-9) * (1 - Fraction(1, 10**6)))
    assert exact_value(nonnegative(arb(2, 1)).mid()) == 2  # nothing to be clipped
    with pytest.raises(ArithmeticError, match="negative"):
        nonnegative(arb(-2, 1))


def _cases():
    """Networks, data of all scales, and weights from far away to beside the minimum."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        depth = seed % 4
        widths = tuple(int(n) for n in rng.integers(1, 5, depth))
        noise = [Fraction(int(k), 4) for k in rng.integers(0, 3, depth)]
        net = Network(depth, widths=widths, decays=Fraction(10.0 ** rng.uniform(-6, 0)), noise=noise)
        features = rng.standard_normal((6, 3)) * 10.0 ** rng.uniform(-3, 8, 3)
        data = Moments.from_samples(features.tolist(), rng.standard_normal(6).tolist())
        yield net, data, rng, 10.0 ** rng.uniform(-9, 1)


@pytest.mark.parametrize("case", some(range(60), 12, ci=4))
def test_the_gap_is_never_negative_and_the_sum_of_its_parts(case):
    net, data, rng, size = list(_cases())[case]
    landscape = solve(net, data, digits=17)
    best = landscape.layers(landscape.global_minimum.index).floats()
    best["U"] = best["U"][None, :]
    moved = [W + size * abs(W).max() * rng.standard_normal(W.shape) for W in best.values()]
    found = diagnose(net, data, moved, landscape=landscape)
    for part in (found.gap, found.map_error, found.imbalance_cost, found.variance, found.imbalance):
        assert exact_value(part.mid()) >= exact_value(part.rad())
    assert found.gap.overlaps(found.map_error + found.imbalance_cost)
    assert (found.gap - found.map_error - found.imbalance_cost).contains(0)
    assert found.gap > 0
    assert found.gap.rel_accuracy_bits() > 30


def test_balancing_the_layers_leaves_the_error_of_the_map():
    """Balanced layers of the same map have the same error and no imbalance."""
    from symderive.full_loss.layers import end_to_end, rebuild_layers

    net = Network(2, widths=(3, 2), decays=["1/50", "1/40", "1/30"], noise=["1/2", 1])
    data = Moments.from_samples(X, Y)
    weights = _drawn(np.random.default_rng(3), (2, 3, 2, 1))
    m = end_to_end(weights)
    norm = sum((x * x for x in m), arb(0)).sqrt()
    kappa = (norm**2 / (50 * 40 * 30)).root(3)
    found = diagnose(net, data, weights)
    balanced = diagnose(net, data, rebuild_layers(net, m, kappa))
    assert float(balanced.map_error) == pytest.approx(float(found.map_error), rel=1e-12)
    assert float(balanced.imbalance_cost) < 1e-12 < 1e-2 < float(found.imbalance_cost)
    scaled = [10 * weights[0], weights[1] / 10, weights[2]]  # the same map, further out of balance
    worse = diagnose(net, data, scaled)
    assert float(worse.map_error) == pytest.approx(float(found.map_error), rel=1e-12)
    assert worse.imbalance_cost > found.imbalance_cost


def test_the_digits_of_a_loss_that_cancels():
    """Times in seconds since 1970: E f² is 1e18 times the loss that is left."""
    t = [1700000000 + 86400 * k for k in range(5)]
    rows, y = [[a, b] for a, b in zip(t, (1, 2, 5, 3, -2), strict=True)], [3, 5, 4, 8, 1]
    net, data = Network(1, widths=2, decays="0.01"), Moments.from_samples(rows, y)
    weights = [np.array([[1e9, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0]])]
    decays = [Fraction(1, 100)] * 2
    truth = loss_of(fractions_of(weights), [[0, 0], [0]], rows, y, decays)
    assert encloses(diagnose(net, data, weights).loss, truth)
    best = solve(net, data).layers(0)
    found = diagnose(net, data, best)
    assert 0 < found.gap < 1e-25
    assert found.gap.rel_accuracy_bits() > 30


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ([np.ones((1, 2)), np.array([[np.nan]])], "U holds a number that is not finite"),
        ({"W1": np.ones((1, 2))}, "no 'U'"),
        ([np.ones((1, 2)), np.array([["a"]])], "U holds something other than real numbers"),
        ([np.ones((1, 2)), np.ones((1, 1, 1))], "U has shape"),
        ([], "no weights"),
    ],
)
def test_what_are_no_weights(weights, words):
    with pytest.raises(InputError, match=words):
        diagnose(Network(1, widths=1, decays=1), Moments.from_samples(X, Y), weights)


def test_what_are_no_data_and_no_network():
    net, data = Network(1, widths=1, decays=1), Moments.from_samples(X, Y)
    weights = [np.ones((1, 2)), np.ones((1, 1))]
    for arguments, words in (
        ((data, net), "network"),
        ((net, net), "in place of the data"),
        ((net, Spectrum.of([1, 1], [1, 0])), "bare spectrum"),
    ):
        with pytest.raises(InputError, match=words):
            diagnose(*arguments, weights)
    unbiased = diagnose(net, data, weights, biases=[None, None])  # which are none
    assert unbiased.bias is None
    assert unbiased.loss.overlaps(diagnose(net, data, weights).loss)


def test_layers_are_taken_as_the_landscape_gives_them():
    net, data = Network(2, widths=4, decays="0.01"), Moments.from_samples(X, Y)
    landscape = solve(net, data)
    layers = landscape.layers(landscape.global_minimum.index)
    arrays = layers.floats()
    for given in (layers, arrays, list(arrays.values()), dict(reversed(arrays.items()))):
        found = diagnose(net, data, given, landscape=landscape)
        assert found.conclusion == "global minimum"
    with pytest.raises(InputError, match="another network"):
        diagnose(Network(2, widths=4, decays="0.02"), data, layers, landscape=landscape)
    with pytest.raises(InputError, match="other data"):
        diagnose(net, Moments.from_samples(X[1:], Y[1:]), layers, landscape=landscape)
