"""Certified eigenvalues and axes of symmetric matrices of balls.

Floats propose, balls decide.  Whatever the matrix Q is, if G = QᵀQ is near the identity then P = Q G^{-1/2}
is orthogonal, and

    PᵀBP = Λ + E,   ‖E‖ ≤ ‖QᵀBQ - Λ‖ + ((1 + g)² - 1) ‖QᵀBQ‖,   g = ‖G^{-1/2} - I‖,

so that by Weyl's inequality the eigenvalues of B, in increasing order, are those of the diagonal Λ up to
‖E‖.  No gap between eigenvalues is needed: multiple ones come out as balls that overlap.

Q comes from floating point and is refined by Newton's method (T. Ogita and K. Aishima, *Iterative
refinement for symmetric eigenvalue decomposition*, Japan J. Indust. Appl. Math. 35, 2018).  Eigenvalues
that floats cannot tell apart are separated by floats again, on their own block, shifted and scaled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flint import arb, arb_mat, ctx

from symderive.arithmetic.exact import TURN, working_precision

if TYPE_CHECKING:
    import numpy as np

#: Sizes beyond which what floats propose is not refined, unless asked for: products of balls get dear.
REFINED_SIZE = 64

#: Bits that do floats justice.
FLOAT_BITS = 96

#: Steps after which refinement stops; each doubles the digits or opens one more cluster.
MOST_STEPS = 60

#: Two eigenvalues are near where their gap is less than this many times what couples them.
CLOSE = 2**12

#: Steps by which floats become orthogonal to more digits than any float has.
ORTHOGONAL_STEPS = 3

#: What a float lacks, relative, with some roundings.
FLOAT_ERROR = 2.0**-48

#: Bits that rounding may cost in the products.
ROUNDING_BITS = 16


@dataclass(frozen=True, eq=False)
class Axes:
    """P and Λ with PᵀBP = Λ + E.

    Attributes
    ----------
    values
        The diagonal of Λ in increasing order, exact; the eigenvalues of B differ by at most ``error``.
    vectors
        Q, exact; its columns belong to ``values``.
    error
        An upper bound on ‖E‖, infinite where nothing could be shown.
    drift
        An upper bound g on ‖Pᵀx - Qᵀx‖/‖Qᵀx‖ for all x.
    """

    values: tuple[arb, ...]
    vectors: arb_mat
    error: arb
    drift: arb

    def eigenvalues(self) -> list[arb]:
        """Balls that contain the eigenvalues, in increasing order."""
        return [value + arb(0, self.error) for value in self.values]

    def components(self, column: arb_mat) -> list[arb]:
        """Pᵀx, as balls."""
        found = (self.vectors.transpose() * column).entries()
        spread = (norm(found) * self.drift).abs_upper()
        return [x + arb(0, spread) for x in found]


def norm(entries: list[arb]) -> arb:
    """The Euclidean norm."""
    return sum((x * x for x in entries), arb(0)).nonnegative_part().sqrt()


def symmetric_axes(matrix: arb_mat, *, refined_size: int = REFINED_SIZE) -> Axes:
    """The axes of a symmetric matrix at the current precision; up to ``refined_size`` to all its bits.

    >>> from symderive.arithmetic.exact import working_precision
    >>> with TURN, working_precision(128):
    ...     low, high = symmetric_axes(arb_mat([[2, 1], [1, 2]])).eigenvalues()
    ...     [low.contains(1), high.contains(3), high.rel_accuracy_bits() > 90]
    [True, True, True]
    """
    size = int(matrix.nrows())
    exact = matrix.mid()
    scale = max((abs(x) for x in exact.entries()), default=arb(0)).mid()
    vectors = _identity(size)
    bits = ctx.prec if size <= refined_size else min(ctx.prec, FLOAT_BITS)
    with TURN, working_precision(bits + ROUNDING_BITS + size.bit_length()):
        target = (scale * size * arb(2) ** (ROUNDING_BITS - ctx.prec)).mid()
        if REFINED_SIZE < size <= refined_size:
            vectors = _refined_in_floats(exact, _proposed(exact, scale), target, scale)
        else:
            for _ in range(MOST_STEPS if size <= refined_size else 1):
                following = _improved(exact, vectors, target, scale)
                if following is None:
                    break
                vectors = following
        return _certified(matrix, vectors)


def _certified(matrix: arb_mat, vectors: arb_mat) -> Axes:
    """Λ and the bounds for any proposed Q."""
    turned = vectors.transpose()
    product, gram = turned * matrix * vectors, turned * vectors
    size = int(matrix.nrows())
    values = [product[i, i].mid() for i in range(size)]
    order = sorted(range(size), key=lambda i: values[i])
    far, error, drift = _row_norm(gram - _identity(size)), arb.pos_inf(), arb.pos_inf()
    if far < 1:
        drift = (1 / (1 - far).sqrt() - 1).abs_upper()
        rest = product - arb_mat(
            size, size, [values[i] if i == j else 0 for i in range(size) for j in range(size)]
        )
        error = (_row_norm(rest) + ((1 + drift) ** 2 - 1) * _row_norm(product)).abs_upper()
    columns = vectors.tolist()
    ordered = arb_mat([[row[i] for i in order] for row in columns])
    return Axes(tuple(values[i] for i in order), ordered, error, drift)


def _improved(exact: arb_mat, vectors: arb_mat, target: arb, scale: arb) -> arb_mat | None:
    """One step of refinement; None where nothing is left to improve.

    With S = QᵀBQ, R = I - QᵀQ and λ_i = S_ii/(1 - R_ii) it is Q ← Q(I + E)V, where E_ij =
    (S_ij + λ_j R_ij)/(λ_j - λ_i) for eigenvalues that are apart and R_ij/2 else.  V turns the axes of
    every cluster, in which the coupling S_ij + λ_j R_ij is not small against the gap λ_j - λ_i.
    """
    size = int(exact.nrows())
    turned = vectors.transpose()
    S = (turned * exact * vectors).mid().tolist()
    R = (_identity(size) - turned * vectors).mid().tolist()
    values = [S[i][i] / (1 - R[i][i]) for i in range(size)]
    pairs = [(i, j) for i in range(size) for j in range(i)]
    # S_ij + λ_j R_ij in both orders: where one counts, both do, or else Q would not stay orthogonal.
    couplings = {(i, j): (S[i][j] + values[j] * R[i][j], S[i][j] + values[i] * R[i][j]) for i, j in pairs}
    coupled = {pair: both for pair, both in couplings.items() if max(map(abs, both)) > target}
    if not coupled and all(abs(x) * scale <= target for row in R for x in row):
        return None
    gaps = {(i, j): values[j] - values[i] for i, j in coupled}
    links = [pair for pair, both in coupled.items() if CLOSE * max(map(abs, both)) >= abs(gaps[pair])]
    clusters = _clusters(size, links)
    place = {i: number for number, cluster in enumerate(clusters) for i in cluster}
    E = arb_mat([[x / 2 for x in row] for row in R])
    for (i, j), (one, other) in coupled.items():
        if i not in place or place[i] != place.get(j):
            E[i, j], E[j, i] = one / gaps[i, j], -other / gaps[i, j]
    improved = vectors + vectors * E
    return (improved * _turns(S, R, values, clusters) if clusters else improved).mid()


def _refined_in_floats(exact: arb_mat, vectors: arb_mat, target: arb, scale: arb) -> arb_mat:
    """Such steps until the next one would find nothing to improve, as far as the last one tells.

    A step E leaves couplings of about ‖E‖², and those of what E lacks, which has the digits of a float.
    """
    for _ in range(MOST_STEPS):
        following, moved = _improved_in_floats(exact, vectors, target, scale)
        if following is None:
            break
        vectors = following
        if max(moved**2, moved * FLOAT_ERROR) <= float(target / scale):
            break
    return vectors


def _improved_in_floats(
    exact: arb_mat, vectors: arb_mat, target: arb, scale: arb
) -> tuple[arb_mat | None, float]:
    """The same step, E to the digits of a float: it gains those, and takes no loop over the pairs.

    With the norm of E; infinite where eigenvalues were too close for it.
    """
    import numpy as np

    size, turned = int(exact.nrows()), vectors.transpose()
    S = _floats(turned * exact * vectors, scale)
    R = _floats(_identity(size) - turned * vectors, arb(1))
    values = np.diag(S) / (1 - np.diag(R))
    coupling = S + values * R
    np.fill_diagonal(coupling, 0.0)
    strong = np.maximum(np.abs(coupling), np.abs(coupling.T))
    bound = float(target / scale)
    if (strong <= bound).all() and (np.abs(R) <= bound).all():
        return None, 0.0
    gaps = values - values[:, None]
    coupled = strong > bound
    if (coupled & (CLOSE * strong >= np.abs(gaps))).any():
        return _improved(exact, vectors, target, scale), np.inf
    E = np.divide(coupling, gaps, out=R / 2, where=coupled)
    return (vectors + vectors * arb_mat(E.tolist())).mid(), float(np.linalg.norm(E))


def _proposed(exact: arb_mat, scale: arb) -> arb_mat:
    """Axes as floats find them."""
    import numpy as np

    return arb_mat(np.linalg.eigh(_floats(exact, scale))[1].tolist())


def _floats(matrix: arb_mat, scale: arb) -> np.ndarray:
    """The middles of a matrix over a scale, as floats."""
    import numpy as np

    return np.array([[float(x) for x in row] for row in (matrix / scale).mid().tolist()])


def _turns(S: list[list[arb]], R: list[list[arb]], values: list[arb], clusters: list[list[int]]) -> arb_mat:
    """V, which diagonalizes the block of every cluster to the accuracy of floats."""
    import numpy as np

    V = _identity(len(values))
    for cluster in clusters:
        center = values[cluster[0]]
        block = [[S[i][j] + center * R[i][j] - (center if i == j else 0) for j in cluster] for i in cluster]
        largest = max(abs(x) for row in block for x in row)
        floats = np.array([[float((x / largest).mid()) for x in row] for row in block])
        axes = arb_mat(np.linalg.eigh((floats + floats.T) / 2)[1].tolist())
        for _ in range(ORTHOGONAL_STEPS):
            axes = (axes * (_identity(len(cluster)) * 3 - axes.transpose() * axes) * arb(0.5)).mid()
        for i, row in zip(cluster, axes.tolist(), strict=True):
            for j, x in zip(cluster, row, strict=True):
                V[i, j] = x
    return V


def _clusters(size: int, links: list[tuple[int, int]]) -> list[list[int]]:
    """The connected components with more than one member."""
    leader = list(range(size))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, j in links:
        leader[find(i)] = find(j)
    groups: dict[int, list[int]] = {}
    for i in range(size):
        groups.setdefault(find(i), []).append(i)
    return [group for group in groups.values() if len(group) > 1]


def _identity(size: int) -> arb_mat:
    return arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])


def _row_norm(matrix: arb_mat) -> arb:
    """The largest sum of a row's sizes, an upper bound on the norm of a symmetric matrix."""
    return max((sum((abs(x) for x in row), arb(0)).abs_upper() for row in matrix.tolist()), default=arb(0))
