"""The files for Coq by their path, and which of them each one requires."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from graphlib import TopologicalSorter

from symderive.coq.files import LIBRARY, PROOFS, STATEMENTS, coq_name

#: ``From Symderive.formal Require Import Prelude Tactics.``
_REQUIRE = re.compile(rf"From\s+{LIBRARY}(\.\w+)?\s+Require\s+(?:Import\s+|Export\s+)?([\w\s]+)\.(?=\s|$)")
_STRING = re.compile(r'"[^"]*"')
_COMMENT = re.compile(r"\(\*.*?\*\)", re.DOTALL)

#: Other ways to read a file, which are not looked into: no digest would cover what they read.
_OTHER = re.compile(r"\b(Require|Load|LoadPath|Declare\s+ML|Cd|Extra\s+Dependency)\b")
_LIBRARIES = re.compile(r"From\s+(?:Coq|mathcomp)\s+Require\s+(?:Import\s+|Export\s+)?[\w\s.]+?\.(?=\s|$)")
_THEOREM = re.compile(r"^Theorem\s+(\w+)", re.MULTILINE)


class Sources:
    """Generated files and written proofs by their path in the folder; only ``.v`` files are kept."""

    def __init__(self, *files: Mapping[str, str]) -> None:
        self.texts = {path: text for part in files for path, text in part.items() if path.endswith(".v")}

    def required(self, path: str) -> Iterator[str]:
        """The files that one requires itself, those that are not there among them."""
        for folder, names in _REQUIRE.findall(_words(self.texts.get(path, ""))):
            yield from (f"{folder[1:]}/{name}.v" if folder else f"{name}.v" for name in names.split())

    def is_plain(self, path: str) -> bool:
        """Whether a file reads others in no other way than ``From … Require Import …``."""
        rest = _LIBRARIES.sub("", _REQUIRE.sub("", _words(self.texts.get(path, ""))))
        return not _OTHER.search(rest)

    def below(self, path: str) -> list[str]:
        """A file with all that it rests on, in a fixed order."""
        found, waiting = {path}, [path]
        while waiting:
            new = set(self.required(waiting.pop())) - found
            found |= new
            waiting += new
        return sorted(found)

    def graph(self) -> TopologicalSorter[str]:
        """All files, each after what it requires."""
        return TopologicalSorter(
            {path: list(filter(self.texts.get, self.required(path))) for path in self.texts}
        )

    def theorems(self, path: str) -> list[str]:
        """The names of the theorems of a file."""
        return _THEOREM.findall(_words(self.texts.get(path, "")))


def _words(text: str) -> str:
    """A file without strings and comments."""
    return _COMMENT.sub("", _STRING.sub('""', text))


def rest_on(names: Iterable[str], files: Sources) -> set[str]:
    """The paths of all that the proofs and the statements of sections rest on, by their names in Coq."""
    own = (path for name in names for path in (proof_path(name), statement_path(name)))
    return {path for start in own for path in files.below(start)}


def stated_in(paths: Collection[str], sections: Iterable[str]) -> list[str]:
    """The sections whose statements are among some paths."""
    return [section for section in sections if statement_path(coq_name(section)) in paths]


def proof_path(name: str) -> str:
    """Where the written proofs of a section lie, by its name in Coq."""
    return f"{PROOFS}/{name}.v"


def statement_path(name: str) -> str:
    """Where the generated statements of a section lie."""
    return f"{STATEMENTS}/{name}.v"
