"""Errors planted in the displays of the package: one node changed, and the display is refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from oracles.display_mutants import mutants
from oracles.sampled import THOROUGH, fewer, some

from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.library.load import load_all, vocabulary_of
from symderive.proofs.displayed import check_display
from symderive.statements.display import Display
from symderive.statements.statement import Statement

DERIVATIONS = load_all()
VOCABULARY = vocabulary_of(DERIVATIONS)
HEADS = Reading(VOCABULARY).functions
SHOWN = {
    statement.id: statement
    for derivation in DERIVATIONS
    for statement in derivation.statements
    if statement.display is not None
}

#: One in so many is planted, in a thorough run eight times as many: all of them take four minutes.
EVERY = 4 if THOROUGH else 32

#: Changes that say the same: a row has the norm of its column, and is 0 with it; 1 is its square.
SAYS_THE_SAME = {
    ("norm-product", "a transpose is dropped"),
    ("decay-bound", "a transpose is dropped"),
    ("global-minimum-zero-map", "a transpose is dropped"),
    ("hessian-blocks-matrix", "an exponent is dropped"),
    ("hessian-index", "an exponent is dropped"),
}


def planted(statement: Statement) -> Iterator[tuple[str, Display]]:
    """Every display of a statement with one node of the claim, of a name or of a hypothesis changed."""
    display = statement.display
    assert display is not None
    for why, tex in mutants(read(display.tex, HEADS)):
        yield why, replace(display, tex=tex)
    for field in ("where", "given"):
        texts = getattr(display, field)
        for at, text in enumerate(texts):
            for why, tex in mutants(read(text, HEADS)):
                yield why, replace(display, **{field: (*texts[:at], tex, *texts[at + 1 :])})
            yield f"{field} is dropped", replace(display, **{field: (*texts[:at], *texts[at + 1 :])})


@pytest.fixture(scope="module")
def near_misses() -> list[tuple[str, str, Display]]:
    """One in so many of all, in an order that does not depend on what is displayed before."""
    return [
        (statement.id, why, display)
        for statement in some(SHOWN.values(), 4, ci=1)
        for number, (why, display) in enumerate(planted(statement))
        if (number + len(statement.id)) % EVERY == 0 and (statement.id, why) not in SAYS_THE_SAME
    ]


def test_there_are_a_hundred_of_many_kinds(near_misses: list[tuple[str, str, Display]]) -> None:
    assert len(near_misses) >= fewer(20, 100)
    assert len({id_ for id_, *_ in near_misses}) >= fewer(10, 40)
    assert len({why for _, why, _ in near_misses}) >= fewer(5, 12)


def test_planted_errors_are_refused(near_misses: list[tuple[str, str, Display]]) -> None:
    accepted = [
        (id_, why, display.tex, display.where, display.given)
        for id_, why, display in near_misses
        if check_display(replace(SHOWN[id_], display=display), VOCABULARY).verdict != "refused"
    ]
    assert not accepted
