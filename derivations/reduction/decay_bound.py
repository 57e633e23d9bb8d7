"""The weight decay of all layers against the norm of the end-to-end map."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import Derivation, Domain, NearMiss, Relation, Statement, Use, combine, equal

from ..inequalities import AM_GM, EQUAL_PRODUCTS, POWER, P, X, Y, s, x, y
from ..notation import END_TO_END, MEAN_DECAY, REDUCED, D, U, d, gamma, i, j, n
from .loss import DECAY
from .norm_product import LAYER_SQUARED, LAYERS_SQUARED, NORM_PRODUCT, map_squared, norm_squared

#: Positive numbers N_i = ‖W_i‖², N_u = ‖U‖²: none of the layers vanishes.
N = sp.IndexedBase("N", positive=True)
N_u = sp.Symbol("N_u", positive=True)
NORMS = sp.Product(N[i], (i, 1, D))

HIDDEN_NORM = equal(LAYER_SQUARED, N[i], (i, 1, D))
OUTPUT_NORM = equal(norm_squared(U, d[D]), N_u)
MAP_NORM = equal(map_squared(U), sy.m_norm**2)
NORM_DOMAIN = Domain(
    define=(
        (N[i], LAYER_SQUARED),
        (N_u, norm_squared(U, d[D])),
        (sy.m_norm, sp.sqrt(map_squared(U))),
    )
)

#: ‖U‖² Π ‖W_i‖² ≥ ‖m‖², in the letters N.
PRODUCT_OF_NORMS = combine(
    Use(NORM_PRODUCT),
    Use(OUTPUT_NORM, times=-LAYERS_SQUARED),
    Use(EQUAL_PRODUCTS, times=-N_u, where={X[j]: LAYER_SQUARED.xreplace({i: j, j: i}), Y[j]: N[j]}),
    Use(MAP_NORM),
)

DECAY_BOUND = Statement(
    id="decay-bound",
    title="The decay of all layers is at least the penalty",
    relation=Relation.AT_LEAST,
    left=DECAY,
    right=REDUCED.penalty(sy.m_norm),
    given=(HIDDEN_NORM, OUTPUT_NORM, MAP_NORM),
    definitions=(END_TO_END,),
    conditions=("$m$, the end-to-end map of the weights, is not 0",),
    reference="AM–GM with the norm of a product",
    proof=combine(
        Use(OUTPUT_NORM, times=sy.gamma_u),
        Use(HIDDEN_NORM, times=gamma[i], over=((i, 1, D),)),
        Use(AM_GM, where={x: sy.gamma_u * N_u, P[j]: gamma[j] * N[j], n: D}),
        Use(
            POWER,
            times=(D + 1) * MEAN_DECAY,
            where={x: N_u * NORMS, y: sy.m_norm**2, s: 1 / (D + 1)},
            given=(PRODUCT_OF_NORMS,),
        ),
    ),
    domains=(NORM_DOMAIN,),
    near_misses=(
        NearMiss("a wrong exponent", right=(D + 1) * MEAN_DECAY * sy.m_norm ** (sp.Integer(2) / D)),
        NearMiss("one layer too many", right=REDUCED.penalty(sy.m_norm) * (D + 8)),
    ),
    prose=(
        r"The decays $\gamma_i \lVert W_i\rVert^2$ are $D+1$ positive numbers. Their sum is at "
        r"least $D+1$ times their "
        "geometric mean, and the product of the norms is at least the norm of the product."
    ),
)

DERIVATION = Derivation(
    id="decay-bound",
    title="What a map costs",
    prose="Many weights have the same end-to-end map. The cheapest of them pay the same in every layer.",
    statements=(DECAY_BOUND,),
)
