"""The expected loss in closed form."""

from __future__ import annotations

import sympy as sp

from symderive import symbols as sy
from symderive.formulas.loss import index_loss
from symderive.statements import Derivation, Expectation, NearMiss, Statement, Use, combine

from ..notation import END_TO_END, NETWORK, OUTPUTS, PAPER, SECOND_MOMENTS, D, M, T, U, d, j, k, r, s, v
from .noise_second_moment import NOISE, NOISE_FIRST_MOMENT, NOISE_SECOND_MOMENT

#: The loss as it is defined, and the part of it that is weight decay.
EXPECTED_LOSS = index_loss(NETWORK).result
DECAY = sp.Add(*(term for term in EXPECTED_LOSS.args if not isinstance(term, Expectation)))

#: E f² and E f y, the noise averaged.
SQUARE = sp.Sum(U[j] * U[k] * M[D, j, k], (j, 1, d[D]), (k, 1, d[D]))
ALIGNMENT = sp.Sum(U[j] * T[D, j, k] * v[k], (j, 1, d[D]), (k, 1, d[0]))

LOSS = Statement(
    id="loss",
    title="The expected loss in closed form",
    left=EXPECTED_LOSS,
    right=SQUARE - 2 * ALIGNMENT + sy.c + DECAY,
    definitions=(OUTPUTS, SECOND_MOMENTS, END_TO_END),
    conditions=NOISE,
    reference=f"{PAPER}, Eq. (1)",
    proof=combine(
        Use(
            NOISE_SECOND_MOMENT,
            times=U[r] * U[s],
            where={j: r, k: s},
            over=((r, 1, d[D]), (s, 1, d[D])),
        ),
        Use(NOISE_FIRST_MOMENT, times=-2 * U[r], where={j: r}, over=((r, 1, d[D]),)),
    ),
    near_misses=(
        NearMiss("a flipped sign", right=SQUARE + 2 * ALIGNMENT + sy.c + DECAY),
        NearMiss("the target's second moment is left out", right=SQUARE - 2 * ALIGNMENT + DECAY),
    ),
    prose=(
        "Squaring the error and using the two moments leaves a function of $A$, $v$, $c$ and the weights."
    ),
)

DERIVATION = Derivation(
    id="loss",
    title="The expected loss",
    prose=(
        "The data enter through $A = \\mathbb{E}\\, x x^{\\top}$, $v = \\mathbb{E}\\, x y$ and $c = "
        "\\mathbb{E}\\, y^2$ only, "
        "and the noise through its variances."
    ),
    statements=(LOSS,),
)
