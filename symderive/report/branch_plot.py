"""Branches of stationary points along one parameter: λ, ‖m‖, F and the variance, a panel each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderive.figure_style import STABLE, UNSTABLE
from symderive.report.panels import LABELS, LINES, ends, legend, set_axis, set_remark
from symderive.sweeps.points import MINIMUM, ORIGIN, at_origin
from symderive.sweeps.study import PhaseStudy

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

#: What the panels show, in this order.
PANELS = {
    "ridge": r"effective ridge $\lambda$",
    "norm": r"norm $\Vert m\Vert$",
    "loss": r"loss $F$",
    "prediction_variance": r"prediction variance",
}

#: How branches are drawn, the band behind the global minimum, and the level of the origin.
MINIMA: dict[str, Any] = {"color": STABLE, "linestyle": "-"}
SADDLES: dict[str, Any] = {"color": UNSTABLE, "linestyle": (0, (3.2, 1.8))}
BEST: dict[str, Any] = {"color": "#f3b45b", "linewidth": 4.2}
LEVEL: dict[str, Any] = {"color": "#55555c", "linewidth": 0.8, "linestyle": ":"}

#: Color of the thresholds, which stay behind the branches.
GRAY = "#77777f"


def draw_branches(figure: Figure, study: PhaseStudy) -> None:
    """Every branch, with the origin where it has a place; the variance only where there is noise."""
    (parameter,) = study.values
    noisy = bool((study.points.prediction_variance > 0).any())
    shown = [name for name in PANELS if noisy or name != "prediction_variance"]
    panels = figure.subplots(2, 2, sharex=True)
    for letter, name, panel in zip("abcd", shown, panels.flat, strict=False):
        _draw_panel(panel, study, name)
        panel.set_title(f"({letter})", loc="left", fontsize=8, pad=3)
    for panel in (panels[1, 0], panels[1, 1] if noisy else panels[0, 1]):  # the last of each column
        panel.set_xlabel(LABELS[parameter])
        panel.tick_params(labelbottom=True)
    entries = _entries(study)
    if noisy:
        legend(figure, entries, most=4)
    else:
        panels[1, 1].set_axis_off()
        panels[1, 1].legend(handles=entries, loc="center")
    set_remark(figure, study.remark)


def _draw_panel(panel: Axes, study: PhaseStudy, quantity: str) -> None:
    """One quantity of all branches."""
    import numpy as np

    ((parameter, values),) = study.values.items()
    log = parameter in study.log
    band = BEST | {"solid_capstyle": "round", "zorder": 1.5}
    marker: dict[str, Any] = {"marker": "o", "markersize": 2.2} if parameter in ("depth", "width") else {}
    if quantity != "ridge":  # which is infinite at the origin
        level = at_origin(study.loss_at_origin)[quantity]
        panel.plot(values, np.where(study.points.best == ORIGIN, level, np.nan), **band)
        panel.axhline(level, zorder=2, **LEVEL)
    for branch in study.branches:
        x, y, is_best = study.along(branch, quantity)
        panel.plot(x, np.where(is_best, y, np.nan), **band)
        panel.plot(x, y, zorder=3, **(MINIMA if branch.kind == MINIMUM else SADDLES), **marker)
    if quantity == "ridge":
        panel.set_yscale("log")
        set_axis(panel, "y", panel.get_ylim(), log=True)
    for kind, line in study.lines.items():
        panel.axvline(line[parameter][0], **LINES[kind] | {"linewidth": 0.6, "color": GRAY, "zorder": 1})
    set_axis(panel, "x", ends(parameter, values, log=log), log=log)
    panel.set_ylabel(PANELS[quantity])


def _entries(study: PhaseStudy) -> list[Line2D]:
    """Entries of a legend for what occurs."""
    from matplotlib.lines import Line2D

    kinds = {branch.kind for branch in study.branches}
    styles = {"global minimum": BEST}
    if MINIMUM in kinds:
        styles["local minimum"] = MINIMA
    if kinds - {MINIMUM}:
        styles["saddle"] = SADDLES
    styles["origin"] = LEVEL
    for kind in study.lines:
        styles[kind] = LINES[kind] | {"linewidth": 0.8, "color": GRAY}
    return [Line2D([], [], label=label, **style) for label, style in styles.items()]
