"""A phase diagram over two parameters: ‖m‖ at the global minimum, regimes, and where they change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from symderive.figure_style import SMALL
from symderive.report.panels import LABELS, LINES, edges, ends, legend, set_axis, set_remark
from symderive.sweeps.regimes import Regime
from symderive.sweeps.study import PhaseStudy

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

#: Color where the global minimum is the origin.
EMPTY = "#e9e9ec"

#: A field that spans more than this factor is drawn on a logarithmic scale.
WIDE = 100.0

#: Where the field is drawn on a logarithmic scale, this share of it is left below the scale.
FAINT = 0.02

#: Points along each axis among which the place of a label is looked for.
SAMPLES = 48

#: Half the widths, in such points, of a label of one line and of two.
NARROW, BROAD = 5, 10


def draw_diagram(figure: Figure, study: PhaseStudy) -> None:
    """‖m‖ of the global minimum as a field, the regimes, and the two lines."""
    panel = figure.add_subplot()
    panel.set_facecolor(EMPTY)
    panel.set_axisbelow(False)
    for side in ("top", "right"):
        panel.spines[side].set_visible(True)
    borders = {name: edges(values, log=name in study.log) for name, values in study.values.items()}
    _draw_field(figure, panel, study, borders)
    for kind, line in study.lines.items():
        x, y = _stepped(line, borders)
        panel.plot(x, y, color="white", linewidth=LINES[kind]["linewidth"] + 1.2, alpha=0.65)
        panel.plot(x, y, label=kind, **LINES[kind])
    entries = [*panel.get_legend_handles_labels()[0], *_hatch(panel, study, borders)]
    if entries:
        legend(figure, entries, most=3)
    for side, (name, values) in zip("xy", study.values.items(), strict=True):
        log = name in study.log
        set_axis(panel, side, ends(name, values, log=log), log=log)
        panel.set(**{f"{side}label": LABELS[name]})
    _name_regimes(panel, study)
    set_remark(figure, study.remark)


def _draw_field(figure: Figure, panel: Axes, study: PhaseStudy, borders: Mapping[str, np.ndarray]) -> None:
    """‖m‖ at the global minimum, nothing where that is the origin."""
    import numpy as np
    from matplotlib.colors import LogNorm, Normalize

    norm = study.points.of_best("norm", np.nan).reshape(study.grid.shape)
    if not np.isfinite(norm).any():
        return
    low, high = float(np.nanquantile(norm, FAINT)), float(np.nanmax(norm))
    wide = low > 0 and high > WIDE * low
    scale = LogNorm(low, high) if wide else Normalize(0, high or 1.0)
    mesh = panel.pcolormesh(*borders.values(), norm.T, cmap="viridis", norm=scale, rasterized=True)
    faint = wide and np.nanmin(norm) < low
    bar = figure.colorbar(mesh, ax=panel, pad=0.02, aspect=26, extend="min" if faint else "neither")
    bar.set_label(r"$\Vert m\Vert$ at the global minimum")
    bar.outline.set_linewidth(0.5)
    bar.ax.tick_params(width=0.5)


def _stepped(line: Mapping[str, np.ndarray], borders: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """A line's coordinates; level across each depth, since there is none between two."""
    import numpy as np

    if "depth" not in borders:
        return [line[name] for name in borders]
    return [
        _both_sides(border) if name == "depth" else np.repeat(line[name], 2)
        for name, border in borders.items()
    ]


def _both_sides(borders: np.ndarray) -> np.ndarray:
    """The two borders of each value, one after the other."""
    import numpy as np

    return np.repeat(borders, 2)[1:-1]


def _hatch(panel: Axes, study: PhaseStudy, borders: Mapping[str, np.ndarray]) -> list[Patch]:
    """Hatch where the global minimum is not the only thing to know; returns entries of a legend."""
    from matplotlib.patches import Patch

    places = [
        _both_sides(borders[name]) if name == "depth" else values for name, values in study.values.items()
    ]
    entries = []
    for label, hatch, mask in (
        ("metastable", "/////", study.regimes == Regime.METASTABLE),
        ("several minima", ".....", study.minima > 1),
    ):
        if not mask.any():
            continue
        for i, name in enumerate(study.values):
            mask = mask.repeat(2, axis=i) if name == "depth" else mask
        panel.contourf(*places, mask.T, levels=[0.5, 1.5], colors="none", hatches=[hatch])
        patch = Patch(facecolor="white", hatch=hatch, edgecolor=SMALL["hatch.color"], label=label)
        patch.set_linewidth(0.4)
        entries.append(patch)
    return entries


def _name_regimes(panel: Axes, study: PhaseStudy) -> None:
    """The names of the regimes, where there is room for them."""
    import numpy as np

    samples = [_samples(values, log=name in study.log) for name, values in study.values.items()]
    (picked_x, x), (picked_y, y) = samples
    sampled = study.regimes[np.ix_(picked_x, picked_y)]
    box = {"facecolor": "white", "alpha": 0.72, "linewidth": 0, "boxstyle": "round,pad=0.25"}
    for regime, label in ((Regime.COLLAPSED, "collapsed"), (Regime.TRAINED, "trained")):
        i, j, room = roomiest(sampled == regime)
        if regime is Regime.TRAINED and room >= BROAD and study.origin_is_minimum:
            label += "\n(origin metastable)"
        if room >= NARROW:
            panel.text(x[i], y[j], label, ha="center", va="center", fontsize=7.5, bbox=box, zorder=5)


def _samples(values: np.ndarray, *, log: bool) -> tuple[np.ndarray, np.ndarray]:
    """``SAMPLES`` places spread evenly over an axis as it is drawn: which value is nearest, and where."""
    import numpy as np

    places = np.log(values) if log else values.astype(float)
    samples = np.linspace(places[0], places[-1], SAMPLES + 2)[1:-1]
    nearest = np.abs(places[:, None] - samples).argmin(axis=0)
    return nearest, np.exp(samples) if log else samples


def roomiest(inside: np.ndarray) -> tuple[int, int, int]:
    """Where in a mask the widest lozenge fits, and half its width, which is 0 where the mask is empty.

    The lozenge is three times as wide as it is high, as a label is.
    """
    import numpy as np

    deepest, room = inside, 0
    while inside.any():
        deepest, room = inside, room + 1
        padded = np.pad(inside, 1)
        inside = padded[:-2, 1:-1] & padded[2:, 1:-1] & inside
        if room % 3 == 0:
            inside = inside & padded[1:-1, :-2] & padded[1:-1, 2:]
    if room == 0:
        return 0, 0, 0
    candidates = np.argwhere(deepest)
    i, j = candidates[len(candidates) // 2]
    return int(i), int(j), room
