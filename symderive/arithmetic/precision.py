"""Precisions: where searches start and end, and the one loop that raises one until a result is good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, overload

#: Bits at which searches start; doubled wherever a sign stays open.
BASE_BITS = 64

#: The working precision is raised to this many bits at most, or four times what the digits take.
LIMIT_BITS = 1024

#: Guard digits of a result beyond the digits that are asked for.
GUARD_DIGITS = 5

T = TypeVar("T")


@overload
def sharpen(
    compute: Callable[[int], T | None],
    enough: Callable[[T], bool] = ...,
    *,
    start: int,
) -> T: ...


@overload
def sharpen(
    compute: Callable[[int], T | None],
    enough: Callable[[T], bool] = ...,
    *,
    start: int,
    limit: int | None,
) -> T | None: ...


def sharpen(
    compute: Callable[[int], T | None],
    enough: Callable[[T], bool] = lambda _: True,
    *,
    start: int,
    limit: int | None = None,
) -> T | None:
    """The first result that is good enough, computed at ``start`` bits (or digits), then at twice as many.

    ``compute`` may return None where the precision is too low to tell.  The last precision that is
    tried is the first that is at least ``limit``; where it brings nothing good enough, the result is None.

    Not promised: an end, without a limit; that is for the caller to know, who asks for what some precision
    must bring.

    >>> from flint import arb
    >>> from symderive.arithmetic.exact import TURN, working_precision
    >>> def third(bits):
    ...     with TURN, working_precision(bits):
    ...         return arb(1) / 3
    >>> sharpen(third, lambda x: x.rel_accuracy_bits() > 200, start=64).rel_accuracy_bits() > 200
    True
    >>> sharpen(third, lambda x: x.rel_accuracy_bits() > 200, start=64, limit=100) is None
    True
    """

    def is_told(found: T | None) -> bool:
        return found is not None and enough(found)

    found = sharpest(compute, is_told, start=start, limit=limit)
    return found if limit is None or is_told(found) else None


def sharpest(
    compute: Callable[[int], T], enough: Callable[[T], bool], *, start: int, limit: int | None = None
) -> T:
    """As :func:`sharpen`, but where nothing is good enough, what the last precision brought."""
    at = start
    while not enough(found := compute(at)) and (limit is None or at < limit):
        at *= 2
    return found
