"""What the commands share: networks and data from options, progress bars, the console."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symderive.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from symderive.model.moments import Moments
    from symderive.model.network import Network

#: Seconds after which a progress bar appears.
PATIENCE = 1.0


def network_of(
    depth: str | None,
    width: str | None,
    widths: str | None,
    decay: str,
    noise: str | None,
    dropout: str | None,
) -> Network:
    from symderive.model.network import Network

    if width is not None and widths is not None:
        raise InputError("--width and --widths are both given; give one of them.")
    listed = None if widths is None else widths.split(",")
    if depth is None and listed is None:
        raise InputError("the depth is missing; give --depth D --width N, or --widths N1,N2,...")
    layers = len(listed) if depth is None and listed is not None else depth_of(depth or "")
    if layers > 0 and width is None and listed is None:
        raise InputError(f"the widths of {layers} hidden layers are missing; give --width N or --widths.")
    return Network(
        layers,
        widths=listed or width or (),
        decays=values_of(decay),
        noise=None if noise is None else values_of(noise),
        dropout=None if dropout is None else values_of(dropout),
    )


def depth_of(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InputError(
            f"--depth {text!r} is not a whole number; give the number of hidden layers, from 0."
        )
    return int(text)


def values_of(text: str) -> str | list[str]:
    return text.split(",") if "," in text else text


def moments_of(data: str, target: str | None, center: bool, standardize: bool) -> Moments:
    from symderive.model.moments import Moments

    path = Path(data)
    if path.suffix.lower() == ".npz":
        return Moments.from_npz(path, target or "y", center=center, standardize=standardize)
    if target is None:
        raise InputError(f"the target column of {path.name} is missing; give --target COLUMN.")
    return Moments.from_csv(path, target, center=center, standardize=standardize)


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
