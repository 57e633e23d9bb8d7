"""Noise of any kind: the printed matrices against all values of two-point noise, with NumPy alone."""

from __future__ import annotations

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

from symderive.model.noise import NeuronNoise, WeightNoise, noise_factors

#: Two features, two neurons that share noise and two that do not; the features are not alike.
A = np.array([[1.0, 0.3], [0.3, 4.0]])
NEURONS, GROUPS = (0.5, 0.75), (1, 2)
WEIGHTS = (0.25, 1.5, 0.5)


def all_signs(count: int) -> np.ndarray:
    """Every choice of signs, one a row."""
    return np.array(list(itertools.product((-1.0, 1.0), repeat=count)))


def second_moment(layers: tuple[np.ndarray, ...], weights: tuple[float, ...] = WEIGHTS) -> float:
    """E f², an average over all values of two-point noise, one layer after the other."""
    moments = A
    for W, variance, neurons, groups in zip(layers, weights, (*NEURONS, 0.0), (*GROUPS, 1), strict=True):
        rows, below = W.shape
        of_weights = 1 + math.sqrt(variance) * all_signs(rows * below).reshape(-1, rows, below)
        inside = of_weights * W
        inside = np.mean(inside @ moments @ inside.transpose(0, 2, 1), axis=0)
        of_groups = 1 + math.sqrt(neurons) * all_signs(groups)
        shared = np.repeat(of_groups, rows // groups, axis=1)
        moments = np.mean(shared[:, :, None] * inside * shared[:, None, :], axis=0)
    return moments.item()


def transferred(weights: tuple[float, ...] = WEIGHTS) -> tuple[float, float]:
    """(ρ_1, ρ_2) by the product of the printed matrices."""
    row = np.array([1.0, weights[2]])
    for i in (1, 0):
        shared, alone, w, d = 1 + NEURONS[i] / GROUPS[i], 1 + NEURONS[i], weights[i], 2
        row = row @ np.array([[shared, w * alone / d], [alone / d, w * alone / d]])
    return row[0], row[1]


def form(m: np.ndarray, factors: tuple[float, float]) -> float:
    return factors[0] * m @ A @ m + factors[1] * m**2 @ np.diag(A)


def test_the_two_factors_are_those_of_the_network() -> None:
    neurons = NeuronNoise(tuple(map(Fraction, NEURONS)), GROUPS, (2, 2))
    factors = noise_factors([neurons, WeightNoise(tuple(map(Fraction, WEIGHTS)))], [Fraction(2)] * 2)
    assert tuple(map(float, factors)) == pytest.approx(transferred(), rel=1e-14)


def test_the_bound_holds_and_is_attained() -> None:
    random = np.random.default_rng(5)
    factors = transferred()
    for _ in range(30):
        layers = tuple(random.normal(size=size) for size in ((2, 2), (2, 2), (1, 2)))
        m = (layers[2] @ layers[1] @ layers[0]).ravel()
        assert second_moment(layers) > form(m, factors) * (1 - 1e-12)
        r1, r2, m = np.array([1.0, -1.0]), np.array([-1.0, -1.0]), random.normal(size=2)
        reduced = np.outer(r1, m) / 2, np.outer(r2, r1) / 2, r2[None]
        assert second_moment(reduced) == pytest.approx(form(m, factors), rel=1e-12)
        # Near-miss: entries of two sizes.
        uneven = (np.diag((1.5, 0.5)) @ reduced[0], *reduced[1:])
        map_of_uneven = (uneven[2] @ uneven[1] @ uneven[0]).ravel()
        assert second_moment(uneven) > form(map_of_uneven, factors) * 1.01


def test_factors_of_single_layers_do_not_multiply() -> None:
    r, alike = np.ones(2), np.array([0.6, 0.8])
    layers = np.outer(r, alike) / 2, np.outer(r, r) / 2, r[None]
    alone = [
        second_moment(layers, tuple(w if i == j else 0.0 for j, w in enumerate(WEIGHTS))) for i in range(3)
    ]
    without = second_moment(layers, (0.0, 0.0, 0.0))
    product = without * math.prod(one / without for one in alone)
    assert second_moment(layers) > product * 1.01
