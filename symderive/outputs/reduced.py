"""Several outputs with noise outside the hidden neurons: the same problem with other data.

Noise of the features makes A' = A + Diag(r ∘ diag A) + Diag(s) of A and leaves V, noise of variance t on
each of o targets makes c + o t of c, and jitter s² of the last hidden layer adds s²‖U‖² to the loss:
γ_u + s² in place of γ_u.  That holds for all layers, not only at a minimum.
"""

from __future__ import annotations

from typing import NamedTuple

from symderive.arithmetic.exact import rational
from symderive.data.altered import Alteration, altered_outputs
from symderive.data.output_moments import OutputMoments
from symderive.errors import InputError
from symderive.model.network import Network


class Reduced(NamedTuple):
    """A network with noise of hidden neurons alone, and data, with the same loss for all layers."""

    net: Network
    data: OutputMoments


def reduced(net: Network, data: OutputMoments) -> Reduced:
    """The network with noise of single hidden neurons alone that has the same loss.

    Raises :class:`InputError` for what no such network has: a free bias, noisy weights, groups.

    >>> two = OutputMoments.given(1, [[2, 0], [0, 1]], 5)
    >>> found = reduced(Network(1, widths=2, decays=1, hidden_jitter=3, target_noise=1, outputs=2), two)
    >>> found.net.decays, found.data.c
    ((Fraction(1, 1), Fraction(4, 1)), Fraction(7, 1))
    """
    if net.bias:
        raise InputError(
            "several outputs are solved without a free bias; center the data (center=True, --center), "
            "which without noise is the same."
        )
    if not net.has_plain_noise:
        raise InputError(
            f"several outputs are not solved with {net.open_noise}, which couple the outputs; noise of "
            "single neurons, of the features and of the targets is."
        )
    if not net.has_other_noise:
        return Reduced(net, data)
    relative, absolute = net.feature_effect
    by = Alteration(
        relative=tuple(rational(x, "the feature noise") for x in relative),
        absolute=tuple(rational(x, "the feature jitter") for x in absolute),
        target=rational(net.target_variance, "the target noise"),
    )
    plain = Network(
        net.depth, widths=net.widths, decays=net.reduced_decays, noise=net.noise, outputs=net.outputs
    )
    return Reduced(plain, altered_outputs(data, by))
