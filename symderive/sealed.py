"""Records in a folder that are believed only with their seal: small JSON files and a secret key.

A seal is the HMAC-SHA256 of a record's name and bytes under a key of 32 random bytes, which lies in the
folder and which only its owner can read.  What is edited, cut off, put under another record's name,
written by another user or sealed with another key is no record: it reads as absent, and is made again.

This protects from mistakes, from programs that damage files, and from other users where they can write to
the folder.  It does not protect from code that runs as the user, which can read the key, nor from a folder
whose key and records are put there together, such as one restored from elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from symderive.errors import InputError

#: Bytes of a key, and most bytes of a record that are read.
KEY_SIZE, MOST_BYTES = 32, 8_000_000

#: Seconds after which nobody is still writing a file.
_ABANDONED = 3600.0

_KEY_NAME = "key"
_RECORD = re.compile(rb'\{"seal": "([0-9a-f]{64})",\n(.*)', re.DOTALL)


class SealedFolder:
    """Records by name.

    With ``fresh``, nothing that lies there is believed, and what is kept takes its place.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        self.folder, self.fresh = folder, fresh
        self._key, self._tidied = b"", False

    def get(self, name: str) -> dict[str, Any] | None:
        """The record kept under a name; None for one that is absent or without its seal."""
        if self.fresh or not (key := self._key or _read_key(self.folder / _KEY_NAME)):
            return None
        self._key = key
        parts = _RECORD.fullmatch(_read_bounded(self.folder / f"{name}.json", MOST_BYTES) or b"")
        # Nothing is parsed before its seal is known to be good.
        if parts is None or not hmac.compare_digest(parts[1], _seal(key, name, parts[2])):
            return None
        record = json.loads(b"{" + parts[2])
        return record if isinstance(record, dict) else None

    def put(self, name: str, record: dict[str, Any]) -> None:
        """Keep a record, whole or not at all; :class:`InputError` when the folder cannot be written."""
        # JSON in ASCII holds every string, lone surrogates included.
        body = json.dumps(record, indent=1, sort_keys=True)[1:].lstrip().encode("ascii")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not self._tidied:
                _tidy(self.folder)
                self._tidied = True
            self._key = self._key or _read_key(self.folder / _KEY_NAME) or _new_key(self.folder)
            content = b'{"seal": "' + _seal(self._key, name, body) + b'",\n' + body
            if len(content) <= MOST_BYTES:
                _written(self.folder, content).replace(self.folder / f"{name}.json")
        except OSError as error:
            raise InputError(
                f"{self.folder} cannot be written ({error.strerror}); name another folder for the ledger."
            ) from None


def default_folder() -> Path:
    """Where records lie unless told: ``$XDG_CACHE_HOME/symderive``, else ``~/.cache/symderive``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "symderive"


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


def _new_key(folder: Path) -> bytes:
    """A key put in its place whole; where another process was quicker, the key of that one."""
    path, made = folder / _KEY_NAME, secrets.token_bytes(KEY_SIZE)
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
