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

#: The function and the items that a process at work was started for.
_job: tuple[Callable[[Any], Any], Sequence[Any]]


def in_order(function: Callable[[Item], Made], items: Sequence[Item]) -> Iterator[Made]:
    """``map(function, items)``, found in two processes where that is possible.

    ``function`` returns what can be pickled, depends on its item only and changes nothing.
    """
    if len(items) < FEWEST or not _can_fork():
        yield from map(function, items)
        return
    with _pool(function, items) as pool:
        futures: list[Future[Any]] = [pool.submit(_one, number) for number in range(len(items))]
        try:
            for item, future in zip(items, futures, strict=True):
                try:
                    made = future.result()
                except BrokenProcessPool:  # killed, for want of memory perhaps
                    made = function(item)
                yield made
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _can_fork() -> bool:
    # A copy of a process with threads of a window system, as on macOS, is not safe.
    return sys.platform == "linux" and (os.cpu_count() or 1) >= WORKERS and not _is_at_work()


def _is_at_work() -> bool:
    return multiprocessing.parent_process() is not None


def _pool(function: Callable[[Any], Any], items: Sequence[Any]) -> ProcessPoolExecutor:
    pool = ProcessPoolExecutor(
        WORKERS,
        multiprocessing.get_context("fork"),
        initializer=_begin,
        initargs=(os.getpid(), function, items),
    )
    with warnings.catch_warnings():
        # Threads of this process, of a progress bar or of linear algebra, hold nothing that is used there.
        warnings.simplefilter("ignore", DeprecationWarning)
        pool.submit(int).result()
    return pool


def _begin(parent: int, function: Callable[[Any], Any], items: Sequence[Any]) -> None:
    global _job
    _job = (function, items)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """A process whose parent was killed would wait for work without end."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _one(number: int) -> Any:
    function, items = _job
    return function(items[number])
