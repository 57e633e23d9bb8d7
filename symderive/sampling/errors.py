"""Why an expression has no value at a point: it is undefined there, or the test cannot tell."""

from __future__ import annotations


class NoValueError(Exception):
    """The test does not find the value: it has no rule, too little precision, or too much to do.

    The first argument is a text with places for the others, which are put in when it is read: most are not.
    """

    def __str__(self) -> str:
        text, *parts = self.args
        return text.format(*parts) if parts else text


class UndefinedError(NoValueError):
    """The expression has no value at the point; a statement that holds it there is false as written."""


class TieError(NoValueError):
    """A number cannot be told from 0, however many digits are computed, and all hangs on that."""


class OutsideError(NoValueError):
    """The point is not one: what the domain defines has no value there, or one of another kind."""


class ExhaustedError(NoValueError):
    """The budget is used up."""
