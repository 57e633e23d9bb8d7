"""The data of a network with several outputs: A = aI, V = E[y xᵀ] and c = E‖y‖², exact.

Only whitened inputs are of use here: for them, and without noise, the singular values of V decouple the
problem (:mod:`symderive.several`).  Of general data the inputs can be whitened, x → A^{-1/2}x, which leaves
the rationals; but the squares of the singular values are the eigenvalues of V A^{-1} Vᵀ, which does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq, fmpq_mat, fmpz_poly

from symderive.errors import InputError
from symderive.exact import rational
from symderive.tables import table_of


@dataclass(frozen=True)
class SingularSquare:
    """s², a positive eigenvalue of V A^{-1} Vᵀ (times a) with its multiplicity; exact.

    It is the root in the ball ``enclosure`` (dimension of ‖v‖²) of the irreducible ``polynomial``.
    """

    polynomial: fmpz_poly
    enclosure: arb
    multiplicity: int

    def ball(self, bits: int) -> arb:
        """s² to about ``bits`` bits."""
        from symderive.exact import working_precision

        if self.polynomial.degree() == 1:
            with working_precision(bits):
                return arb(fmpq(-self.polynomial[0], self.polynomial[1]))
        with working_precision(bits):
            roots = [root.real for root, _ in self.polynomial.complex_roots() if root.imag.contains(0)]
            return next(root for root in roots if root.overlaps(self.enclosure))


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

    Make one with :meth:`given` or :meth:`from_samples`.
    """

    eigenvalue: Fraction
    A: fmpq_mat
    V: fmpq_mat
    c: Fraction
    whitened: bool
    source: str

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
        a, table = rational(eigenvalue, "the eigenvalue"), table_of(V, "V")
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
        cls, X: Any, Y: Any, *, center: bool = False, whiten: bool = False, source: str = "samples"
    ) -> OutputMoments:
        """From n samples: X of shape (n, d) and Y of shape (n, o), averages over n, exact.

        ``center`` subtracts all means.  ``whiten`` hands the network A^{-1/2}x (the symmetric root)
        instead of x, which makes a = 1.  Raises :class:`InputError` for tables that do not fit, and for
        inputs that are not white and are not to be whitened, or cannot be.
        """
        inputs, targets = table_of(X, "X"), table_of(Y, "Y")
        if not inputs or not inputs[0] or len(inputs) != len(targets) or not targets[0]:
            raise InputError(
                f"X has {len(inputs)} rows and Y has {len(targets)}; give one row of inputs and one of "
                "targets for each sample, neither empty."
            )
        count, d = len(inputs), len(inputs[0])
        Z = _matrix([[*x, *y] for x, y in zip(inputs, targets, strict=True)])
        gram = Z.transpose() * Z / fmpq(count)
        if center:
            mean = fmpq_mat(1, count, [1] * count) * Z / fmpq(count)
            gram = gram - mean.transpose() * mean
        size = int(gram.nrows())
        A = _block(gram, range(d), range(d))
        V = _block(gram, range(d, size), range(d))
        c = sum((_fraction(gram[i, i]) for i in range(d, size)), Fraction(0))
        a = _fraction(A[0, 0])
        white = a > 0 and _multiple_of_identity(a, d) == A
        if not white and not whiten:
            raise InputError(
                "the inputs are not white (A is not a multiple of the identity), and then the outputs "
                "compete for the hidden layers in a way that has no known exact solution; whiten them "
                "(whiten=True), or give one output."
            )
        if not white and A.det() == 0:
            raise InputError("the inputs are linearly dependent and cannot be whitened; drop some of them.")
        return cls(a if white else Fraction(1), A, V, c, not white, source)

    def kernel(self) -> fmpq_mat:
        """a V A^{-1} Vᵀ, or a A^{-1} Vᵀ V if that is smaller: rational, with the eigenvalues s²."""
        inverse = self.A.inv() * _q(self.eigenvalue)
        if self.outputs <= self.dimension:
            return self.V * inverse * self.V.transpose()
        return inverse * self.V.transpose() * self.V

    def singular_squares(self) -> tuple[SingularSquare, ...]:
        """The distinct s² > 0 in decreasing order, with exact multiplicities."""
        from symderive.exact import working_precision

        found = []
        for factor, multiplicity in self.kernel().charpoly().numer().factor()[1]:
            if factor.degree() == 1 and factor[0] == 0:
                continue
            with working_precision(128):
                for root, _ in factor.complex_roots():
                    found.append(SingularSquare(factor, root.real, multiplicity))
        return tuple(sorted(found, key=lambda square: -float(square.enclosure.mid())))

    def _require_valid(self) -> None:
        explained = _fraction(sum((self.kernel()[i, i] for i in range(self.kernel().nrows())), fmpq(0)))
        if self.c * self.eigenvalue < explained:
            raise InputError(
                f"c is {self.c}, less than the part Σ s²/a = {explained / self.eigenvalue} that x explains."
            )

    def __repr__(self) -> str:
        white = ", whitened" if self.whitened else ""
        return f"OutputMoments({self.dimension} features, {self.outputs} outputs from {self.source}{white})"


def _matrix(table: Sequence[Sequence[Fraction]]) -> fmpq_mat:
    return fmpq_mat([[_q(x) for x in row] for row in table])


def _multiple_of_identity(a: Fraction, size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [_q(a) if i == j else 0 for i in range(size) for j in range(size)])


def _block(matrix: fmpq_mat, rows: range, columns: range) -> fmpq_mat:
    return fmpq_mat(len(rows), len(columns), [matrix[i, j] for i in rows for j in columns])


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


def _fraction(value: fmpq) -> Fraction:
    return Fraction(int(value.p), int(value.q))
