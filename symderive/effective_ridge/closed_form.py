"""The stationary points of isotropic data by their closed form, at any depth, as balls.

Where v is an eigenvector of A, Av = av (one feature, whitened features, or a fortunate v), the data pose
the problem of one signal, :mod:`symderive.effective_ridge.isotropic_equation`.  No search is made, and the
number of points, and which one is the global minimum, is decided exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb

from symderive.arithmetic.binomial_series import SeriesValue
from symderive.arithmetic.exact import TURN, ball, check_digits, working_precision
from symderive.data.interface import common_eigenvalue
from symderive.effective_ridge.isotropic_equation import (
    IsotropicBranch,
    IsotropicEquation,
    IsotropicSolution,
)
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import PointKind, Values, carrying_bits
from symderive.errors import InputError


@dataclass(frozen=True, eq=False)
class IsotropicPoint:
    """A stationary point m = v/(ρa(1 + ζ)) of isotropic data.

    Attributes
    ----------
    branch : str
        ``"stable"``, ``"saddle"``, or ``"double"`` at the spinodal, where the two meet.
    kind : str
        Of the full loss, as in a landscape; a tie with the origin counts as a global minimum.
    ridge_ratio : arb
        ζ = λ/(ρa), dimensionless.
    values : Values
        λ, F, κ, ‖m‖ and E_x Var f.
    series : SeriesValue
        𝓑_t(q) = 1 + ζ, or 𝓑_{t'}(q') = 1 + 1/ζ on the saddle branch, and how it was computed.
    """

    branch: IsotropicBranch
    kind: PointKind
    ridge_ratio: arb
    values: Values
    series: SeriesValue


def solve_isotropic(equation: ScalarEquation, *, digits: int = 30) -> tuple[IsotropicPoint, ...]:
    """All stationary points m ≠ 0 of isotropic data by their closed form.

    Parameters
    ----------
    equation : ScalarEquation
        Of D ≥ 1 hidden layers with positive decays, where v ≠ 0 is an eigenvector of A.
    digits : int, optional
        Digits to which every value is known.

    Returns
    -------
    tuple of IsotropicPoint
        In increasing λ: none, one or two.

    Raises
    ------
    InputError
        For other equations.

    Examples
    --------
    >>> from symderive import Spectrum
    >>> one = ScalarEquation(2, Fraction(1), Fraction(1, 16), Spectrum.of([1], [1]))
    >>> [(point.kind, point.values.ridge.str(8, radius=False)) for point in solve_isotropic(one, digits=8)]
    [('global minimum', '1.0000000'), ('saddle', '11.444525')]
    """
    check_digits(digits)
    isotropic, a = isotropic_equation(equation), eigenvalue(equation)
    kinds: dict[IsotropicBranch, PointKind] = {
        "stable": "global minimum" if isotropic.has_global_minimum else "local minimum",
        "saddle": "saddle",
        "double": "degenerate",
    }
    return tuple(
        IsotropicPoint(
            found.branch,
            kinds[found.branch],
            found.ridge_ratio,
            _values(equation, a, found, digits),
            found.series,
        )
        for found in isotropic.solutions(digits)
    )


def isotropic_equation(equation: ScalarEquation) -> IsotropicEquation:
    """The equation of isotropic data; errors as in :func:`solve_isotropic`."""
    a = eigenvalue(equation)
    if equation.depth < 1 or equation.decay_product <= 0:
        raise InputError(
            f"the depth is {equation.depth} and the product of the decays {equation.decay_product}; "
            "closed forms need a hidden layer and positive decays."
        )
    return IsotropicEquation.of(
        equation.depth, equation.rho * a, equation.data.v_norm_squared, equation.decay_product
    )


def eigenvalue(equation: ScalarEquation) -> Fraction:
    """The a with Av = av; :class:`InputError` where v is no eigenvector of A, or 0."""
    found = common_eigenvalue(equation.data)
    if found is None:
        raise InputError(
            "the data are not isotropic: v is 0 or no eigenvector of A, so that there is no closed form; "
            "search for the roots instead."
        )
    return found


def _values(equation: ScalarEquation, a: Fraction, found: IsotropicSolution, digits: int) -> Values:
    """The values of a point; the loss of least squares, which c hides, is exact."""
    rho, least = equation.rho, equation.data.c - equation.data.v_norm_squared / (equation.rho * a)
    with TURN, working_precision(carrying_bits(digits)):
        return Values(
            ridge=found.ridge,
            loss=ball(least) + found.rest,
            layer_decay=found.layer_decay,
            norm=found.norm,
            prediction_variance=ball((rho - 1) * a) * found.norm**2,
        )
