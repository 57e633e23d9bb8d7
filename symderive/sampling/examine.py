"""The independent test of a statement: at boundaries first, then at random points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from flint import ctx

from symderive.sampling.errors import ExhaustedError, NoValueError, OutsideError, TieError, UndefinedError
from symderive.sampling.letters import Style, kind_of
from symderive.sampling.meet import meets
from symderive.sampling.point import Budget, Point
from symderive.sampling.truth import Answer, Scale, ask, is_true
from symderive.statements.claim import Relation
from symderive.statements.nodes import Expectation
from symderive.statements.statement import Domain, Statement

#: Work for a statement and each of its near-misses, in nodes evaluated.
BUDGET = 3_000_000

#: Guard digits of a first try; a second has this many times the precision.
GUARD_DIGITS, RAISED = 20, 4

#: Points that are shown.
SHOWN = 3


@dataclass(frozen=True)
class Counterexample:
    """A point inside the conditions at which a statement fails, or has no value."""

    values: tuple[tuple[str, str], ...]
    left: str
    right: str
    undefined: str = ""

    def __str__(self) -> str:
        point = ", ".join(f"{name} = {value}" for name, value in self.values)
        if self.undefined:
            return f"{point}: undefined at this point, {self.undefined}" if point else self.undefined
        sides = f"left = {self.left}, right = {self.right}"
        return f"{point}: {sides}" if point else f"{self.left} and {self.right}"


@dataclass(frozen=True)
class Outcome:
    """What the test saw.

    Attributes
    ----------
    points, boundary
        Points at which the statement held; how many of them were drawn at a boundary.
    counterexample
        Where it fails, or None.
    problem
        Why there is no verdict; empty where there is one.
    places
        Some of the points, in words.
    narrowed
        What the statement's own domains restrict beyond its hypotheses, as far as no point was found
        outside; in words.
    """

    points: int
    counterexample: Counterexample | None
    problem: str = ""
    boundary: int = 0
    places: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()


#: What is drawn in a domain, in this order, and how often a draw that misses the hypotheses is repeated.
_BOUNDARY = tuple((style, 1) for style in Style if style is not Style.RANDOM)
_PLAN = (*_BOUNDARY, (Style.MIXED, 2), (Style.SPARSE, 2), (Style.EDGE, 2), *[(Style.RANDOM, 8)] * 4)

#: With expectations, which are costly.
_PLAN_OF_AVERAGES = (
    *((style, 2) for style in (Style.LEAST, Style.ZEROS, Style.ONES, Style.CONSTANT, Style.MIXED)),
    *[(Style.RANDOM, 8)] * 2,
)


def examine(statement: Statement, *, digits: int, seed: int, budget: int = BUDGET) -> Outcome:
    """Test a statement at boundaries and at random points, to ``digits`` digits.

    It is tested where its kinds of letters and its hypotheses allow, and in each of its domains.  A point at
    which it has no value refutes it.
    """
    if problem := _refused(statement):
        return Outcome(0, None, problem)
    search = Search(statement, digits, seed, Budget(budget))
    for domain in dict.fromkeys((Domain(), *statement.domains)):
        for trial in search.trials(domain):
            if trial.counterexample is not None:
                return replace(search.outcome(), counterexample=trial.counterexample)
    return search.outcome()


@dataclass(frozen=True)
class Trial:
    """One point: whether the statement holds there, or why that is not known."""

    holds: bool | None
    point: Point
    counterexample: Counterexample | None = None
    problem: str = ""
    tie: bool = False


class Search:
    """The points of one statement, with what was seen at them."""

    def __init__(self, statement: Statement, digits: int, seed: int, budget: Budget) -> None:
        self.statement, self.digits, self.seed, self.budget = statement, digits, seed, budget
        self.seen: set[Any] = set()
        self.held: list[tuple[Style, bool, str]] = []
        self.witnessed = statement.relation is not Relation.EQUIVALENT
        self.problems: list[Trial] = []

    def trials(self, domain: Domain) -> Iterator[Trial]:
        """The points of a domain that meet the hypotheses, boundaries first."""
        averages = any(side.has(Expectation) for side in (self.statement.left, self.statement.right))
        for number, (style, draws) in enumerate(_PLAN_OF_AVERAGES if averages else _PLAN):
            for draw in range(draws):
                trial = self.trial(domain, style, f"{self.seed}|{self.statement.id}|{number}", draw)
                if trial is not None:
                    self._note(trial, domain)
                    yield trial
                    break

    def trial(self, domain: Domain, style: Style, key: str, draw: int) -> Trial | None:
        """The statement at one point; None where the hypotheses fail, or the point was there before."""
        trial: Trial | None = None
        for digits, last in ((self.digits + GUARD_DIGITS, False), (RAISED * (self.digits + GUARD_DIGITS), True)):
            with ctx.workdps(digits):
                try:
                    point = self._met(domain, style, f"{key}|{draw}")
                    if point is None:
                        return None
                    scale = Scale(3 * self.digits if last else self.digits, measured=last)
                    trial = self._judged(point, ask(point, self.statement.claim, scale), scale)
                except OutsideError:
                    return None
                except UndefinedError as error:
                    values = self._new(point)
                    return Trial(False, point, Counterexample(values, "", "", str(error))) if values else None
                except TieError as error:
                    trial = Trial(None, point, problem=str(error), tie=True)
                except NoValueError as error:
                    return Trial(None, point, problem=str(error))
            if trial is None or not trial.tie:
                return trial
        return trial

    def _met(self, domain: Domain, style: Style, key: str) -> Point | None:
        """A point that meets the hypotheses, with the letters solved for in one order or the other."""
        given = self.statement.given
        for equations_first in (False, True) if given else (False,):
            point = Point(self.statement, domain, style, key, self.budget)
            try:
                if meets(point, given, self.digits, equations_first=equations_first):
                    return point
            except ExhaustedError:
                raise
            except NoValueError:
                continue
        return None

    def _new(self, point: Point) -> tuple[tuple[str, str], ...] | None:
        """The letters' values, None where they were had before."""
        values = point.shown()
        if values in self.seen:
            return None
        self.seen.add(values)
        return values

    def _judged(self, point: Point, answer: Answer, scale: Scale) -> Trial | None:
        if not answer.cases:
            return None
        if answer.holds is None:
            words = f"{answer.left} and {answer.right} cannot be told apart"
            return Trial(None, point, problem=words if answer.left else "no limit is seen", tie=True)
        values = self._new(point)
        if values is None:
            return None
        if answer.holds:
            if not self.witnessed:
                self.witnessed = is_true(point, self.statement.left, scale)
            return Trial(True, point)
        return Trial(False, point, Counterexample(values, answer.left, answer.right))

    def _note(self, trial: Trial, domain: Domain) -> None:
        if trial.holds:
            shown = ", ".join(f"{name} = {value}" for name, value in trial.point.shown())
            self.held.append((trial.point.style, domain == Domain(), shown))
        elif trial.holds is None:
            self.problems.append(trial)

    def outcome(self) -> Outcome:
        """What was seen so far."""
        edges = [shown for style, _, shown in self.held if style.is_boundary]
        return Outcome(
            len(self.held),
            None,
            self._problem(),
            len(edges),
            tuple(edges[:SHOWN]),
            self._narrowed(),
        )

    def _problem(self) -> str:
        exhausted = [trial for trial in self.problems if "budget" in trial.problem]
        ties = [trial for trial in self.problems if trial.tie]
        if exhausted or ties:
            return (exhausted or ties)[0].problem
        if not self.statement.domains:
            return "it names no domain to be tested in"
        if not self.held:
            return self.problems[0].problem if self.problems else "no point was found that meets the hypotheses"
        if not self.witnessed:
            return "no point was drawn at which the two sides are true"
        return ""

    def _narrowed(self) -> tuple[str, ...]:
        wide = [style for style, is_wide, _ in self.held if is_wide and not style.is_degenerate]
        if len(wide) >= 2:
            return ()
        return tuple(dict.fromkeys(text for domain in self.statement.domains for text in narrowings(domain, self.statement)))


def narrowings(domain: Domain, statement: Statement) -> Iterator[str]:
    """What a domain restricts and no hypothesis says literally, in words."""
    said = {(claim.left, claim.right) for claim in statement.given if claim.relation is Relation.EQUAL}
    for letter, (low, high) in domain.ranges:
        yield f"{letter} from {low} to {high}"
    for letter, value in domain.define:
        if not {(letter, value), (value, letter)} & said:
            yield f"{letter} = {value}"
    definite = {claim.left.base for claim in statement.given if isinstance(claim.left, sp.Indexed) and claim.right == 0}
    for base in domain.gram:
        if base not in definite:
            yield f"{base} semidefinite"


def _refused(statement: Statement) -> str:
    """Why a statement cannot be tested at all: a letter of another kind, two definitions of one head."""
    heads = [recursion.head for recursion in statement.definitions]
    if len(set(heads)) < len(heads):
        return "one head has two definitions"
    letters = set(statement.free_symbols)
    bases = set()
    for claim in (statement.claim, *statement.given):
        for side in (claim.left, claim.right):
            bases |= {node.base for node in side.atoms(sp.Indexed)}
    labels = {base.label for base in bases}
    try:
        for letter in sorted((letters - labels) | bases, key=str):
            kind_of(letter)
    except NoValueError as error:
        return str(error)
    return ""
