"""The sign of Σ w_i √r_i, exactly: rational weights, and r_i rational or singular squares of data.

Balls decide unless the sum is 0.  Where all r_i are rational, it is 0 iff the weights of each class of
radicands add up to 0, two radicands being of one class where their ratio is a square: square roots of
different classes are linearly independent over the rationals.  Where some are irrational, the sum times an
integer is an algebraic integer, whose conjugates are bounded: a number of degree n all of whose conjugates
are at most B ≥ 1 is 0 or at least B^{1-n} (Liouville), so that a precision is known at which a ball that
still holds 0 holds nothing else.  That precision grows with the degree, and beyond :data:`MOST_BITS` it is
not paid: the sign is then undecided, and said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt, lcm, perm, prod

from flint import arb

from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.precision import BASE_BITS, sharpen
from symderive.data.output_moments import SingularSquare

#: Bits up to which a sign is looked for where no exact rule decides.
MOST_BITS = 40_000

#: A weight w and a radicand r, for w√r.
Surd = tuple[Fraction, SingularSquare]


def square_of(number: Fraction) -> SingularSquare:
    """A positive rational number as a radicand."""
    return SingularSquare((-number.numerator, number.denominator), 0, 1)


def sum_of(surds: Sequence[Surd], bits: int) -> arb:
    """A ball around the sum, at a precision of ``bits`` bits."""
    with TURN, working_precision(bits):
        return sum((ball(weight) * square.ball(bits).sqrt() for weight, square in surds), arb(0))


def sign_of(surds: Sequence[Surd]) -> int | None:
    """-1, 0 or 1; None where it takes more than :data:`MOST_BITS` bits to tell.

    >>> root = lambda n: square_of(Fraction(n))
    >>> sign_of([(Fraction(1), root(2)), (Fraction(1), root(8)), (Fraction(-1), root(18))])
    0
    """
    surds = [(weight, square) for weight, square in surds if weight]
    if not surds:
        return 0
    if all(square.rational is not None for _, square in surds):
        vanishes = not any(_classes(surds))
        return 0 if vanishes else sharpen(lambda bits: _sign(sum_of(surds, bits)), start=BASE_BITS)
    least = _least_bits(surds)

    def sign(bits: int) -> int | None:
        found = sum_of(surds, bits)
        with TURN, working_precision(BASE_BITS):
            return 0 if found.abs_upper() < arb(2) ** -least else _sign(found)

    return sharpen(sign, start=BASE_BITS, limit=min(2 * least, MOST_BITS))


def _sign(found: arb) -> int | None:
    """The sign of what a ball encloses, where it is told."""
    return 1 if found > 0 else -1 if found < 0 else None


def _classes(surds: Sequence[Surd]) -> list[Fraction]:
    """The sums of the weights of each class of rational radicands, as multiples of one of its roots."""
    roots: list[Fraction] = []
    sums: list[Fraction] = []
    for weight, square in surds:
        radicand = square.rational
        assert radicand is not None
        for place, root in enumerate(roots):
            if (ratio := _root(radicand / root)) is not None:
                sums[place] += weight * ratio
                break
        else:
            roots.append(radicand)
            sums.append(weight)
    return sums


def _root(number: Fraction) -> Fraction | None:
    """√number where it is rational."""
    above, below = isqrt(number.numerator), isqrt(number.denominator)
    is_square = above * above == number.numerator and below * below == number.denominator
    return Fraction(above, below) if is_square else None


def _least_bits(surds: Sequence[Surd]) -> int:
    """A number b such that the sum is 0 or at least 2^-b.

    With l the leading coefficient of the polynomial of r, l√r is an algebraic integer, for its square is l
    times one.  The roots of one polynomial of degree m that occur, j of them, lie in a field of degree m (m
    - 1) ⋯ (m - j + 1) at most, and every √r at most doubles the degree.  Conjugates of √r are, up to signs,
    the square roots of the roots of its polynomial.
    """
    used: dict[tuple[int, ...], set[int]] = {}
    for _, square in surds:
        used.setdefault(square.coefficients, set()).add(square.place)
    degree = prod(perm(len(c) - 1, len(places)) << len(places) for c, places in used.items())
    cleared = lcm(*(weight.denominator for weight, _ in surds), *(abs(c[-1]) for c in used)) ** 2
    conjugates = [(abs(w), SingularSquare(square.coefficients, 0, 1)) for w, square in surds]
    largest = sum_of(conjugates, BASE_BITS)
    with TURN, working_precision(BASE_BITS):
        bits = (degree - 1) * (cleared * largest + 1).log() + arb(cleared).log()
        return int((bits / arb(2).log()).abs_upper().ceil().unique_fmpz()) + 1
