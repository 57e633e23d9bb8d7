"""The scalar equation in the letters of the seed paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive import symbols as sy
from symderive.errors import InputError
from symderive.formulas.reduction import layer_product
from symderive.model.network import Network


@dataclass(frozen=True)
class PaperForm:
    """The minimum as the source paper writes it: U = b_u r_Dᵀ, W_i = b_i r_i r_{i-1}ᵀ, W_1 = r_1 wᵀ.

    r_i ∈ {±1}^{d_i}; b_u, b_2 … b_D are positive numbers and w has d_0 entries.

    Attributes
    ----------
    network
        The network; needs at least one hidden layer.
    width_product, noise_product
        The paper's μ = Π d_i and s² = Π d_i (d_i + σ_i²).
    scale
        B = b_u Π_{i≥2} b_i.

    Make one with :func:`paper_form`.

    References
    ----------
    Ziyin, Li and Meng 2022, arXiv:2202.04777, the theorem on the global minimum of a deep network.
    """

    network: Network
    width_product: Any
    noise_product: Any
    scale: Any

    @property
    def first_layer(self) -> Any:
        """w = μB (s²B²A + γ_1 d_1 I)⁻¹ v at a stationary point, a matrix expression of shape (d_0, 1)."""
        A, identity = sy.A, sp.Identity(sy.n_in)
        inverse = (self.noise_product * self.scale**2 * A + self._first_decay * identity).inv()
        return self.width_product * self.scale * (inverse * sy.v)

    @property
    def noise_factor(self) -> Any:
        """ρ = s²/μ²."""
        return self.noise_product / self.width_product**2

    @property
    def ridge(self) -> Any:
        """λ = γ_1 d_1/(μB)²."""
        return self._first_decay / self.map_scale**2

    @property
    def map_scale(self) -> Any:
        """μB, which makes m = μB w out of the first layer."""
        return self.width_product * self.scale

    def layer_decay(self, i: Any) -> Any:
        """γ_i‖W_i‖² in terms of b_i for i = 2 … D, and γ_u‖U‖² for i = D+1; all equal κ at a minimum."""
        net = self.network
        if i == net.depth + 1:
            return net.decay(i) * net.width(net.depth) * sy.b_u**2
        return net.decay(i) * net.width(i) * net.width(i - 1) * sy.b[i] ** 2

    def layer_scale(self, i: Any, kappa: Any = sy.kappa) -> Any:
        """The way back: b_i for i = 2 … D, and b_u for i = D+1, from κ = λ‖m‖²."""
        scale = sy.b_u if i == self.network.depth + 1 else sy.b[i]
        return sp.sqrt(kappa * scale**2 / self.layer_decay(i))

    def first_layer_of_map(self, m: Any = sy.m, kappa: Any = sy.kappa) -> Any:
        """The way back: w = m/(μB) with B at :meth:`layer_scale`, from m and κ = λ‖m‖²."""
        scales = layer_product(self.network, lambda i: self.layer_scale(i, kappa), 2, self.network.depth)
        return m / (self.width_product * scales * self.layer_scale(self.network.depth + 1, kappa))

    @property
    def _first_decay(self) -> Any:
        return self.network.decay(1) * self.network.width(1)


def paper_form(network: Network) -> PaperForm:
    """The paper's parametrization for a network with at least one hidden layer.

    >>> paper_form(Network.symbolic(1)).ridge
    gamma[1]/(b_u**2*d[1])
    """
    network.require_neuron_noise("the paper's parametrization is")
    if network.depth == 0:
        raise InputError("the paper's parametrization needs a hidden layer; use a depth of at least 1.")
    width, variance, depth = network.width, network.variance, network.depth
    return PaperForm(
        network,
        layer_product(network, width, 1, depth),
        layer_product(network, lambda i: width(i) * (width(i) + variance(i)), 1, depth),
        sy.b_u * layer_product(network, lambda i: sy.b[i], 2, depth),
    )
