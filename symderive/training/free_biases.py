"""Biases that are free of decay: where they are known to act as one offset of the prediction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb_mat

from symderive.arithmetic.exact import TURN, working_precision
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.training.measurement import BITS, mean_predictions
from symderive.training.trained_layers import biases_of


def free_biases(
    net: Network, moments: Moments, layers: Sequence[Any], biases: Sequence[Any] | None
) -> tuple[Any, ...] | None:
    """The biases, where centering treats them exactly; None where there are none."""
    if biases is None or all(b is None for b in biases):
        return None
    if net.bias:
        if any(b is not None for b in biases[:-1]):
            raise InputError(
                "there are biases in hidden layers and noise, for which no scalar problem is known; keep "
                "the bias of the output alone."
            )
        if moments.means is not None and moments.variances is None:
            raise InputError(
                "the data are centered, and the noise depends on the means that this removes; with a free "
                "output bias leave --center out."
            )
        return biases_of(biases, layers)
    if net.noises:
        raise InputError(
            "there are biases and noise, whose variance depends on the means that centering removes; say "
            "that the output bias is free (--bias), on data that are not centered."
        )
    if moments.means is None:
        raise InputError(
            "there are biases, and free biases center the data; give centered moments (--center or "
            "--standardize), or train without biases."
        )
    return biases_of(biases, layers)


def best_offset(weights: Sequence[Any], moments: Moments) -> float:
    """The output bias ȳ - m·x̄ at which ``weights`` without other biases have the least loss, in float64; of
    standardized features, whose means are 0, it is ȳ."""
    with TURN, working_precision(BITS):
        layers = [arb_mat(W.tolist()) for W in weights]
        return -float(mean_predictions(moments, layers, [None] * len(layers))[1])
