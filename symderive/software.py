"""Digests of software: of source files, and of the versions of packages and of Python.

It imports nothing that takes time, so that what is kept can be looked up before anything else is loaded.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

#: Packages that a verdict rests on.
PACKAGES = ("sympy", "mpmath", "python-flint")


def versions() -> str:
    """Python's version and those of the libraries that compute, for a person."""
    from flint import __FLINT_VERSION__

    names = {"SymPy": "sympy", "mpmath": "mpmath", "NumPy": "numpy", "python-flint": "python-flint"}
    listed = (f"{name} {metadata.version(package)}" for name, package in names.items())
    return ", ".join((f"Python {platform.python_version()}", *listed, f"FLINT {__FLINT_VERSION__}"))


def modules(*places: Path) -> list[Path]:
    """Files, and all modules in folders, in a fixed order."""
    # A hidden file is an editor's, and no module.
    found = (place.rglob("[!.]*.py") if place.is_dir() else [place] for place in places)
    return sorted(path for paths in found for path in paths)


def digest_of_files(paths: Iterable[Path], packages: Iterable[str]) -> str:
    """A digest of source files with their names, of the versions of packages, and of Python's."""
    versions = [f"{name} {metadata.version(name)}" for name in packages]
    total = hashlib.sha256(", ".join(("python", platform.python_version(), *versions)).encode())
    for path in paths:
        content = path.read_bytes()
        total.update(f"\n{path.parent.name}/{path.name} {len(content)}\n".encode() + content)
    return total.hexdigest()
