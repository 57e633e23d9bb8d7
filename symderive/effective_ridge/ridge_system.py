"""Rigorous solutions of (ρC + λV) x = r for many λ, at any precision and size.

Small systems go to FLINT's ball solver.  Large ones are refined: one floating-point eigendecomposition
of the scaled matrix serves as a preconditioner for every λ, residuals are taken in ball arithmetic,
and the error is bounded through ρC + λV ⪰ λV, which holds because C is a second moment:

    ‖x - x̃‖_V ≤ ‖r - (ρC + λV) x̃‖_{V⁻¹} / λ.

The floats only propose.  Where they do not converge, and where FLINT's solver cannot tell the matrix from a
singular one, an elimination with more bits proposes, and the same bound decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Protocol

from flint import arb, arb_mat, ctx, fmpz_mat

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.matrices import Floats
from symderive.arithmetic.turns import cached_property

#: Sizes up to which FLINT's direct solve is the faster of the two (measured at 64 to 256 bits).
DIRECT_SIZE = 24

#: Extra bits come in multiples of this, so that few precisions are ever met.
BIT_STEP = 32


#: Bits up to which integers are multiplied as they are: FLINT keeps so many in place.
SHORT_BITS = 128

#: Precisions whose matrices are kept, as a search goes back and forth: two, or so many that they have so
#: many entries.
KEPT = 2
KEPT_ENTRIES = 2_000_000


class Source(Protocol):
    """Where the matrices of a system come from."""

    @property
    def size(self) -> int:
        """Number of equations."""

    @property
    def trace(self) -> Fraction:
        """tr V^{-1}C, exact."""

    @property
    def weights(self) -> Sequence[Fraction] | None:
        """The diagonal of V; None for ones."""

    def matrix(self) -> arb_mat:
        """C at the current precision; a second moment, so that C ⪰ 0."""

    def whole(self) -> tuple[fmpz_mat, Fraction] | None:
        """C as an integer matrix and its unit; None where it is not rational."""

    def right(self) -> arb_mat:
        """b at the current precision, a column."""


class RidgeSystem:
    """The matrices of one equation at the precisions they were last asked for."""

    def __init__(self, source: Source, rho: Fraction) -> None:
        self._source, self._rho, self._size = source, rho, source.size
        self._cache: dict[int, tuple[arb_mat, arb, arb_mat, list[arb] | None]] = {}

    @cached_property
    def _short(self) -> tuple[arb_mat, Fraction] | None:
        """C exactly, and its unit, for all precisions; None where it is not in short integers."""
        whole = self._source.whole()
        if whole is None or max(abs(int(x)) for x in whole[0].entries()) >> SHORT_BITS:
            return None
        return arb_mat(whole[0]), whole[1]

    def _at_precision(self) -> tuple[arb_mat, arb, arb_mat, list[arb] | None]:
        """C, what makes ρC of it, b and the diagonal of V (None for ones) at the current precision."""
        found = self._cache.get(ctx.prec)
        if found is None:
            source = self._source
            weights = None if source.weights is None else [ball(s) for s in source.weights]
            matrix, unit = self._short or (source.matrix(), Fraction(1))
            found = matrix, ball(self._rho * unit), source.right(), weights
            kept = list(self._cache.items())[1 - max(KEPT, KEPT_ENTRIES // self._size**2) :]
            self._cache = dict([*kept, (ctx.prec, found)])
        return found

    def image(self, columns: arb_mat) -> arb_mat:
        """ρC times columns."""
        matrix, unit, _, _ = self._at_precision()
        return matrix * columns * unit

    def right(self) -> arb_mat:
        """b, a column."""
        return self._at_precision()[2]

    def weigh(self, column: arb_mat) -> arb_mat:
        """V times a column."""
        weights = self._at_precision()[3]
        return column if weights is None else _times(column, weights)

    def solve(self, ridge: arb, right: arb_mat) -> arb_mat:
        """A column of balls that contains (ρC + λV)^{-1} ``right``; ``ridge`` λ > 0."""
        if self._size > DIRECT_SIZE:
            x = self._refine(ridge, right)
            return self._eliminate(ridge, right) if x is None else x
        try:
            return self._matrix(ridge).solve(right)
        except ZeroDivisionError:
            return self._eliminate(ridge, right)

    def solve_twice(self, ridge: arb) -> tuple[arb_mat, arb_mat]:
        """Columns that contain x = (ρC + λV)^{-1} b and y = (ρC + λV)^{-1} V x.

        y is solved for the middle of x and widened by what the error of x can change, ‖x - x̃‖_V/λ: with
        the error in its right-hand side the residuals of y could not get small.
        """
        x = self.solve(ridge, self.right())
        weights = self._at_precision()[3]
        errors = arb_mat(self._size, 1, [entry.rad() for entry in x.entries()])
        y = self.solve(ridge, self.weigh(x.mid()))
        return x, _widened(y, _norm(errors, weights) / ridge, weights)

    def _matrix(self, ridge: arb) -> arb_mat:
        """ρC + λV."""
        matrix, unit, _, weights = self._at_precision()
        shift = arb_mat(self._size, self._size)
        for i in range(self._size):
            shift[i, i] = ridge if weights is None else ridge * weights[i]
        return matrix * unit + shift

    def condition_bits(self, ridge: arb) -> int:
        """Bits that a solve may lose, log2 of (ρ tr A + λ)/λ, rounded down to a multiple."""
        ratio = ball(self._rho * self._source.trace) / ridge + 1
        return int(float((ratio.log() / arb(2).log()).mid())) // BIT_STEP * BIT_STEP

    def _eliminate(self, ridge: arb, right: arb_mat) -> arb_mat:
        """Elimination with extra bits, and twice as many until they bring nothing more."""
        bits, extra = ctx.prec, BIT_STEP + self.condition_bits(ridge)
        x, best = arb_mat([[arb.nan()]] * self._size), arb.pos_inf()
        while True:
            with TURN, working_precision(bits + extra):
                matrix, weights = self._matrix(ridge), self._at_precision()[3]
                found = _approximate(matrix, right)
                error = _norm(right - matrix * found, _inverses(weights)) / ridge
                enough = error < _norm(found, weights) * arb(2) ** -bits
            if best.is_finite() and not 4 * error < best:
                return x
            if error.is_finite():
                x, best = _widened(found, error, weights), error
            if enough:
                return x
            extra *= 2

    def _refine(self, ridge: arb, right: arb_mat) -> arb_mat | None:
        """Iterative refinement; None where the preconditioner does not contract."""
        weights = self._at_precision()[3]
        inverse_weights = _inverses(weights)
        x, residual = arb_mat(self._size, 1), right
        size = _norm(residual, inverse_weights)
        while size > 0:
            step = self._preconditioner.apply(ridge, residual, size)
            if step is None:
                return None
            following = (x + step).mid()
            residual_after = right - self.image(following) - self.weigh(following) * ridge
            size_after = _norm(residual_after, inverse_weights)
            if not size_after < size:
                break
            x, residual = following, residual_after
            # Rounding has taken over, and this is about the best x there is, where a step brings little, or
            # where most of the residual is the radius of its balls.
            size, stalled = size_after, size_after * 4 > size
            if stalled or 4 * _norm(residual.mid(), inverse_weights) < size:
                break
        error = size / ridge
        if not error <= _norm(x, weights) * arb(2) ** (-ctx.prec // 2):
            return None
        return _widened(x, error, weights)

    @cached_property
    def _preconditioner(self) -> _Preconditioner:
        return _Preconditioner(self._source, self._rho)


def _approximate(matrix: arb_mat, right: arb_mat) -> arb_mat:
    """A solution without a guarantee, exact dyadic numbers; zeros where the precision is hopeless."""
    try:
        return matrix.mid().solve(right.mid(), algorithm="approx").mid()
    except ZeroDivisionError:
        return right * 0


def _times(column: arb_mat, factors: list[arb]) -> arb_mat:
    """A column, entry by entry times factors."""
    return arb_mat([[x * f] for x, f in zip(column.entries(), factors, strict=True)])


def _inverses(weights: list[arb] | None) -> list[arb] | None:
    return None if weights is None else [1 / w for w in weights]


def _widened(column: arb_mat, error: arb, weights: list[arb] | None) -> arb_mat:
    """All columns that differ from ``column`` by at most ``error`` in the weighted norm, as balls."""
    size = int(column.nrows())
    if weights is None:
        return column + arb_mat(size, 1, [arb(0, error.abs_upper())] * size)
    radii = [(error / w.sqrt()).abs_upper() for w in weights]
    return column + arb_mat(size, 1, [arb(0, r) for r in radii])


def _norm(column: arb_mat, weights: list[arb] | None) -> arb:
    """Upper bound on the weighted Euclidean norm."""
    weighted = column if weights is None else _times(column, weights)
    return (column.transpose() * weighted)[0, 0].abs_upper().sqrt().abs_upper()


class _Preconditioner:
    """(ρA + λ)^{-1} to double precision from one eigendecomposition of A/tr A, A = V^{-1/2} C V^{-1/2}."""

    def __init__(self, source: Source, rho: Fraction) -> None:
        import numpy as np

        self._trace = rho * source.trace
        scaled = source.matrix() * (1 / ball(source.trace or Fraction(1)))
        self._inverse_roots: list[arb] | None = None
        if source.weights is not None:
            roots = self._inverse_roots = [1 / ball(s).sqrt() for s in source.weights]
            rows = zip(scaled.tolist(), roots, strict=True)
            scaled = arb_mat([[x * (r * s) for x, s in zip(row, roots, strict=True)] for row, r in rows])
        values, self._vectors = np.linalg.eigh(Floats().matrix(scaled))
        self._values = np.maximum(values, 0.0)

    def apply(self, ridge: arb, residual: arb_mat, size: arb) -> arb_mat | None:
        """An approximate solution for a residual of norm ``size``, exact dyadic numbers."""
        import numpy as np

        # The system is divided by ρ tr A + λ so that neither end of the scale leaves the doubles.
        total = ball(self._trace) + ridge
        share = float((ridge / total).mid())
        unit = self._weighed(residual * (1 / size))
        direction = np.array([float(x) for x in unit.mid().entries()])
        with np.errstate(all="ignore"):
            step = self._vectors @ ((self._vectors.T @ direction) / ((1 - share) * self._values + share))
        if not np.isfinite(step).all():
            return None
        return self._weighed(arb_mat(len(step), 1, step.tolist()) * (size / total).mid()).mid()

    def _weighed(self, column: arb_mat) -> arb_mat:
        """V^{-1/2} times a column."""
        return column if self._inverse_roots is None else _times(column, self._inverse_roots)
