"""The exported PyTorch file, run as a module of its own: certified values, and their derivatives."""

import numpy as np
import pytest
import sympy
from oracles.export_cases import CASES, best_index, mismatches
from oracles.export_derivatives import (
    BY_NAME,
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
    second_by_decay,
    third_along,
)
from oracles.sampled import THOROUGH, some
from oracles.tools import Library

from symderive.export import export

torch = Library("torch")

# PyTorch itself uses it for derivatives in forward mode.
pytestmark = [
    pytest.mark.torch,
    pytest.mark.filterwarnings("ignore:`torch.jit.script:DeprecationWarning"),
]


@pytest.fixture(scope="module")
def solver(tmp_path_factory):
    return load("torch", tmp_path_factory.mktemp("exported") / "generic_torch.py")


def tensor(value):
    return torch.tensor(value, dtype=torch.float64)


def arguments(case):
    given = {"mean_decay": case.decay, "noise_factor": case.noise_factor, "depth": case.depth}
    return (tensor(case.a), tensor(case.p), case.c), given


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_generic_file_meets_certified_values(solver, case):
    data, given = arguments(case)
    found = solver.stationary_points(*data, **given)
    assert mismatches(case, points_of(found)) == []
    assert int(found.best) in best_index(case)
    assert found.status == 0
    least = solver.global_minimum(*data, **given)
    assert least.index == found.best
    expected = found.loss[found.best] if found.best >= 0 else case.c
    assert float(least.loss) == float(expected)


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_specialized_file_meets_certified_values(depth, tmp_path):
    module = load("torch", tmp_path / f"torch_depth_{depth}.py", depth=depth)
    for case in CASES:
        if case.depth == depth:
            data, given = arguments(case)
            del given["depth"]
            assert mismatches(case, points_of(module.stationary_points(*data, **given))) == [], case.name
    with pytest.raises(ValueError, match=f"this file was made for depth {depth}"):
        module.global_minimum(*data, mean_decay=0.1, depth=depth + 1)
    found = module.flaw(*data, mean_decay=0.1, depth=tensor([depth, depth + 1.0]))
    assert [module.FLAWS[i] if i >= 0 else "" for i in found] == [
        "",
        f"depth is not {depth}, for which this file was made.",
    ]


def test_batches_agree_with_single_instances(solver, monkeypatch):
    """Also in chunks, and with fewer places than points."""
    a, p = tensor([1.0, 3320.0, 22180000.0]), tensor([1.0, 120.0, 5000.0])
    decays = tensor(np.geomspace(0.01, 10, 12).reshape(3, 4))
    whole = solver.stationary_points(a, p, 1e3, mean_decay=decays, depth=2)
    assert {0, 2, 6} <= set(whole.count.flatten().tolist())
    for index in np.ndindex(3, 4):
        one = solver.stationary_points(a, p, 1e3, mean_decay=decays[index], depth=2)
        assert points_of(one) == points_of(whole, index)
    monkeypatch.setattr(solver, "CHUNK", 12)
    parts = solver.stationary_points(a, p, 1e3, mean_decay=decays, depth=2)
    few = solver.stationary_points(a, p, 1e3, mean_decay=decays, depth=2, size=2)
    for name, value in whole._asdict().items():
        assert torch.equal(torch.nan_to_num(value), torch.nan_to_num(getattr(parts, name))), name
    assert few.ridge.shape == (3, 4, 2)
    assert torch.equal(few.status == solver.FULL, whole.count > 2)
    assert torch.equal(few.best, whole.best)


def test_vmap_agrees_with_broadcasting(solver):
    a, p = tensor([[1.0, 400.0], [1.0, 2.0]]), tensor([0.01, 0.49])
    decays = tensor([0.005, 0.02, 1.0])

    def least(a, g):
        return solver.global_minimum(a, p, 1.0, mean_decay=g, depth=2)

    inner = torch.func.vmap(least, (None, 0))
    both = torch.func.vmap(inner, (0, None))(a, decays)
    whole = solver.global_minimum(a[:, None], p, 1.0, mean_decay=decays, depth=2)
    for name, value in whole._asdict().items():
        assert torch.equal(getattr(both, name), value), name


def test_one_bad_row_gets_a_status(solver):
    """And a reason; its neighbors are what they are alone.  Shapes that do not fit raise."""
    good = {"a": [1.0, 2.0], "p": [1.0, 1.0], "c": 2.0, "mean_decay": 0.1, "noise_factor": 1.0, "depth": 2}
    changes = (
        ({}, 0, ""),
        ({"c": 1.5}, 0, ""),  # just what a and p explain
        ({"mean_decay": np.nan}, 2, "NaN or infinite"),
        ({"c": np.inf}, 2, "NaN or infinite"),
        ({"a": [-1.0, 1.0]}, 3, "a has a negative"),
        ({"p": [1.0, -2.0]}, 3, "p has a negative"),
        ({"c": -1.0}, 3, "c is negative"),
        ({"c": 1.499999}, 3, "c is less than the sum of p/a"),
        ({"a": [0.0, 1.0]}, 3, "p is positive where a is 0"),
        ({"mean_decay": -0.1}, 3, "mean_decay is negative"),
        ({"mean_decay": 0.0}, 3, "mean_decay is 0"),
        ({"noise_factor": 0.5}, 3, "noise_factor is less than 1"),
        ({"depth": 1.5}, 3, "not a whole number"),
        ({}, 0, ""),
    )
    rows = [{**good, **change} for change, _, _ in changes]
    batch = {name: tensor([row[name] for row in rows]) for name in good}
    points, least, flaws = (
        function(**batch) for function in (solver.stationary_points, solver.global_minimum, solver.flaw)
    )
    alone = solver.global_minimum(**good)
    for index, (_, status, reason) in enumerate(changes):
        assert points.status[index] == least.status[index] == status, reason
        text = solver.FLAWS[flaws[index]] if flaws[index] >= 0 else ""
        assert reason in text
        assert bool(text) == bool(status) == bool(torch.isnan(least.loss[index]))
        assert (
            bool(status)
            == (int(points.count[index]) == 0)
            == (least.index[index] == points.best[index] == -2)
        )
        if not status:
            assert float(least.ridge[index]) == float(alone.ridge)
    with pytest.raises(ValueError, match="one entry for each feature"):
        solver.stationary_points(**{**good, "p": [1.0, 1.0, 1.0]})
    with pytest.raises(ValueError, match="size is 0"):
        solver.stationary_points(**good, size=0)


def minimum(solver, problem):
    """Values of one point by the name of the argument."""

    def values(given):
        decay = solver.mean_decay(given["decays"])
        rho = solver.noise_factor(given["noise"], tensor([float(n) for n in problem.widths]))
        options = {"mean_decay": decay, "noise_factor": rho, "depth": problem.depth}
        data = given["A"], given["v"], given["c"]
        if problem.point is None:
            found, m = solver.minimum_of_moments(*data, **options)
            return {**{name: getattr(found, name) for name in VALUES}, "m": m}
        found, m = solver.points_of_moments(*data, **options)
        return {**{name: getattr(found, name)[problem.point] for name in VALUES}, "m": m[problem.point]}

    return values, {name: tensor(value) for name, value in problem.arrays.items()}


def by_pairs(jacobian):
    return {(name, argument): x.numpy() for name, row in jacobian.items() for argument, x in row.items()}


@pytest.mark.parametrize("problem", some(PROBLEMS, 3, ci=1), ids=lambda problem: problem.name)
def test_derivatives_of_everything(solver, problem):
    values, given = minimum(solver, problem)
    found, exact = values(given), certified(problem)
    for name, value in found.items():
        if name != "ridge" or exact["norm"][0]:
            np.testing.assert_allclose(
                value.reshape(-1), np.array(exact[name], float), rtol=1e-12, atol=1e-13
            )
    expected = derivatives(problem)
    backward = by_pairs(torch.func.jacrev(values)(given))
    assert disagreements(backward, expected) == []
    assert disagreements(by_pairs(torch.func.jacfwd(values)(given)), expected) == []
    turned = {key: -value for key, value in expected.items() if np.any(value)}
    assert len(disagreements(backward, turned)) == len(turned) > 0


def test_at_the_origin_only_c_counts(solver):
    values, given = minimum(solver, BY_NAME["origin"])
    slopes = torch.func.grad(lambda x: values(x)["loss"])(given)
    assert slopes.pop("c") == 1
    assert not any(slope.any() for slope in slopes.values())
    assert not derivatives(BY_NAME["origin"])["ridge", "v"].any()


def test_envelope_theorem(solver):
    """∂F/∂γ_i = κ/γ_i, ∂F/∂ρ = mᵀAm, ∂F/∂v = -2m, ∂F/∂A = ρ mmᵀ: to rounding, with autograd."""
    problem = BY_NAME["three layers"]
    values, given = minimum(solver, problem)
    leaves = {name: value.clone().requires_grad_() for name, value in given.items()}
    found = values(leaves)
    found["loss"].backward()
    m, kappa = found["m"].detach().numpy(), found["layer_decay"].item()
    rho = np.prod([1 + s / d for s, d in zip(problem.noise, problem.widths, strict=True)], dtype=float)
    expected = {
        "decays": kappa / given["decays"].numpy(),
        "v": -2 * m,
        "A": rho * np.outer(m, m),
        "c": 1.0,
        "noise": rho * (m @ given["A"].numpy() @ m) / (np.array(problem.widths) + given["noise"].numpy()),
    }
    for name, value in expected.items():
        np.testing.assert_allclose(leaves[name].grad.numpy(), value, rtol=1e-13, err_msg=name)


@pytest.mark.parametrize("problem", DIAGONAL, ids=lambda problem: problem.name)
def test_derivatives_by_the_spectrum(solver, problem):
    decay, rho = (
        float(solver.mean_decay(problem.arrays["decays"])),
        float(solver.noise_factor(problem.arrays["noise"], [float(n) for n in problem.widths])),
    )

    def values(given):
        found = solver.stationary_points(
            given["a"], given["p"], 64.0, mean_decay=decay, noise_factor=rho, depth=problem.depth
        )
        place = int(problem.point or 0)
        return {name: getattr(found, name)[place] for name in VALUES}

    a, p = np.diag(problem.arrays["A"]), problem.arrays["v"] ** 2
    found = by_pairs(torch.func.jacrev(values)({"a": tensor(a), "p": tensor(p)}))
    assert disagreements(found, by_spectrum(problem)) == []


@pytest.mark.parametrize("name", ["three layers", "equal eigenvalues", "saddle", "one layer"])
def test_second_derivatives(solver, name):
    """By one decay."""
    problem = BY_NAME[name]
    values, given = minimum(solver, problem)

    def along(first):
        return values({**given, "decays": torch.cat([first[None], given["decays"][1:]])})

    second = torch.func.jacfwd(torch.func.jacrev(along))(given["decays"][0])
    for value, exact in second_by_decay(problem).items():
        error = abs(float(second[value]) - exact)
        assert error <= RELATIVE * abs(exact), value


@pytest.mark.parametrize("name", some(["two layers", "saddle", "equal eigenvalues, turned"], 3, ci=1))
def test_third_derivatives(solver, name):
    """Along a line on which decays, A and v all vary."""
    problem = BY_NAME[name]
    values, given = minimum(solver, problem)

    def along(t):
        return values({key: value + t * tensor(LINE[key](problem)) for key, value in given.items()})

    third = torch.func.jacfwd(torch.func.jacrev(torch.func.jacrev(along)))(tensor(0.0))
    for value, exact in third_along(problem).items():
        assert abs(float(third[value]) - exact) <= RELATIVE * abs(exact), value


def test_higher_derivatives(solver):
    """Of a root of λ³‖v‖⁴ = g³(1 + λ)⁴ with ‖v‖² = 4; their cost doubles with every order."""
    g, x = sympy.symbols("g x")
    equation = sympy.log(16 * x**3) - 3 * sympy.log(g) - 4 * sympy.log(1 + x)
    slope = -sympy.diff(equation, g) / sympy.diff(equation, x)
    place = {g: sympy.Rational(1, 4)}
    place[x] = sympy.nsolve(equation.subs(place), x, 0.13, prec=60)
    exact, found = x, lambda g: solver.global_minimum([1.0], [4.0], 8.0, mean_decay=g, depth=2).ridge
    for _ in range(6 if THOROUGH else 3):
        exact = sympy.diff(exact, g) + sympy.diff(exact, x) * slope
        found = torch.func.grad(found)
        assert float(found(tensor(0.25))) == pytest.approx(float(exact.subs(place)), rel=1e-11)


def test_at_a_double_root_the_loss_alone_has_derivatives(solver):
    def point(g):
        found = solver.stationary_points([1.0], [9.0], 9.0, mean_decay=g, depth=3)
        assert found.kind.tolist() == [0]
        return found.loss[0], found.ridge[0]

    decay = tensor(2.0)
    ridge = float(point(decay)[1])
    slope, steep = torch.func.jacrev(point)(decay)
    kappa = ridge * 9 / (1 + ridge) ** 2
    assert float(slope) == pytest.approx(4 * kappa / 2.0, rel=1e-12)
    assert abs(float(steep)) > 1e6  # infinite, as far as doubles can tell


def test_weights_of_the_minimum_have_its_loss_and_are_stationary(solver):
    """Rebuilt layers through the file's own loss, whose gradient by them is 0."""
    problem = BY_NAME["two layers"]
    values, given = minimum(solver, problem)
    found = values(given)
    layers = solver.layers(found["m"], found["layer_decay"], given["decays"], problem.widths)
    data = given["A"], given["v"], given["c"], given["decays"], given["noise"]
    assert float(solver.loss(layers, *data)) == pytest.approx(float(found["loss"]), rel=1e-14)
    slopes = torch.func.grad(lambda layers: solver.loss(layers, *data))(layers)
    sizes = [float(abs(slope).max()) for slope in slopes]
    assert max(sizes) < 1e-14
    moved = [layer * 1.001 for layer in layers]
    assert float(solver.loss(moved, *data)) > float(found["loss"])
    assert max(float(abs(x).max()) for x in torch.func.grad(lambda x: solver.loss(x, *data))(moved)) > 1e-4
    nothing = solver.layers(0 * found["m"], 0 * found["layer_decay"], given["decays"], problem.widths)
    assert not any(layer.any() for layer in nothing)


def test_singular_data_and_many_axes(solver):
    """A of rank one in three dimensions, whose rounded eigenvectors leave v a part outside its range."""
    x = tensor([0.1, 0.7, -0.3])
    A, v = torch.outer(x, x), 2 * x
    least, m = solver.minimum_of_moments(A, v, 16.0, mean_decay=1e-9, depth=2)
    one = solver.global_minimum((x @ x)[None], (4 * (x @ x))[None], 16.0, mean_decay=1e-9, depth=2)
    assert float(least.loss) == pytest.approx(float(one.loss), rel=1e-12)
    assert torch.allclose(m, x * (m @ x) / (x @ x), rtol=1e-9)


def test_isotropic(solver):
    q, spinodal, transition = solver.isotropic_decay(
        1.0, 1.0, mean_decay=0.3, depth=tensor([1.0, 2.0, 3.0])
    )
    np.testing.assert_allclose(q, 0.3, rtol=1e-15)
    np.testing.assert_allclose(spinodal, [1, 3 * 2 ** (1 / 3) / 8, 0.384900179459750], rtol=1e-14)
    np.testing.assert_allclose(transition, [1, 0.396850262992050, 0.272165526975909], rtol=1e-14)
    around = solver.isotropic_points(
        1.0, 1.0, 1.0, mean_decay=float(spinodal[2]) * (1 + tensor([-1e-9, 1e-9])), depth=3
    )
    assert around.count.tolist() == [2, 0]
    assert float(solver.prediction_variance(3.0, 1.5)) == 4.5


def test_tensors_are_made_on_the_device_of_the_inputs(solver):
    """The default device is another one here, where everything made without saying where would be."""
    a, p, g = tensor([[1.0, 400.0], [1.0, 2.0]]), tensor([0.01, 0.49]), tensor([0.02, 0.1])
    A, v = torch.diag_embed(a), p.sqrt()
    decays = [0.1, 0.1, 0.1]

    def everything(number):
        steep = g.clone().requires_grad_()
        points = solver.stationary_points(a, p, 1.0, mean_decay=steep, depth=2)
        points.loss.nan_to_num().sum().backward()
        least, m = solver.minimum_of_moments(A, v, 1.0, mean_decay=g, depth=2)
        layers = solver.layers(m[0], least.layer_decay[0], decays, [2, 3])
        return [
            *points,
            steep.grad,
            *least,
            m,
            *layers,
            *solver.points_of_moments(A, v, 1.0, mean_decay=g, depth=2)[0],
            solver.global_minimum(a, p, 1.0, mean_decay=0.1, depth=2).loss,
            solver.loss(layers, A[0], v, 1.0, decays, 0.5),
            solver.flaw(a, p, 1.0, mean_decay=-0.1, depth=2),
            solver.ridge_solution(a, p, 0.1),
            solver.prediction_variance(number, 1.5),
            solver.mean_decay(p),
            solver.noise_factor([0.5, 0.5], p),
            *solver.isotropic_decay(number, 1.0, mean_decay=0.1, depth=2),
            *solver.isotropic_points(number, 1.0, 2.0, mean_decay=0.1, depth=2),
            torch.func.vmap(lambda g: solver.global_minimum(a, p, 1.0, mean_decay=g, depth=2).loss)(g),
        ]

    number = tensor(1.0)
    expected = everything(number)
    torch.set_default_device("meta")
    try:
        found = everything(number)
        with pytest.raises(ValueError, match="on cpu and meta; give all of them on one device"):
            solver.global_minimum(a, torch.ones(2), 1.0, mean_decay=0.1, depth=2)
        # Shapes alone, without numbers.
        empty = torch.ones(5, 3)
        shapes = solver.stationary_points(empty, empty, 9.0, mean_decay=0.1, depth=2)
    finally:
        torch.set_default_device("cpu")
    assert [x.device.type for x in found] == ["cpu"] * len(expected)
    assert all(torch.equal(x.nan_to_num(), y.nan_to_num()) for x, y in zip(found, expected, strict=True))
    assert (shapes.ridge.shape, shapes.count.shape, shapes.ridge.device.type) == ((5, 6), (5,), "meta")


def test_chunks_follow_the_free_memory(solver, monkeypatch):
    """A device that says what is free is given chunks that fit; values are those of one chunk."""
    decays = tensor(np.geomspace(0.01, 10, 50))
    given = ([1.0, 3320.0, 22180000.0], [1.0, 120.0, 5000.0], 1e3)
    whole = solver.stationary_points(*given, mean_decay=decays, depth=2)
    sizes, march = [], solver._march

    def counted(*values):
        sizes.append(len(values[2]))
        return march(*values)

    monkeypatch.setattr(solver, "_march", counted)
    monkeypatch.setattr(solver, "_free_bytes", lambda _: 40 * (3 * solver.BYTES + solver.MORE_BYTES))
    parts = solver.stationary_points(*given, mean_decay=decays, depth=2)
    assert sizes == [20, 20, 10]
    for name, value in whole._asdict().items():
        assert torch.equal(torch.nan_to_num(value), torch.nan_to_num(getattr(parts, name))), name
    monkeypatch.setattr(solver, "_free_bytes", lambda _: 1e12)
    sizes.clear()
    solver.global_minimum(*given, mean_decay=decays, depth=2)
    assert sizes == [50]


@pytest.mark.ci
@pytest.mark.parametrize("backend", ["eager", *(["aot_eager", "inductor"] if THOROUGH else [])])
def test_compiles_as_a_whole(solver, backend):
    """The search is one operator of the graph, and gradients go through what follows."""
    a, p, g = tensor([[1.0, 400.0], [1.0, 2.0]]), tensor([0.01, 0.49]), tensor([0.02, 0.1])

    def loss(g):
        return solver.global_minimum(a, p, 1.0, mean_decay=g, depth=2).loss.sum()

    slopes = []
    for function in (loss, torch.compile(loss, fullgraph=True, backend=backend)):
        leaf = g.clone().requires_grad_()
        function(leaf).backward()
        slopes.append(leaf.grad)
    assert torch.allclose(*slopes, rtol=1e-13)


@pytest.mark.skipif(not THOROUGH, reason="PyTorch traces for seconds; what it traces is tried above")
def test_compiled_points_have_a_number_that_is_known(solver):
    a, p, g = tensor([[1.0, 400.0], [1.0, 2.0]]), tensor([0.01, 0.49]), tensor([0.02, 0.1])

    def points(size):
        return solver.stationary_points(a, p, 1.0, mean_decay=g, depth=2, size=size)

    plain = points(None)
    for size, number in ((None, 4), (3, 3)):
        compiled = torch.compile(points, fullgraph=True)(size)
        assert compiled.ridge.shape == (2, number)
        assert compiled.status.tolist() == [0 if number == 4 else solver.FULL, 0]
        for name in ("ridge", "loss", "slope"):
            expected = getattr(plain, name)[:, :number]
            assert torch.allclose(getattr(compiled, name), expected, rtol=1e-14, equal_nan=True)


def test_two_files_in_one_process_keep_their_searches(solver, tmp_path):
    """Operators are registered by name in all of PyTorch: a file of another depth has another name."""
    other = load("torch", tmp_path / "torch_depth_3.py", depth=3)
    given = ([1.0, 2.0], [1.0, 1.0], 2.0)
    two, three = (solver.global_minimum(*given, mean_decay=0.1, depth=D).loss for D in (2, 3))
    assert other.global_minimum(*given, mean_decay=0.1).loss == pytest.approx(float(three), rel=1e-14)
    assert abs(float(two - three)) > 1e-3


def test_imports_torch_only():
    assert imports(export("torch")) == {"__future__", "collections.abc", "math", "typing", "torch"}
