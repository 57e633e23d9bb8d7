"""Blocks of the paper as MyST: a verdict at each formula, and what it rests on below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from records import Records

from symderive.errors import InputError
from symderive.latex import Column, break_lines
from symderive.paper import prose
from symderive.paper.assembly import Item, StepItem
from symderive.paper.bibliography import Work, works
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
from symderive.paper.certificate import listed
from symderive.paper.numbering import STATEMENT, targets_of
from symderive.paper.words import Citation, Code, Maths, Reference, Words, spans
from symderive.proofs.result import Result
from symderive.writers.markdown import formula, plain

#: Points that a formula may be wide on the screen before it is broken; a telephone scrolls.
_SCREEN = 400.0


class Writer:
    """Blocks as paragraphs of MyST.

    ``by_id``: statements are called by their ids, as on the pages of all statements, and not by numbers.
    """

    def __init__(self, records: Records, *, by_id: bool = False) -> None:
        self._records, self._by_id = records, by_id
        self._numbered = set(_numbered(records.paper.blocks))
        self._works = {work.key: work for work in works(records.paper.references)}

    # -- text ----------------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Text with its references as links."""
        return "".join(map(self._span, spans(text)))

    def _span(self, span: Words | Maths | Code | Reference | Citation) -> str:
        match span:
            case Words():
                return plain(span.text)
            case Maths():
                return inline(span.tex)
            case Code():
                return f"`{span.text}`"
            case Citation():
                shown = (f"{{ref}}`{_short(self._works[key])} <work-{key.lower()}>`" for key in span.keys)
                return f"({', '.join(shown)})"
            case Reference():
                return self._pointed(span.ids)

    def _pointed(self, ids: Sequence[str]) -> str:
        """References: by numbers to what the main text numbers, else by ids."""
        bare = [id_.removeprefix(STATEMENT) for id_ in ids]
        targets = self._records.paper.targets
        if all(x in self._records.entries for x in bare) and (
            self._by_id or any(targets[x].id not in self._numbered for x in ids)
        ):
            return listed(f"{{statement}}`{x}`" for x in bare)
        parts = []
        for word, run in targets_of(ids, targets):
            links = [(target.number if word else f"({target.number})", target) for target in run]
            if word and len(run) == 1:
                links, word = [(f"{word} {run[0].number}", run[0])], ""
            shown = listed(f"{{ref}}`{text} <{target.label}-{target.id}>`" for text, target in links)
            parts.append(f"{word} {shown}" if word else shown)
        return listed(parts)

    # -- blocks --------------------------------------------------------------------------------------------

    def page(self, blocks: Sequence[Block]) -> str:
        """The blocks of one page."""
        return "\n\n".join(filter(None, self._all(blocks))) + "\n"

    def _all(self, blocks: Sequence[Block]) -> Iterator[str]:
        waiting = list(blocks)
        while waiting:
            block = waiting.pop(0)
            if isinstance(block, Environment):
                own = waiting.pop(0) if waiting and _is_its_proof(waiting[0]) else None
                yield self._environment(block, own if isinstance(own, Proof) else None)
            else:
                yield from self.block(block)

    def block(self, block: Block) -> Iterator[str]:
        """The paragraphs of a block."""
        match block:
            case Heading():
                title = self.text(block.title)
                number = "" if self._by_id or not block.number else f"{block.number}. "
                yield f"({block.label}-{block.id})=\n{'#' * block.level} {number}{title}"
            case Paragraph():
                yield self.text(block.text)
            case Formula():
                yield from (self._row(row, numbered=block.numbered) for row in block.rows)
            case Proof():
                yield from self._proof(block)
            case Picture():
                caption = f"**Figure {block.number}.** {self.text(block.caption)}"
                yield f"```{{figure}} figures/{block.stem}.svg\n:name: fig-{block.id}\n\n{caption}\n```"
            case Grid():
                yield self._table(block)

    def _environment(self, block: Environment, own: Proof | None) -> str:
        entry = self._records.entries.get(block.id) if block.label == "st" else None
        name = self.text(block.name)
        if entry is not None:
            head = f"**{name}** {{verdict}}`{entry.result.verdict}`"
        else:
            head = f"**{block.word} {block.number}**" + (f" ({name})" if name else "") + "."
        first = f"{block.label}-{block.id}"
        texts = [text for part in block.parts for text in self.block(part)]
        if entry is None and block.parts and isinstance(block.parts[0], Paragraph):
            texts[0] = f"{head} {texts[0]}"
        else:
            texts.insert(0, head)
        if own is not None:
            texts += self._proof(own)
        if entry is not None:
            texts.append(self._evidence(entry))
        return _fenced("container", f"statement {block.kind}", texts, name=first)

    def _proof(self, block: Proof) -> Iterator[str]:
        head = f"*Proof of* {self.text(block.of)}*.*" if block.of else "*Proof.*"
        texts = [self.text(part.text) for part in block.parts]
        texts[-1] += " ∎"
        yield f"{head} {texts[0]}"
        yield from texts[1:]

    def _evidence(self, entry: Item | StepItem) -> str:
        """How a statement was tested, and where it is from."""
        told = entry.statement if isinstance(entry, Item) else entry.step
        return _small(filter(None, (_tested(entry.result), f"Reference: {self._loose(told.reference)}.")))

    def _loose(self, text: str) -> str:
        """The name of a source, which may hold letters that the text of a paper does not."""
        try:
            return self.text(text.rstrip("."))
        except InputError:
            return plain(text.rstrip("."))

    # -- displays ------------------------------------------------------------------------------------------

    def _row(self, row: Row, *, numbered: bool) -> str:
        names = [f"{row.label}-{id_}" for id_ in (row.id, *row.also) if id_]
        number = f":number: {row.number}\n" if numbered and not self._by_id else ""
        label = f":names: {' '.join(names)}\n" if names else ""
        shown = f"```{{display}}\n{label}{number}\n{broken(row.tex, row.end)}\n```"
        entry = None if self._by_id or row.label != "eq" else self._records.entries.get(row.id)
        return shown if entry is None else f"{shown}\n\n{self._below(entry, row.note)}"

    def _below(self, entry: Item | StepItem, note: str) -> str:
        """The verdict of a display, and when it is opened its conditions and what it rests on."""
        badge = f"{{verdict}}`{entry.result.verdict}`"
        if note == "partly in words":
            badge += " {verdict}`PARTLY IN WORDS`"
        texts = [f"{self.text(title_of(entry))}: {{statement}}`{entry.id}`."]
        if given := tuple(self._conditions(entry)):
            texts.append("Conditions: " + "; ".join(given) + ".")
        rests = self._rests(entry)
        if rests:
            texts.append(f"It rests on {listed(f'{{statement}}`{id_}`' for id_ in rests)}.")
        texts.append(_tested(entry.result))
        words = f"rests on {prose.count(len(rests), 'statement')}" if rests else "conditions and test"
        return _fenced("dropdown", f"{badge} {words}", filter(None, texts), **{"class-container": "rests"})

    def _conditions(self, entry: Item | StepItem) -> Iterator[str]:
        told = entry.statement if isinstance(entry, Item) else entry.step
        if entry.display is not None:
            yield from (self.text(prose.hypothesis(x)) for x in entry.display.hypotheses)
        yield from map(self.text, told.conditions)

    def _rests(self, entry: Item | StepItem) -> tuple[str, ...]:
        steps = entry.steps if isinstance(entry, Item) else ()
        because = entry.display.because if entry.display is not None else ()
        return tuple(dict.fromkeys((*entry.uses, *steps, *because)))

    # -- tables --------------------------------------------------------------------------------------------

    def _table(self, grid: Grid) -> str:
        rows = [grid.header, tuple("---" for _ in grid.header), *grid.rows]
        cells = [[x if at == 1 else self.text(x) for x in row] for at, row in enumerate(rows)]
        table = "\n".join(f"| {' | '.join(row)} |" for row in cells)
        if not grid.caption:
            return table
        caption = f"Table {grid.number}. {self.text(grid.caption)}"
        return _fenced("container", "captioned", [caption, table], name=f"tab-{grid.id}")


def _numbered(blocks: Iterable[Block]) -> Iterator[str]:
    """Ids of what the main text numbers: its theorems, displays and so on, and no entry of the ledger."""
    for block in takewhile(lambda block: getattr(block, "id", "") != "ledger", blocks):
        for part in (block, *getattr(block, "parts", ())):
            for one in (part, *getattr(part, "rows", ())):
                if name := getattr(one, "id", ""):
                    yield name


def _is_its_proof(block: Block) -> bool:
    return isinstance(block, Proof) and not block.of


def title_of(entry: Item | StepItem) -> str:
    """What a statement or a step says, in words."""
    return entry.statement.title if isinstance(entry, Item) else entry.step.title


def _short(work: Work) -> str:
    """``Baldi and Hornik 1989``."""
    names = [
        name.partition(",")[0] if "," in name else name.split(" ")[-1]
        for name in work.plain("author").split(" and ")
    ]
    most = 2
    who = " and ".join(names) if len(names) <= most else f"{names[0]} et al."
    return f"{who} {work.plain('year')}"


def _tested(result: Result) -> str:
    """The independent test in one sentence; empty where there was none."""
    if not result.points:
        return ""
    misses = len(result.near_misses)
    refuted = f"; {prose.count(misses, 'false variant')} refuted" if misses else ""
    return (
        f"Tested independently at {result.points} points, {result.boundary} of them at boundaries, "
        f"to {result.digits} digits{refuted}."
        + "".join(f" Tested only where {plain(part)}." for part in result.narrowed)
    )


def _small(sentences: Iterable[str]) -> str:
    return _fenced("container", "evidence", [" ".join(sentences)])


def inline(tex: str) -> str:
    """A formula among words, also in the cell of a table."""
    shown = formula(tex).replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return f"${shown}$"


def broken(tex: str, end: str = "") -> str:
    """A formula of its own in as many lines as a screen needs; one that cannot be broken scrolls."""
    try:
        lines = break_lines(tex, width=Column(_SCREEN))
    except InputError:
        lines = (tex,)
    rows = [formula(line) for line in lines]
    rows[-1] += end
    if len(rows) == 1:
        return rows[0]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _fenced(directive: str, argument: str, texts: Iterable[str], **options: str) -> str:
    """A directive around paragraphs, with more colons than any inside."""
    inside = "\n\n".join(texts)
    colons = ":::"
    while colons in inside:
        colons += ":"
    head = "".join(f":{name}: {value}\n" for name, value in options.items())
    return f"{colons}{{{directive}}} {argument}\n{head}\n{inside}\n{colons}"
