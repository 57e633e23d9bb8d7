"""The paper's own letters, and the map to the reduced problem."""

from symderive.formulas.paper_form import paper_form

from ..notation import *

FORM = paper_form(NETWORK)
DEEP = f"{PAPER}, the theorem on deep networks"

#: Component k of the first layer's w in an eigenbasis of A.
SIGNAL = FORM.noise_product * FORM.scale**2 * a[k]
FIRST_LAYER = FORM.map_scale * v[k] / (SIGNAL + gamma[1] * d[1])

PAPER_PARAMETRIZATION = theorem(
    "paper-parametrization",
    "The map $m = \\mu B w$ is the ridge solution",
    equal(FORM.map_scale * FIRST_LAYER, v[k] / (FORM.noise_factor * a[k] + FORM.ridge), (k, 1, n)),
    reference=DEEP,
    proof=exact_algebra,
    misses={
        "the ridge is not scaled": right(v[k] / (FORM.noise_factor * a[k] + gamma[1] * d[1])),
        "w in place of m": left(FIRST_LAYER),
    },
    display=Display(
        r"""\mu^{2} b^{2} [b^{2} s A + d_{1} \gamma_{1} I]^{-1} v
            = (\rho A + \frac{d_{1} \gamma_{1}}{\mu^{2} b^{2}} I)^{-1} v""",
        where=(
            r"b = b_{u} \prod_{i=2}^{D} b_{i}",
            r"\mu = \prod_{i=1}^{D} d_{i}",
            r"s = \prod_{i=1}^{D} d_{i} (d_{i} + \sigma_{i}^{2})",
        ),
    ),
    prose=r"""The paper writes $U = b_u r_D^{\top}$, $W_i = b_i r_i r_{i-1}^{\top}$ and $W_1 = r_1
        w^{\top}$ with signs $r_i$, $\mu = \prod_i d_i$, $s^2 = \prod_i d_i (d_i + \sigma_i^2)$ and $B = b_u
        \prod_{i \ge 2} b_i$. Here $\rho = s^2/\mu^2$ and $\lambda = \gamma_1 d_1/(\mu B)^2$.""",
)

PAPER_NOISE_FACTOR = theorem(
    "paper-noise-factor",
    "$s^2/\\mu^2$ is the noise factor",
    equal(FORM.noise_factor, NOISE_FACTOR),
    reference=DEEP,
    proof=exact_algebra,
    misses={"one factor of the widths": left(FORM.noise_product / FORM.width_product)},
    display=Display(
        r"\frac{\prod_{i=1}^{D} d_{i} (d_{i} + \sigma_{i}^{2})}{\mu^{2}} = \rho",
        where=r"\mu = \prod_{i=1}^{D} d_{i}",
    ),
)

#: ‖w‖², and what κ = γ_1‖W_1‖² and ‖m‖² are at W_1 = r_1 wᵀ and m = μB w.
Q = letters("Q", positive=True)
FIRST_DECAY = equal(kappa, gamma[1] * d[1] * Q)
MAP_NORM = equal(m_norm**2, FORM.map_scale**2 * Q)

PAPER_RIDGE = theorem(
    "paper-ridge",
    "The ridge is the decay of a layer over the squared norm of $m$",
    equal(FORM.ridge, kappa / m_norm**2),
    given=(FIRST_DECAY, MAP_NORM, r"$Q = \lVert w\rVert^2$"),
    reference=DEEP,
    proof=-FIRST_DECAY / m_norm**2 + FORM.ridge / m_norm**2 * MAP_NORM,
    misses={"the width is left out": left(FORM.ridge / d[1])},
    prose=r"""The decay of the first layer is $\gamma_1 \lVert W_1\rVert^2 = \gamma_1 d_1 \lVert
        w\rVert^2$, and $\lVert m\rVert = \mu B \lVert w\rVert$.""",
)

#: W_i = b_i r_i r_{i-1}ᵀ with signs r_i, and the scale b_i.
signs = families("r")
_entry = b[i] * signs[i, j] * signs[i - 1, k]
_entries = ((j, 1, d[i]), (k, 1, d[i - 1]))
LAYERS = equal(W[i, j, k], _entry, (i, 2, D), *_entries)
SIGNS = equal(signs[i, j] ** 2, 1, (i, 1, D), (j, 1, d[i]))
SCALES = equal(b[i] ** 2, FORM.layer_scale(i) ** 2, (i, 2, D))

PAPER_BALANCE = theorem(
    "paper-balance",
    "Every upper layer carries the same decay",
    equal(gamma[i] * Sum(W[i, j, k] ** 2, *_entries), kappa, (i, 2, D)),
    given=(LAYERS, SIGNS, SCALES),
    reference=DEEP,
    proof=(gamma[i] * (W[i, j, k] + _entry) * LAYERS).sum(*_entries)
    + (gamma[i] * b[i] ** 2 * signs[i - 1, k] ** 2 * SIGNS).sum(*_entries)
    + (gamma[i] * b[i] ** 2 * d[i] * SIGNS.at({i: i - 1, j: k})).sum((k, 1, d[i - 1]))
    + gamma[i] * d[i] * d[i - 1] * SCALES,
    misses={"the widths are left out": left(gamma[i] * b[i] ** 2)},
)

DERIVATION = Derivation(
    id="paper-parametrization",
    title="The parametrization of the paper",
    prose="The result of [@ziyin2022] is recovered by a change of letters.",
    statements=(PAPER_PARAMETRIZATION, PAPER_NOISE_FACTOR, PAPER_RIDGE, PAPER_BALANCE),
)
