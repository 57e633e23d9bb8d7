"""Digests: of records with all that they say, and of the software that reads them.

A digest of a record covers the types of its parts, every SymPy node with what SymPy compares nodes by, and
*all* assumptions of symbols, indexed bases and undefined functions, which their printed forms leave out.
Words that no verdict rests on (a title, prose, a reference, conditions in words) are left out.  Facts come
in by their own digests.

What has content that cannot be seen in this way has no digest: a class or a function of one's own, a
constant that only looks like AXIOM, a list that may change.  Such a statement is proved afresh every time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import sympy as sp
from sympy.core.function import AppliedUndef, UndefinedFunction

from symderive.software import PACKAGES, digest_of_files, modules
from symderive.statements.proof import AXIOM, HYPOTHESIS, Mark
from symderive.statements.statement import Statement

_HOME = Path(__file__).parents[1]

#: What a verdict rests on: modules of the package, and every module of a folder.
CORE = ("symbols.py", "verdict.py", "sealed.py", "software.py", "core", "statements", "sampling", "proofs")

#: Fields of a statement that nothing is proved from.
WORDS = frozenset({"title", "conditions", "reference", "steps", "prose", "display"})


class NoDigestError(Exception):
    """A record holds something whose content cannot be seen."""


# -- records -----------------------------------------------------------------------------------------------


def fingerprint(value: Any) -> str | None:
    """A hexadecimal digest of a statement, a proof or an expression; None where there is none."""
    try:
        return _digest(value).hex()
    except (NoDigestError, RecursionError):
        return None


class _Known:
    """Digests of nodes and statements that were met, by the object itself: SymPy's equality is too coarse
    where 1 = 1.0, and looking for it too slow.  An object is kept as long as its digest is.
    """

    MOST = 300_000

    def __init__(self) -> None:
        self._found: dict[int, tuple[Any, bytes]] = {}

    def get(self, value: Any) -> bytes | None:
        found = self._found.get(id(value))
        return found[1] if found is not None else None

    def keep(self, value: Any, digest: bytes) -> bytes:
        if len(self._found) >= self.MOST:
            self._found.clear()
        self._found[id(value)] = (value, digest)
        return digest


_KNOWN = _Known()


def _digest(value: Any) -> bytes:
    if isinstance(value, (sp.Basic, UndefinedFunction, Statement)):
        return _KNOWN.get(value) or _KNOWN.keep(value, _hashed(_name_of(value), _content(value)))
    match value:
        case None | bool() | int() | str() | Fraction():
            _require_plain(value)
            return _hashed(type(value).__name__, [str(value).encode()])
        case tuple():
            _require_plain(value)
            return _hashed("tuple", map(_digest, value))
        case Mark():
            # It is its identity that proofs look at.
            if value is AXIOM or value is HYPOTHESIS:
                return _hashed("mark", [value.name.encode()])
        case Enum():
            return _hashed(_name_of(value), [value.name.encode()])
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _hashed(_name_of(value), _content(value))
    raise NoDigestError(f"{value!r} has no digest")


def _require_plain(value: Any) -> None:
    """Refuse a class derived from a plain one, which may say more; a named tuple, for instance."""
    if value is not None and type(value) not in (bool, int, str, Fraction, tuple):
        raise NoDigestError(f"{value!r} has no digest")


def _hashed(name: str, parts: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256(name.encode())
    for part in parts:
        digest.update(b" %d " % len(part) + part)
    return digest.digest()


def _name_of(value: Any) -> str:
    """The name of a value's class, one of SymPy or of this package."""
    kind = type(value)
    if isinstance(kind, UndefinedFunction):
        return "undefined function"
    if kind.__module__.partition(".")[0] not in ("sympy", "symderive"):
        raise NoDigestError(f"{value!r} is of a class of one's own")
    return f"{kind.__module__}.{kind.__qualname__}"


def _content(value: Any) -> Iterator[bytes]:
    if isinstance(value, UndefinedFunction):
        yield from _function(value)
    elif isinstance(value, sp.Basic):
        if isinstance(type(value), UndefinedFunction):
            yield _digest(type(value))
        if isinstance(value, (sp.Symbol, sp.IndexedBase)):
            yield _digest(tuple(sorted(value.assumptions0.items())))
        for part in value._hashable_content():
            yield _digest(part)
    else:
        for part in fields(value):
            if not (isinstance(value, Statement) and part.name in WORDS):
                yield part.name.encode()
                yield _digest(getattr(value, part.name))


def _function(head: Any) -> Iterator[bytes]:
    """Of an undefined function: its name, and all that it was made with."""
    if head.__bases__ != (AppliedUndef,):
        raise NoDigestError(f"{head} is of a class of one's own")
    yield _digest(head.name)
    yield _digest(tuple(sorted(head._kwargs.items())))


# -- software ----------------------------------------------------------------------------------------------


def core_files() -> list[Path]:
    """The files that a verdict rests on, in a fixed order."""
    return modules(*(_HOME / name for name in CORE))


@cache
def core_digest() -> str:
    """A digest of all that finds verdicts: source of this package, and the versions of others."""
    return digest_of_files(core_files(), PACKAGES)


# Read where the modules are loaded: a file that is edited while they work does not count as theirs.
core_digest()
