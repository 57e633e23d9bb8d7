"""The verdicts on derivations, for people."""

from __future__ import annotations

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
    """Id, verdict, method, points tested and time of every statement.

    Below stand the restrictions of tests that were narrowed, and why a verdict is not PROVED.
    """
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in ("statement", "verdict", "method"):
        table.add_column(name)
    for name in ("points", "seconds"):
        table.add_column(name, justify="right")
    styles = {"PROVED": "", "CHECKED": "yellow", "UNDECIDED": "red", "REFUTED": "bold red"}
    lines, counts = [], dict.fromkeys(styles, 0)
    for item in (item for section in sections for item in section.items):
        result = item.result
        counts[result.verdict.name] += 1
        points = f"{result.points}{'*' if result.narrowed else ''}"
        row = (item.id, result.verdict.name, result.method, points, f"{result.seconds:.2f}")
        table.add_row(*row, style=styles[result.verdict.name])
        if result.narrowed:
            where = "; ".join(map(_shortened, result.narrowed))
            lines.append(f"{item.id}: tested only where {where}.")
        if result.reason:
            lines.append(
                f"{item.id}: {result.verdict.name}, {result.reason}. {result.counterexample}".rstrip()
            )
    lines.append(", ".join(f"{count} {name}" for name, count in counts.items() if count) + ".")
    return Group(table, *(Text(line) for line in lines))
