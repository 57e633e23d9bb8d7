"""Frozen records that hold balls, as exact data: they compare, hash and pickle by what they hold.

A ball with a radius is not ``==`` itself, for the numbers in it need not be equal, and FLINT's balls do not
pickle.  As data a ball is two dyadic numbers, its middle and its radius, both exact whatever the precision.
"""

from __future__ import annotations

import copyreg
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from flint import arb

#: Mantissa and exponent of a finite number, or the name of another: ``"inf"``, ``"-inf"``, ``"nan"``.
Dyadic: TypeAlias = tuple[int, int] | str


def ball_data(value: arb) -> tuple[Dyadic, Dyadic]:
    """The middle and the radius of a ball, exact.

    >>> ball_data(arb(0.75)), ball_data(arb("inf"))
    (((3, -2), (0, 0)), ('inf', (0, 0)))
    """
    return _dyadic(value.mid()), _dyadic(value.rad())


def ball_of(middle: Dyadic, radius: Dyadic) -> arb:
    """The ball whose :func:`ball_data` these are, bit by bit, at any precision."""
    return arb(middle, radius)


def _dyadic(number: arb) -> Dyadic:
    if not number.is_finite():
        return str(float(number))
    mantissa, exponent = number.man_exp()
    return int(mantissa), int(exponent)


def content(value: Any) -> Any:
    """What a value holds as data that compare and hash; records within it that compare by identity, too."""
    if isinstance(value, arb):
        return ball_data(value)
    if isinstance(value, tuple):
        return tuple(map(content, value))
    by_identity = is_dataclass(value) and type(value).__eq__ is object.__eq__
    if by_identity or issubclass(type(value), Record):
        return type(value), *(content(getattr(value, field.name)) for field in fields(value))
    return value


class Record:
    """Base of dataclasses with ``frozen=True, eq=False``; what they cache is no part of what they are."""

    def __eq__(self, other: object) -> bool:
        return self is other or (type(self) is type(other) and bool(content(self) == content(other)))

    def __hash__(self) -> int:
        return hash(content(self))

    def __getstate__(self) -> dict[str, Any]:
        """The fields alone, for pickles and copies: a cached property would go along."""
        return {field.name: getattr(self, field.name) for field in fields(self)}  # type: ignore[arg-type]


copyreg.pickle(arb, lambda value: (ball_of, ball_data(value)))
