"""The series and the isotropic points as balls: against certified roots, mpmath and each other."""

import random
from fractions import Fraction

import mpmath
import pytest
import sympy as sp
from flint import arb

from symderive import symbols as sy
from symderive.arithmetic.binomial_series import MAX_TERMS, binomial_series, partial_sum, radius
from symderive.arithmetic.exact import TURN, bits_for, decimal, is_accurate, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.data.moments import Moments
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.closed_form import eigenvalue, isotropic_equation, solve_isotropic
from symderive.effective_ridge.isotropic_equation import spinodal, transition
from symderive.effective_ridge.roots import isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.errors import InputError
from symderive.formulas.isotropic import isotropic
from symderive.landscape.solve import solve
from symderive.model.network import Network

DIGITS = 200
MILLION = 10**6


def inside(t, share):
    """q = share · radius."""
    return radius(t) * PowerProduct.of((Fraction(share), 1))


def agree(left, right, digits):
    """Both balls hold one number to these digits: they overlap and are accurate."""
    with TURN, working_precision(bits_for(digits + 50)):
        return left.overlaps(right) and is_accurate(left, digits) and is_accurate(right, digits)


# -- the series ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "t", [Fraction(4, 3), Fraction(2), Fraction(4), Fraction(2 * MILLION, MILLION + 1)]
)
@pytest.mark.parametrize("share", ["1e-300", "1e-4", "0.03", "0.5", "0.999"])
def test_values_are_those_of_mpmath(t, share):
    q = inside(t, share)
    found = binomial_series(t, q, digits=60)
    with mpmath.workdps(75):
        exponent = mpmath.mpf(t.numerator) / t.denominator
        log_q = sum(
            mpmath.mpf(e.numerator) / e.denominator * mpmath.log(mpmath.mpf(b.numerator) / b.denominator)
            for b, e in q.factors
        )
        u = log_q  # Newton's method for u - t ln(1 + e^u) = ln q from the left of the solution
        for _ in range(60):
            z = mpmath.exp(u)
            u -= (u - exponent * mpmath.log1p(z) - log_q) / (1 - exponent * z / (1 + z))
        expected = mpmath.nstr(mpmath.exp(u), 65)
        near_miss = mpmath.nstr(mpmath.exp(u) * (1 + mpmath.mpf(10) ** -58), 65)
    with TURN, working_precision(bits_for(75)):
        assert is_accurate(found.excess, 60)
        assert found.excess.overlaps(arb(expected) * (1 + arb(0, arb(10) ** -62)))
        assert not found.excess.overlaps(arb(near_miss))


@pytest.mark.parametrize("t", [Fraction(4, 3), Fraction(3, 2), Fraction(2), Fraction(3), Fraction(4)])
def test_sums_and_roots_agree(t):
    for share in ("1e-9", "0.1", "0.6", "0.9"):
        q = inside(t, share)
        value = binomial_series(t, q, digits=50).value
        with TURN, working_precision(400):
            for terms in (1, 5, 300):
                enclosure = partial_sum(t, q, terms, bits=400)
                assert enclosure.overlaps(value)
                assert not enclosure.overlaps(value * 20 + 20)
        assert terms == 300
        assert enclosure.rel_accuracy_bits() > 40


def test_sums_enclose_the_value_at_the_radius():
    """Where the terms fall like k^{-3/2} the bound for the rest is the rest itself."""
    for t in (Fraction(4, 3), Fraction(2), Fraction(4)):
        top = t / (t - 1)
        previous = None
        for terms in (1, 10, 100):
            enclosure = partial_sum(t, radius(t), terms)
            with TURN, working_precision(128):
                assert enclosure.contains(arb(top.numerator) / top.denominator)
                rest = enclosure.rad()
                assert previous is None or 2 * rest < previous
            previous = rest


def test_the_method_is_told():
    assert binomial_series(2, "1e-20", digits=40).method == "series"
    assert 0 < binomial_series(2, "0.02", digits=10).terms <= MAX_TERMS
    near = binomial_series(2, Fraction(1, 4) - Fraction(1, 10**9), digits=40)
    assert (near.method, near.terms) == ("root", 0)
    assert binomial_series(2, "1/4").method == "closed"
    assert binomial_series(2, 0).value == 1


@pytest.mark.parametrize("depth", [2, 3, 5, MILLION])
def test_the_radius_is_recognized_and_near_misses_are_not(depth):
    for t in (Fraction(2 * depth, depth + 1), Fraction(2 * depth, depth - 1)):
        ratio = 1 / (t - 1)
        at = binomial_series(t, radius(t), digits=DIGITS)
        with TURN, working_precision(bits_for(DIGITS + 50)):
            assert at.method == "closed"
            assert agree(at.excess, arb(ratio.numerator) / ratio.denominator, DIGITS)
        below = binomial_series(t, inside(t, 1 - Fraction(1, 10**500)), digits=DIGITS)
        assert below.method == "root"
        with TURN, working_precision(bits_for(900)):
            # The distance is √(2 δ t/(t-1)), about 1e-250, far below what is printed, and not 0.
            assert at.excess - below.excess < arb(10) ** -199
            assert is_accurate(below.excess, DIGITS)
        with pytest.raises(InputError, match="radius of convergence"):
            binomial_series(t, inside(t, 1 + Fraction(1, 10**500)), digits=DIGITS)


def test_the_geometric_series():
    for q in ("1e-100", "1/3", Fraction(10**40 - 1, 10**40)):
        q = Fraction(q)
        found = binomial_series(1, q, digits=80)
        exact = q / (1 - q)
        assert decimal(found.excess, 80) == decimal(exact, 80)
    with pytest.raises(InputError, match="diverges"):
        binomial_series(1, 1)


def test_the_limit_of_small_arguments():
    """𝓑_t(q) = 1 + q + tq² + …, and the error of each is of the order of the next."""
    for t in (Fraction(1), Fraction(5, 3), Fraction(4)):
        previous = None
        for exponent in (10, 100, 1000):
            found = binomial_series(t, f"1e-{exponent}", digits=40)
            with TURN, working_precision(4 * 3400):
                q = arb(10) ** -exponent
                excess = binomial_series(t, f"1e-{exponent}", digits=3 * exponent + 40).excess
                slope = (excess / q - 1) / q
                assert abs(slope - arb(t.numerator) / t.denominator) < 40 * q
                assert found.excess.overlaps(excess)
                assert previous is None or excess < previous
                previous = excess


def test_a_ball_gives_an_enclosure_over_all_of_it():
    with TURN, working_precision(200):
        q = arb("0.2", "1e-10")
        found = binomial_series(2, q, digits=40)
        for place in ("0.2", "0.19999999991", "0.20000000009"):
            assert found.value.contains(binomial_series(2, place, digits=40).value)
        assert not found.value.overlaps(binomial_series(2, "0.2000000003", digits=40).value)
        assert found.value.rel_accuracy_bits() > 30
        exact = binomial_series(2, arb(1) / 8, digits=50).value
        assert agree(exact, 4 - 2 * arb(2).sqrt(), 50)
        for bad in (arb("0.25", "1e-30"), arb(0, 1), arb("nan"), arb("inf")):
            with pytest.raises(InputError, match=r"^[^\n]*\.$"):
                binomial_series(2, bad)


@pytest.mark.parametrize(
    ("exponent", "argument", "message"),
    [
        (2, "0.2500000000000000000000000000001", "radius of convergence 0.25"),
        ("4/3", "0.48", "radius of convergence 0.4724"),
        (2, "-1/8", "argument is -1/8"),
        ("1/2", "1/8", "exponent is 1/2"),
        (2, "one", "argument 'one'"),
        (sp.sqrt(2), "1/8", "exponent sqrt"),
    ],
)
def test_bad_arguments_are_one_sentence(exponent, argument, message):
    with pytest.raises(InputError, match=rf"^[^\n]*{message}[^\n]*\.$"):
        binomial_series(exponent, argument)


def test_partial_sums_refuse_what_they_cannot_bound():
    for t, q, terms in (
        (1, PowerProduct.of((2, -1)), 3),
        (2, PowerProduct.of((2, -1)), 3),
        (2, radius(2), 0),
    ):
        with pytest.raises(InputError, match=r"^[^\n]*\.$"):
            partial_sum(t, q, terms)


# -- the stationary points -------------------------------------------------------------------------------


def random_problem(rng, depth):
    """Rational data with q below the spinodal, sometimes barely; None where it came out above."""
    rho = 1 + Fraction(rng.randint(0, 50), rng.randint(1, 50))
    product = Fraction(rng.randint(1, 99), rng.randint(1, 99)) ** rng.randint(1, 3)
    v2 = Fraction(rng.randint(1, 999), rng.randint(1, 99))
    a = Fraction(rng.randint(1, 999), 10 ** rng.randint(1, 9)) * v2 / rho
    return ScalarEquation(depth, rho, product, Spectrum.of([a], [v2]))


def test_closed_forms_are_the_certified_roots_to_200_digits():
    rng, seen, kinds = random.Random(11), 0, set()
    while seen < 100:
        depth = round(10 ** rng.uniform(0, 6))
        problem = random_problem(rng, depth)
        points = solve_isotropic(problem, digits=DIGITS)
        if not points:
            continue
        roots = isolate_roots(problem, digits=DIGITS).roots
        assert len(points) == len(roots) == (1 if depth == 1 else 2)
        for point, root in zip(points, roots, strict=True):
            assert agree(point.values.ridge, root.ridge(bits_for(DIGITS + 30)), DIGITS)
            assert point.branch == ("stable" if root.rising else "saddle")
            kinds.add((point.kind, point.series.method))
        if len(points) == 2:
            assert not points[0].values.ridge.overlaps(roots[1].ridge(bits_for(DIGITS + 30)))
        seen += 1
    assert {kind for kind, _ in kinds} == {"global minimum", "local minimum", "saddle"}
    assert {method for _, method in kinds} >= {"series", "root"}


@pytest.mark.parametrize("depth", [1, 2, 3, 7])
def test_values_are_those_of_the_landscape_and_of_the_formulas(depth):
    net = Network(depth, widths=3, decays="1/40", noise="1/2")
    data = Spectrum.of(["1/3", 5], ["7/5", 0], 9)
    problem = ScalarEquation.of(net, data)
    landscape, points = solve(net, data, digits=60), solve_isotropic(problem, digits=60)
    ours = isotropic(net, eigenvalue="1/3", v_norm=sp.sqrt(sp.Rational(7, 5)))
    names = ("ridge", "value", "layer_decay", "norm", "prediction_variance")
    assert [p.kind for p in points] == [p.kind for p in landscape.points]
    for point, other in zip(points, landscape.points, strict=True):
        zeta = sp.Float(decimal(point.ridge_ratio, 55), 60)
        for value, name in zip(point.values.as_tuple(), names, strict=True):
            field = "loss" if name == "value" else name
            assert agree(value, getattr(other, field), 60)
            formula = getattr(ours, name).subs({sy.zeta: zeta, sy.c: 9})
            assert abs(sp.N(formula / sp.Float(decimal(value, 55), 60), 60) - 1) < 1e-49


@pytest.mark.parametrize("depth", [2, 3, 4])
def test_closed_forms_in_radicals_are_the_same_numbers(depth):
    ours = isotropic(depth=depth)
    branches = [b for b in (ours.stable, ours.saddle) if b.ridge_ratio is not None]
    assert len(branches) == (2 if depth < 4 else 0)
    problem = ScalarEquation(depth, Fraction(1), Fraction(1, 50), Spectrum.of([1], [1]))
    points = solve_isotropic(problem, digits=50)
    with mpmath.workdps(60):
        q = mpmath.root(mpmath.mpf(1) / 50, depth + 1)
        for branch, point in zip(branches, points, strict=False):
            value = sp.lambdify(sy.q, branch.ridge_ratio, "mpmath")(q)
            assert abs(value / mpmath.mpf(decimal(point.ridge_ratio, 50)) - 1) < mpmath.mpf(10) ** -48


def test_spinodal_and_tie_are_decided_exactly():
    def points(decay, depth=2):
        return solve_isotropic(ScalarEquation(depth, Fraction(1), decay, Spectrum.of([1], [1])), digits=40)

    nudge = Fraction(1, 10**400)
    double, tie = Fraction(27, 256), Fraction(1, 16)
    (only,) = points(double)
    assert (only.branch, only.kind, decimal(only.ridge_ratio, 40)) == ("double", "degenerate", "3")
    assert points(double * (1 + nudge)) == ()
    assert [p.kind for p in points(double * (1 - nudge))] == ["local minimum", "saddle"]
    assert points(tie)[0].kind == "global minimum"
    assert decimal(points(tie)[0].values.loss, 40) == "1"  # F = c
    assert points(tie * (1 + nudge))[0].kind == "local minimum"
    assert points(tie * (1 - nudge))[0].kind == "global minimum"
    assert points(Fraction(1), depth=1) == ()
    assert points(1 - nudge, depth=1)[0].kind == "global minimum"


def test_thresholds_are_those_of_the_formulas():
    for depth in (1, 2, 3, 9):
        ours = isotropic(depth=depth)
        for powers, threshold in (
            (transition(depth), ours.transition),
            (spinodal(depth), ours.spinodal),
        ):
            with TURN, working_precision(200):
                value = sp.Float(decimal(powers.log().exp(), 50), 55)
            assert abs(sp.N(threshold.q, 55) / value - 1) < 1e-49


def test_isotropic_moments_are_recognized():
    eye = Moments.given([[2, 0], [0, 2]], [1, 3], 9)
    lucky = Moments.given([[2, 1], [1, 2]], [1, 1], 9)  # v is an eigenvector, for 3
    net = Network(2, widths=1, decays="1/10")
    for data, a, v2 in ((eye, 2, 10), (lucky, 3, 2)):
        problem = ScalarEquation.of(net, data)
        assert eigenvalue(problem) == a
        spectral = ScalarEquation.of(net, Spectrum.of([a], [v2], 9))
        assert isotropic_equation(problem).q.compare(isotropic_equation(spectral).q) == 0
        for ours, other in zip(solve_isotropic(problem), solve(net, data).points, strict=True):
            assert agree(ours.values.loss, other.loss, 30)
    for data in (Moments.given([[2, 1], [1, 2]], [1, 2], 9), Spectrum.of([1, 2], [1, 1])):
        with pytest.raises(InputError, match="not isotropic"):
            solve_isotropic(ScalarEquation.of(net, data))
    with pytest.raises(InputError, match="not isotropic"):
        solve_isotropic(ScalarEquation.of(net, Moments.given([[1]], [0], 9)))


def test_points_need_layers_and_decay():
    data = Spectrum.of([1], [1])
    for depth, product in ((0, Fraction(1)), (2, Fraction(0))):
        with pytest.raises(InputError, match="hidden layer and positive decays"):
            solve_isotropic(ScalarEquation(depth, Fraction(1), product, data))


def test_the_minimum_is_lost_monotonically():
    """As the decay grows the stable ridge grows, the saddle ridge falls, and they meet at the spinodal."""
    previous = None
    for step in range(1, 28):
        problem = ScalarEquation(2, Fraction(1), Fraction(step, 256), Spectrum.of([1], [1]))
        points = solve_isotropic(problem, digits=20)
        first, last = points[0].ridge_ratio, points[-1].ridge_ratio
        with TURN, working_precision(128):
            if previous:
                assert previous[0] < first
                assert last < previous[1]
                assert first < last or len(points) == 1
        previous = first, last
    assert len(points) == 1
