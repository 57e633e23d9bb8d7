"""The samples behind moments, kept where they are few: some bounds take the rows and not their averages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from flint import arb, arb_mat

from symderive.arithmetic.exact import ball
from symderive.data.blocks import Block, Columns, Floats, Table
from symderive.data.makers import Makers
from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.notebooks import InNotebooks

#: Cells up to which rows are kept; of more the moments alone are known.
MOST_CELLS = 1 << 19

#: Rows that are in balls at a time.
AT_A_TIME = 256


class Balls(NamedTuple):
    """Some n rows as balls.

    Attributes
    ----------
    X : arb_mat
        Shape (d, n), one column a row.
    y : list of arb
        The n targets.
    weights : list of arb
        What each row weighs.
    """

    X: arb_mat
    y: list[arb]
    weights: list[arb]


@dataclass(frozen=True, eq=False)
class Rows(Makers, InNotebooks):
    """Moments, and the samples that they are the averages of, centered or standardized as they are.

    Made as :class:`Moments` are, by ``from_samples``, ``from_csv`` and their neighbors.

    Attributes
    ----------
    moments : Moments
        The averages.
    blocks : tuple of Block or None
        The samples as they were read, in blocks of at most 256; None where they have more than 2^19 cells.
    places : tuple of int
        The columns of the features in a block; the target is its last.

    Examples
    --------
    >>> Rows.from_samples([[1], [3]], [1, 2], center=True).moments.c
    Fraction(1, 4)
    """

    moments: Moments
    blocks: tuple[Block, ...] | None
    places: tuple[int, ...]

    def __repr__(self) -> str:
        kept = "no rows are kept" if self.blocks is None else "with its rows"
        return f"Rows({self.moments!r}, {kept})"

    @classmethod
    def from_table(
        cls, table: Table, *, center: bool = False, standardize: bool = False, drop_constant: bool = False
    ) -> Rows:
        """Moments and rows of a table, which is gone through once.

        Parameters
        ----------
        table : Table
            Names, and samples in blocks.
        center, standardize, drop_constant : bool, optional
            As :meth:`from_samples` takes them.

        Returns
        -------
        Rows
            The averages and the rows.
        """
        keeper = _Keeper()
        moments = Moments.from_table(
            replace(table, blocks=keeper.through(table.blocks)),
            center=center,
            standardize=standardize,
            drop_constant=drop_constant,
        )
        places = tuple(table.features.index(name) for name in moments.features)
        return cls(moments, keeper.blocks, places)

    def balls(self, block: Block) -> Balls:
        """The rows of a block at FLINT's current precision, as the moments see them.

        Parameters
        ----------
        block : Block
            One of ``blocks``.

        Returns
        -------
        Balls
            Features, targets and weights.
        """
        moments = self.moments
        columns = [column for part in block.columns for column in _columns(part)]
        used = [*(columns[place] for place in self.places), columns[-1]]
        if moments.means is not None:
            means = map(ball, moments.means)
            used = [[x - mean for x in column] for column, mean in zip(used, means, strict=True)]
        *features, target = used
        if moments.variances is not None:
            scales = [ball(variance).sqrt() for variance in moments.variances]
            features = [[x / scale for x in column] for column, scale in zip(features, scales, strict=True)]
        weights = [arb(1)] * block.rows if block.weights is None else _columns(block.weights)[0]
        return Balls(arb_mat(features), target, weights)


class _Keeper:
    """Keeps the blocks that pass by, until they are too many."""

    def __init__(self) -> None:
        self.blocks: tuple[Block, ...] | None = ()
        self._cells = 0

    def through(self, blocks: Iterable[Block]) -> Iterator[Block]:
        for block in blocks:
            self._cells += block.rows * block.width
            if self._cells > MOST_CELLS:
                self.blocks = None
            if self.blocks is not None:
                starts = range(0, block.rows, AT_A_TIME)
                self.blocks += tuple(block.part(at, min(at + AT_A_TIME, block.rows)) for at in starts)
            yield block


def _columns(part: Columns) -> list[list[arb]]:
    """The columns one by one; floats stand for their binary values."""
    if isinstance(part, Floats):
        return [[arb(x) for x in column] for column in part.values.T.tolist()]
    return [[ball(x) for x in column] for column in zip(*part.fractions(), strict=True)]


def require_rows(data: Rows | Moments) -> Rows:
    """Rows as they are, and moments without any; :class:`InputError` for what is neither."""
    if isinstance(data, Rows):
        return data
    if isinstance(data, Moments):
        return Rows(data, None, tuple(range(data.dimension)))
    raise InputError(
        f"the data have type {type(data).__name__}; give Rows.from_samples(X, y), or Moments, of which "
        "less is known."
    )
