"""What the reduced problem of a network sees: data whose A is B/ρ, and what the noise does to f.

With any mix of independent noises the full loss is at least

    F(m) = mᵀBm - 2 m·v + c + (D+1) γ̄ ‖m‖^{2/(D+1)},   B = ρ_1 A' + ρ_2 Diag(A'),

and some weights attain it for every m.  So the network is solved as one without noise on data (B, v, c).  A
free output bias takes x̄x̄ᵀ off B and centers v and c.  Where no weights are noisy and no bias is free, B is
a multiple of A', and ρ stays apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from flint import arb

from symderive.arithmetic.exact import ball, rational
from symderive.data.altered import Alteration, altered, quadratic
from symderive.data.interface import Data
from symderive.model.network import Network


@dataclass(frozen=True)
class Blur:
    """E_x Var_ε f = mᵀ(B - A)m + share · κ, with B before any bias, on the data that were given.

    ``share`` is that of additive noise on the last hidden layer, s² (1 + ω_u²) of γ_u + s² (1 + ω_u²); κ is
    the decay that each layer carries.
    """

    data: Data
    excess: Alteration
    share: Fraction

    def average(self, m: Sequence[arb], kappa: arb) -> arb:
        """Of an end-to-end map m, at the current precision; a sum of terms ≥ 0."""
        return quadratic(self.data, self.excess, m) + ball(self.share) * kappa


class EffectiveData(NamedTuple):
    """B = ``rho`` · A of ``data``; ``blur`` is None where E_x Var_ε f = (ρ - 1) mᵀAm of these data."""

    rho: Fraction
    data: Data
    blur: Blur | None


def effective_data(net: Network, data: Data) -> EffectiveData:
    """The effective data of a numeric network with rational parameters; :class:`InputError` otherwise.

    >>> from symderive import Moments
    >>> net = Network(1, widths=2, decays=1, noise=1, weight_noise=1)
    >>> seen = effective_data(net, Moments.given([[2, 1], [1, 2]], [1, 0], 1))
    >>> seen.rho, seen.data.A
    (Fraction(1, 1), Matrix([
    [  9, 5/2],
    [5/2,   9]]))
    """
    factors, target = net.noise_factors, rational(net.target_variance, "the target noise")
    rho = rational(factors.full, "the noise factor")
    inside = net.bias or factors.diagonal != 0
    blurred = net.hidden_cost != 0 or any(any(values) for values in net.feature_effect)
    if not inside and not blurred:  # B = ρA
        return EffectiveData(rho, altered(data, Alteration(target=target)) if target else data, None)
    _, relative, absolute = net.shares
    relative = tuple(rational(x, "a factor of the diagonal") for x in relative)
    absolute = tuple(rational(x, "the feature jitter") for x in absolute)
    blur = Blur(data, Alteration(rho - 1, relative, absolute), _share(net))
    if inside:
        return EffectiveData(
            Fraction(1), altered(data, Alteration(rho, relative, absolute, net.bias, target)), blur
        )
    # B = ρA', and A' takes its part of the diagonal.
    shared = tuple(x / rho for x in relative), tuple(x / rho for x in absolute)
    return EffectiveData(rho, altered(data, Alteration(Fraction(1), *shared, target=target)), blur)


def _share(net: Network) -> Fraction:
    """The part of the reduced γ_u that additive noise of the last hidden layer makes up."""
    cost = rational(net.hidden_cost, "the hidden jitter")
    return cost / rational(net.reduced_decays[-1], "the decay of the output layer") if cost else cost
