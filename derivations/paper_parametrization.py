"""The paper's own letters, and the map to the reduced problem."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.proofs.proof import combine
from symderive.reduction import paper_form
from symderive.statement import Derivation, NearMiss, Statement

from .letters import NETWORK, NOISE_FACTOR, PAPER, D, a, d, gamma, i, k, n, v

FORM = paper_form(NETWORK)

#: Component k of the first layer's w in an eigenbasis of A.
SIGNAL = FORM.noise_product * FORM.scale**2 * a[k]
FIRST_LAYER = FORM.map_scale * v[k] / (SIGNAL + gamma[1] * d[1])

PAPER_PARAMETRIZATION = Statement(
    id="paper-parametrization",
    title=(
        "$m = \\mu B w$ is the ridge solution with $\\rho = s^2/\\mu^2$ and $\\lambda = \\gamma_1 "
        "d_1/(\\mu B)^2$"
    ),
    left=FORM.map_scale * FIRST_LAYER,
    right=v[k] / (FORM.noise_factor * a[k] + FORM.ridge),
    over=((k, 1, n),),
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(),
    near_misses=(
        NearMiss("the ridge is not scaled", right=v[k] / (FORM.noise_factor * a[k] + gamma[1] * d[1])),
        NearMiss("w in place of m", left=FIRST_LAYER),
    ),
    prose=(
        r"The paper writes $U = b_u r_D^{T}$, $W_i = b_i r_i r_{i-1}^{T}$ and $W_1 = r_1 w^{T}$ "
        r"with signs $r_i$, "
        r"$\mu = \prod_i d_i$, $s^2 = \prod_i d_i (d_i + \sigma_i^2)$ and $B = b_u \prod_{i \ge 2} b_i$."
    ),
)

PAPER_NOISE_FACTOR = Statement(
    id="paper-noise-factor",
    title="$s^2/\\mu^2$ is the noise factor",
    left=FORM.noise_factor,
    right=NOISE_FACTOR,
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(),
    near_misses=(NearMiss("one factor of the widths", left=FORM.noise_product / FORM.width_product),),
)

_w = sp.Symbol("Q", positive=True)

PAPER_RIDGE = Statement(
    id="paper-ridge",
    title="The ridge is the decay of the first layer over the squared norm of $m$",
    left=FORM.ridge,
    right=gamma[1] * d[1] * _w / (FORM.map_scale**2 * _w),
    conditions=("Q = ‖w‖²",),
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(),
    near_misses=(NearMiss("the width is left out", left=FORM.ridge / (d[1] + 1)),),
    prose=r"$\lVert W_1\rVert^2 = d_1 \lVert w\rVert^2$ and $\lVert m\rVert = \mu B \lVert w\rVert$.",
)

PAPER_BALANCE = Statement(
    id="paper-balance",
    title="The scales of the upper layers",
    left=gamma[i] * d[i] * d[i - 1] * FORM.layer_scale(i) ** 2,
    right=sy.kappa,
    over=((i, 2, D),),
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(),
    near_misses=(NearMiss("twice the decay", right=2 * sy.kappa),),
    prose=r"With $b_i = \sqrt{\kappa/(\gamma_i d_i d_{i-1})}$ the layers are balanced.",
)

DERIVATION = Derivation(
    id="paper-parametrization",
    title="The parametrization of the paper",
    prose="The result of the paper is recovered by a change of letters.",
    statements=(PAPER_PARAMETRIZATION, PAPER_NOISE_FACTOR, PAPER_RIDGE, PAPER_BALANCE),
)
