"""What a paper consists of, apart from the language that it is written in: records, in order of reading.

Text is what :mod:`symderive.paper.words` reads; formulas are one unbroken line of LaTeX.  ``number`` is
filled in by :mod:`symderive.paper.numbering`; TeX counts by itself, and to the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A section (level 1) or a subsection; one without ``id`` has no number."""

    title: str
    id: str = ""
    level: int = 1
    label: str = "sec"
    number: str = ""


@dataclass(frozen=True)
class Appendices:
    """From here on sections are appendices."""


@dataclass(frozen=True)
class Paragraph:
    """Text; ``ends`` is false where a display belongs to its last sentence."""

    text: str
    ends: bool = True


@dataclass(frozen=True, kw_only=True)
class Row:
    """One formula of a display.

    Attributes
    ----------
    tex
        The formula.
    label
        What stands before the id in labels: ``eq``, ``le`` for an index form that the ledger prints, ``df``
        for a definition.
    id
        Of the statement or step; empty for what nothing points at.
    also
        Ids of whatever else the row says, which are pointed at by its number, too.
    end
        Punctuation.
    note
        Words after it, such as "in words".
    """

    tex: str
    id: str = ""
    also: tuple[str, ...] = ()
    label: str = "eq"
    end: str = "."
    note: str = ""
    number: str = ""


@dataclass(frozen=True)
class Formula:
    """A display of its own; several rows stand below each other. Without numbers if not ``numbered``."""

    rows: tuple[Row, ...]
    numbered: bool = True


@dataclass(frozen=True, kw_only=True)
class Environment:
    """A theorem, an assumption, an entry of the ledger: a word, a number, a name in brackets, a body.

    ``kind`` is one of :data:`COUNTERS`, or a kind of assumption; ``word`` is its name in print.  ``label``
    stands before the id in labels; ``mark`` is a verdict short of PROVED.
    """

    kind: str
    word: str
    id: str
    name: str
    parts: tuple[Paragraph | Formula, ...]
    label: str = "th"
    mark: str = ""
    number: str = ""


@dataclass(frozen=True)
class Proof:
    """A proof; ``of`` is text for its head where it does not stand under its theorem."""

    parts: tuple[Paragraph, ...]
    of: str = ""


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure, by the stem of its files; ``wide`` where several panels stand side by side."""

    id: str
    caption: str
    stem: str
    wide: bool = False
    number: str = ""


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A table of cells; one without ``caption`` has no number, may be long, and stands where it is."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    id: str = ""
    caption: str = ""
    number: str = ""


Block: TypeAlias = Heading | Appendices | Paragraph | Formula | Environment | Proof | Picture | Grid

#: The counter that each kind of environment has; those that are not listed are assumptions.
COUNTERS: dict[str, str] = {
    "theorem": "theorem",
    "lemma": "theorem",
    "proposition": "theorem",
    "corollary": "theorem",
    "entry": "entry",
    "step": "entry",
}


@dataclass(frozen=True)
class Target:
    """What a reference points at: a word before the number, empty for a display, and where it is.

    ``label`` and ``id`` make the label together.
    """

    word: str
    number: str
    label: str
    id: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper ready for the writers: numbered blocks, what references point at, works that it cites.

    ``references`` are pairs of a key and its BibTeX entry.
    """

    title: str
    abstract: str
    blocks: tuple[Block, ...]
    targets: dict[str, Target]
    references: tuple[tuple[str, str], ...] = ()
