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
from symderive.coq.sources import Sources, proof_path, statement_path
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
    paths = {*files.below(proof_path(name)), *files.below(statement_path(name))} & set(files.texts)
    if not all(map(files.is_plain, paths)):
        return ""
    parts = {path: files.texts[path] for path in paths if path != DEFINITIONS}
    for section, propositions in made.sections.items():
        if statement_path(coq_name(section)) in paths:
            known = (
                definition
                for proposition in propositions.values()
                for definition in proposition.definitions
            )
            parts |= {f"definition {definition.name}": definition.text for definition in known}
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
    own = Sources(written(scripts))
    needed = {path for section in asked for path in own.below(proof_path(coq_name(section)))}
    made = theory(
        sections, [id_ for id_ in sections if id_ in asked or statement_path(coq_name(id_)) in needed]
    )
    files = Sources(texts(made), written(scripts))
    return {
        statement: Checked(record["coq"], tuple(kept[section]["axioms"]))
        for section in asked
        if kept[section]["digest"] == digest(coq_name(section), made, files) != ""
        for statement in made.sections.get(section, {})
        if statement.id in kept[section]["proved"]
        and theorem_name(statement.id) in files.theorems(proof_path(coq_name(section)))
    }


def by_hand(name: str, sections: Sections, scripts: Mapping[str, str]) -> Checked | None:
    """Whether Coq has checked a file of theorems that are stated by hand, just as it is."""
    kept = read(scripts).get("by_hand", {}).get(name)
    if kept is None:
        return None
    needed = set(Sources(written(scripts)).below(proof_path(name)))
    made = theory(sections, [id_ for id_ in sections if statement_path(coq_name(id_)) in needed])
    if kept["digest"] != digest(name, made, Sources(texts(made), written(scripts))):
        return None
    return Checked(read(scripts)["coq"], tuple(kept["axioms"]))


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
