"""Unfinished files: how they are called, and which of them nobody will finish.

The name says who writes it: ``.NAME.MACHINE-PROCESS-NUMBER.part``, where MACHINE stands for the host and
the space of its process numbers, since folders are shared between hosts and containers, where the same
number is another process.  Earlier versions wrote ``.NAME.PROCESS.part``.
"""

from __future__ import annotations

import os
import re
import stat
import time
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path

#: Seconds after which an unfinished file that did not change is nobody's, whatever machine it is from.
_ABANDONED = 86400.0

#: Bytes of a name beyond which its digest stands for it; file systems take 143 to 255 in all.
_MOST_BYTES = 100

_PART = re.compile(
    r"\.(?P<name>.+)\.(?:(?P<machine>[0-9a-f]{8})-)?(?P<process>[0-9]{1,10})(?:-[0-9]+)?\.part", re.DOTALL
)

#: When this process began: an older file with its number is from another one.
_BEGAN = time.time()


def unfinished_name(name: str, number: int) -> str:
    """The name under which this process writes a file, for the ``number``-th time at once."""
    return f".{_stem(name)}.{_machine()}-{os.getpid()}-{number}.part"


def remove_leftovers(folder: Path, names: Iterable[str] | None = None) -> None:
    """Remove the unfinished files of processes that are gone: those of some files, or all in a folder.

    Only the user's own files; those from other machines, where nobody knows which processes are gone, when
    they are a day old.  What cannot be removed stays.
    """
    stems = None if names is None else set(map(_stem, names))
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            parts = _PART.fullmatch(entry.name)
            # In a whole folder, other programs may have names like those of earlier versions.
            if parts is None or not (parts["machine"] if stems is None else parts["name"] in stems):
                continue
            with suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                if _is_own(status) and _is_nobodys(parts, status):
                    os.unlink(entry.path)


def _stem(name: str) -> str:
    content = os.fsencode(name)
    return name if len(content) <= _MOST_BYTES else sha256(content).hexdigest()[:32]


@cache
def _machine() -> str:
    import platform

    space = ""
    with suppress(OSError):
        space = os.readlink("/proc/self/ns/pid")
    return sha256(f"{platform.node()} {space}".encode()).hexdigest()[:8]


def _is_own(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and (not hasattr(os, "geteuid") or status.st_uid == os.geteuid())


def _is_nobodys(parts: re.Match[str], status: os.stat_result) -> bool:
    if time.time() - status.st_mtime > _ABANDONED:
        return True
    if parts["machine"] not in (None, _machine()):
        return False
    process = int(parts["process"])
    return status.st_mtime < _BEGAN if process == os.getpid() else not _is_alive(process)


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # where signal 0 would end it
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # another user's
        pass
    return True
