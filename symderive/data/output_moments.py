"""The data of a network with several outputs: A = aI, V = E[y xᵀ] and c = E‖y‖², exact.

Only whitened inputs are of use here: for them, and without noise, the singular values of V decouple the
problem (:mod:`symderive.outputs.landscape`).  Of general data the inputs can be whitened, x → A^{-1/2}x,
which leaves the rationals; but the squares of the singular values are the eigenvalues of V A^{-1} Vᵀ,
which does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from flint import arb, fmpq, fmpq_mat

from symderive.arithmetic.exact import TURN, from_flint, rational, to_flint, working_precision
from symderive.arithmetic.polynomial_roots import descending_roots
from symderive.arithmetic.precision import sharpen
from symderive.arithmetic.turns import cached_property
from symderive.data.sums import Sums
from symderive.errors import InputError

#: Bits at which singular values are first put in order; doubled until they are apart.
START_BITS = 128


@dataclass(frozen=True)
class SingularSquare:
    """s², a positive eigenvalue of a V A^{-1} Vᵀ with its multiplicity; exact.

    It is number ``place``, counted from the largest, among the roots of the irreducible polynomial with
    the integer ``coefficients`` (constant first), all of which are positive.
    """

    coefficients: tuple[int, ...]
    place: int
    multiplicity: int

    @property
    def rational(self) -> Fraction | None:
        """s² where it is rational."""
        if len(self.coefficients) > 2:
            return None
        return Fraction(-self.coefficients[0], self.coefficients[1])

    def ball(self, bits: int) -> arb:
        """s² to about ``bits`` bits; balls of different roots of one polynomial do not overlap."""
        return _roots(self.coefficients, bits)[self.place]


@lru_cache(maxsize=256)
def _roots(coefficients: tuple[int, ...], bits: int) -> tuple[arb, ...]:
    """The roots of a polynomial whose roots are positive and simple, in decreasing order."""
    if len(coefficients) == 2:
        with TURN, working_precision(bits):
            return (arb(fmpq(-coefficients[0], coefficients[1])),)
    return descending_roots(coefficients, bits)


def squares_of(kernel: fmpq_mat) -> tuple[SingularSquare, ...]:
    """The distinct positive eigenvalues of a rational matrix all of whose eigenvalues are real and ≥ 0.

    In decreasing order, with exact multiplicities.
    """
    found = [
        SingularSquare(tuple(map(int, factor.coeffs())), place, multiplicity)
        for factor, multiplicity in kernel.charpoly().numer().factor()[1]
        if factor[0] != 0
        for place in range(factor.degree())
    ]

    def in_order(bits: int) -> tuple[SingularSquare, ...] | None:
        order = sorted(found, key=lambda square: square.ball(bits).mid(), reverse=True)
        apart = not any(x.ball(bits).overlaps(y.ball(bits)) for x, y in pairwise(order))
        return tuple(order) if apart else None

    # Distinct numbers: at some precision no two balls overlap.
    return sharpen(in_order, start=START_BITS)


@dataclass(frozen=True, eq=False)
class OutputMoments:
    """Second moments of whitened inputs and several targets.

    Attributes
    ----------
    eigenvalue
        a of A = aI; 1 where the inputs were whitened.
    A, V
        E[x xᵀ] (d × d) and E[y xᵀ] (o × d) of the inputs as given, rational.
    c
        E‖y‖², dimension target².
    whitened
        Whether A is general and the network sees A^{-1/2}x instead of x.
    source
        Where the data are from.
    features, targets
        Names of the d inputs and the o outputs; empty for given moments.

    Make one with :meth:`given` or :meth:`from_samples`.
    """

    eigenvalue: Fraction
    A: fmpq_mat
    V: fmpq_mat
    c: Fraction
    whitened: bool
    source: str
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return int(self.V.ncols())

    @property
    def outputs(self) -> int:
        """Number of outputs o."""
        return int(self.V.nrows())

    @classmethod
    def given(cls, eigenvalue: Any, V: Any, c: Any) -> OutputMoments:
        """From a > 0, V (o × d) and c ≥ Σ s²/a; rational numbers.

        Raises :class:`InputError` for numbers that are no moments of any data.

        >>> OutputMoments.given(1, [[2, 0], [0, 1]], 6).outputs
        2
        """
        from symderive.data.reading.values import fractions_of, matrix_of

        a, table = rational(eigenvalue, "the eigenvalue"), fractions_of(matrix_of(V, "V"))
        if a <= 0:
            raise InputError(f"the eigenvalue is {a}; give a positive one, of inputs with A = aI.")
        if not table or not table[0]:
            raise InputError("V has no rows or no columns; give at least one output of one feature.")
        d = len(table[0])
        moments = cls(
            a, _multiple_of_identity(a, d), _matrix(table), rational(c, "c"), False, "given moments"
        )
        moments._require_valid()
        return moments

    @classmethod
    def from_samples(
        cls,
        X: Any,
        Y: Any,
        *,
        center: bool = False,
        whiten: bool = False,
        sample_weight: Any = None,
        source: str = "samples",
    ) -> OutputMoments:
        """From n samples: X of shape (n, d) and Y of shape (n, o), averages over n, exact.

        X, Y and the weights are of any kind that :meth:`Moments.from_samples` takes; Y may be a list of
        names of columns of a data frame X.  ``center`` subtracts all means.  ``whiten`` hands the network
        A^{-1/2}x (the symmetric root) instead of x, which makes a = 1.  Raises :class:`InputError` for
        tables that do not fit, and for inputs that are not white and are not to be whitened, or cannot be.
        """
        from symderive.data.reading.samples import output_samples_of

        features, targets, blocks = output_samples_of(X, Y, sample_weight)
        d, size = len(features), len(features) + len(targets)
        sums = Sums.of(blocks, size)
        if not sums.weight:
            raise InputError("every sample weighs 0; give at least one row that counts.")
        whole = fmpq_mat(sums.gram) / (sums.denominator * to_flint(sums.weight))
        gram = _block(whole, range(size), range(size))
        if center:
            mean = _block(whole, range(size, size + 1), range(size))
            gram = gram - mean.transpose() * mean
        A = _block(gram, range(d), range(d))
        V = _block(gram, range(d, size), range(d))
        c = sum((from_flint(gram[i, i]) for i in range(d, size)), Fraction(0))
        a = from_flint(A[0, 0])
        white = a > 0 and _multiple_of_identity(a, d) == A
        if not white and not whiten:
            raise InputError(
                "the inputs are not white (A is not a multiple of the identity), and then the outputs "
                "compete for the hidden layers in a way that has no known exact solution; whiten them "
                "(whiten=True), or give one output."
            )
        if not white and A.det() == 0:
            raise InputError("the inputs are linearly dependent and cannot be whitened; drop some of them.")
        return cls(a if white else Fraction(1), A, V, c, not white, source, features, targets)

    @cached_property
    def kernel(self) -> fmpq_mat:
        """a V A^{-1} Vᵀ, or a A^{-1} Vᵀ V if that is smaller: rational, with the eigenvalues s²."""
        few = self.outputs <= self.dimension
        if not self.whitened:
            return self.V * self.V.transpose() if few else self.V.transpose() * self.V
        inverse = self.A.inv()
        return self.V * inverse * self.V.transpose() if few else inverse * self.V.transpose() * self.V

    @cached_property
    def singular_squares(self) -> tuple[SingularSquare, ...]:
        """The distinct s² > 0 in decreasing order, with exact multiplicities."""
        return squares_of(self.kernel)

    @property
    def unexplained(self) -> Fraction:
        """c - Σ s²/a ≥ 0, the loss of least squares; exact."""
        kernel = self.kernel
        return (
            self.c
            - from_flint(sum((kernel[i, i] for i in range(kernel.nrows())), fmpq(0))) / self.eigenvalue
        )

    def _require_valid(self) -> None:
        if self.unexplained < 0:
            raise InputError(
                f"c is {self.c}, less than the part Σ s²/a = {self.c - self.unexplained} that x explains."
            )

    def __repr__(self) -> str:
        white = ", whitened" if self.whitened else ""
        return f"OutputMoments({self.dimension} features, {self.outputs} outputs from {self.source}{white})"


def _matrix(table: Sequence[Sequence[Fraction]]) -> fmpq_mat:
    return fmpq_mat([[to_flint(x) for x in row] for row in table])


def _multiple_of_identity(a: Fraction, size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [to_flint(a) if i == j else 0 for i in range(size) for j in range(size)])


def _block(matrix: fmpq_mat, rows: range, columns: range) -> fmpq_mat:
    return fmpq_mat(len(rows), len(columns), [matrix[i, j] for i in rows for j in columns])
