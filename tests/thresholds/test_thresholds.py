"""Thresholds against bisection on ``solve``, closed forms, exact ties and near-misses."""

import random
from fractions import Fraction
from math import prod
from pathlib import Path

import mpmath
import pytest
from flint import arb
from oracles.sampled import fewer

from symderive import Moments, Network, solve
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.spectrum import Spectrum
from symderive.errors import InputError
from symderive.thresholds.critical_decay import CriticalDecay
from symderive.thresholds.largest_depth import largest_depth
from symderive.thresholds.thresholds import AMBIGUOUS, Thresholds, thresholds

DIABETES = Path(__file__).parents[2] / "examples" / "diabetes.csv"

#: Relative distance to a threshold at which ``solve`` still tells the two sides.
CLOSE = Fraction(3, 10**15)

#: A value that is off by this much fails.
OFF = Fraction(1, 10**12)


def random_data(seed):
    """Two to six features over several decades; every third set has two bumps of like height."""
    rng = random.Random(seed)
    count = 2 + seed % 5
    ratio = rng.choice([3, 40, 400]) if seed % 3 else 1000
    a = [Fraction(rng.randint(5, 20), 10) * ratio**i for i in range(count)]
    scale = 0.5 if seed % 3 == 0 else rng.uniform(0, 1)
    return Spectrum.of(
        a, [Fraction(round(10**6 * float(x) ** scale * rng.uniform(0.3, 1)), 10**6) for x in a]
    )


def fraction(value):
    """The middle of a ball."""
    mantissa, exponent = value.mid().man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def is_alive(kind, net, data):
    """Whether a stationary point m ≠ 0 exists, or is the global minimum, as ``solve`` finds."""
    landscape = solve(net, data, digits=5)
    assert landscape.complete
    return bool(landscape.points) if kind == "spinodal" else not landscape.global_minimum.at_origin


def is_threshold(kind, network, value, data):
    """Whether the network is alive just below the value and not just above it."""
    below, above = (network(value * (1 + sign * CLOSE)) for sign in (-1, 1))
    return is_alive(kind, below, data) and not is_alive(kind, above, data)


@pytest.mark.parametrize("kind", ["transition", "spinodal"])
def test_decay_thresholds_of_random_data_agree_with_solve(kind):
    """Many sets to 15 digits; a value that is off by 1e-12, either way, is no threshold."""
    many = 0
    for seed in range(fewer(16, 50)):
        data, depth = random_data(seed), 2 + seed % 7
        noise = Fraction(seed % 4, 3)

        def network(decay, depth=depth, noise=noise):
            return Network(depth, widths=3, decays=decay, noise=noise)

        found = thresholds(network(1), data, digits=20)
        value = fraction(getattr(found.decay, kind).value)
        assert is_threshold(kind, network, value, data)
        off = value * (1 + (-1) ** seed * OFF)
        assert not is_threshold(kind, network, off, data)
        if kind == "transition":
            many += len(solve(network(value), data, digits=5).points) >= 4
    assert kind == "spinodal" or many >= fewer(1, 5)


@pytest.mark.parametrize("kind", ["transition", "spinodal"])
def test_noise_and_width_thresholds_agree_with_solve(kind):
    for seed in range(6):
        data, depth = random_data(seed), 2 + seed % 3
        start = thresholds(Network(depth, widths=3, decays=1), data, digits=10)
        decay = fraction(getattr(start.decay, kind).value) * Fraction(9, 10)
        widths = range(2, 2 + depth)
        found = thresholds(Network(depth, widths=widths, decays=decay), data, digits=20)

        def network(variance, depth=depth, widths=widths, decay=decay):
            return Network(depth, widths=widths, decays=decay, noise=variance)

        value = fraction(getattr(found.noise, kind).value)
        assert is_threshold(kind, network, value, data)
        assert not is_threshold(kind, network, value * (1 + OFF), data)

        # A width is a whole number to a network; the noise to width ratio is what counts.
        found = thresholds(Network(depth, widths=7, decays=decay, noise=2), data, digits=20)
        width = fraction(getattr(found.width, kind).value)

        def wide(variance, depth=depth, decay=decay):
            return Network(depth, widths=7, decays=decay, noise=variance)

        assert is_threshold(kind, wide, 2 * 7 / width, data)
        assert not is_threshold(kind, wide, 2 * 7 / width * (1 - OFF), data)


def isotropic_product(depth, a, v2, rho):
    """The transition's product of decays for A = aI, exact; times (D+1)^{D+1}/4^D for the spinodal."""
    return (
        v2**depth * (depth - 1) ** (depth - 1) / ((rho * a) ** (depth - 1) * Fraction(depth) ** (2 * depth))
    )


@pytest.mark.parametrize("depth", [2, 3, 8, 1000])
def test_isotropic_data_have_exact_thresholds(depth):
    a, v2, rho = Fraction(7, 3), Fraction(5, 2), Fraction(9, 8)
    net = Network(depth, widths=4, decays=1, noise=["1/2"] + [0] * (depth - 1))
    found = thresholds(net, Spectrum.of([a, a, 1], [v2 - 1, 1, 0]), digits=40)
    exact = isotropic_product(depth, a, v2, rho)
    spinodal = exact * Fraction((depth + 1) ** (depth + 1), 4**depth)
    with TURN, working_precision(400):
        for ours, theirs in (
            (found.decay_product.transition, exact),
            (found.decay_product.spinodal, spinodal),
        ):
            assert ours.value.overlaps(ball(theirs))
            assert ours.value.rel_accuracy_bits() > 133
            assert not ours.value.overlaps(ball(theirs) * (1 + arb(10) ** -39))
        # ζ = 1/(D-1), m = v/(ρa(1 + ζ)).
        assert found.ridge.value.overlaps(ball(rho * a / (depth - 1)))
        assert found.jump.value.overlaps(ball(v2).sqrt() * ball((depth - 1) / (rho * a * depth)))
    assert found.order.value == "first"


def test_published_decay_thresholds():
    """a = v = 1: D = 2: 3·2^{1/3}/8 and 0.39685026…; D = 3: 0.38490017… and 0.27216552…."""
    for depth, spinodal, transition in ((2, None, "0.39685026"), (3, "0.38490018", "0.27216553")):
        found = thresholds(Network(depth, widths=1, decays=1), Spectrum.of([1], [1])).decay
        assert found.transition.value.str(8, radius=False) == transition
        if spinodal:
            assert found.spinodal.value.str(8, radius=False) == spinodal
        else:
            with TURN, working_precision(200):
                assert found.spinodal.value.overlaps(3 * arb(2).root(3) / 8)


def test_isotropic_data_bound_the_thresholds():
    for seed in range(20):
        data, depth = random_data(seed), 2 + seed % 7
        found = thresholds(Network(depth, widths=3, decays=1, noise=1), data, digits=20).decay_product
        rho, v2 = Fraction(4, 3) ** depth, data.v_norm_squared
        low, high = (isotropic_product(depth, a, v2, rho) for a in (max(data.a), min(data.a)))
        factor = Fraction((depth + 1) ** (depth + 1), 4**depth)
        assert low < fraction(found.transition.value) < high
        assert low * factor < fraction(found.spinodal.value) < high * factor


def test_noise_and_width_scale_the_product_and_nothing_else():
    data = random_data(3)
    plain = thresholds(Network(3, widths=1, decays=1), data, digits=40)
    noisy = thresholds(
        Network(3, widths=[2, 5, 9], decays=[1, 2, 3, 4], noise=[1, 0, "1/7"]), data, digits=40
    )
    rho = Fraction(3, 2) * (1 + Fraction(1, 63))
    with TURN, working_precision(300):
        for kind in ("transition", "spinodal"):
            ours, theirs = (getattr(x.decay_product, kind).value for x in (noisy, plain))
            assert (ours * ball(rho) ** 2).overlaps(theirs)
        assert (noisy.ridge.value / ball(rho)).overlaps(plain.ridge.value)
        assert (noisy.jump.value * ball(rho)).overlaps(plain.jump.value)


def test_the_jump_is_the_norm_of_the_minimum_at_the_transition():
    for seed in (1, 3, 4):
        data = random_data(seed)
        net = Network(3, widths=4, decays=1, noise=1)
        found = thresholds(net, data, digits=20)
        below = fraction(found.decay.transition.value) * (1 - Fraction(1, 10**15))
        best = solve(Network(3, widths=4, decays=below, noise=1), data).global_minimum
        point = solve(Network(3, widths=4, decays=below, noise=1), data).points[best.index]
        assert abs(float(point.norm / found.jump.value) - 1) < 1e-12
        assert abs(float(point.ridge / found.ridge.value) - 1) < 1e-12


# -- near-degenerate data --------------------------------------------------------------------------------


def twins(shift=0):
    """At D = 2 λ^{1/2} vᵀ(A + λ)^{-1}v has two equal maxima: p = √a at a and 1/a."""
    return Spectrum.of([Fraction(1, 10**4), 10**4], [Fraction(1, 100) * (1 + shift), 100])


def test_two_equal_maxima_leave_the_value_but_not_the_jump():
    tied = thresholds(Network(2, widths=1, decays=1), twins(), digits=40)
    assert tied.decay.transition.value.rel_accuracy_bits() > 133
    assert (tied.jump.value, tied.jump.reason) == (None, AMBIGUOUS)
    assert tied.ridge.value is None
    # √λ R_1 at λ = e^u is a sum of 1/(2 cosh((u ± ln a)/2)).
    with mpmath.workdps(60):
        shift = mpmath.log(10**4)
        curve = lambda u: sum(1 / (2 * mpmath.cosh((u + s) / 2)) for s in (shift, -shift))  # noqa: E731
        top = mpmath.findroot(lambda u: mpmath.diff(curve, u), shift)
        product = mpmath.mpf(tied.decay_product.transition.value.str(50, radius=False))
        assert abs((curve(top) / 2) ** 2 / product - 1) < mpmath.mpf(10) ** -38
    ridges = []
    for sign in (-1, 1):
        near = thresholds(Network(2, widths=1, decays=1), twins(sign * Fraction(1, 10**60)))
        assert near.jump.value is not None
        ridges.append(float(near.ridge.value))
    assert ridges[0] > 10**3
    assert ridges[1] < 10**-3


def test_a_flat_maximum_keeps_its_value():
    """Three bumps of which the outer ones make the top flat to third order: f' = f'' = f''' = 0."""
    side = Fraction(1, 2) / (2 * Fraction(8, 17) * Fraction(161, 289))
    # The sign of the fourth derivative makes λ = 1 a maximum only relative to far lower neighbors, so the
    # cluster competes with two maxima; the value is that of the highest and has all its digits.
    data = Spectrum.of([Fraction(1, 16), 1, 16], [side / 2, 1, 8 * side])
    found = thresholds(Network(2, widths=1, decays=1), data, digits=50)
    assert found.decay.transition.value.rel_accuracy_bits() > 166


def test_features_of_hugely_different_scale_and_tiny_weight():
    wide = Spectrum.of([Fraction(10) ** e for e in (-12, 0, 12)], [Fraction(10) ** e for e in (-7, 0, 7)])
    tiny = Spectrum.of([1, 3], [1, Fraction(1, 10**80)])
    for data in (wide, tiny):
        for kind in ("transition", "spinodal"):

            def network(decay):
                return Network(3, widths=2, decays=decay, noise=1)

            value = fraction(getattr(thresholds(network(1), data, digits=20).decay, kind).value)
            assert is_threshold(kind, network, value, data)
            assert not is_threshold(kind, network, value * (1 - OFF), data)


def test_dense_moments_with_thirty_features():
    rng = random.Random(5)
    rows = [[rng.randint(-9, 9) for _ in range(30)] for _ in range(45)]
    data = Moments.from_samples(rows, [sum(row[:3]) + rng.randint(-5, 5) for row in rows], standardize=True)

    def network(decay):
        return Network(3, widths=50, decays=decay, dropout="0.2")

    found = thresholds(network(1), data, digits=20)
    for kind in ("transition", "spinodal"):
        value = fraction(getattr(found.decay, kind).value)
        assert is_threshold(kind, network, value, data)
        assert not is_threshold(kind, network, value * (1 + OFF), data)


def test_the_diabetes_data():
    data = Moments.from_csv(DIABETES, "progression", standardize=True)
    net = Network(3, widths=32, decays="0.01", dropout="0.1")
    found = thresholds(net, data)
    value = fraction(found.decay.transition.value)
    assert is_threshold(
        "transition", lambda decay: Network(3, widths=32, decays=decay, dropout="0.1"), value, data
    )
    assert found.largest_depth.value == 1529
    text = str(found)
    assert "decay, transition: 135.298245817" in text
    assert "largest depth: 1529" in text


# -- exact ties, and what has no value ---------------------------------------------------------------------


def test_at_the_threshold_without_noise_the_noise_threshold_is_zero_exactly():
    """a = 1, ‖v‖² = 1/2: the transition at D = 2 is (1/4)³; a = v = 1: the spinodal is 27/64 · 1/4."""
    tied = thresholds(Network(2, widths=3, decays="1/4", noise=1), Spectrum.of([1], ["1/2"]))
    assert tied.noise.transition.value == 0
    assert tied.noise.spinodal.value > 0
    assert "at every width" in tied.width.transition.reason
    double = thresholds(Network(2, widths=3, decays=["27/64", "1/4", 1]), Spectrum.of([1], [1]))
    assert double.noise.spinodal.value == 0
    for sign in (-1, 1):
        decay = Fraction(1, 4) * (1 + sign * Fraction(1, 10**100))
        near = thresholds(Network(2, widths=3, decays=decay, noise=1), Spectrum.of([1], ["1/2"]))
        if sign > 0:
            assert (
                near.noise.transition.reason
                == "With these decays the global minimum is zero at every noise."
            )
        else:
            with TURN, working_precision(200):
                # ρ = 1 + 3·10^-100 to first order, over two layers of width 3.
                assert (
                    abs(near.noise.transition.value / (arb(9) / 2 * arb(10) ** -100) - 1) < arb(10) ** -28
                )


def test_a_tie_that_exact_algebra_cannot_see_is_left_open():
    """Beyond 300 digits only exact algebra decides, and this is no tie."""
    decay = Fraction(1, 4) * (1 - Fraction(1, 10**400))
    near = thresholds(Network(2, widths=3, decays=decay, noise=1), Spectrum.of([1], ["1/2"]))
    assert near.noise.transition.value is None
    assert "too close" in near.noise.transition.reason
    assert near.largest_depth.value is not None  # noise lifts depth 2 far from its threshold


def test_one_hidden_layer():
    found = thresholds(Network(1, widths=3, decays=["1/2", 2], noise=1), Spectrum.of([1, 2], [1, 3]))
    assert found.decay_product.transition.value.str(5) == found.decay_product.spinodal.value.str(5)
    with TURN, working_precision(100):
        assert found.decay_product.transition.value.overlaps(arb(4))
    assert (found.order.value, found.jump.value) == ("second", 0)
    assert "noise does not enter" in found.noise.transition.reason
    assert "noise does not enter" in found.width.spinodal.reason
    assert "without bound" in found.ridge.reason


DATA = Spectrum.of([1, 3], [1, 2])


@pytest.mark.parametrize(
    ("net", "data", "place", "words"),
    [
        (Network(0, decays=1), DATA, "decay", "Without a hidden layer"),
        (Network(2, widths=1, decays=1), Spectrum.of([1], [0]), "noise", "v is 0"),
        (Network(2, widths=2, decays=[1, 2, 3]), DATA, "decay", "different decays"),
        (Network(2, widths=2, decays="1/9", noise=[1, 2]), DATA, "noise", "different noise"),
        (Network(2, widths=2, decays="1/9", noise=[1, 2]), DATA, "width", "different noise"),
        (Network(2, widths=[2, 3], decays="1/9", noise=1), DATA, "width", "different widths"),
        (Network(2, widths=2, decays="1/9"), DATA, "width", "Without noise"),
        (Network(2, widths=2, decays=9), DATA, "noise", "at every noise"),
        (Network(2, widths=2, decays=9, noise=1), DATA, "width", "at every width"),
        (Network(2, widths=2, decays=[1, 0, 1]), DATA, "noise", "nothing collapses"),
        (Network(2, widths=2, decays=0), DATA, "largest_depth", "no depth collapses"),
        (Network(2, widths=[2, 3], decays=1, noise=1), DATA, "largest_depth", "different widths"),
    ],
)
def test_what_has_no_value_has_a_reason(net, data, place, words):
    found = thresholds(net, data, digits=10)
    answer = getattr(found, place)
    answers = [answer] if place == "largest_depth" else [answer.transition, answer.spinodal]
    for answer in answers:
        assert answer.value is None
        assert words in answer.reason
        assert answer.reason.endswith(".")
    assert isinstance(found, Thresholds)
    assert words in str(found)


@pytest.mark.parametrize(
    ("net", "digits", "words"),
    [
        (Network.symbolic(2), 30, "symbolic"),
        (Network(2, widths=1, decays=1), 0, "digits"),
    ],
)
def test_bad_input(net, digits, words):
    with pytest.raises(InputError, match=words):
        thresholds(net, DATA, digits=digits)


# -- the largest depth -------------------------------------------------------------------------------------


def survives(data, depth, decay, ratio):
    return is_alive("transition", Network(depth, widths=1, decays=decay, noise=ratio), data)


def test_largest_depth_agrees_with_solve_at_every_depth():
    answers = set()
    for seed in range(10):
        data, ratio = random_data(seed), Fraction(seed % 3, 20)
        rng = random.Random(seed)
        decay = Fraction(round(1000 * float(data.explained) * rng.uniform(0.02, 0.6)) + 1, 1000)
        found = largest_depth(data, decay=decay, noise_to_width=ratio)
        alive = [depth for depth in range(1, 41) if survives(data, depth, decay, ratio)]
        assert found == max(alive, default=0)
        answers.add(found)
    assert len(answers) >= 4


def test_largest_depth_where_smaller_ones_collapse():
    """γ = 1, a = 1/1000, ‖v‖² = 1/10: D = 0 and 3 … 86."""
    data = Spectrum.of(["1/1000"], ["1/10"])
    assert largest_depth(data, decay=1) == 86
    assert [depth for depth in range(1, 5) if survives(data, depth, 1, 0)] == [3, 4]
    assert survives(data, 86, 1, 0)
    assert not survives(data, 87, 1, 0)


@pytest.mark.parametrize("decay", ["1e-6", "1e-9", "1e-30"])
def test_large_depths_agree_with_the_isotropic_criterion(decay):
    """ln P_c(D) against (D+1) ln γ at the answer and one above, by mpmath."""
    found = largest_depth(Spectrum.of(["3/7"], ["5/2"]), decay=decay)
    with mpmath.workdps(80):

        def excess(depth):
            n, a, v2 = mpmath.mpf(depth), mpmath.mpf(3) / 7, mpmath.mpf(5) / 2
            log_product = n * mpmath.log(v2) + (n - 1) * mpmath.log((n - 1) / a) - 2 * n * mpmath.log(n)
            return log_product - (n + 1) * mpmath.log(mpmath.mpf(decay))

        assert excess(found) >= 0 > excess(found + 1)
    assert found > 10**6


def test_large_depths_of_anisotropic_data():
    """M(D) = max_λ [ln λ + D ln R_1] at the answer and one above, by mpmath."""
    data, decay, ratio = Spectrum.of([1, 400], ["1/100", "49/100"]), Fraction(1, 10**9), Fraction(1, 10**10)
    found = largest_depth(data, decay=decay, noise_to_width=ratio)
    with mpmath.workdps(60):

        def excess(depth):
            def line(u):
                x = mpmath.exp(u)
                first = mpmath.mpf(1) / 100 / (1 + x) + mpmath.mpf(49) / 100 / (400 + x)
                return u + depth * mpmath.log(first)

            top = mpmath.findroot(lambda u: mpmath.diff(line, u), -mpmath.log(depth))
            rest = depth * mpmath.log(depth) + (depth + 1) * mpmath.log(mpmath.mpf(10) ** -9)
            return line(top) - rest - depth * (depth - 1) * mpmath.log1p(mpmath.mpf(10) ** -10)

        assert excess(found) >= 0 > excess(found + 1)
    assert found > 10**6


def test_largest_depth_at_exact_ties_and_beyond():
    half = Spectrum.of([1], ["1/2"], 1)
    quarter, eps = Fraction(1, 4), Fraction(1, 10**200)
    answers = [largest_depth(half, decay=decay) for decay in (quarter - eps, quarter, quarter + eps)]
    assert answers == [2, 2, 1]
    assert largest_depth(half, decay=quarter + Fraction(1, 10**500)) is None
    assert largest_depth(half, decay=1) == 0  # at D = 1 the decay would have to be below ‖v‖
    assert largest_depth(Spectrum.of([1], [1]), decay=1) == 0


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        (Spectrum.of([1], [0]), {"decay": 1}, "v is 0"),
        (DATA, {"decay": 0}, "positive decay"),
        (DATA, {"decay": 1, "noise_to_width": -1}, "at least 0"),
        (DATA, {"decay": "x"}, "not a finite decimal"),
    ],
)
def test_largest_depth_refuses(data, options, words):
    with pytest.raises(InputError, match=words):
        largest_depth(data, **options)


def test_the_common_noise_of_different_widths_solves_its_equation():
    """Π (1 + σ²/d_i) = ρ_c, for widths from 1 to 10^9."""
    data, widths = DATA, [1, 3, 3, 10**9]
    net = Network(4, widths=widths, decays="1/100")
    variance = fraction(thresholds(net, data, digits=40).noise.transition.value)
    rho = prod((1 + variance / d for d in widths), start=Fraction(1))
    with TURN, working_precision(300):
        critical = CriticalDecay(data, 4, "transition").log_product(45)
        assert abs(ball(rho).log() * 3 - (critical - 5 * ball(Fraction(1, 100)).log())) < arb(10) ** -38
