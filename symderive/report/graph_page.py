"""A graph of what rests on what as one HTML page that needs nothing else, with a panel for each node."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from symderive.report.graph import Graph, Node
from symderive.report.graph_drawing import to_svg
from symderive.writers.convert import to_phrases

TITLE = "What rests on what"


def to_page(graph: Graph) -> str:
    """The drawing of :func:`~symderive.report.graph_drawing.to_svg` beside panels, one a node.

    A click on a node shows its formula, in MathML, and what it says, uses and is used by, and marks all
    that it rests on.  The page loads nothing, and a policy in it forbids that it ever does.

    Raises :class:`~symderive.errors.MissingExtraError` without pygraphviz or pandoc.
    """
    texts = {text: "" for node in graph.nodes for text in (node.title, *_texts(node))}
    shown = dict(zip(texts, to_phrases(tuple(texts)), strict=True))
    return _PAGE.format(
        title=TITLE,
        style=_STYLE,
        svg=to_svg(graph),
        panels="\n".join(_panel(graph, node, shown) for node in graph.nodes),
        script=_SCRIPT,
    )


def _texts(node: Node) -> tuple[str, ...]:
    return ((f"${node.tex}$",) if node.tex else ()) + node.details


def _panel(graph: Graph, node: Node, shown: Mapping[str, str]) -> str:
    """One section; ``shown`` has the HTML of every text."""
    home = [f"Section: {cluster.title}." for cluster in graph.clusters if node.id in cluster.nodes]
    below = [edge.below for edge in graph.edges if edge.above == node.id]
    above = [edge.above for edge in graph.edges if edge.below == node.id]
    titles = {other.id: shown[other.title] for other in graph.nodes}
    return "\n".join(
        (
            f'<section id="panel-{escape(node.id)}" hidden>',
            f"<h2>{shown[node.title]}</h2>",
            f"<p><code>{escape(node.id)}</code></p>",
            *(
                f'<p class="{"formula" if node.tex and not at else "words"}">{shown[text]}</p>'
                for at, text in enumerate(_texts(node))
            ),
            *(f"<p>{escape(text)}</p>" for text in home),
            *_links("Uses", below, titles),
            *_links("Used by", above, titles),
            "</section>",
        )
    )


def _links(name: str, ids: Sequence[str], titles: Mapping[str, str]) -> list[str]:
    if not ids:
        return []
    items = "".join(
        f'<li><button data-id="{escape(id_)}">{titles[id_]}</button></li>' for id_ in dict.fromkeys(ids)
    )
    return [f"<h3>{name}</h3>", f"<ul>{items}</ul>"]


_STYLE = """\
body { margin: 0; display: flex; height: 100vh; font: 0.95rem/1.45 "Latin Modern Roman", Georgia, serif; }
main { flex: 1; overflow: auto; }
aside { width: 26rem; overflow: auto; padding: 1rem 1.2rem; border-left: 1px solid #c4c4c4; }
h1 { font-size: 1.2rem; margin: 0 0 0.6rem; }
h2 { font-size: 1.1rem; }
h3 { font-size: 0.95rem; margin-bottom: 0; }
input { width: 100%; box-sizing: border-box; font: inherit; }
ul { padding-left: 1.1rem; margin-top: 0.2rem; }
button { display: inline; border: 0; padding: 0; background: none; color: #2459a6; cursor: pointer;
  font: inherit; text-align: left; vertical-align: top; }
.formula { overflow-x: auto; padding: 0.4rem 0; }
.formula math { display: block math; math-style: normal; }
svg .node { cursor: pointer; }
svg.chosen .node, svg.chosen .edge { opacity: 0.18; }
svg.chosen .node.below, svg.chosen .edge.below { opacity: 1; }
svg .node.found rect, svg .node.here rect { stroke-width: 3; }
@media (max-width: 50rem) { body { flex-direction: column; } aside { width: auto; height: 45vh; } }
"""

_SCRIPT = """\
const svg = document.querySelector("svg");
const nodes = [...svg.querySelectorAll(".node")], edges = [...svg.querySelectorAll(".edge")];
const byId = new Map(nodes.map(node => [node.dataset.id, node]));
let open = document.getElementById("panel-none");

function choose(id) {
  const panel = document.getElementById("panel-" + id);
  open.hidden = true;
  open = panel || document.getElementById("panel-none");
  open.hidden = false;
  const below = new Set(panel ? [id] : []);
  for (const known of below)
    for (const edge of edges) if (edge.dataset.above === known) below.add(edge.dataset.below);
  svg.classList.toggle("chosen", Boolean(panel));
  for (const node of nodes) {
    node.classList.toggle("below", below.has(node.dataset.id));
    node.classList.toggle("here", node.dataset.id === id);
  }
  for (const edge of edges) edge.classList.toggle("below", below.has(edge.dataset.above));
}

function show(id) {
  choose(id);
  byId.get(id).scrollIntoView({block: "center", inline: "center"});
}

svg.addEventListener("click", event => {
  const node = event.target.closest(".node");
  choose(node ? node.dataset.id : "");
});
svg.addEventListener("keydown", event => {
  const node = event.target.closest(".node");
  if (node && event.key === "Enter") choose(node.dataset.id);
});
document.querySelector("aside").addEventListener("click", event => {
  const button = event.target.closest("button");
  if (button) show(button.dataset.id);
});
const search = document.querySelector("input");
search.addEventListener("input", () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const found = nodes.filter(node => {
    const text = node.querySelector("title").textContent.split("\\n")[0].toLowerCase();
    const is = words.length > 0 && words.every(word => text.includes(word));
    node.classList.toggle("found", is);
    return is;
  });
  if (found.length) found[0].scrollIntoView({block: "center", inline: "center"});
});
if (location.hash.length > 1 && byId.has(location.hash.slice(1))) show(location.hash.slice(1));
"""

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" \
content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
{svg}</main>
<aside>
<h1>{title}</h1>
<p><input type="search" placeholder="Words of an id or a title" aria-label="Search"></p>
<section id="panel-none"><p>Click a node for its formula and for all that it rests on.</p></section>
{panels}
</aside>
<script>
{script}</script>
</body>
</html>
"""
