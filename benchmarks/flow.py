"""Gradient flow of networks with activations, many starts side by side, in NumPy.

It knows nothing of barriers.  Noise is that of two points, ε = 1 ± σ with equal odds, and its mean is taken
over all of its values, as long as there are few neurons.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from math import erf
from typing import Any

import numpy as np

_erf = np.vectorize(erf, otypes=[float])

#: φ and φ' of each activation that is trained.
ACTIVATIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "linear": (lambda t: t, np.ones_like),
    "relu": (lambda t: np.maximum(t, 0.0), lambda t: (t > 0) * 1.0),
    "leaky-relu": (lambda t: np.where(t > 0, t, t / 100), lambda t: np.where(t > 0, 1.0, 0.01)),
    "tanh": (np.tanh, lambda t: 1 - np.tanh(t) ** 2),
    "gelu": (
        lambda t: t * (1 + _erf(t / np.sqrt(2))) / 2,
        lambda t: (1 + _erf(t / np.sqrt(2))) / 2 + t * np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi),
    ),
}


@dataclass(frozen=True, eq=False)
class Flow:
    """The loss of networks that share their shape, data and decays; weights are arrays (starts, out, in).

    ``X`` has shape (d, n) and ``y`` length n; ``decays`` has D + 1 entries and ``noise`` D variances.
    """

    X: Any
    y: Any
    decays: tuple[float, ...]
    activation: str
    noise: tuple[float, ...] = ()

    def penalty(self, weights: Sequence[Any]) -> Any:
        """S of each start."""
        return sum(g * (W**2).sum(axis=(1, 2)) for g, W in zip(self.decays, weights, strict=True))

    def loss(self, weights: Sequence[Any]) -> Any:
        """L of each start."""
        return self._sweep(weights, with_gradient=False)[0]

    def loss_and_gradient(self, weights: Sequence[Any]) -> tuple[Any, list[Any]]:
        """L of each start, and ∂L/∂W_1, …, ∂L/∂U."""
        return self._sweep(weights, with_gradient=True)

    def _sweep(self, weights: Sequence[Any], *, with_gradient: bool) -> tuple[Any, list[Any]]:
        phi, slope = ACTIVATIONS[self.activation]
        loss = self.penalty(weights)
        gradients = [2 * g * W for g, W in zip(self.decays, weights, strict=True)]
        cases = list(self._noises([W.shape[1] for W in weights[:-1]]))
        for factors in cases:
            states, before = [self.X[None]], []
            for W, factor in zip(weights[:-1], factors, strict=True):
                before.append(W @ states[-1])
                states.append(phi(before[-1]) * factor)
            error = (weights[-1] @ states[-1])[:, 0] - self.y
            loss = loss + (error**2).mean(axis=1) / len(cases)
            if not with_gradient:
                continue
            back = (2 * error / error.shape[1] / len(cases))[:, None]
            for i in reversed(range(len(weights))):
                gradients[i] = gradients[i] + back @ states[i].transpose(0, 2, 1)
                if i:
                    back = weights[i].transpose(0, 2, 1) @ back * factors[i - 1] * slope(before[i - 1])
        return loss, gradients

    def _noises(self, widths: Sequence[int]) -> Any:
        """The factors of the hidden layers, columns of one for each neuron, in all of their values."""
        if not any(self.noise):
            yield [1.0] * len(widths)
            return
        for signs in product((-1.0, 1.0), repeat=sum(widths)):
            parts = np.split(np.array(signs), np.cumsum(widths)[:-1])
            pairs = zip(parts, self.noise, strict=True)
            yield [(1 + part * np.sqrt(variance))[:, None] for part, variance in pairs]

    def run(self, weights: Sequence[Any], *, most: int = 4000, floor: float = 1e-8) -> Outcome:
        """Follow the flow by steps of Heun that change the weights by 3 % at most and let the loss fall.

        A start is done where Σ‖W‖² is below ``floor`` times what it was, where the loss is below that of
        zero weights, to which it cannot go then, or after ``most`` steps.
        """
        weights = [W.copy() for W in weights]
        first = _square(weights)
        origin = float((self.y**2).mean())
        largest, steps = self.penalty(weights), np.zeros(len(first), dtype=int)
        step = 0.1 / (max(self.decays) + np.zeros(len(first)))
        loss, gradients = self.loss_and_gradient(weights)
        for _ in range(most):
            active = (_square(weights) > floor * first) & (loss >= origin)
            if not active.any():
                break
            speed = np.sqrt(_square(gradients) / np.maximum(_square(weights), 1e-300))
            h = np.where(active, np.minimum(step, 0.03 / np.maximum(speed, 1e-300)), 0.0)[:, None, None]
            middle = [W - h * g for W, g in zip(weights, gradients, strict=True)]
            _, ahead = self.loss_and_gradient(middle)
            moved = [W - h / 2 * (g + a) for W, g, a in zip(weights, gradients, ahead, strict=True)]
            new, slopes = self.loss_and_gradient(moved)
            good = new <= loss + 1e-12 * abs(loss)
            pick = good[:, None, None]
            weights = [np.where(pick, m, W) for m, W in zip(moved, weights, strict=True)]
            gradients = [np.where(pick, s, g) for s, g in zip(slopes, gradients, strict=True)]
            loss = np.where(good, new, loss)
            step = np.where(good, step * 1.1, step / 3)
            largest = np.maximum(largest, self.penalty(weights))
            steps += active
        return Outcome(weights, loss, first, _square(weights), largest, steps)


@dataclass(frozen=True, eq=False)
class Outcome:
    """Where runs ended: weights, L, Σ‖W‖² before and after, the largest S on the way, and steps taken."""

    weights: list[Any]
    loss: Any
    first: Any
    last: Any
    largest: Any
    steps: Any

    @property
    def collapsed(self) -> Any:
        """Whether Σ‖W‖² fell to 1e-6 of what it was."""
        return self.last < 1e-6 * self.first


def _square(weights: Sequence[Any]) -> Any:
    return sum((W**2).sum(axis=(1, 2)) for W in weights)
