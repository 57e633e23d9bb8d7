"""Random expressions, and rules that hold almost everywhere.

The rules are the ones that go wrong at boundaries: √x² = x, Σ_{j=1}^n c = nc, log Π = Σ log, a sum without
its last term, Σ_j δ_jk f_j = f_k.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import sympy as sp

x, y = sp.symbols("x y", real=True)
a, b = sp.symbols("a b", nonnegative=True)
p, q = sp.symbols("p q", positive=True)
n, m = sp.symbols("n m", integer=True, positive=True)
N = sp.Symbol("N", integer=True, nonnegative=True)
c = sp.Symbol("c", integer=True)
j, k, l = sp.symbols("j k l", integer=True)  # noqa: E741
X, Y = (sp.IndexedBase(name, real=True) for name in "XY")
A = sp.IndexedBase("G", nonnegative=True)
P = sp.IndexedBase("P", positive=True)
Q = sp.IndexedBase("Q", real=True)
H = sp.IndexedBase("H", real=True)

LETTERS = (x, y, a, b, p, q, n, m, N, c)
ENDS = (n, n, m, N, N, n + 1, N + 1, N + 2, *map(sp.Integer, (0, 1, 2, 3)), n - 1, n * m, c)
STARTS = (*map(sp.Integer, (1,) * 12 + (2, 2, 0, 3)), n, c)


def number(rng: random.Random) -> Any:
    return sp.Rational(rng.choice((-2, -1, 0, 1, 1, 2, 3)), rng.choice((1, 1, 1, 2)))


def exponent(rng: random.Random) -> Any:
    return rng.choice(
        (
            *map(sp.Integer, (-2, -1, 0, 1, 2, 3)),
            sp.Rational(1, 2),
            sp.Rational(-1, 3),
            *(n, N, c, 1 / n, (n + 1) / m, x, a, p, -p, a - 1, n - 1, N - n, 2 * n),
        )
    )


def interval(rng: random.Random, scope: tuple[Any, ...]) -> tuple[Any, Any]:
    if scope and rng.random() < 0.25:
        return rng.choice(((scope[-1], n), (sp.Integer(1), scope[-1]), (sp.Integer(1), scope[-1] - 1)))
    return rng.choice(STARTS), rng.choice(ENDS)


def expression(rng: random.Random, depth: int, scope: tuple[Any, ...] = ()) -> Any:
    """A random expression; its indices are those of ``scope``."""
    if depth <= 0:
        at = rng.choice((*scope, *scope, *scope, sp.Integer(1), n, n + 1, c, N))
        other = rng.choice((*scope, sp.Integer(1), n))
        leaves = (X[at], Y[at], A[at], P[at], P[at], Q[at, other], sp.KroneckerDelta(at, other))
        return rng.choice((*leaves, *LETTERS, *LETTERS[:6], number(rng), number(rng)))

    def part() -> Any:
        return expression(rng, depth - rng.choice((1, 1, 2)), scope)

    def folded(kind: Any) -> Any:
        index = next(name for name in (j, k, l, *scope) if name not in scope)
        return kind(expression(rng, depth - 1, (*scope, index)), (index, *interval(rng, scope)))

    choices: list[Callable[[], Any]] = [
        lambda: part() + part(),
        lambda: part() - part(),
        lambda: part() * part(),
        lambda: part() * part(),
        lambda: part() ** exponent(rng),
        lambda: part() / part(),
        lambda: sp.log(part()),
        lambda: sp.exp(part()),
        lambda: sp.sqrt(part() ** 2),
        lambda: sp.Derivative(part(), rng.choice((x, p, a, X[1], P[rng.choice((*scope, n))]))),
        lambda: sp.binomial(rng.choice((n, N, c, x)), rng.choice((sp.Integer(2), N, n, c, 0))),
        lambda: sp.factorial(rng.choice((n, N, c, n - 1))),
    ]
    if len(scope) < 3:
        choices += [lambda: folded(sp.Sum)] * 4 + [lambda: folded(sp.Product)] * 3
    return rng.choice(choices)()


# -- rules that hold almost everywhere ---------------------------------------------------------------------


def _almost(rng: random.Random, node: Any) -> Any:
    """One node by a rule that holds almost everywhere; itself where there is none."""
    options: list[Callable[[], Any]] = []
    match node:
        case sp.Sum() | sp.Product() if len(node.limits) == 1:
            (index, low, high) = node.limits[0]
            join = sp.Add if isinstance(node, sp.Sum) else sp.Mul
            f = node.function
            options += [
                lambda: join(node.func(f, (index, low, high - 1)), f.xreplace({index: high})),
                lambda: join(f.xreplace({index: low}), node.func(f, (index, low + 1, high))),
                lambda: node.func(f.xreplace({index: index + 1}), (index, low - 1, high - 1)),
                lambda: join(node.func(f, (index, low, N)), node.func(f, (index, N + 1, high))),
            ]
            if not f.has(index):
                count = high - low + 1
                options += [lambda: count * f if isinstance(node, sp.Sum) else f**count] * 3
            if isinstance(f, join):
                options.append(lambda: join(*(node.func(arg, *node.limits) for arg in f.args)))
            if isinstance(f, sp.Mul):
                steady = [arg for arg in f.args if not arg.has(index)]
                moving = [arg for arg in f.args if arg.has(index)]
                inside = node.func(sp.Mul(*moving), *node.limits)
                if isinstance(node, sp.Sum):
                    options.append(lambda: sp.Mul(*steady) * inside)
                    for delta in f.atoms(sp.KroneckerDelta):
                        for at in delta.args:
                            options += [lambda at=at, delta=delta: (f / delta).xreplace({index: at})] * 3
                else:
                    options.append(lambda: sp.Mul(*steady) ** (high - low + 1) * inside)
            if isinstance(f, sp.Pow) and isinstance(node, sp.Product):
                options.append(lambda: node.func(f.base, *node.limits) ** f.exp)
            if isinstance(f, sp.log) and isinstance(node, sp.Sum):
                options.append(lambda: sp.log(sp.Product(f.args[0], *node.limits)))
        case sp.Mul():
            options += [lambda: sp.powsimp(node, force=True), lambda: sp.cancel(node)]
            sums = [arg for arg in node.args if isinstance(arg, sp.Sum) and len(arg.limits) == 1]
            if len(sums) > 1:
                one, two = sums[:2]
                rest = node / one / two
                inner = two.function.xreplace({two.limits[0][0]: l})
                options.append(
                    lambda: rest * sp.Sum(one.function * inner, one.limits[0], (l, *two.limits[0][1:]))
                )
        case sp.Pow():
            base, e = node.args
            if isinstance(base, sp.Mul):
                options += [lambda: sp.Mul(*(arg**e for arg in base.args))] * 2
            if isinstance(base, sp.Pow):
                options += [lambda: base.base ** (base.exp * e)] * 2
            options += [lambda: base ** (e - 1) * base, lambda: base ** (2 * e) / base**e]
            options += [lambda: sp.exp(e * sp.log(base)), lambda: node * base / base]
        case sp.log():
            (inner,) = node.args
            options.append(lambda: sp.expand_log(node, force=True))
            if isinstance(inner, sp.Product):
                options.append(lambda: sp.Sum(sp.log(inner.function), *inner.limits))
        case sp.exp():
            options.append(lambda: sp.expand(node))
        case sp.Add():
            options += [
                lambda: sp.factor(node),
                lambda: sp.together(node),
                lambda: sp.logcombine(node, force=True),
            ]
        case sp.Derivative() | sp.KroneckerDelta():
            options.append(lambda: node.doit())
            if isinstance(node, sp.KroneckerDelta):
                options += [lambda: node**2, lambda: node**N, lambda: sp.Integer(0)]
        case sp.binomial() | sp.factorial():
            options += [lambda: sp.expand_func(node), lambda: node.rewrite(sp.gamma), lambda: node.doit()]
    return sp.sympify(rng.choice(options)()) if options else node


def almost(rng: random.Random, node: Any) -> Any:
    """The expression with one or two nodes changed by such rules, or expanded."""
    match rng.randrange(8):
        case 0:
            return sp.expand(node, force=True)
        case 1:
            return sp.powdenest(node, force=True)
    for _ in range(rng.choice((1, 1, 2, 3))):
        nodes = [part for part in sp.preorder_traversal(node) if isinstance(part, sp.Expr) and part.args]
        nodes = [part for part in nodes if not isinstance(part, sp.Indexed)]
        if nodes:
            old = rng.choice(nodes)
            node = node.xreplace({old: _almost(rng, old)})
    return node
