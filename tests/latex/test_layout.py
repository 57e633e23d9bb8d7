"""Line breaking: where rows end, that they fit, and that the laid-out text still means the same."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import pytest
import sympy as sp
from oracles.latex_corpus import F, equations, s, scalars
from oracles.sampled import some

from symderive.errors import InputError
from symderive.latex import WIDTHS, Column, break_lines, equation, read_latex, typeset
from symderive.latex import equations as display
from symderive.latex.check import lint
from symderive.latex.compare import difference
from symderive.latex.layout import NUMBER, SAFETY
from symderive.latex.metrics import text_of, tokens_of, width
from symderive.symbols import D, a, lam, n, p, rho

COLUMNS = (246.0, 345.0, 397.5)


@cache
def long_equations():
    return [(equation, typeset(equation)) for equation in equations(25, 5)]


def long_sum(terms: int, letter: str = "x") -> str:
    return " + ".join(f"{letter}_{{{number}}}" for number in range(1, terms + 1))


def test_presets_are_the_widths_of_the_classes() -> None:
    assert {name: WIDTHS[name].width for name in ("article", "amsart", "neurips", "revtex", "ieee")} == {
        "article": 345.0,
        "amsart": 360.0,
        "neurips": 397.5,
        "revtex": 246.0,
        "ieee": 252.0,
    }


# Where rows end -----------------------------------------------------------------------------------


def test_what_fits_stays_on_one_row() -> None:
    assert break_lines("a = b + c", width="revtex", end=".") == ("a = b + c.",)


def test_rows_break_before_signs_and_align_at_the_relation() -> None:
    rows = break_lines(f"y = {long_sum(30)}", width=246)
    assert rows[0].startswith("y &= x_{1}")
    assert len(rows) > 1
    assert all(row.startswith(r"&\quad {} + x_") for row in rows[1:])


def test_relations_are_the_best_places() -> None:
    rows = break_lines(rf"y = {long_sum(8)} = {long_sum(8, 'z')} \le w", width=246)
    assert rows[1].startswith("&= z_{1}")
    assert rows[0] == f"y &= {long_sum(8)}"


def test_a_long_left_side_is_not_an_indent() -> None:
    rows = break_lines(f"{long_sum(12)} = {long_sum(12, 'z')}", width=246)
    assert rows[0].startswith("&x_{1}")
    assert sum(row.startswith(r"&\quad =") for row in rows) == 1


def test_connectives_outrank_relations() -> None:
    rows = break_lines(rf"{long_sum(7)} = 0 \iff {long_sum(6, 'z')} = 0", width=246)
    assert rows == (f"&{long_sum(7)} = 0", rf"&\quad \iff {long_sum(6, 'z')} = 0")


def test_brackets_are_broken_only_when_they_must_be() -> None:
    outside = break_lines(f"y = ({long_sum(5)}) + ({long_sum(5)}) + ({long_sum(5)})", width=246)
    assert all(row.count("(") == row.count(")") for row in outside)
    inside = break_lines(rf"y = \left( \frac{{1}}{{2}} + {long_sum(30)} \right)^{{2}}", width=246)
    assert inside[0].startswith(r"y &= \biggl( \frac")
    assert inside[-1].endswith(r" \biggr)^{2}")
    assert not any(r"\left" in row or r"\right" in row for row in inside)


def test_long_products_break_with_a_dot() -> None:
    product = " ".join(f"x_{{{number}}}" for number in range(40))
    rows = break_lines(f"y = {product}", width=246)
    assert len(rows) > 1
    assert all(row.startswith(r"&\quad {} \cdot x_") for row in rows[1:])


def test_a_unary_minus_is_no_place_to_break() -> None:
    rows = break_lines(f"y = -({long_sum(7)}) (-z) - ({long_sum(7)})", width=246)
    assert not any(row.endswith("(") for row in rows)
    assert rows[1].startswith(r"&\quad {} - (")


def test_a_matrix_product_and_a_function_stay_together() -> None:
    product = r" + ".join(
        [r"\operatorname{tr}(X^{\top} X) \ln(x_{1}) \sum_{i=1}^{n} a_{i} m^{\top} A m"] * 4
    )
    for row in break_lines(f"y = {product}", width=246):
        assert r"\cdot" not in row
        assert not row.endswith((r"\ln", "}^{n}", r"m^{\top}"))


def test_a_fraction_that_is_too_wide_becomes_a_product() -> None:
    assert r"\frac{1}{z}" in "".join(break_lines(rf"y = \frac{{{long_sum(30)}}}{{z}}", width=246))
    assert r"^{-1}" in "".join(break_lines(rf"y = \frac{{1}}{{{long_sum(30)}}}", width=246))
    assert r"^{1/2}" in "".join(break_lines(rf"y = \sqrt{{{long_sum(30)}}}", width=246))


def test_one_row_has_no_mark_even_when_a_part_was_rewritten() -> None:
    texts = [rf"\frac{{{long_sum(terms)}}}{{z}}" for terms in range(4, 20)]
    for rows in (break_lines(text, width=246) for text in texts):
        assert all(("&" in row) == (len(rows) > 1) for row in rows)


def test_cases_that_are_too_wide_are_stacked() -> None:
    table = sp.Piecewise((sum(a[k] * lam**k for k in range(1, 12)), lam < s), (0, True))
    shown = typeset(sp.Eq(F(s), table, evaluate=False))
    rows = break_lines(shown.tex, width=246)
    assert r"\begin{aligned}" in "".join(rows)
    assert (
        difference(sp.Eq(F(s), table, evaluate=False), read_latex(r" \\ ".join(rows), shown.names)) is None
    )


def test_what_cannot_be_broken_is_refused_in_a_sentence() -> None:
    letters = " ".join("abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz")
    with pytest.raises(InputError, match=r"cannot be broken to 246\.0 pt; give it a name\.$"):
        break_lines(rf"y = \binom{{{letters}}}{{2}}", width=246)


# Every row fits, nothing changes its meaning ---------------------------------------------------------


@pytest.mark.parametrize("column", some(COLUMNS, 3, ci=1))
def test_rows_fit_the_column_and_read_back(column: float) -> None:
    room = column - NUMBER
    broken = 0
    for original, shown in long_equations():
        rows = break_lines(shown.tex, width=column)
        broken += len(rows) > 1
        left = width(rows[0].split("&")[0])
        for row in rows:
            indent = left if row.startswith("&") and rows[0][0] != "&" else 0.0
            assert indent + width(row) <= room / SAFETY + 1e-9
        text = equation(shown.tex, width=column, label="eq:test-1", end=".")
        assert lint(text) == []
        assert difference(original, read_latex(text, shown.names)) is None
    assert broken >= 0.8 * len(long_equations())


def test_larger_type_needs_more_rows() -> None:
    text = f"y = {long_sum(40)}"
    assert len(break_lines(text, width=Column(345.0, 12.0))) > len(
        break_lines(text, width=Column(345.0, 10.0))
    )


def test_laying_out_twice_gives_the_same_text() -> None:
    assert [equation(shown.tex, width=246) for _, shown in long_equations()] == [
        equation(shown.tex, width=246) for _, shown in long_equations()
    ]


# Displays --------------------------------------------------------------------------------------------


def test_equation_holds_label_and_punctuation() -> None:
    assert (
        equation("a = b", label="eq:loss", end=",")
        == "\\begin{equation}\n  a = b, \\label{eq:loss}\n\\end{equation}"
    )
    text = equation(f"y = {long_sum(30)}", width=246, label="eq:x", end=".")
    lines = text.splitlines()
    assert lines[0].strip() == r"\begin{equation}"
    assert lines[1].strip() == r"\begin{split}"
    assert lines[-2] == r"  \end{split} \label{eq:x}"
    assert all(line.endswith(r"\\") for line in lines[2:-3])
    assert lines[-3].endswith(".")


def test_a_formula_taller_than_a_page_may_be_broken_over_pages() -> None:
    text = equation(f"y = {long_sum(400)}", width=246, label="eq:tall")
    assert text.startswith(r"\begin{align}")
    assert text.count(r"\notag") == text.count("\\\\\n")
    assert text.endswith("\\label{eq:tall}\n\\end{align}")
    assert lint(text) == []


def test_several_short_formulas_are_aligned() -> None:
    text = display([("a = b", "eq:one"), (r"c \le d + e", "eq:two")], end=".")
    assert text == (
        "\\begin{align}\n  a &= b \\label{eq:one} \\\\\n  c &\\le d + e. \\label{eq:two}\n\\end{align}"
    )


def test_several_long_formulas_are_gathered() -> None:
    text = display([("a = b", None), (f"y = {long_sum(30)}", "eq:long")], width=246)
    assert text.startswith(r"\begin{gather}")
    assert text.count(r"\begin{split}") == 1
    assert lint(text) == []


@pytest.mark.parametrize("label", ["", "a_b", "a b", "ä", "a}", r"\x"])
def test_labels_that_packages_stumble_over_are_refused(label: str) -> None:
    with pytest.raises(InputError, match="label"):
        equation("a = b", label=label)


@pytest.mark.parametrize("size", ["prl", 10.0, 1e6, float("nan")])
def test_widths_that_are_none_are_refused(size: str | float) -> None:
    with pytest.raises(InputError, match=r"\.$"):
        break_lines("a = b", width=size)


def test_no_formula_is_refused() -> None:
    with pytest.raises(InputError):
        display([])


# Widths ----------------------------------------------------------------------------------------------


def test_tokens_keep_the_text() -> None:
    for expression in scalars(50, 8):
        text = typeset(expression).tex
        assert text_of(tokens_of(text)) == text


def test_width_grows_with_the_text_and_the_type() -> None:
    texts = ["x", "x + y", "x + y + z", r"x + y + z + \frac{a}{b}"]
    assert all(width(one) < width(other) for one, other in pairwise(texts))
    assert width("x + y", size=12.0) == pytest.approx(1.2 * width("x + y"))
    assert width("x_{i}^{2}") == pytest.approx(max(width("x_{i}"), width("x^{2}")))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (r"\input{x}", "command"),
        ("a^{2}^{3}", "double ^"),
        ("a_{i}_{j}", "double _"),
        ("{a", "brace"),
        ("a}", "brace"),
        ("50%", "%"),
        ("a#b", "#"),
        ("$a$", "$"),
        ("λ", "character"),
        ("a\n\nb", "blank"),
        (r"\left( a", "left"),
        (r"\begin{cases} a", "without an end"),
        (r"\begin{eqnarray} a \end{eqnarray}", "environment"),
        (r"\end{cases}", "without its begin"),
        (r"\text{write}", "text"),
    ],
)
def test_lint_finds_what_tex_would_choke_on(text: str, fault: str) -> None:
    assert any(fault in found for found in lint(text))


def test_lint_is_content_with_what_is_printed() -> None:
    table = sp.Sum(p[1] / (lam + rho * a[1]) ** ((D + 1) / D), (n, 1, D))
    for expression in (table, *scalars(50, 9)):
        assert lint(typeset(expression).tex) == []
