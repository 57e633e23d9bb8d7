"""Figures of derivations as PDF and SVG."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from typing import Any

from symderive.figure_style import TEXT_WIDTH, render, require_matplotlib
from symderive.paper.assembly import Section
from symderive.paper.kept import Kept
from symderive.paper.library import ORDER, load
from symderive.processes import in_order

#: The ratio of height to width.
RATIO = 0.58

KINDS = ("pdf", "svg")

#: Packages that draw and compute, besides those that prove.
_DRAWN_WITH = ("matplotlib", "numpy")


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


def drawn(sections: Sequence[Section], ledger: Any = None) -> dict[str, bytes]:
    """All figures by file name, as PDF and SVG; those of the package are kept beside a ledger.

    Raises :class:`MissingExtraError` without matplotlib.
    """
    stems = names(sections)
    figures = {
        stem: draw
        for section in sections
        for (_, draw), (stem, _) in zip(
            section.derivation.figures, stems.get(section.derivation.id, ()), strict=True
        )
    }
    kept = Kept.beside(ledger, *_DRAWN_WITH)
    # What a figure of one's own rests on is not known here.
    keeping = {stem for section in sections if _is_own(section) for stem, _ in stems[section.derivation.id]}
    known = {stem: _recalled(kept, stem) for stem in keeping} if kept is not None else {}
    missing = [stem for stem in figures if known.get(stem) is None]
    if missing:
        require_matplotlib()
    made = in_order(lambda stem: _draw(figures[stem]), missing)
    files: dict[str, bytes] = {}
    for stem in figures:
        contents = known.get(stem)
        if contents is None:
            contents = next(made)
            if kept is not None and stem in keeping:
                texts = {kind: b64encode(content).decode() for kind, content in contents.items()}
                kept.put(f"figure-{stem}", texts)
        files |= {f"{stem}.{kind}": content for kind, content in contents.items()}
    return files


def _is_own(section: Section) -> bool:
    """Whether the figures of a section, if any, are those of the package's derivation."""
    derivation = section.derivation
    return derivation.id in ORDER and derivation.figures == load(derivation.id).figures != ()


def _recalled(kept: Kept, stem: str) -> dict[str, bytes] | None:
    texts = kept.get(f"figure-{stem}")
    return None if texts is None else {kind: b64decode(text) for kind, text in texts.items()}


def _draw(draw: Callable[[Any], None]) -> dict[str, bytes]:
    mpl = require_matplotlib()
    with mpl.rc_context():
        mpl.rcdefaults()  # settings of one's own are not part of what a figure is kept by
        return render(
            lambda figure: draw(figure.add_subplot()),
            *KINDS,
            width=TEXT_WIDTH,
            height=TEXT_WIDTH * RATIO,
        )
