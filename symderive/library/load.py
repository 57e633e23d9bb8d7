"""Derivations by name: those of the package, and those in a file of one's own."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from symderive.errors import InputError, near_names
from symderive.library.installed import derivations
from symderive.statements import Derivation, Document, Vocabulary
from symderive.statements.paper_claim import PaperClaim

_ENTRIES: tuple[str, ...] = derivations().ORDER

#: The part of the paper that each derivation of the package belongs to, in the order of the argument.
PARTS: dict[str, str] = {id_: part for part, id_ in (entry.split("/") for entry in _ENTRIES)}

#: Ids of the package's derivations, in the same order.
ORDER = tuple(PARTS)


def load_all() -> tuple[Derivation, ...]:
    """All derivations of the package, in the order of the argument."""
    return tuple(load(name) for name in ORDER)


def vocabulary_of(derivations: Iterable[Derivation]) -> Vocabulary:
    """The letters and names of the package, and after them those of the derivations, each once."""
    known: Vocabulary = importlib.import_module("symderive.derivations.vocabulary").VOCABULARY
    own = (entry for derivation in derivations for entry in derivation.vocabulary)
    return replace(known, entries=tuple(dict.fromkeys((*known.entries, *own))))


def document_of(derivations: Sequence[Derivation]) -> Document | None:
    """The paper that somebody has written of these derivations; None where nobody has.

    That of the package is of all of its derivations.
    """
    if len(derivations) == 1:
        document: Document | None = derivations[0].document
        return document
    if tuple(derivation.id for derivation in derivations) != ORDER:
        return None
    return load_document()


def load(name: str | Path) -> Derivation:
    """A derivation of the package by its id, or that of a Python file.

    A file is a program: loading it runs it, so load only what you would run.  It defines ``DERIVATION``.
    Raises :class:`InputError` for an unknown id, an unreadable file and one that fails.
    """
    text = str(name)
    if text in ORDER:
        name_of_module = f"symderive.derivations.{PARTS[text]}.{text.replace('-', '_')}"
        with _failures_named(text):
            module = importlib.import_module(name_of_module)
        return _derivation_of(module, text)
    path = Path(name)
    if path.suffix != ".py":
        raise InputError(f"{text!r} is no derivation and no Python file{nearest_hint(text, ORDER)}.")
    return _derivation_of(_run(path), path.name)


def load_document() -> Document:
    """The paper of all derivations of the package."""
    document: Document = importlib.import_module("symderive.derivations.main_text").DOCUMENT
    return document


def load_claims() -> tuple[PaperClaim, ...]:
    """The claims of the paper behind the package, in the order in which they are told."""
    claims: tuple[PaperClaim, ...] = importlib.import_module(
        "symderive.derivations.seed_paper.claims"
    ).CLAIMS
    return claims


def nearest_hint(name: str, known: Iterable[str], *, most: int = 3) -> str:
    """``; the nearest is 'lower-bound'``: what somebody may have meant, empty where nothing is near.

    >>> nearest_hint("lower-bond", ["lower-bound", "loss"])
    "; the nearest is 'lower-bound'"
    >>> nearest_hint("weather", ["lower-bound", "loss"])
    ''
    """
    ids = tuple(dict.fromkeys(known))
    words = name.casefold().replace("-", " ").split()
    holding = [id_ for id_ in ids if words and all(word in id_ for word in words)]
    close = near_names(name.casefold(), ids, most=most, cutoff=0.7)
    found = [repr(id_) for id_ in dict.fromkeys((*close, *holding))][:most]
    if not found:
        return ""
    return f"; the nearest {'is' if len(found) == 1 else 'are'} {', '.join(found)}"


def _run(path: Path) -> ModuleType:
    name = f"symderive_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(f"{path} cannot be read; give an existing Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses in the file look their module up
    try:
        with _failures_named(path.name, path):
            spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


@contextmanager
def _failures_named(name: str, path: Path | None = None) -> Iterator[None]:
    """Whatever a derivation raises while it is loaded, as one sentence; with the line of its file."""
    try:
        yield
    except (Exception, SystemExit) as error:
        lines = str(error).splitlines()
        what = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
        raise InputError(f"{name}{_line_of(error, path)} fails with {what[:200]}; mend the file.") from None


def _line_of(error: BaseException, path: Path | None) -> str:
    """Where in a file an error arose: the line that it cannot read, or the last one that was run."""
    if path is None:
        return ""
    if isinstance(error, SyntaxError) and error.filename == str(path):
        return f", line {error.lineno},"
    ran = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)
    ]
    return f", line {ran[-1]}," if ran else ""


def _derivation_of(module: ModuleType, name: str) -> Derivation:
    found = getattr(module, "DERIVATION", None)
    if not isinstance(found, Derivation):
        raise InputError(f"{name} defines no DERIVATION; assign a symderive.statements.Derivation to it.")
    return found
