"""The solvers of a grid: against a loop over SciPy's brentq, and what they say of their own answers."""

import importlib
from dataclasses import replace
from fractions import Fraction
from math import nextafter

import numpy as np
import pytest

from symderive import Spectrum, solve
from symderive.arithmetic.doubles import distance
from symderive.report.sweep import sweep_record
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import LEFT_OPEN, PROVED, QUANTITIES, UNKNOWN, UNPROVED
from symderive.sweeps.regimes import regimes
from symderive.sweeps.solvers import CertifiedSolver, DoubleSolver
from symderive.sweeps.study import remark
from symderive.sweeps.sweep import solve_grid


@pytest.mark.parametrize("vectorized", [False, True], ids=["brentq", "find_root"])
def test_peers_find_the_same(monkeypatch, vectorized):
    """The benchmark's peers as an oracle, and their near-miss: a scan too coarse to see two close roots."""
    pytest.importorskip("scipy")
    from benchmarks import phase as benchmark

    wanted = benchmark.diagram(7)
    solver = DoubleSolver.of(wanted, benchmark.load())
    spectrum = solver.a, solver.p, solver.c
    _, log_decays, log_rho = wanted.parameters(0, wanted.size)

    def answers():
        if vectorized:
            return benchmark.peer_cells(*spectrum, log_decays, np.exp(log_rho))
        pairs = zip(log_decays.tolist(), np.exp(log_rho).tolist(), strict=True)
        return [benchmark.peer_cell(*spectrum, *pair) for pair in pairs]

    chosen = np.arange(wanted.size)
    for cells in (solver(0, wanted.size), solve_grid(wanted, benchmark.load())):
        assert benchmark.agreement(cells, chosen, answers()) == (cells.count.sum(), cells.count.sum())
    monkeypatch.setattr(benchmark, "SCAN_POINTS", 2)
    assert benchmark.agreement(cells, chosen, answers())[1] == 0


# -- what is proved, and by what -------------------------------------------------------------------

#: a = 400, v = 3 at depth 3: λ = 800 twice at γ = 1/10, two points below, none above.
EDGE = Spectrum.of([400], [9])


@pytest.fixture
def in_balls(monkeypatch):
    """The networks that are solved by balls."""
    solved = []
    module = importlib.import_module("symderive.landscape.solve")
    original = module.solve

    def counted(net, data, **options):
        solved.append(net)
        return original(net, data, **options)

    monkeypatch.setattr(module, "solve", counted)
    return solved


def test_values_are_exact_where_doubles_are_not(in_balls):
    """One tenth is a double root; the double next to it lies above it, and its neighbor below."""
    for value, kinds in (("0.1", [0]), (0.1, []), (nextafter(0.1, 0), [1, -1])):
        grid = Grid.of({"decay": [value]}, depth=3, width=1)
        found = solve_grid(grid, EDGE)
        assert found.kind[0, : found.count[0]].tolist() == kinds
        assert found.verdict.tolist() == [PROVED]
        assert len(in_balls) == 1  # doubles leave it open, for to them all three are the same or too near
        in_balls.clear()
    # Rounded data are told from exact ones too: 9 and the double next to it.
    grid = Grid.of({"decay": ["0.1"]}, depth=3, width=1)
    for weight, kinds in ((nextafter(9.0, 0), []), (nextafter(9.0, 10), [1, -1])):
        found = solve_grid(grid, Spectrum.of([400], [weight]))
        assert found.kind[0, : found.count[0]].tolist() == kinds


@pytest.mark.parametrize(
    ("eigenvalue", "decay", "ulps"),
    [("1/2", "1/4", 0), ("1/3", "1/4", 1), ("1/2", "1/5", 1), ("1/3", "1/5", 1)],
)
def test_doubles_are_told_what_was_rounded(monkeypatch, eigenvalue, decay, ulps):
    """Data and parameters alike."""
    module = importlib.import_module("symderive.sweeps.solvers")
    search, told = module._certified(), []

    class Search:
        def stationary_points(self, *data, **options):
            told.append(options["ulps"].tolist())
            return search.stationary_points(*data, **options)

    monkeypatch.setattr(module, "_certified", Search)
    solve_grid(Grid.of({"decay": [decay]}, depth=2, width=1), Spectrum.of([eigenvalue], [1], 4))
    assert told == [[ulps]]


def test_balls_solve_what_doubles_leave_open_and_nothing_else(in_balls):
    decays = ["0.05", "0.0999", "0.1", "0.1001", "0.2"]
    grid = Grid.of({"decay": decays, "noise": [0, 1]}, depth=3, width=4)
    found = solve_grid(grid, EDGE)
    assert [net.decays[0] for net in in_balls] == [Fraction(1, 10)]
    assert (found.verdict == PROVED).all()
    for cell in range(grid.size):
        landscape = solve(grid.network(cell), EDGE)
        assert found.count[cell] == len(landscape.points)
        for point in landscape.points:
            for name in QUANTITIES:
                off = distance(getattr(point, name), getattr(found, name)[cell, point.index])
                assert off <= getattr(found, f"{name}_radius")[cell, point.index] * (1 + 1e-9) + 1e-28


def test_what_nothing_can_decide_is_open(monkeypatch):
    """Cells that the batch leaves open, where balls leave them open too."""
    grid = Grid.of({"decay": ["0.05", "0.1"]}, depth=3, width=1)
    module = importlib.import_module("symderive.sweeps.solvers")
    landscape = module._points_of(solve(grid.network(1), EDGE))
    monkeypatch.setattr(
        module, "_points_of", lambda _: replace(landscape, verdict=np.array([LEFT_OPEN], np.int8))
    )
    found = solve_grid(grid, EDGE)
    assert found.verdict.tolist() == [PROVED, LEFT_OPEN]
    assert remark(found) == "1 of 2 networks undecided"


@pytest.mark.parametrize(("tie", "verdict", "best"), [(True, PROVED, 0), (None, LEFT_OPEN, UNKNOWN)])
def test_of_losses_that_are_not_told_apart_none_is_the_minimum(tie, verdict, best):
    """At a decay of 1/4 the point and the origin have the same loss, which balls alone cannot prove."""
    module = importlib.import_module("symderive.sweeps.solvers")
    grid, data = Grid.of({"decay": ["1/4"]}, depth=2, width=1), Spectrum.of([1], [1])
    landscape = solve(replace(grid.network(0), decays=("1/4", "1/4", 1)), data)
    assert landscape.global_minimum.tie is True
    minimum = replace(landscape.global_minimum, tie=tie)
    found = module._points_of(replace(landscape, global_minimum=minimum))
    assert (found.verdict.tolist(), found.best.tolist()) == ([verdict], [best])
    assert (regimes(found) == -1).tolist() == [tie is None]


def test_doubles_do_not_call_a_merged_pair_found():
    """Two points a hair apart are one of kind 0 to doubles, and the cell says that this is open."""
    grid = Grid.of({"decay": ["0.05", "0.1", "0.2"]}, depth=3, width=1)
    found = solve_grid(grid, EDGE, doubles=True)
    assert found.kind[1, 0] == 0
    assert found.count.tolist() == [2, 1, 0]
    assert found.verdict.tolist() == [UNPROVED, LEFT_OPEN, UNPROVED]
    assert remark(found) == "double precision, not certified; 1 of 3 networks undecided"
    assert np.isnan(found.ridge_radius).all()


@pytest.mark.parametrize(("digits", "balls"), [(None, 0), (9, 0), (12, 1), (14, 2)])
def test_digits_say_when_doubles_do_not_do(in_balls, digits, balls):
    """Near a double root a double knows fewer digits; beyond 13 none is asked."""
    near = Fraction(1, 10) * (1 - Fraction(1, 10**5))
    grid = Grid.of({"decay": ["0.05", near]}, depth=3, width=1)
    found = solve_grid(grid, Spectrum.of([400], [9], 1), digits=digits)
    assert len(in_balls) == balls
    assert (found.verdict == PROVED).all()
    if digits:
        for name in QUANTITIES:
            value, radius = getattr(found, name), getattr(found, f"{name}_radius")
            assert (radius <= 0.5 * 10.0**-digits * np.abs(value)).all()


def test_what_doubles_cannot_hold_is_solved_all_the_same():
    """ρ overflows, and at depth 0 and 1 the search is another."""
    grid = Grid.of({"depth": [0, 1, 2, 300], "noise": [0, "1e5"]}, width=1, decay="0.1")
    found = solve_grid(grid, EDGE)
    assert (found.verdict == PROVED).all()
    for cell in range(grid.size):
        landscape = solve(grid.network(cell), EDGE)
        best = landscape.global_minimum.index
        assert found.count[cell] == len(landscape.points)
        assert found.best[cell] == (-1 if best is None else best)


def test_what_doubles_cannot_hold_is_open_without_balls():
    """ρ overflows at the greater depth: nothing is found there, and no regime is claimed."""
    grid = Grid.of({"depth": [1, 300], "noise": [0, "1e5"]}, width=1, decay="0.1")
    found = solve_grid(grid, EDGE, doubles=True)
    assert found.verdict.tolist() == [UNPROVED, UNPROVED, UNPROVED, LEFT_OPEN]
    assert found.best.tolist() == [0, 0, -1, UNKNOWN]
    assert regimes(found).tolist()[-1] == -1
    assert np.isnan(found.of_best("loss", 1.0)).tolist() == [False, False, False, True]
    record = sweep_record(found)
    assert sum(record["regimes"].values()) + record["undecided"] == record["cells"] == 4


def test_data_that_doubles_cannot_hold_are_solved_by_balls(in_balls):
    """An eigenvalue below the normal doubles has no relative error there."""
    tiny = Fraction(1, 10**310)
    data = Spectrum.of([1, tiny], [1, tiny], 3)
    grid = Grid.of({"decay": ["0.1", "0.2"]}, depth=2, width=1)
    solver = CertifiedSolver.of(grid, data)
    assert solver.spectrum is None
    found = solve_grid(grid, data)
    assert len(in_balls) == grid.size
    assert (found.verdict == PROVED).all()
    assert solve_grid(grid, Spectrum.of([1], [1], 3)).count.tolist() == found.count.tolist()
