"""Infinite sums: added until the terms no longer count."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flint import arb, ctx, fmpq

from symderive.sampling import values as nu
from symderive.sampling.errors import NoValueError, UndefinedError

#: Terms that are added at most; terms after which it is seen whether so many are enough.
MAX_TERMS, EARLY = 1_500, 40

#: Two ratios of terms this close count as equal, and a series whose ratio is larger than 1 as divergent.
CLOSE = fmpq(1, 100)


def sum_series(terms: Iterator[Any], text: Any) -> Any:
    """The sum, with the rest as its error, as if the terms went on to fall as they fell last.

    Not promised: that they do; the terms of a power series inside its disc fall like a geometric sequence.
    """
    found, last, zeros = arb(0), arb(0), 0
    ratios: list[arb] = []
    small = arb(2) ** -(ctx.prec - 10)
    for number, value in enumerate(terms):
        term = nu.ball(nu.plain(value))
        if not term.is_finite():
            raise NoValueError(f"the terms of {text} are too large")
        found, size = found + term, abs(term).mid()
        zeros = zeros + 1 if size == 0 else 0
        if zeros == EARLY:
            return found
        if size != 0 and last != 0:
            ratios.append((size / last).mid())
            falls = max(ratios[-3:])
            if falls < 1 and size * falls < small * (1 - falls) * (1 + abs(found)):
                return found + arb(0, (4 * size * falls / (1 - falls)).upper())
            if number >= EARLY and number % EARLY == 0:
                _require_end(ratios, small, text)
        last = size
        if number >= MAX_TERMS:
            break
    raise NoValueError(f"{text} is not summed by {MAX_TERMS} terms")


def _require_end(ratios: list[arb], small: arb, text: Any) -> None:
    """Stop where the terms do not fall, or too slowly for the terms that are left."""
    now, before = ratios[-1], ratios[len(ratios) // 2]
    settled = abs(now - before) < CLOSE * now
    if settled and now > 1 + CLOSE:
        raise UndefinedError(f"{text} does not converge: its terms grow")
    if settled and now ** arb(MAX_TERMS) > small:
        raise NoValueError(f"{text} is not summed by {MAX_TERMS} terms")
