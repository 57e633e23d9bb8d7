"""Float losses and gradients enclose the exact ones, and tightly."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat

from symderive import Moments, Network
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.arithmetic.symmetric import Factored, Whole
from symderive.full_loss.float_loss import FloatLoss
from symderive.full_loss.recursion import full_loss

BITS = 256

#: Relative width at which an enclosure of small layers is still useful.
TIGHT = 1e-11


def _setting(widths: tuple[int, ...], seed: int):
    rng = np.random.default_rng(seed)
    X, y = rng.integers(-9, 10, (8, 2)), rng.integers(-9, 10, 8)
    data = Moments.from_samples(X.tolist(), y.tolist())
    noise = [Fraction(int(k), 4) for k in rng.integers(0, 8, len(widths))]
    decays = [Fraction(int(k), 10) for k in rng.integers(1, 9, len(widths) + 1)]
    exact = full_loss(Network(len(widths), widths=widths, decays=decays, noise=noise), data, Balls())
    sizes = (2, *widths, 1)
    return exact, FloatLoss(exact, sizes), sizes, rng


def _layers(sizes: tuple[int, ...], rng: np.random.Generator) -> list[np.ndarray]:
    shapes = zip(sizes[1:], sizes, strict=False)
    return [10.0 ** rng.integers(-3, 4) * rng.standard_normal(shape) for shape in shapes]


@pytest.mark.parametrize("widths", [(3,), (3, 2), (2, 1, 4)])
def test_float_losses_and_gradients_enclose_the_exact_ones(widths):
    with TURN, working_precision(BITS):
        exact, floats, sizes, rng = _setting(widths, len(widths))
        for _ in range(30):
            layers = _layers(sizes, rng)
            balls = [arb_mat(W.tolist()) for W in layers]
            enclosures, enclosure = floats.terms_and_gradient_norm(layers)
            assert all(x.contains(y) for x, y in zip(enclosures, exact.terms(balls), strict=True))
            squares = (exact.op.square(g) for g in exact.sweep(balls).gradients)
            norm = sum(squares, arb(0)).sqrt()
            assert enclosure.contains(norm)


def test_the_enclosures_are_tight():
    with TURN, working_precision(BITS):
        exact, floats, sizes, rng = _setting((3, 2), 1)
        layers = [rng.standard_normal(shape) for shape in zip(sizes[1:], sizes, strict=False)]
        terms, norm = floats.terms_and_gradient_norm(layers)
        assert all(x.rad() < TIGHT * abs(x.mid()) for x in (*terms, norm))
        wrong = exact.terms([arb_mat((W * (1 + 1e-9)).tolist()) for W in layers])
        assert not any(x.contains(y) for x, y in zip(terms, wrong, strict=True))


def test_layers_that_underflow_are_still_enclosed():
    """Products of tiny layers vanish in float64; the exact loss does not."""
    with TURN, working_precision(BITS):
        exact, floats, sizes, rng = _setting((3, 2), 7)
        layers = [1e-120 * rng.standard_normal(s) for s in zip(sizes[1:], sizes, strict=False)]
        balls = [arb_mat(W.tolist()) for W in layers]
        assert all(x.contains(y) for x, y in zip(floats.terms(layers), exact.terms(balls), strict=True))
        assert exact.terms(balls).second_moment > 0


def _scaled(samples, scale, layer_scales):
    """Enclosures at random layers of these scales, and the exact numbers, of samples of this scale."""
    n, d = samples
    rng = np.random.default_rng(0)
    data = Moments.from_samples(rng.standard_normal((n, d)) * scale, rng.standard_normal(n))
    exact = full_loss(Network(1, widths=4, decays=["1/7", "1/3"], noise="1/2"), data, Balls())
    sizes = (d, 4, 1)
    shapes = zip(sizes[1:], sizes, strict=False)
    layers = [s * rng.standard_normal(shape) for s, shape in zip(layer_scales, shapes, strict=True)]
    balls = [arb_mat(W.tolist()) for W in layers]
    terms, norm = FloatLoss(exact, sizes).terms_and_gradient_norm(layers)
    gradient = sum((exact.op.square(g) for g in exact.sweep(balls).gradients), arb(0)).sqrt()
    return [*terms, norm], [*exact.terms(balls), gradient]


@pytest.mark.parametrize("samples", [(20, 3), (5, 30)], ids=["whole", "factored"])
@pytest.mark.parametrize(
    ("scale", "layer_scales"),
    [
        (1, (1e-165, 1e150)),
        (1, (1e150, 1e-165)),
        (1e-95, (1e45, 1e45)),
        (1e-95, (1e70, 1e-20)),
        (1, (1, 1)),
    ],
)
def test_what_vanishes_early_and_is_multiplied_later_is_enclosed(samples, scale, layer_scales):
    """Squares below 1e-308 are 0 in float64, whatever large numbers they meet afterwards."""
    with TURN, working_precision(BITS):
        found, exact = _scaled(samples, scale, layer_scales)
        assert all(x.contains(y) for x, y in zip(found, exact, strict=True))
        if scale == 1 and layer_scales == (1, 1):
            assert all(x.rad() < 1e-3 * abs(y) for x, y in zip(found, exact, strict=True))


def test_data_beyond_floats_give_no_numbers():
    data = Moments.given([[10**220]], [1], 1)
    with TURN, working_precision(BITS):
        exact = full_loss(Network(1, widths=1, decays=1), data, Balls())
        floats = FloatLoss(exact, (1, 1, 1))
        assert not floats.terms([np.ones((1, 1)), np.ones((1, 1))]).decay.is_finite()


def _wide(seed: int):
    """30 samples of 200 features of widely different sizes."""
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((30, 200)) * 10.0 ** rng.integers(-3, 4, 200)
    data = Moments.from_samples(X, X[:, 0] + rng.standard_normal(30), center=True)
    exact = full_loss(Network(1, widths=2, decays=["1/7", "1/3"], noise="1/2"), data, Balls())
    return exact, (200, 2, 1), rng


def test_few_samples_are_enclosed_through_their_factors():
    with TURN, working_precision(BITS):
        for seed in range(4):
            exact, sizes, rng = _wide(seed)
            floats, layers = FloatLoss(exact, sizes), _layers(sizes, rng)
            enclosures = floats.terms(layers)
            terms = exact.terms([arb_mat(W.tolist()) for W in layers])
            assert isinstance(exact.A, Factored)
            assert all(x.contains(y) for x, y in zip(enclosures, terms, strict=True))
            assert all(x.rad() < 1e-6 * abs(x.mid()) for x in enclosures[1:])


def test_both_products_of_a_factored_matrix_are_counted():
    """Near-miss: what the d × d matrix may lose would be too little, for the factor adds n + d terms."""
    with TURN, working_precision(BITS):
        exact, sizes, _ = _wide(0)
        whole = replace(exact, A=Whole(arb_mat(200, 200)))
        assert FloatLoss(exact, sizes)._unit >= FloatLoss(whole, sizes)._unit + 4 * (30 + 200) * 2.0**-53
        # All terms of one sign: the bound on the sizes is met up to a few units.
        size = float(exact.A.size(Balls()).sqrt())
        assert size >= float(exact.A.trace) * (1 - 1e-12)


def test_without_roundings_nothing_is_enclosed():
    """Near-miss: with a unit far below what doubles round by, exact values are missed."""
    missed = 0
    with TURN, working_precision(BITS):
        for seed in range(5):
            exact, sizes, rng = _wide(seed)
            floats, layers = FloatLoss(exact, sizes), [abs(W) for W in _layers(sizes, rng)]
            floats._unit = 2.0**-72
            terms = exact.terms([arb_mat(W.tolist()) for W in layers])
            missed += not floats.terms(layers).second_moment.contains(terms.second_moment)
    assert missed


@pytest.mark.parametrize("bits", [64, 128, 256])
def test_what_centering_cancels_is_enclosed(bits):
    """The balls of v, centered for a bias, are wide where the target is far from 0."""
    rng = np.random.default_rng(1)
    X, near = rng.integers(0, 4, (20, 2)).tolist(), rng.integers(-9, 10, 20).tolist()
    net = Network(1, widths=2, decays="1/10", noise=1, bias=True)
    for offset in (0, 10**12, 10**30):
        data = Moments.from_samples(X, [y + offset for y in near])
        layers = [rng.standard_normal((2, 2)), rng.standard_normal((1, 2))]
        with TURN, working_precision(bits):
            found, norm = FloatLoss(full_loss(net, data, Balls()), (2, 2, 1)).terms_and_gradient_norm(
                layers
            )
        with TURN, working_precision(600):
            exact = full_loss(net, data, Balls())
            sweep = exact.sweep([arb_mat(W.tolist()) for W in layers])
            length = sum((exact.op.square(g) for g in sweep.gradients), arb(0)).sqrt()
            assert all(x.contains(y) for x, y in zip(found, sweep.terms, strict=True))
            assert norm.contains(length)
        if bits == BITS:
            assert found.alignment.rad() < TIGHT  # as tight as it was, where the balls are narrow
