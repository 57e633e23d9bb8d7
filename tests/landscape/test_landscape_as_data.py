"""A landscape as data: pickled, compared and hashed by what it holds, without the search that found it."""

import pickle
import pickletools
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

import pytest
from flint import arb

from symderive import Moments, Network, Spectrum, solve
from symderive.arithmetic.records import content
from symderive.certificates.certificate import certificate

FOUR = Spectrum.of([1, 400], ["1/100", "49/100"], 1)
ONE = Moments.given([[1]], [1], 1)
SAMPLES = ([[1, 2, 0], [3, 1, 1], [2, 5, 1], [0, 1, 7]], [1, 2, 2, 5])
TINY = Fraction(1, 10**40)

CASES = {
    "several points": lambda: (Network(2, widths=32, decays="1/50", dropout="1/10"), FOUR),
    "moments": lambda: (
        Network(2, widths=[2, 3], decays="1/50", noise="1/9"),
        Moments.given([[1, 0], [0, 400]], ["1/10", "7/10"], 1),
    ),
    "standardized": lambda: (
        Network(1, widths=3, decays="1/50"),
        Moments.from_samples(*SAMPLES, center=True, standardize=True),
    ),
    "depth 0": lambda: (Network(0, decays="1/3"), Moments.from_samples(*SAMPLES)),
    "least squares": lambda: (Network(0, decays=0), Moments.from_samples(*SAMPLES)),
    "least squares of a spectrum": lambda: (Network(0, decays=0), FOUR),
    "double root": lambda: (Network(2, widths=1, decays=["27/64", "1/4", 1]), ONE),
    "undecided": lambda: (
        Network(2, widths=4, decays=["27/64", "1/4", 1 - Fraction(1, 10**900)]),
        Spectrum.of([1], [1]),
    ),
    "v = 0": lambda: (Network(2, widths=2, decays="1/3"), Moments.given([[1]], [0], 1)),
    "v = 0 at depth 0": lambda: (Network(0, decays="1/3"), Spectrum.of([1, 2], [0, 0], 1)),
}
NAMES = tuple(CASES)


def sent(value):
    return pickle.loads(pickle.dumps(value))  # noqa: S301


def solved(name, digits=20):
    return solve(*CASES[name](), digits=digits)


@lru_cache
def original(name):
    return solved(name)


def places(landscape):
    return (None, *range(len(landscape.points)))


def answers(landscape, digits):
    """What can be asked of a landscape, to a number of digits."""
    for place in places(landscape):
        yield content(tuple(landscape.end_to_end_map(place, digits=digits)))
        yield content(tuple(map(str, landscape.layers(place, digits=digits).balls(200))))
        hessian = landscape.hessian(place, digits=digits)
        yield content(hessian)
        yield landscape.inertia(place)
        if isinstance(landscape.data, Moments):
            yield landscape.verify(place, digits=digits).verdict
    yield str(landscape)


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_is_equal_and_goes_on_to_more_digits(name):
    landscape = original(name)
    copied = sent(landscape)
    assert copied == landscape
    assert hash(copied) == hash(landscape)
    assert copied.complete == landscape.complete
    assert list(answers(copied, 33)) == list(answers(landscape, 33))


@pytest.mark.parametrize("name", NAMES)
def test_a_pickle_holds_no_search_and_does_not_grow_with_questions(name):
    landscape = solved(name)
    before = pickle.dumps(landscape)
    list(answers(landscape, 31))
    assert pickletools.optimize(pickle.dumps(landscape)) == pickletools.optimize(before)
    for cached in (b"Resolvent", b"RidgeSystem", b"HessianBlocks", b"Response", b"Reading"):
        assert cached not in before
    assert landscape == solved(name)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_solved_alike_is_equal(name):
    landscape = solved(name)
    assert landscape == original(name)
    assert len({landscape, original(name)}) == 1
    assert landscape.points == original(name).points


@pytest.mark.parametrize("name", NAMES)
def test_another_digit_count_is_not_equal(name):
    assert solved(name, 21) != original(name)


def near_misses(net, data):
    """The problem with one number changed by 10^-40."""
    decays = [net.decays[0] + TINY, *net.decays[1:]]
    yield Network(net.depth, widths=net.widths, decays=decays, noise=net.noise), data
    if isinstance(data, Spectrum):
        yield net, Spectrum.of(data.a, data.p, data.c + TINY)
        yield net, Spectrum.of([*data.a[:-1], data.a[-1] + TINY], data.p, data.c + 1)
    else:
        scale = TINY.denominator
        gram = data.gram * scale
        gram[data.dimension, data.dimension] += 1
        yield net, replace(data, gram=gram, denominator=data.denominator * scale)
    if net.depth:
        yield Network(net.depth, widths=net.widths, decays=net.decays, noise=[1, *net.noise[1:]]), data


@pytest.mark.parametrize("name", NAMES)
def test_another_decay_datum_or_noise_is_not_equal(name):
    for net, data in near_misses(*CASES[name]()):
        assert solve(net, data, digits=20) != original(name)


def test_a_landscape_that_was_tampered_with_is_not_equal():
    landscape = original("several points")
    point, *others = landscape.points
    wider = replace(point, loss=point.loss + arb(0, 1e-300))
    assert wider != point
    assert replace(landscape, points=(wider, *others)) != landscape
    root, *roots = landscape.roots.places
    moved = replace(root, enclosure=root.enclosure + 1)
    assert replace(landscape, roots=replace(landscape.roots, places=(moved, *roots))) != landscape
    searched = original("double root").roots.searched
    piece, *pieces = searched.pieces
    longer = replace(piece, left=piece.left - 1)
    assert replace(searched, pieces=(longer, *pieces)) != searched
    assert replace(searched, pieces=(piece, *pieces)) == searched
    ridge, *ridges = landscape.ridges
    assert replace(landscape, ridges=(replace(ridge, decided=False), *ridges)) != landscape
    assert replace(landscape, points=(point, *others)) == landscape


def test_a_point_and_a_minimum_are_data_too():
    landscape = original("several points")
    best = landscape.global_minimum
    assert sent(best) == best
    assert replace(best, loss=best.loss + arb(0, 1e-300)) != best
    for point in landscape.points:
        assert sent(point) == point
    assert len(set(landscape.points)) == 4


def test_a_copy_has_the_certificate():
    for name in ("several points", "moments"):
        landscape = original(name)
        assert certificate(sent(landscape)) == certificate(landscape)
