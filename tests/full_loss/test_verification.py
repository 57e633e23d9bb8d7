"""The recursion against all dropout masks, and verdicts that must fall one way or the other."""

import random
from dataclasses import replace
from fractions import Fraction
from typing import get_args

import mpmath
import numpy as np
import pytest
from flint import arb, arb_mat, ctx
from oracles.dropout_masks import loss_over_masks, random_layers
from oracles.reduced_points import BITS, diagonal_data, stationary_point

from symderive import InputError, Moments, Network, solve
from symderive.arithmetic.exact import TURN, ball, bits_for, working_precision
from symderive.arithmetic.matrices import Balls, Floats, Multiprecision
from symderive.arithmetic.symmetric import Whole
from symderive.full_loss import competitors
from symderive.full_loss.layers import as_balls, rebuild_layers
from symderive.full_loss.recursion import full_loss
from symderive.full_loss.verification import MPMATH_WORK, ClaimedKind, _work, verify
from symderive.verdict import Verdict

DIGITS = 30
#: Digits of mpmath's numerical derivative, whose step is smaller than its error bound by a wide margin.
ORACLE_DIGITS = 50

# Four stationary points beside the origin, and the ridges between which each lies.
A, V, C = [1, 400], ["1/10", "7/10"], 1
MINIMUM, SADDLE, BAD_MINIMUM, FAR_SADDLE = (1, 2), (5, 20), (50, 200), (1e4, 1e5)


def four_points(between, *, depth=2, widths=(2, 3), noise=0, decays="1/50"):
    net = Network(depth, widths=widths, decays=decays, noise=noise)
    point = stationary_point(net, A, V, C, *between)
    return net, diagonal_data(A, V, C), point, rebuild_layers(net, point.map, point.layer_decay)


def rows(matrix):
    return [[float(x) for x in row] for row in matrix.tolist()]


# -- the recursion -----------------------------------------------------------------------------------

SHAPES = [(), (1,), (3,), (2, 2), (1, 3), (2, 1, 2), (1, 1, 1, 1)]


def random_problem(widths, seed, zero_noise=()):
    rng = random.Random(seed)
    rates = [Fraction(0) if i in zero_noise else Fraction(rng.randint(1, 4), 5) for i in range(len(widths))]
    X = [[Fraction(rng.randint(-5, 5), 3) for _ in range(2)] for _ in range(4)]
    y = [Fraction(rng.randint(-5, 5), 2) for _ in range(4)]
    decays = [Fraction(rng.randint(0, 5), 7) for _ in range(len(widths) + 1)]
    net = Network(len(widths), widths=widths, decays=decays, dropout=rates)
    return net, Moments.from_samples(X, y), random_layers(rng, (2, *widths, 1)), (rates, X, y, decays)


@pytest.mark.parametrize("zero_noise", [(), (0,), (1,)])
@pytest.mark.parametrize("widths", SHAPES)
def test_loss_is_the_average_over_all_masks(widths, zero_noise):
    net, data, layers, (rates, X, y, decays) = random_problem(widths, 7, zero_noise)
    average = loss_over_masks(layers, rates, X, y, decays)
    with TURN, working_precision(BITS):
        weights = as_balls(layers, BITS, net=net)
        setting = full_loss(net, data, Balls())
        assert setting.loss(weights).overlaps(ball(average))
        assert not setting.loss(weights).overlaps(ball(average + Fraction(1, 10**DIGITS)))
        assert setting.total(setting.sweep(weights).terms).overlaps(ball(average))


@pytest.mark.parametrize("widths", SHAPES)
def test_gradient_is_the_derivative(widths):
    net, data, layers, _ = random_problem(widths, 11, zero_noise=(1,))
    with TURN, working_precision(bits_for(8 * ORACLE_DIGITS)), mpmath.workdps(ORACLE_DIGITS):
        setting = full_loss(net, data, Balls())
        gradients = setting.sweep(as_balls(layers, ctx.prec)).gradients
        for index, gradient in enumerate(gradients):
            for i, row in enumerate(layers[index]):
                for j, entry in enumerate(row):

                    def along(x, index=index, i=i, j=j):
                        changed = as_balls(layers, ctx.prec)
                        changed[index] = arb_mat(changed[index])
                        changed[index][i, j] = arb(x)
                        return mpmath.mpf(setting.loss(changed).mid())

                    slope = mpmath.diff(along, mpmath.mpf(entry.numerator) / entry.denominator)
                    error = abs(slope - mpmath.mpf(gradient[i, j].mid()))
                    assert error < mpmath.mpf(10) ** -(ORACLE_DIGITS - 10) * (1 + abs(slope))


@pytest.mark.parametrize("name", ["mpmath", "floats"])
def test_every_arithmetic_lies_near_the_balls(name):
    """All operations at once: loss and gradient of a net with unequal widths."""
    net, data, layers, _ = random_problem((3, 1, 4), 3)
    op = Multiprecision(BITS) if name == "mpmath" else Floats()
    unit = 2.0 ** (30 - BITS) if name == "mpmath" else 2.0**-40
    with TURN, working_precision(BITS):
        weights = [W.mid() for W in as_balls(layers, BITS)]
        sharp = full_loss(net, data, Balls()).sweep(weights)
        other_setting = full_loss(net, data, op)
        other = other_setting.sweep([op.matrix(W) for W in weights])
        for x, y in zip(sharp.terms, other.terms, strict=True):
            assert abs(x - arb(y)) <= unit * (1 + abs(x))
        for G, H in zip(sharp.gradients, other.gradients, strict=True):
            table = [list(row) for row in H]
            scale = 1 + abs(op.square(H)) ** 0.5
            for i in range(G.nrows()):
                for j in range(G.ncols()):
                    assert abs(G[i, j] - arb(table[i][j])) <= unit * arb(scale)


def test_standardized_data_reach_the_recursion_standardized():
    X, y = [[1, 20], [3, 10], [0, 50]], [1, 0, 2]
    data = Moments.from_samples(X, y, standardize=True)
    Z = (np.array(X) - np.mean(X, axis=0)) / np.std(X, axis=0)
    t = np.array(y) - np.mean(y)
    U = np.array([0.5, -2.0])
    net = Network(0, decays="1/4")
    expected = np.mean((Z @ U - t) ** 2) + U @ U / 4
    got = full_loss(net, data, Balls()).loss(as_balls([U], 53))
    assert float(got) == pytest.approx(expected, rel=64 * np.finfo(float).eps)


# -- verdicts ----------------------------------------------------------------------------------------

TRUE_CLAIMS = [
    (MINIMUM, "global minimum"),
    (MINIMUM, "local minimum"),
    (BAD_MINIMUM, "local minimum"),
    (SADDLE, "saddle"),
    (FAR_SADDLE, "stationary"),
]
FALSE_CLAIMS = [
    (SADDLE, "global minimum"),
    (SADDLE, "local minimum"),
    (BAD_MINIMUM, "global minimum"),
    (FAR_SADDLE, "global minimum"),
    (FAR_SADDLE, "local minimum"),
]


@pytest.mark.parametrize("method", ["mpmath", "flint"])
@pytest.mark.parametrize("widths", [1, (2, 3)])
@pytest.mark.parametrize(("between", "claim"), TRUE_CLAIMS)
def test_true_claims_are_checked(between, claim, widths, method):
    net, data, point, layers = four_points(between, widths=widths)
    result = verify(net, data, layers, point.loss, digits=DIGITS, claim=claim, method=method)
    assert result.verdict is Verdict.CHECKED, result
    assert result.method == method
    assert (result.competitors > 0) == claim.endswith("minimum")
    assert result.lowest_gap is None or result.lowest_gap > 0


@pytest.mark.parametrize("method", ["mpmath", "flint"])
@pytest.mark.parametrize(("between", "claim"), FALSE_CLAIMS)
def test_false_minima_are_refuted_by_a_competitor(between, claim, method):
    net, data, point, layers = four_points(between)
    result = verify(net, data, layers, point.loss, digits=DIGITS, claim=claim, method=method)
    assert result.verdict is Verdict.REFUTED
    assert "competitor" in result.reason
    assert result.lowest_gap < 0


@pytest.mark.parametrize(
    ("depth", "widths", "noise"),
    [(1, 1, 0), (1, 4, "1/2"), (2, (1, 3), (0, "1/2")), (3, (2, 1, 3), ("1/3", 0, 1)), (5, 2, 0)],
)
def test_methods_agree_and_noise_may_be_zero_in_some_layers(depth, widths, noise):
    net, data, point, layers = four_points(
        (1e-15, 3), depth=depth, widths=widths, noise=noise, decays="1/3000"
    )
    one, other = (
        verify(net, data, layers, point.loss, digits=DIGITS, claim="local minimum", method=method)
        for method in ("mpmath", "flint")
    )
    assert one.verdict is other.verdict is Verdict.CHECKED
    assert abs(one.loss - other.loss) < arb(10) ** -DIGITS
    assert max(one.gradient_norm, other.gradient_norm) < arb(10) ** -DIGITS
    assert verify(net, data, layers, point.loss, claim="local minimum").method == "mpmath"


@pytest.mark.parametrize("claim", get_args(ClaimedKind))
@pytest.mark.parametrize("method", ["mpmath", "flint"])
def test_a_loss_wrong_in_digit_25_is_refuted(claim, method):
    net, data, point, layers = four_points(MINIMUM)
    wrong = point.loss + arb(10) ** -25
    with TURN, working_precision(BITS):
        wrong = point.loss + arb(10) ** -25
    result = verify(net, data, layers, wrong, digits=DIGITS, claim=claim, method=method)
    assert result.verdict is Verdict.REFUTED
    assert "not the claimed loss" in result.reason
    assert abs(result.loss_difference * arb(10) ** 25 - 1) < 1e-4
    assert verify(net, data, layers, wrong, digits=20, claim="stationary").verdict is Verdict.CHECKED


@pytest.mark.parametrize("method", ["mpmath", "flint"])
@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_perturbed_weight_is_refuted(layer, method):
    net, data, point, layers = four_points(MINIMUM)
    weights = layers.balls(BITS)
    with TURN, working_precision(BITS):
        weights[layer][0, 0] += arb(10) ** -25
    result = verify(net, data, weights, point.loss, digits=DIGITS, claim="stationary", method=method)
    assert result.verdict is Verdict.REFUTED
    assert "gradient" in result.reason
    assert 1e-29 < result.gradient_norm < 1e-22


def test_a_wrong_layer_decay_is_refuted():
    net, data, point, _ = four_points(MINIMUM)
    with TURN, working_precision(BITS):
        layers = rebuild_layers(net, point.map, point.layer_decay * (1 + arb(10) ** -25))
    assert verify(net, data, layers, point.loss, digits=DIGITS).verdict is Verdict.REFUTED


def test_a_global_minimum_far_from_the_claim_is_found_by_replaced_layers():
    """The origin is a local minimum and no perturbation of it is lower."""
    net, data, _, _ = four_points(MINIMUM)
    origin = rebuild_layers(net, [arb(0)] * 2, arb(0))
    assert verify(net, data, origin, C, claim="local minimum").verdict is Verdict.CHECKED
    assert verify(net, data, origin, C, claim="global minimum").verdict is Verdict.REFUTED
    heavy = Network(2, widths=(2, 3), decays=10)
    origin = rebuild_layers(heavy, [arb(0)] * 2, arb(0))
    assert verify(heavy, data, origin, C).verdict is Verdict.CHECKED


def test_the_origin_at_depth_one_changes_from_saddle_to_minimum():
    """γ_u γ_1 = ‖v‖² is the transition; here ‖v‖² = 1/2."""
    data = diagonal_data(A, V, C)
    for decays, verdict in ((["1/2", "99/100"], Verdict.REFUTED), (["1/2", "101/100"], Verdict.CHECKED)):
        net = Network(1, widths=3, decays=decays, noise="1/2")
        origin = rebuild_layers(net, [arb(0)] * 2, arb(0))
        for claim in ("local minimum", "global minimum"):
            assert verify(net, data, origin, C, claim=claim).verdict is verdict


def test_depth_zero_is_ridge_regression():
    data = diagonal_data(A, V, C)
    net = Network(0, decays="1/3")
    m = [Fraction(y) / (x + Fraction(1, 3)) for x, y in zip(A, V, strict=True)]
    loss = C - sum(Fraction(y) * x for y, x in zip(V, m, strict=True))
    for method in ("mpmath", "flint"):
        assert verify(net, data, [m], loss, method=method).verdict is Verdict.CHECKED
        assert verify(net, data, [m[::-1]], loss, method=method).verdict is Verdict.REFUTED
    free = Network(0, decays=0)
    m = [Fraction(y) / x for x, y in zip(A, V, strict=True)]
    loss = C - sum(Fraction(y) * x for y, x in zip(V, m, strict=True))
    assert verify(free, data, [m], loss).verdict is Verdict.CHECKED


@pytest.mark.parametrize("method", ["mpmath", "flint"])
def test_correlated_features(method):
    """A rotation of the features rotates m and leaves the loss; a rotation the other way is refuted."""
    net, _, point, _ = four_points((0.3, 4), noise="1/4")
    cosine, sine = Fraction(3, 5), Fraction(4, 5)
    (a, b), (s, t) = A, map(Fraction, V)
    mixed = (a - b) * cosine * sine
    rotated = [[a * cosine**2 + b * sine**2, mixed], [mixed, a * sine**2 + b * cosine**2]]
    data = Moments.given(rotated, [cosine * s - sine * t, sine * s + cosine * t], C)
    with TURN, working_precision(BITS):
        x, y = point.map
        p, q = ball(cosine), ball(sine)
        right, wrong = [p * x - q * y, q * x + p * y], [p * x + q * y, p * y - q * x]
    for m, verdict in ((right, Verdict.CHECKED), (wrong, Verdict.REFUTED)):
        layers = rebuild_layers(net, m, point.layer_decay, signs=[[1, -1], None])
        result = verify(net, data, layers, point.loss, claim="local minimum", method=method)
        assert result.verdict is verdict, result


def test_without_decay_the_minimum_is_checked():
    data = diagonal_data(A, V, C)
    net = Network(1, widths=2, decays=0, noise=1)
    with TURN, working_precision(BITS):
        m = [ball(Fraction(y) / x * Fraction(2, 3)) for x, y in zip(A, V, strict=True)]
        loss = ball(C) - sum((ball(Fraction(y)) * x for y, x in zip(V, m, strict=True)), arb(0))
    assert verify(net, data, rebuild_layers(net, m, arb(0)), loss).verdict is Verdict.CHECKED


def test_what_is_known_to_few_digits_is_undecided():
    net, data, point, layers = four_points(MINIMUM)
    blurred = point.loss + arb(0, 1e-20)
    assert verify(net, data, layers, blurred, digits=DIGITS).verdict is Verdict.UNDECIDED
    assert verify(net, data, layers, blurred, digits=15).verdict is Verdict.CHECKED
    coarse = [x + arb(0.75e-20, 1e-20) for x in point.map]
    wide = rebuild_layers(net, coarse, point.layer_decay)
    result = verify(net, data, wide, point.loss, digits=DIGITS, method="flint")
    assert result.verdict is Verdict.UNDECIDED
    assert "not known" in result.reason


@pytest.mark.parametrize("digits", [1, 5, 100])
def test_any_number_of_digits(digits):
    """A hundred digits need layers beyond the 90 of the oracle, so that the near-miss is refuted."""
    net, data, point, layers = four_points(MINIMUM)
    result = verify(net, data, layers, point.loss, digits=digits)
    expected = (Verdict.CHECKED,) if digits < 80 else (Verdict.REFUTED, Verdict.UNDECIDED)
    assert result.verdict in expected
    assert result.digits == digits


# -- competitors -------------------------------------------------------------------------------------


def test_turned_and_replaced_layers_are_actual_weights():
    """Their short-cut losses against the full loss at the weights written out."""
    net, data, layers, _ = random_problem((3, 2), 5)
    with TURN, working_precision(BITS):
        weights, setting = as_balls(layers, BITS), full_loss(net, data, Balls())
        axle = competitors._Axle(setting, weights, setting.sweep(weights))
        m = weights[2] * weights[1] * weights[0]
        y = weights[0] * m.transpose() * (1 / (m * m.transpose())[0, 0].sqrt())
        z, step = arb_mat([[2], [-3]]), arb(1) / 7
        (probe,) = axle.probes(z)
        moved = weights[0] + y * z.transpose() * step
        growth = (Balls().square(moved) / Balls().square(weights[0])).sqrt()
        size = growth.root(3)
        explicit = [moved * (size / growth), weights[1] * size, weights[2] * size]
        gap = setting.total(axle.turned(probe, step)) - setting.loss(explicit)
        assert gap.contains(0)
        assert gap.rad() < 1e-60
        terms = axle.replaced(probe)
        own = terms.decay - sum(
            (g * Balls().square(W) for g, W in zip(setting.decays[1:], weights[1:], strict=True)), arb(0)
        )
        plain = y * z.transpose()
        factor = (own / (setting.decays[0] * Balls().square(plain))).sqrt()
        gap = setting.total(terms) - setting.loss([plain * factor, *weights[1:]])
        assert gap.contains(0)
        assert gap.rad() < 1e-60


def test_large_networks_take_flint_and_floats(monkeypatch):
    """The same verdicts where random rivals are computed in float64."""
    monkeypatch.setattr(competitors, "BALL_WORK", 0)
    for between, claim, verdict in (
        (MINIMUM, "global minimum", Verdict.CHECKED),
        (SADDLE, "global minimum", Verdict.REFUTED),
    ):
        net, data, point, layers = four_points(between)
        assert verify(net, data, layers, point.loss, claim=claim, method="flint").verdict is verdict


def test_same_seed_same_result():
    net, data, point, layers = four_points(MINIMUM)
    one, other = (verify(net, data, layers, point.loss, seed=3) for _ in range(2))
    assert one.lowest_gap.mid() == other.lowest_gap.mid()
    assert str(one) == str(other)


# -- methods and messages ----------------------------------------------------------------------------


def test_auto_goes_by_the_work():
    assert _work((10, 32, 32, 1), 100)[0] < MPMATH_WORK < _work((10, 64, 64, 1), 100)[0]
    net = Network(1, widths=200, decays="1/3000")
    a, v = list(range(1, 31)), ["1/5"] * 30
    point = stationary_point(net, a, v, 2, 1e-12, 1e-2)
    layers = rebuild_layers(net, point.map, point.layer_decay)
    assert verify(net, diagonal_data(a, v, 2), layers, point.loss, claim="stationary").method == "flint"


def test_auto_declines_what_would_take_minutes():
    net = Network(2, widths=100_000, decays=1)
    layers = rebuild_layers(net, [arb(0)] * 2, arb(0))
    result = verify(net, diagonal_data(A, V, C), layers, C)
    assert (result.verdict, result.method) == (Verdict.UNDECIDED, "off")
    assert "multiply-adds" in result.reason


def test_off_runs_nothing():
    net, data, point, layers = four_points(MINIMUM)
    result = verify(net, data, layers, point.loss, method="off")
    assert (result.verdict, result.gradient_norm) == (Verdict.UNDECIDED, None)


def test_text_is_for_people():
    net, data, point, layers = four_points(MINIMUM)
    text = str(verify(net, data, layers, point.loss, digits=DIGITS))
    assert text.startswith("CHECKED: The full loss equals the claim")
    assert "mpmath, 30 digits" in text


def test_precision_is_left_as_it_was():
    net, data, point, layers = four_points(MINIMUM)
    before = ctx.prec, mpmath.mp.prec
    verify(net, data, layers, point.loss, digits=50, method="mpmath")
    assert (ctx.prec, mpmath.mp.prec) == before


def test_bad_arguments_are_named():
    net, data, point, layers = four_points(MINIMUM)
    with pytest.raises(InputError, match="method is 'pari'"):
        verify(net, data, layers, point.loss, method="pari")
    with pytest.raises(InputError, match="claim is 'maximum'"):
        verify(net, data, layers, point.loss, claim="maximum")
    with pytest.raises(InputError, match="digits is 0"):
        verify(net, data, layers, point.loss, digits=0)
    with pytest.raises(InputError, match="W1 has shape 2 × 2; 2 × 1 fits"):
        verify(net, diagonal_data([1], [1], 1), layers, point.loss)
    with pytest.raises(InputError, match="symbolic"):
        verify(Network.symbolic(2), data, layers, point.loss)


# -- few samples -------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale", [Fraction(10) ** -170, 1, Fraction(10) ** 170])
@pytest.mark.parametrize("digits", [15, 400])
def test_few_samples_of_any_size_are_challenged(scale, digits):
    """Near-miss: a saddle that is called a minimum is refuted."""
    X = [[scale * ((3 * i * j + j) % 7 - 3) for j in range(6)] for i in range(3)]
    data = Moments.from_samples(X, [1, -2, 4])
    net = Network(2, widths=2, decays=Fraction(1, 100) * (scale if scale < 1 else 1))
    landscape = solve(net, data, digits=digits)
    for point, verdict in zip(landscape.points, ("CHECKED", "REFUTED"), strict=True):
        found = verify(
            net, data, landscape.layers(point.index), point.loss, digits=digits - 3, method="flint"
        )
        assert found.competitors > 40
        assert found.verdict.name == verdict


def test_directions_for_few_samples_are_those_of_the_matrix():
    X = [[(3 * i * j + j) % 7 - 3 for j in range(6)] for i in range(3)]
    data = Moments.from_samples(X, [1, -2, 4])
    with TURN, working_precision(BITS):
        setting = full_loss(Network(1, widths=2, decays=1), data, Balls())
        whole = replace(setting, A=Whole(data.balls()[0]))
        column = arb_mat([[1], [0], [2], [0], [0], [1]])  # with a part in the null space
        for target in (setting.v, column):
            thin, full = (
                competitors._Vectors(one).near(target, np.random.default_rng(0)) for one in (setting, whole)
            )
            apart = max(abs(x - y) for x, y in zip(thin.entries(), full.entries(), strict=True))
            assert apart < 1e-5
            # Near-miss: the next ridge of the grid is another direction.
            assert abs(thin[0, 20] - full[0, 21]) > 1e-4
