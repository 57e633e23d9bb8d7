"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import BinaryIO

from symderive.errors import InputError
from symderive.files.leftovers import remove_leftovers, unfinished_name
from symderive.files.places import led_to, named, refused, require_folder, require_output_folder


@contextmanager
def write_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A binary stream whose content takes the place of ``path`` when the block ends without an error.

    Errors are those of :func:`unfinished_file`.
    """
    with unfinished_file(path) as unfinished, unfinished.open("wb") as stream:
        yield stream


@contextmanager
def unfinished_file(
    path: str | os.PathLike[str], *, durable: bool = True, tidy: bool = True
) -> Iterator[Path]:
    """An empty file beside ``path`` to write to; it takes its place when the block ends without an error.

    Raises :class:`InputError` when the file cannot be written; then the old one stays and nothing is left
    behind.  The block may move it elsewhere itself.

    ``durable``: the content is on the disk before it takes its place, so that a crash of the whole machine
    leaves the old file or the new one, too.  Without it only the end of the process does.
    ``tidy``: what killed programs have left of this file is removed first.
    """
    path = require_folder(path)
    place = led_to(path)
    if tidy:
        remove_leftovers(place.parent, [place.name])
    try:
        unfinished = _begun(place, private=place.exists())
    except OSError as error:
        raise refused(path, error) from None
    try:
        yield unfinished
        if unfinished.exists():
            _put(unfinished, place, durable=durable)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def write_together(files: Mapping[Path, bytes]) -> None:
    """Write files that belong together: none takes its place before all are written.

    They take their places in their order, one after another.  A program that is killed just then leaves
    some old and some new ones, each whole; the last is new only where all are.
    """
    names: dict[Path, list[str]] = {}
    for path in files:
        place = led_to(require_folder(path))
        names.setdefault(place.parent, []).append(place.name)
    for folder, held in names.items():
        remove_leftovers(folder, held)
    with ExitStack() as stack:
        for path, content in reversed([*files.items()]):  # what is entered first is left last
            made = stack.enter_context(unfinished_file(path, tidy=False))
            made.write_bytes(content)


def fill_folder(
    target: str | os.PathLike[str], contents: Mapping[Path, bytes], what: str, command: str
) -> Path:
    """Write files, by their paths in it, into a folder that is new or empty: all of them or none.

    ``what`` says what the folder is for, and ``command`` how another one is named.  Raises
    :class:`InputError` where the folder holds something, or cannot be written.
    """
    folder = require_empty_folder(target, what, command)
    placed = {folder / path: content for path, content in contents.items()}
    try:
        for path in sorted(placed):
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refused(folder, error) from None
    write_together(placed)
    return folder


def require_empty_folder(target: str | os.PathLike[str], what: str, command: str) -> Path:
    """A folder that is empty, or can be made; else :class:`InputError`.  Nothing is made yet."""
    folder = require_output_folder(target, what)
    if folder.is_dir() and any(folder.iterdir()):
        raise InputError(f"the folder {named(folder)} is not empty; name a new one: {command}.")
    return folder


def _begun(place: Path, *, private: bool) -> Path:
    """A new empty file beside a place, of no other program; :class:`OSError` where none can be made.

    ``private``: only its owner can read it.
    """
    for number in count():
        path = place.with_name(unfinished_name(place.name, number))
        try:
            # Others must not have put a link in its place.
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666))
        except FileExistsError:
            continue
        return path
    raise AssertionError  # count does not end


def _put(unfinished: Path, place: Path, *, durable: bool) -> None:
    with unfinished.open("rb+") as stream:
        _keep_owner_and_mode(stream.fileno(), place)
        if durable:
            os.fsync(stream.fileno())
    unfinished.replace(place)
    if durable:
        _sync_folder(place.parent)


def _keep_owner_and_mode(handle: int, place: Path) -> None:
    """Give an open file the owner, group and permissions of the one whose place it takes."""
    if not hasattr(os, "fchown") or not place.exists():
        return
    old, new = place.stat(), os.fstat(handle)
    mode = stat.S_IMODE(old.st_mode) & 0o777
    with suppress(PermissionError):
        if old.st_uid != new.st_uid:
            os.fchown(handle, old.st_uid, -1)
    try:
        if old.st_gid != new.st_gid:
            os.fchown(handle, -1, old.st_gid)
    except PermissionError:
        # The permissions of one group are not for another: it gets what everybody has.
        mode &= 0o707 | (mode & 0o007) << 3
    os.fchmod(handle, mode)


def _sync_folder(folder: Path) -> None:
    """Bring a rename to the disk, on systems that can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
