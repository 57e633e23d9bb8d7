"""What Coq is asked of theorems: whether each proves its statement, and what it rests on."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from symderive.coq.compiling import JOBS, OPTIONS, PATIENCE
from symderive.coq.files import LIBRARY, PROOFS, STATEMENTS, coq_name

#: What proofs may rest on: the classical real numbers, the excluded middle, and that functions which agree
#: everywhere are equal.
ACCEPTED = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)

#: What Coq prints of assumptions: nothing, or their names, each with its type behind it or indented below.
_PROGRESS = "Fetching opaque proofs"
_CLOSED = "Closed under the global context"
_AXIOM = re.compile(r"([\w.']+)(?=\s*:|$)")


@dataclass(frozen=True)
class Question:
    """A theorem of a file of proofs, and the id of the statement that it is to prove, or its own name."""

    file: str
    theorem: str
    id: str
    stated: bool

    def definition(self, name: str) -> str:
        """A line of Coq that only a proof of the statement passes.

        Every name is a full one: whatever the proofs redefine, the type is the generated proposition.
        """
        theorem = f"{LIBRARY}.{PROOFS}.{self.file}.{self.theorem}"
        kind = f" : {LIBRARY}.{STATEMENTS}.{self.file}.{coq_name(self.id)}" if self.stated else ""
        return f"Definition {name}{kind} := {theorem}."


@dataclass(frozen=True)
class Answer:
    """The ids of what is proved, what that rests on, and what is wrong, in words."""

    proved: tuple[str, ...]
    axioms: tuple[str, ...]
    faults: tuple[str, ...] = ()


def ask(folder: Path, groups: Sequence[Sequence[Question]]) -> list[Answer]:
    """The theorems of each file together, and one by one where something is wrong with them.

    Coq takes a second to find what a theorem rests on, and no longer for all of a file.
    """
    with ThreadPoolExecutor(JOBS) as pool:
        parts = [groups[start::JOBS] for start in range(JOBS)]
        answers = list(pool.map(lambda item: _said(folder, *item), enumerate(parts)))
    return [_answer(folder, group, answers[at % JOBS][at // JOBS]) for at, group in enumerate(groups)]


def _answer(folder: Path, group: Sequence[Question], said: str) -> Answer:
    axioms = assumptions(said)
    if axioms is not None and set(axioms) <= ACCEPTED:
        return Answer(tuple(question.id for question in group), axioms)
    proved: dict[str, tuple[str, ...]] = {}
    faults = []
    for question, own in zip(group, _said(folder, 0, [[question] for question in group]), strict=True):
        axioms = assumptions(own)
        if not own:
            faults.append(f"{question.theorem} does not prove its statement")
        elif axioms is None:
            faults.append(f"{question.theorem} rests on: {own}")
        elif foreign := [axiom for axiom in axioms if axiom not in ACCEPTED]:
            faults.append(f"{question.theorem} rests on {', '.join(foreign)}, admitted or an axiom")
        else:
            proved[question.id] = axioms
    rests = {axiom for own_axioms in proved.values() for axiom in own_axioms}
    return Answer(tuple(proved), tuple(sorted(rests)), tuple(faults))


def _said(folder: Path, run: int, groups: Sequence[Sequence[Question]]) -> list[str]:
    """What Coq says that the theorems of each group rest on; nothing where one proves no statement.

    Coq's toplevel goes on after an error, so that one run is enough.
    """
    every = [question for group in groups for question in group]
    lines = [f"From {LIBRARY}.{PROOFS} Require {file}." for file in dict.fromkeys(x.file for x in every)]
    stated = dict.fromkeys(question.file for question in every if question.stated)
    lines += [f"From {LIBRARY}.{STATEMENTS} Require {file}." for file in stated]
    answers = [folder / f"assumptions_{run}_{number}.out" for number in range(len(groups))]
    for number, (answer, group) in enumerate(zip(answers, groups, strict=True)):
        answer.unlink(missing_ok=True)
        names = [f"checked_{number}_{place}" for place in range(len(group))]
        lines += [question.definition(name) for question, name in zip(group, names, strict=True)]
        lines.append(f"Definition checked_{number} := ({', '.join(names)}).")
        lines.append(f'Redirect "{answer.stem}" Print Assumptions checked_{number}.')
    with suppress(subprocess.TimeoutExpired):  # what it has answered until then counts
        subprocess.run(
            ["coqtop", *OPTIONS],
            cwd=folder,
            input="\n".join(lines) + "\n",
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    said = [path.read_text(encoding="utf-8") if path.exists() else "" for path in answers]
    for path in answers:
        path.unlink(missing_ok=True)
    return said


def assumptions(said: str) -> tuple[str, ...] | None:
    """The axioms that Coq prints; None for anything else that it says."""
    head, *rest = [line for line in said.strip().splitlines() if not line.startswith(_PROGRESS)] or [""]
    if head.strip() == _CLOSED and not rest:
        return ()
    if head.strip() != "Axioms:":
        return None
    names = [_AXIOM.match(line) for line in rest if line and not line[0].isspace()]
    return None if not all(names) else tuple(sorted(match[1] for match in names if match))
