"""Letters: what kinds of them there are, and the values that they are given, boundaries first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from hashlib import blake2b
from itertools import count
from typing import Any

import sympy as sp
from flint import fmpq

from symderive import symbols as sy
from symderive.sampling.errors import NoValueError


@dataclass(frozen=True)
class Kind:
    """What a letter is declared to be: real or whole, of any sign, or not negative, or positive."""

    whole: bool
    signed: bool
    positive: bool

    @property
    def least(self) -> int | None:
        """The least value of a whole letter, None without one."""
        return None if self.signed else int(self.positive)

    def __str__(self) -> str:
        sign = "" if self.signed else "positive " if self.positive else "non-negative "
        return f"{sign}{'whole' if self.whole else 'real'}"

    @property
    def has_boundary(self) -> bool:
        """Whether it has a least value, or 0 among its values."""
        return self.whole or not self.positive

    def allows(self, signs: int | None) -> bool:
        """Whether a number of this sign is one (None: a ball around 0)."""
        return self.signed or (signs == 1 if self.positive else signs in (0, 1))


#: Assumptions that a letter may be declared with.
_KNOWN = {"real", "positive", "nonnegative", "integer", "commutative", "finite", "extended_real"}


@cache
def kind_of(letter: Any) -> Kind:
    """The kind of a symbol or of the elements of a family; refused by name where it is another."""
    element = letter[0] if isinstance(letter, sp.IndexedBase) else letter
    refused = [
        word
        for word in ("even", "odd", "prime", "composite", "irrational", "zero", "infinite", "imaginary")
        if getattr(element, f"is_{word}")
    ]
    if not element.is_commutative:
        refused.append("noncommutative")
    elif not element.is_real:
        refused.append("complex" if element.is_real is None else "not real")
    elif not element.is_integer and element.is_rational:
        refused.append("rational")
    elif not (element.is_positive or element.is_nonnegative) and (
        element.is_nonzero or element.is_nonpositive
    ):
        refused.append(
            "negative" if element.is_negative else "nonzero" if element.is_nonzero else "nonpositive"
        )
    if refused:
        raise NoValueError(
            f"{letter} is declared {refused[0]}; the test draws real, non-negative and positive letters"
            " and whole numbers of these kinds"
        )
    positive = bool(element.is_positive)
    return Kind(bool(element.is_integer), not (positive or element.is_nonnegative), positive)


class Letter:
    """A symbol or a family, one object each, so that it is looked up by identity; or a letter of data."""

    __slots__ = ("code", "kind", "name")

    def __init__(self, name: str, kind: Kind, *, is_family: bool) -> None:
        self.name, self.kind = name, kind
        #: Letters of one name and other kinds have other codes.
        self.code = f"{name} ({kind}{', a family' if is_family else ''})"

    def __repr__(self) -> str:
        return self.name


@cache
def letter_of(source: Any) -> Letter:
    """The letter of a symbol, of a family, or of an element's family."""
    if isinstance(source, sp.Indexed):
        return letter_of(source.base)
    is_family = isinstance(source, sp.IndexedBase)
    return Letter(str(source.label if is_family else source), kind_of(source), is_family=is_family)


@cache
def letter_of_data(name: str) -> Letter:
    """A real letter that stands in no statement: an entry of the data set, of a factor of a matrix."""
    return Letter(name, Kind(whole=False, signed=True, positive=False), is_family=True)


@cache
def slot(symbol: Any) -> str:
    """The name under which the value of a bound symbol is kept; symbols of one name have one each."""
    return f"{symbol}/{next(_NUMBERS)}"


_NUMBERS = count()


class Style(Enum):
    """How the letters of a point are drawn."""

    LEAST = "every letter at its least value or 0"
    ZEROS = "ranges of length 2, letters at 0"
    ONES = "every letter at 1"
    MINUS = "real letters at -1"
    EQUAL = "all letters equal"
    CONSTANT = "families constant"
    EDGE = "hypotheses met with equality"
    SPARSE = "half of the letters at 0"
    TINY = "tiny letters"
    HUGE = "huge letters"
    MIXED = "letters of very different sizes"
    LONG = "long ranges"
    SINGLE = "one letter at its least value or 0"
    RANDOM = "random letters"

    @property
    def is_boundary(self) -> bool:
        """All but the random points."""
        return self is not Style.RANDOM

    @property
    def is_degenerate(self) -> bool:
        """Whether letters are 0 or 1, so that much of a statement may not be seen."""
        return self in (Style.LEAST, Style.ZEROS, Style.ONES, Style.MINUS, Style.SPARSE)

    @property
    def tight(self) -> bool:
        """Whether inequalities among the hypotheses are met with equality, where that is possible."""
        return self in (Style.LEAST, Style.ZEROS, Style.ONES, Style.EQUAL, Style.EDGE)


#: Powers of ten of tiny and huge letters.
_LEAST_POWER, _POWERS = 6, 7


def chance(key: str) -> int:
    """A number of 64 bits that looks random and is the same for the same key."""
    return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")


def short_rational(number: int) -> fmpq:
    """From 1/16 to 40, so that a counterexample can be read."""
    return fmpq(number % 40 + 1, number // 64 % 16 + 1)


def draw_whole(style: Style, kind: Kind, key: str, lengths: tuple[int, int] | None) -> fmpq:
    """A whole number; ``lengths`` bound one that ranges hang on, in all styles and in HUGE."""
    number = chance(key)
    if kind.least is None:
        small = {Style.LEAST: 0, Style.ZEROS: 0, Style.ONES: 1}.get(style, number % 7 - 3)
        return fmpq(small if style is not Style.HUGE else (-1) ** number * 10**6)
    long, longest = lengths or (9, 10**6)
    least, usual = kind.least, min(3, long) if lengths else long
    match style:
        case Style.LEAST:
            return fmpq(least)
        case Style.ONES:
            return fmpq(1)
        case Style.ZEROS | Style.MINUS | Style.TINY:
            return fmpq(2)
        case Style.HUGE:
            return fmpq(longest)
        case Style.LONG:
            return fmpq(long)
        case Style.MIXED | Style.SPARSE:
            return fmpq(least + number % (usual - least + 1))
        case Style.SINGLE:
            return fmpq(2 + number % (usual - 1))
    return fmpq(1 + number % usual)


def draw_real(style: Style, kind: Kind, family: str, element: str) -> fmpq:
    """A real number; ``family`` and ``element`` are keys of the letter and of its element."""
    number = chance(element)
    match style:
        case Style.LEAST | Style.ZEROS:
            return fmpq(int(kind.positive))
        case Style.ONES:
            return fmpq(1)
        case Style.MINUS:
            return fmpq(-1 if kind.signed else 1)
        case Style.EQUAL:
            return short_rational(chance(family.split("|")[0]))
        case Style.CONSTANT:
            number = chance(family)
        case Style.SPARSE:
            if number // 4096 % 2:
                return fmpq(int(kind.positive))
        case Style.TINY:
            return _sized(number, -1, kind)
        case Style.HUGE:
            return _sized(number, 1, kind)
        case Style.MIXED:
            choice = number // 4096 % 8
            if choice == 0:
                return fmpq(int(kind.positive))
            if choice == 1:
                return fmpq(-1 if kind.signed and number % 2 else 1)
            if choice in (2, 3):
                return _sized(number, 1 if choice == 2 else -1, kind)
    return _signed(short_rational(number), number, kind)


def _signed(value: fmpq, number: int, kind: Kind) -> fmpq:
    return -value if kind.signed and number // 32768 % 2 else value


def _sized(number: int, way: int, kind: Kind) -> fmpq:
    size = fmpq(10) ** (way * (_LEAST_POWER + number // 65536 % _POWERS))
    return _signed(size * (1 + number % 8), number, kind)


#: What an expectation makes of the data set rather than of letters of their own.
OF_DATA = frozenset({sy.y, sy.c})
