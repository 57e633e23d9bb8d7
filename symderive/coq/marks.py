"""What Coq has checked: a record that is kept with the proofs, and which statements it still holds for.

A record names, for every section, the theorems that Coq accepted and what they rest on, under a digest of
all that Coq read: the propositions as they are generated, the definitions in them, and every file that the
proofs require.  Where any of that is another, the statements of the section have lost their mark.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from symderive.coq.files import DEFINITIONS, coq_name, texts, theorem_name
from symderive.coq.sources import Sources, proof_path, rest_on, stated_in
from symderive.coq.theory import Sections, Theory, theory
from symderive.statements.statement import Statement

#: Its name among the proofs.
RECORD = "checked.json"


@dataclass(frozen=True)
class Checked:
    """That Coq has checked a proof of a statement.

    Attributes
    ----------
    coq : str
        The version of Coq.
    axioms : tuple of str
        What it and the other proofs of its section rest on, as Coq prints it.
    """

    coq: str
    axioms: tuple[str, ...]


def rests_on(mark: Checked) -> str:
    """What its proof rests on, as a sentence."""
    if not mark.axioms:
        return "The proofs of its section rest on no axiom."
    return f"The proofs of its section rest on {', '.join(mark.axioms)} of Coq's library."


def written(scripts: Mapping[str, str]) -> dict[str, str]:
    """The written files by their path; ``scripts`` has them by their names."""
    files = {name: text for name, text in scripts.items() if name.endswith(".v")}
    return {proof_path(name.removesuffix(".v")): text for name, text in files.items()}


def digest(name: str, made: Theory, files: Sources) -> str:
    """Of all that Coq reads to check the proofs of a section, or theorems that are stated by hand.

    Empty, which no record is, where a file reads others in a way that is not looked into.
    """
    paths = rest_on([name], files) & set(files.texts)
    if not all(map(files.is_plain, paths)):
        return ""
    parts = {path: files.texts[path] for path in paths if path != DEFINITIONS}
    for section in stated_in(paths, made.sections):
        for proposition in made.sections[section].values():
            parts |= {f"definition {known.name}": known.text for known in proposition.definitions}
    total = sha256()
    for path, text in sorted(parts.items()):
        total.update(f"{path} {len(text)}\n{text}\n".encode())
    return total.hexdigest()


def marks(
    wanted: Iterable[str], sections: Sections, scripts: Mapping[str, str]
) -> dict[Statement, Checked]:
    """Which statements of the ``wanted`` sections Coq has checked; ``sections`` are all that there are."""
    record = read(scripts)
    kept: Mapping[str, Any] = record.get("sections", {})
    asked = [section for section in wanted if section in kept]
    if not asked:
        return {}
    made, files = _read_by(map(coq_name, asked), sections, scripts)
    return {
        statement: Checked(record["coq"], tuple(kept[section]["axioms"]))
        for section in asked
        if _holds(kept[section], coq_name(section), made, files)
        for statement in made.sections.get(section, {})
        if statement.id in kept[section]["proved"]
        and theorem_name(statement.id) in files.theorems(proof_path(coq_name(section)))
    }


def by_hand(name: str, sections: Sections, scripts: Mapping[str, str]) -> Checked | None:
    """Whether Coq has checked a file of theorems that are stated by hand, just as it is."""
    record = read(scripts)
    kept = record.get("by_hand", {}).get(name)
    if kept is None or not _holds(kept, name, *_read_by([name], sections, scripts)):
        return None
    return Checked(record["coq"], tuple(kept["axioms"]))


def _read_by(
    names: Iterable[str], sections: Sections, scripts: Mapping[str, str]
) -> tuple[Theory, Sources]:
    """What Coq reads for some files of proofs: the propositions, and all files."""
    own = written(scripts)
    made = theory(sections, stated_in(rest_on(names, Sources(own)), sections))
    return made, Sources(texts(made), own)


def _holds(kept: Mapping[str, Any], name: str, made: Theory, files: Sources) -> bool:
    """Whether all that Coq has read is the same; what is not looked into never is."""
    return kept["digest"] == digest(name, made, files) != ""


def read(scripts: Mapping[str, str]) -> dict[str, Any]:
    """The record that lies among the proofs; empty where there is none, or one of another shape."""
    try:
        record = json.loads(scripts.get(RECORD, "{}"))
        parts = [part for kind in ("sections", "by_hand") for part in record[kind].values()]
        texts_ = [record["coq"], *(part["digest"] for part in parts)]
        texts_ += [text for part in parts for text in (*part["axioms"], *part["proved"])]
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return dict(record) if all(isinstance(text, str) for text in texts_) else {}
