"""The exported JAX file, run as a module of its own: certified values, and their derivatives.

Compiling takes seconds, so that what can goes into one batch.
"""

import numpy as np
import pytest
from oracles.export_cases import CASES, UNIT, best_index, mismatches
from oracles.export_derivatives import (
    DIAGONAL,
    LINE,
    PROBLEMS,
    RELATIVE,
    VALUES,
    by_spectrum,
    certified,
    derivatives,
    disagreements,
    imports,
    load,
    points_of,
    third_along,
)
from oracles.sampled import THOROUGH
from oracles.tools import Library

from symderive.export import export

jax = Library("jax")
pytestmark = [pytest.mark.jax, pytest.mark.slow]

#: Features and points that every instance of the table is filled up to.
FEATURES, SIZE = 4, 6

#: Below this the last digits of a root would be mended by numbers that XLA takes for 0.
FLUSHED = 2.0**-960

#: Error that the order of operations may make.
ROUNDED = 1e-14

#: A good instance, and changes that no problem has.
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
    ({"c": 1.499999}, "c is less than the sum of p/a"),
    ({"a": [1.0, 1e-310]}, "below 2^-1022"),
    ({"p": [1e-310, 1.0]}, "below 2^-1022"),
    ({"mean_decay": 1e-310}, "below 2^-1022"),
)
NOT_FINITE = ({"mean_decay": np.nan}, {"mean_decay": np.inf}, {"c": np.nan}, {"a": [1.0, np.nan]})


@pytest.fixture(scope="module")
def solver(tmp_path_factory):
    """Compiled as it stands; in a thorough run made as fast as XLA can, which takes long."""
    jax.config.update("jax_enable_x64", True)
    jax.config.update("jax_disable_most_optimizations", not THOROUGH)
    yield load("jax", tmp_path_factory.mktemp("exported") / "generic_jax.py")
    jax.config.update("jax_disable_most_optimizations", False)
    jax.config.update("jax_enable_x64", False)


def filled(numbers):
    return [*numbers, *[0.0] * (FEATURES - len(numbers))]


@pytest.fixture(scope="module")
def batch():
    """All cases, all inputs that are refused, and the problems with derivatives, as arrays."""
    rows = [(filled(x.a), filled(x.p), x.c, x.decay, x.noise_factor, float(x.depth)) for x in CASES]
    for change in (*(change for change, _ in BAD), *NOT_FINITE):
        given = {**GOOD, **change}
        rows.append((filled(given.pop("a")), filled(given.pop("p")), *given.values()))
    for problem in DIAGONAL:
        x = problem.arrays
        rho = np.prod(1 + x["noise"] / np.array(problem.widths))
        decay = np.prod(x["decays"]) ** (1 / len(x["decays"]))
        rows.append(
            (filled(np.diag(x["A"])), filled(x["v"] ** 2), x["c"], decay, rho, float(problem.depth))
        )
    names = ("a", "p", "c", "mean_decay", "noise_factor", "depth")
    return dict(zip(names, map(np.array, zip(*rows, strict=True)), strict=True))


@pytest.fixture(scope="module")
def points(solver, batch):
    """All points of the batch, and the derivatives of VALUES by a and p, of each instance by its own."""

    def gathered(x):
        found = solver.stationary_points(**{**batch, **x}, size=SIZE)
        return {name: jax.numpy.nansum(getattr(found, name), 0) for name in VALUES}, found

    by = {name: batch[name] for name in "ap"}
    slopes, found = jax.jit(jax.jacrev(gathered, has_aux=True))(by)
    return found, slopes


@pytest.fixture(scope="module")
def minima(solver, batch):
    """By vmap over batches, in chunks that are not full, whose last instances go on by themselves."""
    before = solver.CHUNK, solver.FEWEST, solver.SHRINK
    solver.CHUNK, solver.FEWEST, solver.SHRINK = 7 * FEATURES, 4, 3
    n = len(batch["c"])
    rows = np.arange(n + n % 2).reshape(2, -1) % n
    parts = {name: value[rows] for name, value in batch.items()}
    found = jax.jit(jax.vmap(lambda given: solver.global_minimum(**given)))(parts)
    solver.CHUNK, solver.FEWEST, solver.SHRINK = before
    return type(found)(*(value.reshape(-1)[:n] for value in found))


@pytest.mark.ci
def test_generic_file_meets_certified_values(points):
    """Compiled, in one batch; refused instances are NaN and disturb nobody."""
    found = points[0]
    for index, case in enumerate(CASES):
        unit = UNIT * (4 if case.decay < FLUSHED else 1)
        assert mismatches(case, points_of(found, index), unit=unit) == [], case.name
        assert int(found.best[index]) in best_index(case), case.name
    assert not found.status[: len(CASES)].any()
    refused = slice(len(CASES), -len(DIAGONAL))
    assert found.status[refused].tolist() == [3] * len(BAD) + [2] * len(NOT_FINITE)
    assert np.isnan(found.ridge[refused]).all()


@pytest.mark.ci
def test_the_minimum_is_the_best_point(points, minima, batch):
    found = points[0]
    refused = found.status >= 2
    np.testing.assert_array_equal(minima.status, found.status)
    assert np.isnan(minima.loss[refused]).all()
    for index, case in enumerate(CASES):
        assert int(minima.index[index]) in best_index(case), case.name
    # At a tie the order of operations decides.
    clear = np.array([len(best_index(case)) == 1 for case in CASES] + [True] * (len(refused) - len(CASES)))
    np.testing.assert_array_equal(minima.index[clear], found.best[clear])
    place = np.maximum(minima.index, 0)[:, None]
    for name in VALUES:
        origin = {"ridge": np.inf, "loss": batch["c"]}.get(name, 0.0)
        best = np.take_along_axis(np.asarray(getattr(found, name)), place, 1)[:, 0]
        expected = np.where(refused, np.nan, np.where(minima.index < 0, origin, best))
        np.testing.assert_allclose(getattr(minima, name), expected, rtol=ROUNDED, err_msg=name)


@pytest.mark.ci
def test_without_jit_and_refused(solver, batch, minima):
    """One instance, not traced, is what it is in the batch; every bad row has its reason."""
    index = [case.name for case in CASES].index("two minima")
    one = {name: value[index] for name, value in batch.items()}
    found = solver.global_minimum(**one)
    for name, value in minima._asdict().items():
        np.testing.assert_allclose(getattr(found, name), value[index], rtol=ROUNDED, err_msg=name)
    flaws = np.asarray(solver.flaw(**batch))
    assert (flaws[: len(CASES)] == -1).all()
    reasons = [message for _, message in BAD] + ["NaN or infinite"] * len(NOT_FINITE)
    for message, flaw in zip(reasons, flaws[len(CASES) : -len(DIAGONAL)], strict=True):
        assert flaw >= 0
        assert message in solver.FLAWS[flaw]
    with pytest.raises(ValueError, match="one entry for each feature"):
        solver.global_minimum(**{**one, "p": [1.0]})
    with pytest.raises(ValueError, match="size is 0"):
        solver.stationary_points(**one, size=0)


@pytest.mark.ci
def test_derivatives_by_the_spectrum_of_every_point(points):
    """At minima, a saddle and a bad minimum; where p is 0 too."""
    for index, problem in enumerate(DIAGONAL, -len(DIAGONAL)):
        slopes = {
            (name, by): x[problem.point or 0, index, : len(problem.v)]
            for name, row in points[1].items()
            for by, x in row.items()
        }
        assert disagreements(slopes, by_spectrum(problem)) == [], problem.name


def minimum(solver, depth, widths):
    def values(given):
        decay = solver.mean_decay(given["decays"])
        rho = solver.noise_factor(given["noise"], np.array(widths, float))
        data = given["A"], given["v"], given["c"]
        found, m = solver.minimum_of_moments(*data, mean_decay=decay, noise_factor=rho, depth=float(depth))
        return {**{name: getattr(found, name) for name in VALUES}, "m": m}

    return values


@pytest.mark.skipif(
    not THOROUGH, reason="compiling takes a quarter of a minute; PyTorch's are tried every day"
)
def test_third_derivatives(solver):
    """Along a line on which decays, A and v all vary."""
    problem = next(x for x in PROBLEMS if x.name == "two layers")
    values = minimum(solver, problem.depth, problem.widths)

    def along(t):
        arrays = problem.arrays
        return values({key: arrays[key] + t * np.array(LINE[key](problem)) for key in arrays})

    third = jax.jit(jax.jacfwd(jax.jacrev(jax.jacfwd(along))))(0.0)
    for value, exact in third_along(problem).items():
        assert abs(float(third[value]) - exact) <= RELATIVE * abs(exact), value


@pytest.mark.ci
def test_derivatives_of_everything(solver):
    """By decays, noises, A, v and c, of all problems of one depth in one compiled batch."""
    problems = [x for x in PROBLEMS if x.depth == 2 and x.point is None]
    assert {"equal eigenvalues", "identity", "origin"} <= {x.name for x in problems}
    arrays = [x.arrays for x in problems]
    given = {name: np.stack([x[name] for x in arrays]) for name in arrays[0]}
    values = minimum(solver, 2, problems[0].widths)

    def gathered(x):
        found = values(x)
        return {name: value.sum(0) for name, value in found.items()}, found

    jacobian, found = jax.jit(jax.jacrev(gathered, has_aux=True))(given)
    for index, problem in enumerate(problems):
        exact, expected = certified(problem), derivatives(problem)
        for name, value in found.items():
            if name != "ridge" or problem.name != "origin":
                value = np.reshape(value[index], -1)
                np.testing.assert_allclose(value, np.array(exact[name], float), rtol=1e-12, atol=1e-13)
        slopes = {
            (name, by): np.moveaxis(x, -1 - np.ndim(getattr(problem, by)), 0)[index]
            for name, row in jacobian.items()
            for by, x in row.items()
        }
        assert disagreements(slopes, expected) == [], problem.name
        turned = {key: -value for key, value in expected.items() if np.any(value)}
        assert len(disagreements(slopes, turned)) == len(turned) > 0


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
    """Layers multiply to m's direction with the decay asked for; noise adds its known variance."""
    m, kappa, decays, noise = np.array([0.6, -0.8]), 0.5, np.array([0.25, 1.0, 2.0]), np.array([3.0, 2.0])

    @jax.jit
    def rebuilt(m, kappa):
        layers = solver.layers(m, kappa, decays, [3, 2])
        return layers, [solver.loss(layers, np.eye(2), m, 4.0, decays, x) for x in (0 * noise, noise)]

    layers, (plain, noisy) = rebuilt(m, kappa)
    assert [W.shape for W in layers] == [(3, 2), (2, 3), (2,)]
    for W, decay in zip(layers, decays, strict=True):
        assert float(decay * (W * W).sum()) == pytest.approx(kappa, rel=ROUNDED)
    product = np.asarray(layers[2] @ layers[1] @ layers[0])
    np.testing.assert_allclose(product / np.linalg.norm(product), m, rtol=ROUNDED)
    assert float(plain) == pytest.approx(np.sum((product - m) ** 2) + 3 + 3 * kappa, rel=ROUNDED)
    extra = (np.prod(1 + noise / [3, 2]) - 1) * product @ product
    assert float(noisy - plain) == pytest.approx(extra, rel=1e-13)
    assert not any(W.any() for W in rebuilt(0 * m, 0.0)[0])


def test_specialized_file_has_its_data():
    """The text of one depth with data, without running it: compiling once more would test JAX."""
    from symderive import Spectrum

    text = export("jax", depth=3, data=Spectrum.of([1, 2], [1, "0.5"], 3))
    compile(text, "jax_depth_3.py", "exec")
    assert "EIGENVALUES = tuple([1.0, 2.0])" in text
    assert "depth is not 3, for which this file was made" in text
    assert text == export("jax", depth=3, data=Spectrum.of([1, 2], [1, "0.5"], 3))


def test_chunks_follow_the_free_memory(solver, monkeypatch):
    assert solver._chunk(4) == solver.CHUNK // 4
    monkeypatch.setattr(solver, "_free_bytes", lambda: 1e11)
    assert 10**7 < solver._chunk(10) < 10**8
    monkeypatch.setattr(solver, "_free_bytes", lambda: 0)
    assert solver._chunk(10) == 1


@pytest.mark.parametrize("free", [None, 1e11])
@pytest.mark.parametrize("features", [3, 40])
def test_sums_over_features(solver, features, free, monkeypatch):
    """Written out where they are few, on a GPU, else a product with ones; in any number of axes."""
    monkeypatch.setattr(solver, "_free_bytes", lambda: free)
    values = np.random.default_rng(0).random((features, 4, 2))
    assert (features <= solver.UNROLLED) == (features == 3)
    np.testing.assert_allclose(solver._sum(jax.numpy.asarray(values)), values.sum(0), rtol=ROUNDED)
    np.testing.assert_array_equal(solver._top(jax.numpy.asarray(values)), values.max(0))


def test_subnormal_numbers_are_told_by_their_bits(solver):
    numbers = np.array([0.0, -0.0, 5e-324, -1e-310, 2.0**-1022, 1.0, np.inf])
    found = solver._is_subnormal(jax.numpy.asarray(numbers))
    assert found.tolist() == [False, False, True, True, False, False, False]


def test_imports_jax_only():
    assert imports(export("jax")) == {
        "__future__",
        "collections.abc",
        "functools",
        "math",
        "typing",
        "jax",
        "jax.numpy",
    }
