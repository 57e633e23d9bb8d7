"""Additive noise on the target."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.arithmetic.exact import Number
from symderive.model.noise.protocol import Noise


@dataclass(frozen=True)
class TargetNoise(Noise):
    """y gets independent additive noise of mean 0 and variance s²: c becomes c + s²."""

    variance: Number

    @property
    def is_plain(self) -> bool:
        """It is: the rest of the network has other data or decays."""
        return True

    def target_variance(self) -> Number:
        """s²."""
        return self.variance
