"""Distances from above, separations from below, and the landscapes that are kept."""

import gc
import pickle
import weakref
from itertools import product

import mpmath as mp
import numpy as np
import pytest

from symderive import InputError, Moments, Network, diagnose, solve
from symderive.training import stations

X = [[1, 0], [0, 20], [1, 1], [-1, 3], [2, -1], [0, 1]]
Y = [1, 2, -1, 0, 3, 1]
DATA = Moments.from_samples(X, Y)


def _exact_distance(landscape, index, weights, signs):
    """To the member with these signs, in 60 digits."""
    with mp.workdps(60):
        layers = landscape.layers(index, signs=signs, digits=50).mpmath(50).values()
        return mp.sqrt(
            sum(
                (mp.mpf(float(W[i, j])) - layer[i, j]) ** 2
                for W, layer in zip(weights, layers, strict=True)
                for i, j in np.ndindex(W.shape)
            )
        )


@pytest.mark.parametrize("size", [0, 1e-15, 1e-6, 0.3])
@pytest.mark.parametrize("depth", [0, 1, 2])
def test_the_distance_is_from_above(depth, size):
    """Noise in every layer, so that an orbit is finite and its nearest member found by trying all."""
    net = Network(depth, widths=2, decays="1/50", noise=1)
    landscape = solve(net, DATA, digits=17)
    rng = np.random.default_rng(depth)
    arrays = landscape.layers(0).floats()
    weights = [
        np.atleast_2d(W) + size * rng.standard_normal(np.atleast_2d(W).shape) for W in arrays.values()
    ]
    patterns = product(*[list(product((1, -1), repeat=2))] * depth)
    least = min(_exact_distance(landscape, 0, weights, signs) for signs in patterns)
    found = diagnose(net, DATA, weights, landscape=landscape)
    norm = sum(float(np.linalg.norm(W)) for W in weights)
    assert least <= found.optimum.distance <= least * (1 + 1e-12) + 1e-14 * norm
    assert (found.optimum.distance > 1e-3) == (size == 0.3)


def test_separations_are_from_below():
    """Orbits differ in the norm of all weights, √Σκ/γ_i."""
    net, data = Network(2, widths=4, decays="1/50"), Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
    landscape = solve(net, data)
    found = stations.neighbors(landscape, data, [np.zeros(s) for s in ((4, 2), (4, 4), (1, 4))])
    kappas = [*(float(p.layer_decay) for p in landscape.points), 0.0]
    norms = [(3 * 50 * kappa) ** 0.5 for kappa in kappas]
    for at, neighbor in enumerate(found):
        least = min(abs(norms[at] - norm) for k, norm in enumerate(norms) if k != at)
        assert least * (1 - 1e-14) <= neighbor.separation <= least * (1 + 1e-14)


def test_a_landscape_is_looked_at_once(monkeypatch):
    """A call after every epoch neither solves again nor asks for directions, dead neurons included."""
    net = Network(1, widths=3, decays="1/50", noise=1)
    landscape = solve(net, DATA, digits=17)
    W1, U = (np.atleast_2d(W) for W in landscape.layers(0).floats().values())
    dead = [W1 * [[1], [1], [0]], U * [1, 1, 0]]
    first = diagnose(net, DATA, dead, landscape=landscape)
    monkeypatch.setattr(stations, "solve", None)
    monkeypatch.setattr(type(landscape), "end_to_end_map", None)
    again = diagnose(net, DATA, dead, landscape=landscape)
    assert again.nearest.distance == first.nearest.distance
    with pytest.raises(TypeError):
        diagnose(net, DATA, [W1 * [[1], [0], [0]], U * [1, 0, 0]], landscape=landscape)


@pytest.mark.parametrize(
    ("biases", "words"),
    [
        ([[1, 2, 3]], "1 biases are given for 2 layers"),
        ([[1, 2], [1]], "the bias of W1 has 2 entries for 3 neurons"),
        ([None, [float("inf")]], "the bias of U holds a number that is not finite"),
    ],
)
def test_biases_that_do_not_fit(biases, words):
    data = Moments.from_samples(X, Y, center=True)
    weights = [np.ones((3, 2)), np.ones((1, 3))]
    with pytest.raises(InputError, match=words):
        diagnose(Network(1, widths=3, decays=1), data, weights, biases=biases)
    assert diagnose(Network(1, widths=3, decays=1), data, weights, biases=[None, [1]]).bias is not None


def test_biases_want_centered_data_and_no_noise():
    weights, biases = [np.ones((3, 2)), np.ones((1, 3))], [None, [1.0]]
    with pytest.raises(InputError, match="center"):
        diagnose(Network(1, widths=3, decays=1), DATA, weights, biases=biases)
    data = Moments.from_samples(X, Y, center=True)
    with pytest.raises(InputError, match="noise"):
        diagnose(Network(1, widths=3, decays=1, noise=1), data, weights, biases=biases)


@pytest.mark.ci
def test_a_landscape_keeps_its_stations_and_nothing_keeps_the_landscape(monkeypatch):
    net = Network(1, widths=3, decays="1/50", noise=1)
    landscape = solve(net, DATA, digits=17)
    weights = [np.array(W, ndmin=2) for W in landscape.layers(0).floats().values()]
    weights[0][0] = 0  # a dead neuron
    solved = []
    monkeypatch.setattr(stations, "solve", lambda *a, **k: solved.append(a) or solve(*a, **k))
    first = diagnose(net, DATA, weights, landscape=landscape)
    again = diagnose(net, DATA, weights, landscape=landscape)
    assert (len(solved), str(first)) == (1, str(again))
    copied = pickle.loads(pickle.dumps(landscape))  # noqa: S301 - made here
    assert copied == landscape
    assert not copied.kept
    held = weakref.ref(landscape)
    del landscape, first, again, copied
    gc.collect()
    assert held() is None
