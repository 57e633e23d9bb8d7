"""Work on many items in two processes, in order, with the results of one.

The processes are copies of this one (fork), so that the items are there already and only their results
travel.  Where a system cannot do that, where it has one processor, or where a process dies, the work is
done here.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

Item = TypeVar("Item")
Made = TypeVar("Made")

#: Processes at work; as many again would gain little, since what is known in one is found again in another.
WORKERS = 2

#: Fewer items are not worth the start of a process.
FEWEST = 4

#: What a process at work was started for: whether to stop, the function, the items.
_job: tuple[Any, ...]


def in_order(function: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[Made]:
    """``map(function, items)``, found in two processes where that is possible.

    ``function`` returns what can be pickled, depends on its item only and changes nothing.
    """
    if len(items) < FEWEST or not _can_fork():
        yield from map(function, items)
        return
    context = multiprocessing.get_context("fork")
    stopped = context.Event()
    with _pool(context, stopped, function, items) as pool:
        futures: list[Future[Any]] = [pool.submit(_one, number) for number in range(len(items))]
        try:
            for item, future in zip(items, futures, strict=True):
                try:
                    made = future.result()
                except BrokenProcessPool:  # killed, for want of memory perhaps
                    made = function(item)
                yield made
        finally:
            # After an error or an interrupt nothing else is begun.
            stopped.set()
            for future in futures:
                future.cancel()


#: Libraries whose own threads do not survive a copy of the process.
_THREADED = ("jax", "torch")


def _can_fork() -> bool:
    # A copy of a process with threads of a window system, as on macOS, is not safe.
    plain = not any(name in sys.modules for name in _THREADED)
    return plain and sys.platform == "linux" and (os.cpu_count() or 1) >= WORKERS and not _is_at_work()


def _is_at_work() -> bool:
    return multiprocessing.parent_process() is not None


def _pool(context: Any, *job: Any) -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(WORKERS, context, initializer=_begin, initargs=(os.getpid(), *job))
    with warnings.catch_warnings():
        # Threads of this process, of a progress bar or of linear algebra, hold nothing that is used there.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool.submit(int).result()
    return pool


def _begin(parent: int, *job: Any) -> None:
    global _job
    _job = job
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """A process whose parent was killed would wait for work without end."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _one(number: int) -> Any:
    stopped, function, items = _job
    return None if stopped.is_set() else function(items[number])
