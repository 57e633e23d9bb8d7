"""Files of lines as bytes, a chunk of whole lines at a time: plain, packed by gzip, or standard input."""

from __future__ import annotations

import errno
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from gzip import GzipFile
from io import BufferedReader
from pathlib import Path
from typing import IO, cast

from symderive.data.reading.encodings import in_utf_8
from symderive.errors import InputError
from symderive.files import open_input, unreadable

#: Bytes that are read at a time, and the longest line; nothing longer is kept in memory.
CHUNK, MOST_LINE = 1 << 19, 1 << 26

#: How the command line names standard input.
STANDARD_INPUT = "-"

_GZIP, _BYTE_ORDER_MARK = b"\x1f\x8b", b"\xef\xbb\xbf"


def file_name(path: Path) -> str:
    """How messages name a file."""
    if str(path) == STANDARD_INPUT:
        return "standard input"
    return path.name if len(path.name) <= 60 else f"{path.name[:60]}…"


class Place:
    """How far a file was read: a share of its bytes, None where their number is not known."""

    share: float | None = None


def chunks_of(path: Path, place: Place | None = None, encoding: str | None = None) -> Iterator[bytes]:
    """Whole lines of a file, some at a time, with any of the three kinds of line ends.

    Text in another ``encoding`` than UTF-8 is handed on in UTF-8.  What begins as gzip's files do is
    decompressed, whatever its name; a byte order mark is left out.  The file is open until the iterator
    ends or is closed; ``place`` is kept up to date.  Raises :class:`InputError` where it cannot be read.
    """
    name = file_name(path)
    recode = None if encoding is None else in_utf_8(encoding, name)
    with _opened(path) as stream:
        rest, first = b"", True
        while True:
            with _readable(path):
                raw = stream.read(CHUNK)
            if place is not None:
                place.share = _share(stream)
            ends = not raw
            if recode is not None:
                raw = recode(raw)
            if first:
                raw, first = raw.removeprefix(_BYTE_ORDER_MARK), False
            if ends:
                break
            rest += raw
            if cut := _after_last_line(rest):
                yield rest[:cut]
                rest = rest[cut:]
            elif len(rest) > MOST_LINE:
                raise InputError(f"{name} has a line of more than {MOST_LINE >> 20} MB; is it a text file?")
        if rest:
            yield rest


def _share(stream: IO[bytes]) -> float | None:
    file = getattr(stream, "fileobj", stream)  # what is packed, of gzip's
    try:
        size = os.fstat(file.fileno()).st_size
        return float(file.tell() / size) if size else None
    except (OSError, ValueError):  # a pipe
        return None


def _after_last_line(text: bytes) -> int:
    """Where the last whole line ends; a carriage return at the very end may belong to a longer line end."""
    return text.rfind(b"\n") + 1 or text.rfind(b"\r", 0, -1) + 1


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    own = str(path) != STANDARD_INPUT
    if not own and sys.stdin is None:
        raise _closed()
    raw = cast(BufferedReader, open_input(path) if own else sys.stdin.buffer)
    with closing(raw) if own else nullcontext(raw):
        with _readable(path):
            compressed = hasattr(raw, "peek") and raw.peek(2)[:2] == _GZIP
        if compressed:
            with GzipFile(fileobj=raw) as unpacked:
                yield cast(IO[bytes], unpacked)
        else:
            yield raw


def _closed() -> InputError:
    return InputError("standard input is closed; send the data to it, or name a file.")


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Errors of reading as sentences."""
    try:
        yield
    except (EOFError, zlib.error):
        raise InputError(
            f"{file_name(path)} is damaged or ends too early for a compressed file; copy it again."
        ) from None
    except OSError as error:
        if str(path) == STANDARD_INPUT and error.errno == errno.EBADF:
            raise _closed() from None
        raise unreadable(file_name(path), error) from None
    except ValueError:  # a path that is none
        raise InputError(f"{file_name(path)} is not a CSV file in UTF-8 text.") from None
