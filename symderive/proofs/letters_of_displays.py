"""What a letter of a statement is: whether something may be written for it, and whether it is the paper's.

A statement holds for all values of its letters, so a display may write one out.  That is not so where
something else depends on the letter: what a recursion defines, what is averaged over, the moments of what
is averaged over.  And a letter of the paper is what the vocabulary says: a family with its recursion, a
defined name that is as positive as the statement takes it to be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.core.rules import LOGARITHM
from symderive.displays.unfold import Unfolder
from symderive.displays.vocabulary import Reading
from symderive.proofs.replay import theorem_of
from symderive.proofs.sides import Context, RefusedError, has_sign, labels
from symderive.statements.assumptions import is_random
from symderive.statements.claim import Claim, Recursion, Relation
from symderive.statements.display import Definition, Display, Letter
from symderive.statements.nodes import Expectation
from symderive.statements.statement import Statement

_RANDOM = frozenset([sy.x.label, sy.y, sy.epsilon.label, sy.h.label])
#: What averages are written in: A, v and c are moments of the data, σ² is the variance of the noise.
_MOMENTS = frozenset(
    [sy.A_entry.label, sy.v_entry.label, sy.c, sy.sigma.label],
)


def require_free(at: Iterable[tuple[Any, Any]], statements: tuple[Statement, ...]) -> None:
    """What is written for letters is a value that they may have: :class:`RefusedError` where it is not."""
    at = tuple(at)
    definitions = [recursion for part in statements for recursion in part.definitions]
    defined = {recursion.head.label for recursion in definitions}
    within = set().union(*(labels(part) for r in definitions for part in (r.base, r.step)))
    tied = _RANDOM | (_MOMENTS if any(map(is_random, statements)) else frozenset())
    for number, (key, value) in enumerate(at):
        own = labels(key) - set(getattr(key, "indices", ()))
        indices = getattr(key, "indices", ())
        if len(set(indices)) < len(indices) or not all(isinstance(x, sp.Symbol) for x in indices):
            raise RefusedError(f"{key} is one entry of a family, and only the whole is written out")
        if own & defined:
            raise RefusedError(f"{key} is defined by a recursion, and nothing else is written for it")
        if own & within:
            raise RefusedError(f"a recursion speaks of {key}, and nothing is written out for it")
        if own & tied:
            raise RefusedError(f"{key} is random or a moment of what is, and nothing is written out for it")
        if labels(value) & _RANDOM or value.has(Expectation):
            raise RefusedError(f"what is written for {key} is random")
        for later, _ in at[number + 1 :]:
            if labels(later) - set(getattr(later, "indices", ())) & labels(value):
                raise RefusedError(
                    f"what is written for {key} speaks of {later}, which is written out, too"
                )


def require_recursions(
    statements: tuple[Statement, ...], claims: Iterable[Claim], reading: Reading
) -> None:
    """Each family that is defined is defined once, and as in the vocabulary where a claim speaks of it."""
    once: dict[Any, Recursion] = {}
    for recursion in (recursion for part in statements for recursion in part.definitions):
        if _alike(once.setdefault(recursion.head, recursion)) != _alike(recursion):
            raise RefusedError(f"the statements define {recursion.head} in two ways")
    spoken = set().union(*(labels(side) for claim in claims for side in (claim.left, claim.right)))
    known: dict[Any, Recursion | None] = {}
    for record in (entry.record for entry in reading.entries):
        if isinstance(record, Letter):
            for base in _bases(record.stands_for):
                known[base] = known.get(base) or record.recursion
        elif record.letter is not None:
            known |= dict.fromkeys(_bases(record.letter))
    for head, recursion in once.items():
        if head.label in spoken and head in known:
            paper = known[head]
            if paper is None or _alike(paper) != _alike(recursion):
                raise RefusedError(f"the recursion of {head} is not that of the vocabulary")


def require_proved(statement: Statement, why: str) -> None:
    """The core proves a statement that a display rests on, and it has no axiom of its own.

    The logarithm's inequality is the one axiom of all; :class:`~symderive.proofs.explain.ProofError` where
    there is no proof.
    """
    if own := sorted(theorem_of(statement).axioms - LOGARITHM.axioms):
        raise RefusedError(f"{statement.id}, {why}, rests on the axiom {own[0]}")


def require_kinds(
    unfolder: Unfolder,
    reading: Reading,
    display: Display,
    statements: tuple[Statement, ...],
    context: Context,
) -> None:
    """A name that stays a letter of the statement is as positive as it is taken to be there.

    That is so where what it stands for is defined: 1/‖v‖ is positive, since v = 0 has none.
    """
    for record in unfolder.kept:
        letter = record.letter
        if not (letter.is_positive or letter.is_nonnegative or letter.is_integer):
            continue
        apart = Reading(
            reading.vocabulary,
            statements[0],
            reading.setting,
            replaced=(letter, *(key for key, _ in display.at)),
            also=statements[1:],
        )
        value, divided = _value_of(record, apart)
        over = (Claim(Relation.GREATER, base, sp.S.Zero) for base in divided if base.free_symbols)
        not_zero = tuple(claim for claim in over if has_sign(claim.left, context, strict=False))
        inside = replace(context, given=(*context.given, *not_zero))
        known = has_sign(value, inside, strict=bool(letter.is_positive), defined=False)
        if not known or letter.is_integer:
            raise RefusedError(f"{letter} has a kind in the statement that {record.tex} need not have")


def _value_of(record: Definition, reading: Reading) -> tuple[Any, list[Any]]:
    """What a definition stands for, and what it divides by, of a power its base."""
    unfolder = Unfolder(reading)
    entry = next(entry for entry in reading.entries if entry.record == record)
    index = sp.Symbol("index", integer=True, positive=True)
    assert entry.value is not None
    value = unfolder.number(entry.value, dict.fromkeys(entry.indices, index))
    below = [base for base, exponent in unfolder.defined if exponent.is_negative]
    return value, [base.base if base.is_Pow and base.exp.is_positive else base for base in below]


def _bases(stands_for: Any) -> set[Any]:
    found = sp.sympify(stands_for).atoms(sp.IndexedBase)
    return found or {stands_for}


def _alike(recursion: Recursion) -> tuple[Any, ...]:
    """A recursion with indices of fixed names, to compare by."""
    names = {x: sp.Symbol(f"index {at}") for at, x in enumerate(recursion.indices)}
    base, step = (sp.expand(part.xreplace(names)).as_dummy() for part in (recursion.base, recursion.step))
    return recursion.head, len(names), base, step
