"""The figures of ``symderive phase``: branches along one parameter, a phase diagram over two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from symderive.figure_style import COLUMN_WIDTH, TEXT_WIDTH, render
from symderive.sweeps.branches import Branch, branches
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import MINIMUM, ORIGIN, GridPoints
from symderive.sweeps.regimes import Regime, minima, regimes

if TYPE_CHECKING:
    import numpy as np

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

#: Axis labels in the notation of the paper.
AXES = {
    "depth": r"depth $D$",
    "width": r"width $d_i$",
    "decay": r"weight decay $\gamma$",
    "noise": r"noise variance $\sigma^2$",
}
PANELS = {
    "ridge": r"effective ridge $\lambda$",
    "norm": r"norm $\Vert m\Vert$",
    "loss": r"loss $F$",
    "prediction_variance": r"prediction variance",
}

#: Colors that stay apart in gray and for the color-blind.
STABLE, UNSTABLE, BEST, EMPTY = "#16527f", "#8d3b2f", "#f3b45b", "#e9e9ec"

#: How the threshold lines are drawn; the first is the transition.
LINES: dict[str, dict[str, Any]] = {
    "transition": {"color": "black", "linestyle": "-", "linewidth": 1.1, "zorder": 4},
    "spinodal": {"color": "black", "linestyle": (0, (4, 2)), "linewidth": 0.9, "zorder": 3},
}

#: Settings for small figures.
SMALL = {
    "font.size": 8,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": 7.5,
    "hatch.linewidth": 0.45,
    "hatch.color": "#8a8a93",
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "ytick.minor.size": 1.5,
}

#: Logarithmic axes that span less than this factor are labeled with plain numbers.
PLAIN = 150.0

#: A field that spans more than this factor is drawn on a logarithmic scale.
WIDE = 100.0

#: Points along each axis among which the place of a label is looked for.
SAMPLES = 48

#: Half the widths, in such points, of a label of one line and of two.
NARROW, BROAD = 5, 10

#: Where the field is drawn on a logarithmic scale, this share of the cells is left below it.
FAINT = 0.02


@dataclass(frozen=True)
class Scene:
    """What both figures are drawn from.

    ``values`` and ``cells`` belong to the axes of ``grid``; ``log`` names the logarithmic ones;
    ``thresholds`` maps "transition" and "spinodal" to their lines, see
    :func:`symderive.sweeps.threshold_lines.line`.
    """

    grid: Grid
    cells: GridPoints
    loss_at_origin: float
    values: tuple[np.ndarray, ...]
    log: frozenset[str] = frozenset()
    thresholds: Mapping[str, Mapping[str, np.ndarray]] = field(default_factory=dict)

    def lines(self) -> dict[str, Mapping[str, np.ndarray]]:
        """Those thresholds that pass through the range of the figure."""
        import numpy as np

        visible = {}
        for kind, points in self.thresholds.items():
            inside = [
                (points[axis.name] >= values[0]) & (points[axis.name] <= values[-1])
                for axis, values in zip(self.grid.axes, self.values, strict=True)
            ]
            if np.logical_and.reduce(inside).any():
                visible[kind] = points
        return visible


def draw(scene: Scene, *kinds: str) -> dict[str, bytes]:
    """The figure of a scene of one or two axes as files of the kinds "pdf", "svg", "png"."""
    if len(scene.values) == 1:
        return render(
            lambda figure: _draw_branches(figure, scene), *kinds, width=TEXT_WIDTH, height=3.7, style=SMALL
        )
    return render(
        lambda figure: _draw_diagram(figure, scene), *kinds, width=COLUMN_WIDTH, height=2.75, style=SMALL
    )


# -- one axis --------------------------------------------------------------------------------------


def _draw_branches(figure: Figure, scene: Scene) -> None:
    """λ, ‖m‖, F and the variance of every branch, with the origin where it has a place."""
    import numpy as np

    (axis,) = scene.grid.axes
    (values,) = scene.values
    cells = scene.cells
    noisy = bool(np.nanmax(cells.prediction_variance, initial=0.0) > 0)
    panels = [name for name in PANELS if noisy or name != "prediction_variance"]
    found = branches(cells)
    marker = {"marker": "o", "markersize": 2.2} if axis.name in ("depth", "width") else {}
    grid = figure.subplots(2, 2, sharex=True)
    for letter, name, panel in zip("abcd", panels, grid.flat, strict=False):
        at_origin = {"loss": scene.loss_at_origin}.get(name, 0.0)
        array = getattr(cells, name)
        if name != "ridge":
            _mark(panel, values, np.where(cells.best == ORIGIN, at_origin, np.nan))
            panel.axhline(at_origin, color="#55555c", linewidth=0.8, linestyle=":", zorder=2)
        for branch in found:
            rows, points = list(branch.cells), list(branch.points)
            x, y = values[rows], array[rows, points]
            _mark(panel, x, np.where(cells.best[rows] == points, y, np.nan))
            stable = branch.kind == MINIMUM
            panel.plot(
                x,
                y,
                color=STABLE if stable else UNSTABLE,
                linestyle="-" if stable else (0, (3.2, 1.8)),
                zorder=3,
                **marker,
            )
        if name == "ridge":
            panel.set_yscale("log")
            _set_axis(panel, "y", panel.get_ylim(), log=True)
        for kind, line in scene.lines().items():
            thin = {"linewidth": 0.6, "color": "#77777f", "zorder": 1}
            panel.axvline(line[axis.name][0], **LINES[kind] | thin)
        _set_axis(panel, "x", _ends(axis.name, values, scene.log), log=axis.name in scene.log)
        panel.set_ylabel(PANELS[name])
        panel.set_title(f"({letter})", loc="left", fontsize=8, pad=3)
    last = {0: grid[1, 0], 1: grid[1, 1] if noisy else grid[0, 1]}
    for panel in last.values():
        panel.set_xlabel(AXES[axis.name])
        panel.tick_params(labelbottom=True)
    entries = _explained(found, scene)
    if noisy:
        _legend(figure, entries, most=4)
        return
    grid[1, 1].set_axis_off()
    grid[1, 1].legend(handles=entries, loc="center")


def _mark(panel: Axes, x: np.ndarray, y: np.ndarray) -> None:
    """A band behind the global minimum."""
    panel.plot(x, y, color=BEST, linewidth=4.2, solid_capstyle="round", zorder=1.5)


def _explained(found: Sequence[Branch], scene: Scene) -> list[Line2D]:
    """Entries of a legend for what occurs."""
    from matplotlib.lines import Line2D

    kinds = {branch.kind for branch in found}
    entries = [Line2D([], [], color=BEST, linewidth=4.2, label="global minimum")]
    if MINIMUM in kinds:
        entries.append(Line2D([], [], color=STABLE, label="local minimum"))
    if kinds - {MINIMUM}:
        entries.append(Line2D([], [], color=UNSTABLE, linestyle=(0, (3.2, 1.8)), label="saddle"))
    entries.append(Line2D([], [], color="#55555c", linewidth=0.8, linestyle=":", label="origin"))
    for kind in scene.lines():
        style = LINES[kind] | {"linewidth": 0.8, "color": "#77777f"}
        entries.append(Line2D([], [], **style, label=kind))
    return entries


def _legend(figure: Figure, entries: Sequence[Any], *, most: int) -> None:
    """Entries above the figure, in one row of at most ``most`` or in two."""
    columns = len(entries) if len(entries) <= most else (len(entries) + 1) // 2
    figure.legend(
        handles=entries, loc="outside upper center", ncols=columns, columnspacing=1.4, handlelength=1.9
    )


# -- two axes --------------------------------------------------------------------------------------


def _draw_diagram(figure: Figure, scene: Scene) -> None:
    """‖m‖ of the global minimum as a field, the regimes, and the two lines."""
    panel = figure.add_subplot()
    panel.set_facecolor(EMPTY)
    panel.set_axisbelow(False)
    for side in ("top", "right"):
        panel.spines[side].set_visible(True)
    names = [axis.name for axis in scene.grid.axes]
    borders = [
        edges(values, log=name in scene.log) for values, name in zip(scene.values, names, strict=True)
    ]
    _draw_field(figure, panel, scene, borders)
    for kind, points in scene.lines().items():
        x, y = _stepped(points, names, scene.log)
        panel.plot(x, y, color="white", linewidth=LINES[kind]["linewidth"] + 1.2, alpha=0.65)
        panel.plot(x, y, label=kind, **LINES[kind])
    handles = [*panel.get_legend_handles_labels()[0], *_hatch(panel, scene, borders)]
    if handles:
        _legend(figure, handles, most=3)
    for side, name, values in zip("xy", names, scene.values, strict=True):
        _set_axis(panel, side, _ends(name, values, scene.log), log=name in scene.log)
        panel.set(**{f"{side}label": AXES[name]})
    _name_regimes(panel, scene)


def _draw_field(figure: Figure, panel: Axes, scene: Scene, borders: Sequence[np.ndarray]) -> None:
    """‖m‖ at the global minimum, nothing where that is the origin."""
    import numpy as np
    from matplotlib.colors import LogNorm, Normalize

    norm = scene.cells.of_best(scene.cells.norm, np.nan).reshape(scene.grid.shape)
    if not np.isfinite(norm).any():
        return
    low, high = float(np.nanquantile(norm, FAINT)), float(np.nanmax(norm))
    wide = low > 0 and high > WIDE * low
    scale = LogNorm(low, high) if wide else Normalize(0, high or 1.0)
    mesh = panel.pcolormesh(*borders, norm.T, cmap="viridis", norm=scale, rasterized=True)
    faint = wide and np.nanmin(norm) < low
    bar = figure.colorbar(mesh, ax=panel, pad=0.02, aspect=26, extend="min" if faint else "neither")
    bar.set_label(r"$\Vert m\Vert$ at the global minimum")
    bar.outline.set_linewidth(0.5)
    bar.ax.tick_params(width=0.5)


def _stepped(
    points: Mapping[str, np.ndarray], names: Sequence[str], log: frozenset[str]
) -> list[np.ndarray]:
    """A line's coordinates; level across each depth, since there is none between two."""
    import numpy as np

    if "depth" not in names:
        return [points[name] for name in names]
    borders = np.repeat(edges(points["depth"], log="depth" in log), 2)[1:-1]
    return [borders if name == "depth" else np.repeat(points[name], 2) for name in names]


def _hatch(panel: Axes, scene: Scene, borders: Sequence[np.ndarray]) -> list[Patch]:
    """Hatch where the global minimum is not the only thing to know; returns entries of a legend."""
    import numpy as np
    from matplotlib.patches import Patch

    shape, places, repeats = scene.grid.shape, list(scene.values), [1, 1]
    for i, axis in enumerate(scene.grid.axes):
        if axis.name == "depth":
            places[i], repeats[i] = np.repeat(borders[i], 2)[1:-1], 2
    entries = []
    for label, hatch, mask in (
        ("metastable", "/////", regimes(scene.cells) == Regime.METASTABLE),
        ("several minima", ".....", minima(scene.cells) > 1),
    ):
        if mask.any():
            spread = mask.reshape(shape).repeat(repeats[0], 0).repeat(repeats[1], 1)
            panel.contourf(*places, spread.T, levels=[0.5, 1.5], colors="none", hatches=[hatch])
            patch = Patch(facecolor="white", hatch=hatch, edgecolor=SMALL["hatch.color"], label=label)
            patch.set_linewidth(0.4)
            entries.append(patch)
    return entries


def _name_regimes(panel: Axes, scene: Scene) -> None:
    """The names of the regimes, where there is room for them."""
    regime = regimes(scene.cells).reshape(scene.grid.shape)
    box = {"facecolor": "white", "alpha": 0.72, "linewidth": 0, "boxstyle": "round,pad=0.25"}
    for value, label in ((Regime.COLLAPSED, "collapsed"), (Regime.TRAINED, "trained")):
        place, room = _roomiest(scene, regime == value)
        if value is Regime.TRAINED and room >= BROAD and scene.grid.network(0).depth > 1:
            label += "\n(origin metastable)"
        if room >= NARROW:
            panel.text(*place, label, ha="center", va="center", fontsize=7.5, bbox=box, zorder=5)


def _ends(name: str, values: np.ndarray, log: frozenset[str]) -> tuple[float, float]:
    """Where an axis begins and ends: at its first and last value, which of depths are half a step in."""
    ends = edges(values, log=name in log) if name == "depth" else values
    return float(ends[0]), float(ends[-1])


def _set_axis(panel: Axes, side: str, ends: tuple[float, float], *, log: bool) -> None:
    """Limits and scale; a logarithmic axis of few decades gets plain numbers at 1, 2 and 5."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if log:
        panel.set(**{f"{side}scale": "log"})
        axis = panel.xaxis if side == "x" else panel.yaxis
        if ends[1] < PLAIN * ends[0]:
            axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
            axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_minor_formatter(NullFormatter())
    panel.set(**{f"{side}lim": ends})


def _roomiest(scene: Scene, mask: np.ndarray) -> tuple[tuple[float, float], int]:
    """The middle of the widest lozenge that fits into a regime, and half its width in samples.

    The lozenge is three times as wide as it is high, as a label is.
    """
    import numpy as np

    ends, picked = [], []
    for axis, values in zip(scene.grid.axes, scene.values, strict=True):
        places = np.log(values) if axis.name in scene.log else values.astype(float)
        samples = np.linspace(places[0], places[-1], SAMPLES + 2)[1:-1]
        picked.append(np.abs(places[:, None] - samples).argmin(axis=0))
        ends.append(np.exp(samples) if axis.name in scene.log else samples)
    inside = mask[np.ix_(*picked)]
    deepest, room = inside, 0
    while inside.any():
        deepest, room = inside, room + 1
        padded = np.pad(inside, 1)
        inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & inside
        if room % 3 == 0:
            inside = inside & padded[1:-1, :-2] & padded[1:-1, 2:]
    if room == 0:
        return (0.0, 0.0), 0
    candidates = np.argwhere(deepest)
    i, j = candidates[len(candidates) // 2]
    return (float(ends[0][i]), float(ends[1][j])), room


def edges(values: Sequence[float] | np.ndarray, *, log: bool) -> np.ndarray:
    """The borders of cells around increasing values, half way between them (in logarithms if ``log``)."""
    import numpy as np

    places = np.log(values) if log else np.asarray(values, dtype=float)
    middles = (places[1:] + places[:-1]) / 2
    ends = np.concatenate([[2 * places[0] - middles[0]], middles, [2 * places[-1] - middles[-1]]])
    return np.exp(ends) if log else ends
