"""What commands show while they work: a progress bar, and the console that prints tables."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

#: Seconds after which a progress bar appears.
PATIENCE = 1.0


def console() -> Console:
    from rich.console import Console

    # A pipe has no width of its own; a table folded to 80 columns would be unreadable there.
    return Console(highlight=False, width=None if sys.stdout.isatty() else 140)


@contextmanager
def progress(what: str) -> Iterator[Any]:
    """A bar on the terminal for work that takes longer than a second; yields its callback."""
    if not sys.stderr.isatty():
        yield None
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import Progress

    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda share: bar.update(task, total=1.0, completed=share)
    finally:
        timer.cancel()
        bar.stop()
