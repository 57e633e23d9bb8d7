"""What one evaluation proves about its neighborhood, against high-precision evaluation elsewhere."""

import random
from fractions import Fraction

import mpmath
import pytest
from flint import arb

from symderive.arithmetic.exact import TURN, working_precision
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.enclosures import (
    holds_root,
    is_free,
    is_free_nearby,
    lower_drift,
    monotone_reach,
    proposed_step,
    slope_within,
    softplus,
    upper_drift,
)
from symderive.effective_ridge.scalar_equation import ScalarEquation

BITS, DIGITS = 240, 60
#: What rounding may add to a bound that is met with equality.
ROUNDING = mpmath.mpf(10) ** -50


def mpf(x):
    x = Fraction(x)
    return mpmath.mpf(x.numerator) / x.denominator


class Curve:
    """H - ln τ, H' and H'' straight from the definition H = ln Σ p/(ρa + λ)² + θu."""

    def __init__(self, problem):
        self.theta = mpf(Fraction(problem.depth + 1, problem.depth))
        self.terms = [(mpf(problem.rho * a), mpf(p)) for a, p in zip(*_seen(problem.data), strict=True)]
        self.log_tau = mpmath.log(mpf(problem.decay_product)) / problem.depth

    def height(self, u):
        return (
            mpmath.log(mpmath.fsum(p / (a + mpmath.exp(u)) ** 2 for a, p in self.terms))
            + self.theta * u
            - self.log_tau
        )

    def _cumulants(self, u):
        ridge = mpmath.exp(u)
        shares = [ridge / (a + ridge) for a, _ in self.terms]
        weights = [p / (a + ridge) ** 2 for a, p in self.terms]
        total = mpmath.fsum(weights)

        def mean(values):
            return mpmath.fdot(weights, values) / total

        return shares, mean

    def slope(self, u):
        shares, mean = self._cumulants(u)
        return self.theta - 2 * mean(shares)

    def third(self, u):
        """H''' = -2μ'' from d⟨f⟩/du = ⟨f'⟩ - 2 Cov(f, s), written out."""
        s, mean = self._cumulants(u)
        mu = mean(s)
        g = [x * (1 - x) for x in s]
        cov = mean([x * y for x, y in zip(g, s, strict=True)]) - mean(g) * mu
        change = mean([(1 - 2 * x) * y for x, y in zip(s, g, strict=True)]) - 2 * cov
        spread = 2 * cov - 2 * mean([(x - mu) ** 3 for x in s])  # d Var s / du
        return -2 * (change - 2 * spread)


def _seen(data):
    kept = [(a, p) for a, p in zip(data.a, data.p, strict=True) if p]
    return zip(*kept, strict=True)


def random_problem(rng, *, depth=None, features=None):
    """Spectra over all orders of magnitude."""
    count = features or rng.choice([1, 2, 3, 8])
    reach = rng.choice([1, 4, 30, 300])
    a = [Fraction(rng.randint(1, 99)) * Fraction(10) ** rng.randint(-reach, reach) for _ in range(count)]
    p = [Fraction(rng.randint(1, 99)) * Fraction(10) ** rng.randint(-reach, reach) for _ in range(count)]
    depth = depth or rng.choice([1, 2, 3, 50, 1000])
    rho, product = Fraction(rng.randint(1, 9)), Fraction(10) ** rng.randint(-9, 9)
    return ScalarEquation(max(depth, 1), max(rho, Fraction(1)), product, Spectrum.of(a, p))


def random_point(rng, problem):
    """An exact u near the crowd of ln ρa, where the curve bends, or far from it."""
    a = float(mpmath.log(mpf(problem.rho * rng.choice(problem.data.a))))
    return Fraction(round((a + rng.gauss(0, rng.choice([0.5, 5, 50]))) * 1024), 1024)


def random_step(rng):
    return rng.choice([-1, 1]) * Fraction(rng.randint(1, 1000), 64) * Fraction(1, 2 ** rng.randint(0, 20))


def instances(count, seed, **options):
    rng = random.Random(seed)
    for _ in range(count):
        problem = random_problem(rng, **options)
        u = random_point(rng, problem)
        with TURN, working_precision(BITS):
            exact = arb(u.numerator) / u.denominator
        yield rng, problem, Curve(problem), u, problem.sample(exact, BITS)


def both(x):
    """A dyadic step as a ball and in mpmath."""
    return arb(x.numerator) / x.denominator, mpf(x)


def value(ball):
    return mpmath.mpf(ball.mid().str(DIGITS + 10, radius=False, more=True))


@pytest.fixture(autouse=True)
def _precise():
    with TURN, working_precision(BITS), mpmath.workdps(DIGITS + 20):
        yield


def test_sample_encloses_the_definition():
    for _, _, curve, u, sample in instances(60, 1):
        assert abs(value(sample.height) - curve.height(mpf(u))) < ROUNDING * (1 + abs(curve.log_tau)) * 1000
        assert abs(value(sample.slope) - curve.slope(mpf(u))) < ROUNDING


def test_third_derivative_is_what_it_says_and_bounded():
    largest = 0
    for rng, _, curve, u, _ in instances(300, 2):
        third = curve.third(mpf(u))
        assert abs(third) <= 1
        largest = max(largest, abs(third))
        if rng.random() < 0.03:
            assert abs(mpmath.diff(curve.height, mpf(u), 3) - third) < mpmath.mpf(10) ** -15
    assert largest > mpmath.mpf("0.4")  # a bound of 0.4 would be wrong


def test_drift_is_bounded_for_steps_of_both_signs():
    for rng, _, curve, u, sample in instances(150, 3):
        for _ in range(4):
            ball, delta = both(random_step(rng))
            drift = curve.height(mpf(u) + delta) - curve.height(mpf(u))
            slack = ROUNDING * (1 + abs(drift) + abs(curve.log_tau)) * 1000
            assert (
                value(lower_drift(sample, ball)) - slack
                <= drift
                <= value(upper_drift(sample, ball)) + slack
            )


@pytest.mark.parametrize("wrong", ["weaker lower factor", "slower upper rate", "swapped"])
def test_drift_with_a_wrong_constant_is_refuted(wrong):
    """Near-misses: other constants in the bounds are violated by some data."""

    def holds(sample, ball, drift):
        theta, logit = sample.theta, sample.logit
        if wrong == "weaker lower factor":
            bound = theta * ball - 1 * (softplus(logit + ball) - softplus(logit))
            return value(bound) <= drift + ROUNDING
        if wrong == "slower upper rate":
            bound = theta * ball + 2 * (softplus(logit - ball) - softplus(logit))
            return drift <= value(bound) + ROUNDING
        return value(upper_drift(sample, ball)) <= drift + ROUNDING

    refuted = 0
    for rng, _, curve, u, sample in instances(80, 4):
        ball, delta = both(abs(random_step(rng)))
        refuted += not holds(sample, ball, curve.height(mpf(u) + delta) - curve.height(mpf(u)))
    assert refuted > 0


def test_lower_drift_is_met_with_equality_by_isotropic_data():
    for rng, _, curve, u, sample in instances(40, 5, features=1):
        ball, delta = both(random_step(rng))
        drift = curve.height(mpf(u) + delta) - curve.height(mpf(u))
        # 1 - μ is as small as the data make it, and so is what ln(1 + e^x) keeps of it.
        assert abs(value(lower_drift(sample, ball)) - drift) < ROUNDING * 10**6 * (1 + abs(drift))


def test_slope_stays_within_its_ball_and_leaves_a_narrower_one():
    escaped = 0
    for rng, _, curve, u, sample in instances(120, 6):
        radius = abs(random_step(rng)) / 8
        claimed, narrow = (slope_within(sample, both(r)[0]) for r in (radius, radius / 4))
        for k in (-8, -5, 3, 8):
            slope = curve.slope(mpf(u) + mpf(radius) * k / 8)
            assert abs(slope - value(claimed)) <= value(claimed.rad()) + ROUNDING
            escaped += abs(slope - value(narrow)) > value(narrow.rad()) + ROUNDING
    assert escaped > 0


def test_slope_keeps_its_sign_within_its_reach():
    longer_fails = 0
    for _, problem, curve, u, sample in instances(250, 7):
        if problem.depth == 1:
            assert monotone_reach(sample, problem.turning, 1) is None
            assert curve.slope(mpf(u)) > 0
            continue
        if not sample.trend:
            continue
        for direction in (-1, 1):
            reach = value(monotone_reach(sample, problem.turning, direction))
            for share in (mpmath.mpf("0.5"), 1 - mpmath.mpf(10) ** -9):
                assert sample.trend * curve.slope(mpf(u) + direction * share * reach) > 0
            longer = mpf(u) + direction * 2 * reach * (1 + mpmath.mpf(10) ** -9)
            longer_fails += sample.trend * curve.slope(longer) < 0
    assert longer_fails > 10  # nowhere could the reach be doubled in general


def test_reach_needs_the_direction():
    """Near-miss: a full unit of logit in both directions is wrong where μ falls at the rate 2."""
    wrong = 0
    for _, problem, curve, u, sample in instances(1500, 8, depth=2, features=2):
        if sample.trend:
            gap = value(monotone_reach(sample, problem.turning, sample.trend))
            wrong += sample.trend * curve.slope(mpf(u) - sample.trend * gap * mpmath.mpf("0.99")) < 0
    assert wrong > 0


def test_free_intervals_hold_no_change_of_sign():
    proved = 0
    for rng, _, curve, u, sample in instances(200, 9):
        ball, delta = both(random_step(rng) / 4)
        for proves in (is_free, is_free_nearby):
            if proves(sample, ball):
                proved += 1
                heights = [curve.height(mpf(u) + delta * k / 12) for k in range(13)]
                assert all(h * sample.sign > 0 for h in heights)
    assert proved > 40


@pytest.mark.parametrize(
    "miss", [Fraction(1), Fraction(1) + Fraction(1, 10**12), Fraction(5, 4), Fraction(4)]
)
def test_an_interval_that_reaches_a_root_is_never_free(miss):
    """λ = 1/3 solves the isotropic problem a = p = 1 at τ = (1/3)^{3/2} 9/16 for D = 2."""
    data = Spectrum.of([1], [1])
    problem = ScalarEquation(2, Fraction(1), Fraction(1, 27) * Fraction(9, 16) ** 2, data)
    root = (arb(1) / 3).log()
    for start in ("-3", "-1.5", "-1.2", "-1.1", "-1.0986", "-1.09861228"):
        u = arb(start).mid()
        sample = problem.sample(u, BITS)
        distance = (root - u) * (arb(miss.numerator) / miss.denominator)
        assert not is_free(sample, distance.abs_upper() * (1 if root > u else -1))
        assert is_free(sample, proposed_step(sample, 1 if root > u else -1) * (1 if root > u else -1))


def test_proposed_steps_go_forward_and_mostly_hold():
    good = total = 0
    for _, _, _, _, sample in instances(200, 10):
        for direction in (-1, 1):
            step = proposed_step(sample, direction)
            assert step > 0
            total, good = total + 1, good + is_free(sample, direction * step)
    assert good > 0.95 * total


def test_steps_go_forward_right_before_a_root_next_to_a_double_root():
    """There the threshold is so near, and the turn so close, that a careless step comes out negative."""
    for k in (10, 30, 100, 300):
        product = Fraction(27, 256) * (1 - Fraction(1, 10**k))
        problem = ScalarEquation(2, Fraction(1), product, Spectrum.of([1], [1]))
        with TURN, working_precision(1200):
            top = arb(3).log()
            gap = (arb(8) / 3 / arb(10) ** k).sqrt()  # the lower root is at about ln 3 - gap
            for share in ("1.5", "1.01", "1.0001"):
                sample = problem.sample((top - gap * arb(share)).mid(), 1200)
                step = proposed_step(sample, 1)
                assert sample.sign < 0 < step < gap
                assert is_free(sample, step)


def test_a_root_is_held_only_by_an_interval_that_has_one():
    problem = ScalarEquation(1, Fraction(1), Fraction(1, 4), Spectrum.of([1], [1]))  # λ = 1
    for offset in ("1e-3", "1e-30", "-1e-30"):
        sample = problem.sample(arb(offset).mid(), BITS)
        assert holds_root(sample, abs(arb(offset)) * 2)
        assert not holds_root(sample, abs(arb(offset)) / 2)


def test_a_height_that_misses_by_1e_200_holds_no_root():
    """Reality check: at the top of H, 1e-200 below the threshold, nothing is called a root."""
    product = Fraction(27, 256) * (1 + Fraction(1, 10**200))
    problem = ScalarEquation(2, Fraction(1), product, Spectrum.of([1], [1]))
    with TURN, working_precision(900):
        sample = problem.sample(arb(3).log().mid(), 900)
        assert sample.sign < 0
        assert not any(holds_root(sample, arb(10) ** -k) for k in range(1, 260))
