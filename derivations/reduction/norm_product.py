"""The norm of the end-to-end map against the norms of the layers."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    HYPOTHESIS,
    Derivation,
    Domain,
    Induct,
    NearMiss,
    Relation,
    Statement,
    Use,
    combine,
    equal,
)

from ..inequalities import CAUCHY_SCHWARZ, X, Y
from ..notation import END_TO_END, D, T, U, W, d, g, i, j, k, n, r
from .lower_bound import DOWN, seen_through

#: ‖W_i‖_F², and the product of these over the layers.
LAYER_SQUARED = sp.Sum(W[i, j, k] ** 2, (k, 1, d[i - 1]), (j, 1, d[i]))
LAYERS_SQUARED = sp.Product(LAYER_SQUARED, (i, 1, D))


def norm_squared(vector: sp.IndexedBase, upto: sp.Expr) -> sp.Sum:
    """Σ_j vector_j²."""
    return sp.Sum(vector[j] ** 2, (j, 1, upto))


def map_squared(vector: sp.IndexedBase) -> sp.Sum:
    """‖(vector W_D … W_1)‖²; for U it is ‖m‖²."""
    return sp.Sum(seen_through(vector, k) ** 2, (k, 1, d[0]))


NORM_PRODUCT_OF_VECTOR = Statement(
    id="norm-product-layers",
    title="A vector grows at most by the Frobenius norms",
    relation=Relation.AT_LEAST,
    left=norm_squared(g, d[D]) * LAYERS_SQUARED,
    right=map_squared(g),
    definitions=(END_TO_END,),
    reference="submultiplicativity of the Frobenius norm",
    proof=Induct(
        D,
        base=combine(),
        step=combine(
            Use(HYPOTHESIS, where={g[j]: DOWN}),
            Use(
                CAUCHY_SCHWARZ,
                times=LAYERS_SQUARED,
                where={X[j]: g[j], Y[j]: W[D + 1, j, r], n: d[D + 1]},
                over=((r, 1, d[D]),),
            ),
        ),
    ),
    near_misses=(NearMiss("the first layer is left out", left=norm_squared(g, d[D])),),
)

NORM_PRODUCT = Statement(
    id="norm-product",
    title="The norm of the map is at most the product of the norms",
    relation=Relation.AT_LEAST,
    left=norm_squared(U, d[D]) * LAYERS_SQUARED,
    right=map_squared(U),
    definitions=(END_TO_END,),
    reference="submultiplicativity of the Frobenius norm",
    proof=combine(Use(NORM_PRODUCT_OF_VECTOR, where={g[j]: U[j]})),
    near_misses=(NearMiss("half the left side", left=norm_squared(U, d[D]) * LAYERS_SQUARED / 40),),
    prose=r"At $g = U$: $\lVert m\rVert \le \lVert U\rVert \prod_i \lVert W_i\rVert_F$.",
)

# -- what a dead layer does -----------------------------------------------------------------------------

#: A layer l, and the number of layers above it.
l, above = (sp.Symbol(name, integer=True, positive=True) for name in "ln")  # noqa: E741 - as in print
DEAD_LAYER = equal(W[l, j, k], 0, (j, 1, d[l]), (k, 1, d[l - 1]))

DEAD_MAP = Statement(
    id="norm-product-dead-layer",
    title="A layer that is 0 makes the map 0",
    left=T[l + above, j, k],
    right=0,
    over=((j, 1, d[l + above]), (k, 1, d[0])),
    given=(DEAD_LAYER,),
    definitions=(END_TO_END,),
    reference="induction on the number of layers above",
    proof=Induct(
        above,
        base=combine(
            Use(DEAD_LAYER, times=T[l - 1, r, k], where={k: r}, over=((r, 1, d[l - 1]),)),
        ),
        step=combine(
            Use(HYPOTHESIS, times=W[l + above + 1, j, r], where={j: r}, over=((r, 1, d[l + above]),)),
        ),
    ),
    domains=(Domain(define=((W[i, j, k], i - l),), ranges=((l, (1, 2)), (above, (1, 2)))),),
    near_misses=(NearMiss("the layer is not 0", given=(), domains=(Domain(),)),),
    prose=(
        r"The norm of $m$ is positive only if all norms are: a map of $l + n$ layers is 0 if layer $l$ is, "
        r"and $m = 0$ if $U = 0$. So the norms of the layers of a map that is not 0 are positive numbers."
    ),
)

DERIVATION = Derivation(
    id="norm-product",
    title="The norm of a product",
    prose="Cauchy–Schwarz bounds every component of $gW$ by the norm of $g$ and of one column of $W$.",
    statements=(NORM_PRODUCT_OF_VECTOR, NORM_PRODUCT, DEAD_MAP),
)
