"""Theorems, and the rules that alone make them.

A :class:`Theorem` says: for all values of its letters, each of its kind, at which the hypotheses are defined
and true, the claim is defined and true.  Its ``scope`` are generic letters for which it is known only (the
variable of an induction that goes on).  A rule checks every hypothesis of the theorem that it stands for, and
raises :class:`~.terms.CoreError` for what it cannot show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from .averages import MOMENTS, is_random_symbol
from .claims import Claim, Limit
from .forms import is_natural, is_whole, is_zero, normalized, number
from .signs import Signs, natural, require_defined
from .terms import (
    INF,
    MINUS,
    NATURAL,
    POSITIVE,
    REAL,
    SELF,
    UNIT,
    WHOLE,
    ZERO,
    CoreError,
    Head,
    Letter,
    Random,
    Term,
    abstract,
    add,
    at,
    behind,
    fresh,
    instantiate,
    minus,
    mul,
    neg,
    num,
    unfold,
)

_SEAL = object()


class Theorem:
    """A proved claim; made by the rules of this folder only, and never changed."""

    __slots__ = ("axioms", "claim", "given", "model", "scope")
    given: tuple[Claim, ...]
    claim: Claim
    scope: frozenset[Term]
    axioms: frozenset[str]
    model: bool

    def __init__(self, seal: object, given: Any, claim: Any, scope: Any, axioms: Any, model: bool) -> None:
        if seal is not _SEAL:
            raise TypeError("a theorem is made by a rule of the core only")
        values = (given, claim, scope, axioms, model)
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

    @cached_property
    def level(self) -> int:
        """The first number of a generic letter that is free for use here."""
        used = self.outer.union(self.claim.generics, *(claim.generics for claim in self.given))
        return max((letter.args[0] for letter in used), default=0) + 1

    @cached_property
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
        """The test vector of a matrix inequality, a letter that nobody can write."""
        return Letter(f"⟨z{self.level}⟩", 1, REAL)

    @cached_property
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
    """A fact at some place, ``times`` a coefficient, summed ``over`` ranges.

    ``fact`` is a theorem, or a hypothesis of the goal.  ``letters`` are pairs of a letter of the theorem and
    what it stands for, a template; ``indices`` what the fact's own indices are; ``test`` the template of
    the test vector of a matrix inequality.  ``because`` holds a theorem for each hypothesis of the fact, or
    None where it is a hypothesis of the goal or a sign that can be read off.
    """

    fact: Theorem | Claim
    letters: tuple[tuple[Letter, Term], ...] = ()
    indices: tuple[Term, ...] = ()
    test: Term | None = None
    times: Term = UNIT
    over: tuple[Term, ...] = ()
    because: tuple[Theorem | None, ...] = ()


def quadratic(claim: Claim, vector: Term) -> Term:
    """Σ_jk z_j z_k (left - right) of a matrix inequality at a template for z."""
    low, high = claim.over[0]
    if len(claim.over) != 2 or claim.over[1] != claim.over[0]:
        raise CoreError("the two indices of a matrix inequality have one range")
    j, k = fresh(WHOLE, low, high), fresh(WHOLE, low, high)
    entry = claim.instance(j, k).difference
    body = mul(instantiate(vector, j), instantiate(vector, k), entry)
    return Term("sum", low, high, abstract(Term("sum", low, high, abstract(body, k)), j))


def _made(goal: Goal, *used: Theorem | Claim | Term | None) -> Theorem:
    """The theorem that a goal becomes, with all that it rests on."""
    if not goal.claim.generics.union(*(claim.generics for claim in goal.given)) <= goal.outer:
        raise CoreError("a claim or hypothesis speaks of an index that has no meaning")
    theorems = [fact for fact in used if isinstance(fact, Theorem)]
    symbols = goal.claim.symbols.union(*(claim.symbols for claim in goal.given))
    symbols = symbols.union(*(term.symbols for term in used if isinstance(term, Term)))
    model = any(isinstance(s, Random) and s != SELF for s in behind(symbols))
    return Theorem(
        _SEAL,
        goal.given,
        goal.claim,
        goal.outer,
        frozenset().union(*(theorem.axioms for theorem in theorems)),
        model or any(theorem.model for theorem in theorems),
    )


# -- facts where they are used -----------------------------------------------------------------------------


def at_place(goal: Goal, use: Use) -> Claim:
    """The claim of a fact where it is used, everything checked that makes it true there."""
    scope = goal.scope
    for letter in use.over:
        if (
            letter.op != "generic"
            or letter in scope
            or letter.args[0] < goal.level
            or letter.args[3] is None
        ):
            raise CoreError("a fact is summed over ranges of its own, finitely many")
        if not (letter.generics - {letter} <= scope and all(map(is_whole, letter.args[2:]))):
            raise CoreError("the range of a sum over a fact is not known here")
        scope |= {letter}
    table = dict(use.letters)
    templates = [*table.values(), use.times, *use.indices, *([use.test] if use.test is not None else [])]
    for term in templates:
        if not term.generics <= scope:
            raise CoreError("an index has no meaning here")
        if any(map(is_random_symbol, term.symbols)) and term is not use.times:
            raise CoreError("a random variable does not stand for a letter")
    require_defined(goal.signs, use.times, *use.indices)
    if isinstance(use.fact, Theorem):
        given, claim = _instantiated(goal, use.fact, table)
        _require_hypotheses(goal, given, use.because, scope)
    else:
        claim = use.fact
        if claim not in goal.given or table or use.because:
            raise CoreError(
                "it is not a hypothesis, or something is put in for its letters, which are fixed"
            )
    if claim.relation == "⪰":
        if use.test is None:
            raise CoreError("a matrix inequality is used at a vector")
        _require_template(goal, Letter("z", 1, REAL), use.test)
        return Claim("≥", quadratic(claim, use.test), ZERO)
    if len(use.indices) != len(claim.over):
        raise CoreError(f"the fact has {len(claim.over)} indices, and {len(use.indices)} are given")
    for index, (low, high) in zip(use.indices, claim.ranges(*use.indices), strict=True):
        _require_between(index, low, high)
    return claim.instance(*use.indices)


def _instantiated(
    goal: Goal, theorem: Theorem, table: dict[Letter, Term]
) -> tuple[tuple[Claim, ...], Claim]:
    if not theorem.scope <= goal.scope:
        raise CoreError("the fact is known inside an induction only, and used outside")
    for letter, template in table.items():
        if theorem.model and letter in MOMENTS:
            raise CoreError(f"{letter.name} is a moment of the model and cannot stand for something else")
        _require_template(goal, letter, template)
    return tuple(claim.at(table) for claim in theorem.given), theorem.claim.at(table)


def _require_template(goal: Goal, letter: Letter, template: Term) -> None:
    """What stands for a letter is defined and of its kind, at all whole numbers as indices."""
    value = instantiate(template, *(fresh(WHOLE) for _ in range(letter.arity)))
    require_defined(goal.signs, value)
    whole, least = letter.kind
    for what, holds in (
        ("a whole number", not whole or is_whole(value)),
        ("positive", least != 1 or goal.signs.is_positive(value)),
        ("non-negative", least != 0 or goal.signs.is_nonnegative(value)),
    ):
        if not holds:
            raise NotOfKind(letter, what, value)


class NotOfKind(CoreError):
    """What is put in for a letter is not known to be of its kind."""

    def __init__(self, letter: Letter, what: str, value: Term) -> None:
        super().__init__(f"{letter.name} is {what}, and what stands for it is not known to be")
        self.letter, self.what, self.value = letter, what, value


def _require_hypotheses(
    goal: Goal, given: tuple[Claim, ...], because: tuple[Theorem | None, ...], scope: frozenset[Term]
) -> None:
    if len(because) > len(given):
        raise CoreError("there are more proofs of hypotheses than hypotheses")
    proofs = (*because, *(None,) * (len(given) - len(because)))
    for hypothesis, proof in zip(given, proofs, strict=True):
        if proof is None:
            if not is_known(goal, hypothesis):
                raise NotDischarged(hypothesis)
        elif not (proof.scope <= scope and set(proof.given) <= set(goal.given)):
            raise CoreError("a hypothesis is proved under other hypotheses than those at hand")
        elif proof.claim != hypothesis:
            raise NotDischarged(hypothesis)


class NotDischarged(CoreError):
    """A hypothesis of a fact is not known where the fact is used."""

    def __init__(self, hypothesis: Claim) -> None:
        super().__init__("a hypothesis of the fact is not discharged")
        self.hypothesis = hypothesis


_WEAKER = {"≥": ">≥=", ">": ">", "=": "=", "≠": ">≠", "⪰": "⪰"}


def is_known(goal: Goal, claim: Claim) -> bool:
    """Whether a claim is a hypothesis up to algebra, on the same ranges or wider, or a sign to be read off."""
    if claim.relation not in _WEAKER:
        return False
    level = max(letter.args[0] for letter in goal.scope | claim.generics | {Term("generic", goal.level)})
    opened, names = claim.open(level + 1)
    require_defined(goal.signs, opened.left, opened.right)
    for known in goal.given:
        if known.relation not in _WEAKER[claim.relation] or len(known.over) != len(claim.over):
            continue
        try:
            for index, (low, high) in zip(names, known.ranges(*names), strict=True):
                _require_between(index, low, high)
        except CoreError:
            continue
        if is_zero(minus(opened.difference, known.instance(*names).difference)):
            return True
    if opened.relation == "≥":
        return goal.signs.is_nonnegative(opened.difference)
    return opened.relation == ">" and goal.signs.is_positive(opened.difference)


def _require_between(index: Term, low: Term, high: Term) -> None:
    """An index lies in low..high, by the range of a generic letter in it or as a number."""
    spans = [(index, index)]
    for letter in index.generics:
        gap = number(minus(index, letter))
        if gap is not None and letter.args[3] is not None:
            spans.append((add(letter.args[2], num(gap)), add(letter.args[3], num(gap))))
    if is_whole(index):
        for least, most in spans:
            if is_natural(minus(least, low)) and is_natural(minus(high, most)):
                return
    raise NotInRange(index, low, high)


class NotInRange(CoreError):
    """An index at which a fact is used is not known to lie in the fact's range."""

    def __init__(self, index: Term, low: Term, high: Term) -> None:
        super().__init__("an index is not known to lie in the range of the fact")
        self.index, self.low, self.high = index, low, high


# -- the rules ---------------------------------------------------------------------------------------------


class Remainder(CoreError):
    """What is left of left - right after the facts and the non-negative rest, and is not zero."""

    def __init__(
        self, term: Term, why: str = "left - right is not the combination of facts that the proof claims"
    ) -> None:
        super().__init__(why)
        self.term = term


def combination(goal: Goal, uses: tuple[Use, ...] = (), plus: tuple[Term, ...] = ()) -> Theorem:
    """left - right = Σ uses + Σ plus, where facts that are inequalities have coefficients ≥ 0 and plus ≥ 0.

    An equation rests on equations.  A strict inequality has a strict fact with a positive coefficient, over
    a range that is not empty, or a positive rest.
    """
    claim, signs = goal.opened, goal.signs
    if claim.relation not in ("=", "≥", ">", "≠"):
        raise CoreError(f"a combination does not prove a claim with {claim.relation}")
    equation, strict = claim.relation == "=", False
    rest, series = [claim.difference], set()
    for use in uses:
        fact = at_place(goal, use)
        if fact.relation not in ("=", "≥", ">"):
            raise CoreError(f"a fact with {fact.relation} does not enter a combination")
        if fact.relation != "=":
            if equation:
                raise CoreError("an equation cannot rest on an inequality")
            positive = signs.is_positive(use.times)
            if not (positive or signs.is_nonnegative(use.times)):
                raise CoreError(
                    "a coefficient is not known to be non-negative and multiplies an inequality"
                )
            nonempty = all(is_natural(minus(letter.args[3], letter.args[2])) for letter in use.over)
            strict |= fact.relation == ">" and positive and nonempty
        series |= _infinite_sums(fact.left) | _infinite_sums(fact.right)
        term = mul(use.times, fact.difference)
        for letter in reversed(use.over):
            term = Term("sum", *letter.args[2:], abstract(term, letter))
        rest.append(neg(term))
    require_defined(signs, claim.left, claim.right, *plus, series=frozenset(series))
    for term in plus:
        if not term.generics <= goal.scope:
            raise CoreError("an index has no meaning here")
        if equation and not is_zero(term):
            raise CoreError("an equation has no room for a non-negative rest")
        if not signs.is_nonnegative(term):
            raise NotNonnegative(term)
        strict |= signs.is_positive(term)
        rest.append(neg(term))
    if claim.relation in (">", "≠") and not strict:
        raise CoreError("nothing shows that the inequality is strict")
    if not is_zero(left := add(*rest)):
        raise Remainder(left)
    parts = (part for use in uses for part in (use.fact, *use.because, use.times))
    values = (value for use in uses for _, value in use.letters)
    return _made(goal, *parts, *values, *plus)


class NotNonnegative(CoreError):
    """A term of the rest has no sign that can be read off."""

    def __init__(self, term: Term) -> None:
        super().__init__("a term of the rest is not manifestly non-negative")
        self.term = term


def _infinite_sums(term: Term) -> set[Term]:
    own = {normalized(term)} if term.op == "sum" and term.args[1] == INF and not term.loose else set()
    return own.union(*(_infinite_sums(part) for part in term.parts if part.op != "generic"))


def instance(goal: Goal, use: Use) -> Theorem:
    """The goal is a theorem at values of its letters, up to algebra on both sides."""
    if not isinstance(use.fact, Theorem) or use.over or use.times != UNIT or use.indices:
        raise CoreError("an instance is one of a theorem")
    given, claim = _instantiated(goal, use.fact, dict(use.letters))
    for _, value in use.letters:
        if any(map(is_random_symbol, value.symbols)) or not value.generics <= goal.outer:
            raise CoreError("a random variable or an index without meaning does not stand for a letter")
    _require_hypotheses(goal, given, use.because, goal.outer)
    _require_same(goal, claim, goal.claim)
    return _made(goal, use.fact, *use.because)


def _require_same(goal: Goal, known: Claim, wanted: Claim) -> None:
    if (known.relation, len(known.over)) != (wanted.relation, len(wanted.over)):
        raise CoreError("it is not of the form of the general statement")
    level = max(goal.level, 1)
    one, names = wanted.open(level)
    for ends, own in zip(known.ranges(*names), wanted.ranges(*names), strict=True):
        if not all(is_zero(minus(a, b)) for a, b in zip(ends, own, strict=True)):
            raise CoreError("it has other ranges than the general statement")
    other = known.instance(*names)
    for left, right in ((other.left, one.left), (other.right, one.right)):
        if isinstance(left, Claim) and isinstance(right, Claim):
            _require_same(goal, left, right)
            continue
        if isinstance(left, Limit) and isinstance(right, Limit):
            if (left.kind, left.to_infinity) != (right.kind, right.to_infinity):
                raise CoreError("it is another limit than that of the general statement")
            variable = fresh(left.kind)
            left, right = instantiate(left.body, variable), instantiate(right.body, variable)
        if isinstance(left, Term) and isinstance(right, Term):
            if right != INF:
                require_defined(goal.signs, right, series=frozenset(_infinite_sums(left)))
            if left != right and not is_zero(minus(left, right)):
                raise Remainder(minus(left, right))
        elif left != right:
            raise CoreError("it is not of the form of the general statement")


def by_order(goal: Goal, at_least: Theorem, at_most: Theorem) -> Theorem:
    """left = right from left ≥ right and right ≥ left."""
    claim = goal.claim
    wanted = (("≥", claim.left, claim.right), ("≥", claim.right, claim.left))
    if claim.relation != "=":
        raise CoreError("two inequalities prove an equation")
    for theorem, parts in zip((at_least, at_most), wanted, strict=True):
        _require_proved(theorem, goal.given, Claim(*parts, claim.over), goal.outer)
    return _made(goal, at_least, at_most)


def equivalence(goal: Goal, forward: Theorem, backward: Theorem) -> Theorem:
    """left ⇔ right from left ⇒ right and right ⇒ left, all of both sides defined."""
    claim = goal.opened
    if claim.relation != "⇔":
        raise CoreError("two directions prove an equivalence")
    for theorem, premise, conclusion in (
        (forward, claim.left, claim.right),
        (backward, claim.right, claim.left),
    ):
        require_defined(goal.signs, premise.left, premise.right)
        _require_proved(theorem, (*goal.given, premise), conclusion, goal.scope)
    return _made(goal, forward, backward)


def _require_proved(
    theorem: Theorem, given: tuple[Claim, ...], claim: Claim, scope: frozenset[Term]
) -> None:
    if theorem.claim != claim or not set(theorem.given) <= set(given) or not theorem.scope <= scope:
        raise CoreError("a part proves something else than is asked for")


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
    m = fresh(NATURAL, num(start))
    signs = Signs(())

    def moved(value: Term, claim: Claim) -> Claim:
        claim = claim.at({letter: value})
        return claim.map(lambda term: unfold(term, lambda e: natural(signs, e)))

    def goal_at(value: Term, outer: frozenset[Term]) -> Goal:
        return Goal(tuple(moved(value, claim) for claim in goal.given), moved(value, goal.claim), outer)

    first = goal_at(num(start), goal.outer)
    _require_proved(base_proof := base(first), first.given, first.claim, first.outer)
    inside = goal.outer | {m}
    here = Goal(tuple(c.at({letter: m}) for c in goal.given), goal.claim.at({letter: m}), inside)
    following = goal_at(add(m, UNIT), inside)
    step_proof = step(Step(following, _made(here), m))
    _require_proved(step_proof, following.given, following.claim, inside)
    return _made(goal, base_proof, step_proof)


def define(name: str, arity: int, base: Term, step: Term) -> Head:
    """The family with head[0, …] = base and head[i, …] = step for i ≥ 1, or :class:`CoreError`.

    Both are terms in the indices as bound variables; the step speaks of the head, written ``SELF``, at
    i - 1 only, and the base not at all; so there is one such family.
    """
    indices = (fresh(WHOLE, UNIT), *(fresh(WHOLE) for _ in range(arity - 1)))
    opened = instantiate(base, *indices), instantiate(step, *indices)
    if SELF in opened[0].symbols or indices[0] in opened[0].generics:
        raise CoreError(f"the base of {name} speaks of the head or of its layer")
    before = add(indices[0], MINUS)

    def recalls(term: Term) -> None:
        if term.op == "at" and term.args[0] == SELF:
            if len(term.args) != arity + 1 or not is_zero(minus(term.args[1], before)):
                raise CoreError(f"the step of {name} speaks of it at another place than one layer below")
        for part in term.parts:
            recalls(part)

    recalls(opened[1])
    require_defined(Signs(), *opened)
    return Head(name, arity, base, step)


#: ln t ≤ t - 1 for t > 0, the tangent of the concave logarithm at 1: the one axiom of the core.
_T = Letter("t", 0, POSITIVE)
LOGARITHM = Theorem(
    _SEAL,
    (),
    Claim("≥", minus(at(_T), UNIT), Term("log", at(_T))),
    frozenset(),
    frozenset({"logarithm"}),
    False,
)


def axiom(goal: Goal, name: str) -> Theorem:
    """A claim that a user takes as known; its name stands in every theorem that rests on it."""
    if name in LOGARITHM.axioms:
        raise CoreError(f"{name} is the name of the core's own axiom, and this is another claim")
    made = _made(goal)
    return Theorem(_SEAL, made.given, made.claim, made.scope, made.axioms | {name}, made.model)
