"""The kinds of noise, one file each, behind one protocol (:class:`symderive.model.noise.protocol.Noise`).

All noise is independent, between kinds, layers and samples; multiplicative noise has mean 1 and additive
noise mean 0, and only variances matter, since the prediction is affine in every one of them.
"""

from symderive.model.noise.features import FeatureNoise
from symderive.model.noise.hidden_jitter import HiddenJitter
from symderive.model.noise.neurons import NeuronNoise
from symderive.model.noise.protocol import Factor, FeatureEffect, Noise
from symderive.model.noise.reduced import Shares, feature_effect, shares
from symderive.model.noise.target import TargetNoise
from symderive.model.noise.transfer import NoiseFactors, noise_factors
from symderive.model.noise.weights import WeightNoise

__all__ = [
    "Factor",
    "FeatureEffect",
    "FeatureNoise",
    "HiddenJitter",
    "NeuronNoise",
    "Noise",
    "NoiseFactors",
    "Shares",
    "TargetNoise",
    "WeightNoise",
    "feature_effect",
    "noise_factors",
    "shares",
]
