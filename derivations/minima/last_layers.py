"""The loss as a function of the last two layers, and what the layers below hand on to them."""

from ..notation import *
from ..reduction.diagonal_bound import Q
from ..reduction.loss import ALIGNMENT, EXPECTED_LOSS, LOSS, SQUARE
from ..reduction.lower_bound import LOWER_BOUND_FORMS, seen_through

#: Neurons j, k of the last hidden layer, inputs p, r, s of that layer.
p = letters("p", integer=True, positive=True)
NEURONS, INPUTS = (1, d[D]), (1, d[D - 1])
NEURON, OTHER = (j, *NEURONS), (k, *NEURONS)
INPUT, BESIDE = (r, *INPUTS), (s, *INPUTS)

#: Q holds the second moments of the outputs of layer D - 1, and g their mixed moments with y.
_carried = Sum(U[k] * W[D, k, r], OTHER)
_own = Sum(U[k] ** 2 * W[D, k, r] * W[D, k, s], OTHER)
_data = Sum(
    Q[r, s] * (_carried * _carried.xreplace({r: s}) + sigma[D] ** 2 * _own), INPUT, BESIDE
) - 2 * Sum(_carried * g[r], INPUT)
_decay_of_two = gamma_u * Sum(U[k] ** 2, OTHER) + gamma[D] * Sum(W[D, k, r] ** 2, OTHER, INPUT)

#: The part of the loss that the last two layers enter, and its data term at the Q and g of the network.
LAST = _data + _decay_of_two
_of_network = {Q[r, s]: M[D - 1, r, s], g[r]: Sum(T[D - 1, r, p] * v[p], (p, 1, d[0]))}
_data_term = _data.xreplace(_of_network)

MOMENTS_OF_LAST = theorem(
    "all-stationary-points-moments",
    "How the last two layers enter the data term",
    equal(SQUARE - 2 * ALIGNMENT, _data_term),
    given=(SECOND_MOMENTS, END_TO_END),
    reference="one step of the recursions",
    proof=induction(n),  # nothing depends on n: an induction unfolds the recursions once, here at layer D
    misses={"the noise is left out": right(_data_term.subs(sigma[D], 0))},
    prose=r"""Hold all layers but the last two fixed. With $Q = M_{D-1}$, and $g = T_{D-1} v$ the mixed
        moments of the outputs of layer $D - 1$ with the target, the loss is the function that is
        differentiated below, a constant, and the decay of the other layers.""",
)


def decays(last: Expr) -> Sum:
    """The decay of the hidden layers up to one of them."""
    return Sum(gamma[i] * Sum(W[i, j, k] ** 2, (k, 1, d[i - 1]), (j, 1, d[i])), (i, 1, last))


_decay_of_last = gamma[D] * Sum(W[D, j, k] ** 2, (k, *INPUTS), NEURON)

DECAY_OF_LAST = theorem(
    "all-stationary-points-decay",
    "The decay of the last hidden layer, apart from the others",
    equal(decays(D), _decay_of_last + decays(D - 1)),
    reference="the last term of a sum",
    proof=induction(D, start=1),
    misses={"counted twice": right(2 * _decay_of_last + decays(D - 1))},
)

LOSS_OF_LAST = theorem(
    "all-stationary-points-loss",
    "The loss as a function of the last two layers",
    equal(EXPECTED_LOSS, _data_term + _decay_of_two + c + decays(D - 1)),
    reference="the loss in closed form",
    proof=LOSS + MOMENTS_OF_LAST + DECAY_OF_LAST,
    misses={"the constant is left out": right(_data_term + _decay_of_two)},
)

#: v = A w, and the second moment ξ = vᵀA⁺v that the data can explain.
w = families("w")
CONSTANT = letters("xi", positive=True)
FEATURE, _column = (r, 1, d[0]), (s, 1, d[0])
SYMMETRIC_DATA = equal(A[r, s], A[s, r], FEATURE, _column)
IN_RANGE = equal(Sum(A[r, s] * w[s], _column), v[r], FEATURE)
EXPLAINED = equal(dot(w, v, FEATURE), CONSTANT)
_pulled = {name: seen_through(g, name) for name in (k, r, s)}
_signal = Sum(_pulled[r] * v[r], FEATURE)

SEEN = theorem(
    "all-stationary-points-seen",
    "The mixed moments are bounded by the second moments",
    at_least(CONSTANT * form(M[D, j, k], g, d[D]), NOISE_FACTOR * _signal**2),
    given=(A_IS_PSD, SYMMETRIC_DATA, IN_RANGE, EXPLAINED, r"$\xi = v^{\top} A^{+} v > 0$"),
    reference="Cauchy–Schwarz for the form of $A$",
    proof=CONSTANT * LOWER_BOUND_FORMS
    + NOISE_FACTOR / CONSTANT * A_IS_PSD.at({z[k]: CONSTANT * _pulled[k] - _signal * w[k]})
    + (NOISE_FACTOR * _signal * w[r] * _pulled[s] * SYMMETRIC_DATA).sum(FEATURE, _column)
    + (NOISE_FACTOR * (2 * _signal * _pulled[r] - _signal**2 * w[r] / CONSTANT) * IN_RANGE).sum(FEATURE)
    - NOISE_FACTOR * _signal**2 / CONSTANT * EXPLAINED,
    misses={"another constant": without(EXPLAINED)},
    prose=r"""The hypothesis on the mixed moments holds for every network, with $\xi/\rho$ for its constant:
        at the outputs of any layer""",
)
