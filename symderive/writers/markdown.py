r"""A paper as one Markdown text: formulas as TeX, tables as GitHub writes them, figures as links.

Formulas are code between dollars and blocks of ``math``: between bare dollars GitHub takes the backslash
of ``\,`` and ``\{`` for one of Markdown, and drops it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from symderive.errors import InputError
from symderive.paper.bibliography import works
from symderive.paper.blocks import (
    Appendices,
    Block,
    Environment,
    Formula,
    Grid,
    Heading,
    Paper,
    Paragraph,
    Picture,
    Proof,
    Row,
    Target,
)
from symderive.paper.certificate import listed
from symderive.paper.numbering import targets_of
from symderive.paper.typesetting import Typeset
from symderive.paper.words import Citation, Code, Maths, Reference, Words, spans
from symderive.statements.statement import Statement

#: Signs that Markdown would take for markup.
MARKUP = {ord(sign): f"\\{sign}" for sign in "\\*_`<>|[]&#$"}

#: Between an anchor and the display that it is of, while a paper is put together.
_HERE = "\0"

#: How a display begins.
_FENCE = "```math"

_BAR = re.compile(r"\\?\|")


def plain(text: str) -> str:
    """Plain words in which nothing is markup."""
    return text.translate(MARKUP)


def printed_conditions(statement: Statement, printed: Typeset) -> tuple[str, ...]:
    """The conditions of a statement, formulas between dollars; where these do not read back, as SymPy
    prints them."""
    if printed.fault is not None:
        return statement.all_conditions()
    kinds = (kind.replace(" be ", " is ", 1) for kind in printed.kinds)
    return (*kinds, *printed.hypotheses, *printed.quantifiers, *statement.conditions)


def said(text: str) -> str:
    """Words with formulas between dollars; as they stand where they are no such text."""
    try:
        parts = spans(text) if "$" in text else ()
    except InputError:
        parts = ()
    shown = [_inline(x.tex) if isinstance(x, Maths) else plain(getattr(x, "text", "")) for x in parts]
    return "".join(shown) if shown else plain(text)


def formula(tex: str) -> str:
    r"""A formula that no Markdown takes for HTML or for a link; ``\!``, which many misread, is left out."""
    tex = tex.replace("<", r"\lt ").replace(">", r"\gt ").replace(r"\!", "")
    return tex.replace("](", "] (").strip()


def _inline(tex: str) -> str:
    """A formula among words, where a bar might end the cell of a table."""
    return f"$`{formula(_BAR.sub(_no_bar, tex))}`$"


def _no_bar(found: re.Match[str]) -> str:
    return r"\Vert " if found[0] == r"\|" else r"\vert "


def markdown(paper: Paper) -> str:
    """The paper as Markdown with numbered equations, each an anchor that references link to.

    Numbers are those of the TeX that :func:`symderive.writers.tex.document` writes.
    """
    writer = _Writer(paper)
    blocks = [f"# {writer.text(paper.title)}"]
    if paper.abstract:
        blocks += [f"**Abstract.** {writer.text(paper.abstract)}"]
    blocks += [text for block in paper.blocks for text in writer.block(block)]
    if paper.references:
        blocks += ["## References", *writer.references()]
    return "\n\n".join(_anchored(filter(None, blocks))) + "\n"


def _anchored(paragraphs: Iterable[str]) -> list[str]:
    """Anchors of displays at the end of the text before them: in a display they would be TeX."""
    made: list[str] = []
    last = 0
    for paragraph in paragraphs:
        anchor, _, shown = paragraph.rpartition(_HERE)
        if anchor:
            made[last] += f" {anchor}"
        elif not shown.startswith(_FENCE):
            last = len(made)
        made.append(shown)
    return made


class _Writer:
    """Blocks as paragraphs of Markdown."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._works = {key: number for number, (key, _) in enumerate(paper.references, 1)}

    def text(self, text: str) -> str:
        """Text with its references as links."""
        return "".join(map(self._span, spans(text)))

    def _span(self, span: Words | Maths | Code | Reference | Citation) -> str:
        match span:
            case Words():
                return plain(span.text)
            case Maths():
                return _inline(span.tex)
            case Code():
                return f"`{span.text}`"
            case Citation():
                numbers = sorted(self._works[key] for key in span.keys)
                keys = {self._works[key]: key for key in span.keys}
                return f"\\[{', '.join(f'[{number}](#ref-{keys[number]})' for number in numbers)}\\]"
            case Reference():
                return listed(_links(word, run) for word, run in targets_of(span.ids, self._paper.targets))

    def block(self, block: Block) -> Iterator[str]:
        """The paragraphs of a block."""
        match block:
            case Heading():
                yield self._heading(block)
            case Appendices():
                return
            case Paragraph():
                yield self.text(block.text)
            case Formula():
                yield from (_display(row, numbered=block.numbered) for row in block.rows)
            case Environment():
                yield from self._environment(block)
            case Proof():
                yield from self._proof(block)
            case Picture():
                # one paragraph, so that no page ends between a figure and its caption
                name = f"**{_anchor('fig', block.id)}Figure {block.number}.**"
                image = f"![Figure {block.number}](figures/{block.stem}.svg)"
                yield f"{image}\\\n{name} {self.text(block.caption)}"
            case Grid():
                if block.caption:
                    name = f"**{_anchor('tab', block.id)}Table {block.number}.**"
                    yield f"{name} {self.text(block.caption)}"
                yield "\n".join(self._table(block))

    def _heading(self, block: Heading) -> str:
        marks = "#" * (block.level + 1)
        if not block.id:
            return f"{marks} {self.text(block.title)}"
        stop = "." if block.level == 1 else ""
        return f"{marks} {_anchor(block.label, block.id)}{block.number}{stop} {self.text(block.title)}"

    def _environment(self, block: Environment) -> Iterator[str]:
        mark = f" **[{block.mark}]**" if block.mark else ""
        name = f" ({self.text(block.name)})" if block.name else ""
        head = f"**{_anchor(block.label, block.id)}{block.word} {block.number}**{name}{mark}."
        texts = [text for part in block.parts for text in self.block(part)]
        if block.parts and isinstance(block.parts[0], Paragraph):
            yield f"{head} {texts[0]}"
            yield from texts[1:]
        else:
            yield head
            yield from texts

    def _proof(self, block: Proof) -> Iterator[str]:
        head = f"*Proof of* {self.text(block.of)}*.*" if block.of else "*Proof.*"
        texts = [self.text(part.text) for part in block.parts]
        texts[-1] += " ∎"
        yield f"{head} {texts[0]}"
        yield from texts[1:]

    def _table(self, grid: Grid) -> Iterator[str]:
        yield _row(map(self.text, grid.header))
        yield "|" + "---|" * len(grid.header)
        for row in grid.rows:
            yield _row(map(self.text, row))

    def references(self) -> Iterator[str]:
        """The list of references, in the order of BibTeX's plain style."""
        for number, work in enumerate(works(self._paper.references), 1):
            yield f"{_anchor('ref', work.key)}\\[{number}\\] {plain(work.line())}"


def _links(word: str, run: Sequence[Target]) -> str:
    """A word and numbers, each number a link; one word and its number are one link."""
    shown = [target.number if word else f"({target.number})" for target in run]
    if word and len(run) == 1:
        shown, word = [f"{word} {shown[0]}"], ""
    links = listed(
        f"[{text}](#{target.label}-{target.id})" for text, target in zip(shown, run, strict=True)
    )
    return f"{word} {links}" if word else links


def _anchor(label: str, id_: str) -> str:
    return f'<a id="{label}-{id_}"></a>'


def _display(row: Row, *, numbered: bool) -> str:
    """A display with its number."""
    note = rf" \quad \text{{({row.note})}}" if row.note else ""
    tag = rf" \tag{{{row.number}}}" if numbered else ""
    anchor = f"{_anchor(row.label, row.id)}{_HERE}" if row.id else ""
    return f"{anchor}{_FENCE}\n{formula(row.tex)}{row.end}{note}{tag}\n```"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
