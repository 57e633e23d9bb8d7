"""The whole paper as blocks: main text, appendices, ledger; without a main text, its entries alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from symderive.errors import InputError
from symderive.library.load import vocabulary_of
from symderive.paper import bibliography, definitions, main_text, prose
from symderive.paper.assembly import FACTS_USED, Item, Section, StepItem
from symderive.paper.blocks import Appendices, Block, Heading, Paper, Paragraph, Proof
from symderive.paper.citations import texts, with_works
from symderive.paper.entries import Telling, entries, notation
from symderive.paper.numbering import STATEMENT, formulas, numbered
from symderive.paper.words import Maths, spans
from symderive.statements.display import Vocabulary
from symderive.statements.document import Document, Part, Theorem


def contents(
    sections: Sequence[Section],
    *,
    digits: int,
    document: Document | None = None,
    figures: dict[str, list[tuple[str, str]]] | None = None,
    title: str = "",
    vocabulary: Vocabulary | None = None,
) -> Paper:
    """The paper of sections that are ready for print.

    Parameters
    ----------
    digits
        Of the independent test, for the note on the method.
    document
        What somebody has written; without one, the paper has the sections as they are.
    figures
        For a derivation's id pairs of a figure's stem and its caption.
    title
        Of a paper without a document; the titles of its sections by default.
    vocabulary
        What a document's displays are written in; that of the package and of the derivations by default.

    Raises :class:`InputError` for a document that states what has no accepted display, and where two things
    have one id.
    """
    words = vocabulary or vocabulary_of(section.derivation for section in sections)
    if document is None:
        blocks = _plain(sections, words, Telling(figures or {}), digits)
        made, targets = numbered(blocks)
        own = title or prose.title_of(sections, {FACTS_USED})
        return with_works(Paper(title=own, abstract="", blocks=made, targets=targets))
    made, targets = numbered(_whole(document, sections, words, figures or {}, digits))
    bibliography.works(document.references)  # an entry that is none is refused, cited or not
    paper = Paper(title=document.title, abstract=document.abstract, blocks=made, targets=targets)
    return with_works(paper, document.references)


def _plain(
    sections: Sequence[Section], vocabulary: Vocabulary, telling: Telling, digits: int
) -> Iterator[Block]:
    yield Paragraph(prose.method_note(sections, digits))
    shown = [x.display for section in sections for x in section.entries if x.display is not None]
    said = [tex for x in shown if not x.refused for tex in (x.formula, *x.given)]
    table, defined = tuple(notation(sections)), tuple(definitions.told(vocabulary, said))
    if table or said:
        yield Heading(title="Notation")
        yield from table
    if defined:
        yield Paragraph("Displays are written with names for what follows.")
        yield from defined
    if said:
        ids = {row.id for formula in formulas(defined) for row in formula.rows}
        yield definitions.table(vocabulary, ids, said)
    yield from entries(sections, telling)


def _whole(
    document: Document,
    sections: Sequence[Section],
    vocabulary: Vocabulary,
    figures: dict[str, Any],
    digits: int,
) -> Iterator[Block]:
    known = {entry.id: entry for section in sections for entry in section.entries}
    parts = (*document.parts, *document.appendices)
    theorems = {theorem.id: theorem for theorem in main_text.theorems(parts)}
    source = main_text.Source(known, vocabulary, prose.counted(sections), theorems)
    _require_ids(parts)
    told = tuple(main_text.parts(document.parts, source))
    yield from told
    yield Appendices()
    yield Heading(title="Proofs", id=main_text.PROOFS)
    for theorem in theorems.values():
        yield from _proofs(theorem, known)
    added = tuple(main_text.parts(document.appendices, source))
    yield from added
    yield Heading(title="Notation", id="notation")
    said = [row.tex for block in formulas((*told, *added)) for row in block.rows]
    said += [
        x.tex
        for block in (*told, *added)
        for text in texts(block)
        for x in spans(text)
        if isinstance(x, Maths)
    ]
    yield definitions.table(vocabulary, displayed((*told, *added)), said)
    yield Heading(title="Every statement, and what it rests on", id="ledger")
    yield Paragraph(prose.method_note(sections, digits))
    yield from notation(sections)
    drawn = {draw for figure in main_text.figures(parts) for draw in figure.draw}
    yield from entries(sections, Telling(figures, ledger=True, drawn=drawn))


def _proofs(theorem: Theorem, known: main_text.Entries) -> Iterator[Block]:
    """The certificate of each claim, and of what they rest on."""
    lines = [Paragraph(f"[[{STATEMENT}{x.id}]]: {_certificate(known[x.id])}") for x in theorem.claims]
    rests = [x for x in theorem.rests_on if x.id in known]
    if rests:
        lines.append(Paragraph("These rest on what follows."))
        lines += [Paragraph(f"[[{STATEMENT}{x.id}]]: {_certificate(known[x.id])}") for x in rests]
    if lines:
        yield Proof(tuple(lines), of=f"[[{theorem.id}]]")


def _certificate(item: Item | StepItem) -> str:
    if isinstance(item, Item):
        return prose.proof(item)
    return f"{prose.step_origin(item)} {prose.step_text(item)}"


def _require_ids(parts: Sequence[Part]) -> None:
    """References are by id: no two parts, theorems, figures, tables and assumptions may share one."""
    seen = {main_text.PROOFS, "notation", "ledger"}
    for part in parts:
        for named in (part, *(block for block in part.blocks if hasattr(block, "id"))):
            if named.id in seen:
                raise InputError(f"the paper calls two things {named.id!r}; give one of them another id.")
            seen.add(named.id)


def displayed(blocks: Iterable[Block]) -> set[str]:
    """The ids of the definitions that blocks print as displays, for the table of notation."""
    rows = (row for formula in formulas(blocks) for row in formula.rows if row.label == "df")
    return {id_ for row in rows for id_ in (row.id, *row.also)}
