"""The points at which a statement is tested, and what is seen at them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log2
from typing import Any

import sympy as sp

from symderive.arithmetic.turns import TURN, working_precision
from symderive.sampling.errors import ExhaustedError, NoValueError, OutsideError, TieError, UndefinedError
from symderive.sampling.frame import Frame
from symderive.sampling.letters import Letter, Style, letter_of
from symderive.sampling.meet import meets, orders
from symderive.sampling.point import Budget, Point
from symderive.sampling.truth import Answer, Scale, ask, claim_of, is_true
from symderive.statements.claim import Claim, Relation
from symderive.statements.statement import Domain, Statement

#: Guard digits of a first try; a second has this many times the precision.
GUARD_DIGITS, RAISED = 20, 4

#: Points without any restriction, letters not just 0 or 1, after which a test counts as not narrowed.
WIDE = 3

#: And after which a domain that restricts them is drawn from less.
MANY = 8

#: Points that are shown, and how much of each.
SHOWN, MOST_CHARACTERS = 3, 160


#: What is drawn in a domain, in this order; a draw that misses the hypotheses is repeated so often.
_Plan = tuple[tuple[Style, int], ...]
_BOUNDARY: _Plan = tuple((style, 1) for style in Style if style not in (Style.RANDOM, Style.SINGLE))
_PLAN: _Plan = (*_BOUNDARY, (Style.MIXED, 2), (Style.EDGE, 2), *[(Style.RANDOM, 6)] * 3)

#: And after it without restrictions, for most statements name no domain of their own.
_FURTHER: _Plan = (*((Style.MIXED, 4), (Style.EDGE, 4)) * 2, (Style.RANDOM, 12))

#: In a domain that restricts a test that went well without it.
_SHORT_PLAN: _Plan = ((Style.EDGE, 1), (Style.MIXED, 2), (Style.RANDOM, 4))

#: Draws in a row that may miss the hypotheses before a domain counts as empty.
MISSES = 24

#: Where a side of an equivalence is made true.
_WITNESSES: _Plan = (
    (Style.ONES, 1),
    (Style.EDGE, 2),
    (Style.MIXED, 2),
    (Style.RANDOM, 6),
    (Style.RANDOM, 6),
)

#: Where a strict claim or the definedness of a side is at its edge.
_EDGES: _Plan = ((Style.RANDOM, 1), (Style.EDGE, 1))

#: The same with expectations, which are costly.
_PLAN_OF_AVERAGES: _Plan = (
    *((style, 2) for style in (Style.LEAST, Style.ZEROS, Style.ONES, Style.CONSTANT, Style.MIXED)),
    *[(Style.RANDOM, 8)] * 2,
)
_FURTHER_OF_AVERAGES: _Plan = (
    *((style, 2) for style in (Style.MINUS, Style.EQUAL, Style.SPARSE, Style.MIXED)),
    (Style.RANDOM, 8),
)


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


@dataclass(frozen=True)
class Trial:
    """One point: whether the statement holds there, or why that is not known.

    ``grave`` says that no other point makes up for it: there the statement may be false, by too little to
    see.
    """

    holds: bool | None
    point: Point | None = None
    counterexample: Counterexample | None = None
    problem: str = ""
    grave: bool = False


class Search:
    """The points of one statement, with what was seen at them."""

    def __init__(self, statement: Statement, digits: int, seed: int, budget: Budget) -> None:
        self.statement, self.digits, self.seed, self.budget = statement, digits, seed, budget
        self.frame = Frame(statement)
        self.seen: set[Any] = set()
        self.held: list[tuple[Style, bool, str]] = []
        self.witnessed = statement.relation is not Relation.EQUIVALENT
        self.problems: list[Trial] = []
        #: Whether a point was had at which not all letters are 0, 1 or -1.
        self.is_seen = False

    def trials(self, domain: Domain) -> Iterator[Trial]:
        """The points of a domain that meet the hypotheses, boundaries first."""
        averages = self.frame.has_data
        plan = _PLAN_OF_AVERAGES if averages else _SHORT_PLAN if self._is_wide(MANY) else _PLAN
        if domain == Domain():
            plan += _FURTHER_OF_AVERAGES if averages else _FURTHER
        yield from self._trials(domain, plan, ())
        if domain == Domain():
            yield from self._singles(domain)
            for side in self.sides():
                yield from self._trials(domain, _WITNESSES, side)
            for edge in edges_of(self.statement):
                yield from self._trials(domain, _EDGES, (edge,))

    def sides(self) -> tuple[tuple[Claim, ...], ...]:
        """Of an equivalence, its sides as claims."""
        if self.statement.relation is not Relation.EQUIVALENT:
            return ()
        return tuple(
            (claim_of(side, self.statement.over),) for side in (self.statement.left, self.statement.right)
        )

    def _trials(self, domain: Domain, plan: _Plan, extra: tuple[Claim, ...]) -> Iterator[Trial]:
        misses = 0
        for number, (style, draws) in enumerate(plan):
            for draw in range(draws):
                trial = self.trial(domain, style, f"{number}|{draw}", extra)
                if trial is not None:
                    self.note(trial, domain)
                    misses = 0
                    yield trial
                    break
                misses += 1
            if misses >= MISSES:
                break

    def _singles(self, domain: Domain) -> Iterator[Trial]:
        """Every letter at its boundary alone."""
        for letter in letters_of(self.statement):
            if letter.kind.has_boundary:
                trial = self.trial(domain, Style.SINGLE, letter.name, single=letter)
                if trial is not None:
                    self.note(trial, domain)
                    yield trial

    def _is_wide(self, least: int = WIDE) -> bool:
        """Whether the test went well without any restriction."""
        return sum(is_wide and not style.is_degenerate for style, is_wide, _ in self.held) >= least

    def trial(
        self,
        domain: Domain,
        style: Style,
        key: str,
        extra: tuple[Claim, ...] = (),
        single: Letter | None = None,
    ) -> Trial | None:
        """The statement at one point; None where the hypotheses fail, or the point was there before.

        The claims in ``extra`` are met besides the hypotheses.
        """
        precise = self.digits + GUARD_DIGITS
        first = self._tried(domain, style, key, extra, single, precise, Scale(self.digits))
        if first is None or not first.grave:
            return first
        scale = Scale(3 * self.digits, measured=True)
        return self._tried(domain, style, key, extra, single, RAISED * precise, scale)

    def _tried(
        self,
        domain: Domain,
        style: Style,
        key: str,
        extra: tuple[Claim, ...],
        single: Letter | None,
        precision: int,
        scale: Scale,
    ) -> Trial | None:
        """The same with a given number of digits."""
        with TURN, working_precision(round((precision + 1) * log2(10))):
            try:
                point = self._met(domain, style, key, extra, single)
                return None if point is None else self._at(point, scale)
            except NoValueError as error:
                return Trial(None, problem=str(error), grave=isinstance(error, (TieError, ExhaustedError)))
            except Exception as error:  # SymPy and FLINT have many of their own; none is a verdict
                problem = f"the test fails with {type(error).__name__}: {error}"
                return Trial(None, problem=problem, grave=True)

    def _at(self, point: Point, scale: Scale) -> Trial | None:
        try:
            return self._judged(point, ask(point, self.statement.claim, scale), scale)
        except OutsideError:
            return None
        except UndefinedError as error:
            values = self._new(point)
            if values is None:
                return None
            return Trial(False, point, Counterexample(values, "", "", str(error)))

    def _met(
        self, domain: Domain, style: Style, key: str, extra: tuple[Claim, ...], single: Letter | None
    ) -> Point | None:
        """A point that meets the hypotheses, with the letters solved for in one order or another."""
        given = self.statement.given + extra
        key = f"{self.seed}|{self.statement.id}|{key}"
        for claims in orders(given):
            point = Point(self.frame, domain, style, key, self.budget, single)
            try:
                if meets(point, claims, self.digits):
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
            return Trial(None, point, problem=words if answer.left else "no limit is seen", grave=True)
        values = self._new(point)
        if values is None:
            return None
        if answer.holds:
            if not self.witnessed:
                self.witnessed = is_true(point, self.statement.left, scale)
            return Trial(True, point)
        return Trial(False, point, Counterexample(values, answer.left, answer.right))

    def note(self, trial: Trial, domain: Domain) -> None:
        if trial.holds:
            assert trial.point is not None
            shown = ", ".join(f"{name} = {value}" for name, value in trial.point.shown())
            self.held.append((trial.point.style, domain == Domain(), shown))
            self.is_seen |= not trial.point.is_degenerate
        elif trial.holds is None:
            self.problems.append(trial)

    def outcome(self) -> Outcome:
        """What was seen so far."""
        edges = [_shortened(shown) for style, _, shown in self.held if style.is_boundary]
        return Outcome(
            len(self.held),
            None,
            self._problem(),
            len(edges),
            tuple(edges[:SHOWN]),
            self._narrowed(),
        )

    def _problem(self) -> str:
        grave = [trial.problem for trial in self.problems if trial.grave]
        if grave:
            return grave[0]
        if not self.statement.domains:
            return "it names no domain to be tested in"
        if not self.held:
            return (
                self.problems[0].problem
                if self.problems
                else "no point was found that meets the hypotheses"
            )
        if not self.witnessed:
            return "no point was drawn at which the two sides are true"
        return ""

    def _narrowed(self) -> tuple[str, ...]:
        """What the domains restrict, unless enough points lie outside; that all letters are 0 or 1."""
        if self._is_wide():
            return ()
        texts = [text for domain in self.statement.domains for text in narrowings(domain, self.statement)]
        if self.held and not self.is_seen:
            texts.append("all letters are 0, 1 or -1")
        return tuple(dict.fromkeys(texts))


def _shortened(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"


def letters_of(statement: Statement) -> tuple[Letter, ...]:
    """The letters of a statement and its hypotheses; refused by name where one is of a kind not tested."""
    families = {
        node.base
        for claim in (statement.claim, *statement.given)
        for side in (claim.left, claim.right)
        for node in side.atoms(sp.Indexed)
    }
    labels = {family.label for family in families}
    return tuple(
        letter_of(source) for source in sorted((statement.free_symbols - labels) | families, key=str)
    )


def edges_of(statement: Statement) -> Iterator[Claim]:
    """Where it may fail: the sides of a strict claim are equal, a base or the argument of a logarithm is 0.

    Such a point is drawn by no style if the claim has numbers of its own.
    """
    if statement.relation in (Relation.DIFFERENT, Relation.GREATER):
        yield Claim(Relation.EQUAL, statement.left, statement.right, statement.over)
    found = {
        node.args[0]
        for side in (statement.left, statement.right)
        for node in side.atoms(sp.Pow, sp.log)
        if isinstance(node, sp.log) or not node.exp.is_nonnegative or not node.exp.is_integer
    }
    free = statement.free_symbols
    for base in sorted(found, key=sp.default_sort_key):
        if not base.is_positive and base.free_symbols and base.atoms(sp.Symbol) <= free:
            yield Claim(Relation.EQUAL, base, sp.Integer(0))


def narrowings(domain: Domain, statement: Statement) -> Iterator[str]:
    """What a domain restricts and no hypothesis says literally, in words."""
    said = {(claim.left, claim.right) for claim in statement.given if claim.relation is Relation.EQUAL}
    for letter, (low, high) in domain.ranges:
        yield f"{letter} from {low} to {high}"
    for letter, value in domain.define:
        if not {(letter, value), (value, letter)} & said:
            yield f"{letter} = {value}"
    definite = {
        claim.left.base
        for claim in statement.given
        if isinstance(claim.left, sp.Indexed) and claim.right == 0
    }
    for base in domain.gram:
        if base not in definite:
            yield f"{base} semidefinite"
