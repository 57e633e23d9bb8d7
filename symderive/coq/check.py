"""Coq on all files: what compiles, which theorems say what the statements say, and what they rest on."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
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

#: What Coq prints of assumptions: nothing, or their names, each with its type behind it or indented below.
CLOSED = "Closed under the global context"
_AXIOM = re.compile(r"([\w.']+)(?=\s*:|$)")


@dataclass(frozen=True)
class Compiled:
    """A file that Coq has read: how long it took, and what Coq said against it, if anything."""

    path: str
    seconds: float
    fault: str = ""


@dataclass(frozen=True)
class SectionChecked:
    """The theorems of one file that Coq accepts, with what each rests on; ``faults`` are in words."""

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
    sections: list[SectionChecked] = []
    by_hand: list[SectionChecked] = []
    for name in proof_files(files):
        theorems = {theorem: theorem for theorem in files.theorems(proof_path(name))}
        if name in ids:
            stated = {theorem_name(statement.id): statement.id for statement in made.sections[ids[name]]}
            theorems = {theorem: stated[theorem] for theorem in theorems if theorem in stated}
        found: dict[str, tuple[str, ...]] = {}
        faults: tuple[str, ...] = ("it does not compile",)
        if not compiled[proof_path(name)].fault:
            found, faults = _look_at(folder, name, theorems, stated=name in ids)
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


def _look_at(
    folder: Path, name: str, theorems: Mapping[str, str], *, stated: bool
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """What each theorem rests on, by the id of its statement, and what is wrong.

    A file of its own asks for it, in which every name is a full one: whatever the proofs redefine, a
    theorem must have the generated proposition as its type.
    """
    lines = [f"From {LIBRARY}.{PROOFS} Require {name}."]
    if stated:
        lines.append(f"From {LIBRARY}.{STATEMENTS} Require {name}.")
    for theorem, id_ in theorems.items():
        full = f"{LIBRARY}.{PROOFS}.{name}.{theorem}"
        if stated:
            lines.append(f"Check ({full} : {LIBRARY}.{STATEMENTS}.{name}.{coq_name(id_)}).")
        lines.append(f'Redirect "{_answer(name, theorem)}" Print Assumptions {full}.')
    path = f"check_{name}.v"
    (folder / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    if fault := coqc(folder, path):
        return {}, (f"a theorem does not prove its statement: {fault}",)
    found: dict[str, tuple[str, ...]] = {}
    faults = []
    for theorem, id_ in theorems.items():
        said = (folder / f"{_answer(name, theorem)}.out").read_text(encoding="utf-8")
        axioms = assumptions(said)
        if axioms is None or (foreign := [axiom for axiom in axioms if axiom not in ACCEPTED]):
            faults.append(f"{theorem} rests on {', '.join(foreign) if axioms else said.strip()}")
        else:
            found[id_] = axioms
    return found, tuple(faults)


def _answer(name: str, theorem: str) -> str:
    return f"check_{name}_{theorem}"


def assumptions(said: str) -> tuple[str, ...] | None:
    """The axioms that Coq prints of a theorem; None for anything else that it says."""
    head, _, rest = said.strip().partition("\n")
    if head.strip() == CLOSED and not rest:
        return ()
    if head.strip() != "Axioms:":
        return None
    lines = [line for line in rest.splitlines() if line and not line[0].isspace()]
    names = [_AXIOM.match(line) for line in lines]
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
