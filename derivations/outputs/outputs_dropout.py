"""Several outputs, one hidden layer with noise: the noise is a second nuclear norm, squared."""

from ..inequalities import cauchy_schwarz
from ..notation import *
from ..reduction.noise_second_moment import NOISE_SECOND_MOMENT
from .outputs_dual import DECAY, FEATURE, MAP, NEURON, OUTPUT, PAIRS, P, Y, overlap
from .several_outputs_layers import a, l, p
from .several_outputs_minima import TRACE_BOUND, frobenius, singular
from .several_outputs_minima import overlap as alignment

#: ‖u_r‖² and ‖w_r‖² of a neuron, and what Y sees of it.
OUT, IN = norm2(W[2, j, r], OUTPUT), norm2(W[1, r, k], FEATURE)
_passed = dot(Y[j, k], W[1, r, k], FEATURE)


def _of_neuron(neuron: Expr) -> Sum:
    return Sum(W[2, p, neuron] * Y[p, k] * W[1, neuron, k], (p, 1, d[2]), FEATURE)


_first, _second = (l, 1, d[0]), (s, 1, d[1])
_column = Sum(W[1, r, k] * A[k, l] * W[1, r, l], FEATURE, _first)

AVERAGED = theorem(
    "outputs-dropout-averaged",
    "The second moments of the predictions of one noisy hidden layer",
    equal(
        Sum(W[2, j, r] * W[2, j, s] * mean(h[1, r] * h[1, s]), OUTPUT, NEURON, _second),
        Sum(W[2, j, r] * W[2, j, s] * W[1, r, k] * A[k, l] * W[1, s, l], OUTPUT, NEURON, _second, FEATURE, _first)
        + sigma[1] ** 2 * Sum(OUT * _column, NEURON),
    ),
    given=(OUTPUTS, *NOISE_SECOND_MOMENT.given),
    reference="the second moments of the hidden layer",
    proof=(W[2, j, r] * W[2, j, s] * NOISE_SECOND_MOMENT.at({D: Integer(1), j: r, k: s})).sum(
        OUTPUT, NEURON, _second
    ),
    misses={"no noise": right(
        Sum(W[2, j, r] * W[2, j, s] * W[1, r, k] * A[k, l] * W[1, s, l], OUTPUT, NEURON, _second, FEATURE, _first)
    )},
    prose=r"""The mean square of the predictions is $\operatorname{tr} P A P^{\top}$ and, for every neuron
        $r$ with the column $u_r$ of $W_2$ and the row $w_r$ of $W_1$, $\sigma^2 \lVert u_r\rVert^2 w_r
        A w_r^{\top}$.""",
)

#: Y has the norm 1 at most.
CONTRACTS = matrix_at_least(delta(k, l), dot(Y[j, k], Y[j, l], OUTPUT), FEATURE, (l, 1, d[0]))
_neurons = Sum(OUT * IN, NEURON)

SPREAD = theorem(
    "outputs-dropout-spread",
    "Noise costs at least the square of what any contraction sees of the map",
    at_least(d[1] * _neurons, overlap(P[j, k], Y[j, k]) ** 2),
    given=(CONTRACTS, MAP),
    reference="Cauchy–Schwarz for every neuron, and over the neurons",
    proof=(d[1] * OUT * CONTRACTS.at({z[k]: W[1, r, k]})).sum(NEURON)
    + (d[1] * cauchy_schwarz(W[2, j, r], _passed, d[2])).sum(NEURON)
    + cauchy_schwarz(_of_neuron(j), Integer(1), d[1])
    - ((overlap(P[j, k], Y[j, k]) + Sum(_of_neuron(r), NEURON)) * Y[j, k] * MAP).sum(*PAIRS),
    misses={"any matrix": without(CONTRACTS), "the width left out": left(_neurons)},
    prose=r"""For $A = a I$ the noise adds $\sigma^2 a \sum_r \lVert u_r\rVert^2 \lVert w_r\rVert^2$. With
        the contraction $Y = \sum_p \psi_p e_p^{\top}$ of the singular vectors of $P$ what $Y$ sees of the
        map is the sum $\lVert P\rVert_*$ of its singular values.""",
)

DERIVATION = Derivation(
    id="outputs-dropout",
    title="Several outputs, one noisy hidden layer",
    prose="",
    statements=(AVERAGED, SPREAD),
)
