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
    r"""An assumption with a name and a number; stated once, pointed at ever after.

    Attributes
    ----------
    id : str
        Unique name, for references.
    name : str
        What stands in brackets behind its number.
    text : str
        What is assumed: words with TeX between dollars.
    kind : str
        What it is called.

    Examples
    --------
    >>> Assumption(id="decay", name="decay", text=r"All $\gamma_i$ are positive.").kind
    'Assumption'
    """

    id: str
    name: str
    text: str
    kind: str = "Assumption"


@dataclass(frozen=True)
class Supposed:
    """The hypotheses of a statement or a step as a display of their own.

    Attributes
    ----------
    statement : Statement or Step
        Whose hypotheses are printed.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> known = Statement(id="known", title="Known", left=lam, right=lam + 0, reference="school")
    >>> Supposed(known).statement.id
    'known'
    """

    statement: Statement | Step


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """Several claims under one roof.

    Attributes
    ----------
    id : str
        Unique name, for references.
    kind : str
        ``theorem``, ``lemma``, ``proposition`` or ``corollary``.
    name : str
        What stands in brackets behind its number.
    body : tuple of str, Statement, Step and Supposed
        Text, statements and steps with displays, and :class:`Supposed`, in the order of reading.
    assumes : tuple of Assumption
        The assumptions that it is stated under, by number.
    proof : str, optional
        Text, with references to what it uses; empty where the appendix of proofs has it, None where a
        ``Proven`` has it.
    rests_on : tuple of Statement and Step
        What its claims rest on beside those in ``body``, for the appendix of proofs.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> known = Statement(id="known", title="Known", left=lam, right=lam + 0, reference="school")
    >>> result = Theorem(id="main", kind="theorem", name="Main", body=("It is known that", known))
    >>> [claim.id for claim in result.claims]
    ['known']
    """

    id: str
    kind: str
    name: str
    body: tuple[str | Statement | Step | Supposed, ...]
    assumes: tuple[Assumption, ...] = ()
    proof: str | None = ""
    rests_on: tuple[Statement | Step, ...] = ()

    @property
    def claims(self) -> tuple[Statement | Step, ...]:
        """The statements and steps that it states."""
        return tuple(part for part in self.body if isinstance(part, Statement | Step))


@dataclass(frozen=True, kw_only=True)
class Defined:
    r"""Definitions of the vocabulary as displays ``name := value``, below each other.

    Attributes
    ----------
    names : tuple of str
        The definitions, by their LaTeX.
    together : bool
        Whether they are one display with one number, not one each.

    Examples
    --------
    >>> Defined(names=(r"\rho", r"\tau")).together
    False
    """

    names: tuple[str, ...]
    together: bool = False


@dataclass(frozen=True, kw_only=True)
class Proven:
    """The proof of a theorem where it does not stand under it.

    Attributes
    ----------
    of : str
        The id of the theorem.
    text : tuple of str
        Paragraphs of text.
    """

    of: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Counted:
    """A paragraph that says how much of the paper is proved by machine, as it was found."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A figure, and a caption.

    Attributes
    ----------
    id : str
        Unique name, for references.
    caption : str
        The caption, words with TeX between dollars.
    draw : tuple of callable
        Functions that draw on a matplotlib ``Axes``, side by side.

    Examples
    --------
    >>> Figure(id="line", caption="A line.", draw=(lambda axes: axes.plot([0, 1], [0, 1]),)).id
    'line'
    """

    id: str
    caption: str
    draw: tuple[Callable[[Any], None], ...]


@dataclass(frozen=True, kw_only=True)
class Tabular:
    """A table of words with TeX between dollars, and a caption.

    Attributes
    ----------
    id : str
        Unique name, for references.
    caption : str
        The caption.
    header : tuple of str
        Titles of the columns.
    rows : tuple of tuple of str
        One row below the other.

    Examples
    --------
    >>> Tabular(id="kinds", caption="Kinds.", header=("point", "kind"), rows=(("origin", "saddle"),)).rows
    (('origin', 'saddle'),)
    """

    id: str
    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """The claims of another paper as a table, with what is found to be known of each, and a caption.

    Attributes
    ----------
    id : str
        Unique name, for references.
    caption : str
        The caption.
    claims : tuple of PaperClaim
        The claims.
    """

    id: str
    caption: str
    claims: tuple[PaperClaim, ...]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a paper.

    Attributes
    ----------
    id : str
        Unique name, for references.
    title : str
        The heading.
    blocks : tuple of str, Theorem, Assumption, Defined, Proven, Counted, Figure, Tabular and Replayed
        Paragraphs of text and blocks, in the order of reading.

    Examples
    --------
    >>> Part(id="start", title="Start", blocks=("A first paragraph.",)).blocks
    ('A first paragraph.',)
    """

    id: str
    title: str
    blocks: tuple[
        str | Assumption | Theorem | Defined | Proven | Counted | Figure | Tabular | Replayed, ...
    ]


@dataclass(frozen=True, kw_only=True)
class Document:
    """A paper: what stands in front, the main text, the appendices, the references.

    Attributes
    ----------
    title : str
        The title.
    abstract : str
        The abstract.
    parts : tuple of Part
        The main text.
    appendices : tuple of Part
        The appendices.
    references : tuple of (str, str)
        Keys, and references in BibTeX.

    Examples
    --------
    >>> part = Part(id="start", title="Start", blocks=("A first paragraph.",))
    >>> Document(title="On networks", abstract="What they learn.", parts=(part,)).appendices
    ()
    """

    title: str
    abstract: str
    parts: tuple[Part, ...]
    appendices: tuple[Part, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
