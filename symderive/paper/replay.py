"""What is known of the claims of a published paper, found from the verdicts of the statements they name.

Nothing here is a stored verdict: a claim whose statement is not proved, or whose instance does not come out,
is UNDECIDED, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from symderive.paper.assembly import Item, Section, StepItem
from symderive.statements.paper_claim import Measured, PaperClaim
from symderive.statements.proof import AXIOM
from symderive.statements.statement import Statement
from symderive.statements.step import Step
from symderive.verdict import Verdict


class Standing(Enum):
    """What is known of a claim; the value is how it is printed."""

    PROVED = "PROVED"
    CONDITIONAL = "PROVED UNDER A CONDITION"
    REFUTED = "REFUTED AS WORDED"
    WORDS = "WORDS ONLY"
    UNDECIDED = "UNDECIDED"


@dataclass(frozen=True)
class Judged:
    """A claim and what is known of it.

    ``machine`` are the ids of the statements that prove it, those below its steps in words among them;
    ``words`` the theorems that these steps apply; ``against`` the ids of what the instance rests on;
    ``displays`` the accepted displays of what it shows, by id; ``reason`` says why it is undecided.
    """

    claim: PaperClaim
    standing: Standing
    machine: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    displays: tuple[tuple[str, str], ...] = ()
    measured: tuple[Measured, ...] = ()
    reason: str = ""


def judge(claims: Sequence[PaperClaim], sections: Sequence[Section]) -> tuple[Judged, ...]:
    """What is known of claims, from sections that hold everything that they name, ready for print."""
    known = {entry.id: entry for section in sections for entry in section.entries}
    return tuple(_judged(claim, known) for claim in claims)


def _judged(claim: PaperClaim, known: Mapping[str, Item | StepItem]) -> Judged:
    if not claim.proved_by:
        return Judged(claim, Standing.WORDS)
    measured = claim.measure() if claim.measure is not None else ()
    reason = next(_doubts(claim, known, measured), "")
    shown = [(x.id, known[x.id].display) for x in claim.shown if x.id in known]
    return Judged(
        claim,
        _standing(claim, reason),
        machine=tuple(x.id for x in _below(claim.proved_by) if isinstance(x, Statement)),
        words=tuple(dict.fromkeys(x.theorem for x in _below(claim.proved_by) if isinstance(x, Step))),
        against=tuple(x.id for x in _below(claim.needed)),
        displays=tuple((id_, found.formula) for id_, found in shown if found and not found.refused),
        measured=measured,
        reason=reason,
    )


def _standing(claim: PaperClaim, reason: str) -> Standing:
    if reason:
        return Standing.UNDECIDED
    if claim.is_refuted:
        return Standing.REFUTED
    return Standing.CONDITIONAL if claim.condition else Standing.PROVED


def _doubts(
    claim: PaperClaim, known: Mapping[str, Item | StepItem], measured: Sequence[Measured]
) -> Iterator[str]:
    """Why the claim is undecided, one clause for each reason."""
    for part in _below(claim.entries):
        entry = known.get(part.id)
        if entry is None:
            yield f"{part.id} is in none of the sections"
        elif not _accepted(part, entry):
            yield f"{part.id} is {entry.result.verdict}"
    for shown in claim.shown:
        entry = known.get(shown.id)
        if entry is not None and entry.display is None:
            yield f"{shown.id} has no display"
    for number in measured:
        if not number.holds:
            yield f"{number.what} came out as {number.value}"


def _accepted(part: Statement | Step, entry: Item | StepItem) -> bool:
    """Whether an entry is what was named, and known: an axiom is tested only, and says so elsewhere."""
    if isinstance(part, Step):
        return entry.result.verdict is Verdict.IN_WORDS
    if part.proof is AXIOM:
        return entry.result.verdict is Verdict.CHECKED
    return entry.result.verdict is Verdict.PROVED


def _below(entries: Sequence[Statement | Step]) -> tuple[Statement | Step, ...]:
    """Entries, and what the steps in words among them rest on, each once."""
    found: dict[str, Statement | Step] = {}
    waiting = list(entries)
    while waiting:
        entry = waiting.pop(0)
        if entry.id not in found:
            found[entry.id] = entry
            waiting += entry.rests_on if isinstance(entry, Step) else ()
    return tuple(found.values())
