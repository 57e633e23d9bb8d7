"""Formulas in Coq, by sort, and what has no term."""

import pytest
import sympy as sp

from symderive import symbols as sy
from symderive.coq.expressions import Printer
from symderive.coq.names import UnsupportedError
from symderive.statements import mean

n = sp.Symbol("n", integer=True, positive=True)
p, q = sp.symbols("p q", positive=True)
x = sp.Symbol("x", real=True)
i, j = sp.symbols("i j", integer=True, positive=True)
F = sp.IndexedBase("F", real=True)
half = sp.Rational(1, 2)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (-2 * x + 1, "1 - 2 * x"),
        (x**2 / 3, "x ^ 2 / 3"),
        (x / (p * q), "x / (p * q)"),
        (1 / p, "/ p"),
        (p**-2, "/ (p ^ 2)"),
        (sp.sqrt(p), "sqrt p"),
        (p ** (1 / (n + 1)), "Rpower p (/ (INR n + 1))"),
        (sp.Symbol("z", nonnegative=True) ** (n * half), "power z (INR n / 2)"),
        (x**n, "x ^ n"),
        (x ** (n + 1), "x ^ n.+1"),
        (x ** (2 * n), "x ^ (2 * n)"),
        (sp.exp(x) * sp.log(p), "exp x * ln p"),
        (n * x, "INR n * x"),
        (F[n, 1], "F n 1%N"),
        (F[n + 1, j], "F n.+1%N j"),
        (sp.KroneckerDelta(i, j), "delta i j"),
        (sp.Sum(F[j], (j, 1, n)), r"\sum_(1 <= j < n.+1) F j"),
        (sp.Sum(F[i, j], (j, 1, i), (i, 1, n)), r"\sum_(1 <= i < n.+1) \sum_(1 <= j < i.+1) F i j"),
        (2 * sp.Product(F[j], (j, 1, n)) + x, r"x + 2 * (\prod_(1 <= j < n.+1) F j)"),
        (sp.Rational(-1, 2), "- 1 / 2"),
        (2 * sp.binomial(x + 1, j), "2 * binomial (x + 1) j"),
        (sp.binomial(n, j), "binomial (INR n) j"),
    ],
)
def test_a_formula(expression, text):
    assert Printer().real(expression) == text


@pytest.mark.parametrize(
    "expression",
    [
        sp.sqrt(x),  # Coq's sqrt is 0 below 0
        x ** (1 / n),
        x**p,
        F[j - n],  # may be negative, where Coq's natural numbers stop at 0
        sp.sin(x),
        sp.Sum(F[j], (j, 1, sp.oo)),
        sp.binomial(x, p),  # the lower number is not a natural one
        sy.y,  # random, outside an average
        sy.epsilon[1, j],
        sp.Derivative(x**2, x),
    ],
)
def test_what_has_no_term_is_refused_by_name(expression):
    with pytest.raises(UnsupportedError, match=r"\w"):
        Printer().real(expression)


def test_a_hypothesis_lets_a_root_be_taken():
    root = sp.sqrt(1 - 4 * x)
    with pytest.raises(UnsupportedError, match="may be negative"):
        Printer().real(root)
    assert Printer(known=(sp.Rational(1, 4) - x,)).real(root) == "sqrt (1 - 4 * x)"
    with pytest.raises(UnsupportedError):  # a near-miss: another number is known to be positive
        Printer(known=(x - sp.Rational(1, 4),)).real(root)


def test_an_average_takes_random_letters_at_its_points():
    assert Printer().real(mean(sy.y * sy.epsilon[1, j])) == (
        "E_x (fun p => E_epsilon (fun o => y p * epsilon o 1%N j))"
    )


def test_two_letters_that_print_alike_have_two_names():
    printer = Printer()
    other = sp.Symbol("x", positive=True)
    assert printer.real(x + other) in ("x + x_", "x_ + x")
    assert printer.real(sp.Symbol("exp", real=True)) == "exp_"


def test_a_bound_index_does_not_take_a_letter_of_its_name():
    free = sp.Symbol("j", real=True)
    assert sorted(Printer().real(free * sp.Sum(F[j], (j, 1, n))).split(" * ")) == [
        r"(\sum_(1 <= j_ < n.+1) F j_)",
        "j",
    ]
