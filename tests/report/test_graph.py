"""The graph of what rests on what: its nodes and edges, its drawing, and its page in a browser."""

import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from functools import partial

import pytest
from oracles.tools import browsed

from symderive.errors import MissingExtraError
from symderive.library.load import load
from symderive.paper.assembly import assemble
from symderive.proofs.ledger import Ledger
from symderive.report.graph import CITED, Edge, Graph, Node, graph_of
from symderive.report.graph_drawing import KINDS, require_graphviz, to_svg
from symderive.report.graph_page import to_page
from symderive.statements import Derivation, Statement, combine, derivation_at_depth
from symderive.symbols import lam

SVG = "{http://www.w3.org/2000/svg}"
NASTY = "</title><script>alert(1)</script> & \"'"


@pytest.fixture(scope="module")
def sections():
    return assemble((load("lower-bound"), load("hessian-index")), ledger=Ledger())


@pytest.fixture(scope="module")
def graph(sections):
    return graph_of(sections)


@pytest.fixture
def run(run):
    return partial(run, "derive")


def nasty_graph():
    nodes = (Node("one", "PROVED", NASTY, NASTY, "x < 1"), Node("two", CITED, NASTY, NASTY))
    return Graph(nodes, (), (Edge("two", "one", in_words=True),))


def test_edges_lead_from_what_is_used(graph):
    assert Edge("lower-bound-layers", "lower-bound") in graph.edges
    assert Edge("lower-bound", "lower-bound-layers") not in graph.edges
    assert Edge("hessian-index", "hessian-index-inertia", in_words=True) in graph.edges
    assert Edge("hessian-index", "hessian-index-inertia") not in graph.edges


def test_everything_that_is_used_is_a_node_and_every_cluster_holds_nodes(graph):
    ids = [node.id for node in graph.nodes]
    assert len(set(ids)) == len(ids)
    assert {end for edge in graph.edges for end in (edge.below, edge.above)} <= set(ids)
    assert {id_ for cluster in graph.clusters for id_ in cluster.nodes} <= set(ids)


def test_kinds_are_the_verdicts_and_cited_theorems(sections, graph):
    kinds = {node.id: node.kind for node in graph.nodes}
    for section in sections:
        for entry in section.entries:
            assert kinds[entry.id] == entry.result.verdict.name
    cited = {node.title for node in graph.nodes if node.kind == CITED}
    assert cited == {step.step.theorem for section in sections for step in section.steps}
    assert "Sylvester's law of inertia" in cited
    assert set(kinds.values()) <= set(KINDS)


def test_a_node_says_what_is_printed_of_it():
    graph = graph_of(assemble((load("decay-bound"),), ledger=Ledger()))
    assert Edge("norm-product-alive", "decay-bound", in_words=True) in graph.edges  # its display does
    node = next(node for node in graph.nodes if node.id == "decay-bound")
    assert r"\bar{\gamma} \, \lVert m \rVert^{2/(D+1)}, \quad m = (U T_{D})^{\top}" in node.tex
    assert "‖U‖²" in node.said
    assert r"Condition: $m \ne 0$" in node.details
    assert "Sum(" not in "".join(node.details)
    plain = next(node for node in graph.nodes if node.id == "am-gm")
    assert r"\lVert" not in plain.tex


def test_what_is_false_is_drawn_as_refuted():
    false = Statement(id="mine", title="Mine", left=lam + 1, right=lam, reference="nobody", proof=combine())
    mine = Derivation(id="own", title="Own", prose="", statements=(false,))
    drawn = to_svg(graph_of(assemble((mine,))))
    assert 'class="node REFUTED"' in drawn
    assert 'class="node PROVED"' not in drawn


def test_at_a_depth_no_node_uses_itself():
    special = derivation_at_depth(load("lower-bound"), 2)
    edges = graph_of(assemble((special,), ledger=Ledger())).edges
    assert Edge("lower-bound-layers", "lower-bound") in edges
    assert all(edge.below != edge.above for edge in edges)


def test_the_drawing_is_well_formed_and_has_every_node_and_edge(graph):
    root = ET.fromstring(to_svg(graph))
    nodes = {part.get("data-id"): part for part in root.iter(f"{SVG}g") if part.get("data-id")}
    assert list(nodes) == [node.id for node in graph.nodes]
    ways = [part for part in root.iter(f"{SVG}path") if part.get("data-below")]
    assert [(way.get("data-below"), way.get("data-above")) for way in ways] == [
        (edge.below, edge.above) for edge in graph.edges
    ]
    for node in graph.nodes:
        title = nodes[node.id].find(f"{SVG}title").text
        assert title.startswith(f"{node.id}: ")
        assert node.said.replace("$", "") in title


def test_with_links_every_node_is_one_and_there_is_no_legend(graph):
    links = {node.id: f"page.html?a&b#{node.id}" for node in graph.nodes}
    root = ET.fromstring(to_svg(graph, links))
    linked = {part[0].get("data-id"): part.get("href") for part in root.iter(f"{SVG}a")}
    assert linked == links
    assert "An arrow leads" not in "".join(root.itertext())
    plain = to_svg(graph)
    assert "<a " not in plain
    assert "An arrow leads" in plain


def test_arrows_begin_and_end_at_their_boxes(graph):
    """Graphviz lists edges in an order of its own."""
    root = ET.fromstring(to_svg(graph))
    boxes = {}
    for part in root.iter(f"{SVG}g"):
        if part.get("data-id"):
            box = part.find(f"{SVG}rect")
            boxes[part.get("data-id")] = [float(box.get(key)) for key in ("x", "y", "width", "height")]

    def touches(point, box):
        (x, y), (left, top, width, height) = map(float, point.split(",")), box
        return left - 3 <= x <= left + width + 3 and top - 3 <= y <= top + height + 3

    for way in root.iter(f"{SVG}path"):
        if way.get("data-below"):
            points = way.get("d").replace("M", " ").replace("C", " ").replace("L", " ").split()
            assert touches(points[0], boxes[way.get("data-below")])
            assert touches(points[-1], boxes[way.get("data-above")])
            assert not touches(points[-1], boxes[way.get("data-below")])


def test_bytes_are_the_same_every_time(graph):
    assert to_svg(graph) == to_svg(graph)
    assert to_page(graph) == to_page(graph)


def test_nothing_in_words_becomes_markup():
    for made in (to_svg(nasty_graph()), to_page(nasty_graph())):
        assert "<script>alert" not in made
        assert "&lt;script&gt;alert" in made
    ET.fromstring(to_svg(nasty_graph()))


def test_the_page_is_one_file_with_a_panel_for_each_node(graph):
    page = to_page(graph)
    for node in graph.nodes:
        assert f'<section id="panel-{node.id}" hidden>' in page
    assert "default-src 'none'" in page
    for outside in ('src="', "@import", "url(http", "<link"):
        assert outside not in page
    assert page.count("<math") >= sum(bool(node.tex) for node in graph.nodes)


@pytest.mark.browser
def test_a_click_opens_the_panel_and_marks_what_lies_below(graph, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(to_page(graph), encoding="utf-8")

    def opened(fragment):
        return browsed(page, fragment=fragment)

    dom = opened("#lower-bound")
    assert '<section id="panel-lower-bound">' in dom
    assert '<section id="panel-none" hidden="">' in dom
    assert 'class="node PROVED below" id="node-noise-second-moment"' in dom
    assert 'class="node PROVED" id="node-hessian-index"' in dom
    assert '<section id="panel-lower-bound" hidden="">' in opened("")


def test_the_command_writes_the_file(run, tmp_path):
    code, out, _ = run("diagonal-bound", "--graph", tmp_path / "mine.svg")
    assert code == 0
    assert "Written to" in out
    ET.parse(tmp_path / "mine.svg")
    code, _, _ = run("diagonal-bound", "--graph", tmp_path / "mine.html")
    assert code == 0
    assert (tmp_path / "mine.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("mine.pdf", "neither SVG nor HTML"), ("nowhere/mine.svg", "does not exist"), ("", "is empty")],
)
def test_names_that_cannot_be_written_are_refused_before_the_proofs(run, tmp_path, name, complaint):
    code, out, err = run("diagonal-bound", "--graph", tmp_path / name if name else "")
    assert (code, out) == (2, "")
    assert complaint in err


def test_a_list_of_assumptions_draws_nothing(run, tmp_path):
    code, _, err = run("diagonal-bound", "--assumptions", "--graph", tmp_path / "mine.svg")
    assert code == 2
    assert "--graph" in err
    assert not (tmp_path / "mine.svg").exists()


def test_without_pygraphviz_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    with pytest.raises(MissingExtraError, match=r"symderive\[graph\]"):
        require_graphviz()


def test_a_node_of_an_unknown_kind_has_no_place_in_the_legend():
    """The legend counts what is drawn, kind by kind."""
    graph = nasty_graph()
    assert "1 proved" in to_svg(graph)
    changed = replace(graph, nodes=(graph.nodes[0], replace(graph.nodes[1], kind="PROVED")))
    assert "2 proved" in to_svg(changed)
