"""Multiplicative noise of the weights: DropConnect (Wan et al. 2013) and its kin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symderive.arithmetic.exact import Number
from symderive.model.noise.protocol import Noise


@dataclass(frozen=True)
class WeightNoise(Noise):
    """Every weight of layer i = 1 … D + 1 is multiplied by its own factor of variance ω_i².

    S_i = W_i M_{i-1} W_iᵀ + ω_i² Diag(W_i Diag(M_{i-1}) W_iᵀ).  The diagonal must be carried along: noise
    in two layers does not multiply factors 1 + ω²/(d_i d_{i-1}).
    """

    variances: tuple[Number, ...]

    def weight_variance(self, i: Any) -> Number:
        """ω_i²."""
        return self.variances[i - 1]
