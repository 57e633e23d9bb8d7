"""What a diagram shows: lines, regimes and branches, each against an independent computation."""

import random
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from symderive import Moments, Network, Spectrum, solve
from symderive.errors import InputError
from symderive.sweeps.branches import branches, with_folds
from symderive.sweeps.grid import Axis, Grid
from symderive.sweeps.points import MINIMUM, ORIGIN, PROVED, QUANTITIES, UNPROVED, at_origin
from symderive.sweeps.regimes import Regime, regimes
from symderive.sweeps.study import study
from symderive.sweeps.sweep import solve_grid
from symderive.sweeps.threshold_lines import critical_lines
from symderive.thresholds.thresholds import thresholds

FOUR_ROOTS = Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1)

#: Doubles on a line against certified numbers.
ON_LINE = 1e-12

#: Where branches meet, a double knows ln λ to the square root of its precision.
FOLD = 1e-6


@pytest.mark.parametrize(
    ("vary", "fixed"),
    [
        ({"decay": ["0.001", 1], "noise": [0, 9]}, {"depth": 3, "width": 4}),
        ({"noise": ["0.5", 30], "width": [1, 50]}, {"depth": 3, "decay": "0.02"}),
        ({"depth": [1, 2, 3, 4], "decay": ["0.001", 1]}, {"width": 4, "noise": 1}),
        ({"noise": [0, 30]}, {"depth": 2, "width": 3, "decay": "0.02"}),
    ],
)
def test_lines_are_the_thresholds(vary, fixed):
    """Every line is solved for its first parameter; that parameter's threshold is found anew, certified."""
    data = Spectrum.of([1, 3], ["1/2", "1/5"], 2)
    solved = "decay" if "decay" in vary else "noise"
    lines = critical_lines(Grid.of(vary, **fixed), data)
    assert list(lines) == ["transition", "spinodal"]
    compared = 0
    for kind, points in lines.items():
        count = len(points[solved])
        for i in random.Random(1).sample(range(count), min(count, 5)):
            at = {name: Fraction(float(values[i])) for name, values in points.items() if name != solved}
            at = {"decay": 1, "noise": 0} | fixed | at
            net = Network(int(at["depth"]), widths=1, decays=at["decay"], noise=0)
            # Noise over width is what counts: a width between whole numbers is not lost.
            net = replace_noise(net, Fraction(at["noise"]) / Fraction(at["width"]))
            expected = getattr(getattr(thresholds(net, data, digits=15), solved), kind).value
            scale = 1 if solved == "decay" else float(at["width"])
            if expected is None:
                assert np.isnan(points[solved][i])
            else:
                assert points[solved][i] == pytest.approx(scale * float(expected), rel=ON_LINE)
                compared += 1
    assert compared


def replace_noise(net, noise):
    return Network(net.depth, widths=1, decays=net.decays, noise=noise)


def test_regimes_change_at_the_lines():
    vary = {"decay": [Fraction(k, 50) for k in range(1, 40)], "noise": [0, 1, 2, 5]}
    data = Spectrum.of([1], [1], 2)
    points = solve_grid(Grid.of(vary, depth=3, width=4), data)
    found = regimes(points).reshape(39, 4)
    for j, noise in enumerate(vary["noise"]):
        decay = thresholds(Network(3, widths=4, decays=1, noise=noise), data, digits=15).decay
        low, high = float(decay.transition.value), float(decay.spinodal.value)
        for i, value in enumerate(map(float, vary["decay"])):
            expected = (
                Regime.TRAINED if value < low else Regime.METASTABLE if value < high else Regime.COLLAPSED
            )
            assert found[i, j] == expected


def test_branches_meet_at_their_folds():
    """At D = 2 the example has two minima and two saddles, joined at three folds along the decay."""
    wanted = Grid.of({"decay": np.geomspace(1e-3, 1e-1, 40).tolist()}, depth=2, width=4, noise="0.3")
    points = solve_grid(wanted, FOUR_ROOTS)
    values, denser = with_folds(
        wanted,
        points,
        lambda more: solve_grid(more, FOUR_ROOTS),
        lambda more: solve_grid(more, FOUR_ROOTS, doubles=True),
    )
    assert set(wanted.axes[0].array()) < set(values)
    assert (np.diff(values) > 0).all()
    found = branches(denser)
    assert sorted(branch.kind for branch in found) == [-1, -1, 1, 1]
    assert sum(len(branch.cells) for branch in found) == denser.count.sum()
    ends = [
        (
            values[branch.cells[k]],
            float(np.log(denser.ridge[branch.cells[k], branch.points[k]])),
            branch.kind,
        )
        for branch in found
        for k in (0, -1)
        if 0 < branch.cells[k] < len(values) - 1
    ]
    assert len(ends) == 6
    for value, place, kind in ends:
        partners = [e for e in ends if e[2] == -kind and abs(e[0] / value - 1) < FOLD]
        assert min(abs(other[1] - place) for other in partners) < 1e3 * FOLD
    # Without the added values the ends stay apart.
    coarse = branches(points)
    gap = max(
        abs(np.log(points.ridge[b.cells[-1], b.points[-1]]) - 7.3) for b in coarse if b.kind == MINIMUM
    )
    assert gap > 1e3 * FOLD


# -- the record ------------------------------------------------------------------------------------


#: a = v = 1 at D = 2: the transition is at γ³ = 1/16, the spinodal at γ = 3·2^{1/3}/8.
ONE = Spectrum.of([1], [1], "1.5")
TRANSITION, SPINODAL = (1 / 16) ** (1 / 3), 3 * 2 ** (1 / 3) / 8


def studied(vary, data=ONE, *, log=(), doubles=False, **fixed):
    grid = Grid.of(vary, **fixed)
    points = solve_grid(grid, data, doubles=doubles)
    return study(grid, data, points, log=frozenset(log), doubles=doubles)


def test_one_parameter_has_branches_that_hold_every_point():
    decays = np.geomspace(1e-3, 1e-1, 40).tolist()
    found = studied({"decay": decays}, FOUR_ROOTS, depth=2, width=4, noise="0.3", log=["decay"])
    (values,) = found.values.values()
    assert found.log == {"decay"}
    assert len(values) == found.points.size > found.grid.size == 40
    assert found.regimes.shape == found.minima.shape == values.shape
    again = solve_grid(replace(found.grid, axes=(Axis.of("decay", values.tolist()),)), FOUR_ROOTS)
    np.testing.assert_array_equal(again.norm, found.points.norm)
    assert found.loss_at_origin == 1
    # A branch has the quantities of its points, and the global minimum is on one branch or at the origin.
    best = (found.points.best == ORIGIN).astype(int)
    for branch in found.branches:
        x, loss, is_best = found.along(branch, "loss")
        assert (np.diff(x) > 0).all()
        assert (branch.kind == MINIMUM) or not is_best.any()
        rows = np.searchsorted(values, x)
        lowest = found.points.of_best("loss", found.loss_at_origin)[rows]
        assert (loss >= lowest).all()
        np.testing.assert_array_equal(loss[is_best], lowest[is_best])
        best[rows] += is_best
    assert (best == 1).all()


@pytest.mark.parametrize(("doubles", "verdict"), [(False, PROVED), (True, UNPROVED)])
def test_what_is_added_is_found_as_the_rest_is(doubles, verdict):
    found = studied({"decay": ["0.1", "0.3", "0.6"]}, depth=2, width=4, doubles=doubles)
    (values,) = found.values.values()
    assert len(values) > 3
    assert (found.points.verdict == verdict).all()
    assert found.remark == ("double precision, not certified" if doubles else "")


@pytest.mark.parametrize("vary", [{"depth": [1, 2, 3, 9]}, {"width": [1, 2, 50]}])
def test_nothing_is_added_between_whole_numbers(vary):
    found = studied(vary, **{"depth": 2, "width": 3, "decay": "0.3", "noise": 1} | dict.fromkeys(vary))
    assert {name: values.tolist() for name, values in found.values.items()} == vary


def test_two_parameters_have_regimes():
    found = studied({"decay": ["0.1", "0.41", "0.6"], "noise": [0, 1]}, depth=2, width=4)
    assert list(found.values) == ["decay", "noise"]
    assert found.branches == ()
    for cell, place in enumerate(np.ndindex(3, 2)):
        landscape = solve(found.grid.network(cell), ONE)
        kinds = [point.kind for point in landscape.points]
        count = kinds.count("global minimum") + kinds.count("local minimum")
        at_origin = landscape.global_minimum.at_origin
        expected = Regime.TRAINED if not at_origin else Regime.METASTABLE if count else Regime.COLLAPSED
        assert (found.regimes[place], found.minima[place]) == (expected, count)
    assert set(found.regimes.flat) == set(Regime)


@pytest.mark.parametrize(
    ("ends", "lines"),
    [
        ((TRANSITION / 2, TRANSITION * (1 - ON_LINE)), []),
        ((TRANSITION / 2, TRANSITION * (1 + ON_LINE)), ["transition"]),
        ((TRANSITION * (1 + ON_LINE), SPINODAL * (1 - ON_LINE)), []),
        ((TRANSITION / 2, SPINODAL * (1 + ON_LINE)), ["transition", "spinodal"]),
        ((SPINODAL * (1 + ON_LINE), 1), []),
    ],
)
def test_only_lines_in_range_are_held(ends, lines):
    assert list(studied({"decay": ends}, depth=2, width=4).lines) == lines


def test_a_line_has_to_pass_in_both_directions():
    """P ρ is fixed on a line: the more noise, the lower the decay, by ρ^{1/3} = (1 + σ²/4)^{2/3}."""
    decays = [TRANSITION * 0.9, TRANSITION * 1.1]
    for noises, lines in (
        ([0, "0.1"], ["transition"]),
        (["0.9", 9], ["spinodal"]),
        ([0, 9], ["transition", "spinodal"]),
        ([3, 9], []),
    ):
        assert list(studied({"decay": decays, "noise": noises}, depth=2, width=4).lines) == lines
    # Over depths alone there is no line.
    assert not studied({"depth": [1, 2, 3]}, decay="0.3", width=4).lines


@pytest.mark.parametrize("depths", [[0, 1], [1, 2], [2, 3]])
def test_the_origin_is_a_minimum_from_two_hidden_layers_on(depths):
    found = studied({"depth": depths, "decay": ["0.1", "0.2"]}, width=4)
    origins = [solve(found.grid.network(cell), ONE).origin for cell in range(found.grid.size)]
    assert found.origin_is_minimum is all("minimum" in origin for origin in origins)
    assert found.origin_is_minimum is (depths[0] > 1)


@pytest.mark.parametrize("names", [(), ("decay", "noise", "width")])
def test_a_study_has_one_or_two_parameters(names):
    fixed = {"depth": 2, "decay": "0.1", "noise": 1, "width": 4}
    with pytest.raises(InputError, match=f"one or two varied parameters, and {len(names)} are"):
        studied({name: [1, 2] for name in names}, **fixed | dict.fromkeys(names))


def test_the_origin_is_worth_what_solve_says():
    landscape = solve(Network(2, widths=4, decays=1), ONE)
    assert landscape.global_minimum.at_origin
    values = at_origin(float(ONE.c))
    assert list(values) == list(QUANTITIES)
    assert values["loss"] == float(landscape.global_minimum.loss) != at_origin(1.0)["loss"]
    assert (values["ridge"], values["norm"], values["prediction_variance"]) == (np.inf, 0, 0)
