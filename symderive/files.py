"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from symderive.errors import InputError

_DEVICES = Path("/dev")


def require_folder(path: str | Path) -> Path:
    """``path`` as a Path, where its folder exists and it is a file or new; else :class:`InputError`."""
    path = Path(path)
    try:
        has_folder, is_folder = path.parent.is_dir(), path.is_dir()
        # A device or a pipe, and a link to one in /dev, would be lost to every other program.
        is_other = path.exists() and (not path.is_file() or path.parent.resolve() == _DEVICES)
    except (OSError, ValueError):
        raise InputError(f"{str(path)!r} is not a usable file name.") from None
    if not has_folder:
        raise InputError(
            f"the folder {path.parent} does not exist; make it or name another for {path.name}."
        )
    if is_folder:
        raise InputError(f"{path} is a folder; name a file in it.")
    if is_other:
        raise InputError(f"{path} is a device or a pipe, which no file may replace; name a file.")
    return path


@contextmanager
def write_whole(path: str | Path) -> Iterator[BinaryIO]:
    """A binary stream whose content takes the place of ``path`` when the block ends without an error.

    Raises :class:`InputError` when the file cannot be written; then nothing is left behind.
    """
    with unfinished_file(path) as unfinished:
        with unfinished.open("wb") as stream:
            yield stream
        unfinished.replace(path)


@contextmanager
def unfinished_file(path: str | Path) -> Iterator[Path]:
    """A name beside ``path`` to write to; a file that still has it when the block ends is removed.

    Raises :class:`InputError` when the file cannot be written.
    """
    path = require_folder(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield unfinished
    except OSError as error:
        raise InputError(f"{path} cannot be written ({error.strerror or error}).") from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
