"""Derivations and their vocabulary at a number of hidden layers, ready to be put together."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from symderive.displays import depth as displays
from symderive.library.kept import Kept
from symderive.library.load import vocabulary_of
from symderive.paper.assembly import FACTS_USED, with_facts
from symderive.paper.checked_displays import shown
from symderive.statements.display import Vocabulary
from symderive.statements.statement import Derivation


def at_depth(
    derivations: tuple[Derivation, ...], depth: int, ledger: Any = None
) -> tuple[tuple[Derivation, ...], Vocabulary]:
    """Everything at D = ``depth``, what the derivations rest on included, and what reads its displays.

    What says nothing at the depth is left out; where a proof goes through it all the same, it is there in
    its general form without a display, which would speak of D.  A display that is refused at the depth is
    left out, too, and the formula in entries stands for it: at one layer a vector with an entry for each
    layer is a number, and does not fit where a vector is wanted.  ``ledger``: beside it checks are kept.
    """
    general = vocabulary_of(derivations)
    vocabulary = displays.vocabulary_at_depth(general, depth)
    special = [displays.derivation_at_depth(x, general, depth) for x in with_facts(derivations)]
    filled = tuple(_accepted(x, vocabulary, ledger) for x in special if x.entries)
    return _completed(filled), vocabulary


def _completed(derivations: tuple[Derivation, ...]) -> tuple[Derivation, ...]:
    """Derivations, and among the facts used what proofs go through in its general form."""
    *own, facts = with_facts(derivations)
    if len(own) < len(derivations):
        return derivations
    general = _without_displays(facts)
    if not own or own[-1].id != FACTS_USED:
        return (*own, general)
    known = own.pop()
    return (
        *own,
        replace(
            known,
            statements=(*known.statements, *general.statements),
            steps=(*known.steps, *general.steps),
        ),
    )


def _accepted(derivation: Derivation, vocabulary: Vocabulary, ledger: Any) -> Derivation:
    kept = Kept.beside(ledger)

    def accepted(entry: Any) -> Any:
        found = shown(entry, vocabulary, kept)
        return replace(entry, display=None) if found is not None and found.refused else entry

    return _each(derivation, accepted)


def _without_displays(derivation: Derivation) -> Derivation:
    return _each(derivation, lambda entry: replace(entry, display=None))


def _each(derivation: Derivation, change: Any) -> Derivation:
    return replace(
        derivation,
        statements=tuple(map(change, derivation.statements)),
        steps=tuple(map(change, derivation.steps)),
    )
