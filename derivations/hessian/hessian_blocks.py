"""How the Hessian acts at a root: it is block diagonal, at any widths."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Statement,
    Step,
    Use,
    combine,
    equal,
)

from ..notation import D, a, d, g, gamma, i, j, lam, r, s, sigma
from ..reduction.attainment import e
from ..reduction.diagonal_bound import Q
from .hessian_differences import APART, INDEX, INPUT, MIXED, OTHER, PAIR, SIZES, SQUARE, alpha, beta, w
from .hessian_point import ALONG_LINES

#: Second moments Q of the inputs and their mixed moments g, as the output sees them; R is Q per decay.
R = sp.IndexedBase("R", real=True)
blur = sigma[i] ** 2 / (d[i] + sigma[i] ** 2)
SCALED = equal(beta[i + 1] ** 2 * (1 + sigma[i] ** 2 / d[i]) * Q[r, s], gamma[i] * R[r, s], INPUT, OTHER)
SYMMETRIC = equal(R[r, s], R[s, r], INPUT, OTHER)
NEURON_STATIONARY = equal(
    beta[i + 1] * g[r], gamma[i] * beta[i] * (sp.Sum(R[r, s] * e[i - 1, s], OTHER) + e[i - 1, r]), INPUT
)
SAME_DECAY = equal(gamma[i] * beta[i] ** 2, gamma[i + 1] * beta[i + 1] ** 2)
INPUT_UNIT = equal(SIZES, 1)
_both = (INPUT, OTHER)
SECOND_ORDER = (
    sp.Sum(Q[r, s] * (beta[i + 1] * alpha * MIXED + sigma[i] ** 2 / d[i] * SQUARE), *_both)
    - 2 * alpha * sp.Sum(g[r] * w[r], INPUT)
    + gamma[i] * sp.Sum(w[r] ** 2, INPUT)
    + gamma[i + 1] * alpha**2
)
TURN = alpha * beta[i] / beta[i + 1]


def neuron_form(noise: sp.Expr) -> sp.Expr:
    """The block of one difference as squares."""
    plus = (w[r] + TURN * e[i - 1, r]) * (w[s] + TURN * e[i - 1, s])
    return gamma[i] * (
        sp.Sum((w[r] - TURN * e[i - 1, r]) ** 2, INPUT) + noise * sp.Sum(R[r, s] * plus, *_both)
    )


_unscaled = gamma[i] / (beta[i + 1] ** 2 * (1 + sigma[i] ** 2 / d[i]))
_point = Domain(
    define=(
        (d[INDEX], 2 + sp.KroneckerDelta(INDEX, 1)),
        (e[INDEX, j], (-1) ** j / sp.sqrt(d[INDEX])),
        (R[r, s], a[r] * a[s] + lam * sp.KroneckerDelta(r, s)),
        (Q[r, s], _unscaled * R[r, s]),
        (beta[INDEX], 1 / sp.sqrt(gamma[INDEX])),
        (g[r], NEURON_STATIONARY.right / beta[i + 1]),
    )
)

NEURON_BLOCK = Statement(
    id="hessian-blocks",
    title="The second order along a difference of neurons",
    left=SECOND_ORDER,
    right=neuron_form(blur),
    given=(SCALED, SYMMETRIC, NEURON_STATIONARY, SAME_DECAY, INPUT_UNIT),
    reference="algebra at a stationary point",
    proof=combine(
        Use(
            SCALED,
            times=(beta[i + 1] * alpha * MIXED + sigma[i] ** 2 / d[i] * SQUARE)
            / (beta[i + 1] ** 2 * (1 + sigma[i] ** 2 / d[i])),
            over=_both,
        ),
        Use(NEURON_STATIONARY, times=-2 * alpha * w[r] / beta[i + 1], over=(INPUT,)),
        Use(SYMMETRIC, times=gamma[i] * TURN * e[i - 1, r] * w[s], over=_both),
        Use(SAME_DECAY, times=-((alpha / beta[i + 1]) ** 2)),
        Use(INPUT_UNIT, times=-gamma[i] * TURN**2),
    ),
    domains=(_point,),
    prose=(
        r"Let $Q$ be the second moments of the inputs and $g$ their mixed moments with $y$, both times "
        r"what the layers above make of them, so that the loss is $\sum_{rs} Q_{rs} (f_r f_s + "
        r"\sigma_i^2 n_{rs}) - 2 \sum_r g_r f_r$ and decay, with $f$ and $n$ as in the last statements. "
        r"Let $R$ be $Q$ in units of the decay; for $i = 1$ it is $\rho A/\lambda$. The coefficient of "
        r"$t^2$, at a stationary point, is a sum of squares. With $\nu_i = \sigma_i^2/(d_i + "
        r"\sigma_i^2)$ it is the form of a block of size $d_{i-1} + 1$, one for each of the $d_i - 1$ "
        r"orthogonal differences."
    ),
    near_misses=(NearMiss("another noise", right=neuron_form(sigma[i] ** 2 / d[i])),),
)

#: A layer above the first sees the second moments of layer i - 1, whose neurons are alike up to signs.
chi = sp.Symbol("chi", positive=True)
blur_below = sigma[i - 1] ** 2 / (d[i - 1] + sigma[i - 1] ** 2)
eta = sp.Symbol("eta", real=True)
xi = sp.IndexedBase("xi", real=True)
ALIKE = equal(
    R[r, s],
    chi
    * (d[i - 1] * e[i - 1, r] * e[i - 1, s] + sigma[i - 1] ** 2 * sp.KroneckerDelta(r, s))
    / (d[i - 1] + sigma[i - 1] ** 2),
    INPUT,
    OTHER,
)
PARTS = {w[at]: eta * e[i - 1, at] + xi[at] for at in (r, s)}
_crossed = sp.Sum(e[i - 1, r] * xi[r], INPUT)
_squares = sp.Sum(xi[r] ** 2, INPUT)
INPUT_DIFFERENCE = equal(_crossed, 0)


def two_layers(pair_noise: sp.Expr) -> sp.Expr:
    """The block of a difference in a layer above the first, apart in the directions of its inputs."""
    return gamma[i] * (
        (eta - TURN) ** 2 + chi * blur * (eta + TURN) ** 2 + (1 + chi * pair_noise) * _squares
    )


_minus, _plus = eta - TURN, eta + TURN
_sum = {at: _plus * e[i - 1, at] + xi[at] for at in (r, s)}
_noise = chi * blur

TWO_LAYERS = Statement(
    id="hessian-blocks-two-layers",
    title="Above the first layer the block falls apart",
    left=neuron_form(blur).xreplace(PARTS),
    right=two_layers(blur * blur_below),
    given=(ALIKE, INPUT_DIFFERENCE, INPUT_UNIT),
    conditions=(r"$i \ge 2$",),
    reference="orthogonal directions",
    proof=combine(
        Use(ALIKE, times=gamma[i] * blur * _sum[r] * _sum[s], over=_both),
        Use(
            INPUT_UNIT,
            times=gamma[i]
            * (_minus**2 + _noise * _plus**2 * ((1 - blur_below) * (SIZES + 1) + blur_below)),
        ),
        Use(
            INPUT_DIFFERENCE,
            times=gamma[i]
            * (
                2 * _minus
                + _noise * ((1 - blur_below) * (2 * _plus * SIZES + _crossed) + 2 * blur_below * _plus)
            ),
        ),
    ),
    domains=(
        Domain(
            define=(
                *PAIR.define[:2],
                (xi[r], alpha * sp.KroneckerDelta(r, 1) + alpha * sp.KroneckerDelta(r, 2)),
                (R[r, s], ALIKE.right),
            ),
        ),
    ),
    prose=(
        r"Above the first layer the inputs are alike as well, and $R$ is known: $\chi e_{i-1} "
        r"e_{i-1}^{\top}$ and the noise of layer $i - 1$. Let $w = \eta e_{i-1} + \xi$ with $\xi$ "
        r"orthogonal to $e_{i-1}$. The block is a block of size 2, in $\eta$ and $\alpha$, and $d_{i-1} "
        r"- 1$ equal eigenvalues, which are differences in two layers."
    ),
    near_misses=(NearMiss("the noise of one layer", right=two_layers(blur)),),
)

_weights = sp.Sum(d[i] * d[i - 1], (i, 1, D)) + d[D]
ALL_WEIGHTS = Statement(
    id="hessian-blocks-count",
    title="The sizes of the blocks add up to the number of weights",
    left=d[0] + D + sp.Sum((d[i] - 1) * (d[i - 1] + 1), (i, 1, D)),
    right=_weights,
    reference="induction on the depth",
    proof=Induct(D, base=combine(), step=combine(Use(HYPOTHESIS))),
    prose="The differences of all layers and the point itself are all directions there are.",
    near_misses=(NearMiss("all neurons", left=d[0] + D + sp.Sum(d[i] * (d[i - 1] + 1), (i, 1, D))),),
)

# -- steps in words --------------------------------------------------------------------------------------

COMPLETE = Step(
    id="hessian-blocks-complete",
    title="The Hessian is the direct sum of the blocks",
    text=(
        r"The directions of different blocks are orthogonal, and their number is that of the weights, so "
        r"that together they are a basis. Two of different blocks do not couple. So the Hessian is the "
        r"direct sum of the block along the point and those of the differences."
    ),
    theorem="the theorem that orthogonal vectors, as many as the dimension, are a basis",
    reference="any course of linear algebra",
    rests_on=(NEURON_BLOCK, TWO_LAYERS, ALL_WEIGHTS, APART, ALONG_LINES),
)

DERIVATION = Derivation(
    id="hessian-blocks",
    title="The Hessian, block by block",
    prose=(
        "What these directions add to second order, at a stationary point, and that there are no others."
    ),
    statements=(NEURON_BLOCK, TWO_LAYERS, ALL_WEIGHTS),
    steps=(COMPLETE,),
)
