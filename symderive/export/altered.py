"""The data that an exported solver holds of a network with other noise than that of single neurons."""

from __future__ import annotations

from dataclasses import replace

from symderive.arithmetic.exact import decimal
from symderive.data.interface import Data
from symderive.data.moments import Moments
from symderive.effective_ridge.effective_data import effective_data
from symderive.model.network import Network

#: Digits of the noise factor in a file's header.
DIGITS = 17


def altered_data(net: Network, data: Data, words: str = "as its noise alters them") -> Data:
    """The effective data of a network: a solver of these, without other noise, is a solver of the network.

    ``words`` tell in the file's header what alters them.  Where weights are noisy or a bias is free, the
    noise factor is in the data, and ``noise_factor`` of the file's functions is 1; else it is ρ of the
    neurons.  ``prediction_variance`` of the file is that of noise of the neurons alone.

    >>> net = Network(1, widths=2, decays=1, weight_noise=1)
    >>> altered_data(net, Moments.given([[2]], [1], 1)).source
    'given moments, as its noise alters them, for noise_factor 1 (prediction_variance is not known)'
    """
    seen = effective_data(net, data)
    if seen.blur is None and seen.data is data:
        return data
    if not isinstance(seen.data, Moments):
        return seen.data
    rho = decimal(seen.rho, DIGITS)
    told = f"{data.source}, {words}, for noise_factor {rho} (prediction_variance is not known)"
    return replace(seen.data, source=told)
