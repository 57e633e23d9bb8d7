"""What holds neuron by neuron: the balance of what a neuron gets and gives, at any data and noise."""

from ..notation import *
from .all_stationary_points import (
    BALANCE,
    EQUAL_NEURONS,
    HIDDEN_GRADIENT,
    HIDDEN_SLOPE,
    OUTPUT_GRADIENT,
    OUTPUT_SLOPE,
    RANK_IS_ONE,
    l,
)
from .last_layers import INPUT, NEURON

_in, _out = Sum(W[D, j, r] ** 2, INPUT), U[j] ** 2

IDENTITY = theorem(
    "neuron-balance-identity",
    "A neuron's two derivatives differ by its decay alone",
    equal(
        U[j] * OUTPUT_SLOPE - Sum(W[D, j, r] * HIDDEN_SLOPE, INPUT),
        gamma_u * _out - gamma[D] * _in,
        NEURON,
    ),
    reference="the data term sees the product of both sides only",
    proof=exact_algebra,
    misses={"the decays the other way round": right(gamma[D] * _out - gamma_u * _in)},
    prose=r"""The derivatives of the loss by the output weight $U_j$ and by the weights $W_{D,j}$ into
        the neuron are twice the two slopes. No stationarity is asked for.""",
)

_alike = equal(gamma_u, gamma[D])
#: Gradient flow moves a weight by minus its derivative, which is twice its slope.
_imbalance_rate = 2 * U[j] * (-2 * OUTPUT_SLOPE) - Sum(2 * W[D, j, r] * (-2 * HIDDEN_SLOPE), INPUT)

IMBALANCE = theorem(
    "neuron-balance-rate",
    "Equal decays shrink the imbalance of every neuron at one rate",
    equal(_imbalance_rate, -4 * gamma[D] * (_out - _in), NEURON),
    given=(_alike,),
    reference="the chain rule",
    proof=-4 * IDENTITY - 4 * _out * _alike,
    misses={"different decays": without(_alike), "half the rate": right(-2 * gamma[D] * (_out - _in))},
    prose=r"""Along gradient flow $U_j^2$ moves at $2 U_j$ times the speed of $U_j$, which is minus the
        derivative.""",
)

#: Minors of two layers that vanish, here for the neurons j and l alone.
PARALLEL = equal(U[l] * W[D, j, r], U[j] * W[D, l, r], INPUT)
SAME_SIZE, LIVES = equal(U[j] ** 2, U[l] ** 2), different(U[j], 0)

SAME_FEATURE = theorem(
    "neuron-balance-feature",
    "Living neurons of one size contribute the same map",
    equal(U[j] * W[D, j, r], U[l] * W[D, l, r], INPUT),
    given=(PARALLEL, SAME_SIZE, LIVES),
    reference="algebra",
    proof=W[D, j, r] / U[j] * SAME_SIZE + U[l] / U[j] * PARALLEL,
    misses={"neurons of two sizes": without(SAME_SIZE), "rows that are not parallel": without(PARALLEL)},
)

OF_NEURONS = in_words(
    "neuron-balance",
    "Every neuron of the last layer is balanced at a stationary point",
    r"""Where the derivatives vanish, so do both slopes of every neuron $j$, and the identity says
        $\gamma_u U_j^2 = \gamma_D \lVert W_{D,j} \rVert^2$, whatever the data and the noise. In one
        formula for all neurons, these are the entries of two diagonals.""",
    by="the necessary condition of first order",
    reference="any course of analysis",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, IDENTITY, BALANCE),
    conditions=("the weights are stationary",),
    display=r"""\gamma_{u} \operatorname{Diag}(U^{\top} U)
        = \gamma_{D} \operatorname{Diag}(W_{D} W_{D}^{\top})""",
)

ALL_ALIKE = in_words(
    "neuron-balance-alike",
    "With noise all living neurons contribute the same map",
    r"""At a stationary point the minors of the two layers vanish, and with noise the squares of the
        output weights of living neurons agree. So $U_j W_{1,j}$ is one vector for all of them, the map
        divided by their number.""",
    by="division by a weight that is not 0",
    reference="any course of algebra",
    rests_on=(RANK_IS_ONE, EQUAL_NEURONS, SAME_FEATURE),
    conditions=(r"$D = 1$ and $\sigma_1 > 0$", r"$v \ne 0$ lies in the range of $A$"),
)

SHRINKS = in_words(
    "neuron-balance-flow",
    "Along gradient flow every neuron becomes balanced at one rate",
    r"""For equal decays $\gamma$ of the last two layers the imbalance $U_j^2 - \lVert W_{D,j} \rVert^2$
        of a neuron solves a linear equation by itself, and is $e^{-4 \gamma t}$ times what it was at
        first, whatever the data, the noise and the other weights do.""",
    by="the solution of a linear differential equation",
    reference="any course of analysis",
    rests_on=(OUTPUT_GRADIENT, HIDDEN_GRADIENT, IMBALANCE),
    conditions=(r"$\gamma_u = \gamma_D = \gamma$",),
)

DERIVATION = Derivation(
    id="neuron-balance",
    title="Balance neuron by neuron",
    prose=r"""Layers carry the same decay at a stationary point. At the last hidden layer more is true:
        every neuron carries on its way in what it carries on its way out, and gradient flow goes there
        at a rate that is known.""",
    statements=(IDENTITY, IMBALANCE, SAME_FEATURE),
    steps=(OF_NEURONS, ALL_ALIKE, SHRINKS),
)
