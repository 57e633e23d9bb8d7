"""Certified roots of polynomials with positive simple roots only, such as squares of singular values.

To the right of all roots r_1 > r_2 > … > r_m of a polynomial p,

    1/(x - r_1) ≤ p'(x)/p(x) = Σ_j 1/(x - r_j) ≤ m/(x - r_1),

so that Newton's step leads down to r_1 without passing it, and m steps reach beyond it: every step is an
enclosure.  Roots that were found are divided out of p'/p, not out of p (H. J. Maehly, *Zur iterativen
Auflösung algebraischer Gleichungen*, ZAMP 5, 1954).  Two roots that nearly coincide cost a step for every
bit between them, where solvers that move all roots at once may stall.
"""

from __future__ import annotations

from itertools import pairwise

from flint import arb, arb_poly, fmpz_poly

from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.precision import sharpen

#: Working precision over bits asked for: enough to divide out roots found, however near the next one is.
SPARE = 4

#: Bits beyond those.
SLACK_BITS = 64


def descending_roots(coefficients: tuple[int, ...], bits: int) -> tuple[arb, ...]:
    """All roots in decreasing order, to ``bits`` bits or more; no two of the balls overlap.

    ``coefficients``, the constant first, are those of a polynomial whose roots are real, positive and
    simple; this is not checked, and for other polynomials the search may not end.

    >>> [root.str(5, radius=False) for root in descending_roots((6, -5, 1), 64)]
    ['3.0000', '2.0000']
    """

    def separate(precision: int) -> tuple[arb, ...] | None:
        with TURN, working_precision(precision):
            roots = _descend(fmpz_poly(list(coefficients)), precision // SPARE)
        if roots is None or any(above.overlaps(below) for above, below in pairwise(roots)):
            return None
        return tuple(roots)

    return sharpen(separate, start=SPARE * (bits + SLACK_BITS))


def _descend(polynomial: fmpz_poly, bits: int) -> list[arb] | None:
    """The roots one after the other, or None where the working precision is too low."""
    degree = int(polynomial.degree())
    value, slope = arb_poly(polynomial), arb_poly(polynomial.derivative())
    found: list[arb] = []
    # Twice the sum of all roots.
    start = (-2 * arb(polynomial[degree - 1]) / arb(polynomial[degree])).upper()
    near, enough = arb(2) ** (-bits // SPARE), arb(2) ** -bits
    while (left := degree - len(found)) > 0:
        x = start
        while True:
            pull = slope(x) / value(x) - sum((1 / (x - root) for root in found), arb(0))
            if not pull > 0:
                return None
            low, high = (x - left / pull).lower(), (x - 1 / pull).upper()
            width = high - low
            if width < enough * low:
                break
            if not high < x:
                return None
            if not width < near * x:
                start = high
            x = high
        found.append(low.union(high))
    return found
