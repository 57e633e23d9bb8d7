"""Files that are read: pipes too, but nothing that would be waited for without an end."""

from __future__ import annotations

import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

from symderive.errors import InputError
from symderive.files.places import named, unreadable

#: Seconds in which somebody has to begin to write to a pipe with a name.
PATIENCE = 10.0


def open_input(path: str | os.PathLike[str], *, seekable: bool = False) -> BinaryIO:
    """A binary stream of a file or a pipe; else :class:`InputError`.

    A pipe without a name, as ``<(command)`` makes it, is read to its end.  One with a name, made by
    ``mkfifo``, is read where somebody writes to it within :data:`PATIENCE` seconds.  ``seekable``: what
    comes from a pipe is kept in memory.
    """
    text = os.fspath(path)
    if not text:
        raise InputError("the name of a file to read is empty; give one.")
    try:
        # Without the flag, a pipe to which nobody writes would be waited for here.
        handle = os.open(text, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError:
        raise InputError(f"{named(repr(text))} is not a usable file name.") from None
    except OSError as error:
        raise unreadable(text, error) from None
    try:
        _require_readable(handle, text)
    except InputError:
        os.close(handle)
        raise
    stream = os.fdopen(handle, "rb")
    if seekable and not stream.seekable():
        with stream:
            return io.BytesIO(stream.read())
    return stream


def read_input(path: str | os.PathLike[str]) -> bytes:
    """The content of a file or a pipe, opened by :func:`open_input`; :class:`InputError` where reading
    fails."""
    with open_input(path) as stream:
        try:
            return stream.read()
        except OSError as error:
            raise unreadable(path, error) from None


def _require_readable(handle: int, text: str) -> None:
    mode = os.fstat(handle).st_mode
    if stat.S_ISDIR(mode):
        raise InputError(f"{named(text)} cannot be read (it is a folder); name a file.")
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode) or os.isatty(handle)):
        raise InputError(f"{named(text)} cannot be read (it is a device); name a file or a pipe.")
    if stat.S_ISFIFO(mode) and Path(os.path.realpath(text)).exists() and not _begins(handle):
        raise InputError(
            f"{named(text)} is a pipe that nobody writes to; start the other program first, or name a file."
        )
    if hasattr(os, "set_blocking"):
        os.set_blocking(handle, True)


def _begins(handle: int) -> bool:
    """Whether a pipe has something to read, or its writer came and left, before patience ends."""
    import select

    watch = select.poll()
    watch.register(handle, select.POLLIN | select.POLLHUP)
    return bool(watch.poll(1000 * PATIENCE))
