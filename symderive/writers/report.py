"""``report.md``: the verdicts as Markdown for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from symderive.coq.marks import rests_on
from symderive.paper import prose
from symderive.paper.assembly import Item, Section, StepItem
from symderive.verdict import Verdict
from symderive.writers.markdown import formula, plain, printed_conditions, said


def report(sections: Sequence[Section]) -> str:
    """A table of the verdicts, then every near-miss and its counterexample."""
    entries = [entry for section in sections for entry in section.entries]
    lines = ["# Verdicts", "", _counts(entries), ""]
    for note in filter(None, (prose.displays_note(sections), prose.coq_note(sections))):
        lines += [note, ""]
    lines += ["| statement | verdict | method | rests on | tested |", "|---|---|---|---|---|"]
    lines += [_row(entry) for entry in entries]
    for entry in entries:
        lines += _details(entry)
    return "\n".join(lines) + "\n"


def _row(entry: Item | StepItem) -> str:
    result = entry.result
    rests = ", ".join(entry.uses) or "its hypotheses"
    tested = "not tested"
    if isinstance(entry, Item):
        tested = f"{result.points} points ({result.boundary} at boundaries), {result.digits} digits"
    return f"| `{entry.id}` | {result.verdict} | {plain(result.method)} | {rests} | {tested} |"


def _details(entry: Item | StepItem) -> Iterator[str]:
    result = entry.result
    told = entry.statement if isinstance(entry, Item) else entry.step
    yield from ("", f"## {entry.id}", "", f"{said(told.title)}.", "")
    if isinstance(entry, StepItem):
        yield from (said(entry.step.text), "")
    conditions = told.conditions
    if isinstance(entry, Item):
        conditions = printed_conditions(entry.statement, entry.printed)
    yield from (f"- Condition: {said(condition)}" for condition in conditions)
    yield f"- Reference: {said(told.reference)}"
    if isinstance(entry, Item) and entry.coq:
        yield f"- Checked by Coq {entry.coq.coq}. {plain(rests_on(entry.coq))}"
    if entry.display is not None:
        yield f"- Display: {entry.display.verdict}. {plain(entry.display.reason)}".rstrip()
    if result.reason:
        yield f"- {result.verdict}: {plain(f'{result.reason} {result.counterexample}'.rstrip())}"
    if result.remainder:
        yield f"- What is left: $`{formula(result.remainder)}`$"
    yield from (f"- Tested only where {plain(restriction)}" for restriction in result.narrowed)
    yield from (f"- Tested at {plain(place)}" for place in result.places if place)
    for why, where in result.near_misses:
        yield f"- Near-miss, {said(why)}: refuted at {plain(where)}"


def _counts(entries: Sequence[Item | StepItem]) -> str:
    counts = {verdict: sum(entry.result.verdict is verdict for entry in entries) for verdict in Verdict}
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count) + "."
