"""Independent oracles: descent on the full loss, scikit-learn's Ridge, a proximal iteration, all masks.

The full loss is written out here, in NumPy, and knows nothing of the reduction.
"""

import random
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from oracles.tools import Library
from scipy.optimize import minimize

from symderive import Moments, Network, solve

linear_model = Library("sklearn.linear_model")

#: What L-BFGS in double precision is off by at most, relative to c, where it converges.
DESCENT_TOLERANCE = 1e-7
#: Doubles against certified numbers on well-conditioned data.
FLOAT_TOLERANCE = 1e-9


class Case:
    """Integer samples and a network, in exact numbers and in floats."""

    def __init__(self, seed, depth, widths, decays, noise, *, features=3, count=20):
        rng = np.random.default_rng(seed)
        self.X = rng.integers(-3, 4, size=(count, features))
        signal = rng.integers(-2, 3, size=features)
        self.y = self.X @ signal + rng.integers(-1, 2, size=count)
        self.net = Network(depth, widths=widths, decays=decays, noise=noise)
        self.data = Moments.from_samples(self.X, self.y)
        self.A, self.v = self.X.T @ self.X / count, self.X.T @ self.y / count
        self.c = self.y @ self.y / count
        self.noise = [float(x) for x in self.net.noise]
        self.decays = [float(x) for x in self.net.decays]
        sizes = [features, *(int(d) for d in self.net.widths), 1]
        self.shapes = list(zip(sizes[1:], sizes[:-1], strict=True))

    def unpack(self, theta):
        weights, at = [], 0
        for rows, columns in self.shapes:
            weights.append(theta[at : at + rows * columns].reshape(rows, columns))
            at += rows * columns
        return weights

    def loss_and_gradient(self, theta):
        """L and its gradient: second moments of the activations forward, their adjoints back."""
        weights = self.unpack(theta)
        moments, signals = [self.A], [self.v]
        for W, s in zip(weights[:-1], self.noise, strict=True):
            S = W @ moments[-1] @ W.T
            moments.append(S + s * np.diag(np.diag(S)))
            signals.append(W @ signals[-1])
        U = weights[-1]
        loss = (U @ moments[-1] @ U.T).item() - 2 * (U @ signals[-1]).item() + self.c
        loss += sum(g * (W * W).sum() for g, W in zip(self.decays, weights, strict=True))
        gradients = [2 * U @ moments[-1] - 2 * signals[-1][None] + 2 * self.decays[-1] * U]
        moment_bar, signal_bar = U.T @ U, -2 * U[0]
        for i in reversed(range(len(weights) - 1)):
            S_bar = moment_bar + self.noise[i] * np.diag(np.diag(moment_bar))
            W = weights[i]
            gradients.append(
                2 * S_bar @ W @ moments[i] + np.outer(signal_bar, signals[i]) + 2 * self.decays[i] * W
            )
            moment_bar, signal_bar = W.T @ S_bar @ W, W.T @ signal_bar
        return loss, np.concatenate([g.ravel() for g in reversed(gradients)])

    def descend(self, theta):
        options = {"maxiter": 4000, "gtol": 1e-10}
        return minimize(self.loss_and_gradient, theta, jac=True, method="L-BFGS-B", options=options)

    @property
    def size(self):
        return sum(rows * columns for rows, columns in self.shapes)


CASES = {
    "one layer, noise": Case(1, 1, 4, ["1/10", "1/7"], "1/2"),
    "two layers, no noise": Case(2, 2, [3, 2], "1/20", 0),
    "two layers, noise": Case(3, 2, [3, 4], ["1/20", "1/30", "1/15"], [1, "1/3"]),
    "three layers, noise": Case(4, 3, [2, 3, 2], "1/50", "1/4"),
    "two layers, the origin wins": Case(5, 2, 3, 3, "1/2"),
    "more features than samples": Case(6, 2, 3, "1/50", "1/5", features=6, count=4),
}


def number(ball):
    return float(ball.mid())


@pytest.mark.parametrize("name", CASES)
def test_gradient_of_the_oracle_is_right(name):
    case = CASES[name]
    theta = np.random.default_rng(0).normal(size=case.size)
    _, gradient = case.loss_and_gradient(theta)
    step = 1e-6
    for i in range(0, case.size, 3):
        shift = np.eye(case.size)[i] * step
        difference = case.loss_and_gradient(theta + shift)[0] - case.loss_and_gradient(theta - shift)[0]
        assert gradient[i] == pytest.approx(difference / (2 * step), rel=1e-5, abs=1e-4)


def mask_loss(case, rates, weights):
    """The expected loss by running the network on every sample under every dropout mask."""
    total = 0.0
    for mask in product((0, 1), repeat=sum(len(W) for W in weights[:-1])):
        signal, probability, at = case.X.T.astype(float), 1.0, 0
        for W, rate in zip(weights[:-1], rates, strict=True):
            kept = np.array(mask[at : at + len(W)])
            at += len(W)
            signal = (W @ signal) * (kept / (1 - rate))[:, None]
            probability *= np.prod(np.where(kept, 1 - rate, rate))
        total += probability * np.mean((weights[-1] @ signal - case.y) ** 2)
    return total + sum(g * (W * W).sum() for g, W in zip(case.decays, weights, strict=True))


def test_the_oracle_and_the_certified_minimum_are_those_of_all_masks():
    """Dropout enumerated: the loss at the certified layers is the certified loss, variance included."""
    rates = [0.5, 0.2]
    case = Case(7, 2, [2, 3], "1/20", ["1", "1/4"])  # σ² = P/(1 - P)
    theta = np.random.default_rng(1).normal(size=case.size)
    masks = mask_loss(case, rates, case.unpack(theta))
    assert masks == pytest.approx(case.loss_and_gradient(theta)[0], rel=1e-12)
    landscape = solve(case.net, case.data, digits=20)
    assert landscape.points
    for point in landscape.points:
        layers = landscape.layers(point.index)
        weights = [np.array(W, dtype=float) for W in _floats(layers)]
        assert mask_loss(case, rates, weights) == pytest.approx(number(point.loss), rel=1e-12)
        spread = 0.0
        for mask in product((0, 1), repeat=5):
            probability = np.prod([*(0.5 for _ in mask[:2]), *(0.8 if k else 0.2 for k in mask[2:])])
            first, second = np.array(mask[:2]) / 0.5, np.array(mask[2:]) / 0.8
            noisy = (weights[2] * second) @ (weights[1] * first) @ weights[0]
            m = weights[2] @ weights[1] @ weights[0]
            spread += probability * np.mean(((noisy - m) @ case.X.T) ** 2)
        assert spread == pytest.approx(number(point.prediction_variance), rel=1e-12)


def _floats(layers):
    arrays = layers.floats()
    return [np.atleast_2d(arrays[name]) for name in (*(f"W{i}" for i in range(1, len(arrays))), "U")]


@pytest.mark.parametrize("name", CASES)
def test_descent_on_the_full_loss_never_goes_below_and_reaches_the_certified_minimum(name):
    case = CASES[name]
    landscape = solve(case.net, case.data, digits=15)
    certified = number(landscape.global_minimum.loss)
    rng, reached = np.random.default_rng(8), []
    for start in range(14):
        theta = rng.normal(size=case.size) * (0.3, 1.0, 2.0)[start % 3]
        found = case.descend(theta)
        reached.append(found.fun)
    allowed = DESCENT_TOLERANCE * case.c
    assert min(reached) > certified - allowed
    assert min(reached) < certified + allowed
    # Near-miss: a certified value that is off by a thousandth would be noticed.
    assert abs(min(reached) - 0.999 * certified) > allowed


@pytest.mark.parametrize("name", ["two layers, no noise", "two layers, noise", "three layers, noise"])
def test_every_end_of_descent_is_a_local_minimum_of_the_list(name):
    case = CASES[name]
    landscape = solve(case.net, case.data, digits=15)
    minima = [number(p.loss) for p in landscape.points if "minimum" in p.kind]
    minima += [float(case.data.c)] if "minimum" in landscape.origin else []
    rng = np.random.default_rng(9)
    for _ in range(8):
        theta = rng.normal(size=case.size)
        found = case.descend(theta)
        assert min(abs(found.fun - value) for value in minima) < 10 * DESCENT_TOLERANCE * case.c


@pytest.mark.parametrize("name", CASES)
def test_ridge_of_scikit_learn_at_the_effective_ridge_gives_the_map(name):
    """m = (ρA + λ)^{-1}v minimizes Σ(y - Xw)² + (λ n/ρ)‖w‖² up to the factor 1/ρ."""
    case = CASES[name]
    landscape = solve(case.net, case.data, digits=15)
    rho, count = float(landscape.noise_factor), len(case.y)
    for point in landscape.points:
        ridge = number(point.ridge)
        model = linear_model.Ridge(alpha=ridge * count / rho, fit_intercept=False, solver="svd").fit(
            case.X, case.y
        )
        m = np.array([number(x) for x in landscape.end_to_end_map(point.index)])
        assert m == pytest.approx(model.coef_ / rho, rel=FLOAT_TOLERANCE, abs=1e-12)
        other = linear_model.Ridge(alpha=ridge * count, fit_intercept=False, solver="svd").fit(
            case.X, case.y
        )
        if rho > 1 and "minimum" in point.kind:  # the noise factor must not be forgotten
            assert not np.allclose(m, other.coef_, rtol=1e-6, atol=0)


@pytest.mark.parametrize("seed", range(6))
def test_one_hidden_layer_is_the_group_lasso(seed):
    """D = 1 without noise: min mᵀAm - 2m·v + c + 2√(γ_uγ_1)‖m‖ by proximal gradient steps."""
    rng = random.Random(seed)
    decays = [Fraction(rng.randint(1, 20), 10), Fraction(rng.randint(1, 40), 10)]
    case = Case(20 + seed, 1, 3, decays, 0)
    group = 2 * float(decays[0] * decays[1]) ** 0.5
    step = 1 / (2 * np.linalg.norm(case.A, 2))
    m = np.zeros_like(case.v)
    for _ in range(4000):
        moved = m - step * 2 * (case.A @ m - case.v)
        size = np.linalg.norm(moved)
        m = moved * max(0.0, 1 - step * group / size) if size else moved
    landscape = solve(case.net, case.data, digits=15)
    best = landscape.global_minimum
    loss = m @ case.A @ m - 2 * m @ case.v + case.c + group * np.linalg.norm(m)
    assert number(best.loss) == pytest.approx(loss, rel=FLOAT_TOLERANCE)
    certified = [number(x) for x in landscape.end_to_end_map(best.index)]
    assert certified == pytest.approx(m, rel=1e-6, abs=1e-9)
    assert best.at_origin == (not m.any())
