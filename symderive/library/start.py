"""A starting file for a derivation of one's own."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path

from symderive.errors import InputError
from symderive.files import require_folder, write_whole


def write_start(path: str | Path) -> Path:
    """Write a commented derivation with a definition, a lemma and a theorem, which is proved as it stands.

    :class:`InputError` for a name that does not end in ``.py``, and for a file that is there already.
    """
    path = Path(path)
    if path.suffix != ".py":
        raise InputError(f"--new {str(path)!r} is no Python file; end its name in .py.")
    if os.path.lexists(require_folder(path)):
        raise InputError(f"{path} is there already; give another name.")
    text = files("symderive.library").joinpath("start.in").read_text(encoding="utf-8")
    text = text.replace("@ID@", _id_of(path)).replace("@FILE@", path.name)
    with write_whole(path) as stream:
        stream.write(text.encode())
    return path


def _id_of(path: Path) -> str:
    """An id from the name of a file: its words in lower case, joined by hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", path.stem.casefold())) or "my-theory"
