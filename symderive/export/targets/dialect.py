"""What C files differ in beside their formulas: the prefix of their names and the type of their numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from symderive.errors import InputError

#: Prefix of names that nobody asked for another.
PREFIX = "symderive"

#: Letters of a prefix that compilers of any age take.
LONGEST = 24

#: Beginnings of macros that C's own headers define.
TAKEN = ("fe", "fp", "flt", "dbl", "ldbl", "int", "size")

#: Bits of whole numbers that are written as powers of two where they are.
MOST_BITS = 40


@dataclass(frozen=True)
class Numbers:
    """One type of floating-point numbers of C.

    ``elementary`` is the frame that holds its exp and log.  ``round`` is the number that rounds others to
    whole ones when it is added and taken away; ``part`` is no whole number, and 1 over ``divisor``, which
    is ``quotient``, times ``divisor`` is not 1.
    """

    real: str
    precision: str
    suffix: str
    limits: str
    elementary: str
    fdlibm: str
    round: str
    part: str
    divisor: str
    quotient: str

    def integer(self, value: int) -> str:
        """A whole number as one of these, large powers of two as such."""
        bits = value.bit_length() - 1
        return f"0x1p{bits}" if bits > MOST_BITS and value == 2**bits else f"{value}.0{self.suffix}"


DOUBLE = Numbers(
    real="double",
    precision="double",
    suffix="",
    limits="DBL",
    elementary="c_double",
    fdlibm="log",
    round="0x1.8p52",
    part="1.4",
    divisor="49",
    quotient="0x1.4e5e0a72f0539p-6",
)
SINGLE = Numbers(
    real="float",
    precision="single",
    suffix="f",
    limits="FLT",
    elementary="c_single",
    fdlibm="logf",
    round="0x1.8p23f",
    part="1.4f",
    divisor="41",
    quotient="0x1.8f9c18p-6f",
)


@dataclass(frozen=True)
class Dialect:
    """The names and numbers of one C file."""

    prefix: str = PREFIX
    single: bool = False

    @property
    def numbers(self) -> Numbers:
        return SINGLE if self.single else DOUBLE

    @property
    def real(self) -> str:
        return self.numbers.real

    @property
    def macro(self) -> str:
        """The prefix of macros and constants."""
        return self.prefix.upper()

    @property
    def wide(self) -> str:
        """The constant that says how many instances are solved side by side."""
        return f"{self.macro}_WIDE"

    @property
    def marks(self) -> Mapping[str, str]:
        """What stands for the marks of names and numbers in frames."""
        numbers = self.numbers
        return {
            "p": self.prefix,
            "P": self.macro,
            "real": numbers.real,
            "f": numbers.suffix,
            "F": numbers.suffix.upper(),
            "FLT": numbers.limits,
        }


def require_prefix(prefix: str) -> str:
    """The prefix itself where C and C++ take it for every name, else :class:`InputError`."""
    if prefix in TAKEN:
        raise InputError(f"the prefix {prefix} begins names of C's own headers; give another one.")
    if not re.fullmatch(r"[a-z](_?[a-z0-9])*", prefix) or len(prefix) > LONGEST:
        raise InputError(
            f"the prefix {prefix!r} does not fit; give small letters, digits and single underscores,"
            f" a letter first, at most {LONGEST}."
        )
    return prefix
