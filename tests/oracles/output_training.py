"""The full loss of two layers with several outputs in float64, from its definition, and training on it."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize


def two_layer_loss(X, Y, decays, W, U):
    """Mean of ‖y - UWx‖² over samples, + γ_1‖W‖² + γ_u‖U‖², and its gradients by W and U."""
    hidden = X @ W.T
    error = hidden @ U.T - Y
    loss = (error**2).sum() / len(X) + decays[0] * (W**2).sum() + decays[1] * (U**2).sum()
    pull = error / len(X)
    return loss, 2 * (U.T @ (pull.T @ X) + decays[0] * W), 2 * (pull.T @ hidden + decays[1] * U)


def trained(X, Y, decays, width, seed, steps=20_000):
    """The loss that L-BFGS ends with from a random start.

    Its coordinates are the layers in units in which both decays are equal, which changes no loss.
    """
    o, d, first = Y.shape[1], X.shape[1], width * X.shape[1]
    units = [(decays[1] / decays[0]) ** 0.25, (decays[0] / decays[1]) ** 0.25]

    def flat(x):
        W, U = x[:first].reshape(width, d) * units[0], x[first:].reshape(o, width) * units[1]
        loss, by_W, by_U = two_layer_loss(X, Y, decays, W, U)
        return loss, np.concatenate([by_W.ravel() * units[0], by_U.ravel() * units[1]])

    rng = np.random.default_rng(seed)
    size = np.sqrt(np.abs(Y).max() / np.abs(X).max())
    x = size * rng.standard_normal(first + o * width)
    options = {"maxiter": steps, "maxfun": 2 * steps, "ftol": 0, "gtol": 0, "maxcor": 40}
    loss = flat(x)[0]
    while True:  # a new start forgets curvatures that have become wrong
        found = minimize(flat, x, jac=True, method="L-BFGS-B", options=options)
        if found.fun > loss * (1 - 1e-12):
            return min(loss, found.fun)
        x, loss = found.x, found.fun


def proximal(A, V, c, g, steps=200_000, tolerance=1e-15):
    """min tr MAMᵀ - 2 tr MVᵀ + c + 2g‖M‖_* by accelerated proximal gradient steps with restarts."""
    step = 1 / (2 * np.linalg.norm(A, 2))
    M = ahead = np.zeros_like(V)
    momentum, best = 1.0, np.inf
    for _ in range(steps):
        P, sizes, R = np.linalg.svd(ahead - step * 2 * (ahead @ A - V), full_matrices=False)
        sizes = np.maximum(sizes - 2 * g * step, 0)
        following = (P * sizes) @ R
        loss = (following * (following @ A - 2 * V)).sum() + c + 2 * g * sizes.sum()
        if loss > best:
            momentum, ahead, best = 1.0, M, np.inf
            continue
        if np.linalg.norm(following - M) <= tolerance * np.linalg.norm(following):
            break
        after = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = following + (momentum - 1) / after * (following - M)
        M, momentum, best = following, after, loss
    return (M * (M @ A - 2 * V)).sum() + c + 2 * g * np.linalg.svd(M, compute_uv=False).sum()
