"""Several outputs: which way of solving is for which network and data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderive.arithmetic.exact import check_digits, rational
from symderive.data.output_moments import OutputMoments
from symderive.model.network import Network

if TYPE_CHECKING:
    from symderive.outputs.convex import ConvexOutputs
    from symderive.outputs.landscape import OutputLandscape


def solve_outputs(
    net: Network, data: OutputMoments, *, digits: int = 30
) -> OutputLandscape | ConvexOutputs:
    """Of white inputs every stationary value, of others the global minimum at depth 0 and 1.

    Raises :class:`InputError` for what no way is known for, with what is known, and for a network and
    data that do not fit.

    >>> net = Network(1, widths=2, decays="1/2", outputs=2)
    >>> solve_outputs(net, OutputMoments.given(1, [[2, 0], [0, 1]], 5)).loss.str(5, radius=False)
    '2.5000'
    """
    from symderive.outputs.convex import solve_convex, solve_ridge
    from symderive.outputs.landscape import solve_modes
    from symderive.outputs.modes import require_fit, require_positive

    check_digits(digits)
    require_fit(net, data)
    if net.depth == 0 and not (data.is_isotropic and rational(net.decays[0])):
        return solve_ridge(net, data, digits=digits)
    if net.depth == 1 and not data.is_isotropic and not any(net.noise):
        require_positive(net)
        return solve_convex(net, data, digits=digits)
    return solve_modes(net, data, digits=digits)
