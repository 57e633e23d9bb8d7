"""Blocks of exact rows: what every reader of tables hands over, and what sums are made of.

A table from anywhere becomes names and an iterable of blocks, so that no more than one block needs to be in
memory.  A block holds n samples: its columns side by side, the features in order and the target last.
Neighboring columns that are stored alike form one of four kinds, each of which stands for exact numbers:

* :class:`Floats`: binary floats, which stand for their binary values;
* :class:`Integers`: whole numbers below 2^63 in magnitude, over one power of ten;
* :class:`Decimals`: decimal text, six digits at a time;
* :class:`Fractions`: anything else, one fraction an entry, a hundred times slower.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from symderive.errors import InputError, listed

if TYPE_CHECKING:
    import numpy as np

#: Decimal digits that one limb of :class:`Decimals` holds.
DIGITS = 6


@dataclass(frozen=True, eq=False)
class Floats:
    """Finite float64 numbers, shape (n, k)."""

    values: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """n rows and k columns."""
        return self.values.shape[0], self.values.shape[1]

    def select(self, columns: slice) -> Floats:
        """Some of the columns."""
        return Floats(self.values[:, columns])

    def part(self, start: int, stop: int) -> Floats:
        """Rows from ``start`` up to ``stop``."""
        return Floats(self.values[start:stop])

    def fractions(self) -> list[list[Fraction]]:
        """The same numbers one by one."""
        return [[Fraction(x) for x in row] for row in self.values.tolist()]


@dataclass(frozen=True, eq=False)
class Integers:
    """``values · 10^-decimals`` with int64 values of shape (n, k)."""

    values: np.ndarray
    decimals: int = 0

    @property
    def shape(self) -> tuple[int, int]:
        """n rows and k columns."""
        return self.values.shape[0], self.values.shape[1]

    def select(self, columns: slice) -> Integers:
        """Some of the columns."""
        return Integers(self.values[:, columns], self.decimals)

    def part(self, start: int, stop: int) -> Integers:
        """Rows from ``start`` up to ``stop``."""
        return Integers(self.values[start:stop], self.decimals)

    def fractions(self) -> list[list[Fraction]]:
        """The same numbers one by one."""
        unit = Fraction(10) ** -self.decimals
        return [[x * unit for x in row] for row in self.values.tolist()]


@dataclass(frozen=True, eq=False)
class Decimals:
    """``Σ_l limbs[l] · 10^(6(lowest + l))`` with whole limbs of shape (L, n, k), |limb| ≤ 10^6."""

    limbs: np.ndarray
    lowest: int

    @property
    def shape(self) -> tuple[int, int]:
        """n rows and k columns."""
        return self.limbs.shape[1], self.limbs.shape[2]

    def select(self, columns: slice) -> Decimals:
        """Some of the columns."""
        return Decimals(self.limbs[:, :, columns], self.lowest)

    def part(self, start: int, stop: int) -> Decimals:
        """Rows from ``start`` up to ``stop``."""
        return Decimals(self.limbs[:, start:stop], self.lowest)

    def fractions(self) -> list[list[Fraction]]:
        """The same numbers one by one."""
        units = [Fraction(10) ** (DIGITS * (self.lowest + level)) for level in range(len(self.limbs))]
        rows = self.limbs.transpose(1, 2, 0).tolist()
        return [
            [sum((int(x) * u for x, u in zip(cell, units, strict=True)), Fraction(0)) for cell in row]
            for row in rows
        ]


@dataclass(frozen=True, eq=False)
class Fractions:
    """Any rational numbers: n rows of k entries."""

    rows: Sequence[Sequence[Fraction]]

    @property
    def shape(self) -> tuple[int, int]:
        """n rows and k columns."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    def select(self, columns: slice) -> Fractions:
        """Some of the columns."""
        return Fractions([row[columns] for row in self.rows])

    def part(self, start: int, stop: int) -> Fractions:
        """Rows from ``start`` up to ``stop``."""
        return Fractions(self.rows[start:stop])

    def fractions(self) -> list[list[Fraction]]:
        """The numbers one by one."""
        return [list(row) for row in self.rows]


#: Numbers in rows and columns as people have them: nested lists, an array, a data frame, a tensor, a sparse
#: array; and one column of them, or its name in a frame.  There is no type that all libraries share.
TableLike: TypeAlias = Any
ColumnLike: TypeAlias = Any

#: Columns that are stored alike.
Columns: TypeAlias = Floats | Integers | Decimals | Fractions


@dataclass(frozen=True, eq=False)
class Block:
    """Some samples: columns side by side, the target last, and what each sample weighs.

    Attributes
    ----------
    columns : tuple of Columns
        The columns, those that are stored alike together; each part of shape (n, k).
    weights : Columns or None
        One column of numbers of at least 0; None: 1 each.
    """

    columns: tuple[Columns, ...]
    weights: Columns | None = None

    @property
    def rows(self) -> int:
        """Number of samples n."""
        return self.columns[0].shape[0]

    @property
    def width(self) -> int:
        """Number of columns, the target among them."""
        return sum(part.shape[1] for part in self.columns)

    def part(self, start: int, stop: int) -> Block:
        """Samples from ``start`` up to ``stop``."""
        weights = self.weights and self.weights.part(start, stop)
        return Block(tuple(columns.part(start, stop) for columns in self.columns), weights)

    def fractions(self) -> list[list[Fraction]]:
        """The samples one by one, without their weights."""
        parts = [columns.fractions() for columns in self.columns]
        return [[x for part in row for x in part] for row in zip(*parts, strict=True)]


#: What is told while a table is gone through: the rows so far, and their share of all where it is known.
Watch: TypeAlias = Callable[[int, float | None], None]


@dataclass(frozen=True, eq=False)
class Table:
    """What a reader found: names, and the samples block by block, which can be gone through once.

    Attributes
    ----------
    features : tuple of str
        Names of the d features.
    targets : tuple of str
        Names of the targets, one as a rule; their columns come last.
    blocks : iterable of Block
        The samples.
    source : str
        Where they are from, in words.
    notes : tuple of str
        Sentences for people about what was left out.
    share : callable
        Says what part of the whole is done, after so many rows; None where that is not known.
    """

    features: tuple[str, ...]
    targets: tuple[str, ...]
    blocks: Iterable[Block]
    source: str
    notes: tuple[str, ...] = ()
    share: Callable[[int], float | None] = lambda _: None

    @property
    def target(self) -> str:
        """The name of the target; :class:`InputError` where there are several."""
        if len(self.targets) > 1:
            raise InputError(
                f"{self.source} has {len(self.targets)} targets ({listed(self.targets)}), and this takes "
                "one; solve takes several, as OutputMoments."
            )
        return self.targets[0]

    def watched(self, progress: Watch | None) -> Table:
        """The same, which tells how far it is after every block."""
        return self if progress is None else replace(self, blocks=self._told(progress))

    def _told(self, progress: Watch) -> Iterator[Block]:
        rows = 0
        for block in self.blocks:
            yield block
            rows += block.rows
            progress(rows, self.share(rows))


def require_weights(weights: Columns, before: int) -> None:
    """:class:`InputError` for a negative weight, naming the sample; ``before`` came before these."""
    import numpy as np

    if isinstance(weights, Floats | Integers):
        negative = np.flatnonzero(weights.values[:, 0] < 0)
        first = int(negative[0]) if negative.size else None
    elif isinstance(weights, Decimals):
        negative = np.flatnonzero((weights.limbs < 0).any(axis=(0, 2)))
        first = int(negative[0]) if negative.size else None
    else:
        first = next((i for i, (x,) in enumerate(weights.rows) if x < 0), None)
    if first is not None:
        [[value]] = weights.part(first, first + 1).fractions()
        raise InputError(
            f"sample {before + first + 1} weighs {float(value):.6g}; give weights of at least 0."
        )


def default_names(count: int) -> tuple[str, ...]:
    """x1, x2, …: the features of a table that names none."""
    return tuple(f"x{i}" for i in range(1, count + 1))


def default_targets(count: int) -> tuple[str, ...]:
    """y1, y2, …: the targets of a table that names none."""
    return tuple(f"y{i}" for i in range(1, count + 1))
