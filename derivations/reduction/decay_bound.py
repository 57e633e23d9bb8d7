"""The weight decay of all layers against the norm of the end-to-end map."""

from ..inequalities import am_gm, equal_products, power
from ..notation import *
from .loss import DECAY
from .norm_product import (
    LAYER_SQUARED,
    LAYERS_LIVE,
    LAYERS_SQUARED,
    NORM_PRODUCT,
    OUTPUT_SQUARED,
    map_squared,
)

#: Positive numbers N_i = ‖W_i‖², N_u = ‖U‖²: none of the layers vanishes.
N, N_u = families("N", positive=True), letters("N_u", positive=True)
NORMS = Product(N[i], (i, 1, D))

HIDDEN_NORM = equal(LAYER_SQUARED, N[i], (i, 1, D))
OUTPUT_NORM = equal(OUTPUT_SQUARED, N_u)
MAP_NORM = equal(map_squared(U), m_norm**2)

#: What displays write for these letters, and why they are positive where the map is not 0.
AS_NORMS = {N[i]: r"\lVert W_{i} \rVert_{F}^{2}", N_u: r"\lVert U \rVert^{2}", m_norm: r"\lVert m \rVert"}
BECAUSE = {N[i]: LAYERS_LIVE, N_u: LAYERS_LIVE}

#: ‖U‖² Π ‖W_i‖² ≥ ‖m‖², in the letters N.
PRODUCT_OF_NORMS = (
    NORM_PRODUCT
    - LAYERS_SQUARED * OUTPUT_NORM
    - N_u * equal_products(LAYER_SQUARED.xreplace({i: j, j: i}), N[j])
    + MAP_NORM
)

DECAY_BOUND = theorem(
    "decay-bound",
    "The decay of all layers is at least the penalty",
    at_least(DECAY, REDUCED.penalty(m_norm)),
    given=(HIDDEN_NORM, OUTPUT_NORM, MAP_NORM, "$m$, the end-to-end map of the weights, is not 0"),
    reference="AM–GM with the norm of a product",
    proof=gamma_u * OUTPUT_NORM
    + (gamma[i] * HIDDEN_NORM).sum((i, 1, D))
    + am_gm(gamma_u * N_u, gamma[j] * N[j], D)
    + (D + 1) * MEAN_DECAY * power(N_u * NORMS, m_norm**2, 1 / (D + 1)).because(PRODUCT_OF_NORMS),
    misses={
        "a wrong exponent": right((D + 1) * MEAN_DECAY * m_norm ** (Integer(2) / D)),
        "one layer too many": right((D + 2) / (D + 1) * REDUCED.penalty(m_norm)),
    },
    display=Display(
        r"""\gamma_{u} \lVert U \rVert^{2} + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}
            \ge (D+1) \bar{\gamma} \lVert m \rVert^{2/(D+1)}""",
        where=r"m = (U T_{D})^{\top}",
        given=r"m \ne 0",
        at=AS_NORMS,
        because=BECAUSE,
    ),
    prose=r"""The decays $\gamma_i \lVert W_i\rVert^2$ are $D+1$ positive numbers. Their sum is at least
        $D+1$ times their geometric mean, and the product of the norms is at least the norm of the product.
        """,
)

DERIVATION = Derivation(
    id="decay-bound",
    title="What a map costs",
    prose="""Many weights have the same end-to-end map. The cheapest of them pay the same in every layer.
        For two layers this is how a sum of squares becomes a norm [@srebro2004, @recht2010].""",
    statements=(DECAY_BOUND,),
)
