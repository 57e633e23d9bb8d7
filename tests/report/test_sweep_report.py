"""Sweeps in words: what is said of errors is never less than what is proved."""

from fractions import Fraction

import pytest

from symderive import Spectrum
from symderive.report.sweep import sweep_lines, sweep_record
from symderive.sweeps.grid import Grid
from symderive.sweeps.sweep import solve_grid

DATA = Spectrum.of([1, 3], ["1/2", "1/5"], 2)


@pytest.mark.parametrize("decays", [["0.01"], ["0.01", "0.1", "0.2"]])
def test_bounds_are_rounded_upwards(decays):
    points = solve_grid(Grid.of({"decay": decays}, depth=2, width=3, noise=1), DATA)
    record = sweep_record(points)
    for name, largest in record["largest_relative_error"].items():
        values, radii = getattr(points, name), getattr(points, f"{name}_radius")
        shares = [
            Fraction(float(radius)) / Fraction(abs(float(value)))
            for value, radius in zip(values.flat, radii.flat, strict=True)
            if radius == radius
        ]
        assert max(shares) <= Fraction(largest) <= max(shares) * (1 + Fraction(1, 2**48))
    said = [line for line in sweep_lines(record, "m") if "error bounds" in line]
    ridge, loss = (text.split()[1] for text in said[0].removesuffix(" at most.").split(": ")[1].split(", "))
    largest = record["largest_relative_error"]
    assert largest["ridge"] <= float(ridge) < 2.1 * largest["ridge"]
    assert largest["loss"] <= float(loss) < 2.1 * largest["loss"]


def test_doubles_have_no_bounds():
    points = solve_grid(Grid.of({"decay": ["0.01"]}, depth=2, width=3), DATA, doubles=True)
    record = sweep_record(points)
    assert record["largest_relative_error"] == {"ridge": None, "loss": None}
    assert not [line for line in sweep_lines(record, "m") if "error bounds" in line]
