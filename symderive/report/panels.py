"""What branch plots and phase diagrams share: labels, lines of thresholds, scales and legends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Labels of the parameters in the notation of the paper.
LABELS = {
    "depth": r"depth $D$",
    "width": r"width $d_i$",
    "decay": r"decay $\gamma$",
    "noise": r"noise variance $\sigma^2$",
}

#: How the threshold lines are drawn; the first is the transition.
LINES: dict[str, dict[str, Any]] = {
    "transition": {"color": "black", "linestyle": "-", "linewidth": 1.1, "zorder": 4},
    "spinodal": {"color": "black", "linestyle": (0, (4, 2)), "linewidth": 0.9, "zorder": 3},
}

#: Logarithmic axes that span less than this factor are labeled with plain numbers.
PLAIN = 150.0


def edges(values: Sequence[float] | np.ndarray, *, log: bool) -> np.ndarray:
    """The borders of fields around increasing values, half way between them (in logarithms if ``log``).

    There have to be two values at least.
    """
    import numpy as np

    places = np.log(values) if log else np.asarray(values, dtype=float)
    middles = (places[1:] + places[:-1]) / 2
    borders = np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])
    return np.exp(borders) if log else borders


def ends(name: str, values: np.ndarray, *, log: bool) -> tuple[float, float]:
    """Where an axis begins and ends: at its first and last value, which of depths are half a step in."""
    outermost = edges(values, log=log) if name == "depth" else values
    return float(outermost[0]), float(outermost[-1])


def set_axis(panel: Axes, side: str, limits: tuple[float, float], *, log: bool) -> None:
    """Limits and scale; a logarithmic axis of few decades gets plain numbers at 1, 2 and 5."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if log:
        panel.set(**{f"{side}scale": "log"})
        axis = panel.xaxis if side == "x" else panel.yaxis
        if limits[1] < PLAIN * limits[0]:
            axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    panel.set(**{f"{side}lim": limits})


def legend(figure: Figure, entries: Sequence[Any], *, most: int) -> None:
    """Entries above the figure, in one row of at most ``most`` or in two."""
    columns = len(entries) if len(entries) <= most else (len(entries) + 1) // 2
    figure.legend(
        handles=entries, loc="outside upper center", ncols=columns, columnspacing=1.4, handlelength=1.9
    )


def set_remark(figure: Figure, remark: str) -> None:
    """What has to be known of the numbers, below the figure; nothing where there is nothing to say."""
    if remark:
        figure.supxlabel(remark, fontsize=6.5, style="italic")
