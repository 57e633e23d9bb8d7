"""The scale that divides the starts of gradient flow, against flow of all weights."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from scipy.integrate import solve_ivp

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.matrices import Floats
from symderive.full_loss.recursion import full_loss
from symderive.training.starting_scales import starting_scales

#: Relative distance from the critical scale at which flow is integrated, and how long.
NEAR = 0.01
LONG = 400.0


def _flows_to(net, data, scale, *, signs_seed=0):
    """The norm of the end-to-end map where gradient flow of the full loss ends."""
    with TURN, working_precision(64):
        setting = full_loss(net, data, Floats())
    rng = np.random.default_rng(signs_seed)
    widths = [int(w) for w in net.widths]
    units = [setting.v[:, 0] / np.linalg.norm(setting.v)]
    units += [rng.choice([-1.0, 1.0], w) / np.sqrt(w) for w in widths]
    layers = [
        scale * np.outer(after, before) for before, after in zip(units, [*units[1:], [1.0]], strict=True)
    ]
    shapes = [W.shape for W in layers]
    ends = np.cumsum([W.size for W in layers])[:-1]

    def unpack(x):
        return [p.reshape(s) for p, s in zip(np.split(x, ends), shapes, strict=True)]

    def rate(_, x):
        return -np.concatenate([g.ravel() for g in setting.sweep(unpack(x)).gradients])

    start = np.concatenate([W.ravel() for W in layers])
    end = solve_ivp(rate, (0, LONG), start, method="LSODA", rtol=1e-9, atol=1e-12).y[:, -1]
    return float(np.linalg.norm(np.linalg.multi_dot(unpack(end)[::-1])))


@pytest.mark.parametrize(
    ("net", "a", "v"),
    [
        (Network(2, widths=(3, 2), decays="1/5", noise=["1/2", 1]), 1, [1]),
        (Network(3, widths=2, decays="1/10"), 2, ["3/5", "4/5"]),
    ],
)
def test_flow_of_all_weights_divides_at_the_critical_scale(net, a, v):
    size = range(len(v))
    data = Moments.given([[a if i == j else 0 for i in size] for j in size], v, 3)
    found = starting_scales(net, data)
    s = float(found.critical)
    minimum = float(solve(net, data).points[0].norm)
    assert _flows_to(net, data, s * (1 - NEAR)) < 1e-6
    assert _flows_to(net, data, s * (1 + NEAR)) == pytest.approx(minimum, rel=1e-6)
    assert found.collapses_below < found.critical < found.escapes_above


def test_the_critical_scale_is_that_of_the_saddle():
    net, data = Network(4, widths=3, decays="1/7", noise="1/3"), Spectrum.of(["2/3"], ["5/4"])
    saddle = solve(net, data, digits=60).points[1]
    with TURN, working_precision(250):
        s = starting_scales(net, data, digits=60).critical
        assert abs(s**2 * arb(1) / 7 - saddle.layer_decay) < arb(10) ** -58
        assert abs(s ** (2 * 4) * saddle.ridge * 7 - 1) < arb(10) ** -57
        assert not abs(s**2 / 7 - solve(net, data, digits=60).points[0].layer_decay) < arb(10) ** -3


def test_bounds_hold_for_data_whose_direction_turns():
    net = Network(2, widths=2, decays="1/20", noise="1/4")
    data = Moments.given([[1, 0], [0, 9]], ["1/2", 1], 2)
    found = starting_scales(net, data)
    assert found.critical is None
    assert "eigenvector" in found.reason
    assert _flows_to(net, data, float(found.collapses_below) * (1 - NEAR)) < 1e-6
    assert _flows_to(net, data, float(found.escapes_above) * (1 + NEAR)) > 0.1
    # The bounds are not the division itself: somewhere between them it lies.
    assert found.collapses_below < found.escapes_above < found.escapes_to


def test_the_loss_at_the_bounds_is_that_of_the_origin():
    net, data = Network(3, widths=2, decays="1/10", noise=1), Spectrum.of([1, 5], [1, 1])
    found = starting_scales(net, data)
    v, a, rho, gamma = np.sqrt(2.0), 3.0, float(net.noise_factor), 0.1
    for s in (float(found.escapes_above), float(found.escapes_to)):
        assert rho * a * s**8 - 2 * v * s**4 + 4 * gamma * s**2 == pytest.approx(0, abs=1e-12)
    middle = (float(found.escapes_above) + float(found.escapes_to)) / 2
    assert rho * a * middle**8 - 2 * v * middle**4 + 4 * gamma * middle**2 < -0.01


def test_strong_decay_leaves_no_way_out():
    found = starting_scales(Network(2, widths=2, decays=1), Spectrum.of([1], [1]))
    assert found.critical is None
    assert "spinodal" in found.reason
    assert found.escapes_above is None
    assert found.escapes_to is None
    with pytest.raises(InputError, match="no critical scale"):
        found.entries()


def test_between_spinodal_and_transition_starts_survive_with_a_loss_above_the_origin():
    net, data = Network(2, widths=2, decays="9/20"), Spectrum.of([1], [1])
    found = starting_scales(net, data)
    assert found.critical is not None
    assert found.escapes_above is None


def test_entries_are_those_of_the_layers():
    net = Network(3, widths=(4, 9, 16), decays="1/10")
    entries = starting_scales(net, Spectrum.of([1], [1])).entries(6)
    assert [float(x) for x in entries] == pytest.approx([1.0, 0.5, 1.5])


def test_small_decay_needs_the_bound_and_no_more():
    for k in (4, 8, 12):
        net = Network(3, widths=2, decays=Fraction(1, 10**k))
        found = starting_scales(net, Spectrum.of([1], [1]), digits=40)
        with TURN, working_precision(200):
            excess = found.critical / found.collapses_below - 1
            assert 0 < excess < arb(10) ** (-k * 2)


@pytest.mark.parametrize(
    ("net", "data", "words"),
    [
        (Network(1, widths=2, decays=1), Spectrum.of([1], [1]), "1 hidden layers"),
        (Network(2, widths=2, decays=[1, 1, 2]), Spectrum.of([1], [1]), "decays differ"),
        (Network(2, widths=2, decays=0), Spectrum.of([1], [1]), "decay is 0"),
        (Network(2, widths=2, decays=1), Moments.given([[1]], [0], 1), "v = 0"),
        (Network.symbolic(2), Spectrum.of([1], [1]), "symbolic"),
    ],
)
def test_other_cases_are_refused(net, data, words):
    with pytest.raises(InputError, match=words):
        starting_scales(net, data)
