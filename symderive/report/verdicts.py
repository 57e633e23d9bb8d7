"""The verdicts on derivations, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from symderive.report.page import Column, Line, Page, Row, Table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symderive.paper.assembly import Section


#: Characters of a restriction that the table shows; the report and the manifest show all.
MOST_CHARACTERS = 60


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def verdict_page(sections: Sequence[Section]) -> Page:
    """Id, verdict, method, points tested and time of every statement and step.

    Below stand the restrictions of tests that were narrowed, and why a verdict is in doubt.
    """
    from symderive.paper.prose import displays_note

    columns = (
        Column("statement", right=False),
        Column("verdict", right=False),
        Column("method", rank=3, right=False),
        Column("points", rank=1),
        Column("seconds", rank=2),
    )
    rows = []
    styles = {"CHECKED": "yellow", "IN_WORDS": "cyan", "UNDECIDED": "red", "REFUTED": "bold red"}
    lines, counts = [], Counter[str]()
    for entry in (entry for section in sections for entry in section.entries):
        result = entry.result
        counts[result.verdict.name] += 1
        points = f"{result.points}{'*' if result.narrowed else ''}"
        row = (entry.id, str(result.verdict), result.method, points, f"{result.seconds:.2f}")
        rows.append(Row(row, styles.get(result.verdict.name, "")))
        if result.narrowed:
            where = "; ".join(map(_shortened, result.narrowed))
            lines.append(f"{entry.id}: tested only where {where}.")
        if result.reason:
            lines.append(f"{entry.id}: {result.verdict}, {result.reason}. {result.counterexample}".rstrip())
    shown = {verdict: counts[verdict] for verdict in ("PROVED", *styles) if counts[verdict]}
    lines.append(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in shown.items()) + ".")
    if note := displays_note(sections):
        lines.append(note)
    return (Table.of(columns, rows, whole="The manifest of --out"), *map(Line, lines))
