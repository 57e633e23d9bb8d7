"""The finished chunks of a sweep, in a folder: an interrupted sweep goes on from there.

Each chunk is one netCDF file.  One file is one atomic rename, so that a chunk is there whole or not at all
(zarr would spread it over a file for each variable), and any netCDF reader opens it.  Its name carries the
SHA-256 of its bytes, by which damage is found before the file is parsed.  ``sweep.json`` says which task
the chunks belong to; they are never used for another one.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderive.errors import InputError, MissingExtraError
from symderive.files import (
    named,
    read_input,
    remove_leftovers,
    require_output_folder,
    unfinished_file,
    write_whole,
)
from symderive.sweeps.points import GridPoints

if TYPE_CHECKING:
    import xarray

#: How chunks are written, and by which method they were found.
FORMAT = "symderive-sweep-2"

#: The file that says which task a folder holds.
TASK_FILE = "sweep.json"

#: Hexadecimal digits of the digest in a chunk's name.
DIGEST_DIGITS = 32

#: Bytes that netCDF writes beside the numbers, at most.
SLACK = 1 << 20


def require_xarray() -> Any:
    """xarray, where it and netCDF4 are installed; else :class:`MissingExtraError`."""
    try:
        import netCDF4  # noqa: F401
        import xarray
    except ImportError:
        raise MissingExtraError.of("datasets need xarray and netCDF4", "sweep") from None
    return xarray


def require_netcdf(path: str | Path) -> Any:
    """xarray, where netCDF can be written to ``path``: its library takes names in UTF-8 only."""
    try:
        os.fspath(path).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(f"{named(path)} is no name in UTF-8, as netCDF needs it; give another.") from None
    return require_xarray()


def write_netcdf(dataset: xarray.Dataset, path: Path) -> None:
    """Write a dataset; :class:`OSError` where that fails."""
    try:
        dataset.to_netcdf(path, engine="netcdf4")
    except RuntimeError as error:  # what the netCDF library makes of a full disk, without saying so
        _require_room(path, dataset.nbytes + SLACK)
        raise OSError(str(error)) from None


def _require_room(path: Path, size: int) -> None:
    """Raise the :class:`OSError` of the system where so many bytes do not fit into a file that failed."""
    with path.open("wb") as stream:
        for _ in range(0, size, SLACK):
            stream.write(bytes(SLACK))


class Store:
    """A folder of chunks that belong to one task.

    Parameters
    ----------
    folder
        Made if its parent exists.  A folder that holds anything but this task is refused with an
        :class:`InputError`.
    task
        What determines every number of the sweep, as JSON values.
    """

    def __init__(self, folder: str | Path, task: Mapping[str, Any]) -> None:
        self._xarray = require_xarray()
        self.folder = _opened(Path(folder), json.loads(json.dumps(task)))

    def load(self, index: int) -> GridPoints | None:
        """A chunk that was finished before; None where there is none, or a damaged one (with a warning)."""
        for path in sorted(self.folder.glob(f"{_stem(index)}-*.nc")):
            if path.name == _name(index, _content(path)):
                loaded = self._xarray.load_dataset(path, engine="netcdf4")
                return GridPoints(**{field.name: loaded[field.name].values for field in fields(GridPoints)})
            warnings.warn(f"{path} is damaged; this chunk is computed again.", stacklevel=2)
            path.unlink()
        return None

    def save(self, index: int, points: GridPoints) -> None:
        """Write a finished chunk."""
        variables = {}
        for field in fields(GridPoints):
            array = getattr(points, field.name)
            variables[field.name] = (("cell", "point")[: array.ndim], array)
        dataset = self._xarray.Dataset(variables, attrs={"chunk": index})
        # The digest finds what a crash of the machine may leave of a file: none waits for the disk.
        with unfinished_file(self.folder / _stem(index), durable=False, tidy=False) as path:
            write_netcdf(dataset, path)
            path.replace(self.folder / _name(index, path.read_bytes()))


def _content(path: Path) -> bytes:
    """What a file of the store holds; nothing else is waited for."""
    if path.exists() and not path.is_file():
        raise InputError(f"{named(path)} is no file; remove it, or give another store.")
    return read_input(path)


def _stem(index: int) -> str:
    return f"chunk-{index:06d}"


def _name(index: int, content: bytes) -> str:
    return f"{_stem(index)}-{sha256(content).hexdigest()[:DIGEST_DIGITS]}.nc"


def _opened(folder: Path, task: Mapping[str, Any]) -> Path:
    """The folder, made or found to hold this very task."""
    file = folder / TASK_FILE
    if not os.path.lexists(file):  # one that is finished may be read-only
        require_output_folder(folder, "the store")
    try:
        Path(os.path.realpath(folder)).mkdir(exist_ok=True)
        remove_leftovers(folder)
        held = _content(file) if file.exists() else None
        others = [path.name for path in folder.iterdir() if not path.name.startswith(".")]
    except InputError:
        raise
    except (OSError, ValueError) as error:
        raise InputError(f"the store {folder} is not a usable folder ({error}).") from None
    if held is None:
        if others:
            raise InputError(f"the store {folder} holds files that are no sweep; give an empty folder.")
        with write_whole(file) as stream:
            stream.write((json.dumps(task, indent=1, ensure_ascii=False) + "\n").encode())
        return folder
    try:
        found = json.loads(held)
        differing = [name for name in {**found, **task} if found.get(name) != task.get(name)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise InputError(f"{file} is damaged; give an empty folder as store.") from None
    if "format" in differing:
        raise InputError(
            f"the store {folder} is of another version of symderive, which solved sweeps in another way; "
            "give an empty folder."
        )
    if differing:
        raise InputError(
            f"the store {folder} holds another sweep, with another {', '.join(differing)}; "
            "give the same task or an empty folder."
        )
    return folder
