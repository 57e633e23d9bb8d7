"""Small matrix products on one thread: handing them out to several costs more than it saves.

On a busy machine the threads of a BLAS library wait for each other, spinning, a hundred times longer than a
product of a million numbers takes.
"""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Any

_LOCK = Lock()


class _OneThread:
    """Lets BLAS libraries use one thread while any thread of the process is inside; then as many as before.

    The number is one for the whole process, so that those who are inside are counted: the first to enter
    sets it, and the last to leave sets it back.
    """

    def __init__(self) -> None:
        self._inside = 0
        self._limit: Any = None

    def __enter__(self) -> None:
        with _LOCK:
            if self._inside == 0:
                self._limit = _libraries().limit(limits=1, user_api="blas")
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with _LOCK:
            self._inside -= 1
            if self._inside == 0:
                self._limit.restore_original_limits()


@cache
def _libraries() -> Any:
    import numpy  # noqa: F401  its BLAS is what is to be found
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


#: ``with ONE_THREAD:`` around products of small matrices.
ONE_THREAD = _OneThread()
