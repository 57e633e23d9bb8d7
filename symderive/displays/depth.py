"""Statements with their displays, and the vocabulary that reads these, at a number of hidden layers.

The display of a statement at a depth is a display like any other, of the statement at that depth: it is
checked against it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.specialize import at_depth, truth
from symderive.displays.vocabulary import Reading
from symderive.statements import specialize
from symderive.statements.claim import Claim
from symderive.statements.display import Definition, Display, Letter, Vocabulary
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.statements.substitution import in_record, written_out


@lru_cache(maxsize=64)
def vocabulary_at_depth(vocabulary: Vocabulary, depth: int) -> Vocabulary:
    """The same letters and names, their sizes and values at D = ``depth``."""
    special = _specializer(vocabulary, depth)
    at = {sy.D: sp.Integer(depth)}

    def letter(record: Letter) -> Letter:
        return replace(
            record, stands_for=in_record(record.stands_for, at), shape=in_record(record.shape, at)
        )

    def entry(record: Letter | Definition) -> Letter | Definition:
        if isinstance(record, Letter):
            return record if record.stands_for == sy.D else letter(record)
        return replace(record, tex=special(record.tex), value=special(record.value))

    return replace(
        vocabulary,
        entries=tuple(map(entry, vocabulary.entries)),
        settings=tuple((name, tuple(map(letter, letters))) for name, letters in vocabulary.settings),
        standing=in_record(vocabulary.standing, at),
    )


def entry_at_depth(entry: Statement | Step, vocabulary: Vocabulary, depth: int) -> Statement | Step | None:
    """A statement or a step with its display at D = ``depth``; None where it says nothing there.

    That is so where its hypotheses, or those that the display of a step prints, exclude the depth.  A
    statement that does not speak of D, with a display for another depth, comes without it.  A step keeps
    its words.  :class:`~symderive.errors.InputError` for a display that does not read.
    """
    made = specialize.at_depth(entry, depth) if isinstance(entry, Statement) else entry
    if made is None or entry.display is None:
        return made
    display = _display_at_depth(entry.display, vocabulary, depth)
    return None if display is None and isinstance(entry, Step) else replace(made, display=display)


def derivation_at_depth(derivation: Derivation, vocabulary: Vocabulary, depth: int) -> Derivation:
    """A derivation with its displays, without what says nothing at the depth, and steps from that."""
    special = [entry_at_depth(x, vocabulary, depth) for x in (*derivation.statements, *derivation.steps)]
    kept = {x.id: x for x in special if x is not None}
    rest = specialize.derivation_at_depth(
        replace(
            derivation,
            statements=tuple(x for x in derivation.statements if x.id in kept),
            steps=tuple(x for x in derivation.steps if x.id in kept),
        ),
        depth,
    )
    return replace(
        rest,
        statements=tuple(x for part in rest.statements if isinstance(x := kept[part.id], Statement)),
        steps=tuple(kept[part.id] for part in rest.steps),
    )


def _display_at_depth(display: Display, vocabulary: Vocabulary, depth: int) -> Display | None:
    special = _specializer(vocabulary, depth)
    nodes = {text: _node(text, vocabulary, depth) for text in (*display.given, *display.where)}
    truths = {text: truth(node) for text, node in nodes.items()}
    also = [specialize.at_depth(statement, depth) for statement in display.also]
    at = {sy.D: sp.Integer(depth)}
    because = [(_entries(key, at), _reason(reason, depth)) for key, reason in display.because]
    if False in truths.values() or None in also or any(reason is None for _, reason in because):
        return None
    return replace(
        display,
        tex=special(display.tex),
        where=tuple(to_tex(nodes[text]) for text in display.where if truths[text] is None),
        given=tuple(to_tex(nodes[text]) for text in display.given if truths[text] is None),
        at=tuple((key, special(x) if isinstance(x, str) else _entries(x, at)) for key, x in display.at),
        because=tuple(because),
        also=tuple(also),
    )


def _entries(value: Any, at: dict[Any, Any]) -> Any:
    """An expression or a claim, with sums and products over layers written out."""
    if isinstance(value, Claim):
        return replace(
            value,
            left=_entries(value.left, at),
            right=_entries(value.right, at),
            over=in_record(value.over, at),
        )
    return written_out(sp.sympify(value).xreplace(at))


def _reason(reason: Any, depth: int) -> Any:
    return specialize.at_depth(reason, depth) if isinstance(reason, Statement) else reason


def _node(text: str, vocabulary: Vocabulary, depth: int) -> Any:
    return at_depth(read(text, Reading(vocabulary).functions), depth)


def _specializer(vocabulary: Vocabulary, depth: int) -> Callable[[str], str]:
    return lambda text: to_tex(_node(text, vocabulary, depth))
