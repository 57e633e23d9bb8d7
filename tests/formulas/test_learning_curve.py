"""Closed forms of small cases: against gradient flow of all weights, the full loss, and solved networks."""

from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

from symderive import Moments, Network, learning_curve, solve
from symderive.errors import InputError
from symderive.formulas.one_layer import EqualLayers, LearningCurve, bound_on_scale

V = np.array([0.6, -1.2, 0.4])
NORM = float(np.linalg.norm(V))


def flow(weights, times, a, decay):
    """Gradient flow of ½·2 of the full loss of U W x, A = aI, no noise: its weights at the times."""
    rows = 2

    def velocity(_, flat):
        u, w = flat[:rows], flat[rows:].reshape(rows, 3)
        error = a * (u @ w) - V
        return -np.concatenate(
            [2 * w @ error + 2 * decay * u, (2 * np.outer(u, error) + 2 * decay * w).ravel()]
        )

    found = solve_ivp(
        velocity, (0, times[-1]), weights, t_eval=times, method="DOP853", rtol=1e-12, atol=1e-14
    )
    return found.y.T


@pytest.mark.parametrize("decay", [0.2, 2.0, NORM])
def test_the_curve_is_gradient_flow_of_all_weights(decay):
    """Below, above and at the threshold γ = ‖v‖."""
    a, first = 1.5, 0.05
    times = np.linspace(0, 1.5, 7)
    unit, size = np.array([0.6, -0.8]), np.sqrt(first)
    start = np.concatenate([size * unit, (size * np.outer(unit, V / NORM)).ravel()])
    ends = flow(start, times, a, decay)
    maps = np.array([at[:2] @ at[2:].reshape(2, 3) for at in ends])
    norms = np.linalg.norm(maps, axis=1)
    found = learning_curve(times, v_norm=NORM, decay=decay, slope=a, start=first)
    assert np.abs(found - norms).max() < 1e-9
    other = learning_curve(times, v_norm=NORM, decay=1.01 * decay, slope=a, start=first)
    assert np.abs(other - norms).max() > 1e-4


def test_imbalance_decays():
    """‖U‖² - ‖W‖_F² falls like e^{-4γt}."""
    times, decay = np.linspace(0, 1, 5), 0.3
    start = np.concatenate([[0.5, 0.1], 0.3 * np.random.default_rng(0).standard_normal(6)])
    ends = flow(start, times, 1.5, decay)
    gap = (ends[:, :2] ** 2).sum(1) - (ends[:, 2:] ** 2).sum(1)
    assert np.abs(gap - gap[0] * np.exp(-4 * decay * times)).max() < 1e-10
    assert np.abs(gap - gap[0] * np.exp(-2 * decay * times)).max() > 1e-3


def test_numbers_are_those_of_the_formula():
    t, s = sp.symbols("t s", positive=True)
    for norm, decay in ((3, 1), (1, 3)):
        curve = LearningCurve(norm, decay, 2)
        expected = sp.lambdify((t, s), curve.value(t, s))
        times = np.linspace(0, 2, 9)
        found = learning_curve(times, v_norm=norm, decay=decay, slope=2, start=0.3)
        assert found == pytest.approx(expected(times, 0.3), rel=1e-13)
        assert found != pytest.approx(expected(times, 0.31), rel=1e-3)
    assert learning_curve(1e6, v_norm=3, decay=1, slope=2, start=0.3) == 1
    assert learning_curve(1e6, v_norm=1, decay=3, slope=2, start=0.3) == 0


@pytest.mark.parametrize("change", [{"start": 0}, {"slope": -1}, {"decay": -1}, {"times": np.nan}])
def test_curves_are_refused(change):
    given = {"times": 1, "v_norm": 1, "decay": 1, "slope": 1, "start": 1, **change}
    with pytest.raises(InputError, match="out of range") as caught:
        learning_curve(**given)
    assert len(str(caught.value)) < 300


def test_bounds_hold_for_the_solved_network():
    """b² = U_j² of the global minimum lies between the bounds of the two ends of the spectrum."""
    A, v = np.array([[2, 1, 0], [1, 3, 0], [0, 0, 5]]), [1, 2, -3]
    net = Network(1, widths=4, decays=["1/3", "1/5"], noise=["1/2"])
    squares = solve(net, Moments.given(A.tolist(), v, 10)).layers(0).floats()["U"].ravel() ** 2
    assert squares == pytest.approx(squares[0], rel=1e-14)
    ends, norm = np.linalg.eigvalsh(A), float(np.linalg.norm(v))
    given = {"decay": 1 / 3, "output_decay": 1 / 5, "noisy_width": 4.5}
    low, high = (float(bound_on_scale(norm, a, **given)) for a in (ends[-1], ends[0]))
    assert low < squares[0] < high
    # Isotropic data attain both, and without the decay under the root they would not.
    even = solve(net, Moments.given((2 * np.eye(3, dtype=int)).tolist(), v, 10)).layers(0).floats()["U"]
    assert even.ravel()[0] ** 2 == pytest.approx(float(bound_on_scale(norm, 2, **given)), rel=1e-12)
    assert even.ravel()[0] ** 2 != pytest.approx(
        float(bound_on_scale(norm, 2, **{**given, "output_decay": 1 / 3})), rel=1e-3
    )
    assert bound_on_scale(1, Fraction(2), decay=1, output_decay=1, noisy_width=4) == 0


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_equal_layers_are_those_of_the_solved_network(depth):
    """d features and widths d: b from the output weights solves its equation, and gives the first layer."""
    a, v, width, decay, variance = np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 3.0]), 3, 0.05, 0.5
    net = Network(depth, widths=width, decays="1/20", noise="1/2")
    layers = solve(net, Moments.given(np.diag([1, 2, 4]).tolist(), [1, 2, 3], 20)).layers(0).floats()
    b = float(abs(layers["U"].ravel()[0])) / np.sqrt(width)
    like = EqualLayers(depth, width, decay, np.sqrt(variance))
    parts = np.array([part / float(like.inverted(at, b)) for at, part in zip(a, v, strict=True)])
    assert float(like.condition((parts**2).sum(), b)) == pytest.approx(1, rel=1e-12)
    first = layers["W1"][0] * np.sign(layers["W1"][0, 0])
    assert first == pytest.approx([float(like.first_layer(part, b)) for part in parts], rel=1e-12)
    wrong = EqualLayers(depth, width, decay, 0)
    parts = np.array([part / float(wrong.inverted(at, b)) for at, part in zip(a, v, strict=True)])
    assert float(wrong.condition((parts**2).sum(), b)) != pytest.approx(1, rel=1e-3)
