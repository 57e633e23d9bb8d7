"""The hand-written parts of exported files, with marks where the generated parts go."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from symderive.errors import InputError


def fill(target: str, marks: Mapping[str, str]) -> str:
    """The frame of a target with every ``@mark@`` replaced.

    Raises :class:`InputError` for a mark that the frame does not hold.
    """
    text = files("symderive.export").joinpath("frames", f"{target}.in").read_text(encoding="utf-8")
    for name, value in marks.items():
        mark = f"@{name}@"
        if mark not in text:
            raise InputError(f"the frame of {target} has no mark {mark}.")
        text = text.replace(mark, value)
    return text
