"""The paper's own letters, and the map to the reduced problem."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.paper_form import paper_form
from symderive.statements import Derivation, Domain, NearMiss, Statement, Use, combine, equal

from ..notation import NETWORK, NOISE_FACTOR, PAPER, D, W, a, d, gamma, i, j, k, n, v

FORM = paper_form(NETWORK)
kappa = sy.kappa

#: Component k of the first layer's w in an eigenbasis of A.
SIGNAL = FORM.noise_product * FORM.scale**2 * a[k]
FIRST_LAYER = FORM.map_scale * v[k] / (SIGNAL + gamma[1] * d[1])

PAPER_PARAMETRIZATION = Statement(
    id="paper-parametrization",
    title="The map $m = \\mu B w$ is the ridge solution",
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
        r"The paper writes $U = b_u r_D^{\top}$, $W_i = b_i r_i r_{i-1}^{\top}$ and $W_1 = r_1 w^{\top}$ "
        r"with signs $r_i$, "
        r"$\mu = \prod_i d_i$, $s^2 = \prod_i d_i (d_i + \sigma_i^2)$ and $B = b_u \prod_{i \ge 2} b_i$. "
        r"Here $\rho = s^2/\mu^2$ and $\lambda = \gamma_1 d_1/(\mu B)^2$."
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

#: ‖w‖², and what κ = γ_1‖W_1‖² and ‖m‖² are at W_1 = r_1 wᵀ and m = μB w.
Q = sp.Symbol("Q", positive=True)
FIRST_DECAY = equal(kappa, gamma[1] * d[1] * Q)
MAP_NORM = equal(sy.m_norm**2, FORM.map_scale**2 * Q)

PAPER_RIDGE = Statement(
    id="paper-ridge",
    title="The ridge is the decay of a layer over the squared norm of $m$",
    left=FORM.ridge,
    right=kappa / sy.m_norm**2,
    given=(FIRST_DECAY, MAP_NORM),
    conditions=(r"$Q = \lVert w\rVert^2$",),
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(
        Use(FIRST_DECAY, times=-1 / sy.m_norm**2),
        Use(MAP_NORM, times=FORM.ridge / sy.m_norm**2),
    ),
    domains=(Domain(define=((kappa, FIRST_DECAY.right), (sy.m_norm, FORM.map_scale * sp.sqrt(Q)))),),
    near_misses=(NearMiss("the width is left out", left=FORM.ridge / (d[1] + 1)),),
    prose=(
        r"The decay of the first layer is $\gamma_1 \lVert W_1\rVert^2 = \gamma_1 d_1 \lVert w\rVert^2$, "
        r"and $\lVert m\rVert = \mu B \lVert w\rVert$."
    ),
)

#: W_i = b_i r_i r_{i-1}ᵀ with signs r_i, and the scale b_i.
signs = sp.IndexedBase("r", real=True)
LAYERS = equal(
    W[i, j, k], sy.b[i] * signs[i, j] * signs[i - 1, k], (i, 2, D), (j, 1, d[i]), (k, 1, d[i - 1])
)
SIGNS = equal(signs[i, j] ** 2, 1, (i, 1, D), (j, 1, d[i]))
SCALES = equal(sy.b[i] ** 2, FORM.layer_scale(i) ** 2, (i, 2, D))
_entry = sy.b[i] * signs[i, j] * signs[i - 1, k]
_entries = ((j, 1, d[i]), (k, 1, d[i - 1]))

PAPER_BALANCE = Statement(
    id="paper-balance",
    title="Every upper layer carries the same decay",
    left=gamma[i] * sp.Sum(W[i, j, k] ** 2, *_entries),
    right=kappa,
    over=((i, 2, D),),
    given=(LAYERS, SIGNS, SCALES),
    reference=f"{PAPER}, the theorem on deep networks",
    proof=combine(
        Use(LAYERS, times=gamma[i] * (W[i, j, k] + _entry), over=_entries),
        Use(SIGNS, times=gamma[i] * sy.b[i] ** 2 * signs[i - 1, k] ** 2, over=_entries),
        Use(
            SIGNS,
            times=gamma[i] * sy.b[i] ** 2 * d[i],
            where={i: i - 1, j: k},
            over=((k, 1, d[i - 1]),),
        ),
        Use(SCALES, times=gamma[i] * d[i] * d[i - 1]),
    ),
    domains=(
        Domain(
            define=(
                (W[i, j, k], _entry),
                (signs[i, j], (-1) ** (i * j)),
                (sy.b[i], FORM.layer_scale(i)),
            )
        ),
    ),
    near_misses=(NearMiss("the widths are left out", left=gamma[i] * sy.b[i] ** 2),),
)

DERIVATION = Derivation(
    id="paper-parametrization",
    title="The parametrization of the paper",
    prose="The result of the paper is recovered by a change of letters.",
    statements=(PAPER_PARAMETRIZATION, PAPER_NOISE_FACTOR, PAPER_RIDGE, PAPER_BALANCE),
)
