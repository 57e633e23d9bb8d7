"""The barrier around the origin of a network with activations, in closed form.

The network is h_0 = x, h_i = ε_i ∘ φ_i(W_i h_{i-1}), f = U h_D without biases, with |φ_i(t)| ≤ |t|.  With

    S = γ_u‖U‖² + Σ γ_i‖W_i‖²,   K ≥ E[|y| ‖x‖] Π E|ε_i|,   γ̄ = (γ_u Π γ_i)^{1/(D+1)}

its loss is at least c + h(S), h(S) = S - 2K (S/((D+1)γ̄))^{(D+1)/2}.  For D ≥ 2 the function h rises from
0 up to its top S_0 and is positive up to its zero S_*; for D = 1 it is the line S (1 - K/γ̄).  What follows
from that is proved in the derivations ``nonlinear-barrier`` and ``nonlinear-collapse``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symderive.errors import InputError
from symderive.formulas.reduction import layer_product, reduce
from symderive.model.network import Network

#: S, the decay that all layers pay, and K, the mean of |y| ‖x‖ times the sizes of the noises.
total_decay, signal = sp.symbols("S K", positive=True)


@dataclass(frozen=True)
class Barrier:
    """h and where it is largest and zero, as SymPy expressions; all are dimensionally consistent.

    Attributes
    ----------
    depth
        Number of hidden layers, at least 1: an integer or the symbol D.
    mean_decay
        γ̄ > 0, the geometric mean of all decays.
    signal
        K > 0, of the dimension of a decay: a bound on E[|y| ‖x‖] times the sizes of the noises
        (:func:`noise_size`).

    Make one with :func:`barrier`.  ``top``, ``zero`` and ``peak`` are there from two hidden layers on; at
    one :class:`InputError` says so.
    """

    depth: Any
    mean_decay: Any
    signal: Any

    def height(self, S: Any = total_decay) -> Any:
        """h(S) = S - 2K (S/((D+1)γ̄))^{(D+1)/2}: the loss exceeds c by this at least.

        >>> barrier(Network(1, widths=2, decays="1/2")).height()
        -2*K*S + S
        """
        layers = self.depth + 1
        return S - 2 * self.signal * (S / (layers * self.mean_decay)) ** (sp.S(layers) / 2)

    def slope(self, S: Any = total_decay) -> Any:
        """h'(S) = 1 - (S/S_0)^{(D-1)/2}, written without S_0; positive exactly below the top."""
        layers = self.depth + 1
        power = (S / (layers * self.mean_decay)) ** (sp.S(self.depth - 1) / 2)
        return 1 - self.signal / self.mean_decay * power

    @property
    def top(self) -> Any:
        """S_0 = (D+1) γ̄ (γ̄/K)^{2/(D-1)}, where h is largest.

        >>> barrier(Network(3, widths=2, decays="1/2")).top
        1/K
        """
        return self._unit * (self.mean_decay / self.signal) ** self._power

    @property
    def zero(self) -> Any:
        """S_* = (D+1) γ̄ ((D+1) γ̄/(2K))^{2/(D-1)}, the zero of h other than 0."""
        return self._unit * ((self.depth + 1) * self.mean_decay / (2 * self.signal)) ** self._power

    @property
    def peak(self) -> Any:
        """h(S_0) = S_0 (D-1)/(D+1), the height of the barrier."""
        return self.top * (self.depth - 1) / (self.depth + 1)

    def rate(self, S: Any = total_decay, least_decay: Any = None) -> Any:
        """4 γ_min h'(S): Σ‖W_i‖² + ‖U‖² falls at least as e^{-rate·t} while the decay stays below S < S_0.

        For positively homogeneous activations and gradient flow dW/dt = -∇L.
        """
        return 4 * (self.mean_decay if least_decay is None else least_decay) * self.slope(S)

    @property
    def _unit(self) -> Any:
        return (self.depth + 1) * self.mean_decay

    @property
    def _power(self) -> Any:
        if self.depth == 1:
            raise InputError(
                "with one hidden layer the barrier is a line, S (1 - K/γ̄), without a top; compare K with γ̄."
            )
        return sp.Integer(2) / (self.depth - 1)


def barrier(network: Network | None = None, *, size: Any = signal) -> Barrier:
    """The barrier of a network; without one, in the letters D and γ̄.  ``size`` is K.

    Raises :class:`InputError` without hidden layers and for several outputs.

    >>> barrier().top
    gammabar*(gammabar/K)**(2/(D - 1))*(D + 1)
    """
    if network is not None:
        network.require_neuron_noise("the barrier is known")
    letters = reduce(network)
    if letters.depth == 0:
        raise InputError("the network has no hidden layer, and no barrier; use a depth of at least 1.")
    return Barrier(letters.depth, letters.mean_decay, size)


def noise_size(network: Network) -> Any:
    """Π (1 + σ_i²)^{1/2}, a bound on Π E|ε_i| for every noise of mean 1 and variance σ_i².

    Noise that is never negative, such as dropout, has E|ε_i| = 1 instead, and needs no factor.

    >>> noise_size(Network(2, widths=2, decays=1, noise=[3, 0]))
    2
    """
    return layer_product(network, lambda i: sp.sqrt(1 + network.variance(i)), 1, network.depth)
