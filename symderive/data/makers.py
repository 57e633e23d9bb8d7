"""How moments are made from what people have: samples in Python, in parts, or in files of several kinds.

The reader of a kind of table is loaded where such a table is read: a process reads one kind as a rule.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from symderive.data.blocks import ColumnLike, Table, TableLike, Watch


class FileMakers(ABC):
    """What readers of files hand samples to: :class:`~symderive.data.moments.Moments` and their kin."""

    @classmethod
    @abstractmethod
    def from_table(
        cls, table: Table, *, center: bool = False, standardize: bool = False, drop_constant: bool = False
    ) -> Self:
        """Moments of a table as the readers hand it over, block by block.

        Parameters
        ----------
        table : Table
            Names, and samples in blocks; it is gone through once.
        center, standardize, drop_constant : bool, optional
            As :meth:`Moments.from_samples` takes them.

        Returns
        -------
        Self
            Of all samples in the table.
        """

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
        """Moments of a CSV file with a header row, plain or compressed by gzip.

        Decimal text is read exactly, a chunk of lines at a time; a column of ``True`` and ``False``, in
        letters of either case, is read as 1 and 0.

        Parameters
        ----------
        path : str or Path
            The file; ``-`` is standard input.
        target : str or sequence of str
            Name of the target's column; for moments of several outputs more, in a list or with commas
            between.
        center, standardize, drop_constant : bool, optional
            As :meth:`Moments.from_samples` takes them.
        sep : str, optional
            What separates cells: one character, or the word ``tab``.
        decimal : str, optional
            The decimal mark.
        fractions : bool, optional
            Whether cells may be ratios such as ``1/3``.
        encoding : str, optional
            One that Python knows, such as ``cp1252`` or ``utf-16``.
        columns : sequence of str, optional
            The features; without it all columns but ``target`` and ``sample_weight``.  A first column
            without a name (or called ``Unnamed: 0``, as pandas calls it) is an index and left out, which
            :class:`Moments` say in their ``notes``.
        sample_weight : str, optional
            Name of a column of weights.
        progress : callable, optional
            Told the rows done and their share of the file, None where its length is not known.

        Returns
        -------
        Self
            Of all rows of the file.

        Raises
        ------
        InputError
            For a file that cannot be read and for cells that are no numbers, naming row and column.
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
        """Moments of an NPZ archive of NumPy with ``X`` and a target.

        Parameters
        ----------
        path : str or Path
            The archive, with ``X`` (or else ``x``) of shape (n, d).  Floats stand for their binary values,
            truth values for 0 and 1.
        target : str, optional
            Name of the target's array, of length n, or of shape (n, o) for several outputs.
        center, standardize, drop_constant : bool, optional
            As :meth:`Moments.from_samples` takes them.
        sample_weight : str, optional
            Name of an array of weights.
        progress : callable, optional
            Told the rows done and their share of all.

        Returns
        -------
        Self
            Of all n samples.

        Raises
        ------
        InputError
            For a file that cannot be read, arrays that do not fit, and pickled arrays, which are never
            loaded.
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

        Parameters
        ----------
        path : str or Path
            The file.
        target : str or sequence of str
            Name of the target's column; several for moments of several outputs.
        columns : sequence of str, optional
            The features; without it all columns but ``target`` and ``sample_weight``.
        sample_weight : str, optional
            Name of a column of weights.
        center, standardize, drop_constant : bool, optional
            As :meth:`Moments.from_samples` takes them.
        progress : callable, optional
            Told the rows done and their share of the file.

        Returns
        -------
        Self
            Of all rows of the file.

        Raises
        ------
        InputError
            For a file that cannot be read and for cells that are no numbers.
        MissingExtraError
            Without PyArrow.
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
        X: TableLike,
        y: ColumnLike,
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        features: Sequence[str] = (),
        target: str | None = None,
        sample_weight: ColumnLike | None = None,
        source: str = "samples",
    ) -> Self:
        """Moments of n samples in memory; averages are over n, exactly.

        Parameters
        ----------
        X : array_like
            Numbers of shape (n, d): nested lists, a NumPy array, a data frame of pandas, polars or
            PyArrow, a tensor on any device, an array of JAX or a sparse one of SciPy.  Floats stand for
            their binary values, and truth values for 0 and 1 in arrays and columns of them; in nested lists
            they are refused.
        y : array_like or str
            One number for each row of X: a list, an array, a series, a frame of one column, or the name of
            a column of the data frame X, which then is no feature.
        center : bool, optional
            Subtract the mean of every feature and of the target.
        standardize : bool, optional
            Center, and divide every feature by its standard deviation (divisor n; the target keeps its
            unit).
        drop_constant : bool, optional
            Leave out the features that have the same value in every row that counts.
        features : sequence of str, optional
            Names of the features, where X brings none.
        target : str, optional
            Name of the target, where y brings none.
        sample_weight : array_like or str, optional
            What each row counts, at least 0: whole numbers are the same as to repeat the rows.  Numbers as
            for y, or the name of a column of X.
        source : str, optional
            Where the samples are from, for tables.

        Returns
        -------
        Self
            The exact averages.

        Raises
        ------
        InputError
            For empty, ragged or non-finite samples and for missing values (naming row and column, counted
            from 1), for what is no real number, and for a constant feature that is to be standardized.

        Notes
        -----
        Rows of X and y go together by their places, as in scikit-learn; two pandas objects with the same
        index in another order are refused.

        Examples
        --------
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
        chunks: Iterable[tuple[TableLike, ...]],
        *,
        center: bool = False,
        standardize: bool = False,
        drop_constant: bool = False,
        features: Sequence[str] = (),
        target: str | None = None,
        source: str = "samples",
    ) -> Self:
        """Moments of samples that come in parts, one of which is in memory at a time.

        However samples are parted, and in whichever order the parts come, the moments are the same.

        Parameters
        ----------
        chunks : iterable
            Pairs (X, y), or (X, y, w) with what each sample weighs; each as :meth:`from_samples` takes it.
        center, standardize, drop_constant : bool, optional
            As :meth:`from_samples` takes them.
        features : sequence of str, optional
            Names of the features, where the parts bring none.
        target : str, optional
            Name of the target, where the parts bring none.
        source : str, optional
            Where the samples are from, for tables.

        Returns
        -------
        Self
            The exact averages over all parts.

        Raises
        ------
        InputError
            As :meth:`from_samples` does, and for parts that do not fit together.

        Examples
        --------
        >>> from symderive import Moments
        >>> parts = iter([([[1], [3]], [1, 2]), ([[5]], [4])])
        >>> Moments.from_chunks(parts) == Moments.from_samples([[1], [3], [5]], [1, 2, 4])
        True
        """
        from symderive.data.reading.samples import chunks_of_samples

        table = chunks_of_samples(chunks, features=features, target=target, source=source)
        return cls.from_table(table, center=center, standardize=standardize, drop_constant=drop_constant)
