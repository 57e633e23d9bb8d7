"""Near-misses: a statement with one thing changed, refuted where the statement speaks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import sympy as sp

from symderive.sampling import values as nu
from symderive.sampling.errors import NoValueError
from symderive.sampling.examine import BUDGET
from symderive.sampling.letters import Style, letter_of
from symderive.sampling.point import Budget, Leaf, Point
from symderive.sampling.search import Counterexample, Search, Trial
from symderive.statements.claim import Claim
from symderive.statements.statement import Domain, NearMiss, Statement

#: Where counterexamples are looked for in each domain, and the draws of each.
_PLACES = (
    (Style.RANDOM, 12),
    *((style, 1) for style in Style if style not in (Style.RANDOM, Style.SINGLE)),
    *[(style, 3) for style in (Style.MIXED, Style.SPARSE, Style.EDGE, Style.TINY, Style.HUGE)],
    (Style.RANDOM, 24),
)


def changes(statement: Statement, near_miss: NearMiss) -> tuple[str, ...]:
    """The things in which a near-miss differs from its statement, each in words."""
    found = []
    sides = {"left": statement.left, "right": statement.right}
    new = {name: getattr(near_miss, name) for name in sides}
    new = {name: sides[name] if side is None else sp.sympify(side) for name, side in new.items()}
    if (
        (new["left"], new["right"])
        == (statement.right, statement.left)
        != (statement.left, statement.right)
    ):
        found.append("the sides exchanged")
    else:
        found += [f"the {name} side" for name, side in sides.items() if new[name] != side]
    if near_miss.relation not in (None, statement.relation):
        found.append("the relation")
    if near_miss.given is not None:
        lost, gained = _hypotheses(statement, near_miss)
        found += [f"the hypothesis {_words(claim)}" for claim in lost]
        found += [f"the hypothesis {_words(claim)}" for claim in gained[len(lost) :]]
    return tuple(found)


def _hypotheses(statement: Statement, near_miss: NearMiss) -> tuple[list[Claim], list[Claim]]:
    """Those that a near-miss drops, and those that it adds."""
    given = statement.given if near_miss.given is None else near_miss.given
    return (
        [claim for claim in statement.given if claim not in given],
        [claim for claim in given if claim not in statement.given],
    )


def _words(claim: Claim) -> str:
    return f"{claim.left} {claim.relation.value} {claim.right}"


def refute(
    statement: Statement,
    near_miss: NearMiss,
    *,
    digits: int,
    seed: int,
    narrowed: bool = False,
    budget: int = BUDGET,
) -> tuple[Counterexample | None, str]:
    """A counterexample of a near-miss inside the statement's own domain, or why there is none.

    The counterexample meets every other hypothesis.  Where the statement is tested in domains that
    restrict it further (``narrowed``), it lies in one of them, but for restrictions that hang together with
    letters of the hypothesis which is dropped or replaced.
    """
    altered = statement.altered(near_miss)
    try:
        search = Search(altered, digits, seed, Budget(budget))
    except NoValueError as error:
        return None, f"is not refuted: {error}"
    dropped = {_name(x) for claim in _hypotheses(statement, near_miss)[0] for x in claim.free_symbols}
    undefined: Counterexample | None = None
    held, outside = 0, False
    places = near_miss.domains or ()
    for domain in dict.fromkeys((*places, *statement.domains, Domain())):
        for trial in _trials(search, domain):
            held += bool(trial.holds)
            if trial.counterexample is None or trial.point is None:
                continue
            if (
                narrowed
                and domain not in statement.domains
                and not any(_inside(trial.point, own, _waived(own, dropped)) for own in statement.domains)
            ):
                outside = True
                continue
            if not trial.counterexample.undefined:
                return trial.counterexample, ""
            undefined = undefined or trial.counterexample
    if undefined is not None:
        return undefined, ""
    within = "" if search.budget.left >= 0 else " within the budget"
    return None, f"is not refuted{within}: {_why_not(search, held, outside)}"


def _why_not(search: Search, held: int, outside: bool) -> str:
    """What was seen instead of a counterexample; that no point was seen at all is another matter."""
    if outside:
        return "it fails only outside of the domains that the statement is tested in"
    if held:
        return f"it holds at all {held} points that were tried"
    if search.problems:
        return f"its value was found at no point ({search.problems[0].problem})"
    return "no point that was tried meets its hypotheses; say in a Domain where to look"


def _trials(search: Search, domain: Domain) -> Iterator[Trial]:
    """Points of a domain; of an equivalence also those at which a side is true."""
    for extra in ((), *search.sides()):
        for number, (style, draws) in enumerate(_PLACES):
            for draw in range(draws):
                trial = search.trial(domain, style, f"miss|{number}|{draw}", extra)
                if trial is not None:
                    search.note(trial, domain)
                    yield trial
                if search.budget.left < 0:
                    return


def _name(symbol: Any) -> str:
    """The name of a free symbol or of a family, whose label stands among the free symbols."""
    return str(getattr(symbol, "label", symbol))


def _waived(domain: Domain, dropped: set[str]) -> set[str]:
    """The letters whose restrictions hang together with those that a dropped hypothesis speaks of."""
    links = [
        {
            _name(x)
            for expression in (pattern, *sp.sympify(values))
            for x in sp.sympify(expression).free_symbols
        }
        for pattern, values in (*domain.ranges, *((pattern, (value,)) for pattern, value in domain.define))
    ]
    found = set(dropped)
    while new := [link for link in links if link & found and not link <= found]:
        found = found.union(*new)
    return found


def _inside(point: Point, domain: Domain, waived: set[str]) -> bool:
    """Whether the letters of a point are as a domain restricts them, those in ``waived`` left out."""
    for pattern, ends in domain.ranges:
        for _, value in _leaves(point, pattern, waived):
            low, high = (point.apart(sp.sympify(end), {}) for end in ends)
            if nu.sign(value - low) == -1 or nu.sign(high - value) == -1:
                return False
    for pattern, definition in domain.define:
        for (_, index), value in _leaves(point, pattern, waived):
            names = dict(zip(pattern.indices, index, strict=True)) if index else {}
            try:
                if nu.sign(value - point.apart(definition, names)) in (1, -1):
                    return False
            except NoValueError:
                return False
    return True


def _leaves(point: Point, pattern: Any, waived: set[str]) -> list[tuple[Leaf, Any]]:
    letter = letter_of(pattern)
    if letter.name in waived:
        return []
    both = chain(point.values.items(), point.derived.items())
    return [(leaf, value) for leaf, value in both if leaf[0] is letter]
