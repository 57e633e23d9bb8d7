"""Sums over the spectrum and a logarithm in doubles, with proved bounds on their errors.

u = 2⁻⁵³ is the unit roundoff.  Every bound rests on the IEEE operations +, -, *, / alone, rounded to
nearest: a sum of n positive terms, each within k roundings, is off by a relative γ_{k+n-1} at most, in any
order of summation (Higham, Accuracy and Stability of Numerical Algorithms, Lemma 3.1 and section 4.2).
"""

from __future__ import annotations

from math import frexp, fsum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

#: The unit roundoff u.
U = 2.0**-53

#: Features beyond which NumPy's arrays are faster than a loop.
LOOP_SIZE = 50

#: ln 2 = HIGH + LOW, where HIGH has 42 bits, so that products with exponents are exact.
_HIGH, _LOW = float.fromhex("0x1.62e42fefa38p-1"), float.fromhex("0x1.ef35793c7673p-45")
_SQRT_HALF = 0.7071067811865476

#: W(z) with ln m = 2s + s z W(z), s = (m - 1)/(m + 1), z = s²: from the highest power on.
_W = (
    0.16621817152860227,
    0.18140193802865906,
    0.22222862280108718,
    0.2857142413832416,
    0.40000000011206505,
    0.6666666666666208,
)


def logarithm(y: float) -> float:
    """ln y to within u(4 + |ln y|), for positive normal y.

    y = 2^k m with m in [√½, √2) up to one ulp of the constant.  f = m - 1 is exact; s = f/(m + 1) has a
    relative error of 2.01u and |s| < 0.1716, which 2s passes on as 0.69u; the polynomial stands for the
    series to within 2.16u (by balls, in the tests) and rounds by 0.04u; k HIGH is exact; the sums round by
    0.71u and, last, by u|ln y|(1 + u).  Together 3.6u + u|ln y|.
    """
    m, k = frexp(y)
    if m < _SQRT_HALF:
        m += m
        k -= 1
    s = (m - 1.0) / (m + 1.0)
    z = s * s
    c5, c4, c3, c2, c1, c0 = _W
    w = ((((c5 * z + c4) * z + c3) * z + c2) * z + c1) * z + c0
    return (s + s + w * z * s + k * _LOW) + k * _HIGH


def gamma(roundings: float) -> float:
    """A bound on γ_n = nu/(1 - nu), for n up to 10^13."""
    return 1.01 * U * roundings


class Sums(Protocol):
    """S_j(x) = Σ p/(a + x)^j for j = 2, 3, 4, over scaled a > 0 and p > 0, at a double x > 0."""

    #: Sums over all features of p, p/a and p/a², in any order, and the largest a.
    ends: tuple[float, float, float, float]

    #: Roundings of the additions in ``at`` and in ``finely``.
    additions: int
    fine_additions: int

    def at(self, x: float) -> tuple[float, float, float]:
        """The three sums."""

    def finely(self, x: float) -> tuple[float, float, float]:
        """The same with fewer roundings."""


class LoopSums:
    """By a loop over a few features; ``finely`` sums exactly and rounds once."""

    fine_additions = 1

    def __init__(self, a: list[float], p: list[float]) -> None:
        self._pairs = list(zip(a, p, strict=True))
        self.additions = len(a) - 1
        total = inverse = square = 0.0
        for x, w in self._pairs:
            total += w
            w /= x
            inverse += w
            square += w / x
        self.ends = total, inverse, square, max(a)

    def at(self, x: float) -> tuple[float, float, float]:
        """The three sums, one term after the other."""
        s2 = s3 = s4 = 0.0
        for a, p in self._pairs:
            r = 1.0 / (a + x)
            w = p * r * r
            s2 += w
            w *= r
            s3 += w
            s4 += w * r
        return s2, s3, s4

    def finely(self, x: float) -> tuple[float, float, float]:
        """The three sums by ``fsum``, each the double next to the exact sum of its terms."""
        second, third, fourth = [], [], []
        for a, p in self._pairs:
            r = 1.0 / (a + x)
            w = p * r * r
            second.append(w)
            w *= r
            third.append(w)
            fourth.append(w * r)
        return fsum(second), fsum(third), fsum(fourth)


class ArraySums:
    """By NumPy's elementwise operations; ``finely`` adds halves to one another until one term is left.

    NumPy's own sums may take the terms in any order.
    """

    def __init__(self, a: np.ndarray, p: np.ndarray) -> None:
        import numpy as np

        self._a, self._p = a, p
        size = len(a)
        self.additions, self.fine_additions = size - 1, (size - 1).bit_length()
        inverse = p / a
        self.ends = float(p.sum()), float(inverse.sum()), float((inverse / a).sum()), float(a.max())
        self._r, self._terms = np.empty(size), np.zeros((3, 1 << self.fine_additions))
        self._rows = [row[:size] for row in self._terms]

    def _fill(self, x: float) -> None:
        """The terms of the three sums; all others stay 0."""
        import numpy as np

        r, (second, third, fourth) = self._r, self._rows
        np.add(self._a, x, r)
        np.divide(1.0, r, r)
        np.multiply(self._p, r, second)
        np.multiply(second, r, second)
        np.multiply(second, r, third)
        np.multiply(third, r, fourth)

    def at(self, x: float) -> tuple[float, float, float]:
        """The three sums as NumPy makes them."""
        self._fill(x)
        second, third, fourth = self._rows
        return float(second.sum()), float(third.sum()), float(fourth.sum())

    def finely(self, x: float) -> tuple[float, float, float]:
        """The three sums by repeated halving."""
        self._fill(x)
        terms, size = self._terms, self._terms.shape[1]
        while size > 1:
            size //= 2
            terms = terms[:, :size] + terms[:, size:]
        second, third, fourth = terms[:, 0].tolist()
        return second, third, fourth
