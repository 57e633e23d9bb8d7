"""An independent oracle: the expected loss of dropout by enumeration of all masks.

Nothing here knows of second moments or of the recursion: a mask is drawn, its neurons are dropped or
scaled by 1/p, and the losses are averaged with the probabilities of the masks.  Numbers of any kind.
"""

from itertools import product

import numpy as np


def as_array(matrix):
    return np.array(matrix.tolist() if hasattr(matrix, "tolist") else matrix, dtype=object)


def enumerated_loss(weights, A, v, c, *, keep, decays):
    """E over masks of E_x (f - y)² plus decay; ``keep`` holds one keep probability a hidden layer."""
    *hidden, output = (as_array(w) for w in weights)
    A, v = as_array(A), as_array(v).reshape(-1)
    neurons = [(layer, p) for layer, p in enumerate(keep) for _ in range(hidden[layer].shape[0])]
    total = c - c
    for mask in product((0, 1), repeat=len(neurons)):
        probability, scales = c - c + 1, [[] for _ in hidden]
        for kept, (layer, p) in zip(mask, neurons, strict=True):
            probability = probability * (p if kept else 1 - p)
            scales[layer].append(1 / p if kept else c - c)
        row = output.reshape(-1)
        for matrix, scale in zip(reversed(hidden), reversed(scales), strict=True):
            row = (row * np.array(scale, dtype=object)) @ matrix
        total = total + (row @ A @ row - 2 * (row @ v) + c) * probability
    return total + sum((w * w).sum() * decay for w, decay in zip([*hidden, output], decays, strict=True))
