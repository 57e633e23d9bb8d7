"""Displays of statements and steps: checked by the core once, since the outcome is kept.

What a display says in entries, and whether that was proved, :mod:`symderive.proofs.displayed` finds.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

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
    hypotheses, with their ranges in ``given_over``; ``over`` are the ranges of indices of the claim.
    ``verdict`` is proved, in words (of a step) or refused; ``reason`` says why it is refused.  ``because``
    are ids of steps in words that it rests on.
    """

    tex: str
    where: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    verdict: str = "proved"
    reason: str = ""
    over: str = ""
    given_over: tuple[str, ...] = ()
    because: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it may not be printed."""
        return self.verdict == "refused"

    @property
    def formula(self) -> str:
        """What stands in a display: the claim, the names that it defines, the ranges of its indices."""
        side_by_side = r",\quad ".join((self.tex, *self.where))
        return rf"{side_by_side},\qquad {self.over}" if self.over else side_by_side

    @property
    def hypotheses(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a hypothesis and the ranges of its indices, empty where there are none."""
        ranges = (*self.given_over, *("" for _ in self.given))
        return tuple(zip(self.given, ranges, strict=False))


def shown(entry: Statement | Step, vocabulary: Vocabulary, kept: Kept | None) -> Shown | None:
    """The display of a statement or a step, None for one that has none; kept for the next time."""
    if entry.display is None:
        return None
    known = recall_shown(entry, vocabulary, kept)
    if known is None:
        found = check_display(entry, vocabulary)
        known = Shown(**{part.name: getattr(found, part.name) for part in fields(Shown)})
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
    digest = fingerprint((entry, entry.display, vocabulary))
    return None if digest is None else f"display-{digest}"
