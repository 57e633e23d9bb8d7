"""The scalar equation that every stationary point solves, evaluated in ball arithmetic.

A stationary point m ≠ 0 of the reduced loss is ridge regression with a self-consistent ridge λ:

    m = (ρA + λ)^{-1} v,   φ(λ) = λ^θ ‖m‖² = τ,   θ = (D+1)/D,   τ = (γ_u Π γ_i)^{1/D},   D ≥ 1.

In u = ln λ the equation reads H(u) = ln ‖m‖² + θu = ln τ.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import arb, ctx

from symderive.arithmetic.exact import TURN, ball, exact_product, rational, working_precision
from symderive.arithmetic.precision import BASE_BITS, sharpen
from symderive.arithmetic.records import Record
from symderive.arithmetic.turns import cached_property
from symderive.data.interface import Data, require_data
from symderive.effective_ridge.effective_data import Blur, effective_data
from symderive.effective_ridge.enclosures import Jet, Sample
from symderive.effective_ridge.resolvent import Resolvent, resolvent_of
from symderive.effective_ridge.response import Response
from symderive.model.network import Network, require_network

#: An exact solve for the search range is made up to this many features, or if ln(a_max/λ) gets so large.
CHEAP_SOLVE = 100
DEEP_REACH = 200


@dataclass(frozen=True, eq=False)
class ScalarEquation(Record):
    """The scalar equation φ(λ) = τ of a network and its data: D ≥ 1, all decays positive, v ≠ 0.

    Attributes
    ----------
    depth : int
        Number of hidden layers D.
    rho : Fraction
        The noise factor ρ = Π (1 + σ_i²/G_i), dimensionless.
    decay_product : Fraction
        γ_u Π γ_i.
    data : Data
        The data as noise and a free bias alter them.
    blur : Blur or None
        What the noise does to the prediction where that is more than (ρ - 1) times the signal.
    """

    depth: int
    rho: Fraction
    decay_product: Fraction
    data: Data
    blur: Blur | None = None

    @classmethod
    def of(cls, net: Network, data: Data) -> ScalarEquation:
        """The equation of a network and its data.

        Parameters
        ----------
        net : Network
            A numeric network with rational parameters.
        data : Data
            The data.

        Returns
        -------
        ScalarEquation
            Ready to be solved.

        Raises
        ------
        InputError
            For symbolic or irrational parameters, and for several outputs.

        Examples
        --------
        >>> from symderive import Spectrum
        >>> net = Network(2, widths=[2, 3], decays="1/10", noise=1)
        >>> ScalarEquation.of(net, Spectrum.of([1], [1])).rho
        Fraction(2, 1)
        """
        require_data(data)
        require_network(net)
        net.require_one_output()
        seen = effective_data(net, data)  # refuses what is symbolic
        decays = [rational(g, f"decay of layer {i}") for i, g in enumerate(net.reduced_decays, start=1)]
        return cls(net.depth, seen.rho, exact_product(decays), seen.data, seen.blur)

    @cached_property
    def resolvent(self) -> Resolvent:
        """The data seen through (ρA + λ)^{-1}."""
        return resolvent_of(self.data, self.rho)

    @cached_property
    def _constants(self) -> dict[int, tuple[arb, arb, arb]]:
        return {}

    def _at_precision(self) -> tuple[arb, arb, arb]:
        """θ, ln τ and logit(θ/2) at the current precision, computed once."""
        found = self._constants.get(ctx.prec)
        if found is None:
            depth = self.depth
            theta = ball(Fraction(depth + 1, depth))
            turning = arb.pos_inf() if depth == 1 else ball(Fraction(depth + 1, depth - 1)).log()
            found = self._constants[ctx.prec] = theta, ball(self.decay_product).log() / depth, turning
        return found

    @property
    def theta(self) -> arb:
        """(D + 1)/D."""
        return self._at_precision()[0]

    @property
    def log_decay_level(self) -> arb:
        """ln τ = ln(γ_u Π γ_i)/D."""
        return self._at_precision()[1]

    @property
    def turning(self) -> arb:
        """logit(θ/2) = ln((D+1)/(D-1)), where H' = 0; infinite at D = 1."""
        return self._at_precision()[2]

    def sample(self, u: arb, bits: int) -> Sample:
        """(H(u) - ln τ, H'(u), logit μ) at an exact u, in ball arithmetic with ``bits`` bits."""
        with TURN, working_precision(bits):
            ridge = u.exp()
            at = self.resolvent.response(ridge)
            jet = self._jet(u, ridge, at)
            return Sample(
                u=u,
                theta=self.theta,
                height=jet.height,
                slope=jet.slope,
                curvature=jet.curvature,
                logit=(ridge * at.r3 / at.shrunk_energy).log(),
                bits=bits,
            )

    def jet(self, ridge: arb, bits: int) -> Jet:
        """(H - ln τ, H', H'') at an exact λ > 0, in ball arithmetic with ``bits`` bits."""
        with TURN, working_precision(bits):
            return self._jet(ridge.log(), ridge, self.resolvent.response(ridge))

    def _jet(self, u: arb, ridge: arb, at: Response) -> Jet:
        mu = ridge * at.r3 / at.r2
        # θ - 2μ and (θ - 2) + 2(1 - μ) are equal; where μ is near 1 the latter is the sharper ball.
        theta, log_decay_level, _ = self._at_precision()
        return Jet(
            height=at.r2.log() + theta * u - log_decay_level,
            slope=(theta - 2 * mu).intersection(theta - 2 + 2 * at.shrunk_energy / at.r2),
            curvature=self._curvature(mu, ridge, at),
        )

    def curvature(self, u: arb) -> arb:
        """H''(u) over a ball of u, at the current precision."""
        ridge = u.exp()
        at = self.resolvent.response(ridge)
        return self._curvature(ridge * at.r3 / at.r2, ridge, at)

    @staticmethod
    def _curvature(mu: arb, ridge: arb, at: Response) -> arb:
        return -2 * (mu + 2 * mu**2 - 3 * ridge**2 * at.r4 / at.r2)


def search_range(equation: ScalarEquation, *, exact_solve: bool | None = None) -> tuple[arb, arb]:
    """Exact u_lo, u_hi between which every root lies; u_lo > u_hi where there is none.

    With S(λ) = ‖(ρA + λ)^{-1}v‖² ≤ ‖v‖²/λ² the roots of λ^θ S = τ have (2-θ) u ≤ ln(‖v‖²/τ); with
    S(λ) ≤ vᵀA⁺v/(4ρλ) ≤ c/(4ρλ) they have u ≥ D ln(4ρτ/c); with S(λ) ≤ S(0) they have
    θu ≥ ln(τ/S(0)); the last takes an exact solve, which ``exact_solve`` allows, forbids or leaves open
    (None).  At D = 1 there is one root, λ ≤ ρ a_max √τ/(‖v‖ - √τ), if τ < ‖v‖², else none.
    """
    depth, rho, v2 = equation.depth, equation.rho, equation.data.v_norm_squared
    if depth == 1 and equation.decay_product >= v2:
        return arb(0), arb(-1)

    def bounds(bits: int) -> tuple[arb, arb] | None:
        with TURN, working_precision(bits):
            product = ball(equation.decay_product)
            lower = (4 * ball(rho) / ball(equation.data.c)).log() * depth + product.log()
            if depth == 1:
                root_tau, v = product.sqrt(), ball(v2).sqrt()
                upper = (ball(equation.resolvent.largest) * root_tau / (v - root_tau)).log()
            else:
                upper = (ball(v2).log() - equation.log_decay_level) * ball(Fraction(depth, depth - 1))
            # The bound with S(0) takes an exact solve; it is made where that is cheap or much is at stake.
            reach = ball(equation.resolvent.largest).log() - lower
            cheap = equation.data.dimension <= CHEAP_SOLVE or reach > DEEP_REACH
            if cheap if exact_solve is None else exact_solve:
                limit = ball(equation.resolvent.limit_norm_squared())
                lower = lower.max((equation.log_decay_level - limit.log()) / equation.theta)
            return (lower.lower(), upper.upper()) if upper.is_finite() else None

    return sharpen(bounds, start=BASE_BITS)
