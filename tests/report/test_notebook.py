"""What notebooks show: plain tables, escaped, whose numbers are those of the command line."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from symderive import (
    Moments,
    Network,
    OutputMoments,
    Rows,
    Spectrum,
    diagnose,
    predict_collapse,
    prox,
    rank_staircase,
    root_counts,
    solve,
    starting_scales,
    take_census,
)
from symderive.report.landscape import landscape_page
from symderive.report.notebook import page_of
from symderive.report.page import Table
from symderive.thresholds.thresholds import thresholds

NET = Network(1, widths=2, decays=["1/100", "1/300"], noise="1/7")
X, Y = [[1, 0], [0, 3], [2, 2]], [1, 2, 5]


class Cells(HTMLParser):
    """The cells of all tables, and the tags that occur."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        assert all(name in ("style", "class") for name, _ in attrs)
        if tag != "br":
            self.open.append(tag)
        if tag == "td":
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "td":
            self.cells[-1] += data


@pytest.fixture(scope="module")
def records() -> dict[str, Any]:
    moments = Moments.from_samples(X, Y, center=True)
    landscape = solve(NET, moments)
    weights = [np.ones((2, 2)), np.ones((1, 2))]
    one, deep = Spectrum.of([1], [1]), Network(2, widths=2, decays="1/10")
    outputs = OutputMoments.given([[2, 1], [1, 2]], [[1, 0], [0, 1]], 3)
    two = Network(1, widths=2, decays="1/10", outputs=2)
    prediction = predict_collapse(
        Network(2, widths=2, decays=4), Rows.from_samples(X, Y), "xavier", activation="relu"
    )
    return {
        "moments": moments,
        "network": NET,
        "symbolic": Network.symbolic(),
        "letters": Network.symbolic(2),
        "landscape": landscape,
        "point": landscape.points[0],
        "global minimum": landscape.global_minimum,
        "hessian": landscape.hessian(0),
        "block": landscape.hessian(0).blocks[0],
        "verification": landscape.verify(),
        "layers": landscape.layers(0),
        "layers at depth 0": solve(Network(0, decays=1), moments).layers(0),
        "thresholds": thresholds(NET, one),
        "diagnosis": diagnose(NET, moments, weights),
        "spectrum": one,
        "long spectrum": Spectrum.of(range(1, 30), [1] * 29),
        "basin": starting_scales(deep, one),
        "counts": root_counts(deep, one, digits=10),
        "census": take_census(Network(1, widths=2, decays="1/5"), Moments.given([[1]], [1], 1)),
        "number": prox(2, "1/2", power="1/2"),
        "vector": prox([3, 4], 1, depth=3),
        "output moments": outputs,
        "standardized outputs": OutputMoments.from_samples(X, [[1, 2], [0, 1], [5, 5]], standardize=True),
        "closed": solve(Network(2, widths=2, decays="1/10", outputs=2), outputs.whiten()),
        "dropout": solve(Network(1, widths=2, decays="1/10", noise=1, outputs=2), outputs.whiten()),
        "convex": solve(two, outputs),
        "staircase": rank_staircase(two, outputs.whiten()),
        "rows": Rows.from_samples(X, Y),
        "prediction": prediction,
        "barrier": prediction.barrier,
    }


#: What shows sentences alone, as there is nothing to list.
WORDS = {"convex"}


def test_every_cell_is_there(records: dict[str, Any]) -> None:
    for name, record in records.items():
        shown = Cells(record._repr_html_())
        expected = [c for p in page_of(record) if isinstance(p, Table) for row in p.rows for c in row.cells]
        assert shown.cells == expected, name
        assert bool(expected) is (name not in WORDS), name
        assert set(shown.tags) <= {"div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td"}


def test_none_is_a_raw_record(records: dict[str, Any]) -> None:
    """Neither in HTML nor where a text is all that is shown: no class of FLINT, no fraction by its name."""
    for name, record in records.items():
        for text in (record._repr_html_(), repr(record)):
            assert "Fraction(" not in text, name
            assert "+/-" not in text, name
        assert len(repr(record)) < 700, name
    assert "Fraction(" in repr(records["hessian"].blocks[0].eigenvalues) + repr(
        records["landscape"].equation
    )


def test_letters_are_those_of_the_paper(records: dict[str, Any]) -> None:
    cells = Cells(records["letters"]._repr_html_()).cells
    assert cells == ["W1", "d_1", "γ_1", "σ_1²", "W2", "d_2", "γ_2", "σ_2²", "U", "1", "γ_u", ""]
    assert Cells(records["symbolic"]._repr_html_()).cells[:4] == ["W_i, i = 1 … D", "d_i", "γ_i", "σ_i²"]


def test_layers_have_the_norms_of_their_arrays(records: dict[str, Any]) -> None:
    for name in ("layers", "layers at depth 0"):
        layers = records[name]
        cells = Cells(layers._repr_html_()).cells
        arrays = {key: np.atleast_2d(array) for key, array in layers.floats().items()}
        assert cells[::3] == [*arrays]
        assert cells[1::3] == [" × ".join(map(str, array.shape)) for array in arrays.values()]
        assert [float(x) for x in cells[2::3]] == pytest.approx(
            [np.linalg.norm(a) for a in arrays.values()]
        )


def test_other_noise_is_told() -> None:
    net = Network(1, widths=4, decays=1, noise=1, groups=2, bias=True)
    assert "groups of neurons 2, a free output bias" in net._repr_html_()
    assert "Also" not in NET._repr_html_()
    wide = Network(60, widths=2, decays=1)
    cells = Cells(wide._repr_html_()).cells
    assert "…" in cells
    assert cells[-4] == "U"
    assert len(cells) < 4 * 30


def test_a_landscape_is_that_of_the_command_line(records: dict[str, Any]) -> None:
    landscape = records["landscape"]
    assert page_of(landscape) == landscape_page(landscape)


def test_names_are_escaped_and_counted() -> None:
    names = ["<script>alert(1)</script>", "a & b", *(f"x{i}" for i in range(20))]
    rows = np.vstack([np.eye(22, dtype=int), np.ones((3, 22), dtype=int)])
    moments = Moments.from_samples(rows, np.arange(25), features=names)
    html = moments._repr_html_()
    assert "<script" not in html
    assert "22: &lt;script&gt;alert(1)&lt;/script&gt;, a &amp; b, x0" in html
    assert "x9 and 10 more" in html
    assert re.search("samples.*</td><td[^>]*>25</td>", html)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "as they are"),
        ({"center": True}, ">centered<"),
        ({"standardize": True}, "divided by their standard deviations"),
    ],
)
def test_the_treatment_is_told(options: dict[str, bool], said: str) -> None:
    assert said in Moments.from_samples(X, Y, **options)._repr_html_()


def test_short_numbers_are_exact_and_long_ones_decimal() -> None:
    cells = Cells(Network(1, widths=2, decays=["1/3", "1/30000000000000"])._repr_html_()).cells
    assert cells == ["W1", "2", "1/3", "0", "U", "1", "3.3333333e-14", ""]


def test_what_is_not_known_says_itself() -> None:
    assert page_of(3)[0].text == "3"
