"""Averages over all dropout masks of tiny networks: the definition, nothing clever.

Nothing here knows of second moments of the noise or of the recursion: a mask is drawn, its neurons are
dropped or scaled by 1/p, and what the networks do is averaged with the probabilities of the masks.
Numbers are of any kind.
"""

from fractions import Fraction
from itertools import pairwise, product

import numpy as np


def random_layers(rng, sizes):
    """W_1, …, W_D, U as lists of fractions."""
    return [
        [[Fraction(rng.randint(-9, 9), rng.randint(1, 7)) for _ in range(columns)] for _ in range(rows)]
        for columns, rows in pairwise(sizes)
    ]


def as_array(matrix):
    return np.array(matrix.tolist() if hasattr(matrix, "tolist") else matrix, dtype=object)


def over_masks(weights, keep):
    """Every network with neurons dropped, as (probability, end-to-end row), survivors scaled by 1/p.

    ``keep`` holds one keep probability p a hidden layer.
    """
    *hidden, output = map(as_array, weights)
    neurons = [(layer, p) for layer, p in enumerate(keep) for _ in range(hidden[layer].shape[0])]
    for mask in product((0, 1), repeat=len(neurons)):
        probability, scales = 1, [[] for _ in hidden]
        for kept, (layer, p) in zip(mask, neurons, strict=True):
            probability = probability * (p if kept else 1 - p)
            scales[layer].append(1 / p if kept else 0)
        row = output.reshape(-1)
        for matrix, scale in zip(reversed(hidden), reversed(scales), strict=True):
            row = (row * np.array(scale, dtype=object)) @ matrix
        yield probability, row


def regularizer(weights, decays):
    return sum((as_array(W) ** 2).sum() * decay for W, decay in zip(weights, decays, strict=True))


def enumerated_loss(weights, A, v, c, *, keep, decays):
    """E over masks of E_x (f - y)² plus decay, from the moments of the data."""
    A, v = as_array(A), as_array(v).reshape(-1)
    data = sum((row @ A @ row - 2 * (row @ v) + c) * p for p, row in over_masks(weights, keep))
    return data + regularizer(weights, decays)


def loss_over_masks(weights, rates, X, y, decays):
    """The expected regularized loss over samples and masks, in fractions."""
    data = Fraction(0)
    for p, row in over_masks(weights, [Fraction(1) - rate for rate in rates]):
        data += p * sum((row @ as_array(x) - t) ** 2 for x, t in zip(X, y, strict=True)) / len(X)
    return data + regularizer(weights, decays)


def variance_over_masks(weights, rates, x):
    """Mean and variance of the prediction at x, in fractions."""
    keep = [Fraction(1) - rate for rate in rates]
    outputs = [(p, row @ as_array(x)) for p, row in over_masks(weights, keep)]
    average = sum(p * f for p, f in outputs)
    return average, sum(p * f**2 for p, f in outputs) - average**2
