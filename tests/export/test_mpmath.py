"""The exported mpmath file: the same cases in 53 bits, and more digits where more are asked for."""

import pytest
from mpmath import mp, mpf, workdps, workprec
from oracles.export_cases import CASES, UNIT, Point, mismatches

from symderive import Network, Spectrum, solve
from symderive.export.live import namespace

#: Digits of the comparison with certified values.
DIGITS = 60


@pytest.fixture(scope="module")
def solver():
    return namespace("mpmath")


def run(solver, case):
    found = solver.stationary_points(
        case.a, case.p, case.c, mean_decay=case.decay, noise_factor=case.noise_factor, depth=case.depth
    )
    return [Point(**point._asdict()) for point in found]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases_meet_certified_values(solver, case):
    with workprec(53):
        points = run(solver, case)
    assert mismatches(case, points, unit=UNIT) == []


def test_digits_of_the_caller(solver):
    """60 digits, and a case that fails where only 15 are carried."""
    net = Network(2, widths=1, decays="1/50", noise="1/3")
    data = Spectrum.of([1, 400], ["1/100", "49/100"])
    exact = solve(net, data, digits=DIGITS).points
    for digits, good in ((DIGITS, True), (15, False)):
        with workdps(digits):
            third = mpf(1) / 3
            found = solver.stationary_points(
                [1, 400],
                ["0.01", "0.49"],
                mpf(449) / 40000,
                mean_decay=solver.mean_decay(["0.02"] * 3),
                noise_factor=solver.noise_factor([third] * 2, [1, 1]),
                depth=2,
            )
        with workdps(DIGITS + 5):
            errors = [
                abs(getattr(point, name) / mpf(getattr(other, key).mid()) - 1)
                for point, other in zip(found, exact, strict=True)
                for name, key in (("ridge", "ridge"), ("norm", "norm"), ("variance", "prediction_variance"))
            ]
            assert (max(errors) < mpf(10) ** (2 - DIGITS)) is good
    assert mp.dps == 15


def test_pairs_that_doubles_cannot_tell_are_told_by_more_digits(solver):
    """Spinodal at depth 3 with a = 1, p = 9: a double root at γ = 2."""
    for digits, kinds in ((15, [0]), (60, [1, -1])):
        with workdps(digits):
            decay = 2 - mpf(10) ** -20
            points = solver.stationary_points([1], [9], 9, mean_decay=decay, depth=3)
            assert [point.kind for point in points] == kinds
    with workdps(60):
        assert solver.stationary_points([1], [9], 9, mean_decay=2 + mpf(10) ** -20, depth=3) == []


def test_weights_of_the_minimum_have_its_loss(solver):
    widths, decays, noise = [2, 3], ["0.01", "0.02", "0.04"], ["0.5", "0.25"]
    with workdps(40):
        rho, decay = solver.noise_factor(noise, widths), solver.mean_decay(decays)
        a, p = [1, 3], [1, 4]
        least = solver.global_minimum(a, p, 5, mean_decay=decay, noise_factor=rho, depth=2)
        m = solver.ridge_solution(a, p, least.ridge, rho)
        weights = solver.layers(m, least.layer_decay, decays, widths)
        A, v = mp.diag([1, 3]), [1, 2]
        assert abs(solver.loss(weights, A, v, 5, decays, noise) - least.loss) < mpf(10) ** -38
        weights[1][0, 0] *= 1 + mpf(10) ** -8
        assert solver.loss(weights, A, v, 5, decays, noise) > least.loss + mpf(10) ** -20
        q, spinodal, transition = solver.isotropic_decay(1, 1, mean_decay="0.1", depth=2)
        assert abs(spinodal - 3 * mp.cbrt(2) / 8) < mpf(10) ** -38
        assert transition < spinodal
        assert q == mpf("0.1")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"a": [-1, 1]}, "a has the entry -1"),
        ({"mean_decay": mp.nan}, "mean_decay has the entry nan"),
        ({"p": [1]}, "one of each for each feature"),
        ({"mean_decay": 0}, "mean_decay is 0"),
        ({"depth": "1.5"}, "not a whole number"),
        ({"c": "1.499999"}, "c is less than the sum of p/a"),
    ],
)
def test_impossible_values_are_refused(solver, change, message):
    good = {"a": [1, 2], "p": [1, 1], "c": "1.5", "mean_decay": "0.1", "noise_factor": 1, "depth": 2}
    assert solver.stationary_points(**good)
    with pytest.raises(ValueError, match=message):
        solver.stationary_points(**{**good, **change})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decays": [1, 2, 3]}, "one decay for each of 2 layers"),
        ({"noise": [1, 2]}, "one variance for each but the last"),
        ({"A": mp.diag([1, 1])}, "the first layer takes 3 features"),
        ({"v": [1, 2]}, "the first layer takes 3 features"),
        ({"layers": [mp.ones(2, 3), [1, 2, 3]]}, "matrices that can be multiplied"),
        ({"layers": []}, "layers are missing"),
    ],
)
def test_loss_takes_what_fits_and_nothing_else(solver, change, message):
    good = {
        "layers": [mp.ones(2, 3), [1, 1]],
        "A": mp.eye(3),
        "v": [1, 1, 1],
        "c": 1,
        "decays": [1, 2],
        "noise": 1,
    }
    # E (Σx)² = 3: signal 4·3 and noise 2·3, 2·Σv·2, decays 6 + 4
    assert solver.loss(**good) == 18 - 12 + 1 + 10
    assert solver.loss(**{**good, "noise": [1]}) == solver.loss(**good)
    with pytest.raises(ValueError, match=message):
        solver.loss(**{**good, **change})


@pytest.mark.parametrize(
    "call",
    [
        lambda solver: solver.mean_decay([]),
        lambda solver: solver.noise_factor([1, 1], [1]),
        lambda solver: solver.noise_factor([1], [0]),
        lambda solver: solver.layers([1], 1, [1, 1, 1], [2]),
        lambda solver: solver.ridge_solution([1, 2], [1], 1),
        lambda solver: solver.isotropic_decay(-1, 1, mean_decay=1, depth=2),
        lambda solver: solver.isotropic_points(1, -1, 1, mean_decay=1, depth=2),
    ],
)
def test_other_functions_raise_one_sentence(solver, call):
    with pytest.raises(ValueError, match=r"\.$"):
        call(solver)
