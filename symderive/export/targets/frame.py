"""The hand-written parts of exported files, with marks where the generated parts go."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from symderive.errors import InputError


def text_of(frame: str) -> str:
    """The text of a frame, marks and all."""
    return files("symderive.export").joinpath("frames", f"{frame}.in").read_text(encoding="utf-8")


def fill(target: str, marks: Mapping[str, str]) -> str:
    """The frame of a target with every ``@mark@`` replaced, in order: a value may hold marks that follow.

    Raises :class:`InputError` for a mark that the frame does not hold.
    """
    text = text_of(target)
    for name, value in marks.items():
        mark = f"@{name}@"
        if mark not in text:
            raise InputError(f"the frame of {target} has no mark {mark}.")
        text = text.replace(mark, value)
    return text


def framed(frame: str, marks: Mapping[str, str]) -> str:
    """:func:`fill` with those of the marks that the frame holds."""
    text = text_of(frame)
    return fill(frame, {name: value for name, value in marks.items() if f"@{name}@" in text})
