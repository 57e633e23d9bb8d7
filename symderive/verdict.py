"""What is known about a claim, in four words that mean the same everywhere."""

from __future__ import annotations

from enum import Enum


class Verdict(Enum):
    """What is known; the value is the sentence that people read.  UNDECIDED never passes for more."""

    PROVED = "proved, and tested independently"
    CHECKED = "tested only; not proved"
    REFUTED = "false: a counterexample was found"
    UNDECIDED = "neither proved nor refuted"
