"""The certified C file on the batches that try the NumPy file: compiled with vectors and fused products."""

import ctypes
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
from oracles.adversarial import Batch, families, ordinary
from oracles.ball_roots import VALUES, faults
from oracles.sampled import THOROUGH

from symderive.export import export, live
from symderive.export.check.runners import _compiler

pytestmark = pytest.mark.skipif(_compiler() is None, reason="no C compiler")

#: Rows of each family, and of wide spectra, which are slow to check.
ROWS, FEW = (4000, 100) if THOROUGH else (16, 2)

#: Room for points that every instance has enough of.
ROOM = 24

#: How the file is compiled: with everything that does no harm, or with nothing.
FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")


def compiled(folder, text, flags):
    (folder / "solver.c").write_text(text)
    built = folder / "solver.so"
    subprocess.run(
        [_compiler(), *flags, "-shared", "-fPIC", "solver.c", "-o", built, "-lm"], cwd=folder, check=True
    )
    solve = ctypes.CDLL(str(built)).symderive_stationary_points_batch

    def stationary_points(a, p, c, *, mean_decay, noise_factor, depth, ulps):
        n, d = a.shape
        rows = [
            np.ascontiguousarray(np.broadcast_to(x, n), float) for x in (c, mean_decay, noise_factor, depth)
        ]
        a, p, work = np.ascontiguousarray(a), np.ascontiguousarray(p), np.empty(1024 * (d + 1))
        points = np.full((n, ROOM, 2 * len(VALUES) + 1), np.nan)
        count, best, status = np.empty(n, np.uintp), np.empty(n, np.intp), np.empty(n, np.intc)
        at = [ctypes.c_void_p(x.ctypes.data) for x in (a, p, *rows, work, points, count, best, status)]
        size = ctypes.c_size_t
        arguments = (
            size(n),
            size(d),
            *at[:2],
            size(d),
            *at[2:6],
            ctypes.c_double(ulps),
            at[6],
            size(ROOM),
            *at[7:],
        )
        solve(*arguments)
        names = [*VALUES, *(f"{name}_radius" for name in VALUES)]
        kinds = points[..., -1].copy().view(np.intc)[..., ::2].astype(int)
        return SimpleNamespace(
            **{name: points[..., i] for i, name in enumerate(names)},
            kind=kinds.reshape(n, ROOM),
            count=count.astype(int),
            best=best,
            status=status,
        )

    return SimpleNamespace(stationary_points=stationary_points)


@pytest.fixture(scope="module")
def solver(tmp_path_factory):
    return compiled(
        tmp_path_factory.mktemp("c"), export("c", certified=True), FLAGS if THOROUGH else ("-O1",)
    )


RNG = np.random.default_rng(21)
FAMILIES = families(RNG, ROWS)


def first(batch, rows):
    names = ("a", "p", "c", "mean_decay", "noise_factor", "depth")
    return Batch(*(getattr(batch, name)[:rows] for name in names), batch.ulps)


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_claimed_is_wrong(solver, name):
    batch = FAMILIES[name]
    batch = first(batch, FEW) if batch.a.shape[1] > 100 else batch
    found = batch.solve(solver)
    said = {i: faults(found, i, batch.instance(i, RNG)) for i in range(len(batch))}
    assert {i: text for i, text in said.items() if text} == {}
    # What one language decides another may leave open at the edge, and no more.
    other = batch.solve(live.namespace("numpy", certified=True))
    assert (found.status != other.status).mean() <= 1 / 8
    assert (found.count[found.status != 0] == 0).all()
    assert (found.best[found.status != 0] == -2).all()


def test_ordinary_instances_are_decided(solver):
    batch = ordinary(np.random.default_rng(4), 2000, 10, depths=(2, 3, 4, 5), ulps=1.0)
    found = batch.solve(solver)
    assert (found.status != 0).mean() < 2e-3
    inner = np.arange(ROOM) < found.count[:, None]
    assert np.quantile((found.ridge_radius / found.ridge)[inner], 0.99) < 1e-12


def test_without_room_nothing_is_claimed(solver, monkeypatch):
    """As the header says: the global minimum is not named, as it may be one that was left out."""
    batch = ordinary(np.random.default_rng(4), 40, 4, depths=(2, 3))
    enough = batch.solve(solver)
    monkeypatch.setitem(globals(), "ROOM", 1)
    found = batch.solve(solver)
    full = (enough.status == 0) & (enough.count > 1)
    assert full.any()
    assert (found.status[full] == 4).all()
    assert (found.status[~full] == enough.status[~full]).all()
    assert (found.count[found.status != 0] == 0).all()
    assert (found.best[found.status != 0] == -2).all()


def test_false_proposals_prove_nothing_false(tmp_path):
    """exp and log wrong by as much as a tenth: less is decided, and nothing wrong."""
    text = export("c", depth=3, certified=True)
    right = "x == x ? power + power * q : x;"
    assert text.count(right) == 1
    false = compiled(
        tmp_path, text.replace(right, right.replace("power + power", "0.93 * power + power")), ("-O0",)
    )
    batch = ordinary(np.random.default_rng(5), 60, 5, depths=(3,))
    found = batch.solve(false)
    assert [faults(found, i, batch.instance(i, RNG)) for i in range(len(batch))] == [[]] * len(batch)
