"""What is known about a statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from symderive.verdict import Verdict


@dataclass(frozen=True)
class Result:
    """What is known about a statement.

    Attributes
    ----------
    id, verdict
        Of which statement, and what.
    method
        How it is proved, in words.
    axioms
        Ids of the named inequalities that the proof rests on.
    points, digits
        The independent test: how many points, to how many digits.
    boundary, places
        How many of the points lie at a boundary, and some of those.
    narrowed
        What the test restricts beyond the hypotheses, in words; empty where it was not restricted.
    counterexample
        Where the statement fails, if it does.
    near_misses
        Pairs of a near-miss and the counterexample that refutes it.
    reason
        Why the verdict is not PROVED, in one clause; empty otherwise.
    remainder
        What a refused proof leaves of left - right, as LaTeX; empty where nothing is left, or not known.
    seconds
        Time taken; not part of the comparison of results.
    """

    id: str
    verdict: Verdict
    method: str
    axioms: tuple[str, ...]
    points: int
    digits: int
    counterexample: str = ""
    near_misses: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    boundary: int = 0
    places: tuple[str, ...] = ()
    narrowed: tuple[str, ...] = ()
    remainder: str = ""
    seconds: float = field(default=0.0, compare=False)
