"""A user for whom permissions hold, and folders in his reach: tests may run as root, who may anything."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: A user and a group that own nothing.
NOBODY = 65534


@contextmanager
def plain_user() -> Iterator[None]:
    """Act as somebody who is not root until the block ends."""
    if os.geteuid():
        yield
        return
    group = os.getegid()
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(group)


@contextmanager
def folder_of_plain_user() -> Iterator[Path]:
    """A folder that belongs to that user, in one that anybody can enter."""
    with tempfile.TemporaryDirectory() as name:
        outer = Path(name)
        outer.chmod(0o755)
        folder = outer / "own"
        folder.mkdir()
        if not os.geteuid():
            os.chown(folder, NOBODY, NOBODY)
        yield folder
