"""The benchmark of exported solvers: what it says about answers, and a small run from end to end."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner

pytest.importorskip("scipy")

from benchmarks.contestants import Answer, draw
from benchmarks.export import Line, Report, agreement, certify, goals, main, text
from benchmarks.training import Task
from symderive.export import live

#: What a ridge may differ by, relatively, in the comparison, and a difference that is too large.
SLACK, TOO_FAR = 1e-11, 1e-8

SOLVERS = ("NumPy", "C, gcc", "C certified", "SciPy find_root", "SciPy brentq", "mpmath")


def line(solver, seconds):
    return Line(solver, 1000, seconds, 1.0, checked=10, wrong=0, error=1e-15, differing=0)


def report(**seconds):
    names = {
        "numpy": "NumPy",
        "numpy_proved": "NumPy certified",
        "c": "C, gcc -O2",
        "c_proved": "C certified, gcc -O2",
        "by_hand": "C by hand",
        "jax": "JAX, jitted",
        "brentq": "SciPy brentq",
    }
    lines = tuple(line(names[key], value) for key, value in seconds.items())
    return Report(lines, evaluations=10.0, imports=(0.1, 0.005), trained=())


def test_goals_follow_from_the_times():
    met = report(
        numpy=1e-3, numpy_proved=1.4e-3, c=1e-4, c_proved=1.9e-4, by_hand=5e-5, jax=1e-3, brentq=0.2
    )
    assert all(goal.met for goal in goals(met))
    assert len(goals(replace(met, lines=met.lines[:5] + met.lines[6:]))) == len(goals(met)) - 1
    missed = report(
        numpy=1e-2, numpy_proved=2e-2, c=3e-3, c_proved=7e-3, by_hand=1e-3, jax=2e-2, brentq=0.2
    )
    assert not any(goal.met for goal in goals(replace(missed, imports=(0.1, 0.02))))
    assert "MISSED" in text(missed)
    assert "MISSED" not in text(met)


def test_answers_are_compared_by_number_place_and_minimum():
    truth = Answer(np.array([[1.0, 2.0], [3.0, np.nan]]), np.array([2, 0]), np.array([0, -1]))
    near = replace(truth, ridge=truth.ridge * (1 + SLACK))
    right, error = agreement(truth, near)
    assert right.all()
    assert 0 < error < 2 * SLACK
    for other in (
        replace(truth, ridge=truth.ridge * (1 + TOO_FAR)),
        replace(truth, count=np.array([1, 0])),
        replace(truth, best=np.array([1, -1])),
    ):
        assert agreement(truth, other)[0].tolist() == [False, True]


def test_instances_are_reproducible_and_certified():
    batch = draw(3, 10)
    assert np.array_equal(batch.a, draw(3, 10).a)
    assert not np.array_equal(batch.a, draw(3, 10, seed=2).a)
    truth = certify(batch)
    rho = batch.noise_factor
    for i, count in enumerate(truth.count):
        for x in truth.ridge[i, :count]:
            norm = np.sum(batch.p[i] / (rho * batch.a[i] + x) ** 2) ** 0.5
            # κ = λ‖m‖² = γ̄‖m‖^{2/(D+1)}
            assert np.isclose(x * norm**2, batch.mean_decay[i] * norm**0.5, rtol=1e-12)


@pytest.mark.ci
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_a_quick_run_finds_nothing_wrong():
    done = CliRunner().invoke(main, ["--quick", "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert dict.fromkeys(SOLVERS, 0) == {
        name: sum(x["wrong"] + x["differing"] for x in found["lines"] if x["solver"].startswith(name))
        for name in SOLVERS
    }
    assert all(x["checked"] > 0 for x in found["lines"])
    assert 4 < found["evaluations"] < 9
    by_hand = next(x for x in found["lines"] if x["solver"].startswith("C by hand"))
    assert 0 <= by_hand["wrong"] <= by_hand["checked"]


def test_the_layers_of_an_exported_file_have_the_certified_loss():
    task = Task.of("40")
    solver = live.namespace("numpy", depth=3)
    layers = task.exported(solver)
    exact = float(task.landscape.global_minimum.loss)
    decays, noise = [40.0] * 4, [float(s) for s in task.landscape.net.noise]
    assert np.isclose(solver.loss(layers, task.A, task.v, task.c, decays, noise), exact, rtol=1e-13)
    layers[0] = layers[0] * 1.001
    assert solver.loss(layers, task.A, task.v, task.c, decays, noise) > exact * (1 + 1e-9)


@pytest.mark.torch
def test_a_run_that_is_attracted_to_the_origin_is_counted_as_such():
    where, seconds, evaluations = Task.of("100").run(0)
    assert where == "origin"
    assert seconds > 0
    assert evaluations > 1
