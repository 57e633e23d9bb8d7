"""The graph of what rests on what: one of all statements, and one of their sections that links to them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from records import Records, records
from sphinx.application import Sphinx

from symderive.library.load import PARTS
from symderive.report.graph import Edge, Graph, Node, graph_of
from symderive.report.graph_drawing import to_svg
from symderive.report.graph_page import to_page


def draw(app: Sphinx, error: Exception | None) -> None:
    """A page of the graph of all statements, which needs nothing else, and the drawing of sections."""
    if error is not None or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "theory"
    folder.mkdir(parents=True, exist_ok=True)
    known = records()
    (folder / "graph.html").write_text(to_page(graph_of(known.sections)), encoding="utf-8")
    sections = sections_of(known)
    pages = {node.id: PARTS.get(node.id, "facts").replace("_", "-") for node in sections.nodes}
    links = {id_: f"statements/{page}.html#ls-{id_}" for id_, page in pages.items()}
    (folder / "sections.svg").write_text(to_svg(sections, links), encoding="utf-8")


def sections_of(known: Records) -> Graph:
    """Sections as nodes; what follows from other edges is left out.  Those with steps in words say so."""
    home = {entry.id: section.derivation.id for section in known.sections for entry in section.entries}
    pairs = dict.fromkeys(
        (home[edge.below], home[edge.above])
        for edge in graph_of(known.sections).edges
        if edge.below in home and home[edge.below] != home[edge.above]
    )
    nodes = tuple(
        Node(
            section.derivation.id,
            "IN_WORDS" if section.steps else "PROVED",
            section.derivation.title,
            f"{len(section.items)} statements, {len(section.steps)} steps in words",
        )
        for section in known.sections
    )
    return Graph(nodes, (), tuple(Edge(*pair) for pair in reduced(pairs)))


def reduced(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Edges without those that a path of others replaces."""
    left = list(pairs)
    for pair in tuple(left):
        others = [other for other in left if other != pair]
        if pair[1] in _reached(pair[0], others):
            left = others
    return left


def _reached(start: str, pairs: Iterable[tuple[str, str]]) -> set[str]:
    above: dict[str, list[str]] = {}
    for low, high in pairs:
        above.setdefault(low, []).append(high)
    waiting, found = [start], set[str]()
    while waiting:
        new = [name for name in above.get(waiting.pop(), ()) if name not in found]
        found.update(new)
        waiting += new
    return found
