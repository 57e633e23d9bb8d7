"""The stationary points of isotropic data by their closed form, at any depth, as balls.

Where v is an eigenvector of A, Av = av (one feature, whitened features, or a fortunate v), the ridge is λ
= ρaζ with ζ = q (1 + ζ)^t, whose solutions are generalized binomial series; the formulas are those of
:mod:`symderive.formulas.isotropic`, the series that of :mod:`symderive.arithmetic.binomial_series`.  No
search is made.  q^{D+1} is rational, so that the number of points, and which one is the global minimum,
is decided exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from flint import arb

from symderive.arithmetic.binomial_series import SeriesValue, binomial_series, radius
from symderive.arithmetic.exact import ball, check_digits, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, Values, carrying_bits
from symderive.errors import InputError
from symderive.model.data import common_eigenvalue

#: Digits of the series beyond those asked for.
GUARD_DIGITS = 5


@dataclass(frozen=True, eq=False)
class IsotropicPoint:
    """A stationary point m = v/(ρa(1 + ζ)) of isotropic data.

    Attributes
    ----------
    branch
        ``"stable"``, ``"saddle"``, or ``"double"`` at the spinodal, where the two meet.
    kind
        Of the full loss, as in a landscape; a tie with the origin counts as a global minimum.
    ridge_ratio
        ζ = λ/(ρa), dimensionless.
    values
        λ, F, κ, ‖m‖ and E_x Var f, all as balls.
    series
        𝓑_t(q) = 1 + ζ, or 𝓑_{t'}(q') = 1 + 1/ζ on the saddle branch, and how it was computed.
    """

    branch: Literal["stable", "saddle", "double"]
    kind: PointKind
    ridge_ratio: arb
    values: Values
    series: SeriesValue


def solve_isotropic(problem: ScalarEquation, *, digits: int = 30) -> tuple[IsotropicPoint, ...]:
    """All stationary points m ≠ 0 in increasing λ, every value to ``digits`` digits: none, one or two.

    Raises :class:`InputError` unless D ≥ 1, all decays are positive and v ≠ 0 is an eigenvector of A.

    >>> from symderive import Spectrum
    >>> one = ScalarEquation(2, Fraction(1), Fraction(1, 16), Spectrum.of([1], [1]))
    >>> [(point.kind, point.values.ridge.str(8, radius=False)) for point in solve_isotropic(one, digits=8)]
    [('global minimum', '1.0000000'), ('saddle', '11.444525')]
    """
    check_digits(digits)
    depth, a, q = problem.depth, eigenvalue(problem), dimensionless_decay(problem)
    t = Fraction(2 * depth, depth + 1)
    place = q.compare(radius(t))
    if place > 0 or (place == 0 and depth == 1):
        return ()
    stable = binomial_series(t, q, digits=digits + GUARD_DIGITS)
    is_global = q.compare(transition(depth)) <= 0
    points = [
        IsotropicPoint(
            "stable" if place else "double",
            "degenerate" if not place else "global minimum" if is_global else "local minimum",
            stable.excess,
            _values(problem, a, stable.excess, digits),
            stable,
        )
    ]
    if place and depth > 1:
        power = Fraction(depth + 1, depth - 1)
        saddle = binomial_series(power + 1, q**power, digits=digits + GUARD_DIGITS)
        with working_precision(carrying_bits(digits)):
            ridge_ratio = 1 / saddle.excess
        values = _values(problem, a, ridge_ratio, digits)
        points.append(IsotropicPoint("saddle", "saddle", ridge_ratio, values, saddle))
    return tuple(points)


def dimensionless_decay(problem: ScalarEquation) -> PowerProduct:
    """q = (γ_u Π γ_i)^{1/(D+1)} (ρa)^{(D-1)/(D+1)} / ‖v‖^{2D/(D+1)}, exactly."""
    depth, a = problem.depth, eigenvalue(problem)
    if depth < 1 or problem.decay_product <= 0:
        raise InputError(
            f"the depth is {depth} and the product of the decays {problem.decay_product}; "
            "closed forms need a hidden layer and positive decays."
        )
    product = PowerProduct.of(
        (problem.decay_product, 1), (problem.rho * a, depth - 1), (problem.data.v_norm_squared, -depth)
    )
    return product ** Fraction(1, depth + 1)


def transition(depth: int) -> PowerProduct:
    """q at which the stable branch has the loss of the origin: ((D-1)/D)^{(D-1)/(D+1)}/D; 1 at D = 1.

    The spinodal is :func:`symderive.arithmetic.binomial_series.radius` of t = 2D/(D+1).
    """
    share = Fraction(depth - 1, depth)
    return PowerProduct.of((depth, -1), *([(share, Fraction(depth - 1, depth + 1))] if share else []))


def eigenvalue(problem: ScalarEquation) -> Fraction:
    """The a with Av = av; :class:`InputError` where v is no eigenvector of A, or 0."""
    found = common_eigenvalue(problem.data)
    if found is None:
        raise InputError(
            "the data are not isotropic: v is 0 or no eigenvector of A, so that there is no closed form; "
            "search for the roots instead."
        )
    return found


def _values(problem: ScalarEquation, a: Fraction, zeta: arb, digits: int) -> Values:
    """Every value as a sum of positive terms, so that none is less accurate than ζ."""
    data, rho = problem.data, problem.rho
    with working_precision(carrying_bits(digits)):
        scale, v2, above = ball(rho * a), ball(data.v_norm_squared), 1 + zeta
        best = data.v_norm_squared / (rho * a)
        norm_squared = v2 / (scale * above) ** 2
        # F = c - best (1 - (D-1)ζ)/(1+ζ)², rearranged.
        loss = ball(data.c - best) + ball(best) * zeta * (zeta + problem.depth + 1) / above**2
        return Values(
            ridge=scale * zeta,
            loss=loss,
            layer_decay=scale * zeta * norm_squared,
            norm=norm_squared.sqrt(),
            prediction_variance=ball((rho - 1) * a) * norm_squared,
        )
