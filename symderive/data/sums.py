"""Exact sums over samples: Σ w z zᵀ with z = (x, y, 1), from blocks, without an error.

Columns are cut into limbs of at most 2^20 in magnitude (:mod:`symderive.data.limbs`).  Of limbs a and b
over n ≤ 2^12 samples

    Σ |a_k b_k| ≤ 2^12 · 2^20 · 2^20 = 2^52,

so that every product and every partial sum, in whichever order, is a whole number below 2^53: binary64
holds it exactly, and rounding has nothing to do, with fused multiplication or without.  Hence the product
of two matrices of limbs in double precision, as BLAS computes it, is exact, provided that BLAS only
multiplies and adds entries of a row and a column (algorithms of Strassen's kind add rows first, and some
accelerators round).  That is checked on every product, by one further row (a checksum of the others modulo
a prime); a product that fails is computed anew in integers.  Products add up in int64, which holds 2^11 - 1
of them, and then in integers of any size.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import gcd, lcm
from typing import TYPE_CHECKING

from flint import fmpz_mat

from symderive.arithmetic.one_thread import ONE_THREAD
from symderive.data.blocks import Block, Table, require_weights
from symderive.data.limbs import LIMB_BITS, Sheet, Unit, add_limbs
from symderive.errors import InputError, listed

if TYPE_CHECKING:
    import numpy as np

#: Samples of one product of limbs.
ROWS = 1 << 12

#: Products that int64 adds without overflow: 2^52 · (2^11 - 1) < 2^63.
MOST_PRODUCTS = (1 << 11) - 1

#: The largest prime below 2^21: checksums are at most half of it in magnitude, as limbs are.
PRIME = 2_097_143

#: Factors of checksums are below 2^10, so that w limbs sum to less than w · 2^30 before they are reduced:
#: powers of a primitive root modulo a prime.
LARGEST_FACTOR, ROOT = 1020, 10


#: Columns up to which products are left to one thread.
SMALL = 64

#: Limbs that a total may hold beyond twice those of the last block, before it is turned into integers.
SPARE = 256


@dataclass(frozen=True, eq=False)
class Sums:
    """``gram / denominator`` is Σ w z zᵀ for z = (x, y, 1), in lowest terms: sums over no samples are 0.

    Sums add, exactly, whatever they were made of; ``rows`` counts the rows that
    they were made of, 1 for those behind averages.
    """

    gram: fmpz_mat
    denominator: int
    rows: int

    @classmethod
    def of(cls, blocks: Iterable[Block], width: int) -> Sums:
        """Over all samples of some blocks of ``width`` columns."""
        adding = _Adding(width)
        for block in blocks:
            adding.add(block)
        return adding.sums()

    @property
    def weight(self) -> Fraction:
        """Σ w, the number of samples where they weigh 1."""
        last = self.gram.nrows() - 1
        return Fraction(int(self.gram[last, last]), self.denominator)

    def __add__(self, other: Sums) -> Sums:
        if not isinstance(other, Sums):
            return NotImplemented
        common = lcm(self.denominator, other.denominator)
        gram = self.gram * (common // self.denominator) + other.gram * (common // other.denominator)
        return Sums(*reduced(gram, common), self.rows + other.rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key()[1:])

    def _key(self) -> tuple[fmpz_mat, int, int]:
        return self.gram, self.denominator, self.rows


def reduced(gram: fmpz_mat, denominator: int) -> tuple[fmpz_mat, int]:
    """The same quotient in lowest terms."""
    common = denominator
    for entry in gram.entries():
        if common == 1:
            return gram, denominator
        common = gcd(common, int(entry))
    if common == 1:
        return gram, denominator
    rows, columns = gram.nrows(), gram.ncols()
    return fmpz_mat(rows, columns, [x // common for x in gram.entries()]), denominator // common


def without_constants(sums: Sums, table: Table) -> tuple[Sums, Table]:
    """Without the features that have one value in all samples that count, and a note that names them.

    By Cauchy and Schwarz (Σ w x)² ≤ Σ w · Σ w x², with equality where x is constant only.  Raises
    :class:`InputError` where no feature is left.
    """
    d, size = len(table.features), int(sums.gram.nrows()) - 1
    entries = sums.gram.tolist()
    total = entries[size][size]
    constant = {i for i in range(d) if entries[i][i] * total == entries[i][size] ** 2}
    if not constant or not total:
        return sums, table
    rest = left_of(table, constant)
    kept = [i for i in range(size + 1) if i not in constant]
    gram = fmpz_mat([[entries[i][j] for j in kept] for i in kept])
    return Sums(*reduced(gram, sums.denominator), sums.rows), rest


def left_of(table: Table, constant: Set[int]) -> Table:
    """The table without some constant features, with a note that names them; :class:`InputError` if
    none is left.
    """
    names = listed([table.features[i] for i in sorted(constant)])
    rest = tuple(name for i, name in enumerate(table.features) if i not in constant)
    if not rest:
        raise InputError(f"every feature is constant ({names}) and none is left; keep the constant ones.")
    plural = len(constant) > 1
    note = f"Dropped {names}: constant feature{'s' * plural}, the same in every row that counts."
    return replace(table, features=rest, notes=(*table.notes, note))


class _Adding:
    """Sums that blocks are added to."""

    def __init__(self, width: int) -> None:
        self._width = width
        self._rows = 0
        self._whole = Sums(fmpz_mat(width + 1, width + 1), 1, 0)
        self._totals: dict[Unit, _Total] = {}
        self._sheets = Sheet(), Sheet()

    def add(self, block: Block) -> None:
        if block.width != self._width:
            raise ValueError(f"a block has {block.width} columns instead of {self._width}")
        if block.weights is not None:
            require_weights(block.weights, self._rows)
        for start in range(0, block.rows, ROWS):
            with ONE_THREAD if self._width <= SMALL else nullcontext():
                self._add(block.part(start, start + ROWS))
        self._rows += block.rows

    def _add(self, block: Block) -> None:
        limbs, weights = self._sheets
        weights.start(block.rows)
        if not _filled(limbs, block) or (
            block.weights is not None and not add_limbs(weights, block.weights, 0)
        ):
            self._whole += sums_of_fractions(block)
        elif block.weights is None:
            self._collect((0, 0), limbs, exact_product(limbs.values))
        else:
            for (_, (two, ten)), column in zip(weights.keys, weights.values, strict=True):
                low, high = _weighted(limbs.values, column)
                self._collect((two, ten), limbs, exact_product(limbs.values, low))
                self._collect((two + LIMB_BITS, ten), limbs, exact_product(limbs.values, high))

    def _collect(self, weight: Unit, limbs: Sheet, product: np.ndarray) -> None:
        total = self._totals.setdefault(weight, _Total())
        total.add(limbs.keys, product)
        if total.products == MOST_PRODUCTS or total.size > 2 * len(limbs.keys) + SPARE:
            self._fold()

    def _fold(self) -> None:
        for unit, total in self._totals.items():
            self._whole += total.sums(self._width, unit)
        self._totals = {}

    def sums(self) -> Sums:
        self._fold()
        return Sums(self._whole.gram, self._whole.denominator, self._rows)


class _Total:
    """Products of limbs, added in int64."""

    def __init__(self) -> None:
        import numpy as np

        self._keys: list[tuple[int, Unit]] = []
        self._places: dict[tuple[int, Unit], int] = {}
        self._matrix = np.zeros((0, 0), dtype=np.int64)
        self.products = 0

    @property
    def size(self) -> int:
        """Number of different limbs."""
        return len(self._keys)

    def add(self, keys: list[tuple[int, Unit]], product: np.ndarray) -> None:
        """Add the product of limbs that are known by their keys."""
        import numpy as np

        self.products += 1
        if new := [key for key in keys if key not in self._places]:
            for key in new:
                self._places[key] = len(self._keys)
                self._keys.append(key)
            self._matrix = np.pad(self._matrix, (0, len(new)))
        if keys == self._keys:
            self._matrix += product
        else:
            places = [self._places[key] for key in keys]
            self._matrix[np.ix_(places, places)] += product

    def sums(self, width: int, weight: Unit) -> Sums:
        """The sums that these products make, times the unit of the weights."""
        import numpy as np

        order = sorted(range(self.size), key=lambda place: self._keys[place])
        least = [min((key[1][i] for key in self._keys), default=0) for i in (0, 1)]
        columns = [self._keys[place][0] for place in order]
        starts = [i for i, c in enumerate(columns) if i == 0 or columns[i - 1] != c]
        # Each unit as a whole multiple of the least powers of 2 and 10 that occur.
        multiples = [
            (1 << (two - least[0])) * 10 ** (ten - least[1])
            for two, ten in (self._keys[place][1] for place in order)
        ]
        factors = np.array(multiples, dtype=object)
        held = [columns[start] for start in starts]
        gram = [[0] * (width + 1) for _ in range(width + 1)]
        for start, stop in zip(starts, [*starts[1:], self.size], strict=True):
            row = sum(
                self._matrix[order[i]][order].astype(object) * multiples[i] for i in range(start, stop)
            )
            entries = np.add.reduceat(row * factors, starts).tolist()
            for column, entry in zip(held, entries, strict=True):
                gram[columns[start]][column] = entry
        unit = _value((2 * least[0] + weight[0], 2 * least[1] + weight[1]))
        return Sums(*reduced(fmpz_mat(gram) * unit.numerator, unit.denominator), 0)


@lru_cache(maxsize=64)
def _value(unit: Unit) -> Fraction:
    return Fraction(2) ** unit[0] * Fraction(10) ** unit[1]


def _filled(sheet: Sheet, block: Block) -> bool:
    """The limbs of all columns and of the column of ones; whether all columns have some."""
    sheet.start(block.rows)
    first = 0
    for part in block.columns:
        if not add_limbs(sheet, part, first):
            return False
        first += part.shape[1]
    sheet.add(first, (0, 0))[:] = 1
    return True


def _weighted(limbs: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """w·limb = low + 2^21 high, both as small as limbs: products of at most 2^40 are exact."""
    import numpy as np

    product = limbs * weights
    high = np.rint(product * 2.0**-LIMB_BITS)
    return product - high * 2.0**LIMB_BITS, high


def exact_product(left: np.ndarray, right: np.ndarray | None = None) -> np.ndarray:
    """left·rightᵀ in int64 for whole float64 matrices (w, n) of at most 2^20 in magnitude, n ≤ 2^12.

    The last row of the product is checked to be the same combination of the others modulo a prime that the
    checksum was of the rows of ``left``: each row of ``right`` lets a wrong column pass with probability
    about 1 in 2 million at most, if errors do not know the factors.
    """
    import numpy as np

    factors = _factors(len(left))
    checksum = factors.astype(float) @ left
    checksum -= PRIME * np.rint(checksum / PRIME)
    extended = np.concatenate([left, checksum[None]])
    product = _float_product(extended, extended if right is None else right).astype(np.int64)
    main = product[:-1, : len(left)]
    if ((factors @ (main % PRIME) - product[-1, : len(left)]) % PRIME).any():
        integers = left.astype(np.int64)
        return integers @ (integers if right is None else right.astype(np.int64)).T
    return main


def _float_product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    return left @ right.T


@lru_cache(maxsize=8)
def _factors(count: int) -> np.ndarray:
    import numpy as np

    # Powers of a primitive root look random enough, and need no generator to be loaded.
    return np.array([pow(ROOT, k, LARGEST_FACTOR + 1) for k in range(1, count + 1)])


def sums_of_fractions(block: Block) -> Sums:
    """The same without limbs, for any rational numbers."""
    rows = [[*row, Fraction(1)] for row in block.fractions()]
    scale = lcm(*(x.denominator for row in rows for x in row))
    Z = fmpz_mat([[int(x * scale) for x in row] for row in rows])
    if block.weights is None:
        return Sums(*reduced(Z.transpose() * Z, scale**2), 0)
    weights = [x for (x,) in block.weights.fractions()]
    whole = lcm(*(x.denominator for x in weights))
    weighted = [[int(w * whole) * x for x in row] for w, row in zip(weights, Z.tolist(), strict=True)]
    return Sums(*reduced(Z.transpose() * fmpz_mat(weighted), scale**2 * whole), 0)
