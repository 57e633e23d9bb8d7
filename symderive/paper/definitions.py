"""Letters and definitions of a vocabulary in print: displays ``name := value``, the table of notation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.errors import InputError, nearest
from symderive.latex.metrics import width
from symderive.paper.blocks import Formula, Grid, Paragraph, Row
from symderive.proofs.defined import check_definition, check_letter
from symderive.statements.display import Definition, Letter, Vocabulary

#: The widest definition in the table of notation, in points.
WIDEST = 130.0


def canonical(tex: str, heads: Iterable[str]) -> str:
    """LaTeX in the language of displays as it is printed."""
    return to_tex(read(tex, functions=frozenset(heads)))


def entry_of(tex: str, vocabulary: Vocabulary) -> Letter | Definition:
    """The letter or definition that is written so; :class:`InputError` with the nearest for none."""
    known = {entry.tex: entry for entry in vocabulary.entries}
    heads = {entry.tex.partition("(")[0]: entry for entry in vocabulary.entries}
    found = known.get(tex) or heads.get(tex)
    if found is None:
        raise InputError(f"the vocabulary defines no {tex}; the nearest is {nearest(tex, known)}.")
    return found


def lines(entry: Letter | Definition, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What defines a name, one display after the other; :class:`InputError` where nothing does."""
    written = (f"{entry.tex} := {entry.value}",) if isinstance(entry, Definition) else entry.defined
    if not written:
        raise InputError(
            f"{entry.tex} is a letter, and nothing defines it; leave it out of the definitions."
        )
    if isinstance(entry, Letter):
        fault = check_letter(entry, vocabulary)
    else:
        fault = check_definition(entry, vocabulary)
    if fault:
        raise InputError(f"what defines {entry.tex} cannot be printed ({fault}); mend the vocabulary.")
    heads = Reading(vocabulary).functions
    return tuple(canonical(line, heads) for line in written)


def id_of(entry: Letter | Definition, vocabulary: Vocabulary) -> str:
    """The id of the display that defines a name."""
    return f"definition-{vocabulary.entries.index(entry) + 1}"


def used(vocabulary: Vocabulary, formulas: Iterable[str]) -> tuple[Letter | Definition, ...]:
    """The letters and names that formulas speak of, and those that define these, in order."""
    waiting, found = " ".join(formulas), set[int]()
    patterns = _patterns(vocabulary)
    while True:
        new = {at for at, pattern in enumerate(patterns) if at not in found and pattern.search(waiting)}
        if not new:
            return tuple(vocabulary.entries[at] for at in sorted(found))
        found |= new
        entries = [vocabulary.entries[at] for at in new]
        waiting = " ".join(x.value if isinstance(x, Definition) else " ".join(x.defined) for x in entries)


@lru_cache(maxsize=16)
def _patterns(vocabulary: Vocabulary) -> tuple[re.Pattern[str], ...]:
    """For each entry its name without subscripts and arguments, where it is not a part of a command.

    A name with arguments and a letter may be spelled alike, N(λ) and N: then a bracket tells them apart.
    """
    heads = [_head(entry.tex) for entry in vocabulary.entries]
    calls = ["(" in entry.tex for entry in vocabulary.entries]
    pairs = set(zip(heads, calls, strict=True))
    spelled_alike = {head for head, call in pairs if (head, not call) in pairs}
    return tuple(
        re.compile(
            rf"(?<![A-Za-z\\]){re.escape(head)}(?![A-Za-z])"
            + (r"(?=\()" if call else r"(?!\()") * (head in spelled_alike)
        )
        for head, call in zip(heads, calls, strict=True)
    )


def _head(tex: str) -> str:
    head = re.match(r"(?:\\[A-Za-z]+(?:\{[^{}]*\})?|.)'*", tex)
    return head[0] if head else tex


def told(vocabulary: Vocabulary, formulas: Iterable[str]) -> Iterator[Paragraph | Formula]:
    """What defines the names of formulas, under their meaning; :class:`InputError` where it is refused."""
    for entry in used(vocabulary, formulas):
        if isinstance(entry, Letter) and not entry.defined:
            continue
        if entry.meaning:
            yield Paragraph(f"{entry.meaning[:1].upper()}{entry.meaning[1:]}:", ends=False)
        id_ = id_of(entry, vocabulary)
        for line in lines(entry, vocabulary):
            yield Formula((Row(tex=line, label="df", id=id_),))
            id_ = ""


def table(vocabulary: Vocabulary, displayed: Collection[str], formulas: Iterable[str]) -> Grid:
    """Symbol, meaning and domain of every letter and name of some formulas, in the order of the paper.

    A name that is defined has its definition in place of a domain: a reference to its display, by the ids
    in ``displayed``, else what it stands for, if that is short.  One name with two meanings is an
    :class:`InputError` of its :class:`~symderive.displays.vocabulary.Reading`.
    """
    heads = Reading(vocabulary).functions
    rows = []
    for entry in used(vocabulary, formulas):
        symbol = canonical(entry.tex, heads)
        domain = entry.domain if isinstance(entry, Letter) else _value(entry, heads)
        if (id_ := id_of(entry, vocabulary)) in displayed:
            domain = f"{domain}, [[{id_}]]" if isinstance(entry, Letter) and domain else f"[[{id_}]]"
        rows.append((f"${symbol}$", entry.meaning, domain))
    return Grid(header=("symbol", "meaning", "domain or definition"), rows=tuple(rows))


def _value(entry: Definition, heads: frozenset[str]) -> str:
    tex = to_tex(read(entry.value, functions=heads), inline=True)
    return f"${tex}$" if width(tex) <= WIDEST else ""
