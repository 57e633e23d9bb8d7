"""Where networks of a grid are critical: the lines between the regimes of a diagram.

With P = γ_uΠγ_i and z = λ/ρ the scalar equation reads (z^{(D+1)/D} Σ p_i/(a_i + z)²)^D = P ρ^{D-1}, and
ρ(F - c) at a root is a function of z alone.  So everything that is qualitative about a network of depth D
depends on P ρ^{D-1} only, and one threshold a depth gives the line over a whole grid:

    P_c(ρ) = ρ^{-(D-1)} P_c(1),  for the transition and for the spinodal.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from symderive.data.interface import Data
from symderive.effective_ridge.resolvent import resolvent_of
from symderive.sweeps.grid import Grid
from symderive.thresholds.critical_decay import CriticalDecay
from symderive.thresholds.thresholds import KINDS

if TYPE_CHECKING:
    import numpy as np

#: Points of a line, and bisections that place each of them.
LINE_POINTS, BISECTIONS = 241, 60

#: Digits of the thresholds that lines are drawn from.
LINE_DIGITS = 15

#: What lines rest on, in words.
METHOD = f"thresholds certified to {LINE_DIGITS} digits, lines through them in double precision"

#: Logarithms of the values between which a line is sought.
LOG_RANGE = (-690.0, 690.0)

#: Parameters that a line is solved for, in this order.
SOLVED_FOR = ("decay", "noise", "width")


def critical_lines(
    grid: Grid, data: Data, *, log: frozenset[str] = frozenset()
) -> dict[str, dict[str, np.ndarray]]:
    """The transition and the spinodal over a grid of one or two axes; see :func:`line`."""
    import numpy as np

    if data.v_norm_squared == 0:
        return {}
    depths = [int(depth) for depth in np.unique(grid.parameters(0, grid.size)[0]) if depth > 0]
    resolvent, lines = resolvent_of(data, Fraction(1)), {}
    for kind in KINDS:
        decays = {depth: CriticalDecay(data, depth, kind, resolvent) for depth in depths}
        log_critical = {depth: float(decay.log_product(LINE_DIGITS)) for depth, decay in decays.items()}
        if found := line(grid, log_critical, log=log):
            lines[str(kind)] = found
    return lines


def line(
    grid: Grid, log_critical: Mapping[int, float], *, log: frozenset[str] = frozenset()
) -> dict[str, np.ndarray]:
    """Where networks of a grid of one or two axes are critical: values of each axis, NaN where nowhere.

    ``log_critical`` maps a depth to ln P_c(1), which may be missing.  The line is solved for one of the
    axes at values along the other, spaced logarithmically if ``log`` names it.  Over depths alone there is
    no line: the result is empty.
    """
    import numpy as np

    names = [axis.name for axis in grid.axes]
    if names == ["depth"]:
        return {}
    solved = next(name for name in SOLVED_FOR if name in names)
    points = {}
    for axis in grid.axes:
        if axis.name != solved:
            values = axis.array()
            space = np.geomspace if axis.name in log else np.linspace
            dense = axis.name != "depth"
            points[axis.name] = space(values[0], values[-1], LINE_POINTS) if dense else values
    count = max((len(values) for values in points.values()), default=1)

    def margin(u: np.ndarray) -> np.ndarray:
        """ln P ρ^{D-1} - ln P_c(1) where the solved parameter is e^u; monotone in u."""
        depths, log_decays, log_rho = grid.parameters_at(points | {solved: np.exp(u)}, count)
        critical = np.array([log_critical.get(int(depth), np.nan) for depth in depths])
        return log_decays + (depths - 1) * log_rho - critical

    low, high = (np.full(count, end) for end in LOG_RANGE)
    sign = np.sign(margin(low))
    crossed = sign * np.sign(margin(high)) < 0
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        same = np.sign(margin(middle)) == sign
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return points | {solved: np.where(crossed, np.exp(low), np.nan)}
