"""Certified roots against exact Sturm counts, known solutions and near-misses."""

import random
from fractions import Fraction
from itertools import pairwise

import pytest
import sympy as sp
from flint import arb
from oracles.sampled import fewer

from symderive import Moments, Network
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.precision import LIMIT_BITS
from symderive.data.spectrum import Spectrum
from symderive.effective_ridge.coincidences import has_double_root
from symderive.effective_ridge.roots import isolate_roots, refine
from symderive.effective_ridge.scalar_equation import ScalarEquation

#: Evaluations for two roots to at most 30 digits, whatever d and D.
TWO_ROOT_EVALUATIONS = 40

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
ONE = Spectrum.of([1], [1])
#: γ_u Π γ_i at which a = p = 1, D = 2 has the double root λ = 3.
SPINODAL = Fraction(27, 256)


def problem(depth, product, data, rho=1):
    return ScalarEquation(depth, Fraction(rho), Fraction(product), data)


def staircase(features, seed):
    """k eigenvalues far apart with peaks of φ of like height: about 2k roots below the lowest peak."""
    rng = random.Random(seed)
    ratio = rng.choice([30, 100, 400, 2000])
    a = [Fraction(rng.randint(8, 12), 10) * ratio**i for i in range(features)]
    p = [Fraction(round(1000 * float(x) ** 0.5 * rng.uniform(0.7, 1.4)), 1000) for x in a]
    # At D = 2 the peak of λ^{3/2} p/(a + λ)² is (3^{3/2}/16) p/√a, at λ = 3a.
    product = Fraction(round(10**6 * (27 / 256) * rng.uniform(0.3, 1.2) ** 2), 10**6)
    return problem(2, product, Spectrum.of(a, p))


def sturm_count(problem):
    """Distinct positive roots of λ^{D+1} N^D - (Πγ) P^{2D}, by SymPy's exact Sturm sequences."""
    x = sp.Symbol("x")
    terms = [
        (sp.Rational(str(problem.rho * a)), sp.Rational(str(p)))
        for a, p in zip(problem.data.a, problem.data.p, strict=True)
        if p
    ]
    P = sp.prod(x + a for a, _ in terms)
    N = sum(p * sp.prod((x + b) ** 2 for b, _ in terms if b != a) for a, p in terms)
    D = problem.depth
    E = x ** (D + 1) * N**D - sp.Rational(str(problem.decay_product)) * P ** (2 * D)
    return sp.Poly(E, x, domain="QQ").count_roots(inf=0)


def assert_alternating(found):
    """From the left φ comes from below at D ≥ 2: up, down, up, down; λ increases strictly."""
    assert [root.rising for root in found.roots] == [i % 2 == 0 for i in range(len(found.roots))]
    assert all(a.enclosure < b.enclosure for a, b in pairwise(found.roots))


def assert_cover(found):
    """The rows and clusters of the evidence lie end to end over the search range."""
    evidence = found.evidence
    front = evidence.lower
    spans = [(piece.left, piece.right) for piece in evidence.pieces]
    for left, right in sorted(spans, key=lambda span: span[0]):
        assert left <= front
        front = max(front, right)
    assert front >= evidence.upper


def test_four_roots_with_a_bad_minimum_that_is_not_the_origin():
    found = isolate_roots(problem(2, Fraction(1, 50**3), FOUR), digits=15)
    values = [root.ridge(80).str(5, radius=False) for root in found.roots]
    assert values == ["1.3280", "8.3800", "93.319", "2.9651e+4"]
    assert_alternating(found)
    assert_cover(found)


def test_counts_agree_with_exact_sturm_sequences():
    seen = {}
    for seed in range(fewer(25, 75)):
        instance = staircase(1 + seed % 3, seed)
        found = isolate_roots(instance, digits=10)
        assert not found.clusters
        assert len(found.roots) == sturm_count(instance)
        assert_alternating(found)
        assert_cover(found)
        seen[len(found.roots)] = seen.get(len(found.roots), 0) + 1
    assert all(seen.get(count, 0) >= fewer(1, 5) for count in (2, 4, 6)), seen


@pytest.mark.parametrize("depth", [3, 4])
def test_counts_agree_at_other_depths_and_with_noise(depth):
    for seed in range(8):
        base = staircase(2, 100 + seed)
        product = base.decay_product**2 / 40
        instance = ScalarEquation(depth, Fraction(seed + 4, 4), product, base.data)
        assert len(isolate_roots(instance, digits=5).roots) == sturm_count(instance)


@pytest.mark.parametrize("features", [1, 2, 3, 4, 5])
def test_twice_as_many_roots_as_eigenvalues_is_reached(features):
    a = [Fraction(10**4) ** i for i in range(features)]
    p = [Fraction(100) ** i for i in range(features)]  # p = √a: all peaks are equally high
    found = isolate_roots(problem(2, SPINODAL / 2, Spectrum.of(a, p)), digits=20)
    assert len(found.roots) == 2 * features
    assert not found.clusters
    assert_alternating(found)
    # Near-miss: above the highest peak there is none.
    assert not isolate_roots(problem(2, SPINODAL * 2, Spectrum.of(a, p))).roots


# -- double roots and what comes near them -------------------------------------------------------------


def test_a_double_root_is_one_cluster_and_proved_to_be_double():
    instance = problem(2, SPINODAL, ONE)
    found = isolate_roots(instance)
    assert (len(found.roots), len(found.clusters)) == (0, 1)
    cluster = found.clusters[0]
    assert not cluster.odd
    assert cluster.at_most == 2
    assert cluster.ridge(cluster.bits).contains(3)
    assert has_double_root(instance, cluster.ridge(cluster.bits))
    assert_cover(found)
    near = problem(2, SPINODAL * (1 + Fraction(1, 10**400)), ONE)
    assert not has_double_root(near, cluster.ridge(cluster.bits))


@pytest.mark.parametrize("power", [3, 10, 30, 100, 200, 300])
def test_next_to_a_double_root_there_are_two_roots_or_none(power):
    """Resolved up to 1e-300 in the threshold, where the roots differ by 1e-150; evaluations stay few."""
    below = isolate_roots(problem(2, SPINODAL * (1 - Fraction(1, 10**power)), ONE))
    above = isolate_roots(problem(2, SPINODAL * (1 + Fraction(1, 10**power)), ONE))
    assert (len(below.roots), len(above.roots)) == (2, 0)
    assert not below.clusters
    assert not above.clusters
    assert_alternating(below)
    assert_cover(below)
    assert_cover(above)
    assert max(below.evaluations, above.evaluations) <= TWO_ROOT_EVALUATIONS
    left, right = (refine(root, power + 10)[0].ridge(4 * power + 200) for root in below.roots)
    with TURN, working_precision(4 * power + 200):
        gap = (arb(8) / 3 / arb(10) ** power).sqrt()  # H'' = -3/8, and ln τ is off by 10^-power / 2
        assert abs((right / left).log() / (2 * gap) - 1) < arb(10) ** (-power // 2)


def test_closer_than_the_limit_is_an_honest_cluster():
    for sign in (1, -1):
        found = isolate_roots(problem(2, SPINODAL * (1 + Fraction(sign, 10**700)), ONE))
        assert (len(found.roots), len(found.clusters)) == (0, 1)
        assert found.clusters[0].at_most == 2
        assert not found.clusters[0].odd
        # More bits tell.
        finer = isolate_roots(problem(2, SPINODAL * (1 + Fraction(sign, 10**700)), ONE), limit_bits=4096)
        assert (len(finer.roots), len(finer.clusters)) == (0 if sign > 0 else 2, 0)


def test_a_miss_by_1e_200_is_no_root():
    found = isolate_roots(problem(2, SPINODAL * (1 + Fraction(1, 10**200)), ONE))
    assert not found.roots
    assert not found.clusters
    assert_cover(found)


def test_next_to_a_triple_root_counts_stay_odd_and_right():
    """Two eigenvalues: the ratio at which maximum and minimum of H merge gives a triple root."""
    flat = _merging_ratio()
    for shift in (Fraction(0), Fraction(1, 10**6), -Fraction(1, 10**6)):
        data = Spectrum.of([1, 100], [1, flat[1] + shift])
        product = flat[2]
        instance = problem(2, product, data)
        found = isolate_roots(instance, digits=10)
        assert_cover(found)
        if not found.clusters:
            assert len(found.roots) == sturm_count(instance)
            assert_alternating(found)


def _merging_ratio():
    """(λ, p_2, γ product) with H' ≈ H'' ≈ 0 for a = (1, 100), p_1 = 1, D = 2, by Newton in mpmath."""
    import mpmath

    def curve(w):
        def h(t):
            e = mpmath.exp(t)
            return mpmath.log(1 / (1 + e) ** 2 + w / (100 + e) ** 2) + mpmath.mpf(3) / 2 * t

        return h

    with mpmath.workdps(40):
        u, w = mpmath.findroot(
            lambda u, w: [mpmath.diff(curve(w), u, 1), mpmath.diff(curve(w), u, 2)],
            (mpmath.mpf("2.2"), mpmath.mpf(25)),
            tol=1e-25,
        )
        product = mpmath.exp(2 * curve(w)(u))
        return mpmath.exp(u), Fraction(str(w)), Fraction(str(product))


# -- awkward data --------------------------------------------------------------------------------------


def ridges(found, bits=120):
    return [root.ridge(bits) for root in found.roots]


def assert_same_roots(left, right):
    assert len(left.roots) == len(right.roots)
    assert all(x.overlaps(y) for x, y in zip(ridges(left), ridges(right), strict=True))


def test_repeated_and_unseen_eigenvalues_change_nothing():
    product = Fraction(1, 50**3)
    plain = isolate_roots(problem(2, product, FOUR))
    repeated = Spectrum.of([1, 1, 400, 400, 0, 7], ["1/200", "1/200", "9/100", "40/100", 0, 0], 1)
    assert_same_roots(plain, isolate_roots(problem(2, product, repeated)))
    near = Spectrum.of([1, 1 + Fraction(1, 10**60), 400], ["1/200", "1/200", "49/100"], 1)
    assert_same_roots(plain, isolate_roots(problem(2, product, near), digits=20))
    tiny = Spectrum.of([1, 20, 400], ["1/100", Fraction(1, 10**200), "49/100"], 1)
    assert_same_roots(plain, isolate_roots(problem(2, product, tiny)))
    # Near-miss: a visible share is seen.
    seen = Spectrum.of([1, 20, 400], ["1/100", Fraction(1, 10**6), "49/100"], 1)
    assert not ridges(isolate_roots(problem(2, product, seen)))[1].overlaps(ridges(plain)[1])


def test_dense_and_spectral_searches_agree():
    rotated = Moments.given(  # A = Q diag(1, 400) Qᵀ, v = Q (1/10, 7/10) with Q = [[3, -4], [4, 3]]/5
        [
            [Fraction(9 + 16 * 400, 25), Fraction(12 - 12 * 400, 25)],
            [Fraction(12 - 12 * 400, 25), Fraction(16 + 9 * 400, 25)],
        ],
        [Fraction(3 - 28, 50), Fraction(4 + 21, 50)],
        1,
    )
    product = Fraction(1, 50**3)
    for rho in (Fraction(1), Fraction(9, 8)):
        dense = isolate_roots(ScalarEquation(2, rho, product, rotated))
        assert_same_roots(isolate_roots(ScalarEquation(2, rho, product, FOUR)), dense)


@pytest.mark.parametrize("power", [-300, -30, 30, 300])
@pytest.mark.parametrize("depth", [1, 2, 9])
def test_units_may_be_of_any_size(power, depth):
    """x → αx, y → βy scales a by α², p by α²β² and the decays' product so that λ scales by α²."""
    alpha, beta = Fraction(10) ** power, Fraction(10) ** (power // 3)
    product = Fraction(1, 1000) ** (depth + 1)
    plain = isolate_roots(ScalarEquation(depth, Fraction(1), product, FOUR))
    data = Spectrum.of(
        [a * alpha**2 for a in FOUR.a], [p * alpha**2 * beta**2 for p in FOUR.p], FOUR.c * beta**2
    )
    # τ = λ^θ S with S in β²/α²: the product is τ^D, of dimension α^{2(D+1)} (β/α)^{2D}.
    scaled = product * alpha ** (2 * (depth + 1)) * (beta / alpha) ** (2 * depth)
    found = isolate_roots(ScalarEquation(depth, Fraction(1), scaled, data))
    assert len(plain.roots) == len(found.roots) > 0
    with TURN, working_precision(160):
        factor = arb(alpha.numerator) / alpha.denominator
        for x, y in zip(ridges(plain, 160), ridges(found, 160), strict=True):
            assert (x * factor**2).overlaps(y)


@pytest.mark.parametrize("power", [5, 20, 60, 300])
@pytest.mark.parametrize("depth", [1, 2, 5])
def test_singular_data_and_tiny_decays(power, depth):
    """A = [[1, 1], [1, 1]], v ∝ (1, 1): the same as one feature with a = 2 and p = 2/9."""
    data = Moments.given([[1, 1], [1, 1]], ["1/3", "1/3"], 1)
    product = Fraction(1, 10**power) ** (depth + 1)
    found = isolate_roots(ScalarEquation(depth, Fraction(1), product, data))
    assert_same_roots(found, isolate_roots(problem(depth, product, Spectrum.of([2], ["2/9"], 1))))
    assert not found.clusters
    assert found.evaluations <= TWO_ROOT_EVALUATIONS


@pytest.mark.parametrize(
    "share",
    [
        Fraction(1, 10**12),
        Fraction(1, 2),
        *(1 - Fraction(1, 10**power) for power in (3, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 300)),
    ],
)
def test_one_hidden_layer_has_its_one_root_below_the_threshold(share):
    """D = 1, a = v = 1: λ = √τ/(1 - √τ) in closed form."""
    found = isolate_roots(problem(1, share**2, ONE))
    assert len(found.roots) == 1
    with TURN, working_precision(1300):
        exact = arb(share.numerator) / (share.denominator - share.numerator)
        assert found.roots[0].ridge(1300).contains(exact)
    assert found.roots[0].rising
    assert found.evaluations <= TWO_ROOT_EVALUATIONS


@pytest.mark.parametrize("excess", [0, Fraction(1, 10**300), 1])
def test_one_hidden_layer_has_no_root_at_and_above_the_threshold(excess):
    found = isolate_roots(problem(1, Fraction(1, 2) + excess, FOUR))
    assert not found.roots
    assert not found.clusters


def wide(features, seed=0):
    rng = random.Random(seed)
    a = [Fraction(rng.randint(1, 10**6), 10 ** rng.randint(1, 8)) for _ in range(features)]
    return Spectrum.of(a, [Fraction(rng.randint(1, 10**6), 10**6) for _ in range(features)])


@pytest.mark.parametrize("depth", [1, 2, 3, 50, 1000])
@pytest.mark.parametrize("features", [1, 10, 300])
def test_evaluations_do_not_grow_with_depth_or_features(depth, features):
    data = wide(features)
    product = Fraction(1, 100) ** (depth + 1) if depth < 50 or features > 1 else Fraction(1, 10**9) ** depth
    found = isolate_roots(ScalarEquation(depth, Fraction(3, 2), product, data))
    assert len(found.roots) <= 2
    assert found.evaluations <= TWO_ROOT_EVALUATIONS
    if features > 1:
        assert len(found.roots) == (1 if depth == 1 else 2)
    if depth > 1:
        assert_cover(found)


@pytest.mark.parametrize("depth", [2, 1000])
def test_large_dense_data(depth):
    rng = random.Random(5)
    X = [[rng.randint(-9, 9) for _ in range(60)] for _ in range(90)]
    data = Moments.from_samples(X, [sum(row[:5]) + rng.randint(-3, 3) for row in X])
    found = isolate_roots(
        ScalarEquation(depth, Fraction(1), Fraction(1, 100) ** (depth + 1), data), digits=20
    )
    assert len(found.roots) == 2
    assert found.evaluations <= TWO_ROOT_EVALUATIONS
    assert_cover(found)


@pytest.mark.parametrize("digits", [1, 15, 300, 1000])
def test_digits_are_delivered_and_right(digits):
    found = isolate_roots(problem(2, Fraction(1, 50**3), FOUR), digits=digits)
    finer = [refine(root, digits + 100)[0] for root in found.roots]
    for root, better in zip(found.roots, finer, strict=True):
        bits = 4 * (digits + 120)
        assert root.ridge(bits).rel_accuracy_bits() > 3.32 * digits
        assert root.ridge(bits).overlaps(better.ridge(bits))
        with TURN, working_precision(bits):  # the equation at the refined ridge, in balls
            ridge = better.ridge(bits)
            norm = sum(
                arb(p.numerator) / p.denominator / (int(a) + ridge) ** 2
                for a, p in zip(FOUR.a, FOUR.p, strict=True)
            )
            assert (ridge**3 * norm**2 * 50**3).contains(1)
            assert not (ridge**3 * norm**2 * 50**3 * (1 + arb(10) ** -(digits + 50))).contains(1)
    assert found.limit_bits >= LIMIT_BITS


def test_progress_runs_from_left_to_right():
    seen = []
    isolate_roots(problem(2, Fraction(1, 50**3), FOUR), progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


def test_networks_enter_through_their_noise_and_decays():
    net = Network(2, widths=[4, 2], decays=["1/50", "1/40", "1/30"], noise=[1, "1/3"])
    instance = ScalarEquation.of(net, FOUR)
    assert (instance.rho, instance.decay_product) == (Fraction(35, 24), Fraction(1, 60000))
    assert len(isolate_roots(instance).roots) == sturm_count(instance)
