"""The learning curve in doubles: against gradient flow of all weights, and the formula."""

import numpy as np
import pytest
import sympy as sp
from scipy.integrate import solve_ivp

from symderive import learning_curve
from symderive.errors import InputError
from symderive.formulas.one_layer import LearningCurve

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
