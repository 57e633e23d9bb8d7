"""Parquet files, some rows at a time, through PyArrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from symderive.data.blocks import Block, Table
from symderive.data.reading.choice import Choice, choose
from symderive.data.reading.frames import frame_of, matrix_of_frame
from symderive.data.reading.lines import file_name
from symderive.data.reading.matrix import block_rows
from symderive.errors import InputError, MissingExtraError, listed
from symderive.files import open_input


def read_parquet(
    path: Path,
    target: str | Sequence[str],
    *,
    columns: Sequence[str] | None = None,
    sample_weight: str | None = None,
) -> Table:
    """A table of a Parquet file; all columns but the target and the weights are features, or ``columns``.

    The index that pandas wrote as a column is left out, with a note, unless it is among ``columns``.
    Raises :class:`InputError` for a file that cannot be read and for columns that hold no numbers.
    """
    name, file = file_name(path), _opened(path)
    header = list(file.schema_arrow.names)
    used = (*([target] if isinstance(target, str) else target), sample_weight)
    left_out = [] if columns else [x for x in _index_of(file) if x not in used]
    kept = [column for column in header if column not in left_out]
    choice = choose(kept, name, target, columns, sample_weight)
    note = f"Dropped {listed(left_out)}, the index of the data frame that {name} was written from."
    return Table(
        tuple(kept[i] for i in choice.features),
        tuple(kept[i] for i in choice.targets),
        _blocks(file, name, kept, choice),
        name,
        (note,) if left_out else (),
        lambda rows: rows / file.metadata.num_rows,
    )


def _blocks(file: Any, name: str, header: list[str], choice: Choice) -> Iterator[Block]:
    columns = [header[i] for i in (*choice.features, *choice.targets)]
    weight = [] if choice.weight is None else [header[choice.weight]]
    first = 0
    with file:
        batches = file.iter_batches(batch_size=block_rows(len(columns)), columns=[*columns, *weight])
        for batch in _readable(batches, name):
            frame, rows = frame_of(batch, name), batch.num_rows
            parts = [
                matrix_of_frame(frame.select(part), name, first).read(0, rows)
                for part in (columns, weight)
                if part
            ]
            yield Block(parts[0], parts[1][0] if weight else None)
            first += rows


def _readable(batches: Iterator[Any], name: str) -> Iterator[Any]:
    """The batches, with a sentence for those that are damaged."""
    import pyarrow

    while True:
        try:
            batch = next(batches)
        except StopIteration:
            return
        except (OSError, ValueError, pyarrow.ArrowException) as error:
            raise InputError(f"{name} is damaged ({str(error)[:80]}); write it anew.") from None
        if batch.num_rows:
            yield batch


def _opened(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError.of("Parquet files need PyArrow", "data") from None
    name = file_name(path)
    with open_input(path) as stream:
        if not stream.seekable():
            raise InputError(f"{name} is a pipe, and Parquet is read from both ends; give a file.")
    try:
        return pyarrow.parquet.ParquetFile(path)
    except (OSError, ValueError, pyarrow.ArrowException):
        raise InputError(f"{name} is not a Parquet file; write it anew, or give CSV or NPZ.") from None


def _index_of(file: Any) -> tuple[str, ...]:
    """The columns that hold the index of a data frame of pandas."""
    try:
        told = (file.schema_arrow.pandas_metadata or {}).get("index_columns", [])
    except (AttributeError, ValueError):  # metadata that pandas did not write
        return ()
    return tuple(name for name in told if isinstance(name, str) and name in file.schema_arrow.names)
