"""The loss of a network with activations at given weights, in balls; of noise a bound from above."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from flint import arb, arb_mat

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.collapse.activations import Activation
from symderive.collapse.barrier import BITS, Barrier
from symderive.data.rows import Rows
from symderive.full_loss.recursion import full_loss

#: How the loss was found: row by row, from the moments (linear networks), or as a bound from above.
Source: TypeAlias = Literal["rows", "moments", "bound"]

SOURCES: dict[Source, str] = {
    "rows": "over the rows",
    "moments": "from the moments",
    "bound": "a bound from above",
}

#: Values of activations beyond which no loss is computed row by row.
MOST_VALUES = 1 << 20

#: Bits of a loss that is computed row by row.
ROW_BITS = 96


@dataclass(frozen=True, eq=False)
class Weighed:
    """What weights amount to; balls.

    Attributes
    ----------
    S
        Σ γ_i ‖W_i‖².
    largest
        max γ_i · Σ ‖W_i‖², which S never exceeds.
    loss
        L, enclosed; or a number that L does not exceed, where ``source`` is "bound".
    source
        How the loss was found.
    """

    S: arb
    largest: arb
    loss: arb
    source: Source


def weigh(barrier: Barrier, rows: Rows, weights: Sequence[Any], scale: Fraction = Fraction(1)) -> Weighed:
    """S and the loss at weights W_1, …, U (U of shape (1, d_D)), float64 arrays for their exact values, all
    times ``scale``.

    Without noise the loss is enclosed, row by row, as long as rows and neurons are together below 2^20; of
    a linear network the moments tell it with noise, too.  Else L ≤ c + S + 2 K P + Q P² with P = Π ‖W_i‖.
    """
    net = barrier.net
    with TURN, working_precision(BITS):
        matrices = [arb_mat(W.tolist()) * ball(scale) for W in weights]
        squares = [sum((x * x for x in W.entries()), arb(0)) for W in matrices]
        decays = [ball(decay) for decay in net.decays]
        S = sum((g * s for g, s in zip(decays, squares, strict=True)), arb(0))
        largest = ball(max(net.decays)) * sum(squares, arb(0))
        if barrier.activation.is_linear:
            return Weighed(S, largest, full_loss(net, rows.moments, Balls()).loss(matrices), "moments")
        values = sum(block.rows for block in rows.blocks or ()) * sum(map(int, net.widths))
        if rows.blocks is not None and not any(net.noise) and values <= MOST_VALUES:
            with TURN, working_precision(ROW_BITS):
                mean_square = _mean_square(rows, matrices, barrier.activation)
            return Weighed(S, largest, mean_square + S, "rows")
        product = arb(1)
        for square in squares:
            product *= square.sqrt()
        return Weighed(S, largest, barrier.most_loss(S, product), "bound")


def _mean_square(rows: Rows, matrices: Sequence[arb_mat], phi: Activation) -> arb:
    """E (f - y)² over the rows."""
    total, weight = arb(0), arb(0)
    *hidden, output = matrices
    for block in rows.blocks or ():
        X, targets, weights = rows.balls(block)
        for W in hidden:
            product = W * X
            X = arb_mat([[phi.value(t) for t in row] for row in product.tolist()])
        [outputs] = (output * X).tolist()
        for w, f, y in zip(weights, outputs, targets, strict=True):
            total += w * (f - y) ** 2
            weight += w
    return total / weight
