"""Frozen records that hold balls, as exact data: they compare, hash and pickle by what they hold.

A ball with a radius is not ``==`` itself, for the numbers in it need not be equal, and FLINT's balls do not
pickle.  As data a ball is two dyadic numbers, its middle and its radius, both exact whatever the precision.
"""

from __future__ import annotations

import copyreg
from dataclasses import fields, is_dataclass
from typing import Any, TypeAlias

from flint import arb

#: Bits of the radius of a ball.
RADIUS_BITS = 30

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
    if isinstance(radius, tuple) and radius[0]:
        # FLINT rounds a radius up, one that fills RADIUS_BITS bits even where it is exact: a bit less of it
        # is rounded up to it.
        mantissa, exponent = radius
        shift = RADIUS_BITS + 1 - mantissa.bit_length()
        radius = (mantissa << shift) - 1, exponent - shift
    return arb(middle, radius)


def _dyadic(number: arb) -> Dyadic:
    if not number.is_finite():
        return str(float(number))
    mantissa, exponent = number.man_exp()
    return int(mantissa), int(exponent)


def content(value: Any) -> Any:
    """What a value holds, as data that compare and hash.

    Dataclasses are taken apart into their fields, unless they say themselves how they compare.
    """
    if isinstance(value, arb):
        return ball_data(value)
    if isinstance(value, tuple):
        return tuple(map(content, value))
    if is_dataclass(value) and _compares_by_fields(type(value)):
        return type(value), *(content(getattr(value, x.name)) for x in fields(value) if x.compare)
    return value


def _compares_by_fields(kind: Any) -> bool:
    generated = kind.__dataclass_params__.eq  # which would compare balls as numbers
    return generated or kind.__eq__ in (object.__eq__, Record.__eq__)


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
