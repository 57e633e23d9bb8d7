"""What ball arithmetic cannot decide: exact coincidences, by polynomials over the integers.

For rational data write vᵀ(ρA + λ)^{-1} v = B/P in lowest terms.  With N = BP' - B'P,

    ‖m‖² = N/P²,   E(λ) = λ^{D+1} N^D - (γ_u Π γ_i) P^{2D} = 0   at the roots of φ = τ,
    T(λ) = BP - DλN = 0                                  where moreover F = c (a tie with the origin),
    Q(λ) = (D+1) NP + Dλ(N'P - 2NP') = 0                 where moreover H' = 0 (a double root).

T and Q have low degree; their irreducible factors are tested for dividing E, without ever forming E.
"""

from __future__ import annotations

from functools import singledispatch

from flint import arb, fmpq, fmpq_poly, fmpz_mat, fmpz_poly

from symderive.arithmetic.exact import exact_value, to_flint
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.model.data import Data
from symderive.model.moments import Moments
from symderive.model.spectrum import Spectrum

#: Largest number of features, and largest depth, for which the polynomials are formed.
MAX_DIMENSION = 60
MAX_DEPTH = 1000

_LAMBDA = fmpq_poly([0, 1])


def ties_with_origin(equation: ScalarEquation, ridge: arb) -> bool:
    """Whether F = c exactly at the root of φ = τ in the ball ``ridge``, which holds only that root.

    True is a proof; False says that no proof was found.
    """
    if not _is_small(equation):
        return False
    b, p = _resolvent_fraction(equation)
    n = _norm_numerator(b, p)
    return _common_root(equation, b * p - equation.depth * _LAMBDA * n, n, p, ridge)


def has_double_root(equation: ScalarEquation, ridge: arb) -> bool:
    """Whether the ball ``ridge`` holds a λ with φ = τ and H' = 0, exactly; False: no proof was found."""
    if not _is_small(equation):
        return False
    b, p = _resolvent_fraction(equation)
    n, depth = _norm_numerator(b, p), equation.depth
    flat = (depth + 1) * n * p + depth * _LAMBDA * (n.derivative() * p - 2 * n * p.derivative())
    return _common_root(equation, flat, n, p, ridge)


def _is_small(equation: ScalarEquation) -> bool:
    return equation.data.dimension <= MAX_DIMENSION and equation.depth <= MAX_DEPTH


def _norm_numerator(b: fmpq_poly, p: fmpq_poly) -> fmpq_poly:
    """N with ‖(ρA + λ)^{-1}v‖² = -d/dλ (B/P) = N/P²."""
    return b * p.derivative() - b.derivative() * p


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
    return _interpolate(points, b_values) * factor, _interpolate(points, p_values)


def _interpolate(points: list[fmpq], values: list[fmpq]) -> fmpq_poly:
    """Newton's interpolation."""
    table = list(values)
    for k in range(1, len(points)):
        for i in range(len(points) - 1, k - 1, -1):
            table[i] = (table[i] - table[i - 1]) / (points[i] - points[i - k])
    result = fmpq_poly([0])
    for x, value in zip(reversed(points), reversed(table), strict=True):
        result = result * fmpq_poly([-x, 1]) + value
    return result


def _common_root(
    equation: ScalarEquation, condition: fmpq_poly, n: fmpq_poly, p: fmpq_poly, ridge: arb
) -> bool:
    """Whether an irreducible factor of ``condition`` with a root in the ball divides E."""
    low, high = (to_flint(exact_value(x)) for x in (ridge.lower(), ridge.upper()))
    for factor, _ in condition.numer().factor()[1]:
        at_low, at_high = fmpq_poly(factor)(low), fmpq_poly(factor)(high)
        # An irreducible polynomial has simple roots: a change of sign is a root, and ends are tested too.
        if at_low * at_high <= 0 and _divides_equation(equation, factor, n, p):
            return True
    return False


def _divides_equation(equation: ScalarEquation, factor: fmpz_poly, n: fmpq_poly, p: fmpq_poly) -> bool:
    """Whether ``factor`` divides E = λ^{D+1} N^D - (γ_u Π γ_i) P^{2D}, exactly."""
    modulus, depth = fmpq_poly(factor), equation.depth
    product = to_flint(equation.decay_product)
    left = _power(_LAMBDA, depth + 1, modulus) * _power(n, depth, modulus)
    right = product * _power(p, 2 * depth, modulus)
    return bool((left - right) % modulus == 0)


def _power(base: fmpq_poly, exponent: int, modulus: fmpq_poly) -> fmpq_poly:
    """base^exponent modulo a polynomial, by squaring."""
    result, base = fmpq_poly([1]), base % modulus
    while exponent:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result
