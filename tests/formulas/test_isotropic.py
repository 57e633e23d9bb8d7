"""Closed forms, thresholds and depths: against the reduction, mpmath, brute force and published numbers."""

import random
from fractions import Fraction
from itertools import pairwise

import mpmath
import pytest
import sympy as sp
from flint import arb

from symderive import symbols as sy
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.power_products import PowerProduct
from symderive.errors import InputError
from symderive.formulas.isotropic import MAX_DEPTH, isotropic
from symderive.formulas.isotropic_branches import coefficient
from symderive.formulas.reduction import reduce, with_moments
from symderive.model.network import Network
from symderive.thresholds.trainable_depths import trainable_depths

LETTERS = isotropic()
DIGITS = 50
NEAR = mpmath.mpf(10) ** (5 - DIGITS)
FAR = 1e-6  # what a wrong formula differs by at least, at values of order 1
D, q, zeta, a, rho, v = sy.D, sy.q, sy.zeta, sy.a0, sy.rho, sy.v_norm


def number(expression, **values):
    """The expression in mpmath, by letters' names."""
    letters = sorted(expression.free_symbols, key=str)
    with mpmath.workdps(DIGITS):
        return sp.lambdify(letters, expression, "mpmath")(*(mpmath.mpf(values[str(x)]) for x in letters))


def solutions(t, argument):
    """Both solutions of ζ = q(1 + ζ)^t by bisection in ln ζ; an oracle that shares nothing."""
    with mpmath.workdps(DIGITS + 10):
        t, argument = mpmath.mpf(t), mpmath.mpf(argument)

        def offset(u):
            return u - t * mpmath.log1p(mpmath.exp(u)) - mpmath.log(argument)

        top = -mpmath.log(t - 1)
        roots = []
        for outside in (-200, 200):
            low, high = mpmath.mpf(outside), top
            for _ in range(4 * DIGITS + 60):
                middle = (low + high) / 2
                low, high = (middle, high) if offset(middle) < 0 else (low, middle)
            roots.append(mpmath.exp(low))
        return roots


# -- formulas in ζ follow from those of the reduction ----------------------------------------------------


GENERAL = reduce()
MATCHES = {
    "norm": (LETTERS.norm**2, GENERAL.norm_squared),
    "layer_decay": (LETTERS.layer_decay, GENERAL.layer_decay),
    "value": (LETTERS.value, GENERAL.value),
    "variance": (LETTERS.prediction_variance, GENERAL.prediction_variance),
    # The equations, as what has to be 1, the isotropic one to the power (D+1)/D.
    "equation": (
        (LETTERS.equation.rhs / zeta).subs(q, LETTERS.q).subs(sy.gamma_bar, sy.tau ** (D / (D + 1)))
        ** ((D + 1) / D),
        GENERAL.decay_level / GENERAL.characteristic,
    ),
}


@pytest.mark.parametrize("name", MATCHES)
def test_values_are_those_of_the_reduction_on_isotropic_data(name):
    ours, general = MATCHES[name]
    general = with_moments(general, lambda k: v**2 / (rho * a + sy.lam) ** k)
    values = {"D": 3, "a": "2.3", "rho": "1.25", "v": "0.7", "zeta": "0.3", "c": 2, "tau": "0.1"}
    assert abs(number(ours - general.subs(sy.lam, LETTERS.ridge), **values)) < NEAR
    assert abs(number(ours - general.subs(sy.lam, a * zeta), **values)) > FAR


def test_the_values_of_a_network_specialize_the_letters():
    net = Network(3, widths=4, decays=["1/2", "1/3", "1/5", "1/7"], noise=[1, 0, "1/2"])
    ours = isotropic(net, eigenvalue="3/2", v_norm=5)
    reduction = reduce(net)
    values = {
        D: 3,
        rho: reduction.noise_factor,
        sy.gamma_bar: reduction.mean_decay,
        a: sp.Rational(3, 2),
        v: 5,
    }
    for name in ("q", "ridge", "norm", "layer_decay", "value", "prediction_variance", "jump", "order"):
        assert sp.simplify(getattr(ours, name) - getattr(LETTERS, name).subs(values)) == 0
    assert ours.q != LETTERS.q.subs({**values, rho: 1})
    symbolic = isotropic(Network.symbolic())
    assert symbolic.noise_factor == reduce(Network.symbolic()).noise_factor
    assert symbolic.order.subs(D, 1) == 2


def test_depth_zero_is_ridge_regression():
    zero = isotropic(depth=0)
    assert zero.q == sy.gamma_bar / (rho * a)
    assert zero.stable.ridge_ratio == q
    assert sp.expand(zero.value.subs(zeta, q) - (sy.c - v**2 / (rho * a * (1 + q)))).simplify() == 0
    for name in ("spinodal", "transition", "saddle"):
        with pytest.raises(InputError):
            getattr(zero, name)


# -- the series ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 7, sp.oo])
@pytest.mark.parametrize("branch", ["stable", "saddle"])
def test_terms_are_those_of_the_implicit_function(depth, branch):
    if depth == 1 and branch == "saddle":
        with pytest.raises(InputError, match="begins at depth 2"):
            isotropic(depth=1).saddle  # noqa: B018
        return
    series, x = getattr(isotropic(depth=depth), branch), sp.Symbol("x")
    terms = [coefficient(k, series.exponent) for k in range(6)]
    ratio = sp.Add(*(c * x**k for k, c in enumerate(terms) if k))

    def defect(ratio):
        right = x * sp.series((1 + x) ** series.exponent, x, 0, 6).removeO().subs(x, ratio)
        return [sp.Poly(sp.expand(ratio - right), x).coeff_monomial(x**k) for k in range(6)]

    assert defect(ratio) == [0] * 6
    assert defect(ratio + x**5) != [0] * 6
    assert series.truncated(3) == sp.Add(*(terms[k] * series.argument**k for k in range(3)))


def test_the_symbolic_coefficient_gives_the_numbers():
    for k in range(1, 7):
        general = coefficient().subs({sy.k: k, sy.t: sp.Rational(8, 5)})
        assert sp.expand_func(general).doit() == coefficient(k, sp.Rational(8, 5))
        assert coefficient(k).subs(sy.t, sp.Rational(8, 5)) == coefficient(k, sp.Rational(8, 5))
    assert coefficient(4, 2) == 14  # Catalan
    assert coefficient(0) == 1
    assert coefficient(4, 2) != coefficient(4, 3)


@pytest.mark.parametrize("depth", [2, 5])
def test_the_remainder_bound_holds_and_is_sharp_at_the_radius(depth):
    series = isotropic(depth=depth).stable
    with mpmath.workdps(DIGITS):
        radius = mpmath.mpf(sp.N(series.radius, DIGITS))
        for share in (mpmath.mpf("0.3"), mpmath.mpf("0.9"), 1):
            argument = share * radius
            value = 1 + solutions(sp.Rational(series.exponent), argument)[0]
            if share == 1:
                value = mpmath.mpf(sp.N(series.exponent / (series.exponent - 1), DIGITS))
            for terms in (1, 4):
                left_out = value - number(series.truncated(terms), q=argument)
                bound = number(series.remainder_bound(terms), q=argument)
                assert 0 < left_out <= bound + NEAR
                assert share < 1 or abs(left_out - bound) < NEAR


@pytest.mark.parametrize("depth", [2, 3, 8, 50])
def test_both_branches_meet_at_the_radius(depth):
    ours = isotropic(depth=depth)
    at_spinodal = ours.saddle.argument.subs(q, ours.spinodal.q)
    assert sp.N(at_spinodal / ours.saddle.radius - 1, DIGITS, maxn=500) < 1e-40
    assert sp.N(ours.spinodal.q - ours.stable.radius, DIGITS, maxn=500) < 1e-40


@pytest.mark.parametrize("depth", [2, 3, sp.oo])
def test_radicals_solve_the_equation_over_the_whole_range(depth):
    ours = isotropic(depth=depth)
    for share in ("1e-6", "0.01", "0.5", "0.99", "0.999999"):
        with mpmath.workdps(DIGITS + 20):
            argument = mpmath.mpf(share) * mpmath.mpf(sp.N(ours.stable.radius, DIGITS + 20))
            expected = solutions(sp.Rational(ours.exponent), argument)
            for branch, solution in zip((ours.stable, ours.saddle), expected, strict=True):
                found = sp.lambdify(q, branch.ridge_ratio, "mpmath")(argument)
                assert isinstance(found, mpmath.mpf)  # no detour through complex numbers
                assert abs(found / solution - 1) < mpmath.mpf("1e-40")
            assert abs(found / expected[0] - 1) > mpmath.mpf("1e-9")
    double = ours.stable.ridge_ratio.subs(q, ours.spinodal.q)
    assert sp.simplify(double - ours.spinodal.ridge_ratio) == 0


def test_depths_without_radicals_say_so():
    assert isotropic(depth=1).stable.ridge_ratio == 1 / (1 - q) - 1
    assert isotropic(depth=4).stable.ridge_ratio is None
    assert LETTERS.saddle.ridge_ratio is None


# -- thresholds ------------------------------------------------------------------------------------------


def test_published_thresholds():
    two, three = (isotropic(Network(n, widths=1, decays=1), eigenvalue=1, v_norm=1) for n in (2, 3))
    assert two.spinodal.decay == 3 * sp.cbrt(2) / 8
    assert str(sp.N(two.transition.decay, 8)) == "0.39685026"
    assert str(sp.N(three.spinodal.decay, 8)) == "0.38490018"
    assert str(sp.N(three.transition.decay, 8)) == "0.27216553"
    assert (two.spinodal.ridge_ratio, two.transition.ridge_ratio) == (3, 1)


@pytest.mark.parametrize("depth", [1, 2, 3, 6])
def test_thresholds_fulfil_their_definitions(depth):
    ours = isotropic(depth=depth)
    spinodal, transition = ours.spinodal, ours.transition
    for threshold in (spinodal, transition):
        back = ours.q.subs(sy.gamma_bar, threshold.decay)
        assert sp.simplify(back / threshold.q) == 1
        assert sp.simplify(threshold.decay ** (depth + 1) / threshold.decay_product) == 1
        if depth > 1:
            z = threshold.ridge_ratio
            assert sp.simplify(threshold.q * (1 + z) ** ours.exponent - z) == 0
            assert sp.simplify(ours.q.subs(rho, threshold.noise_factor) / threshold.q) == 1
            assert sp.simplify(threshold.norm - ours.norm.subs(zeta, z)) == 0
            assert sp.simplify(threshold.noise_variance(threshold.width(sy.y)) - sy.y) == 0
    if depth > 1:
        assert sp.simplify(ours.value.subs(zeta, transition.ridge_ratio) - sy.c) == 0
        assert sp.simplify(ours.value.subs(zeta, spinodal.ridge_ratio) - sy.c) != 0
        slope = sp.diff(sp.log(zeta) - ours.exponent * sp.log(1 + zeta), zeta)
        assert sp.simplify(slope.subs(zeta, spinodal.ridge_ratio)) == 0
    assert sp.simplify(spinodal.decay_product / transition.decay_product) == ours.spinodal_over_transition
    assert (ours.order, ours.jump == 0) == ((2, True) if depth == 1 else (1, False))


def test_one_hidden_layer_has_no_noise_threshold_and_no_jump():
    one = isotropic(depth=1)
    assert one.spinodal.decay_product == one.transition.decay_product == v**2
    assert one.transition.ridge_ratio == sp.oo
    with pytest.raises(InputError, match="does not depend on the noise"):
        one.transition.noise_factor  # noqa: B018
    assert (LETTERS.order.subs(D, 1), LETTERS.order.subs(D, 2)) == (2, 1)


def test_infinite_depth_has_an_equation_but_no_loss():
    limit = isotropic(depth=sp.oo)
    assert (limit.exponent, limit.spinodal.q, limit.saddle.argument) == (2, sp.Rational(1, 4), q)
    with pytest.raises(InputError, match="finite depth"):
        limit.value  # noqa: B018


@pytest.mark.parametrize(
    "arguments",
    [
        {"depth": -1},
        {"depth": True},
        {"depth": 1.5},
        {"depth": MAX_DEPTH + 1},
        {"eigenvalue": 0},
        {"eigenvalue": "nan"},
        {"v_norm": -2},
        {"network": Network(2, widths=1, decays=1), "depth": 2},
        {"network": Network(MAX_DEPTH + 1, widths=1, decays=1)},
    ],
)
def test_bad_problems_are_one_sentence(arguments):
    with pytest.raises(InputError, match=r"^[^\n]*\.$"):
        isotropic(**arguments)


# -- depths ----------------------------------------------------------------------------------------------


def nontrivial(depth, decay, eigenvalue, v2, noise):
    """Whether the criterion holds, by exact rational arithmetic."""
    if depth < 2:
        return depth == 0 or decay**2 < v2
    left = decay ** (depth + 1) * (eigenvalue * (1 + noise) ** depth) ** (depth - 1) * depth ** (2 * depth)
    return left <= v2**depth * Fraction(depth - 1) ** (depth - 1)


def test_example_of_depths():
    ranges = trainable_depths(decay=1, eigenvalue="1e-3", v_norm_squared="0.1")
    assert ranges == (range(1), range(3, 87))
    assert trainable_depths(decay=1, eigenvalue="1e-3", v_norm_squared="0.1", noise_to_width=1)[-1][-1] < 86


def test_depths_are_those_of_brute_force():
    rng = random.Random(4)
    for _ in range(60):
        decay, a0, v2 = (Fraction(rng.randint(1, 40), rng.randint(1, 40)) for _ in range(3))
        noise = Fraction(rng.randint(0, 3), rng.randint(1, 60))
        ranges = trainable_depths(decay=decay, eigenvalue=a0 / 30, v_norm_squared=v2, noise_to_width=noise)
        upper = ranges[-1][-1] + 40
        expected = [n for n in range(upper) if nontrivial(n, decay, a0 / 30, v2, noise)]
        assert [n for piece in ranges for n in piece] == expected
        assert all(left.stop < right.start for left, right in pairwise(ranges))


@pytest.mark.parametrize(("depth", "noise"), [(2, 0), (5, Fraction(1, 3)), (11, Fraction(2, 7)), (400, 0)])
def test_an_exact_tie_counts_and_a_near_miss_does_not(depth, noise):
    # With γ = 1 and ‖v‖² = D² s^{D-1} both sides agree at a = (D-1) (s/(1+y))^D.
    s, nudge = Fraction(3, 2), 1 + Fraction(1, 10**60)
    v2, a0 = depth**2 * s ** (depth - 1), (depth - 1) * (s / (1 + noise)) ** depth

    def belongs(decay):
        ranges = trainable_depths(decay=decay, eigenvalue=a0, v_norm_squared=v2, noise_to_width=noise)
        return any(depth in piece for piece in ranges)

    assert belongs(1)
    assert not belongs(nudge)
    assert belongs(1 / nudge)


def test_one_hidden_layer_is_strict():
    def depths(v2):
        ranges = trainable_depths(decay=1, eigenvalue=10**6, v_norm_squared=v2)
        return [n for piece in ranges for n in piece]

    assert depths(1) == [0]
    assert depths(1 + Fraction(1, 10**50)) == [0, 1]


def test_large_depths_take_no_loop():
    ranges = trainable_depths(decay="1e-9", eigenvalue=1, v_norm_squared=1)
    largest = ranges[-1][-1]
    with mpmath.workdps(40):

        def margin(n):
            return (n - 1) * mpmath.log(n - 1) - 2 * n * mpmath.log(n) + (n + 1) * 9 * mpmath.log(10)

        assert margin(largest) >= 0 > margin(largest + 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"decay": 0}, "decay is 0"),
        ({"eigenvalue": -1}, "eigenvalue is -1"),
        ({"v_norm_squared": 0}, "v_norm_squared is 0"),
        ({"noise_to_width": "-0.1"}, "noise_to_width is -1/10"),
        ({"decay": "1e-400"}, "beyond"),
    ],
)
def test_bad_numbers_for_depths(change, message):
    with pytest.raises(InputError, match=message):
        trainable_depths(**{"decay": 1, "eigenvalue": 1, "v_norm_squared": 1, **change})


# -- products of powers ----------------------------------------------------------------------------------


def test_equal_powers_are_recognized_and_near_misses_are_not():
    million = 10**6
    left = PowerProduct.of((Fraction(12, 35), Fraction(million, 7)), (6, -5))
    right = PowerProduct.of(
        (Fraction(6, 5), Fraction(million, 7) - 5), (Fraction(2, 7), Fraction(million, 7)), (5, -5)
    )
    assert left.compare(right) == 0
    nudge = PowerProduct.of((1 + Fraction(1, 10**300), 1))
    assert (left * nudge).compare(right) == 1
    assert left.compare(right * nudge) == -1
    assert PowerProduct.of().compare(PowerProduct.of((1, 5), (7, 0))) == 0
    with pytest.raises(InputError, match="not positive"):
        PowerProduct.of((2, 1), (0, 1))


def test_products_of_long_dyadic_numbers_are_recognized():
    dyadic = Fraction(3 * 2**20_000 + 1, 2**20_000)
    left = PowerProduct.of((dyadic, 3), (2, Fraction(1, 3)), (Fraction(1, 8), 7))
    right = PowerProduct.of((3 * 2**20_000 + 1, 3), (2, Fraction(1, 3) - 60_021))
    assert left.compare(right) == 0
    assert left.compare(right * PowerProduct.of((1 + Fraction(1, 2**9_000), 1))) == -1
    assert PowerProduct.of((12, 5), (18, -5), (Fraction(3, 2), 5)).is_one()
    assert not PowerProduct.of((12, 5), (18, -5), (Fraction(3, 2), 4)).is_one()


def test_values_of_whole_powers_take_no_logarithm():
    with TURN, working_precision(64):
        assert PowerProduct.of((Fraction(3, 4), 2), (8, -1)).value() == arb("0.0703125")
        root = PowerProduct.of((2, Fraction(1, 3)), (5, 1)).value()
        assert root.overlaps(5 * arb(2).root(3))
        assert not root.overlaps(5 * arb(2).root(3) * (1 + arb("1e-15")))
