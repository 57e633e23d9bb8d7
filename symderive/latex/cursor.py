"""The tokens of emitted LaTeX and a position among them, for :mod:`symderive.latex.reader`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from symderive.errors import InputError

TOKEN = re.compile(r"\\text\{[^{}]*\}|\\(?:begin|end)\{[a-z]+\*?\}|\\[A-Za-z]+|\\.|\d+\.\d+|\d+|\S")

_SPACES = frozenset(
    [r"\,", r"\!", r"\;", r"\:", r"\quad", r"\qquad", r"\displaystyle", r"\limits", r"\left", r"\right"]
    + [rf"\{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in "lr"]
    + [r"\notag", r"\nonumber", r"\allowbreak"]
)
_LAYOUTS = frozenset(["equation", "split", "align", "gather", "aligned", "multline"])


def strip_layout(tokens: list[str]) -> list[str]:
    """Drop what only places the text: sizes, spaces, display environments, their marks and labels."""
    kept: list[str] = []
    environments: list[str] = []
    skip = 0
    for at, token in enumerate(tokens):
        if skip:
            skip -= 1
            continue
        name = token.partition("{")[2].rstrip("}").rstrip("*")
        if token.startswith(r"\begin{"):
            environments.append(name)
        layout = not environments or environments[-1] in _LAYOUTS
        closing = token.startswith(r"\end{")
        if closing and (not environments or environments.pop() != name):
            raise InputError(f"The LaTeX closes the environment {name} that was not open.")
        if token in (r"\left", r"\right") and tokens[at + 1 : at + 2] == ["."]:
            skip = 1
        elif token == r"\label":
            skip = [*tokens, "}"].index("}", at) - at
        elif tokens[at : at + 2] == ["{", "}"]:
            skip = 1
        elif token in _SPACES or (layout and (token in ("&", r"\\") or name in _LAYOUTS)):
            continue
        else:
            kept.append(token)
    return kept


class Cursor:
    """A position in a list of tokens, and the names that may come next."""

    def __init__(self, tokens: list[str], names: Mapping[str, Any]) -> None:
        self.tokens = tokens
        self.at = 0
        self.names = sorted(
            ((TOKEN.findall(key), meaning) for key, meaning in names.items()),
            key=lambda row: -len(row[0]),
        )

    def peek(self, count: int = 1) -> str:
        return "".join(self.tokens[self.at : self.at + count])

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if not token or (wanted and token not in wanted):
            self.fail(f"expected {' or '.join(wanted) or 'more'}")
        self.at += 1
        return token

    def skip(self, *wanted: str) -> bool:
        """Step over the tokens ``wanted`` if they come next."""
        found = self.tokens[self.at : self.at + len(wanted)] == list(wanted)
        self.at += len(wanted) if found else 0
        return found

    def fail(self, why: str) -> NoReturn:
        before = " ".join(self.tokens[max(0, self.at - 8) : self.at])
        after = " ".join(self.tokens[self.at : self.at + 8])
        raise InputError(f"The LaTeX cannot be read: {why} at: {before} >>> {after}")

    def group(self, rule: Callable[[], Any]) -> Any:
        self.take("{")
        result = rule()
        self.take("}")
        return result
