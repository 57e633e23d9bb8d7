"""Verdicts: what is at stake, near-misses of every kind, and other units."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb
from oracles.sampled import some

from symderive import Moments, Network, diagnose, solve
from symderive.report.diagnosis import _small
from symderive.training.conclusion import Stand, at_stake, conclude
from symderive.training.stations import Neighbor

X = [[1, 2], [2, 1], [3, 5], [4, 3], [-2, 0]]
Y = [3, 5, 4, 8.5, 1]


def arrays(landscape, index):
    found = landscape.layers(index).floats()
    U = found.pop("U")
    return [*found.values(), U[None, :]]


def setting(net, data):
    landscape = solve(net, data, digits=17)
    return landscape, arrays(landscape, landscape.global_minimum.index)


def test_sixteen_times_the_minimum_is_no_minimum():
    """A step of 0.01 in the weight of a feature of 2000: near in place, far in loss."""
    years = [[x, b] for x, b in zip((1990, 2000, 2010, 2020, 2005), (1, 2, 5, 3, -2), strict=True)]
    net, data = Network(2, widths=4, decays="0.01"), Moments.from_samples(years, Y)
    landscape, weights = setting(net, data)
    assert diagnose(net, data, weights, landscape=landscape).conclusion == "global minimum"
    row = np.abs(weights[2] @ weights[1]).argmax()
    weights[0][row, 0] += 0.01
    found = diagnose(net, data, weights, landscape=landscape)
    assert found.optimum.share < 0.01  # whose place alone would do
    assert found.loss > 15 * landscape.global_minimum.loss
    assert found.conclusion == "not converged"
    assert "16.2 times the minimum" in found.reason
    weights[0][row, 0] -= 0.01 - 1e-7
    assert diagnose(net, data, weights, landscape=landscape).conclusion == "global minimum"


@pytest.mark.parametrize("seed", range(4))
def test_a_perfect_fit_of_rounded_targets_is_reached_by_rounded_weights(seed):
    """Targets that float64 computed leave 1e-33 of c, which no weights in float64 reach; where noise of the
    targets leaves more, weights that miss the minimum by much beside it are not there."""
    rng = np.random.default_rng(seed)
    features, net = rng.standard_normal((9, 3)), Network(0, decays=0)
    data = Moments.from_samples(features, features @ rng.standard_normal(3))
    landscape, [U] = setting(net, data)
    assert 0 < landscape.global_minimum.loss < 1e-30
    for size, verdict in ((0, "global minimum"), (1e-7, "global minimum"), (0.5, "not converged")):
        moved = [U * (1 + size * rng.standard_normal(3))]
        assert diagnose(net, data, moved, landscape=landscape).conclusion == verdict
    noisy = Moments.from_samples(features, features @ U[0] + 1e-9 * rng.standard_normal(9))
    landscape, [U] = setting(net, noisy)
    assert diagnose(net, noisy, [U], landscape=landscape).conclusion == "global minimum"
    assert diagnose(net, noisy, [U * (1 + 1e-7)], landscape=landscape).conclusion == "not converged"


@pytest.mark.parametrize("power", [20, 32, 40, 200])
def test_near_a_tie_rounded_weights_are_at_the_minimum_that_they_are_rounded_from(power):
    """t⁴ - 2vt + 3 and t⁴ - vt + 1 vanish at t = 1, v = 2: there the origin and m = 1 have equal losses."""
    net, data = Network(2, widths=3, decays=1), Moments.given([[1]], [2 + Fraction(1, 10**power)], 5)
    landscape, weights = setting(net, data)
    assert landscape.global_minimum.index == 0
    assert not landscape.global_minimum.tie
    found = [
        diagnose(net, data, [size * W for W in weights], landscape=landscape).conclusion
        for size in (1, 1 + 1e-7, 0)
    ]
    assert found[:2] == ["global minimum", "not converged"]
    # A local minimum that is higher by less than any precision tells is not claimed to be anything.
    assert found[2] == ("bad minimum" if power < 200 else "not converged")


def _tasks():
    for seed in range(40):
        rng = np.random.default_rng(seed)
        depth = seed % 4
        noise = [Fraction(int(k), 8) for k in rng.integers(0, 3, depth)]
        net = Network(depth, widths=3, decays=Fraction(10.0 ** rng.uniform(-4, -1)), noise=noise)
        features = rng.standard_normal((7, 2)) * 10.0 ** rng.uniform(-2, 3, 2)
        target = features @ rng.standard_normal(2) / 10 + rng.standard_normal(7)
        yield net, Moments.from_samples(features.tolist(), target.tolist()), rng


@pytest.mark.parametrize("task", some(range(40), 4, start=2))
def test_a_global_minimum_is_low_beside_all_that_is_at_stake(task):
    """What is called the minimum is within 1 % of it in every respect; what is within 1e-6 is called so."""
    net, data, rng = list(_tasks())[task]
    landscape, weights = setting(net, data)
    least, c = float(landscape.global_minimum.loss), float(data.c)
    others = [float(p.loss) - least for p in landscape.points if p.kind != "global minimum"]
    stake = min([x for x in (least, c - least, *others) if x > 0], default=c)
    seen = set()
    for size in 10.0 ** np.arange(-9, 1):
        moved = [W + size * (abs(W).max() or 10) * rng.standard_normal(W.shape) for W in weights]
        found = diagnose(net, data, moved, landscape=landscape)
        gap = float(found.loss) - least
        if found.conclusion == "global minimum":
            assert gap <= 0.0101 * stake + 1e-14 * least
        if gap < 1e-6 * stake:
            assert found.conclusion == "global minimum"
        seen.add(found.conclusion)
    assert {"global minimum", "not converged"} <= seen


def test_gradient_descent_arrives():
    rng = np.random.default_rng(1)
    features = rng.standard_normal((20, 3))
    target = features @ [1.0, -0.5, 0.2] + 0.3 * rng.standard_normal(20)
    net, data = (
        Network(2, widths=4, decays="0.05"),
        Moments.from_samples(features.tolist(), target.tolist()),
    )
    landscape = solve(net, data, digits=17)
    A, v = features.T @ features / 20, features.T @ target / 20
    weights = [0.7 * rng.standard_normal(s) / s[1] ** 0.5 for s in ((4, 3), (4, 4), (1, 4))]
    least, heard = float(landscape.global_minimum.loss), []
    for step in range(3001):
        if step % 500 == 0:
            found = diagnose(net, data, weights, landscape=landscape)
            heard.append((float(found.gap) / least, found.conclusion))
        W1, W2, U = weights
        pull = U @ W2 @ W1 @ A - v
        slopes = ((U @ W2).T @ pull, U.T @ pull @ W1.T, pull @ W1.T @ W2.T)
        weights = [W - 0.2 * (g + 0.05 * W) for W, g in zip(weights, slopes, strict=True)]
    assert heard[0][1] == "not converged"
    assert heard[0][0] > 1
    assert heard[-1][0] < 1e-6
    assert heard[-1][1] == "global minimum"


FOUR = Network(2, widths=4, decays="1/50")
FOUR_DATA = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)


@pytest.mark.parametrize(
    ("index", "verdict"), [(0, "global minimum"), (1, "saddle"), (2, "bad minimum"), (None, "bad minimum")]
)
def test_other_units_of_the_target_change_no_verdict(index, verdict):
    """y becomes ty, layers t^(1/3) times as large, decays t^(4/3) times: t = s³."""
    landscape = solve(FOUR, FOUR_DATA)
    rng = np.random.default_rng(4)
    for size, expected in ((1e-6, verdict), (0.3, "not converged")):
        weights = [W + size * rng.standard_normal(W.shape) for W in arrays(landscape, index)]
        reasons = set()
        for s in (Fraction(1), Fraction(2**40), Fraction(1, 2**70)):
            t = s**3
            net = Network(2, widths=4, decays=s**4 / 50)
            data = Moments.given([[1, 0], [0, 400]], [t / 10, 7 * t / 10], t**2)
            found = diagnose(net, data, [float(s) * W for W in weights])
            assert found.conclusion == expected
            reasons.add((round(found.nearest.share, 9), found.nearest.index))
        assert len(reasons) == 1


def test_a_loss_off_the_plateau_is_no_saddle():
    """In a feature of 1e6 a small step is near in place, and off in loss."""
    data = Moments.given([[10**12, 0], [0, 1]], [0, "1/2"], 1)
    net = Network(2, widths=1, decays="1/100")
    landscape = solve(net, data)
    (saddle,) = [p.index for p in landscape.points if p.kind == "saddle"]
    weights = arrays(landscape, saddle)
    assert diagnose(net, data, weights).conclusion == "saddle"
    weights[0][0, 0] += 1e-5
    found = diagnose(net, data, weights)
    assert found.nearest.kind == "saddle"
    assert found.nearest.share < 0.01
    assert found.conclusion == "not converged"


def test_a_weak_signal_is_at_stake():
    """The features explain a hundred thousandth of y: a gap that is tiny beside c is not small."""
    data = Moments.given([[1]], ["1/300"], 1)
    net = Network(0, decays="1/1000")
    _, (m,) = setting(net, data)
    assert diagnose(net, data, [m]).conclusion == "global minimum"
    found = diagnose(net, data, [m + 0.5 * abs(m)])
    assert float(found.gap) < 1e-5 * float(data.c)
    assert found.conclusion == "not converged"
    assert diagnose(net, data, [0 * m]).conclusion == "not converged"  # the origin is not stationary


def test_collapse_is_a_bad_minimum_from_two_layers_on_and_a_saddle_with_one():
    data = Moments.from_samples(X, Y)
    for depth, verdict in ((1, "saddle"), (2, "bad minimum"), (3, "bad minimum")):
        net = Network(depth, widths=3, decays="1/10")
        sizes = (2, *[3] * depth, 1)
        weights = [np.full((b, a), 1e-7) for a, b in pairwise(sizes)]
        assert diagnose(net, data, weights).conclusion == verdict
        assert diagnose(net, data, [3e5 * W for W in weights]).conclusion == "not converged"


def test_two_global_minima():
    """Decays (1/4, 1/4, 1) on a = v = 1: the origin and λ = 1 tie, and both are the minimum."""
    data, net = Moments.given([[1]], [1], 1), Network(2, widths=2, decays=["1/4", "1/4", 1])
    landscape = solve(net, data)
    assert landscape.global_minimum.tie
    for index in landscape.global_minimum.contenders:
        weights = arrays(landscape, index)
        found = diagnose(net, data, weights)
        assert (found.conclusion, found.optimum.index) == ("global minimum", index)
        assert diagnose(net, data, [W + 0.1 for W in weights]).conclusion == "not converged"


def test_a_minimum_that_is_not_unique_is_known_by_its_loss():
    """Two equal features, no decay: all m with one sum are minima, however far from the least one."""
    rows = [[x, x] for x in (1, 2, 3, -1)]
    data, net = Moments.from_samples(rows, [1, 3, 2, 0]), Network(0, decays=0)
    landscape, (m,) = setting(net, data)
    far = m + np.array([[64.0, -64.0]])
    found = diagnose(net, data, [far], landscape=landscape)
    assert found.optimum.share > 10
    assert found.conclusion == "global minimum"
    assert diagnose(net, data, [far + 0.1], landscape=landscape).conclusion == "not converged"
    # Gaps of 2e-4 and 2e-5 of the minimum: both will do beside it, and the smaller one far away, too.
    for step, verdict in ((3e-3, "not converged"), (1e-3, "global minimum")):
        assert diagnose(net, data, [m + step], landscape=landscape).conclusion == "global minimum"
        assert diagnose(net, data, [far + step], landscape=landscape).conclusion == verdict


def _station(kind, index, loss, share):
    """One of norm 1 (a point) or 0 (the origin), so far from the weights."""
    return Neighbor(kind, index, arb(loss), share, 1.0, (np.array([[0.0 if index is None else 1.0]]),))


@pytest.mark.parametrize(
    ("least", "after", "c", "stake"),
    [
        (2, 9, 5, 2),  # the minimum itself
        (2, 2.5, 5, 0.5),  # the next stationary value
        (2, 9, 2.25, 0.25),  # what the minimum explains
        (0, 9, 5, 5),  # a minimum of 0 is no scale
    ],
)
def test_what_is_at_stake(least, after, c, stake):
    stations = [_station("global minimum", 0, least, 0.005), _station("local minimum", 1, after, 0.9)]
    for part, verdict in ((0.0099, "global minimum"), (0.0101, "not converged")):
        gap = arb(part * stake)
        stand = Stand(arb(least) + gap, arb(least), gap, arb(c) - least, Fraction(c))
        assert float(at_stake(stations[0], stations, stand)) == stake
        assert conclude(stand, stations, stations[0], 0.01) == verdict
    wide = Stand(arb(least), arb(least), arb(0, stake), arb(c) - least, Fraction(c))
    assert conclude(wide, stations, stations[0], 0.01) is None
    far = replace(stations[0], distance=0.02)
    for part, verdict in ((0.99e-4, "global minimum"), (1.01e-4, "not converged")):
        stand = Stand(arb(least), arb(least), arb(part * stake), arb(c) - least, Fraction(c))
        assert conclude(stand, [far, stations[1]], far, 0.01) == verdict


@pytest.mark.parametrize(("kind", "verdict"), [("local minimum", "bad minimum"), ("saddle", "saddle")])
def test_what_is_at_stake_beside_another_point(kind, verdict):
    """The gap to the next value on either side, whichever is less."""
    for loss, stake in ((2.5, 0.5), (4.75, 0.25)):
        stations = [_station("global minimum", 0, 2, 0.9), _station(kind, 1, loss, 0.005)]
        for off, expected in ((0.0099, verdict), (-0.0099, verdict), (0.0101, "not converged")):
            at = arb(loss + off * stake)
            stand = Stand(at, arb(2), at - 2, arb(3), Fraction(5))
            assert conclude(stand, stations, stations[0], 0.01) == expected
        stations[1] = replace(stations[1], distance=0.02)
        stand = Stand(arb(loss), arb(2), arb(loss) - 2, arb(3), Fraction(5))
        assert conclude(stand, stations, stations[0], 0.01) == "not converged"


def test_minima_that_were_not_told_apart_are_both_global():
    data, net = Moments.given([[1]], [1], 1), Network(2, widths=2, decays=["1/4", "1/4", 1])
    tied = solve(net, data)
    open_ = replace(tied, origin="local minimum", global_minimum=replace(tied.global_minimum, tie=None))
    least = replace(
        tied.global_minimum, tie=False, at_origin=False, contenders=(tied.global_minimum.index,)
    )
    apart = replace(open_, global_minimum=least)
    zero = [np.zeros((2, 1)), np.zeros((2, 2)), np.zeros((1, 2))]
    found = diagnose(net, data, zero, landscape=open_)
    assert (found.conclusion, found.nearest.kind, found.optimum.index) == (*["global minimum"] * 2, None)
    assert diagnose(net, data, zero, landscape=apart).nearest.kind == "local minimum"


def test_losses_at_the_ends_of_float64():
    for scale in (Fraction(2**490), Fraction(1, 2**490)):
        data = Moments.from_samples([[x[0]] for x in X], [Fraction(y) * scale for y in Y])
        net = Network(0, decays="1/10")
        _, (m,) = setting(net, data)
        found = diagnose(net, data, [m])
        assert found.conclusion == "global minimum"
        assert found.gap.rel_accuracy_bits() > 30
        assert diagnose(net, data, [1.5 * m]).conclusion == "not converged"


def test_no_target_leaves_the_zero_network():
    data, net = Moments.from_samples([[1], [2]], [0, 0]), Network(1, widths=1, decays=1)
    zero = [np.zeros((1, 1))] * 2
    assert diagnose(net, data, zero).conclusion == "global minimum"
    assert diagnose(net, data, [W + 1e-9 for W in zero]).conclusion == "not converged"


def test_a_dead_neuron_of_many_is_a_saddle():
    """One of 60 noisy neurons is dead: the loss lies a little above the minimum, which is all there is."""
    data = Moments.from_samples(X, Y)
    whole, smaller = (Network(1, widths=n, decays="1/10", noise=1) for n in (60, 59))
    W1, U = arrays(solve(smaller, data), 0)
    weights = [np.vstack([W1, 0 * W1[:1]]), np.hstack([U, [[0.0]]])]
    found = diagnose(whole, data, weights)
    assert (found.conclusion, found.nearest.index) == ("saddle", None)
    assert found.gap < 1e-3 * found.loss
    _, alive = setting(whole, data)
    assert diagnose(whole, data, alive).conclusion == "global minimum"


@pytest.mark.parametrize("noise", [0, 1])
def test_a_thousand_neurons(noise):
    net, data = Network(1, widths=1000, decays="1/10", noise=noise), Moments.from_samples(X, Y)
    landscape, weights = setting(net, data)
    rng = np.random.default_rng(0)
    for size, verdict in ((1e-7, "global minimum"), (1.0, "not converged")):
        moved = [W * (1 + size * rng.standard_normal(W.shape)) for W in weights]
        found = diagnose(net, data, moved, landscape=landscape)
        assert found.conclusion == verdict
        assert found.gap > 0


def test_biases_count():
    data = Moments.from_samples(X, Y, center=True)
    net = Network(2, widths=4, decays="0.01")
    landscape, weights = setting(net, data)
    biases = [np.array([0.25, -0.5, 1.0, 0.0]), None, np.zeros(1)]
    mean = float(diagnose(net, data, weights, biases=biases, landscape=landscape).bias.error)
    for off, verdict in (
        (0, "global minimum"),
        (1e-4, "global minimum"),
        (0.1, "not converged"),
        (100, "not converged"),
    ):
        biases[2] = np.array([off - mean])
        found = diagnose(net, data, weights, biases=biases, landscape=landscape)
        assert found.conclusion == verdict
        assert float(found.bias.cost) == pytest.approx(off**2, rel=1e-10, abs=1e-20)
        assert (found.gap - found.map_error - found.imbalance_cost - found.bias.cost).contains(0)
        assert (f"the mean prediction lies {off:g} above the mean" in found.reason) == (off >= 0.1)
        assert any("free of decay" in note for note in found.notes) == (off >= 0.1)
    assert float(found.loss) == pytest.approx(1e4, rel=1e-3)
    biases[2] = np.array([-9.4321 - mean])
    found = diagnose(net, data, weights, biases=biases, landscape=landscape)
    assert "the mean prediction lies 9.43 below the mean target" in found.reason


def test_biases_on_standardized_features():
    """Of standardized features the means are 0, so that the best offset is the mean target."""
    data = Moments.from_samples(X, Y, standardize=True)
    net = Network(1, widths=2, decays="0.01")
    landscape, weights = setting(net, data)
    mean = float(data.means[-1])
    best = diagnose(net, data, weights, biases=[None, [mean]], landscape=landscape)
    assert (best.conclusion, float(best.bias.cost) < 1e-28, best.notes) == ("global minimum", True, ())
    centered = diagnose(net, data, weights, biases=[None, [0.0]], landscape=landscape)
    assert float(centered.bias.cost) == pytest.approx(mean**2)
    assert centered.conclusion == "not converged"
    assert "was the target centered" in centered.notes[-1]


def test_biases_under_decay_are_told_and_those_free_of_it_are_not():
    """Where the decay is on all parameters, the biases come to rest with δQ + γb = 0, and δ is not 0."""
    data = Moments.from_samples(X, Y, standardize=True)
    net = Network(0, decays="0.1")
    mean = float(data.means[-1])
    landscape, weights = setting(net, data)
    for bias, count in ((mean, 0), (mean * (1 + 1e-5), 0), (mean / 1.1, 1)):
        found = diagnose(net, data, weights, biases=[[bias]], landscape=landscape)
        assert len([note for note in found.notes if "was weight_decay on them" in note]) == count


@pytest.mark.parametrize(
    ("change", "words", "absent"),
    [
        # Layers out of balance by a factor keep their product.
        (lambda W: [3 * W[0], W[1], W[2] / 3], "imbalance of the layers, not the error", "balanced"),
        (lambda W: [1.5 * x for x in W], "the error of the product of the layers", "is imbalance"),
        (lambda W: [1.8 * W[0], W[1], W[2] / 1.7], "Neither loss nor place", "Nearly all"),
    ],
)
def test_what_is_not_converged_says_which_test_failed_and_what_the_gap_is_made_of(change, words, absent):
    net, data = Network(2, widths=4, decays="0.01"), Moments.from_samples(X, Y)
    landscape, weights = setting(net, data)
    found = diagnose(net, data, change(weights), landscape=landscape)
    assert found.conclusion == "not converged"
    assert "is point 0, the global minimum, at a distance of" in found.reason
    assert "(the minimum itself)" in found.reason
    assert words in found.reason
    assert absent not in found.reason


def test_the_place_alone_or_the_loss_alone_may_be_right():
    years = [[x, b] for x, b in zip((1990, 2000, 2010, 2020, 2005), (1, 2, 5, 3, -2), strict=True)]
    net, data = Network(2, widths=4, decays="0.01"), Moments.from_samples(years, Y)
    landscape, weights = setting(net, data)
    row = np.abs(weights[2] @ weights[1]).argmax()
    moved = [W.copy() for W in weights]
    moved[0][row, 0] += 0.01
    reason = diagnose(net, data, moved, landscape=landscape).reason
    assert "The place is that of the global minimum, the loss is not" in reason
    assert "times the minimum" in reason
    assert "e+" not in reason
    # A feature that the loss sees little of: its weight is a tenth of the norm off.
    net, data = Network(0, decays="1e-6"), Moments.given([[1, 0], [0, "1/10"]], ["1/2", 0], 1)
    landscape, (m,) = setting(net, data)
    found = diagnose(net, data, [m + np.array([[0, 0.05]])], landscape=landscape)
    assert found.conclusion == "not converged"
    assert "The loss is near the minimum beside what is at stake" in found.reason


@pytest.mark.parametrize(
    ("value", "text"), [("467.25", "467"), ("2177.4", "2177"), ("21774", "2.18e4"), ("0.05", "0.0500")]
)
def test_numbers_below_ten_thousand_have_no_exponent(value, text):
    assert _small(arb(value)) == text
    assert _small(arb(467, 1)) != "467"  # not certain
