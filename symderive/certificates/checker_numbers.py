"""The numbers of a certificate as they must stand in the file, and how much work checking them may take.

A file of a few lines can ask for a million digits.  So a number is read only where it is no longer than
what a certificate needs, and every step that may take long says beforehand what it takes: a file either is
checked within the time allowed, or is refused with a sentence.

Part of the checker: shares no code with the search.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

#: Longest decimal text of an integer, as long as Python prints by itself.
MAX_DECIMAL = 4300

#: Largest depth, and u = ln λ, that are read: their logarithms and powers stay quick.
MAX_DEPTH = 2**40
MAX_LOG = 2**60

#: Bits that a row may ask for whatever it says, and how many times the bits of the longest number in it.
FREE_BITS = 2**14
MOST_TIMES = 8


class CertificateError(ValueError):
    """The certificate does not prove what it claims; the message says where."""


class RefusedError(CertificateError):
    """The certificate asks for more than a checker does; nothing is said about what it claims."""


def require(holds: Any, what: str) -> None:
    """Raise :class:`CertificateError` unless ``holds``."""
    if not holds:
        raise CertificateError(what)


def demand(holds: Any, what: str) -> None:
    """Raise :class:`RefusedError` unless ``holds``."""
    if not holds:
        raise RefusedError(what)


class Quotient(NamedTuple):
    """A ratio of integers, not in lowest terms: to reduce a long one takes longer than all else."""

    numerator: int
    denominator: int


Ratio: TypeAlias = Fraction | Quotient | int


class Work:
    """The work that is left, in microseconds of one ordinary processor, and what operations take of it."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.left = seconds, seconds * 1e6

    def spend(self, microseconds: float) -> None:
        """Take it from what is left, before the work is done; :class:`RefusedError` where it is more."""
        self.left -= microseconds
        demand(self.left >= 0, f"checking it takes more than the {self.seconds:g} seconds that it may")

    @staticmethod
    def of_product(bits: float) -> float:
        """A product, or a division, of two integers of so many bits."""
        k = bits / 1000
        return 0.3 + k + k * k

    @staticmethod
    def of_quotient(bits: int) -> float:
        """A product or a division of intervals."""
        k = bits / 1000
        return 5 + 5 * k + 3 * k * k

    @staticmethod
    def of_logarithm(bits: int) -> float:
        """A logarithm or an exponential of an interval."""
        return 15 + 60 * (bits / 1000) ** 2


def interval(iv: Any, value: Ratio) -> Any:
    """An interval around an exact number."""
    return iv.mpf(value.numerator) / value.denominator


def whole(value: Any) -> int:
    """An integer as it must stand in the file; hexadecimal text where it is long."""
    if isinstance(value, str) and set(value) <= set("-x0123456789abcdef"):
        return int(value, 16)
    require(type(value) is int, f"{value!r:.40} stands where an integer must")
    return int(value)


def ratio(text: Any) -> Fraction:
    """A ratio of integers as it must stand in the file, such as "1/50"; nothing with exponents."""
    plain = isinstance(text, str) and set(text) <= set("-/0123456789")
    require(plain, f"{text!r:.40} stands where a ratio of integers must")
    demand(
        max(map(len, text.split("/"))) <= MAX_DECIMAL,
        f"a ratio of integers has more than {MAX_DECIMAL} digits",
    )
    return Fraction(text)


def dyadic(value: Any, most_bits: int, work: Work) -> Fraction:
    """m·2^e from [m, e] where the exponent is of no more than so many bits."""
    mantissa, exponent = map(whole, value)
    demand(abs(exponent) <= most_bits, f"the exponent {exponent:.3g} is beyond what such a claim needs")
    # It is compared with and subtracted from others a few times.
    work.spend(10 * work.of_product(mantissa.bit_length() + abs(exponent)))
    return mantissa * Fraction(2) ** exponent


def total(terms: Iterable[Ratio], work: Work) -> Quotient:
    """A sum, by halves, so that long numbers are multiplied by long ones and only a few times."""
    left = [Quotient(int(x.numerator), int(x.denominator)) for x in terms] or [Quotient(0, 1)]
    while len(left) > 1:
        pairs = [left[i : i + 2] for i in range(0, len(left), 2)]
        left = [_sum(pair[0], pair[1], work) if len(pair) == 2 else pair[0] for pair in pairs]
    return left[0]


def _sum(x: Quotient, y: Quotient, work: Work) -> Quotient:
    if x.denominator == y.denominator:
        return Quotient(x.numerator + y.numerator, x.denominator)
    bits = max(number.bit_length() for number in (*x, *y))
    work.spend(3 * work.of_product(bits))
    numerator = x.numerator * y.denominator + y.numerator * x.denominator
    return Quotient(numerator, x.denominator * y.denominator)


def is_less(x: Ratio, y: Ratio) -> bool:
    """Whether x < y, for positive denominators."""
    return bool(x.numerator * y.denominator < y.numerator * x.denominator)
