"""The ledger: verdicts kept by a digest of all that they rest on.

The digest covers the statement with its hypotheses, definitions, near-misses and domains, its proof with
the facts below it, the precision, and the source and the packages that find verdicts; so an unchanged
derivation is instant, and a change of anything proves afresh what rests on it.  Records are sealed
(:mod:`symderive.sealed`, which says what that protects from).
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path

from symderive.proofs.digest import core_digest, fingerprint
from symderive.proofs.result import Result
from symderive.sealed import SealedFolder, frozen
from symderive.statements.statement import Statement
from symderive.verdict import Verdict


def digest(statement: Statement, digits: int, seed: int) -> str | None:
    """A hexadecimal digest of a statement, its proof, the precision and the software.

    None for a statement that holds something whose content cannot be seen (:mod:`.digest`).
    """
    known = fingerprint(statement)
    if known is None:
        return None
    return hashlib.sha256(f"{core_digest()}|{digits}|{seed}|{known}".encode()).hexdigest()


class Ledger:
    """Verdicts in a folder, one small file each; written whole or not at all.

    Without ``folder``, that of :func:`symderive.sealed.default_folder`, or none where it cannot be written.
    With ``fresh``, no earlier verdict is believed, and what is found takes its place.
    """

    def __init__(self, folder: str | Path | None = None, *, fresh: bool = False) -> None:
        named = None if folder is None else SealedFolder(Path(folder), fresh=fresh)
        self.records = named or SealedFolder.default(fresh=fresh)

    @property
    def folder(self) -> Path | None:
        """Where the files lie."""
        return self.records.folder

    def get(self, digest: str | None) -> Result | None:
        """The result kept under a digest; None for one that is absent, damaged, or put there otherwise."""
        record = self.records.get(digest) if digest is not None else None
        if record is None:
            return None
        known = {name: frozen(value) for name, value in record.items()}
        return Result(**known | {"verdict": Verdict[record["verdict"]]})

    def put(self, digest: str | None, result: Result) -> None:
        """Keep a result; :class:`InputError` when a folder that was named cannot be written."""
        if digest is not None:
            self.records.put(digest, asdict(result) | {"verdict": result.verdict.name})
