r"""Powers of the solution of ζ = q (1 + ζ)^t as a power series in q, for a symbolic exponent t.

Theorem.  Let t ≥ 1, ζ > 0, ζ = q (1 + ζ)^t and (t - 1) ζ ≤ 1.  Let c_0 = 1 and let c_1(r), c_2(r), … be
polynomials in r with

    c_k(0) = 0,   c_k(r + 1) - c_k(r) = c_{k-1}(r + t),   and c_k(r) ≥ 0 for r > 0.

Then (1 + ζ)^r = 1 + Σ_{k ≥ 1} c_k(r) q^k for every r > 0, and the series converges.

Proof.  1. *Coefficients.*  Let y = 1 + q y^t as a formal series in q; it is determined coefficient by
coefficient.  Put b_k(r) = [q^k] y^r.  Since y^r = exp(r ln y) and ln y has no constant term, b_k is a
polynomial in r, b_0 = 1, and b_k(0) = 0 for k ≥ 1.  Multiplying y - 1 = q y^t by y^r gives
b_k(r + 1) - b_k(r) = b_{k-1}(r + t).  By induction on k, c_k - b_k is a polynomial in r that has period 1
and vanishes at 0; so it is 0.
2. *The branch.*  f(x) = x (1 + x)^{-t} has f'(x) = (1 + x)^{-t-1} (1 - (t - 1) x) > 0 for
0 ≤ x < x_1 = 1/(t - 1) (∞ if t = 1).  So it has an inverse function x(q), real analytic on [0, q_1), where
q_1 is the limit of f at x_1.  The Taylor series of 1 + x(q) at 0 solves the formal equation, so that of
(1 + x(q))^r is Σ b_k(r) q^k.
3. *The sum.*  None of its coefficients is negative, so its radius of convergence, if finite, is a
singular point of its sum (Pringsheim); as x(q) is analytic on [0, q_1), the radius is at least q_1.
There sum and function are analytic and agree, because they do near 0.  At q_1 itself, for t > 1, monotone
convergence as q rises gives Σ b_k(r) q_1^k = (1 + x_1)^r.
By the hypotheses ζ lies in (0, x_1], and q = f(ζ).  ∎

The coefficients are r/(tk+r) · binomial(tk+r, k) (Graham, Knuth and Patashnik, *Concrete Mathematics*,
equation 5.60).  That they meet the conditions is exact algebra.  For s = tk + r put
g_k(r) = binomial(s, k)/s = (s-1)(s-2)…(s-k+1)/k!, a polynomial in r.  Then

    g_k(r + 1) = s u,   g_k(r) = (s-k+1) u,   g_{k-1}(r + t) = k u   with u = (s-1)(s-2)…(s-k+2)/k!

(for k = 1, u = 1/s), so that a factor h_k(r) = c_k(r)/g_k(r) that is a polynomial need only satisfy
h_0(r) = r, h_k(0) = 0 and s h_k(r + 1) - (s-k+1) h_k(r) = k h_{k-1}(r + t).
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from symderive.proofs.normal_form import is_zero
from symderive.proofs.series import SeriesError
from symderive.proofs.sign_rules import Signs


def require_coefficients(series: Any, exponent: Any, power: Any, variable: Any, signs: Signs) -> None:
    """Accept coefficients as in the theorem or raise :class:`SeriesError`.

    ``series`` is Σ_{k ≥ 1} c_k(r) q^k, ``exponent`` is t ≥ 1, ``power`` the symbol r and ``variable`` q.
    """
    (k, low, high), *more = series.limits
    coefficient = series.function / variable**k
    if more or low != 1 or high != sp.oo or not k.is_positive or coefficient.has(variable):
        raise SeriesError("the right side is not 1 plus a power series from the first order on")
    s = exponent * k + power
    factor = _factor(coefficient, s, k)
    if not (factor.is_polynomial(k, power) and signs.is_nonnegative(factor)):
        raise SeriesError(f"the factor {factor} of the coefficients is not known to be a polynomial ≥ 0")
    later = factor.subs(power, power + 1)
    before = factor.subs({k: k - 1, power: power + exponent}, simultaneous=True)
    for condition, difference in (
        ("c_0 = 1", factor.subs(k, 0) - power),
        ("c_k(0) = 0", factor.subs(power, 0)),
        ("c_k(r+1) - c_k(r) = c_(k-1)(r+t)", s * later - (s - k + 1) * factor - k * before),
    ):
        if not is_zero(difference):
            raise SeriesError(f"the coefficients do not satisfy {condition}")


def _factor(coefficient: Any, s: Any, k: Any) -> Any:
    """h with coefficient = h · binomial(s, k)/s."""
    binomials = [factor for factor in sp.Mul.make_args(coefficient) if isinstance(factor, sp.binomial)]
    if len(binomials) != 1 or binomials[0].args[1] != k or not is_zero(binomials[0].args[0] - s):
        raise SeriesError(f"the coefficients are not multiples of binomial({s}, {k})")
    return sp.cancel(coefficient / binomials[0] * s)
