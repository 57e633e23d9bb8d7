"""What is written for Coq, and what Coq found, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.report.page import Column, Line, Page, Row, Table

if TYPE_CHECKING:
    from symderive.coq.check import Report
    from symderive.library.formal import Formal


def written_page(made: Formal, folder: str) -> Page:
    """How many statements have a proposition, and why the others have none."""
    count = sum(map(len, made.theory.sections.values()))
    proofs = sum(path.startswith("formal/") for path in made.files)
    lines = [f"{id_.id}: no proposition, for {reason}." for id_, reason in made.theory.without.items()]
    lines.append(
        f"Written to {folder}: the propositions of {count} of {count + len(lines)} statements, and "
        f"{proofs} files of proofs. Let Coq check them: symderive derive --check-coq."
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
        spent = seconds[f"formal/{part.section.replace('-', '_')}.v"]
        rows.append(Row((part.section, str(len(part.theorems)), str(total), f"{spent:.1f}")))
    checked = sum(len(part.theorems) for part in found.sections)
    parts = (*found.sections, *found.by_hand)
    axioms = {axiom for part in parts for rests in part.theorems.values() for axiom in rests}
    lines = [*found.faults]
    lines += [f"Stated by hand, in {part.section}.v: {', '.join(part.theorems)}." for part in found.by_hand]
    lines.append(
        f"Coq {found.coq} has checked {checked} statements in {found.seconds:.0f} s; nothing is admitted. "
        + (f"All rests on {', '.join(sorted(axioms))}." if axioms else "Nothing rests on an axiom.")
    )
    table = Table.of(columns, tuple(rows), whole="")
    return (table, *map(Line, lines)) if rows else tuple(map(Line, lines))
