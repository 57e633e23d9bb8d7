"""The barrier against losses that are computed otherwise: it is below them all, and nothing smaller is."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import sympy as sp
from flint import arb
from scipy.optimize import linprog

from benchmarks.flow import ACTIVATIONS, Flow
from symderive import InputError, Moments, Network, Rows, barrier_of
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.collapse import activations
from symderive.collapse.barrier import BITS
from symderive.collapse.signal import signal_of
from symderive.formulas.barrier import barrier, noise_size

KINDS = tuple(ACTIVATIONS)


def problem(rng, kind, widths, noise):
    d, n = rng.integers(1, 4), rng.integers(1, 7)
    X, y = rng.normal(size=(n, d)), rng.normal(size=n) + 1
    decays = rng.uniform(0.3, 3, size=len(widths) + 1).tolist()
    net = Network(len(widths), widths=widths, decays=decays, noise=noise)
    flow = Flow(X.T, y, tuple(decays), kind, tuple(noise))
    return net, Rows.from_samples(X, y), flow


def weights_of(rng, flow, widths, scales):
    sizes = (len(flow.X), *widths, 1)
    layers = [rng.normal(size=(len(scales), k, n)) for n, k in pairwise(sizes)]
    return [W * np.asarray(scales)[:, None, None] for W in layers]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("widths", "noise"), [((3, 2), (0, 0)), ((2, 3), (0.25, 2.25)), ((2, 2, 2), (1, 0, 0.5))]
)
def test_the_loss_is_between_its_bounds(kind, widths, noise):
    rng = np.random.default_rng(len(kind))
    for _ in range(3):
        net, rows, flow = problem(rng, kind, widths, noise)
        # 1 ± 3/2 is negative at times.
        barrier = barrier_of(net, rows, kind, positive_noise=max(noise) <= 1)
        weights = weights_of(rng, flow, widths, 10 ** rng.uniform(-2, 1, size=30))
        losses, S = flow.loss(weights), flow.penalty(weights)
        with TURN, working_precision(BITS):
            for loss, s in zip(losses, S, strict=True):
                slack = 1e-9 * (1 + loss)
                at = arb(float(s))
                assert float(barrier.lowest_at(at)) <= loss + slack
                assert loss <= float(barrier.most_loss(at)) + slack


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_one_sample_comes_as_near_to_the_bound_as_a_small_output_allows(depth):
    """With all layers alike |E[y f]| = K P: a K that is 1 % smaller would be above a loss."""
    y, g = 3.0, 0.5
    net = Network(depth, widths=1, decays=g)
    barrier = barrier_of(net, Rows.from_samples([[2.0]], [y]), "relu")
    for share in (1e-4, 1e-2):
        S = share * float(barrier.top)
        w = np.sqrt(S / (depth + 1) / g)
        loss = (2 * w ** (depth + 1) - y) ** 2 + S
        with TURN, working_precision(BITS):
            lowest, reach = (
                float(barrier.lowest_at(arb(S))),
                2 * float(barrier.K * barrier.product(arb(S))),
            )
        assert lowest <= loss + 1e-12
        assert loss - lowest < 0.01 * reach  # which is all that a smaller K would have to make up


@pytest.mark.parametrize("depth", [2, 3, 5])
@pytest.mark.parametrize("kind", ["relu", "tanh", "linear"])
def test_top_and_zero_are_those_of_h(depth, kind):
    net = Network(depth, widths=2, decays=[*range(1, depth + 1), "1/3"], noise="1/2")
    barrier = barrier_of(net, Rows.from_samples([[1, 2], [3, -1]], [2, 1]), kind)
    with TURN, working_precision(BITS):
        top, zero = barrier.top, barrier.zero
        assert barrier.h(zero).contains(0)
        assert barrier.h(top).overlaps(barrier.height)
        for factor in (0.5, 0.99, 1.01, 2):
            assert barrier.h(top * factor) < barrier.height
        for factor in (0.01, 0.5, 0.999):
            assert barrier.h(zero * factor) > 0
        assert barrier.h(zero * 1.001) < 0


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_the_balls_hold_what_the_printed_formulas_say(depth):
    """K = 9/4 exactly: one sample, and dropout."""
    net = Network(depth, widths=2, decays=[*range(1, depth + 1), "1/3"], noise="1/2")
    found = barrier_of(net, Rows.from_samples([[3]], ["3/4"]), "relu", positive_noise=True)
    printed = barrier(net, size=sp.Rational(9, 4))
    with TURN, working_precision(BITS):
        assert found.K.overlaps(arb(2.25))
        for name, ours in (("top", found.top), ("zero", found.zero), ("peak", found.height)):
            said = ball(getattr(printed, name))
            assert said.overlaps(ours)
            assert not said.overlaps(ours * arb("1.00001"))
        for S in (sp.Rational(1, 10), sp.Integer(3)):
            assert found.h(ball(S)).overlaps(ball(printed.height(S)))
        assert ball(noise_size(net)).overlaps(arb("1.5").sqrt() ** depth)


@pytest.mark.parametrize("kind", ["tanh", "gelu", "relu"])
def test_the_squared_norm_falls_where_it_is_said_to(kind):
    """d/dt Σ‖W‖² = -2 Σ W·∇L along the flow, at random weights and at those that resist most."""
    rng = np.random.default_rng(3)
    for widths in ((3, 2), (2, 2, 2)):
        net, rows, flow = problem(rng, kind, widths, (0,) * len(widths))
        barrier = barrier_of(net, rows, kind)
        weights = weights_of(rng, flow, widths, np.ones(40))
        for most in (0.999, 0.3):
            S = flow.penalty(weights)
            scaled = [W * np.sqrt(most * float(barrier.falls_below) / S)[:, None, None] for W in weights]
            _, gradients = flow.loss_and_gradient(scaled)
            rates = sum((W * g).sum(axis=(1, 2)) for W, g in zip(scaled, gradients, strict=True))
            assert (rates > 0).all()


def test_beyond_the_point_where_the_norm_falls_it_may_rise():
    """One sample, one neuron a layer, equal decays: K P is what pulls there, and S_0 is nearly sharp."""
    net, rows = Network(2, widths=1, decays=1), Rows.from_samples([[0.01]], [10000.0])
    barrier = barrier_of(net, rows, "relu")
    flow = Flow(np.array([[0.01]]), np.array([10000.0]), (1.0, 1.0, 1.0), "relu")
    rates = []
    for factor in (0.99, 1.02):
        w = np.sqrt(factor * float(barrier.top) / 3)
        weights = [np.full((1, 1, 1), w)] * 3
        _, gradients = flow.loss_and_gradient(weights)
        rates.append(sum(float((W * g).sum()) for W, g in zip(weights, gradients, strict=True)))
    assert rates[0] > 0 > rates[1]


def test_what_is_known_of_the_data_makes_the_bound_smaller():
    """Moments, rows one by one, rows in pairs, and a linear network; the sizes are those of NumPy."""
    X, y = [[1, 2], [3, 0], [0, -1]], [4, -1, 0.5]
    rows, net = Rows.from_samples(X, y), Network(2, widths=3, decays=1)
    linear, relu, unknown = (
        barrier_of(net, *given) for given in ((rows, "linear"), (rows, "relu"), (rows.moments, "relu"))
    )
    with TURN, working_precision(BITS):
        size = signal_of(rows).size
    X, y = np.array(X), np.array(y)
    lengths = np.linalg.norm(X, axis=1)
    assert float(linear.K) == pytest.approx(np.linalg.norm(X.T @ y / 3), rel=1e-12)
    assert float(size) == pytest.approx((abs(y) * lengths).mean(), rel=1e-12)
    assert float(unknown.K) == pytest.approx(np.sqrt((y**2).mean() * (lengths**2).mean()), rel=1e-12)
    assert linear.K < relu.K < size < unknown.K
    assert [found.source for found in (linear, relu, unknown)] == ["map", "pairs", "moments"]


def test_pairs_of_rows_come_near_the_best_plan_and_are_never_below_it():
    """The least bound by linear programs: sup of Σ q y g, where |g_s - g_r| ≤ distance, |g_s| ≤ size."""
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(12):
        n, d = int(rng.integers(2, 15)), int(rng.integers(1, 4))
        X, y = rng.normal(size=(n, d)), rng.normal(size=n) + rng.choice([0.0, 1.0])
        rows = Rows.from_samples(X, y)
        with TURN, working_precision(BITS):
            found = signal_of(rows)
        pairs = [(s, r) for s in range(n) for r in range(n) if s != r]
        slopes = np.zeros((len(pairs), n))
        for at, (s, r) in enumerate(pairs):
            slopes[at, [s, r]] = 1, -1
        apart = [np.linalg.norm(X[s] - X[r]) for s, r in pairs]
        sizes = np.linalg.norm(X, axis=1)
        best = linprog(-y / n, A_ub=slopes, b_ub=apart, bounds=[(-x, x) for x in sizes])
        ratios.append(float(found.paired) / -best.fun)
        assert found.paired <= found.size
    assert min(ratios) > 1 - 1e-9
    assert max(ratios) < 1.25
    assert min(ratios) < 1.001


@pytest.mark.parametrize("treatment", [{}, {"center": True}, {"standardize": True}])
@pytest.mark.parametrize("weights", [None, [1, 2, 0, 3]])
def test_rows_are_those_that_the_moments_average(treatment, weights):
    X = np.array([[1.5, 2, 7], [3, 0, 7], [0, -1, 7], [4, 4, 7]])
    y = np.array([4, -1, 0.5, 2])
    rows = Rows.from_samples(X, y, drop_constant=True, sample_weight=weights, **treatment)
    w = np.ones(4) if weights is None else np.array(weights, dtype=float)
    Z, t = X[:, :2], y
    if treatment:
        Z, t = Z - np.average(Z, axis=0, weights=w), t - np.average(t, weights=w)
    if "standardize" in treatment:
        Z = Z / np.sqrt(np.average(Z**2, axis=0, weights=w))
    expected = np.average(abs(t) * np.linalg.norm(Z, axis=1), weights=w)
    with TURN, working_precision(BITS):
        assert np.isclose(float(signal_of(rows).size), expected, rtol=1e-13)
        [block] = rows.blocks
        balls = rows.balls(block)
        assert np.allclose([[float(x) for x in row] for row in balls.X.tolist()], Z.T, atol=1e-14)


def test_of_many_rows_the_moments_are_kept_alone(monkeypatch):
    monkeypatch.setattr("symderive.data.rows.MOST_CELLS", 6)
    few, many = Rows.from_samples([[1], [2], [3]], [1, 2, 5]), Rows.from_samples([[1]] * 4, [1] * 4)
    assert few.blocks is not None
    assert many.blocks is None
    assert barrier_of(Network(2, widths=1, decays=1), many, "relu").source == "moments"


def test_noise_that_is_never_negative_needs_no_factor():
    net, rows = Network(2, widths=2, decays=1, noise=3), Rows.from_samples([[1]], [1])
    assert float(barrier_of(net, rows, "relu").K) == pytest.approx(4)
    assert float(barrier_of(net, rows, "relu", positive_noise=True).K) == pytest.approx(1)
    assert float(barrier_of(net, rows, "linear").K) == pytest.approx(1)


@pytest.mark.parametrize("name", activations.ACTIVATIONS)
def test_activations_are_what_their_table_says(name):
    """|φ(t)| ≤ |t| and |φ'| ≤ slope at many points; homogeneous ones at multiples."""
    phi = activations.ACTIVATIONS[name]
    points = np.linspace(-9, 9, 721)
    values = np.array([float(phi.value(arb(float(t)))) for t in points])
    assert (abs(values) <= abs(points) + 1e-15).all()
    slopes = abs(np.diff(values) / np.diff(points))
    assert slopes.max() <= float(phi.slope) + 1e-12
    assert slopes.max() > float(phi.slope) - 0.05
    doubled = np.array([float(phi.value(arb(float(2 * t)))) for t in points])
    assert np.allclose(doubled, 2 * values) == phi.is_homogeneous
    if name in ACTIVATIONS:
        value, slope = ACTIVATIONS[name]
        assert np.allclose(value(points), values, atol=1e-13)
        middle = (points[1:] + points[:-1]) / 2
        assert np.allclose(abs(slope(middle)), slopes, atol=1e-4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"depth": 1}, "from two hidden layers on"),
        ({"decays": [1, 0, 1]}, "decay of layer 2 is 0"),
        ({"activation": "sigmoid"}, "φ(0) = 1/2"),
        ({"activation": "SELU"}, "1.0507"),
        ({"activation": "unheard-of"}, "not known; give linear, relu"),
        ({"data": Moments.given([[1]], [0], 1), "activation": "linear"}, "all collapse"),
        ({"data": Rows.from_samples([[1], [1]], [1, -1])}, "correlated with the target"),
        ({"data": "rows"}, "type str; give Rows"),
        ({"outputs": 2}, "2 outputs"),
        ({"bias": True}, "free bias"),
        ({"weight_noise": 1}, "noise beside that of single neurons"),
        ({"target_noise": 1}, "noise beside that of single neurons"),
        ({"noise": 1, "groups": 1, "widths": 2}, "noise beside that of single neurons"),
    ],
)
def test_what_has_no_barrier_is_refused_with_the_reason(change, said):
    data = Moments.given([[1]], [1], 1)
    given = {"depth": 2, "decays": 1, "activation": "relu", "data": data, "widths": 1} | change
    phi, data, depth = (given.pop(name) for name in ("activation", "data", "depth"))
    net = Network(depth, **given)
    with pytest.raises(InputError, match=said.replace("(", r"\(").replace(")", r"\)")) as refused:
        barrier_of(net, data, phi)
    assert len(str(refused.value)) < 300
