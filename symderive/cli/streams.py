"""Standard streams in any state: narrow encodings, closed, a full disk, a pipe whose reader has left."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from symderive.errors import Notice
from symderive.report.ascii import spelled

#: The exit codes of bad input, and of a pipe that nobody reads (that of a process which its signal ends).
BAD_INPUT, READER_LEFT = 2, 141


class OutputError(Exception):
    """Standard output cannot be written; no ``OSError``, lest it be taken for that of another file."""


class Stream:
    """A text stream that takes every letter, as one in UTF-8 does: what ``held`` cannot hold is spelled.

    click takes a stream in ASCII for a mistake and would write UTF-8 past it.
    """

    encoding = "utf-8"

    def __init__(self, stream: Any, *, is_needed: bool) -> None:
        self.stream = stream
        self.held: str = getattr(stream, "encoding", None) or "utf-8"
        self.is_needed = is_needed
        self._failed: OSError | None = None

    def write(self, text: str) -> int:
        """Write; :class:`OutputError` where that fails, now or before, on a stream that is needed."""
        self._try(self.stream.write, spelled(text, self.held))
        return len(text)

    def flush(self) -> None:
        """Write what is kept back; :class:`OutputError` as above."""
        self._try(self.stream.flush)

    def _try(self, action: Callable[..., Any], *arguments: str) -> None:
        if self._failed is None:
            try:
                action(*arguments)
            except OSError as error:
                self._failed = error
                self._leave()
        if self._failed is not None and self.is_needed:
            raise OutputError from self._failed

    def _leave(self) -> None:
        """Write nothing more, so that the interpreter has nothing to complain of at its end."""
        with suppress(OSError, ValueError):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stream.fileno())
            os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def held_by(stream: Any) -> str:
    """The encoding that bounds what a stream can show."""
    return getattr(stream, "held", None) or getattr(stream, "encoding", None) or "utf-8"


@contextmanager
def prepared() -> Iterator[None]:
    """Standard output and standard error take everything inside the block, and notices are sentences."""
    _open_what_is_closed()
    before = sys.stdout, sys.stderr
    if sys.stdout is not None:
        sys.stdout = Stream(sys.stdout, is_needed=True)
    if sys.stderr is not None:
        sys.stderr = Stream(sys.stderr, is_needed=False)
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def show(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, Notice):
                say(str(message))
            else:
                shown(message, category, *where, **more)

        warnings.showwarning = show
        warnings.simplefilter("always", Notice)
        try:
            yield
        finally:
            sys.stdout, sys.stderr = before


def say(message: str) -> None:
    """A sentence on standard error."""
    click.echo(f"symderive: {' '.join(message.split())}", err=True)


def exit_code_of(error: OutputError) -> int:
    """The exit code where standard output cannot be written; says why, unless its reader has left."""
    if isinstance(error.__cause__, BrokenPipeError):
        return READER_LEFT
    reason = getattr(error.__cause__, "strerror", None) or error.__cause__
    say(f"standard output cannot be written ({reason}); send it where there is room for it.")
    return BAD_INPUT


def _open_what_is_closed() -> None:
    """Let the three descriptors be open, so that no file is taken for a stream.

    To read from a closed standard input, or to write to a closed standard output, fails in a sentence; who
    closes standard error wants none.
    """
    for number, flags in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, flags)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
            if number == 0 and sys.stdin is None:
                sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - until the end
            if number == 1 and sys.stdout is None:
                sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
