"""The formats of weight files, told by their suffixes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from symderive.data.reading.npz import read_npz
from symderive.errors import InputError, one_of
from symderive.files import read_input
from symderive.training.weights.arrays import PLAIN, Archive, Table, clipped, widened
from symderive.training.weights.torch_files import from_torch
from symderive.weight_files import require_libraries

#: Number types of safetensors by their names there.
_SAFE = {
    "F64": "float64",
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F8_E4M3": "float8_e4m3fn",
    "F8_E5M2": "float8_e5m2",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
}


def read_archive(path: Path) -> Archive:
    """The arrays of a file, by its suffix; :class:`InputError` where it has none that is known."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise InputError(
            f"{path.name} has no suffix of a known format of weights; give {one_of(_READERS)}."
        )
    return reader(path)


def _from_npz(path: Path) -> Archive:
    return Archive({name: Table(values, str(values.dtype)) for name, values in read_npz(path).items()})


def _from_safetensors(path: Path) -> Archive:
    import numpy as np

    require_libraries(path.name, "safetensors")
    from safetensors import SafetensorError, deserialize

    content = read_input(path)
    arrays = {}
    try:
        for name, part in deserialize(content):
            dtype = _SAFE.get(part["dtype"])
            if dtype is None:
                raise InputError(
                    f"{clipped(name)!r} in {path.name} is of type {part['dtype']}, which is not "
                    "read; convert the file to float32."
                )
            bits = np.frombuffer(part["data"], np.dtype(PLAIN[dtype]).newbyteorder("<"))
            arrays[name] = Table(widened(bits.reshape(part["shape"]), dtype), dtype)
    except (SafetensorError, ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{path.name} is not a whole safetensors file.") from None
    return Archive(arrays)


def files_of(path: Path) -> list[Path]:
    """A file of weights, and those that it lists where it is an index of several.

    Raises :class:`InputError` for an index that is none.
    """
    # What comes from a pipe can be read once only, and has no folder.
    if path.suffix.lower() != ".json" or not path.is_file():
        return [path]
    return [path, *(path.with_name(file) for file in dict.fromkeys(_weight_map(path).values()))]


def _weight_map(path: Path) -> dict[str, str]:
    """The names of arrays and the files that hold them, of an index ``{"weight_map": {name: file, …}}``."""
    try:
        index = json.loads(read_input(path).decode("utf-8"))
        files = index["weight_map"]
        plain = all(type(part) is str and Path(part).name == part for part in files.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        plain = False
    if not plain or not files:
        raise InputError(
            f"{path.name} is no index of weight files; its 'weight_map' maps names to files of its folder."
        )
    return dict(files)


def _from_shards(path: Path) -> Archive:
    """The arrays of the files that an index lists."""
    files = _weight_map(path)
    shards = {}
    for file in dict.fromkeys(files.values()):
        if Path(file).suffix.lower() == ".json":
            raise InputError(f"{path.name} lists {clipped(file)}, an index itself; list files of weights.")
        shards[file] = read_archive(path.with_name(file)).arrays
    for name, file in files.items():
        if name not in shards[file]:
            raise InputError(
                f"{path.name} looks for {clipped(name)!r} in {clipped(file)}, which has no such array."
            )
    return Archive({name: shards[file][name] for name, file in files.items()})


_READERS: dict[str, Callable[[Path], Archive]] = {
    ".npz": _from_npz,
    ".safetensors": _from_safetensors,
    ".pt": from_torch,
    ".pth": from_torch,
    ".ckpt": from_torch,
    ".bin": from_torch,
    ".tar": from_torch,  # as in model.pth.tar, which is no tape archive
    ".json": _from_shards,
}
