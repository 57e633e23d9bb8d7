"""What the proof core knows about the expectation over noise and data: the model's own moments.

:func:`mean` writes E over the data (x, y) and the noise ε of every layer, as the loss is printed.
Noise of different layers, of different neurons, and the data are independent; E ε = 1 and
E ε² = 1 + σ²; A, v and c are the second moments of the data.  Nothing else is used.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements.nodes import Expectation, mean

#: Bases whose elements are random; h[i, j], the output of neuron j of layer i, holds noise of layers ≤ i.
RANDOM = (sy.epsilon, sy.x, sy.h)


def body_of_mean(expression: Any) -> Any | None:
    """The expression of which ``expression`` is the :func:`mean`; None when it is something else."""
    if isinstance(expression, Expectation) and expression.over == sy.x.label:
        inner = expression.body
        if isinstance(inner, Expectation) and inner.over == sy.epsilon.label:
            return inner.body
    return None


def is_random(expression: Any) -> bool:
    """Whether an expression varies with the noise or the data."""
    if isinstance(expression, Expectation):
        return False
    if isinstance(expression, sp.Indexed):
        return expression.base in RANDOM
    return expression == sy.y or any(map(is_random, expression.args))


def average_of_product(factors: list[tuple[Any, Any]]) -> Any:
    """E of a product of random factors, each given with its exponent, as far as the model tells.

    >>> average_of_product([(sy.epsilon[2, sy.j], 1), (sy.epsilon[2, sy.k], 1), (sy.x[1], 2)])
    (KroneckerDelta(j, k)*sigma[2]**2 + 1)*A[1, 1]
    """
    powers = [sp.sympify(power) for _, power in factors]
    if not all(power.is_Integer and power > 0 for power in powers):
        return mean(sp.Mul(*(atom**power for atom, power in factors)))
    single = [atom for atom, power in factors for _ in range(int(power))]
    noise = [atom for atom in single if isinstance(atom, sp.Indexed) and atom.base == sy.epsilon]
    for layer in dict.fromkeys(atom.indices[0] for atom in noise):
        same = [atom for atom in noise if atom.indices[0] == layer]
        others = [atom for atom in single if atom not in same]
        if len(same) <= 2 and all(_is_independent(atom, layer) for atom in others):
            rest = average_of_product([(atom, 1) for atom in others])
            return _noise_moment(layer, [atom.indices[1] for atom in same]) * rest
    return _data_moment(single)


def _noise_moment(layer: Any, neurons: list[Any]) -> Any:
    if len(neurons) == 1:
        return sp.Integer(1)
    return 1 + sy.sigma[layer] ** 2 * sp.KroneckerDelta(*neurons)


def _is_independent(atom: Any, layer: Any) -> bool:
    """Whether a random factor holds no noise of ``layer``."""
    if atom == sy.y:
        return True
    if not isinstance(atom, sp.Indexed):
        return False
    if atom.base == sy.x:
        return True
    later = layer - atom.indices[0]
    return bool(later.is_positive or (atom.base == sy.epsilon and later.is_nonzero))


def _data_moment(factors: list[Any]) -> Any:
    features = [atom.indices[0] for atom in factors if isinstance(atom, sp.Indexed) and atom.base == sy.x]
    targets = factors.count(sy.y)
    if not factors:
        return sp.Integer(1)
    if len(features) + targets != len(factors) or len(factors) != 2:
        return mean(sp.Mul(*factors))
    if targets == 2:
        return sy.c
    return sy.v_entry[features[0]] if targets else sy.A_entry[tuple(sorted(features, key=str))]
