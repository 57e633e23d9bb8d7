"""The branches of stationary points of isotropic data, as series and in closed form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import sympy as sp

from symderive import symbols as sy

SeriesBranchName = Literal["stable", "saddle"]


@dataclass(frozen=True)
class SeriesBranch:
    """One solution of the isotropic equation as a generalized binomial series, 1 + r = 𝓑_s(x).

    Attributes
    ----------
    name
        ``"stable"``: r = ζ, s = t, x = q.  ``"saddle"``: r = 1/ζ, s = t', x = q'; needs D ≥ 2.
    exponent
        s: t in [0, 2), or t' in (2, 4]; 2 for either at infinite depth.
    argument
        x as an expression in the letter q.
    ridge_ratio
        ζ in radicals, or for D = 3 in trigonometric functions, of the letter q: for the depths 0, 1, 2, 3
        and ∞, else None.  All of it is real for q up to the spinodal.  (At D = 3 the equation is a cubic
        with three real roots, which has no real radicals; for other depths it is a trinomial of higher
        degree.)  Floating-point evaluation of the saddle branch cancels at small q.

    For 0 ≤ x ≤ ``radius`` the series converges, at the radius too when s > 1.
    """

    name: SeriesBranchName
    exponent: Any
    argument: Any
    ridge_ratio: Any | None

    @property
    def ratio(self) -> Any:
        """r: ζ on the stable branch and 1/ζ on the saddle branch."""
        return sy.zeta if self.name == "stable" else 1 / sy.zeta

    @property
    def equation(self) -> Any:
        """r = x (1 + r)^s, of which 𝓑_s(x) - 1 is the smallest positive solution."""
        right = self.argument * (1 + self.ratio) ** self.exponent
        return sp.Eq(self.ratio, right, evaluate=False)

    @property
    def radius(self) -> Any:
        """Radius of convergence in x: (s-1)^{s-1}/s^s, which is 1 at s = 1; for s ≥ 1."""
        s = self.exponent
        return sp.factor(s - 1) ** sp.factor(s - 1) / s**s

    def term(self, k: Any = sy.k) -> Any:
        """The k-th term of 𝓑_s(x), k = 0, 1, 2, … or a symbol."""
        return coefficient(k, self.exponent) * self.argument**k

    @property
    def series(self) -> Any:
        """𝓑_s(x) = 1 + Σ_{k ≥ 1} term(k), an unevaluated sum (the index symbol k is positive)."""
        return 1 + sp.Sum(self.term(), (sy.k, 1, sp.oo))

    def truncated(self, terms: int) -> Any:
        """The first ``terms`` terms, a polynomial in x.

        >>> from symderive.formulas.isotropic import isotropic
        >>> isotropic(depth=2).stable.truncated(3)
        4*q**2/3 + q + 1
        """
        return sp.Add(*(self.term(k) for k in range(terms)))

    def remainder_bound(self, terms: int) -> Any:
        """An upper bound for the terms left out by :meth:`truncated`, 0 ≤ x ≤ radius, s > 1.

        The terms are positive and sum to s/(s-1) at the radius R, so those left out are at most (x/R)^n
        times what is left out there: s/(s-1) less the first n terms.  Equality holds at the radius.
        """
        s, radius = self.exponent, self.radius
        left_out = s / (s - 1) - sp.Add(*(coefficient(k, s) * radius**k for k in range(terms)))
        return (self.argument / radius) ** terms * left_out


def coefficient(k: Any = sy.k, exponent: Any = sy.t) -> Any:
    """C(sk+1, k)/(sk+1), the coefficient of x^k in 𝓑_s(x): a polynomial in s for a number k.

    >>> coefficient(3)
    t*(3*t - 1)/2
    >>> coefficient()
    binomial(k*t + 1, k)/(k*t + 1)
    """
    k = sp.sympify(k) if isinstance(k, int) else k
    if not k.is_Integer:
        return sp.binomial(exponent * k + 1, k) / (exponent * k + 1)
    product = sp.Mul(*(exponent * k + 1 - j for j in range(1, int(k)))) / sp.factorial(k)
    return sp.factor(product) if product.free_symbols else product


def closed_shares(depth: Any) -> tuple[Any, ...] | None:
    """X = 1/(1 + ζ) of the branches in closed form; None where there is none.

    With x = X^{t-1} the equation is x - x^{t'} = q: a quartic at D = 2, a cubic at D = 3, and a quadratic
    at infinite depth.
    """
    q, half = sy.q, sp.Rational(1, 2)
    if depth == 0:
        return (1 / (1 + q),)
    if depth == 1:
        return (1 - q,)
    if depth == 2:
        # Ferrari: x⁴ - x + q = (x² - px + …)(x² + px + …), where P = p² solves P³ - 4qP - 1 = 0; its
        # discriminant 256q³ - 27 is not positive up to the spinodal, so that Cardano's radicals are real.
        inner = sp.sqrt(sp.Rational(1, 4) - sp.Rational(64, 27) * q**3)
        p = sp.sqrt(sp.cbrt(half + inner) + sp.cbrt(half - inner))
        spread = sp.sqrt(2 / p - p**2)
        return ((p + spread) / 2) ** 3, ((p - spread) / 2) ** 3
    if depth == 3:
        # Viète: x³ - x + q has three real roots.
        sine = 3 * sp.sqrt(3) / 2 * q
        stable, saddle = sp.cos(sp.acos(-sine) / 3), sp.sin(sp.asin(sine) / 3)
        return tuple(sp.Rational(4, 3) * x**2 for x in (stable, saddle))
    if depth == sp.oo:
        root = sp.sqrt(1 - 4 * q)
        return (1 + root) / 2, (1 - root) / 2
    return None
