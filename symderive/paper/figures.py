"""Figures of derivations as PDF and SVG."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from symderive.figure_style import TEXT_WIDTH, render
from symderive.paper.assembly import Section

#: The ratio of height to width.
RATIO = 0.58


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
    return render(
        lambda figure: draw(figure.add_subplot()),
        "pdf",
        "svg",
        width=TEXT_WIDTH,
        height=TEXT_WIDTH * RATIO,
    )
