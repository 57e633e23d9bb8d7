"""Coq on all files: what compiles, which theorems say what the statements say, and what they rest on."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path

from symderive.coq.files import LIBRARY, PROOFS, QUIET, STATEMENTS, coq_name, theorem_name
from symderive.coq.marks import digest
from symderive.coq.sources import Sources, proof_path
from symderive.coq.theory import Theory
from symderive.errors import InputError

#: What proofs may rest on: classical real numbers, that functions which agree everywhere are equal, and,
#: for the example of a model, that what is unique can be named.
ACCEPTED = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
        "Description.constructive_definite_description",
    }
)

#: Seconds after which Coq is taken to hang at a file.
PATIENCE = 600

#: Files that are compiled at a time.
JOBS = 2

_OPTIONS = ("-R", ".", LIBRARY, "-q", "-w", QUIET)

#: What the files are called that Coq's answers go into.
_ANSWER = "assumptions_"

#: What Coq prints of assumptions: nothing, or their names, each with its type behind it or indented below.
_PROGRESS = "Fetching opaque proofs"
_CLOSED = "Closed under the global context"
_AXIOM = re.compile(r"([\w.']+)(?=\s*:|$)")


@dataclass(frozen=True)
class Compiled:
    """A file that Coq has read: how long it took, and what Coq said against it, if anything."""

    path: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class SectionChecked:
    """The theorems of one file that Coq accepts, with what they rest on; ``faults`` are in words."""

    section: str
    digest: str
    theorems: Mapping[str, tuple[str, ...]]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """What Coq found: the files, and the theorems of the sections and of files that are stated by hand."""

    coq: str
    files: tuple[Compiled, ...]
    sections: tuple[SectionChecked, ...]
    by_hand: tuple[SectionChecked, ...]
    seconds: float = field(compare=False)

    @property
    def faults(self) -> tuple[str, ...]:
        """All that is wrong, a sentence each."""
        files = (f"{file.path}: {file.fault}" for file in self.files if file.fault)
        parts = (*self.sections, *self.by_hand)
        return (*files, *(f"{part.section}: {fault}" for part in parts for fault in part.faults))

    def record(self) -> dict[str, object]:
        """What is kept of it beside the proofs."""
        return {"coq": self.coq, "sections": _kept(self.sections), "by_hand": _kept(self.by_hand)}


def version() -> str:
    """The version of Coq; :class:`InputError` says how to install it where it is missing."""
    if shutil.which("coqc") is None:
        raise InputError(
            "--check-coq needs Coq, and coqc is not installed; get it with MathComp by "
            "'apt install coq libcoq-mathcomp-ssreflect' (Coq 8.16), or leave out --check-coq."
        )
    said = subprocess.run(["coqc", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"version ([\d.]+)", said)
    return found[1] if found else said.strip()


def check(
    folder: Path, made: Theory, files: Sources, progress: Callable[[float], None] | None = None
) -> Report:
    """Compile all files of a folder, ``files``, and look at every theorem of the written proofs."""
    began, coq = time.monotonic(), version()
    compiled = _compile_all(folder, files, progress)
    ids = {coq_name(section): section for section in made.sections}
    asked: dict[str, list[_Question]] = {}
    for name in proof_files(files):
        theorems = files.theorems(proof_path(name))
        asked[name] = [_Question(name, theorem, theorem, stated=False) for theorem in theorems]
        if name in ids:
            stated = {theorem_name(statement.id): statement.id for statement in made.sections[ids[name]]}
            asked[name] = [_Question(name, x, stated[x], stated=True) for x in theorems if x in stated]
    judged = _judged(
        folder, {name: own for name, own in asked.items() if not compiled[proof_path(name)].fault}
    )
    sections: list[SectionChecked] = []
    by_hand: list[SectionChecked] = []
    for name in asked:
        found, faults = judged.get(name, ({}, ("it does not compile",)))
        part = SectionChecked(ids.get(name, name), digest(name, made, files), found, faults)
        (sections if name in ids else by_hand).append(part)
    return Report(
        coq, tuple(compiled.values()), tuple(sections), tuple(by_hand), seconds=time.monotonic() - began
    )


def proof_files(files: Sources) -> list[str]:
    """The names of the written files that prove theorems: a library's begins with a capital letter."""
    names = (Path(path).stem for path in files.texts if path.startswith(f"{PROOFS}/"))
    return sorted(name for name in names if name[0].islower())


def _compile_all(
    folder: Path, files: Sources, progress: Callable[[float], None] | None
) -> dict[str, Compiled]:
    """Every file after those that it requires; one that requires a faulty one is not tried."""
    order, done = files.graph(), dict[str, Compiled]()
    order.prepare()
    with ThreadPoolExecutor(JOBS) as pool:
        running: dict[Future[Compiled], str] = {}
        while order.is_active():
            for path in order.get_ready():
                faulty = [other for other in files.required(path) if other in done and done[other].fault]
                if faulty:
                    done[path] = Compiled(path, 0.0, f"not compiled, for it requires {faulty[0]}")
                    order.done(path)
                else:
                    running[pool.submit(_compile, folder, path)] = path
            finished, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                path = running.pop(future)
                done[path] = future.result()
                order.done(path)
            if progress:
                progress(len(done) / len(files.texts))
    return done


def _compile(folder: Path, path: str) -> Compiled:
    began = time.monotonic()
    fault = coqc(folder, path)
    return Compiled(path, time.monotonic() - began, fault)


def coqc(folder: Path, path: str) -> str:
    """What Coq says against a file; empty where it accepts it."""
    try:
        ran = subprocess.run(
            ["coqc", *_OPTIONS, path],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {PATIENCE} s"
    return (
        "" if ran.returncode == 0 else (ran.stderr or ran.stdout).strip() or f"exit code {ran.returncode}"
    )


@dataclass(frozen=True)
class _Question:
    """A theorem of a file of proofs, and the id of the statement that it is to prove, or its own name."""

    name: str
    theorem: str
    id: str
    stated: bool


def _judged(
    folder: Path, asked: Mapping[str, Sequence[_Question]]
) -> dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]]:
    """For each file the axioms of its theorems, and what is wrong.

    Coq takes a second for what a theorem rests on, and no longer for all of a file together: they are asked
    about one by one only where something is wrong.
    """
    found: dict[str, tuple[dict[str, tuple[str, ...]], tuple[str, ...]]] = {}
    for name, said in zip(asked, _answers(folder, [*asked.values()]), strict=True):
        axioms = assumptions(said)
        if axioms is not None and set(axioms) <= ACCEPTED:
            found[name] = ({question.id: axioms for question in asked[name]}, ())
        elif asked[name]:
            singles = _answers(folder, [[question] for question in asked[name]])
            found[name] = _one_by_one(dict(zip(asked[name], singles, strict=True)))
    return found


def _one_by_one(answers: Mapping[_Question, str]) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    faults = []
    for question, said in answers.items():
        axioms = assumptions(said)
        if not said:
            faults.append(f"{question.theorem} does not prove its statement")
        elif axioms is None:
            faults.append(f"{question.theorem} rests on: {said}")
        elif foreign := [axiom for axiom in axioms if axiom not in ACCEPTED]:
            faults.append(f"{question.theorem} rests on {', '.join(foreign)}")
        else:
            found[question.id] = axioms
    return found, tuple(faults)


def _answers(folder: Path, groups: Sequence[Sequence[_Question]]) -> list[str]:
    """What Coq says that the theorems of each group rest on; nothing where one proves no statement.

    Every name is a full one: whatever the proofs redefine, a theorem must have the generated proposition as
    its type.  Coq's toplevel goes on after an error, so that one run is enough.
    """
    every = [question for group in groups for question in group]
    lines = [f"From {LIBRARY}.{PROOFS} Require {name}." for name in dict.fromkeys(x.name for x in every)]
    stated = dict.fromkeys(question.name for question in every if question.stated)
    lines += [f"From {LIBRARY}.{STATEMENTS} Require {name}." for name in stated]
    answers = [folder / f"{_ANSWER}{number}.out" for number in range(len(groups))]
    for number, (answer, group) in enumerate(zip(answers, groups, strict=True)):
        answer.unlink(missing_ok=True)
        names = [f"checked_{number}_{place}" for place in range(len(group))]
        lines += [f"Definition {name}{_typed(x)}." for name, x in zip(names, group, strict=True)]
        lines.append(f"Definition checked_{number} := ({', '.join(names)}).")
        lines.append(f'Redirect "{answer.stem}" Print Assumptions checked_{number}.')
    subprocess.run(
        ["coqtop", *_OPTIONS],
        cwd=folder,
        input="\n".join(lines) + "\n",
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return [path.read_text(encoding="utf-8") if path.exists() else "" for path in answers]


def _typed(question: _Question) -> str:
    """A theorem with the type that it must have."""
    full = f"{LIBRARY}.{PROOFS}.{question.name}.{question.theorem}"
    if not question.stated:
        return f" := {full}"
    return f" : {LIBRARY}.{STATEMENTS}.{question.name}.{coq_name(question.id)} := {full}"


def assumptions(said: str) -> tuple[str, ...] | None:
    """The axioms that Coq prints of a theorem; None for anything else that it says."""
    lines = [line for line in said.strip().splitlines() if not line.startswith(_PROGRESS)]
    head, *rest = lines or [""]
    if head.strip() == _CLOSED and not rest:
        return ()
    if head.strip() != "Axioms:":
        return None
    names = [_AXIOM.match(line) for line in rest if line and not line[0].isspace()]
    return None if not all(names) else tuple(sorted(match[1] for match in names if match))


def _kept(parts: Iterable[SectionChecked]) -> dict[str, object]:
    """Of the sections of which anything is proved."""
    return {
        part.section: {
            "digest": part.digest,
            "statements": {id_: list(x) for id_, x in part.theorems.items()},
        }
        for part in parts
        if part.theorems
    }
