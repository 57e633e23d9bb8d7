"""Sweeps: the same numbers as one solve after the other, on every executor, and nothing lost on the way."""

import json
import os
import pickle
import random
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from fractions import Fraction
from multiprocessing import get_context

import numpy as np
import pytest

from symderive import InputError, Moments, Network, Spectrum, solve, sweep
from symderive.arithmetic.exact import decimal
from symderive.sweeps.grid import Grid
from symderive.sweeps.points import QUANTITIES, join
from symderive.sweeps.solvers import CertifiedSolver, DoubleSolver

xarray = pytest.importorskip("xarray")

FOUR_ROOTS = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
DECAYS = ["0.005", "0.02", "0.03", "0.0365", "0.2"]

#: A small task of five chunks.
TASK = {
    "vary": {"decay": DECAYS, "noise": [0, "1/2", 7]},
    "depth": 2,
    "width": 8,
    "chunk": 3,
}

#: What rounding a number to a double costs, relative.
HALF_ULP = Fraction(1, 2**53)

#: Doubles against balls: relative difference of ridges, losses and norms away from double roots.
DOUBLE = 1e-9


@pytest.fixture
def calls(monkeypatch):
    """The ranges of cells that are solved in this process."""
    made = []
    for solver in (CertifiedSolver, DoubleSolver):
        original = solver.__call__

        def counted(self, start, stop, original=original):
            made.append((start, stop))
            return original(self, start, stop)

        monkeypatch.setattr(solver, "__call__", counted)
    return made


@pytest.mark.parametrize("digits", [None, 12, 20])
def test_cells_are_what_solve_gives_up_to_their_radii(digits):
    """Beyond 13 digits every cell is solved by balls, which are rounded to the nearest doubles."""
    found = sweep(FOUR_ROOTS, **TASK, digits=digits)
    assert found.ridge.dims == ("decay", "noise", "point")
    assert found.sizes == {"decay": 5, "noise": 3, "point": 4}
    assert (found["verdict"] == 1).all()
    for i, decay in enumerate(DECAYS):
        for j, noise in enumerate(TASK["vary"]["noise"]):
            landscape = solve(Network(2, widths=8, decays=decay, noise=noise), FOUR_ROOTS, digits=30)
            cell = found.isel(decay=i, noise=j)
            best = landscape.global_minimum.index
            assert int(cell["count"]) == len(landscape.points)
            assert int(cell.global_minimum) == (-1 if best is None else best)
            for point in landscape.points:
                for name in QUANTITIES:
                    exact = Fraction(decimal(getattr(point, name), 30))
                    value, radius = (float(cell[n][point.index]) for n in (name, f"{name}_radius"))
                    assert abs(Fraction(value) - exact) <= Fraction(radius) + abs(exact) / 10**29
                    if digits == 20:
                        assert abs(Fraction(value) - exact) <= HALF_ULP * abs(exact)
                    assert radius <= 10.0 ** -min(digits or 11, 15) * abs(value)
                assert int(cell.kind[point.index]) == (-1 if point.kind == "saddle" else 1)
            assert np.isnan(cell.ridge[len(landscape.points) :]).all()
    assert len(set(found["count"].values.ravel().tolist())) == 3  # the grid has cells of 0, 2 and 4 points


def test_doubles_agree_with_certified_cells():
    rng = random.Random(5)
    for depth in (1, 2, 7):
        data = Spectrum.of(
            [Fraction(rng.randint(1, 999), 100) for _ in range(4)],
            [Fraction(rng.randint(1, 999), 1000) for _ in range(4)],
            40,
        )
        task = {"vary": {"decay": ["0.01", "0.1", "0.5", "2"], "width": [1, 5, 40]}, "noise": "0.3"}
        quick = sweep(data, depth=depth, **task, doubles=True)
        proved = sweep(data, depth=depth, **task)
        for name in ("count", "kind", "global_minimum"):
            np.testing.assert_array_equal(quick[name], proved[name])
        for name in ("ridge", "loss", "norm", "prediction_variance"):
            np.testing.assert_allclose(quick[name], proved[name], rtol=DOUBLE)
            assert np.isnan(quick[f"{name}_radius"]).all() if name in QUANTITIES else True
        assert (quick["verdict"] == 0).all()
        assert (proved["verdict"] == 1).all()


def test_every_parameter_can_be_varied_and_layers_can_differ():
    vary = {"depth": [0, 1, 2, 3], "width": [2, 9], "decay": ["0.1"], "noise": ["0.5", 1]}
    data = Spectrum.of([1, 2], [1, "1/2"], 3)
    for doubles in (False, True):
        found = sweep(data, vary=vary, doubles=doubles)
        assert found.sizes == {"depth": 4, "width": 2, "decay": 1, "noise": 2, "point": 2}
        for i, depth in enumerate(vary["depth"]):
            widths = {"widths": 9} if depth else {}
            cell = found.isel(depth=i, width=1, decay=0, noise=1)
            point = solve(Network(depth, **widths, decays="0.1", noise=1), data).points[0]
            assert float(cell.loss[0]) == pytest.approx(float(point.loss), rel=DOUBLE)
    layers = {"width": [2, 4], "decay": ["0.1", "0.2", "0.3"]}
    net = Network(2, widths=[2, 4], decays=["0.1", "0.2", "0.3"], dropout=["0.5", "0.1"])
    expected = solve(net, data).points[0]
    for doubles in (False, True):
        found = sweep(data, vary={}, depth=2, dropout=["0.5", "0.1"], **layers, doubles=doubles)
        assert found.ridge.dims == ("point",)
        assert float(found.ridge[0]) == pytest.approx(float(expected.ridge), rel=DOUBLE)
        assert float(found.norm[0]) == pytest.approx(float(expected.norm), rel=DOUBLE)


def test_the_dataset_says_what_it_is():
    found = sweep(FOUR_ROOTS, **TASK)
    assert found.attrs["method"] == "certified, with error bounds"
    assert sweep(FOUR_ROOTS, **TASK, digits=9).attrs["method"] == "certified to 9 digits"
    assert sweep(FOUR_ROOTS, **TASK, doubles=True).attrs["method"] == "double precision, not certified"
    assert found.attrs["depth"] == "2"
    assert "decay" not in found.attrs
    assert all({"long_name", "units"} <= set(found[name].attrs) for name in found.variables)
    assert float(found.loss_at_origin) == 1.0


def test_the_old_name_still_says_what_it_said():
    for certified in (False, True):
        with pytest.warns(DeprecationWarning, match="certifies by itself"):
            found = sweep(FOUR_ROOTS, **TASK, certified=certified)
        xarray.testing.assert_identical(found, sweep(FOUR_ROOTS, **TASK, doubles=not certified))


def test_a_tie_and_an_undecided_cell():
    """F = c exactly at decays 1/4, 1/4, 1: the point goes before the origin, and this is proved."""
    tie = sweep(Spectrum.of([1], [1]), vary={}, depth=2, width=1, decay=["1/4", "1/4", 1])
    assert (int(tie.global_minimum), int(tie.verdict)) == (0, 1)
    double = sweep(Spectrum.of([1], [1]), vary={}, depth=2, width=1, decay=["27/64", "1/4", 1])
    assert (int(double["count"]), double.kind.values.tolist(), int(double.verdict)) == (1, [0], 1)
    assert float(double.ridge[0]) == pytest.approx(3)


# -- executors -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[True, False], ids=["doubles", "certified"])
def expected(request):
    options = {**TASK, "doubles": request.param}
    return options, sweep(FOUR_ROOTS, **options)


def test_threads_give_the_same(expected):
    options, found = expected
    with ThreadPoolExecutor(2) as pool:
        xarray.testing.assert_identical(sweep(FOUR_ROOTS, **options, executor=pool), found)


@pytest.mark.ci
def test_processes_and_dask_give_the_same(expected):
    options, found = expected
    if not options["doubles"]:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            xarray.testing.assert_identical(sweep(FOUR_ROOTS, **options, executor=pool), found)
        return
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        xarray.testing.assert_identical(sweep(FOUR_ROOTS, **options, executor=client), found)
        there = sweep(FOUR_ROOTS, **TASK, executor=client)
        assert len(client.scheduler_info()["workers"]) == 2
    xarray.testing.assert_identical(there, sweep(FOUR_ROOTS, **TASK))


def test_an_error_in_a_worker_stops_the_rest(monkeypatch):
    """The first failure is raised, and what has not begun is canceled."""
    begun = []

    def failing(*where):
        begun.append(where)
        if len(begun) > 1:
            time.sleep(0.05)  # so that there is time to cancel the rest
        raise ArithmeticError("no")

    monkeypatch.setattr(CertifiedSolver, "__call__", failing)
    many = {**TASK, "chunk": 1, "vary": {"decay": [Fraction(k, 1000) for k in range(1, 500)]}}
    with ThreadPoolExecutor(1) as pool, pytest.raises(ArithmeticError, match="no"):
        sweep(FOUR_ROOTS, **many, executor=pool)
    assert len(begun) < 100


def test_moments_can_be_sent():
    data = Moments.from_samples(
        [[1, "1/3"], [2, 5], [0, 1]], [1, 2, "1/7"], standardize=True, source="here"
    )
    sent = pickle.loads(pickle.dumps(data))  # noqa: S301
    assert (sent.gram, sent.denominator, sent.variances) == (data.gram, data.denominator, data.variances)
    assert repr(sent) == repr(data)


# -- stores ----------------------------------------------------------------------------------------


def test_a_finished_sweep_is_read_back(tmp_path, calls):
    first = sweep(FOUR_ROOTS, **TASK, store=tmp_path / "s")
    assert len(calls) == 5
    again = sweep(FOUR_ROOTS, **TASK, store=tmp_path / "s")
    assert len(calls) == 5
    xarray.testing.assert_identical(again, first)
    xarray.testing.assert_identical(again, sweep(FOUR_ROOTS, **TASK))


KILLED = """
import os
from symderive import Moments, sweep
done = []
def progress(share):
    done.append(share)
    if len(done) == 2:
        os.kill(os.getpid(), 9)
data = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)
sweep(data, **{task!r}, store={store!r}, progress=progress)
"""


def test_a_killed_sweep_goes_on_where_it_was(tmp_path, calls):
    store = tmp_path / "s"
    program = KILLED.format(task=TASK, store=str(store))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == -9, done.stderr
    kept = {path.name: path.read_bytes() for path in store.glob("chunk-*.nc")}
    assert len(kept) == 2
    shares = []
    found = sweep(FOUR_ROOTS, **TASK, store=store, progress=shares.append)
    assert sorted(calls) == [(6, 9), (9, 12), (12, 15)]
    assert shares == [0.6, 0.8, 1.0]
    assert kept == {name: (store / name).read_bytes() for name in kept}
    assert not [path.name for path in store.iterdir() if path.name.endswith(".part")]
    xarray.testing.assert_identical(found, sweep(FOUR_ROOTS, **TASK))


def test_an_interrupted_sweep_on_threads_keeps_what_was_finished(tmp_path, calls):
    def interrupt(share):
        if share > 0.3:
            raise KeyboardInterrupt

    store = tmp_path / "s"
    with ThreadPoolExecutor(1) as pool, pytest.raises(KeyboardInterrupt):
        sweep(FOUR_ROOTS, **TASK, store=store, progress=interrupt, executor=pool)
    kept = len(list(store.glob("chunk-*.nc")))
    assert kept == 2
    calls.clear()
    sweep(FOUR_ROOTS, **TASK, store=store)
    assert len(calls) == 5 - kept


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "swap"])
def test_a_damaged_chunk_is_computed_again_and_said_so(tmp_path, calls, damage):
    store = tmp_path / "s"
    expected = sweep(FOUR_ROOTS, **TASK, store=store)
    first, second = sorted(store.glob("chunk-00000[12]-*.nc"))
    content = first.read_bytes()
    middle = len(content) // 2
    damaged = {
        "flip": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
        "cut": content[:-1],
        "empty": b"",
        "swap": second.read_bytes(),
    }
    first.write_bytes(damaged[damage])
    calls.clear()
    with pytest.warns(UserWarning, match="chunk-000001.* is damaged"):
        found = sweep(FOUR_ROOTS, **TASK, store=store)
    assert calls == [(3, 6)]
    xarray.testing.assert_identical(found, expected)
    assert first.read_bytes() == content


@pytest.mark.parametrize("name", ["chunk-000001-0123.nc", "sweep.json"])
@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_in_a_store_is_not_waited_for(tmp_path, name, make):
    store = tmp_path / "s"
    sweep(FOUR_ROOTS, **TASK, store=store)
    (store / name).unlink(missing_ok=True)
    make(store / name)
    with pytest.raises(InputError, match=f"{name} is no file; remove it"):
        sweep(FOUR_ROOTS, **TASK, store=store)
    (os.unlink if make is os.mkfifo else os.rmdir)(store / name)
    if name != "sweep.json":
        sweep(FOUR_ROOTS, **TASK, store=store)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"depth": 3}, "fixed parameters"),
        ({"vary": {"decay": DECAYS, "noise": [0, "1/2", 8]}}, "varied parameters"),
        ({"chunk": 4}, "chunk"),
        ({"digits": 9}, "method"),
        ({"doubles": True}, "method"),
    ],
)
def test_another_task_in_the_same_folder_is_refused(tmp_path, calls, change, says):
    task = {**TASK, "store": tmp_path / "s"}
    sweep(FOUR_ROOTS, **task)
    before = sorted(path.name for path in (tmp_path / "s").iterdir())
    calls.clear()
    with pytest.raises(InputError, match=f"another sweep, with another {says};"):
        sweep(FOUR_ROOTS, **task | change)
    with pytest.raises(InputError, match="another sweep, with another data;"):
        sweep(Spectrum.of([1], [1]), **task)
    assert not calls
    assert sorted(path.name for path in (tmp_path / "s").iterdir()) == before


def test_a_store_of_an_older_method_is_refused(tmp_path, calls):
    store = tmp_path / "s"
    sweep(FOUR_ROOTS, **TASK, store=store)
    task = json.loads((store / "sweep.json").read_text())
    assert task["format"] == "symderive-sweep-2"
    (store / "sweep.json").write_text(json.dumps(task | {"format": "symderive-sweep-1"}))
    calls.clear()
    with pytest.raises(InputError, match="another version of symderive, which solved"):
        sweep(FOUR_ROOTS, **TASK, store=store)
    assert not calls


def test_unusable_stores(tmp_path):
    task = TASK
    (tmp_path / "file").write_text("x")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "notes.txt").write_text("x")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "sweep.json").write_text("{")
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "sweep.json").write_text(10**5 * "[")
    for name, says in (
        ("file", "not a usable folder"),
        ("nowhere/s", "not a usable folder"),
        ("full", "no sweep"),
        ("bad", "damaged"),
        ("deep", "damaged"),
        ("a\0b", "not a usable folder"),
    ):
        with pytest.raises(InputError, match=says):
            sweep(FOUR_ROOTS, **task, store=tmp_path / name)


# -- bad input -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"vary": {"gamma": [1]}}, "cannot be varied"),
        ({"vary": {"dropout": [0]}}, "vary noise"),
        ({"vary": {"decay": []}}, "no values"),
        ({"vary": {"decay": "0.1"}}, "not a list"),
        ({"vary": {"decay": 3}}, "not a list"),
        ({"vary": {"decay": [1, "x"]}}, "decay 2 'x'"),
        ({"vary": {"decay": [2, 1]}}, "increasing"),
        ({"vary": {"decay": [1, 1]}}, "increasing"),
        ({"vary": {"decay": [0, 1]}}, "decay 1 is 0"),
        ({"vary": {"decay": ["1e-999"]}}, "double precision"),
        ({"vary": {"noise": [-1]}, "decay": 1}, "noise 1 is -1"),
        ({"vary": {"width": [1], "decay": [1]}}, "both fixed and varied"),
        ({"vary": {"noise": [1]}, "decay": 1, "dropout": "0.5"}, "both fixed and varied"),
        ({"vary": {"depth": ["1/2"], "decay": [1]}, "depth": None}, "whole numbers"),
        ({"vary": {"depth": [-1], "decay": [1]}, "depth": None}, "whole numbers"),
        ({"vary": {"depth": [10**6], "decay": [1]}, "depth": None}, "whole numbers"),
        ({"vary": {"depth": [1, 2]}, "depth": None, "decay": [1, 2, 3]}, "layer"),
        ({"vary": {"decay": range(1, 10**4), "noise": range(10**4)}}, "cells"),
        ({"vary": {"decay": [1]}, "depth": None}, "depth is neither"),
        ({"vary": {"noise": [1]}}, "decay is neither"),
        ({"vary": {"decay": [1]}, "width": 0}, "width of layer 1 is 0"),
        ({"chunk": 0}, "chunk is 0"),
        ({"chunk": 2.5}, "chunk is 2.5"),
        ({"digits": 0}, "digits is 0"),
        ({"digits": 9, "doubles": True}, "doubles promise none"),
        ({"executor": 7}, "executor has type int"),
    ],
)
def test_bad_input_gets_a_sentence(calls, change, says):
    with pytest.raises(InputError, match=says):
        sweep(FOUR_ROOTS, **{**TASK} | change)
    assert not calls


def test_cells_of_any_width_join():
    grid = Grid.of({"decay": DECAYS}, depth=2, width=8)
    solver = CertifiedSolver.of(grid, FOUR_ROOTS)
    whole, parts = solver(0, 5), join([solver(k, k + 1) for k in range(5)])
    assert whole.ridge.shape == parts.ridge.shape == (5, 4)
    np.testing.assert_array_equal(whole.ridge, parts.ridge)
    assert solver(4, 5).ridge.shape == (1, 1)  # no point at all leaves one empty place
