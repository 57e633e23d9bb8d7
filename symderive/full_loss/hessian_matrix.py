"""The Hessian matrix of the full loss at any weights, and its inertia, in ball arithmetic.

The loss is a polynomial of degree 2 in the weights of each layer, so its gradient is of degree at most 2 in
any one weight w, and the central difference

    ∂∇L/∂w = (∇L(w + h) - ∇L(w - h)) / 2h

is exact for every step h.  No theory of the stationary points enters, which makes this a check on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from flint import arb, arb_mat

from symderive.full_loss.recursion import FullLoss


class Inertia(NamedTuple):
    """How many eigenvalues are certainly negative and positive, and how many are left open."""

    negative: int
    open: int
    positive: int


def hessian_matrix(setting: FullLoss, weights: Sequence[arb_mat]) -> arb_mat:
    """All second derivatives at ``weights`` (W_1, …, U as a row), row by row and layer by layer.

    ``setting`` holds balls; the working precision is the caller's.

    >>> from symderive import Moments, Network
    >>> from symderive.arithmetic.matrices import Balls
    >>> from symderive.full_loss.recursion import full_loss
    >>> net, data = Network(1, widths=1, decays=[1, 2]), Moments.given([[1]], [1], 1)
    >>> hessian_matrix(full_loss(net, data, Balls()), [arb_mat([[2]]), arb_mat([[3]])])
    [20.0000000000000, 22.0000000000000]
    [22.0000000000000, 12.0000000000000]
    """
    columns = []
    for layer, matrix in enumerate(weights):
        # Any step is exact; one of the size of the weights keeps what cancels small.
        step = max((abs(x).mid() for x in matrix.entries()), default=arb(0))
        step = step if step > 0 else arb(1)
        for row in range(int(matrix.nrows())):
            for column in range(int(matrix.ncols())):
                ahead, behind = (
                    _gradient(setting, weights, (layer, row, column), shift) for shift in (step, -step)
                )
                columns.append([(x - y) / (2 * step) for x, y in zip(ahead, behind, strict=True)])
    return arb_mat(columns)  # symmetric: rows are columns


def inertia(matrix: arb_mat) -> Inertia:
    """The signs of the eigenvalues of a symmetric matrix of balls, certified at the current precision.

    By Haynsworth's theorem the inertia of a matrix is that of a block plus that of its Schur complement.
    Blocks of one or two rows, the pivots of J. R. Bunch and B. N. Parlett (SIAM J. Numer. Anal. 8, 1971),
    are split off as long as their signs are certain; the rows that are left are the open ones.  A matrix
    known to have as many independent null vectors has 0 there.

    >>> inertia(arb_mat([[0, 1], [1, 0]])), inertia(arb_mat([[1, 2], [2, 4]]))
    (Inertia(negative=1, open=0, positive=1), Inertia(negative=0, open=1, positive=1))
    """
    rows = matrix.tolist()
    negative = positive = 0
    while rows:
        size = range(len(rows))
        certain = [[x.abs_lower() for x in row] for row in rows]
        one = max(size, key=lambda i: certain[i][i])
        pair = max(combinations(size, 2), key=lambda ij: certain[ij[0]][ij[1]], default=(one, one))
        if 2 * certain[one][one] >= certain[pair[0]][pair[1]]:
            if not certain[one][one] > 0:
                break
            positive, negative = positive + bool(rows[one][one] > 0), negative + bool(rows[one][one] < 0)
            rows = _schur_complement(rows, (one,), [[1 / rows[one][one]]])
            continue
        i, j = pair
        determinant = rows[i][i] * rows[j][j] - rows[i][j] ** 2
        if not determinant < 0:
            break
        positive, negative = positive + 1, negative + 1
        off = -rows[i][j] / determinant
        inverse = [[rows[j][j] / determinant, off], [off, rows[i][i] / determinant]]
        rows = _schur_complement(rows, pair, inverse)
    return Inertia(negative, len(rows), positive)


def _schur_complement(
    rows: list[list[arb]], block: Sequence[int], inverse: list[list[arb]]
) -> list[list[arb]]:
    """What is left of a symmetric matrix without a block of rows and columns, whose inverse is given."""
    rest = [i for i in range(len(rows)) if i not in block]
    if not rest:
        return []
    border = arb_mat([[rows[i][j] for j in block] for i in rest])
    kept = arb_mat([[rows[i][j] for j in rest] for i in rest])
    return (kept - border * arb_mat(inverse) * border.transpose()).tolist()


def _gradient(
    setting: FullLoss, weights: Sequence[arb_mat], place: tuple[int, int, int], shift: arb
) -> list[arb]:
    """∇L with one weight shifted."""
    layer, row, column = place
    moved = arb_mat(weights[layer])
    moved[row, column] += shift
    shifted = [*weights[:layer], moved, *weights[layer + 1 :]]
    return [x for part in setting.sweep(shifted).gradients for x in part.entries()]
