"""Isotropic data: the stable branch is a generalized binomial series."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.statements import (
    BothWays,
    Derivation,
    Domain,
    ImplicitSeries,
    NearMiss,
    Relation,
    Statement,
    Use,
    at_least,
    combine,
    equal,
    greater,
)

from ..notation import D
from .isotropic_equation import ISOTROPIC, ROOT, zeta

q, k = sy.q, sy.k

#: Any exponent of the equation, and any power of its solution.
s, r = (sp.Symbol(name, positive=True) for name in "sr")


def powers(exponent: Any, power: Any, variable: Any) -> Any:
    """𝓑_s(x)^r = 1 + Σ_{k ≥ 1} r/(sk+r) · C(sk+r, k) x^k, from s, r and x."""
    top = sp.factor(exponent * k + power)
    return 1 + sp.Sum(sp.cancel(power / top) * sp.binomial(top, k) * variable**k, (k, 1, sp.oo))


#: ζ is small, so that few terms are needed; q belongs to it.
SMALL = (0, sp.Rational(1, 20))


def at_root(exponent: Any, *ranges: Any) -> Domain:
    """Points at which ζ = q(1 + ζ)^s."""
    return Domain(ranges=ranges, define=((q, zeta * (1 + zeta) ** -exponent),))


_root = equal(zeta, q * (1 + zeta) ** s)
_branch = at_least(1, (s - 1) * zeta)
_steep = at_least(s, 1)

POWERS = Statement(
    id="generalized-binomial-series",
    title="Powers of the solution as a series",
    left=(1 + zeta) ** r,
    right=powers(s, r, q),
    given=(_root, _branch, _steep),
    reference="Graham, Knuth and Patashnik, Concrete Mathematics, equation 5.60; Lagrange",
    proof=ImplicitSeries(zeta, q, s, r),
    domains=(at_root(s, (zeta, SMALL), (s, (1, 3)), (r, (0, 3))),),
    near_misses=(
        NearMiss("a denominator", right=powers(s, r, q).xreplace({1 / (s * k + r): 1 / (s * k + r + 1)})),
        NearMiss("another exponent", right=powers(s + 1, r, q)),
        NearMiss(
            "the other branch",
            given=(_root, _steep),
            domains=(at_root(s, (zeta, (20, 40)), (s, (2, 3)), (r, (0, 3))),),
        ),
    ),
    prose=(
        r"Let $s \ge 1$ be any number. The powers $y^{r}$ of the formal solution of $y = 1 + q y^{s}$ have "
        r"coefficients $c_k(r)$ that are polynomials in $r$, with $c_0 = 1$, $c_k(0) = 0$ for $k \ge 1$ "
        r"and, because $y^{r+1} - y^{r} = q y^{r+s}$, with $c_k(r+1) - c_k(r) = c_{k-1}(r+s)$. The "
        r"coefficients below have the same properties. A polynomial is determined by its differences and "
        r"its value at 0, so by induction on $k$ the two agree. None is negative, so the series converges "
        r"as far as its sum is analytic (Pringsheim): while $q$ grows with $\zeta$, up to "
        r"$\zeta = 1/(s-1)$, and there too by monotone convergence."
    ),
)

#: 1 ≥ (s - 1) ζ at s = 2D/(D+1).
STABLE = at_least(D + 1, (D - 1) * zeta)
DEEP = at_least(D, 1)
_stable = combine(Use(STABLE, times=1 / (D + 1)))
_exponent = ISOTROPIC.exponent

CLOSED_FORM = Statement(
    id="isotropic-closed-form",
    title="The stable branch at every depth",
    left=zeta,
    right=ISOTROPIC.stable.series - 1,
    given=(ROOT, STABLE, DEEP),
    reference="the generalized binomial series",
    proof=combine(Use(POWERS, where={s: _exponent, r: 1}, given=(None, _stable, None))),
    domains=(at_root(_exponent, (zeta, SMALL)),),
    near_misses=(
        NearMiss("the series of infinite depth", right=powers(2, 1, q) - 1),
        NearMiss(
            "the saddle branch",
            given=(ROOT, DEEP),
            domains=(at_root(_exponent, (zeta, (50, 100)), (D, (2, 6))),),
        ),
    ),
    prose=(
        r"With $s = 2D/(D+1)$ and $r = 1$ this is the ridge of the stable branch, at every depth: "
        r"$\lambda = \rho a (\mathcal{B}_s(q) - 1)$ with the generalized binomial series "
        r"$\mathcal{B}_s(q) = \sum_{k \ge 0} \binom{sk+1}{k} \frac{q^k}{sk+1}$."
    ),
)

DEEPER = at_least(D, 2)

SHARE = Statement(
    id="isotropic-closed-form-map",
    title=r"The end-to-end map at depth $D \ge 2$",
    left=1 / (1 + zeta),
    right=1 - q * powers(_exponent, ISOTROPIC.map_exponent, q),
    given=(ROOT, STABLE, DEEPER),
    reference=r"$1/(1 + \zeta) = 1 - q (1 + \zeta)^{t-1}$",
    proof=combine(
        Use(
            POWERS,
            times=-q,
            where={s: _exponent, r: ISOTROPIC.map_exponent},
            given=(None, _stable, None),
        ),
        Use(ROOT, times=-1 / (1 + zeta)),
    ),
    domains=(at_root(_exponent, (zeta, SMALL), (D, (2, 6))),),
    near_misses=(NearMiss("a flipped sign", right=1 + q * powers(_exponent, ISOTROPIC.map_exponent, q)),),
    prose=(
        r"A power of $1 + \zeta$ is as explicit as $\zeta$. So the map $m = v/(\rho a (1 + \zeta))$ has a "
        r"closed form too, and with it the loss and the variance."
    ),
)

_shallow = (equation.subs(D, 1) for equation in ISOTROPIC.equation.args)
_root_shallow = sp.Eq(*_shallow, evaluate=False)
_solved = sp.Eq(zeta, q / (1 - q), evaluate=False)

SHALLOW = Statement(
    id="isotropic-closed-form-shallow",
    title="One hidden layer",
    relation=Relation.EQUIVALENT,
    left=_root_shallow,
    right=_solved,
    given=(greater(1, q),),
    reference="the geometric series",
    proof=BothWays(
        combine(Use(equal(*_root_shallow.args), times=1 / (1 - q))),
        combine(Use(equal(*_solved.args), times=1 - q)),
    ),
    domains=(
        Domain(ranges=((q, (0, 1)),)),
        Domain(ranges=((q, (0, 1)),), define=((zeta, q / (1 - q)),)),
    ),
    near_misses=(NearMiss("a flipped sign", right=sp.Eq(zeta, q / (1 + q), evaluate=False)),),
    prose=r"At depth 1 all coefficients are 1. There is one solution for $q < 1$ and none beyond.",
)


def draw_partial_sums(axes: Any) -> None:
    """ζ(q) at D = 3 and its partial sums up to the spinodal."""
    import numpy as np

    depth = 3
    stable = ISOTROPIC.stable
    end = float(stable.radius.subs(D, depth))
    ridge = np.linspace(0, 6, 300)
    axes.plot(
        ridge / (1 + ridge) ** float(_exponent.subs(D, depth)),
        ridge,
        color="black",
        label="the two solutions",
    )
    decay = np.linspace(0, 1.1 * end, 200)
    for terms in (2, 4, 8, 32):
        total = sum(stable.term(order).subs(D, depth) for order in range(terms + 1)) - 1
        axes.plot(decay, sp.lambdify(q, total, "numpy")(decay), linewidth=0.8, label=f"{terms} terms")
    axes.plot([end], [2], "o", color="black", markersize=4)
    axes.set_xlim(0, 1.1 * end)
    axes.set_ylim(0, 4)
    axes.set_xlabel("$q$")
    axes.set_ylabel(r"$\zeta$")
    axes.legend(loc="upper left")


DERIVATION = Derivation(
    id="isotropic-closed-form",
    title="Isotropic data: the closed form",
    prose="The equation is solved by one series, whose coefficients are explicit at every depth.",
    statements=(POWERS, CLOSED_FORM, SHARE, SHALLOW),
    figures=(
        (
            "Partial sums of the series at depth 3. They increase to the stable branch up to the spinodal "
            "(dot), where the series still converges; beyond it there is no solution.",
            draw_partial_sums,
        ),
    ),
)
