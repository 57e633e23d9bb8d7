"""At a stationary point every layer carries the same decay."""

from ..inequalities import same_power
from ..notation import *
from .loss import LOSS

#: Every layer stretched by a factor, and the second moments that this gives.
stretch, M_stretched = families("alpha", positive=True), families("Mhat")
STRETCHED = Recursion(
    M_stretched,
    (i, j, k),
    A[j, k],
    (1 + sigma[i] ** 2 * delta(j, k))
    * Sum(
        stretch[i] * W[i, j, r] * M_stretched[i - 1, r, s] * stretch[i] * W[i, k, s],
        (r, 1, d[i - 1]),
        (s, 1, d[i - 1]),
    ),
)
FACTORS = Product(stretch[i], (i, 1, D))
_noise = 1 + sigma[D + 1] ** 2 * delta(j, k)

STRETCHING = theorem(
    "layer-stretching",
    "The second moment of stretched layers",
    equal(M_stretched[D, j, k], FACTORS**2 * M[D, j, k], (j, 1, d[D]), (k, 1, d[D])),
    given=(SECOND_MOMENTS, STRETCHED),
    reference="the loss without decay is homogeneous in every layer",
    proof=induction(
        D,
        step=(
            stretch[D + 1] ** 2 * _noise * W[D + 1, j, r] * W[D + 1, k, s] * HYPOTHESIS.at({j: r, k: s})
        ).sum((r, 1, d[D]), (s, 1, d[D])),
    ),
    misses={"the first power": right(FACTORS * M[D, j, k])},
    prose=r"""Stretching one layer by $\alpha$ and another by $1/\alpha$ changes neither the end-to-end map
        nor the second moment, which depends on the product of the factors only. What changes is the decay
        of the two.""",
)

#: Two layers with squared norms X and Y and decays γ_u and γ_1, stretched by α and 1/α.
X, Y = letters("X Y", nonnegative=True)
alpha = letters("alpha", positive=True)
_decay = gamma_u * X * alpha**2 + gamma[1] * Y / alpha**2

RATE = theorem(
    "layer-balance-rate",
    "The rate at which the decay of two layers changes",
    equal(Derivative(_decay, alpha), 2 * gamma_u * X * alpha - 2 * gamma[1] * Y / alpha**3),
    reference="differentiation",
    proof=differentiate(),
    misses={"a flipped sign": right(2 * gamma_u * X * alpha + 2 * gamma[1] * Y / alpha**3)},
)

_stationary = equal(2 * gamma_u * X - 2 * gamma[1] * Y, 0)
_balanced = equal(gamma_u * X, gamma[1] * Y)

LAYER_BALANCE = theorem(
    "layer-balance",
    "The rate vanishes where two layers carry the same decay",
    equivalent(_stationary, _balanced),
    reference=r"stationarity under $\alpha$ and $1/\alpha$",
    proof=both_ways(_stationary / 2, 2 * _balanced),
    misses={"equal norms": right(equal(X, Y))},
    prose=r"At $\alpha = 1$:",
)

BALANCE_IS_BEST = theorem(
    "layer-balance-best",
    "What two layers pay at least",
    at_least(_decay, 2 * sqrt(gamma_u * X * gamma[1] * Y)),
    reference="a square",
    proof=nonnegative((alpha * sqrt(gamma_u * X) - sqrt(gamma[1] * Y) / alpha) ** 2),
    misses={"a factor 3": right(3 * sqrt(gamma_u * X * gamma[1] * Y))},
)

_decays = gamma_u * Product(gamma[i], (i, 1, D))
BALANCED = equal(kappa ** (D + 1) / _decays, m_norm**2)
_share = MEAN_DECAY * m_norm ** (Integer(2) / (D + 1))

SHARE = theorem(
    "layer-balance-share",
    "The decay that every layer carries",
    equal(kappa, _share),
    given=(
        BALANCED,
        r"the layers have squared norms $\kappa/\gamma_i$, whose product is $\lVert m\rVert^2$",
    ),
    reference="the product of the balanced norms",
    proof=same_power(kappa, _share, D + 1).because(_decays * BALANCED),
    misses={
        "layers that are not balanced": without(BALANCED),
        "a wrong exponent": right(MEAN_DECAY * m_norm ** (Integer(1) / (D + 1))),
    },
    prose=r"Balanced layers have $\gamma_i \lVert W_i\rVert^2 = \gamma_u \lVert U\rVert^2 = \kappa$.",
)

BALANCED_LAYERS = in_words(
    "layer-balance-stationary",
    "At a stationary point all layers carry the same decay",
    r"""Stretch one layer by $\alpha$ and another by $1/\alpha$, one of which may be $U$. The product of the
        factors is 1, so that $U M_D U^{\top}$ and $U T_D v$ stay: the first is multiplied by its square,
        and the second, a product of the layers, by itself. By its closed form the expected loss changes by
        the decay of the two layers only. Its derivative along this curve at $\alpha = 1$, which vanishes at
        a stationary point, is the rate, with the decays and the squared norms of the two. So any two layers
        carry the same decay, those that are 0 among them.""",
    by="the chain rule",
    reference="any course of analysis",
    rests_on=(STRETCHING, RATE, LAYER_BALANCE, LOSS),
    display=r"\gamma_{i} \lVert W_{i} \rVert_{F}^{2} = \gamma_{u} \lVert U \rVert^{2}",
)

DERIVATION = Derivation(
    id="layer-balance",
    title="Balance of the layers",
    prose="The decay is shared equally. This is where the exponent $2/(D+1)$ comes from.",
    statements=(STRETCHING, RATE, LAYER_BALANCE, BALANCE_IS_BEST, SHARE),
    steps=(BALANCED_LAYERS,),
)
