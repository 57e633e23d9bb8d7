"""The floating-point numbers in which exported files compute."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Numbers:
    """``bits`` of every number, the ``largest`` one, the ``smallest`` with all its bits; None: no limit."""

    bits: int
    largest: Fraction | None = None
    smallest: Fraction | None = None

    @property
    def unit(self) -> Fraction:
        """The distance from 1 to the next number."""
        return Fraction(2, 2**self.bits)

    @property
    def blur(self) -> Fraction:
        """Relative distance of roots that these numbers hardly tell apart: the cube root of a unit."""
        return 4 * Fraction(1, 2 ** (self.bits // 3))


DOUBLE = Numbers(53, Fraction(2) ** 1024 - Fraction(2) ** 970, Fraction(1, 2**1022))
SINGLE = Numbers(24, Fraction(2) ** 128 - Fraction(2) ** 104, Fraction(1, 2**126))
#: What a check has mpmath compute with.
LONG = Numbers(113)


def numbers_of(target: str, *, single: bool = False) -> Numbers:
    """The numbers of a target's files."""
    return SINGLE if single else LONG if target == "mpmath" else DOUBLE
