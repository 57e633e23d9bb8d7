"""The data of a network with several outputs: A = E[x xᵀ], V = E[y xᵀ] and c = E‖y‖², exact.

Where A = aI the singular values of V decouple the problem at any depth (see
:mod:`symderive.outputs.landscape`); general inputs can be whitened, x → A^{-1/2}x.  That leaves the
rationals, but the squares of the singular values are then the eigenvalues of V A^{-1} Vᵀ, which does not.
Standardizing divides by square roots, too, and is kept apart, as :class:`~symderive.data.moments.Moments`
keep it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from flint import arb, arb_mat, fmpq, fmpq_mat

from symderive.arithmetic.definiteness import is_positive_semidefinite
from symderive.arithmetic.exact import TURN, Exact, ball, from_flint, rational, to_flint, working_precision
from symderive.arithmetic.polynomial_roots import descending_roots
from symderive.arithmetic.precision import sharpen
from symderive.arithmetic.rational_systems import preimages
from symderive.arithmetic.turns import cached_property
from symderive.data.averages import averages_of
from symderive.data.blocks import ColumnLike, Table, TableLike
from symderive.data.makers import FileMakers
from symderive.data.sums import Sums, without_constants
from symderive.errors import InputError
from symderive.notebooks import InNotebooks

#: Bits at which singular values are first put in order; doubled until they are apart.
START_BITS = 128


@dataclass(frozen=True)
class SingularSquare:
    """A squared singular value s², exact: a positive eigenvalue of a V A^{-1} Vᵀ with its multiplicity.

    Attributes
    ----------
    coefficients : tuple of int
        Of the irreducible polynomial that has s² as a root, constant first; all its roots are positive.
    place : int
        The place of s² among them, counted from the largest.
    multiplicity : int
        How often it is an eigenvalue.
    """

    coefficients: tuple[int, ...]
    place: int
    multiplicity: int

    @property
    def rational(self) -> Fraction | None:
        """The value of s² where it is rational, else None."""
        if len(self.coefficients) > 2:
            return None
        return Fraction(-self.coefficients[0], self.coefficients[1])

    def ball(self, bits: int) -> arb:
        """The value of s² as a ball; balls of different roots of one polynomial do not overlap.

        Parameters
        ----------
        bits : int
            Bits that are good, about.

        Returns
        -------
        arb
            A ball that holds s².
        """
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
class OutputMoments(FileMakers, InNotebooks):
    """Second moments of inputs x ∈ R^d and several targets y ∈ R^o, exact.

    Make one with :meth:`given`, :meth:`from_samples`, :meth:`from_csv`, :meth:`from_npz`,
    :meth:`from_parquet` or :meth:`autoencoder`.

    Attributes
    ----------
    A : fmpq_mat
        E[x xᵀ], shape (d, d), of the inputs as given, before they are standardized or whitened.
    V : fmpq_mat
        E[y xᵀ], shape (o, d), of the same inputs.
    c : Fraction
        E‖y‖², dimension target².
    variances : tuple of Fraction or None
        What the inputs are divided by the square roots of, None where they are not standardized.
    whitened : bool
        Whether the network sees A^{-1/2}x (the symmetric root) instead of x.
    source : str
        Where the data are from.
    features : tuple of str
        Names of the d inputs; empty for given moments.
    targets : tuple of str
        Names of the o outputs; empty for given moments.
    weight : Fraction or None
        What the averages divide by; None where it is not known.
    notes : tuple of str
        Sentences about what was left out of a file.

    Examples
    --------
    >>> data = OutputMoments.given(1, [[2, 0], [0, 1]], 6)
    >>> data.outputs, data.unexplained
    (2, Fraction(1, 1))
    """

    A: fmpq_mat
    V: fmpq_mat
    c: Fraction
    variances: tuple[Fraction, ...] | None = None
    whitened: bool = False
    source: str = "given moments"
    features: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    weight: Fraction | None = None
    notes: tuple[str, ...] = ()

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return int(self.V.ncols())

    @property
    def outputs(self) -> int:
        """Number of outputs o."""
        return int(self.V.nrows())

    @cached_property
    def is_isotropic(self) -> bool:
        """Whether the network sees inputs with E[x xᵀ] = aI, a > 0; exact."""
        if self.whitened:
            return True
        metric = self.variances or (Fraction(1),) * self.dimension
        a = self._first_eigenvalue
        scaled = [
            [to_flint(a * s) if i == j else 0 for j in range(len(metric))] for i, s in enumerate(metric)
        ]
        return a > 0 and fmpq_mat(scaled) == self.A

    @property
    def eigenvalue(self) -> Fraction:
        """The number a of E[x xᵀ] = aI, 1 where the inputs are whitened.

        Raises
        ------
        InputError
            For inputs that are not isotropic.
        """
        if not self.is_isotropic:
            raise InputError("the inputs are not white: A is not a multiple of the identity; whiten them.")
        return Fraction(1) if self.whitened else self._first_eigenvalue

    @property
    def _first_eigenvalue(self) -> Fraction:
        return from_flint(self.A[0, 0]) / (self.variances[0] if self.variances else 1)

    def balls(self) -> tuple[arb_mat, arb_mat]:
        """A and V of inputs that are not whitened, at FLINT's current precision.

        Returns
        -------
        tuple of arb_mat
            E[x xᵀ] of shape (d, d) and E[y xᵀ] of shape (o, d).
        """
        if self.whitened:
            raise ValueError("whitened inputs are for their singular values")
        A, V = arb_mat(self.A), arb_mat(self.V)
        if self.variances is None:
            return A, V
        d = self.dimension
        scale = arb_mat(d, d)
        for i, variance in enumerate(self.variances):
            scale[i, i] = 1 / ball(variance).sqrt()
        return scale * A * scale, V * scale

    def whiten(self) -> OutputMoments:
        """The same data with inputs A^{-1/2}x.

        Returns
        -------
        OutputMoments
            Those that the network then sees.

        Raises
        ------
        InputError
            Where the inputs are linearly dependent.
        """
        if self.A.det() == 0:
            raise InputError("the inputs are linearly dependent and cannot be whitened; drop some of them.")
        return replace(self, variances=None, whitened=True)

    # -- makers ------------------------------------------------------------------------------------

    @classmethod
    def given(cls, A: TableLike | Exact, V: TableLike, c: Exact) -> OutputMoments:
        """Moments that are given as rational numbers.

        Parameters
        ----------
        A : array_like or Exact
            E[x xᵀ], shape (d, d), or a number a > 0 for aI.
        V : array_like
            E[y xᵀ], shape (o, d).
        c : Exact
            E‖y‖².

        Returns
        -------
        OutputMoments
            The triple, checked.

        Raises
        ------
        InputError
            For numbers that are no moments of any data: A is positive semidefinite, the rows of V are in
            its range, and c ≥ tr V A⁺ Vᵀ, all of which is decided exactly.

        Examples
        --------
        >>> OutputMoments.given(1, [[2, 0], [0, 1]], 6).outputs
        2
        >>> OutputMoments.given([[2, 1], [1, 2]], [[1, 0], [1, 1], [0, 1]], 6).is_isotropic
        False
        """
        from symderive.data.reading.values import fractions_of, matrix_of

        table = fractions_of(matrix_of(V, "V"))
        if not table or not table[0]:
            raise InputError("V has no rows or no columns; give at least one output of one feature.")
        d = len(table[0])
        if not isinstance(A, str) and (hasattr(A, "__iter__") or hasattr(A, "tolist")):
            second = _symmetric(fractions_of(matrix_of(A, "A")), d)
        else:
            a = rational(A, "the eigenvalue")
            if a <= 0:
                raise InputError(f"the eigenvalue is {a}; give a positive one, of inputs with A = aI.")
            second = fmpq_mat(d, d, [to_flint(a) if i == j else 0 for i in range(d) for j in range(d)])
        moments = cls(second, _matrix(table), rational(c, "c"))
        moments._require_valid()
        return moments

    @classmethod
    def from_samples(
        cls,
        X: TableLike,
        Y: TableLike,
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        whiten: bool = False,
        sample_weight: ColumnLike | None = None,
        source: str = "samples",
    ) -> OutputMoments:
        """Moments of n samples in memory; averages are over n, exactly.

        Parameters
        ----------
        X : array_like
            Inputs of shape (n, d), of any kind that :meth:`Moments.from_samples` takes.
        Y : array_like or list of str
            Targets of shape (n, o), likewise; or names of columns of a data frame X.
        center : bool, optional
            Subtract all means.
        standardize : bool, optional
            Center, and divide every feature by its standard deviation (divisor n).
        drop_constant : bool, optional
            Leave out the features that have the same value in every row that counts.
        whiten : bool, optional
            Hand the network A^{-1/2}x (the symmetric root) instead of x, whichever units x has, which makes
            a = 1.
        sample_weight : array_like or str, optional
            What each row counts, at least 0.
        source : str, optional
            Where the samples are from, for tables.

        Returns
        -------
        OutputMoments
            The exact averages.

        Raises
        ------
        InputError
            For tables that do not fit, and for inputs that are to be whitened and cannot be.
        """
        from symderive.data.reading.samples import output_samples_of

        table = output_samples_of(X, Y, sample_weight, source=source)
        moments = cls.from_table(table, center=center, standardize=standardize, drop_constant=drop_constant)
        # What is white already stays in its own unit.
        return moments if not whiten or moments.is_isotropic else moments.whiten()

    @classmethod
    def autoencoder(
        cls,
        X: TableLike,
        *,
        center: bool = False,
        sample_weight: ColumnLike | None = None,
        source: str = "samples",
    ) -> OutputMoments:
        """Features that reconstruct themselves: V = A and c = tr A, exact.

        Parameters
        ----------
        X : array_like
            Features of shape (n, d), of any kind that :meth:`Moments.from_samples` takes.
        center : bool, optional
            Subtract all means.
        sample_weight : array_like or str, optional
            What each row counts, at least 0.
        source : str, optional
            Where the samples are from, for tables.

        Returns
        -------
        OutputMoments
            With the features as targets.

        Notes
        -----
        There is no ``standardize``: divide the columns of X by rational numbers beforehand.

        Examples
        --------
        >>> data = OutputMoments.autoencoder([[1, 0], [0, 2], [1, 1]])
        >>> data.V == data.A, data.c
        (True, Fraction(7, 3))
        """
        return cls.from_samples(X, X, center=center, sample_weight=sample_weight, source=source)

    @classmethod
    def from_table(
        cls, table: Table, *, center: bool = False, standardize: bool = False, drop_constant: bool = False
    ) -> OutputMoments:
        """Moments of a table as the readers hand it over, block by block.

        Parameters
        ----------
        table : Table
            Names, and samples in blocks; it is gone through once.
        center, standardize, drop_constant : bool, optional
            As :meth:`from_samples` takes them.

        Returns
        -------
        OutputMoments
            Of all samples in the table.
        """
        sums = Sums.of(table.blocks, len(table.features) + len(table.targets))
        if drop_constant:
            sums, table = without_constants(sums, table)
        found = averages_of(sums, table.features, table.source, center=center, standardize=standardize)
        d = len(table.features)
        rows = (fmpq_mat(found.gram) / found.denominator).tolist()
        return cls(
            fmpq_mat([row[:d] for row in rows[:d]]),
            fmpq_mat([row[:d] for row in rows[d:]]),
            from_flint(sum((rows[i][i] for i in range(d, len(rows))), fmpq(0))),
            found.variances,
            source=table.source,
            features=table.features,
            targets=table.targets,
            weight=found.weight,
            notes=table.notes,
        )

    # -- what follows from them --------------------------------------------------------------------

    @cached_property
    def kernel(self) -> fmpq_mat:
        """The rational matrix a V A^{-1} Vᵀ, or a A^{-1} Vᵀ V if that is smaller, with eigenvalues s²."""
        turned = self.V.transpose()
        if self.whitened:
            turned = self.A.inv() * turned
        elif self.variances:
            entries = turned.tolist()
            turned = fmpq_mat(
                [[x / to_flint(s) for x in row] for row, s in zip(entries, self.variances, strict=True)]
            )
        return self.V * turned if self.outputs <= self.dimension else turned * self.V

    @cached_property
    def singular_squares(self) -> tuple[SingularSquare, ...]:
        """The distinct s² > 0 in decreasing order, with exact multiplicities; for A = aI."""
        return squares_of(self.kernel)

    @cached_property
    def explained(self) -> Fraction:
        """The part tr V A⁺ Vᵀ of c that a linear function of x explains; exact, in any unit of x."""
        if self.is_isotropic:
            kernel = self.kernel
            trace = sum((kernel[i, i] for i in range(kernel.nrows())), fmpq(0))
            return from_flint(trace) / self.eigenvalue
        gram, denominator = self.A.numer_denom()
        right, scale = self.V.transpose().numer_denom()
        weights, divisor = preimages(gram, right)
        pairs = zip(weights.entries(), right.entries(), strict=True)
        total = sum((int(x) * int(y) for x, y in pairs), 0)
        return Fraction(total * int(denominator), divisor * int(scale) ** 2)

    @property
    def unexplained(self) -> Fraction:
        """The loss c - tr V A⁺ Vᵀ ≥ 0 of least squares; exact."""
        return self.c - self.explained

    def _require_valid(self) -> None:
        numerators = self.A.numer_denom()[0]
        if not self.is_isotropic and not is_positive_semidefinite(numerators):
            raise InputError("A is not positive semidefinite; E[x xᵀ] has no negative eigenvalue.")
        both = fmpq_mat([*self.A.tolist(), *self.V.tolist()])
        if not self.is_isotropic and both.rank() > self.A.rank():
            raise InputError("a row of V is not in the range of A; E[y xᵀ] always is: they do not fit.")
        if self.unexplained < 0:
            raise InputError(
                f"c is {self.c}, less than the part tr V A⁺ Vᵀ = {self.explained} that x explains."
            )

    def __repr__(self) -> str:
        how = ", whitened" if self.whitened else ", standardized" if self.variances else ""
        return f"OutputMoments({self.dimension} features, {self.outputs} outputs from {self.source}{how})"


class AnyMoments(FileMakers):
    """Makes :class:`~symderive.data.moments.Moments` of files with one target, and :class:`OutputMoments`
    of those with several."""

    @classmethod
    def from_table(cls, table: Table, **treatment: bool) -> Any:
        """Moments of either kind."""
        from symderive.data.moments import Moments

        return (Moments if len(table.targets) == 1 else OutputMoments).from_table(table, **treatment)


def _matrix(table: Sequence[Sequence[Fraction]]) -> fmpq_mat:
    return fmpq_mat([[to_flint(x) for x in row] for row in table])


def _symmetric(rows: list[list[Fraction]], size: int) -> fmpq_mat:
    """A as a matrix; :class:`InputError` unless it is symmetric and fits V."""
    if len(rows) != size or any(len(row) != size for row in rows):
        raise InputError(
            f"A has {len(rows)} rows of {len(rows[0]) if rows else 0} and V has {size} columns; give a "
            "square A of that size."
        )
    for i in range(size):
        for j in range(i):
            if rows[i][j] != rows[j][i]:
                raise InputError(f"A[{i}][{j}] and A[{j}][{i}] differ; a second moment is symmetric.")
    return _matrix(rows)
