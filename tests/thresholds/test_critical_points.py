"""Certified critical points against exact Sturm counts, closed forms, bounds and near-misses."""

import random
from fractions import Fraction
from functools import partial
from itertools import pairwise

import mpmath
import pytest
import sympy as sp
from flint import arb

from symderive import Moments, Network
from symderive.arithmetic.exact import TURN, ball, working_precision
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.resolvent import resolvent_of
from symderive.effective_ridge.roots import isolate_roots
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.errors import InputError
from symderive.thresholds.critical_points import critical_points, refine
from symderive.thresholds.log_moments import LogMoment
from symderive.thresholds.root_counts import root_counts

ORDERS = (1, 2)

#: Evaluations a critical point takes, generously.
EVALUATIONS_EACH = 15

#: Derivatives by mpmath at 30 digits have at least this relative accuracy.
DERIVATIVE = mpmath.mpf(10) ** -9


def problem(depth, data, rho=1):
    return ScalarEquation(depth, Fraction(rho), Fraction(1), data)


def staircase(features, seed, spread=(10, 1000)):
    """k eigenvalues far apart with peaks of like height, so that there are many critical points."""
    rng = random.Random(seed)
    ratio = rng.randint(*spread)
    a = [Fraction(rng.randint(8, 12), 10) * ratio**i for i in range(features)]
    return Spectrum.of(a, [Fraction(round(1000 * float(x) ** 0.5 * rng.uniform(0.5, 2)), 1000) for x in a])


def sturm_count(data, depth, order, rho=1):
    """Distinct positive zeros of f_k', by SymPy's exact Sturm sequences."""
    x = sp.Symbol("x")
    terms = [(sp.Rational(str(rho * a)), sp.Rational(str(p))) for a, p in zip(data.a, data.p, strict=True)]
    P = sp.prod(x + a for a, _ in terms)

    def moment(k):
        return sum(
            p * (x + a) ** (3 - k) * sp.prod((x + b) ** 3 for b, _ in terms if b != a) for a, p in terms
        )

    alpha = sp.Rational(1 if order == 1 else depth + 1, depth)
    slope = sp.Poly(alpha * moment(order) - order * x * moment(order + 1), x, domain="QQ")
    slope = sp.quo(slope, sp.gcd(slope, sp.Poly(P, x) ** 3))
    return slope.count_roots(inf=0)


def assert_alternating(found):
    """f_k rises at first and falls in the end."""
    kinds = [point.kind for point in found.points]
    assert kinds == ["maximum" if i % 2 == 0 else "minimum" for i in range(len(kinds))]
    zeros = [point.zero for point in found.points]
    assert all(a.sample.u + a.radius < b.sample.u - b.radius for a, b in pairwise(zeros))
    assert all(a.left < a.sample.u < a.right for a in zeros)


@pytest.mark.parametrize("order", ORDERS)
def test_counts_agree_with_exact_sturm_sequences(order):
    seen = {}
    for seed in range(24):
        data, depth = staircase(1 + seed % 3, seed), 2 + seed // 3 % 3
        found = critical_points(problem(depth, data, Fraction(seed + 4, 4)), order, digits=10)
        assert found.complete
        assert len(found.points) == sturm_count(data, depth, order, Fraction(seed + 4, 4))
        assert_alternating(found)
        seen[len(found.points)] = seen.get(len(found.points), 0) + 1
    assert all(seen.get(count, 0) >= 2 for count in (1, 3)), seen


@pytest.mark.parametrize("order", ORDERS)
def test_values_at_the_points(order):
    """f_k there, and f_k' = 0, by sums in mpmath; a point nearby is no critical point."""
    data, depth = staircase(3, 5), 3
    with mpmath.workdps(70), TURN, working_precision(230):
        for point in critical_points(problem(depth, data), order, digits=60).points:
            x = mpmath.exp(mpmath.mpf(point.log_ridge.str(65, radius=False)))

            def value(t):
                pairs = zip(data.a, data.p, strict=True)
                total = sum(in_mpmath(p) / (in_mpmath(a) + t) ** order for a, p in pairs)
                return mpmath.log(total) + mpmath.log(t) * (1 if order == 1 else depth + 1) / depth

            assert abs(value(x) - mpmath.mpf(point.value.str(65, radius=False))) < mpmath.mpf(10) ** -55
            assert abs(mpmath.diff(value, x)) < mpmath.mpf(10) ** -30
            assert abs(mpmath.diff(value, x * (1 + mpmath.mpf(10) ** -12))) > mpmath.mpf(10) ** -20


def in_mpmath(x):
    return mpmath.mpf(x.numerator) / x.denominator


def logit_of_shrinkage(pairs, order, u):
    """logit μ_k from its definition, λR_{k+1} against R_k - λR_{k+1} = Σ p a/(a + λ)^{k+1}."""
    terms = [(a, p / (a + mpmath.exp(u)) ** (order + 1)) for a, p in pairs]
    return u + mpmath.log(sum(term for _, term in terms)) - mpmath.log(sum(a * term for a, term in terms))


@pytest.mark.parametrize("order", ORDERS)
def test_bounds_on_the_logit_of_the_shrinkage(order):
    """Its first three derivatives by numerical differentiation, on data that are all in play at λ = 1."""
    rng, steepest = random.Random(order), 0
    for _ in range(60):
        a = [Fraction(10) ** rng.randint(-4, 4) * rng.randint(1, 9) for _ in range(3)]
        p = [Fraction(10) ** rng.randint(-3, 3) * (x + 1) ** order for x in a]
        moment = LogMoment(resolvent_of(Spectrum.of(a, p), Fraction(1)), 3, order)
        with mpmath.workdps(30):
            pairs = [(in_mpmath(x), in_mpmath(y)) for x, y in zip(a, p, strict=True)]
            ell = partial(logit_of_shrinkage, pairs, order)
            first, second, third = (mpmath.diff(ell, 0, n) for n in (1, 2, 3))
            rate = mpmath.mpf(moment.level(arb(0), 128).rate.str(25, radius=False))
            assert abs(first - rate) < DERIVATIVE
            assert -order - DERIVATIVE <= first <= 1 + DERIVATIVE
            assert abs(second) <= in_mpmath(moment.steepest)
            assert abs(third) <= in_mpmath(moment.jolt)
            steepest = max(steepest, abs(second))
    assert steepest > in_mpmath(moment.steepest) * 2 / 5  # 2/5 of the bound is none


@pytest.mark.parametrize("depth", [2, 3, 8, 1000, 10**6])
def test_isotropic_data_have_one_maximum_at_a_known_ridge(depth):
    data = Spectrum.of(["7/3"], [5])
    for order, ratio in ((1, Fraction(1, depth - 1)), (2, Fraction(depth + 1, depth - 1))):
        found = critical_points(problem(depth, data, 3), order, digits=50)
        (point,) = found.points
        assert point.kind == "maximum"
        assert found.evaluations <= EVALUATIONS_EACH
        with TURN, working_precision(200):
            assert point.log_ridge.overlaps(ball(7 * ratio).log())
            assert not point.log_ridge.overlaps((ball(7 * ratio) * (1 + arb(10) ** -45)).log())


def test_features_of_hugely_different_scale():
    """25 critical points over 24 decades, at a constant cost each."""
    a = [Fraction(10) ** (4 * i) for i in range(-6, 7)]
    data = Spectrum.of(a, [Fraction(10) ** (2 * i) for i in range(-6, 7)])
    for order in ORDERS:
        found = critical_points(problem(2, data), order, digits=20)
        assert len(found.points) == 25
        assert_alternating(found)
        assert found.evaluations <= 25 * EVALUATIONS_EACH
    tiny = Spectrum.of([Fraction(1), Fraction(10) ** 12], [1, Fraction(1, 10**30)])
    assert len(critical_points(problem(2, tiny), 1).points) == 1


def test_moments_and_their_spectrum_have_the_same_points():
    """A rotation of diag(1, 400, 160000) by a rational orthogonal matrix."""
    q = sp.Matrix([[2, -2, 1], [1, 2, 2], [2, 1, -2]]) / 3
    spectrum, v = [1, 400, 160000], [1, sp.Rational(9, 2), 20]
    A, b = q * sp.diag(*spectrum) * q.T, q * sp.Matrix(v)
    dense = Moments.given(A.tolist(), list(b), 2)
    plain = Spectrum.of(spectrum, [x**2 for x in v])
    for order in ORDERS:
        ours, theirs = (critical_points(problem(2, x), order, digits=25).points for x in (dense, plain))
        assert len(ours) == len(theirs) == 5
        for one, other in zip(ours, theirs, strict=True):
            assert one.log_ridge.overlaps(other.log_ridge)
            assert one.value.overlaps(other.value)


# -- the limits λ → 0 ----------------------------------------------------------------------------------


def test_limits_at_no_ridge_with_and_without_a_null_space():
    full = Moments.given([[2, 1], [1, 3]], [1, 1], 5)
    A, v = sp.Matrix(full.A), sp.Matrix(full.v)
    rng = random.Random(1)
    X = [[rng.randint(-5, 5) for _ in range(5)] for _ in range(3)]
    singular = Moments.from_samples(X, [1, 2, 4], standardize=False)
    for data, inverse, vector in (
        (full, A.inv(), v),
        (singular, sp.Matrix(singular.A).pinv(), sp.Matrix(singular.v)),
    ):
        limits = resolvent_of(data, Fraction(3)).limits
        for k, limit in enumerate(limits, start=1):
            exact = sp.nsimplify((vector.T * (inverse / 3) ** k * vector)[0])
            with TURN, working_precision(200):
                assert limit.contains(ball(Fraction(int(exact.p), int(exact.q))))
                assert limit.rel_accuracy_bits() > 20


# -- degenerate points ---------------------------------------------------------------------------------


def triple(shift=0, tilt=0, scale=1):
    """At D = 2 ln(λ^{1/2} R_1) has f' = f'' = f''' = 0 at λ = scale: three bumps 1/cosh(u/2), p = q√a.

    With a = 1/16, 1, 16 the bumps at the sides have 8/17 in the middle and bend by 161/289 against it.
    """
    middle = 2 * Fraction(8, 17) * Fraction(161, 289)
    a = [scale * Fraction(16) ** i for i in (-1, 0, 1)]
    return Spectrum.of(a, [(1 + tilt) / Fraction(4), middle * (1 + shift), 4])


def test_a_threefold_critical_point_is_one_honest_cluster():
    found = critical_points(problem(2, triple()), 1)
    assert not found.complete
    (cluster,) = found.clusters
    assert cluster.cluster.odd
    assert [point.kind for point in found.points] == ["maximum", "maximum"]
    with TURN, working_precision(1200):
        assert cluster.log_ridge.contains(0)
        assert cluster.log_ridge.rad() < arb(10) ** -50
        # λ^{1/2} R_1 at λ = 1 is Σ p/(1 + a).
        value = sum(p / (1 + a) for a, p in zip(triple().a, triple().p, strict=True))
        assert cluster.value.contains(ball(value).log())
        assert cluster.value.rad() < arb(10) ** -80
        assert not cluster.value.contains(ball(value).log() + arb(10) ** -60)


@pytest.mark.parametrize("power", [3, 10, 30])
def test_next_to_a_threefold_point_there_are_three_or_one(power):
    eps = Fraction(1, 10**power)
    for changes, count in (({"shift": eps}, 5), ({"shift": -eps}, 3), ({"tilt": eps}, 3)):
        found = critical_points(problem(2, triple(**changes, scale=power)), 1)
        assert found.complete
        assert len(found.points) == count
        assert_alternating(found)
        assert found.evaluations < 100 * power + 200


def test_a_fivefold_point_ends_too():
    """Five bumps with weights such that the second and the fourth derivative vanish in the middle."""
    u = sp.Symbol("u")
    bump = 2 / (sp.exp(u / 2) + sp.exp(-u / 2))
    sides = [sp.log(9), sp.log(100)]
    rows = [
        [sp.nsimplify(sp.simplify(sp.diff(bump, u, n).subs(u, x))) for x in (0, *sides)] for n in (2, 4)
    ]
    weights = sp.Matrix(rows).nullspace()[0]
    weights = [Fraction(int(w.p), int(w.q)) for w in weights / weights[0]]
    assert min(weights) > 0
    roots = [Fraction(1, 10), Fraction(1, 3), Fraction(1), Fraction(3), Fraction(10)]
    p = [weights[abs(i - 2)] / (1 if i == 2 else 2) * root for i, root in enumerate(roots)]
    found = critical_points(problem(2, Spectrum.of([x * x for x in roots], p)), 1, limit_bits=192)
    assert len(found.clusters) == 1
    with TURN, working_precision(192):
        assert found.clusters[0].log_ridge.contains(0)


def test_refining():
    point = critical_points(problem(3, staircase(2, 1)), 2, digits=5).points[0]
    sharp, evaluations = refine(point, 300)
    assert evaluations <= 10
    with TURN, working_precision(1200):
        assert sharp.log_ridge.rad() < arb(10) ** -300
        assert point.log_ridge.contains(sharp.log_ridge)


@pytest.mark.parametrize(
    ("depth", "data", "words"),
    [
        (1, Spectrum.of([1], [1]), "from depth 2 on"),
        (2, Spectrum.of([1], [0]), "v is 0"),
    ],
)
def test_what_has_no_critical_points_is_refused(depth, data, words):
    with pytest.raises(InputError, match=words):
        critical_points(problem(depth, data), 1)


# -- the number of roots -------------------------------------------------------------------------------


@pytest.mark.parametrize(("features", "depth"), [(1, 2), (2, 2), (3, 2), (3, 3), (4, 5)])
def test_root_counts_agree_with_the_roots_found(features, depth):
    rng = random.Random(features + depth)
    data = staircase(features, features, spread=(300, 2000))
    counts = root_counts(Network(depth, widths=2, decays=1, noise=1), data)
    assert counts.separated
    rho = Fraction(3, 2) ** depth
    edges = [float(interval.upper.log().mid()) for interval in counts.intervals[:-1]]
    tried = [rng.uniform(edges[0] - 2, edges[-1] + 1) for _ in range(6)]
    tried += [edge + shift for edge in edges for shift in (-1e-9, 1e-9)]
    for log_product in tried:
        product = Fraction(mpmath.exp(log_product).__float__())
        roots = isolate_roots(ScalarEquation(depth, rho, product, data), digits=5).roots
        assert counts.at(product) == len(roots)


def test_root_counts_of_the_example_with_four_roots():
    four = Spectrum.of([1, 400], ["1/100", "49/100"])
    counts = root_counts(Network(2, widths=1, decays=1), four)
    assert [interval.count for interval in counts.intervals] == [2, 4, 2, 0]
    assert counts.at(Fraction(1, 50**3)) == 4
    assert "up to 4.5533997107444167982e-6" in str(counts)
    assert counts.intervals[0].lower is None
    assert counts.intervals[-1].upper is None


def test_root_counts_at_one_layer_and_at_equal_maxima():
    shallow = root_counts(Network(1, widths=1, decays=1), Spectrum.of([1, 2], [1, 3]))
    assert [shallow.at(Fraction(x)) for x in ("3.99", 4, "4.01")] == [1, None, 0]
    # Without a middle bump the two sides of D = 2, k = 2 with p = √a are equally high: θ = 3/2.
    data = Spectrum.of([1, 10**8], [1, 10**4])
    counts = root_counts(Network(2, widths=1, decays=1), data)
    assert [interval.count for interval in counts.intervals][-3:] == [4, 2, 0]
    with pytest.raises(InputError, match="no equation"):
        root_counts(Network(0, decays=1), data)
