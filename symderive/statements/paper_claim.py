"""Claims of a published paper, as records: what it says, and what would decide each claim.

A record holds no verdict: :mod:`symderive.paper.replay` finds it from the statements that are named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from symderive.errors import InputError
from symderive.statements.statement import Statement, one_line, require_id
from symderive.statements.step import Step, require_steps


@dataclass(frozen=True)
class Measured:
    """A number that was computed anew: what it is, its digits, and whether it is as the claim needs it.

    Attributes
    ----------
    what : str
        What it is.
    value : str
        Its digits.
    holds : bool
        True only where balls, or exact numbers, prove it.
    """

    what: str
    value: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class PaperClaim:
    """A claim of a paper.

    Attributes
    ----------
    id
        Short, for the command line.
    wording
        What the paper says, in our own words or in a short phrase of its abstract in quotation marks.
    is_quoted
        Whether the wording is a phrase of the abstract.
    proved_by
        Statements and steps in words that prove it, as it is worded or under ``condition``; none for a
        claim that is words only.
    shown
        Those among them whose displays are printed, the paper's formula first.
    condition
        What has to be added to the wording, as it reads after "if"; empty where nothing has.
    needed
        Statements and steps of an exact instance without the condition at which the claim, taken as a
        statement about all networks, fails.
    is_refuted
        Whether the wording says the claim of all networks, so that ``needed`` refutes it as it is worded;
        otherwise the condition is one that the paper may have had in mind.
    instance
        That instance in words, TeX between dollars.
    measure
        Numbers of the instance, computed anew whenever the claim is judged.
    remark
        What else is known, one sentence.

    Raises :class:`InputError` for a record that would decide nothing: a condition or an instance without
    what proves it, and a refutation without an instance.
    """

    id: str
    wording: str
    is_quoted: bool = False
    proved_by: tuple[Statement | Step, ...] = ()
    shown: tuple[Statement | Step, ...] = ()
    condition: str = ""
    needed: tuple[Statement | Step, ...] = ()
    is_refuted: bool = False
    instance: str = ""
    measure: Callable[[], tuple[Measured, ...]] | None = None
    remark: str = ""

    def __post_init__(self) -> None:
        require_id(self.id)
        for name in ("wording", "condition", "instance", "remark"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        require_steps(self.id, (*self.proved_by, *self.shown, *self.needed), Statement | Step)
        if self.condition and not self.proved_by:
            raise InputError(f"the claim {self.id} has a condition and nothing that proves it; name that.")
        if bool(self.needed) != bool(self.instance):
            raise InputError(
                f"the claim {self.id} needs an instance in words and what proves it, or neither."
            )
        if self.is_refuted and not self.needed:
            raise InputError(f"the claim {self.id} is refuted by nothing; name what refutes it.")
        if self.needed and not self.condition:
            raise InputError(f"the claim {self.id} has an instance against it and no condition; name one.")

    @property
    def entries(self) -> tuple[Any, ...]:
        """Everything that its standing rests on, each once."""
        return tuple(dict.fromkeys((*self.shown, *self.proved_by, *self.needed)))
