"""Reading numbers exactly, refusing everything else in one sentence, and printing correct digits."""

from decimal import Decimal, localcontext
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import sympy as sp
from flint import arb, ctx, fmpq, fmpz
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles.sampled import fewer

from symderive import InputError
from symderive.arithmetic.exact import (
    MAX_DIGITS,
    MAX_EXPONENT,
    MAX_TEXT,
    TURN,
    ball,
    bits_for,
    check_digits,
    decimal,
    exact,
    is_accurate,
    parse_number,
    rational,
    sympify_exact,
    working_precision,
)

fractions = st.fractions()
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**50), max_value=10**50)


@given(fractions)
def test_ratios_are_read_back(x):
    assert parse_number(f"{x.numerator}/{x.denominator}") == x
    assert parse_number(f"  {x.numerator}/{x.denominator}\n") == x


@given(decimals)
def test_decimal_text_is_read_exactly(x):
    assert parse_number(str(x)) == exact(x) == Fraction(x)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_its_binary_value_and_its_text_is_not(x):
    assert exact(x) == exact(np.float64(x)) == Fraction(x)
    assert parse_number(repr(x)) == Fraction(repr(x))


def test_a_tenth_is_not_the_double_next_to_it():
    assert exact("0.1") == Fraction(1, 10) != exact(0.1)


@given(st.text(max_size=12) | st.text(alphabet="0123456789.eE+-/ _xn", max_size=12))
@settings(max_examples=fewer(120, 400))
def test_any_text_is_a_number_or_one_sentence(text):
    try:
        value = parse_number(text, "cell")
    except InputError:
        return
    assert isinstance(value, Fraction)
    assert set(text.strip()) <= set("0123456789.eE+-/")


@pytest.mark.parametrize(
    "text",
    ["", ".", "e5", "1e", "nan", "inf", "-inf", "NaN", "1_000", "0x10", "1,5", "١", "1/2/3", "1/-2",
     "1.5/2", "--1", "1 2", "one", "__import__('os')", "1j", "½"],
)  # fmt: skip
def test_what_is_no_number(text):
    with pytest.raises(InputError, match=r"^cell .* is not a finite decimal number or a ratio .*\.$"):
        parse_number(text, "cell")


def test_limits_of_text():
    assert parse_number(f"1e{MAX_EXPONENT}") == 10**MAX_EXPONENT
    with pytest.raises(InputError, match="has an exponent beyond"):
        parse_number(f"1e{MAX_EXPONENT + 1}")
    with pytest.raises(InputError, match="has an exponent beyond"):
        parse_number("1e-999999999")
    with pytest.raises(InputError, match=f"has {MAX_TEXT + 1} characters"):
        parse_number("1" * (MAX_TEXT + 1))
    with pytest.raises(InputError, match="divides by zero"):
        parse_number("1/000")
    longest = parse_number("9" * (MAX_TEXT - 5) + f"e{MAX_EXPONENT}")
    assert len(str(longest)) > MAX_TEXT  # Python still prints it


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (Fraction(1, 3), Fraction(1, 3)),
        (np.int64(-7), -7),
        (np.float32(0.5), Fraction(1, 2)),
        (np.array(2.5), Fraction(5, 2)),
        (Decimal("1e400"), 10**400),
        (fmpz(5), 5),
        (fmpq(5, 7), Fraction(5, 7)),
        (sp.Rational(2, 9), Fraction(2, 9)),
        (sp.Float("0.5", 40), Fraction(1, 2)),
        (np.str_("1/4"), Fraction(1, 4)),
    ],
)
def test_number_types(value, expected):
    assert exact(value) == expected
    assert isinstance(exact(value), Fraction)


@pytest.mark.parametrize(
    "value",
    [True, np.bool_(False), None, 1j, b"1", [1], np.array([1]), np.longdouble("0.1"), float("nan"),
     float("inf"), -np.inf, Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"), Decimal("1e99999"),
     sp.nan, sp.oo, sp.zoo, sp.I, sp.sqrt(-2), sp.true, sp.Symbol("x") > 1, sp.Symbol("x") + sp.oo],
)  # fmt: skip
def test_what_is_no_finite_real_number(value):
    with pytest.raises(InputError, match=r"^decay 2 .*\.$"):
        exact(value, "decay 2")


def test_irrational_numbers_stay_expressions():
    root = sp.sqrt(2) + sp.pi
    assert exact(root) == root
    assert sympify_exact(exact(root)) == root
    assert sympify_exact(Fraction(2, 3)) == sp.Rational(2, 3)
    with pytest.raises(InputError, match="is not a rational number"):
        rational(root)


@given(fractions)
def test_balls_enclose(x):
    with TURN, working_precision(64):
        enclosure = ball(x)
        assert enclosure.contains(fmpq(x.numerator, x.denominator))
        assert enclosure.rad() <= abs(enclosure) * arb(2) ** -62


@pytest.mark.parametrize(
    "expression",
    [
        sp.sqrt(2),
        sp.pi / 3,
        sp.exp(sp.Rational(1, 7)),
        sp.log(5) ** 2 - sp.E,
        3 * 2 ** sp.Rational(1, 3) / 8,
    ],
)
def test_balls_of_expressions_enclose(expression):
    with TURN, working_precision(200), mpmath.workdps(80):
        value = arb(mpmath.mpf(sp.N(expression, 80)))
        assert abs(ball(expression) - value) < arb(10) ** -55


def test_symbols_have_no_ball():
    for expression in (sp.Symbol("x"), sp.sin(1), sp.Symbol("x") + 1):
        with pytest.raises(InputError, match="not a number that can be enclosed"):
            ball(expression)


def test_precision_is_restored_after_an_error():
    before = ctx.prec
    with TURN, working_precision(1000):
        assert ctx.prec == 1000
    assert ctx.prec == before
    with pytest.raises(ZeroDivisionError), TURN, working_precision(1000):
        Fraction(1, 0)
    assert ctx.prec == before


@given(fractions, st.integers(1, 60))
def test_decimal_text_is_correct_to_a_unit_in_the_last_place(x, digits):
    text = decimal(x, digits)
    with localcontext() as context:
        context.prec = 200
        if x == 0:
            assert text == "0"
            return
        exponent = (Decimal(x.numerator) / Decimal(x.denominator)).adjusted()
    assert abs(Fraction(Decimal(text)) - x) <= Fraction(10) ** (exponent - digits + 1)
    assert sum(c.isdigit() for c in text.partition("e")[0].lstrip("-0.")) <= max(digits, exponent + 1)


def test_text_is_never_made_from_a_wide_ball():
    with TURN, working_precision(200):
        assert decimal(arb(1, 1e-40), 30) == "1"
        assert not is_accurate(arb(1, 1e-25), 30)
        with pytest.raises(ArithmeticError, match="not known to 30 digits"):
            decimal(arb(1, 1e-25), 30)
        with pytest.raises(ArithmeticError):
            decimal(arb(0, 1e-100), 5)


@given(st.integers(1, 100_000))
def test_bits_carry_the_digits(digits):
    assert bits_for(digits) > digits * 3.32193  # log2 10 = 3.321928…


@pytest.mark.parametrize("digits", [0, -1, MAX_DIGITS + 1, 3.0, "5", True, None])
def test_bad_digits(digits):
    with pytest.raises(InputError, match=r"give a whole number from 1 to"):
        check_digits(digits)
    assert check_digits(MAX_DIGITS) == MAX_DIGITS
