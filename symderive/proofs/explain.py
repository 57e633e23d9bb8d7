"""Errors that say what is missing: the step, the fact and what is left, in the statement's own letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from symderive.core.budget import OutOfReachError
from symderive.core.terms import CoreError
from symderive.core.theorem import Goal
from symderive.proofs.readback import Reader
from symderive.statements.claim import Claim


class ProofError(Exception):
    """A proof that is refused; the message says at which step, ``remainder`` what is left there."""

    def __init__(self, message: str, remainder: Any = None) -> None:
        super().__init__(message)
        self.remainder = remainder


@contextmanager
def named(step: str) -> Iterator[None]:
    try:
        yield
    except ProofError as error:
        raise ProofError(f"{step}: {error}", error.remainder) from None
    except OutOfReachError:
        raise
    except CoreError as error:
        raise ProofError(f"{step}: {error}") from None


@contextmanager
def explained(
    reader: Reader, goal: Goal, claim: Claim, where: str = "", facts: Sequence[str] = ()
) -> Iterator[None]:
    """Errors of the core in the statement's own letters; ``facts`` are titles of what is combined."""
    prefix = f"{where}: " if where else ""
    try:
        yield
    except ProofError as error:
        raise ProofError(f"{prefix}{error}", error.remainder) from None
    except OutOfReachError as error:
        raise ProofError(f"{prefix}out of reach: {error}") from None
    except CoreError as error:
        message, remainder = _message(reader.naming(claim, goal.names), error)
        prefix = f"{facts[error.fact]}: " if facts and error.fact is not None else prefix
        raise ProofError(f"{prefix}{message}", remainder) from None


def _message(reader: Reader, error: CoreError) -> tuple[str, Any]:
    message = error.said(reader.text(part) for part in error.parts)
    if error.left is None:
        return message, None
    left = reader.remainder(error.left)
    return f"{message}; what is left is {left}", left
