"""The expected loss in closed form."""

from symderive.formulas.loss import index_loss
from symderive.statements import Expectation

from ..notation import *
from .noise_second_moment import BELOW, NOISE_FIRST_MOMENT, NOISE_SECOND_MOMENT

#: The loss as it is defined, and its two parts: the mean square error and the weight decay.
EXPECTED_LOSS = index_loss(NETWORK).result
DECAY = sum(term for term in EXPECTED_LOSS.args if not isinstance(term, Expectation))
DATA_TERM = EXPECTED_LOSS - DECAY

#: E f² and E f y, the noise averaged.
SQUARE = Sum(U[j] * U[k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D]))
ALIGNMENT = Sum(U[j] * T[D, j, k] * v[k], (j, 1, d[D]), (k, 1, d[0]))

LOSS_OF_DATA = theorem(
    "loss-data",
    "The mean square error in closed form",
    equal(DATA_TERM, SQUARE - 2 * ALIGNMENT + c),
    reference=f"{PAPER}, Eq. (1)",
    proof=(U[r] * U[s] * NOISE_SECOND_MOMENT.at({j: r, k: s})).sum(*BELOW)
    - (2 * U[r] * NOISE_FIRST_MOMENT.at({j: r})).sum(BELOW[0]),
    misses={
        "half the alignment": right(SQUARE - ALIGNMENT + c),
        "the target's second moment is left out": right(SQUARE - 2 * ALIGNMENT),
    },
    prose="Squaring the error leaves a function of $A$, $v$, $c$ and the weights.",
    display=r"""\mathbb{E}_{x} \mathbb{E}_{\epsilon} (f(x) - y)^{2}
        = U M_{D} U^{\top} - 2 U T_{D} v + c""",
)

LOSS = theorem(
    "loss",
    "The expected loss in closed form",
    equal(EXPECTED_LOSS, SQUARE - 2 * ALIGNMENT + c + DECAY),
    reference=f"{PAPER}, Eq. (1)",
    proof=LOSS_OF_DATA,
    misses={
        "a flipped sign": right(SQUARE + 2 * ALIGNMENT + c + DECAY),
        "half the decay": right(SQUARE - 2 * ALIGNMENT + c + DECAY / 2),
    },
    prose="The decay of the weights is added as it is.",
    display=r"""L(W, U) = U M_{D} U^{\top} - 2 U T_{D} v + c + \gamma_{u} \lVert U \rVert^{2}
        + \sum_{i=1}^{D} \gamma_{i} \lVert W_{i} \rVert_{F}^{2}""",
)

DERIVATION = Derivation(
    id="loss",
    title="The expected loss",
    prose=r"""The data enter through $A = \mathbb{E}\, x x^{\top}$, $v = \mathbb{E}\, x y$ and $c =
        \mathbb{E}\, y^2$ only, and the noise through its variances.""",
    statements=(LOSS_OF_DATA, LOSS),
)
