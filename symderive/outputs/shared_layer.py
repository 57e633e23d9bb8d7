"""What a shared hidden layer leaves of the loss, as a function of the output layer; no noise, D = 1.

With both decays g (balanced layers), A = Σ_j a_j q_j q_jᵀ and v_j = V q_j, the best input layer W of an
output layer U has columns W q_j = (a_j UᵀU + g)^{-1} Uᵀ v_j, and leaves

    φ(U) = h(UUᵀ),   h(G) = g tr G - Σ_j v_jᵀ G (a_j G + g)^{-1} v_j,

less than the loss c at the origin.  h is convex on G ⪰ 0, for G (aG + g)^{-1} = (1 - g(aG + g)^{-1})/a
is operator concave.  With x_j = (a_j G + g)^{-1} v_j and T = Σ_j x_j x_jᵀ its gradient is g(1 - T), and
V - UWA = g Σ_j x_j q_jᵀ: the dual variable of the nuclear norm comes with it.

Arrays hold floats, or midpoints of balls at the current precision: nothing here is a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flint import arb_mat

from symderive.arithmetic.turns import cached_property

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class SharedLayer:
    """The problem: ``a`` of shape (d,), ``V`` of shape (k, d) along the axes of A, and g > 0."""

    a: np.ndarray
    V: np.ndarray
    g: Any

    def at(self, U: np.ndarray) -> Place:
        """The function and its derivatives at U of shape (k, r)."""
        return Place(self, U)


@dataclass(frozen=True, eq=False)
class Place:
    """φ at an output layer U of shape (k, r)."""

    problem: SharedLayer
    U: np.ndarray

    @cached_property
    def _inverses(self) -> np.ndarray:
        """B_j = (a_j UUᵀ + g)^{-1}, of shape (d, k, k)."""
        a, g = self.problem.a, self.problem.g
        G = dot(self.U, self.U.T)
        shifted = a[:, None, None] * G
        for i in range(len(G)):
            shifted[:, i, i] = shifted[:, i, i] + g
        return inverses(shifted)

    @cached_property
    def x(self) -> np.ndarray:
        """x_j as columns, (k, d); g times these is V - UWA along the axes of A."""
        return middles((self._inverses * self.problem.V.T[:, None, :]).sum(axis=-1).T)

    def curvature_along(self, e: np.ndarray) -> Any:
        """2 Σ_j a_j (eᵀB_je) (e·x_j)², how φ bends where a column along e joins U."""
        spread = (e[:, None] * self._inverses * e).sum(axis=(1, 2))
        return (2 * self.problem.a * spread * (e @ self.x) ** 2).sum()

    @cached_property
    def W(self) -> np.ndarray:
        """The input layer along the axes of A, (r, d): W q_j = Uᵀx_j, for U(aUᵀU + g) = (aUUᵀ + g)U."""
        return dot(self.U.T, self.x)

    @cached_property
    def T(self) -> np.ndarray:
        """Σ_j x_j x_jᵀ, (k, k); at the minimum T ⪯ 1, and TU = U."""
        return dot(self.x, self.x.T)

    @property
    def value(self) -> Any:
        """φ."""
        return self.problem.g * (self.U**2).sum() - (dot(self.U.T, self.problem.V) * self.W).sum()

    @cached_property
    def gradient(self) -> np.ndarray:
        """∇φ/2g = (1 - T)U, (k, r)."""
        return middles(self.U - dot(self.T, self.U))

    def hessian(self) -> np.ndarray:
        """The derivative of :attr:`gradient`, (kr, kr), rows of U one after another.

        From dx_j = -a_j B_j dG x_j with dG = dU Uᵀ + U dUᵀ.
        """
        import numpy as np

        a, B, U = self.problem.a, self._inverses, self.U
        (k, r), d = U.shape, len(a)
        C = dot(B.reshape(d * k, k), U).reshape(d, k, r)
        E = dot(C.transpose(0, 2, 1).reshape(d * r, k), U)
        x, y = self.x.T, self.W.T
        xx, xy, yy = ((p[:, :, None] * q[:, None, :]).reshape(d, -1) for p, q in ((x, x), (x, y), (y, y)))
        weighted = [a[:, None] * part.reshape(d, -1) for part in (B, E, C)]
        straight = dot(weighted[0].T, yy) + dot(xx.T, weighted[1])
        crossed = dot(weighted[2].T, xy).reshape(k, r, k, r)
        found = straight.reshape(k, k, r, r).transpose(0, 2, 1, 3) + crossed.transpose(0, 3, 2, 1)
        found = found + crossed.transpose(2, 1, 0, 3)
        outer = -self.T
        for i in range(k):
            outer[i, i] = outer[i, i] + 1
        for i in range(r):
            found[:, i, :, i] = found[:, i, :, i] + outer
        return middles(np.ascontiguousarray(found).reshape(k * r, k * r))


def rotations(U: np.ndarray) -> np.ndarray:
    """U K for the r(r-1)/2 unit skew K, as rows: the directions along which φ is constant."""
    import numpy as np

    k, r = U.shape
    rows = [np.zeros((0, k * r), dtype=U.dtype)]
    for i in range(r):
        for j in range(i):
            turned = np.zeros((k, r), dtype=U.dtype)
            turned[:, j], turned[:, i] = U[:, i], -U[:, j]
            rows.append(turned.reshape(1, -1))
    return np.concatenate(rows)


def dot(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The product of two matrices of floats, or of midpoints."""
    import numpy as np

    if left.dtype != object and right.dtype != object:
        found: np.ndarray = left @ right
        return found
    if 0 in left.shape or 0 in right.shape:
        return np.zeros((left.shape[0], right.shape[1]), dtype=object)
    return array_of((arb_mat(left.tolist()) * arb_mat(right.tolist())).mid())


def solved(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """matrix^{-1} right for midpoints; ZeroDivisionError where the matrix is singular."""
    return array_of(arb_mat(matrix.tolist()).solve(arb_mat(right.tolist()), "approx").mid())


def inverses(stack: np.ndarray) -> np.ndarray:
    """The inverses of matrices, of shape (d, k, k)."""
    import numpy as np

    if stack.dtype != object:
        try:
            return np.linalg.inv(stack)
        except np.linalg.LinAlgError:  # g is lost beside aUUᵀ in doubles, which only say where to start
            return np.linalg.pinv(stack, hermitian=True)
    size = stack.shape[1]
    one = arb_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    return np.array([array_of(arb_mat(one_of.tolist()).solve(one, "approx").mid()) for one_of in stack])


def array_of(matrix: arb_mat) -> np.ndarray:
    """The entries of a matrix of balls, as objects."""
    import numpy as np

    found = np.empty((matrix.nrows(), matrix.ncols()), dtype=object)
    for i, row in enumerate(matrix.tolist()):
        found[i] = row
    return found


def middles(values: np.ndarray) -> np.ndarray:
    """The midpoints of balls; floats as they are."""
    import numpy as np

    if values.dtype != object:
        return values
    found = np.empty(values.shape, dtype=object)
    flat = found.reshape(-1)
    for i, x in enumerate(values.reshape(-1)):
        flat[i] = x.mid()
    return found
