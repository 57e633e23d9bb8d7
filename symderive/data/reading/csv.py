"""CSV files, decimal text read exactly, a chunk of lines at a time.

Plain chunks take the quick way (:mod:`symderive.data.reading.plain_rows`), others go cell by cell.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from symderive.data.blocks import Block, Decimals, Fractions, Table
from symderive.data.reading.cells import is_truth, number_in, truth_as_digit
from symderive.data.reading.choice import choose
from symderive.data.reading.encodings import UTF_8, is_utf_8, not_text, require_encoding
from symderive.data.reading.lines import Place, chunks_of, file_name
from symderive.data.reading.plain_rows import Layout, read_plain
from symderive.data.reading.row_numbers import FIRST_ROWS, UNNAMED, may_count_rows, row_number_note
from symderive.errors import InputError, shown

#: Names of separators that are hard to type.
NAMED_SEPARATORS = {"tab": "\t", "\\t": "\t", "space": " "}

#: Separators as messages name them.
SPOKEN = {",": "commas", "\t": "tabs", ";": "semicolons", " ": "blanks"}

#: And as one types them.
SPOKEN_OPTION = {"\t": "tab", " ": "space"}

#: What separates cells that were taken apart already, and are put together for the quick way.
UNIT_SEPARATOR = "\x1f"

#: Rows that go cell by cell together, where one of them is odd.
FEW_ROWS = 64


@dataclass(frozen=True)
class CsvFormat:
    """How numbers are written in a file.

    Attributes
    ----------
    sep
        The character between cells, or its name: ``tab``, ``space``.
    decimal
        The decimal mark: a point or a comma.
    fractions
        Whether ``1/2`` is a number.
    encoding
        How characters are written, by Python's name.
    """

    sep: str = ","
    decimal: str = "."
    fractions: bool = False
    encoding: str = UTF_8

    def __post_init__(self) -> None:
        require_encoding(self.encoding)
        sep = NAMED_SEPARATORS.get(self.sep, self.sep)
        object.__setattr__(self, "sep", sep)
        if len(sep) != 1 or not sep.isascii() or sep.isalnum() or sep in '"\r\n+-./\x1f\0':
            raise InputError(
                f"the separator is {shown(sep)}; give one character such as ';', or the word tab."
            )
        if self.decimal not in (".", ","):
            raise InputError(f"the decimal mark is {shown(self.decimal)}; give a point or a comma.")
        if sep == self.decimal:
            raise InputError(
                f"{sep!r} cannot separate cells and be the decimal mark; give the separator, such as ';'."
            )


def read_csv(
    path: Path,
    target: str | Sequence[str],
    *,
    written: CsvFormat | None = None,
    columns: Sequence[str] | None = None,
    sample_weight: str | None = None,
) -> Table:
    """Names and samples of a CSV file with a header row, ``-`` for standard input.

    All columns but ``target`` and ``sample_weight`` are features, or those that ``columns`` names; a first
    column without a name is an index, and left out.  Raises :class:`InputError`, which names row and column
    counted from 1; for what is wrong further down, while the samples are gone through.
    """
    reading = _Reading(path, written or CsvFormat())
    try:
        header = reading.header()
        targets = (target,) if isinstance(target, str) else tuple(target)
        used = (*targets, sample_weight)
        skipped = int(columns is None and (not header[0] or (header[0] == UNNAMED and UNNAMED not in used)))
        if columns is None and "" in header[skipped:]:
            place = header.index("", skipped) + 1
            raise InputError(f"{reading.file} has no name for column {place}; name it or drop the column.")
        if len(header) == 1 and targets[0] not in header:
            hint = _separator_hint(header[0], reading.written.sep)
            raise InputError(
                f"{reading.file} has no column {shown(targets[0])}; its columns are "
                f"{shown(header[0])[1:-1]} ({hint})."
            )
        choice = choose(header[skipped:], reading.file, target, columns, sample_weight)
    except InputError:
        reading.close()
        raise
    features = tuple(header[skipped + place] for place in choice.features)
    weights = [] if choice.weight is None else [choice.weight]
    places = [skipped + place for place in (*choice.features, *choice.targets, *weights)]
    notes: tuple[str, ...] = ()
    if skipped:
        notes = (
            f"Dropped the first column of {reading.file}: it has no name, like the index of a data frame.",
        )
    elif columns is None and choice.features[:1] == (0,) and may_count_rows(header[0]):
        notes = row_number_note(header[0], reading.file, [row[0] for row in reading.first_rows()])
    blocks = reading.blocks(header, places, weighted=bool(weights))
    found = tuple(header[skipped + place] for place in choice.targets)
    return Table(features, found, blocks, reading.file, notes, lambda _: reading.place.share)


def _separator_hint(header: str, sep: str) -> str:
    other = next((mark for mark in ";\t,|" if mark in header), "")
    hint = f"columns are separated by {SPOKEN.get(sep, repr(sep))}"
    return hint + (f"; give --sep {SPOKEN_OPTION.get(other, repr(other))}" if other else "")


class _Row(NamedTuple):
    """The chosen cells of a row, and its number in the file, counted from 1."""

    number: int
    cells: list[str]


class _Reading:
    """One pass through a file: chunks of lines, and the number of the next row."""

    def __init__(self, path: Path, written: CsvFormat) -> None:
        self.file, self.written = file_name(path), written
        self.place = Place()
        self._chunks = chunks_of(
            path, self.place, None if is_utf_8(self.written.encoding) else self.written.encoding
        )
        self._row = 0
        self._rest = b""

    def close(self) -> None:
        self._chunks.close()  # type: ignore[attr-defined]

    def header(self) -> list[str]:
        """The first row that is not blank."""
        lines = _Lines(next(self._chunks, b""), self._chunks, self.file)
        for row in self._records(lines):
            if row:
                self._rest = lines.rest()
                return [name.strip() for name in row]
        raise InputError(f"{self.file} is empty; give a header row and at least one row of numbers.")

    def first_rows(self) -> list[list[str]]:
        """The first rows that are not blank, as far as they are at hand; they are read again later."""
        lines = (self._rest.splitlines(keepends=True)[: 2 * FIRST_ROWS]) if self._rest else []
        text = [line.decode(errors="replace") for line in lines]
        try:
            return [row for row in csv.reader(text, delimiter=self.written.sep) if row][:FIRST_ROWS]
        except csv.Error:  # it is told when the row is read
            return []

    def blocks(self, header: list[str], places: list[int], *, weighted: bool) -> Iterator[Block]:
        """The samples, chunk by chunk; the last of ``places`` holds their weights if they are weighted."""
        names = [header[place] for place in places]
        layout = Layout(ord(self.written.sep), ord(self.written.decimal), len(header), tuple(places))
        none = first = True
        chunk = self._rest
        try:
            while chunk or (chunk := next(self._chunks, b"")):
                if found := _plain(chunk, layout, weighted):
                    self._row += _count_lines(chunk)
                    blocks: list[Decimals | Fractions] = [found]
                    first = False
                else:
                    rows = self._rows(chunk, layout)
                    if rows and first:
                        held = zip(layout.chosen, rows[0].cells, strict=True)
                        layout = replace(layout, truths=tuple(x for x, text in held if is_truth(text)))
                        first = False
                    if layout.truths:
                        rows = self._with_digits(rows, layout, names)
                    blocks = self._numbers(rows, layout.point, names, weighted)
                for block in blocks:
                    none = False
                    yield _block(block, weighted)
                chunk = b""
        finally:
            self.close()
        if none:
            raise InputError(f"{self.file} has a header and no rows; give at least one row of numbers.")

    def _rows(self, chunk: bytes, layout: Layout) -> list[_Row]:
        """The chosen cells of a chunk, and of the next ones as far as a cell in quotes may reach."""
        rows = []
        for cells in self._records(_Lines(chunk, self._chunks, self.file)):
            if not cells:
                continue
            if len(cells) != layout.width:
                raise InputError(
                    f"{self.file} row {self._row} has {len(cells)} cells and the header has {layout.width}."
                )
            rows.append(_Row(self._row, [cells[place] for place in layout.chosen]))
        return rows

    def _with_digits(self, rows: list[_Row], layout: Layout, names: list[str]) -> list[_Row]:
        """The same rows with 1 and 0 for the truth values of the columns that hold them."""
        at = [i for i, place in enumerate(layout.chosen) if place in layout.truths]
        for row in rows:
            for i in at:
                where = self._where(row.number, names[i])
                row.cells[i] = truth_as_digit(row.cells[i], where)
        return rows

    def _where(self, row: int, column: str) -> str:
        return f"{self.file} row {row}, column {shown(column)}:"

    def _records(self, lines: _Lines) -> Iterator[list[str]]:
        reader = csv.reader(lines, delimiter=self.written.sep)
        while True:
            lines.between_rows = True
            try:
                row = next(reader, None)
            except csv.Error:  # nothing else is one where lines are text and quotes are not strict
                raise InputError(
                    f"{self.file} row {self._row + 1} has a cell of more than {csv.field_size_limit()} "
                    "characters; is there a quote that does not end?"
                ) from None
            if row is None:
                return
            self._row += 1
            yield row

    def _numbers(
        self, rows: list[_Row], point: int, names: list[str], weighted: bool
    ) -> list[Decimals | Fractions]:
        """Rows that were taken apart: the quick way but for the few around those that are odd."""
        if not rows:
            return []
        if whole := _plain_again(rows, point, weighted):
            return [whole]
        parts = [rows[start : start + FEW_ROWS] for start in range(0, len(rows), FEW_ROWS)]
        plain = [_plain_again(part, point, weighted) is not None for part in parts]
        odd = [row for part, is_plain in zip(parts, plain, strict=True) if not is_plain for row in part]
        quick = [row for part, is_plain in zip(parts, plain, strict=True) if is_plain for row in part]
        found: list[Decimals | Fractions] = []
        if quick and (numbers := _plain_again(quick, point, weighted)):
            found.append(numbers)
        else:
            odd = rows
        last = len(names) - 1 if weighted else None
        exact = [
            [
                self._cell(text, row.number, name, is_weight=place == last)
                for place, (text, name) in enumerate(zip(row.cells, names, strict=True))
            ]
            for row in odd
        ]
        return [*found, Fractions(exact)]

    def _cell(self, text: str, row: int, column: str, *, is_weight: bool) -> Fraction:
        where, written = self._where(row, column), self.written
        value = number_in(text, where, sep=written.sep, decimal=written.decimal, ratios=written.fractions)
        if is_weight and value < 0:
            raise InputError(f"{where} the weight {shown(text)} is negative; give weights of at least 0.")
        return value


class _Lines:
    """Lines of text for ``csv.reader``: those of one chunk, and more only within a row."""

    def __init__(self, chunk: bytes, chunks: Iterator[bytes], file: str) -> None:
        self._chunks, self._file = chunks, file
        self._lines = self._text(chunk)
        self.between_rows = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = next(self._lines, "")
        while not line and not self.between_rows:
            if not (chunk := next(self._chunks, b"")):
                break
            self._lines = self._text(chunk)
            line = next(self._lines, "")
        if not line:
            raise StopIteration
        self.between_rows = False
        return line

    def rest(self) -> bytes:
        """What no row has taken."""
        return self._lines.read().encode()

    def _text(self, chunk: bytes) -> StringIO:
        try:
            return StringIO(chunk.decode(), newline="")
        except UnicodeDecodeError:
            raise not_text(self._file, chunk) from None


def _plain(chunk: bytes, layout: Layout, weighted: bool) -> Decimals | None:
    """The quick way, which has no words for weights that are negative."""
    found = read_plain(chunk, layout)
    if found and (not found.shape[0] or (weighted and (found.limbs[:, :, -1] < 0).any())):
        return None
    return found


def _plain_again(rows: list[_Row], point: int, weighted: bool) -> Decimals | None:
    """Cells that were taken apart, put together for the quick way."""
    width = len(rows[0].cells)
    text = "\n".join(UNIT_SEPARATOR.join(row.cells) for row in rows)
    if '"' in text:  # it would be taken off, and is part of the cell
        return None
    found = _plain(text.encode(), Layout(ord(UNIT_SEPARATOR), point, width, tuple(range(width))), weighted)
    # As many rows: then no cell held a separator or the end of a line.
    return found if found and found.shape[0] == len(rows) else None


def _count_lines(chunk: bytes) -> int:
    lone = chunk.count(b"\r") - chunk.count(b"\r\n") if b"\r" in chunk else 0
    return chunk.count(b"\n") + lone + (not chunk.endswith((b"\n", b"\r")))


def _block(found: Decimals | Fractions, weighted: bool) -> Block:
    """The last column apart, where it is the weights."""
    if not weighted:
        return Block((found,))
    last = found.shape[1] - 1
    return Block((found.select(slice(0, last)),), found.select(slice(last, last + 1)))
