"""The parts of a document as blocks: assumptions, theorems with their displays and proofs, figures, tables.

What is printed of a statement is its display; its hypotheses are printed where the theorem, or an
assumption that it is stated under, has not said them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from symderive.displays.nodes import Chain, Node, Sign, Together
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError
from symderive.paper import definitions, prose, replay
from symderive.paper.assembly import Item, StepItem
from symderive.paper.blocks import (
    COUNTERS,
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
from symderive.paper.checked_displays import Hypothesis, Shown
from symderive.paper.entries import note_beside
from symderive.paper.words import Maths, Reference, spans
from symderive.statements.display import Vocabulary
from symderive.statements.document import (
    Assumption,
    Counted,
    Defined,
    Figure,
    Part,
    Proven,
    Replayed,
    Supposed,
    Tabular,
    Theorem,
)
from symderive.statements.statement import Statement
from symderive.statements.step import Step

Entries: TypeAlias = Mapping[str, Item | StepItem]

#: The id of the appendix of proofs.
PROOFS = "proofs"


@dataclass(frozen=True)
class Source:
    """What a main text is made from: statements and steps by id, the vocabulary, what was counted."""

    entries: Entries
    vocabulary: Vocabulary
    counted: str = ""
    theorems: Mapping[str, Theorem] = field(default_factory=dict)

    def display(self, part: Statement | Step, where: str) -> Shown:
        """The accepted display of a statement; :class:`InputError` where a main text cannot print it."""
        item = self.entries.get(part.id)
        if item is None:
            raise InputError(f"{where} states {part.id}, which is in none of the derivations of the paper.")
        if item.display is None:
            raise InputError(f"{where} states {part.id}, which has no display; give it one.")
        if item.display.refused:
            reason = item.display.reason
            raise InputError(f"{where} states {part.id}, whose display is refused ({reason}); mend it.")
        return item.display

    def supposed(self, text: str) -> Iterator[str]:
        """What the theorems that a text points at suppose in displays of their own."""
        ids = [id_ for span in spans(text) if isinstance(span, Reference) for id_ in span.ids]
        for theorem in (self.theorems[id_] for id_ in ids if id_ in self.theorems):
            for part in theorem.body:
                if isinstance(part, Supposed):
                    yield from (x.tex for x in self.display(part.statement, theorem.id).hypotheses)


def parts(sections: Sequence[Part], source: Source) -> Iterator[Block]:
    """Sections of a main text, or appendices that somebody has written."""
    return run_on(_parts(sections, source))


def _parts(sections: Sequence[Part], source: Source) -> Iterator[Block]:
    for part in sections:
        yield Heading(title=part.title, id=part.id)
        for before, block, after in zip(
            ["", *part.blocks[:-1]], part.blocks, [*part.blocks[1:], ""], strict=True
        ):
            if isinstance(block, str):
                yield Paragraph(block, ends=not isinstance(after, Defined))
            elif isinstance(block, Defined):
                yield from _defined(block, source.vocabulary, before, after)
            else:
                yield from _block(block, source)


def run_on(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks in which a text that does not end is one with the text after it."""
    before: Paragraph | None = None
    for block in blocks:
        if before is not None and isinstance(block, Paragraph):
            before = Paragraph(f"{before.text} {block.text}", block.ends)
        else:
            if before is not None:
                yield before
            before = block if isinstance(block, Paragraph) else None
        if before is None:
            yield block
        elif before.ends:
            yield before
            before = None
    if before is not None:
        yield before


def theorems(sections: Sequence[Part]) -> Iterator[Theorem]:
    """The theorems of some parts, in order."""
    for part in sections:
        yield from (block for block in part.blocks if isinstance(block, Theorem))


def figures(sections: Sequence[Part]) -> Iterator[Figure]:
    """The figures of some parts, in order."""
    for part in sections:
        yield from (block for block in part.blocks if isinstance(block, Figure))


def _block(
    block: Assumption | Theorem | Proven | Counted | Figure | Tabular | Replayed, source: Source
) -> Iterator[Block]:
    match block:
        case Assumption():
            yield Environment(
                kind=block.kind.lower(),
                word=block.kind,
                id=block.id,
                label="as",
                name=block.name,
                parts=(Paragraph(block.text),),
            )
        case Theorem():
            yield from _theorem(block, source)
        case Proven():
            yield Proof(tuple(map(Paragraph, block.text)), of=f"[[{block.of}]]")
        case Counted():
            yield Paragraph(source.counted)
        case Figure():
            yield Picture(id=block.id, stem=block.id, caption=block.caption, wide=len(block.draw) > 1)
        case Tabular():
            yield Grid(header=block.header, rows=block.rows, caption=block.caption, id=block.id)
        case Replayed():
            yield from replay.blocks(block, source.entries)
        case _:
            raise InputError(f"a part of the paper holds {block!r:.60}, which is no text and no block.")


def _theorem(theorem: Theorem, source: Source) -> Iterator[Block]:
    if theorem.kind not in COUNTERS or COUNTERS[theorem.kind] != "theorem":
        known = ", ".join(kind for kind, counter in COUNTERS.items() if counter == "theorem")
        raise InputError(f"{theorem.id} is a {theorem.kind!r}; give one of {known}.")
    under = ", ".join(assumption.id for assumption in theorem.assumes)
    yield Environment(
        kind=theorem.kind,
        word=theorem.kind.capitalize(),
        id=theorem.id,
        name=f"{theorem.name}; under [[{under}]]" if under else theorem.name,
        parts=tuple(_joined_up(_body(theorem, source))),
    )
    if theorem.proof is not None:
        yield Proof((Paragraph(theorem.proof or f"See [[{PROOFS}]]."),))


def _body(theorem: Theorem, source: Source) -> Iterator[Paragraph | Formula]:
    where = f"the {theorem.kind} {theorem.id}"
    heads = Reading(source.vocabulary).functions
    said = {x for assumption in theorem.assumes for x in _formulas(assumption.text, heads)}
    scope: set[str] = set()
    before = ""
    for part in theorem.body:
        if isinstance(part, str):
            said |= {*_formulas(part, heads), *source.supposed(part)}
            before = part
            yield Paragraph(part, ends=False)
            continue
        display = source.display(part.statement if isinstance(part, Supposed) else part, where)
        unsaid = tuple(x for x in display.hypotheses if x.tex not in said)
        # What one display is printed under with "if" holds for what follows only until the next "if".
        new = unsaid if {x.tex for x in unsaid} - scope else ()
        if isinstance(part, Supposed):
            said |= {x.tex for x in unsaid}
            if unsaid:
                yield Formula((Row(tex=r",\quad ".join(map(_with_ranges, unsaid))),), numbered=False)
        else:
            scope = {x.tex for x in new} or scope
            if words := prose.given(new, before):
                yield Paragraph(words, ends=False)
            row = Row(tex=display.formula_after(said), id=part.id, note=note_beside(display))
            yield Formula((row,))
            said |= set(display.where)
        before = "" if isinstance(part, Supposed) else "."


def _with_ranges(hypothesis: Hypothesis) -> str:
    return rf"{hypothesis.tex} \quad ({hypothesis.over})" if hypothesis.over else hypothesis.tex


def _formulas(text: str, heads: frozenset[str]) -> Iterator[str]:
    """The formulas in a text that are displays, as displays are printed."""
    for span in spans(text):
        if isinstance(span, Maths):
            with suppress(InputError):
                yield from map(to_tex, _claims(read(span.tex, functions=heads)))


def _claims(node: Node) -> Iterator[Node]:
    """A claim, and the claims that it is made of."""
    yield node
    if isinstance(node, Together):
        for part in node.claims:
            yield from _claims(part)
    elif isinstance(node, Chain) and len(node.links) > 1:
        firsts = (node.first, *(link.node for link in node.links))
        yield from (Chain(first, (link,)) for first, link in zip(firsts, node.links, strict=False))
        if all(link.sign is Sign.EQUAL for link in node.links[:-1]):
            yield Chain(node.first, node.links[-1:])


def _joined_up(body: Iterator[Paragraph | Formula]) -> Iterator[Paragraph | Formula]:
    """Punctuation after each display by how the sentence goes on; text may begin with its own."""
    blocks: list[Any] = list(run_on(body))
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if isinstance(block, Paragraph):
            yield Paragraph(block.text.lstrip(",;.: "), ends=after is None)
            continue
        row = block.rows[-1]
        yield Formula((*block.rows[:-1], replace(row, end=_end(after))), block.numbered)


def _end(after: Paragraph | Formula | None) -> str:
    """How a display ends before what follows it."""
    if after is None:
        return "."
    if isinstance(after, Formula):
        return ","
    text = after.text.lstrip()
    if text[:1] in ",;.:":
        return text[:1]
    if text.startswith(("for ", "at ", "if ", "where ", "whenever ", "is ", "are ", "holds", "attain")):
        return "," if text.startswith("where ") else ""
    return "," if text[:1].islower() else "."


def _defined(block: Defined, vocabulary: Vocabulary, before: object, after: object) -> Iterator[Block]:
    """Displays, and the meaning of each name that the text around them has not said."""
    entries = [definitions.entry_of(name, vocabulary) for name in block.names]
    rows = [
        Row(tex=line, label="df", id=definitions.id_of(entry, vocabulary) if last else "")
        for entry in entries
        for line, last in _with_last(definitions.lines(entry, vocabulary))
    ]
    if block.together:
        ids = [row.id for row in rows if row.id]
        rows = [
            Row(tex=r",\quad ".join(row.tex for row in rows), label="df", id=ids[0], also=tuple(ids[1:]))
        ]
    goes_on = isinstance(after, str) and after.lstrip()[:1].islower()
    ends = [","] * (len(rows) - 1) + ["," if goes_on else "."]
    said = " ".join(" ".join(x.lower().split()) for x in (before, after) if isinstance(x, str))
    new = [(x.tex, x.meaning) for x in entries if x.meaning and x.meaning.lower() not in said]
    if goes_on and new:
        ends[-1] = ""
    yield Formula(tuple(replace(row, end=end) for row, end in zip(rows, ends, strict=True)))
    if new:
        words = "; ".join(f"${tex}$: {meaning}" for tex, meaning in new)
        yield Paragraph(f"({words})" if goes_on else f"({words}.)", ends=not goes_on)


def _with_last(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    return ((line, at == len(lines)) for at, line in enumerate(lines, 1))
