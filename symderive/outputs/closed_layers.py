"""Layers of a map that a closed formula gives: from its singular vectors, in mpmath.

M = Σ_k s_k u_k r_kᵀ with orthonormal u_k.  Every mode costs the layers the same decay: γ_i β_ik² = γ̄
s_k^{2/(D+1)}, Π_i β_ik = s_k, and without decay all β_ik are equal.  Where a hidden layer is noisy, an
isometry spreads the modes over all its neurons (:mod:`symderive.outputs.isometry`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flint import arb_mat, fmpq_mat
from mpmath import MPContext

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.output_moments import OutputMoments, SingularSquare
from symderive.errors import InputError
from symderive.model.network import Network
from symderive.outputs.held import HeldMode
from symderive.outputs.isometry import isometry
from symderive.outputs.layers import (
    COUNTING_BITS,
    GUARD_DIGITS,
    MOST_ENTRIES,
    digits_of,
    distance,
    mixed_moments,
    number,
    of_ball,
    rational_matrix,
)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the singular vectors come from.

    The u_k are eigenvectors of the rational ``kernel`` (o × o) with the eigenvalues t_k² = ``squares``, and
    r_k = ``right``ᵀ u_k/t_k with a matrix of shape (o, d).  With whitened data both are None, and V
    A^{-1/2} takes their place.
    """

    squares: tuple[SingularSquare, ...]
    kernel: fmpq_mat | None
    right: fmpq_mat | None

    @property
    def lost_digits(self) -> int:
        """Digits that cancel in eigenvectors: the largest eigenvalue over the least distance."""
        if not self.squares:
            return 0
        with TURN, working_precision(COUNTING_BITS):
            largest = self.squares[0].ball(COUNTING_BITS)
            return max(
                digits_of(largest / distance(square, following))
                for square, following in zip(self.squares, [*self.squares[1:], None], strict=True)
            )


def context(data: OutputMoments, frame: Frame, digits: int) -> Any:
    """A private context of mpmath with digits enough for what cancels in the layers."""
    mp = MPContext()
    mp.dps = digits + GUARD_DIGITS + frame.lost_digits + _lost_in_inputs(data, frame)
    return mp


def _lost_in_inputs(data: OutputMoments, frame: Frame) -> int:
    """Digits that cancel in what the layers make of A."""
    if frame.right is None:
        pair = data.A, data.A.inv()
    elif frame.right != data.V:
        pair = data.A * (frame.right * frame.right.transpose()).trace_or_one(), data.A
        return 2 * _size(frame.right) + _size(data.A)
    else:
        return 0
    return sum(map(_size, pair))


def seen(mp: Any, data: OutputMoments) -> tuple[Any, Any]:
    """A and V of the inputs that the network sees."""
    if data.whitened:
        return mp.eye(data.dimension), mixed_moments(mp, data)
    return rational_matrix(mp, data.A), rational_matrix(mp, data.V)
