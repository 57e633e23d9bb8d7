"""What Coq finds: which files compile, which theorems prove the statements, and what they rest on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from graphlib import CycleError
from pathlib import Path

from symderive.coq.compiling import Compiled, compile_all, version
from symderive.coq.files import PROOFS, coq_name, theorem_name
from symderive.coq.marks import digest
from symderive.coq.questions import ACCEPTED, Answer, Question, ask
from symderive.coq.sources import Sources, proof_path
from symderive.coq.theory import Theory
from symderive.errors import InputError


@dataclass(frozen=True)
class SectionChecked:
    """The theorems of one file; ``digest`` is of all that Coq has read for them."""

    section: str
    digest: str
    answer: Answer


@dataclass(frozen=True)
class Report:
    """What Coq found: the files, and the theorems of sections and of files that are stated by hand."""

    coq: str
    files: tuple[Compiled, ...]
    sections: tuple[SectionChecked, ...]
    by_hand: tuple[SectionChecked, ...]
    seconds: float = field(compare=False)

    @property
    def proved(self) -> tuple[str, ...]:
        """The ids of all statements that are proved."""
        return tuple(id_ for part in self.sections for id_ in part.answer.proved)

    @property
    def axioms(self) -> tuple[str, ...]:
        """All that anything rests on."""
        parts = (*self.sections, *self.by_hand)
        return tuple(sorted({axiom for part in parts for axiom in part.answer.axioms}))

    @property
    def faults(self) -> tuple[str, ...]:
        """All that is wrong, a sentence each."""
        files = (f"{file.path}: {file.fault}" for file in self.files if file.fault and file.tried)
        parts = (*self.sections, *self.by_hand)
        return (*files, *(f"{part.section}: {fault}" for part in parts for fault in part.answer.faults))

    def record(self) -> dict[str, object]:
        """What is kept of it beside the proofs."""
        return {"coq": self.coq, "sections": _kept(self.sections), "by_hand": _kept(self.by_hand)}


def check(
    folder: Path, made: Theory, files: Sources, progress: Callable[[float], None] | None = None
) -> Report:
    """Compile all ``files`` of a folder, and look at every theorem of the written proofs."""
    began, coq = time.monotonic(), version()
    _require_plain(files)
    compiled = compile_all(folder, files, progress)
    ids = {coq_name(section): section for section in made.sections}
    names = [name for name in proof_files(files) if not compiled[proof_path(name)].fault]
    answers = ask(folder, [_questions(name, ids.get(name), made, files) for name in names])
    found = [
        SectionChecked(ids.get(name, name), digest(name, made, files), answer)
        for name, answer in zip(names, answers, strict=True)
    ]
    return Report(
        coq=coq,
        files=tuple(compiled.values()),
        sections=tuple(part for part in found if part.section in made.sections),
        by_hand=tuple(part for part in found if part.section not in made.sections),
        seconds=time.monotonic() - began,
    )


def _require_plain(files: Sources) -> None:
    """No file hides what it reads, or has the name of a library whose axioms are accepted."""
    libraries = {axiom.partition(".")[0] for axiom in ACCEPTED}
    for path in sorted(files.texts):
        if Path(path).stem in libraries:
            raise InputError(f"{path} has the name of a library of Coq; give it another one.")
        if not files.is_plain(path):
            raise InputError(
                f"{path} reads other files in a way that is not looked into; write 'From Symderive.formal "
                "Require Import NAME.' or 'From Coq Require Import NAME.'."
            )
    try:
        files.graph().prepare()
    except CycleError as error:
        raise InputError(f"these files require each other: {', '.join(error.args[1])}.") from None


def proof_files(files: Sources) -> list[str]:
    """The names of the written files that prove theorems: a library's begins with a capital letter."""
    names = (Path(path).stem for path in files.texts if path.startswith(f"{PROOFS}/"))
    return sorted(name for name in names if name[0].islower())


def _questions(name: str, section: str | None, made: Theory, files: Sources) -> list[Question]:
    """The theorems of a file: those of its section's statements, or all where it has no section."""
    theorems = files.theorems(proof_path(name))
    if section is None:
        return [Question(name, theorem, theorem, stated=False) for theorem in theorems]
    stated = {theorem_name(statement.id): statement.id for statement in made.sections[section]}
    return [
        Question(name, theorem, stated[theorem], stated=True) for theorem in theorems if theorem in stated
    ]


def _kept(parts: Iterable[SectionChecked]) -> dict[str, object]:
    """Of the files of which anything is proved."""
    return {
        part.section: {
            "digest": part.digest,
            "axioms": list(part.answer.axioms),
            "proved": list(part.answer.proved),
        }
        for part in parts
        if part.answer.proved
    }
