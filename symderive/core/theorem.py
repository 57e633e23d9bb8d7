"""Theorems, goals, and facts where they are used.

A :class:`Theorem` says: for all values of its letters, each of its kind, at which the hypotheses are
defined and true, the claim is defined and true.  Its ``scope`` are generic letters for which it is known
only: an index of a surrounding claim, the variable of an induction that goes on.  Only the rules of this
folder make one (:mod:`.rules`, :mod:`.calculus`, :mod:`.series`); each checks every hypothesis of the
theorem that it stands for, and raises :class:`~.terms.CoreError` for what it cannot show.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any

from .averages import MOMENTS, is_random_symbol
from .binders import abstract, instantiate
from .claims import Claim, Limit
from .forms import number
from .signs import Signs, require_defined
from .terms import (
    INF,
    REAL,
    SEAL,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Letter,
    Term,
    add,
    at,
    behind,
    fresh,
    lazy,
    level_above,
    minus,
    mul,
    num,
)
from .whole import is_natural, is_whole


class Theorem:
    """A proved claim; made by the rules of this folder only, and never changed."""

    __slots__ = ("axioms", "claim", "given", "model", "scope")
    given: tuple[Claim, ...]
    claim: Claim
    scope: frozenset[Term]
    axioms: frozenset[str]
    model: bool

    def __init__(self, seal: object, *values: Any) -> None:
        if seal is not SEAL:
            raise TypeError("a theorem is made by a rule of the core only")
        for name, value in zip(("given", "claim", "scope", "axioms", "model"), values, strict=True):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("a theorem does not change")

    def __reduce__(self) -> Any:
        raise TypeError("a theorem is not copied into or out of a file")


@dataclass(frozen=True)
class Goal:
    """A claim to be proved under hypotheses, where the generic letters of ``outer`` have a meaning."""

    given: tuple[Claim, ...]
    claim: Claim
    outer: frozenset[Term] = frozenset()

    @lazy
    def level(self) -> int:
        """The first number of a generic letter that is free for use here."""
        used = self.outer.union(self.claim.generics, *(claim.generics for claim in self.given))
        return level_above(used)

    @lazy
    def _opened(self) -> tuple[Claim, tuple[Term, ...]]:
        if self.claim.relation == "⪰":
            return Claim("≥", quadratic(self.claim, at(self.test, Term("bound", 0))), ZERO), ()
        return self.claim.open(self.level)

    @property
    def opened(self) -> Claim:
        """The claim at its indices; a matrix inequality, as that of the quadratic forms at ``test``."""
        return self._opened[0]

    @property
    def names(self) -> tuple[Term, ...]:
        """The generic letters of the claim's indices."""
        return self._opened[1]

    @property
    def test(self) -> Letter:
        """The test vector of a matrix inequality, a letter that nobody can write and that is new here."""
        taken = self.claim.symbols.union(*(claim.symbols for claim in self.given))
        letters = (Letter(f"⟨z{number}⟩", 1, REAL) for number in count(1))
        return next(letter for letter in letters if letter not in taken)

    @lazy
    def scope(self) -> frozenset[Term]:
        return self.outer.union(self.names)

    @property
    def signs(self) -> Signs:
        return Signs(self.given)

    def index(self, at: int, low: Term, high: Term) -> Term:
        """A generic letter for the range of a sum over a fact, the first for ``at`` = 0."""
        return Term("generic", self.level + len(self.claim.over) + at, WHOLE, low, high)


@dataclass(frozen=True)
class Use:
    """A fact at some place, ``times`` a coefficient, summed ``over`` ranges, the outermost first.

    ``fact`` is a theorem, or a hypothesis of the goal.  ``letters`` are pairs of a letter of the theorem
    and what it stands for, a template; ``indices`` what the fact's own indices are; ``test`` the template
    of the test vector of a matrix inequality; ``because`` holds a theorem for each hypothesis of the fact.
    """

    fact: Theorem | Claim
    letters: tuple[tuple[Letter, Term], ...] = ()
    indices: tuple[Term, ...] = ()
    test: Term | None = None
    times: Term = UNIT
    over: tuple[Term, ...] = ()
    because: tuple[Theorem, ...] = ()


def quadratic(claim: Claim, vector: Term) -> Term:
    """Σ_jk z_j z_k (left - right) of a matrix inequality at a template for z."""
    if len(claim.over) != 2 or claim.over[1] != claim.over[0]:
        raise CoreError("the two indices of a matrix inequality have one range")
    low, high = claim.over[0]
    j, k = fresh(WHOLE, low, high), fresh(WHOLE, low, high)
    body = mul(instantiate(vector, j), instantiate(vector, k), claim.instance(j, k).difference)
    return Term("sum", low, high, abstract(Term("sum", low, high, abstract(body, k)), j))


def made(goal: Goal, *used: Theorem | Claim | Term, series: frozenset[Term] = frozenset()) -> Theorem:
    """The theorem that a goal becomes, with all that it rests on: for the rules, once they have checked.

    Whatever the rule, the claim is defined wherever the hypotheses hold; ``series`` are the infinite sums,
    in normal form, of which the rule knows that they converge.
    """
    theorem = supposed(goal, *used)
    require_claim(goal, goal.opened, series)
    return theorem


@lru_cache(maxsize=5_000)
def require_claim(goal: Goal, claim: Claim, series: frozenset[Term] = frozenset()) -> None:
    """A claim of a goal is defined wherever its hypotheses hold.

    A rule may ask first, so that this is what its refusal says; :func:`made` asks in any case.
    """
    for side in (claim.left, claim.right):
        if isinstance(side, Claim):
            require_claim(goal, side, series)
        elif isinstance(side, Limit):
            variable = Term("generic", goal.level + len(goal.names), side.kind, None, None)
            require_defined(goal.signs, instantiate(side.body, variable), series=series)
        elif isinstance(side, Term) and not (claim.relation == "→" and side == INF):
            require_defined(goal.signs, side, series=series)


def supposed(goal: Goal, *used: Theorem | Claim | Term) -> Theorem:
    """A goal as the hypothesis of an induction, for the rule of induction."""
    if type(goal) is not Goal or any(type(claim) is not Claim for claim in (goal.claim, *goal.given)):
        raise CoreError("a goal is made of plain claims")
    if not goal.claim.generics.union(*(claim.generics for claim in goal.given)) <= goal.outer:
        raise CoreError("a claim or hypothesis speaks of an index that has no meaning")
    for claim in (goal.claim, *goal.given):
        if not all(is_whole(end) for index in claim.open(goal.level)[1] for end in index.args[2:]):
            raise CoreError("a range of a claim or hypothesis does not end at whole numbers")
    theorems = [fact for fact in used if isinstance(fact, Theorem)]
    terms = [term for term in used if isinstance(term, Term)]
    spoken = (goal.claim.symbols, *(part.symbols for part in goal.given), *(part.symbols for part in terms))
    symbols = behind(frozenset().union(*spoken))
    axioms = frozenset().union(*(theorem.axioms for theorem in theorems))
    model = any(map(is_random_symbol, symbols)) or any(theorem.model for theorem in theorems)
    return Theorem(SEAL, goal.given, goal.claim, goal.outer, axioms, model)


def assumed(goal: Goal, axiom: str) -> Theorem:
    """A goal taken as known under a name that stands in every theorem above it."""
    known = supposed(goal)
    return Theorem(SEAL, known.given, known.claim, known.scope, known.axioms | {axiom}, known.model)


def at_place(goal: Goal, use: Use) -> Claim:
    """The claim of a fact where it is used, everything checked that makes it true there."""
    scope = goal.scope
    for letter in use.over:
        generic = letter.op == "generic" and letter.args[1] == WHOLE and None not in letter.args
        if not generic or letter in scope or letter.args[0] < goal.level:
            raise CoreError("a fact is summed over ranges of its own, finitely many")
        if not (letter.generics - {letter} <= scope and all(map(is_whole, letter.args[2:]))):
            raise CoreError("the range of a sum over a fact is not known here")
        scope |= {letter}
    require_defined(goal.signs, use.times, *use.indices)
    if not use.times.generics.union(*(index.generics for index in use.indices)) <= scope:
        raise CoreError("an index has no meaning here")
    if isinstance(use.fact, Theorem):
        claim = instantiated(goal, use, scope)
    else:
        claim = use.fact
        if claim not in goal.given or use.letters or use.because:
            raise CoreError("it is not a hypothesis, or its letters are replaced, which are fixed")
    if claim.relation == "⪰":
        if use.test is None:
            raise CoreError("a matrix inequality is used at a vector")
        _require_template(goal, Letter("z", 1, REAL), use.test, scope)
        return Claim("≥", quadratic(claim, use.test), ZERO)
    if len(use.indices) != len(claim.over):
        raise CoreError(f"the fact has {len(claim.over)} indices, and {len(use.indices)} are given")
    for index, (low, high) in zip(use.indices, claim.ranges(*use.indices), strict=True):
        _require_between(index, low, high)
    return claim.instance(*use.indices)


def instantiated(goal: Goal, use: Use, scope: frozenset[Term]) -> Claim:
    """The claim of a theorem with its letters replaced and its hypotheses proved."""
    theorem, table = use.fact, dict(use.letters)
    if not isinstance(theorem, Theorem) or not theorem.scope <= scope:
        raise CoreError("the fact is known inside an induction only, and used outside")
    for letter, template in table.items():
        if letter in MOMENTS and (theorem.model or theorem.scope):
            raise CoreError(f"{letter.name} is a moment of the model and cannot stand for something else")
        _require_template(goal, letter, template, scope)
    if len(use.because) != len(theorem.given):
        raise CoreError("a fact has one proof for each of its hypotheses")
    for hypothesis, proof in zip(theorem.given, use.because, strict=True):
        require_proved(proof, goal.given, hypothesis.at(table), scope)
    return theorem.claim.at(table)


def require_proved(
    theorem: Theorem, given: tuple[Claim, ...], claim: Claim, scope: frozenset[Term]
) -> None:
    """A theorem is one of the claim, under hypotheses and for generic letters that are at hand."""
    if not isinstance(theorem, Theorem) or theorem.claim != claim:
        raise CoreError("a part proves something else than is asked for")
    if not (set(theorem.given) <= set(given) and theorem.scope <= scope):
        raise CoreError("a part is proved under other hypotheses than those at hand")


def _require_template(goal: Goal, letter: Letter, template: Term, scope: frozenset[Term]) -> None:
    """What stands for a letter is defined and of its kind, at all whole numbers as indices."""
    if any(map(is_random_symbol, template.symbols)) or not template.generics <= scope:
        raise CoreError("a random variable, or an index without meaning, does not stand for a letter")
    value = instantiate(template, *(fresh(WHOLE) for _ in range(letter.arity)))
    require_defined(goal.signs, value)
    whole, least = letter.kind
    for what, holds in (
        ("a whole number", not whole or is_whole(value)),
        ("positive", least != 1 or goal.signs.is_positive(value)),
        ("non-negative", least != 0 or goal.signs.is_nonnegative(value)),
    ):
        if not holds:
            raise CoreError(f"{letter.name} is {what}, and {{}} is not known to be", value)


def _require_between(index: Term, low: Term, high: Term) -> None:
    """An index lies in low..high, by the range of a generic letter in it or as a number."""
    spans = [(index, index)]
    for letter in index.generics:
        gap = number(minus(index, letter))
        if gap is not None and letter.args[3] is not None:
            spans.append((add(letter.args[2], num(gap)), add(letter.args[3], num(gap))))
    for least, most in spans if is_whole(index) else ():
        if is_natural(minus(least, low)) and is_natural(minus(high, most)):
            return
    raise CoreError("the index {} is not known to run from {} to {}", index, low, high)
