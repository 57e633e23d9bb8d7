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
    title="The leading coefficient does not vanish",
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
    prose=(
        r"Together: with $b = \rho a_{n+1}$, from $n + 1$ fractions to $n$. The factors $(b + \lambda)^r$ "
        r"and $(b + \lambda)^{r-1}$ are positive and have no roots."
    ),
)

DERIVATION = Derivation(
    id="root-count",
    title="How many roots there are",
    prose=(
        r"Merge equal eigenvalues, and let $k$ of them have a component of $v$. The equation $\varphi = "
        r"\tau$ says that $\sum_j v_j^2/(\rho a_j + \lambda)^2 - \tau\lambda^{-\theta} = 0$, with $k$ "
        r"fractions. For $D \ge 2$ it has at most $2k$ positive roots, counted with multiplicity. By "
        "Rolle's theorem a function has at most one root more than its derivative. The statements are "
        "the identities by which $k$ such steps remove one fraction each, while the power of the ridge "
        "acquires a polynomial whose degree grows by one. After $k$ steps a polynomial of degree exactly "
        "$k$ is left, which has at most $k$ roots; with the $k$ steps this makes $2k$. Rolle's theorem "
        "and the number of roots of a polynomial are used in words. The example of a bad minimum has $k "
        "= 2$ and four roots, so the bound is sharp there."
    ),
    statements=(FRACTIONS, POWER, LEADING, ROOT_COUNT),
)
