"""What a network says of its noise: the kinds that it has, and what the reduced problem makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symderive.arithmetic.exact import Number
from symderive.arithmetic.turns import cached_property
from symderive.errors import InputError
from symderive.model.noise.features import FeatureNoise
from symderive.model.noise.hidden_jitter import HiddenJitter
from symderive.model.noise.neurons import NeuronNoise
from symderive.model.noise.protocol import FeatureEffect, Noise
from symderive.model.noise.reduced import Shares, feature_effect, shares
from symderive.model.noise.target import TargetNoise
from symderive.model.noise.transfer import NoiseFactors, noise_factors, weight_variance
from symderive.model.noise.weights import WeightNoise


class WithNoise:
    """The part of :class:`~symderive.model.network.Network` that looks at the noise."""

    depth: Any
    widths: Any
    decays: Any
    noise: Any
    groups: tuple[Number, ...]
    weight_noise: tuple[Number, ...]
    feature_noise: tuple[Number, ...]
    feature_jitter: tuple[Number, ...]
    hidden_jitter: Number
    target_noise: Number
    bias: bool

    @property
    def has_symbolic_depth(self) -> bool:
        """Whether the depth is the symbol D."""
        raise NotImplementedError

    def require_numeric(self) -> None:
        """Raise :class:`InputError` naming the symbolic parameters, if there are any."""

    @property
    def group_counts(self) -> Any:
        """The numbers G_i of groups of neurons that share their noise; d_i unless told."""
        return self.groups or self.widths

    @cached_property
    def noises(self) -> tuple[Noise, ...]:
        """The kinds of noise that the network has; no kind is listed where all its variances are 0."""
        of_features = self.feature_noise + self.feature_jitter
        listed: tuple[tuple[Noise, Sequence[Number]], ...] = (
            (NeuronNoise(self.noise, self.group_counts, self.widths), self.noise),
            (WeightNoise(self.weight_noise), self.weight_noise),
            (FeatureNoise(self.feature_noise, self.feature_jitter), of_features),
            (HiddenJitter(self.hidden_jitter), (self.hidden_jitter,)),
            (TargetNoise(self.target_noise), (self.target_noise,)),
        )
        return tuple(kind for kind, values in listed if any(value != 0 for value in values))

    @property
    def has_plain_noise(self) -> bool:
        """Whether noise between input and output is that of single neurons, and no bias is free beside it.

        For such networks all stationary points and the blocks of the Hessian are proved; a bias without
        noise of the neurons makes the network one on centered data.
        """
        biased = self.bias and any(value != 0 for value in self.noise)
        return not biased and all(noise.is_plain for noise in self.noises)

    @property
    def open_noise(self) -> str:
        """What there is that :attr:`has_plain_noise` excludes, in words; empty where nothing is."""
        layers = zip(self.noise, self.group_counts, self.widths, strict=True)
        parts = {
            "noisy weights": any(value != 0 for value in self.weight_noise),
            "groups of neurons": any(s != 0 and g != d for s, g, d in layers),
            "a free bias with noise": self.bias and any(value != 0 for value in self.noise),
        }
        told = ", ".join(name for name, found in parts.items() if found)
        return told or ("" if self.has_plain_noise else "noise of a kind of one's own")

    @property
    def has_other_noise(self) -> bool:
        """Whether there is more than noise of single neurons: other noise, or a free output bias."""
        others = any(not isinstance(noise, NeuronNoise) for noise in self.noises)
        return others or self.bias or not self.has_plain_noise

    def require_neuron_noise(self, what: str) -> None:
        """Refuse a network with other noise than that of single neurons, or with a free bias.

        Parameters
        ----------
        what : str
            What is for noise of single neurons alone, in words; it begins the message.

        Raises
        ------
        InputError
            If there is such noise.
        """
        if isinstance(self.depth, int) and self.has_other_noise:
            raise InputError(
                f"{what} for noise of single neurons alone, and {self!r} has other noise, or a free bias; "
                "solve takes them all."
            )

    @cached_property
    def noise_factors(self) -> NoiseFactors:
        """The noise factors (ρ_1, ρ_2) ≥ (1, 0) of a numeric network, dimensionless and exact.

        E f² ≥ mᵀBm with B = ρ_1 A' + ρ_2 Diag(A'), where A' are the moments of the noisy features.

        Examples
        --------
        >>> from symderive import Network
        >>> Network(1, widths=2, decays=1, noise=1, weight_noise=1).noise_factors
        NoiseFactors(full=Fraction(5, 2), diagonal=Fraction(2, 1))
        """
        self.require_numeric()
        return noise_factors(self.noises, self.widths)

    @property
    def noise_factor(self) -> Number:
        """The noise factor ρ = Π (1 + σ_i²/G_i) ≥ 1 of a numeric network with no noisy weights, exact.

        It is dimensionless.  G_i is the number of groups of layer i, its width d_i unless told otherwise.

        Examples
        --------
        >>> from symderive import Network
        >>> Network(2, widths=(2, 4), decays=1, noise=1).noise_factor
        Fraction(15, 8)
        """
        full, diagonal = self.noise_factors
        if diagonal != 0:
            raise InputError(
                "noisy weights have two noise factors, of A and of its diagonal; ask for noise_factors."
            )
        return full

    @property
    def shares(self) -> Shares:
        """How much of A and of its diagonal the matrix B = ρ_1 A' + ρ_2 Diag(A') holds, exact."""
        return shares(self.noise_factors, self.feature_effect)

    @property
    def feature_effect(self) -> FeatureEffect:
        """What noise makes of the features: A' = A + Diag(relative ∘ diag A) + Diag(absolute)."""
        return feature_effect(self.noises)

    @cached_property
    def weight_variances(self) -> tuple[Number, ...]:
        """The variances ω_1², …, ω_D², ω_u² of the factors of the weights."""
        noises = self.noises
        return tuple(weight_variance(noises, i) for i in range(1, len(self.decays) + 1))

    @property
    def last_layer_variance(self) -> Number:
        """The variance s² of additive noise on the last hidden layer."""
        return sum((noise.last_layer_variance() for noise in self.noises), Fraction(0))

    @cached_property
    def hidden_cost(self) -> Number:
        """What additive noise of the last hidden layer costs for each ‖U‖²: s² (1 + ω_u²)."""
        added = self.last_layer_variance
        return added * (1 + self.weight_variances[-1]) if added != 0 else added

    @property
    def target_variance(self) -> Number:
        """What noise adds to c, dimension target²."""
        return sum((noise.target_variance() for noise in self.noises), Fraction(0))

    @cached_property
    def reduced_decays(self) -> tuple[Number, ...]:
        """The decays γ_1, …, γ_D, γ_u of the reduced problem: γ_u with :attr:`hidden_cost`."""
        *hidden, output = self.decays
        return (*hidden, output + self.hidden_cost)
