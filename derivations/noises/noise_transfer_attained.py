"""Weights at which the bound for noise of any kind is attained, and what their points inherit from F_B."""

from ..notation import *
from ..reduction.attainment import (
    ALIGNED,
    DECAY_OF_LAYERS,
    LINEAR,
    NORM,
    NORM_OF_VECTOR,
    OUTPUT,
    OUTPUT_SCALE,
    QUADRATIC,
    SCALES,
    UNIT,
    e,
    hidden,
    scale,
    signs,
)
from ..reduction.global_minimum import (
    ALONG,
    BALANCE_OF_MAP,
    DIRECTION,
    SAME_NORM,
    SHARE,
    UNIT_OF_MAP,
    at_map,
)
from ..reduction.layer_balance import BALANCED
from .noise_moments import NOISY_MOMENTS, M_noisy, alpha, eta, groups, l, neurons, omega
from .noise_transfer import (
    CARRIED,
    CARRY,
    NOISY_LOSS,
    SAME_SIZE,
    alone,
    carried,
    Xi,
    noise_factor,
    omega_u,
    p,
    q,
)


def balanced(depth: Expr) -> Claim:
    """No part of the noise moves the sum of a layer: groups are of equal size."""
    return equal(
        Sum(eta[i, l, j], (j, 1, d[i])), 0, (i, 1, depth), (l, 1, groups[i])
    )


BALANCED_PARTS = r"\mathbf{1}^{\top} \eta_{i,l} = 0"

#: m̂ᵀDiag(A)m̂.
ON_DIAGONAL = Sum(A[k, k] * e[0, k] ** 2, (k, 1, d[0]))

_X = Sum(e[D, j] * e[D, k] * M_noisy[D, j, k], (j, 1, d[D]), (k, 1, d[D]))
_Y = Sum(e[D, j] ** 2 * M_noisy[D, j, j], (j, 1, d[D]))

_TOP = {i: D + 1}
_above, _below = d[D + 1], d[D]
_pairs = ((j, 1, _above), (k, 1, _above))
_all = (*_pairs, (r, 1, _below), (s, 1, _below))
_signs, _own = signs(D + 1).at(_TOP), neurons(D + 1, j, j)
_left, _right = hidden(D + 1).at(_TOP | {k: r}), hidden(D + 1).at(_TOP | {j: k, k: s})
_entry = scale(D + 1) * e[D + 1, j] * e[D, r]

#: How the pairs of neurons, and each neuron alone, enter p X + q Y; then with what the layers below make.
_pair = e[D + 1, j] * e[D + 1, k] * neurons(D + 1, j, k) * (p + q * delta(j, k))
_single = omega[D + 1] ** 2 * (p + q) * e[D + 1, j] ** 2 * _own
_shared = p * scale(D + 1) ** 2 * _X
_each = scale(D + 1) ** 2 * (q * _X + (p + q) * omega[D + 1] ** 2 * _Y)

FORMS = theorem(
    "noise-transfer-attained-forms",
    "Balanced rank-one layers have the least forms",
    equal(
        p * _X + q * _Y,
        SCALES**2 * (carried(1) * QUADRATIC + carried(2) * ON_DIAGONAL),
    ),
    given=(hidden(D), signs(D), alone(D), balanced(D), NOISY_MOMENTS, CARRIED),
    reference="equality in Cauchy–Schwarz, layer by layer",
    proof=induction(
        D,
        step=(_pair * M_noisy[D, r, s] * W[D + 1, k, s] * _left).sum(*_all)
        + (_pair * M_noisy[D, r, s] * _entry * _right).sum(*_all)
        + (_single * M_noisy[D, r, r] * (W[D + 1, j, r] + _entry) * _left).sum((r, 1, _below), (j, 1, _above))
        # p Σ_jk e_j² e_k² N_jk is p α, since the parts of the noise have the sum 0.
        + (_shared * e[D + 1, k] ** 2 * neurons(D + 1, j, k) * _signs).sum(*_pairs)
        + (_shared / _above * neurons(D + 1, j, k) * signs(D + 1).at(_TOP | {j: k})).sum(*_pairs)
        + (_shared / _above**2 * Sum(eta[D + 1, l, j], (j, 1, _above)) * balanced(D + 1).at(_TOP)).sum(
            (l, 1, groups[D + 1])
        )
        # Σ_j e_j⁴ N_jj is χ/d.
        + (_each * _own * (e[D + 1, j] ** 2 + 1 / _above) * _signs).sum((j, 1, _above))
        + (_each / _above**2 * alone(D + 1).at(_TOP)).sum((j, 1, _above))
        + scale(D + 1) ** 2 * HYPOTHESIS.at(CARRY),
    ),
    misses={
        "the diagonal is not carried": right(SCALES**2 * p * Xi[D, 1, 1] * QUADRATIC),
        "groups of different sizes": without(balanced(D)),
    },
)

DERIVATION = Derivation(
    id="noise-transfer-attained",
    title="x",
    prose="x",
    statements=(FORMS,),
)
