"""Sections of statements as blocks: every statement with its hypotheses, its formula and its proof.

This is the whole of a paper that nobody has written a main text for, and the ledger of one that has.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from symderive.latex import typeset
from symderive.paper import prose
from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.blocks import (
    Block,
    Environment,
    Formula,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Proof,
    Row,
)
from symderive.paper.checked_displays import Shown
from symderive.paper.notation import code_names
from symderive.statements.claim import Recursion

#: What stands beside a display that no machine has proved, and beside one that is so but for a step.
IN_WORDS, PARTLY_IN_WORDS = "in words", "partly in words"


def note_beside(display: Shown) -> str:
    """What stands beside a display: nothing where all of it is proved by machine."""
    if display.verdict == IN_WORDS:
        return IN_WORDS
    return PARTLY_IN_WORDS if display.because else ""


@dataclass
class Telling:
    """How entries are told.

    Attributes
    ----------
    figures
        For a derivation's id pairs of a figure's stem and its caption.
    ledger
        Whether they follow a main text: then sections are subsections, formulas are in entries, and the
        name in programs stands with each.
    drawn
        Functions of figures that the main text has.
    """

    figures: dict[str, list[tuple[str, str]]]
    ledger: bool = False
    drawn: Collection[Callable[[Any], None]] = ()
    defined: set[str] = field(default_factory=set)

    @property
    def word(self) -> str:
        """What a statement is called in print."""
        return "Lemma" if self.ledger else "Proposition"


def notation(sections: Sequence[Section]) -> Iterator[Block]:
    """The table of the symbols that the statements use, with their names in code."""
    rows = tuple(
        (f"${row.symbol}$", row.meaning, row.domain, f"`{row.code}`") for row in code_names(sections)
    )
    if rows:
        yield Grid(header=("symbol", "meaning", "domain", "in code"), rows=rows)


def entries(sections: Sequence[Section], telling: Telling) -> Iterator[Block]:
    """The sections one after the other."""
    for section in sections:
        derivation = section.derivation
        level, label = (2, "ls") if telling.ledger else (1, "sec")
        yield Heading(title=derivation.title, id=derivation.id, level=level, label=label)
        yield Paragraph(derivation.prose)
        for entry in section.entries:
            if isinstance(entry, StepItem):
                yield from _step(entry, telling)
            else:
                yield from _statement(entry, telling)
        yield from _figures(section, telling)
        for at, (caption, made) in enumerate(derivation.tables, 1):
            table = made()
            yield Grid(
                header=table.header, rows=table.rows, caption=caption, id=f"table-{derivation.id}-{at}"
            )


def _figures(section: Section, telling: Telling) -> Iterator[Block]:
    drawn = [draw for _, draw in section.derivation.figures]
    for (stem, caption), draw in zip(telling.figures.get(section.derivation.id, ()), drawn, strict=False):
        if draw not in telling.drawn:
            yield Picture(id=f"figure-{stem}", stem=stem, caption=caption)


def _statement(item: Item, telling: Telling) -> Iterator[Block]:
    if item.statement.prose:
        yield Paragraph(item.statement.prose)
    for definition in item.statement.definitions:
        name = str(definition.head.label)
        if name not in telling.defined:
            telling.defined.add(name)
            yield from _definition(definition)
    displayed = not telling.ledger and item.display is not None and not item.display.refused
    parts = _displayed(item) if displayed else _in_entries(item, telling)
    yield Environment(
        kind="entry",
        word=telling.word,
        id=item.id,
        label="st",
        name=item.statement.title,
        mark=prose.mark(item),
        parts=tuple(parts),
    )
    yield Proof((Paragraph(prose.proof(item)),))


def _in_entries(item: Item, telling: Telling) -> Iterator[Paragraph | Formula]:
    name = f"`{item.id}`." if telling.ledger else ""
    words = " ".join(filter(None, (name, prose.assumptions(item), prose.lead_in(item))))
    if words:
        yield Paragraph(words, ends=False)
    own = telling.ledger and item.display is not None
    yield Formula((Row(tex=item.formula, id=item.id, label="le" if own else "eq"),))


def _displayed(item: Item) -> Iterator[Paragraph | Formula]:
    assert item.display is not None
    if words := prose.given(item.display.hypotheses):
        yield Paragraph(words, ends=False)
    yield Formula((Row(tex=item.display.formula, id=item.id, note=note_beside(item.display)),))


def _step(item: StepItem, telling: Telling) -> Iterator[Block]:
    if item.step.prose:
        yield Paragraph(item.step.prose)
    text = f"{prose.step_origin(item)} {prose.step_text(item)}"
    parts: tuple[Paragraph | Formula, ...] = (Paragraph(text),)
    if not telling.ledger and item.display is not None and not item.display.refused:
        row = Row(tex=item.display.formula, id=item.id, note=note_beside(item.display))
        parts = (Paragraph(f"{text} In symbols,", ends=False), Formula((row,)))
    yield Environment(
        kind="step",
        word="Step",
        id=item.id,
        label="st",
        name=item.step.title,
        mark=prose.mark(item),
        parts=parts,
    )


def _definition(definition: Recursion) -> Iterator[Block]:
    _, *rest = definition.indices
    head = definition.head[definition.indices]
    first = sp.Eq(definition.head[(0, *rest)], definition.base, evaluate=False)
    step = sp.Eq(head, definition.step, evaluate=False)
    yield Paragraph(f"Here ${typeset(head).tex}$ is defined layer by layer:", ends=False)
    for line, end in ((first, ","), (step, ".")):
        yield Formula((Row(tex=typeset(line).tex, end=end),))
