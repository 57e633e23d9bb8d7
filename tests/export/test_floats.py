"""The floats inside the package: checked in as the blocks give them; choices are taken lazily."""

from fractions import Fraction

import pytest

from symderive.export.ir.blocks import Block
from symderive.export.ir.nodes import least, ln, select, sqrt, symbol
from symderive.export.targets import floats


@pytest.mark.parametrize("module", ["float_blocks", "float_passes"])
def test_the_modules_are_what_is_generated(module):
    path = floats.FOLDER / f"{module}.py"
    assert path.read_text(encoding="utf-8") == floats.write()[module], (
        "run python -m symderive.export.targets.floats"
    )


def run(block, *values):
    names = {}
    exec("from math import *\n" + floats._function(block), names)  # noqa: S102 - our own text
    return names[block.name](*values)


X, Y = symbol("x"), symbol("y")


def test_a_side_that_is_not_taken_is_not_computed():
    part = 1 / X
    block = Block("f", "", (X, Y), {"out": select(X > 0, sqrt(X) + part * part, Y)})
    assert run(block, 4.0, 7.0) == 2.0625
    assert run(block, 0.0, 7.0) == 7.0
    assert run(block, -1.0, 7.0) == 7.0


def test_what_both_sides_need_is_computed_once_before():
    root = sqrt(X)
    block = Block("f", "", (X, Y), {"out": select(Y > 0, root + 1, root - 1), "more": root * root})
    assert run(block, 9.0, 1.0) == (4.0, 9.0)
    assert run(block, 9.0, -1.0) == (2.0, 9.0)
    assert floats._function(block).count("sqrt") == 1


def test_choices_inside_choices_and_choices_that_share_a_side():
    inverse = 1 / X
    outer = select(X > 0, select(Y > 0, inverse, -inverse), 0)
    other = select(X > 0, inverse * 3, Y)
    block = Block("f", "", (X, Y), {"outer": outer, "other": other, "sum": outer + other})
    assert run(block, 0.5, 1.0) == (2.0, 6.0, 8.0)
    assert run(block, 0.5, -1.0) == (-2.0, 6.0, 4.0)
    assert run(block, 0.0, -1.0) == (0.0, -1.0, -1.0)


def test_constants_are_exact_and_proofs_raise_where_doubles_end():
    block = Block("f", "", (X,), {"out": least(X, Fraction(1, 2**53))})
    assert run(block, 1.0) == 2.0**-53
    assert "ln(x)" in floats._function(Block("g", "", (X,), {"out": ln(X)}))
