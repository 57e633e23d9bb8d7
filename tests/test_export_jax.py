"""The exported JAX file, run as a module of its own: certified values, and their derivatives.

Compiling takes seconds, so that what can goes into one batch.
"""

import subprocess
import sys

import numpy as np
import pytest
from export_cases import CASES, best_index, mismatches
from export_derivatives import (
    BY_NAME,
    PROBLEMS,
    VALUES,
    by_spectrum,
    certified,
    derivatives,
    disagreements,
    load,
    points_of,
)

from symderive.export import export

jax = pytest.importorskip("jax")

#: Features and points that every instance of the table is filled up to.
FEATURES, SIZE = 4, 6

#: Three good instances, and some that no problem has.
GOOD = {"a": [1.0, 2.0], "p": [1.0, 1.0], "c": 2.0, "mean_decay": 0.1, "noise_factor": 1.0, "depth": 2.0}
BAD = (
    ({"a": [-1.0, 1.0]}, "a has a negative"),
    ({"p": [1.0, -2.0]}, "p has a negative"),
    ({"c": -1.0}, "c is negative"),
    ({"mean_decay": -1.0}, "mean_decay is negative"),
    ({"a": [0.0, 1.0]}, "p is positive where a is 0"),
    ({"mean_decay": 0.0}, "mean_decay is 0"),
    ({"noise_factor": 0.5}, "noise_factor is less than 1"),
    ({"depth": 1.5}, "not a whole number"),
)
NOT_FINITE = ({"mean_decay": np.nan}, {"mean_decay": np.inf}, {"c": np.nan}, {"a": [1.0, np.nan]})


@pytest.fixture(scope="module")
def solver(tmp_path_factory):
    jax.config.update("jax_enable_x64", True)
    yield load("jax", tmp_path_factory.mktemp("exported") / "generic_jax.py")
    jax.config.update("jax_enable_x64", False)


def filled(numbers):
    return [*numbers, *[0.0] * (FEATURES - len(numbers))]


@pytest.fixture(scope="module")
def batch():
    """The table of cases, and then all inputs that are refused, as arrays with one entry for each."""
    rows = [(filled(x.a), filled(x.p), x.c, x.decay, x.noise_factor, float(x.depth)) for x in CASES]
    for change in (*(change for change, _ in BAD), *NOT_FINITE):
        given = {**GOOD, **change}
        rows.append((filled(given.pop("a")), filled(given.pop("p")), *given.values()))
    names = ("a", "p", "c", "mean_decay", "noise_factor", "depth")
    return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))


@pytest.fixture(scope="module")
def minima(solver, batch):
    return jax.jit(solver.global_minimum)(**batch)


def test_generic_file_meets_certified_values(solver, batch, minima):
    """Compiled, in one batch; refused instances are NaN and disturb nobody."""
    found = jax.jit(lambda given: solver.stationary_points(**given, size=SIZE))(batch)
    for index, case in enumerate(CASES):
        assert mismatches(case, points_of(found, index)) == [], case.name
        best = int(found.best[index])
        assert best in best_index(case), case.name
        assert minima.index[index] == best, case.name
        expected = found.loss[index, best] if best >= 0 else case.c
        assert float(minima.loss[index]) == pytest.approx(float(expected), rel=1e-15), case.name
    assert not found.status[: len(CASES)].any()
    assert (found.status[len(CASES) :] == 2).all()
    assert np.isnan(found.ridge[len(CASES) :]).all()
    assert np.isnan(minima.loss[len(CASES) :]).all()


def test_vmap_agrees_with_one_batch_in_any_chunks(solver, batch, minima, monkeypatch):
    monkeypatch.setattr(solver, "CHUNK", 7 * FEATURES)
    parts = jax.jit(jax.vmap(lambda given: solver.global_minimum(**given)))(batch)
    for name, value in minima._asdict().items():
        np.testing.assert_allclose(getattr(parts, name), value, rtol=1e-14, err_msg=name)


def test_without_jit_and_refused(solver, batch, minima):
    """One instance, not traced, is what it is in the batch; impossible values raise there."""
    index = [case.name for case in CASES].index("two minima")
    one = {name: value[index] for name, value in batch.items()}
    found = solver.global_minimum(**one)
    for name, value in minima._asdict().items():
        np.testing.assert_allclose(getattr(found, name), value[index], rtol=1e-14, err_msg=name)
    for place, (_, message) in enumerate(BAD, len(CASES)):
        with pytest.raises(ValueError, match=message):
            solver.global_minimum(**{name: value[place] for name, value in batch.items()})
    with pytest.raises(ValueError, match="one entry for each feature"):
        solver.global_minimum(**{**one, "p": [1.0]})


def minimum(solver, depth, widths):
    def values(given):
        decay = solver.mean_decay(given["decays"])
        rho = solver.noise_factor(given["noise"], np.array(widths, float))
        data = given["A"], given["v"], given["c"]
        found, m = solver.minimum_of_moments(*data, mean_decay=decay, noise_factor=rho, depth=float(depth))
        return {**{name: getattr(found, name) for name in VALUES}, "m": m}

    return values


def test_derivatives_of_everything(solver):
    """By decays, noises, A, v and c, of all problems of one depth in one compiled batch."""
    problems = [x for x in PROBLEMS if x.depth == 2 and x.point is None]
    assert {"equal eigenvalues", "identity", "origin"} <= {x.name for x in problems}
    arrays = [x.arrays for x in problems]
    given = {name: np.stack([x[name] for x in arrays]) for name in arrays[0]}
    values = minimum(solver, 2, problems[0].widths)
    found, jacobian = jax.jit(jax.vmap(lambda x: (values(x), jax.jacrev(values)(x))))(given)
    for index, problem in enumerate(problems):
        exact, expected = certified(problem), derivatives(problem)
        for name, value in found.items():
            if name != "ridge" or problem.name != "origin":
                value = np.reshape(value[index], -1)
                np.testing.assert_allclose(value, np.array(exact[name], float), rtol=1e-12, atol=1e-13)
        slopes = {(name, by): x[index] for name, row in jacobian.items() for by, x in row.items()}
        assert disagreements(slopes, expected) == [], problem.name
        turned = {key: -value for key, value in expected.items() if np.any(value)}
        assert len(disagreements(slopes, turned)) == len(turned) > 0


def test_derivatives_by_the_spectrum_of_every_point(solver):
    """Forward mode, at a minimum, a saddle and a bad minimum; where p is 0 too."""
    names = "equal eigenvalues", "saddle", "bad minimum"
    problems = [BY_NAME[name] for name in names]

    def values(given):
        found = solver.stationary_points(
            given["a"],
            given["p"],
            64.0,
            mean_decay=given["g"],
            noise_factor=given["rho"],
            depth=2.0,
            size=3,
        )
        return {name: getattr(found, name) for name in VALUES}

    def both(given):
        rest = {name: given[name] for name in ("g", "rho")}
        return jax.jacfwd(lambda x: values({**x, **rest}))({name: given[name] for name in "ap"})

    rows = []
    for problem in problems:
        arrays = problem.arrays
        rho = np.prod(1 + arrays["noise"] / np.array(problem.widths))
        decay = np.prod(arrays["decays"]) ** (1 / 3)
        rows.append({"a": np.diag(arrays["A"]), "p": arrays["v"] ** 2, "g": decay, "rho": rho})
    given = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    found = jax.jit(jax.vmap(both))(given)
    for index, problem in enumerate(problems):
        place = problem.point or 0
        slopes = {(name, by): x[index, place] for name, row in found.items() for by, x in row.items()}
        assert disagreements(slopes, by_spectrum(problem)) == [], problem.name


def test_double_precision_is_asked_for(solver):
    jax.config.update("jax_enable_x64", False)
    try:
        with pytest.raises(RuntimeError, match="jax_enable_x64"):
            solver.global_minimum([1.0], [1.0], 1.0, mean_decay=0.1, depth=2)
        with pytest.raises(RuntimeError, match="jax_enable_x64"):
            jax.jit(solver.mean_decay)(np.ones(3))
    finally:
        jax.config.update("jax_enable_x64", True)


def test_layers_and_loss(solver):
    """The scale of the layers balances decay and fit: the loss along their common size is least there."""
    m, kappa, decays, widths = np.array([0.6, -0.8]), 0.5, np.array([0.25, 1.0, 2.0]), [3, 2]
    layers = solver.layers(m, kappa, decays, widths)
    assert [W.shape for W in layers] == [(3, 2), (2, 3), (2,)]
    for W, decay in zip(layers, decays, strict=True):
        assert float(decay * (W * W).sum()) == pytest.approx(kappa, rel=1e-14)
    product = np.asarray(layers[2] @ layers[1] @ layers[0])
    np.testing.assert_allclose(product / np.linalg.norm(product), m, rtol=1e-14)
    plain = solver.loss(layers, np.eye(2), m, 4.0, decays)
    assert float(plain) == pytest.approx(np.sum((product - m) ** 2) + 3 + 3 * kappa, rel=1e-14)
    noisy = solver.loss(layers, np.eye(2), m, 4.0, decays, [3.0, 2.0])
    assert float(noisy - plain) == pytest.approx((2 * 2 - 1) * product @ product, rel=1e-13)


def test_specialized_file_has_its_data():
    """The text of one depth with data, without running it: compiling once more would test JAX."""
    from symderive import Spectrum

    text = export("jax", depth=3, data=Spectrum.of([1, 2], [1, "0.5"], 3))
    compile(text, "jax_depth_3.py", "exec")
    assert "EIGENVALUES = tuple([1.0, 2.0])" in text
    assert "depth is not 3, for which this file was made" in text
    assert text == export("jax", depth=3, data=Spectrum.of([1, 2], [1, "0.5"], 3))


def test_import_needs_jax_only(tmp_path):
    (tmp_path / "alone.py").write_text(export("jax", depth=3))
    program = (
        "import sys, jax, jax.numpy, typing, math; before = set(sys.modules); import alone;"
        "print(sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['alone']"
