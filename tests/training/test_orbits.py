"""The nearest member of an orbit, against enumeration of all signs."""

from itertools import product

import numpy as np
import pytest

from symderive.training.orbits import Orbit, nearest_member

NORMS = (1.0, 0.7, 1.3)
WIDTHS = (3, 2)
DIRECTION = np.array([0.6, 0.8])


def _layers(vectors):
    chain = [DIRECTION, *vectors, np.ones(1)]
    return [b * np.outer(after, before) for b, before, after in zip(NORMS, chain, chain[1:], strict=False)]


def _distance(left, right):
    return np.sqrt(sum(((a - b) ** 2).sum() for a, b in zip(left, right, strict=True)))


def _members(masks):
    choices = [product(*((-1.0, 1.0) if k else (0.0,) for k in mask)) for mask in masks]
    for signs in product(*choices):
        yield _layers([np.array(r) / np.sqrt(np.abs(r).sum()) for r in signs])


@pytest.mark.parametrize("masks", [((1, 1, 1), (1, 1)), ((1, 0, 1), (0, 1))])
@pytest.mark.parametrize("spread", [0.0, 0.1, 0.3])
def test_the_nearest_signs_are_found(masks, spread):
    rng = np.random.default_rng(3)
    orbit = Orbit(NORMS, DIRECTION, tuple(np.array(mask, dtype=float) for mask in masks))
    members = list(_members(masks))
    for member in members:
        weights = [W + spread * rng.standard_normal(W.shape) / 3 for W in member]
        layers, distance = nearest_member(orbit, weights)
        best = min(_distance(weights, other) for other in members)
        assert distance == pytest.approx(best, abs=1e-12)
        assert _distance(weights, layers) == pytest.approx(distance, abs=1e-12)
        assert any(_distance(layers, other) < 1e-12 for other in members)


def test_the_distance_is_never_below_that_of_all_signs():
    rng = np.random.default_rng(4)
    masks = ((1, 1, 1), (1, 1))
    orbit = Orbit(NORMS, DIRECTION, tuple(np.array(mask, dtype=float) for mask in masks))
    for _ in range(50):
        weights = [rng.standard_normal(W.shape) for W in _layers([np.ones(3), np.ones(2)])]
        best = min(_distance(weights, member) for member in _members(masks))
        assert nearest_member(orbit, weights)[1] >= best - 1e-12


def test_layers_without_noise_turn():
    rng = np.random.default_rng(6)
    vectors = [rng.standard_normal(d) for d in WIDTHS]
    target = _layers([v / np.linalg.norm(v) for v in vectors])
    layers, distance = nearest_member(Orbit(NORMS, DIRECTION, (None, None)), target)
    assert distance < 1e-12
    signs_only = Orbit(NORMS, DIRECTION, (np.ones(3), np.ones(2)))
    assert nearest_member(signs_only, target)[1] > 0.1
    assert _distance(layers, target) < 1e-12


def test_the_norm_is_that_of_all_weights():
    orbit = Orbit(NORMS, DIRECTION, (None, None))
    layers, _ = nearest_member(orbit, _layers([np.eye(3)[0], np.eye(2)[1]]))
    assert np.linalg.norm(orbit.norms) == pytest.approx(
        np.sqrt(sum((W * W).sum() for W in layers)), rel=1e-14
    )


def test_a_point_at_zero_is_as_far_as_the_weights_are_long():
    zero = Orbit((0.0, 0.0, 0.0), DIRECTION, (None, np.ones(2)))
    weights = _layers([np.eye(3)[0], np.eye(2)[1]])
    assert nearest_member(zero, weights)[1] == pytest.approx(np.linalg.norm(NORMS), rel=1e-14)
