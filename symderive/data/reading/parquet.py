"""Parquet files, some rows at a time, through PyArrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from symderive.data.blocks import Block, Table
from symderive.data.reading.frames import frame_of, matrix_of_frame
from symderive.data.reading.header import Columns, chosen_columns
from symderive.data.reading.matrix import block_rows
from symderive.errors import InputError, MissingExtraError, listed


def read_parquet(
    path: Path, target: str, *, columns: Sequence[str] | None = None, sample_weight: str | None = None
) -> Table:
    """A table of a Parquet file; all columns but the target and the weights are features, or ``columns``.

    The index that pandas wrote as a column is left out, with a note, unless it is among ``columns``.
    Raises :class:`InputError` for a file that cannot be read and for columns that hold no numbers.
    """
    file = _opened(path)
    header = list(file.schema_arrow.names)
    told = (file.schema_arrow.pandas_metadata or {}).get("index_columns", [])
    index = [name for name in told if isinstance(name, str) and name in header]
    left_out = [] if columns is not None else [x for x in index if x not in (target, sample_weight)]
    kept = [name for name in header if name not in left_out]
    chosen = chosen_columns(kept, target, columns=columns, sample_weight=sample_weight, file=path.name)
    note = f"Dropped {listed(left_out)}: the index of the data frame that {path.name} was written from."
    notes = (*chosen.notes, note) if left_out else chosen.notes
    return Table(chosen.features, target, _blocks(file, path, kept, chosen), path.name, notes)


def _blocks(file: Any, path: Path, header: list[str], chosen: Columns) -> Iterator[Block]:
    names = [header[place] for place in chosen.places]
    weight = [] if chosen.weights is None else [header[chosen.weights]]
    first = 0
    with file:
        batches = file.iter_batches(batch_size=block_rows(len(names)), columns=[*names, *weight])
        for batch in _readable(batches, path):
            frame, rows = frame_of(batch, path.name), batch.num_rows
            parts = [
                matrix_of_frame(frame.select(part), path.name, first).read(0, rows)
                for part in (names, weight)
                if part
            ]
            yield Block(parts[0], parts[1][0] if weight else None)
            first += rows


def _readable(batches: Iterator[Any], path: Path) -> Iterator[Any]:
    """The batches, with a sentence for those that are damaged."""
    import pyarrow

    while True:
        try:
            batch = next(batches)
        except StopIteration:
            return
        except (OSError, ValueError, pyarrow.ArrowException) as error:
            raise InputError(f"{path.name} is damaged ({str(error)[:80]}); write it anew.") from None
        if batch.num_rows:
            yield batch


def _opened(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError(
            'Parquet files need PyArrow; get it with pip install "symderive[data]".'
        ) from None
    try:
        with path.open("rb"):
            pass
        return pyarrow.parquet.ParquetFile(path)
    except pyarrow.ArrowException:
        raise InputError(f"{path.name} is not a Parquet file; write it anew, or give CSV or NPZ.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or 'not a Parquet file'}).") from None
    except ValueError:  # a path that is none
        raise InputError(f"{str(path)!r} is not the path of a file.") from None
