"""A paper as data: assumptions, theorems, sections, references.  Records only; the writers print them.

Text is TeX between dollars and plain words; ``[[id]]`` points at a theorem, an assumption, a section, a
statement, a step, a figure or a table of that id, and ``[@key]`` cites a reference.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symderive.statements.paper_claim import PaperClaim
from symderive.statements.statement import Statement
from symderive.statements.step import Step


@dataclass(frozen=True, kw_only=True)
class Assumption:
    """An assumption with a name and a number; stated once, pointed at ever after."""

    id: str
    name: str
    text: str
    kind: str = "Assumption"


@dataclass(frozen=True)
class Supposed:
    """The hypotheses of a statement or a step as a display of their own."""

    statement: Statement | Step


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """Several claims under one roof.

    Attributes
    ----------
    id, name
        For references, and the name in brackets.
    kind
        ``theorem``, ``lemma``, ``proposition`` or ``corollary``.
    body
        Text, statements and steps with displays, and :class:`Supposed`, in the order of reading.
    assumes
        The assumptions that it is stated under, by number.
    proof
        Text, with references to what it uses; empty where the appendix of proofs has it, None where a
        :class:`Proven` has it.
    rests_on
        Statements and steps that its claims rest on beside those in ``body``, for the appendix of proofs.
    """

    id: str
    kind: str
    name: str
    body: tuple[str | Statement | Step | Supposed, ...]
    assumes: tuple[Assumption, ...] = ()
    proof: str | None = ""
    rests_on: tuple[Statement | Step, ...] = ()

    def __repr__(self) -> str:
        return f"Theorem({self.id}: {self.name})"

    @property
    def claims(self) -> tuple[Statement | Step, ...]:
        """The statements and steps that it states."""
        return tuple(part for part in self.body if isinstance(part, Statement | Step))


@dataclass(frozen=True, kw_only=True)
class Defined:
    """Definitions of the vocabulary as displays ``name := value``, by their LaTeX.

    They stand below each other, each with a number; ``together`` they are one display with one number.
    """

    names: tuple[str, ...]
    together: bool = False


@dataclass(frozen=True, kw_only=True)
class Proven:
    """The proof of a theorem, by its id, where it does not stand under it; paragraphs of text."""

    of: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """A paragraph that says how much of the paper is proved by machine, as it was found."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure: a function that draws on a matplotlib ``Axes``, or several side by side, and a caption."""

    id: str
    caption: str
    draw: tuple[Callable[[Any], None], ...]


@dataclass(frozen=True, kw_only=True)
class Tabular:
    """A table of words with TeX between dollars, and a caption."""

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """The claims of another paper as a table, with what is found to be known of each, and a caption."""

    id: str
    caption: str
    claims: tuple[PaperClaim, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section: text paragraphs and blocks in the order of reading."""

    id: str
    title: str
    blocks: tuple[
        str | Assumption | Theorem | Defined | Proven | Counted | Figure | Tabular | Replayed, ...
    ]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A paper: what stands in front, the main text, the appendices, the references (BibTeX by key)."""

    title: str
    abstract: str
    parts: tuple[Part, ...]
    appendices: tuple[Part, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
