"""What commands show: pages and JSON on standard output, and a progress bar while they work."""

from __future__ import annotations

import codecs
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import click

from symderive.cli.streams import held_by
from symderive.report.ascii import spelled

if TYPE_CHECKING:
    from collections.abc import Mapping

    from symderive.report.page import Page

#: Seconds after which a progress bar appears.
PATIENCE = 1.0

#: Characters of a line from which on there is room for a bar beside what is said.
ROOM_FOR_BAR = 70


class Advance(Protocol):
    """What :func:`progress` yields, to be told how far the work is."""

    def __call__(self, share: float | None, count: int | None = None) -> None:
        """``share`` from 0 to 1, None while it cannot be known; ``count`` of things done so far."""


def show(*pages: Page) -> None:
    """Print pages as wide as the terminal; lines that go elsewhere are as long as they need to be."""
    from symderive.report.drawn import drawn

    width, encoding, color = columns(), held_by(sys.stdout), _is_terminal(sys.stdout)
    click.echo("\n".join(drawn(page, width=width, encoding=encoding, color=color) for page in pages))


def show_json(record: Mapping[str, Any]) -> None:
    """Print one JSON object; in ASCII where the stream cannot hold its letters as they are."""
    text = json.dumps(record, ensure_ascii=False)
    try:
        text.encode(held_by(sys.stdout))
    except UnicodeEncodeError:
        text = json.dumps(record)
    click.echo(text)


def show_source(text: str) -> None:
    """Print source code, which is read as UTF-8 wherever it is kept: as it is, or in ASCII."""
    encoding = held_by(sys.stdout)
    is_utf8 = codecs.lookup(encoding).name == "utf-8"
    click.echo(text if is_utf8 else spelled(text, "ascii"), nl=False)


def columns() -> int | None:
    """Characters of a line: ``COLUMNS`` where it is set, else the terminal's; None without a terminal."""
    told = os.environ.get("COLUMNS", "")
    if told.isascii() and told.isdigit() and 0 < int(told) < 10_000:
        return int(told)
    return shutil.get_terminal_size().columns if _is_terminal(sys.stdout) else None


def _is_terminal(stream: Any) -> bool:
    """A closed stream is none."""
    return stream is not None and not stream.closed and stream.isatty()


@contextmanager
def progress(what: str, unit: str = "", total: int | None = None) -> Iterator[Advance | None]:
    """A bar on the terminal for work that takes longer than a second; yields its callback, else None.

    It says what is done, the share and the time left where the callback is told a share, and how many
    things of a ``unit`` (in the plural) where it is told a count, or where there are ``total`` in all.
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

    def advance(share: float | None, count: int | None = None) -> None:
        counted = ""
        if total is not None and share is not None:
            counted = f"{round(share * total):,} of {total:,} {unit}"
        elif count is not None:
            counted = f"{count:,} {unit}"
        bar.update(task, total=None if share is None else 1.0, completed=share, counted=counted)

    try:
        yield advance
    finally:
        timer.cancel()
        bar.stop()


def _bar() -> Any:
    from rich import progress as rich_progress
    from rich.console import Console

    # To the stream itself, whose encoding rich asks for before it draws a bar.
    console = Console(file=getattr(sys.stderr, "stream", sys.stderr))
    said = [
        rich_progress.TextColumn("{task.description}", markup=False),
        rich_progress.TaskProgressColumn(),
        rich_progress.TextColumn("{task.fields[counted]}", markup=False),
        rich_progress.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
    ]
    if console.width >= ROOM_FOR_BAR:
        said.insert(1, rich_progress.BarColumn(bar_width=min(40, console.width - ROOM_FOR_BAR + 10)))
    return rich_progress.Progress(*said, console=console, transient=True)
