"""TeX and KaTeX as the last judges: every fragment, every width, whole documents in four classes."""

from __future__ import annotations

import re
from typing import Any

import pytest
from oracles.latex_corpus import equations, matrices, scalars
from oracles.latex_specification import REPAIRED, SPECIFICATION
from oracles.sampled import fewer, some

from symderive.errors import InputError, MissingExtraError
from symderive.latex import WIDTHS, Typeset, equation, typeset
from symderive.latex import equations as display
from symderive.latex.check import TexReport, compile_tex, findings, katex_errors, tex_errors
from symderive.latex.layout import SAFETY
from symderive.latex.metrics import width

#: The glyph table may overestimate, for stretched delimiters and tables, by this much.
LOOSEST = 0.75

COLUMNS = (246.0, 345.0, 397.5)

#: How many long equations there are.
LONG = fewer(14, 40)


pytestmark = [pytest.mark.tex, pytest.mark.slow]


@pytest.fixture(scope="module")
def shown() -> list[Typeset]:
    """The specification and random expressions."""
    rows = [typeset(row[0]) for row in (*SPECIFICATION, *REPAIRED)]
    return rows + [
        typeset(found) for found in (*scalars(fewer(60, 300), 31), *matrices(fewer(20, 100), 32))
    ]


@pytest.fixture(scope="module")
def long() -> list[Any]:
    """(expression, typeset) of equations that need several lines in any column."""
    found = [(expression, typeset(expression)) for expression in equations(2 * LONG, 33)]
    return [(expression, row) for expression, row in found if width(row.tex) > 2 * max(COLUMNS)][:LONG]


def breakable(tex: str, column: str | float) -> str | None:
    try:
        return equation(tex, width=column, end=".")
    except InputError:
        return None


def test_tex_accepts_every_fragment(shown: list[Typeset]) -> None:
    displays = [text for row in shown if (text := breakable(row.tex, "article"))]
    assert len(displays) >= 0.99 * len(shown)
    assert [fault for fault in tex_errors(displays) if fault] == []


@pytest.mark.parametrize("column", some(COLUMNS, 2, ci=1))
def test_long_equations_do_not_run_into_the_margin(long: list[Any], column: float) -> None:
    displays = [equation(row.tex, width=column, end=".") for _, row in long]
    assert len(displays) == LONG
    assert [fault for fault in tex_errors(displays, width=column) if fault] == []


def test_the_same_equations_unbroken_do(long: list[Any]) -> None:
    displays = [f"\\begin{{equation}}{row.tex}\\end{{equation}}" for _, row in long]
    faults = tex_errors(displays, width=345.0)
    assert all(fault and "Overfull" in fault for fault in faults)


def test_the_glyph_table_agrees_with_tex(shown: list[Typeset]) -> None:
    boxes = "\n".join(
        rf"\setbox0\hbox{{$\displaystyle {row.tex}$}}\typeout{{WIDTH \the\wd0}}" for row in shown
    )
    head = r"\documentclass{article}\usepackage{amsmath,amssymb}\begin{document}x"
    source = head + boxes + r"\end{document}"
    measured = [float(points) for points in re.findall(r"WIDTH ([\d.]+)pt", compile_tex(source).log)]
    assert len(measured) == len(shown)
    ratios = [points / width(row.tex) for points, row in zip(measured, shown, strict=True)]
    assert max(ratios) <= SAFETY
    assert min(ratios) >= LOOSEST
    assert 0.95 <= sorted(ratios)[len(ratios) // 2] <= 1.0


def test_planted_errors_are_found_and_located() -> None:
    wide = " + ".join(["x_{1}"] * 60)
    bodies = ["a = b", r"\foo", "a", "a^{2}^{3}", wide, r"\frac{1}{2", "b", r"\eqref{eq:none}"]
    displays = [f"\\begin{{equation}}{body}\\end{{equation}}" for body in bodies]
    faults = tex_errors(displays)
    assert [bool(fault) for fault in faults[:5]] == [False, True, False, True, True]
    assert "Undefined control sequence" in str(faults[1])
    assert "Double superscript" in str(faults[3])
    assert "Overfull" in str(faults[4])
    assert faults[5]
    assert "undefined" in str(tex_errors(displays[-1:])[0])


def test_tex_cannot_reach_the_shell_or_the_disk() -> None:
    report = compile_tex(
        r"\documentclass{article}\begin{document}x\typeout{SHELL \the\pdfshellescape}"
        r"\openin1=/etc/passwd \ifeof1 \typeout{CLOSED}\else\typeout{OPEN}\fi\end{document}"
    )
    assert "CLOSED" in report.log
    assert "SHELL 0" in report.log


# Whole documents -----------------------------------------------------------------------------------

DOCUMENTS = {
    "article": (r"\documentclass{article}", "", r"\title{T}\author{A}"),
    "article11": (r"\documentclass[11pt]{article}", "", r"\title{T}\author{A}"),
    "article12": (r"\documentclass[12pt]{article}", "", r"\title{T}\author{A}"),
    "amsart": (r"\documentclass{amsart}", "", r"\title{T}\author{A}"),
    "ieee": (r"\documentclass[conference]{IEEEtran}", "", r"\title{T}\author{A}"),
    "revtex": (r"\documentclass[prl,twocolumn,aps]{revtex4-2}", r"\title{T}\author{A}", ""),
}


def document(name: str, long: list[Any], column: str) -> TexReport:
    """A paper of the class ``name`` whose equations are laid out for ``column`` and referred to."""
    head, after, before = DOCUMENTS[name]
    body = []
    for index, (_, row) in enumerate(long[:12]):
        label = f"eq:test:{index}"
        body.append(
            f"By (\\ref{{{label}}}) we have\n{equation(row.tex, width=column, label=label, end='.')}\n"
        )
    short = [(typeset(SPECIFICATION[index][0]).tex, f"eq:s:{index}") for index in range(6)]
    body.append(f"Also, see (\\ref{{eq:s:5}}),\n{display(short, width=column, end='.')}\n")
    fonts = r"\usepackage[T1]{fontenc}\usepackage{lmodern,amsmath,amssymb,microtype,hyperref}"
    source = (
        f"{head}{fonts}{before}\\begin{{document}}{after}\\maketitle\n"
        "Some text.\n" + "\n".join(body) + "\\typeout{COLUMN \\the\\columnwidth}\n\\end{document}\n"
    )
    return compile_tex(source, runs=2)


@pytest.mark.parametrize("name", some(DOCUMENTS, 4, 1, ci=1))
def test_a_paper_compiles_without_a_complaint(name: str, long: list[Any]) -> None:
    report = document(name, long, name)
    assert report.errors == report.overfull == report.undefined == ()
    assert report.clean
    points = re.search(r"COLUMN ([\d.]+)pt", report.log)
    assert points is not None
    assert float(points[1]) == pytest.approx(WIDTHS[name].width, abs=0.5)


def test_a_layout_for_another_class_does_not_fit(long: list[Any]) -> None:
    assert len(document("revtex", long, "article").overfull) >= 6


# The whole ladder ------------------------------------------------------------------------------------


def test_the_ladder_finds_nothing_in_good_formulas(long: list[Any]) -> None:
    rows = [(expression, row, equation(row.tex, width="revtex")) for expression, row in long[:10]]
    assert findings(rows, width="revtex", tex=True) == ()


def test_each_rung_finds_its_own_fault() -> None:
    expression = SPECIFICATION[0][0]
    row = typeset(expression)
    texts = [row.tex, row.tex.replace("-", "+"), row.tex + "%", f"{row.tex} {{"]
    found = findings(
        [(expression, row, f"\\begin{{equation}}{text}\\end{{equation}}") for text in texts[:3]], tex=True
    )
    assert {(fault.index, fault.rung) for fault in found} >= {
        (1, "reader"),
        (2, "lint"),
        (2, "reader"),
        (2, "tex"),
    }
    assert not [fault for fault in found if fault.index == 0]
    assert findings([(expression, row, texts[3])])[0].rung == "lint"


@pytest.mark.node
def test_katex_accepts_every_fragment(shown: list[Typeset], long: list[Any]) -> None:
    texts = [row.tex for row in shown]
    texts += [equation(row.tex, width="revtex", label="eq:x") for _, row in long]
    faults = katex_errors([*texts, r"\foo", "a^{2}^{3}", "50% {"])
    assert [fault for fault in faults[:-3] if fault] == []
    assert all(faults[-3:])


def test_a_missing_program_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(MissingExtraError, match="pdflatex"):
        compile_tex("x")
    with pytest.raises(MissingExtraError, match="npm install"):
        katex_errors(["x"])
