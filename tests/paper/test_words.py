"""Text that anybody may write, in every format: no command runs, no markup comes through."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from symderive.errors import InputError
from symderive.library.load import load
from symderive.paper.assembly import assemble
from symderive.paper.bibliography import works
from symderive.paper.contents import contents
from symderive.paper.words import Citation, Code, Maths, Reference, Words, spans, to_tex
from symderive.writers.convert import to_html, to_typst
from symderive.writers.markdown import markdown
from symderive.writers.report import report


def test_spans() -> None:
    text = "By [[one, other]] and [@ziyin2022; @baldi] ``x'' is `a_b`, n ≥ 1 -- 5%"
    with pytest.raises(InputError, match="reference"):
        to_tex(text)
    found = spans(text.replace(";", ","))
    assert Reference(("one", "other")) in found
    assert Citation(("ziyin2022", "baldi")) in found
    assert Code("a_b") in found
    assert Maths(r"\ge") in found
    assert found[-1] == Words(" 1 – 5%")


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("a $x_1 < 2$, 5% & more", r"a $x_1 < 2$, 5\% \& more"),
        ("`a-b_c`", r"\texttt{a-\allowbreak{}b\_\allowbreak{}c}"),
        ("<b>", r"\textless{}b\textgreater{}"),
        ("$5 % of #1$", r"$5 \% of \#1$"),
        (
            r"$\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$",
            r"$\begin{pmatrix} 1 & 0 \\ 0 & 1 \end{pmatrix}$",
        ),
    ],
)
def test_words_become_tex(text: str, tex: str) -> None:
    assert to_tex(text) == tex


@pytest.mark.parametrize(
    "command",
    [
        r"\input{/etc/passwd}",
        r"\include{x}",
        r"\write18{ls}",
        r"\immediate\write18{ls}",
        r"\openout1=x",
        r"\openin1=x",
        r"\catcode`\@=11",
        r"\def\x{}",
        r"\let\x\y",
        r"\csname input\endcsname",
        r"\special{x}",
        r"\newcommand{\x}{}",
        r"\begin{input}{x}\end{input}",
        r"\begin {filecontents}x\end{filecontents}",
        r"^^5cinput{x}",
        r"\href{javascript:x}{y}",
        r"\usepackage{x}",
        r"\@@input x",
        r"\directlua{x}",
        r"\verb|x|",
        "x\\",
    ],
)
def test_hostile_commands_are_refused_and_named(command: str) -> None:
    with pytest.raises(InputError, match=r"which prose may not use|which stands for hidden signs") as found:
        to_tex(f"So ${command}$ is.")
    assert "\n" not in str(found.value)
    with pytest.raises(InputError):
        to_tex(f"So {command} is.")


@pytest.mark.parametrize("text", [r"\input{x}", "{x}", "x \\ y"])
def test_words_hold_no_tex(text: str) -> None:
    with pytest.raises(InputError, match="hold TeX; put it between dollar signs"):
        spans(text)


HOSTILE = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> [here](javascript:alert(1)) "
    "![x](javascript:alert(2)) <javascript:alert(3)> &lt;script&gt; $a <script>alert(4)</script>$ "
    "$[x](javascript:alert(5))$ # head * item | cell [x]: javascript:alert(6) `<script>`"
)


class Tags(HTMLParser):
    """The elements of a page, and where its attributes lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.values: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        self.values += [f"{name}={value}" for name, value in attrs]


def hostile() -> str:
    """A paper with hostile words in every place that holds words, as Markdown."""
    derivation = load("diagonal-bound")
    (statement,) = derivation.statements
    mine = replace(
        derivation,
        title=HOSTILE,
        prose=HOSTILE,
        statements=(replace(statement, title=HOSTILE, prose=HOSTILE, display=None, conditions=(HOSTILE,)),),
    )
    sections = assemble((mine,))
    paper = contents(sections, digits=50)
    return markdown(paper) + report(sections)


@pytest.mark.pdf
def test_markup_stays_words() -> None:
    text = hostile()
    tags = Tags(to_html(text))
    assert "script" not in tags.found
    assert "img" not in tags.found
    assert not [value for value in tags.values if "javascript" in value or value.startswith("on")]
    assert '#link("javascript' not in to_typst(text)


@pytest.mark.pdf
def test_the_test_of_markup_can_fail() -> None:
    tags = Tags(to_html("[here](javascript:alert(1)) <script>alert(1)</script>"))
    assert "script" in tags.found
    assert [value for value in tags.values if "javascript" in value]


def test_raw_markup_is_in_no_markdown() -> None:
    """Even for a reader that knows no formulas: every sign that begins markup has a backslash before it."""
    text = hostile()
    assert not re.search(r"(?<!\\)\]\(javascript", text)
    without_code = text.replace("`<script>`", "").replace(r"\<", "")
    assert "<script" not in without_code
    assert "<img" not in without_code


# -- references --------------------------------------------------------------------------------------------

GOOD = r"""@article{good, author = {Erd\H{o}s, P{\'a}l and Hans M\"uller}, title = "{On} {$L^2$} & more",
  journal = {J. Ex.}, volume = 3, pages = {1--2}, year = 1999}"""


def test_a_reference_is_read_and_written() -> None:
    (work,) = works((("good", GOOD.replace("&", r"\&")),))
    assert work.line() == "Pál Erdős, Hans Müller. On L^2 & more. J. Ex., 3, 1–2. 1999."
    assert works((("good", work.bibtex()),)) == (work,)


def test_references_are_in_the_order_of_names() -> None:
    entries = [
        (key, f"@misc{{{key}, author = {{{key.title()}, A.}}, year = 2000}}") for key in ("zz", "ab")
    ]
    assert [work.key for work in works(entries)] == ["ab", "zz"]


@pytest.mark.parametrize(
    "entry",
    [
        "nothing",
        "@article{other, title = {x}}",
        "@preamble{good, title = {x}}",
        r"@article{good, title = {\input{x}}}",
        r"@article{good, title = {x^^5cinput}}",
        "@article{good, title = {x}",
        "@article{good, title = {é}}",
        "@article{good, title {x}}",
    ],
)
def test_a_hostile_reference_is_refused(entry: str) -> None:
    with pytest.raises(InputError, match="the reference 'good'"):
        works((("good", entry),))
