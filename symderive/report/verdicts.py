"""The verdicts on derivations, for people."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Group

    from symderive.paper.assembly import Section


#: Characters of a restriction that the table shows; the report and the manifest show all.
MOST_CHARACTERS = 60


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def verdict_table(sections: Sequence[Section]) -> Group:
    """Id, verdict, method, points tested and time of every statement and step.

    Below stand the restrictions of tests that were narrowed, and why a verdict is in doubt.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    from symderive.paper.prose import displays_note

    table = Table()
    for name in ("statement", "verdict", "method"):
        table.add_column(name)
    for name in ("points", "seconds"):
        table.add_column(name, justify="right")
    styles = {"CHECKED": "yellow", "IN_WORDS": "cyan", "UNDECIDED": "red", "REFUTED": "bold red"}
    lines, counts = [], Counter[str]()
    for entry in (entry for section in sections for entry in section.entries):
        result = entry.result
        counts[result.verdict.name] += 1
        points = f"{result.points}{'*' if result.narrowed else ''}"
        row = (entry.id, str(result.verdict), result.method, points, f"{result.seconds:.2f}")
        table.add_row(*row, style=styles.get(result.verdict.name, ""))
        if result.narrowed:
            where = "; ".join(map(_shortened, result.narrowed))
            lines.append(f"{entry.id}: tested only where {where}.")
        if result.reason:
            lines.append(f"{entry.id}: {result.verdict}, {result.reason}. {result.counterexample}".rstrip())
    shown = {verdict: counts[verdict] for verdict in ("PROVED", *styles) if counts[verdict]}
    lines.append(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in shown.items()) + ".")
    if note := displays_note(sections):
        lines.append(note)
    return Group(table, *(Text(line) for line in lines))
