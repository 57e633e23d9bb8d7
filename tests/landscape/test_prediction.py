"""Predictions in users' units against the exact ones, and the frames and tables that they take."""

import random
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from symderive import InputError, Moments, Network, Spectrum, solve
from symderive.arithmetic.exact import TURN, ball, exact_value, working_precision
from symderive.landscape.prediction import linear_map

NET = Network(2, widths=4, decays="1/100", dropout="1/10")


def table(seed, n=12, d=3, offset=0.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * [1, 100, 0.01][:d] + offset
    return X, (X - offset) @ [3.0, 0.02, -200.0][:d] + rng.normal(size=n) + 5


def exact_prediction(landscape, x):
    """t + Σ m_j (x_j - x̄_j)/s_j from balls of 60 digits, and the size of its terms."""
    data, m = landscape.data, landscape.end_to_end_map(landscape.global_minimum.index, digits=60)
    *centers, center = data.means or (0,) * (data.dimension + 1)
    with TURN, working_precision(400):
        terms = [
            (value / ball(s).sqrt(), Fraction(float(a)) - Fraction(mean), Fraction(mean))
            for value, s, a, mean in zip(m, data.metric, x, centers, strict=True)
        ]
        total = sum((w * ball(moved) for w, moved, _ in terms), ball(Fraction(center)))
        size = sum(
            (abs(w) * ball(abs(moved) + abs(mean)) for w, moved, mean in terms), abs(ball(Fraction(center)))
        )
        return exact_value(total.mid()), exact_value(size.mid())


@pytest.mark.parametrize("offset", [0.0, 3.0, 1e6])
@pytest.mark.parametrize(
    "options", [{}, {"center": True}, {"standardize": True}], ids=["raw", "center", "standardize"]
)
def test_errors_are_within_the_bound_that_the_docstring_states(options, offset):
    X, y = table(1, offset=offset)
    landscape = solve(NET, Moments.from_samples(X, y, **options), digits=15)
    for x, found in zip(X, landscape.predict(X), strict=True):
        exact, size = exact_prediction(landscape, x)
        bound = (3 + 4) * Fraction(2) ** -53 * size
        assert abs(Fraction(float(found)) - exact) <= bound
        assert abs(Fraction(float(found * (1 + 1e-13))) - exact) > bound or bound > 1e-13 * abs(exact) / 2


def test_it_fits_the_samples_in_their_own_units():
    X, y = table(2, n=40)
    for options in ({"center": True}, {"standardize": True}):
        data = Moments.from_samples(X, y, **options)
        errors = y - solve(Network(2, widths=4, decays="1/100000"), data).predict(X)
        assert errors.std() < 1.2
        raw = Moments.from_samples((X - X.mean(axis=0)) / X.std(axis=0), y)  # not told what was subtracted
        assert (y - solve(Network(2, widths=4, decays="1/100000"), raw).predict(X)).std() > 2


def test_other_points_and_the_origin():
    X, y = [[1], [2], [6]], [1, 3, 5]
    landscape = solve(NET, Moments.from_samples(X, y, center=True))
    minimum = landscape.global_minimum.index
    assert landscape.predict(X).tolist() == landscape.predict(X, index=minimum).tolist()
    others = [point.index for point in landscape.points if point.index != minimum]
    assert others
    assert all(landscape.predict(X, index=i).tolist() != landscape.predict(X).tolist() for i in others)
    with pytest.raises(InputError, match="point 9 does not exist"):
        landscape.predict(X, index=9)
    collapsed = solve(Network(2, widths=4, decays=100), Moments.from_samples(X, y, center=True))
    assert collapsed.predict(X, return_std=True)[0].tolist() == [3.0] * 3


def test_the_spread_is_that_of_the_centered_network():
    X, y = table(3)
    data = Moments.from_samples(X, y, center=True)
    landscape = solve(NET, data)
    mean, std = landscape.predict(X, return_std=True)
    ratio = float(NET.noise_factor - 1) ** 0.5
    assert std == pytest.approx(ratio * abs(mean - y.mean()), rel=1e-9)
    variance = landscape.points[landscape.global_minimum.index].prediction_variance
    assert (std**2).mean() == pytest.approx(float(variance.mid()), rel=1e-12)


def test_columns_of_a_frame_go_by_their_names():
    pandas = pytest.importorskip("pandas")
    X, y = table(4)
    names = ["age", "body mass", "pressure"]
    frame = pandas.DataFrame(X, columns=names)
    landscape = solve(NET, Moments.from_samples(X, y, features=names))
    expected = landscape.predict(X).tolist()
    mixed = frame.assign(y=y, other="text")[["y", "pressure", "other", "age", "body mass"]]
    assert landscape.predict(mixed).tolist() == landscape.predict(frame).tolist() == expected
    with pytest.raises(InputError, match="no column 'pressure'"):
        landscape.predict(frame[["age", "body mass"]])
    polars = pytest.importorskip("polars")
    assert landscape.predict(polars.from_pandas(mixed)).tolist() == expected
    unnamed = solve(NET, Moments.from_samples(X, y))
    assert unnamed.predict(frame).tolist() == expected


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ([[1, 2]], "X has 2 columns; give the 3 features"),
        (np.ones((2, 4)), "X has 4 columns; give the 3 features"),
        ([1, 2, 3], "X"),
        (np.ones(3), "X has 1 dimension"),
        ([[1, 2, float("nan")]], "row 1, column 3"),
        (np.array([[1, 2, 3], [np.inf, 2, 3]]), "row 2, column 1"),
        ([["a", "b", "c"]], "row 1, column 1 'a'"),
        ([[1, 2, 3], [1, 2]], "row 2 has 2 entries"),
        ([[1, 2, "1e400"]], "beyond the range of double"),
    ],
)
def test_what_is_no_table_of_the_features_is_refused(X, words):
    landscape = solve(NET, Moments.from_samples(*table(5)))
    with pytest.raises(InputError, match=words) as caught:
        landscape.predict(X)
    assert len(str(caught.value)) < 300


def test_exact_numbers_and_sparse_tables_are_read():
    sparse = pytest.importorskip("scipy.sparse")
    landscape = solve(NET, Moments.from_samples(*table(5)))
    X = [[1, Fraction(1, 3), "0.1"], [2**53 + 1, 0, 0]]
    expected = landscape.predict(np.array([[1, 1 / 3, 0.1], [2.0**53, 0, 0]])).tolist()
    assert landscape.predict(X).tolist() == expected
    whole = np.array([[2**53 + 1, 0, 0], [1, 2, 3]])
    assert landscape.predict(whole).tolist() == landscape.predict(whole.astype(float)).tolist()
    assert landscape.predict(sparse.csc_array([[1, 1 / 3, 0.1], [2.0**53, 0, 0]])).tolist() == expected


def test_a_spectrum_has_no_features():
    with pytest.raises(InputError, match="no features"):
        solve(NET, Spectrum.of([1], [1])).predict([[1]])


@pytest.mark.parametrize("seed", range(5))
def test_slopes_and_intercept_are_correctly_rounded(seed):
    """Of exact maps, among them halfway cases and zeros; a map of few digits would not do."""
    rng = random.Random(seed)
    exact = [Fraction(rng.randrange(-(10**9), 10**9), rng.randrange(1, 10**9)) for _ in range(4)]
    exact += [Fraction(0), 1 + Fraction(1, 2**53) + Fraction(1, 10**40)]
    means = [Fraction(rng.randrange(-99, 99), 7) for _ in range(7)]
    data = Moments.given([[int(i == j) for j in range(6)] for i in range(6)], [0] * 6, 1)
    data = type(data)(data.gram, data.denominator, None, data.features, means=tuple(means))

    def map_at(digits):
        with TURN, working_precision(4 * digits + 20):
            return [ball(x) + arb(0, 1) * arb(10) ** -digits for x in exact]

    found = linear_map(data, Network(0, decays=1), map_at)
    assert found.slopes.tolist() == [float(x) for x in exact]
    assert found.intercept == float(means[-1] - sum(x * y for x, y in zip(exact, means, strict=False)))
    short = linear_map(data, Network(0, decays=1), lambda digits: map_at(min(digits, 20)))
    assert short.slopes[5] == 1.0 != found.slopes[5]


def test_numbers_beyond_doubles_are_refused():
    data = Moments.from_samples([["1e400"], ["3e400"]], [1, 2], center=True)
    with pytest.raises(InputError, match="beyond the range of double"):
        solve(Network(0, decays=1), data).predict([[1]])
