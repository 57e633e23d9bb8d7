"""Fuzzing of the prover: mutants and random statements, and whether what it accepts is true.

Every case is made from a seed and a number alone.  What is accepted and says something new is tested by
:mod:`symderive.sampling` and by :mod:`oracles.small_values`, which evaluate at boundaries first and share
no code with the core.
"""

from __future__ import annotations

import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import sympy as sp
from oracles.mutants import is_same, mutant, says_the_same
from oracles.random_statements import random_statement
from oracles.small_values import search

from symderive.library.load import load_all
from symderive.proofs.replay import ProofError, theorem_of
from symderive.sampling.examine import examine
from symderive.statements.proof import AXIOM, Combine, Differentiate, Instance, LeadingTerms, facts
from symderive.statements.statement import Domain, Statement

#: Digits of the test, and nodes that it may evaluate for one statement.
DIGITS, WORK = 30, 30_000

#: Points that are drawn at small values.
DRAWS = 40

#: The names of the core's own axioms.
CORES = frozenset({"logarithm"})

#: How the independent test says that 0 has no power with a real exponent, be it 0: the text is that power,
#: and neither a quotient nor a root, whose base may hold a power of its own.
_NO_WHOLE_POWER = re.compile(r"^(?!1/|sqrt\().*\*\*(?!\(-)[^*]* has no value$")

#: Seconds after which a check counts as stuck.
LIMIT = 10.0

#: Share of the cases that are random statements rather than mutants of the package's own.
RANDOM_SHARE = 0.4


class TooSlow(BaseException):
    """A check took longer than :data:`LIMIT`."""


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Stop what runs longer, by a signal: for the main thread of a process."""

    def stop(*_: Any) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@cache
def statements() -> tuple[Statement, ...]:
    """All statements of the package, facts included, that are not axioms."""
    found: dict[Statement, None] = {}

    def add(statement: Statement) -> None:
        if statement not in found:
            found[statement] = None
            for fact in facts(statement.proof):
                if isinstance(fact, Statement):
                    add(fact)

    for derivation in load_all():
        for statement in derivation.statements:
            add(statement)
    return tuple(statement for statement in found if statement.proof is not AXIOM)


@dataclass(frozen=True)
class Case:
    """One case and what came of it: refused, known, true, undecided, undefined, false, crash or slow."""

    number: int
    source: str
    outcome: str
    statement: Statement | None = None
    detail: str = ""
    points: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        lines = [f"case {self.number} from {self.source}: {self.outcome}: {self.detail}"]
        if self.statement is not None:
            for name in ("left", "relation", "right", "over", "given", "definitions", "proof"):
                lines.append(f"    {name} = {getattr(self.statement, name)}")
        return "\n".join(lines)


def made(seed: int, number: int) -> tuple[str, Statement | None, Statement]:
    """A new statement, and where it is from: its name, and the statement that it is a mutant of."""
    rng = random.Random(f"{seed}|{number}")
    while True:
        try:
            with at_most(LIMIT):
                if rng.random() < RANDOM_SHARE:
                    statement = random_statement(rng, statements())
                    if rng.random() < 0.2:
                        statement = mutant(rng, statement)
                    return "random", None, statement
                base = rng.choice(statements())
                statement = mutant(rng, base)
                if not is_same(base, statement) and statement.proof is not AXIOM:
                    return base.id, base, statement
        except TooSlow:
            continue
        except Exception:  # SymPy or a record refuses to be made so: not a case
            continue


def repaired(statement: Statement, error: ProofError) -> Statement | None:
    """The statement with what is left of its proof taken off its left side."""
    if error.remainder is None or "⟨" in str(error.remainder) or str(error).startswith("fact"):
        return None
    try:
        match statement.proof:
            case Combine() | Differentiate() | Instance():
                if isinstance(statement.left, (sp.Rel, sp.Limit)):
                    return None
                return replace(statement, left=statement.left - error.remainder)
            case LeadingTerms():
                return replace(statement, right=statement.right + error.remainder)
    except Exception:  # SymPy refuses
        return None
    return None


def _checked(statement: Statement) -> ProofError | str | None:
    """Why a proof is refused; None where it is accepted; ``axiom`` where it rests on one of its own."""
    try:
        theorem = theorem_of(statement)
    except ProofError as error:
        return error
    return "axiom" if theorem.axioms - CORES else None


def run(seed: int, number: int, work: int = WORK) -> Case:
    """Make a case, check it, and test it where it is accepted."""
    source, base, statement = made(seed, number)
    return _outcome(number, source, base, statement, seed, work)


def tried(number: int, make: Callable[[random.Random], Statement]) -> Case:
    """A case of one kind of random statements."""
    return _outcome(number, "random", None, make(random.Random(f"kind|{number}")), 0, WORK)


def _outcome(
    number: int, source: str, base: Statement | None, statement: Statement, seed: int, work: int
) -> Case:
    start = time.perf_counter()
    try:
        with at_most(LIMIT):
            error = _checked(statement)
            for _ in range(2):
                other = repaired(statement, error) if isinstance(error, ProofError) else None
                if other is not None:
                    statement, error = other, _checked(other)
    except TooSlow:
        return Case(number, source, "slow", statement, seconds=LIMIT)
    except Exception as crash:
        return Case(number, source, "crash", statement, f"{type(crash).__name__}: {crash}")
    seconds = time.perf_counter() - start
    if error is not None:
        return Case(number, source, "refused", statement, str(error), seconds=seconds)
    if base is not None and says_the_same(base, statement):
        return Case(number, source, "known", statement, seconds=seconds)
    return replace(judged(number, source, statement, seed, work), seconds=seconds)


def judged(number: int, source: str, statement: Statement, seed: int = 0, work: int = WORK) -> Case:
    """Whether an accepted statement is true at all points of two independent tests.

    ``undefined`` is a statement that has no value at a point where its hypotheses hold.
    """
    tested = replace(statement, domains=tuple(dict.fromkeys((Domain(), *statement.domains))))
    try:
        with at_most(LIMIT):
            held, found = search(statement, seed, DRAWS)
            if found:
                kind = "undefined" if "undefined" in found else "false"
                return Case(number, source, kind, statement, f"at small values: {found}")
            outcome = examine(tested, digits=DIGITS, seed=seed, budget=work)
    except TooSlow:
        return Case(number, source, "undecided", statement, "the test takes long")
    except Exception as crash:
        return Case(
            number, source, "undecided", statement, f"the test fails: {type(crash).__name__}: {crash}"
        )
    if outcome.counterexample is not None:
        kind = "undefined" if outcome.counterexample.undefined else "false"
        if _NO_WHOLE_POWER.search(outcome.counterexample.undefined):
            return Case(number, source, "undecided", statement, "0 to a power that is no whole number")
        return Case(number, source, kind, statement, str(outcome.counterexample))
    points = held + outcome.points
    return Case(number, source, "true" if points else "undecided", statement, outcome.problem, points)


@dataclass
class Tally:
    """Counts of outcomes, and the cases that matter."""

    outcomes: Counter[str] = field(default_factory=Counter)
    accepted_random: int = 0
    points: int = 0
    found: list[Case] = field(default_factory=list)
    undecided: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int]] = field(default_factory=list)

    def add(self, case: Case) -> None:
        """Count one case."""
        self.outcomes[case.outcome] += 1
        self.points += case.points
        self.accepted_random += case.source == "random" and case.outcome in (
            "true",
            "undecided",
            "undefined",
            "false",
        )
        if case.outcome in ("false", "undefined", "crash", "slow"):
            self.found.append(case)
        if case.outcome == "undecided":
            self.undecided[case.detail[:60]] += 1
        self.slowest = sorted([*self.slowest, (case.seconds, case.number)], reverse=True)[:5]

    def merge(self, other: Tally) -> None:
        """Count the cases of another tally too."""
        self.outcomes += other.outcomes
        self.undecided += other.undecided
        self.accepted_random += other.accepted_random
        self.points += other.points
        self.found += other.found
        self.slowest = sorted(self.slowest + other.slowest, reverse=True)[:5]

    def __str__(self) -> str:
        count = self.outcomes
        tested = count["true"] + count["undecided"] + count["undefined"] + count["false"]
        return (
            f"{sum(count.values())} tried, {count['refused']} refused, {tested + count['known']} accepted: "
            f"{count['known']} say what was proved before, {tested} something new "
            f"({self.accepted_random} of them random), of which {count['true']} hold at {self.points} "
            f"points, {count['undecided']} are undecided, {count['undefined']} undefined somewhere and "
            f"{count['false']} false; {count['crash']} crashes, {count['slow']} longer than {LIMIT:.0f} s"
        )


def campaign(seed: int, numbers: Iterable[int], work: int = WORK) -> Tally:
    """The tally of some cases."""
    tally = Tally()
    for number in numbers:
        tally.add(run(seed, number, work))
    return tally
