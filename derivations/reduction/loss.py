"""The expected loss in closed form."""

from symderive.formulas.loss import index_loss
from symderive.statements import Expectation

from ..notation import *
from .noise_second_moment import BELOW, NOISE_FIRST_MOMENT, NOISE_SECOND_MOMENT

#: The loss as it is defined, and the part of it that is weight decay.
EXPECTED_LOSS = index_loss(NETWORK).result
DECAY = sum(term for term in EXPECTED_LOSS.args if not isinstance(term, Expectation))

#: E f² and E f y, the noise averaged.
SQUARE = Sum(U[j] * U[k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D]))
ALIGNMENT = Sum(U[j] * T[D, j, k] * v[k], (j, 1, d[D]), (k, 1, d[0]))

LOSS = theorem(
    "loss",
    "The expected loss in closed form",
    equal(EXPECTED_LOSS, SQUARE - 2 * ALIGNMENT + c + DECAY),
    reference=f"{PAPER}, Eq. (1)",
    proof=(U[r] * U[s] * NOISE_SECOND_MOMENT.at({j: r, k: s})).sum(*BELOW)
    - (2 * U[r] * NOISE_FIRST_MOMENT.at({j: r})).sum(BELOW[0]),
    misses={
        "a flipped sign": right(SQUARE + 2 * ALIGNMENT + c + DECAY),
        "the target's second moment is left out": right(SQUARE - 2 * ALIGNMENT + DECAY),
    },
    prose=(
        "Squaring the error and using the two moments leaves a function of $A$, $v$, $c$ and the weights."
    ),
)

DERIVATION = Derivation(
    id="loss",
    title="The expected loss",
    prose=r"""The data enter through $A = \mathbb{E}\, x x^{\top}$, $v = \mathbb{E}\, x y$ and $c =
        \mathbb{E}\, y^2$ only, and the noise through its variances.""",
    statements=(LOSS,),
)
