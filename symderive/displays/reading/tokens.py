r"""The tokens of a display, without what only places them: sizes, spaces, rows, environments, labels.

A quad and a new row are remembered at the token that follows, since two factors are not parted by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from symderive.errors import InputError

#: Characters that are read; the longest display of a paper has some hundreds.
MOST_CHARACTERS = 20_000

#: What stands between a token and the one before it.
NOTHING, SPACE, QUAD = range(3)

_TOKEN = re.compile(
    r"\\(?:begin|end)\{[a-z]+\*?\}"
    r"|\\label\{[^{}]*\}"
    r"|\\(?:text|mathrm|operatorname)\s*\{[^{}]*\}"
    r"|\\math(?:bb|bf|cal)(?:\s*\{\s*[A-Za-z0-9]\s*\}|\s+[A-Za-z]|\s*[0-9])"
    r"|\\[A-Za-z]+|\\[\s\S]|:=|\S"
)
_FONT = re.compile(r"\\math(?:bb|bf|cal)(?=[\s{0-9])")

_GAPS = {r"\quad": QUAD, r"\qquad": QUAD, r"\ ": SPACE, r"\;": SPACE, "~": SPACE}
_DROPPED = frozenset([r"\,", r"\!", r"\:", r"\>", r"\displaystyle", r"\limits"])
_DROPPED |= {r"\notag", r"\nonumber", r"\allowbreak"}
_SIZES = frozenset(
    [r"\left", r"\right"]
    + [rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("l", "r", "")]
)
_BRACKETS = frozenset(["(", ")", "[", "]", r"\{", r"\}", "|", r"\|", r"\lVert", r"\rVert"])
_BRACKETS |= {r"\lvert", r"\rvert"}
_LAYOUTS = frozenset(["equation", "split", "align", "gather", "aligned"])


@dataclass(frozen=True)
class Token:
    """A token, its place in the text, and what parts it from the one before it."""

    text: str
    start: int
    gap: int = NOTHING


def refuse(text: str, start: int, why: str) -> NoReturn:
    """Raise :class:`InputError` that points at a place of the text."""
    before = " ".join(text[max(0, start - 40) : start].split())
    after = " ".join(text[start : start + 40].split())
    raise InputError(f"The display cannot be read: {why} at: {before} >>> {after}")


def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens that carry meaning; a final full stop or comma is dropped."""
    if len(text) > MOST_CHARACTERS:
        refuse(text, MOST_CHARACTERS, f"it is longer than {MOST_CHARACTERS} characters")
    found = [(_plain(match[0]), match.start()) for match in _TOKEN.finditer(text)]
    words = [word for word, _ in found]
    kept: list[Token] = []
    environments: list[str] = []
    gap, row_begins, skip = NOTHING, True, False
    for at, (word, start) in enumerate(found):
        if skip:
            skip = False
            continue
        layout = not environments or environments[-1] in _LAYOUTS
        if word.startswith((r"\begin{", r"\end{")):
            name = word[word.index("{") + 1 : -1].rstrip("*")
            if word.startswith(r"\begin"):
                environments.append(name)
            elif not environments or environments.pop() != name:
                refuse(text, start, f"the environment {name} is not the one that is open")
            if name in _LAYOUTS:
                row_begins = True
                continue
        if word in _GAPS:
            gap = max(gap, _GAPS[word])
        elif layout and environments and word in ("&", r"\\"):
            row_begins = True
            gap = QUAD if word == r"\\" else gap
        elif word in _SIZES:
            if words[at + 1 : at + 2] and words[at + 1] in _BRACKETS:
                continue
            refuse(text, start, f"{word} is not followed by a bracket")
        elif word == "{" and words[at + 1 : at + 2] == ["}"] and row_begins:
            skip = True  # it makes the sign that follows a binary one
        elif not (word in _DROPPED or word.startswith(r"\label{")):
            kept.append(Token(word, start, gap))
            gap, row_begins = NOTHING, False
    if environments:
        refuse(text, len(text), f"the environment {environments[-1]} is not closed")
    return tuple(kept[:-1] if kept and kept[-1].text in (".", ",", ";") else kept)


def _plain(word: str) -> str:
    r"""One spelling: ``\mathbb E`` is ``\mathbb{E}``, ``\text{ and }`` is ``\text{and}``."""
    if word.startswith((r"\text", r"\mathrm", r"\operatorname")) and word.endswith("}"):
        command, _, words = word[:-1].partition("{")
        return f"{command.rstrip()}{{{' '.join(words.split())}}}"
    if font := _FONT.match(word):
        letter = word[font.end() :].strip("{} \t\r\n")
        return f"{font[0]}{{{letter}}}"
    return word
