"""Several outputs: neighboring layers are balanced as matrices and share their singular vectors."""

from ..notation import *

#: U is W_{D+1} here, and d_{D+1} the number of outputs.
a = letters("a", positive=True)
p, l = letters("p l", integer=True, positive=True)  # noqa: E741 - as in print
V, B, C, Delta = families("V B C Delta")
FEATURE, SECOND, OUTPUT = (k, 1, d[0]), (l, 1, d[0]), (j, 1, d[D + 1])
PAIRS = (OUTPUT, FEATURE)
ALL_DECAYS = Product(gamma[i], (i, 1, D + 1))

#: Eigenvectors e_p of E, their eigenvalues κ_p, and the size z_p of the map along them.
e = families("e")
share, z = families("kappa z", nonnegative=True)

_rows, _columns, _above = (r, 1, d[i]), (k, 1, d[i - 1]), (j, 1, d[i + 1])
_mapped = Sum(B[j, r] * W[i, r, s] * C[s, k], _rows, (s, 1, d[i - 1]))
_squared = Sum(W[i, r, s] ** 2, _rows, (s, 1, d[i - 1]))
_one_layer = Sum(a * _mapped**2 - 2 * _mapped * V[j, k], *PAIRS) + gamma[i] * _squared
_slope = 2 * (Sum(B[j, p] * (a * _mapped - V[j, k]) * C[l, k], *PAIRS) + gamma[i] * W[i, p, l])

GRADIENT = theorem(
    "several-outputs-gradient",
    "The derivative by a weight of any layer",
    equal(Derivative(_one_layer, W[i, p, l]), _slope, (p, 1, d[i]), (l, 1, d[i - 1])),
    reference="differentiation",
    proof=differentiate(),
    misses={"the target is left out": right(_slope.xreplace({V[j, k]: Integer(0)}))},
    prose=r"""Without noise the loss is $a \lVert P\rVert_F^2 - 2 \operatorname{tr} P^{\top} V + c +
        \sum_i \gamma_i \lVert W_i\rVert_F^2$, where $P$ is the map from the inputs to the outputs, $V =
        \mathbb{E}[y x^{\top}]$ and $c = \mathbb{E}\lVert y\rVert^2$. Write $P = B W_i C$, with the layers
        above in $B$ and those below in $C$.""",
)


def hidden_stationary(layers: Expr) -> Claim:
    """W_{i+1}ᵀ Δ_i + γ_i W_i = 0, with the pull Δ_i on the product of layers i and i + 1."""
    slope = dot(W[i + 1, j, r], Delta[i, j, k], _above) + gamma[i] * W[i, r, k]
    return equal(slope, 0, (i, 1, layers), _rows, _columns)


def next_stationary(layers: Expr) -> Claim:
    """Delta_i W_iᵀ + γ_{i+1} W_{i+1} = 0."""
    slope = dot(Delta[i, j, k], W[i, r, k], _columns) + gamma[i + 1] * W[i + 1, j, r]
    return equal(slope, 0, (i, 1, layers), _above, _rows)


STATIONARY = hidden_stationary(D), next_stationary(D)

#: An orthonormal basis for every layer, a number for every member of it, and layers that use them.
f, WIDTH = families("f"), letters("width", integer=True, positive=True)


def mirror(layer: Expr, first: Expr, second: Expr) -> Expr:
    """Entries of the reflection along f[layer]."""
    return delta(first, second) - 2 * f[layer, first] * f[layer, second] / norm2(f[layer, r], (r, 1, WIDTH))


def turned(diagonal: Expr, above: Expr, below: Expr) -> Sum:
    """A matrix with ``diagonal`` (in l) between the bases of two layers, at j and k."""
    return Sum(mirror(above, j, l) * diagonal * mirror(below, l, k), (l, 1, WIDTH))


_size_squared = share[l] ** (D + 1) / ALL_DECAYS
LAYERS = Domain(
    ranges={WIDTH: (1, 2)},
    define={
        n: D,
        d[j]: WIDTH,
        W[i, j, k]: turned(sqrt(share[l] / gamma[i]), i, i - 1),
        Delta[i, j, k]: -sqrt(gamma[i] * gamma[i + 1]) * turned(1, i + 1, i - 1),
        V[j, k]: turned((a * _size_squared + share[l]) / sqrt(_size_squared), D + 1, 0),
        e[p, j]: mirror(0, j, p),
        B[j, k]: turned(sqrt(_size_squared * gamma[1] / share[l]), D + 1, 1),
        C[j, k]: turned(sqrt(_size_squared * gamma[D + 1] / share[l]), D, 0),
    },
)

NOT_STATIONARY = {"the layer above is not stationary": without(STATIONARY[1])}

BALANCE = theorem(
    "several-outputs-balance",
    "Neighboring layers are balanced as matrices",
    equal(
        gamma[i + 1] * dot(W[i + 1, j, r], W[i + 1, j, s], _above),
        gamma[i] * dot(W[i, r, k], W[i, s, k], _columns),
        *((i, 1, n), _rows, (s, 1, d[i])),
    ),
    given=(hidden_stationary(n), next_stationary(n)),
    reference="the data term sees the product of two layers only",
    proof=(W[i + 1, j, s] * next_stationary(n)).sum(_above)
    - (W[i, r, k] * hidden_stationary(n).at({r: s})).sum(_columns),
    misses={"the layer above is not stationary": without(next_stationary(n))},
    prose=r"""Let $\Delta_i = B^{\top} (a P - V)\, C^{\top}$ with the layers above $W_{i+1}$ in $B$ and
        those below $W_i$ in $C$. At a stationary point $W_{i+1}^{\top} \Delta_i + \gamma_i W_i = 0$ and
        $\Delta_i W_i^{\top} + \gamma_{i+1} W_{i+1} = 0$.""",
)

# -- the whole network ---------------------------------------------------------------------------------


def first_decay(row: Expr, column: Expr) -> Expr:
    """E = γ_1 W_1ᵀ W_1 at a pair of features."""
    return gamma[1] * dot(W[1, r, row], W[1, r, column], (r, 1, d[1]))


#: P_0 = W_1, P_i = W_{i+1} P_{i-1}, so that P_D is the map of the network; K_i is the power i + 1 of E.
P, K = families("P K")
MAP = Recursion(P, (i, j, k), W[1, j, k], dot(W[i + 1, j, r], P[i - 1, r, k], _rows))
POWERS = Recursion(K, (i, j, k), first_decay(j, k), dot(K[i - 1, j, s], first_decay(s, k), (s, 1, d[0])))

_top, _last = {n: D + 1, i: D + 1}, (r, 1, d[D + 1])

COMMUTE = theorem(
    "several-outputs-commute",
    "The first and the last layer see the same decay",
    equal(
        gamma[D + 1] * Sum(W[D + 1, j, r] * W[D + 1, s, r] * P[D, s, k], (r, 1, d[D]), (s, 1, d[D + 1])),
        dot(P[D, j, l], first_decay(l, k), SECOND),
        *PAIRS,
    ),
    given=(*STATIONARY, MAP),
    reference="induction on the depth",
    proof=induction(
        D,
        step=(W[D + 2, j, r] * P[D, s, k] * BALANCE.at(_top)).sum(_last, (s, 1, d[D + 1]))
        + (W[D + 2, j, r] * HYPOTHESIS.at({j: r})).sum(_last),
    ),
    misses=NOT_STATIONARY,
    prose=r"""Put $P_0 = W_1$ and $P_i = W_{i+1} P_{i-1}$, so that $P_D$ is the map $P$ of the network.
        What the last layer pays, $\gamma_{D+1} W_{D+1} W_{D+1}^{\top}$, is what the first one pays, $E =
        \gamma_1 W_1^{\top} W_1$, seen through the map.""",
)

POWER = theorem(
    "several-outputs-power",
    "The square of the map is a power of the decay of a layer",
    equal(ALL_DECAYS * dot(P[D, j, k], P[D, j, l], OUTPUT), K[D, k, l], FEATURE, SECOND),
    given=(*STATIONARY, POWERS),
    reference="induction on the depth",
    proof=induction(
        D,
        step=(ALL_DECAYS * P[D, r, k] * P[D, s, l] * BALANCE.at(_top)).sum(_last, (s, 1, d[D + 1]))
        + (ALL_DECAYS * P[D, r, k] * COMMUTE.at({j: r, k: l})).sum(_last)
        + (first_decay(s, l) * HYPOTHESIS.at({l: s})).sum((s, 1, d[0])),
    ),
    misses=NOT_STATIONARY,
    prose=r"""Balance moves the layers to the front, one after the other: $(\prod_i \gamma_i)\, P^{\top}
        P = E^{D+1}$. On the right are the powers $K_0 = E$ and $K_i = K_{i-1} E$.""",
)

#: E e_p = κ_p e_p and z_p² Π γ_i = κ_p^{D+1}.
MODE = (p, 1, d[0])
EIGENVECTORS = equal(dot(first_decay(k, l), e[p, l], SECOND), share[p] * e[p, k], MODE, FEATURE)
SIZES = equal(ALL_DECAYS * z[p] ** 2, share[p] ** (D + 1), MODE)
IMAGE = dot(P[D, j, l], e[p, l], SECOND)

ROW = theorem(
    "several-outputs-row",
    "A row at an eigenvector",
    equal(
        Sum(g[k] * first_decay(k, l) * e[p, l], FEATURE, SECOND),
        share[p] * dot(g[k], e[p, k], FEATURE),
        MODE,
    ),
    given=(EIGENVECTORS,),
    reference="linearity",
    proof=(g[k] * EIGENVECTORS).sum(FEATURE),
    misses={"another vector": without(EIGENVECTORS)},
    prose=r"Let $e_p$ be an orthonormal basis of eigenvectors of $E$, with eigenvalues $\kappa_p \ge 0$.",
)

EIGENPOWER = theorem(
    "several-outputs-eigenvalue",
    "Powers of the decay of the first layer",
    equal(dot(K[D, k, l], e[p, l], SECOND), share[p] ** (D + 1) * e[p, k], MODE, FEATURE),
    given=(EIGENVECTORS, POWERS),
    reference="induction on the depth",
    proof=induction(
        D, base=ROW.at({g[j]: delta(j, k)}), step=ROW.at({g[j]: K[D, k, j]}) + share[p] * HYPOTHESIS
    ),
    misses={"a wrong exponent": right(share[p] ** D * e[p, k])},
)

SIZE = theorem(
    "several-outputs-size",
    "Eigenvectors of the decay are singular vectors of the map",
    equal(dot(P[D, j, k], IMAGE, OUTPUT), z[p] ** 2 * e[p, k], MODE, FEATURE),
    given=(*STATIONARY, EIGENVECTORS, SIZES),
    reference="the square of the map at an eigenvector",
    proof=(e[p, l] / ALL_DECAYS * POWER).sum(SECOND)
    + EIGENPOWER / ALL_DECAYS
    - e[p, k] / ALL_DECAYS * SIZES,
    test=LAYERS,
    misses={"any size": without(SIZES)},
    prose=r"""Put $z_p^2 = \kappa_p^{D+1}/\prod_i \gamma_i$. Then $P^{\top} P e_p = z_p^2 e_p$: the
        $z_p$ are the singular values of the map and the $e_p$ its singular vectors on the side of the
        inputs. Where $\kappa_p = 0$ the map is 0.""",
)

_trace = Sum(first_decay(k, k), FEATURE)
_traced = BALANCE.at(_top | {s: r}).sum(_last)

ENDS = theorem(
    "several-outputs-ends",
    "The first and the last layer carry the same decay",
    equal(gamma[D + 1] * Sum(W[D + 1, j, r] ** 2, OUTPUT, (r, 1, d[D])), _trace),
    given=STATIONARY,
    reference="traces of the balance",
    proof=induction(D, step=_traced + HYPOTHESIS),
    test=LAYERS,
    misses=NOT_STATIONARY,
    prose=r"""The trace of the balance is the balance of one output: all layers carry the same decay
        $\operatorname{tr} E = \sum_p \kappa_p$.""",
)

DECAYS = Sum(gamma[i] * Sum(W[i, j, k] ** 2, (j, 1, d[i]), _columns), (i, 1, D + 1))

DECAY = theorem(
    "several-outputs-decay",
    "All layers carry the same decay",
    equal(DECAYS, (D + 1) * _trace),
    given=STATIONARY,
    reference="induction on the depth",
    proof=induction(D, step=_traced + ENDS + HYPOTHESIS),
    misses={"one layer less": right(D * _trace)},
)

HAS_MODES = in_words(
    "several-outputs-modes",
    "The decay of the first layer has an orthonormal basis of modes",
    r"""$E = \gamma_1 W_1^{\top} W_1$ is symmetric and positive semidefinite, so there are an orthonormal
        basis $e_p$ and numbers $\kappa_p \ge 0$ with $E e_p = \kappa_p e_p$. Where $\kappa_p = 0$ the map
        of $e_p$ is 0, since $z_p = 0$.""",
    by="the spectral theorem",
    reference="Horn and Johnson, Matrix Analysis, theorem 4.1.5",
    rests_on=(SIZE,),
)

DERIVATION = Derivation(
    id="several-outputs-layers",
    title="Several outputs: the layers",
    prose=r"""So far the network had one output. With several outputs and without noise, everything is
        known where all inputs count alike, $A = a I$, as they do once they are whitened. All decays are
        positive. In this section and the next two the output layer $U$ is $W_{D+1}$, its decay
        $\gamma_{D+1} = \gamma_u$, and $d_{D+1}$ the number of outputs.""",
    statements=(GRADIENT, BALANCE, COMMUTE, POWER, ROW, EIGENPOWER, SIZE, ENDS, DECAY),
    steps=(HAS_MODES,),
)
