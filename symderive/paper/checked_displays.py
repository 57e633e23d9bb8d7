"""Displays of statements and steps: checked by the core once, since the outcome is kept.

What a display says in entries, and whether that was proved, :mod:`symderive.proofs.displayed` finds.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass

from symderive.displays.printing.latex import to_tex
from symderive.library.kept import Kept
from symderive.proofs.digest import fingerprint
from symderive.proofs.displayed import check_display, looked_at
from symderive.sealed import frozen
from symderive.statements.display import Vocabulary
from symderive.statements.statement import Statement
from symderive.statements.step import Step


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis in a display and among words, and the ranges of its indices, empty for none."""

    tex: str
    inline: str
    over: str


@dataclass(frozen=True)
class Shown:
    """What print makes of a display.

    ``tex`` is the claim in canonical LaTeX, ``where`` are the names that it defines, ``given`` its
    hypotheses, ``among_words`` the same as they are printed among words, ``given_over`` their ranges;
    ``over`` are the ranges of indices of the claim.
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
    among_words: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether it may not be printed."""
        return self.verdict == "refused"

    @property
    def formula(self) -> str:
        """What stands in a display: the claim, the names that it defines, the ranges of its indices."""
        return self.formula_after(())

    def formula_after(self, said: Collection[str]) -> str:
        """The same without the names that the text has defined in these words."""
        side_by_side = r",\quad ".join((self.tex, *(x for x in self.where if x not in said)))
        return rf"{side_by_side},\qquad {self.over}" if self.over else side_by_side

    @property
    def hypotheses(self) -> tuple[Hypothesis, ...]:
        """The hypotheses one by one."""
        ranges = (*self.given_over, *("" for _ in self.given))
        return tuple(map(Hypothesis, self.given, self.among_words or self.given, ranges))


def shown(entry: Statement | Step, vocabulary: Vocabulary, kept: Kept | None) -> Shown | None:
    """The display of a statement or a step, None for one that has none; kept for the next time."""
    if entry.display is None:
        return None
    known = recall_shown(entry, vocabulary, kept)
    if known is None:
        found = check_display(entry, vocabulary)
        known = Shown(
            found.tex,
            found.where,
            found.given,
            found.verdict,
            found.reason,
            found.over,
            found.given_over,
            found.because,
            tuple(to_tex(node, inline=True) for node in found.given_nodes),
        )
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
    digest = fingerprint(looked_at(entry, vocabulary))
    return None if digest is None else f"display-{digest}"
