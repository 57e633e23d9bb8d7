"""Proof records, carried out by the rules of the core.

:func:`theorem_of` gives the theorem that a statement's proof makes, or :class:`ProofError` with the step,
the fact and what is left.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from symderive.core import calculus, claims, rules, series
from symderive.core.budget import OutOfReachError, budget
from symderive.core.signs import require_defined
from symderive.core.terms import NATURAL, REAL, CoreError, Letter, num
from symderive.core.theorem import Goal, Theorem
from symderive.core.theorem import Use as Place
from symderive.proofs.elaborate import Elaborator, as_claim, kind_of
from symderive.proofs.explain import ProofError, explained, named
from symderive.proofs.places import Context, Proved, discharged, is_same, place, title
from symderive.proofs.readback import Reader
from symderive.statements.assumptions import is_random
from symderive.statements.claim import Claim, z
from symderive.statements.proof import (
    AXIOM,
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

__all__ = ["ProofError", "check", "theorem_of"]

#: Steps of work that the proof of one statement may take; those of the package take up to 40 000.
BUDGET = 500_000

#: How the message begins where the check itself went wrong: nothing is proved, and it is to be reported.
BREAKDOWN = "the check fails with"


def check(statement: Statement) -> None:
    """Accept the proof of a statement or raise :class:`ProofError`."""
    theorem_of(statement)


def theorem_of(statement: Statement) -> Theorem:
    """The theorem that a statement is, by its proof; :class:`ProofError` where there is none."""
    try:
        return _proved(statement).theorem
    except TypeError as error:  # the record has no hash
        raise ProofError(f"a record holds what may change ({error}); give tuples") from None
    except RecursionError:
        raise ProofError("out of reach: an expression is nested too deeply") from None


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
    except Exception as error:  # whatever goes wrong, nothing is proved
        return ProofError(f"{BREAKDOWN} {type(error).__name__}: {error}")


def _replayed(statement: Statement) -> Proved:
    if statement.proof is None:
        raise ProofError("no proof is given")
    elaborator = Elaborator(statement.definitions, random=is_random(statement))
    starts_at_zero = isinstance(statement.proof, Induct) and statement.proof.start == 0
    if starts_at_zero:  # the theorem holds from 0 on, whatever the symbol's kind
        variable = statement.proof.variable
        kind = kind_of(variable)
        if not kind.whole or kind.least is None:
            raise ProofError(f"induction from 0 runs over whole numbers ≥ 0, and {variable} may be another")
        elaborator.letters[variable] = Letter(str(variable), 0, NATURAL)
    claim = elaborator.claim(statement.claim, {})
    given = tuple(elaborator.claim(hypothesis, {}) for hypothesis in statement.given)
    goal = Goal(given, claim)
    context = Context(elaborator, {}, _proved, _prove)
    reader = Reader(elaborator)
    with explained(reader, goal, statement.claim):
        for hypothesis in given:
            opened, _ = hypothesis.open(goal.level)
            require_defined(goal.signs, *opened.terms)
    made = _prove(goal, statement.claim, statement.proof, context, statement.id)
    if made.claim != claim or made.given != given or made.scope:
        raise ProofError("the proof is one of another statement")
    if made.model and not elaborator.random:
        raise ProofError(
            "it rests on A, v and c being moments of the data, or on σ² being the variance of noise, and "
            "speaks of no expectation, which would say so"
        )
    return Proved(made, dict(elaborator.letters), statement.claim, statement.given)


def _prove(goal: Goal, claim: Claim, proof: Any, context: Context, name: str = "") -> Theorem:
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
    with explained(reader, goal, claim):
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
                because = tuple(discharged(goal, claim, goal.scope) for claim in needed)
                return series.implicit_series(goal, unknown, variable, exponent, power, because)
            case Instance():
                use = Use(proof.general, where=proof.where)
                return rules.instance(goal, place(goal, use, context, instance=True))
        if proof is AXIOM:
            if not goal.given and is_same(rules.LOGARITHM.claim, goal.claim):
                return rules.combination(goal, (Place(rules.LOGARITHM),))
            return rules.axiom(goal, name)
    raise ProofError(f"{proof!r} is not a proof")


def _combination(goal: Goal, claim: Claim, proof: Combine, context: Context, reader: Reader) -> Theorem:
    if goal.claim.relation == "⪰":
        if any(s == Letter("z", 1, REAL) for s in goal.claim.symbols):
            raise ProofError("z names the test vector of a matrix inequality; use another letter in it")
        context = replace(context, scope=context.scope | {z: goal.test})
        reader = replace(reader, scope=context.scope)
    uses = []
    for number, use in enumerate(proof.uses, 1):
        with explained(reader, goal, claim, f"fact {number}, {title(use.fact)}"):
            uses.append(place(goal, use, context))
    titles = [f"fact {number}, {title(use.fact)}" for number, use in enumerate(proof.uses, 1)]
    with explained(reader, goal, claim, facts=titles):
        plus = tuple(context.elaborator.term(term, context.scope) for term in proof.plus)
        return rules.combination(goal, tuple(uses), plus)


def _induction(goal: Goal, claim: Claim, proof: Induct, context: Context) -> Theorem:
    elaborator, variable = context.elaborator, proof.variable
    if proof.start not in (0, 1):
        raise ProofError("induction starts at 0 or 1")
    letter = elaborator.letter(variable, 0)

    def base(here: Goal) -> Theorem:
        with named("induction base"):
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
        with named("induction step"):
            return _prove(here.goal, claim, proof.step, inside)

    return rules.induction(goal, letter, proof.start, base, step)


def _both_ways(goal: Goal, claim: Claim, proof: BothWays, context: Context, reader: Reader) -> Theorem:
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
        with named(way):
            parts.append(_prove(implied, as_claim(written), part, inside))
    with explained(reader, goal, claim):
        return rules.equivalence(goal, *parts)
