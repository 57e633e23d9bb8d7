"""What commands show: pages and JSON on standard output, and a progress bar while they work."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symderive.report.page import Page

#: Seconds after which a progress bar appears.
PATIENCE = 1.0

#: Characters of a line from which on there is room for a bar beside what is said.
ROOM_FOR_BAR = 70


class Advance(Protocol):
    """What :func:`progress` yields: it is told the share that is done, and what has been counted so far."""

    def __call__(self, share: float, count: int | None = None) -> None:
        """``share`` from 0 to 1; ``count`` of the things that the bar was announced with."""


def show(*pages: Page) -> None:
    """Print pages as wide as the terminal; lines that go elsewhere are as long as they need to be."""
    from symderive.report.drawn import drawn

    text = "\n".join(
        drawn(page, width=columns(), encoding=_encoding(), color=_is_terminal(sys.stdout)) for page in pages
    )
    click.echo(text)


def show_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object; in ASCII where the stream cannot hold its letters as they are."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode(_encoding())
    except UnicodeEncodeError:
        text = json.dumps(record)
    click.echo(text)


def columns() -> int | None:
    """Characters of a line: ``COLUMNS`` where it is set, else the terminal's; None without a terminal."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and 0 < int(told) < 10_000:
        return int(told)
    return shutil.get_terminal_size().columns if _is_terminal(sys.stdout) else None


def _encoding() -> str:
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def _is_terminal(stream: Any) -> bool:
    """A closed stream is none."""
    return stream is not None and not stream.closed and stream.isatty()


@contextmanager
def progress(what: str, unit: str = "") -> Iterator[Advance | None]:
    """A bar on the terminal for work that takes longer than a second; yields its callback, else None.

    It says what is done, the share and the time left where the callback is told a share, and how many
    things of a ``unit`` (in the plural) where it is told a count.
    """
    if not _is_terminal(sys.stderr):
        yield None
        return
    from threading import Timer

    bar = _bar()
    task = bar.add_task(what, total=None, counted="")
    timer = Timer(PATIENCE, bar.start)
    timer.daemon = True
    timer.start()

    def advance(share: float, count: int | None = None) -> None:
        counted = "" if count is None else f"{count:,} {unit}".strip()
        bar.update(task, total=1.0, completed=share, counted=counted)

    try:
        yield advance
    finally:
        timer.cancel()
        bar.stop()


def _bar() -> Any:
    from rich import progress as rich_progress
    from rich.console import Console

    console = Console(stderr=True)
    said = [
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[counted]}", markup=False),
        rich_progress.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    ]
    if console.width >= ROOM_FOR_BAR:
        said.insert(1, rich_progress.BarColumn(bar_width=min(40, console.width - ROOM_FOR_BAR + 10)))
    return rich_progress.Progress(*said, console=console, transient=True)
