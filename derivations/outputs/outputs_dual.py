"""Several outputs, one hidden layer, general inputs: every dual point bounds the loss from below."""

from ..notation import *
from .several_outputs_layers import C, V, l

#: The map of one hidden layer, and the dual variable.
P, Y = families("P Y")
FEATURE, SECOND, OUTPUT, NEURON = (k, 1, d[0]), (l, 1, d[0]), (j, 1, d[2]), (r, 1, d[1])
PAIRS = (OUTPUT, FEATURE)

#: Y has the norm g = √(γ_1 γ_2) at most.
NORM = matrix_at_least(gamma[1] * gamma[2] * delta(k, l), dot(Y[j, k], Y[j, l], OUTPUT), FEATURE, SECOND)
MAP = equal(P[j, k], dot(W[2, j, r], W[1, r, k], NEURON), *PAIRS)
PSD, SYMMETRIC = semidefinite(A[k, l], FEATURE, SECOND), equal(A[k, l], A[l, k], FEATURE, SECOND)
DUAL = equal(V[j, k], Y[j, k] + dot(C[j, l], A[l, k], SECOND), *PAIRS)

DECAY = gamma[2] * Sum(W[2, j, r] ** 2, OUTPUT, NEURON) + gamma[1] * Sum(W[1, r, k] ** 2, NEURON, FEATURE)
_passed = dot(Y[j, k], W[1, r, k], FEATURE)


def seen(entry: Expr) -> Sum:
    """tr of the map with this entry times A times its transpose, for an entry in j and k."""
    return Sum(entry * A[k, l] * entry.xreplace({k: l}), OUTPUT, FEATURE, SECOND)


def overlap(entry: Expr, other: Expr) -> Sum:
    """The sum of the products of the entries of two matrices, in j and k."""
    return Sum(entry * other, *PAIRS)


ALIGNED = theorem(
    "outputs-dual-decay",
    "The decay is at least the overlap with any matrix of bounded norm",
    at_least(DECAY, 2 * overlap(P[j, k], Y[j, k])),
    given=(NORM, MAP),
    reference="a square for each neuron",
    proof=(NORM.at({z[k]: W[1, r, k]}) / gamma[2]).sum(NEURON)
    + nonnegative(Sum((gamma[2] * W[2, j, r] - _passed) ** 2, OUTPUT, NEURON) / gamma[2])
    - (2 * Y[j, k] * MAP).sum(*PAIRS),
    misses={"any matrix": without(NORM), "twice the overlap": right(4 * overlap(P[j, k], Y[j, k]))},
    prose=r"""Let $Y$ be any matrix with $Y^{\top} Y \preceq \gamma_1 \gamma_2 I$, that is, of norm at most
        $g = \sqrt{\gamma_1\gamma_2}$. Neuron $r$ with the columns $u_r$ of $W_2$ and the rows $w_r$ of
        $W_1$ pays $\gamma_2 \lVert u_r\rVert^2 + \gamma_1 \lVert w_r\rVert^2$, and what that exceeds $2
        u_r^{\top} Y w_r$ by is a square and a form of $g^2 I - Y^{\top} Y$. The largest of these overlaps
        is $2g$ times the sum of the singular values of $P$.""",
)

#: A dual point that is a large multiple of the map, at the map.
_LARGE = Domain(
    ranges={W[1, r, k]: (1, 2), W[2, j, r]: (1, 2), gamma[1]: (1, 2), gamma[2]: (1, 2)},
    define={
        P[j, k]: MAP.right,
        C[j, k]: MAP.right,
        Y[j, k]: 9 * MAP.right,
        V[j, k]: 9 * MAP.right + dot(dot(W[2, j, r], W[1, r, l], NEURON), A[l, k], SECOND),
    },
    gram=(A,),
)

WEAK = theorem(
    "outputs-dual",
    "Every dual point bounds the loss from below",
    at_least(seen(P[j, k]) - 2 * overlap(P[j, k], V[j, k]) + DECAY, -seen(C[j, k])),
    given=(PSD, SYMMETRIC, DUAL, NORM, MAP),
    reference="weak duality",
    proof=PSD.at({z[k]: P[j, k] - C[j, k]}).sum(OUTPUT)
    + ALIGNED
    - (2 * P[j, k] * DUAL).sum(*PAIRS)
    - (P[j, l] * C[j, k] * SYMMETRIC).sum(OUTPUT, FEATURE, SECOND),
    misses={
        "a dual point of any norm": (without(NORM), _LARGE),
        "twice the bound": right(2 * seen(C[j, k])),
    },
    prose=r"""For the loss $\operatorname{tr} P A P^{\top} - 2 \operatorname{tr} P V^{\top} + c$ and its
        decay write $V - Y = C A$. The form of $A$ at the rows of $P - C$ is not negative.""",
)

#: What the optimum satisfies: the map is the dual point's own C, and pays exactly the overlap with Y.
OPTIMAL, TIGHT = (
    equal(C[j, k], P[j, k], *PAIRS),
    equal(DECAY, 2 * overlap(P[j, k], Y[j, k])),
)

_MULTIPLE = DECAY / (2 * Sum(MAP.right**2, *PAIRS))

OPTIMUM = theorem(
    "outputs-dual-optimum",
    "Where the map is its own dual point the bound is attained",
    equal(seen(P[j, k]) - 2 * overlap(P[j, k], V[j, k]) + DECAY, -seen(C[j, k])),
    given=(SYMMETRIC, DUAL, OPTIMAL, TIGHT),
    reference="complementary slackness",
    test=Domain(
        define={
            P[j, k]: MAP.right,
            C[j, k]: MAP.right,
            Y[j, k]: _MULTIPLE * MAP.right,
            V[j, k]: _MULTIPLE * MAP.right + dot(dot(W[2, j, r], W[1, r, l], NEURON), A[l, k], SECOND),
        },
        gram=(A,),
    ),
    proof=TIGHT
    - (2 * P[j, k] * DUAL).sum(*PAIRS)
    - ((P[j, l] - C[j, l]) * A[k, l] * OPTIMAL).sum(OUTPUT, FEATURE, SECOND)
    - (P[j, l] * C[j, k] * SYMMETRIC).sum(OUTPUT, FEATURE, SECOND),
    misses={"more decay than the overlap": without(TIGHT), "another map": without(OPTIMAL)},
    prose=r"""So a network is a global minimum if $Y = V - P A$ has norm at most $g$ and its decay is $2
        \operatorname{tr} Y^{\top} P$. For $P = \sum_i s_i \psi_i e_i^{\top}$ and balanced layers this
        says $V - P A = g (\sum_i \psi_i e_i^{\top} + Z)$ with $\lVert Z\rVert \le 1$ that vanishes on the
        singular vectors of $P$.""",
)

NO_GAP = in_words(
    "outputs-dual-no-gap",
    "The best dual point has no gap if the hidden layer is wide enough",
    r"""The loss with the decay replaced by $2g$ times the sum $\lVert P\rVert_*$ of the singular values of
        $P$ is convex and grows without bound, so that it has a minimum $P$; there $V - P A$ is $g$ times a
        subgradient of $\lVert \cdot\rVert_*$, a matrix of norm at most 1 whose overlap with $P$ is $\lVert
        P\rVert_*$. If $d_1 \ge \operatorname{rank} P$, balanced layers with $W_2 W_1 = P$ have the decay
        $2g \lVert P\rVert_*$. Below that width the bound still holds and need not be attained.""",
    by="Fermat's rule for convex functions",
    reference="Rockafellar, Convex Analysis, theorem 23.8 and section 27",
    rests_on=(ALIGNED, WEAK, OPTIMUM),
    conditions=("$D = 1$", "both decays are positive", "there is no noise"),
)

DERIVATION = Derivation(
    id="outputs-dual",
    title="Several outputs, one hidden layer: the dual",
    prose=r"""With one hidden layer and no noise several outputs are a convex problem for any inputs: the
        decay is the nuclear norm of the map. A bound from below needs neither singular values nor
        convexity, only a matrix $Y$ of norm at most $g = \sqrt{\gamma_1\gamma_2}$. Here $P = W_2 W_1$, $V =
        \mathbb{E}[y x^{\top}]$, and $\gamma_2 = \gamma_u$.""",
    statements=(ALIGNED, WEAK, OPTIMUM),
    steps=(NO_GAP,),
)
