"""Isotropic data, A = aI: closed forms at any depth, and thresholds.

One feature and whitened features are of this kind.  Every stationary point m ≠ 0 is then a multiple of the
least-squares map, m = v/(ρa(1 + ζ)) with ζ = λ/(ρa), and the equation for the ridge is

    ζ = q (1 + ζ)^t,   t = 2D/(D+1),   q = γ̄ (ρa)^{(D-1)/(D+1)} / ‖v‖^t.

Its two positive solutions, the stable branch (local minima) and for D ≥ 2 the saddle branch, are
generalized binomial series (Graham, Knuth and Patashnik, *Concrete Mathematics*, 2nd ed., 5.58-5.60):

    1 + ζ = 𝓑_t(q),   1 + 1/ζ = 𝓑_{t'}(q'),   t' = 2D/(D-1),   q' = q^{(D+1)/(D-1)},
    𝓑_t(q) = Σ_k C(tk+1, k)/(tk+1) q^k.

As in :mod:`symderive.formulas.reduction`, each formula is written once; the record that holds letters
gives the formula of the paper, the one that holds the values of a network gives numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.arithmetic.exact import exact, sympify_exact
from symderive.errors import InputError
from symderive.formulas.isotropic_branches import SeriesBranch, closed_shares
from symderive.formulas.reduction import reduce
from symderive.model.network import Network

#: Largest depth given as a number: SymPy writes powers of numbers out, to about as many digits.
MAX_DEPTH = 10_000


@dataclass(frozen=True)
class Threshold:
    """A value of the decay, noise, width or map at which the minimum changes; see :class:`Isotropic`.

    Attributes
    ----------
    problem
        The problem whose depth (and whose other values, where one of them is asked for) are kept.
    share
        X = 1/(1 + ζ) at the threshold.

    Everything follows from q = (1-X) X^{t-1}, which a stationary point with the share X satisfies.
    """

    problem: Isotropic
    share: Any

    @property
    def ridge_ratio(self) -> Any:
        """ζ; infinite at D = 1, where m = 0 at the threshold."""
        return sp.oo if self.share == 0 else sp.cancel(1 / self.share - 1)

    @property
    def q(self) -> Any:
        """The dimensionless decay q."""
        return sp.factor(1 - self.share) * self.share**self.problem.map_exponent

    @property
    def decay_product(self) -> Any:
        """γ_u Π γ_i = (1-X)^{D+1} X^{D-1} ‖v‖^{2D}/(ρa)^{D-1}, all else fixed."""
        p, X = self.problem, self.share
        D = p.finite_depth
        return (sp.factor(1 - X) ** (D + 1) * X ** (D - 1)) * p.v_norm ** (2 * D) / p.scale ** (D - 1)

    @property
    def decay(self) -> Any:
        """The geometric mean γ̄ of the decays, which is γ where all decays are equal."""
        p = self.problem
        return self.q * p.v_norm**p.exponent / p.scale**p.map_exponent

    @property
    def noise_factor(self) -> Any:
        """ρ, for the decays of the problem; D ≥ 2.  A value below 1: past the threshold without noise."""
        p = self.problem
        if p.depth == 1:
            raise InputError(
                "the threshold of a network with one hidden layer does not depend on the noise; "
                "ask for its decay."
            )
        power = sp.cancel(1 / p.map_exponent)
        ratio = self.q * p.v_norm**p.exponent / p.mean_decay
        return ratio**power / p.eigenvalue

    def noise_variance(self, width: Any) -> Any:
        """σ² = N (ρ^{1/D} - 1), common to all hidden layers of ``width`` N."""
        return width * (self.noise_factor ** (1 / sp.sympify(self.problem.finite_depth)) - 1)

    def width(self, noise_variance: Any) -> Any:
        """N = σ²/(ρ^{1/D} - 1), common to all hidden layers of ``noise_variance`` σ²; for ρ > 1."""
        return noise_variance / (self.noise_factor ** (1 / sp.sympify(self.problem.finite_depth)) - 1)

    @property
    def norm(self) -> Any:
        """‖m‖ = X‖v‖/(ρa)."""
        return self.share * self.problem.v_norm / self.problem.scale


@dataclass(frozen=True)
class Isotropic:
    """The scalar equation of isotropic data, as SymPy expressions.

    Attributes
    ----------
    depth
        D: an integer, the symbol D, or ``oo`` (the limit of the equation; the loss has none).
    noise_factor, mean_decay
        ρ ≥ 1, dimensionless, and γ̄ > 0, as in :class:`symderive.Reduction`.
    eigenvalue, v_norm
        a > 0 of A = aI, and ‖v‖ > 0.

    Make one with :func:`isotropic`.  Formulas speak of ζ, and of c = E[y²] in the loss.
    """

    depth: Any
    noise_factor: Any
    mean_decay: Any
    eigenvalue: Any
    v_norm: Any

    # -- the equation --------------------------------------------------------------------------------

    @property
    def exponent(self) -> Any:
        """t = 2D/(D+1): 0 at depth 0, 1 at depth 1, else in (1, 2)."""
        return sp.Integer(2) if self.depth == sp.oo else 2 * self.depth / sp.sympify(self.depth + 1)

    @property
    def map_exponent(self) -> Any:
        """t - 1 = (D-1)/(D+1)."""
        return sp.factor(self.exponent - 1)

    @property
    def saddle_exponent(self) -> Any:
        """t' = 2D/(D-1) in (2, 4]; D ≥ 2."""
        if self.depth in (0, 1):
            raise InputError(f"there is no saddle branch at depth {self.depth}; it begins at depth 2.")
        return sp.Integer(2) if self.depth == sp.oo else 2 * self.depth / sp.sympify(self.depth - 1)

    @property
    def scale(self) -> Any:
        """ρa, the dimension of a ridge."""
        return self.noise_factor * self.eigenvalue

    @property
    def q(self) -> Any:
        """q = γ̄ (ρa)^{(D-1)/(D+1)}/‖v‖^t, the dimensionless decay."""
        return self.mean_decay * self.scale**self.map_exponent / self.v_norm**self.exponent

    @property
    def equation(self) -> Any:
        """ζ = q (1 + ζ)^t, in letters; its positive solutions are the stationary points m ≠ 0."""
        return self.stable.equation

    @property
    def stable(self) -> SeriesBranch:
        """The branch of local minima: the smaller ζ."""
        closed = closed_shares(self.depth)
        return SeriesBranch("stable", self.exponent, sy.q, closed and 1 / closed[0] - 1)

    @property
    def saddle(self) -> SeriesBranch:
        """The branch of saddles: the larger ζ; D ≥ 2."""
        exponent, closed = self.saddle_exponent, closed_shares(self.depth)
        argument = sy.q ** sp.factor(exponent - 1)
        return SeriesBranch("saddle", exponent, argument, closed and 1 / closed[1] - 1)

    # -- values at a stationary point, as functions of ζ ---------------------------------------------

    @property
    def ridge(self) -> Any:
        """λ = ρaζ."""
        return self.scale * sy.zeta

    @property
    def norm(self) -> Any:
        """‖m‖ = ‖v‖/(ρa(1 + ζ)); m is parallel to v."""
        return self.v_norm / (self.scale * (1 + sy.zeta))

    @property
    def layer_decay(self) -> Any:
        """κ = λ‖m‖² = ‖v‖²ζ/(ρa(1 + ζ)²), carried by each of the D+1 layers."""
        return self.v_norm**2 / self.scale * sy.zeta / (1 + sy.zeta) ** 2

    @property
    def value(self) -> Any:
        """F = c - (‖v‖²/(ρa)) (1 - (D-1)ζ)/(1 + ζ)²."""
        excess = 1 - (self.finite_depth - 1) * sy.zeta
        return sy.c - self.v_norm**2 / self.scale * excess / (1 + sy.zeta) ** 2

    @property
    def prediction_variance(self) -> Any:
        """E_x Var_ε f(x) = (ρ - 1) a‖m‖²."""
        return (self.noise_factor - 1) * self.eigenvalue * self.norm**2

    # -- thresholds ----------------------------------------------------------------------------------

    @property
    def spinodal(self) -> Threshold:
        """Where the two branches meet: X = (D-1)/(2D), ζ = (D+1)/(D-1), q = (t-1)^{t-1}/t^t.

        Stationary points m ≠ 0 exist iff q is at most that (for D = 1 less than that); D ≥ 1.
        """
        return Threshold(self, self._share_of_transition / 2)

    @property
    def transition(self) -> Threshold:
        """Where the stable branch has the loss of the origin: X = (D-1)/D, ζ = 1/(D-1).

        It is the global minimum iff q is at most that (for D = 1 less than that); D ≥ 1.
        """
        return Threshold(self, self._share_of_transition)

    @property
    def spinodal_over_transition(self) -> Any:
        """The ratio of the two in γ_u Π γ_i: (D+1)^{D+1}/4^D."""
        D = self.finite_depth
        return (D + 1) ** (D + 1) / sp.Integer(4) ** D

    @property
    def jump(self) -> Any:
        """‖m‖ on the stable branch at the transition, from which the global minimum jumps to 0.

        It is ‖v‖(D-1)/(ρaD), with ρ of the problem.
        """
        return self.transition.norm

    @property
    def order(self) -> Any:
        """Order of the transition: 2 (no jump) at D = 1, and 1 (a jump) for D ≥ 2."""
        return sp.Piecewise((2, sp.Eq(self.finite_depth, 1)), (1, True))

    @property
    def finite_depth(self) -> Any:
        """D, if it is finite; else :class:`InputError`."""
        if self.depth == sp.oo:
            raise InputError("only the equation for ζ has a limit at infinite depth; give a finite depth.")
        return sp.sympify(self.depth)

    @property
    def _share_of_transition(self) -> Any:
        if self.depth == 0:
            raise InputError("a network without hidden layer has no threshold; use a depth of at least 1.")
        return sp.Integer(1) if self.depth == sp.oo else (self.depth - 1) / sp.sympify(self.depth)


def isotropic(
    network: Network | None = None,
    *,
    depth: Any = None,
    eigenvalue: Any = sy.a0,
    v_norm: Any = sy.v_norm,
) -> Isotropic:
    """The isotropic problem of a network, or in the letters D (or ``depth``), ρ, γ̄, a, ‖v‖.

    ``eigenvalue`` and ``v_norm`` are exact positive numbers or expressions; ``depth`` is for letters only.

    >>> isotropic().q
    gammabar*(a*rho)**((D - 1)/(D + 1))/v**(2*D/(D + 1))
    >>> isotropic(Network(2, widths=4, decays="1/100", noise=1), eigenvalue=1, v_norm=1).transition.decay
    5**(1/3)/5

    Raises :class:`InputError` for a depth or number out of range, and for a depth given twice.
    """
    if network is not None and depth is not None:
        raise InputError("a network and a depth are both given; the network has its own depth.")
    if depth is not None and depth not in (sy.D, sp.oo):
        if isinstance(depth, bool) or not isinstance(depth, (int, sp.Integer)) or depth < 0:
            raise InputError(f"depth is {depth}; give a whole number from 0, the symbol D, or oo.")
        depth = sp.Integer(depth)
    values = {}
    for name, value in (("eigenvalue", eigenvalue), ("v_norm", v_norm)):
        values[name] = sympify_exact(exact(value, name))
        if values[name].is_positive is False:
            raise InputError(f"{name} is {value}; give a positive number.")
    if network is not None:
        network.require_neuron_noise("closed forms are")
    reduction = reduce(network)
    depth = reduction.depth if depth is None else depth
    if depth.is_Integer and depth > MAX_DEPTH:
        raise InputError(
            f"depth is {depth}; formulas are written out up to depth {MAX_DEPTH}, "
            "beyond it use the symbol D, or the numbers of symderive.arithmetic.binomial_series."
        )
    return Isotropic(
        depth,
        reduction.noise_factor,
        reduction.mean_decay,
        **values,
    )
