"""What somebody has written of every depth, printed at a number of hidden layers.

Displays are those at the depth.  Text is not rewritten: it goes on speaking of D, as the title says.  What
it points at and says nothing at the depth is named in words instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from symderive.displays.depth import entry_at_depth
from symderive.errors import InputError
from symderive.library.load import vocabulary_of
from symderive.paper import definitions
from symderive.paper.assembly import Item, Section, StepItem
from symderive.statements.display import Vocabulary
from symderive.statements.document import (
    Assumption,
    Defined,
    Document,
    Figure,
    Part,
    Replayed,
    Supposed,
    Tabular,
    Theorem,
)
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step

_POINTER = re.compile(r"\[\[([^\[\]]*)\]\]")


def document_at_depth(
    document: Document,
    derivations: Sequence[Derivation],
    sections: Sequence[Section],
    vocabulary: Vocabulary,
    depth: int,
) -> Document:
    """The document of ``derivations``, as it can be printed from their ``sections`` at D = ``depth``.

    ``vocabulary`` is the one at the depth.  A claim that says nothing there is left out, and a sentence
    says so; a theorem of which this is true of all claims is left out whole.  A claim whose display is
    refused there is referred to, where it is printed in entries.
    """
    told = _Told(
        {entry.id: entry for section in sections for entry in section.entries},
        vocabulary_of(derivations),
        vocabulary,
        depth,
    )
    parts = (*document.parts, *document.appendices)
    gone = {
        block.id: f"the {block.kind} on {block.name}"
        for part in parts
        for block in part.blocks
        if isinstance(block, Theorem) and told.is_void(block)
    }
    there = {*told.entries, *(section.derivation.id for section in sections)}
    gone |= {
        block.id: "the table of claims"
        for part in parts
        for block in part.blocks
        if isinstance(block, Replayed)
    }
    for derivation in derivations:
        for named in (derivation, *derivation.entries):
            if named.id not in there:
                gone.setdefault(named.id, f"“{named.title}”")
    said = _Saying(gone, depth)
    return replace(
        document,
        title=f"{document.title}, at $D = {depth}$",
        abstract=f"{said.text(document.abstract)} Displays and statements are those at $D = {depth}$; the "
        "text is of every depth.",
        parts=tuple(replace(part, blocks=tuple(told.blocks(part, said))) for part in document.parts),
        appendices=tuple(
            replace(part, blocks=tuple(told.blocks(part, said))) for part in document.appendices
        ),
    )


@dataclass(frozen=True)
class _Saying:
    """Words for what says nothing at the depth, by id."""

    gone: Mapping[str, str]
    depth: int

    def text(self, text: str) -> str:
        """A text whose references all point at something."""
        return _POINTER.sub(self._reference, text)

    def _reference(self, found: re.Match[str]) -> str:
        ids = [id_.strip() for id_ in found[1].split(",")]
        kept = ", ".join(id_ for id_ in ids if id_ not in self.gone)
        named = [f"{self.gone[id_]} (nothing at $D = {self.depth}$)" for id_ in ids if id_ in self.gone]
        return " and ".join([*([f"[[{kept}]]"] if kept else []), *named])


@dataclass(frozen=True)
class _Told:
    """What there is at the depth, by id, and both vocabularies."""

    entries: Mapping[str, Item | StepItem]
    general: Vocabulary
    vocabulary: Vocabulary
    depth: int

    def blocks(self, part: Part, said: _Saying) -> Iterator[Any]:
        """The blocks of a section at the depth."""
        for block in part.blocks:
            match block:
                case str():
                    yield said.text(block)
                case Assumption():
                    yield replace(block, text=said.text(block.text))
                case Figure():
                    yield replace(block, caption=said.text(block.caption))
                case Tabular():
                    rows = tuple(tuple(map(said.text, row)) for row in block.rows)
                    yield replace(block, caption=said.text(block.caption), rows=rows)
                case Replayed():
                    yield "The claims are of every depth; the paper of all depths tells them."
                case Defined():
                    if names := tuple(self._names(block)):
                        yield Defined(names=names)
                case Theorem() if block.id not in said.gone:
                    yield self._theorem(block, said)

    def is_void(self, theorem: Theorem) -> bool:
        """Whether a theorem has claims, and none says anything at the depth."""
        return bool(theorem.claims) and all(map(self._says_nothing, theorem.claims))

    def _says_nothing(self, claim: Statement | Step) -> bool:
        """Whether it is void at the depth, or its display is of another depth.

        Void statements are there at most in their general form, for proofs that go through them.
        """
        made = entry_at_depth(claim, self.general, self.depth)
        return made is None or (claim.display is not None and made.display is None)

    def _is_displayed(self, claim: Statement | Step) -> bool:
        entry = self.entries.get(claim.id)
        return entry is not None and entry.display is not None and not entry.display.refused

    def _theorem(self, theorem: Theorem, said: _Saying) -> Theorem:
        entries = [x for x in theorem.claims if not self._is_displayed(x) and not self._says_nothing(x)]
        return replace(
            theorem,
            body=tuple(self._body(theorem, said)),
            proof=None if theorem.proof is None else said.text(theorem.proof),
            rests_on=(*entries, *(x for x in theorem.rests_on if x.id in self.entries)),
        )

    def _body(self, theorem: Theorem, said: _Saying) -> Iterator[Any]:
        before = ""
        for part, after in zip(theorem.body, [*theorem.body[1:], None], strict=True):
            stop = "" if isinstance(after, str) and not after[:1].isupper() else "."
            if isinstance(part, str):
                yield said.text(part)
            elif isinstance(part, Supposed):
                if self._is_displayed(part.statement):
                    yield part
            elif self._is_displayed(part):
                yield part
            elif self._says_nothing(part):
                sentence = f"his says nothing at $D = {self.depth}$"
                yield f"(T{sentence}.)" if before.endswith(".") else f"(t{sentence}){stop}"
            else:
                said_there = f"[[{part.id}]]" if isinstance(part, Statement) else f"what [[{part.id}]] says"
                yield f"{said_there}{stop}"
            before = part if isinstance(part, str) else ""

    def _names(self, block: Defined) -> Iterator[str]:
        """The names of definitions at the depth, without those that have no value there."""
        for name in block.names:
            at = self.general.entries.index(definitions.entry_of(name, self.general))
            entry = self.vocabulary.entries[at]
            with suppress(InputError):
                definitions.lines(entry, self.vocabulary)
                yield entry.tex
