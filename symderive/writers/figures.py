"""Figures of derivations as PDF and SVG."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeAlias

from symderive.figure_style import SMALL, TEXT_WIDTH, render, require_matplotlib
from symderive.library.kept import Kept
from symderive.library.load import ORDER, document_of, load, load_all
from symderive.paper.assembly import Section
from symderive.processes import in_order
from symderive.statements.document import Document, Figure

#: The ratio of height to width.
RATIO = 0.58

#: The same of each panel, where several stand side by side.
_RATIO_OF_ROW = 0.8

#: What draws the panels of a figure.
Panels: TypeAlias = tuple[Callable[[Any], None], ...]

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


def drawn(
    sections: Sequence[Section], ledger: Any = None, *, document: Document | None = None
) -> dict[str, bytes]:
    """All figures by file name, as PDF and SVG; those of the package are kept beside a ledger.

    What the main text of ``document`` draws, sections do not draw again.  Raises
    :class:`MissingExtraError` without matplotlib.
    """
    stems = names(sections)
    shown = () if document is None else tuple(_of_document(document))
    in_text = {draw for figure in shown for draw in figure.draw}
    figures: dict[str, Panels] = {figure.id: figure.draw for figure in shown}
    for section in sections:
        pairs = zip(section.derivation.figures, stems.get(section.derivation.id, ()), strict=True)
        figures |= {stem: (draw,) for (_, draw), (stem, _) in pairs if draw not in in_text}
    kept = Kept.beside(ledger, *_DRAWN_WITH)
    # What a figure of one's own rests on is not known here.
    keeping = {stem for section in sections if _is_own(section) for stem, _ in stems[section.derivation.id]}
    if document is not None and document_of(load_all()) is document:
        keeping |= {figure.id for figure in shown}
    known = {stem: _recalled(kept, stem) for stem in keeping & set(figures)} if kept is not None else {}
    missing = [stem for stem in figures if known.get(stem) is None]
    if missing:
        require_matplotlib()
    made = in_order(lambda stem: _draw(figures[stem]), missing)
    files: dict[str, bytes] = {}
    for stem in figures:
        content = known.get(stem)
        if content is None:
            content = next(made)
            if kept is not None and stem in keeping:
                texts = {kind: b64encode(data).decode() for kind, data in content.items()}
                kept.put(f"figure-{stem}", texts)
        files |= {f"{stem}.{kind}": data for kind, data in content.items()}
    return files


def _of_document(document: Document) -> Iterator[Figure]:
    for part in (*document.parts, *document.appendices):
        yield from (block for block in part.blocks if isinstance(block, Figure))


def _is_own(section: Section) -> bool:
    """Whether the figures of a section, if any, are those of the package's derivation."""
    derivation = section.derivation
    return derivation.id in ORDER and derivation.figures == load(derivation.id).figures != ()


def _recalled(kept: Kept, stem: str) -> dict[str, bytes] | None:
    texts = kept.get(f"figure-{stem}")
    return None if texts is None else {kind: b64decode(text) for kind, text in texts.items()}


def _draw(panels: Panels) -> dict[str, bytes]:
    """Panels side by side, on the width of the text."""
    mpl = require_matplotlib()
    with mpl.rc_context():
        mpl.rcdefaults()  # settings of one's own are not part of what a figure is kept by

        def draw(figure: Any) -> None:
            for at, panel in enumerate(panels, 1):
                panel(figure.add_subplot(1, len(panels), at))

        several = len(panels) > 1
        height = TEXT_WIDTH * (_RATIO_OF_ROW / len(panels) if several else RATIO)
        return render(draw, *KINDS, width=TEXT_WIDTH, height=height, style=SMALL if several else None)
