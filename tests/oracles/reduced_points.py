"""Stationary points for tests, from the scalar equation by bisection; shares no code with the toolkit.

For A = diag(a): m_i = v_i / (ρ a_i + λ) with λ^{(D+1)/D} Σ m_i² = τ, κ = λ‖m‖², F = c - m·v + Dκ.
"""

from dataclasses import dataclass
from fractions import Fraction

import mpmath
from flint import arb

from symderive import Moments, Network
from symderive.arithmetic.exact import TURN, working_precision

POINT_DIGITS = 90
BITS = 300


@dataclass(frozen=True)
class Point:
    map: list
    layer_decay: arb
    loss: arb
    ridge: arb


def diagonal_data(a, v, c):
    a = [Fraction(x) for x in a]
    return Moments.given([[x if i == j else 0 for j in range(len(a))] for i, x in enumerate(a)], v, c)


def stationary_point(net: Network, a, v, c, low, high) -> Point:
    """The point whose ridge λ lies between ``low`` and ``high``, where φ - τ changes sign (D ≥ 1)."""
    with mpmath.workdps(POINT_DIGITS):
        rho = mpmath.mpf(1)
        for s, width in zip(net.noise, net.widths, strict=True):
            rho *= 1 + _mpf(s) / _mpf(width)
        product = mpmath.fprod(_mpf(g) for g in net.decays)
        a, v = [_mpf(x) for x in a], [_mpf(x) for x in v]

        def excess(u):
            ridge = mpmath.exp(u)
            norm = mpmath.fsum((y / (rho * x + ridge)) ** 2 for x, y in zip(a, v, strict=True))
            return (net.depth + 1) * u + net.depth * mpmath.log(norm) - mpmath.log(product)

        left, right = mpmath.log(low), mpmath.log(high)
        sign = excess(left)
        assert sign * excess(right) < 0
        for _ in range(BITS + 10):
            middle = (left + right) / 2
            left, right = (middle, right) if sign * excess(middle) > 0 else (left, middle)
        ridge = mpmath.exp(left)
        m = [y / (rho * x + ridge) for x, y in zip(a, v, strict=True)]
        kappa = ridge * mpmath.fsum(x**2 for x in m)
        loss = _mpf(c) - mpmath.fdot(m, v) + net.depth * kappa
    with TURN, working_precision(BITS):
        return Point([arb(x) for x in m], arb(kappa), arb(loss), arb(ridge))


def _mpf(x):
    x = Fraction(x)
    return mpmath.mpf(x.numerator) / x.denominator
