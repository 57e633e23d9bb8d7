"""Fewer samples than features, kept as they are in whole numbers.

With X the n rows of features, Y the targets and f the share of one sample, C = f XᵀX, b = f XᵀY and
c = f Y·Y.  What the theory asks of n < d samples it can ask of the n × n matrix of their inner products,

    K = f X V^{-1} Xᵀ,   vᵀ(ρA + λ)^{-k}v = f Yᵀ K (ρK + λ)^{-k} Y,   vᵀA⁺v = f ‖P Y‖²,

where P projects on the range of X.  The d × d matrix is made only where somebody asks for its entries.

Samples are independent as far as one prime shows it: n of them, or n - 1 where their means were subtracted
and they add up to 0.  Then P Y = Y, and no rank is computed over the integers.

Samples of different weights are not kept: their inner products would hold square roots of the weights.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd, isqrt, lcm
from typing import Any

from flint import arb, arb_mat, fmpz_mat

from symderive.arithmetic.doubles import DOUBLE_BITS
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.rational_systems import independent_columns, over_common, preimage
from symderive.arithmetic.symmetric import Factored, Symmetric
from symderive.arithmetic.turns import cached_property
from symderive.data.blocks import DIGITS, Block, Columns, Decimals, Floats, Integers, Table
from symderive.data.sums import left_of, reduced

#: Bits up to which entries are kept as balls, too: FLINT has them in place.
SHORT_BITS = 128

#: Where the exponent of floats is looked for; those of the largest are below it.
LEAST = 1024


@dataclass(frozen=True, eq=False)
class Samples:
    """n samples of d features.

    Attributes
    ----------
    X, Y
        Integers of shape (n, d) and (n, 1): features and targets, less their means where those are
        subtracted, in a unit that they share.
    unit
        f > 0, with which the second moments of (x, y) are f (X, Y)ᵀ (X, Y).
    means
        What was subtracted, the target's mean last; None where nothing was.  The rows of X, and those of Y,
        then add up to 0.
    """

    X: fmpz_mat
    Y: fmpz_mat
    unit: Fraction
    means: tuple[Fraction, ...] | None

    @property
    def count(self) -> int:
        """n."""
        return int(self.X.nrows())

    def __reduce__(self) -> tuple[Any, ...]:
        """FLINT's matrices do not pickle, integers do."""
        X, Y = ([[int(x) for x in row] for row in part.tolist()] for part in (self.X, self.Y))
        return _rebuilt, (X, Y, self.unit, self.means)

    @cached_property
    def products(self) -> fmpz_mat:
        """X Xᵀ, the inner products of the samples."""
        return self.X * self.X.transpose()

    @cached_property
    def independent(self) -> list[int]:
        """The numbers of as many independent rows of X as there are."""
        return independent_columns(self.products, self._most)

    @property
    def _most(self) -> int:
        """So many rows of X are independent at most."""
        return self.count - (self.means is not None)

    @cached_property
    def fitted(self) -> tuple[fmpz_mat, int]:
        """P Y, the targets that a linear function of x reaches, as integers over a common denominator.

        It is Gz with G = X Xᵀ and G²z = GY.
        """
        if len(self.independent) == self._most:
            return self.Y, 1
        G = self.products
        numerators, denominator = over_common(preimage(G * G, G * self.Y))
        return G * numerators, denominator

    @cached_property
    def right(self) -> fmpz_mat:
        """XᵀY, which is b over f."""
        return (self.Y.transpose() * self.X).transpose()

    def gram(self) -> tuple[fmpz_mat, int]:
        """f (X, Y)ᵀ (X, Y) as an integer matrix over a denominator, in lowest terms."""
        C, b = (self.X.transpose() * self.X).tolist(), self.right.entries()
        rows = [[*row, x] for row, x in zip(C, b, strict=True)]
        rows.append([*b, (self.Y.transpose() * self.Y)[0, 0]])
        return reduced(fmpz_mat(rows) * self.unit.numerator, self.unit.denominator)

    def column_squares(self) -> tuple[Fraction, ...]:
        """The diagonal of C, exact."""
        return tuple(self.unit * sum(int(x) ** 2 for x in column) for column in self.X.transpose().tolist())

    def averages(self) -> tuple[Fraction, ...]:
        """The averages of x and y as they are kept: 0 where their means were subtracted."""
        share = self.unit / self.count  # the square of the unit of X and Y, over n²
        unit = Fraction(isqrt(share.numerator), isqrt(share.denominator))
        parts = (self.X, self.Y)
        return tuple(unit * sum(map(int, column)) for part in parts for column in part.transpose().tolist())

    def image(self, column: fmpz_mat) -> fmpz_mat:
        """XᵀX times a column."""
        return ((self.X * column).transpose() * self.X).transpose()

    @cached_property
    def _short(self) -> arb_mat | None:
        """X exactly, for all precisions; None where its entries are long."""
        entries = self.X.entries()
        most = max(max(entries), -min(entries))
        if int(most) >> SHORT_BITS:
            return None
        with TURN, working_precision(SHORT_BITS):
            return arb_mat(self.X) * arb(2) ** self._half

    @property
    def _half(self) -> int:
        """Half the exponent of the unit."""
        return (self.unit.numerator.bit_length() - self.unit.denominator.bit_length()) // 2

    def factored(self, variances: Sequence[Fraction] | None, trace: Fraction) -> Factored:
        """A as f FᵀF at the current precision; f is brought near 1 by a power of 4."""
        F = self._short if variances is None else None
        if F is None:
            F = arb_mat(self.X) * arb(2) ** self._half
        if variances is not None:
            roots = [1 / ball(s).sqrt() for s in variances]
            F = arb_mat([[x * r for x, r in zip(row, roots, strict=True)] for row in F.tolist()])
        return Factored(F, ball(self.unit / Fraction(4) ** self._half), ball(trace))


def _rebuilt(X: Any, Y: Any, unit: Fraction, means: tuple[Fraction, ...] | None) -> Samples:
    return Samples(fmpz_mat(X), fmpz_mat(Y), unit, means)


class OfSamples:
    """The part of :class:`~symderive.data.moments.WideMoments` that looks at the samples."""

    samples: Samples
    beyond: Fraction
    variances: tuple[Fraction, ...] | None
    inverse_metric: tuple[tuple[int, ...], int]

    @property
    def dimension(self) -> int:
        """Number of features d."""
        return int(self.samples.X.ncols())

    @cached_property
    def _gram(self) -> tuple[fmpz_mat, int]:
        gram, denominator = self.samples.gram()
        if self.beyond:
            share = self.beyond * denominator
            gram, denominator = gram * share.denominator, denominator * share.denominator
            gram[self.dimension, self.dimension] += share.numerator
        return gram, denominator

    @property
    def gram(self) -> fmpz_mat:
        """The integer matrix of :class:`~symderive.data.moments.Moments`, made when it is asked for."""
        return self._gram[0]

    @property
    def denominator(self) -> int:
        """Its denominator."""
        return self._gram[1]

    @cached_property
    def c(self) -> Fraction:
        """E[y²], dimension target²."""
        return self.samples.unit * sum(int(y) ** 2 for y in self.samples.Y.entries()) + self.beyond

    @cached_property
    def diagonal(self) -> tuple[Fraction, ...]:
        """The diagonal of A, exact."""
        if self.variances is not None:
            return (Fraction(1),) * self.dimension
        return self.samples.column_squares()

    @property
    def cross_moments(self) -> list[Fraction]:
        """b = E[x y] before standardizing, exact."""
        return [self.samples.unit * int(x) for x in self.samples.right.entries()]

    @cached_property
    def explained(self) -> Fraction:
        """vᵀA⁺v, the part of c that a linear function of x explains; exact."""
        numerators, denominator = self.samples.fitted
        return self.samples.unit * sum(int(y) ** 2 for y in numerators.entries()) / denominator**2

    @cached_property
    def nullity(self) -> int:
        """The dimension of the null space of A; exact."""
        return self.dimension - len(self.samples.independent)

    def power_moment(self, power: int) -> Fraction:
        """vᵀAᵏv for k ≥ 0, exact."""
        samples, (weights, scale) = self.samples, self.inverse_metric
        column = image = samples.right
        for step in range(power + 1):
            if step:
                image = samples.image(column)
            column = image
            if self.variances is not None:
                column = fmpz_mat([[w * x] for w, x in zip(weights, image.entries(), strict=True)])
        value = int((samples.right.transpose() * column)[0, 0])
        return Fraction(value, scale ** (power + 1)) * samples.unit ** (power + 2)

    @cached_property
    def trace(self) -> Fraction:
        """tr A, exact; d where every feature was divided by its deviation."""
        if self.variances is not None:
            return Fraction(self.dimension)
        products = self.samples.products
        return self.samples.unit * sum(int(products[i, i]) for i in range(self.samples.count))

    def operator(self) -> tuple[Symmetric, arb_mat]:
        """A in thin factors, and v, at the current precision."""
        v = arb_mat(self.samples.right) * ball(self.samples.unit)
        if self.variances is not None:
            pairs = zip(v.entries(), self.variances, strict=True)
            v = arb_mat([[x / ball(s).sqrt()] for x, s in pairs])
        return self.samples.factored(self.variances, self.trace), v

    @property
    def product_work(self) -> int:
        """Multiply-adds of A, in the form of :meth:`operator`, times a column."""
        return 2 * self.samples.count * self.dimension

    def kernel(self) -> arb_mat:
        """K at the current precision."""
        if self.variances is None:
            return arb_mat(self.samples.products) * ball(self.samples.unit)
        thin = self.samples.factored(self.variances, self.trace)
        return thin.factor * thin.factor.transpose() * thin.unit


def few_samples(table: Table, *, center: bool, drop_constant: bool = False) -> tuple[Samples | None, Table]:
    """The samples of a table, less their means if asked for, if they are fewer than the features and weigh
    the same; else None.  With the table, which can be gone through as before.
    """
    held: list[Block] = []
    count, blocks = 0, iter(table.blocks)
    for block in blocks:
        held.append(block)
        count += block.rows
        if count >= len(table.features) or block.weights is not None:
            break
    again = replace(table, blocks=_in_turn(held, blocks))
    if count == 0 or count >= len(table.features) or held[-1].weights is not None:
        return None, again
    rows, scale = _whole_rows(held)
    rest = table
    if drop_constant and (constant := {i for i in range(len(table.features)) if _is_constant(rows, i)}):
        rest = left_of(table, constant)
        if count >= len(rest.features):
            return None, again
        rows = [[x for i, x in enumerate(row) if i not in constant] for row in rows]
    return _samples(rows, scale, center=center), rest


def _in_turn(held: list[Block], blocks: Iterable[Block]) -> Iterator[Block]:
    """What is held, and then the others; nothing is held longer than it takes."""
    held.reverse()
    while held:
        yield held.pop()
    yield from blocks


def _is_constant(rows: Sequence[Sequence[int]], column: int) -> bool:
    return all(row[column] == rows[0][column] for row in rows)


def _samples(rows: Sequence[Sequence[int]], scale: Fraction, *, center: bool) -> Samples:
    """Samples of the rows (x, y), times ``scale``."""
    count, unit, means = len(rows), scale**2 / len(rows), None
    X, Y = fmpz_mat([row[:-1] for row in rows]), fmpz_mat([row[-1:] for row in rows])
    if center:
        ones = fmpz_mat(count, 1, [1] * count)
        sums = [ones.transpose() * part for part in (X, Y)]
        X, Y = (part * count - ones * total for part, total in zip((X, Y), sums, strict=True))
        means = tuple(scale * int(x) / count for total in sums for x in total.entries())
        unit /= count**2
    return Samples(X, Y, unit, means)


def _whole_rows(blocks: Sequence[Block]) -> tuple[list[list[int]], Fraction]:
    """The rows of some blocks in whole numbers, and their unit."""
    parts = [[_whole(part) for part in block.columns] for block in blocks if block.rows]
    scale = _common([unit for row in parts for _, unit in row])
    rows = [
        [x for cells in row for x in cells]
        for block in parts
        for row in zip(*((values * int(unit / scale)).tolist() for values, unit in block), strict=True)
    ]
    return rows, scale


def _common(units: Sequence[Fraction]) -> Fraction:
    """The largest number of which all are whole multiples."""
    return Fraction(gcd(*(x.numerator for x in units)), lcm(*(x.denominator for x in units)))


def _whole(part: Columns) -> tuple[Any, Fraction]:
    """Columns as Python's integers in an array of shape (n, k), and their unit."""
    import numpy as np

    if isinstance(part, Integers):
        return part.values.astype(object), Fraction(10) ** -part.decimals
    if isinstance(part, Decimals):
        limbs = part.limbs.astype(np.int64).astype(object)
        whole = sum(limb * 10 ** (DIGITS * level) for level, limb in enumerate(limbs))
        return whole, Fraction(10) ** (DIGITS * part.lowest)
    if isinstance(part, Floats):
        shares, exponents = np.frexp(part.values)
        least = int(exponents[part.values != 0].min(initial=LEAST))
        shifts = np.maximum(exponents - least, 0).astype(object)
        mantissas = np.ldexp(shares, DOUBLE_BITS).astype(np.int64).astype(object)
        return mantissas << shifts, Fraction(2) ** (least - DOUBLE_BITS)
    scale = lcm(*(x.denominator for row in part.rows for x in row))
    whole = [[x.numerator * (scale // x.denominator) for x in row] for row in part.rows]
    return np.array(whole, dtype=object), Fraction(1, scale)
