"""The certified C file on the batches that try the NumPy file: compiled with vectors and fused products."""

import ctypes
import subprocess
from types import SimpleNamespace

import numpy as np
import pytest
from oracles.adversarial import STATUS, STATUSES, Batch, families, ordinary
from oracles.ball_roots import VALUES, faults
from oracles.sampled import THOROUGH, some

from symderive.export import export, live
from symderive.export.check.runners import _compiler

pytestmark = pytest.mark.skipif(_compiler() is None, reason="no C compiler")

#: Rows of each family, and of wide spectra, which are slow to check.
ROWS, FEW = (4000, 100) if THOROUGH else (16, 2)

#: Room for points that every instance has enough of.
ROOM = 24

#: How the file is compiled: with everything that does no harm, or with nothing.
FLAGS = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast")


#: What the file's exp gives.
EXP = "x == x ? power + power * q : x;"

#: Two features with four points.
FOUR = Batch(*map(np.array, ([[1.0, 400.0]], [[0.01, 0.49]], [2.0], [0.02], [1.0], [2.0])))


def compiled(folder, text, flags):
    (folder / "solver.c").write_text(text)
    built = folder / "solver.so"
    subprocess.run(
        [_compiler(), *flags, "-shared", "-fPIC", "solver.c", "-o", built, "-lm"], cwd=folder, check=True
    )
    solve = ctypes.CDLL(str(built)).symderive_stationary_points_batch

    def stationary_points(a, p, c, *, mean_decay, noise_factor, depth, ulps, room=ROOM):
        n, d = a.shape
        rows = [
            np.ascontiguousarray(np.broadcast_to(x, n), float) for x in (c, mean_decay, noise_factor, depth)
        ]
        a, p, work = np.ascontiguousarray(a), np.ascontiguousarray(p), np.empty(1024 * (d + 1))
        points = np.full((n, room, 2 * len(VALUES) + 1), np.nan)
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
            size(room),
            *at[7:],
        )
        solve(*arguments)
        names = [*VALUES, *(f"{name}_radius" for name in VALUES)]
        kinds = points[..., -1].copy().view(np.intc)[..., ::2].astype(int)
        return SimpleNamespace(
            **{name: points[..., i] for i, name in enumerate(names)},
            kind=kinds.reshape(n, room),
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


@pytest.mark.parametrize("name", FAMILIES)
def test_nothing_claimed_is_wrong(solver, name):
    batch = FAMILIES[name]
    batch = batch.first(FEW) if batch.a.shape[1] > 100 else batch
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


def test_without_room_nothing_is_claimed(solver):
    """Four points, and room for three."""
    four = {"mean_decay": 0.02, "noise_factor": 1.0, "depth": 2.0, "ulps": 0.0}
    for room, claims in ((4, (0, 4, 0)), (3, (4, 0, -2))):
        found = solver.stationary_points(
            np.array([[1.0, 400.0]]), np.array([[0.01, 0.49]]), 2.0, **four, room=room
        )
        assert (found.status[0], found.count[0], found.best[0]) == claims


def test_bad_rows_have_the_statuses_that_they_have_in_numpy(solver):
    assert STATUSES.solve(solver).status.tolist() == STATUS


START, LOOKS = "level[k] * symderive_exp(low - 1.0 / 1024.0)", "_MAX_STEPS = 200"
SETTLED = "t->depth[k] >= 2 ? better[k] : x[k];"


@pytest.mark.parametrize(
    ("right", "wrong"),
    some(
        [
            pytest.param(START, START.replace("low - ", "low + "), id="a start too far on"),
            pytest.param(SETTLED, SETTLED.replace("better[k]", "6 * better[k]"), id="another root"),
            pytest.param(LOOKS, "_MAX_STEPS = 3", id="a march cut short"),
        ],
        3,
        1,
        ci=1,
    ),
)
def test_what_goes_astray_is_undecided(tmp_path, right, wrong):
    """Wherever the frame has to say so."""
    text = export("c", depth=2, certified=True)
    assert text.count(right) == 1
    found = FOUR.solve(compiled(tmp_path, text.replace(right, wrong), ("-O0",)))
    assert (found.status.tolist(), found.count.tolist()) == ([1], [0])


def test_false_proposals_prove_nothing_false(tmp_path):
    """exp and log wrong by as much as a tenth: less is decided, and nothing wrong."""
    text = export("c", depth=3, certified=True)
    assert text.count(EXP) == 1
    false = compiled(
        tmp_path, text.replace(EXP, EXP.replace("power + power", "0.93 * power + power")), ("-O0",)
    )
    batch = ordinary(np.random.default_rng(5), 60, 5, depths=(3,))
    found = batch.solve(false)
    assert [faults(found, i, batch.instance(i, RNG)) for i in range(len(batch))] == [[]] * len(batch)
