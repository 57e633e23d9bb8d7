"""Additive noise on the last hidden layer."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.arithmetic.exact import Number
from symderive.model.noise.protocol import Noise


@dataclass(frozen=True)
class HiddenJitter(Noise):
    """Every neuron of layer D gets its own additive noise of variance s², after all other noise of it.

    It adds s² (1 + ω_u²) ‖U‖² to the loss: γ_u becomes γ_u + s² (1 + ω_u²).  In an earlier layer it would
    add terms like ‖U W_D … W_{i+1}‖², which no decay stands for: there is no scalar problem then.
    """

    variance: Number

    @property
    def is_plain(self) -> bool:
        """It is: the rest of the network has other data or decays."""
        return True

    def last_layer_variance(self) -> Number:
        """s²."""
        return self.variance
