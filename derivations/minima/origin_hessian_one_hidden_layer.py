"""The Hessian at the origin with one hidden layer."""

from symderive.symbols import f_square

from ..notation import *

#: One hidden neuron: output weight w_u, and weight w_1 along v; the loss along the ray α (w_u, w_1).
V = v_norm
w_u, w_1 = letters("w_u w_1")
alpha = letters("alpha", positive=True)
FORM = gamma_u * w_u**2 + gamma[1] * w_1**2 - 2 * V * w_u * w_1
LOSS_ON_RAY = (
    f_square * (alpha * w_u * alpha * w_1) ** 2
    - 2 * V * (alpha * w_u) * (alpha * w_1)
    + c
    + gamma_u * (alpha * w_u) ** 2
    + gamma[1] * (alpha * w_1) ** 2
)

SECOND_ORDER = theorem(
    "origin-second-order-one-hidden-layer",
    "The loss of one neuron at the origin, to second order",
    limit((LOSS_ON_RAY - c) / alpha**2, alpha, 0, FORM),
    given=(r"$\mathbb{E}f^{2}$ is taken at the map of $w_u = w_1 = 1$",),
    reference=f"{PAPER}, the two-layer network",
    proof=LeadingTerms(),
    misses={"the data term is left out": right(FORM + 2 * V * w_u * w_1)},
    prose="Weights orthogonal to $v$ see the decay alone; along $v$, with scales $w_1$ and $w_u$:",
)

_root = sqrt((gamma_u - gamma[1]) ** 2 + 4 * V**2)
UPPER, LOWER = gamma_u + gamma[1] + _root, gamma_u + gamma[1] - _root
xi = letters("xi")
_diagonal = (2 * gamma_u - xi) * (2 * gamma[1] - xi)

ORIGIN_HESSIAN = theorem(
    "origin-hessian-one-hidden-layer",
    "The eigenvalues of one block of the Hessian at the origin",
    equal(_diagonal - (2 * V) ** 2, (UPPER - xi) * (LOWER - xi)),
    reference="the characteristic polynomial of one block",
    proof=exact_algebra,
    misses={"half the coupling": left(_diagonal - V**2)},
    prose=(
        "Each hidden neuron gives one such block; all other eigenvalues are $2\\gamma_u$ and $2\\gamma_1$."
    ),
)

PRODUCT = theorem(
    "origin-hessian-sign",
    "The product of the two eigenvalues",
    equal(UPPER * LOWER, 4 * (gamma_u * gamma[1] - V**2)),
    reference="the product of the eigenvalues",
    proof=exact_algebra,
    misses={"a flipped sign": right(4 * (gamma_u * gamma[1] + V**2))},
    display=Display(
        r"""(\gamma_{u} + \gamma_{1} + \sqrt{(\gamma_{u} - \gamma_{1})^{2} + 4 \lVert v \rVert^{2}})
            (\gamma_{u} + \gamma_{1} - \sqrt{(\gamma_{u} - \gamma_{1})^{2} + 4 \lVert v \rVert^{2}})
            = 4 (\gamma_{u} \gamma_{1} - \lVert v \rVert^{2})""",
        given=r"v \ne 0",
        at={V: r"\lVert v \rVert"},
    ),
)

KIND = in_words(
    "origin-kind-one-hidden-layer",
    "At depth 1 the origin is a minimum or a saddle",
    r"""The second derivatives along all lines are a quadratic form, whose matrix is the Hessian; in an
        orthonormal basis that contains $v/\lVert v\rVert$ it falls apart into one block of size 2 for each
        neuron and the decays. The upper eigenvalue of a block is positive, so all eigenvalues are positive
        where the product is, and the origin is a strict local minimum; where the product is negative, so is
        one eigenvalue, and the origin is a saddle.""",
    by="the second derivative test",
    reference="any course of analysis",
    rests_on=(SECOND_ORDER, ORIGIN_HESSIAN, PRODUCT),
    conditions=(r"$\gamma_u \gamma_1 \ne \lVert v\rVert^2$",),
)

DERIVATION = Derivation(
    id="origin-hessian-one-hidden-layer",
    title="One hidden layer: the origin",
    prose="At depth 1 the data term is of order 2, like the decay, and the two compete.",
    statements=(SECOND_ORDER, ORIGIN_HESSIAN, PRODUCT),
    steps=(KIND,),
)
