"""The effective ridge and the dual, and readings of the letters in an eigenbasis."""

from symderive.statements.display import Definition, Letter

from ..minima.one_hidden_layer_convex import other as another_map
from ..notation import *
from ..reduction.diagonal_bound import Q
from ..ridge.effective_ridge import basis, w

_alive = families("K", integer=True, positive=True)
_alpha, _beta, _eta = letters("alpha beta eta", positive=True)

RIDGE_LETTERS = (
    Letter(r"\lambda", lam, meaning="effective ridge", domain="positive"),
    Definition("t", r"\frac{2 D}{D + 1}", meaning="exponent of a norm in its ridge"),
    Definition(r"\tau", r"\bar{\gamma}^{(D+1)/D}", meaning="level of the decays", letter=tau),
    Definition(
        r"\varphi(\lambda)",
        r"\lambda^{(D+1)/D} \lVert (\rho A + \lambda I)^{-1} v \rVert^{2}",
        meaning=r"equals $\tau$ at the stationary points of $F$",
    ),
    Definition(
        r"G(\lambda)",
        r"c - v^{\top} (\rho A + \lambda I)^{-1} v + D \tau \lambda^{-1/D}",
        meaning="one-dimensional dual of $F$",
    ),
    Letter(r"\alpha", _alpha, meaning="share of a map in a mean of two", domain="positive"),
    Letter(r"\beta", _beta, meaning="share of the other map", domain="positive"),
    Letter(r"\eta", _eta, meaning="size of a step along $v$", domain="positive"),
    Letter("K_{i}", _alive, meaning="number of living neurons of layer $i$", domain=r"$1, \dots, d_i$"),
    Definition(
        r"\rho_{K}",
        r"\prod_{i=1}^{D} (1 + \sigma_{i}^{2} / K_{i})",
        meaning="noise factor of the living neurons",
    ),
    Letter("b", b_u, meaning="scale of both layers in the form of the seed paper", domain="positive"),
    Letter("b_{u}", b_u, meaning="scale of the output weights there", domain="positive"),
    Letter("b_{i}", b, meaning="scale of layer $i$ there", domain="positive"),
)

#: Any positive semidefinite matrix.
MATRIX = (
    Letter("n", n, meaning="number of rows of a matrix", domain="positive integer"),
    Letter("Q", Q, (n, n), meaning="any positive semidefinite matrix", domain=r"$\mathbb{R}^{n \times n}$"),
)

#: The features and an eigenbasis of A side by side.
BASIS = (
    Letter(
        "B",
        basis,
        (d[0], d[0]),
        meaning="orthogonal matrix, whose rows are eigenvectors of $A$",
        domain=r"$\mathbb{R}^{d_0 \times d_0}$",
    ),
    Letter(
        r"\Lambda",
        a,
        (d[0],),
        meaning="diagonal matrix of the eigenvalues of $A$",
        domain="non-negative entries",
    ),
    Letter(
        "w",
        w,
        (d[0], 1),
        meaning=r"ridge solution, $(\rho A + \lambda I)\, w = v$",
        domain=r"$\mathbb{R}^{d_0}$",
    ),
)

#: In an eigenbasis of A, which changes nothing, A is the diagonal matrix of its eigenvalues.
EIGENBASIS = (
    Letter("A", a, (n,)),
    Letter("v", v, (n, 1)),
    Letter("m", m, (n, 1)),
    Letter("m'", another_map, (n, 1), meaning="another map"),
)
