"""Kinds of points and the global minimum, against brute force, exact ties, symmetry and limits."""

import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpz_poly
from scipy.optimize import minimize_scalar

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.effective_ridge import equal_gaps
from symderive.effective_ridge.equal_gaps import are_equal
from symderive.report.landscape import landscape_record

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
ONE = Spectrum.of([1], [1])

#: Floats: what a grid of the dual, polished, is off by at most, relative to c.
FLOAT_TOLERANCE = 1e-9


def random_spectrum(rng):
    features = rng.choice([1, 2, 3, 6])
    a = [Fraction(rng.randint(1, 99)) * Fraction(10) ** rng.randint(-2, 3) for _ in range(features)]
    p = [Fraction(rng.randint(1, 99), 100) * x for x in a]
    return Spectrum.of(a, p, sum(w / x for w, x in zip(p, a, strict=True)) + rng.randint(0, 2))


def random_network(rng, depth=None):
    depth = depth or rng.choice([1, 2, 3, 4, 10])
    decays = [Fraction(rng.randint(1, 30), rng.choice([10, 100, 1000])) for _ in range(depth + 1)]
    return Network(depth, widths=rng.randint(1, 5), decays=decays, noise=Fraction(rng.randint(0, 4), 2))


def noise_factor(net):
    return float(np.prod([1 + float(s) / float(d) for s, d in zip(net.noise, net.widths, strict=True)]))


def dual(net, data):
    """G(λ) = c - vᵀ(ρA + λ)^{-1}v + Dτλ^{-1/D} in floats; its infimum is the least loss."""
    rho, depth = noise_factor(net), net.depth
    tau = float(np.exp(sum(np.log(float(g)) for g in net.decays) / depth))
    a, p = np.array(data.a, dtype=float), np.array(data.p, dtype=float)

    def value(u):
        ridge = np.exp(np.atleast_1d(u))[:, None]
        return (
            float(data.c) - (p / (rho * a + ridge)).sum(1) + depth * tau * ridge[:, 0] ** (-1 / depth)
        ).squeeze()

    return value


def number(ball):
    return float(ball.mid())


def test_the_minimum_is_that_of_the_dual_by_brute_force():
    rng = random.Random(1)
    at_origin = 0
    for _ in range(120):
        net, data = random_network(rng), random_spectrum(rng)
        landscape = solve(net, data, digits=15)
        value, grid = dual(net, data), np.linspace(-25, 60, 4000)
        values = value(grid)
        best = grid[values.argmin()]
        polished = minimize_scalar(value, bounds=(best - 0.03, best + 0.03), method="bounded")
        least = min(float(data.c), float(polished.fun), float(values.min()))
        assert number(landscape.global_minimum.loss) == pytest.approx(
            least, abs=FLOAT_TOLERANCE * float(data.c)
        )
        assert landscape.complete
        at_origin += landscape.global_minimum.at_origin
    assert 10 < at_origin < 110


def reduced_loss(net, data):
    """F(m) in floats, in the eigenbasis of A."""
    rho, layers = noise_factor(net), net.depth + 1
    mean = float(np.exp(np.mean([np.log(float(g)) for g in net.decays])))
    a, v = np.array(data.a, dtype=float), np.sqrt(np.array(data.p, dtype=float))

    def loss(m):
        penalty = layers * mean * np.linalg.norm(m) ** (2 / layers)
        return rho * (a * m * m).sum() - 2 * m @ v + float(data.c) + penalty

    return loss, v / (rho * a + 1)


def test_no_competitor_of_the_reduced_loss_is_lower():
    """F itself on random maps around the certified one, and the certified one attains it."""
    rng, draw = random.Random(2), np.random.default_rng(2)
    for _ in range(40):
        net, data = random_network(rng), random_spectrum(rng)
        landscape = solve(net, data, digits=15)
        best = landscape.global_minimum
        loss, typical = reduced_loss(net, data)
        m = np.array([number(x) for x in landscape.end_to_end_map(best.index)])
        allowed = FLOAT_TOLERANCE * float(data.c)
        assert loss(m) == pytest.approx(number(best.loss), abs=allowed)
        for size in (1e-6, 1e-3, 0.1, 1, 10):
            scale = size * (np.linalg.norm(m) or np.linalg.norm(typical))
            assert loss(m + scale * draw.normal(size=m.shape)) >= number(best.loss) - allowed


def test_kinds_alternate_and_one_global_minimum_is_named():
    rng = random.Random(3)
    for _ in range(60):
        landscape = solve(random_network(rng), random_spectrum(rng), digits=10)
        kinds = [point.kind for point in landscape.points]
        assert all((kind == "saddle") == (i % 2 == 1) for i, kind in enumerate(kinds))
        named = kinds.count("global minimum") + (landscape.origin == "global minimum")
        assert named == 1
        assert landscape.origin != "not stationary"
        assert (landscape.origin == "saddle") == (landscape.net.depth == 1 and bool(kinds))
        losses = {None: number(arb(1) * landscape.data.c.numerator / landscape.data.c.denominator)}
        losses |= {point.index: number(point.loss) for point in landscape.points}
        assert min(losses.values()) == losses[landscape.global_minimum.index]


def test_a_bad_minimum_that_is_not_the_origin():
    landscape = solve(Network(2, widths=32, decays="1/50"), FOUR)
    kinds = [point.kind for point in landscape.points]
    assert kinds == ["global minimum", "saddle", "local minimum", "saddle"]
    gaps = [number(point.loss - 1) for point in landscape.points]
    assert gaps[0] == pytest.approx(-6.08e-4, rel=1e-3)
    assert gaps[2] == pytest.approx(-5.14e-4, rel=1e-3)
    assert landscape.origin == "local minimum"


def test_the_global_minimum_need_not_be_the_first_root():
    weaker = Spectrum.of([1, 400], ["96/10000", "49/100"], 1)
    landscape = solve(Network(2, widths=32, decays="1/50"), weaker)
    assert [p.kind for p in landscape.points] == ["local minimum", "saddle", "global minimum", "saddle"]
    assert landscape.global_minimum.index == 2


def test_minima_whose_losses_agree_to_thirty_digits_are_told_apart():
    """Losses that differ by 10^-33 one way, by more the other way: far below what a double resolves."""
    net = Network(2, widths=32, decays="1/50")
    balanced = Fraction("0.00977138913147914775244474031659")
    for shift, best in ((0, 0), (Fraction(-1, 10**31), 2)):
        landscape = solve(net, Spectrum.of([1, 400], [balanced + shift, "49/100"], 1), digits=10)
        found = landscape.global_minimum
        assert (found.index, found.tie, found.contenders) == (best, False, (best,))
        assert [p.index for p in landscape.points if p.kind == "global minimum"] == [best]


def test_one_hidden_layer_never_has_a_bad_minimum():
    rng = random.Random(4)
    for _ in range(60):
        landscape = solve(random_network(rng, depth=1), random_spectrum(rng), digits=5)
        assert [p.kind for p in landscape.points] in ([], ["global minimum"])
        assert landscape.origin == ("saddle" if landscape.points else "global minimum")


# -- coincidences ------------------------------------------------------------------------------------------


def three(*decays):
    return Network(2, widths=4, decays=decays)


def test_a_tie_is_proved_and_both_are_named():
    landscape = solve(three("1/4", "1/4", 1), ONE)
    best = landscape.global_minimum
    assert best.tie is True
    assert (best.at_origin, best.index, set(best.contenders)) == (True, 0, {None, 0})
    assert (landscape.origin, landscape.points[0].kind) == ("global minimum", "global minimum")
    assert landscape.points[0].ridge.contains(1)
    assert best.loss.contains(1)


def test_a_tie_of_dense_standardized_data_is_proved():
    """The same problem in other coordinates: x → 3x, standardized back."""
    data = Moments.from_samples([[3], [-3]], [1, -1], standardize=True, center=True)
    assert solve(three("1/4", "1/4", 1), data).global_minimum.tie is True


@pytest.mark.parametrize("power", [10, 40, 200])
def test_near_ties_are_decided(power):
    nudge = Fraction(1, 10**power)
    lower = solve(three("1/4", "1/4", 1 - nudge), ONE).global_minimum
    higher = solve(three("1/4", "1/4", 1 + nudge), ONE).global_minimum
    assert (lower.tie, lower.at_origin, lower.index) == (False, False, 0)
    assert (higher.tie, higher.at_origin, higher.index) == (False, True, None)


@pytest.mark.parametrize("power", [900, 3000])
def test_near_ties_beyond_the_limit_of_other_comparisons_are_decided(power):
    """Past eight times that limit by the polynomial of the gaps."""
    for nudge, best in ((-1, 0), (1, None)):
        found = solve(three("1/4", "1/4", 1 + Fraction(nudge, 10**power)), ONE).global_minimum
        assert (found.tie, found.index, found.contenders) == (False, best, (best,))


def test_a_near_tie_of_polynomials_that_are_too_large_is_said_to_be_open():
    """D = 41 and λ = 1: the decay product (p/(a + 1)²)^D = 1 is a tie, and E is of degree 82."""
    data = Spectrum.of([40], [41**2])
    decays = [1] * 41

    def best(last):
        return solve(Network(41, widths=1, decays=[*decays, last]), data, digits=10)

    assert best(1).global_minimum.tie is True
    assert best(1 - Fraction(1, 10**900)).global_minimum.tie is False
    landscape = best(1 - Fraction(1, 10**3000))
    assert landscape.global_minimum.tie is None
    assert set(landscape.global_minimum.contenders) == {None, 0}
    assert (landscape.origin, landscape.points[0].kind) == ("local minimum", "local minimum")


#: Spectra whose losses at two minima are equal at D = 2 and decays of 1, found by solving for p.
TIED = {
    "λ = 81/4 and 1764": (
        ["36162/5", "567/40", "15876/5", "486/5"],
        [
            "56802229366137319729602/88236824418468303875",
            "17636209725456185282679/1368821693587369166200",
            "117557358848741625912/4293434834239238875",
            "6/5",
        ],
    ),
    "conjugate λ over √2": (
        ["2/3", 4, 11470],
        [
            "5186148970008856793489/17618596061425122170880",
            "21290764307730382896118459/2976677370879804945400320",
            "6259754622071397685646472519593/10242151497723232856133421056",
        ],
    ),
}


@pytest.mark.parametrize("name", TIED)
def test_equal_losses_of_two_minima_are_proved(name):
    a, p = TIED[name]
    landscape = solve(Network(2, widths=1, decays=1), Spectrum.of(a, p))
    best = landscape.global_minimum
    assert (best.tie, best.at_origin, best.index, best.contenders) == (True, False, 0, (0, 2))
    kinds = [point.kind for point in landscape.points]
    assert kinds == ["global minimum", "saddle", "global minimum", "saddle"]
    assert landscape.origin == "local minimum"


@pytest.mark.parametrize("name", TIED)
@pytest.mark.parametrize("power", [40, 900])
def test_nearly_equal_losses_of_two_minima_are_told_apart(name, power):
    a, p = TIED[name]
    for nudge, best in ((1, 0), (-1, 2)):
        first = Fraction(p[0]) * (1 + Fraction(nudge, 10**power))
        found = solve(Network(2, widths=1, decays=1), Spectrum.of(a, [first, *p[1:]])).global_minimum
        assert (found.tie, found.index, found.contenders) == (False, best, (best,))


@pytest.mark.parametrize("name", TIED)
def test_the_law_of_the_gaps_serves_whole_or_by_a_factor(name, monkeypatch):
    """E whole proves what a factor of it proves; without either nothing is proved."""
    a, p = TIED[name]

    def tie():
        return solve(Network(2, widths=1, decays=1), Spectrum.of(a, p), digits=10).global_minimum.tie

    monkeypatch.setattr(equal_gaps, "MAX_DEGREE", 0)
    assert tie() is True
    monkeypatch.setattr(equal_gaps, "SMALL_DEGREES", ())
    assert tie() is None
    monkeypatch.setattr(equal_gaps, "MAX_DEGREE", 64)
    assert tie() is True


def test_gaps_that_differ_never_pass_for_equal():
    """Gaps ±√2 share their polynomial: it proves nothing about balls that hold both."""
    law = fmpz_poly([-2, 0, 1])
    assert are_equal(law, [arb(1.41421356, 1e-6), arb(1.4142135, 1e-6)], 64)
    assert not are_equal(law, [arb(1.41421356, 1e-6), arb(-1.4142135, 1e-6)], 64)
    assert not are_equal(law, [arb(0, 2), arb(0, 2)], 64)


def test_a_double_root_is_degenerate_and_complete():
    landscape = solve(three("27/64", "1/4", 1), ONE)
    assert [point.kind for point in landscape.points] == ["degenerate"]
    assert landscape.complete
    assert landscape.points[0].ridge.contains(3)
    assert (landscape.origin, landscape.global_minimum.tie) == ("global minimum", False)


@pytest.mark.parametrize("power", [20, 60, 190])
def test_balls_and_texts_of_distinct_points_are_told_apart(power):
    """The roots next to a double one at λ = 3 are 3 ± O(10^(-power/2))."""
    landscape = solve(three("27/64", "1/4", 1 - Fraction(1, 10**power)), ONE, digits=15)
    first, second = landscape.points
    assert landscape.complete
    assert not first.ridge.overlaps(second.ridge)
    (common,) = landscape.agreement
    assert power / 2 - 2 <= common <= power / 2
    texts = [point["ridge"] for point in landscape_record(landscape, None)["points"]]
    assert Fraction(texts[0]) < 3 < Fraction(texts[1])
    radii = [Fraction(point["ridge_radius"]) for point in landscape_record(landscape, None)["points"]]
    assert sum(radii) < Fraction(texts[1]) - Fraction(texts[0])
    sentence = f"Points 0 and 1 are distinct: their λ agree in {common} digits."
    assert sentence in str(landscape)
    assert sentence in landscape.close_points(8)


def test_points_that_lie_apart_have_the_digits_that_were_asked_for():
    landscape = solve(three("1/50", "1/50", "1/50"), FOUR, digits=15)
    assert landscape.agreement == (0, 0, 0)
    assert landscape.close_points(8) == []
    assert "distinct" not in str(landscape)
    for point in landscape_record(landscape, None)["points"]:
        assert len(point["ridge"].partition("e")[0].replace(".", "").lstrip("0")) <= 15


def test_an_unresolved_cluster_is_not_complete():
    landscape = solve(three("27/64", "1/4", 1 - Fraction(1, 10**900)), ONE)
    assert not landscape.complete
    assert [point.kind for point in landscape.points] == ["degenerate"]
    assert "NOT complete" in str(landscape)


# -- limits ------------------------------------------------------------------------------------------------


def test_ridge_regression_at_depth_zero():
    rng = np.random.default_rng(5)
    X = rng.integers(-9, 9, size=(30, 4))
    y = X @ [1, -2, 0, 3] + rng.integers(-3, 3, size=30)
    landscape = solve(Network(0, decays="1/3"), Moments.from_samples(X, y))
    A, v = X.T @ X / 30, X.T @ y / 30
    m = np.linalg.solve(A + np.eye(4) / 3, v)
    assert [number(x) for x in landscape.end_to_end_map(0)] == pytest.approx(m, rel=1e-12)
    assert number(landscape.global_minimum.loss) == pytest.approx(y @ y / 30 - v @ m, rel=1e-12)
    assert (landscape.origin, landscape.decay_level) == ("not stationary", None)
    assert number(landscape.points[0].prediction_variance) == 0


@pytest.mark.parametrize("standardize", [False, True])
def test_least_squares_of_smallest_norm_at_decay_zero(standardize):
    """More features than samples: A is singular, and x explains all of y, so that the loss is 0 exactly."""
    rng = np.random.default_rng(6)
    X, y = rng.integers(-9, 9, size=(4, 6)), rng.integers(-9, 9, size=4)
    data = Moments.from_samples(X, y, standardize=standardize, center=standardize)
    landscape = solve(Network(0, decays=0), data)
    Z = (X - X.mean(0)) / X.std(0) if standardize else X
    target = y - y.mean() if standardize else y
    smallest = np.linalg.pinv(Z) @ target
    assert [number(x) for x in landscape.end_to_end_map(0)] == pytest.approx(smallest, rel=1e-10, abs=1e-12)
    assert landscape.points[0].loss == 0
    assert number(landscape.points[0].norm) == pytest.approx(np.linalg.norm(smallest), rel=1e-10)


def test_least_squares_of_a_spectrum_and_with_a_rest():
    assert solve(Network(0, decays=0), Spectrum.of(["1/3"], ["1/7"])).points[0].loss == 0
    rest = solve(Network(0, decays=0), Spectrum.of(["1/3", 0], ["1/7", 0], 1))
    assert number(rest.points[0].loss) == pytest.approx(4 / 7, rel=1e-15)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_nothing_to_predict(depth):
    data = Moments.given([[2, 0], [0, 1]], [0, 0], 3)
    landscape = solve(Network(depth, widths=2, decays="1/2"), data)
    assert landscape.points == ()
    assert (landscape.origin, landscape.complete) == ("global minimum", True)
    assert landscape.global_minimum.loss.contains(3)
    assert [number(x) for x in landscape.end_to_end_map(None)] == [0, 0]


def test_decays_of_zero_are_refused():
    with pytest.raises(InputError, match="all decays are 0"):
        solve(Network(2, widths=2, decays=0), FOUR)
    with pytest.raises(InputError, match=r"decay of layer 2 is 0 .* infinity"):
        solve(Network(2, widths=2, decays=[1, 0, 1]), FOUR)
    with pytest.raises(InputError, match="symbolic"):
        solve(Network.symbolic(2), FOUR)
    with pytest.raises(InputError, match="digits"):
        solve(Network(2, widths=2, decays=1), FOUR, digits=0)


# -- symmetry and sensitivity ------------------------------------------------------------------------------


def losses(landscape):
    return [point.loss for point in landscape.points]


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_units_permutations_and_the_order_of_decays_do_not_matter(depth):
    rng = random.Random(depth)
    X = [[rng.randint(-9, 9) for _ in range(3)] for _ in range(12)]
    y = [row[0] - row[2] + rng.randint(-2, 2) for row in X]
    decays = [Fraction(k + 1, 40) for k in range(depth + 1)]
    plain = solve(Network(depth, widths=3, decays=decays, noise=1), Moments.from_samples(X, y))
    shuffled = Moments.from_samples([[row[2], row[0], row[1]] for row in X], y)
    same = solve(Network(depth, widths=3, decays=decays[::-1], noise=1), shuffled)
    assert all(a.overlaps(b) for a, b in zip(losses(plain), losses(same), strict=True))
    m, moved = plain.end_to_end_map(0), same.end_to_end_map(0)
    assert all(m[i].overlaps(moved[j]) for j, i in enumerate((2, 0, 1)))
    # y → βy, x → αx keep the problem if the product of decays goes with α² β^{2D} (L has dimension β²).
    alpha, beta = Fraction(10) ** 150, Fraction(7)
    scaled = Moments.from_samples([[x * alpha for x in row] for row in X], [t * beta for t in y])
    other = [decays[0] * alpha**2 * beta ** (2 * depth), *decays[1:]]
    far = solve(Network(depth, widths=3, decays=other, noise=1), scaled)
    with TURN, working_precision(200):
        factor = arb(int(beta)) ** 2
        assert all((a * factor).overlaps(b) for a, b in zip(losses(plain), losses(far), strict=True))
    assert [p.kind for p in far.points] == [p.kind for p in plain.points]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_envelope_derivatives_of_the_certified_minimum(depth):
    """∂F/∂γ_i = κ/γ_i and ∂F/∂ρ = mᵀAm by central differences at 60 digits."""
    step = Fraction(1, 10**12)

    def best(first, noise):
        decays = [first, *([Fraction(1, 10**6)] * depth)]
        landscape = solve(
            Network(depth, widths=1, decays=decays, noise=[noise, *[0] * (depth - 1)]), FOUR, digits=60
        )
        return landscape.points[0]

    gamma, noise = Fraction(1, 600), Fraction(1, 3)
    here = best(gamma, noise)
    with TURN, working_precision(260):
        by_decay = (best(gamma + step, noise).loss - best(gamma - step, noise).loss) * 10**12 / 2
        assert abs(by_decay / (here.layer_decay * 600) - 1) < arb(10) ** -18
        by_noise = (best(gamma, noise + step).loss - best(gamma, noise - step).loss) * 10**12 / 2
        assert abs(by_noise / (here.prediction_variance * 3) - 1) < arb(10) ** -18  # (ρ - 1) mᵀAm, ρ = 4/3


@pytest.mark.parametrize("digits", [1, 12, 200])
def test_values_are_accurate_to_the_digits(digits):
    landscape = solve(Network(2, widths=2, decays="1/50", noise="1/9"), FOUR, digits=digits)
    finer = solve(Network(2, widths=2, decays="1/50", noise="1/9"), FOUR, digits=digits + 30)
    for point, better in zip(landscape.points, finer.points, strict=True):
        for name in ("ridge", "loss", "layer_decay", "norm", "prediction_variance"):
            value = getattr(point, name)
            assert value.rel_accuracy_bits() > 3.32 * digits
            assert value.overlaps(getattr(better, name))


def test_maps_of_singular_data_are_accurate_at_tiny_ridges():
    data = Moments.given([[1, 1], [1, 1]], ["1/3", "1/3"], 1)
    for digits in (1, 30):
        landscape = solve(Network(2, widths=3, decays="1e-60"), data, digits=digits)
        for x in landscape.end_to_end_map(0):
            assert abs(x - arb(1) / 6) < arb(10) ** -min(digits, 15)


def test_a_double_root_is_not_sharper_than_its_search():
    """A degenerate point answers to the digits of its search and refuses more; it does not loop."""
    net = Network(2, widths=1, decays=["27/64", "1/4", 1])
    found = solve(net, Moments.given([[1]], [1], 1), digits=30)
    assert found.points[0].kind == "degenerate"
    assert found.end_to_end_map(0, digits=60)[0].contains(arb("0.25"))
    with pytest.raises(InputError, match="digits=5000"):
        found.end_to_end_map(0, digits=5000)
    with pytest.raises(InputError, match="digits=5000"):
        found.layers(0, digits=5000)


@pytest.mark.parametrize("digits", [12, 20, 30, 40])
def test_near_ties_are_decided_whatever_digits_are_asked_for(digits):
    """The losses of root and origin differ by a part in 10^350, or in 10^200, or not at all."""
    decay = Fraction(1, 2)
    for nudge, tie in ((Fraction(1, 10**350), False), (Fraction(1, 10**200), False), (0, True)):
        eigenvalue = (1 - nudge) / (16 * decay**3)
        found = solve(Network(2, widths=2, decays=decay), Spectrum.of([eigenvalue], [1]), digits=digits)
        assert found.global_minimum.tie is tie
