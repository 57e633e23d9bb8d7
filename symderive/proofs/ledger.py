"""The ledger: verdicts kept by a digest of all that they rest on.

The digest covers the statement, its proof with the statements it uses, the precision, the version of
SymPy and the source of the proof core; so an unchanged derivation is instant, and an upgrade of SymPy or a
change of the core proves everything afresh.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import mpmath
import sympy as sp

from symderive.errors import InputError
from symderive.proofs.result import Result
from symderive.verdict import Verdict

_HOME = Path(__file__).parents[1]

#: What a verdict rests on: modules of the package, and every module of a folder.
CORE = ("symbols.py", "verdict.py", "core", "statements", "sampling", "proofs")


def digest(statement: Any, digits: int, seed: int) -> str:
    """A hexadecimal digest of a statement, its proof, the precision and the software."""
    text = f"{core_digest()}|{digits}|{seed}|{fingerprint(statement)}"
    return hashlib.sha256(text.encode()).hexdigest()


def core_files() -> list[Path]:
    """The files that a verdict rests on, in a fixed order."""
    rooted = [_HOME / name for name in CORE]
    # A hidden file is an editor's, and no module.
    return sorted(path for root in rooted for path in (root.rglob("[!.]*.py") if root.is_dir() else [root]))


@cache
def core_digest() -> str:
    """A digest of the proof core and of the versions of SymPy and mpmath."""
    total = hashlib.sha256(f"sympy {sp.__version__}, mpmath {mpmath.__version__}".encode())
    for path in core_files():
        name = path.relative_to(_HOME).as_posix()
        total.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def fingerprint(value: Any) -> str:
    """Text that determines a statement, a proof or an expression, with the assumptions of its symbols."""
    return "".join(_pieces(value))


def _pieces(value: Any) -> Iterator[str]:
    if isinstance(value, sp.Basic):
        yield _text_of(value)
    elif isinstance(value, Enum):
        yield str(value)
    elif is_dataclass(value):
        yield f"{type(value).__name__}("
        for part in fields(value):
            yield f"{part.name}="
            yield from _pieces(getattr(value, part.name))
        yield ")"
    elif isinstance(value, tuple):
        yield "("
        for item in value:
            yield from _pieces(item)
            yield ","
        yield ")"
    else:
        yield repr(value)


#: The text of an expression, which many statements share.
_text_of = lru_cache(maxsize=50_000)(sp.srepr)


class Ledger:
    """Verdicts in a folder, one small file each; written whole or not at all.

    Without ``folder``, ``$XDG_CACHE_HOME/symderive`` (else ``~/.cache/symderive``).
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        self.folder = Path(folder) if folder is not None else Path(home) / "symderive"

    def get(self, digest: str) -> Result | None:
        """The result kept under a digest; None for one that is absent or unreadable."""
        try:
            record = json.loads((self.folder / f"{digest}.json").read_text(encoding="utf-8"))
            record["verdict"] = Verdict[record["verdict"]]
            for name in ("axioms", "places", "narrowed"):
                record[name] = tuple(record[name])
            record["near_misses"] = tuple(map(tuple, record["near_misses"]))
            return Result(**record)
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, digest: str, result: Result) -> None:
        """Keep a result; :class:`InputError` when the folder cannot be written."""
        record = asdict(result) | {"verdict": result.verdict.name}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(record, stream, ensure_ascii=False, indent=1, sort_keys=True)
            Path(name).replace(self.folder / f"{digest}.json")
        except OSError as error:
            raise InputError(
                f"{self.folder} cannot be written ({error.strerror}); name another folder for the ledger."
            ) from None
