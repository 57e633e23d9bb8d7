"""The generalized binomial series 𝓑_t(q) as a ball, for rational t ≥ 1 and any q up to its radius.

    𝓑_t(q) = Σ_k C(tk+1, k)/(tk+1) q^k = 1 + Σ_{k ≥ 1} C(tk, k-1)/k q^k

is 1 + ζ for the smallest positive solution of ζ = q (1 + ζ)^t (Graham, Knuth and Patashnik, *Concrete
Mathematics*, 2nd ed., 5.58-5.60).  For t > 1 the radius of convergence is R = (t-1)^{t-1}/t^t, where the
two positive solutions meet in ζ = 1/(t-1); at t = 1 the series is geometric.

Two ways lead to a value.  Well inside, terms are summed: all are positive, and Σ c_k R^k = t/(t-1), so
that those from the n-th on add up to at most (q/R)^n times what is left out at the radius.  Near the radius
the equation is solved: in u = ln ζ it reads h(u) = u - t ln(1 + e^u) = ln q, where h is concave and grows
up to its maximum at -ln(t-1); so two signs of h - ln q left of the maximum enclose the solution.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from flint import arb

from symderive.arithmetic.exact import (
    TURN,
    Exact,
    ball,
    bits_for,
    check_digits,
    exact_value,
    is_accurate,
    rational,
    working_precision,
)
from symderive.arithmetic.power_products import PowerProduct
from symderive.arithmetic.precision import sharpen
from symderive.errors import InputError

#: Most terms that are summed; beyond that solving the equation is faster at any precision.
MAX_TERMS = 100

#: Bits beyond those of the digits at which a value is first computed; doubled until it is accurate.
SLACK_BITS = 32

#: Newton steps granted at each precision; each doubles the good bits, from a start that has a few.
NEWTON_STEPS = 60

Method = Literal["series", "root", "closed"]


@dataclass(frozen=True, eq=False)
class SeriesValue:
    """The value of 𝓑_t(q), and where it comes from.

    Attributes
    ----------
    excess : arb
        𝓑_t(q) - 1, which is the solution ζ; accurate relative to itself.
    method : str
        ``"series"``: summed; ``"root"``: a certified root of the equation; ``"closed"``: t/(t-1) at the
        radius, 1/(1-q) at t = 1, and 1 at q = 0.
    terms : int
        Number of terms summed, the leading 1 included; 0 for the other methods.
    bits : int
        Working precision of the excess.
    """

    excess: arb
    method: Method
    terms: int
    bits: int

    @property
    def value(self) -> arb:
        """The ball 𝓑_t(q)."""
        with TURN, working_precision(self.bits):
            return 1 + self.excess


def binomial_series(
    exponent: Exact, argument: Exact | PowerProduct | arb, *, digits: int = 30
) -> SeriesValue:
    """The generalized binomial series 𝓑_t(q), and 𝓑_t(q) - 1 too.

    𝓑_t(q) = Σ_k C(tk+1, k)/(tk+1) q^k is 1 + ζ for the smallest positive solution of ζ = q (1 + ζ)^t.

    Parameters
    ----------
    exponent : Exact
        t ≥ 1, rational.
    argument : Exact or PowerProduct or arb
        q from 0 up to the radius of convergence (t-1)^{t-1}/t^t: rational, a
        :class:`~symderive.arithmetic.power_products.PowerProduct` for an irrational one, or a ball.  An
        exact q at the radius is recognized.
    digits : int, optional
        Digits to which both are accurate.

    Returns
    -------
    SeriesValue
        For a ball it encloses the values over all of it, and is as accurate as that allows.

    Raises
    ------
    InputError
        For t < 1, for q < 0, for q beyond the radius (for a ball: if any part of it is), and for q = 1 at
        t = 1, where the series diverges.

    References
    ----------
    R. Graham, D. Knuth, O. Patashnik, *Concrete Mathematics*, 2nd edition, 5.58-5.60.

    Examples
    --------
    >>> binomial_series(2, "3/16").value.str(10, radius=False)
    '1.333333333'
    >>> radius = PowerProduct.of((Fraction(27, 256), Fraction(1, 3)))
    >>> binomial_series("4/3", radius).value.str(5, radius=False)
    '4.0000'
    """
    t = rational(exponent, "exponent")
    check_digits(digits)
    if t < 1:
        raise InputError(f"exponent is {t}; the series is computed for exponents of at least 1.")
    if isinstance(argument, arb):
        return _over_ball(t, argument, digits)
    if not isinstance(argument, PowerProduct):
        q = rational(argument, "argument")
        if q < 0:
            raise InputError(f"argument is {q}; give a number from 0 up to the radius of convergence.")
        if q == 0:
            return SeriesValue(arb(0), "closed", 0, bits_for(digits))
        argument = PowerProduct.of((q, 1))
    return _at(t, argument, digits)


@lru_cache(maxsize=256)
def radius(exponent: Any) -> PowerProduct:
    """R = (t-1)^{t-1}/t^t for rational t ≥ 1; it is 1 at t = 1.

    >>> radius(2).compare(PowerProduct.of((4, -1)))
    0
    """
    t = rational(exponent, "exponent")
    return PowerProduct.of((t, -t), (t - 1, t - 1)) if t > 1 else PowerProduct.of()


def partial_sum(exponent: Any, argument: PowerProduct, terms: int, *, bits: int = 128) -> arb:
    """A ball around 𝓑_t(q): the first ``terms`` ≥ 1 terms and a bound for all others; t > 1, 0 < q ≤ R.

    It is as wide as that bound; nothing is iterated.  Raises :class:`InputError` outside of these ranges.

    >>> partial_sum(2, radius(2), 1).str(3)
    '[+/- 2.01]'
    >>> partial_sum(2, PowerProduct.of((Fraction(1, 10), 1)), 20).str(10)
    '[1.12701666 +/- 6.32e-9]'
    """
    t = rational(exponent, "exponent")
    if t <= 1 or terms < 1:
        raise InputError(
            f"exponent is {t} and terms {terms}; give an exponent above 1 and at least one term."
        )
    place = argument.compare(radius(t))
    if place > 0:
        raise InputError("the argument is beyond the radius of convergence; give a smaller one.")
    with TURN, working_precision(bits):
        log_q = argument.log()
        depth = radius(t).log() - log_q if place else arb(0)
        return 1 + _summed(t, log_q, depth, terms)


def _at(t: Fraction, q: PowerProduct, digits: int) -> SeriesValue:
    place = q.compare(radius(t))
    if place > 0 or (place == 0 and t == 1):
        with TURN, working_precision(bits_for(15)):
            raise InputError(
                f"argument is {q.log().exp().str(5, radius=False)}; the series with exponent {t} has the "
                f"radius of convergence {radius(t).log().exp().str(5, radius=False)}"
                f"{', where it diverges' if t == 1 else ''}; give a smaller one."
            )

    def compute(bits: int) -> SeriesValue | None:
        with TURN, working_precision(bits):
            return _closed(t, q, bits) if place == 0 or t == 1 else _inside(t, q, bits, digits)

    start = bits_for(digits + 2) + SLACK_BITS
    return sharpen(compute, lambda found: is_accurate(found.excess, digits), start=start)


def _closed(t: Fraction, q: PowerProduct, bits: int) -> SeriesValue:
    excess = ball(1 / (t - 1)) if t > 1 else 1 / (-q.log()).expm1()
    return SeriesValue(excess, "closed", 0, bits)


def _inside(t: Fraction, q: PowerProduct, bits: int, digits: int) -> SeriesValue | None:
    """At the current precision, q < R; None where it is too low to tell q from R."""
    log_q = q.log()
    depth = radius(t).log() - log_q
    if not depth > 0:
        return None
    # Terms until (q/R)^n t/(t-1) is below the digits asked for, relative to the first term q.
    accuracy = ball(bits_for(digits + 3)) * arb(2).log()
    enough = ((accuracy + ball(t / (t - 1)).log() - log_q) / depth).upper().ceil()
    if enough <= MAX_TERMS:
        terms = int(enough.unique_fmpz())
        return SeriesValue(_summed(t, log_q, depth, terms), "series", terms, bits)
    root = _solved(t, log_q, depth)
    return None if root is None else SeriesValue(root, "root", 0, bits)


def _summed(t: Fraction, log_q: arb, depth: arb, terms: int) -> arb:
    """The terms 1 … terms-1, and a ball around the rest; ``depth`` is ln R/q ≥ 0."""
    q, power, total = log_q.exp(), arb(1), arb(0)
    growth, at_radius = depth.exp(), arb(1)
    left_out = ball(1 / (t - 1))
    for k in range(1, terms):
        power, at_radius = power * q, at_radius * growth
        term = ball(t * k).bin(k - 1) / k * power
        total += term
        left_out -= term * at_radius
    rest = (-depth * terms).exp() * left_out
    return total + arb(0.5, 0.5) * rest


def _solved(t: Fraction, log_q: arb, depth: arb) -> arb | None:
    """The solution of h(u) = ln q left of the maximum, enclosed by two signs; None at too few bits."""
    slope, top = ball(t), -ball(t - 1).log()

    def height(u: arb) -> arb:
        return u - slope * u.exp().log1p() - log_q

    # Near the maximum h falls off like (1 - 1/t)(u - top)²/2; far from it u is ln q and a little more.
    u = (top - (2 * depth * slope / (slope - 1)).sqrt()).mid().max(log_q.mid())
    for _ in range(NEWTON_STEPS):
        ridge, offset = u.exp(), height(u)
        rate = (1 - slope * ridge / (1 + ridge)).mid()
        if offset.contains(0):
            break
        # A step beyond the maximum would lead to the other solution; half the way is always safe.
        after = u - offset / rate
        u = (after if after < top else (u + top) / 2).mid()
    width = 4 * offset.abs_upper() / rate
    left, right = (u - width).mid(), (u + width).mid()
    if height(left) < 0 and height(right) > 0 and right < top:
        return left.union(right).exp()
    return None


def _over_ball(t: Fraction, q: arb, digits: int) -> SeriesValue:
    """Every term grows with q: the values at the ends of the ball enclose all."""
    if not q.is_finite():
        raise InputError(f"argument is {q}; give a finite ball.")
    # Rounding an end could take it past the radius of convergence.
    middle, radius = exact_value(q.mid()), exact_value(q.rad())
    low, high = (binomial_series(t, end, digits=digits) for end in (middle - radius, middle + radius))
    with TURN, working_precision(high.bits):
        return SeriesValue(low.excess.union(high.excess), high.method, high.terms, high.bits)
