"""Outputs that are inputs or other outputs, refused before anything is computed."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeAlias

from symderive.errors import InputError
from symderive.files.places import led_to, named, require_folder

#: A path, several, or None for an option that is not given.
Paths: TypeAlias = str | os.PathLike[str] | Sequence[str | os.PathLike[str]] | None

#: What tells one file from all others: device and number; for a new one those of its folder, and its name.
_Identity: TypeAlias = tuple[int, int, str]

#: How standard input is called where a file could be.
_STREAM = "-"


def require_outputs(
    outputs: Mapping[str, Paths],
    inputs: Mapping[str, Paths] | None = None,
    *,
    folders: Mapping[str, Sequence[Path]] | None = None,
) -> None:
    """Refuse outputs that cannot be written, or that are an input or another output.

    Keys name the options, for messages.  The same file is found under every name: links of both kinds,
    other spellings, and letters in the other case where the file system takes them for the same.  What a
    command writes beside the file that is named is listed with it.  ``folders``: what options fill with
    files of their own; nothing else may be written there.  Standard output and standard error count as
    outputs where they go to a file, and ``-`` as an input is standard input.  An input without a name and
    one that is a folder are refused, too.
    """
    taken = {identity: (option, path, True) for option, path, identity in _read(inputs or {})}
    news: list[tuple[str, Path]] = []
    for option, path in _each(outputs):
        if path == _STREAM:
            raise InputError(f"{option} - would be standard output, where the result goes; name a file.")
        try:
            place = led_to(require_folder(path))
        except InputError as error:
            raise InputError(f"{option}: {error}") from None
        identity = _identity(place) or _new(place, [other for _, other in news])
        if identity in taken:
            raise _one_file(option, path, *taken[identity])
        taken[identity] = option, path, False
        news.append((option, place))
        for other, filled in (folders or {}).items():
            if other != option and any(place.is_relative_to(os.path.realpath(x)) for x in filled):
                raise InputError(
                    f"{option} {named(path)} lies in a folder that {other} fills; name a file elsewhere."
                )
    _require_apart_from_streams(taken)


def _each(given: Mapping[str, Paths]) -> Iterator[tuple[str, str]]:
    """Every path with its option."""
    for option, paths in given.items():
        several = [paths] if isinstance(paths, (str, os.PathLike)) else paths or ()
        yield from ((option, os.fspath(path)) for path in several)


def _read(inputs: Mapping[str, Paths]) -> Iterator[tuple[str, str, _Identity]]:
    """The inputs that are files; those that are not there are refused where they are read."""
    for option, path in _each(inputs):
        if not path:
            raise InputError(f"{option} is empty; name a file.")
        if os.path.isdir(path):
            raise InputError(f"{option} {named(path)} is a folder; name a file in it.")
        identity = _of_stream(0) if path == _STREAM else _identity(Path(path))
        if identity is not None:
            yield option, path, identity


def _identity(path: Path) -> _Identity | None:
    """The identity of a file, links followed; None where there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return status.st_dev, status.st_ino, ""


def _new(place: Path, others: Sequence[Path]) -> _Identity:
    """The identity of a file that is not there yet, beside others that may not be either."""
    folder = place.parent.stat()
    name = place.name
    for other in others:
        alike = other.name != name and _folded(other.name) == _folded(name)
        if alike and other.parent.samefile(place.parent) and _takes_for_one(place, other):
            name = other.name
    return folder.st_dev, folder.st_ino, name


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _takes_for_one(place: Path, other: Path) -> bool:
    """Whether two names of new files are one for the file system: it is asked, with an empty file."""
    if other.exists():
        return False  # then the place would be there, too
    with suppress(OSError):
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            return other.exists()
        finally:
            os.close(handle)
            place.unlink()
    return False


def _one_file(option: str, path: str, other: str, its_path: str, is_read: bool) -> InputError:
    if is_read:
        return InputError(
            f"{option} {named(path)} is the file that is read as {other}, which would be lost; "
            "name another file."
        )
    if option == other:
        return InputError(f"{option} would write {named(path)} and {named(its_path)}, which are one file.")
    return InputError(
        f"{option} {named(path)} and {other} {named(its_path)} are one file; name another for one of them."
    )


def _require_apart_from_streams(taken: Mapping[_Identity, tuple[str, str, bool]]) -> None:
    for handle, name in ((1, "standard output"), (2, "standard error")):
        identity = _of_stream(handle)
        if identity is None or identity not in taken:
            continue
        option, path, is_read = taken[identity]
        if not is_read:
            raise InputError(f"{option} {named(path)} is the file that {name} goes to; name another file.")


def _of_stream(handle: int) -> _Identity | None:
    """The file that a standard stream comes from or goes to; None for anything else."""
    try:
        status = os.fstat(handle)
    except OSError:  # closed
        return None
    return (status.st_dev, status.st_ino, "") if stat.S_ISREG(status.st_mode) else None
