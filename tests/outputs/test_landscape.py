"""Several outputs: against training on the full loss, against the problem with one output, and refusals."""

import random
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import prod

import mpmath
import numpy as np
import pytest
from flint import arb, fmpq, fmpq_poly
from scipy.optimize import minimize

from symderive import InputError, Moments, Network, OutputMoments, expected_loss, reduce, solve
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.polynomial_roots import descending_roots
from symderive.verdict import Verdict

#: Loss that L-BFGS leaves, relative.
TRAINED = 1e-7

#: Step of a central difference of the gradient in float64, and what it leaves of a curvature of 0.
STEP = 1e-5
FLAT = 1e-7

V = [[2, 0, 0, 1], [0, 2, 0, 1], [1, 1, 3, 0]]
DATA = OutputMoments.given("3/2", V, 30)
DECAYS = ["1/50", "1/40", "1/30", "1/20"]


def _net(depth, widths=(4, 3, 5), decays=None):
    return Network(depth, widths=widths[:depth], decays=decays or DECAYS[: depth + 1], outputs=3)


def _loss(net, a, V, c, layers):
    """The full loss and its gradient in float64, written from the definition."""
    before = [np.eye(V.shape[1])]
    for W in layers:
        before.append(W @ before[-1])
    M, decays = before[-1], [float(g) for g in net.decays]
    loss = a * (M * M).sum() - 2 * (M * V).sum() + c
    loss += sum(g * (W * W).sum() for g, W in zip(decays, layers, strict=True))
    after, gradients = np.eye(V.shape[0]), []
    for W, g, b in zip(layers[::-1], decays[::-1], before[-2::-1], strict=True):
        gradients.append(2 * (after.T @ (a * M - V) @ b.T + g * W))
        after = after @ W
    return loss, gradients[::-1]


def _trained(net, a, V, c, seed):
    shapes = list(
        zip([*map(int, net.widths), V.shape[0]], [V.shape[1], *map(int, net.widths)], strict=True)
    )
    ends = np.cumsum([r * s for r, s in shapes])

    def flat(x):
        layers = [p.reshape(s) for p, s in zip(np.split(x, ends[:-1]), shapes, strict=True)]
        loss, gradients = _loss(net, a, V, c, layers)
        return loss, np.concatenate([g.ravel() for g in gradients])

    start = np.random.default_rng(seed).standard_normal(ends[-1])
    return minimize(flat, start, jac=True, method="L-BFGS-B", options={"maxiter": 5000, "ftol": 1e-15}).fun


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_every_stationary_value_is_one_of_the_full_loss(depth):
    landscape = solve(_net(depth), DATA)
    values = landscape.values()
    assert len(values) == landscape.count == {0: 1, 1: 8, 2: 27, 3: 27}[depth]
    for value, choice in values:
        assert landscape.verify(choice).verdict is Verdict.CHECKED
        layers = list(landscape.floats(choice).values())
        loss, gradients = _loss(landscape.net, 1.5, np.array(V, dtype=float), 30.0, layers)
        assert loss == pytest.approx(float(value.mid()), rel=1e-13)
        assert max(abs(g).max() for g in gradients) < 1e-12
    assert values[0][0].overlaps(landscape.loss)
    assert values[0][1] == landscape.choice


def test_a_wrong_claim_is_refuted():
    """The layers of one stationary point do not have the loss of another; moved ones have a gradient."""
    landscape = solve(_net(2), DATA)
    layers = list(landscape.floats().values())
    layers[0] = layers[0] * (1 + 1e-6)
    _, gradients = _loss(landscape.net, 1.5, np.array(V, dtype=float), 30.0, layers)
    assert max(abs(g).max() for g in gradients) > 1e-8
    values = [float(value.mid()) for value, _ in landscape.values()]
    assert min(np.diff(values)) > 1e-7


@pytest.mark.parametrize("depth", [1, 2])
@pytest.mark.parametrize("widths", [(4, 3), (2, 2), (1, 4)])
def test_training_does_not_go_below_the_global_minimum(depth, widths):
    net = _net(depth, widths)
    landscape = solve(net, DATA)
    assert landscape.rank == min(3, *widths[:depth])
    best = min(_trained(net, 1.5, np.array(V, dtype=float), 30.0, seed) for seed in range(3))
    exact = float(landscape.loss.mid())
    assert best >= exact * (1 - 1e-12)
    assert best == pytest.approx(exact, rel=TRAINED)


def test_training_ends_at_a_listed_value():
    net = _net(2, (2, 3))
    landscape = solve(net, DATA)
    values = np.array([float(value.mid()) for value, _ in landscape.values()])
    for seed in range(6):
        found = _trained(net, 1.5, np.array(V, dtype=float), 30.0, seed + 100)
        assert np.abs(values / found - 1).min() < TRAINED


def test_whitening_is_done_by_hand_too():
    rng = np.random.default_rng(2)
    X, Y = rng.integers(-5, 6, (9, 3)), rng.integers(-5, 6, (9, 2))
    data = OutputMoments.from_samples(X.tolist(), Y.tolist(), whiten=True)
    assert data.whitened
    values, basis = np.linalg.eigh(X.T @ X / 9)
    white = X @ basis @ np.diag(values**-0.5) @ basis.T
    singular = np.linalg.svd(Y.T @ white / 9, compute_uv=False)
    net = Network(1, widths=3, decays="1/10", outputs=2)
    landscape = solve(net, data)
    assert [float(m.singular_value.mid()) for m in landscape.modes] == pytest.approx(singular, rel=1e-13)
    W1, U = landscape.floats().values()
    loss = ((white @ (U @ W1).T - Y) ** 2).sum(axis=1).mean() + ((W1**2).sum() + (U**2).sum()) / 10
    assert loss == pytest.approx(float(landscape.loss.mid()), rel=1e-13)
    assert landscape.verify().verdict is Verdict.CHECKED


def test_one_output_is_the_problem_with_one_output():
    net = Network(3, widths=2, decays="1/20", outputs=1)
    several = solve(net, OutputMoments.given(2, [["1/2", 1]], 3), digits=40)
    single = solve(
        Network(3, widths=2, decays="1/20"), Moments.given([[2, 0], [0, 2]], ["1/2", 1], 3), digits=40
    )
    with TURN, working_precision(200):
        assert abs(several.loss - single.global_minimum.loss) < 1e-39
        (mode,) = several.modes
        for mine, other in zip(mode.points, single.points, strict=True):
            assert abs(mine.ridge / other.ridge - 1) < 1e-39
            assert abs(mine.size / other.norm - 1) < 1e-39


def test_coincidences_are_decided_exactly():
    """Double roots and ties with zero, also for irrational singular values with s⁴ rational."""
    data = OutputMoments.given(1, [[1, 0, 0], [0, 1, 0], [0, 0, 2]], 30)
    double = solve(Network(2, widths=2, decays=["27/64", "1/4", 1], outputs=3), data)
    assert [[p.kind for p in mode.points] for mode in double.modes] == [
        ["minimum", "saddle"],
        ["degenerate"],
    ]
    assert [mode.multiplicity for mode in double.modes] == [1, 2]
    tie = solve(Network(2, widths=3, decays=["1/4", "1/4", 1], outputs=3), data)
    assert [mode.tie for mode in tie.modes] == [False, True]
    assert tie.tie
    # V with VVᵀ = [[2, 1], [1, 3]]: s⁴ - 5s² + 5 = 0, and P chosen at the transition of no rational s.
    irrational = OutputMoments.given(1, [[1, 1], [0, "1"]], 30)
    near = solve(Network(2, widths=2, decays="1/4", outputs=2), irrational)
    assert not near.tie
    assert not any(mode.tie for mode in near.modes)
    close = Fraction(1, 16) * (1 + Fraction(1, 10**40))
    split = solve(Network(2, widths=3, decays=["1/4", "1/4", 16 * close], outputs=3), data)
    assert not split.tie
    assert split.choice[1] == (0, 0)


def test_equal_singular_values_cut_by_the_rank_are_a_tie():
    data = OutputMoments.given(1, [[1, 0], [0, 1]], 3)
    narrow = solve(Network(1, widths=1, decays="1/10", outputs=2), data)
    assert narrow.choice == ((1,),)
    assert narrow.tie
    assert not solve(Network(1, widths=2, decays="1/10", outputs=2), data).tie


def _curvatures(net, a, V, layers):
    """Eigenvalues of the Hessian of the full loss, from central differences of its gradient."""
    shapes = [W.shape for W in layers]
    ends = np.cumsum([W.size for W in layers])
    point = np.concatenate([W.ravel() for W in layers])

    def slope(x):
        parts = [p.reshape(s) for p, s in zip(np.split(x, ends[:-1]), shapes, strict=True)]
        return np.concatenate([g.ravel() for g in _loss(net, a, V, 0.0, parts)[1]])

    steps = STEP * np.eye(point.size)
    hessian = np.array([(slope(point + e) - slope(point - e)) / (2 * STEP) for e in steps])
    return np.linalg.eigvalsh((hessian + hessian.T) / 2)


@pytest.mark.parametrize(
    ("depth", "widths", "V", "decays", "minima"),
    [
        (0, (), [[3, 1], [1, 2]], ["1/3"], 1),
        (1, (2,), [[3, 1], [1, 2]], ["1/3", "1/2"], 1),
        (1, (1,), [[3, 1], [1, 2]], ["1/3", "1/2"], 1),
        (2, (2, 3), [[3, 1], [1, 2]], ["1/3", "1/2", "1/4"], 3),
        (2, (2, 1), [[3, 1], [1, 2]], ["1/3", "1/2", "1/4"], 2),
        (2, (2, 2), [[2, 0], [0, 2]], ["1/3", "1/2", "1/4"], 3),
        (3, (2, 2, 3), [[3, 1], [1, 2]], ["1/3", "1/2", "1/4", "1/3"], 3),
        (3, (2, 2, 2), [[2, 0, 0], [0, "7/4", 0], [0, 0, "1/100"]], ["1/3", "1/2", "1/4", "1/3"], 3),
    ],
)
def test_the_hessian_of_the_full_loss_knows_the_same_minima(depth, widths, V, decays, minima):
    net = Network(depth, widths=widths, decays=decays, outputs=len(V))
    landscape = solve(net, OutputMoments.given(1, V, 30))
    kinds = {choice: landscape.kind(choice) for choice in landscape.choices()}
    exact = np.array([[float(Fraction(x)) for x in row] for row in V])
    for choice, kind in kinds.items():
        lowest = _curvatures(net, 1.0, exact, list(landscape.floats(choice).values()))[0]
        assert (lowest < -100 * FLAT) if kind == "saddle" else (lowest > -FLAT)
    assert [choice for choice, kind in kinds.items() if kind == "global minimum"] == [landscape.choice]
    assert sum(kind != "saddle" for kind in kinds.values()) == minima


def test_points_at_a_tie_are_both_global():
    data = OutputMoments.given(1, [[2, 0], [0, 1]], 30)
    landscape = solve(Network(2, widths=2, decays=["1/4", "1/4", 1], outputs=2), data)
    assert landscape.tie
    kinds = {choice: landscape.kind(choice) for choice in landscape.choices()}
    assert kinds[((1, 0), (0, 0))] == kinds[((1, 0), (1, 0))] == "global minimum"
    assert kinds[((0, 0), (0, 0))] == "local minimum"
    assert kinds[((0, 0), (1, 0))] == kinds[((1, 0), (0, 1))] == "saddle"


TINY = Fraction(1, 10**300)
HUGE = 10**200


@pytest.mark.parametrize(
    ("a", "V", "c", "decay", "positive"),
    [
        (1, [[2, 0], [0, 2 + TINY]], 30, "1/10", 2),
        (1, [[2, TINY], [0, 2]], 30, "1/10", 2),
        (1, [[2, 0], [0, TINY]], 30, "1/10", 1),
        (1, [[HUGE, 0], [0, 3]], 10**401, "1/10", 2),
        (1, [[1e200, 0], [0, 3e199]], 10**401, "1/10", 2),
        (1, [[TINY, 0], [0, 3 * TINY]], 1, TINY**4, 2),
        (HUGE, [[1, 0], [0, 2]], 1, TINY**2, 2),
        (1, [[3, 0], [0, 2]], 13, TINY, 2),
        (1, [[0, 0], [0, 0]], 30, "1/10", 0),
        (1, [[0, 0], [0, 0]], 0, "1/10", 0),
        (1, [[1, 2], [2, 4], [0, 0]], 30, "1/10", 1),
        (1, [[1, 2, 3]], 30, "1/10", 1),
        (1, [[1], [2], [0]], 30, "1/10", 1),
    ],
)
def test_extreme_data_are_solved_and_checked(a, V, c, decay, positive):
    net = Network(2, widths=4, decays=decay, outputs=len(V))
    landscape = solve(net, OutputMoments.given(a, V, c))
    assert sum(map(sum, landscape.choice)) == positive
    assert landscape.loss.is_exact() or landscape.loss.rel_accuracy_bits() > 100
    assert [landscape.kind(choice) for choice in landscape.choices()].count("global minimum") == 1
    for choice in landscape.choices():
        assert landscape.verify(choice).verdict is Verdict.CHECKED
    values = [value.mid() for value, _ in landscape.values()]
    assert all(x <= y for x, y in pairwise(values))


@pytest.mark.parametrize("digits", [30, 100, 1000])
def test_thresholds_are_decided_however_close(digits):
    data, near = OutputMoments.given(1, [[1, 0], [0, "1/2"]], 30), Fraction(1, 10**digits)
    for threshold, kinds in ((Fraction(27, 256), [2, 1, 0]), (Fraction(1, 16), [2, 2, 2])):
        for side, points in zip((-1, 0, 1), kinds, strict=True):
            net = Network(2, widths=2, decays=[threshold * (1 + side * near), 1, 1], outputs=2)
            landscape = solve(net, data)
            assert [len(mode.points) for mode in landscape.modes] == [points, 0]
            assert landscape.choice[0] == (
                (1, 0) if points == 2 > side + 2 and threshold < 0.1 else (0,) * points
            )
            assert landscape.tie is (side == 0 and threshold < 0.1)
            assert landscape.verify().verdict is Verdict.CHECKED


def test_what_is_not_known_is_not_checked():
    landscape = solve(_net(2), DATA, digits=5)
    assert landscape.verify(digits=8).verdict is Verdict.CHECKED
    assert landscape.verify(digits=60).verdict is Verdict.UNDECIDED
    first, *others = landscape.modes
    point = first.points[0]
    with TURN, working_precision(200):
        wrong = replace(point, rest=point.rest * (1 + arb("0.01")))
    claimed = replace(landscape, modes=(replace(first, points=(wrong, *first.points[1:])), *others))
    assert claimed.verify(digits=5).verdict is Verdict.REFUTED


def test_many_outputs_are_solved_and_counted():
    rng = random.Random(3)
    V = [[Fraction(rng.randint(-99, 99), rng.randint(1, 99)) for _ in range(30)] for _ in range(20)]
    landscape = solve(
        Network(2, widths=(20, 3), decays="1/1000", outputs=20), OutputMoments.given(1, V, 10**7)
    )
    singular = np.linalg.svd(np.array(V, dtype=float), compute_uv=False)
    assert [float(m.singular_value.mid()) for m in landscape.modes] == pytest.approx(singular, rel=1e-12)
    # At most 3 of the 20 modes are not 0, each at one of 2 points.
    assert landscape.count == 1 + 20 * 2 + 190 * 4 + 1140 * 8 == len(landscape.values())
    assert landscape.choice == (*((1, 0),) * 3, *((0, 0),) * 17)
    equal = OutputMoments.given(1, np.eye(12, dtype=int).tolist(), 30)
    assert solve(Network(2, widths=12, decays="1/9", outputs=12), equal).count == 91
    wide = solve(Network(2, widths=10**6, decays="1/9", outputs=12), equal)
    assert wide.verify().verdict is Verdict.CHECKED
    with pytest.raises(InputError, match="narrower"):
        wide.floats()
    full = solve(Network(2, widths=20, decays="1/1000", outputs=20), OutputMoments.given(1, V, 10**7))
    assert full.count == 3**20
    with pytest.raises(InputError, match="choices"):
        full.values()


@pytest.mark.parametrize(
    "roots",
    [
        list(range(1, 31)),
        [Fraction(1, 10**n) for n in range(0, 90, 10)],
        [1, 1 + Fraction(1, 10**60), 1 + Fraction(2, 10**60), 7],
        [1 - TINY, 1, 5, 5 + TINY],
        [Fraction(2, 3)],
    ],
)
@pytest.mark.parametrize("bits", [53, 700])
def test_roots_are_enclosed_each_by_itself(roots, bits):
    factors = [fmpq_poly([fmpq(-Fraction(r).numerator, Fraction(r).denominator), 1]) for r in roots]
    polynomial = prod(factors, start=fmpq_poly([1])).numer()
    found = descending_roots(tuple(map(int, polynomial.coeffs())), bits)
    with TURN, working_precision(4 * bits + 4096):
        for enclosure, root in zip(found, sorted(roots, reverse=True), strict=True):
            assert enclosure.contains(ball(Fraction(root)))
            assert enclosure.rel_accuracy_bits() >= bits
    assert not any(above.overlaps(below) for above, below in pairwise(found))


def test_nearly_dependent_inputs_are_whitened():
    rng = np.random.default_rng(0)
    X, Y = rng.standard_normal((30, 3)), rng.standard_normal((30, 2))
    X[:, 2] = X[:, 0] + 1e-14 * X[:, 2]
    data = OutputMoments.from_samples(X, Y, whiten=True)
    assert solve(Network(2, widths=3, decays="1/1000", outputs=2), data).verify().verdict is Verdict.CHECKED


def test_digits_are_kept():
    landscape = solve(_net(2), DATA, digits=100)
    assert landscape.verify(digits=95).verdict is Verdict.CHECKED
    layers = landscape.layers(digits=100)
    with mpmath.workdps(120):
        M = layers["U"] * layers["W2"] * layers["W1"]
        sizes = sorted(mpmath.svd_r(M, compute_uv=False), reverse=True)
        for mode, size in zip(landscape.modes, sizes, strict=True):
            assert (
                abs(size - mpmath.mpf(mode.points[0].size.str(110, radius=False))) < mpmath.mpf(10) ** -95
            )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: solve(Network(2, widths=2, decays=1, noise=1, outputs=3), DATA), "noise"),
        (lambda: solve(Network(1, widths=2, decays=1, outputs=2), DATA), "2 outputs and the data have 3"),
        (lambda: solve(Network(1, widths=2, decays=[0, 1], outputs=3), DATA), "some decays are 0"),
        (lambda: Network(1, widths=2, decays=1, outputs=0), "at least 1"),
        (lambda: OutputMoments.given(0, V, 30), "positive"),
        (lambda: OutputMoments.given(1, V, 1), "less than the part"),
        (
            lambda: solve(
                Network(2, widths=2, decays=1, outputs=1),
                OutputMoments.from_samples([[1, 0], [0, 2]], [[1], [2]]),
            ),
            "whiten=True",
        ),
        (lambda: OutputMoments.from_samples([[1, 1], [2, 2]], [[1], [2]], whiten=True), "dependent"),
        (lambda: OutputMoments.from_samples([[1, 1]], [[1], [2]]), "1 rows"),
        (
            lambda: solve(Network(1, widths=2, decays=1, outputs=2), Moments.given([[1]], [1], 1)),
            "OutputMoments",
        ),
        (lambda: expected_loss(Network(1, widths=2, decays=1, outputs=2)), "2 outputs"),
        (lambda: reduce(Network(1, widths=2, decays=1, outputs=2)), "2 outputs"),
        (lambda: solve(_net(2), DATA).value(((3, 0), (0, 0), (0, 0))), "no stationary point"),
    ],
)
def test_other_cases_are_refused_with_the_reason(call, words):
    with pytest.raises(InputError, match=words) as caught:
        call()
    assert str(caught.value).endswith(".")
