"""The barrier around the origin: closed forms, and networks with activations, their noise enumerated."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
import sympy as sp
from scipy.optimize import brentq, minimize_scalar

from symderive.errors import InputError
from symderive.formulas.barrier import barrier, noise_size, signal, total_decay
from symderive.model.network import Network

Array = Any

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "linear": lambda t: t,
    "relu": lambda t: np.maximum(t, 0),
    "leaky relu": lambda t: np.where(t > 0, t, 0.3 * t),
    "tanh": np.tanh,
}
HOMOGENEOUS = ("linear", "relu", "leaky relu")


@dataclass(frozen=True)
class Net:
    """A network with activations and two-point noise, its data, and its exact means."""

    phi: Callable[[Array], Array]
    layers: tuple[Array, ...]  # W_1 … W_D, U
    decays: Array
    noises: tuple[tuple[tuple[float, float], ...], ...]  # (value, probability) of each hidden layer
    x: Array
    y: Array

    def outcomes(self, stretch: float = 1.0) -> Iterator[tuple[float, Array]]:
        """Probability and predictions, for every value of the noise."""
        *hidden, output = self.layers
        neurons = [len(W) for W in hidden]
        choices = itertools.product(
            *(values for values, n in zip(self.noises, neurons, strict=True) for _ in range(n))
        )
        for chosen in choices:
            h, at = self.x.T, 0
            for W in hidden:
                noise = np.array([value for value, _ in chosen[at : at + len(W)]])
                h, at = noise[:, None] * self.phi(stretch * W @ h), at + len(W)
            yield float(np.prod([p for _, p in chosen])), stretch * output @ h

    def mean(self, of: Callable[[Array], Array], stretch: float = 1.0) -> float:
        return sum(p * float(np.mean(of(f))) for p, f in self.outcomes(stretch))

    def loss(self, stretch: float = 1.0) -> float:
        return self.mean(lambda f: (f - self.y) ** 2, stretch) + stretch**2 * self.decay

    @property
    def decay(self) -> float:
        return float(sum(g * np.sum(W**2) for g, W in zip(self.decays, self.layers, strict=True)))

    @property
    def data(self) -> float:
        """E |y| ‖x‖."""
        return float(np.mean(np.abs(self.y) * np.linalg.norm(self.x, axis=1)))

    @property
    def size(self) -> float:
        """Π E|ε_i|."""
        return float(np.prod([sum(abs(e) * p for e, p in values) for values in self.noises]))

    @property
    def product(self) -> float:
        return float(np.prod([np.linalg.norm(W) for W in self.layers]))


def symmetric(deviation: float) -> tuple[tuple[float, float], ...]:
    return ((1 - deviation, 0.5), (1 + deviation, 0.5))


def dropout(deviation: float) -> tuple[tuple[float, float], ...]:
    keep = 1 / (1 + deviation**2)
    return ((0.0, 1 - keep), (1 / keep, keep))


def drawn(seed: int, depth: int, activation: str) -> Net:
    rng = np.random.default_rng(seed)
    shapes = [(2, 3 if i == 0 else 2) for i in range(depth)] + [(2,)]
    scale = np.exp(rng.uniform(-2, 1))
    kind = symmetric if seed % 2 else dropout
    return Net(
        ACTIVATIONS[activation],
        tuple(scale * rng.normal(size=shape) for shape in shapes),
        rng.integers(5, 50, size=depth + 1) / 100,
        tuple(kind(rng.uniform(0, 1.6)) for _ in range(depth)),
        rng.normal(size=(5, 3)),
        rng.normal(size=5),
    )


def height(net: Net, K: float) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """h and h' of a network, as functions of numbers."""
    depth = len(net.decays) - 1
    found = barrier(
        Network(depth, widths=2, decays=[sp.Rational(round(100 * g), 100) for g in net.decays]), size=K
    )
    return (
        sp.lambdify(total_decay, found.height(total_decay), "math"),
        sp.lambdify(total_decay, found.slope(total_decay), "math"),
    )


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_top_and_zero_are_those_of_the_function(depth: int) -> None:
    net = Network(depth, widths=2, decays=["1/5", "2", *["1/3"] * (depth - 1)])
    found = barrier(net)
    value = {signal: sp.Rational(7, 5)}
    h = sp.lambdify(total_decay, found.height().subs(value))
    top, zero, peak = (float(x.subs(value)) for x in (found.top, found.zero, found.peak))
    best = minimize_scalar(lambda s: -h(s), bounds=(0, zero), method="bounded", options={"xatol": 1e-12})
    assert best.x == pytest.approx(top, rel=1e-6)
    assert -best.fun == pytest.approx(peak, rel=1e-12)
    assert brentq(h, top, 3 * zero, xtol=1e-14) == pytest.approx(zero, rel=1e-12)
    assert h(1.01 * zero) < 0 < h(0.99 * zero)


def test_one_hidden_layer_has_no_top_and_none_has_no_barrier() -> None:
    net = Network(1, widths=2, decays="1/2")
    assert barrier(net).height(3) == 3 - 6 * signal
    with pytest.raises(InputError, match="without a top"):
        _ = barrier(net).top
    with pytest.raises(InputError, match="no hidden layer"):
        barrier(Network(0, decays=1))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_loss_of_random_networks_exceeds_the_barrier(activation: str, depth: int) -> None:
    for seed in range(6 if depth < 3 else 2):
        net = drawn(seed, depth, activation)
        K = net.data * net.size
        h, slope = height(net, K)
        c = float(np.mean(net.y**2))
        assert net.mean(lambda f, y=net.y: np.abs(f) * np.abs(y)) <= K * net.product * (1 + 1e-12)
        assert net.loss() >= c + h(net.decay) - 1e-12
        if activation in HOMOGENEOUS:
            step = 1e-5
            pull = (net.loss(1 + step) - net.loss(1 - step)) / (2 * step)
            assert pull >= 2 * net.decay * slope(net.decay) - 1e-6 * (1 + abs(pull))


def test_activations_with_slopes_at_most_1_contract_below_a_smaller_top() -> None:
    worst = -np.inf
    for seed in range(12):
        net = drawn(seed, 2, ("tanh", "relu")[seed % 2])
        second = np.prod([sum(e**2 * p for e, p in values) for values in net.noises])
        size = float(np.sqrt(net.loss() * np.mean(np.sum(net.x**2, axis=1)) * second))
        _, slope = height(net, size)
        step = 1e-5
        pull = (net.loss(1 + step) - net.loss(1 - step)) / (2 * step)
        assert pull >= 2 * net.decay * slope(net.decay) - 1e-6 * (1 + abs(pull))
        worst = max(worst, 2 * net.decay - pull)
    assert worst > 0  # the data do pull outward somewhere


def aligned(noise: tuple[tuple[float, float], ...]) -> Net:
    """One neuron a layer and one datum: what the bound is made for."""
    one = np.ones((1, 1))
    noises = (noise, ((1.0, 1.0),))
    return Net(ACTIVATIONS["relu"], (one, one, np.ones(1)), np.full(3, 0.1), noises, one, np.ones(1))


def test_noise_that_changes_sign_needs_its_factor_and_dropout_needs_none() -> None:
    """E relu(ε) = 2 for ε = 1 ± 3: more than without noise, and less than E|ε| = 3 ≤ √10."""
    loud, quiet = aligned(symmetric(3.0)), aligned(dropout(3.0))
    for net, moment, size in ((loud, 2.0, 3.0), (quiet, 1.0, 1.0)):
        assert net.mean(lambda f, y=net.y: f * y) == pytest.approx(moment)
        assert net.size == pytest.approx(size)
        assert moment <= net.data * net.size
    assert loud.mean(lambda f: f) > loud.data  # the factor cannot be left out
    assert noise_size(Network(2, widths=1, decays=1, noise=[9, 0])) == sp.sqrt(10)


def test_half_of_the_signal_is_no_bound() -> None:
    net = aligned(((1.0, 1.0),))
    h, _ = height(net, 0.4 * net.data)
    small = 0.5
    assert net.loss(small) - 1 < h(small**2 * net.decay)


# -- gradient flow -------------------------------------------------------------------------------------


def gradient(net: Net, layers: tuple[Array, ...]) -> tuple[Array, ...]:
    """∇L of a ReLU network without noise, by its chain rule."""
    *hidden, output = layers
    outputs = [net.x.T]
    for W in hidden:
        outputs.append(np.maximum(W @ outputs[-1], 0))
    error = 2 * (output @ outputs[-1] - net.y) / len(net.y)
    found = [outputs[-1] @ error + 2 * net.decays[-1] * output]
    back = np.outer(output, error)
    for W, above, below, g in zip(
        hidden[::-1], outputs[:0:-1], outputs[-2::-1], net.decays[-2::-1], strict=True
    ):
        back = back * (above > 0)
        found.append(back @ below.T + 2 * g * W)
        back = W.T @ back
    return tuple(found[::-1])


def flowed(net: Net, start: float, time: float, step: float = 0.01) -> list[tuple[Array, ...]]:
    """Weights along Euler's steps, from the network's own times a factor."""
    found = [tuple(start * W for W in net.layers)]
    for _ in range(round(time / step)):
        found.append(tuple(W - step * g for W, g in zip(found[-1], gradient(net, found[-1]), strict=True)))
    return found


def squared(layers: tuple[Array, ...]) -> float:
    return float(sum(np.sum(W**2) for W in layers))


def easy(seed: int) -> Net:
    """A ReLU network of two hidden layers with equal decays and positive, learnable data."""
    rng = np.random.default_rng(seed)
    x = np.abs(rng.normal(size=(6, 3)))
    layers = tuple(np.abs(rng.normal(size=shape)) for shape in ((2, 3), (2, 2), (2,)))
    still = ((1.0, 1.0),)
    return Net(ACTIVATIONS["relu"], layers, np.full(3, 0.1), (still, still), x, x @ np.ones(3))


def test_below_the_top_all_weights_vanish_at_the_rate_and_far_above_they_learn() -> None:
    for seed in range(4):
        net = easy(seed)
        found = barrier(Network(2, widths=2, decays="1/10"), size=net.data)
        top = float(found.top)
        _, slope = height(net, net.data)
        scale = np.sqrt(0.9 * top / net.decay)  # S of the first weights is 0.9 of the top
        path = flowed(net, scale, 20.0)
        norms = np.array([squared(layers) for layers in path])
        assert np.all(np.diff(norms) < 0)
        rate = float(found.rate(total_decay, sp.Rational(1, 10)).subs(total_decay, 0.9 * top))
        times = 0.01 * np.arange(len(norms))
        assert np.all(norms <= norms[0] * np.exp(-rate * times) * (1 + 1e-9))
        assert slope(0.9 * top) > 0 > slope(1.1 * top)
        learned = flowed(net, 1.0, 20.0)[-1]
        assert net.decay > 20 * top
        assert squared(learned) > 1  # far above the barrier the network learns
