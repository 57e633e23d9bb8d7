"""The scalar equation has at most two roots for each eigenvalue."""

from __future__ import annotations

import sympy as sp

from symderive.statements import (
    Derivation,
    Differentiate,
    Domain,
    NearMiss,
    Relation,
    Statement,
    Step,
    at_least,
    combine,
)

from ..notation import LETTERS, D, a, i, j, lam, n, r, rho

#: Weights p_j of the fractions, a polynomial with coefficients c_l, exponents and the pole that is removed.
p, c = (sp.IndexedBase(name, real=True) for name in "pc")
b, s = (sp.Symbol(name, positive=True) for name in "bs")
degree, l = (sp.Symbol(name, integer=True, positive=True) for name in "ql")  # noqa: E741 - as in print

_fractions = sp.Sum(p[j] / (rho * a[j] + lam) ** r, (j, 1, n + 1))
_pole = rho * a[n + 1] + lam
_fewer = r * sp.Sum(p[j] * rho * (a[j] - a[n + 1]) / (rho * a[j] + lam) ** (r + 1), (j, 1, n))

FRACTIONS = Statement(
    id="root-count-fractions",
    title="A sum of fractions loses one of them",
    left=sp.Derivative(_pole**r * _fractions, lam),
    right=_pole ** (r - 1) * _fewer,
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss(
            "a flipped sign",
            right=_pole ** (r - 1) * _fewer.xreplace({a[j] - a[n + 1]: a[j] + a[n + 1]}),
        ),
    ),
    prose="Multiply by the power of one denominator, so that its fraction is constant, and differentiate.",
)

POWER = Statement(
    id="root-count-power",
    title="A power of the ridge becomes two powers",
    left=sp.Derivative((b + lam) ** r * lam ** (l - s), lam),
    right=(b + lam) ** (r - 1) * lam ** (l - s - 1) * ((r + l - s) * lam + (l - s) * b),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(
        NearMiss(
            "a flipped sign",
            right=(b + lam) ** (r - 1) * lam ** (l - s - 1) * ((r + l - s) * lam - (l - s) * b),
        ),
    ),
    prose=(
        r"In the same step $\lambda^{-s}$ times a polynomial of degree $l$ becomes $\lambda^{-s-1}$ times "
        "one of degree $l + 1$, up to the same factor, and the leading coefficient is multiplied by $r + "
        "l - s$."
    ),
)

_theta = LETTERS.exponent

DEEP, FIRST = at_least(D, 2), at_least(i, 1)

LEADING = Statement(
    id="root-count-degree",
    title="The factor of the leading coefficient is positive",
    relation=Relation.GREATER,
    left=(i + 1) + (i - 1) - (_theta + i - 1),
    right=0,
    given=(DEEP, FIRST),
    reference=r"$\theta < 2$",
    proof=combine(plus=(i - 1, (D - 1) / D)),
    domains=(Domain(ranges=((D, (2, 5)),)),),
    near_misses=(
        NearMiss("one hidden layer", given=(FIRST,), domains=(Domain(ranges=((D, (1, 1)), (i, (1, 1)))),)),
    ),
    prose=(
        r"Before step $i$ the exponents are $r = i + 1$ and $s = \theta + i - 1$, and the degree is $l = "
        r"i - 1$, so that $r + l - s$ is positive at every step if $D \ge 2$."
    ),
)

_polynomial = sp.Sum(c[l] * lam ** (l - 1), (l, 1, degree))
_next = ((r - s) * lam - s * rho * a[n + 1]) * _polynomial + lam * _pole * sp.Derivative(_polynomial, lam)

ROOT_COUNT = Statement(
    id="root-count",
    title="One step: one fraction less, one degree more",
    left=sp.Derivative(_pole**r * (_fractions - _polynomial / lam**s), lam),
    right=_pole ** (r - 1) * (_fewer - _next / lam ** (s + 1)),
    reference="differentiation",
    proof=Differentiate(combine()),
    near_misses=(NearMiss("the exponent stays", right=_pole ** (r - 1) * (_fewer - _next / lam**s)),),
    prose=r"Together: with $b = \rho a_{n+1}$, from $n + 1$ fractions to $n$.",
)

# -- the factors have no roots, and the steps in words -----------------------------------------------------

FACTOR = Statement(
    id="root-count-factor",
    title="The factors that are divided out have no roots",
    relation=Relation.GREATER,
    left=_pole ** (r - 1),
    right=0,
    reference="a power of a positive number",
    proof=combine(plus=_pole ** (r - 1)),
    near_misses=(NearMiss("a thousand times the power", right=1000 * _pole ** (r - 1)),),
)

ONE_MORE = Step(
    id="root-count-rolle",
    title="A step loses at most one root",
    text=(
        "Between two roots of a function there is one of its derivative, and a root of multiplicity $m$ is "
        "one of multiplicity $m - 1$ of the derivative. So on an interval, counted with multiplicity, a "
        "function has at most one root more than its derivative. The factors that are multiplied and "
        "divided by are positive and change no root."
    ),
    theorem="Rolle's theorem",
    reference="Pólya and Szegő, Problems and Theorems in Analysis II, part V, no. 10",
    rests_on=(ROOT_COUNT, FRACTIONS, POWER, FACTOR),
)

AT_MOST = Step(
    id="root-count-bound",
    title="The scalar equation has at most $2k$ positive roots",
    text=(
        r"Take one step for each of the $k$ fractions. The polynomial starts as the constant $\tau$, and "
        r"step $i$ raises its degree from $i - 1$ to $i$, since its leading coefficient is multiplied by a "
        r"positive number. In the end a power of $\lambda$ times a polynomial of degree exactly $k$ is "
        r"left, which is not 0 and has at most $k$ roots; with one more for each step this makes $2k$."
    ),
    theorem="the theorem that a polynomial of degree $k$ has at most $k$ roots",
    reference="any course of algebra",
    rests_on=(ONE_MORE, LEADING),
    conditions=(r"$D \ge 2$", r"$\tau > 0$"),
)

DERIVATION = Derivation(
    id="root-count",
    title="How many roots there are",
    prose=(
        r"Merge equal eigenvalues, and let $k$ of them have a component of $v$. The equation $\varphi = "
        r"\tau$ says that $\sum_j v_j^2/(\rho a_j + \lambda)^2 - \tau\lambda^{-\theta} = 0$, with $k$ "
        r"fractions. For $D \ge 2$ it has at most $2k$ positive roots, counted with multiplicity. The "
        "statements are the identities by which $k$ steps remove one fraction each, while the power of "
        "the ridge acquires a polynomial whose degree grows by one. The example of a bad minimum has $k = "
        "2$ and four roots, so the bound is sharp there."
    ),
    statements=(FRACTIONS, POWER, LEADING, ROOT_COUNT, FACTOR),
    steps=(
        ONE_MORE,
        AT_MOST,
    ),
)
