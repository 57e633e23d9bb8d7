"""What is made of statements and figures, kept beside the ledger: sealed, and only as long as it is true.

A record holds a digest of the whole package, its derivations, and the packages that made it; where
anything of that changes, it is made again and takes the place of the old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from symderive.library.installed import derivations
from symderive.sealed import SealedFolder
from symderive.software import PACKAGES, digest_of_files, modules

#: The folders of the package and of its derivations.
HOMES = (Path(__file__).parents[1], *map(Path, derivations().__path__))

#: The folder inside that of the ledger.
_INSIDE = "paper"


@dataclass(frozen=True)
class Kept:
    """Records by names, and the packages that they rest on besides those of proofs."""

    folder: SealedFolder
    packages: tuple[str, ...] = ()

    @staticmethod
    def beside(ledger: Any, *packages: str) -> Kept | None:
        """What is kept beside a ledger; None without a ledger, or without one of the packages."""
        if ledger is None or not _are_there(packages):
            return None
        return Kept(ledger.records.below(_INSIDE), packages)

    @staticmethod
    def in_folder(folder: str | None) -> Kept:
        """What is kept beside the ledger of a folder, None for the default; nothing is imported for it."""
        records = SealedFolder.default() if folder is None else SealedFolder(Path(folder))
        return Kept(records.below(_INSIDE))

    def get(self, name: str) -> Any | None:
        """What is kept under a name, if it was made by this very software."""
        record = self.folder.get(name)
        return record["made"] if record and record["by"] == _software(self.packages) else None

    def put(self, name: str, made: Any) -> None:
        """Keep what JSON can hold; :class:`InputError` when a folder that was named cannot be written."""
        self.folder.put(name, {"by": _software(self.packages), "made": made})


@cache
def _software(packages: tuple[str, ...]) -> str:
    return digest_of_files(modules(*HOMES), (*PACKAGES, *packages))


def _are_there(packages: Iterable[str]) -> bool:
    try:
        return all(metadata.version(name) for name in packages)
    except metadata.PackageNotFoundError:
        return False
