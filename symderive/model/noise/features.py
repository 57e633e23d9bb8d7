"""Noise of the features: multiplicative (dropout on the input), and then additive."""

from __future__ import annotations

from dataclasses import dataclass

from symderive.arithmetic.exact import Number
from symderive.model.noise.protocol import FeatureEffect, Noise


@dataclass(frozen=True)
class FeatureNoise(Noise):
    """x becomes ε ∘ x + ξ with independent ε_j of mean 1 and ξ_j of mean 0.

    ``variances`` of ε are dimensionless, those of ξ, ``jitter``, have the dimension of A, in the
    coordinates of the data (those of standardized features, where they are standardized); one for all
    features, or one for each.
    A becomes A' = A + Diag(σ_j² A_jj) + Diag(s_j²).
    """

    variances: tuple[Number, ...] = (0,)
    jitter: tuple[Number, ...] = (0,)

    @property
    def is_plain(self) -> bool:
        """It is: the rest of the network has other data or decays."""
        return True

    def feature_effect(self) -> FeatureEffect:
        """Both variances."""
        return FeatureEffect(self.variances, self.jitter)
