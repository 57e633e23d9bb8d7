"""Landscapes with noise of every kind: predictions, curvature, thresholds, sweeps, files."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.cli.records import NetworkOptions
from symderive.full_loss.prediction import variance_of_layers
from symderive.landscape.census import take_census
from symderive.report.landscape import landscape_page, landscape_record
from symderive.sweeps.grid import Grid
from symderive.sweeps.sweep import solve_grid
from symderive.thresholds.thresholds import MOVING, thresholds

X = [[1, 2], [3, 1], [0, 1], [2, -1], [1, 1]]
Y = [1, 3, 0, 2, 4]
PLAIN = Moments.from_samples(X, Y)
MIXED = {
    "noise": "1/3",
    "groups": 2,
    "weight_noise": "1/10",
    "feature_noise": ["1/5", "1/7"],
    "feature_jitter": "1/9",
    "hidden_jitter": "1/20",
    "target_noise": "1/2",
    "bias": True,
}


def network(depth=2, decay="1/20", **noise):
    return Network(depth, widths=4, decays=decay, **noise)


def test_predictions_have_the_bias_and_the_variance_of_the_layers():
    found = solve(network(**MIXED), PLAIN)
    best = found.global_minimum.index
    mean, std = found.predict(X, return_std=True)
    layers = found.layers(best)
    for row, value, spread in zip(X, mean, std, strict=True):
        assert spread**2 == pytest.approx(
            float(variance_of_layers(found.net, layers, row).mid()), rel=1e-12
        )
        m = found.end_to_end_map(best)
        with TURN, working_precision(200):
            exact = found.bias(best) + sum((ball(x) * t for x, t in zip(row, m, strict=True)), arb(0))
        assert value == pytest.approx(float(exact.mid()), rel=1e-13)
    assert abs(np.mean(mean - Y)) < 1e-13  # the best bias leaves no mean error
    quiet = solve(network(**{**MIXED, "hidden_jitter": 0}), PLAIN).predict(X, return_std=True)[1]
    assert not np.allclose(quiet, std)
    with pytest.raises(InputError, match="no free output bias"):
        solve(network(), PLAIN).bias(None)


def test_what_is_altered_is_told():
    found = solve(network(**MIXED), PLAIN)
    record = landscape_record(found, None)
    full, diagonal = found.net.noise_factors
    assert record["noise_factor"] is None
    assert [float(record["noise_factors"][x]) for x in ("full", "diagonal")] == [
        float(full),
        float(diagonal),
    ]
    assert float(record["bias"]) == pytest.approx(float(found.bias(found.global_minimum.index).mid()))
    assert record["points"][0]["sharpness"] is record["points"][0]["index"] is None
    texts = [line.text for line in landscape_page(found) if hasattr(line, "text")]
    assert any("a free output bias" in text and "weight noise 1/10" in text for text in texts)
    plain = landscape_record(solve(network(noise="1/3"), PLAIN), None)
    assert plain["noise_factor"] == plain["noise_factors"]["full"]
    assert plain["bias"] is None
    assert plain["noise_factors"]["diagonal"] == "0"


@pytest.mark.parametrize("depth", [1, 2])
def test_curvature_with_noisy_features_is_that_of_the_full_loss(depth):
    net = network(depth, noise="1/3", feature_noise="1/5", feature_jitter="1/9", hidden_jitter="1/20")
    found = solve(net, PLAIN)
    assert curvature(net, found) == pytest.approx(float(found.sharpness(0).mid()), rel=1e-4)
    without = solve(network(depth, noise="1/3"), PLAIN)
    assert curvature(net, found) != pytest.approx(float(without.sharpness(0).mid()), rel=1e-2)


def curvature(net, found):
    """The largest eigenvalue of the Hessian, by differences of the full loss, written out here."""
    start = [np.atleast_2d(W) for W in found.layers(0).floats().values()]
    flat = np.concatenate([W.ravel() for W in start])
    cuts = np.cumsum([W.size for W in start])[:-1]
    x, y = np.array(X, float), np.array(Y, float)
    A = x.T @ x / len(x)
    A += float(net.feature_noise[0]) * np.diag(np.diag(A)) + float(net.feature_jitter[0]) * np.eye(2)

    def loss(z):
        *W, U = (part.reshape(V.shape) for part, V in zip(np.split(z, cuts), start, strict=True))
        M, v = A, x.T @ y / len(x)
        for layer, variance in zip(W, net.noise, strict=True):
            S = layer @ M @ layer.T
            M, v = S + float(variance) * np.diag(np.diag(S)), layer @ v
        M = M + float(net.hidden_jitter) * np.eye(len(M))
        return (U @ M @ U.T - 2 * U @ v).item() + float(net.decays[0]) * z @ z

    steps = 1e-3 * np.eye(flat.size)
    H = [
        [loss(flat + a + b) - loss(flat + a - b) - loss(flat - a + b) + loss(flat - a - b) for b in steps]
        for a in steps
    ]
    return np.linalg.eigvalsh(np.array(H) / 4e-6)[-1]


@pytest.mark.parametrize(
    "noise", [{"weight_noise": "1/10"}, {"noise": 1, "groups": 2}, {"noise": 1, "bias": True}]
)
def test_what_is_not_proved_is_refused(noise):
    found = solve(network(**noise), PLAIN)
    with pytest.raises(InputError, match="blocks of the Hessian are proved"):
        found.hessian(0)
    assert found.inertia(0) == (None, None)
    assert found.sharpness(0) is None
    assert found.hessian(None).largest.overlaps(ball(Fraction(1, 10)))
    with pytest.raises(InputError, match="single neurons alone"):
        take_census(network(**noise), PLAIN)
    assert "index" in str(solve(network(bias=True), PLAIN))  # centered data, and nothing else


def test_a_bias_without_noise_centers_the_data():
    free = solve(network(bias=True), PLAIN)
    centered = solve(network(), Moments.from_samples(X, Y, center=True))
    assert free.points[0].loss.overlaps(centered.points[0].loss)
    assert free.hessian(0).largest.overlaps(centered.hessian(0).largest)
    assert free.predict(X) == pytest.approx(centered.predict(X), rel=1e-14)
    noisy = solve(network(bias=True, noise=1), PLAIN)
    assert not noisy.points[0].loss.overlaps(
        solve(network(noise=1), Moments.from_samples(X, Y, center=True)).points[0].loss
    )


@pytest.mark.parametrize(
    "noise", [{"weight_noise": "1/3"}, {"noise": 1, "groups": 2}, {"noise": 1, "bias": True}]
)
def test_the_minimum_collapses_at_the_threshold(noise):
    found = thresholds(network(**noise), PLAIN, digits=20)
    decay = Fraction(str(float(found.decay.transition.value.mid())))
    assert not solve(network(decay=decay * 9999 / 10000, **noise), PLAIN).global_minimum.at_origin
    assert solve(network(decay=decay * 10001 / 10000, **noise), PLAIN).global_minimum.at_origin
    known = found.noise.transition.value
    assert (known is None and found.noise.transition.reason == MOVING) == ("groups" not in noise)
    if known is not None:
        s = Fraction(str(float(known.mid())))
        for factor, at_origin in ((Fraction(99, 100), False), (Fraction(101, 100), True)):
            near = network(noise=s * factor, groups=2)
            assert solve(near, PLAIN).global_minimum.at_origin == at_origin


def test_sweeps_solve_each_cell():
    others = {"weight_noise": "1/10", "bias": True, "target_noise": 2}
    grid = Grid.of({"noise": [0, 1]}, depth=2, width=4, decay="1/20", **others)
    points = solve_grid(grid, PLAIN)
    for cell, noise in enumerate((0, 1)):
        one = solve(network(noise=noise, **others), PLAIN)
        assert points.loss[cell, 0] == pytest.approx(float(one.points[0].loss.mid()), rel=1e-14)
        assert grid.loss_at_origin(PLAIN) == one.loss_at_origin != PLAIN.c
    assert "weight_noise" in grid.fixed_texts()
    with pytest.raises(InputError, match="leave doubles out"):
        solve_grid(grid, PLAIN, doubles=True)
    with pytest.raises(InputError, match="bare spectrum"):
        solve_grid(grid, Spectrum.of([1], [1]))


def test_options_are_keywords():
    said = {"decay": "1/20", "width": "4", "widths": None, "dropconnect": "1/4", "bias": True}
    net = NetworkOptions(**said, noise="1", groups="2").of_shape(2, "4")
    assert net == network(noise=1, dropconnect="1/4", bias=True, groups=2)
    assert net != network(noise=1, dropconnect="1/4", groups=2)
    with pytest.raises(InputError, match="--groups says which neurons share their noise"):
        NetworkOptions(**said, groups="2").of_shape(2, "4")
    with pytest.raises(InputError, match="no scalar problem"):
        NetworkOptions(decay="1", hidden_jitter=("1", "2")).of_shape(2, "4")


def test_a_bias_is_written_beside_the_weights(tmp_path):
    found = solve(network(noise=1, bias=True), PLAIN)
    index = found.global_minimum.index
    found.layers(index).save(tmp_path / "w.npz", bias=float(found.bias(index).mid()))
    held = np.load(tmp_path / "w.npz")
    assert held["b"].tolist() == [float(found.bias(index).mid())]
    found.layers(index).save(tmp_path / "v.npz")
    assert "b" not in np.load(tmp_path / "v.npz")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"decays": [0, 1]}, "others are positive: the infimum c - vᵀA⁺v/ρ is"),
        ({"decays": [0, 1], "weight_noise": 1}, "others are positive: the infimum of the undecayed loss"),
        ({"decays": 0, "hidden_jitter": 1}, "hidden_jitter decays the last one"),
        ({"decays": 0}, "A⁺v/ρ + null A"),
        ({"decays": 0, "feature_noise": 1}, "B⁺v + null B"),
    ],
)
def test_what_has_no_minimum_is_refused_in_the_letters_of_its_noise(given, said):
    with pytest.raises(InputError) as refused:
        solve(Network(1, widths=2, **given), Moments.given([[1]], [1], 2))
    assert said in str(refused.value)
    assert len(str(refused.value)) < 300
