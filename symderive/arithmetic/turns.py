"""FLINT's working precision, which is one for the whole process, shared by threads in turns.

A block runs at its own precision from its first line to its last: a thread that enters one holds a lock
until it leaves the outermost, others wait for their turn, and the precision that the process had before
comes back.  Nothing else in the package sets a precision, and no result depends on the one in force outside
blocks, so that threads get what one thread alone gets, to the last bit.

Every block begins ``with TURN, working_precision(bits):``.  Both managers are written in C, so that Ctrl-C
and other interruptions come before or after each of them: one in Python can be interrupted as it enters or
leaves, and would then keep the lock for ever.

Two things follow for code that holds balls.  No block may stretch over a ``yield``: another thread might go
on.  And no other lock may be held while a block is waited for, since a thread inside a block might wait for
that one; Python 3.11's ``functools.cached_property`` has such a lock, :class:`cached_property` has none.
"""

from __future__ import annotations

import os
import sys
from threading import RLock
from typing import TYPE_CHECKING, Any

from flint import ctx

#: The lock.
TURN = RLock()

# A process that is forked in the middle of a block would wait for a thread that it does not have.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=TURN.acquire, after_in_parent=TURN.release, after_in_child=TURN.release)

#: A block at so many bits of ball arithmetic, after which FLINT's precision is what it was.
working_precision = ctx.workprec


if TYPE_CHECKING or sys.version_info >= (3, 12):
    from functools import cached_property as cached_property
else:

    class cached_property:  # noqa: N801
        """``functools.cached_property`` without the lock that it holds, in Python 3.11, while it computes.

        Two threads may both compute the value; what they compute is the same.
        """

        def __init__(self, function: Any) -> None:
            self._function, self.__doc__ = function, function.__doc__

        def __set_name__(self, owner: type, name: str) -> None:
            self._name = name

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            # Setting the attribute in __dict__ hides this descriptor from the next look-up.
            return instance.__dict__.setdefault(self._name, self._function(instance))
