"""Moments of fewer samples than features, kept as the samples themselves.

With X the n rows of features, Y the targets and f the share of one sample, C = f XᵀX, b = f XᵀY and
c = f Y·Y.  What the theory asks of n < d samples it can ask of the n × n matrix of their inner products,

    K = f X V^{-1} Xᵀ,   vᵀ(ρA + λ)^{-k}v = f Yᵀ K (ρK + λ)^{-k} Y,   vᵀA⁺v = f ‖P Y‖²,

where P projects on the range of X.  The d × d matrix is made only where somebody asks for its entries.

Samples are independent as far as one prime shows it: n of them, or n - 1 where their means were subtracted
and they add up to 0.  Then P Y = Y, and no rank is computed over the integers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from flint import arb, arb_mat, fmpz_mat

from symderive.arithmetic.exact import ball
from symderive.arithmetic.rational_systems import independent_columns, over_common, preimage
from symderive.arithmetic.symmetric import Factored, Symmetric
from symderive.arithmetic.turns import cached_property
from symderive.data.moments import Moments, reduced, require_spread


class WideMoments(Moments):
    """Moments of n < d samples; made by :meth:`Moments.from_samples`.

    Attributes
    ----------
    X, Y
        Integers of shape (n, d) and (n, 1): features and targets, less their means where those are
        subtracted, in a unit that they share.
    unit
        f > 0, with which the second moments of (x, y) are f (X, Y)ᵀ (X, Y).
    centered
        Whether the rows of X, and those of Y, add up to 0.
    """

    X: fmpz_mat
    Y: fmpz_mat
    unit: Fraction
    centered: bool

    def __init__(self, X: fmpz_mat, Y: fmpz_mat, unit: Fraction, centered: bool, **described: Any) -> None:
        """``described`` are the fields of :class:`Moments` beside ``gram`` and ``denominator``."""
        defaults = {"variances": None, "features": (), "target": "y", "source": "samples", "means": None}
        fields = {"X": X, "Y": Y, "unit": unit, "centered": centered, **defaults, **described}
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    # -- the samples -----------------------------------------------------------------------------------

    @property
    def samples(self) -> int:
        """n."""
        return int(self.X.nrows())

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return int(self.X.ncols())

    @cached_property
    def products(self) -> fmpz_mat:
        """X Xᵀ, the inner products of the samples."""
        return self.X * self.X.transpose()

    @cached_property
    def independent(self) -> list[int]:
        """The numbers of as many independent rows of X as there are."""
        return independent_columns(self.products, self.samples - self.centered)

    @cached_property
    def fitted(self) -> tuple[fmpz_mat, int]:
        """P Y, the targets that a linear function of x reaches, as integers over a common denominator.

        It is Gz with G = X Xᵀ and G²z = GY.
        """
        if len(self.independent) == self.samples - self.centered:
            return self.Y, 1
        G = self.products
        numerators, denominator = over_common(preimage(G * G, G * self.Y))
        return G * numerators, denominator

    @cached_property
    def right(self) -> fmpz_mat:
        """XᵀY, which is b over f."""
        return (self.Y.transpose() * self.X).transpose()

    # -- the moments -----------------------------------------------------------------------------------

    @cached_property
    def _reduced(self) -> tuple[fmpz_mat, int]:
        C, b = (self.X.transpose() * self.X).tolist(), self.right.entries()
        rows = [[*row, x] for row, x in zip(C, b, strict=True)]
        rows.append([*b, (self.Y.transpose() * self.Y)[0, 0]])
        return reduced(fmpz_mat(rows) * self.unit.numerator, self.unit.denominator)

    @property
    def gram(self) -> fmpz_mat:
        """The integer matrix of :class:`Moments`; of shape (d + 1, d + 1), made when it is asked for."""
        return self._reduced[0]

    @property
    def denominator(self) -> int:
        """Its denominator."""
        return self._reduced[1]

    @cached_property
    def c(self) -> Fraction:
        """E[y²], dimension target²."""
        return self.unit * sum(int(y) ** 2 for y in self.Y.entries())

    @property
    def cross_moments(self) -> list[Fraction]:
        """b = E[x y], exact."""
        return [self.unit * int(x) for x in self.right.entries()]

    @cached_property
    def explained(self) -> Fraction:
        """vᵀA⁺v, the part of c that a linear function of x explains; exact."""
        numerators, denominator = self.fitted
        return self.unit * sum(int(y) ** 2 for y in numerators.entries()) / denominator**2

    @cached_property
    def nullity(self) -> int:
        """The dimension of the null space of A; exact."""
        return self.dimension - len(self.independent)

    def power_moment(self, power: int) -> Fraction:
        """vᵀAᵏv for k ≥ 0, exact."""
        weights, scale = self.inverse_metric
        column = image = self.right
        for step in range(power + 1):
            if step:
                image = ((self.X * column).transpose() * self.X).transpose()
            column = image
            if self.variances is not None:
                column = fmpz_mat([[w * x] for w, x in zip(weights, image.entries(), strict=True)])
        value = int((self.right.transpose() * column)[0, 0])
        return Fraction(value, scale ** (power + 1)) * self.unit ** (power + 2)

    @cached_property
    def trace(self) -> Fraction:
        """tr A, exact; d where every feature was divided by its deviation."""
        if self.variances is not None:
            return Fraction(self.dimension)
        return self.unit * sum(int(self.products[i, i]) for i in range(self.samples))

    def operator(self) -> tuple[Symmetric, arb_mat]:
        """A as f FᵀF, and v, at the current precision; f is brought near 1 by a power of 4."""
        X, v = arb_mat(self.X), arb_mat(self.right) * ball(self.unit)
        if self.variances is not None:
            roots = [1 / ball(s).sqrt() for s in self.variances]
            X = arb_mat([[x * r for x, r in zip(row, roots, strict=True)] for row in X.tolist()])
            v = arb_mat([[x * r] for x, r in zip(v.entries(), roots, strict=True)])
        half = (self.unit.numerator.bit_length() - self.unit.denominator.bit_length()) // 2
        return Factored(X * arb(2) ** half, ball(self.unit / Fraction(4) ** half), ball(self.trace)), v

    @property
    def product_work(self) -> int:
        """Multiply-adds of A times a column."""
        return 2 * self.samples * self.dimension

    def kernel(self) -> arb_mat:
        """K at the current precision."""
        if self.variances is None:
            return arb_mat(self.products) * ball(self.unit)
        A, _ = self.operator()
        assert isinstance(A, Factored)
        return A.factor * A.factor.transpose() * A.unit

    def __reduce__(self) -> tuple[Any, ...]:
        names = ("variances", "features", "target", "source", "means")
        described = {name: getattr(self, name) for name in names}
        X, Y = ([[int(x) for x in row] for row in part.tolist()] for part in (self.X, self.Y))
        return _rebuilt, (type(self), X, Y, self.unit, self.centered, described)


def _rebuilt(
    cls: type[WideMoments],
    X: list[list[int]],
    Y: list[list[int]],
    unit: Fraction,
    centered: bool,
    described: dict[str, Any],
) -> WideMoments:
    return cls(fmpz_mat(X), fmpz_mat(Y), unit, centered, **described)


def wide_moments(
    table: fmpz_mat,
    scale: int,
    *,
    center: bool,
    standardize: bool,
    features: Sequence[str],
    **described: Any,
) -> WideMoments:
    """Moments of the rows (x, y) of an integer table over ``scale``, averages over n < d rows."""
    count, centered = int(table.nrows()), bool(center or standardize)
    unit, means = Fraction(1, count * scale**2), None
    if centered:
        sums = fmpz_mat(1, count, [1] * count) * table
        table = table * count - fmpz_mat(count, 1, [1] * count) * sums
        unit /= count**2
        means = tuple(Fraction(int(total), count * scale) for total in sums.entries())
    rows = table.tolist()
    X, Y = fmpz_mat([row[:-1] for row in rows]), fmpz_mat([[row[-1]] for row in rows])
    variances = None
    if standardize:
        squares = [sum(int(x) ** 2 for x in column) for column in X.transpose().tolist()]
        variances = tuple(unit * square for square in squares)
        require_spread(variances, features)
    return WideMoments(
        X, Y, unit, centered, variances=variances, features=tuple(features), means=means, **described
    )
