"""Fuzzing by seed: nothing false is accepted, and the fuzzer sees a hole where there is one."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from oracles import fuzzing, random_statements, random_theories
from oracles.mutants import is_same, mutant
from oracles.sampled import fewer

from symderive.core import theorem
from symderive.proofs import replay

#: Cases in the everyday tests, and nodes that the independent test may evaluate for one; at length:
#: ``python -m benchmarks.fuzz_core``.
CASES, WORK = fewer(100, 300), 8_000


@pytest.mark.slow
def test_nothing_false_is_accepted() -> None:
    tally = fuzzing.campaign(2026, range(CASES), WORK)
    assert not tally.found, "\n".join(map(str, tally.found))
    assert sum(tally.outcomes.values()) == CASES
    assert tally.outcomes["refused"] > CASES / 3
    assert tally.outcomes["true"] > CASES / 10
    assert tally.points > 10 * tally.outcomes["true"]


def test_cases_are_made_from_their_number_alone() -> None:
    for number in range(20):
        source, _, statement = fuzzing.made(0, number)
        again, _, other = fuzzing.made(0, number)
        assert source == again
        assert is_same(statement, other)
    assert not is_same(fuzzing.made(0, 1)[2], fuzzing.made(1, 1)[2])


def test_mutants_leave_the_statement_that_they_are_made_from() -> None:
    base = fuzzing.statements()[0]
    before = hash(base)
    for number in range(20):
        mutant(random.Random(number), base)
    assert hash(base) == before


@pytest.fixture
def _nothing_remembered() -> Iterator[None]:
    replay._outcome.cache_clear()
    yield
    replay._outcome.cache_clear()


#: A check of the core, and statements that show when it is left out.
HOLES = {
    "_require_template": lambda rng: random_statements.of_a_fact(rng, random_statements.basics()),
    "_require_between": random_theories.at_an_index,
}


@pytest.mark.parametrize("check", HOLES)
@pytest.mark.parametrize("left_out", [False, True])
@pytest.mark.usefixtures("_nothing_remembered")
def test_a_check_that_is_left_out_is_seen(
    check: str, left_out: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if left_out:
        monkeypatch.setattr(theorem, check, lambda *_: None)
    cases = (fuzzing.tried(number, HOLES[check]) for number in range(440 if left_out else fewer(110, 440)))
    found = next((case for case in cases if case.outcome in ("false", "undefined")), None)
    assert (found is not None) is left_out, str(found)
