"""How much work one statement may take: a count of steps, so that nothing depends on the clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from .terms import CoreError


class OutOfReachError(CoreError):
    """A term has no normal form here, or the budget is spent; nothing is known about it."""


#: Steps of work (products of monomials) that are left; None without a limit.
_left: ContextVar[list[int] | None] = ContextVar("steps", default=None)


@contextmanager
def budget(steps: int) -> Iterator[list[int]]:
    """Within, no more than ``steps`` steps of work are done; the list holds what is left of them."""
    left = [steps]
    token = _left.set(left)
    try:
        yield left
    finally:
        _left.reset(token)


def spend(steps: int) -> None:
    left = _left.get()
    if left is not None:
        left[0] -= steps
        if left[0] < 0:
            raise OutOfReachError("the budget of steps for this statement is spent")
