"""All statements that have a proposition, section by section, and the definitions that they share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from symderive.coq.names import RESERVED, Definition, UnsupportedError, plain
from symderive.coq.propositions import Proposition, definition, proposition
from symderive.statements.claim import Recursion
from symderive.statements.statement import Statement

#: The statements of every section by its id, in the order of the argument.
Sections = Mapping[str, Iterable[Statement]]


@dataclass(frozen=True)
class Theory:
    """What is written for Coq.

    Attributes
    ----------
    definitions : mapping of Recursion to Definition
        The families that are defined layer by layer, each once.
    sections : mapping of str to mapping of Statement to Proposition
        By the id of a section: its statements in order, those without a proposition left out.
    without : mapping of Statement to str
        Why a statement has none.
    """

    definitions: Mapping[Recursion, Definition]
    sections: Mapping[str, Mapping[Statement, Proposition]]
    without: Mapping[Statement, str]


def theory(sections: Sections, only: Collection[str] | None = None) -> Theory:
    """The propositions of all statements that have one, or of those in the sections ``only``.

    A definition is called the same, whichever sections are wanted.
    """
    defined: dict[Recursion, Definition] = {}
    unsupported: dict[Recursion, str] = {}
    for statement in (statement for statements in sections.values() for statement in statements):
        _define(statement.definitions, defined, unsupported)
    made: dict[str, dict[Statement, Proposition]] = {}
    without: dict[Statement, str] = {}
    for section in sections if only is None else (id_ for id_ in sections if id_ in only):
        for statement in sections[section]:
            if reasons := [unsupported[x] for x in statement.definitions if x in unsupported]:
                without[statement] = reasons[0]
                continue
            try:
                made.setdefault(section, {})[statement] = proposition(statement, defined)
            except UnsupportedError as error:
                without[statement] = str(error)
    return Theory(defined, made, without)


def _define(
    recursions: Iterable[Recursion], defined: dict[Recursion, Definition], unsupported: dict[Recursion, str]
) -> None:
    """Give every recursion a name of its own: the letter of its family where that is free."""
    before: list[Definition] = []
    for recursion in recursions:
        if recursion in unsupported:
            continue
        if recursion not in defined:
            taken = RESERVED | {made.name for made in defined.values()}
            stem = plain(str(recursion.head.label))
            name = next(
                name for name in (stem, *(f"{stem}_{n}" for n in range(2, 99))) if name not in taken
            )
            try:
                defined[recursion] = definition(recursion, before, name)
            except UnsupportedError as error:
                unsupported[recursion] = str(error)
                continue
        before.append(defined[recursion])
