"""A duality gap in balls, for one hidden layer, several outputs and any inputs; without noise.

The loss of a network with decays γ_1, γ_u and g = √(γ_u γ_1), over all layers with d_1 ≥ rank M neurons, is

    f(M) = tr MAMᵀ - 2 tr MVᵀ + c + 2g‖M‖_*,

since γ_u‖U‖² + γ_1‖W‖² ≥ 2g‖UW‖_*, with equality for balanced factors.  It is convex.  For every Y with
‖Y‖_op ≤ g, tr MYᵀ ≤ g‖M‖_*, hence f(M) ≥ tr MAMᵀ - 2 tr M(V - Y)ᵀ + c, which is least where MA = V - Y:

    min f ≥ c - tr (V - Y) A⁺ (V - Y)ᵀ                 (the rows of V - Y in the range of A).

Any approximate factors M = UW give Y = θ(V - MA), θ ≤ 1 small enough.  The rows of V are in the range of A,
and with E = tr V A⁺ Vᵀ, known exactly, no inverse of A is left:

    tr (V - Y) A⁺ (V - Y)ᵀ = (1-θ)² E + 2θ(1-θ) tr MVᵀ + θ² tr MAMᵀ.

The minimum M* is unique: f is strictly convex along the range of A, and leaving out what M has beyond it
lowers ‖M‖_*.  f and the dual grow quadratically, f(M) - min f ≥ tr (M - M*)A(M - M*)ᵀ and, with ε the gap,
‖Y - Y*‖_F² ≤ ‖A‖ ε for the optimal Y* = V - M*A, whose singular values on the frames of M* are g.  So
singular values of Y below g - √(‖A‖ε) bound the rank of M* from above, and those of M A^{1/2} above √ε
bound it from below.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flint import arb, arb_mat, ctx


@dataclass(frozen=True, eq=False)
class Problem:
    """A (d × d), V (o × d), c, g > 0 and E = tr V A⁺ Vᵀ as balls, at the current precision."""

    A: arb_mat
    V: arb_mat
    c: arb
    g: arb
    explained: arb


@dataclass(frozen=True, eq=False)
class Gap:
    """What factors prove: balls whose lower and upper ends count.

    Attributes
    ----------
    lower
        The dual value: no layers of any width have a loss below its lower end.
    upper
        f at the factors, and the full loss of the balanced layers that they make.
    excess
        An upper bound on ‖V - UWA‖/g - 1; 0 at the least.
    least_rank, most_rank
        Bounds on the rank of the end-to-end map at the minimum.
    """

    lower: arb
    upper: arb
    excess: arb
    least_rank: int
    most_rank: int

    @property
    def width(self) -> arb:
        """An upper bound on the gap, exact."""
        return (self.upper - self.lower).abs_upper()

    def is_below(self, tolerance: arb) -> bool:
        """Whether the gap is at most ``tolerance`` times the upper end."""
        return self.width.is_zero() or bool(self.width <= tolerance * self.upper)


def gap_of(problem: Problem, U: arb_mat, W: arb_mat) -> Gap:
    """The gap of factors U (o × r) and W (r × d), exact numbers, at the current precision.

    r = 0 is the origin.
    """
    A, V, g = problem.A, problem.V, problem.g
    r = int(U.ncols())
    WA = W * A
    Y = V - U * WA if r else V
    inner, outer = WA * W.transpose(), U.transpose() * U
    # tr UWAWᵀUᵀ and tr UWVᵀ, as sums over r × r and r × d matrices.
    second = _sum_of_products(inner, outer)
    signal = _sum_of_products(W, U.transpose() * V)
    upper = problem.c + second - 2 * signal + g * (outer.trace() + _square(W))
    gram = Y * Y.transpose() if Y.nrows() <= Y.ncols() else Y.transpose() * Y
    excess = _excess(gram, g)
    theta = 1 / (1 + excess)
    rest = 1 - theta
    dual = problem.c - (rest**2 * problem.explained + 2 * theta * rest * signal + theta**2 * second)
    width = (upper - dual).abs_upper()
    most = int(gram.nrows())
    side = U if Y.nrows() <= Y.ncols() else W.transpose()
    reach = (A.trace() * width).sqrt()
    if r < most and _is_below_on_complement(gram, side, g - reach):
        most = r
    least = r if r and _least_eigenvalue(inner) * _least_eigenvalue(outer) > width else 0
    return Gap(dual, upper, excess, least, most)


def _excess(gram: arb_mat, g: arb) -> arb:
    """δ ≥ 0, exact, with YYᵀ ⪯ (1 + δ)²g², about the least that balls can show."""
    if is_definite(_shifted(gram, -(g**2), -1)):
        return arb(0)

    def holds(power: int) -> bool:
        return is_definite(_shifted(gram, -(((1 + arb(2) ** -power) * g) ** 2), -1))

    if not holds(0):
        return (gram.trace().sqrt() / g - 1).abs_upper()  # ‖Y‖ ≤ ‖Y‖_F
    return arb(2) ** -_last(holds, ctx.prec)


def _least_eigenvalue(matrix: arb_mat) -> arb:
    """A lower bound, exact: 0, or some 2^-p times the trace that is not far from the best."""
    scale = matrix.trace().abs_lower()

    def holds(power: int) -> bool:
        return is_definite(_shifted(matrix, scale * arb(2) ** -power))

    if not scale > 0 or not holds(ctx.prec):
        return arb(0)
    low, high = 0, ctx.prec  # the least power that holds
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return (scale * arb(2) ** -low).abs_lower()


def _last(holds: Callable[[int], bool], most: int) -> int:
    """The largest power up to ``most`` that holds; 0 does, and what holds for one holds for those below."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _is_below_on_complement(gram: arb_mat, side: arb_mat, level: arb) -> bool:
    """Whether YYᵀ is surely below level² on a complement of the columns of U.

    Any complement will do, by Courant and Fischer: (size - r) singular values of Y are then below the
    level.  It is that of the vectors orthogonal to U, written with an identity in the rows that are no
    pivots, so that its columns are independent.
    """
    if not level > 0:
        return False
    size, r = int(gram.nrows()), int(side.ncols())
    pivots = pivot_rows(side)
    others = [i for i in range(size) if i not in pivots]
    rows = side.tolist()
    N = arb_mat(size, size - r)
    for column, i in enumerate(others):
        N[i, column] = 1
    if r:
        top = arb_mat([rows[i] for i in pivots])
        below = arb_mat([rows[i] for i in others])
        try:
            block = (below * top.inv()).transpose()  # U_top⁻ᵀ U_belowᵀ
        except ZeroDivisionError:
            return False
        for row, i in enumerate(pivots):
            for column in range(size - r):
                N[i, column] = -block[row, column].mid()
    turned = N.transpose()
    return is_definite(turned * N * level**2 - turned * gram * N)


def pivot_rows(matrix: arb_mat) -> list[int]:
    """As many rows as there are columns, far from dependent where some are: Gaussian elimination."""
    rows = [list(row) for row in matrix.mid().tolist()]
    left, chosen = list(range(len(rows))), []
    for column in range(int(matrix.ncols())):
        pivot = max(left, key=lambda i: abs(rows[i][column]).mid())
        left.remove(pivot)
        chosen.append(pivot)
        if rows[pivot][column] == 0:
            continue
        for i in left:
            factor = (rows[i][column] / rows[pivot][column]).mid()
            rows[i] = [(x - factor * y).mid() for x, y in zip(rows[i], rows[pivot], strict=True)]
    return chosen


def is_definite(matrix: arb_mat) -> bool:
    """Whether a symmetric matrix is surely positive definite: all pivots of LDLᵀ are.

    False says nothing.
    """
    rows = [list(row) for row in matrix.tolist()]
    for k in range(len(rows)):
        pivot = rows[k][k]
        if not pivot > 0:
            return False
        for i in range(k + 1, len(rows)):
            factor = rows[i][k] / pivot
            for j in range(k + 1, i + 1):
                rows[i][j] -= factor * rows[j][k]
    return True


def _shifted(matrix: arb_mat, shift: arb, sign: int = 1) -> arb_mat:
    """±(matrix) - shift on the diagonal: sign·matrix - shift·I."""
    found = matrix * sign
    for i in range(int(matrix.nrows())):
        found[i, i] = found[i, i] - shift
    return found


def _sum_of_products(left: arb_mat, right: arb_mat) -> arb:
    return sum((x * y for x, y in zip(left.entries(), right.entries(), strict=True)), arb(0))


def _square(matrix: arb_mat) -> arb:
    return sum((x * x for x in matrix.entries()), arb(0))
