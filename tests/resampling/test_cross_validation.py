"""Errors of cross-validation through moments against the samples, and maps from doubles against balls."""

from fractions import Fraction

import numpy as np
import pytest

from symderive import InputError, Moments, Network, solve
from symderive.resampling.cross_validation import (
    Candidates,
    Fold,
    default_decays,
    folds_of,
    mean_squared_errors,
    slopes,
    standardized,
)


def samples(seed, n=12, d=3):
    rng = np.random.default_rng(seed)
    X = rng.integers(-9, 9, (n, d)) / 4
    return X, X @ rng.integers(-3, 3, d) + rng.integers(-9, 9, n) / 2


def parts(X, y, count, **options):
    places = np.array_split(np.arange(len(y)), count)
    return places, [Moments.from_samples(X[k], y[k], **options) for k in places]


@pytest.mark.parametrize("center", [False, True])
@pytest.mark.parametrize("count", [2, 3, 5, 12])
def test_folds_are_all_samples_but_those_of_the_part(count, center):
    X, y = samples(count)
    places, moments = parts(X, y, count, center=center)
    for fold, k, part in zip(folds_of(moments), places, moments, strict=True):
        rest = np.setdiff1d(np.arange(len(y)), k)
        direct = Moments.from_samples(X[rest], y[rest], center=center)
        assert fold.train == direct
        assert fold.train.means == direct.means
        assert fold.test is part
        assert fold.train != Moments.from_samples(X, y, center=center)


def test_training_moments_are_standardized_by_themselves():
    X, y = samples(0)
    places, moments = parts(X, y, 3, center=True)
    fold = folds_of(moments, standardize=True)[0]
    rest = np.setdiff1d(np.arange(len(y)), places[0])
    assert fold.train == Moments.from_samples(X[rest], y[rest], standardize=True)
    assert fold.test.variances is None
    constant = Moments.from_samples([[1, 2], [1, 3]], [1, 2], center=True)
    with pytest.raises(InputError, match="'x1' is constant"):
        standardized(constant)


def test_one_part_is_not_enough():
    with pytest.raises(InputError, match="at least 2"):
        folds_of([Moments.from_samples([[1]], [1])])


@pytest.mark.parametrize(
    "options", [{}, {"center": True}, {"standardize": True}], ids=["raw", "center", "std"]
)
def test_errors_are_those_of_the_samples_exactly(options):
    X, y = samples(4, n=15)
    train = Moments.from_samples(X[:9], y[:9], **options)
    test = Moments.from_samples(X[9:], y[9:], center=bool(options))
    W = np.random.default_rng(1).normal(size=(4, 3)) * [[1], [1e-30], [1e9], [0]]
    *centers, center = train.means or (0,) * 4
    expected = []
    for w in W.tolist():
        errors = [
            Fraction(t)
            - Fraction(center)
            - sum(Fraction(b) * (Fraction(a) - m) for a, b, m in zip(x, w, centers, strict=True))
            for x, t in zip(X[9:].tolist(), y[9:].tolist(), strict=True)
        ]
        expected.append(float(sum(e * e for e in errors) / 6))
    assert mean_squared_errors(Fold(train, test), W).tolist() == expected
    if options:
        wrong = Fold(Moments.from_samples(X, y, center=True), test)
        assert mean_squared_errors(wrong, W).tolist() != expected


@pytest.mark.parametrize("options", [{"center": True}, {"standardize": True}], ids=["center", "std"])
@pytest.mark.parametrize("n", [20, 4])
def test_maps_from_doubles_are_those_of_balls(n, options):
    X, y = samples(6, n=n, d=5)
    data = Moments.from_samples(X, y, **options)
    decays = ["1/10", "1/1000", 1000, "1/3"]  # in any order
    candidates = [Candidates.of(depth, decays, width=3, dropout="1/5") for depth in (0, 1, 2, 5)]
    collapsed = 0
    for one, W in zip(candidates, slopes(data, candidates), strict=True):
        for decay, w in zip(one.decays, W, strict=True):
            landscape = solve(one.network(decay), data)
            exact = landscape.linear_map(landscape.global_minimum.index).slopes
            assert np.linalg.norm(w - exact) <= 1e-12 * np.linalg.norm(exact)
            collapsed += not exact.any()
    assert 0 < collapsed < 12


def test_what_doubles_leave_open_is_solved_in_balls():
    """A tie with the origin, and no decay at all."""
    data = Moments.from_samples([[1], [-1]], [1, -1])
    tied, least = Candidates.of(2, [Fraction(1, 2)]), Candidates.of(0, [0, 1])
    maps = slopes(data, [tied, least])
    assert maps[1].tolist() == [[1.0], [0.5]]
    landscape = solve(tied.network(Fraction(1, 2)), data)
    assert maps[0].tolist() == [landscape.linear_map(landscape.global_minimum.index).slopes.tolist()]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_default_decays_end_where_the_network_collapses(depth):
    X, y = samples(7)
    data = Moments.from_samples(X, y, center=True)
    decays = default_decays(data, depth, 5, 1e-3, width=8, noise="1/2")
    assert len(decays) == 5
    assert decays[0] == pytest.approx(1e-3 * decays[-1])
    for factor, collapses in (("0.9999", False), ("1.0001", True)):
        net = Network(depth, widths=8, noise="1/2", decays=Fraction(decays[-1]) / 2 * Fraction(factor))
        assert solve(net, data).global_minimum.at_origin is collapses


def test_default_decays_where_nothing_collapses():
    data = Moments.given([[2, 0], [0, 1]], [0, 0], 1)
    assert default_decays(data, 0, 2, 0.1) == pytest.approx([0.3, 3])
    assert default_decays(data, 2, 2, 0.1) == pytest.approx([0.3, 3])
    assert default_decays(Moments.given([[0]], [0], 1), 0, 1, 0.1) == pytest.approx([0.1])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda data: default_decays(data, 0, 0, 0.1), "at least 1"),
        (lambda data: default_decays(data, 0, 2, 1), "between 0 and 1"),
        (lambda _: Candidates.of(1, []), "no decays"),
        (lambda _: Candidates.of(1, [1, "x"]), "decay 2"),
        (lambda _: Candidates.of(1, [-1]), "-1"),
        (lambda data: slopes(data, [Candidates.of(1, [0])]), "all decays are 0"),
    ],
)
def test_what_cannot_be_tried_is_refused(make, words):
    with pytest.raises(InputError, match=words):
        make(Moments.given([[1]], [1], 1))
