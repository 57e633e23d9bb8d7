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
from .noise_moments import NOISY_MOMENTS, M_noisy, alpha, eta, groups, l, neurons, omega, square
from .noise_transfer import (
    CARRIED,
    CARRY,
    NOISY_LOSS,
    Xi,
    alone,
    carried,
    chi,
    member,
    noise_factor,
    omega_u,
    p,
    q,
)


def balanced(depth: Expr) -> Claim:
    """No part of the noise moves the sum of a layer: groups are of equal size."""
    return equal(Sum(eta[i, l, j], (j, 1, d[i])), 0, (i, 1, depth), (l, 1, groups[i]))


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
        + (_single * M_noisy[D, r, r] * (W[D + 1, j, r] + _entry) * _left).sum(
            (r, 1, _below), (j, 1, _above)
        )
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

_ends = ((j, 1, d[D]), (k, 1, d[D]))
_rho, _rho_diagonal = noise_factor(1), noise_factor(2)
_form = _rho * QUADRATIC + _rho_diagonal * ON_DIAGONAL

OF_PREDICTION = theorem(
    "noise-transfer-attained-moment",
    "Balanced rank-one layers have the least second moment",
    equal(square(M_noisy, omega_u**2), NORM**2 * _form),
    given=(*FORMS.given, OUTPUT),
    reference="the forms at the output weights",
    proof=(U[k] * M_noisy[D, j, k] * OUTPUT).sum(*_ends)
    + (OUTPUT_SCALE * e[D, j] * M_noisy[D, j, k] * OUTPUT.at({j: k})).sum(*_ends)
    + (omega_u**2 * M_noisy[D, j, j] * (U[j] + OUTPUT_SCALE * e[D, j]) * OUTPUT).sum(_ends[0])
    + OUTPUT_SCALE**2 * FORMS.at({p: Integer(1), q: omega_u**2}),
    misses={"no noise of the weights": right(NORM**2 * _rho * QUADRATIC)},
    prose=r"""So the variance of the prediction, over its noise, is on average $m^{\top} (B - A)\, m$ there,
        and at least that for all weights.""",
)

_reduced = REDUCED.penalty(NORM) + c - 2 * NORM * LINEAR

#: Noise of the weights alone, and the product of factors that is *not* its second moment.
ONLY_WEIGHTS = Domain(define={alpha[i]: Integer(1), chi[i]: Integer(1), eta[i, l, j]: Integer(0)})
_factors = (1 + omega_u**2 / d[D]) * Product(1 + omega[i] ** 2 / (d[i] * d[i - 1]), (i, 1, D))

ATTAINED = theorem(
    "noise-transfer-attained",
    "Balanced rank-one layers have the loss $F_B(m)$",
    equal(NOISY_LOSS, NORM**2 * _form + _reduced),
    given=(*FORMS.given, OUTPUT, UNIT),
    reference="attainment, with the transfer in place of the noise factor",
    proof=OF_PREDICTION - 2 * ALIGNED + DECAY_OF_LAYERS,
    misses={
        "a product of factors of the layers": (
            right(NORM**2 * _factors * QUADRATIC + _reduced),
            ONLY_WEIGHTS,
        ),
        "no noise of the weights": right(NORM**2 * _rho * QUADRATIC + _reduced),
        "groups of different sizes": without(balanced(D)),
    },
    prose=r"""The diagonal has to be carried along. Noise of the weights of layer $i$ alone multiplies the
        second moment by $1 + \omega_i^2/(d_i d_{i-1})$ (in the first layer only where all features are
        equal), but with noise in two layers the product of these factors is too small: the layers see each
        other's diagonals.""",
)

_squared = form(A[j, k], g, d[0])
_diagonal = Sum(A[k, k] * g[k] ** 2, (k, 1, d[0]))
OF_MAP = (
    _rho * _squared + _rho_diagonal * _diagonal - 2 * dot(g, v, (j, 1, d[0])) + c + REDUCED.penalty(m_norm)
)

MINIMUM = theorem(
    "noise-transfer-attained-map",
    "Every map $m \\ne 0$ has weights with the loss $F_B(m)$",
    equal(NOISY_LOSS, OF_MAP),
    given=(*ATTAINED.given, ALONG, BALANCED),
    reference="attainment, at the direction and the norm of $m$",
    proof=ATTAINED
    + at_map(_rho)
    + _rho_diagonal * ON_DIAGONAL * (NORM + m_norm) * SAME_NORM
    + (_rho_diagonal * A[k, k] * (m_norm * e[0, k] + g[k]) * ALONG).sum((k, 1, d[0])),
    misses={"a smaller value": right(OF_MAP - c), "layers of another norm": without(BALANCED)},
)

WEIGHTS = theorem(
    "noise-transfer-attained-weights",
    "The weights of a map $m \\ne 0$ that have the loss $F_B(m)$",
    equal(NOISY_LOSS, OF_MAP),
    given=(hidden(D), signs(D), alone(D), balanced(D), OUTPUT, DIRECTION, NORM_OF_VECTOR, SHARE),
    reference="the layers of the global minimum",
    proof=MINIMUM.because(*4 * (None,), None, UNIT_OF_MAP, m_norm * DIRECTION, BALANCE_OF_MAP),
    misses={
        "layers of another norm": without(SHARE),
        "another direction": without(DIRECTION),
        "entries of another size": without(signs(D)),
    },
    prose="The same weights as without it, everything that they are made of written out.",
    display=Display(
        r"\tilde{L}(W, U) = F_{B}(m)",
        given=(
            r"W_{i} = \sqrt{\kappa / \gamma_{i}} e_{i} e_{i-1}^{\top}",
            r"U = \sqrt{\kappa / \gamma_{u}} e_{D}^{\top}",
            r"e_{0} = m / \lVert m \rVert",
            r"e_{i} \in \{\pm 1/\sqrt{d_{i}}\}^{d_{i}}",
            r"\kappa = \bar{\gamma} \lVert m \rVert^{2/(D+1)}",
            BALANCED_PARTS,
            r"m \ne 0",
        ),
        at={m_norm: r"\lVert m \rVert"},
    ),
)

_of_size = equal(Sum(member[j, l], (j, 1, d[0])), d[0] / n, (l, 1, n))

EQUAL_GROUPS = theorem(
    "noise-transfer-attained-groups",
    "The noise of groups of equal size has parts with the sum 0",
    equal(Sum(sigma[1] * (member[j, l] - 1 / n), (j, 1, d[0])), 0, (l, 1, n)),
    given=(_of_size,),
    reference="centering",
    proof=sigma[1] * _of_size,
    misses={"groups of different sizes": without(_of_size)},
)

DERIVATION = Derivation(
    id="noise-transfer-attained",
    title="The bound for noise of any kind is attained",
    prose=r"""The weights are those without it, $W_i = \sqrt{\kappa/\gamma_i}\, e_i e_{i-1}^{\top}$ and $U
        = \sqrt{\kappa/\gamma_u}\, e_D^{\top}$ with $e_i \in \{\pm d_i^{-1/2}\}^{d_i}$. That the parts of
        the noise have the sum 0, $\mathbf{1}^{\top} \eta_{i,l} = 0$, says of groups of neurons that they
        are of equal size.""",
    statements=(FORMS, OF_PREDICTION, ATTAINED, MINIMUM, WEIGHTS, EQUAL_GROUPS),
)
