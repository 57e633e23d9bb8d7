"""Parameters of cells in doubles against the exact networks."""

from fractions import Fraction
from math import inf, prod

import numpy as np
import pytest

from symderive.arithmetic.exact import rational
from symderive.sweeps import rounding
from symderive.sweeps.grid import Grid
from symderive.sweeps.rounding import rounded_parameters

U = Fraction(1, 2**53)

GRIDS = {
    "decay and noise": Grid.of({"decay": ["0.1", "0.5", 3], "noise": [0, "1/7", 30]}, depth=3, width=7),
    "depth and width": Grid.of({"depth": [0, 1, 2, 40], "width": [1, 3]}, decay="0.2", noise="0.3"),
    "layers": Grid.of({"noise": [0, 1]}, depth=2, width=[3, 4], decay=["0.1", "1/3", 7]),
    "dropout": Grid.of({"decay": [1]}, depth=2, width=3, dropout=["0.5", "0.1"]),
    "no axis": Grid.of({}, depth=2, width=3, decay=["0.25", "0.5", 1], noise=3),
}


@pytest.mark.parametrize("exact_bits", [0, rounding.EXACT_BITS])
@pytest.mark.parametrize("name", GRIDS)
def test_parameters_are_those_of_the_networks(name, exact_bits, monkeypatch):
    """Whether powers are taken exactly or in balls."""
    monkeypatch.setattr(rounding, "EXACT_BITS", exact_bits)
    grid = GRIDS[name]
    found = rounded_parameters(grid, 0, grid.size)
    for cell in range(grid.size):
        net = grid.network(cell)
        allowed = int(found.ulps[cell]) * U
        assert found.depth[cell] == net.depth
        rho = rational(net.noise_factor)
        assert abs(Fraction(found.noise_factor[cell]) - rho) <= allowed * rho
        exact, product = Fraction(found.mean_decay[cell]), prod(map(rational, net.decays))
        power = net.depth + 1
        assert (exact * (1 - allowed)) ** power <= product <= (exact * (1 + 2 * allowed)) ** power
        assert allowed <= U
        assert found.noiseless[cell] == (rho == 1)
        if allowed == 0:
            assert (exact**power, Fraction(found.noise_factor[cell])) == (product, rho)
        else:  # a neighboring double is not the one
            for other in (np.nextafter(found.mean_decay[cell], x) for x in (0, inf)):
                assert not (
                    (Fraction(other) * (1 - U / 8)) ** power
                    <= product
                    <= (Fraction(other) * (1 + U / 8)) ** power
                )


def test_any_part_of_a_grid_is_the_same():
    grid = GRIDS["depth and width"]
    whole = rounded_parameters(grid, 0, grid.size)
    for start, stop in ((0, 1), (3, 8), (2, 5)):
        part = rounded_parameters(grid, start, stop)
        for name in ("depth", "mean_decay", "noise_factor", "ulps", "noiseless"):
            np.testing.assert_array_equal(getattr(part, name), getattr(whole, name)[start:stop])


def test_a_little_noise_is_some():
    """ρ = 1 + 2^-60 is 1 as a double, and not the same."""
    found = rounded_parameters(Grid.of({"noise": [0, Fraction(1, 2**60)]}, depth=1, width=1, decay=1), 0, 2)
    assert found.noise_factor.tolist() == [1, 1]
    assert found.noiseless.tolist() == [True, False]
    assert found.ulps.tolist() == [0, 1]


def test_what_is_exact_costs_nothing():
    grid = Grid.of({"decay": ["0.25", "0.3"], "noise": [0, 1, "1.3"]}, depth=2, width=4)
    assert rounded_parameters(grid, 0, 6).ulps.tolist() == [0, 0, 1, 1, 1, 1]


def test_beyond_the_range_of_doubles():
    grid = Grid.of({"noise": [0, "1e200"], "depth": [1, 3, 900]}, width=2, decay=1)
    found = rounded_parameters(grid, 0, 6)
    assert np.isfinite(found.noise_factor).tolist() == [True, True, True, True, False, False]
