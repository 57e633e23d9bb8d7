"""Error bounds of the blocks, as functions of the number of features and of the error of the inputs.

u = 2⁻⁵³, d is the number of features and k the relative error of every input (a, p, c, γ̄, ρ) in units
of u.  A *count* is the number n of factors 1 + ε, |ε| ≤ u, by which a computed positive number may differ
from the true one; its relative error is then at most nu/(1 - nu) ≤ (65/64)nu for nu ≤ 1/65 (Higham,
*Accuracy and Stability of Numerical Algorithms*, 2nd ed., Lemma 3.1), and a relative error of ku counts k.
Sums of positive terms add their number less one, in any order.  A fused multiplication rounds less often.
Underflow, to subnormals or to zero, does no harm: one P is at least 1 and each r at least 2⁻¹⁸², so that
the sums are at least 2⁻⁷²⁸, of which what is lost, 2⁻¹⁰²² at a time, is no part worth counting.

The counts of the sums over the features are, with r = 1/(α + x) and x exact::

    α   a divided by a power of two             k
    r   one sum, one quotient                   k + 2
    P   p divided by a power of two             k
    S2 = Σ P r r                                2 (k + 2) + k + 2 + (d - 1) = d + 3 k + 5
    S3, S4, one more product with r each        + k + 3,  + 2 k + 6
    Q = Σ (P r r) α                             S2 + k + 1
    B = Σ (P r r) α r                           S3 + k + 1

``tests/export/test_certified_bounds.py`` counts them on the blocks as they are written.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from symderive.export.ir.nodes import Node, Operand

#: The unit roundoff.
U = Fraction(1, 2**53)

#: What makes a bound of counts a bound of relative errors, up to MOST_ROUNDINGS of them.
HIGHER = Fraction(65, 64)
MOST_ROUNDINGS = 2**46

#: Numbers of a scaled problem lie between its inverse and this.
RANGE = 2**180

#: The results that are given, and the units of scaling, lie between its inverse and this.
WIDEST = 2**900

#: ρ is at most this.
MOST_NOISE = 2**100

#: Error of a distance ln(x′/x) = T′ - T.  By ``ln`` each T = ln(x/G) is wrong by 5u + u|T|, the quotient
#: included, and |T| ≤ 710, as x/G is a normal number.  The difference is rounded once.
DISTANCE = Fraction(1, 2**41)


def relative(count: Operand) -> Node:
    """The bound of a relative error from a count."""
    return count * (HIGHER * U)  # type: ignore[return-value]


@dataclass(frozen=True)
class Counts:
    """The counts of one instance, from d and k."""

    features: Node
    ulps: Node

    @property
    def s2(self) -> Node:
        return self.features + 3 * self.ulps + 5

    @property
    def s3(self) -> Node:
        return self.s2 + self.ulps + 3

    @property
    def s4(self) -> Node:
        return self.s2 + 2 * self.ulps + 6

    @property
    def energy(self) -> Node:
        """Q = Σ P α r²."""
        return self.s2 + self.ulps + 1

    @property
    def rest(self) -> Node:
        """B = Σ P α r³."""
        return self.s3 + self.ulps + 1

    @property
    def norm(self) -> Node:
        """κS2, κ = t/s²/(ρρ): three roundings, and ρ twice."""
        return self.s2 + 2 * self.ulps + 3

    @property
    def shrinkage(self) -> Node:
        """μ = (x/S2) S3."""
        return self.s2 + self.s3 + 2

    @property
    def square_shrinkage(self) -> Node:
        """6 ((x/S2) x) S4."""
        return self.s2 + self.s4 + 4

    @property
    def rest_share(self) -> Node:
        """ν = B/S2 = 1 - μ."""
        return self.s2 + self.rest + 1
