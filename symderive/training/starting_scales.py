"""How large the first weights must be for gradient flow to leave the origin (two or more hidden layers).

With equal decays γ start at the balanced rank-one layers of one direction,

    W_1 = s r̂_1 v̂ᵀ,   W_i = s r̂_i r̂_{i-1}ᵀ,   U = s r̂_Dᵀ,   r̂_i = r_i/√d_i,   r_i ∈ {±1}^{d_i},

every layer of Frobenius norm s.  Where v is an eigenvector of A, Av = av (isotropic data), gradient flow
keeps this form, and s alone moves,

    ds/dt = -2s (γ - ‖v‖ s^{D-1} + ρa s^{2D}),

so that the saddle parts the starts that reach the minimum from those that collapse.  For other data the
direction turns, but two bounds stay true: where γ > ‖v‖ s^{D-1} every balanced rank-one start collapses,
whatever its direction; and a start whose loss is below that of the origin cannot come to it, for the loss
decreases.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from flint import arb, ctx

from symderive.arithmetic.exact import TURN, Exact, ball, check_digits, rational, working_precision
from symderive.arithmetic.precision import sharpen
from symderive.data.interface import Data, common_eigenvalue
from symderive.effective_ridge.closed_form import solve_isotropic
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.effective_ridge.values import carrying_bits
from symderive.errors import InputError
from symderive.model.network import Network


@dataclass(frozen=True, eq=False)
class Basin:
    """From which balanced starts gradient flow escapes from the origin; made by :func:`starting_scales`.

    A start has rank one and lies along v; s is the Frobenius norm of every layer.  Balls, dimension of a
    weight.

    Attributes
    ----------
    net : Network
        The network.
    data : Data
        The data.
    critical : arb or None
        From s above it gradient flow reaches the nontrivial minimum, from s below it the origin, and from
        it the saddle.  None for data that are not isotropic, and where no nontrivial minimum exists.
    collapses_below : arb
        From any smaller s flow reaches the origin, for all data and all directions.
    escapes_above : arb or None
        From this s (a start along v, and every s from here up to ``escapes_to``) flow does not reach the
        origin; None where no start on the line has a lower loss than the origin.
    escapes_to : arb or None
        The end of that range.
    reason : str
        Why ``critical`` is None, else empty.
    """

    net: Network
    data: Data
    critical: arb | None
    collapses_below: arb
    escapes_above: arb | None
    escapes_to: arb | None
    reason: str

    def entries(self, scale: Exact | None = None) -> tuple[arb, ...]:
        """Find the sizes of the entries of the layers at a norm.

        Parameters
        ----------
        scale : number or str, optional
            s, exact; the critical one without.

        Returns
        -------
        tuple of arb
            |entries| of W_2, …, W_D and U.  Those of W_1 are s|v̂_j|/√d_1.

        Raises
        ------
        InputError
            Without a scale, where there is no critical one.

        Examples
        --------
        >>> from symderive import Network, Spectrum
        >>> net = Network(2, widths=4, decays="1/10")
        >>> [x.str(4, radius=False) for x in starting_scales(net, Spectrum.of([1], [1])).entries("1/2")]
        ['0.1250', '0.2500']
        """
        if scale is None and self.critical is None:
            raise InputError(f"there is no critical scale ({self.reason}); give a scale.")
        s = self.critical if scale is None else ball(rational(scale, "the scale"))
        widths = [*map(int, self.net.widths), 1]
        return tuple(s / ball(before * after).sqrt() for before, after in pairwise(widths))


def starting_scales(net: Network, data: Data, *, digits: int = 30) -> Basin:
    """Find how large balanced first weights must be for gradient flow to leave the origin.

    Parameters
    ----------
    net : Network
        At least two hidden layers, equal positive decays, noise of single neurons at most.
    data : Data
        :class:`Moments` or a :class:`Spectrum`, with v ≠ 0.
    digits : int
        Digits to which the scales are certified.

    Returns
    -------
    Basin
        The scales.

    Raises
    ------
    InputError
        For fewer than two hidden layers (the origin attracts no start then, or all), unequal decays (flow
        does not keep the layers balanced), a decay of 0, and v = 0.

    Notes
    -----
    Not promised: anything of starts that are not balanced and of rank one, or of finite learning rates.

    Examples
    --------
    >>> from symderive import Network, Spectrum
    >>> net = Network(2, widths=4, decays="1/10")
    >>> starting_scales(net, Spectrum.of([1], [1])).critical.str(8, radius=False)
    '0.10010040'
    """
    check_digits(digits)
    net.require_numeric()
    net.require_neuron_noise("starting scales are known")
    equation = ScalarEquation.of(net, data)
    if net.depth < 2:
        raise InputError(
            f"the network has {net.depth} hidden layers; the origin attracts small weights from two on."
        )
    decays = {rational(g, "decay") for g in net.decays}
    if len(decays) > 1:
        raise InputError(
            "the decays differ between the layers, and gradient flow does not keep them balanced; give "
            "one decay for all layers."
        )
    (decay,) = decays
    if decay == 0:
        raise InputError("the decay is 0, and then no start collapses; give a positive decay.")
    v2 = data.v_norm_squared
    if v2 == 0:
        raise InputError(
            "v = 0: the target is not correlated with the features, and every start collapses."
        )
    critical, reason = _critical(equation, decay, digits)
    with TURN, working_precision(carrying_bits(digits)):
        lower = (ball(decay) / ball(v2).sqrt()).root(net.depth - 1)
    above, to = _escape(equation, decay, digits)
    return Basin(net, data, critical, lower, above, to, reason)


def _critical(equation: ScalarEquation, decay: Fraction, digits: int) -> tuple[arb | None, str]:
    """s at the saddle, where γs² = κ."""
    if common_eigenvalue(equation.data) is None:
        return None, "v is no eigenvector of A, so that the direction of the map turns"
    points = solve_isotropic(equation, digits=digits)
    if not points:
        return None, "the decay is beyond the spinodal, and every start collapses"
    with TURN, working_precision(carrying_bits(digits)):
        return (points[-1].values.layer_decay / ball(decay)).sqrt(), ""


def _escape(equation: ScalarEquation, decay: Fraction, digits: int) -> tuple[arb | None, arb | None]:
    """Where the loss along v equals that of the origin: the points between have a lower one.

    On the line L - c = ρa s^{2D+2} - 2‖v‖ s^{D+1} + (D+1)γ s² with a = v̂ᵀAv̂.  In w = s^{D-1} its sign is
    that of ρa w^k - 2‖v‖ w + (D+1)γ, k = 2D/(D-1), which is convex.
    """
    depth = equation.depth
    v2 = equation.data.v_norm_squared
    stretch = equation.data.power_moment(1) / v2 * equation.rho
    power = Fraction(2 * depth, depth - 1)

    def ends(bits: int) -> tuple[arb | None, arb | None] | None:
        with TURN, working_precision(bits):
            k, a = ball(power), ball(stretch)
            height, offset = 2 * ball(v2).sqrt(), ball(decay * (depth + 1))

            def value(w: arb) -> arb:
                return a * w**k - height * w + offset

            lowest = (height / (a * k)) ** (1 / (k - 1))
            least = value(lowest.mid())
            if least > 0:
                return None, None
            if not least < 0:
                return None
            outer = offset / height / 2, (height / a) ** (1 / (k - 1)) * 2
            found = (_crossing(value, inside=lowest.mid(), outside=outside) for outside in outer)
            first, last = (end.root(depth - 1) for end in found)
            return first, last

    start = carrying_bits(digits)
    return sharpen(ends, start=start, limit=64 * start) or (None, None)


def _crossing(value: Any, *, inside: arb, outside: arb) -> arb:
    """The sign change of a function between two points, by bisection down to the working precision."""
    low, high = inside.mid(), outside.mid()
    for _ in range(2 * ctx.prec):
        middle = ((low + high) / 2).mid()
        at = value(middle)
        if not (at < 0 or at > 0) or middle in (low, high):
            break
        low, high = (middle, high) if at < 0 else (low, middle)
    return low.union(high)
