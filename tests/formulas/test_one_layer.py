"""Closed forms of small cases against the full loss: an ODE solver, and a gradient written out here."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from symderive.formulas.one_layer import EqualLayers, LearningCurve, bound_on_scale

Array = Any


def gradients(layers: list[Array], A: Array, v: Array, noise: Array, decays: Array) -> list[Array]:
    """∇L of every layer: E f² by second moments forth and its derivative back, all by hand."""
    moments, signals = [A], [v]
    for W, variance in zip(layers[:-1], noise, strict=True):
        S = W @ moments[-1] @ W.T
        moments.append(S + variance * np.diag(np.diag(S)))
        signals.append(W @ signals[-1])
    output = layers[-1]
    found = [2 * moments[-1] @ output[0] - 2 * signals[-1] + 2 * decays[-1] * output[0]]
    back, pull = np.outer(output, output), -2 * output[0]
    for i in range(len(noise) - 1, -1, -1):
        back = back + noise[i] * np.diag(np.diag(back))
        W = layers[i]
        found.append(2 * back @ W @ moments[i] + np.outer(pull, signals[i]) + 2 * decays[i] * W)
        back, pull = W.T @ back @ W, W.T @ pull
    return [found[0][None, :], *found[1:]][::-1]


def loss(layers: list[Array], A: Array, v: Array, noise: Array, decays: Array) -> float:
    """L - c, as it is defined."""
    M, m = A, v
    for W, variance in zip(layers[:-1], noise, strict=True):
        S = W @ M @ W.T
        M, m = S + variance * np.diag(np.diag(S)), W @ m
    output = layers[-1][0]
    decay = sum(g * np.sum(W**2) for g, W in zip(decays, layers, strict=True))
    return float(output @ M @ output - 2 * output @ m + decay)


def flowed(start: list[Array], data: tuple[Any, ...], times: Array) -> list[list[Array]]:
    """Gradient flow dW/dt = -∇L, at the times."""
    shapes = [W.shape for W in start]
    ends = np.cumsum([W.size for W in start])[:-1]

    def apart(flat: Array) -> list[Array]:
        return [part.reshape(shape) for part, shape in zip(np.split(flat, ends), shapes, strict=True)]

    def speed(_: float, flat: Array) -> Array:
        return -np.concatenate([g.ravel() for g in gradients(apart(flat), *data)])

    flat = np.concatenate([W.ravel() for W in start])
    found = solve_ivp(speed, (0, times[-1]), flat, t_eval=times, rtol=1e-11, atol=1e-13, method="DOP853")
    return [apart(column) for column in found.y.T]


def test_the_gradients_are_those_of_the_loss() -> None:
    rng = np.random.default_rng(1)
    layers = [rng.normal(size=shape) for shape in ((2, 3), (2, 2), (1, 2))]
    A = np.cov(rng.normal(size=(3, 8)))
    data = (A, rng.normal(size=3), np.array([0.5, 1.5]), np.array([0.1, 0.2, 0.3]))
    found = gradients(layers, *data)
    for i, W in enumerate(layers):
        for place in np.ndindex(W.shape):
            moved = [[V.copy() for V in layers] for _ in range(2)]
            moved[0][i][place] += 1e-6
            moved[1][i][place] -= 1e-6
            slope = (loss(moved[0], *data) - loss(moved[1], *data)) / 2e-6
            assert found[i][place] == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("decay", [0.3, 1.4])
def test_the_learning_curve_is_gradient_flow_of_the_whole_network(decay: float) -> None:
    a, norm, variance, width, first = 1.7, 1.1, 0.8, 3, 0.01
    v = norm * np.array([0.6, 0.8])
    signs = np.array([1.0, -1.0, 1.0]) / np.sqrt(width)
    start = [np.sqrt(first) * np.outer(signs, v / norm), np.sqrt(first) * signs[None, :]]
    data = (a * np.eye(2), v, np.array([variance]), np.array([decay, decay]))
    times = np.linspace(0, 4, 9)
    curve = LearningCurve(norm, decay, (1 + variance / width) * a)
    for time, (W, U) in zip(times, flowed(start, data, times), strict=True):
        m = (U @ W)[0]
        assert float(np.linalg.norm(m)) == pytest.approx(float(curve.value(time, first)), rel=1e-8)
    slow = LearningCurve(norm, 2 * decay, (1 + variance / width) * a)
    assert float(slow.value(times[-1], first)) != pytest.approx(float(np.linalg.norm(m)), rel=1e-2)


def test_every_neuron_becomes_balanced_at_one_rate() -> None:
    rng = np.random.default_rng(5)
    A = np.cov(rng.normal(size=(3, 9)))
    start = [rng.normal(size=(2, 3)), rng.normal(size=(2, 2)), rng.normal(size=(1, 2))]
    data = (A, rng.normal(size=3), np.array([0.5, 2.0]), np.array([0.05, 0.2, 0.2]))
    times = np.linspace(0, 3, 4)

    def imbalance(layers: list[Array], last: int) -> Array:
        return layers[last + 1].T[:, 0] ** 2 - np.sum(layers[last] ** 2, axis=1)

    first = imbalance(start, 1)
    for time, layers in zip(times, flowed(start, data, times), strict=True):
        assert imbalance(layers, 1) == pytest.approx(first * np.exp(-4 * 0.2 * time), rel=1e-7)
    # An earlier layer, whose decays differ, does nothing of the kind.
    between = np.sum(layers[1] ** 2, axis=0) - np.sum(layers[0] ** 2, axis=1)
    before = np.sum(start[1] ** 2, axis=0) - np.sum(start[0] ** 2, axis=1)
    assert between != pytest.approx(before * np.exp(-4 * 0.2 * times[-1]), rel=1e-2)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_equal_layers_are_stationary_where_the_condition_holds(depth: int) -> None:
    width, decay, deviation = 2, 0.01, 0.7
    A, v = np.diag([1.0, 2.5]), np.array([0.9, 0.4])
    form = EqualLayers(depth, width, decay, deviation)

    def solved(b: float) -> Array:
        return v / np.array([float(form.inverted(x, b)) for x in np.diag(A)])

    def excess(b: float) -> float:
        return float(form.condition(np.sum(solved(b) ** 2), b)) - 1

    grid = np.geomspace(1e-3, 3, 300)
    signs = [excess(b) for b in grid]
    roots = [
        brentq(excess, low, high, xtol=1e-15)
        for low, high, one, two in zip(grid, grid[1:], signs, signs[1:], strict=False)
        if one * two < 0
    ]
    assert len(roots) == (1 if depth == 1 else 2)
    signs_of = [np.array([1.0, (-1.0) ** i]) for i in range(depth)]
    data = (A, v, np.full(depth, deviation**2), np.full(depth + 1, decay))

    def weights(b: float) -> list[Array]:
        first = np.array([float(form.first_layer(part, b)) for part in solved(b)])
        middle = [b * np.outer(signs_of[i], signs_of[i - 1]) for i in range(1, depth)]
        return [np.outer(signs_of[0], first), *middle, np.sqrt(width) * b * signs_of[-1][None, :]]

    for b in roots:
        assert max(np.abs(g).max() for g in gradients(weights(b), *data)) < 1e-10
        assert max(np.abs(g).max() for g in gradients(weights(1.05 * b), *data)) > 1e-6


def test_the_number_of_one_hidden_layer_lies_between_its_bounds() -> None:
    rng = np.random.default_rng(3)
    swapped = 0
    for _ in range(20):
        a, v = rng.uniform(0.2, 4, size=4), rng.normal(size=4)
        out, into = rng.uniform(0.01, 0.3, size=2)
        noisy = rng.integers(1, 5) + rng.uniform(0, 2)
        norm = float(np.linalg.norm(v))
        assert out * into < norm**2

        def condition(x: float, inverse: Array = noisy * a, v: Array = v, g: Any = (out, into)) -> float:
            return float(np.sum((v / (x * inverse + g[1])) ** 2) - g[0] / g[1])

        found = brentq(condition, 0, 1e6)
        low, high, other = (
            float(bound_on_scale(norm, x, decay=g[1], output_decay=g[0], noisy_width=noisy))
            for x, g in ((a.max(), (out, into)), (a.min(), (out, into)), (a.max(), (into, out)))
        )
        assert low <= found <= high
        swapped += other > found
    assert swapped > 0  # with the decays the other way round it is no bound


def test_isotropic_data_meet_both_bounds() -> None:
    value = bound_on_scale(3, 2, decay=sp.Rational(1, 4), output_decay=1, noisy_width=5)
    assert sum((x / (value * 5 * 2 + sp.Rational(1, 4))) ** 2 for x in (2, 1, 2)) == 4
