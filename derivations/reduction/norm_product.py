"""The norm of the end-to-end map against the norms of the layers."""

from ..inequalities import cauchy_schwarz
from ..notation import *
from .lower_bound import DOWN, seen_through

#: ‖U‖² and ‖W_i‖_F², and the product of these over the layers.
OUTPUT_SQUARED = norm2(U, (j, 1, d[D]))
LAYER_SQUARED = Sum(W[i, j, k] ** 2, (k, 1, d[i - 1]), (j, 1, d[i]))
LAYERS_SQUARED = Product(LAYER_SQUARED, (i, 1, D))


def map_squared(vector: IndexedBase) -> Sum:
    """‖(vector W_D … W_1)‖²; for U it is ‖m‖²."""
    return Sum(seen_through(vector, k) ** 2, (k, 1, d[0]))


NORM_PRODUCT_OF_VECTOR = theorem(
    "norm-product-layers",
    "A vector grows at most by the Frobenius norms",
    at_least(norm2(g, (j, 1, d[D])) * LAYERS_SQUARED, map_squared(g)),
    given=(END_TO_END,),
    reference="submultiplicativity of the Frobenius norm",
    proof=induction(
        D,
        step=HYPOTHESIS.at({g[j]: DOWN})
        + (LAYERS_SQUARED * cauchy_schwarz(g[j], W[D + 1, j, r], d[D + 1])).sum((r, 1, d[D])),
    ),
    misses={"the first layer is left out": left(norm2(g, (j, 1, d[D])))},
)

NORM_PRODUCT = theorem(
    "norm-product",
    "The norm of the map is at most the product of the norms",
    at_least(OUTPUT_SQUARED * LAYERS_SQUARED, map_squared(U)),
    reference="submultiplicativity of the Frobenius norm",
    proof=NORM_PRODUCT_OF_VECTOR.at({g[j]: U[j]}),
    misses={"half the left side": left(OUTPUT_SQUARED * LAYERS_SQUARED / 2)},
    display=Display(
        r"\lVert U \rVert^{2} \prod_{i=1}^{D} \lVert W_{i} \rVert_{F}^{2} \ge \lVert m \rVert^{2}",
        where=r"m = (U T_{D})^{\top}",
    ),
    prose=r"At $g = U$: $\lVert m\rVert \le \lVert U\rVert \prod_i \lVert W_i\rVert_F$.",
)

#: A layer l, with n layers above it.
l = letters("l", integer=True, positive=True)  # noqa: E741 - as in print
DEAD_LAYER = equal(W[l, j, k], 0, (j, 1, d[l]), (k, 1, d[l - 1]))

DEAD_MAP = theorem(
    "norm-product-dead-layer",
    "A layer that is 0 makes the map 0",
    equal(T[l + n, j, k], 0, (j, 1, d[l + n]), (k, 1, d[0])),
    given=(DEAD_LAYER, END_TO_END),
    reference="induction on the number of layers above",
    proof=induction(
        n,
        base=(T[l - 1, r, k] * DEAD_LAYER.at({k: r})).sum((r, 1, d[l - 1])),
        step=(W[l + n + 1, j, r] * HYPOTHESIS.at({j: r})).sum((r, 1, d[l + n])),
    ),
    misses={"the layer is not 0": without(DEAD_LAYER)},
    prose="A map of $l + n$ layers is 0 if layer $l$ is.",
)

LAYERS_LIVE = in_words(
    "norm-product-alive",
    "The layers of a map that is not 0 are not 0",
    """A layer that is 0 makes the map 0, and so does $U = 0$. So the norms of the layers of a map that is
        not 0 are positive numbers.""",
    by="contraposition",
    reference="any course of logic",
    rests_on=(DEAD_MAP,),
)

DERIVATION = Derivation(
    id="norm-product",
    title="The norm of a product",
    prose="Cauchy–Schwarz bounds every component of $gW$ by the norm of $g$ and of one column of $W$.",
    statements=(NORM_PRODUCT_OF_VECTOR, NORM_PRODUCT, DEAD_MAP),
    steps=(LAYERS_LIVE,),
)
