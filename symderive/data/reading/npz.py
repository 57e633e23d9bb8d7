"""NPZ archives, never unpickled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from symderive.data.blocks import Block, Table, default_names, default_targets
from symderive.data.reading.arrays import column_of_array, matrix_of_array
from symderive.data.reading.lines import file_name
from symderive.data.reading.matrix import Matrix
from symderive.data.reading.samples import blocks_of
from symderive.data.reading.stored_array import StoredArray
from symderive.errors import InputError, listed, shown
from symderive.files import open_input, unreadable


def read_npz(path: Path) -> dict[str, Any]:
    """The arrays of an NPZ file, never unpickled; :class:`InputError` for anything unreadable."""
    import numpy as np

    with ExitStack() as opened, _readable(path):
        stream = opened.enter_context(open_input(path, seekable=True))
        archive = opened.enter_context(np.load(stream, allow_pickle=False))
        arrays = {name: archive[name] for name in archive.files}
        if not all(isinstance(array, np.ndarray) for array in arrays.values()):
            raise ValueError("no arrays")
    return arrays


def npz_samples(path: Path, target: str, sample_weight: str | None = None) -> Table:
    """Samples of an NPZ file with ``X`` (n × d), the target and the weights, read some rows at a time.

    The target has length n, or shape (n, o): then it is o targets.

    Where there is no ``X``, ``x`` is taken, unless it is the target or the weights.
    """
    names = ["X", target, *([] if sample_weight is None else [sample_weight])]
    if len(set(names)) < len(names):
        raise InputError("X, the target and the sample weight are different arrays; name each once.")
    with ExitStack() as opened:
        arrays = _arrays(path, names, opened)
        inputs = matrix_of_array(arrays[0], "X")
        targets = _targets_of(arrays[1], target)
        weights = column_of_array(arrays[2], names[2]) if arrays[2:] else None
        blocks = blocks_of(inputs, targets, weights)
        named = (target,) if targets.width == 1 else default_targets(targets.width)
        return Table(
            default_names(inputs.width),
            named,
            _until(blocks, path, opened.pop_all()),
            file_name(path),
            share=lambda rows: rows / inputs.rows,
        )


def _targets_of(array: StoredArray, name: str) -> Matrix:
    """One target a column of a table, or a vector."""
    is_table = len(array.shape) == 2 and 1 not in array.shape and array.shape[1]
    return matrix_of_array(array, name) if is_table else column_of_array(array, name)


def _arrays(path: Path, names: list[str], opened: ExitStack) -> list[StoredArray]:
    with _readable(path):
        archive = opened.enter_context(ZipFile(opened.enter_context(open_input(path, seekable=True))))
        held = {name.removesuffix(".npy"): name for name in archive.namelist()}
    if "X" not in held and "x" in held and "x" not in names:
        held["X"] = held["x"]
    for place, name in enumerate(names):
        if name not in held:
            remedy = (
                "save the features as X",
                "name the target with --target (target)",
                "name one of them",
            )
            raise InputError(
                f"{file_name(path)} has no array {shown(name)}; it holds {listed(list(held)) or 'nothing'}"
                f"; {remedy[place]}."
            )
    with _readable(path):
        return [
            opened.enter_context(closing(StoredArray(opened.enter_context(archive.open(held[name])))))
            for name in names
        ]


def _until(blocks: Iterator[Block], path: Path, opened: ExitStack) -> Iterator[Block]:
    """The blocks, after which the file is closed."""
    with opened:
        while True:
            with _readable(path):
                block = next(blocks, None)
            if block is None:
                return
            yield block


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise unreadable(path, error) from None
    except Exception:  # a broken archive can raise anything: nine types were met by flipping bytes
        raise InputError(
            f"{file_name(path)} is not an NPZ archive of plain numbers (pickled objects are refused); "
            "write it with numpy.savez."
        ) from None
