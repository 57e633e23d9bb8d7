"""The verdict on a statement, from its proof, its independent test and its near-misses."""

from __future__ import annotations

import time
from collections.abc import Sequence

from symderive.arithmetic.exact import check_digits
from symderive.core.rules import LOGARITHM
from symderive.core.theorem import Theorem
from symderive.proofs import ledger as ledgers
from symderive.proofs.near_misses import inherited
from symderive.proofs.replay import ProofError, theorem_of
from symderive.proofs.result import Result
from symderive.sampling.examine import examine
from symderive.sampling.near import changes, refute
from symderive.sampling.search import Outcome
from symderive.statements.proof import AXIOM, Instance, axioms, method
from symderive.statements.statement import Derivation, NearMiss, Statement
from symderive.statements.step import Step
from symderive.symbols import latex
from symderive.verdict import Verdict


def prove(
    statement: Statement | Step, *, digits: int = 50, seed: int = 0, ledger: ledgers.Ledger | None = None
) -> Result:
    """Find the verdict on a statement, from its proof, an independent test, and its near-misses.

    Parameters
    ----------
    statement : Statement or Step
        What to judge.  A step in words is IN_WORDS, if what it rests on is not in doubt.
    digits : int
        Digits of the independent test.
    seed : int
        Seed of the random points of the test.
    ledger : Ledger, optional
        Where verdicts are kept; without one, and with a fresh one, everything is done afresh.

    Returns
    -------
    Result
        The verdict with its reasons.  PROVED: the core has made the theorem from the proof, the test found
        no counterexample, and every near-miss is refuted and not proved by the same proof.

    Raises
    ------
    InputError
        For digits that are no whole number of at least 1.

    Notes
    -----
    Not promised: that what is not proved is false.  A refused proof gives UNDECIDED, and a statement
    without a proof is CHECKED, which is tested and no more.

    Examples
    --------
    >>> from symderive import NearMiss, Statement, exact_algebra
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="a square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1,
    ...     proof=exact_algebra, near_misses=(NearMiss("no middle term", right=lam**2 + 1),),
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
        outcome.boundary,
        outcome.places,
        outcome.narrowed,
        _remainder(statement) if verdict is Verdict.UNDECIDED else "",
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
    """Find the verdicts on every statement and step of a derivation.

    Parameters
    ----------
    derivation : Derivation
        The section.
    digits : int
        Digits of the independent tests.
    seed : int
        Seed of their random points.
    ledger : Ledger, optional
        Where verdicts are kept; without one, and with a fresh one, everything is done afresh.

    Returns
    -------
    tuple of Result
        One for each entry, in the order of print.

    Raises
    ------
    InputError
        For digits that are no whole number of at least 1.

    See Also
    --------
    prove : what a verdict means.

    Examples
    --------
    >>> from symderive import Derivation, NearMiss, Statement, exact_algebra
    >>> from symderive.symbols import lam
    >>> square = Statement(
    ...     id="square", title="a square", reference="school",
    ...     left=(lam + 1) ** 2, right=lam**2 + 2 * lam + 1,
    ...     proof=exact_algebra, near_misses=(NearMiss("no middle term", right=lam**2 + 1),),
    ... )
    >>> section = Derivation(id="squares", title="Squares", prose="", statements=(square,))
    >>> [(result.id, result.verdict.name) for result in prove_derivation(section)]
    [('square', 'PROVED')]
    """
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
    if outcome.problem and not outcome.points:  # no near-miss is refuted either, for the same reason
        return Verdict.UNDECIDED, outcome.problem, outcome, ()
    if isinstance(statement.proof, Instance) and not statement.near_misses:
        found, problem = _inherited_near_miss(statement, outcome, digits, seed)
    else:
        found, problem = _near_misses(statement, outcome, digits, seed)
    theorem = _theorem(statement)
    refusal = str(theorem) if isinstance(theorem, ProofError) else ""
    # The test may stumble over what the proof is refused for.
    wrong = [text for text in dict.fromkeys((refusal, outcome.problem, problem)) if text]
    if wrong:
        return Verdict.UNDECIDED, "; ".join(wrong), outcome, found
    if statement.proof is None:
        return Verdict.CHECKED, "it was tested only", outcome, found
    if not isinstance(theorem, Theorem):
        return Verdict.CHECKED, "an axiom: taken as known, and tested", outcome, found
    if own := sorted(theorem.axioms - LOGARITHM.axioms):
        return Verdict.CHECKED, f"it rests on an axiom of its own: {', '.join(own)}", outcome, found
    if not found:
        return Verdict.UNDECIDED, "it has no near-miss", outcome, found
    return Verdict.PROVED, "", outcome, found


def _theorem(statement: Statement) -> Theorem | ProofError | None:
    """The theorem that the proof makes, or why it makes none; None where none is claimed."""
    if statement.proof is None or statement.proof is AXIOM:
        return None
    try:
        return theorem_of(statement)
    except ProofError as error:
        return error


def _remainder(statement: Statement) -> str:
    """What its proof leaves of left - right, as LaTeX."""
    left = getattr(_theorem(statement), "remainder", None)
    return "" if left is None else latex(left)


#: Pairs of a near-miss and where it fails.
_Refuted = tuple[tuple[str, str], ...]


def _near_misses(statement: Statement, outcome: Outcome, digits: int, seed: int) -> tuple[_Refuted, str]:
    """Where the near-misses fail, and what is wrong with one of them."""
    found: list[tuple[str, str]] = []
    for near_miss in statement.near_misses:
        changed = changes(statement, near_miss)
        if len(changed) != 1:
            what = ", ".join(changed) or "nothing"
            return tuple(found), f"the near-miss {near_miss.why!r} changes {what}, and not one thing"
        where, problem = _refuted(statement, near_miss, outcome, digits, seed)
        if problem:
            return tuple(found), problem
        found.append((near_miss.why, where))
    return tuple(found), ""


def _inherited_near_miss(
    statement: Statement, outcome: Outcome, digits: int, seed: int
) -> tuple[_Refuted, str]:
    """The first near-miss of the general statement that is one here, too."""
    problem = "it has no near-miss"
    for near_miss in inherited(statement):
        if len(changes(statement, near_miss)) == 1:
            where, problem = _refuted(statement, near_miss, outcome, digits, seed)
            if not problem:
                return ((near_miss.why, where),), ""
    return (), problem


def _refuted(
    statement: Statement, near_miss: NearMiss, outcome: Outcome, digits: int, seed: int
) -> tuple[str, str]:
    """Where a near-miss fails, or else why it is none."""
    counterexample, problem = refute(
        statement, near_miss, digits=digits, seed=seed, narrowed=bool(outcome.narrowed)
    )
    if counterexample is None:
        return "", f"the near-miss {near_miss.why!r} {problem}"
    if isinstance(_theorem(statement.altered(near_miss)), Theorem):
        return "", f"its proof also proves the near-miss {near_miss.why!r}"
    return str(counterexample), ""
