"""The proximal map of the quasi-norm ℓ_q, q = 2/(D+1), as SymPy expressions: one feature and no noise.

    prox(x) = argmin_z ½ (z - x)² + ω|z|^{2/(D+1)}

Twice this objective is F(z) - c + x² for A = 1, v = x and the mean decay γ̄ = 2ω/(D+1), so that all of it
is :mod:`symderive.formulas.isotropic` in other letters.  Where the literature minimizes (z - x)² + λ|z|^q,
put ω = λ/2.  For vectors read norms: the map of ω‖z‖^q shrinks x along itself.  D = 1 is soft
thresholding, D = 0 the ridge x/(1 + 2ω).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.arithmetic.exact import exact, sympify_exact
from symderive.errors import InputError
from symderive.formulas.isotropic import Isotropic, isotropic
from symderive.formulas.isotropic_branches import closed_shares

#: The weight ω of the penalty, a letter that statements elsewhere use for other numbers.
penalty_weight = sp.Symbol("omega", positive=True)


@dataclass(frozen=True)
class Proximal:
    """The map of ω|z|^q at depth D, in |x|; make one with :func:`proximal`.

    Attributes
    ----------
    problem
        The isotropic problem with ρ = a = 1, ‖v‖ = |x| and γ̄ = 2ω/(D+1).
    weight
        ω > 0.
    """

    problem: Isotropic
    weight: Any

    @property
    def power(self) -> Any:
        """The exponent 2/(D+1) of the quasi-norm; 2 at depth 0, 1 at depth 1."""
        return 2 / sp.sympify(self.problem.finite_depth + 1)

    @property
    def q(self) -> Any:
        """The dimensionless weight q = 2ω/(D+1) |x|^{-2D/(D+1)}: prox(x) = x/(1 + ζ), ζ = q (1 + ζ)^t."""
        return self.problem.q

    @property
    def threshold(self) -> Any:
        """The |x| up to which the map is 0: D (D-1)^{-(D-1)/(2D)} (2ω/(D+1))^{(D+1)/(2D)}; D ≥ 1.

        At the threshold itself 0 and, for D ≥ 2, ±:attr:`jump` are equally good.

        >>> proximal(1).threshold, proximal(3, sp.Rational(1, 2)).threshold == sp.cbrt(54) / 4
        (omega, True)
        """
        return self._at(self.problem.transition.share)

    @property
    def reach(self) -> Any:
        """The |x| above which there is a local minimum other than 0, at most the threshold; D ≥ 1."""
        return self._at(self.problem.spinodal.share)

    @property
    def jump(self) -> Any:
        """The least |prox(x)| > 0: (2ω(D-1)/(D+1))^{(D+1)/(2D)}, the limit at the threshold; D ≥ 1."""
        return self.problem.transition.share * self.threshold

    @property
    def shrinkage(self) -> Any | None:
        """prox(x)/x beyond the threshold in closed form, for the depths 0 to 3; None for others."""
        closed = closed_shares(self.problem.depth)
        return closed and closed[0].subs(sy.q, self.q)

    def _at(self, share: Any) -> Any:
        """The |x| at which X = ``share`` is stationary: q = (1-X) X^{t-1}, where q is γ̄/|x|^t."""
        p = self.problem
        D, X = p.finite_depth, share
        power = sp.factor((D + 1) / (2 * D))
        if X == 0:
            return p.mean_decay  # 0^0 = 1: at depth 1 both are γ̄
        return (p.mean_decay / sp.factor(1 - X)) ** power / X ** sp.factor((D - 1) / (2 * D))


def proximal(depth: Any = sy.D, weight: Any = penalty_weight) -> Proximal:
    """The map in the letters D (or a ``depth``), ω (or an exact ``weight``) and |x|, written ‖v‖.

    >>> proximal(2).power, proximal(2).q
    (2/3, 2*omega/(3*v**(4/3)))

    Raises :class:`InputError` for a depth that is no whole number from 0 (infinity too), and for a weight
    that is not positive.
    """
    if depth == sp.oo:
        raise InputError("depth is infinite, where the quasi-norm is no function; give a finite depth.")
    problem = isotropic(depth=None if depth is sy.D else depth, eigenvalue=sp.Integer(1))
    weight = sympify_exact(exact(weight, "weight"))
    if weight.is_positive is False:
        raise InputError(f"weight is {weight}; give a positive number.")
    decay = 2 * weight / (problem.depth + 1)
    return Proximal(replace(problem, noise_factor=sp.Integer(1), mean_decay=decay), weight)
