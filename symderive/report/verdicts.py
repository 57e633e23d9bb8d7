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

#: How verdicts are marked, and those that are only counted where a report lists them.
_STYLES = {"CHECKED": "yellow", "IN_WORDS": "cyan", "UNDECIDED": "red", "REFUTED": "bold red"}
_COUNTED = ("PROVED", "IN_WORDS")


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def verdict_page(sections: Sequence[Section], *, report: str | None = None) -> Page:
    """Id, verdict, method, points tested and time of every statement and step.

    Below stand the restrictions of tests that were narrowed, and why a verdict is in doubt.  Where a
    ``report`` says all of this, the table holds only what is not proved but checked, undecided or refuted;
    the rest is counted.
    """
    from symderive.paper.prose import coq_note, displays_note

    columns = (
        Column("statement", right=False),
        Column("verdict", right=False),
        Column("method", rank=3, right=False),
        Column("points", rank=1),
        Column("seconds", rank=2),
    )
    rows = []
    lines, counts, narrowed = [], Counter[str](), 0
    for entry in (entry for section in sections for entry in section.entries):
        result = entry.result
        name = result.verdict.name
        counts[name] += 1
        narrowed += bool(result.narrowed)
        if report is not None and name in _COUNTED:
            continue
        points = f"{result.points}{'*' if result.narrowed else ''}"
        row = (entry.id, str(result.verdict), result.method, points, f"{result.seconds:.2f}")
        rows.append(Row(row, _STYLES.get(name, "")))
        if result.narrowed:
            where = "; ".join(map(_shortened, result.narrowed))
            lines.append(f"{entry.id}: tested only where {where}.")
        if result.reason:
            lines.append(f"{entry.id}: {result.verdict}, {result.reason}. {result.counterexample}".rstrip())
    shown = {verdict: counts[verdict] for verdict in ("PROVED", *_STYLES) if counts[verdict]}
    lines.append(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in shown.items()) + ".")
    lines += filter(None, (displays_note(sections), coq_note(sections)))
    if report is not None:
        where = f", {narrowed} of them only in a part of its range" if narrowed else ""
        lines.append(f"How each is proved and where it was tested{where}: {report}")
    table = (Table.of(columns, rows, whole="The manifest of --out"),) if rows or report is None else ()
    return (*table, *map(Line, lines))
