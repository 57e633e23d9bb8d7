"""Products of factors entry by entry: their weight decay is an ℓ_q penalty with q = 2/(D+1)."""

from ..inequalities import am_gm, power
from ..notation import *

#: u_{ik}² and u_{uk}² of the factors, of which no entry is 0, and the sizes |m_k| of the product's entries.
N, N_u, size = families("N N_u M", positive=True)
ENTRY, FACTORS = (k, 1, n), (i, 1, D)

PRODUCT = equal(N_u[k] * Product(N[i, k], FACTORS), size[k] ** 2, ENTRY)
_decay = Sum(gamma_u * N_u[k], ENTRY) + Sum(gamma[i] * N[i, k], FACTORS, ENTRY)


PENALTY = Sum((D + 1) * MEAN_DECAY * size[k] ** (2 / (D + 1)), ENTRY)

BOUND = theorem(
    "hadamard-product",
    "The decay of all factors is at least the penalty of their product",
    at_least(_decay, PENALTY),
    given=(PRODUCT,),
    reference="AM–GM in every entry",
    proof=am_gm(gamma_u * N_u[k], gamma[j] * N[j, k], D).sum(ENTRY)
    + (
        (D + 1)
        * MEAN_DECAY
        * power(N_u[k] * Product(N[i, k], FACTORS), size[k] ** 2, 1 / (D + 1)).because(PRODUCT)
    ).sum(ENTRY),
    misses={"a wrong exponent": right(Sum((D + 1) * MEAN_DECAY * size[k] ** (Integer(2) / D), ENTRY))},
    prose=r"""Let $m = u_1 \circ \dots \circ u_D \circ u$ be a product entry by entry. In every entry $k$
        the decays $\gamma_i N_{ik}$ with $N_{ik} = u_{ik}^2$ are $D+1$ numbers, and their product is known.
        The letter $M_k$ stands for $|m_k|$.""",
)

_share = MEAN_DECAY * size[k] ** (2 / (D + 1))
BALANCED = equal(N[i, k], _share / gamma[i], FACTORS, ENTRY), equal(N_u[k], _share / gamma_u, ENTRY)

ATTAINED = theorem(
    "hadamard-product-attained",
    "Factors that share the decay attain it",
    equal(_decay, PENALTY),
    given=BALANCED,
    reference="the same decay in every factor",
    proof=(gamma[i] * BALANCED[0]).sum(FACTORS, ENTRY) + (gamma_u * BALANCED[1]).sum(ENTRY),
    misses={
        "one factor of twice the decay": instead(BALANCED[1], equal(N_u[k], 2 * _share / gamma_u, ENTRY))
    },
    prose="They do so if all factors carry the same decay in every entry.",
)

_shares = Product(_share / gamma[i], FACTORS)
OF_BALANCED = theorem(
    "hadamard-product-balanced",
    "Their product is the one that is asked for",
    equal(_share / gamma_u * _shares, size[k] ** 2, ENTRY),
    reference="the geometric mean of the decays",
    proof=exact_algebra,
    misses={"one factor less": left(_shares)},
    prose=r"The squares of such factors have the product $m_k^2$.",
)

SAME_MINIMUM = in_words(
    "hadamard-product-minimum",
    "Factors with decay are a product with a quasi-norm",
    r"""Let $g$ be any function of $m$. For given $m$ the decay of the factors is at least the penalty, and
        factors attain it; where $m_k = 0$ they are 0. So the infimum of $g$ plus decay over all factors is
        that of $g(m) + (D+1) \bar\gamma \sum_k |m_k|^{2/(D+1)}$ over all $m$.""",
    by="taking an infimum in two steps",
    reference="any course of analysis",
    rests_on=(BOUND, ATTAINED, OF_BALANCED),
)

DERIVATION = Derivation(
    id="hadamard-product",
    title="Products entry by entry",
    prose="""Networks whose layers are diagonal multiply entry by entry. There weight decay is a quasi-norm
        of every entry by itself [@hoff2017, @spred2023].""",
    statements=(BOUND, ATTAINED, OF_BALANCED),
    steps=(SAME_MINIMUM,),
)
