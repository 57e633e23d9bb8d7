"""The derivations with their verdicts, put together once for the whole site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from symderive.library.load import document_of, load_all, vocabulary_of
from symderive.paper.assembly import Item, Section, StepItem, assemble
from symderive.paper.blocks import Paper
from symderive.paper.contents import contents
from symderive.proofs.ledger import Ledger
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document
from symderive.verdict import Verdict

#: Digits of the independent tests.
DIGITS = 50


@dataclass(frozen=True)
class Records:
    """Sections and entries by id, the paper that is written of them, and its letters."""

    sections: tuple[Section, ...]
    entries: Mapping[str, Item | StepItem]
    document: Document
    paper: Paper
    vocabulary: Vocabulary
    ledger: Ledger

    def verdict(self, id_: str) -> Verdict:
        """What is known of a statement."""
        return self.entries[id_].result.verdict


@cache
def records() -> Records:
    """Everything proved, or recalled from the ledger of verdicts: a minute the first time, then seconds."""
    ledger = Ledger()
    derivations = load_all()
    document = document_of(derivations)
    assert document is not None
    sections = assemble(derivations, digits=DIGITS, ledger=ledger)
    return Records(
        sections=sections,
        entries={entry.id: entry for section in sections for entry in section.entries},
        document=document,
        paper=contents(sections, digits=DIGITS, document=document, figures={}),
        vocabulary=vocabulary_of(derivations),
        ledger=ledger,
    )
