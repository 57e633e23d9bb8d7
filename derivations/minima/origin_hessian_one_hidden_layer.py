"""The Hessian at the origin with one hidden layer."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.statements import Derivation, LeadingTerms, NearMiss, Relation, Statement, Step, combine

from ..notation import PAPER, gamma

#: One hidden neuron: output weight w_u, and weight w_1 along v; the loss along the ray (t w_u, t w_1).
t, V = sy.t, sy.v_norm
w_u, w_1, q = sp.symbols("w_u w_1 q", real=True)
LOSS_ON_RAY = (
    q * (t * w_u * t * w_1) ** 2
    - 2 * V * (t * w_u) * (t * w_1)
    + sy.c
    + sy.gamma_u * (t * w_u) ** 2
    + gamma[1] * (t * w_1) ** 2
)
FORM = sy.gamma_u * w_u**2 + gamma[1] * w_1**2 - 2 * V * w_u * w_1

SECOND_ORDER = Statement(
    id="origin-second-order-one-hidden-layer",
    title="The loss of one neuron at the origin, to second order",
    relation=Relation.LIMIT,
    left=sp.Limit((LOSS_ON_RAY - sy.c) / t**2, t, 0, "+"),
    right=FORM,
    conditions=("$q$ is the second moment of the prediction at $w_u = w_1 = 1$",),
    reference=f"{PAPER}, the two-layer network",
    proof=LeadingTerms(),
    near_misses=(NearMiss("the data term is left out", right=FORM + 2 * V * w_u * w_1),),
    prose="Weights orthogonal to $v$ see the decay alone; along $v$, with scales $w_1$ and $w_u$:",
)

_root = sp.sqrt((sy.gamma_u - gamma[1]) ** 2 + 4 * V**2)
UPPER = sy.gamma_u + gamma[1] + _root
LOWER = sy.gamma_u + gamma[1] - _root
X = sp.Symbol("x", real=True)

ORIGIN_HESSIAN = Statement(
    id="origin-hessian-one-hidden-layer",
    title="The eigenvalues of the Hessian at the origin",
    left=(2 * sy.gamma_u - X) * (2 * gamma[1] - X) - (2 * V) ** 2,
    right=(UPPER - X) * (LOWER - X),
    reference="the characteristic polynomial of one block",
    proof=combine(),
    near_misses=(NearMiss("half the coupling", left=(2 * sy.gamma_u - X) * (2 * gamma[1] - X) - V**2),),
    prose=(
        "Each hidden neuron gives one such block; all other eigenvalues are $2\\gamma_u$ and $2\\gamma_1$."
    ),
)

PRODUCT = Statement(
    id="origin-hessian-sign",
    title="The product of the two eigenvalues",
    left=UPPER * LOWER,
    right=4 * (sy.gamma_u * gamma[1] - V**2),
    reference="the product of the eigenvalues",
    proof=combine(),
    near_misses=(NearMiss("a flipped sign", right=4 * (sy.gamma_u * gamma[1] + V**2)),),
)

# -- a step in words -------------------------------------------------------------------------------------

KIND = Step(
    id="origin-kind-one-hidden-layer",
    title="At depth 1 the origin is a minimum or a saddle",
    text=(
        r"The second derivatives along all lines are a quadratic form, whose matrix is the Hessian; in an "
        r"orthonormal basis that contains $v/\lVert v\rVert$ it falls apart into one block of size 2 for "
        r"each neuron and the decays. The upper eigenvalue of a block is positive, so all eigenvalues are "
        r"positive where the product is, and the origin is a strict local minimum; where the product is "
        r"negative, so is one eigenvalue, and the origin is a saddle."
    ),
    theorem="the second derivative test",
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
