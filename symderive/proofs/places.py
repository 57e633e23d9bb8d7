"""Facts as the core uses them: a record :class:`~symderive.statements.proof.Use` becomes one of the core.

Which hypothesis of the goal a fact's own is, up to algebra, is looked for here; the core checks it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symderive.core import claims, rules
from symderive.core.binders import abstract, instantiate, unfold
from symderive.core.budget import OutOfReachError
from symderive.core.forms import normalized
from symderive.core.signs import Signs, natural
from symderive.core.terms import WHOLE, CoreError, Letter, Term, at, fresh
from symderive.core.theorem import Goal, Theorem
from symderive.core.theorem import Use as Place
from symderive.proofs.elaborate import Elaborator
from symderive.proofs.explain import ProofError
from symderive.statements.claim import Claim, Relation, z
from symderive.statements.proof import HYPOTHESIS, Use
from symderive.statements.statement import Statement


@dataclass(frozen=True)
class Proved:
    """A theorem, with what it takes to use it: the letters of its symbols and its indices."""

    theorem: Theorem
    letters: dict[Any, Letter]
    claim: Claim
    given: tuple[Claim, ...]


@dataclass(frozen=True)
class Context:
    """Where a proof stands: what symbols mean, and the hypothesis of an induction.

    ``proved`` gives the theorem of a statement, ``prove`` that of a goal from a proof record.
    """

    elaborator: Elaborator
    scope: dict[Any, Any]
    proved: Callable[[Statement], Proved]
    prove: Callable[[Goal, Claim, Any, Context], Theorem]
    hypothesis: Proved | None = None


def title(fact: Any) -> str:
    """What messages call a fact."""
    if isinstance(fact, Claim):
        return f"the hypothesis {fact.left} {fact.relation.value} {fact.right}"
    return fact.id if isinstance(fact, Statement) else str(fact)


def place(goal: Goal, use: Use, context: Context, *, instance: bool = False) -> Place:
    """A use as one of the core, with its hypotheses proved; an ``instance`` keeps the fact's indices."""
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
    indices: tuple[Term, ...] = ()
    test = None
    if own.claim.relation is Relation.MATRIX_AT_LEAST and not instance:
        test = at(scope.get(z) or elaborator.letter(z, 1), Term("bound", 0))
        for pattern in [key for key in where if isinstance(key, sp.Indexed) and key.base == z]:
            test = _template(elaborator, pattern, where.pop(pattern), scope)
    elif not instance:
        indices = tuple(elaborator.term(where.pop(index, index), scope) for index, *_ in own.claim.over)
    letters = _letters(own, where, context)
    known = goal.outer if instance else goal.scope.union(over)
    because = _because(goal, fact, own, letters, use, context, known)
    times = elaborator.term(use.times, scope)
    return Place(fact, tuple(letters.items()), indices, test, times, tuple(over), because)


def _resolved(goal: Goal, fact: Any, context: Context) -> tuple[Theorem | claims.Claim, Proved]:
    """The theorem or hypothesis that a fact is, and how it is written."""
    if isinstance(fact, Claim):
        wanted = context.elaborator.claim(fact, context.scope)
        for candidate in (wanted, _unfolded(wanted)):
            for known in goal.given:
                if is_same(known, candidate):
                    return known, Proved(None, {}, fact, ())  # type: ignore[arg-type]
        raise ProofError(f"{fact.left} {fact.relation.value} {fact.right} is not a hypothesis")
    if fact is HYPOTHESIS:
        if context.hypothesis is None:
            raise ProofError("there is no induction hypothesis here")
        return context.hypothesis.theorem, context.hypothesis
    if not isinstance(fact, Statement):
        raise ProofError(f"{fact!r} is not a fact")
    try:
        own = context.proved(fact)
    except ProofError as error:
        raise ProofError(f"it rests on {fact.id}, which is not proved ({error})", error.remainder) from None
    return own.theorem, own


def is_same(known: claims.Claim, wanted: claims.Claim) -> bool:
    """Whether two claims are one, up to the algebra of their sides."""
    if known == wanted:
        return True
    if (known.relation, len(known.over)) != (wanted.relation, len(wanted.over)):
        return False
    # The same names on both sides: what is symmetric, as δ_jk, is put in an order by them.  One more than
    # there are indices, for the variable of a limit.
    names = tuple(fresh(WHOLE) for _ in range(len(known.over) + 1))
    return known.map(lambda term: normalized_inside(term, names)) == wanted.map(
        lambda term: normalized_inside(term, names)
    )


def normalized_inside(term: Term, names: tuple[Term, ...]) -> Term:
    """A term in normal form, its loose bound variables kept; ``names`` are new ones for these."""
    if not term.loose:
        return normalized(term)
    return abstract(normalized(instantiate(term, *names[: term.loose])), *names[: term.loose])


def _unfolded(claim: claims.Claim) -> claims.Claim:
    return claim.map(lambda term: unfold(term, lambda e: natural(Signs(), e)))


def _letters(own: Proved, where: dict[Any, Any], context: Context) -> dict[Letter, Term]:
    """What stands for the letters of a fact: as ``where`` says, else what the same symbol means here."""
    elaborator, scope = context.elaborator, context.scope
    found: dict[Letter, Term] = {}
    for key, value in where.items():
        base = key.base if isinstance(key, sp.Indexed) else key
        if base not in own.letters:
            raise ProofError(f"{key} is fixed where the fact is known, and cannot stand for something else")
        letter = own.letters[base]
        if letter.arity != len(getattr(key, "indices", ())):
            raise ProofError(f"{key} has other indices than {letter.name} has in the fact")
        found[letter] = (
            _template(elaborator, key, value, scope)
            if isinstance(key, sp.Indexed)
            else elaborator.term(value, scope)
        )
    for base, letter in own.letters.items():
        if letter in found:
            continue
        if base in scope:
            found[letter] = at(scope[base], Term("bound", 0)) if base == z else scope[base]
        elif isinstance(base, sp.Symbol) and elaborator.letter(base, 0) != letter:
            found[letter] = at(elaborator.letter(base, 0))
    return found


def _template(elaborator: Elaborator, pattern: Any, value: Any, scope: dict[Any, Term]) -> Term:
    """What stands for a family, as a term in its indices as bound variables."""
    if not all(isinstance(index, sp.Symbol) for index in pattern.indices):
        raise ProofError(f"{pattern} is no pattern of a family: its indices are letters")
    names = [fresh(WHOLE) for _ in pattern.indices]
    inside = scope | dict(zip(pattern.indices, names, strict=True))
    return abstract(elaborator.term(value, inside), *names)


def _because(
    goal: Goal,
    fact: Theorem | claims.Claim,
    own: Proved,
    letters: dict[Letter, Term],
    use: Use,
    context: Context,
    scope: frozenset[Term],
) -> tuple[Theorem, ...]:
    if not isinstance(fact, Theorem):
        return ()
    if len(use.given) > len(fact.given):
        raise ProofError("there are more proofs of hypotheses than hypotheses")
    found = []
    for number, hypothesis in enumerate(fact.given):
        wanted = hypothesis.at(letters)
        proof = use.given[number] if number < len(use.given) else None
        if proof is None:
            found.append(discharged(goal, wanted, scope))
        else:
            found.append(context.prove(Goal(goal.given, wanted, scope), own.given[number], proof, context))
    return tuple(found)


def discharged(goal: Goal, wanted: claims.Claim, scope: frozenset[Term]) -> Theorem:
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
