"""The orbit of a stationary point in weight space, and its member nearest to given layers.

Signs of noisy neurons and rotations of noise-free layers change the weights and not the loss: a stationary
point is the set of all W_i = β_i e_i e_{i-1}ᵀ with e_0 = m̂ and, for each hidden layer, any unit vector e_i
where the layer has no noise, and e_i = r_i/√k_i with r_i ∈ {±1} on its k_i active neurons where it has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from symderive.arithmetic.doubles import length

#: Sweeps up and down the layers; each one lowers the distance, and a few dozen reach its fixed point.
MOST_SWEEPS = 200


@dataclass(frozen=True, eq=False)
class Orbit:
    """``norms`` are β_1, …, β_{D+1}, ``direction`` is m̂ (shape (d,)), ``active`` holds a mask of the active
    neurons for each hidden layer with noise, and None for each without; float64."""

    norms: tuple[float, ...]
    direction: Any
    active: tuple[Any, ...]


def nearest_member(orbit: Orbit, weights: Sequence[Any]) -> tuple[list[Any], float]:
    """Layers on the orbit near ``weights`` (W_1, …, U as arrays), and their Euclidean distance.

    The distance bounds that to the orbit from above.  It is attained by alternation over the layers, which
    is exact where the weights are close to the orbit, and elsewhere may stop at another sign pattern.

    >>> import numpy as np
    >>> orbit = Orbit((1.0, 2.0), np.array([1.0]), (np.array([True]),))
    >>> layers, distance = nearest_member(orbit, [np.array([[-1.0]]), np.array([[-2.5]])])
    >>> [float(W[0, 0]) for W in layers], distance
    ([-1.0, -2.0], 0.5)
    """
    import numpy as np

    depth = len(weights) - 1
    # In units of the largest number no product overflows, and the vectors are the same.
    unit = max(*orbit.norms, *(float(np.abs(W).max()) for W in weights)) or 1.0
    norms, scaled = [norm / unit for norm in orbit.norms], [W / unit for W in weights]
    vectors = [orbit.direction, *(np.zeros(len(W)) for W in weights[:-1]), np.ones(1)]
    overlap = -np.inf
    for _ in range(MOST_SWEEPS):
        for i in [*range(1, depth + 1), *range(depth - 1, 0, -1)]:
            pull = norms[i - 1] * (scaled[i - 1] @ vectors[i - 1])
            pull = pull + norms[i] * (vectors[i + 1] @ scaled[i])
            vectors[i] = _member(pull, orbit.active[i - 1])
        found = sum(
            norm * float(vectors[i + 1] @ W @ vectors[i])
            for i, (norm, W) in enumerate(zip(norms, scaled, strict=True))
        )
        if found <= overlap:
            break
        overlap = found
    layers = [
        norm * np.outer(after, before)
        for norm, before, after in zip(orbit.norms, vectors, vectors[1:], strict=False)
    ]
    differences = (W - layer for W, layer in zip(weights, layers, strict=True))
    return layers, length(np.array([length(x) for x in differences]))


def _member(pull: Any, active: Any) -> Any:
    """The allowed unit vector with the largest inner product with ``pull``."""
    import numpy as np

    if active is None:
        if (size := np.linalg.norm(pull)) > 0:
            return pull / size
        return np.eye(len(pull))[0]
    signs = np.where(pull < 0, -1.0, 1.0) * active
    return signs / np.sqrt(active.sum())
