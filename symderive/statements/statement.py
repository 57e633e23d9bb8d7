"""Statements, near-misses, tables and derivations, as frozen records: they do not prove themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.statements.claim import Claim, Range, Recursion, Relation
from symderive.statements.facts import Fact
from symderive.statements.letters import letters

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Domain:
    """Where the independent test draws points, besides those that it finds itself.

    Attributes
    ----------
    ranges : tuple of (letter, (low, high))
        The interval of values of a symbol or indexed symbol such as ``a[j]``; pairs, or a mapping.  Without
        one, a letter is drawn at the boundaries of its kind, and at random, tiny and huge values.
    define : tuple of (letter, expression)
        What a symbol or indexed symbol equals: the way to satisfy hypotheses that are equations; pairs, or
        a mapping.
    gram : tuple of sympy.IndexedBase
        Families Q of positive semidefinite matrices Q[j, k], drawn as Gram matrices.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> Domain({lam: (1, 2)}).ranges
    ((lambda, (1, 2)),)
    """

    ranges: Any = ()
    define: Any = ()
    gram: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        """Pairs may come as a mapping."""
        for name in ("ranges", "define"):
            value = getattr(self, name)
            object.__setattr__(self, name, tuple(value.items() if isinstance(value, Mapping) else value))


@dataclass(frozen=True)
class NearMiss:
    """A change of one thing that makes a statement false; what is None stays.

    The one thing is the left side, the right side, the relation, the two sides exchanged, or one hypothesis
    that is dropped or replaced.

    Attributes
    ----------
    why : str
        What is changed, in words.
    left : sympy.Expr, optional
        Another left side.
    right : sympy.Expr, optional
        Another right side.
    given : tuple of Claim, optional
        Other hypotheses.
    domains : tuple of Domain, optional
        Where to look.  What is found there counts if it meets the other hypotheses and lies in the domains
        of the statement.
    relation : Relation, optional
        Another relation.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> NearMiss("no middle term", right=lam**2 + 1).right
    lambda**2 + 1
    """

    why: str
    left: sp.Expr | None = None
    right: sp.Expr | None = None
    given: tuple[Claim, ...] | None = None
    domains: tuple[Domain, ...] | None = None
    relation: Relation | None = None


@dataclass(frozen=True, kw_only=True)
class Statement(Fact):
    """One statement of a derivation; :func:`theorem` writes one as sections do.

    Making it proves nothing: :func:`prove` does.

    Attributes
    ----------
    id : str
        Unique name, lower case words joined by hyphens.
    title : str
        What the statement says, in words, as a sentence without its full stop.
    left : sympy.Expr
        The left side.  For ⇔ both sides are unevaluated relations; for → the left is an unevaluated
        ``Limit``; for ⪰ both are entries and ``over`` names the two indices.
    right : sympy.Expr
        The right side.
    relation : Relation
        What stands between them.
    over : tuple of (index, first, last)
        Ranges of free indices: the statement holds for all of them.
    given : tuple of Claim
        The hypotheses.
    conditions : tuple of str
        Further conditions in words.  The full list, never empty, is :meth:`all_conditions`.
    definitions : tuple of Recursion
        The recursions by which heads such as M[i, j, k] are defined.
    reference : str
        Where the statement is from: the equation of a paper, or a textbook's name for it.
    proof : proof, optional
        A record of :mod:`symderive.statements.proof`; None means that the statement is tested only.
    near_misses : tuple of NearMiss
        Changes that must be refuted.
    domains : tuple of Domain
        Where it is tested, besides the points that the kinds of its letters and its hypotheses allow; every
        domain is drawn from.
    steps : tuple of Step
        Steps in words that the title is to be read with: they say what the formula has to do with the
        network. The proof uses none of them.
    prose : str
        Text that stands before the statement in print.
    display : Display, optional
        What a paper prints of it; None for the formula.

    Raises
    ------
    InputError
        For an id that is not made of lower case words, digits and hyphens.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="A square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1,
    ... )
    >>> square.all_conditions(), square.proof is None
    (('lambda > 0',), True)
    """

    id: str
    title: str
    left: sp.Expr
    right: sp.Expr
    relation: Relation = Relation.EQUAL
    over: tuple[Range, ...] = ()
    given: tuple[Claim, ...] = ()
    conditions: tuple[str, ...] = ()
    definitions: tuple[Recursion, ...] = ()
    reference: str
    proof: Any = None
    near_misses: tuple[NearMiss, ...] = ()
    domains: tuple[Domain, ...] = (Domain(),)
    steps: tuple[Any, ...] = field(default=(), compare=False)  # no part of what is proved
    prose: str = ""
    display: Any = field(default=None, compare=False)

    def __post_init__(self) -> None:
        require_id(self.id)
        object.__setattr__(self, "prose", one_line(self.prose))
        for side in ("left", "right"):
            object.__setattr__(self, side, sp.sympify(getattr(self, side)))

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Found once: proofs lie below it, statement under statement, and it is asked for often."""
        return hash(tuple(getattr(self, part.name) for part in fields(self) if part.compare))

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone: another process finds another hash."""
        return {part.name: getattr(self, part.name) for part in fields(self)}

    @property
    def claim(self) -> Claim:
        """The statement without its hypotheses, a :class:`Claim`."""
        return Claim(self.relation, self.left, self.right, self.over)

    @cached_property
    def free_symbols(self) -> frozenset[Any]:
        """Symbols and indexed bases' labels that the statement speaks about."""
        return frozenset(self.claim.free_symbols).union(*(claim.free_symbols for claim in self.given))

    def altered(self, near_miss: NearMiss) -> Statement:
        """Make the change of a near-miss.

        Parameters
        ----------
        near_miss : NearMiss
            The change.

        Returns
        -------
        Statement
            The statement with it, and without near-misses of its own.
        """
        changes = {
            name: getattr(near_miss, name)
            for name in ("left", "relation", "right", "given", "domains")
            if getattr(near_miss, name) is not None
        }
        return replace(self, **changes, near_misses=())

    def all_conditions(self) -> tuple[str, ...]:
        """Every condition in words: the kinds of the symbols, the hypotheses, the words given.

        Returns
        -------
        tuple of str
            The conditions, one at least.
        """
        return self._conditions

    @cached_property
    def _conditions(self) -> tuple[str, ...]:
        kinds: dict[str, list[str]] = {}
        for letter in self.letters:
            kinds.setdefault(_kind(letter), []).append(str(letter))
        return (
            *(f"{', '.join(names)} {kind}" for kind, names in kinds.items()),
            *(f"{index} = {low}, …, {high}" for index, low, high in self.over),
            *(claim_in_words(claim) for claim in self.given),
            *self.conditions,
        ) or ("none: it speaks of numbers only",)

    @cached_property
    def letters(self) -> tuple[Any, ...]:
        """Letters of the claim, the hypotheses and the definitions: symbols, and one element of a family.

        What is defined and what is bound is left out.
        """
        defined = {recursion.head for recursion in self.definitions}
        found = letters((self.claim, *self.given, *self.definitions))
        return tuple(x for x in found if getattr(x, "base", x) not in defined)


@dataclass(frozen=True)
class Table:
    r"""A table in print: words with TeX between dollars.

    Its numbers are computed, not proved; they have no more digits than are certified.

    Attributes
    ----------
    header : tuple of str
        Titles of the columns.
    rows : tuple of tuple of str
        One row below the other, each with a cell a column.

    Raises
    ------
    ValueError
        For a row with another number of cells than the header.

    Examples
    --------
    >>> Table((r"$D$", r"$\tau$"), (("2", "0.25"), ("3", "0.1875"))).rows[0]
    ('2', '0.25')
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        for number, row in enumerate(self.rows, 1):
            if len(row) != len(self.header):
                raise ValueError(f"row {number} has {len(row)} cells for {len(self.header)} columns")


@dataclass(frozen=True, kw_only=True)
class Derivation:
    """A section: a title, prose, statements in the order of the argument, figures, tables.

    Attributes
    ----------
    id : str
        Unique name, lower case words joined by hyphens.
    title : str
        The heading.
    prose : str
        The text below it.
    statements : tuple of Statement
        What it proves, in the order of the argument.
    steps : tuple of Step
        Its steps in words.
    figures : tuple of (str, callable)
        Captions, and functions that draw on a matplotlib ``Axes`` handed to them.
    tables : tuple of (str, callable)
        Captions, and functions that compute a :class:`Table`.
    vocabulary : tuple of Letter and Definition
        Letters and definitions of displays besides those of the package.
    document : Document, optional
        The paper that is printed of it, if somebody has written one.

    Raises
    ------
    InputError
        For an id that is not made of lower case words, digits and hyphens.
    ValueError
        For two statements of one id.

    Examples
    --------
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="A square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1,
    ... )
    >>> section = Derivation(id="squares", title="Squares", prose="What is squared.", statements=(square,))
    >>> [entry.id for entry in section.entries]
    ['square']
    """

    id: str
    title: str
    prose: str
    statements: tuple[Statement, ...]
    steps: tuple[Any, ...] = ()
    figures: tuple[tuple[str, Callable[[Any], None]], ...] = ()
    tables: tuple[tuple[str, Callable[[], Table]], ...] = ()
    vocabulary: tuple[Any, ...] = ()
    document: Any = None

    def __post_init__(self) -> None:
        require_id(self.id)
        object.__setattr__(self, "prose", one_line(self.prose))
        for drawn in ("figures", "tables"):
            shown = tuple((one_line(caption), draw) for caption, draw in getattr(self, drawn))
            object.__setattr__(self, drawn, shown)
        ids = [entry.id for entry in (*self.statements, *self.steps)]
        if twice := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise ValueError(f"derivation {self.id!r} has two statements called {twice[0]!r}")

    @property
    def entries(self) -> tuple[Any, ...]:
        """Statements and steps in the order of print: a step as soon as all that it rests on is there."""
        own = {entry.id for entry in (*self.statements, *self.steps)}
        found: list[Any] = []
        waiting = list(self.steps)
        for statements in ((), *((statement,) for statement in self.statements)):
            found += statements
            while step := next((x for x in waiting if _ids(x.rests_on) & own <= _ids(found)), None):
                found.append(step)
                waiting.remove(step)
        return (*found, *waiting)


def one_line(text: str) -> str:
    """Text without the line breaks and the indentation of its source."""
    return " ".join(text.split())


def _ids(entries: Iterable[Any]) -> set[str]:
    return {entry.id for entry in entries}


def require_id(text: str) -> None:
    """Ids become labels and names of files."""
    if not _ID.fullmatch(text):
        raise InputError(f"the id {text[:60]!r} is not made of lower case words, digits and hyphens.")


def _kind(symbol: Any) -> str:
    if symbol.is_integer and symbol.is_nonnegative:
        return "a positive integer" if symbol.is_positive else "a non-negative integer"
    if symbol.is_positive:
        return "> 0"
    if symbol.is_nonnegative:
        return "≥ 0"
    return "real"


def claim_in_words(claim: Claim) -> str:
    """A claim as plain text, its ranges after it."""
    over = ", ".join(f"{index} = {low}, …, {high}" for index, low, high in claim.over)
    if claim.relation is Relation.MATRIX_AT_LEAST and claim.right == 0:
        return f"the matrix {claim.left} is positive semidefinite ({over})"
    text = f"{claim.left} {claim.relation.value} {claim.right}"
    if isinstance(claim.left, sp.Limit):
        body, variable, point, _ = claim.left.args
        point, value = ("∞" if end == sp.oo else end for end in (point, claim.right))
        text = f"lim {body} = {value} as {variable} → {point}"
    return f"{text} for {over}" if over else text
