"""Pages on terminals of any width and encoding: no digit is cut, and what is left out is named."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

import pytest

from symderive import Moments, Network, Spectrum, solve
from symderive.export.check.check import Check
from symderive.report.ascii import SPELLINGS, is_encodable, spelled
from symderive.report.drawn import drawn
from symderive.report.export_check import check_page
from symderive.report.html import to_html
from symderive.report.landscape import landscape_page
from symderive.report.page import Column, Line, Page, Row, Table
from symderive.report.sweep import sweep_table
from symderive.report.thresholds import threshold_page
from symderive.sweeps.grid import Grid
from symderive.sweeps.sweep import solve_grid
from symderive.thresholds.thresholds import thresholds

LEFT_OUT = "Columns left out: "


def faults(page: Page, text: str, width: int) -> list[str]:
    """What a reader of a drawn page misses: cells neither whole nor named, words, short lines."""
    found = []
    words = text.replace("\n", " ").split()
    lines = text.split("\n")
    for part in page:
        if isinstance(part, Line):
            wanted = part.text.split()
            found += [f"lost: {word}" for word in wanted if word not in words]
            continue
        said = " ".join(words).partition(LEFT_OUT)[2].partition(f". {part.whole} or")[0]
        out = [column for column in part.columns if column.name in said.split("; ") and said]
        cells = [[cell.strip() for cell in re.split("[│|]", line)[1:-1]] for line in lines]
        for row in part.rows:
            pairs = list(zip(row.cells, part.columns, strict=True))
            kept = [cell.strip() for cell, column in pairs if column not in out]
            in_table = kept in cells
            in_list = all(f"  {column.name}: {cell}" in lines for cell, column in pairs[1:] if cell)
            if not (in_table or in_list):
                found.append(f"cut: {row.cells}")
        if out and not any(re.search("[│|]", line) for line in lines):
            found.append("left out of a list")
    found += [f"too long: {line}" for line in lines if len(line) > width and re.search("[│|┃]", line)]
    found += [
        f"too long: {line}"
        for line in lines
        if len(line) > width and " " in line.strip() and not line.startswith(("  ", "point "))
    ]
    return found


def random_tables(seed: int) -> Iterator[Table]:
    """Numbers with exponents of all lengths under titles of one or two lines."""
    chance = random.Random(seed)
    for count in (1, 2, 4, 7, 12):
        columns = [Column("name", right=False)]
        columns += [
            Column(f"column\n{i}" if chance.random() < 0.4 else f"c{i}", rank=chance.choice([0, i]))
            for i in range(1, count)
        ]
        rows = []
        for r in range(chance.randint(1, 4)):
            numbers = (f"{chance.uniform(-1, 1):.8g}e{chance.randint(-300, 300)}" for _ in columns[1:])
            rows.append(Row((f"row{r}", *numbers), chance.choice(["", "green"])))
        yield Table.of(columns, rows)


@pytest.fixture(scope="module")
def pages() -> list[Page]:
    """What solve, phase and export --check print, with numbers of extreme exponents."""
    net = Network(2, widths=3, decays="1/1000000", noise="1/3")
    data = Spectrum.of(["1e-7", 3, "1e9"], ["1e-9", "1/5", "1e3"], "1e12")
    moments = Moments.given([["1e-7", 0], [0, "1e9"]], ["1e-9", "1e3"], "1e12")
    landscape = solve(net, moments)
    grid = Grid.of({"decay": ["1e-6", "1e-2", 10]}, depth=2, width=3, noise=1)
    worst = {(group, name): 1.5e-300 for group in ("plain", "extreme", "data", "refused") for name in "abc"}
    check = Check("c", "C", 3, 9, worst, dict.fromkeys("abc", 2.0), ())
    return [
        landscape_page(landscape, landscape.verify()),
        threshold_page(thresholds(net, data)),
        (sweep_table(grid, solve_grid(grid, data), 1e12),),
        check_page(check),
    ]


@pytest.mark.parametrize("width", [*range(40, 70, 5), 72, 80, 100, 120, 140, 200])
def test_no_digit_is_cut(pages: list[Page], width: int) -> None:
    for page in pages:
        assert faults(page, drawn(page, width=width), width) == []


def test_no_digit_of_a_random_table_is_cut() -> None:
    for seed in range(12):
        for table in random_tables(seed):
            for width in (20, 40, 60, 61, 80, 130, 200):
                assert faults((table,), drawn((table,), width=width), width) == []


def test_everything_is_there_without_a_width(pages: list[Page]) -> None:
    for page in pages:
        text = drawn(page)
        assert faults(page, text, 10**6) == []
        assert LEFT_OUT not in text


@pytest.mark.parametrize("damage", ["cut", "unnamed", "folded", "long"])
def test_a_damaged_page_is_found(pages: list[Page], damage: str) -> None:
    page, width = pages[0], 70
    text = drawn(page, width=width)
    assert LEFT_OUT in text
    damaged = {
        "cut": "\n".join(line[:-4] + "…" if len(line) > 50 else line for line in text.split("\n")),
        "unnamed": text.replace(LEFT_OUT, "Columns there: "),
        "folded": re.sub(r"e(-?\d)", r"\ne\1", text),
        "long": drawn(page),
    }[damage]
    assert faults(page, damaged, width)


def test_the_least_important_column_goes_first() -> None:
    columns = (Column("a"), Column("b", rank=2), Column("c", rank=1), Column("d", right=False))
    table = Table.of(columns, [("1", "2" * 9, "3" * 9, "4")])
    assert "│ 1 │ 222222222 │ 333333333 │ 4 │" in drawn((table,), width=33)
    text = drawn((table,), width=32)
    assert "│ 1 │ 333333333 │ 4 │" in text
    assert "Columns left out: b. --json" in text.replace("\n", " ")
    assert drawn((table,), width=8).split("\n") == ["a 1", "  b: 222222222", "  c: 333333333", "  d: 4"]


def test_a_word_longer_than_the_line_stays_whole() -> None:
    number = "0." + "123456789" * 12
    assert drawn((Line(f"with loss {number}."),), width=40).split("\n") == ["with loss", f"{number}."]


def test_color_is_for_terminals_and_changes_no_letter() -> None:
    page = (Line("title", "bold"), Table.of([Column("a")], [Row(("1",), "green")]))
    colored = drawn(page, color=True)
    assert "\x1b[" not in drawn(page)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == drawn(page)


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "cp437", "koi8-r", "shift_jis"])
def test_any_encoding_holds_a_page(pages: list[Page], encoding: str) -> None:
    for page in pages:
        for width in (60, 140):
            text = drawn(page, width=width, encoding=encoding)
            assert is_encodable(text, encoding)
            assert "\\u" not in text
            columns = {len(line) for line in text.split("\n") if line.startswith(("|", "+", "│"))}
            assert len(columns) <= 1  # the borders stand above each other


def test_letters_are_spelled_and_the_rest_is_escaped() -> None:
    assert spelled("ρ Λ Σ", "ascii") == "rho Lambda Sigma"
    assert spelled("‖m‖² → ∞", "cp1252") == "|m|² -> inf"
    assert spelled("日本.csv", "ascii") == "\\u65e5\\u672c.csv"
    assert spelled("a\udcff", "utf-8") == "a\\udcff"
    assert all(is_encodable(text, "ascii") for text in SPELLINGS.values())
    with pytest.raises(UnicodeDecodeError):
        b"\xff".decode("ascii", "symderive.spelled")


def test_html_is_whole_and_escaped() -> None:
    moments = Moments.from_samples([[1, 0], [0, 3], [2, 2]], [1, 2, 5])
    landscape = solve(Network(1, widths=2, decays="0.01"), moments)
    page = (Line("<script>alert(1)</script> & more"), *landscape_page(landscape))
    html = to_html(page)
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
    for part in page:
        cells = [cell for row in part.rows for cell in row.cells] if isinstance(part, Table) else []
        assert all(f">{cell}</td>" in html for cell in cells)
