"""What is known about a statement."""

from __future__ import annotations

from dataclasses import dataclass, field

from symderive.verdict import Verdict


@dataclass(frozen=True)
class Result:
    """What is known about a statement; made by :func:`prove`.

    Attributes
    ----------
    id : str
        Of which statement.
    verdict : Verdict
        PROVED, CHECKED, REFUTED, UNDECIDED or IN_WORDS.
    method : str
        How it is proved, in words.
    axioms : tuple of str
        Ids of the named inequalities that the proof rests on.
    points : int
        How many points the independent test has tried.
    digits : int
        To how many digits.
    counterexample : str
        Where the statement fails, if it does.
    near_misses : tuple of (str, str)
        Pairs of a near-miss and the counterexample that refutes it.
    reason : str
        Why the verdict is not PROVED, in one clause; empty otherwise.
    boundary : int
        How many of the points lie at a boundary.
    places : tuple of str
        Some of those.
    narrowed : tuple of str
        What the test restricts beyond the hypotheses, in words; empty where it was not restricted.
    remainder : str
        What a refused proof leaves of left - right, as LaTeX; empty where nothing is left, or not known.
    seconds : float
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
