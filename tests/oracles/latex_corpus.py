"""Random expressions for the tests of the LaTeX package: scalars, matrix expressions, long equations."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

import sympy as sp
from sympy.matrices.expressions.matexpr import MatrixElement

from symderive.symbols import (
    D,
    a,
    d,
    gamma,
    gamma_bar,
    gamma_u,
    i,
    j,
    kappa,
    lam,
    m_norm,
    n,
    p,
    rho,
    sigma,
    tau,
    u,
)

s = sp.Symbol("s", positive=True)
eta = sp.Symbol("eta_x", real=True)
scale = sp.Symbol("lambda_eff", positive=True)
F, H, E = sp.Function("F"), sp.Function("H"), sp.Function("E")

rows, columns = sp.symbols("r k_0", integer=True, positive=True)
X = sp.MatrixSymbol("X", rows, columns)
Y = sp.MatrixSymbol("Y", rows, columns)
S = sp.MatrixSymbol("S", columns, columns)
T = sp.MatrixSymbol("Sigma_1", columns, columns)
w = sp.MatrixSymbol("w", columns, 1)

_LEAVES = (
    *(lam, rho, tau, gamma_bar, gamma_u, kappa, m_norm, u, s, eta, scale, D, n),
    *(a[i], a[1], gamma[i], sigma[j], p[i], p[i, j]),
    *(sp.Integer(1), sp.Integer(2), sp.Integer(-1), sp.Rational(1, 2), sp.Rational(-2, 3), sp.pi),
)
_EXPONENTS = (
    2,
    3,
    -1,
    -2,
    sp.Rational(1, 2),
    sp.Rational(-1, 2),
    sp.Rational(2, 3),
    2 / (D + 1),
    (D + 1) / D,
    -lam,
)
_CONDITIONS = (lam < s, u >= 0, sp.And(s > 1, u < 2), sp.Or(sp.Ne(s, 1), lam <= rho))

Make = Callable[[], Any]


def scalar(source: random.Random, depth: int, *, tables: bool = True) -> Any:
    """A random scalar expression; ``tables`` allows Piecewise."""

    def make() -> Any:
        return scalar(source, depth - 1, tables=tables)

    if depth == 0 or source.random() < 0.1:
        return source.choice(_LEAVES)
    index = source.choice((i, j))
    rules: list[Make] = [
        lambda: sp.Add(*(make() for _ in range(source.randint(2, 4)))),
        lambda: sp.Add(*(make() for _ in range(source.randint(2, 3)))),
        lambda: make() - make(),
        lambda: sp.Mul(*(make() for _ in range(source.randint(2, 3)))),
        lambda: sp.Mul(make(), make() + make()),
        lambda: make() / (make() + s**2 + 1),
        lambda: sp.Pow(sp.Abs(make()) + 1, source.choice(_EXPONENTS)),
        lambda: sp.Pow(make(), source.choice((2, 3))),
        lambda: sp.Sum(a[index] * make(), (index, 1, source.choice((D, d[0], n)))),
        lambda: sp.Product(sigma[index] + make(), (index, 1, D)),
        lambda: source.choice((sp.log, sp.exp, sp.tanh, sp.Abs, sp.cos))(make()),
        lambda: source.choice((F, E))(make()),
        lambda: H(u).diff(u, source.randint(1, 4)) * make(),
        lambda: sp.Derivative(F(s) * make(), s),
        lambda: sp.binomial(n + 1, make() + u),
        lambda: sp.factorial(n + source.randint(0, 2)) * make(),
        lambda: sp.Max(make(), make()),
        lambda: sp.Trace(matrix(source, min(depth, 2))),
        lambda: MatrixElement(w.T * matrix(source, min(depth, 2)) * w, 0, 0) + make(),
    ]
    if tables:
        rules.append(lambda: sp.Limit(F(s) + make(), s, source.choice((0, sp.oo))))
        rules.append(lambda: sp.Piecewise((make(), source.choice(_CONDITIONS)), (make(), True)))
    return source.choice(rules)()


def matrix(source: random.Random, depth: int) -> Any:
    """A random square matrix expression of the size of S."""

    def make() -> Any:
        return matrix(source, depth - 1)

    if depth == 0 or source.random() < 0.1:
        return source.choice((S, T, X.T * Y, X.T * X, w * w.T, sp.Identity(columns)))
    rules: list[Make] = [
        lambda: make() + make(),
        lambda: make() - make(),
        lambda: scalar(source, 1, tables=False) * make(),
        lambda: sp.MatMul(make(), make()),
        lambda: sp.MatMul(source.choice((rho, -lam, sp.Rational(1, 2))), make(), make()),
        lambda: sp.Transpose(make()),
        lambda: sp.Inverse(rho * S + lam * sp.Identity(columns)) * make(),
        lambda: sp.Inverse(make() + 3 * sp.Identity(columns)),
        lambda: sp.MatPow(make(), source.choice((2, 3))),
        lambda: sp.DiagonalMatrix(make()),
        lambda: sp.DiagMatrix(make() * w),
        lambda: sp.HadamardProduct(make(), make()),
        lambda: sp.Trace(make()) * make(),
    ]
    return source.choice(rules)()


def expressions(make: Callable[[random.Random], Any], count: int, seed: int) -> Iterator[Any]:
    """``count`` expressions of ``make`` that SymPy builds and that are finite."""
    source = random.Random(seed)
    while count:
        try:
            found = make(source)
        except (ValueError, TypeError, NotImplementedError, AttributeError, RecursionError):
            continue  # SymPy cannot build every combination
        if isinstance(found, sp.Basic) and not found.has(sp.nan, sp.zoo, sp.I, sp.Dummy):
            count -= 1
            yield found


def scalars(count: int, seed: int) -> Iterator[Any]:
    """Random scalar expressions of all depths up to 3."""
    return expressions(lambda source: scalar(source, source.choice((1, 2, 2, 3))), count, seed)


def matrices(count: int, seed: int) -> Iterator[Any]:
    """Random matrix expressions of all depths up to 3."""
    return expressions(lambda source: matrix(source, source.choice((1, 2, 2, 3))), count, seed)


def equations(count: int, seed: int) -> Iterator[Any]:
    """Random equations of several lines in any column."""

    def make(source: random.Random) -> Any:
        terms = (
            scalar(source, source.choice((1, 2, 2)), tables=False) for _ in range(source.randint(6, 16))
        )
        return sp.Eq(F(s), sp.Add(*terms), evaluate=False)

    return expressions(make, count, seed)
