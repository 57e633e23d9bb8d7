"""The style of all figures, and figures as bytes: fonts embedded, the same bytes every time."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from symderive.errors import MissingExtraError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Inches of a text column of 345 pt, and of one of two columns on a page.
TEXT_WIDTH, COLUMN_WIDTH = 4.77, 3.25

#: Metadata of each kind of file without the date or the program's version.
KINDS: dict[str, dict[str, None]] = {
    "pdf": {"CreationDate": None},
    "svg": {"Date": None},
    "png": {"Software": None},
}

#: Dots per inch of PNG files and of rasterized parts.
RESOLUTION = 300

STYLE: dict[str, Any] = {
    "font.family": "serif",
    "font.serif": ["cmr10"],
    "mathtext.fontset": "cm",
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": False,
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.2,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "symderive",
}

#: Settings for small figures.
SMALL: dict[str, Any] = {
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

#: Colors of minima and of saddles, which stay apart in gray and for the color-blind.
STABLE, UNSTABLE = "#16527f", "#8d3b2f"

#: Settings of figures on pages of their own: ``plt.rcParams.update(PAGE)``.
PAGE: dict[str, Any] = STYLE | {
    "figure.figsize": (6.4, 3.4),
    "figure.constrained_layout.use": True,
    "savefig.dpi": 200,
    "legend.fontsize": 8,
    "axes.prop_cycle": f"cycler('color', {[STABLE, UNSTABLE, '#c58a1c', '#3f8f72', '#6d5a9c', '#777777']})",
}


def require_matplotlib() -> Any:
    """matplotlib, where it is installed; else :class:`MissingExtraError`."""
    remarks = logging.getLogger("matplotlib")
    level = remarks.level
    # It finds its fonts again for every process if it cannot keep them, which takes a second, and says so.
    remarks.setLevel(logging.ERROR)
    try:
        import matplotlib as mpl
        import matplotlib.font_manager
    except ImportError:
        raise MissingExtraError.of("figures need matplotlib", "plot") from None
    finally:
        remarks.setLevel(level)
    return mpl


def render(
    draw: Callable[[Figure], None],
    *kinds: str,
    width: float,
    height: float,
    style: dict[str, Any] | None = None,
) -> dict[str, bytes]:
    """A figure of ``width`` × ``height`` inches, drawn once, as files of the kinds "pdf", "svg", "png".

    ``style`` holds matplotlib settings beside those of :data:`STYLE`.  Raises :class:`MissingExtraError`
    without matplotlib.
    """
    mpl = require_matplotlib()
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    # fontTools remarks on the time stamps of matplotlib's own fonts.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    with mpl.rc_context(cast(Any, STYLE | (style or {}))):
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure)
        contents = {}
        for kind in kinds:
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, metadata=KINDS[kind], dpi=RESOLUTION)
            contents[kind] = stream.getvalue()
    return contents
