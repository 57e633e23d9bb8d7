"""Mean and variance of the prediction over the neuron noise.

At a stationary point with end-to-end map m, and with ρ = Π (1 + σ_i²/d_i),

    E f(x) = m·x,   Var f(x) = (ρ - 1)(m·x)²,   E_x Var f = (ρ - 1) mᵀA m ≤ (ρ - 1)/ρ² · vᵀA⁺v

(Ziyin, Li and Meng, arXiv:2202.04777, in the letters of the reduced problem).  For layers that are no
stationary point the variance comes from the second-moment recursion instead.  Balls are computed at
FLINT's current precision unless a function takes ``bits``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat

from symderive.arithmetic.exact import TURN, Number, ball, exact, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.symmetric import Whole
from symderive.data.interface import Data
from symderive.errors import InputError
from symderive.full_loss.layers import Layers, Matrices, as_balls
from symderive.full_loss.recursion import FullLoss
from symderive.model.network import Network


def mean(m: Sequence[arb], x: Any) -> arb:
    """E f(x) = m·x, dimension target; x holds d numbers and m the end-to-end map."""
    return sum((a * b for a, b in zip(m, _point(x, len(m)), strict=True)), arb(0))


def variance(net: Network, m: Sequence[arb], x: Any) -> arb:
    """Var f(x) = (ρ - 1)(m·x)², dimension target², at a stationary point with end-to-end map m.

    >>> net = Network(1, widths=2, decays=1, noise=1)
    >>> variance(net, [arb(2)], [3]).str(5)
    '18.000'
    """
    return _excess(net) * mean(m, x) ** 2


def average_variance(net: Network, moments: Data, m: Sequence[arb]) -> arb:
    """E_x Var f = (ρ - 1) mᵀA m, dimension target², at a stationary point with end-to-end map m.

    Raises :class:`InputError` when m and the data have different numbers of features.
    """
    if len(m) != moments.dimension:
        raise InputError(f"m has {len(m)} entries and the data {moments.dimension} features.")
    A, _ = moments.operator()
    column = arb_mat([[x] for x in m])
    return _excess(net) * (column.transpose() * A.times(Balls(), column))[0, 0]


def variance_bound(net: Network, moments: Data) -> Number:
    """(ρ - 1)/ρ² · vᵀA⁺v: no stationary point has a larger E_x Var f, whatever the decays."""
    rho = net.noise_factor
    return (rho - 1) / rho**2 * moments.explained


def variance_of_layers(net: Network, layers: Layers | Matrices, x: Any, *, bits: int = 256) -> arb:
    """Var f(x), dimension target², for arbitrary layers W_1, …, W_D, U and the noise of ``net``.

    The layers need not be a stationary point; x holds d numbers.  Raises :class:`InputError` for layers
    that fit neither one another, x, nor the depth and widths of the network.

    >>> net = Network(1, widths=1, decays=1, noise=3)
    >>> variance_of_layers(net, [[[1]], [2]], [1]).str(5)
    '12.000'
    """
    net.require_numeric()
    matrices = as_balls(layers, bits, net=net)
    d = int(matrices[0].ncols())
    with TURN, working_precision(bits):
        column = arb_mat([[value] for value in _point(x, d)])
        single = FullLoss(
            Balls(),
            Whole(column * column.transpose()),
            column,
            arb(0),
            tuple(ball(value) for value in net.noise),
            (arb(0),) * len(matrices),
        )
        terms = single.terms(matrices)
        return terms.second_moment - terms.alignment**2


def _excess(net: Network) -> arb:
    return ball(net.noise_factor - 1)


def _point(x: Any, d: int) -> list[arb]:
    values = list(x.tolist() if hasattr(x, "tolist") else x)
    if len(values) != d:
        raise InputError(f"x has {len(values)} entries and the network takes {d} features.")
    return [
        value if isinstance(value, arb) else ball(exact(value, f"x[{i}]")) for i, value in enumerate(values)
    ]
