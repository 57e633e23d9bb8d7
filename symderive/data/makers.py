"""How moments are made from what people have: samples in Python, in parts, or in files of several kinds.

The reader of a kind of table is loaded where such a table is read: a process reads one kind as a rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

from symderive.data.blocks import Table, Watch


class FileMakers(ABC):
    """What readers of files hand samples to: :class:`~symderive.data.moments.Moments` and their kin."""

    @classmethod
    @abstractmethod
    def from_table(
        cls, table: Table, *, center: bool = False, standardize: bool = False, drop_constant: bool = False
    ) -> Self:
        """Moments of a table as the readers hand it over, block by block."""

    @classmethod
    def from_csv(
        cls,
        path: str | Path,
        target: str | Sequence[str],
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        sep: str = ",",
        decimal: str = ".",
        fractions: bool = False,
        encoding: str = "utf-8-sig",
        columns: Sequence[str] | None = None,
        sample_weight: str | None = None,
        progress: Watch | None = None,
    ) -> Self:
        """Moments of a CSV file with a header row, plain or compressed by gzip; ``-`` is standard input.

        Decimal text is read exactly, a chunk of lines at a time; a column of ``True`` and ``False``, in
        letters of either case, is read as 1 and 0.  ``target`` is a name; for moments of
        several outputs more, in a list or with commas between them.  All columns but ``target`` and
        ``sample_weight`` are features, or those that ``columns`` names; a first column without a name (or
        called ``Unnamed: 0``, as pandas calls it) is an index and left out, which :attr:`Moments.notes`
        says.  ``sep`` separates cells (one character, or the word ``tab``), ``decimal`` is the decimal
        mark, ``fractions`` lets cells be ratios such as ``1/3``, ``encoding`` is one that Python knows,
        such as ``cp1252`` or ``utf-16``.  ``progress`` is told the rows done and their share of the file,
        None where its length is not known.  Raises :class:`InputError` naming row and column.
        """
        from symderive.data.reading.csv import CsvFormat, read_csv

        table = read_csv(
            Path(path),
            target,
            written=CsvFormat(sep, decimal, fractions, encoding),
            columns=columns,
            sample_weight=sample_weight,
        )
        return cls.from_table(
            table.watched(progress), center=center, standardize=standardize, drop_constant=drop_constant
        )

    @classmethod
    def from_npz(
        cls,
        path: str | Path,
        target: str = "y",
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        sample_weight: str | None = None,
        progress: Watch | None = None,
    ) -> Self:
        """Moments of an NPZ archive with ``X`` of shape (n, d) and a target array of length n, or (n, o).

        Where there is no ``X``, ``x`` is taken.
        ``sample_weight`` names an array of weights.  Floats stand for their binary values, truth values for
        0 and 1.  Pickled arrays are refused.
        """
        from symderive.data.reading.npz import npz_samples

        table = npz_samples(Path(path), target, sample_weight)
        return cls.from_table(
            table.watched(progress), center=center, standardize=standardize, drop_constant=drop_constant
        )

    @classmethod
    def from_parquet(
        cls,
        path: str | Path,
        target: str | Sequence[str],
        *,
        columns: Sequence[str] | None = None,
        sample_weight: str | None = None,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        progress: Watch | None = None,
    ) -> Self:
        """Moments of a Parquet file, read some rows at a time; needs PyArrow, the extra ``data``.

        All columns but ``target`` and ``sample_weight`` are features, or those named in ``columns``.
        """
        from symderive.data.reading.parquet import read_parquet

        table = read_parquet(Path(path), target, columns=columns, sample_weight=sample_weight)
        return cls.from_table(
            table.watched(progress), center=center, standardize=standardize, drop_constant=drop_constant
        )


class Makers(FileMakers):
    """The same for samples of one target that are in memory, whole or in parts."""

    @classmethod
    def from_samples(
        cls,
        X: Any,
        y: Any,
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        features: Sequence[str] = (),
        target: str | None = None,
        sample_weight: Any = None,
        source: str = "samples",
    ) -> Self:
        """Moments of n samples: X of shape (n, d), y of length n; averages are over n, exactly.

        Parameters
        ----------
        X
            Numbers in rows and columns: nested lists, a NumPy array, a data frame of pandas, polars or
            PyArrow, a tensor on any device, an array of JAX or a sparse one of SciPy.  Floats stand for
            their binary values, and truth values for 0 and 1 in arrays and columns of them; in nested lists
            they are refused.
        y
            One number for each row of X: a list, an array, a series, a frame of one column, or the name of
            a column of the data frame X, which then is no feature.
        center, standardize
            Subtract the mean of every feature and of the target; divide every feature by its standard
            deviation, too (divisor n; the target keeps its unit).
        drop_constant
            Leave out the features that have the same value in every row that counts.
        features, target
            Names, where X and y bring none.
        sample_weight
            What each row counts, at least 0: whole numbers are the same as to repeat the rows.  Numbers as
            for y, or the name of a column of X.

        Raises
        ------
        InputError
            For empty, ragged or non-finite samples and for missing values (naming row and column, counted
            from 1), for what is no real number, and for a constant feature that is to be standardized.

        Rows of X and y go together by their places, as in scikit-learn; two pandas objects with the same
        index in another order are refused.

        >>> from symderive import Moments
        >>> Moments.from_samples([[1], [3]], [1, 2], center=True).A
        Matrix([[1]])
        >>> Moments.from_samples([[1], [3]], [1, 2], sample_weight=[1, 2]).c
        Fraction(3, 1)
        """
        from symderive.data.reading.samples import samples_of

        table = samples_of(
            X, y, features=features, target=target, sample_weight=sample_weight, source=source
        )
        return cls.from_table(table, center=center, standardize=standardize, drop_constant=drop_constant)

    @classmethod
    def from_chunks(
        cls,
        chunks: Iterable[Any],
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        features: Sequence[str] = (),
        target: str | None = None,
        source: str = "samples",
    ) -> Self:
        """Moments of samples that come in parts: pairs (X, y), or (X, y, w) with what each sample weighs.

        One part is in memory at a time; however samples are parted, and in whichever order the parts come,
        the moments are the same.  Each part is what :meth:`from_samples` takes.

        >>> from symderive import Moments
        >>> parts = iter([([[1], [3]], [1, 2]), ([[5]], [4])])
        >>> Moments.from_chunks(parts) == Moments.from_samples([[1], [3], [5]], [1, 2, 4])
        True
        """
        from symderive.data.reading.samples import chunks_of_samples

        table = chunks_of_samples(chunks, features=features, target=target, source=source)
        return cls.from_table(table, center=center, standardize=standardize, drop_constant=drop_constant)
