"""The search in doubles against the search in balls: what it proves is so, and it proves nearly all."""

import ctypes
import math
import platform
import random
import sys
from fractions import Fraction
from itertools import pairwise

import pytest
from flint import arb

from symderive import Moments, Network, Spectrum, solve
from symderive.arithmetic.exact import TURN, working_precision
from symderive.certificates.certificate import certificate
from symderive.certificates.checker import check_certificate
from symderive.effective_ridge import float_blocks, float_search
from symderive.effective_ridge.ball_search import search_in_balls
from symderive.effective_ridge.float_search import search_in_doubles
from symderive.effective_ridge.roots import Root, isolate_roots, refine
from symderive.effective_ridge.scalar_equation import ScalarEquation
from symderive.export import live
from tests.oracles.sampled import some

#: Bits to which balls are refined before they are compared with doubles.
BITS = 200

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
STAIRS = ScalarEquation(2, Fraction(1), Fraction(1, 50**3), FOUR)


def exact_number(draw, least, most):
    """A ratio that is no double, evenly spread on a logarithmic scale between powers of ten."""
    return Fraction(10 ** draw.uniform(least, most)).limit_denominator(10**6) + Fraction(1, 10**9 + 7)


def ordinary(seed):
    """Spectra over some powers of ten, decays anywhere between no root and all of them."""
    draw = random.Random(seed)
    features, depth = draw.choice([1, 2, 3, 10, 60]), draw.choice([1, 2, 2, 3, 5, 30])
    spread = draw.choice([0.5, 2, 6])
    a = [exact_number(draw, -spread, spread) for _ in range(features)]
    p = [exact_number(draw, -2, 2) for _ in a]
    level = exact_number(draw, -4, 1)
    return ScalarEquation(depth, exact_number(draw, 0, 1) + 1, level ** (depth + 1), Spectrum.of(a, p))


def test_radii_are_those_of_numbers_that_were_rounded():
    """The certified file says what they are, of inputs that are these doubles and of rounded ones."""
    equation = ScalarEquation(
        2, Fraction(4, 3), Fraction(1, 1000), Spectrum.of(["1/3", "5/7"], ["2/3", "1/7"])
    )
    a, p = ([float(x) for x in row] for row in (equation.data.a, equation.data.p))
    exact, rounded = (
        live.namespace("numpy", certified=True).stationary_points(
            a, p, 9.0, mean_decay=0.1, noise_factor=4 / 3, depth=2, ulps=ulps
        )
        for ulps in (0, 1)
    )
    found = [root.radius for root in search_in_doubles(equation).roots]
    assert len(found) == exact.count == rounded.count == 2
    assert (exact.ridge_radius < 0.95 * rounded.ridge_radius).all()
    assert found == pytest.approx(rounded.ridge_radius, rel=0.04)


def test_at_depth_one_a_root_that_is_hardly_told_is_left_to_balls():
    """Just below the threshold H′ is as small as λ is large, and the error of H is not."""
    for below, is_told in ((Fraction(1, 10**3), True), (Fraction(1, 10**9), False)):
        equation = ScalarEquation(1, Fraction(1), 1 - below, Spectrum.of([1], [1]))
        assert (search_in_doubles(equation) is not None) == is_told
        assert len(isolate_roots(equation, digits=5).roots) == 1


def near_a_fold(seed):
    """The level of H within 10^-2 … 10^-15 of one of its extremes, on either side: roots merge there."""
    draw = random.Random(seed)
    features, depth = draw.choice([1, 2, 3, 8]), draw.choice([2, 3, 7])
    a = [exact_number(draw, 0.5 * i, 0.5 * i + 3) for i in range(features)]
    p = [x * exact_number(draw, -1, 1) for x in a]
    floats = [(float(x), float(w)) for x, w in zip(a, p, strict=True)]

    def height(u):
        return math.log(sum(w / (x + math.exp(u)) ** 2 for x, w in floats)) + u * (depth + 1) / depth

    grid = [height(k / 50) for k in range(-600, 1200)]
    turns = [k for k in range(1, len(grid) - 1) if (grid[k] - grid[k - 1]) * (grid[k + 1] - grid[k]) < 0]
    at = (draw.choice(turns) - 600) / 50
    sign = 1 if height(at) >= max(height(at - 0.1), height(at + 0.1)) else -1
    low, high = at - 0.05, at + 0.05
    for _ in range(80):  # the extreme by ternary search
        first, second = low + (high - low) / 3, high - (high - low) / 3
        if sign * height(first) < sign * height(second):
            low = first
        else:
            high = second
    miss = draw.choice([1, -1]) * 10 ** -draw.uniform(2, 15)
    product = Fraction(math.exp(depth * (height(low) + miss)))
    return ScalarEquation(depth, Fraction(1), product, Spectrum.of(a, p))


def extreme(seed):
    """Numbers of any size, zeros, and weights that hardly count."""
    draw = random.Random(seed)
    size = draw.choice([40, 120, 290, 305])
    a = [exact_number(draw, -2, 2) * Fraction(10) ** draw.randint(-size, size) for _ in range(3)]
    p = [exact_number(draw, -2, 2) * Fraction(10) ** draw.randint(-size, size) for _ in a]
    a, p = [*a, Fraction(0), Fraction(5)], [*p, Fraction(0), Fraction(0)]
    product = exact_number(draw, -2, 2) * Fraction(10) ** draw.randint(-size, size)
    return ScalarEquation(draw.choice([2, 3, 1000]), Fraction(9, 8), product, Spectrum.of(a, p))


def ball_roots(equation):
    """(λ to many bits, rising) of every root, by balls alone; None where a cluster is left."""
    found = search_in_balls(equation)
    if found.clusters:
        return None
    with TURN, working_precision(BITS):
        return [
            (found.polished(zero, BITS)[0].place().exp(), zero.sample.trend > 0) for zero in found.zeros
        ]


def assert_right(equation, found):
    """Counts, kinds and enclosures of doubles are those of balls."""
    exact = ball_roots(equation)
    assert exact is not None
    assert [root.rising for root in found.roots] == [rising for _, rising in exact]
    with TURN, working_precision(BITS):
        for root, (ridge, _) in zip(found.roots, exact, strict=True):
            assert abs(ridge - arb(root.ridge)) <= arb(root.radius)
        for left, right in pairwise(found.roots):
            assert arb(left.ridge) + arb(left.radius) < arb(right.ridge) - arb(right.radius)


@pytest.mark.parametrize(
    ("make", "number", "decided"), [(ordinary, 400, 0.99), (near_a_fold, 600, 0.6), (extreme, 300, 0.05)]
)
def test_doubles_prove_what_balls_prove(make, number, decided):
    seeds = some(range(number), 10)
    counts = {}
    proved = 0
    for seed in seeds:
        equation = make(seed)
        if (found := search_in_doubles(equation)) is not None:
            proved += 1
            assert_right(equation, found)
            counts[len(found.roots)] = counts.get(len(found.roots), 0) + 1
    assert proved >= decided * len(seeds)
    assert make is extreme or (counts.get(0, 0) and counts.get(2, 0))
    assert make is not ordinary or counts.get(1, 0)


def test_radii_are_small():
    """13 digits for ordinary roots, whatever the number of features."""
    draw = random.Random(4)
    for features in (2, 10, 49, 51, 300):
        a, p = ([exact_number(draw, -2, 2) for _ in range(features)] for _ in "ap")
        found = search_in_doubles(ScalarEquation(3, Fraction(1), Fraction(1, 10**6), Spectrum.of(a, p)))
        assert len(found.roots) == 2
        assert all(root.radius < 1e-13 * root.ridge for root in found.roots)


@pytest.mark.parametrize("worst", [0.7, 0.99, 1.01, 1.3])
@pytest.mark.parametrize("name", ["exp", "log"])
def test_wrong_functions_of_the_library_prove_nothing_wrong(monkeypatch, name, worst):
    """They propose points; a proposal that is off is refused, or still proved."""
    good = getattr(math, name)
    draw = random.Random(worst)
    if name == "exp":
        monkeypatch.setattr(
            float_search, "exp", lambda x: good(x) * draw.uniform(min(1, worst), max(1, worst))
        )
    monkeypatch.setattr(float_blocks, name, lambda x: good(x) * draw.uniform(min(1, worst), max(1, worst)))
    for make in (ordinary, near_a_fold):
        for seed in some(range(100), 12):
            equation = make(seed)
            if (found := search_in_doubles(equation)) is not None:
                assert_right(equation, found)


@pytest.mark.parametrize("index", [0, 2])
def test_a_root_must_be_the_one_that_was_isolated(monkeypatch, index):
    """Both minima are sharp and of one kind; what settles at the wrong one proves nothing."""
    found = search_in_doubles(STAIRS)
    assert [root.rising for root in found.roots] == [True, False, True, False]
    place = found.roots[index].ridge  # the unit of x: the least a and ρ are 1
    settle = float_blocks.settle

    def astray(*arguments):
        settled = settle(*arguments)
        return place if settled == pytest.approx(found.roots[2 - index].ridge) else settled

    monkeypatch.setattr(float_blocks, "settle", astray)
    assert search_in_doubles(STAIRS) is None


def test_what_is_not_for_doubles_is_left_to_balls():
    dense = Moments.given([[2, 1], [1, 2]], [1, 0], 1)
    for equation in (
        ScalarEquation(2, Fraction(1), Fraction(1, 50**3), dense),
        ScalarEquation(2, Fraction(1), Fraction(27, 256), Spectrum.of([1], [1])),  # a double root
        ScalarEquation(2, Fraction(1), Fraction(1, 10**2000), FOUR),
        ScalarEquation(1, Fraction(1), Fraction(1), Spectrum.of([1], [1])),  # the threshold of D = 1
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([1, Fraction(1, 10**100)], [1, 1])),
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([1, 10**55], [1, 1])),
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([10**400], [10**400])),
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([Fraction(1, 10**320)], [1])),
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([1], [Fraction(1, 10**320)])),
        ScalarEquation(2, Fraction(1), Fraction(1), Spectrum.of([10**300, *range(1, 60)], [1] * 60)),
        ScalarEquation(
            2, Fraction(1), Fraction(1), Spectrum.of([Fraction(1, 10**300), *[10**300] * 60], [1] * 61)
        ),
    ):
        assert search_in_doubles(equation) is None
        assert isolate_roots(equation, digits=5).searched is not None
    within = Spectrum.of([1, 10**53], [1, 1])
    assert search_in_doubles(ScalarEquation(2, Fraction(1), Fraction(1), within)) is not None
    assert isolate_roots(STAIRS, digits=5).searched is None


# -- digits beyond those of doubles ---------------------------------------------------------------------


@pytest.mark.skipif(platform.machine() != "x86_64" or sys.platform != "linux", reason="names of a libm")
@pytest.mark.parametrize("direction", [0x400, 0x800, 0xC00])
def test_sums_rounded_in_another_direction_are_left_to_balls(direction):
    equation = ScalarEquation(2, Fraction(1), Fraction(1, 64), Spectrum.of([1, 2], [1, 1]))
    libm = ctypes.CDLL("libm.so.6")
    try:
        libm.fesetround(direction)
        found = search_in_doubles(equation)
    finally:
        libm.fesetround(0)
    assert found is None
    assert search_in_doubles(equation) is not None


@pytest.mark.parametrize("digits", [1, 12, 13, 14, 15, 16, 17, 29, 30, 31, 300])
def test_any_number_of_digits(digits):
    found = isolate_roots(STAIRS, digits=digits)
    assert found.searched is None
    exact = ball_roots(STAIRS) if digits < 50 else None
    for index, root in enumerate(found.roots):
        relative = root.enclosure.rad() / root.enclosure.mid()
        assert relative < arb(10) ** -digits
        if exact is not None:
            assert root.enclosure.contains(exact[index][0]) or root.enclosure.overlaps(exact[index][0])
        better, _ = refine(root, digits + 200)
        assert root.enclosure.contains(better.enclosure)


def test_one_evaluation_of_balls_gives_thirty_digits():
    quick = isolate_roots(STAIRS, digits=13)
    assert isolate_roots(STAIRS, digits=30).evaluations == quick.evaluations + len(quick.roots)


def test_a_root_of_another_neighborhood_is_not_refined_into():
    """A ball that holds no root is mapped to one that it does not meet: it cannot turn into a proof."""
    root = isolate_roots(STAIRS, digits=13).roots[0]
    beside = Root(STAIRS, True, root.enclosure + 1000 * root.enclosure.rad().mid())
    with pytest.raises(ArithmeticError, match="there is no root"):
        refine(beside, 30)


# -- certificates ---------------------------------------------------------------------------------------


def test_the_evidence_of_doubles_is_made_by_balls_and_passes_the_checker():
    landscape = solve(Network(2, widths=3, decays="1/50"), FOUR)
    assert landscape.roots.searched is None
    checked = check_certificate(certificate(landscape))
    assert (checked.roots, checked.complete, checked.minimum) == (4, True, "point 0")


@pytest.mark.parametrize("plant", ["a root missing", "a root too many", "a kind changed"])
def test_an_error_of_doubles_would_not_become_a_certificate(plant):
    from dataclasses import replace

    landscape = solve(Network(2, widths=3, decays="1/50"), FOUR)
    first, *others = landscape.roots.places
    places = {
        "a root missing": tuple(others),
        "a root too many": (first, first, *others),
        "a kind changed": (replace(first, rising=False), *others),
    }[plant]
    wrong = replace(landscape, roots=replace(landscape.roots, places=places))
    with pytest.raises(ArithmeticError, match="one of them is wrong"):
        certificate(wrong)
