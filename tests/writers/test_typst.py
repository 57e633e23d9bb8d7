"""Displays as Typst: which are taken, what becomes of rows, and what is left to pandoc."""

from __future__ import annotations

from pathlib import Path

import pytest

from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.vocabulary import Reading
from symderive.latex import Column, break_lines
from symderive.library.load import load_all, vocabulary_of
from symderive.writers.convert import to_typst, typst_to_pdf
from symderive.writers.typst import to_typst_rows

HEADS = Reading(vocabulary_of(())).functions


@pytest.mark.parametrize(
    ("rows", "typst"),
    [
        ((r"F(m) \ge 0.",), "F(m) >= 0 ."),
        ((r"m \ne 0, \quad \text{(in words)}",), 'm != 0, quad "(in words)"'),
        ((r"e_{i} = 1,\qquad i = 1, \dots, D.",), "e_i = 1, wide i = 1, dots.h, D ."),
        ((r"e_{i} = 1 \quad (i = 1, \dots, D)",), "e_i = 1 quad (i = 1, dots.h, D)"),
        ((r"a &= b", r"&\quad {} + c,"), 'a&= b \\\n& quad "" + c,'),
        ((r"&\quad \iff x \lt y", r"&\quad {} \cdot z"), '&quad <==> x < y \\\n& quad "" dot.op z'),
        ((r"v / (\rho a)",), r"v\/(rho a)"),
        ((r"\frac{v}{\rho a}",), "frac(v, rho a)"),
        ((r"\sigma_i^2",), "sigma_i^2"),
        ((r"A := \begin{pmatrix} a & b \\ c & d \end{pmatrix}",), "A := mat(a, b; c, d)"),
    ],
)
def test_what_is_taken(rows: tuple[str, ...], typst: str) -> None:
    made = to_typst_rows(rows, HEADS)
    assert made is not None
    assert " ".join(made.replace("& ", "&").split()) == " ".join(typst.replace("& ", "&").split())


@pytest.mark.parametrize(
    "rows",
    [
        (r"\foo{x}",),
        (r"a = (b", r"& + c)"),  # a row ends in a bracket
        (r"U W_{D} \cdots W_{1}",),
        (r"x \in \mathbb{R}^{d \times n}",),
        (r"\lambda^{-2D/(D+1)} = 1",),  # written in the way of its author
        (r"\text{if } x = 1",),
    ],
)
def test_what_is_left_to_pandoc(rows: tuple[str, ...]) -> None:
    assert to_typst_rows(rows, HEADS) is None


def test_a_call_is_one_only_for_its_heads() -> None:
    assert to_typst_rows(("F(m)",), HEADS) == "F(m)"
    assert to_typst_rows(("F(m)",), ()) != "F(m)"


@pytest.mark.pdf
@pytest.mark.slow
def test_all_displays_of_the_package_are_taken_and_fit(tmp_path: Path) -> None:
    texts = [x.display.tex for part in load_all() for x in part.entries if x.display is not None]
    formulas = [to_tex(read(text, functions=HEADS)) for text in texts]
    assert len(formulas) > 90
    left = [x for x in formulas if to_typst_rows(break_lines(x, width=Column(335.0)), HEADS) is None]
    assert len(left) <= 3, "rows that end in a bracket"
    text = "\n\n".join(f"```math\n{x}. \\tag{{{at}}}\n```" for at, x in enumerate(formulas, 1))
    source = to_typst(text, functions=HEADS)
    assert typst_to_pdf(source, tmp_path).startswith(b"%PDF")
    # by pandoc a norm is a pair of bars
    assert source.count("norm(") > 40
    assert "norm(" not in to_typst(text)
