"""Proof records, carried out by the rules of the core.

:func:`theorem_of` gives the theorem that a statement's proof makes, or :class:`ProofError` with the step,
the fact and what is left.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import sympy as sp

from symderive.core import calculus, claims, rules, series
from symderive.core.budget import OutOfReachError, budget
from symderive.core.forms import normalized
from symderive.core.signs import Signs, natural, require_defined
from symderive.core.terms import (
    NATURAL,
    REAL,
    WHOLE,
    CoreError,
    Letter,
    Term,
    abstract,
    at,
    fresh,
    instantiate,
    num,
    unfold,
)
from symderive.core.theorem import Goal, Theorem, at_place
from symderive.core.theorem import Use as Place
from symderive.proofs.elaborate import Elaborator, as_claim, is_random
from symderive.proofs.readback import Reader
from symderive.statements.claim import Claim, Relation, z
from symderive.statements.proof import (
    AXIOM,
    HYPOTHESIS,
    BothWays,
    Combine,
    CountRoots,
    Differentiate,
    ImplicitSeries,
    Induct,
    Instance,
    LeadingTerms,
    PowerSeries,
    Use,
)
from symderive.statements.statement import Statement

#: Steps of the normal form that the proof of one statement may take.
BUDGET = 3_000_000


class ProofError(Exception):
    """A proof that is refused; the message says at which step, ``remainder`` what is left there."""

    def __init__(self, message: str, remainder: Any = None) -> None:
        super().__init__(message)
        self.remainder = remainder


@dataclass(frozen=True)
class Proved:
    """A theorem, with what it takes to use it: the letters of its symbols and its indices."""

    theorem: Theorem
    letters: dict[Any, Letter]
    claim: Claim
    given: tuple[Claim, ...]


@dataclass(frozen=True)
class _Context:
    """Where a proof stands: what symbols mean, and the hypothesis of an induction."""

    elaborator: Elaborator
    scope: dict[Any, Any]
    hypothesis: Proved | None = None


def check(statement: Statement) -> None:
    """Accept the proof of a statement or raise :class:`ProofError`."""
    theorem_of(statement)


def theorem_of(statement: Statement) -> Theorem:
    """The theorem that a statement is, by its proof; :class:`ProofError` where there is none."""
    return _proved(statement).theorem


def _proved(statement: Statement) -> Proved:
    outcome = _outcome(statement)
    if isinstance(outcome, ProofError):
        raise ProofError(str(outcome), outcome.remainder)
    return outcome


@lru_cache(maxsize=4096)
def _outcome(statement: Statement) -> Proved | ProofError:
    try:
        with budget(BUDGET):
            return _replayed(statement)
    except ProofError as error:
        return error
    except OutOfReachError as error:
        return ProofError(f"out of reach: {error}")
    except CoreError as error:
        return ProofError(str(error))
    except RecursionError:
        return ProofError("out of reach: an expression is nested too deeply")


def _replayed(statement: Statement) -> Proved:
    if statement.proof is None:
        raise ProofError("no proof is given")
    elaborator = Elaborator(statement.definitions, random=is_random(statement))
    starts_at_zero = isinstance(statement.proof, Induct) and statement.proof.start == 0
    if starts_at_zero:  # the theorem holds from 0 on, whatever the symbol's kind
        variable = statement.proof.variable
        elaborator.letters[variable] = Letter(str(variable), 0, NATURAL)
    claim = elaborator.claim(statement.claim, {})
    given = tuple(elaborator.claim(hypothesis, {}) for hypothesis in statement.given)
    goal = Goal(given, claim)
    context = _Context(elaborator, {})
    reader = Reader(elaborator)
    with _explained(reader, goal, statement.claim):
        for hypothesis in given:
            opened, _ = hypothesis.open(goal.level)
            require_defined(goal.signs, *opened.terms)
    made = _prove(goal, statement.claim, statement.proof, context, statement.id)
    if made.claim != claim or made.given != given or made.scope:
        raise ProofError("the proof is one of another statement")
    return Proved(made, dict(elaborator.letters), statement.claim, statement.given)


def _prove(goal: Goal, claim: Claim, proof: Any, context: _Context, name: str = "") -> Theorem:
    """The theorem for a goal; ``claim`` gives its indices their names."""
    scope = context.scope | {
        index: letter for (index, *_), letter in zip(claim.over, goal.names, strict=False)
    }
    inside = replace(context, scope=scope)
    reader = Reader(context.elaborator, scope)
    match proof:
        case Combine():
            return _combination(goal, claim, proof, inside, reader)
        case Differentiate():
            return _prove(goal, claim, proof.then, context)
        case Induct():
            return _induction(goal, claim, proof, context)
        case BothWays():
            return _both_ways(goal, claim, proof, context, reader)
    with _explained(reader, goal, claim):
        match proof:
            case LeadingTerms():
                return calculus.limit(goal)
            case CountRoots():
                return calculus.count(goal)
            case PowerSeries():
                return series.power_series(
                    goal, tuple(context.elaborator.term(p, scope) for p in proof.equation)
                )
            case ImplicitSeries():
                unknown, variable, power = (
                    context.elaborator.letter(s, 0) for s in (proof.unknown, proof.variable, proof.power)
                )
                exponent = context.elaborator.term(proof.exponent, scope)
                needed = series.implicit_hypotheses(unknown, variable, exponent)
                because = tuple(_discharged(goal, claim, goal.scope) for claim in needed)
                return series.implicit_series(goal, unknown, variable, exponent, power, because)
            case Instance():
                use = Use(proof.general, where=proof.where)
                return rules.instance(goal, _core_use(goal, use, inside, instance=True))
        if proof is AXIOM:
            if not goal.given and _is_same(rules.LOGARITHM.claim, goal.claim):
                return rules.combination(goal, (Place(rules.LOGARITHM),))
            return rules.axiom(goal, name)
    raise ProofError(f"{proof!r} is not a proof")


def _combination(goal: Goal, claim: Claim, proof: Combine, context: _Context, reader: Reader) -> Theorem:
    if goal.claim.relation == "⪰":
        if any(s == Letter("z", 1, REAL) for s in goal.claim.symbols):
            raise ProofError("z names the test vector of a matrix inequality; use another letter in it")
        context = replace(context, scope=context.scope | {z: goal.test})
    uses = []
    for number, use in enumerate(proof.uses, 1):
        with _explained(reader, goal, claim, f"fact {number}, {_title(use.fact)}"):
            uses.append(_core_use(goal, use, context))
            at_place(goal, uses[-1])
    with _explained(reader, goal, claim):
        plus = tuple(context.elaborator.term(term, context.scope) for term in proof.plus)
        return rules.combination(goal, tuple(uses), plus)


def _title(fact: Any) -> str:
    if isinstance(fact, Statement):
        return fact.id
    return (
        f"the hypothesis {fact.left} {fact.relation.value} {fact.right}"
        if isinstance(fact, Claim)
        else str(fact)
    )


def _core_use(goal: Goal, use: Use, context: _Context, *, instance: bool = False) -> Place:
    elaborator, scope = context.elaborator, dict(context.scope)
    over: list[Term] = []
    for name, low, high in reversed(use.over):  # the last is the outermost, as in a SymPy sum
        if name in scope:
            raise ProofError(f"{name} has a meaning already and cannot be summed over")
        ends = elaborator.term(low, scope), elaborator.term(high, scope)
        over.append(goal.index(len(over), *ends))
        scope[name] = over[-1]
    context = replace(context, scope=scope)
    fact, own = _resolved(goal, use.fact, context)
    where = dict(use.where)
    indices = (
        ()
        if instance
        else tuple(elaborator.term(where.pop(index, index), scope) for index, *_ in own.claim.over)
    )
    test = None
    if own.claim.relation is Relation.MATRIX_AT_LEAST and not instance:
        indices, patterns = (), [key for key in where if isinstance(key, sp.Indexed) and key.base == z]
        test = at(scope.get(z) or elaborator.letter(z, 1), Term("bound", 0))
        for pattern in patterns:
            test = _template(elaborator, pattern, where.pop(pattern), scope)
    letters = _letters(own, where, context)
    because = _because(goal, fact, own, letters, use, replace(context, scope=scope), frozenset(over))
    times = elaborator.term(use.times, scope)
    return Place(fact, tuple(letters.items()), indices, test, times, tuple(over), because)


def _resolved(goal: Goal, fact: Any, context: _Context) -> tuple[Theorem | claims.Claim, Proved]:
    """The theorem or hypothesis that a fact is, and how it is written."""
    if isinstance(fact, Claim):
        wanted = context.elaborator.claim(fact, context.scope)
        for candidate in (wanted, _unfolded(wanted)):
            for known in goal.given:
                if _is_same(known, candidate):
                    return known, Proved(None, {}, fact, ())  # type: ignore[arg-type]
        raise ProofError(f"{fact.left} {fact.relation.value} {fact.right} is not a hypothesis")
    if fact is HYPOTHESIS:
        if context.hypothesis is None:
            raise ProofError("there is no induction hypothesis here")
        return context.hypothesis.theorem, context.hypothesis
    if not isinstance(fact, Statement):
        raise ProofError(f"{fact!r} is not a fact")
    try:
        own = _proved(fact)
    except ProofError as error:
        raise ProofError(f"it rests on {fact.id}, which is not proved ({error})", error.remainder) from None
    return own.theorem, own


def _is_same(known: claims.Claim, wanted: claims.Claim) -> bool:
    if known == wanted:
        return True
    if (known.relation, len(known.over)) != (wanted.relation, len(wanted.over)):
        return False
    return known.map(normalized_inside) == wanted.map(normalized_inside)


def normalized_inside(term: Term) -> Term:
    """A term in normal form, its loose bound variables kept."""
    if not term.loose:
        return normalized(term)
    names = [fresh(WHOLE) for _ in range(term.loose)]
    return abstract(normalized(instantiate(term, *names)), *names)


def _unfolded(claim: claims.Claim) -> claims.Claim:
    return claim.map(lambda term: unfold(term, lambda e: natural(Signs(), e)))


def _letters(own: Proved, where: dict[Any, Any], context: _Context) -> dict[Letter, Term]:
    """What stands for the letters of a fact: as ``where`` says, else what the same symbol means here."""
    elaborator, scope = context.elaborator, context.scope
    found: dict[Letter, Term] = {}
    for key, value in where.items():
        base = key.base if isinstance(key, sp.Indexed) else key
        if base not in own.letters:
            raise ProofError(f"{key} is fixed where the fact is known, and cannot stand for something else")
        letter = own.letters[base]
        found[letter] = (
            _template(elaborator, key, value, scope)
            if isinstance(key, sp.Indexed)
            else elaborator.term(value, scope)
        )
    for base, letter in own.letters.items():
        if letter in found:
            continue
        if base in scope:
            found[letter] = scope[base]
        elif isinstance(base, sp.Symbol) and elaborator.letter(base, 0) != letter:
            found[letter] = at(elaborator.letter(base, 0))
    return found


def _template(elaborator: Elaborator, pattern: Any, value: Any, scope: dict[Any, Term]) -> Term:
    """What stands for a family, as a term in its indices as bound variables."""
    names = [fresh(WHOLE) for _ in pattern.indices]
    inside = scope | dict(zip(pattern.indices, names, strict=True))
    return abstract(elaborator.term(value, inside), *names)


def _because(
    goal: Goal,
    fact: Theorem | claims.Claim,
    own: Proved,
    letters: dict[Letter, Term],
    use: Use,
    context: _Context,
    over: frozenset[Term],
) -> tuple[Theorem, ...]:
    if not isinstance(fact, Theorem):
        return ()
    if len(use.given) > len(fact.given):
        raise ProofError("there are more proofs of hypotheses than hypotheses")
    scope = goal.scope | over
    found = []
    for number, hypothesis in enumerate(fact.given):
        wanted = hypothesis.at(letters)
        proof = use.given[number] if number < len(use.given) else None
        if proof is None:
            found.append(_discharged(goal, wanted, scope))
        else:
            found.append(_prove(Goal(goal.given, wanted, scope), own.given[number], proof, context))
    return tuple(found)


def _discharged(goal: Goal, wanted: claims.Claim, scope: frozenset[Term]) -> Theorem:
    """A hypothesis of a fact: one of the goal's up to algebra, on the same ranges or wider, or a sign."""
    here = Goal(goal.given, wanted, scope)
    attempts = [
        (Place(known, indices=here.names, test=at(here.test, Term("bound", 0))),)
        for known in goal.given
        if known.relation in _WEAKER.get(wanted.relation, "") and len(known.over) == len(wanted.over)
    ]
    for uses in attempts:
        try:
            return rules.combination(here, uses)
        except OutOfReachError:
            raise
        except CoreError:
            continue
    try:
        if wanted.relation in ("≥", ">"):
            return rules.combination(here, plus=(here.opened.difference,))
    except OutOfReachError:
        raise
    except CoreError:
        pass
    raise CoreError("the hypothesis {} is not discharged", wanted)


#: What a hypothesis may be where one of a fact is asked for.
_WEAKER = {"≥": ("≥", ">", "="), ">": (">",), "=": ("=",), "≠": (">", "≠"), "⪰": ("⪰",)}


def _induction(goal: Goal, claim: Claim, proof: Induct, context: _Context) -> Theorem:
    elaborator, variable = context.elaborator, proof.variable
    if proof.start not in (0, 1):
        raise ProofError("induction starts at 0 or 1")
    letter = elaborator.letter(variable, 0)

    def base(here: Goal) -> Theorem:
        with _named("induction base"):
            return _prove(
                here,
                claim,
                proof.base,
                replace(context, scope=context.scope | {variable: num(proof.start)}),
            )

    def step(here: rules.Step) -> Theorem:
        letters = {key: value for key, value in elaborator.letters.items() if key != variable}
        hypothesis = Proved(here.hypothesis, letters, claim, ())
        hypothesis = replace(hypothesis, given=(claim,) * len(here.hypothesis.given))
        inside = replace(context, scope=context.scope | {variable: here.variable}, hypothesis=hypothesis)
        with _named("induction step"):
            return _prove(here.goal, claim, proof.step, inside)

    return rules.induction(goal, letter, proof.start, base, step)


def _both_ways(goal: Goal, claim: Claim, proof: BothWays, context: _Context, reader: Reader) -> Theorem:
    if goal.claim.relation == "=":
        parts = []
        for left, right, part in (
            (goal.claim.left, goal.claim.right, proof.forward),
            (goal.claim.right, goal.claim.left, proof.backward),
        ):
            order = replace(goal, claim=claims.Claim("≥", left, right, goal.claim.over))
            parts.append(_prove(order, claim, part, context))
        return rules.by_order(goal, *parts)
    if goal.claim.relation != "⇔":
        raise ProofError("two directions prove an equivalence or an equation only")
    scope = context.scope | {
        index: letter for (index, *_), letter in zip(claim.over, goal.names, strict=True)
    }
    inside = replace(context, scope=scope)
    opened = goal.opened
    parts = []
    for premise, conclusion, written, part, way in (
        (opened.left, opened.right, claim.right, proof.forward, "forward"),
        (opened.right, opened.left, claim.left, proof.backward, "backward"),
    ):
        implied = Goal((*goal.given, premise), conclusion, goal.scope)
        with _named(way):
            parts.append(_prove(implied, as_claim(written), part, inside))
    with _explained(reader, goal, claim):
        return rules.equivalence(goal, *parts)


# -- errors that say what is missing -----------------------------------------------------------------------


@contextmanager
def _named(step: str) -> Iterator[None]:
    try:
        yield
    except ProofError as error:
        raise ProofError(f"{step}: {error}", error.remainder) from None
    except OutOfReachError:
        raise
    except CoreError as error:
        raise ProofError(f"{step}: {error}") from None


@contextmanager
def _explained(reader: Reader, goal: Goal, claim: Claim, where: str = "") -> Iterator[None]:
    """Errors of the core in the statement's own letters."""
    prefix = f"{where}: " if where else ""
    try:
        yield
    except ProofError as error:
        raise ProofError(f"{prefix}{error}", error.remainder) from None
    except OutOfReachError as error:
        raise ProofError(f"{prefix}out of reach: {error}") from None
    except CoreError as error:
        message, remainder = _message(reader.naming(claim, goal.names), error)
        raise ProofError(f"{prefix}{message}", remainder) from None


def _message(reader: Reader, error: CoreError) -> tuple[str, Any]:
    parts = (reader.text(part) for part in error.parts)
    message = error.message.format(*parts)
    if error.left is None:
        return message, None
    left = reader.remainder(error.left)
    return f"{message}; what is left is {left}", left
