"""The search for the minimum with one shared hidden layer, several outputs and any inputs; no noise.

Floats find it, midpoints of balls at growing precision polish it, and the duality gap
(:mod:`symderive.outputs.dual_gap`) says how good it is: nothing else of the search needs to be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from flint import arb, arb_mat, ctx, fmpq_mat

from symderive.arithmetic.definiteness import is_positive_semidefinite
from symderive.arithmetic.eigenvalues import symmetric_axes
from symderive.arithmetic.exact import TURN, ball, bits_for, to_flint, working_precision
from symderive.data.output_moments import OutputMoments
from symderive.errors import InputError
from symderive.outputs.dual_gap import Gap, Problem, gap_of
from symderive.outputs.shared_layer import SharedLayer, array_of, dot, middles, rotations, solved

if TYPE_CHECKING:
    import numpy as np

#: Bits beyond those of the digits at which polishing starts, and how often they are doubled.
SPARE_BITS, DOUBLINGS = 64, 6

#: Steps of the search in floats, and of Newton's method at one precision.
FLOAT_STEPS, NEWTON_STEPS = 300, 60

#: What floats leave of a gradient, relative.
FLOAT_FLAT = 1e-15

#: A direction is taken for one of the minimum where its part of the map, relative to the largest, is above
#: this and above what its singular value of V - MA lacks of g.
RANK_FLOOR = 1e-5

#: How far beyond its own optimum a new direction starts, so that Newton's method comes from outside.
OVERSHOOT = 8

#: Ranks of V up to which a minimum is sought: Newton's method takes about a minute at 24.
MOST_RANK = 40

#: Random starts of a hidden layer that is narrower than the rank.
STARTS = 8


@dataclass(frozen=True, eq=False)
class Found:
    """Factors of an end-to-end map UW, exact, and what they prove.

    ``U`` (o × r) and ``W`` (r × d) are those for equal decays g; the gap is at the precision that it
    needed.
    """

    U: arb_mat
    W: arb_mat
    gap: Gap
    bits: int


@dataclass(frozen=True, eq=False)
class _Scaled:
    """The problem along the axes of A and of the outputs that V reaches, in units in which A and V are 1.

    A = Q diag(a) Qᵀ · 2^``squared`` and V = P Ṽ Qᵀ · 2^``signal``; ``root`` is the unit of U and W.
    """

    problem: SharedLayer
    P: np.ndarray
    Q: np.ndarray
    root: arb

    def factors(self, U: np.ndarray, W: np.ndarray) -> tuple[arb_mat, arb_mat]:
        """Factors of the given problem from those along the axes."""
        if not U.shape[1]:
            return arb_mat(len(self.P), 0), arb_mat(0, len(self.Q))
        left, right = dot(self.P, U), dot(W, self.Q.T)
        return (arb_mat(left.tolist()) * self.root).mid(), (arb_mat(right.tolist()) * self.root).mid()

    def in_floats(self) -> SharedLayer:
        return SharedLayer(_floats(self.problem.a), _floats(self.problem.V), float(self.problem.g))


def minimize(data: OutputMoments, g_squared: Fraction, digits: int, *, width: int | None = None) -> Found:
    """The minimum over all layers, to a relative gap of 10^-digits where the last precision brings it.

    ``width`` neurons at most: then it is a stationary point of the best of some starts, which need not be
    the minimum, and its gap is against the minimum without that limit.  Raises :class:`InputError` where V
    has a rank above ``MOST_RANK``.
    """
    if (rank := int(data.V.rank())) > MOST_RANK:
        raise InputError(
            f"E[y xᵀ] has rank {rank}, and with one hidden layer a minimum is sought up to {MOST_RANK}; "
            "take fewer targets, or whiten the inputs (whiten=True, --whiten)."
        )
    tolerance = arb(10) ** -digits
    bits = bits_for(digits) + SPARE_BITS
    U: np.ndarray | None = None
    with TURN, working_precision(bits):
        best = _at_origin(data, problem_of(data, g_squared))
    if best.gap.width.is_zero() or _is_origin(data, g_squared):
        with TURN, working_precision(bits):
            c = ball(data.c)
        return replace(best, gap=Gap(c, c, arb(0), 0, 0))
    for _ in range(DOUBLINGS):
        with TURN, working_precision(bits):
            exact = problem_of(data, g_squared)
            scaled = _scaled(data, exact)
            U = _start(scaled, width) if U is None else U
            for start in _starts(U) if width is None else (U,):
                polished, found = _searched(scaled, exact, start, tolerance, may_grow=width is None)
                if found.gap.width < best.gap.width:
                    best, U = found, polished
                if best.gap.is_below(tolerance):
                    return best
            if width is not None and _is_flat(scaled.problem, U, digits):
                return best
        bits *= 2
    return best


def _searched(
    scaled: _Scaled, exact: Problem, U: np.ndarray, tolerance: arb, *, may_grow: bool
) -> tuple[np.ndarray, Found]:
    """U polished at the current precision, with as many columns more as it takes."""
    while True:
        U = _polished(scaled.problem, U)
        found = _found(scaled, exact, U)
        wider = _grown(scaled.problem, U, found, tolerance) if may_grow else None
        if wider is None:
            return U, found
        U = wider


def _starts(U: np.ndarray) -> Iterator[np.ndarray]:
    """U, then with its smallest columns left out, as where the minimum has a lower rank than floats saw."""
    import numpy as np

    yield U
    P, roots, _ = np.linalg.svd(_floats(U))
    for rank in reversed(range(U.shape[1])):
        yield _objects((P[:, : len(roots)] * roots)[:, :rank])


def _is_origin(data: OutputMoments, g_squared: Fraction) -> bool:
    """Whether ‖V‖_op ≤ g, where the origin is the minimum; exact."""
    o, d = data.outputs, data.dimension
    metric = [to_flint(s) for s in data.variances or (Fraction(1),) * d]
    scaled = fmpq_mat([[x / s for x, s in zip(row, metric, strict=True)] for row in data.V.tolist()])
    top = fmpq_mat(o, o, [to_flint(g_squared) if i == j else 0 for i in range(o) for j in range(o)])
    return is_positive_semidefinite((top - scaled * data.V.transpose()).numer_denom()[0])


def problem_of(data: OutputMoments, g_squared: Fraction) -> Problem:
    """The data as balls at the current precision."""
    A, V = data.balls()
    return Problem(A, V, ball(data.c), arb(to_flint(g_squared)).sqrt(), ball(data.explained))


def _at_origin(data: OutputMoments, exact: Problem) -> Found:
    U, W = arb_mat(data.outputs, 0), arb_mat(0, data.dimension)
    return Found(U, W, gap_of(exact, U, W), ctx.prec)


def _found(scaled: _Scaled, exact: Problem, U: np.ndarray) -> Found:
    if U.shape[1]:
        # Balanced factors have UᵀU = WWᵀ: along its axes both are diagonal, the largest part first.
        axes = symmetric_axes(arb_mat(dot(U.T, U).tolist()), refined_size=U.shape[1])
        U = dot(U, array_of(axes.vectors)[:, ::-1])
    left, right = scaled.factors(U, scaled.problem.at(U).W)
    return Found(left, right, gap_of(exact, left, right), ctx.prec)


def _scaled(data: OutputMoments, exact: Problem) -> _Scaled:
    import numpy as np

    k, o, d = int(data.V.rank()), data.outputs, data.dimension
    squared, signal = (_exponent(max(map(abs, part.entries()))) for part in (exact.A, exact.V))
    signal += (signal - squared) % 2
    axes = symmetric_axes((exact.A * arb(2) ** -squared).mid(), refined_size=d)
    V = exact.V * arb(2) ** -signal
    P = array_of(arb_mat(o, o, [int(i == j) for i in range(o) for j in range(o)]))
    if k < o:
        P = array_of(symmetric_axes((V * V.transpose()).mid(), refined_size=o).vectors)[:, o - k :]
    Q = array_of(axes.vectors)
    a = np.array([value if value > 0 else arb(0) for value in axes.values], dtype=object)
    turned = dot(dot(P.T, array_of(V)), Q)
    layer = SharedLayer(a, turned, (exact.g * arb(2) ** -signal).mid())
    return _Scaled(layer, P, Q, arb(2) ** ((signal - squared) // 2))


def _start(scaled: _Scaled, width: int | None) -> np.ndarray:
    """Where polishing starts: the minimum in floats, with as many columns as its rank seems to be."""
    import numpy as np

    layer = scaled.in_floats()
    left, sizes, _ = np.linalg.svd(layer.V)
    U = descend(layer, left * np.sqrt(np.maximum(sizes, 1e-3 * sizes[0])))
    P, roots, _ = np.linalg.svd(U)
    parts = (roots / (roots[0] or 1.0)) ** 2
    lacks = 1 - ((P.T @ layer.at(U).x) ** 2).sum(axis=1)
    rank = int((parts > np.maximum(lacks, RANK_FLOOR)).sum()) if roots[0] > 0 else 0
    U = (P * roots)[:, :rank]
    if width is not None and width < rank:
        rng = np.random.default_rng(0)
        scale = np.sqrt(np.mean(roots[:rank] ** 2))
        starts = [U[:, :width], *(scale * rng.standard_normal((STARTS, len(P), width)))]
        U = min((descend(layer, one) for one in starts), key=lambda U: layer.at(U).value)
    return _objects(U)


def descend(layer: SharedLayer, U: np.ndarray) -> np.ndarray:
    """A local minimum of φ in floats: Newton steps with |eigenvalues|, damped until φ falls."""
    import numpy as np

    place, damping = layer.at(U), 1e-3
    for _ in range(FLOAT_STEPS):
        slope = place.gradient.ravel()
        if np.linalg.norm(slope) <= FLOAT_FLAT * np.linalg.norm(place.U):
            break
        curvatures, axes = np.linalg.eigh(place.hessian())
        sizes, along = np.abs(curvatures), axes.T @ slope
        floor = FLOAT_FLAT * sizes.max()
        while damping < 1e9:
            step = axes @ (along / (sizes + damping * sizes.max() + floor))
            nearer = layer.at(place.U - step.reshape(place.U.shape))
            if nearer.value < place.value:
                break
            damping *= 4
        else:
            break
        place, damping = nearer, max(damping / 8, 1e-18)
    return place.U


def _polished(layer: SharedLayer, U: np.ndarray) -> np.ndarray:
    """Newton's method at the current precision, as long as the gradient falls.

    Rotations of the columns change nothing; they are made stiff, and the step has no part along them.
    """
    if not U.shape[1]:
        return U
    place = layer.at(U)
    slope = _size(place.gradient)
    for _ in range(NEWTON_STEPS):
        turns = rotations(place.U)
        try:
            step = solved(middles(place.hessian() + dot(turns.T, turns)), place.gradient.reshape(-1, 1))
        except ZeroDivisionError:
            break
        nearer = layer.at(middles(place.U - step.reshape(place.U.shape)))
        following = _size(nearer.gradient)
        if not following < slope:
            break
        place, slope = nearer, following
    return place.U


def _grown(layer: SharedLayer, U: np.ndarray, found: Found, tolerance: arb) -> np.ndarray | None:
    """U with one column more, where V - MA is above g along some direction by more than it may be.

    Along e with T = 1 + ε the best G + δeeᵀ has about δ = ε/Σ 2a_j (eᵀB_je)(eᵀx_j)².
    """
    import numpy as np

    if found.gap.is_below(tolerance) or U.shape[1] == len(layer.V):
        return None
    place = layer.at(U)
    axes = symmetric_axes(arb_mat(place.T.tolist()))
    above = (axes.values[-1] - 1).mid()
    noise = arb(2) ** (-ctx.prec // 2)
    if not above > max(noise, _size(place.gradient) * 2**10):
        return None
    e = array_of(axes.vectors)[:, -1]
    curvature = place.curvature_along(e)
    if not curvature > 0:
        return None
    column = middles(e * (OVERSHOOT * above / curvature).sqrt())
    return np.concatenate([U, column[:, None]], axis=1)


def _is_flat(layer: SharedLayer, U: np.ndarray, digits: int) -> bool:
    """Whether the gradient vanishes to so many digits of the layer."""
    return not U.shape[1] or bool(_size(layer.at(U).gradient) < arb(10) ** -digits * _size(U))


def _size(values: np.ndarray) -> arb:
    return arb(sum((x * x for x in values.reshape(-1)), arb(0))).mid().sqrt().mid()


def _exponent(value: arb) -> int:
    """About log2 of a positive number, of any size."""
    mantissa, exponent = value.mid().man_exp()
    return int(exponent) + int(mantissa).bit_length()


def _floats(values: np.ndarray) -> np.ndarray:
    import numpy as np

    return np.array([float(x) for x in values.reshape(-1)]).reshape(values.shape)


def _objects(values: np.ndarray) -> np.ndarray:
    import numpy as np

    found = np.empty(values.shape, dtype=object)
    flat = found.reshape(-1)
    for i, x in enumerate(values.reshape(-1).tolist()):
        flat[i] = arb(x)
    return found
