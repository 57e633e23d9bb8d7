"""Displays of statements and steps: checked by the core once, since the outcome is kept.

What a display says in entries, and whether that was proved, :mod:`symderive.proofs.displayed` finds.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from symderive.paper.kept import Kept
from symderive.proofs.digest import fingerprint
from symderive.proofs.displayed import check_display
from symderive.sealed import frozen
from symderive.statements.display import Vocabulary
from symderive.statements.statement import Statement
from symderive.statements.step import Step


@dataclass(frozen=True)
class Shown:
    """What print makes of a display.

    ``tex`` is the claim in canonical LaTeX, ``where`` are the names that it defines, ``given`` its
    hypotheses.  ``verdict`` is proved, in words (of a step) or refused; ``reason`` says why it is refused.
    """

    tex: str
    where: tuple[str, ...]
    given: tuple[str, ...]
    verdict: str
    reason: str = ""

    @property
    def refused(self) -> bool:
        """Whether it may not be printed."""
        return self.verdict == "refused"


def shown(entry: Statement | Step, vocabulary: Vocabulary, kept: Kept | None) -> Shown | None:
    """The display of a statement or a step, None for one that has none; kept for the next time."""
    if entry.display is None:
        return None
    known = recall_shown(entry, vocabulary, kept)
    if known is None:
        found = check_display(entry, vocabulary)
        known = Shown(found.tex, tuple(found.where), tuple(found.given), found.verdict, found.reason)
        if kept is not None and (name := _name_kept(entry, vocabulary)):
            kept.put(name, asdict(known))
    return known


def recall_shown(entry: Statement | Step, vocabulary: Vocabulary, kept: Kept | None) -> Shown | None:
    """What is kept of a display, None where there is nothing."""
    if kept is None or entry.display is None or (name := _name_kept(entry, vocabulary)) is None:
        return None
    record = kept.get(name)
    return None if record is None else Shown(**{key: frozen(value) for key, value in record.items()})


def _name_kept(entry: Statement | Step, vocabulary: Vocabulary) -> str | None:
    """A name that says all that the outcome rests on; None where that cannot be seen."""
    because = tuple(reason for _, reason in entry.display.because)
    steps = tuple(part for part in (entry, *because) if isinstance(part, Step))
    proofs: tuple[Any, ...] = tuple(part for part in (entry, *because) if isinstance(part, Statement))
    parts = [fingerprint(x) for x in (entry.display, vocabulary, *proofs)]
    if not all(parts):
        return None
    text = "|".join([*(part or "" for part in parts), *(step.id for step in steps)])
    return f"display-{hashlib.sha256(text.encode()).hexdigest()}"
