"""The independent test of a statement: at boundaries first, then at random points."""

from __future__ import annotations

from dataclasses import replace

from symderive.sampling.errors import NoValueError
from symderive.sampling.point import Budget
from symderive.sampling.search import Outcome, Search, letters_of
from symderive.statements.statement import Domain, Statement

#: Work for a statement and each of its near-misses, in nodes evaluated.
BUDGET = 3_000_000


def examine(statement: Statement, *, digits: int, seed: int, budget: int = BUDGET) -> Outcome:
    """Test a statement at boundaries and at random points, to ``digits`` digits.

    It is tested where the kinds of its letters and its hypotheses allow, and in each of its domains.  A
    point at which it has no value refutes it.
    """
    heads = [recursion.head for recursion in statement.definitions]
    if len(set(heads)) < len(heads):
        return Outcome(0, None, "one head has two definitions")
    try:
        search = Search(statement, digits, seed, Budget(budget))
        letters_of(statement)
        for domain in dict.fromkeys((Domain(), *statement.domains)):
            for trial in search.trials(domain):
                if trial.counterexample is not None:
                    return replace(search.outcome(), counterexample=trial.counterexample)
    except NoValueError as error:
        return Outcome(0, None, str(error))
    except RecursionError:
        return Outcome(0, None, "an expression is nested too deeply to be tested")
    return search.outcome()
