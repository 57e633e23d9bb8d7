"""Multiplicative noise of the neurons, each with its own factor or in groups that share one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symderive.arithmetic.exact import Number, ball
from symderive.model.noise.protocol import NOTHING, Factor, Noise


@dataclass(frozen=True)
class NeuronNoise(Noise):
    """Layer i is multiplied by factors of variance σ_i², one for each of its G_i groups of equal size.

    M_i = S_i + σ_i² BlockDiag(S_i).  G_i = d_i is one factor a neuron, as in dropout; G_i = 1 is one factor
    for the whole layer (as in dropping whole branches).
    """

    variances: tuple[Number, ...]
    groups: tuple[Number, ...]
    widths: tuple[Number, ...]

    def factor(self, i: Any) -> Factor:
        """[[1 + σ²/G, 1 + σ²], [1 + σ², 1 + σ²]]: what neurons share is blurred less the more groups there
        are, what each has alone always by 1 + σ²."""
        if i > len(self.variances):  # the output layer has no neurons
            return NOTHING
        variance = self.variances[i - 1]
        alone = 1 + variance
        return (1 + variance / self.groups[i - 1], alone), (alone, alone)

    def spread(self, op: Any, S: Any, i: int) -> Any:
        """S + σ² BlockDiag(S) in numbers."""
        variance = self.variances[i - 1]
        return S.blurred(op, op.number(ball(variance)), int(self.groups[i - 1])) if variance else S
