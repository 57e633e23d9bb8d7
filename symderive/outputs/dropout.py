"""Several outputs, one hidden layer with noise, isotropic inputs, decay: a closed formula.

With A = aI, columns u_j of U and rows w_j of W, M = UW = Σ_j u_j w_jᵀ, the noise of variance σ² adds

    σ² a Σ_j ‖u_j‖² ‖w_j‖² ≥ ν a (Σ_j ‖u_j‖ ‖w_j‖)² ≥ ν a ‖M‖_*²,   ν = σ²/d_1,

to the loss, and the decay is at least 2g‖M‖_* with g = √(γ_u γ_1).  By von Neumann's trace inequality what
is left is water filling over the singular values (:mod:`symderive.outputs.water_filling`), and layers that
spread the modes evenly over the neurons attain it.
"""

from __future__ import annotations

from fractions import Fraction

from symderive.arithmetic.exact import rational
from symderive.data.output_moments import OutputMoments
from symderive.model.network import Network
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.closed_layers import Frame
from symderive.outputs.water_filling import WaterFilling


def solve_dropout(net: Network, data: OutputMoments, digits: int) -> ClosedOutputs:
    """The global minimum for D = 1, A = aI and decays > 0, with or without noise."""
    frame = Frame(data.singular_squares, None, None)
    return ClosedOutputs.of("dropout", net, data, water_filling(net, data), frame, digits)


def water_filling(net: Network, data: OutputMoments) -> WaterFilling:
    """The problem of the singular values for D = 1 and isotropic inputs."""
    first, last = (rational(g, f"decay of layer {i}") for i, g in enumerate(net.decays, start=1))
    return WaterFilling(
        data.singular_squares,
        data.eigenvalue,
        first * last,
        share_of(net),
        most_modes(net, data),
        data.unexplained,
    )


def share_of(net: Network) -> Fraction:
    """ν = σ²/d_1 of the first hidden layer."""
    return rational(net.noise[0], "noise of layer 1") / int(net.widths[0])


def most_modes(net: Network, data: OutputMoments) -> int:
    """The rank that the layers let through, min(d, d_1, …, d_D, o)."""
    return min(data.dimension, data.outputs, *(int(width) for width in net.widths))
