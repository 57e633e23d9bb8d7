"""Exact numbers in, decimal text out.

Inside the toolkit a number is a :class:`fractions.Fraction` or a SymPy expression; balls
(``flint.arb``) are made from them at the working precision, and text is made from balls at the very
end.  A Python or NumPy float stands for its binary value: ``0.1`` is not one tenth, ``"0.1"`` is.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from numbers import Rational
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, TypeAlias

from flint import arb, fmpq, fmpz

from symderive.arithmetic.turns import TURN as TURN
from symderive.arithmetic.turns import working_precision as working_precision
from symderive.errors import InputError, shown

if TYPE_CHECKING:
    import sympy

#: An exact number: a fraction, or a SymPy expression (irrational or symbolic).
Number: TypeAlias = Fraction | Any

#: What is read as an exact number: decimal text and ratios such as ``"1/3"``, whole numbers of any make,
#: fractions, SymPy's numbers; a float stands for its binary value.
Exact: TypeAlias = int | float | str | Fraction | Decimal | SupportsIndex

#: Longest decimal exponent and text that are read; beyond it a number is a slip or an attack.
#: Python refuses to print integers of more than 4300 digits, and every number here can be printed.
MAX_EXPONENT = 2_000
MAX_TEXT = 2_000

#: Digits that may be asked for.
MAX_DIGITS = 100_000

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE]([+-]?[0-9]{1,9}))?")
_RATIO = re.compile(r"[+-]?[0-9]+/[0-9]+")


def parse_number(text: str, name: str = "number", *, ratios: bool = True) -> Fraction:
    """Read decimal text (``"0.1"``, ``"-2e-3"``) or a ratio of integers (``"1/3"``) exactly.

    Raises :class:`InputError` for anything else, for ratios too if they are not allowed; nothing is
    evaluated.

    >>> parse_number("0.1"), parse_number("1/3"), parse_number("-2.50e-1")
    (Fraction(1, 10), Fraction(1, 3), Fraction(-1, 4))
    """
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise InputError(f"{name} has {len(text)} characters; give a number of at most {MAX_TEXT}.")
    if match := _DECIMAL.fullmatch(text):
        if abs(int(match[1] or 0)) > MAX_EXPONENT:
            raise InputError(
                f"{name} {shown(text)} has an exponent beyond {MAX_EXPONENT}; rescale the data."
            )
        return Fraction(Decimal(text))
    if ratios and _RATIO.fullmatch(text):
        numerator, denominator = text.split("/")
        if int(denominator) == 0:
            raise InputError(f"{name} {shown(text)} divides by zero; give a non-zero denominator.")
        return Fraction(int(numerator), int(denominator))
    or_ratio = " or a ratio of integers such as 1/3" if ratios else ""
    raise InputError(f"{name} {shown(text)} is not a finite decimal number{or_ratio}.")


def rational(value: Any, name: str = "number") -> Fraction:
    """The exact rational value of an int, float, fraction, decimal, text, NumPy or SymPy number.

    Raises :class:`InputError` for NaN, infinities, booleans and irrational or symbolic values.
    """
    number = exact(value, name)
    if not isinstance(number, Fraction):
        raise InputError(f"{name} {number} is not a rational number; give a fraction or a decimal.")
    return number


def exact(value: Any, name: str = "number") -> Number:
    """Like :func:`rational`, but SymPy expressions that are not rational are returned as they are."""
    if isinstance(value, bool):
        raise InputError(f"{name} is {value}, which is a truth value; give a number.")
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    if isinstance(value, str):
        return parse_number(value, name)
    if isinstance(value, Decimal):
        return parse_number(str(value), name)
    if isinstance(value, float):
        if not isfinite(value):
            raise InputError(f"{name} is {value}; give a finite number.")
        return Fraction(value)
    if isinstance(value, fmpz):
        return Fraction(int(value))
    if isinstance(value, fmpq):
        return Fraction(int(value.p), int(value.q))
    if (loaded := sys.modules.get("sympy")) and isinstance(value, loaded.Basic):
        return _from_sympy(value, name, loaded)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():  # a NumPy scalar
        inner = value.item()
        if type(inner) is not type(value):  # an extended float has no Python counterpart
            return exact(inner, name)
    raise InputError(f"{name} has type {type(value).__name__}; give an int, a fraction or decimal text.")


def _from_sympy(value: Any, name: str, sp: Any) -> Number:
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    if isinstance(value, sp.Float):
        sign, mantissa, exponent, _ = value._mpf_
        return Fraction((-1) ** sign * int(mantissa)) * Fraction(2) ** exponent
    if not isinstance(value, sp.Expr) or value.is_finite is False or value.has(sp.nan, sp.oo, sp.zoo):
        raise InputError(f"{name} {value} is not a finite number.")
    if value.is_extended_real is False:
        raise InputError(f"{name} {value} is not a real number.")
    return value


def sympify_exact(value: Number) -> sympy.Expr:
    """The SymPy form of a number that :func:`exact` returned."""
    import sympy as sp

    return sp.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else value


def ball(value: Number | int | arb) -> arb:
    """A ball at the current precision that contains an exact number.

    SymPy constants built from rationals, powers, exp, log and pi are enclosed; anything else raises
    :class:`InputError`.
    """
    if isinstance(value, arb):
        return value
    if isinstance(value, int):
        return arb(value)
    if isinstance(value, Fraction):
        return arb(to_flint(value))
    return _ball_of_expression(value)


def _ball_of_expression(expression: Any) -> arb:
    import sympy as sp

    def product(*factors: arb) -> arb:
        result = arb(1)
        for factor in factors:
            result *= factor
        return result

    constants = {sp.pi: arb.pi, sp.E: arb.const_e}
    rules: dict[Any, Callable[..., arb]] = {
        sp.Add: lambda *terms: sum(terms, arb(0)),
        sp.Mul: product,
        sp.Pow: lambda base, power: base**power,
        sp.exp: arb.exp,
        sp.log: arb.log,
    }
    if isinstance(expression, sp.Rational):
        return arb(fmpq(int(expression.p), int(expression.q)))
    if expression in constants:
        return constants[expression]()
    if rule := rules.get(expression.func):
        return rule(*(_ball_of_expression(argument) for argument in expression.args))
    raise InputError(f"{expression} is not a number that can be enclosed; substitute its symbols first.")


def exact_product(factors: Iterable[Number]) -> Number:
    """The product, 1 where there is none; equal factors as a power, which needs no common divisors.

    >>> exact_product([Fraction(1, 2), Fraction(1, 2), Fraction(2, 3)])
    Fraction(1, 6)
    """
    result: Number = Fraction(1)
    for factor, times in Counter(factors).items():
        result = result * factor**times
    return result


def to_flint(value: Fraction) -> fmpq:
    """The same rational in FLINT, whose sums take a tenth of the time."""
    return fmpq(value.numerator, value.denominator)


class _LowestTerms(NamedTuple):
    """A rational number as :class:`Fraction` takes it over, without looking for common divisors."""

    numerator: int
    denominator: int


Rational.register(_LowestTerms)


def from_flint(value: fmpq) -> Fraction:
    """The same rational as a fraction."""
    return Fraction(_LowestTerms(int(value.p), int(value.q)))  # type: ignore[call-overload]


def exact_value(value: arb) -> Fraction:
    """The rational value of a ball of radius 0, which is a dyadic number."""
    mantissa, exponent = value.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def bits_for(digits: int) -> int:
    """Bits that carry ``digits`` decimal digits (3.33 > log2 10)."""
    return (digits * 333) // 100 + 1


def digits_for(bits: int) -> int:
    """Decimal digits that so many bits carry."""
    return bits * 100 // 333


def check_digits(digits: int) -> int:
    """``digits`` itself when it is a sensible number of digits, else :class:`InputError`."""
    if isinstance(digits, bool) or not isinstance(digits, int) or not 1 <= digits <= MAX_DIGITS:
        raise InputError(f"digits is {digits}; give a whole number from 1 to {MAX_DIGITS}.")
    return digits


def is_accurate(value: arb, digits: int) -> bool:
    """Whether ``value`` is exact or its relative radius is below 10^-(digits + 2)."""
    return value.is_exact() or value.rel_accuracy_bits() >= bits_for(digits + 2)


def digits_in_common(left: arb, right: arb) -> int:
    """Digits in which two positive numbers agree for certain; 0 where their balls overlap.

    >>> digits_in_common(ball(3), ball(3 + Fraction(1, 2**20)))
    6
    """
    if right > 2 * left or left.overlaps(right):
        return 0
    with TURN, working_precision(64):
        mantissa, exponent = (abs(right - left) / right).abs_upper().man_exp()
    # The distance is below 2^(bits + exponent), and log10 2 above 0.3010299.
    return max(0, -(int(mantissa).bit_length() + int(exponent)) * 3010299 // 10**7)


def decimal(value: arb | Fraction, digits: int) -> str:
    """``value`` as decimal text with ``digits`` significant digits, correct to one unit in the last.

    A ball must be accurate enough (:func:`is_accurate`); text is never invented from a wide one.

    >>> decimal(Fraction(2, 3), 5), decimal(Fraction(-1, 8), 30), decimal(Fraction(1, 10**30), 3)
    ('0.66667', '-0.125', '1e-30')
    """
    with TURN, working_precision(bits_for(digits + 5)):
        number = ball(value)
        if not is_accurate(number, digits):
            raise ArithmeticError(f"{number} is not known to {digits} digits")
        return _shortest(number.mid().str(digits, radius=False))


def in_tex(text: str) -> str:
    """Decimal text as TeX.

    >>> in_tex("2.5e-7"), in_tex("3.25")
    ('2.5 \\\\cdot 10^{-7}', '3.25')
    """
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if exponent else mantissa


def _shortest(text: str) -> str:
    """FLINT's text without trailing zeros or a plus sign in the exponent."""
    mantissa, _, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}" if int(exponent or 0) else mantissa
