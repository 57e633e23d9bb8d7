"""What is known about a claim, in five words that mean the same everywhere."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What is known; the value is the sentence that people read.

    UNDECIDED never passes for more.  IN_WORDS is for steps of an argument, which nothing checks; it never
    passes for PROVED or CHECKED.
    """

    PROVED = "proved, and tested independently"
    CHECKED = "tested only; not proved"
    REFUTED = "false: a counterexample was found"
    UNDECIDED = "neither proved nor refuted"
    IN_WORDS = "in words, by a named theorem; neither proved nor tested"

    def __str__(self) -> str:
        """The word as it is printed."""
        return self.name.replace("_", " ")
