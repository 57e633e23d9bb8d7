"""A position among the tokens of a display."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn, TypeVar

from symderive.displays.nodes import Name, Node, Number
from symderive.displays.reading.tokens import NOTHING, refuse, tokens_of

_Result = TypeVar("_Result")

#: Nesting that is read; every level takes some ten frames of Python's stack.
_MOST_DEPTH = 40

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau upsilon phi "
    "chi psi omega varepsilon vartheta varrho varsigma varphi varpi Gamma Delta Theta Lambda Xi Pi Sigma "
    "Upsilon Phi Psi Omega ell infty"
)
#: Tokens that are names by themselves.
LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
LETTERS |= {rf"\{word}" for word in _GREEK.split()}


class Cursor:
    """A position among tokens, and what may be done at it."""

    def __init__(self, text: str, functions: frozenset[str]) -> None:
        self.text = text
        self.tokens = tokens_of(text)
        self.functions = functions
        self.at = 0
        self.depth = 0
        self.below = 0  # how many subscripts are open
        self.closing = ""  # what ends the innermost brackets
        self.loose_end = -1  # where an argument without brackets has ended

    def peek(self, ahead: int = 0) -> str:
        return self.tokens[self.at + ahead].text if self.at + ahead < len(self.tokens) else ""

    def gap(self) -> int:
        return self.tokens[self.at].gap if self.at < len(self.tokens) else NOTHING

    def take(self, *wanted: str) -> str:
        token = self.peek()
        if not token or (wanted and token not in wanted):
            self.fail(f"expected {' or '.join(wanted) or 'more'}")
        self.at += 1
        return token

    def skip(self, *wanted: str) -> bool:
        """Step over the tokens ``wanted`` if they come next."""
        found = all(self.peek(ahead) == token for ahead, token in enumerate(wanted))
        self.at += len(wanted) if found else 0
        return found

    def fail(self, why: str) -> NoReturn:
        place = self.tokens[self.at].start if self.at < len(self.tokens) else len(self.text)
        refuse(self.text, place, why)

    def inside(self, opening: str, closing: str, rule: Callable[[], _Result]) -> _Result:
        outer, self.closing = self.closing, closing
        self.take(opening)
        result = rule()
        self.take(closing)
        self.closing = outer
        return result

    def nested(self, rule: Callable[[], _Result]) -> _Result:
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.fail("brackets are nested too deeply")
        result = rule()
        self.depth -= 1
        return result

    def argument(self, rule: Callable[[], _Result]) -> _Result | Node:
        """An argument in braces, or one letter or digit without them."""
        if self.peek() == "{":
            return self.inside("{", "}", rule)
        token = self.peek()
        if token.isdecimal() and token.isascii():
            return Number(int(self.take()))
        return Name(self.take()) if token in LETTERS else self.fail("braces are missing")

    def complete(self) -> None:
        """Refuse what follows an argument that has no brackets: it might belong to it."""
        if self.at == self.loose_end:
            self.fail("brackets are missing around the argument before it")
