"""A singular value of the data, and how much of it the global minimum holds."""

from __future__ import annotations

from dataclasses import dataclass

from flint import arb


@dataclass(frozen=True, eq=False)
class HeldMode:
    """A distinct singular value t > 0 that the data offer, and what the global minimum makes of it.

    Attributes
    ----------
    singular_value : arb
        t.
    multiplicity : int
        How often it occurs.
    held : int
        How many of its copies are in the map; the others are 0.
    size : arb
        The singular value of the map of each copy that is held; exactly 0 where none is.
    threshold : arb
        The mean decay γ̄ from which on it is not held; not positive where noise keeps it out at every
        decay.
    against_threshold : int or None
        The exact sign of the threshold less γ̄: 1, 0 or -1.  None where it could not be decided: then no
        copy is held and the loss allows for both.
    """

    singular_value: arb
    multiplicity: int
    held: int
    size: arb
    threshold: arb
    against_threshold: int | None
