"""Where a path leads, and whether a file may be written there."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from symderive.errors import InputError

#: Folders whose entries stand for devices, and for whatever a process has open.
_DEVICES, _OPEN_FILES = Path("/dev"), (Path("/dev/fd"), Path("/proc"))

#: Links that are followed one after another; systems give up after 40.
_MOST_LINKS = 40

#: Characters of a path that a message shows.
_SHOWN = 80

#: What helps against an error that a system reports.
_REMEDIES = {
    errno.ENOSPC: "make room, or name a file on another disk",
    errno.EDQUOT: "make room, or name a file on another disk",
    errno.EFBIG: "raise the limit on the size of files (ulimit -f), or ask for less",
    errno.EIO: "the disk or the connection to it has failed; name a file on another one",
    errno.ENAMETOOLONG: "give a shorter name",
    errno.EROFS: "name a file on a disk that can be written",
}


def named(path: str | os.PathLike[str]) -> str:
    """A path as messages show it: its end, where it is long, and escapes for what is no text."""
    text = os.fspath(path).encode("utf-8", "backslashreplace").decode()
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    return text if len(text) <= _SHOWN else f"…{text[1 - _SHOWN :]}"


def unreadable(path: str | os.PathLike[str], error: OSError) -> InputError:
    """The sentence for a file that the system does not read."""
    return InputError(f"{named(path)} cannot be read ({error.strerror or error}).")


def refused(path: str | os.PathLike[str], error: OSError) -> InputError:
    """The sentence for a file that the system does not write."""
    remedy = _REMEDIES.get(error.errno or 0, "name another file")
    return InputError(f"{named(path)} cannot be written ({error.strerror or error}); {remedy}.")


def led_to(path: Path) -> Path:
    """The file that a path leads to, all links followed, whether it is there or not.

    :class:`InputError` for links that lead to themselves, and for what stands for a device or for an open
    file of a process, such as ``/dev/stdout``, wherever that leads at the moment.
    """
    followed = path
    for _ in range(_MOST_LINKS):
        folder = Path(os.path.realpath(followed.parent))
        if folder == _DEVICES or any(folder.is_relative_to(special) for special in _OPEN_FILES):
            raise _no_file(path)
        followed = folder / followed.name
        if not followed.is_symlink():
            return followed
        followed = folder / followed.readlink()
    raise InputError(f"{named(path)} is a link that leads back to itself; name another file.")


def require_folder(path: str | os.PathLike[str]) -> Path:
    """``path`` as a Path, where a file can be put there; else :class:`InputError`.

    Its folder exists and can be written; it is new, or a file that the user may change.
    """
    text = os.fspath(path)
    if not text:
        raise InputError("the name of a file to write is empty; give one.")
    path = Path(text)
    try:
        if path.is_dir() or text.endswith(("/", os.sep)):
            raise InputError(f"{named(text)} is a folder; name a file in it.")
        place = led_to(path)
        status = _status(place)
        if status is None and not place.parent.is_dir():
            raise _no_folder(path, place)
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{named(repr(text))} is not a usable file name.") from None
    except OSError as error:
        raise refused(path, error) from None
    if status is not None:
        _require_replaceable(path, place, status)
    if not _may(place.parent, os.W_OK | os.X_OK):
        raise InputError(
            f"{named(path)} cannot be written: nothing can be put into the folder {named(place.parent)}; "
            "name a file in another one."
        )
    return path


def require_output_folder(path: str | os.PathLike[str], what: str = "--out") -> Path:
    """A folder that is there or can be made, with those above it; else :class:`InputError`.

    Nothing is made yet.  ``what`` says in messages what the folder is for.
    """
    text = os.fspath(path)
    if not text:
        raise InputError(f"{what} has an empty name; name a folder.")
    try:
        reason = _fault_of_folder(Path(os.path.realpath(text)))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not a name"
    if reason:
        raise InputError(f"{what} {named(text)} is not a usable folder ({reason}); name another one.")
    return Path(text)


def _fault_of_folder(place: Path) -> str:
    """Why no folder of files can be there; empty where one can."""
    if any(place.is_relative_to(special) for special in _OPEN_FILES):
        return "it stands for a process"
    above = place
    while _status(above) is None and above != above.parent:
        above = above.parent
    if not above.is_dir():
        return f"{named(above)} is a file"
    return "" if _may(above, os.W_OK | os.X_OK) else f"nothing can be put into {named(above)}"


def _may(place: Path, how: int) -> bool:
    """Whether the user may write to what is there, on disks that are read-only too."""
    return os.access(place, how, effective_ids=os.access in os.supports_effective_ids)


def _status(place: Path) -> os.stat_result | None:
    """What is there; None where nothing is."""
    try:
        return place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _require_replaceable(path: Path, place: Path, status: os.stat_result) -> None:
    """Refuse what a rename would replace although nobody could write to it."""
    if not stat.S_ISREG(status.st_mode):
        raise _no_file(path)
    if not _may(place, os.W_OK):
        raise InputError(f"{named(path)} is read-only; make it writable or name another file.")
    owners = {status.st_uid, place.parent.stat().st_uid}
    if place.parent.stat().st_mode & stat.S_ISVTX and os.geteuid() not in {0, *owners}:
        raise InputError(
            f"{named(path)} belongs to another user, and its folder lets nobody else replace it; "
            "name another file."
        )


def _no_file(path: Path) -> InputError:
    return InputError(f"{named(path)} is a device or a pipe, which no file may replace; name a file.")


def _no_folder(path: Path, place: Path) -> InputError:
    if path.is_symlink():
        return InputError(
            f"the folder {named(place.parent)} does not exist, into which the link {named(path)} leads; "
            "make it or name another file."
        )
    return InputError(
        f"the folder {named(path.parent)} does not exist; make it or name another for {named(path.name)}."
    )
