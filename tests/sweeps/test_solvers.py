"""The solvers of a grid against a loop over SciPy's brentq."""

import numpy as np
import pytest

from symderive.sweeps.solvers import DoubleSolver


def test_a_loop_over_brentq_finds_the_same(monkeypatch):
    """The benchmark's peer as an oracle, and its near-miss: a scan too coarse to see two close roots."""
    pytest.importorskip("scipy")
    from benchmarks import phase as benchmark

    wanted = benchmark.diagram(7)
    solver = DoubleSolver.of(wanted, benchmark.load())
    cells, chosen = solver(0, wanted.size), np.arange(wanted.size)
    _, log_decays, log_rho = wanted.parameters(0, wanted.size)

    def answers():
        rho = np.exp(log_rho)
        return [
            benchmark.peer_cell(solver.a, solver.p, solver.c, float(log_decays[i]), float(rho[i]))
            for i in chosen
        ]

    assert benchmark.agreement(cells, chosen, answers()) == (cells.count.sum(), cells.count.sum())
    monkeypatch.setattr(benchmark, "SCAN_POINTS", 2)
    assert benchmark.agreement(cells, chosen, answers())[1] == 0
