"""The rules of algebra and logic: combination, instance, order, equivalence, induction, definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from .binders import abstract, instantiate, unfold
from .claims import Claim, Limit
from .forms import is_zero, normalized
from .quotients import is_integer
from .signs import Signs, natural, require_defined
from .terms import (
    INF,
    MINUS,
    POSITIVE,
    SEAL,
    SELF,
    UNIT,
    WHOLE,
    CoreError,
    Head,
    Letter,
    Term,
    add,
    at,
    fresh,
    minus,
    mul,
    neg,
    num,
)
from .theorem import (
    Goal,
    Theorem,
    Use,
    assumed,
    at_place,
    instantiated,
    made,
    require_claim,
    require_proved,
    supposed,
)
from .whole import is_natural


def combination(goal: Goal, uses: tuple[Use, ...] = (), plus: tuple[Term, ...] = ()) -> Theorem:
    """left - right = Σ uses + Σ plus, where facts that are inequalities have coefficients ≥ 0 and plus ≥ 0.

    An equation rests on equations.  A strict inequality has a strict fact with a positive coefficient, over
    a range that is not empty, or a positive rest; ≠ follows from that, or from one ≠ with nothing beside it
    but equations.
    """
    claim, signs = goal.opened, goal.signs
    if claim.relation not in ("=", "≥", ">", "≠"):
        raise CoreError(f"a combination does not prove a claim with {claim.relation}")
    strict, different, inexact = False, 0, not all(map(is_zero, plus))
    rest, series = [claim.difference], frozenset[Term]()
    for number, use in enumerate(uses):
        try:
            fact = at_place(goal, use)
        except CoreError as error:
            error.fact = number
            raise
        if fact.relation not in ("=", "≥", ">", "≠"):
            raise CoreError(f"a fact with {fact.relation} does not enter a combination")
        nonempty = all(is_natural(minus(letter.args[3], letter.args[2])) for letter in use.over)
        if fact.relation in "≥>":
            inexact, positive = True, signs.is_positive(use.times)
            if not (positive or signs.is_nonnegative(use.times)):
                raise CoreError("{} is not manifestly non-negative and multiplies an inequality", use.times)
            strict |= fact.relation == ">" and positive and nonempty
        elif fact.relation == "≠":
            different += 1
            if use.over or not signs.is_nonzero(use.times):
                raise CoreError("a fact with ≠ is used once, times something that is not 0")
        if nonempty:  # over an empty range the fact says nothing
            series |= infinite_sums(fact.left) | infinite_sums(fact.right)
        term = mul(use.times, fact.difference)
        for letter in reversed(use.over):
            term = Term("sum", *letter.args[2:], abstract(term, letter))
        rest.append(neg(term))
    require_claim(goal, claim, series)
    require_defined(signs, *plus, series=series)
    for term in plus:
        if not term.generics <= goal.scope:
            raise CoreError("an index has no meaning here")
        if not signs.is_nonnegative(term):
            raise CoreError("{} is not manifestly non-negative", term)
        strict |= signs.is_positive(term)
        rest.append(neg(term))
    if inexact and claim.relation == "=":
        raise CoreError("an equation cannot rest on an inequality, and has no room for a non-negative rest")
    if different and (claim.relation != "≠" or different > 1 or inexact):
        raise CoreError("a fact with ≠ proves ≠ only, with equations beside it only")
    if claim.relation in (">", "≠") and not (strict or different):
        raise CoreError("nothing shows that the inequality is strict")
    if not is_zero(left := add(*rest)):
        raise CoreError("left - right is not the combination of facts that the proof claims", left=left)
    parts = (part for use in uses for part in (use.fact, *use.because, use.times))
    values = (value for use in uses for _, value in use.letters)
    return made(goal, *parts, *values, *plus, series=series)


@lru_cache(maxsize=10_000)
def infinite_sums(term: Term) -> frozenset[Term]:
    """The infinite sums in a term, in normal form: where it is defined, they converge."""
    own = {normalized(term)} if term.op == "sum" and term.args[1] == INF and not term.loose else set()
    parts = [part for part in term.parts if part.op != "generic"]
    if term.op in ("sum", "product") and not own:
        low, high, _ = term.args
        if high == INF or low.loose or high.loose or not is_natural(minus(high, low)):
            del parts[-1]  # a range that may be empty says nothing of what is under it
    return frozenset(own).union(*map(infinite_sums, parts))


def instance(goal: Goal, use: Use) -> Theorem:
    """The goal is a theorem at values of its letters, up to algebra on both sides, over the same ranges."""
    if use.over or use.times != UNIT or use.indices or use.test:
        raise CoreError("an instance is one of a theorem, as it is")
    known = instantiated(goal, use, goal.outer)
    _require_same(goal, known, goal.claim)
    series = _converging(known.open(goal.level)[0])
    return made(goal, use.fact, *use.because, *(value for _, value in use.letters), series=series)


def _converging(claim: Claim) -> frozenset[Term]:
    """The infinite sums on the sides of a claim that is proved."""
    sides = (side for side in (claim.left, claim.right) if isinstance(side, Term))
    return frozenset().union(*map(infinite_sums, sides))


def _require_same(goal: Goal, known: Claim, wanted: Claim) -> None:
    if (known.relation, len(known.over)) != (wanted.relation, len(wanted.over)):
        raise CoreError("it is not of the form of the general statement")
    one, names = wanted.open(goal.level)
    for ends, own in zip(known.ranges(*names), wanted.ranges(*names), strict=True):
        if not all(is_zero(minus(a, b)) for a, b in zip(ends, own, strict=True)):
            raise CoreError("it has other ranges than the general statement")
    other = known.instance(*names)
    for left, right in ((other.left, one.left), (other.right, one.right)):
        if isinstance(left, Claim) and isinstance(right, Claim):
            _require_same(goal, left, right)
            continue
        if isinstance(left, Limit) and isinstance(right, Limit) and left[1:] == right[1:]:
            variable = fresh(left.kind)
            left, right = instantiate(left.body, variable), instantiate(right.body, variable)
        if isinstance(left, Term) and isinstance(right, Term) and left != right:
            if not is_zero(difference := minus(left, right)):
                raise CoreError("it is not the general statement at these values", left=difference)
        elif left != right:
            raise CoreError("it is not of the form of the general statement")


def by_order(goal: Goal, at_least: Theorem, at_most: Theorem) -> Theorem:
    """left = right from left ≥ right and right ≥ left."""
    claim = goal.claim
    if claim.relation != "=":
        raise CoreError("two inequalities prove an equation")
    require_proved(at_least, goal.given, Claim("≥", claim.left, claim.right, claim.over), goal.outer)
    require_proved(at_most, goal.given, Claim("≥", claim.right, claim.left, claim.over), goal.outer)
    return made(goal, at_least, at_most, series=_converging(goal.opened))


def equivalence(goal: Goal, forward: Theorem, backward: Theorem) -> Theorem:
    """left ⇔ right from left ⇒ right and right ⇒ left, all of both sides defined."""
    claim = goal.opened
    if claim.relation != "⇔":
        raise CoreError("two directions prove an equivalence")
    for theorem, premise, conclusion in (
        (forward, claim.left, claim.right),
        (backward, claim.right, claim.left),
    ):
        require_proved(theorem, (*goal.given, premise), conclusion, goal.scope)
    return made(goal, forward, backward)


@dataclass(frozen=True)
class Step:
    """The step of an induction: the goal at the next number, unfolded, and the hypothesis as a theorem."""

    goal: Goal
    hypothesis: Theorem
    variable: Term


def induction(
    goal: Goal,
    letter: Letter,
    start: int,
    base: Callable[[Goal], Theorem],
    step: Callable[[Step], Theorem],
) -> Theorem:
    """The goal for all whole numbers ``letter`` ≥ ``start``: at start, and at m + 1 if at m.

    Definitions are unfolded once in both.  The hypothesis holds for all values of the other letters.
    """
    if letter.arity or not letter.kind.whole or letter.kind.least is None or letter.kind.least < start:
        raise CoreError("induction runs over a letter for whole numbers, from its least value or below")
    if not is_integer(num(start)):
        raise CoreError("induction starts at a whole number")
    # Its sign is that of the start, which may be negative, and not that of the letter.
    m = fresh(WHOLE, num(start))

    def goal_at(value: Term, outer: frozenset[Term]) -> Goal:
        def moved(term: Term) -> Term:
            return unfold(term, lambda e: natural(Signs(), e))

        given, (claim,) = ([c.at({letter: value}) for c in cs] for cs in (goal.given, [goal.claim]))
        # Unfolding may lose an index that has no value.
        opened = claim.open(goal.level)[0]
        require_defined(Signs(tuple(given)), *opened.terms)
        return Goal(tuple(c.map(moved) for c in given), claim.map(moved), outer)

    first, inside = goal_at(num(start), goal.outer), goal.outer | {m}
    require_proved(base_proof := base(first), first.given, first.claim, first.outer)
    here = Goal(tuple(c.at({letter: m}) for c in goal.given), goal.claim.at({letter: m}), inside)
    following = goal_at(add(m, UNIT), inside)
    step_proof = step(Step(following, supposed(here), m))
    require_proved(step_proof, following.given, following.claim, inside)
    return made(goal, base_proof, step_proof)


def define(name: str, arity: int, base: Term, step: Term) -> Head:
    """The family with head[0, …] = base and head[i, …] = step for i ≥ 1, or :class:`CoreError`.

    Both are terms in the indices as bound variables; the step speaks of the head, written ``SELF``, at
    i - 1 only, and the base not at all; so there is one such family.
    """
    if arity < 1:
        raise CoreError(f"{name} has no index to be defined by")
    indices = (fresh(WHOLE, UNIT), *(fresh(WHOLE) for _ in range(arity - 1)))
    opened = instantiate(base, *indices), instantiate(step, *indices)
    if not opened[0].generics | opened[1].generics <= frozenset(indices):
        raise CoreError(f"the definition of {name} speaks of an index that has no meaning")
    if SELF in opened[0].symbols or indices[0] in opened[0].generics:
        raise CoreError(f"the base of {name} speaks of the head or of its layer")
    _require_one_below(opened[1], add(indices[0], MINUS), name, arity)
    require_defined(Signs(), *opened)
    return Head(SEAL, name, arity, base, step)


def _require_one_below(term: Term, before: Term, name: str, arity: int) -> None:
    recalls = term.op == "at" and term.args[0] == SELF
    if recalls and not (len(term.args) == arity + 1 and is_zero(minus(term.args[1], before))):
        raise CoreError(f"the step of {name} speaks of it at another place than one layer below")
    for part in term.parts:
        _require_one_below(part, before, name, arity)


#: ln t ≤ t - 1 for t > 0, the tangent of the concave logarithm at 1: the one axiom of the core.
_T = at(Letter("xi", 0, POSITIVE))
LOGARITHM = assumed(Goal((), Claim("≥", minus(_T, UNIT), Term("log", _T))), "logarithm")


def axiom(goal: Goal, name: str) -> Theorem:
    """A claim that a user takes as known."""
    if not name or name in LOGARITHM.axioms:
        raise CoreError(f"an axiom has a name of its own, not {name!r}")
    return assumed(goal, name)
