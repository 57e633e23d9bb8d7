"""Derivations by name: those of the package, and those in a file of one's own."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from symderive.errors import InputError
from symderive.statements import Derivation, Statement, Step
from symderive.statements.assumptions import assumptions
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document

_DERIVATIONS = importlib.import_module("symderive.derivations")
_ENTRIES: tuple[str, ...] = _DERIVATIONS.ORDER

#: The folders of the package and of its derivations.
HOMES = (Path(__file__).parents[1], *map(Path, _DERIVATIONS.__path__))

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
    written: Document = importlib.import_module("symderive.derivations.main_text").DOCUMENT
    return written


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
        raise InputError(f"{text!r} is no derivation; give a Python file or one of {', '.join(ORDER)}.")
    return _derivation_of(_run(path), path.name)


def load_entries(name: str | Path) -> tuple[Statement | Step, ...]:
    """The statements and steps of a derivation, or the one statement or step that has this id.

    What :func:`load` knows comes first; of the package's statements any can be named, those outside the
    derivations that a proof rests on among them.  Raises what :func:`load` does.
    """
    text = str(name)
    if text in ORDER or Path(name).suffix == ".py":
        return load(name).entries
    entries = [entry for derivation in load_all() for entry in derivation.entries]
    for entry in entries:
        for known in (entry, *_on_the_way(entry)):
            if known.id == text:
                return (known,)
    raise InputError(f"{text!r} is no statement, no step and no derivation; give the id of one, or a file.")


def _on_the_way(entry: Statement | Step) -> tuple[Statement | Step, ...]:
    found = assumptions(entry)
    return (*found.uses, *found.steps)


def _run(path: Path) -> ModuleType:
    name = f"symderive_file_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise InputError(f"{path} cannot be read; give an existing Python file.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses in the file look their module up
    try:
        with _failures_named(path.name):
            spec.loader.exec_module(module)
    finally:
        del sys.modules[name]
    return module


@contextmanager
def _failures_named(name: str) -> Iterator[None]:
    """Whatever a derivation raises while it is loaded, as one sentence."""
    try:
        yield
    except (Exception, SystemExit) as error:
        lines = str(error).splitlines()
        what = f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__
        raise InputError(f"{name} fails with {what[:200]}; mend the file.") from None


def _derivation_of(module: ModuleType, name: str) -> Derivation:
    found = getattr(module, "DERIVATION", None)
    if not isinstance(found, Derivation):
        raise InputError(f"{name} defines no DERIVATION; assign a symderive.statements.Derivation to it.")
    return found
