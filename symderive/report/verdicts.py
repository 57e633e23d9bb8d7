"""The verdicts on derivations, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Group

    from symderive.paper.assembly import Section


def verdict_table(sections: Sequence[Section]) -> Group:
    """Id, verdict, method and time of every statement; why, where a verdict is not PROVED."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name in ("statement", "verdict", "method"):
        table.add_column(name)
    table.add_column("seconds", justify="right")
    styles = {"PROVED": "", "CHECKED": "yellow", "UNDECIDED": "red", "REFUTED": "bold red"}
    lines, counts = [], dict.fromkeys(styles, 0)
    for item in (item for section in sections for item in section.items):
        result = item.result
        counts[result.verdict.name] += 1
        row = (item.id, result.verdict.name, result.method, f"{result.seconds:.2f}")
        table.add_row(*row, style=styles[result.verdict.name])
        if result.reason:
            lines.append(
                f"{item.id}: {result.verdict.name}, {result.reason}. {result.counterexample}".rstrip()
            )
    lines.append(", ".join(f"{count} {name}" for name, count in counts.items() if count) + ".")
    return Group(table, *(Text(line) for line in lines))
