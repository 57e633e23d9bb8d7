"""Numbers of the test: exact rationals as long as possible, balls beyond, and truncated Taylor series.

A rational is a python-flint ``fmpq``, a ball an ``arb`` that encloses the value, so that a difference whose
ball is apart from 0 is nonzero for certain.  Which is 0 exactly and which only cannot be told from 0 stays
known: ``sign`` answers None for the latter.  A :class:`Jet` is a number with its Taylor coefficients in one
variable; jets may hold jets, the innermost derivative on the outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from math import isqrt
from typing import Any

from flint import arb, fmpq, fmpz

from symderive.sampling.errors import NoValueError, TieError, UndefinedError

#: Rationals of more bits become balls, so that the work on a number stays bounded.
MAX_BITS = 20_000

#: Largest exponent for which a power of a rational stays a rational.
MAX_EXPONENT = 4_000

ZERO, ONE = fmpq(0), fmpq(1)


class Jet:
    """c_0 + c_1 e + c_2 e² + … up to a fixed order; ``level`` tells the variables e apart."""

    __slots__ = ("level", "parts")

    def __init__(self, level: int, parts: list[Any]) -> None:
        self.level, self.parts = level, parts

    def __add__(self, other: Any) -> Jet:
        parts = self._like(other)
        if parts is None:
            return other + self
        return Jet(self.level, [x + y for x, y in zip(self.parts, parts, strict=True)])

    def __mul__(self, other: Any) -> Jet:
        parts = self._like(other)
        if parts is None:
            return other * self
        mine = self.parts
        product = []
        for at in range(len(mine)):
            total = mine[0] * parts[at]
            for i in range(1, at + 1):
                total = total + mine[i] * parts[at - i]
            product.append(total)
        return Jet(self.level, product)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Jet:
        return Jet(self.level, [-part for part in self.parts])

    def __sub__(self, other: Any) -> Jet:
        return self + -other

    def __rsub__(self, other: Any) -> Jet:
        return -self + other

    def _like(self, other: Any) -> list[Any] | None:
        """The other number's coefficients in this variable; None where this one is inside the other."""
        if isinstance(other, Jet):
            if other.level == self.level:
                return other.parts
            if other.level > self.level:
                return None
        return [other, *[ZERO] * (len(self.parts) - 1)]

    @property
    def constant(self) -> bool:
        """Whether it does not depend on the variable at all."""
        return all(is_zero(part) for part in self.parts[1:])


def plain(value: Any) -> Any:
    """The number itself, derivatives left out."""
    while isinstance(value, Jet):
        value = value.parts[0]
    return value


def is_zero(value: Any) -> bool:
    """Whether a number is 0 exactly, with all its derivatives."""
    if isinstance(value, Jet):
        return all(is_zero(part) for part in value.parts)
    return bool(value == 0)


def sign(value: Any) -> int | None:
    """-1, 0 (exactly) or 1; None where the ball holds 0 and something else."""
    value = plain(value)
    if value > 0:
        return 1
    if value < 0:
        return -1
    return 0 if value == 0 else None


def ball(value: Any) -> arb:
    """A number as a ball of the working precision."""
    return value if isinstance(value, arb) else arb(value)


def kept(value: Any) -> Any:
    """A rational, unless it has grown too long."""
    if isinstance(value, fmpq) and value.height_bits() > MAX_BITS:
        return arb(value)
    return value


def total(values: Iterable[Any]) -> Any:
    """Their sum."""
    found: Any = ZERO
    for value in values:
        found = found + value
    return found


def whole(value: Any) -> int | None:
    """A rational that is a whole number, as an int; None for others."""
    value = plain(value)
    if isinstance(value, fmpq) and value.q == 1:
        return int(value.p)
    return None


def power(base: Any, exponent: Any, *, natural: bool, text: Any) -> Any:
    """``base`` to the power ``exponent``; ``natural`` says that it is whole by its kind, so that 0⁰ = 1."""
    number = None if isinstance(exponent, Jet) and not exponent.constant else whole(exponent)
    if number is not None:
        if number == 0 and (natural or is_nonzero(base, text)):
            return ONE
        if number == 1:
            return base
        if number < 0:
            is_nonzero(base, text)
        if isinstance(base, Jet):
            return _jet_whole_power(base, number, text)
        return _whole_power(base, number)
    if isinstance(exponent, Jet):
        if exponent.constant:
            return power(base, plain(exponent), natural=natural, text=text)
        return exp(exponent * log(base, text))
    if isinstance(base, Jet):
        if is_nonzero(base, text) and sign(base) == -1:
            raise UndefinedError("{} has no real value", text)
        return _jet_power(base, exponent, text)
    return _real_power(base, exponent, text)


def is_nonzero(value: Any, text: Any) -> bool:
    """True; raises where the value is 0, or cannot be told from 0."""
    signed = sign(value)
    if signed == 0:
        raise UndefinedError("{} has no value", text)
    if signed is None:
        raise TieError("the base of {} cannot be told from 0", text)
    return True


def _whole_power(base: Any, number: int) -> Any:
    if isinstance(base, fmpq) and (
        abs(number) > MAX_EXPONENT or base.height_bits() * abs(number) > MAX_BITS
    ):
        base = arb(base) if abs(base) != 1 else base
    if isinstance(base, fmpq):
        return base**number if abs(base) != 1 else (base if number % 2 else ONE)
    found = _by_squaring(base, abs(number))  # a ball around 0 to a power by ``**`` is not a number
    return found if number > 0 else 1 / found


def _real_power(base: Any, exponent: Any, text: Any) -> Any:
    signed = sign(base)
    if signed == -1:
        raise UndefinedError("{} has no real value", text)
    if signed == 0:
        if sign(exponent) == 1:
            return ZERO
        if sign(exponent) is None:
            raise TieError("the exponent of {} cannot be told from 0", text)
        raise UndefinedError("{} has no value", text)
    if signed is None:
        raise TieError("the base of {} cannot be told from 0", text)
    if isinstance(exponent, fmpq):
        degree = int(exponent.q)
        if isinstance(base, fmpq) and degree < 64:
            root = exact_root(base, degree)
            if root is not None:
                return _whole_power(root, int(exponent.p))
        if degree < 64:
            return _whole_power(ball(base).root(degree), int(exponent.p))
    return ball(base) ** ball(exponent)


@cache
def exact_root(base: Any, degree: int) -> Any:
    """The root of a non-negative rational where it is rational, else None."""
    parts = [_whole_root(int(part), degree) for part in (base.p, base.q)]
    return None if None in parts else fmpq(*parts)


def _whole_root(number: int, degree: int) -> int | None:
    if number < 2:
        return number
    if degree == 2:
        found = isqrt(number)
    else:
        if number.bit_length() < degree:
            return None
        found = int(fmpz(number).root(degree))
    return found if found**degree == number else None


def _jet_whole_power(base: Jet, number: int, text: Any) -> Any:
    if base.constant:
        return power(base.parts[0], fmpq(number), natural=True, text=text)
    if number < 0 or number > 8:
        if sign(base) == 0:  # the lowest coefficients of a high power at a zero
            return ZERO if number >= len(base.parts) else _by_squaring(base, number)
        return _jet_power(base, fmpq(number), text)
    return _by_squaring(base, number)


def _by_squaring(base: Any, number: int) -> Any:
    found = base
    for bit in bin(number)[3:]:
        found = found * found
        if bit == "1":
            found = found * base
    return found


def _jet_power(base: Jet, exponent: Any, text: Any) -> Jet:
    """p = b^e solves b p' = e b' p, coefficient by coefficient."""
    parts = base.parts
    found = [power(parts[0], exponent, natural=False, text=text)]
    inverse = power(parts[0], fmpq(-1), natural=True, text=text)
    for k in range(1, len(parts)):
        terms = (
            (exponent * i - (k - i)) * parts[i] * found[k - i]
            for i in range(1, k + 1)
            if not is_zero(parts[i])
        )
        found.append(total(terms) * inverse * fmpq(1, k))
    return Jet(base.level, found)


def exp(value: Any) -> Any:
    """e to the power ``value``."""
    if isinstance(value, Jet):
        parts = value.parts
        found = [exp(parts[0])]
        for k in range(1, len(parts)):
            found.append(total(parts[i] * found[k - i] * i for i in range(1, k + 1)) * fmpq(1, k))
        return Jet(value.level, found)
    return ONE if value == 0 else ball(value).exp()


def log(value: Any, text: Any) -> Any:
    """The natural logarithm."""
    signed = sign(value)
    if signed is None:
        raise TieError("the argument of {} cannot be told from 0", text)
    if signed < 1:
        raise UndefinedError("{} has no real value", text)
    if isinstance(value, Jet):
        parts = value.parts
        found = [log(parts[0], text)]
        inverse = power(parts[0], fmpq(-1), natural=True, text=text)
        for k in range(1, len(parts)):
            inner = total(found[i] * parts[k - i] * i for i in range(1, k)) * fmpq(-1, k)
            found.append((parts[k] + inner) * inverse)
        return Jet(value.level, found)
    return ZERO if value == 1 else ball(value).log()


def binomial(upper: Any, lower: Any, text: Any) -> Any:
    """upper (upper - 1) … / lower!, for a natural number below."""
    number = whole(lower)
    if number is None or number < 0:
        raise NoValueError("{} is evaluated for a natural number below only", text)
    if isinstance(upper, Jet):
        found: Any = ONE
        for at in range(number):
            found = found * (upper - at) * fmpq(1, at + 1)
        return found
    top = ball(upper) - number + 1
    if number < 30 and isinstance(upper, fmpq):
        exact = ONE
        for at in range(number):
            exact = exact * (upper - at) / (at + 1)
        return exact
    return top.rising(number) / arb(number).fac()


def factorial(value: Any, text: Any) -> Any:
    """The factorial of a natural number."""
    number = whole(value)
    if number is None or number < 0:
        raise UndefinedError("{} has no value", text)
    return fmpq(fmpz.fac_ui(number)) if number < 500 else arb(number).fac()
