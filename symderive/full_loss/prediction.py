"""Mean and variance of the prediction over the noise.

At balanced layers with end-to-end map m, and with B = ρ_1 A' + ρ_2 Diag(A') of one x in place of A,

    E f(x) = m·x,   Var f(x) = mᵀ(B(xxᵀ) - xxᵀ)m + s² (1 + ω_u²) ‖U‖²,

which for noise of the neurons alone is (ρ - 1)(m·x)², with ρ = Π (1 + σ_i²/d_i) and E_x Var f =
(ρ - 1) mᵀA m ≤ (ρ - 1)/ρ² · vᵀA⁺v (Ziyin, Li and Meng, arXiv:2202.04777, in the letters of the reduced
problem).  For other layers the variance comes from the second-moment recursion instead.  Balls are computed
at FLINT's current precision unless a function takes ``bits``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flint import arb, arb_mat

from symderive.arithmetic.exact import (
    TURN,
    Number,
    ball,
    exact,
    exact_product,
    working_precision,
)
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.symmetric import Whole
from symderive.data.altered import Alteration, for_each, quadratic
from symderive.data.interface import Data
from symderive.errors import InputError
from symderive.full_loss.layers import Layers, Matrices, as_balls
from symderive.full_loss.recursion import of_moments
from symderive.model.network import Network


def mean(m: Sequence[arb], x: Any) -> arb:
    """E f(x) = m·x, dimension target; x holds d numbers and m the end-to-end map."""
    return sum((a * b for a, b in zip(m, _point(x, len(m)), strict=True)), arb(0))


def variance(net: Network, m: Sequence[arb], x: Any) -> arb:
    """Var f(x), dimension target², at a stationary point with end-to-end map m, which is balanced.

    >>> net = Network(1, widths=2, decays=1, noise=1)
    >>> variance(net, [arb(2)], [3]).str(5)
    '18.000'
    """
    values = _point(x, len(m))
    full, relative, absolute = net.shares
    own = zip(m, values, *(for_each(part, len(m)) for part in (relative, absolute)), strict=True)
    rest = sum((a * a * (ball(r) * t * t + ball(s)) for a, t, r, s in own), arb(0))
    return ball(full - 1) * mean(m, values) ** 2 + rest + _hidden(net, m)


def average_variance(net: Network, moments: Data, m: Sequence[arb]) -> arb:
    """The mean variance E_x Var f of the prediction at a stationary point.

    Parameters
    ----------
    net : Network
        A numeric network.
    moments : Data
        The data.
    m : sequence of arb
        The end-to-end map of balanced layers, d balls.

    Returns
    -------
    arb
        The variance over the noise, averaged over the data; dimension target².  Computed at FLINT's current
        precision.

    Raises
    ------
    InputError
        When m and the data have different numbers of features.

    Examples
    --------
    >>> from symderive import Moments
    >>> net = Network(1, widths=2, decays=1, noise=1)
    >>> average_variance(net, Moments.given([[1]], [1], 1), [arb(1)]).str(5)
    '0.50000'
    """
    if len(m) != moments.dimension:
        raise InputError(f"m has {len(m)} entries and the data {moments.dimension} features.")
    full, relative, absolute = net.shares
    return quadratic(moments, Alteration(full - 1, relative, absolute), m) + _hidden(net, m)


def variance_bound(net: Network, moments: Data) -> Number:
    """A bound on the mean variance of the prediction at every stationary point, whatever the decays.

    Parameters
    ----------
    net : Network
        A numeric network whose noise is that of the neurons alone.
    moments : Data
        The data.

    Returns
    -------
    Fraction
        (ρ - 1)/ρ² · vᵀA⁺v, exact, dimension target².

    Raises
    ------
    InputError
        For noise other than that of the neurons, for which it is not known.

    References
    ----------
    Liu Ziyin, Botao Li, Xiangming Meng, *Exact Solutions of a Deep Linear Network*, NeurIPS 2022,
    arXiv:2202.04777, in the letters of the reduced problem.

    Examples
    --------
    >>> from symderive import Moments
    >>> variance_bound(Network(1, widths=2, decays=1, noise=1), Moments.given([[1]], [1], 1))
    Fraction(2, 9)
    """
    full, relative, absolute = net.shares
    if net.bias or any(relative) or any(absolute) or net.hidden_cost:
        raise InputError(
            "this bound on the variance is proved for noise of the neurons alone; ask for average_variance."
        )
    return (full - 1) / full**2 * moments.explained


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
        values = _point(x, d)
        column = arb_mat([[value] for value in values])
        single = of_moments(net, Whole(column * column.transpose()), column, arb(0), Balls())
        terms = single.terms(matrices)
        own = ball(net.hidden_cost) * single.op.square(matrices[-1])
        return terms.second_moment - terms.alignment**2 + own


def _hidden(net: Network, m: Sequence[arb]) -> arb:
    """s² (1 + ω_u²) ‖U‖², where every layer carries the decay γ̄ ‖m‖^{2/(D+1)}; γ_u' has that noise."""
    decays = net.reduced_decays
    scaled = ball(exact_product(decays)) * sum((x * x for x in m), arb(0))
    if not net.hidden_cost or scaled.is_zero():  # FLINT's root of 0 is no number
        return arb(0)
    return ball(net.hidden_cost / decays[-1]) * scaled.root(len(decays))


def _point(x: Any, d: int) -> list[arb]:
    values = list(x.tolist() if hasattr(x, "tolist") else x)
    if len(values) != d:
        raise InputError(f"x has {len(values)} entries and the network takes {d} features.")
    return [
        value if isinstance(value, arb) else ball(exact(value, f"x[{i}]")) for i, value in enumerate(values)
    ]
