"""What is printed of a display reads back as the same display, broken into lines or not."""

from __future__ import annotations

import random

import pytest
from oracles.display_corpus import CORPUS
from oracles.display_corpus import FUNCTIONS as OF_THE_PAPER
from oracles.display_targets import TARGETS
from oracles.random_displays import FUNCTIONS, display
from oracles.sampled import THOROUGH, fewer

from symderive.displays.nodes import Name, Node, Product, Sum, Term
from symderive.displays.printing.latex import to_tex
from symderive.displays.reading.reader import read
from symderive.displays.reading.tokens import tokens_of
from symderive.errors import InputError
from symderive.latex import WIDTHS, equation

#: A thorough run takes as many random displays as this times more.
TIMES = 30 if THOROUGH else 1


@pytest.mark.parametrize("inline", [False, True], ids=["display", "inline"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_random_displays_read_back(depth: int, inline: bool) -> None:
    for seed in range(fewer(15, 50) * TIMES):
        node = display(random.Random(f"{depth} {seed}"), depth)
        assert read(to_tex(node, inline=inline), FUNCTIONS) == node


@pytest.mark.parametrize("inline", [False, True], ids=["display", "inline"])
@pytest.mark.parametrize("tex", CORPUS)
def test_the_paper_reads_back(tex: str, inline: bool) -> None:
    node = read(tex, OF_THE_PAPER)
    printed = to_tex(node, inline=inline)
    assert read(printed, OF_THE_PAPER) == node
    assert to_tex(read(printed, OF_THE_PAPER), inline=inline) == printed


@pytest.mark.parametrize("inline", [False, True], ids=["display", "inline"])
@pytest.mark.parametrize("node", TARGETS.values(), ids=TARGETS)
def test_nodes_of_the_paper_read_back(node: Node, inline: bool) -> None:
    assert read(to_tex(node, inline=inline), OF_THE_PAPER) == node


def test_a_printer_that_forgets_is_found_out() -> None:
    """Printed text without one of its tokens never reads back."""
    for seed in range(fewer(5, 20) * TIMES):
        node = display(random.Random(seed), 3)
        printed = to_tex(node)
        for token in tokens_of(printed):
            if token.text != r"\cdot":
                shorter = f"{printed[: token.start]} {printed[token.start + len(token.text) :]}"
                assert not _means(shorter, node), (token, printed)


def _means(tex: str, node: Node) -> bool:
    try:
        return read(tex, FUNCTIONS) == node
    except InputError:
        return False


@pytest.mark.parametrize("tex", CORPUS)
def test_broken_lines_read_back(tex: str) -> None:
    """At every preset of a column, with a label and a full stop."""
    node = read(tex, OF_THE_PAPER)
    printed = to_tex(node)
    for width in WIDTHS:
        broken = equation(printed, width=width, label="eq:sd:a", end=".")
        assert read(broken, OF_THE_PAPER) == node, width


def test_a_broken_sum_without_its_sign_does_not_read_back() -> None:
    node = Sum(tuple(Term(Product((Name("a"), Name("b"), Name(letter)))) for letter in "abcdefghijkl"))
    broken = equation(to_tex(node), width=100)
    assert r"\\" in broken
    assert read(broken) == node
    with pytest.raises(InputError, match="parted by a quad or a new row"):
        read(broken.replace("{} + ", "", 1))
