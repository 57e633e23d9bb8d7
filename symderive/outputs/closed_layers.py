"""Layers of a map that a closed formula gives: from its singular vectors, in mpmath.

M = Σ_k s_k u_k r_kᵀ with orthonormal u_k.  Every mode costs all layers the same decay: γ_i β_ik² is equal
for all i and Π_i β_ik = s_k; without decay all β_ik are equal.  Where the hidden layer is noisy, an
isometry spreads the modes over all its neurons (:mod:`symderive.outputs.isometry`); else neuron k carries
mode k.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise, zip_longest
from math import prod
from typing import Any

from flint import arb, arb_mat, fmpq_mat
from mpmath import MPContext

from symderive.arithmetic.exact import TURN, working_precision
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
    number_of,
    of_ball,
    rational_matrix,
)


@dataclass(frozen=True, eq=False)
class Frame:
    """Where the singular vectors come from.

    The u_k are eigenvectors of a symmetric ``kernel`` (o × o) with the eigenvalues t_k² = ``squares``, and
    r_k = ``right``ᵀ u_k/t_k with a matrix of shape (o, d) that acts on the inputs as given; where ``right``
    is None, r_k is u_k.  Both are rational.  For isotropic inputs both are None, and V Vᵀ and V of what the
    network sees take their place.
    """

    squares: tuple[SingularSquare, ...]
    kernel: fmpq_mat | None
    right: fmpq_mat | None


def context(data: OutputMoments, frame: Frame, digits: int) -> Any:
    """A private context of mpmath with digits enough for what cancels.

    That is, in eigenvectors the largest eigenvalue over the least distance of two; in what the layers make
    of the inputs the size of A and of what is applied to it.
    """
    squares, sizes = frame.squares, []
    with TURN, working_precision(COUNTING_BITS):
        apart = [
            squares[0].ball(COUNTING_BITS) / distance(square, following)
            for square, following in zip_longest(squares, squares[1:])
        ]
        if data.whitened:
            sizes = [_size(data.A), _size(data.A.inv())]
        elif frame.right is not None and squares:
            sizes = [_size(data.A), *2 * [_size(frame.right) / _size(data.V)]]
        lost = max(map(digits_of, apart), default=0) + sum(map(digits_of, sizes))
    mp = MPContext()
    mp.dps = digits + GUARD_DIGITS + lost
    return mp


def _size(matrix: fmpq_mat) -> arb:
    """The sum of the absolute values of all entries, of a matrix that is not 0."""
    return sum(map(abs, arb_mat(matrix).entries()), arb(0))


def seen(mp: Any, data: OutputMoments) -> tuple[Any, Any]:
    """A and V of the inputs that the network sees."""
    if data.whitened:
        return mp.eye(data.dimension), mixed_moments(mp, data)
    A = rational_matrix(mp, data.A)
    if data.variances:
        scale = mp.diag([1 / mp.sqrt(number_of(mp, s)) for s in data.variances])
        A = scale * A * scale
    return A, mixed_moments(mp, data)


def closed_layers(
    mp: Any, net: Network, data: OutputMoments, frame: Frame, modes: Sequence[HeldMode]
) -> list[Any]:
    """W_1, …, W_D, U as matrices of the context ``mp``, to which the sizes of the modes are to be known.

    Raises :class:`InputError` where the layers have more than ``MOST_ENTRIES`` entries.
    """
    widths = [int(width) for width in net.widths]
    sizes = [data.dimension, *widths, data.outputs]
    if (entries := sum(rows * columns for rows, columns in pairwise(sizes))) > MOST_ENTRIES:
        raise InputError(
            f"the layers have {entries} entries, more than {MOST_ENTRIES}; take a narrower net."
        )
    left, right, held = _vectors(mp, data, frame, modes)
    k = len(held)
    decays = [number_of(mp, g) for g in net.decays]
    mean = mp.root(prod(decays), len(decays))
    share = [mp.sqrt(mean / g) if mean else mp.mpf(1) for g in decays]
    carried = [mp.root(s, len(decays)) for s in held]
    if any(net.noise):
        Q = isometry(mp, held, widths[0])
    else:
        Q = mp.matrix([[mp.mpf(int(i == j)) for j in range(k)] for i in range(widths[0])])
    if not k:
        shapes = zip([*widths, data.outputs], [data.dimension, *widths], strict=True)
        return [mp.matrix(rows, columns) for rows, columns in shapes]
    first = Q * mp.diag([share[0] * b for b in carried]) * right
    # Hidden layers after the first, which there are without noise only, keep mode k on neuron k.
    middle = []
    for rows, columns, part in zip(widths[1:], widths, share[1:-1], strict=False):
        W = mp.matrix(rows, columns)
        for i, b in enumerate(carried):
            W[i, i] = part * b
        middle.append(W)
    last = mp.matrix(widths[-1], k)
    for i, row in enumerate(Q.tolist() if len(widths) == 1 else mp.eye(k).tolist()):
        for j, x in enumerate(row):
            last[i, j] = x
    return [first, *middle, left * mp.diag([share[-1] * b for b in carried]) * last.T]


def _vectors(
    mp: Any, data: OutputMoments, frame: Frame, modes: Sequence[HeldMode]
) -> tuple[Any, Any, list[Any]]:
    """(o × k) columns u, (k × d) rows r and the sizes s of the modes that are held."""
    held = [of_ball(mp, mode.size) for mode in modes for _ in range(mode.held)]
    if not held:
        return None, None, []
    strengths = [of_ball(mp, mode.singular_value) for mode in modes for _ in range(mode.held)]
    if frame.kernel is None:
        turn = mixed_moments(mp, data)
        kernel = turn * turn.T
    else:
        kernel = rational_matrix(mp, frame.kernel)
        turn = None if frame.right is None else rational_matrix(mp, frame.right)
        if turn is not None and data.variances:
            turn *= mp.diag([mp.sqrt(number_of(mp, s)) for s in data.variances])
    values, vectors = mp.eigsy(kernel)
    order = sorted(range(len(values)), key=lambda i: -values[i])
    # Of a mode that is held in part any of its copies do.
    places, first = [], 0
    for mode in modes:
        places += order[first : first + mode.held]
        first += mode.multiplicity
    left = reduce(_beside, (vectors[:, place] for place in places))
    if turn is None:
        return left, left.T, held
    return left, mp.diag([1 / t for t in strengths]) * left.T * turn, held


def _beside(first: Any, second: Any) -> Any:
    """Two matrices side by side."""
    rows = zip(first.tolist(), second.tolist(), strict=True)
    return first.ctx.matrix([[*x, *y] for x, y in rows])
