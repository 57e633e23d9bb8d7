"""The verdict on a statement, from its proof, its independent test and its near-misses."""

from __future__ import annotations

import time
from collections.abc import Sequence

from symderive.arithmetic.exact import check_digits
from symderive.core.rules import LOGARITHM
from symderive.proofs import ledger as ledgers
from symderive.proofs.replay import ProofError, check, theorem_of
from symderive.proofs.result import Result
from symderive.proofs.sampling import REFUTATION_POINTS, Outcome, examine
from symderive.statements.proof import AXIOM, Instance, axioms, method
from symderive.statements.statement import Derivation, Statement
from symderive.statements.step import Step
from symderive.verdict import Verdict


def prove(
    statement: Statement | Step, *, digits: int = 50, seed: int = 0, ledger: ledgers.Ledger | None = None
) -> Result:
    """The verdict on a statement; a step in words is IN_WORDS, if what it rests on is not in doubt.

    Parameters
    ----------
    digits, seed
        Of the independent test.
    ledger
        Where verdicts are kept; without one, and with a fresh one, everything is done afresh.

    >>> from symderive.statements.proof import combine
    >>> from symderive.statements.statement import NearMiss
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="a square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1,
    ...     proof=combine(), near_misses=(NearMiss("no middle term", right=lam**2 + 1),),
    ... )
    >>> prove(square).verdict.name
    'PROVED'
    """
    check_digits(digits)
    if isinstance(statement, Step):
        parts = (prove(x, digits=digits, seed=seed, ledger=ledger) for x in statement.rests_on)
        return in_words(statement, tuple(parts))
    if (known := recall(statement, digits=digits, seed=seed, ledger=ledger)) is not None:
        return known
    start = time.perf_counter()
    verdict, reason, outcome, near_misses = _verdict(statement, digits, seed)
    result = Result(
        statement.id,
        verdict,
        method(statement),
        axioms(statement),
        outcome.points,
        digits,
        str(outcome.counterexample or ""),
        near_misses,
        reason,
        time.perf_counter() - start,
    )
    if ledger is not None:
        ledger.put(ledgers.digest(statement, digits, seed), result)
    return result


def recall(
    statement: Statement, *, digits: int = 50, seed: int = 0, ledger: ledgers.Ledger | None
) -> Result | None:
    """The verdict that a ledger keeps, None where there is none."""
    return None if ledger is None else ledger.get(ledgers.digest(statement, digits, seed))


def prove_derivation(
    derivation: Derivation, *, digits: int = 50, seed: int = 0, ledger: ledgers.Ledger | None = None
) -> tuple[Result, ...]:
    """:func:`prove` for every statement and step, in the order of print."""
    return tuple(prove(x, digits=digits, seed=seed, ledger=ledger) for x in derivation.entries)


def in_words(step: Step, results: Sequence[Result]) -> Result:
    """What is known about a step, from the results on what it rests on; it is never tested."""
    doubtful = (x for x in results if x.verdict in (Verdict.REFUTED, Verdict.UNDECIDED))
    reason = next((f"it rests on {x.id}, which is {x.verdict}" for x in doubtful), "")
    verdict = Verdict.UNDECIDED if reason else Verdict.IN_WORDS
    known = tuple(sorted({name for result in results for name in result.axioms}))
    return Result(step.id, verdict, step.method, known, points=0, digits=0, reason=reason)


def _verdict(
    statement: Statement, digits: int, seed: int
) -> tuple[Verdict, str, Outcome, tuple[tuple[str, str], ...]]:
    outcome = examine(statement, digits=digits, seed=seed)
    if outcome.counterexample is not None:
        return Verdict.REFUTED, "a counterexample was found", outcome, ()
    near_misses: list[tuple[str, str]] = []
    for near_miss in statement.near_misses:
        altered = statement.altered(near_miss)
        refuted = examine(altered, digits=digits, seed=seed, points=REFUTATION_POINTS)
        if refuted.counterexample is None:
            reason = f"the near-miss {near_miss.why!r} is not refuted"
            return Verdict.UNDECIDED, reason, outcome, tuple(near_misses)
        if _is_proved(altered):
            reason = f"its proof also proves the near-miss {near_miss.why!r}"
            return Verdict.UNDECIDED, reason, outcome, tuple(near_misses)
        near_misses.append((near_miss.why, str(refuted.counterexample)))
    found = tuple(near_misses)
    if outcome.problem:
        return Verdict.UNDECIDED, outcome.problem, outcome, found
    if statement.proof is None:
        return Verdict.CHECKED, "it was tested only", outcome, found
    if statement.proof is AXIOM:
        return Verdict.CHECKED, "an axiom: taken as known, and tested", outcome, found
    try:
        theorem = theorem_of(statement)
    except ProofError as error:
        return Verdict.UNDECIDED, str(error), outcome, found
    if own := sorted(theorem.axioms - LOGARITHM.axioms):
        return Verdict.CHECKED, f"it rests on an axiom of its own: {', '.join(own)}", outcome, found
    if not statement.near_misses and not isinstance(statement.proof, Instance):
        return Verdict.UNDECIDED, "it has no near-miss", outcome, found
    return Verdict.PROVED, "", outcome, found


def _is_proved(statement: Statement) -> bool:
    if statement.proof is None or statement.proof is AXIOM:
        return False
    try:
        check(statement)
    except ProofError:
        return False
    return True
