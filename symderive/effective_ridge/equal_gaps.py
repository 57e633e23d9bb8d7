"""Whether F is equal at several stationary points, decided exactly.

At a root λ of φ = τ the gap F - c is -T/P² with the polynomials of
:mod:`symderive.effective_ridge.coincidences`.  For any f over the integers with f(λ) = 0 it is therefore a
root of

    R(y) = Res_λ(f, yP² + T),

and the gap of the origin is the root of R = y.  Let m be the square-free part of the product of such R for
all points that are compared.  Where an interval holds all their gaps and m' has no zero in it, m has at
most one root there (Rolle), so the gaps are *equal*.  Where they are not, balls that are sharp enough do
not overlap; where they are, m' ≠ 0 there, and balls that are sharp enough show it.  So one of the two ends
the matter, whatever the numbers: only the size of f is limited.

f is E itself where its degree is small, or a factor of E of low degree: lattice reduction proposes it from
the digits of λ (A. K. Lenstra, H. W. Lenstra, L. Lovász, *Factoring polynomials with rational
coefficients*, Math. Ann. 261, 1982), and exact division proves it.
"""

from __future__ import annotations

from collections.abc import Iterable

from flint import arb, arb_poly, fmpq, fmpq_poly, fmpz_mat, fmpz_poly

from symderive.arithmetic.exact import TURN, working_precision
from symderive.effective_ridge.coincidences import Fractions, interpolate

#: Degrees of the factors of E that are looked for.
SMALL_DEGREES = (1, 2, 4, 8)

#: Largest degree of E, and largest product of it with the bits of its coefficients, at which E itself
#: serves; at the largest R takes some seconds.
MAX_DEGREE = 80
MAX_SIZE = 300_000

#: Bits of λ that are left out when a factor is proposed, for a true factor to stand out.
SPARE_BITS = 64

#: y, of which the gap of the origin is the root.
GAP_OF_ORIGIN = fmpz_poly([0, 1])


def gap_polynomial(known: Fractions, ridges: Iterable[arb]) -> fmpz_poly | None:
    """m for the origin and the points at some roots of φ = τ; None: it is too large to be formed.

    Each ball holds one root and no other.
    """
    product, factors = GAP_OF_ORIGIN, []
    for ridge in ridges:
        if known.common_factor(known.tie.numer(), ridge) is not None:
            continue  # its gap is that of the origin
        factors.append(_small_factor(known, ridge))
    if None in factors:
        whole = known.equation() if known.degree <= MAX_DEGREE else None
        if whole is None or whole.degree() * whole.height_bits() > MAX_SIZE:
            return None
        factors = [whole]  # which all the others divide
    for factor in factors:
        simple = _square_free(_values_of_gap(known, factor))
        product = product * (simple // product.gcd(simple))
    return product


def are_equal(polynomial: fmpz_poly, gaps: Iterable[arb], bits: int) -> bool:
    """Whether these gaps, all of them roots of ``polynomial``, are provably equal; False proves nothing."""
    with TURN, working_precision(bits):
        first, *others = gaps
        for other in others:
            first = first.union(other)
        return not arb_poly(polynomial.derivative())(first).contains(0)


def _small_factor(known: Fractions, ridge: arb) -> fmpz_poly | None:
    """An irreducible factor of E of low degree with its root in the ball, if one is found."""
    bits = int(ridge.rel_accuracy_bits()) - SPARE_BITS
    for degree in SMALL_DEGREES:
        proposed = _relation(ridge, degree, bits)
        if proposed.degree() > 0 and (factor := known.common_factor(proposed, ridge)) is not None:
            return factor
    return None


def _relation(x: arb, degree: int, bits: int) -> fmpz_poly:
    """Small integers c_k with Σ c_k x^k near 0: the shortest row of a reduced lattice; a proposal."""
    with TURN, working_precision(bits + SPARE_BITS):
        powers = [x.mid() ** k for k in range(degree + 1)]
        scale = arb(2) ** bits / powers[0].max(powers[-1])
        columns = [int((power * scale).mid().floor().unique_fmpz() or 0) for power in powers]
    rows = [[int(i == k) for k in range(degree + 1)] + [column] for i, column in enumerate(columns)]
    shortest = fmpz_mat(rows).lll().tolist()[0]
    return fmpz_poly(shortest[:-1])


def _values_of_gap(known: Fractions, factor: fmpz_poly) -> fmpz_poly:
    """R(y) up to a factor, interpolated; y = 0 is left out, where the degree of yP² + T drops."""
    square, tie = known.p * known.p, known.tie
    scale = square.denom() * tie.denom()
    square, tie = (square * scale).numer(), (tie * scale).numer()
    points = [fmpq(y) for y in range(1, int(factor.degree()) + 2)]
    return interpolate(points, [fmpq(factor.resultant(int(y.p) * square + tie)) for y in points]).numer()


def _square_free(polynomial: fmpz_poly) -> fmpz_poly:
    rational = fmpq_poly(polynomial)
    return (rational // rational.gcd(rational.derivative())).numer()
