"""A stationary point with a dead neuron in a noisy layer is a saddle."""

from ..notation import *
from ..reduction.diagonal_bound import DIAGONAL_BOUND, ENTRIES, Q
from ..reduction.lower_bound import DOWN, S, seen_through
from ..reduction.noise_second_moment import NEURONS
from .all_stationary_points import DESCENT, SIGNAL
from .last_layers import SEEN

#: Weights ω into a neuron, from n outputs with second moments Q, and its weights ξ to the next layer.
omega, xi = families("omega xi")
_form = form(Q, omega, n)
_noise = sigma[i] ** 2

#: The shares of two neurons in the weights of one, cos and sin of an angle.
share, rest = letters("alpha beta")
SHARES = equal(share**2 + rest**2, 1)

_products = (share * xi[r]) * (share * omega[j]) + (rest * xi[r]) * (rest * omega[j])

PRODUCTS = theorem(
    "subnetwork-saddle-products",
    "A split neuron passes on the same product of weights",
    equal(_products, xi[r] * omega[j], (j, 1, n), (r, 1, n)),
    given=(SHARES,),
    reference="a rotation of two neurons",
    proof=xi[r] * omega[j] * SHARES,
    misses={"any shares": without(SHARES)},
    prose=r"""Share the weights of a living neuron with a dead one: $\alpha\omega$ and $\beta\omega$ in,
        $\alpha\xi$ and $\beta\xi$ out, with $\alpha^2 + \beta^2 = 1$. The mean of the prediction depends on
        the sum of these products and stays, and so does the decay, by the same identity for the squares.
        """,
)

_onward = xi[r] * xi[s]
_split_noise = sum(
    part**2 * _onward * Sum((part * omega[j]) * Q[j, k] * (part * omega[k]), *ENTRIES)
    for part in (share, rest)
)
_lost = 2 * share**2 * rest**2 * _form

NOISE = theorem(
    "subnetwork-saddle-noise",
    "Two neurons with independent noise average it",
    equal(_noise * _split_noise, _noise * _onward * (_form - _lost), (r, 1, n), (s, 1, n)),
    given=(SHARES,),
    reference=r"$\alpha^4 + \beta^4 = 1 - 2\alpha^2\beta^2$",
    proof=_noise * _onward * _form * (share**2 + rest**2 + 1) * SHARES,
    misses={"nothing is lost": right(_noise * _onward * _form), "any shares": without(SHARES)},
    prose="""What the noise of layer $i$ adds to the second moments of the next layer, before the noise
        of that one, falls.""",
)

#: Second moments of the features that are smaller, and what the layers make of them.
B, L = families("B Mtilde")
SMALLER_MOMENTS = Recursion(L, (i, j, k), B[j, k], SECOND_MOMENTS.step.xreplace({M: L}))
SMALLER = semidefinite(A[j, k] - B[j, k], (j, 1, d[0]), (k, 1, d[0]))

_pulled_back = DOWN.xreplace({g: z})

ORDER_KEPT = theorem(
    "subnetwork-saddle-order",
    "Smaller second moments stay smaller",
    matrix_at_least(M[D, j, k], L[D, j, k], *NEURONS),
    given=(SMALLER, SECOND_MOMENTS, SMALLER_MOMENTS),
    reference="the recursion is linear and keeps second moments semidefinite",
    proof=induction(
        D,
        base=SMALLER.at({z[j]: z[j]}),
        step=HYPOTHESIS.at({z[j]: _pulled_back})
        + (sigma[D + 1] ** 2 * z[r] ** 2 * HYPOTHESIS.at({z[j]: W[D + 1, r, j]})).sum((r, 1, d[D + 1])),
    ),
    misses={"no order of the features": without(SMALLER)},
    prose="""The layers above pass this on. They are a network on their own, whose features are the
        outputs of the next layer before its noise and whose first layer is the identity with this noise.
        Let $A$ and $B$ be the second moments of its features before and after the split.""",
)


def at_output(family: IndexedBase, vector: IndexedBase) -> Sum:
    """The quadratic form of the second moments of layer D."""
    return form(family[D, j, k], vector, d[D])


def lost(vector: IndexedBase) -> Sum:
    """The quadratic form of A - B at the vector pulled back to the features."""
    pulled = seen_through(vector, r) * seen_through(vector, s)
    return Sum((A[r, s] - B[r, s]) * pulled, (r, 1, d[0]), (s, 1, d[0]))


_share = sigma[D + 1] ** 2 / d[D + 1]
_above = {Q[j, k]: S.xreplace({M[D, r, s]: M[D, r, s] - L[D, r, s]}), n: d[D + 1], z[j]: g[j]}
_diagonal = DIAGONAL_BOUND.at(_above).because(ORDER_KEPT.at({z[j]: _pulled_back}))

DIFFERENCE = theorem(
    "subnetwork-saddle-layers",
    "What the layers above make of the difference",
    at_least(at_output(M, g) - at_output(L, g), NOISE_FACTOR * lost(g)),
    given=(SMALLER, END_TO_END),
    reference="the lower bound on second moments, for a difference",
    proof=induction(D, step=(1 + _share) * HYPOTHESIS.at({g[j]: DOWN}) + _share * _diagonal),
    misses={"twice the noise factor": right(2 * NOISE_FACTOR * lost(g))},
)

#: The loss of second moments, and how much of the split neuron reaches the output.
drop = letters("eta", positive=True)
DROP = equal(A[r, s] - B[r, s], drop * xi[r] * xi[s], (r, 1, d[0]), (s, 1, d[0]))
_reached = Sum(xi[r] * seen_through(U, r), (r, 1, d[0])) ** 2
REACHED = greater(_reached, 0)
_is_smaller = (z[j] * z[k] * DROP.at({r: j, s: k})).sum((j, 1, d[0]), (k, 1, d[0])) + nonnegative(
    drop * dot(z, xi, (j, 1, d[0])) ** 2
)

SUBNETWORK_SADDLE = theorem(
    "subnetwork-saddle",
    "The second moment of the prediction falls",
    greater(at_output(M, U), at_output(L, U)),
    given=(DROP, REACHED, r"$\eta = 2\sigma_i^2 \alpha^2 \beta^2 \omega^{\top} Q\, \omega$"),
    reference="the bound on the difference",
    proof=DIFFERENCE.at({g[j]: U[j]}).because(_is_smaller)
    + (NOISE_FACTOR * seen_through(U, r) * seen_through(U, s) * DROP).sum((r, 1, d[0]), (s, 1, d[0]))
    + nonnegative(NOISE_FACTOR * drop * _reached),
    misses={"nothing reaches the output": without(REACHED)},
)

NO_MINIMUM = in_words(
    "subnetwork-saddle-words",
    "A point with a dead neuron in a layer with noise is a saddle",
    r"""Split a living neuron of the layer. It has an output, $\omega^{\top} Q\, \omega > 0$, and reaches
        the output of the network, since all layers have rank one. The map and the decay stay, and the
        second moment falls by a multiple of $\alpha^2 \beta^2$ at least, so that the loss falls strictly
        however small $\beta$ is: the second derivative in this direction is negative. If the layer is the
        last, this is the identity for the noise itself. Weights into the dead neuron alone raise the decay
        and change nothing else. So the point is neither a local minimum nor a local maximum, and at a local
        minimum other than the origin no neuron of a layer with noise is dead.""",
    by="the second-order necessary condition for a local minimum",
    reference="any course of analysis",
    rests_on=(PRODUCTS, NOISE, SUBNETWORK_SADDLE, SIGNAL, SEEN, DESCENT),
    conditions=("all decays are positive", r"$v \ne 0$ lies in the range of $A$"),
)

DERIVATION = Derivation(
    id="subnetwork-saddle",
    title="Dead neurons",
    prose="""Some of these points use a part of the neurons only. Where there is noise, waking a dead
        neuron helps.""",
    statements=(PRODUCTS, NOISE, ORDER_KEPT, DIFFERENCE, SUBNETWORK_SADDLE),
    steps=(NO_MINIMUM,),
)
