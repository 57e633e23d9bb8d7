"""The scalars of a stationary point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from flint import arb

from symderive.arithmetic.exact import bits_for
from symderive.arithmetic.precision import GUARD_DIGITS

PointKind = Literal["global minimum", "local minimum", "saddle", "degenerate"]

#: Bits beyond the digits asked for at which values are first computed.
SLACK_BITS = 64


def carrying_bits(digits: int) -> int:
    """Bits at which values of ``digits`` digits are computed."""
    return bits_for(digits + GUARD_DIGITS) + SLACK_BITS


@dataclass(frozen=True)
class Values:
    """The scalars of a stationary point, as in :class:`StationaryPoint`; balls.

    Attributes
    ----------
    ridge : arb
        The effective ridge λ, dimension of A.
    loss : arb
        F, dimension target².
    layer_decay : arb
        κ = λ‖m‖², dimension of the loss.
    norm : arb
        ‖m‖.
    prediction_variance : arb
        E_x Var_ε f, dimension target².
    """

    ridge: arb
    loss: arb
    layer_decay: arb
    norm: arb
    prediction_variance: arb

    def as_tuple(self) -> tuple[arb, arb, arb, arb, arb]:
        return self.ridge, self.loss, self.layer_decay, self.norm, self.prediction_variance
