"""Networks with all kinds of noise mixed: enumeration of two-point noise is the recursion, exactly; and no
weights that an optimizer finds lie below the certified minimum."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from flint import arb, arb_mat
from scipy.optimize import minimize

from symderive import Moments, Network, solve
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.arithmetic.matrices import Balls, Floats, Multiprecision
from symderive.full_loss.float_loss import FloatLoss
from symderive.full_loss.recursion import full_loss
from symderive.model.noise import WeightNoise, noise_factors
from tests.oracles.sampled import THOROUGH, some
from tests.oracles.two_point_noise import enumerated_loss, outcomes

SQUARES = [Fraction(1, 4), Fraction(1), Fraction(4, 9), Fraction(9, 4)]
MOST_COINS = 11 if THOROUGH else 8


def square(rng, loud=0.5):
    """A variance that is the square of a rational, or 0."""
    return SQUARES[rng.integers(len(SQUARES))] if rng.random() < loud else Fraction(0)


def random_network(rng, d):
    """A network with noises of all kinds."""
    depth = int(rng.integers(0, 4))
    widths = [int(rng.integers(1, 5)) for _ in range(depth)]
    groups = [int(rng.choice([g for g in range(1, n + 1) if n % g == 0])) for n in widths]
    return Network(
        depth,
        widths=widths,
        decays=[Fraction(int(rng.integers(1, 40)), 100) for _ in range(depth + 1)],
        noise=[square(rng) for _ in range(depth)],
        groups=groups,
        weight_noise=[square(rng) for _ in range(depth + 1)],
        feature_noise=[square(rng, 0.3) for _ in range(d)] if rng.random() < 0.5 else square(rng, 0.3),
        feature_jitter=square(rng, 0.3),
        hidden_jitter=square(rng) if depth else 0,
        target_noise=square(rng),
        bias=bool(rng.random() < 0.4),
    )


def random_samples(rng, d, n=3):
    return [
        ([Fraction(int(t), 4) for t in rng.integers(-8, 9, d)], Fraction(int(rng.integers(-8, 9)), 4))
        for _ in range(n)
    ]


def moments_of(samples):
    return Moments.from_samples([x for x, _ in samples], [y for _, y in samples])


def sizes_of(net, d):
    return [d, *map(int, net.widths), 1]


def random_weights(rng, net, d):
    return [
        [[Fraction(int(t), 4) for t in rng.integers(-4, 5, columns)] for _ in range(rows)]
        for columns, rows in pairwise(sizes_of(net, d))
    ]


def coins(net, d):
    """How many two-point noises there are."""
    return outcomes(net, random_weights(np.random.default_rng(0), net, d), d)


def small_cases(count):
    """Networks whose outcomes can all be gone through, with data and weights."""
    rng, found = np.random.default_rng(15), []
    while len(found) < count:
        d = int(rng.integers(1, 3))
        net = random_network(rng, d)
        if coins(net, d) <= MOST_COINS:
            found.append((net, random_samples(rng, d), random_weights(rng, net, d)))
    return found


CASES = some(small_cases(200), 24, ci=12)


def exact_matrix(rows):
    return arb_mat([[ball(x) for x in row] for row in rows])


@pytest.mark.parametrize(("net", "samples", "weights"), CASES)
def test_the_recursion_is_the_average_over_all_outcomes(net, samples, weights):
    expected = enumerated_loss(net, weights, samples)
    data = moments_of(samples)
    with TURN, working_precision(200):
        matrices = [exact_matrix(W) for W in weights]
        exact, many = full_loss(net, data, Balls()), Multiprecision(200)
        found = exact.loss(matrices)
        assert found.overlaps(ball(expected))
        assert found.rad() < arb(10) ** -40
        assert not found.overlaps(ball(expected) + arb(10) ** -30)
        slow = full_loss(net, data, many).loss([many.matrix(W) for W in matrices])
        assert abs(arb(slow) - ball(expected)) < arb(10) ** -40
        floats = [Floats().matrix(W) for W in matrices]
        terms = FloatLoss(exact, sizes_of(net, data.dimension)).terms(floats)
        assert exact.total(terms).overlaps(ball(expected))


@pytest.mark.parametrize(("net", "samples", "weights"), some(CASES, 3, ci=3))
def test_the_gradient_is_that_of_the_average(net, samples, weights):
    """In every single weight the loss is a parabola, whose differences are exact."""
    with TURN, working_precision(200):
        sweep = full_loss(net, moments_of(samples), Balls()).sweep([exact_matrix(W) for W in weights])
        for layer, W in enumerate(weights):
            row, column = len(W) - 1, len(W[0]) - 1
            kept, at = W[row][column], []
            for step in (1, -1):
                W[row][column] = kept + step
                at.append(enumerated_loss(net, weights, samples))
            W[row][column] = kept
            assert sweep.gradients[layer][row, column].overlaps(ball((at[0] - at[1]) / 2))


def test_two_kinds_of_noise_of_the_weights_are_one_with_the_variance_of_their_product():
    """A kind of noise that is its own file counts in the loss and in the factors by what it says."""
    both = [WeightNoise((Fraction(1, 2),) * 2), WeightNoise((Fraction(1, 3),) * 2)]
    assert noise_factors(both, (2,)) == noise_factors([WeightNoise((Fraction(1),) * 2)], (2,))
    assert noise_factors(both, (2,)) != noise_factors([WeightNoise((Fraction(5, 6),) * 2)], (2,))


def test_a_product_of_factors_of_the_weights_is_no_substitute():
    """The near miss: 1 + ω²/(d_i d_{i-1}) for each layer leaves out what the diagonal carries on."""
    net, data = Network(2, widths=[2, 2], decays=1, weight_noise=[0, 1, 1]), Moments.given([[1]], [1], 1)
    rho = sum(net.noise_factors)  # one feature: A and its diagonal are the same
    product = (1 + Fraction(1, 4)) * (1 + Fraction(1, 2))
    ones = [[[1], [1]], [[1, 1], [1, 1]], [[1, 1]]]
    with TURN, working_precision(100):
        second = full_loss(net, data, Balls()).terms([exact_matrix(W) for W in ones]).second_moment
        assert second.overlaps(16 * ball(rho))
        assert not second.overlaps(16 * ball(product))


# -- minima --------------------------------------------------------------------------------------------


def least_loss(net, data, rng, starts):
    """The least full loss that L-BFGS finds, in floats."""
    with TURN, working_precision(100):
        loss = full_loss(net, data, Floats())
    shapes = [(rows, columns) for columns, rows in pairwise(sizes_of(net, data.dimension))]
    ends = np.cumsum([rows * columns for rows, columns in shapes])

    def layers(vector):
        return [
            part.reshape(shape) for part, shape in zip(np.split(vector, ends[:-1]), shapes, strict=True)
        ]

    def both(vector):
        sweep = loss.sweep(layers(vector))
        return loss.total(sweep.terms), np.concatenate([g.ravel() for g in sweep.gradients])

    best = np.inf
    for start in range(starts):
        first = rng.standard_normal(ends[-1]) * (0.3, 1.0, 2.0)[start % 3]
        options = {"maxiter": 20_000, "maxfun": 40_000, "ftol": 0, "gtol": 1e-13}
        found = minimize(both, first, jac=True, method="L-BFGS-B", options=options)
        best = min(best, float(found.fun))
    return best


def landscapes(count):
    rng = np.random.default_rng(2022)
    for seed in range(count):
        d = int(rng.integers(1, 5))
        net, samples = random_network(rng, d), random_samples(rng, d, int(rng.integers(d + 1, 9)))
        yield seed, net, samples


@pytest.mark.parametrize(("seed", "net", "samples"), some(landscapes(200), 50, ci=20))
def test_no_weights_are_below_the_certified_minimum_and_some_reach_it(seed, net, samples):
    data = moments_of(samples)
    found = solve(net, data)
    least = float(found.global_minimum.loss.mid())
    scale = max(1.0, float(found.loss_at_origin))
    reached = least_loss(net, data, np.random.default_rng(seed), 12 if THOROUGH else 6)
    assert reached > least - 1e-12 * scale
    assert reached < least + 1e-10 * scale
    assert found.verify().verdict.name == "CHECKED"


@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("noise", [0, "1/4"])
def test_data_whose_mixed_moment_only_a_bias_makes(depth, noise):
    """E[x y] = 0 though centered it is not: the minimum is not the origin; and the other way round."""
    samples = [([Fraction(4)], Fraction(0)), ([Fraction(0)], Fraction(-8))]
    decays = {"decays": Fraction(1, 200), "feature_noise": noise, "bias": True}
    net, data = Network(depth, widths=2, **decays), moments_of(samples)
    assert data.v_norm_squared == 0
    found = solve(net, data)
    assert found.global_minimum.index is not None
    assert found.verify().verdict.name == "CHECKED"
    reached = least_loss(net, data, np.random.default_rng(depth), 6)
    assert abs(reached - float(found.global_minimum.loss.mid())) < 1e-9
    still = [([Fraction(1)], Fraction(3)), ([Fraction(2)], Fraction(3))]
    flat = solve(net, moments_of(still))
    assert flat.global_minimum.index is None
    assert flat.verify().verdict.name == "CHECKED"
