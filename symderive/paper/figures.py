"""Figures of derivations as PDF and SVG: fonts embedded, the same bytes every time."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Sequence
from typing import Any, cast

from symderive.errors import MissingExtraError
from symderive.paper.assembly import Section

#: Inches of a column of 345 pt, and the ratio of height to width.
WIDTH, RATIO = 4.77, 0.58

_STYLE: dict[str, Any] = {
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


def names(sections: Sequence[Section]) -> dict[str, list[tuple[str, str]]]:
    """For each derivation with figures, pairs of a file's stem and its caption."""
    return {
        section.derivation.id: [
            (f"{section.derivation.id}-{at}" if at else section.derivation.id, caption)
            for at, (caption, _) in enumerate(section.derivation.figures)
        ]
        for section in sections
        if section.derivation.figures
    }


def drawn(sections: Sequence[Section]) -> dict[str, bytes]:
    """All figures by file name, as PDF and SVG.

    Raises :class:`MissingExtraError` without matplotlib.
    """
    files: dict[str, bytes] = {}
    stems = names(sections)
    for section in sections:
        for (_, draw), (stem, _) in zip(
            section.derivation.figures, stems.get(section.derivation.id, ()), strict=True
        ):
            files |= {f"{stem}.{kind}": content for kind, content in _draw(draw).items()}
    return files


def _draw(draw: Callable[[Any], None]) -> dict[str, bytes]:
    try:
        import matplotlib as mpl
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            'figures need matplotlib; get it with pip install "symderive[plot]".'
        ) from None
    # fontTools remarks on the time stamps of matplotlib's own fonts.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    with mpl.rc_context(cast(Any, _STYLE)):
        figure = Figure(figsize=(WIDTH, WIDTH * RATIO), layout="constrained")
        FigureCanvasAgg(figure)
        draw(figure.add_subplot())
        contents = {}
        for kind, metadata in (("pdf", {"CreationDate": None}), ("svg", {"Date": None})):
            stream = io.BytesIO()
            figure.savefig(stream, format=kind, metadata=metadata)
            contents[kind] = stream.getvalue()
    return contents
