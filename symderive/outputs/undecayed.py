"""Several outputs without decay: with dropout on one hidden layer, or at any depth without noise.

With N = M A^{1/2} and the singular values t_k of V A^{-1/2} the loss is c + ‖N‖² - 2 tr N A^{-1/2} Vᵀ and
what the noise adds, at least ν‖N‖_*² with ν = σ²/d_1: water filling without a shift, for inputs of any
kind (Cavazza et al. 2018; Mianjy, Arora and Vidal 2018).  Without noise it is the best approximation of its
rank, reduced-rank regression.  The minimum is attained although nothing is decayed.

A^{-1/2} is the root of the pseudo-inverse, and nothing irrational is needed of it: t_k² are the eigenvalues
of V X with any solution of A X = Vᵀ, and W ∝ S^{1/2} T^{-1} Pᵀ Xᵀ.
"""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq_mat

from symderive.data.output_moments import OutputMoments, squares_of
from symderive.model.network import Network
from symderive.outputs.closed import ClosedOutputs
from symderive.outputs.closed_layers import Frame
from symderive.outputs.dropout import most_modes, share_of
from symderive.outputs.water_filling import WaterFilling


def solve_undecayed(net: Network, data: OutputMoments, digits: int) -> ClosedOutputs:
    """The global minimum where all decays are 0: D = 1 and any noise, or D ≥ 1 without noise."""
    if data.is_isotropic:
        frame, scale = Frame(data.singular_squares, None, None), data.eigenvalue
    else:
        right = _solution(data).transpose()
        kernel = data.V * right.transpose()
        frame, scale = Frame(squares_of(kernel), kernel, right), Fraction(1)
    problem = WaterFilling(
        frame.squares, scale, Fraction(0), share_of(net), most_modes(net, data), data.unexplained
    )
    return ClosedOutputs.of("no decay", net, data, problem, frame, digits)


def _solution(data: OutputMoments) -> fmpq_mat:
    """A rational X with A X = Vᵀ, which exists because the rows of V are in the range of A.

    Components that A leaves free are 0.
    """
    d, o = data.dimension, data.outputs
    rows = [[*a, *v] for a, v in zip(data.A.tolist(), data.V.transpose().tolist(), strict=True)]
    reduced, rank = fmpq_mat(rows).rref()
    X = [[0] * o for _ in range(d)]
    for row in reduced.tolist()[:rank]:
        pivot = next(j for j, x in enumerate(row) if x != 0)
        X[pivot] = row[d:]
    return fmpq_mat(X)
