"""The paper as one Markdown text: formulas as TeX, tables as GitHub writes them, figures as links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sympy as sp

from symderive.errors import InputError
from symderive.latex import typeset
from symderive.paper import prose
from symderive.paper.assembly import Item, Section, StepItem
from symderive.paper.notation import rows_used
from symderive.paper.words import TEXT, to_tex
from symderive.statements.claim import Recursion
from symderive.statements.statement import Table

#: What TeX writes outside formulas, longest first, as Markdown; the rest of TeX has no place there.
_WORDS = {tex: letter for letter, tex in TEXT.items()} | {r"\%": "%", r"\#": "#", r"\&": "&"}
_WORDS = {tex: _WORDS[tex] for tex in sorted(_WORDS, key=len, reverse=True)}

#: Signs that Markdown would take for markup.
_MARKUP = {ord(sign): f"\\{sign}" for sign in "*_`<|"}


@dataclass(frozen=True)
class _Place:
    """The numbers of a statement and of its equation, and the families that it is the first to name.

    A step has no equation; ``equation`` is the last one before it.
    """

    proposition: str
    equation: int
    definitions: tuple[Recursion, ...]

    @property
    def first(self) -> int:
        """The number of the first display, of two to a definition."""
        return self.equation - 2 * len(self.definitions)


def markdown(
    sections: Sequence[Section], *, digits: int, figures: Mapping[str, Sequence[tuple[str, str]]]
) -> str:
    """The paper as Markdown with numbered equations, each an anchor that references link to.

    Parameters
    ----------
    sections
        What :func:`symderive.paper.assembly.assemble` gives.
    digits
        Of the independent tests, for the note on the method.
    figures
        For a derivation's id pairs of a figure's name and its caption; the text links to
        ``figures/NAME.svg``.

    Equations are numbered as in the TeX that :func:`symderive.paper.tex.document` writes.  Raises
    :class:`InputError` for words with TeX commands outside formulas, which Markdown cannot hold.
    """
    places = _places(sections)
    references = {
        item.id: f"[({places[item.id].equation})](#eq-{item.id})"
        for section in sections
        for item in section.items
    } | {
        step.id: f"[Step {places[step.id].proposition}](#eq-{step.id})"
        for section in sections
        for step in section.steps
    }
    blocks = [
        f"# {prose.TITLE}",
        _text(prose.INTRODUCTION),
        _text(prose.method_note(sections, digits)),
        "## Notation",
        "\n".join(_notation(sections)),
    ]
    drawn = counted = 0
    for number, section in enumerate(sections, 1):
        derivation = section.derivation
        blocks += [f"## {number}. {_words(derivation.title)}", _words(derivation.prose)]
        for entry in section.entries:
            place = places[entry.id]
            if isinstance(entry, StepItem):
                blocks += _step(entry, place, references)
            else:
                blocks += _statement(entry, place, references)
        for name, caption in figures.get(derivation.id, ()):
            drawn += 1
            # one paragraph, so that no page ends between a figure and its caption
            blocks.append(f"![Figure {drawn}](figures/{name}.svg)\\\n**Figure {drawn}.** {_words(caption)}")
        for caption, made in derivation.tables:
            counted += 1
            blocks += [f"**Table {counted}.** {_words(caption)}", "\n".join(_table(made()))]
    return "\n\n".join(filter(None, blocks)) + "\n"


def _places(sections: Sequence[Section]) -> dict[str, _Place]:
    places: dict[str, _Place] = {}
    defined: set[str] = set()
    last = 0
    for number, section in enumerate(sections, 1):
        for at, item in enumerate(section.entries, 1):
            if isinstance(item, StepItem):
                places[item.id] = _Place(f"{number}.{at}", last, ())
                continue
            found = {str(known.head.label): known for known in item.statement.definitions}
            new = tuple(known for name, known in found.items() if name not in defined)
            defined |= set(found)
            last += 2 * len(new) + 1
            places[item.id] = _Place(f"{number}.{at}", last, new)
    return places


def _statement(item: Item, place: _Place, references: dict[str, str]) -> Iterator[str]:
    yield _words(item.statement.prose)
    for number, definition in enumerate(place.definitions):
        yield from _definition(definition, place.first + 2 * number)
    mark = prose.mark(item)
    shown = f" **[{mark}]**" if mark else ""
    title = f'**<a id="eq-{item.id}"></a>Proposition {place.proposition}** ({_words(item.statement.title)})'
    yield " ".join(
        filter(None, [f"{title}{shown}.", _text(prose.assumptions(item)), _text(prose.lead_in(item))])
    )
    yield _display(item.formula, place.equation)
    yield f"*Proof.* {_text(prose.proof(item, references))} ∎"


def _step(item: StepItem, place: _Place, references: dict[str, str]) -> Iterator[str]:
    yield _words(item.step.prose)
    mark = prose.mark(item)
    shown = f" **[{mark}]**" if mark else ""
    title = f'**<a id="eq-{item.id}"></a>Step {place.proposition}** ({_words(item.step.title)}){shown}.'
    yield f"{title} *{_text(prose.step_origin(item, references))}* {_text(prose.step_text(item))}"


def _definition(definition: Recursion, number: int) -> Iterator[str]:
    _, *rest = definition.indices
    head = definition.head[definition.indices]
    first = sp.Eq(definition.head[(0, *rest)], definition.base, evaluate=False)
    step = sp.Eq(head, definition.step, evaluate=False)
    yield f"Here ${typeset(head).tex}$ is defined layer by layer:"
    yield _display(typeset(first).tex, number, end=",")
    yield _display(typeset(step).tex, number + 1)


def _display(formula: str, number: int, *, end: str = ".") -> str:
    r"""A display with its number; ``\!``, which Markdown and Typst misread, is left out."""
    return f"$$\n{formula.replace(chr(92) + '!', '')}{end} \\tag{{{number}}}\n$$"


def _notation(sections: Sequence[Section]) -> Iterator[str]:
    yield "| symbol | meaning | domain | in code |"
    yield "|---|---|---|---|"
    for row in rows_used(sections):
        yield _row((f"${row.symbol}$", _text(row.meaning), _text(row.domain), f"`{row.code}`"))


def _table(table: Table) -> Iterator[str]:
    yield _row(map(_words, table.header))
    yield "|" + "---|" * len(table.header)
    for row in table.rows:
        yield _row(map(_words, row))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _words(text: str) -> str:
    return _text(to_tex(text))


def _text(tex: str) -> str:
    """TeX as :mod:`symderive.paper.words` makes it, in Markdown: formulas stay, words change."""
    parts = tex.split("$")
    return "".join(f"${part.strip()}$" if at % 2 else _plain(part) for at, part in enumerate(parts))


def _plain(tex: str) -> str:
    text = tex
    for written, letter in _WORDS.items():
        text = text.replace(written, letter)
    if "\\" in text or "{" in text:
        raise InputError(f"the text {tex[:60]!r} holds TeX outside a formula; put it between dollar signs.")
    return text.translate(_MARKUP)
