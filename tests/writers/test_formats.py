"""The paper as Markdown, HTML, Typst and PDF: all statements, every number, no formula too wide."""

from __future__ import annotations

import builtins
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from symderive.errors import InputError, MissingExtraError
from symderive.library.load import load, load_all
from symderive.paper import assembly
from symderive.paper.assembly import Section, assemble
from symderive.paper.blocks import Paper
from symderive.paper.contents import contents
from symderive.paper.words import spans
from symderive.proofs.ledger import Ledger
from symderive.proofs.result import Result
from symderive.statements import Statement, Table
from symderive.verdict import Verdict
from symderive.writers import markdown as writer
from symderive.writers.convert import to_html, to_typst, typst_to_pdf
from symderive.writers.markdown import formula, markdown
from symderive.writers.tex import row_of

pytestmark = pytest.mark.slow

FIGURES = {"curvature-bounds": [("curve", "The curve $H(u)$, 50% of it")]}

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path d="M0 0L30 20"/></svg>'

#: Panics at a numbered display that leaves no room for its number; Typst itself never complains.
WIDTH_CHECK = """\
#show math.equation.where(block: true, numbering: "(1)"): it => layout(size => {
  let bare = measure(math.equation(block: true, numbering: none, it.body)).width
  if bare + 2 * measure([(100)]).width > size.width { panic("too wide") }
  it
})
"""


def believed(statement: Statement, **_: Any) -> Result:
    """A verdict without a proof: these tests are about print."""
    return Result(statement.id, Verdict.PROVED, "exact algebra", (), 20, 50)


def plain(sections: tuple[Section, ...], figures: Any = None) -> Paper:
    """A paper without a main text."""
    return contents(sections, digits=50, figures=figures)


@pytest.fixture(scope="module", params=[20, pytest.param(1, marks=pytest.mark.ci)], ids=["some", "all"])
def sections(request: pytest.FixtureRequest) -> Iterator[tuple[Section, ...]]:
    """A few derivations, in CI every one, believed; formulas are kept for this run."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assembly, "prove", believed)
        # The curve is a figure of curvature-bounds.
        chosen = [x for at, x in enumerate(load_all()) if at % request.param == 0 or x.id in FIGURES]
        yield assemble(tuple(chosen), ledger=Ledger())


@pytest.fixture(scope="module")
def text(sections: tuple[Section, ...]) -> str:
    return markdown(plain(sections, FIGURES))


@pytest.fixture(scope="module")
def short() -> str:
    """A paper of one section, truly proved."""
    return markdown(plain(assemble((load("diagonal-bound"),))))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "curve.svg").write_text(SVG)
    return tmp_path


# Markdown ------------------------------------------------------------------------------------------


@pytest.mark.ci
def test_every_statement_has_an_anchor_and_a_number(sections: tuple[Section, ...], text: str) -> None:
    ids = [item.id for section in sections for item in section.items]
    assert len(ids) >= 30
    assert [f'<a id="eq-{name}"></a>' in text for name in ids] == [True] * len(ids)
    numbers = [int(number) for number in re.findall(r"\\tag\{(\d+)\}", text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > len(ids)  # definitions are numbered too


def test_references_point_at_the_equation_that_they_name(text: str) -> None:
    references = set(re.findall(r"\[\((\d+)\)\]\(#([a-z0-9-]+)\)", text))
    assert len(references) >= 3
    for number, anchor in references:
        after = text[text.index(f'<a id="{anchor}"></a>') :]
        assert re.search(r"\\tag\{(\d+)\}", after)[1] == number  # type: ignore[index]


def test_the_numbers_are_those_of_the_tex(sections: tuple[Section, ...], text: str) -> None:
    from symderive.writers.style import Style
    from symderive.writers.tex import document

    source = document(plain(sections), Style())
    # a definition writes its two displays in place, a statement inputs one
    displays = re.findall(r"\\begin\{equation\}|\\begin\{align\}|\\input\{equations/([a-z0-9-]+)\}", source)
    for number, name in enumerate(displays, 1):
        if name:
            assert f'"eq-{name}"' in text
            after = text[text.index(f'"eq-{name}"') :]
            assert re.search(r"\\tag\{(\d+)\}", after)[1] == str(number)  # type: ignore[index]


def test_each_formula_is_there_unbroken(sections: tuple[Section, ...], text: str) -> None:
    lines = set(text.splitlines())
    for section in sections:
        for item in section.items:
            row = row_of(item)
            note = rf" \quad \text{{({row.note})}}" if row.note else ""
            assert any(line.startswith(f"{formula(row.tex)}.{note} \\tag") for line in lines), item.id


def test_tables_figures_and_words(text: str) -> None:
    notation = text[text.index("## Notation") : text.index("</a>1.")]
    first, *_, last = (block for block in notation.split("\n\n") if block.startswith("|"))
    assert {line.count("|") for line in first.splitlines()} == {5}
    assert {line.count("|") for line in last.splitlines()} == {4}, "of displays"
    assert "| `ridge` |" in text
    anchor = '<a id="fig-figure-curve"></a>'
    assert f"![Figure 1](figures/curve.svg)\\\n**{anchor}Figure 1.** The curve $`H(u)`$, 50% of it" in text
    assert "Cauchy–Schwarz" in text


TABLE = Table(("ridge $\\lambda$", "kind"), (("$1/2$", "100% a saddle"), ("$\\infty$", "origin | minimum")))


def tabulated() -> tuple[Section, ...]:
    """A section with a table, its statement believed."""
    derivation = replace(load("diagonal-bound"), tables=(("What is at $\\rho = 1$.", lambda: TABLE),))
    return assemble((derivation,))


def test_a_table_is_printed() -> None:
    from symderive.writers.style import Style
    from symderive.writers.tex import document

    source = document(plain(tabulated()), Style())
    assert "$1/2$ & 100\\% a saddle \\\\" in source
    assert r"\caption{What is at $\rho = 1$.}" in source
    assert r"\begin{table*}" in document(plain(tabulated()), Style("revtex"))
    text = markdown(plain(tabulated()))
    anchor = '<a id="tab-table-diagonal-bound-1"></a>'
    assert f"**{anchor}Table 1.** What is at $`\\rho = 1`$.\n\n" in text
    assert "\n\n| ridge $`\\lambda`$ | kind |\n|---|---|\n" in text
    assert r"| $`\infty`$ | origin \| minimum |" in text


@pytest.mark.pdf
def test_a_table_converts(folder: Path) -> None:
    text = markdown(plain(tabulated()))
    html, source = to_html(text), to_typst(text)
    assert "<td>100% a saddle</td>" in html
    assert "origin | minimum" in html
    assert "[100% a saddle]" in source
    assert "Table 1." in html
    assert "Table 1." in source
    assert typst_to_pdf(source, folder).startswith(b"%PDF")


def test_a_table_with_a_cell_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 3 cells for 2 columns"):
        Table(("a", "b"), (("1", "2"), ("1", "2", "3")))


def test_a_verdict_short_of_proved_is_marked(short: str) -> None:
    (section,) = assemble((load("diagonal-bound"),))
    (item,) = section.items
    assert "**[" not in short
    for verdict, mark in ((Verdict.CHECKED, "tested only"), (Verdict.REFUTED, "REFUTED")):
        result = replace(item.result, verdict=verdict, reason="x_1 < *y*")
        marked = markdown(plain((replace(section, entries=(replace(item, result=result),)),)))
        assert f"**[{mark}]**" in marked
        assert r"(x 1 \< \*y\*.)" in marked


def test_tex_commands_among_words_are_refused() -> None:
    derivation = replace(load("diagonal-bound"), prose=r"An \input{x} of sorts.")
    with pytest.raises(InputError, match="between dollar signs"):
        markdown(plain(assemble((derivation,))))


def test_no_backslash_of_a_formula_is_one_of_markdown(text: str) -> None:
    """GitHub drops it between bare dollars before a sign: all formulas are code."""
    outside = re.sub(r"```math\n.*?\n```|\$`[^`]*`\$|`[^`]*`", "", text, flags=re.DOTALL)
    assert "$" not in outside.replace(r"\$", "")
    assert not re.search(r"\\[A-Za-z,;!{}]", outside)
    assert text.count("```math\n") == text.count(r"\tag{") > 30
    assert re.search(r"\$`[^`]*\\[,{]", text), "there are such formulas"
    assert "|" not in "".join(re.findall(r"\$`([^`]*)`\$", text))


def test_signs_of_markdown_stay_words() -> None:
    assert writer.plain("a*b and `c` < d_e") == r"a\*b and \`c\` \< d\_e"
    assert "".join(x.text for x in spans("``so'' 5% -- yes")) == "“so” 5% – yes"  # type: ignore[union-attr]


# HTML ----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a page links to and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids |= {found["id"]} if found.get("id") else set()  # type: ignore[arg-type]
        self.links += [found["href"][1:]] if tag == "a" and found.get("href") else []  # type: ignore[index]


@pytest.mark.ci
@pytest.mark.pdf
def test_all_statements_convert_to_mathml(text: str) -> None:
    html = to_html(text)
    page = Page(html)
    displays = text.count(r"\tag{")
    assert html.count('<math display="block"') == displays
    assert html.count('<span class="number">') == displays
    assert page.links
    assert set(page.links) <= page.ids
    assert "$" not in html
    assert r"\tag" not in html
    assert '<img src="figures/curve.svg"' in html
    assert html == to_html(text)


# Typst ---------------------------------------------------------------------------------------------


@pytest.mark.ci
@pytest.mark.pdf
def test_all_statements_convert_to_typst_and_fit_the_page(text: str, folder: Path) -> None:
    source = to_typst(text)
    assert "#link(<eq-" in source
    made = typst_to_pdf(WIDTH_CHECK + source, folder)
    assert made.startswith(b"%PDF")


@pytest.mark.pdf
def test_an_unbroken_formula_does_not_fit(folder: Path) -> None:
    head = '#set page(width: 200pt)\n#set math.equation(numbering: "(1)")\n'
    wide = " + ".join(["x_1"] * 20)
    assert typst_to_pdf(f"{WIDTH_CHECK}{head}$ x_1 $\n", folder)
    with pytest.raises(InputError, match="too wide"):
        typst_to_pdf(f"{WIDTH_CHECK}{head}$ {wide} $\n", folder)


@pytest.mark.pdf
def test_the_pdf_is_the_same_every_time(short: str, folder: Path) -> None:
    first = typst_to_pdf(to_typst(short), folder)
    time.sleep(1.1)  # a date in it would differ
    assert typst_to_pdf(to_typst(short), folder) == first


@pytest.mark.pdf
@pytest.mark.parametrize(
    "formula",
    ["a = " + "9" * 80, "a = " + " + ".join(rf"\frac{{{at}}}{{x}}" for at in range(100, 260))],
    ids=["a long integer", "many rows"],
)
def test_what_no_line_or_page_holds_is_set_smaller_or_broken(formula: str, folder: Path) -> None:
    source = to_typst(f"$$\n{formula}. \\tag{{1}}\n$$\n")
    assert "#[#" in source
    assert typst_to_pdf(WIDTH_CHECK + source, folder)


@pytest.mark.pdf
def test_what_fits_in_no_size_is_refused() -> None:
    with pytest.raises(InputError, match="give it a name"):
        to_typst(f"$$\na = {'9' * 400}. \\tag{{1}}\n$$\n")


# Faults --------------------------------------------------------------------------------------------


@pytest.mark.pdf
@pytest.mark.parametrize("tex", [r"\foo{x}", r"\begin{nope} x \end{nope}"])
def test_tex_that_pandoc_does_not_know_is_an_error(tex: str) -> None:
    for convert in (to_html, to_typst):
        with pytest.raises(InputError, match="pandoc could not convert"):
            convert(f"Here ${tex}$ stands.\n")


@pytest.mark.pdf
def test_typst_names_its_complaint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="unknown variable"):
        typst_to_pdf("#nonsense", tmp_path)


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = builtins.__import__

    def absent(name: str, *rest: Any) -> Any:
        if name in ("pypandoc", "typst"):
            raise ImportError(name)
        return found(name, *rest)

    monkeypatch.setattr(builtins, "__import__", absent)
    for call in (lambda: to_html("x"), lambda: to_typst("x"), lambda: typst_to_pdf("x", tmp_path)):
        with pytest.raises(MissingExtraError, match=re.escape('pip install "symderive[pdf]"')):
            call()
