"""The normal form: what it must recognize, what it must not, and that it never changes a value."""

from __future__ import annotations

import random

import pytest
import sympy as sp
from flint import arb, ctx
from symderive.derivations.notation import OUTPUTS

from symderive import symbols as sy
from symderive.core import forms
from symderive.core.budget import OutOfReachError
from symderive.core.terms import WHOLE, Term
from symderive.proofs.elaborate import Elaborator
from symderive.proofs.readback import Reader
from symderive.sampling.examine import BUDGET
from symderive.sampling.frame import Frame
from symderive.sampling.letters import Style
from symderive.sampling.point import Budget, Point
from symderive.sampling.values import ball
from symderive.statements import Domain, Statement, mean

D, d, gamma, i, j, k, n = sy.D, sy.d, sy.gamma, sy.i, sy.j, sy.k, sy.n
lam, rho, sigma, u, a = sy.lam, sy.rho, sy.sigma, sy.u, sy.a
X, Y, Q = (sp.IndexedBase(name, real=True) for name in "XYQ")
real = sp.Symbol("x", real=True)

#: An index that is known to lie in 1..n.
FREE = sp.Symbol("free", integer=True, positive=True)

ELABORATOR = Elaborator((OUTPUTS,), random=True)
_ENDS = tuple(ELABORATOR.term(end, {}) for end in (sp.Integer(1), n))
SCOPE = {FREE: Term("generic", 1, WHOLE, *_ENDS)}


def is_zero(expression: sp.Expr) -> bool:
    return forms.is_zero(ELABORATOR.term(expression, SCOPE))


def normalized(expression: sp.Expr) -> sp.Expr:
    return Reader(ELABORATOR, SCOPE).expression(forms.normalized(ELABORATOR.term(expression, SCOPE)))


EACH, OTHER = (j, 1, n), (k, 1, n)


def R(order: int) -> sp.Sum:
    return sp.Sum(X[j] ** 2 / (rho * a[j] + lam) ** order, EACH)


def product(term: sp.Expr, upto: sp.Expr = D) -> sp.Product:
    return sp.Product(term, (i, 1, upto))


IDENTITIES = {
    "symbolic powers": (lam ** ((D + 1) / D) * lam ** (-1 / D), lam),
    "exponents in two forms": (lam ** ((D - 1) / (D + 1)), lam * lam ** (-2 / (D + 1))),
    "radicals of numbers": (sp.sqrt(2) * sp.sqrt(6), 2 * sp.sqrt(3)),
    "radicals of sums": (sp.sqrt((lam - rho) ** 2 + 1) ** 2, lam**2 - 2 * lam * rho + rho**2 + 1),
    "denominators": (1 / (lam**2 - rho**2), 1 / ((lam - rho) * (lam + rho))),
    "a product of sums": (sp.Sum(X[j], EACH) ** 2, sp.Sum(X[j] * X[k], EACH, OTHER)),
    "names of indices": (
        sp.Sum(X[j] * Y[k] * Q[j, k], EACH, OTHER),
        sp.Sum(X[k] * Y[j] * Q[k, j], EACH, OTHER),
    ),
    "a sum of ones": (sp.Sum(X[j] + 1, EACH), n + sp.Sum(X[k], OTHER)),
    "Lagrange": (
        sp.Sum((X[j] * Y[k] - X[k] * Y[j]) ** 2, EACH, OTHER),
        2 * sp.Sum(X[j] ** 2, EACH) * sp.Sum(Y[j] ** 2, EACH) - 2 * sp.Sum(X[j] * Y[j], EACH) ** 2,
    ),
    "Kronecker": (sp.Sum(X[j] * sp.KroneckerDelta(j, FREE), EACH), X[FREE]),
    "one more layer": (
        product(1 + sigma[i] ** 2 / d[i], D + 1),
        product(1 + sigma[i] ** 2 / d[i]) * (1 + sigma[D + 1] ** 2 / d[D + 1]),
    ),
    "one more term": (
        sp.Sum(gamma[i], (i, 1, D + 2)),
        sp.Sum(gamma[i], (i, 1, D)) + gamma[D + 1] + gamma[D + 2],
    ),
    "a product of powers": (product(gamma[i] ** (1 / D)), product(gamma[i]) ** (1 / D)),
    "a constant factor": (product(2 * gamma[i]), 2**D * product(gamma[i])),
    "a product from 2": (gamma[1] * sp.Product(gamma[i], (i, 2, D)), product(gamma[i])),
    "numerators over resolvents": (
        sp.Sum(rho * a[j] * X[j] ** 2 / (rho * a[j] + lam) ** 2, EACH),
        R(1) - lam * R(2),
    ),
    "logarithms": (sp.log(12 * lam / rho), 2 * sp.log(2) + sp.log(3) + sp.log(lam) - sp.log(rho)),
    "the logarithm of a product": (sp.log(product(gamma[i])), sp.Sum(sp.log(gamma[i]), (i, 1, D))),
    "exponentials": (sp.exp(u) * sp.exp(-3 * u), sp.exp(-2 * u)),
    "noise": (
        mean(sy.epsilon[D, 1] ** 2 * sy.x[1] * sy.y),
        (1 + sigma[D] ** 2) * sy.v_entry[1],
    ),
}

NO_IDENTITIES = {
    "a root of a square of unknown sign": (sp.sqrt(real**2 + 2 * real + 1), real + 1),
    "a logarithm of a product of unknown signs": (
        sp.log(real * (real - 1), evaluate=False),
        sp.log(real) + sp.log(real - 1),
    ),
    "different ranges": (sp.Sum(X[j], (j, 1, n)), sp.Sum(X[j], (j, 1, D))),
    "an index that is not in the range": (sp.Sum(X[j] * sp.KroneckerDelta(j, k), EACH), X[k]),
    "a wrong exponent": (lam ** ((D + 1) / D), lam ** ((D + 2) / D)),
    "the square of a sum": (sp.Sum(X[j], EACH) ** 2, sp.Sum(X[j] ** 2, EACH)),
    "the noise of one neuron twice": (mean(sy.epsilon[D, 1] ** 2), sp.Integer(1)),
    "noise and an output that holds it": (mean(sy.epsilon[D, 1] * sy.h[D, 1]), mean(sy.h[D, 1])),
    "a random exponent": (mean(2 ** sy.x[1]), 2 ** sy.x[1]),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities_are_recognized(name: str) -> None:
    left, right = IDENTITIES[name]
    assert is_zero(left - right)
    assert not is_zero(left - 2 * right)


@pytest.mark.parametrize("name", NO_IDENTITIES)
def test_what_is_no_identity_is_not_zero(name: str) -> None:
    left, right = NO_IDENTITIES[name]
    assert not is_zero(left - right)


def test_a_product_whose_first_factor_may_vanish_is_not_shortened() -> None:
    with pytest.raises(OutOfReachError, match="may be zero"):
        is_zero(sp.Product(X[i], (i, 2, D)) * X[1] - product(X[i]))


def test_indices_are_not_captured() -> None:
    inner = sp.Sum(X[j] * Y[k], EACH)  # k is free
    assert is_zero(sp.Sum(inner, OTHER) - sp.Sum(X[j], EACH) * sp.Sum(Y[j], EACH))
    nested = sp.Sum(1 / (lam + sp.Sum(a[j], EACH)) * X[j] ** 2, EACH)
    assert is_zero(nested * (lam + sp.Sum(a[k], OTHER)) - sp.Sum(X[j] ** 2, EACH))


def random_expression(rng: random.Random, depth: int, index: sp.Symbol | None = None) -> sp.Expr:
    """A random expression whose value is real wherever its symbols are as declared."""
    leaves = [lam, rho, gamma[index or 1], a[index or 2], sp.Integer(rng.randint(1, 6))]
    if index is not None:
        leaves += [X[index], Y[index], sp.KroneckerDelta(index, 1)]
    if depth == 0:
        return rng.choice(leaves)
    one, two = (random_expression(rng, depth - 1, index) for _ in range(2))
    positive = rng.choice([lam + rho * a[index or 1], gamma[index or 1], rho * lam])
    choices = [
        lambda: one + two,
        lambda: one - two,
        lambda: one * two,
        lambda: one**2,
        lambda: one / positive,
        lambda: one * positive ** sp.Rational(rng.randint(-3, 3), 2),
        lambda: one * lam ** (sp.Integer(rng.randint(-2, 2)) / (D + 1)),
        lambda: one * sp.log(positive),
    ]
    if index is None:
        new = rng.choice([i, j])
        choices += [
            lambda: sp.Sum(random_expression(rng, depth - 1, new), (new, 1, n)),
            lambda: sp.Product(random_expression(rng, depth - 1, new), (new, 1, 2)),
            lambda: (
                sp.Product(positive.xreplace({sp.Integer(1): new}) + gamma[new], (new, 1, D))
                ** sp.Rational(1, 2)
            ),
        ]
    return rng.choice(choices)()


@pytest.mark.parametrize("seed", range(120))
def test_the_normal_form_has_the_same_value(seed: int) -> None:
    """An independent evaluator sees no difference between an expression and its normal form."""
    expression = random_expression(random.Random(seed), 3)
    holder = Statement(id="value", title="", left=expression, right=0, reference="")
    for draw in range(2):
        point = Point(Frame(holder), Domain(), Style.RANDOM, f"{seed}|{draw}", Budget(BUDGET))
        with ctx.workdps(50):
            error = ball(point.evaluate(normalized(expression)) - point.evaluate(expression))
            assert error.contains(0)
            assert error.rad() < arb(10) ** -30
