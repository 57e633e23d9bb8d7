"""What is known of the claims of a published paper, found from the verdicts of the statements they name.

Nothing here is a stored verdict: a claim whose statement is not proved, or whose instance does not come
out, is UNDECIDED, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from symderive.paper import prose
from symderive.paper.assembly import Item, StepItem
from symderive.paper.blocks import Grid, Paragraph
from symderive.paper.checked_displays import Shown
from symderive.statements.document import Replayed
from symderive.statements.paper_claim import Measured, PaperClaim
from symderive.statements.proof import AXIOM
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.verdict import Verdict

#: Words for a narrow column of a table.
_IN_TABLE = {"CONDITIONAL": "conditional", "REFUTED": "refuted", "WORDS": "words only"}

#: Statements and steps ready for print, by id.
Entries: TypeAlias = Mapping[str, Item | StepItem]


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

    ``machine`` are the ids of the statements that prove it, those below its steps in words among them,
    and ``words`` the ids of these steps; ``against`` are the ids of what the instance rests on;
    ``displays`` the accepted displays of what it shows, by id; ``reason`` says why it is undecided.
    """

    claim: PaperClaim
    standing: Standing
    machine: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    displays: tuple[tuple[str, Shown], ...] = ()
    measured: tuple[Measured, ...] = ()
    reason: str = ""


def derivation_of(claims: Sequence[PaperClaim]) -> Derivation:
    """Everything that claims name, as one derivation to be made ready for print."""
    named = dict.fromkeys(entry for claim in claims for entry in claim.entries)
    return Derivation(
        id="claims-of-the-paper",
        title="What the claims of a paper rest on",
        prose="",
        statements=tuple(x for x in named if isinstance(x, Statement)),
        steps=tuple(x for x in named if isinstance(x, Step)),
    )


def judge(claims: Sequence[PaperClaim], known: Entries) -> tuple[Judged, ...]:
    """What is known of claims, from everything that they name, ready for print."""
    return tuple(_judged(claim, known) for claim in claims)


def blocks(replayed: Replayed, known: Entries) -> Iterator[Grid | Paragraph]:
    """A table of claims, what is known of each and by what, and the instances below it."""
    judged = judge(replayed.claims, known)
    rows = tuple(
        (f"{at}. {x.claim.wording}", _IN_TABLE.get(x.standing.name, x.standing.value.lower()), _by(x))
        for at, x in enumerate(judged, 1)
    )
    header = ("claim", "status", "condition, and where it is proved")
    yield Grid(header=header, rows=rows, caption=replayed.caption, id=replayed.id)
    for at, one in enumerate(judged, 1):
        if not one.reason and (one.claim.instance or one.claim.remark):
            yield Paragraph(_instance(at, one))


def _by(one: Judged) -> str:
    claim = one.claim
    if one.reason:
        return prose.plain(one.reason)
    pointers = f"[[{', '.join(dict.fromkeys(x.id for x in claim.proved_by))}]]" if claim.proved_by else ""
    return ": ".join(filter(None, (f"if {claim.condition}" if claim.condition else "", pointers)))


def _instance(at: int, one: Judged) -> str:
    claim = one.claim
    sentences = [f"Claim {at}."]
    if claim.instance:
        pointers = ", ".join(x.id for x in claim.needed)
        sentences.append(f"The condition is needed, by [[{pointers}]]: {claim.instance}.")
    if one.measured:
        numbers = "; ".join(f"{x.what}, {x.value}" for x in one.measured)
        sentences.append(f"{numbers[:1].upper()}{numbers[1:]}.")
    return " ".join(filter(None, (*sentences, claim.remark)))


def _judged(claim: PaperClaim, known: Entries) -> Judged:
    if not claim.proved_by:
        return Judged(claim, Standing.WORDS)
    measured = claim.measure() if claim.measure is not None else ()
    reason = next(_doubts(claim, known, measured), "")
    shown = [(x.id, known[x.id].display) for x in claim.shown if x.id in known]
    return Judged(
        claim,
        _standing(claim, reason),
        machine=tuple(x.id for x in _below(claim.proved_by) if isinstance(x, Statement)),
        words=tuple(x.id for x in _below(claim.proved_by) if isinstance(x, Step)),
        against=tuple(x.id for x in _below(claim.needed)),
        displays=tuple((id_, found) for id_, found in shown if found and not found.refused),
        measured=measured,
        reason=reason,
    )


def _standing(claim: PaperClaim, reason: str) -> Standing:
    if reason:
        return Standing.UNDECIDED
    if claim.is_refuted:
        return Standing.REFUTED
    return Standing.CONDITIONAL if claim.condition else Standing.PROVED


def _doubts(claim: PaperClaim, known: Entries, measured: Sequence[Measured]) -> Iterator[str]:
    """Why the claim is undecided, one clause for each reason."""
    for part in _below(claim.entries):
        entry = known.get(part.id)
        if entry is None:
            yield f"{part.id} is in none of the sections"
        elif not _accepted(part, entry):
            why = f" ({entry.result.reason})" if entry.result.reason else ""
            yield f"{part.id} is {entry.result.verdict}{why}"
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
