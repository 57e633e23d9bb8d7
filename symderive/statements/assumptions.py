"""What a statement rests on, through every fact of its proof: nothing is proved here, only listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.statements.claim import Recursion
from symderive.statements.nodes import Expectation
from symderive.statements.proof import AXIOM, facts, theorems
from symderive.statements.statement import Statement
from symderive.statements.step import Step, require_steps

#: What averages over noise and data are taken to be, wherever a statement speaks of one.
MODEL = (
    "the data x, y and the noise epsilon of all neurons of all layers are independent; each epsilon[i, j] "
    "has mean 1 and variance sigma[i]**2; A[j, k], v[j] and c are the means of x[j]*x[k], x[j]*y and y**2; "
    "all moments are finite"
)


@dataclass(frozen=True)
class Assumptions:
    """What has to be granted for a statement, or for a step in words.

    Attributes
    ----------
    axioms
        Statements that are taken as known.
    tested
        Statements on the way that have no proof: they are tested only.
    steps
        Steps in words: its own, those of the statements that it uses, and those that these rest on.
    theorems
        Names of theorems: those that the steps apply, and those behind the rules of the proofs.
    definitions
        The recursions that define families, its own and those on the way.
    hypotheses
        Its own hypotheses, kinds of letters included, and for a step its conditions.  Those of the
        facts that a proof uses are proved where they are used.
    words
        Conditions in words of what is on the way, which nothing checks, each with the ids that have it.
    uses
        Statements on the way, in the order of the argument.
    model
        Whether averages are taken, its own or on the way: then it rests on :data:`MODEL`.
    """

    axioms: tuple[Statement, ...]
    tested: tuple[Statement, ...]
    steps: tuple[Step, ...]
    theorems: tuple[str, ...]
    definitions: tuple[Recursion, ...]
    hypotheses: tuple[str, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...]
    uses: tuple[Statement, ...]
    model: bool


def assumptions(entry: Statement | Step) -> Assumptions:
    """What a statement or a step rests on.

    >>> from symderive.statements.proof import combine
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="A square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1, proof=combine(),
    ... )
    >>> assumptions(square).hypotheses
    ('lambda > 0',)
    >>> assumptions(square).axioms
    ()
    """
    below = tuple(_on_the_way(entry))
    statements = tuple(x for x in (*below, entry) if isinstance(x, Statement))
    steps = tuple(x for x in below if isinstance(x, Step))
    own = entry.all_conditions() if isinstance(entry, Statement) else entry.conditions
    named = [part.theorem for part in (*steps, entry) if isinstance(part, Step)]
    return Assumptions(
        axioms=tuple(x for x in statements if x.proof is AXIOM),
        tested=tuple(x for x in statements if x.proof is None),
        steps=steps,
        theorems=_once((*named, *(name for x in statements for name in theorems(x.proof)))),
        definitions=_once(known for x in statements for known in x.definitions),
        hypotheses=own,
        words=_gathered((text, x.id) for x in below for text in x.conditions),
        uses=tuple(x for x in statements if x is not entry),
        model=any(map(is_random, statements)),
    )


def is_random(statement: Statement) -> bool:
    """Whether a statement speaks of noise and data as random: of an expectation, or of a noisy output."""
    claims = (statement.claim, *statement.given)
    if any(side.has(Expectation) for claim in claims for side in (claim.left, claim.right)):
        return True
    parts = (sp.sympify(part) for known in statement.definitions for part in (known.base, known.step))
    return any(part.has(sy.epsilon, Expectation) for part in parts)


def needs(entry: Statement | Step) -> tuple[Any, ...]:
    """What an entry names itself: the facts of its proof, its steps, what it rests on."""
    if isinstance(entry, Step):
        return entry.rests_on
    require_steps(entry.id, entry.steps)
    return (*(x for x in facts(entry.proof) if isinstance(x, Statement)), *entry.steps)


def _on_the_way(entry: Statement | Step) -> Iterator[Any]:
    """All that an entry rests on, each once, what comes first in the argument first."""
    seen: dict[str, Any] = {}

    def visit(part: Any) -> Iterator[Any]:
        for needed in needs(part):
            if needed.id not in seen:
                seen[needed.id] = needed
                yield from visit(needed)
                yield needed
            elif seen[needed.id] is not needed and seen[needed.id] != needed:
                # One of the two would hide what the other rests on.
                raise InputError(
                    f"{entry.id} rests on two entries called {needed.id!r}; give one another id."
                )

    return visit(entry)


def _gathered(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each text with all that it belongs to."""
    found: dict[str, list[str]] = {}
    for text, owner in pairs:
        found.setdefault(text, []).append(owner)
    return tuple((text, tuple(owners)) for text, owners in found.items())


def _once(parts: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(parts))
