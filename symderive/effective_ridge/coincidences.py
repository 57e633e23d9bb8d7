"""What ball arithmetic cannot decide: exact coincidences, by polynomials over the integers.

For rational data write vᵀ(ρA + λ)^{-1} v = B/P in lowest terms.  With N = BP' - B'P,

    ‖m‖² = N/P²,   E(λ) = λ^{D+1} N^D - (γ_u Π γ_i) P^{2D} = 0   at the roots of φ = τ,
    T(λ) = BP - DλN = 0                                  where moreover F = c (a tie with the origin),
    Q(λ) = (D+1) NP + Dλ(N'P - 2NP') = 0                 where moreover H' = 0 (a double root).

T and Q have low degree; their irreducible factors are tested for dividing E, without ever forming E.
Whether F is equal at two roots is for :mod:`symderive.effective_ridge.equal_gaps`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

from flint import arb, fmpq, fmpq_poly, fmpz_mat, fmpz_poly

from symderive.arithmetic.exact import exact_value, to_flint
from symderive.data.interface import Data
from symderive.data.moments import Moments
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.scalar_equation import ScalarEquation

#: Largest number of features, and largest depth, for which the polynomials are formed.
MAX_DIMENSION = 60
MAX_DEPTH = 1000

LAMBDA = fmpq_poly([0, 1])


@dataclass(frozen=True, eq=False)
class Fractions:
    """B, N and P of the data; E and T follow."""

    depth: int
    product: fmpq
    b: fmpq_poly
    n: fmpq_poly
    p: fmpq_poly

    @classmethod
    def of(cls, equation: ScalarEquation) -> Fractions | None:
        """None where they are too large to be formed."""
        if equation.data.dimension > MAX_DIMENSION or equation.depth > MAX_DEPTH:
            return None
        b, p = _resolvent_fraction(equation)
        n = b * p.derivative() - b.derivative() * p  # ‖(ρA + λ)^{-1}v‖² = -d/dλ (B/P) = N/P²
        return cls(equation.depth, to_flint(equation.decay_product), b, n, p)

    @property
    def tie(self) -> fmpq_poly:
        """T."""
        return self.b * self.p - self.depth * LAMBDA * self.n

    @property
    def flat(self) -> fmpq_poly:
        """Q."""
        n, p = self.n, self.p
        bend = n.derivative() * p - 2 * n * p.derivative()
        return (self.depth + 1) * n * p + self.depth * LAMBDA * bend

    @property
    def degree(self) -> int:
        """A bound on the degree of E."""
        return int(self.depth * max(int(self.n.degree()) + 1, 2 * int(self.p.degree()))) + 1

    def equation(self) -> fmpz_poly:
        """E, up to a factor."""
        left = LAMBDA ** (self.depth + 1) * self.n**self.depth
        return (left - self.product * self.p ** (2 * self.depth)).numer()

    def divides_equation(self, factor: fmpz_poly) -> bool:
        """Whether ``factor`` divides E, exactly and without forming E."""
        modulus, depth = fmpq_poly(factor), self.depth
        left = _power(LAMBDA, depth + 1, modulus) * _power(self.n, depth, modulus)
        right = self.product * _power(self.p, 2 * depth, modulus)
        return bool((left - right) % modulus == 0)

    def common_factor(self, condition: fmpz_poly, ridge: arb) -> fmpz_poly | None:
        """An irreducible factor of ``condition`` that divides E and has a root in the ball."""
        low, high = (to_flint(exact_value(x)) for x in (ridge.lower(), ridge.upper()))
        for factor, _ in condition.factor()[1]:
            at_low, at_high = fmpq_poly(factor)(low), fmpq_poly(factor)(high)
            # An irreducible polynomial has simple roots: a change of sign is a root; ends are tested too.
            if at_low * at_high <= 0 and self.divides_equation(factor):
                return factor
        return None


def ties_with_origin(equation: ScalarEquation, ridge: arb) -> bool:
    """Whether F = c exactly at the root of φ = τ in the ball ``ridge``, which holds only that root.

    True is a proof; False says that no proof was found.
    """
    found = Fractions.of(equation)
    return found is not None and found.common_factor(found.tie.numer(), ridge) is not None


def has_double_root(equation: ScalarEquation, ridge: arb) -> bool:
    """Whether the ball ``ridge`` holds a λ with φ = τ and H' = 0, exactly; False: no proof was found."""
    found = Fractions.of(equation)
    return found is not None and found.common_factor(found.flat.numer(), ridge) is not None


def _resolvent_fraction(equation: ScalarEquation) -> tuple[fmpq_poly, fmpq_poly]:
    """B and P, coprime, P monic, with B/P = vᵀ(ρA + λ)^{-1} v."""
    b, p = _fraction(equation.data, to_flint(equation.rho))
    common = b.gcd(p)
    b, p = b // common, p // common
    lead = p[p.degree()]
    return b / lead, p / lead


@singledispatch
def _fraction(data: Data, rho: fmpq) -> tuple[fmpq_poly, fmpq_poly]:
    """B and P, not in lowest terms."""
    raise TypeError(f"{type(data).__name__} has no fraction at ρ = {rho}")


@_fraction.register
def _(data: Spectrum, rho: fmpq) -> tuple[fmpq_poly, fmpq_poly]:
    """Σ p/(ρa + λ), term by term."""
    b, p = fmpq_poly([0]), fmpq_poly([1])
    for a, w in zip(data.a, data.p, strict=True):
        factor = fmpq_poly([rho * to_flint(a), 1])
        b, p = b * factor + to_flint(w) * p, p * factor
    return b, p


@_fraction.register
def _(data: Moments, rho: fmpq) -> tuple[fmpq_poly, fmpq_poly]:
    """P = det(ρC + λV) and B = bᵀ adj(ρC + λV) b, interpolated at λ = 0 … d.

    The bordered determinant det [[M, b], [bᵀ, 0]] is -bᵀ adj(M) b.
    """
    d = data.dimension
    weights = [to_flint(s) for s in data.metric]
    scale = 1
    for s in (rho, *weights):
        scale = scale * int(s.q)
    gram = data.gram.tolist()
    points, p_values, b_values = [], [], []
    for x in range(d + 1):
        # ρC + xV, times the common denominator of all its entries, so that FLINT's integers serve.
        rows = [[int(rho * gram[i][j] * scale) for j in range(d)] for i in range(d)]
        for i, s in enumerate(weights):
            rows[i][i] += int(x * s * scale * data.denominator)
        border = [int(gram[i][d]) for i in range(d)]
        bordered = [[*row, entry] for row, entry in zip(rows, border, strict=True)]
        bordered.append([*border, 0])
        points.append(fmpq(x))
        p_values.append(fmpq(fmpz_mat(rows).det()))
        b_values.append(-fmpq(fmpz_mat(bordered).det()))
    # With M' = scale·denominator·M and b' = denominator·b: bᵀM⁻¹b = (scale/denominator) b'ᵀM'⁻¹b'.
    factor = fmpq(scale, data.denominator)
    return interpolate(points, b_values) * factor, interpolate(points, p_values)


def interpolate(points: list[fmpq], values: list[fmpq]) -> fmpq_poly:
    """The polynomial of least degree with these values, by Newton's scheme."""
    table = list(values)
    for k in range(1, len(points)):
        for i in range(len(points) - 1, k - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (points[i] - points[i - k])
    result = fmpq_poly([0])
    for x, value in zip(reversed(points), reversed(table), strict=True):
        result = result * fmpq_poly([-x, 1]) + value
    return result


def _power(base: fmpq_poly, exponent: int, modulus: fmpq_poly) -> fmpq_poly:
    """base^exponent modulo a polynomial, by squaring."""
    result, base = fmpq_poly([1]), base % modulus
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result
