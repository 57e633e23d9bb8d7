"""Grids: what is read, and what is refused."""

import pytest

from symderive.errors import InputError
from symderive.sweeps.grid import Grid


def test_axis_names_are_checked_in_python_too():
    with pytest.raises(InputError, match="increasing"):
        Grid.of({"decay": [2, 1]}, depth=2, width=2)


def test_what_is_fixed_reads_as_exact_text():
    grid = Grid.of({"noise": [0, 1]}, depth=2, width=[3, 4], decay=["0.1", "1/10", "0.2"])
    assert grid.fixed_texts() == {"depth": "2", "width": "3, 4", "decay": "1/10, 1/10, 1/5"}
    alike = Grid.of({"noise": [0, 1]}, depth=2, width=[3, 3], decay=["0.1", "1/10", "0.1"])
    assert alike.fixed_texts() == {"depth": "2", "width": "3", "decay": "1/10"}
    assert Grid.of({"decay": [1]}, depth=2, width=1).fixed_texts()["noise"] == "0"
