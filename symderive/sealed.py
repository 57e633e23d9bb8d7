"""Records in a folder that are believed only with their seal: small JSON files and a secret key.

A seal is the HMAC-SHA256 of a record's name and bytes under a key of 32 random bytes, which lies in the
folder and which only its owner can read.  What is edited, cut off, put under another record's name,
written by another user or sealed with another key is no record: it reads as absent, and is made again.

This protects from mistakes, from programs that damage files, and from other users where they can write to
the folder.  It does not protect from code that runs as the user, which can read the key, nor from a folder
whose key and records are put there together, such as one restored from elsewhere.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from symderive.errors import InputError, Notice

#: Bytes of a key, and most bytes of a record that are read.
KEY_SIZE, MOST_BYTES = 32, 8_000_000

#: Characters of a folder's name that a message shows.
_SHOWN = 80

#: Seconds after which nobody is still writing a file.
_ABANDONED = 3600.0

#: The environment variable that names the folder.
VARIABLE = "SYMDERIVE_CACHE"

_KEY_NAME = "key"
_RECORD = re.compile(rb'\{"seal": "([0-9a-f]{64})",\n(.*)', re.DOTALL)


#: Folders that could not be written and that nobody insists on: this process goes on without them.
_GIVEN_UP: set[Path | None] = set()


class SealedFolder:
    """Records by name.

    With ``fresh``, nothing that lies there is believed, and what is kept takes its place.  A folder that is
    ``optional`` may be None or one that cannot be written: that is said once, by a
    :class:`~symderive.errors.Notice`, and nothing is kept.
    """

    def __init__(self, folder: Path | None, *, fresh: bool = False, optional: bool = False) -> None:
        assert optional or folder is not None
        self.folder, self.fresh, self.optional = folder, fresh, optional
        self._root = folder
        self._key = b""

    @classmethod
    def default(cls, *, fresh: bool = False) -> SealedFolder:
        """The folder where records lie unless told."""
        return cls(default_folder(), fresh=fresh, optional=True)

    def below(self, name: str) -> SealedFolder:
        """A folder in this one, which stands and falls with it."""
        inner = SealedFolder(self.folder and self.folder / name, fresh=self.fresh, optional=self.optional)
        inner._root = self._root
        return inner

    def get(self, name: str) -> dict[str, Any] | None:
        """The record kept under a name; None for one that is absent or without its seal."""
        if (
            self.fresh
            or self.folder is None
            or not (key := self._key or _read_key(self.folder / _KEY_NAME))
        ):
            return None
        self._key = key
        parts = _RECORD.fullmatch(_read_bounded(self.folder / f"{name}.json", MOST_BYTES) or b"")
        # Nothing is parsed before its seal is known to be good.
        if parts is None or not hmac.compare_digest(parts[1], _seal(key, name, parts[2])):
            return None
        record = json.loads(b"{" + parts[2])
        return record if isinstance(record, dict) else None

    def open(self) -> Path | None:
        """The folder with its key, both made if need be; None for an optional one that cannot be written.

        Raises :class:`InputError` for one that is needed.
        """
        if self._root in _GIVEN_UP:
            return None
        reason = "no home folder is known"
        try:
            if self.folder is not None:
                self.folder.mkdir(parents=True, exist_ok=True)
                if not self._key:
                    _tidy(self.folder)
                self._key = self._key or _read_key(self.folder / _KEY_NAME) or _new_key(self.folder)
                return self.folder
        except OSError as error:
            reason = error.strerror or str(error)
        self._give_up(reason)
        return None

    def put(self, name: str, record: dict[str, Any]) -> None:
        """Keep a record, whole or not at all; :class:`InputError` where a needed folder is not writable."""
        folder = self.open()
        if folder is None:
            return
        # JSON in ASCII holds every string, lone surrogates included.
        body = json.dumps(record, indent=1, sort_keys=True)[1:].lstrip().encode("ascii")
        content = b'{"seal": "' + _seal(self._key, name, body) + b'",\n' + body
        if len(content) > MOST_BYTES:
            return
        try:
            _written(folder, content).replace(folder / f"{name}.json")
        except OSError as error:
            self._give_up(error.strerror or str(error))

    def _give_up(self, reason: str) -> None:
        """Say why nothing is kept."""
        text = str(self.folder or "the cache")
        where = f"{text if len(text) <= _SHOWN else f'…{text[1 - _SHOWN :]}'} cannot be written ({reason})"
        if not self.optional:
            raise InputError(f"{where}; name another folder for the ledger.") from None
        _GIVEN_UP.add(self._root)
        remedy = f"name another folder with --cache or {VARIABLE}"
        warnings.warn(f"{where}, so nothing is kept for the next time; {remedy}.", Notice, stacklevel=2)


def default_folder() -> Path | None:
    """Where records lie unless told; None where no home is known.

    ``$SYMDERIVE_CACHE``, else ``$XDG_CACHE_HOME/symderive``, else ``~/.cache/symderive``.
    """
    if told := os.environ.get(VARIABLE):
        return Path(told)
    # A relative path is to be ignored, by the standard that defines the variable.
    if (cache := Path(os.environ.get("XDG_CACHE_HOME") or "")).is_absolute():
        return cache / "symderive"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / ".cache" / "symderive" if home.is_absolute() else None


def frozen(value: Any) -> Any:
    """JSON's lists as the tuples that they were."""
    return tuple(map(frozen, value)) if isinstance(value, list) else value


def _seal(key: bytes, name: str, body: bytes) -> bytes:
    message = f"{len(name.encode())} {name} ".encode() + body
    return hmac.new(key, message, hashlib.sha256).hexdigest().encode()


def _read_bounded(path: Path, most: int, *, private: bool = False) -> bytes | None:
    """The bytes of a plain file no longer than ``most``; ``private``: that others cannot read or write."""
    try:
        # A pipe in the place of a file would wait for its writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or (private and not _is_private(status)):
            return None
        with os.fdopen(handle, "rb", closefd=False) as stream:
            content = stream.read(most + 1)
        return content if len(content) <= most else None
    except OSError:
        return None
    finally:
        os.close(handle)


def _is_private(status: os.stat_result) -> bool:
    """Where the system knows owners: the file is the user's, and closed to everybody else."""
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o077)


def _read_key(path: Path) -> bytes:
    """The key, empty where there is none that can be trusted."""
    key = _read_bounded(path, KEY_SIZE, private=True) or b""
    return key if len(key) == KEY_SIZE else b""


def _is_foreign(path: Path) -> bool:
    """Whether a file in the place of the key is somebody's own, which must not be lost.

    A key that was damaged still has about its size, and random bytes are no text.
    """
    content = _read_bounded(path, 2 * KEY_SIZE)
    if content is None:
        return path.is_file()  # too long, or closed to the user
    with suppress(UnicodeDecodeError):
        return bool(content.decode("utf-8"))
    return False


def _new_key(folder: Path) -> bytes:
    """A key put in its place whole; where another process was quicker, the key of that one."""
    path, made = folder / _KEY_NAME, secrets.token_bytes(KEY_SIZE)
    if _is_foreign(path):
        raise OSError(errno.EEXIST, f"its file {_KEY_NAME!r} is not one of symderive's")
    unfinished = _written(folder, made)
    try:
        os.link(unfinished, path)
    except OSError:
        # There is a file already, or the file system has no links.
        if known := _read_key(path):
            return known
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return made


def _tidy(folder: Path) -> None:
    """Remove what programs that were killed left unfinished."""
    for path in folder.glob("tmp*.part"):
        with suppress(OSError):
            if time.time() - path.lstat().st_mtime > _ABANDONED:
                path.unlink()


def _written(folder: Path, content: bytes) -> Path:
    """A new file with this content, which only its owner can read."""
    handle, name = tempfile.mkstemp(dir=folder, suffix=".part")
    path = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    return path
