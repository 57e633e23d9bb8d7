"""Products of rational powers of rational numbers, compared exactly.

The numbers of this theory that are not rational are mostly of this kind: γ̄ = (γ_u Π γ_i)^{1/(D+1)},
and with it every threshold.  Written as b_1^{e_1} b_2^{e_2} … they are never multiplied out, so that
exponents of a million cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import count
from math import gcd, prod

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.errors import InputError

#: Bits beyond those of the largest exponent at which a sign is first tried in ball arithmetic.
SLACK_BITS = 64

#: Doublings of the precision after which exact algebra is asked whether the number is 1.
DOUBLINGS = 2


@dataclass(frozen=True)
class PowerProduct:
    """The positive number Π base^exponent.

    Attributes
    ----------
    factors : tuple of tuple of Fraction
        Pairs of a positive base and its exponent, both rational.

    Examples
    --------
    >>> half = PowerProduct.of((2, Fraction(1, 2)), (8, Fraction(-1, 2)))
    >>> half.compare(PowerProduct.of((Fraction(1, 2), 1)))
    0
    """

    factors: tuple[tuple[Fraction, Fraction], ...]

    @classmethod
    def of(cls, *factors: tuple[Fraction | int, Fraction | int]) -> PowerProduct:
        """The product of base^exponent over pairs.

        Parameters
        ----------
        *factors : tuple of Fraction or int
            Pairs of a positive base and its exponent.

        Returns
        -------
        PowerProduct
            The product, not multiplied out.

        Raises
        ------
        InputError
            For a base not above 0.
        """
        if any(base <= 0 for base, _ in factors):
            raise InputError(
                "a base is not positive; powers are compared of positive rational numbers only."
            )
        return cls(tuple((Fraction(base), Fraction(exponent)) for base, exponent in factors))

    def __mul__(self, other: PowerProduct) -> PowerProduct:
        return PowerProduct(self.factors + other.factors)

    def __pow__(self, exponent: Fraction | int) -> PowerProduct:
        return PowerProduct(tuple((base, e * exponent) for base, e in self.factors))

    def log(self) -> arb:
        """The natural logarithm, at FLINT's current precision.

        Returns
        -------
        arb
            A ball around it.
        """
        return sum((ball(e) * ball(base).log() for base, e in self.factors), arb(0))

    def value(self) -> arb:
        """The number, at FLINT's current precision; no logarithm is taken of whole powers.

        Returns
        -------
        arb
            A ball around it.
        """
        return prod((ball(base) ** ball(e) for base, e in self.factors), start=arb(1))

    def compare(self, other: PowerProduct) -> int:
        """The sign of self - other: -1, 0 or 1, always decided."""
        return (self * other**-1).sign_of_log()

    def sign_of_log(self) -> int:
        """-1 below 1, 0 at 1, 1 above 1.

        Ball arithmetic decides unless the number is 1, which integers decide: so the precision is doubled
        only where the search must end.
        """
        largest = max((int(abs(e)).bit_length() for _, e in self.factors), default=0)
        for doublings in count():
            with TURN, working_precision((SLACK_BITS + 2 * largest) << doublings):
                value = self.log()
                if value != 0:
                    return 1 if value > 0 else -1
            if doublings == DOUBLINGS and self.is_one():
                return 0
        raise AssertionError("unreachable: the loop ends by returning")

    def is_one(self) -> bool:
        """Whether the product is exactly 1.

        The bases are split into pairwise coprime integers by greatest common divisors (no factoring); by
        unique factorization the product is 1 iff every exponent that remains is 0.
        """
        pending: list[tuple[int, Fraction]] = []
        for base, exponent in self.factors:
            pending += [(base.numerator, exponent), (base.denominator, -exponent)]
        coprime: list[tuple[int, Fraction]] = []
        while pending:
            n, e = pending.pop()
            if n == 1 or e == 0:
                continue
            for place, (other, f) in enumerate(coprime):
                if (common := gcd(n, other)) == 1:
                    continue
                if common == other:
                    # All at once: a dyadic number may hold thousands of twos.
                    n, times = _divided_out(n, other)
                    coprime[place] = (other, f + times * e)
                    pending.append((n, e))
                else:
                    del coprime[place]
                    pending += [(n // common, e), (other // common, f), (common, e + f)]
                break
            else:
                coprime.append((n, e))
        return not any(e for _, e in coprime)


def _divided_out(n: int, divisor: int) -> tuple[int, int]:
    """What is left of n once a divisor > 1 is taken out as often as it goes, and how often that is."""
    times = 0
    while n % divisor == 0:
        n, times = n // divisor, times + 1
    return n, times
