"""What notebooks show: plain tables, escaped, whose numbers are those of the command line."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest

from symderive import Moments, Network, Spectrum, diagnose, solve
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
    return {
        "moments": moments,
        "network": NET,
        "symbolic": Network.symbolic(),
        "landscape": landscape,
        "hessian": landscape.hessian(0),
        "thresholds": thresholds(NET, Spectrum.of([1], [1])),
        "diagnosis": diagnose(NET, moments, weights),
    }


@pytest.mark.parametrize(
    "name", ["moments", "network", "symbolic", "landscape", "hessian", "thresholds", "diagnosis"]
)
def test_every_cell_is_there(records: dict[str, Any], name: str) -> None:
    record = records[name]
    shown = Cells(record._repr_html_())
    expected = [c for p in page_of(record) if isinstance(p, Table) for row in p.rows for c in row.cells]
    assert shown.cells == expected
    assert bool(expected) is (name != "symbolic")
    assert set(shown.tags) <= {"div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td"}


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
