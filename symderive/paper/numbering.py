"""Numbers of everything that a paper numbers, as TeX counts it, and what references point at."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any

from symderive.errors import InputError, nearest
from symderive.paper.blocks import (
    COUNTERS,
    Appendices,
    Block,
    Environment,
    Formula,
    Grid,
    Heading,
    Picture,
    Row,
    Target,
)

#: What an id means where several things have it, by their labels: what an author named comes first.
_RANKS = ("th", "as", "sec", "fig", "tab", "eq", "le", "st", "ls", "df")

#: Labels of statements and steps, in print and in the ledger.
_STATEMENTS = ("eq", "le", "st")

_PLURALS = {"Corollary": "Corollaries", "Appendix": "Appendices"}

#: Before an id where the statement of this name is meant, and not the theorem.
STATEMENT = "statement:"


@dataclass
class _Counting:
    """Counters, and what was found."""

    counts: Counter[str] = field(default_factory=Counter)
    appendix: bool = False
    found: dict[tuple[str, str], Target] = field(default_factory=dict)

    def next(self, counter: str) -> str:
        self.counts[counter] += 1
        return str(self.counts[counter])

    @property
    def section(self) -> str:
        number = self.counts["section"]
        return chr(ord("A") + number - 1) if self.appendix else str(number)

    def target(self, word: str, number: str, label: str, id_: str) -> None:
        if not id_:
            return
        if (label, id_) in self.found:
            what = f"{word or 'display'} called {id_!r}"
            raise InputError(f"the paper has a second {what}; point at the first one with [[{id_}]].")
        self.found[label, id_] = Target(word, number, label, id_)


def numbered(blocks: Iterable[Block]) -> tuple[tuple[Block, ...], dict[str, Target]]:
    """The blocks with their numbers, and the targets of references by id.

    Raises :class:`InputError` where two things of a kind have one id.
    """
    counting = _Counting()
    made = tuple(_numbered(block, counting) for block in blocks)
    targets: dict[str, Target] = {}
    for (label, id_), target in sorted(counting.found.items(), key=lambda pair: _RANKS.index(pair[0][0])):
        targets.setdefault(id_, target)
        if label in _STATEMENTS:
            targets.setdefault(f"{STATEMENT}{id_}", target)
    return made, targets


def _numbered(block: Block, counting: _Counting) -> Block:
    match block:
        case Appendices():
            counting.appendix = True
            counting.counts["section"] = 0
        case Heading(id=id_) if id_:
            number = _section(block, counting)
            word = "Appendix" if counting.appendix else "Section"
            counting.target(word, number, block.label, id_)
            return replace(block, number=number)
        case Formula(numbered=True):
            return Formula(tuple(_row(row, counting) for row in block.rows))
        case Environment():
            counter = COUNTERS.get(block.kind, "assumption")
            number = counting.next(counter)
            number = f"{counting.section}.{number}" if counter == "entry" else number
            counting.target(block.word, number, block.label, block.id)
            parts: Any = tuple(_numbered(part, counting) for part in block.parts)
            return replace(block, number=number, parts=parts)
        case Picture():
            number = counting.next("figure")
            counting.target("Figure", number, "fig", block.id)
            return replace(block, number=number)
        case Grid() if block.caption:
            number = counting.next("table")
            counting.target("Table", number, "tab", block.id)
            return replace(block, number=number)
    return block


def _section(heading: Heading, counting: _Counting) -> str:
    if heading.level == 1:
        counting.next("section")
        counting.counts["subsection"] = counting.counts["entry"] = 0
        return counting.section
    return f"{counting.section}.{counting.next('subsection')}"


def _row(row: Row, counting: _Counting) -> Row:
    number = counting.next("equation")
    counting.target("", number, row.label, row.id)
    for id_ in row.also:
        counting.found[row.label, id_] = Target("", number, row.label, row.id)
    return replace(row, number=number)


def target_of(id_: str, targets: dict[str, Target]) -> Target:
    """What an id points at; :class:`InputError` with the nearest id for one that is not there."""
    if id_ in targets:
        return targets[id_]
    near = nearest(id_, targets)
    raise InputError(f"[[{id_}]] points at nothing in the paper; the nearest is [[{near}]].")


def targets_of(ids: Iterable[str], targets: dict[str, Target]) -> Iterator[tuple[str, list[Target]]]:
    """What ids point at, in runs that share a word; the word is a plural where there are several."""
    for word, run in groupby((target_of(id_, targets) for id_ in ids), key=lambda target: target.word):
        found = list(run)
        yield word if len(found) == 1 else _PLURALS.get(word, f"{word}s") * bool(word), found


def formulas(blocks: Iterable[Block]) -> Iterator[Formula]:
    """All displays, in order."""
    for block in blocks:
        if isinstance(block, Formula):
            yield block
        elif isinstance(block, Environment):
            yield from formulas(block.parts)
