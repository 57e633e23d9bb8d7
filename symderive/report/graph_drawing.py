"""A graph of what rests on what as SVG: Graphviz places, this module draws.

Graphviz comes whole with the package pygraphviz, the extra ``graph``; it is told every size, so that
no font of the machine moves anything and the bytes are the same every time.
"""

from __future__ import annotations

import json
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from symderive.errors import MissingExtraError
from symderive.report.graph import CITED, Cluster, Edge, Graph, Node

#: Kinds of nodes in the order of the legend: what it says of them, their fill and their border.
KINDS: dict[str, tuple[str, str, str]] = {
    "PROVED": ("proved", "#d7ecd9", "#2e7d32"),
    "CHECKED": ("checked: axioms, or tested only", "#fff1c2", "#b78103"),
    "IN_WORDS": ("in words", "#d9e6f7", "#2459a6"),
    CITED: ("cited: theorems of textbooks", "#ececec", "#6b6b6b"),
    "UNDECIDED": ("undecided", "#ffd9c7", "#c43d00"),
    "REFUTED": ("refuted", "#f6c6cf", "#a3001f"),
}

#: Points: size of the type, the width that a letter has at most on average, the height of a line, space
#: around the letters of a box.
_TYPE, _LETTER, _LINE, _SPACE = 9.0, 5.1, 11.0, 7.0

#: Letters of a line; only names of theorems are longer.
_MOST_LETTERS = 34

#: Points above the drawing that the legend takes, and around it.
_LEGEND, _MARGIN = 40.0, 12.0


def require_graphviz() -> Any:
    """pygraphviz, or :class:`MissingExtraError` that says how to get it."""
    try:
        import pygraphviz
    except ImportError:
        raise MissingExtraError.of("a graph needs pygraphviz 2", "graph") from None
    return pygraphviz


def to_svg(graph: Graph, links: Mapping[str, str] | None = None) -> str:
    """The graph from left to right, sections as frames; what a node says stands in its title.

    With ``links``, where each node leads by its id, there is no legend.
    Raises :class:`MissingExtraError` without pygraphviz.
    """
    placed = json.loads(require_graphviz().AGraph(string=_dot(graph)).draw(format="json0", prog="dot"))
    _, _, width, height = _numbers(placed["bb"])
    place = {part["name"]: part for part in placed.get("objects", ())}
    ways = {part["id"]: part["pos"] for part in placed.get("edges", ())}

    def drawn() -> Iterator[str]:
        # What lies below comes first: frames, edges, their titles, boxes.
        frames = [
            (cluster, _numbers(place[f"cluster_{number}"]["bb"]))
            for number, cluster in enumerate(graph.clusters)
            if cluster.nodes
        ]
        for _, box in frames:
            yield _frame(box, height)
        for number, edge in enumerate(graph.edges):
            yield _arrow(edge, ways[f"e{number}"], height)
        for cluster, box in frames:
            yield from _heading(cluster, box, height)
        for number, node in enumerate(graph.nodes):
            drawing = _box(node, _numbers(place[f"n{number}"]["pos"]), height)
            yield from drawing if links is None else _link(links[node.id], drawing)

    legend, least, above = "\n".join(_legend(graph)), _LEGEND_WIDTH, _LEGEND
    if links is not None:
        legend, least, above = "", 0.0, 0.0
    wide = max(width, least) + 2 * _MARGIN
    high = height + above + 2 * _MARGIN
    return _SVG.format(
        width=_short(wide),
        height=_short(high),
        style=_style(),
        margin=_short(_MARGIN),
        top=_short(_MARGIN + above),
        legend=legend,
        drawn="\n".join(drawn()),
    )


# -- places ------------------------------------------------------------------------------------------------


def _dot(graph: Graph) -> str:
    """The graph in Graphviz's language: numbers for names and sizes for words."""
    number = {node.id: at for at, node in enumerate(graph.nodes)}
    lines = [
        "digraph {",
        "rankdir=LR; nodesep=0.07; ranksep=0.55;",
        'node [shape=box, fixedsize=true, label=""];',
    ]
    for node in graph.nodes:
        width, height = _size(node)
        lines.append(f"n{number[node.id]} [width={width / 72:.3f}, height={height / 72:.3f}];")
    for at, cluster in enumerate(graph.clusters):
        if cluster.nodes:
            width = max(_LETTER * len(line) for line in _frame_lines(cluster))
            space = f'BORDER="0" FIXEDSIZE="TRUE" WIDTH="{width:.0f}" HEIGHT="{_LINE * 2:.0f}"'
            label = f"<<TABLE {space}><TR><TD></TD></TR></TABLE>>"
            inside = " ".join(f"n{number[id_]};" for id_ in cluster.nodes)
            lines.append(f"subgraph cluster_{at} {{ margin=6; labeljust=l; label={label}; {inside} }}")
    for at, edge in enumerate(graph.edges):
        lines.append(f"n{number[edge.below]} -> n{number[edge.above]} [id=e{at}];")
    return "\n".join((*lines, "}"))


def _lines(node: Node) -> list[str]:
    return textwrap.wrap(_plain(node.title), _MOST_LETTERS) if node.kind == CITED else [node.id]


def _frame_lines(cluster: Cluster) -> tuple[str, str]:
    return textwrap.shorten(_plain(cluster.title), 60, placeholder=" …"), cluster.id


def _size(node: Node) -> tuple[float, float]:
    lines = _lines(node)
    return max(map(len, lines)) * _LETTER + 2 * _SPACE, len(lines) * _LINE + 6


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",")]


# -- drawing -----------------------------------------------------------------------------------------------


def _frame(box: list[float], height: float) -> str:
    left, low, right, high = box
    return _rectangle("frame", left, height - high, right - left, high - low, 4)


def _heading(cluster: Cluster, box: list[float], height: float) -> Iterator[str]:
    title, id_ = _frame_lines(cluster)
    left, top = box[0] + 6, height - box[3]
    yield _text(left, top + 12, title, "title")
    yield _text(left, top + 22, id_, "name")


def _box(node: Node, middle: list[float], height: float) -> Iterator[str]:
    (x, y), (width, high), lines = middle, _size(node), _lines(node)
    y = height - y
    radius = high / 2 if node.kind in (CITED, "IN_WORDS") else 2
    id_ = escape(node.id)
    yield f'<g class="node {node.kind}" id="node-{id_}" data-id="{id_}" tabindex="0">'
    yield f"<title>{escape(_said(node))}</title>"
    yield _rectangle("", x - width / 2, y - high / 2, width, high, radius)
    for at, line in enumerate(lines):
        yield _text(x, y + _LINE * (at - (len(lines) - 1) / 2) + _TYPE * 0.33, line, "label")
    yield "</g>"


def _link(address: str, box: Iterator[str]) -> Iterator[str]:
    """A box that opens a page in place of the one that shows the drawing."""
    yield f'<a href="{escape(address)}" target="_top">'
    yield from box
    yield "</a>"


def _said(node: Node) -> str:
    lines = (f"{node.id}: {node.title}", node.said, *node.details)
    return _plain("\n".join(filter(None, lines)))


def _plain(text: str) -> str:
    """Words without the dollar signs of their mathematics."""
    return text.replace("$", "")


def _arrow(edge: Edge, way: str, height: float) -> str:
    """A spline as Graphviz gives it: ``e,`` and the tip of the arrow, then the points of Bézier curves."""
    tip, *points = way.removeprefix("e,").split(" ")
    at = [f"{_short(x)},{_short(height - y)}" for x, y in map(_numbers, (*points, tip))]
    path = f"M{at[0]}C{' '.join(at[1:-1])}L{at[-1]}"
    names = f'data-below="{escape(edge.below)}" data-above="{escape(edge.above)}"'
    kind = "words" if edge.in_words else "proof"
    return f'<path class="edge {kind}" {names} d="{path}" marker-end="url(#tip)"/>'


def _legend(graph: Graph) -> Iterator[str]:
    counts: Mapping[str, int] = Counter(node.kind for node in graph.nodes)
    x = 0.0
    for kind, (words, _, _) in KINDS.items():
        if counts[kind]:
            text = f"{counts[kind]} {words}"
            width = len(text) * _LETTER + 2 * _SPACE
            yield f'<g class="{kind}">{_rectangle("", x, 0, width, 17, 2)}'
            yield f"{_text(x + width / 2, 11.5, text, 'label')}</g>"
            x += width + 8
    yield _text(0, 32, _HOW_TO_READ, "name")


def _rectangle(name: str, x: float, y: float, width: float, height: float, radius: float) -> str:
    sizes = (("x", x), ("y", y), ("width", width), ("height", height), ("rx", radius))
    shape = " ".join(f'{key}="{_short(value)}"' for key, value in sizes)
    return f'<rect class="{name}" {shape}/>' if name else f"<rect {shape}/>"


def _text(x: float, y: float, text: str, name: str) -> str:
    return f'<text class="{name}" x="{_short(x)}" y="{_short(y)}">{escape(text)}</text>'


def _short(number: float) -> str:
    """To a tenth of a point; zero has no sign."""
    return f"{round(number, 1) + 0.0:.1f}".removesuffix(".0")


def _style() -> str:
    rules = [f".{kind} rect {{ fill: {fill}; stroke: {line} }}" for kind, (_, fill, line) in KINDS.items()]
    return "\n".join((_STYLE, *rules))


_HOW_TO_READ = (
    "An arrow leads from what is used to what uses it: solid where a proof does, dashed where words do. "
    "Frames are sections."
)

_LEGEND_WIDTH = len(_HOW_TO_READ) * _LETTER

_STYLE = f"""\
text {{ font-family: "DejaVu Sans", Verdana, Helvetica, Arial, sans-serif; font-size: {_TYPE - 1}px }}
.label {{ text-anchor: middle }}
.title, .name {{ stroke: #f8f8f8; stroke-width: 2.5; paint-order: stroke }}
.title {{ font-weight: bold }}
.name {{ fill: #666 }}
.frame {{ fill: #f8f8f8; stroke: #c4c4c4 }}
.edge {{ fill: none; stroke: #777; stroke-width: 0.7 }}
.words {{ stroke-dasharray: 3 2 }}"""

_SVG = """\
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">
<style>
{style}
</style>
<defs><marker id="tip" viewBox="0 0 6 6" refX="6" refY="3" markerWidth="6" markerHeight="6" \
markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0L6,3L0,6z" fill="#777"/></marker></defs>
<rect width="100%" height="100%" fill="white"/>
<g transform="translate({margin} {margin})">
{legend}
</g>
<g transform="translate({margin} {top})">
{drawn}
</g>
</svg>
"""
