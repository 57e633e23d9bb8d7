"""What is written for Coq, and what Coq found, for people."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from symderive.coq.files import coq_name
from symderive.coq.sources import proof_path
from symderive.report.page import Column, Line, Page, Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symderive.coq.check import Report
    from symderive.library.formal import Formal


def written_page(made: Formal, folder: str, what: Sequence[str]) -> Page:
    """How many statements have a proposition, and why the others have none."""
    number = sum(map(len, made.theory.sections.values()))
    proofs = sum(path.startswith("formal/") for path in made.files)
    command = shlex.join(("symderive", "derive", *what, "--check-coq"))
    lines = [f"{id_.id}: no proposition, for {reason}." for id_, reason in made.theory.without.items()]
    lines.append(
        f"Written to {folder}: propositions of {number} of {number + len(lines)} statements, files of "
        f"proofs and their libraries: {proofs}. Let Coq check the proofs: {command}."
    )
    return tuple(map(Line, lines))


def check_page(found: Report, made: Formal) -> Page:
    """How many statements of each section Coq has checked, what all rests on, and what is wrong."""
    columns = (
        Column("section", right=False),
        Column("checked"),
        Column("of"),
        Column("seconds", rank=1),
    )
    seconds = {file.path: file.seconds for file in found.files}
    rows = []
    for part in found.sections:
        total = len(made.theory.sections[part.section])
        spent = seconds[proof_path(coq_name(part.section))]
        rows.append(Row((part.section, str(len(part.answer.proved)), str(total), f"{spent:.1f}")))
    lines = [*found.faults]
    lines += [f"Stated by hand, in {x.section}.v: {', '.join(x.answer.proved)}." for x in found.by_hand]
    total = sum(map(len, made.theory.sections.values()))
    if found.proved:
        admitted = "" if found.faults else " No theorem rests on anything admitted."
        axioms = ", ".join(found.axioms)
        rests = f" All rests on {axioms}." if axioms else " Nothing rests on an axiom."
        lines.append(
            f"Coq {found.coq} has checked {len(found.proved)} of {total} statements in "
            f"{found.seconds:.0f} s.{admitted}{rests}"
        )
    else:
        lines.append(
            f"Coq {found.coq} has checked none of {total} statements. Proofs of a file of your own are "
            "looked for beside it, under the id of its section: my_section.v."
        )
    table = Table.of(columns, tuple(rows), whole="")
    return (table, *map(Line, lines)) if rows else tuple(map(Line, lines))
