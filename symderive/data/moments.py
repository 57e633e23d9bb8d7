"""The data as the loss sees them: A = E[x xᵀ], v = E[x y], c = E[y²], exact.

The three are kept as one integer Gram matrix of (x, y) over a common denominator.  Standardizing the
features divides by square roots, which would leave the rationals; instead the variances are kept
beside the unscaled Gram matrix (``variances``).  With C, b the unscaled moments and V = diag(variances),

    A = V^{-1/2} C V^{-1/2},   v = V^{-1/2} b,
    vᵀ(ρA + λ)^{-k} v = bᵀ (ρC + λV)^{-1} [V (ρC + λV)^{-1}]^{k-1} b,

so every scalar of the theory stays rational and only m itself meets a square root.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import partial
from hashlib import sha256
from math import lcm
from typing import TYPE_CHECKING, Any

from flint import arb_mat, ctx, fmpz_mat

from symderive.arithmetic.exact import Exact, ball, rational
from symderive.arithmetic.rational_systems import independent_columns, preimage
from symderive.arithmetic.symmetric import Symmetric, Whole
from symderive.arithmetic.turns import cached_property
from symderive.data.averages import averages_of, require_addable, require_spread, sums_behind
from symderive.data.blocks import ColumnLike, Table, TableLike
from symderive.data.kept_samples import OfSamples, Samples, few_samples
from symderive.data.makers import Makers
from symderive.data.sums import Sums, without_constants
from symderive.errors import InputError
from symderive.notebooks import InNotebooks

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True, eq=False)
class Moments(Makers, InNotebooks):
    """Second moments of features x ∈ R^d and a scalar target y, exact.

    It is a kind of :class:`~symderive.data.interface.Data`.  Make one with :meth:`from_samples`,
    :meth:`from_chunks`, :meth:`from_csv`, :meth:`from_npz`, :meth:`from_parquet` or :meth:`given`.
    Moments of different samples add: ``m1 + m2`` are those of all samples, exactly.

    Attributes
    ----------
    gram : fmpz_mat
        Integer matrix of shape (d + 1, d + 1); ``gram / denominator`` is [[C, b], [bᵀ, c]], the
        second moments of (x, y) before standardizing.
    denominator : int
        Positive integer.
    variances : tuple of Fraction or None
        The d variances that the features are divided by, or None when they are not standardized.
    features : tuple of str
        Names of the features, for messages and tables.
    target : str
        Name of the target.
    source : str
        Where the data are from, in words.
    means : tuple of Fraction or None
        What centering subtracted: the d means of the features and that of the target; None without it.
    weight : Fraction or None
        What the averages divide by: the number of samples, or the sum of their weights; None where it is
        not known.
    notes : tuple of str
        What a reader left out, in sentences for people; two moments may be equal although theirs differ.
    first_moments : tuple of Fraction or None
        E x and E y of the data as they are kept, before standardizing, which an output bias asks for: 0
        where means were subtracted; None where they are not known.

    Examples
    --------
    >>> data = Moments.from_samples([[1], [3]], [1, 2], center=True)
    >>> data.A, data.v, data.c
    (Matrix([[1]]), Matrix([[1/2]]), Fraction(1, 4))
    """

    gram: fmpz_mat
    denominator: int
    variances: tuple[Fraction, ...] | None = None
    features: tuple[str, ...] = ()
    target: str = "y"
    source: str = field(default="given moments")
    means: tuple[Fraction, ...] | None = None
    weight: Fraction | None = None
    notes: tuple[str, ...] = ()
    first_moments: tuple[Fraction, ...] | None = None

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return int(self.gram.nrows()) - 1

    @cached_property
    def c(self) -> Fraction:
        """The second moment E[y²] of the target, dimension target²."""
        return self.entry(self.dimension, self.dimension)

    def entry(self, row: int, column: int) -> Fraction:
        """Entry of the Gram matrix [[C, b], [bᵀ, c]] before standardizing.

        Parameters
        ----------
        row, column : int
            Places from 0 to d; d is the target's.

        Returns
        -------
        Fraction
            The exact entry.
        """
        return Fraction(int(self.gram[row, column]), self.denominator)

    def split(self) -> tuple[fmpz_mat, fmpz_mat]:
        """C and b as matrices of integers.

        Returns
        -------
        tuple of fmpz_mat
            C of shape (d, d) and b of shape (d, 1), both times ``denominator``.
        """
        d = self.dimension
        entries = self.gram.tolist()
        return fmpz_mat([row[:d] for row in entries[:d]]), fmpz_mat([[row[d]] for row in entries[:d]])

    @property
    def cross_moments(self) -> list[Fraction]:
        """The d numbers b = E[x y] before standardizing, exact."""
        return [self.entry(i, self.dimension) for i in range(self.dimension)]

    @cached_property
    def explained(self) -> Fraction:
        """The part vᵀA⁺v of c that a linear function of x explains; exact."""
        w = preimage(*self.split())
        return sum((b * x for b, x in zip(self.cross_moments, w, strict=True)), start=Fraction(0))

    @cached_property
    def metric(self) -> tuple[Fraction, ...]:
        """The diagonal of V: the variances, or ones."""
        return self.variances or (Fraction(1),) * self.dimension

    @cached_property
    def inverse_metric(self) -> tuple[tuple[int, ...], int]:
        """Whole numbers w and s with V^{-1} = diag(w)/s."""
        scale = lcm(*(variance.numerator for variance in self.metric))
        return tuple(scale // x.numerator * x.denominator for x in self.metric), scale

    @cached_property
    def nullity(self) -> int:
        """The dimension of the null space of A, which C has too; exact."""
        return self.dimension - len(self.independent)

    @cached_property
    def independent(self) -> list[int]:
        """As many independent columns of C as there are."""
        return independent_columns(self.split()[0])

    @cached_property
    def v_norm_squared(self) -> Fraction:
        """‖v‖², exact."""
        return self.power_moment(0)

    def power_moment(self, power: int) -> Fraction:
        """The number vᵀAᵏv = bᵀ (V^{-1}C)^k V^{-1}b, exact.

        Parameters
        ----------
        power : int
            k ≥ 0.

        Returns
        -------
        Fraction
            The number, dimension target² times a power of that of A.
        """
        (gram, right), (weights, scale) = self.split(), self.inverse_metric
        column = right
        for step in range(power + 1):
            image = gram * column if step else column
            column = fmpz_mat([[w * x] for w, x in zip(weights, image.entries(), strict=True)])
        value = int((right.transpose() * column)[0, 0])
        return Fraction(value, self.denominator ** (power + 2) * scale ** (power + 1))

    @cached_property
    def diagonal(self) -> tuple[Fraction, ...]:
        """The diagonal of A, exact."""
        return tuple(self.entry(row, row) / self.metric[row] for row in range(self.dimension))

    @cached_property
    def trace(self) -> Fraction:
        """The trace of A, exact."""
        return sum(self.diagonal, start=Fraction(0))

    @property
    def eigenvalue_bound(self) -> Fraction:
        """The trace of A, which bounds its eigenvalues, for none is negative."""
        return self.trace

    @property
    def has_known_axes(self) -> bool:
        """False: the coordinates are the features, whatever A."""
        return False

    def balls(self) -> tuple[arb_mat, arb_mat]:
        """A and v as balls at FLINT's current precision; those of the last one are kept.

        Returns
        -------
        tuple of arb_mat
            A of shape (d, d) and v of shape (d, 1).
        """
        if (kept := self._last_balls.get("kept")) and kept[0] == ctx.prec:
            return kept[1], kept[2]
        A, v = (arb_mat(part) / self.denominator for part in self.split())
        if self.variances:
            roots = [ball(s).sqrt() for s in self.variances]
            for i, r in enumerate(roots):
                v[i, 0] /= r
                for j in range(i + 1):
                    A[i, j] = A[j, i] = A[i, j] / (r * roots[j])
        self._last_balls["kept"] = ctx.prec, A, v
        return A, v

    @property
    def product_work(self) -> int:
        """Multiply-adds of A, in the form of :meth:`operator`, times a column."""
        return self.dimension**2

    @cached_property
    def _last_balls(self) -> dict[str, tuple[int, arb_mat, arb_mat]]:
        return {}

    def operator(self) -> tuple[Symmetric, arb_mat]:
        """The same as :meth:`balls`, A as an operator.

        Returns
        -------
        tuple of Symmetric and arb_mat
            A as an operator, and v of shape (d, 1).
        """
        A, v = self.balls()
        return Whole(A), v

    @property
    def A(self) -> sympy.ImmutableMatrix:
        """The matrix E[x xᵀ] as an exact SymPy matrix of shape (d, d)."""
        import sympy as sp

        roots = self._sympy_scales()
        return sp.ImmutableMatrix(
            self.dimension, self.dimension, lambda i, j: self._sympy_entry(i, j) / (roots[i] * roots[j])
        )

    @property
    def v(self) -> sympy.ImmutableMatrix:
        """The column E[x y] as an exact SymPy matrix of shape (d, 1)."""
        import sympy as sp

        roots = self._sympy_scales()
        return sp.ImmutableMatrix(
            self.dimension, 1, lambda i, _: self._sympy_entry(i, self.dimension) / roots[i]
        )

    def _sympy_scales(self) -> list[sympy.Expr]:
        import sympy as sp

        return [sp.sqrt(sp.Rational(s.numerator, s.denominator)) for s in self.metric]

    def _sympy_entry(self, row: int, column: int) -> sympy.Expr:
        import sympy as sp

        return sp.Rational(int(self.gram[row, column]), self.denominator)

    def record(self) -> dict[str, Any]:
        """The exact numbers as JSON takes them.

        Returns
        -------
        dict
            The lower triangle of ``gram``, the denominator, and the diagonal of V.
        """
        return {
            "gram": [row[: i + 1] for i, row in enumerate(self._rows())],
            "denominator": self.denominator,
            "metric": [str(s) for s in self.metric],
        }

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the exact numbers, in hexadecimal."""
        return sha256(repr((self._rows(), self.denominator, self.variances)).encode()).hexdigest()

    @property
    def description(self) -> str:
        """Number of features, source and treatment."""
        return repr(self)

    def __repr__(self) -> str:
        scaled = ", standardized" if self.variances else ""
        return f"Moments({self.dimension} feature{'s' * (self.dimension != 1)} from {self.source}{scaled})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Moments) and self._exact() == other._exact()

    def __hash__(self) -> int:
        """Of the moments of the target: FLINT's matrices have no hash, and these d + 1 numbers will do."""
        return hash((self.c, *self.cross_moments))

    def __reduce__(self) -> tuple[Any, ...]:
        """For processes to be handed moments: FLINT's matrices do not pickle, integers do."""
        *fields, first = self._exact()
        return _rebuilt, (type(self), *fields, self.notes, first)

    def _exact(self) -> tuple[Any, ...]:
        """All that equal moments share, in the order of the fields."""
        names = (self.features, self.target, self.source)
        rest = self.means, self.weight, self.first_moments
        return self._rows(), self.denominator, self.variances, *names, *rest

    def _rows(self) -> list[list[int]]:
        """``gram`` in Python's integers."""
        return [[int(x) for x in row] for row in self.gram.tolist()]

    # -- makers ------------------------------------------------------------------------------------

    @classmethod
    def given(
        cls,
        A: TableLike,
        v: ColumnLike,
        c: Exact,
        *,
        means: ColumnLike | None = None,
        weight: Exact | None = None,
    ) -> Moments:
        """Moments from a triple of rational numbers.

        Parameters
        ----------
        A : array_like
            E[x xᵀ], shape (d, d).
        v : array_like
            E[x y], d numbers.
        c : Exact
            E[y²].
        means : array_like, optional
            E x and E y, d + 1 numbers, which an output bias asks for.
        weight : Exact, optional
            The number of samples that they are averages of, which they need to be added to others.

        Returns
        -------
        Moments
            The triple, checked.

        Raises
        ------
        InputError
            Unless [[A, v], [vᵀ, c]], also less the products of the means, is positive semidefinite, which
            is decided exactly: only such triples are moments of some data.

        Examples
        --------
        >>> Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1).v_norm_squared
        Fraction(1, 2)
        """
        from symderive.data.given import means_of, triple_of

        gram, denominator, names = triple_of(A, v, c)
        total = None if weight is None else rational(weight, "weight")
        if total is not None and total <= 0:
            raise InputError(f"weight is {total}; give the number of samples.")
        first = None if means is None else means_of(means, gram, denominator)
        return cls(gram, denominator, features=names, weight=total, first_moments=first)

    @classmethod
    def from_table(
        cls, table: Table, *, center: bool = False, standardize: bool = False, drop_constant: bool = False
    ) -> Moments:
        """Moments of a table as the readers hand it over, block by block.

        Parameters
        ----------
        table : Table
            Names, and samples in blocks; it is gone through once.
        center, standardize, drop_constant : bool, optional
            As :meth:`from_samples` takes them.

        Returns
        -------
        Moments
            Of all samples in the table.

        Raises
        ------
        InputError
            For a table of several targets, and for what :meth:`from_samples` refuses.
        """
        _ = table.target  # refused before it is read, where there are several
        samples, table = few_samples(table, center=center or standardize, drop_constant=drop_constant)
        if samples is not None:
            return WideMoments.of(samples, table, standardize=standardize)
        sums = Sums.of(table.blocks, len(table.features) + 1)
        if drop_constant:
            sums, table = without_constants(sums, table)
        return cls._of_sums(sums, table, center=center, standardize=standardize)

    @classmethod
    def _of_sums(cls, sums: Sums, table: Table, *, center: bool, standardize: bool) -> Moments:
        """Averages from sums; of the table its names, source and notes."""
        found = averages_of(sums, table.features, table.source, center=center, standardize=standardize)
        return cls(
            found.gram,
            found.denominator,
            found.variances,
            table.features,
            table.target,
            table.source,
            found.means,
            found.weight,
            table.notes,
            found.first,
        )

    def __add__(self, other: Moments | int) -> Moments:
        """The moments of all samples of both, exactly; ``sum`` adds many.

        Both are treated alike: centered moments give those about the means of all samples, standardized
        ones are divided by the deviations of all.  Raises :class:`InputError` where they do not fit
        together.

        >>> first, second = ([[1], [3]], [1, 2]), ([[5], [7]], [4, 4])
        >>> both = Moments.from_samples(*first, center=True) + Moments.from_samples(*second, center=True)
        >>> both == Moments.from_chunks([first, second], center=True)
        True
        """
        if not isinstance(other, Moments):
            return self if other == 0 else NotImplemented
        parts = (self, other)
        require_addable(*parts)
        sums = [sums_behind(part) for part in parts]
        source = self.source if self.source == other.source else "several sources"
        notes = tuple(dict.fromkeys([*self.notes, *other.notes]))
        both = Moments._of_sums(
            sums[0] + sums[1],
            Table(self.features, (self.target,), (), source, notes),
            center=self.means is not None,
            standardize=self.variances is not None,
        )
        known = all(part.first_moments is not None for part in parts)
        return both if known else replace(both, first_moments=None)

    __radd__ = __add__


@dataclass(frozen=True, eq=False, repr=False)
class WideMoments(OfSamples, Moments):
    """Moments of fewer samples than features, kept as samples; ``gram`` is made when it is asked for.

    ``beyond`` is what noise of the target adds to c.
    """

    gram: fmpz_mat = field(init=False)
    denominator: int = field(init=False)
    samples: Samples = field(kw_only=True)
    beyond: Fraction = field(default=Fraction(0), kw_only=True)

    @classmethod
    def of(cls, samples: Samples, table: Table, *, standardize: bool) -> WideMoments:
        """Of all samples of ``table``, which gives names, source and notes."""
        variances = samples.column_squares() if standardize else None
        if variances is not None:
            require_spread(variances, table.features)
        names, weight = (table.features, table.target, table.source), Fraction(samples.count)
        averages = samples.averages()
        return cls(variances, *names, samples.means, weight, table.notes, averages, samples=samples)

    def __reduce__(self) -> tuple[Any, ...]:
        """The samples, which are fewer numbers than ``gram`` has."""
        fields = (self.variances, self.features, self.target, self.source)
        rest = self.means, self.weight, self.notes, self.first_moments
        return partial(type(self), samples=self.samples, beyond=self.beyond), (*fields, *rest)


def _rebuilt(cls: type[Moments], rows: list[list[int]], *rest: Any) -> Moments:
    return cls(fmpz_mat(rows), *rest)
