"""Moments of few samples against the same moments with all d × d entries."""

import pickle
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb_mat
from oracles.few_samples import ODDITIES, SHAPES, WAYS, dense, odd_samples
from oracles.sampled import some

from symderive import InputError, Moments
from symderive.arithmetic.exact import TURN, working_precision
from symderive.arithmetic.matrices import Balls
from symderive.data.blocks import Block, Decimals, Floats, Fractions, Integers, Table
from symderive.data.kept_samples import few_samples
from symderive.data.moments import WideMoments
from symderive.data.rounded_spectrum import rounded_spectrum

NUMBERS = (
    "c",
    "explained",
    "nullity",
    "trace",
    "v_norm_squared",
    "cross_moments",
    "dimension",
    "fingerprint",
)
CASES = [(shape, way, oddity) for shape in SHAPES for way in WAYS for oddity in ODDITIES]


def moments_of(shape, way, oddity):
    """None where a column is constant and cannot be standardized; the test that follows counts them."""
    try:
        return Moments.from_samples(*odd_samples(*shape, oddity), **way)
    except InputError:
        return None


def test_a_constant_column_alone_is_refused():
    refused = [case for case in CASES if moments_of(*case) is None]
    assert all("standardize" in way for _, way, _ in refused)
    oddities = {oddity for (rows, _), _, oddity in refused if rows > 2}
    assert {"a column of zeros", "a constant column"} <= oddities
    assert "nothing" not in oddities


def all_equal(data, other):
    """Whether all exact numbers are the same."""
    same = all(getattr(data, name) == getattr(other, name) for name in NUMBERS)
    return same and all(data.power_moment(k) == other.power_moment(k) for k in range(4))


@pytest.mark.parametrize(("shape", "way", "oddity"), CASES)
def test_exact_numbers_are_those_of_the_entries(shape, way, oddity):
    data = moments_of(shape, way, oddity)
    if data is None:
        return
    other = dense(data)
    assert type(data) is WideMoments
    assert type(other) is Moments
    assert all_equal(data, other)
    assert data == other
    assert hash(data) == hash(other)
    again = pickle.loads(pickle.dumps(data))  # noqa: S301 our own
    assert type(again) is WideMoments
    assert again == data
    assert again.samples.means == data.samples.means


@pytest.mark.parametrize(("shape", "way", "oddity"), some(CASES, 4))
def test_the_thin_product_is_the_matrix(shape, way, oddity):
    data = moments_of(shape, way, oddity)
    if data is None:
        return
    d, op = data.dimension, Balls()
    with TURN, working_precision(120):
        (thin, v), (A, w) = data.operator(), dense(data).balls()
        product = thin.times(op, arb_mat(d, d, [int(i == j) for i in range(d) for j in range(d)]))
        for x, y in zip([*product.entries(), *v.entries()], [*A.entries(), *w.entries()], strict=True):
            assert x.overlaps(y)
        # Near-miss: the unit of another number of samples.
        off = replace(thin, unit=thin.unit * (data.samples.count + 1) / data.samples.count)
        if not A[1, 1].contains(0):
            assert not off.times(op, arb_mat(d, 1, [int(i == 1) for i in range(d)]))[1, 0].overlaps(A[1, 1])


def test_samples_whose_means_are_left_in_are_told_apart():
    """Near-miss: what is said to be centered and is not has other moments."""
    X, y = odd_samples(5, 9, "nothing")
    plain, centered = Moments.from_samples(X, y), Moments.from_samples(X, y, center=True)
    for wrong in (
        replace(centered.samples, X=plain.samples.X),
        replace(centered.samples, Y=plain.samples.Y),
        replace(centered.samples, unit=centered.samples.unit * 5 / 4),
        replace(plain.samples, means=centered.samples.means),
    ):
        table = Table(centered.features, "y", (), "samples")
        assert WideMoments.of(centered.samples, table, standardize=False) == centered
        assert WideMoments.of(wrong, table, standardize=False) != centered


def test_dependent_samples_explain_less_than_independent_ones():
    """vᵀA⁺v is all of c only where the samples are independent."""
    X, y = odd_samples(5, 9, "nothing")
    full = Moments.from_samples(X, y)
    assert full.explained == full.c
    assert full.nullity == 4
    X[3], y[3] = X[2], y[2] + 1
    twice = Moments.from_samples(X, y)
    assert twice.nullity == 5
    assert twice.c - twice.explained == Fraction(1, 4) * 2 / 5  # two targets half a unit from their mean


def test_weighted_samples_have_all_entries():
    X, y = odd_samples(3, 8, "nothing")
    weighted = Moments.from_samples(X, y, sample_weight=[1, 2, 1])
    repeated = Moments.from_samples([*X, X[1]], [*y, y[1]])
    assert type(weighted) is Moments
    assert type(repeated) is WideMoments
    assert all_equal(weighted, repeated)
    assert not all_equal(weighted, Moments.from_samples(X, y))  # near-miss: without the weights


def test_as_many_samples_as_features_are_not_kept():
    for rows, kind in ((8, WideMoments), (9, Moments), (10, Moments)):
        assert type(Moments.from_samples(*odd_samples(rows, 9, "nothing"))) is kind


def test_features_that_are_dropped_do_not_count():
    X, y = odd_samples(5, 9, "a constant column")
    left = Moments.from_samples(X, y, drop_constant=True)
    assert type(left) is WideMoments
    assert left.dimension == 8
    assert left.notes
    assert all_equal(left, Moments.from_samples([row[:-1] for row in X], y))
    few = Moments.from_samples([[*row[:4], *[7] * 5] for row in X], y, drop_constant=True)
    assert type(few) is Moments
    assert few.dimension == 4
    assert all_equal(few, Moments.from_samples([row[:4] for row in X], y))


def test_every_kind_of_columns_keeps_its_numbers():
    floats = np.array([[0.1, -3e-300, 2.0**80, 0.0], [1e300, 0.5, -7.0, 0.0]])
    whole = np.array([[12, -(2**62)], [0, 5]])
    limbs = np.array([[[1.0, -2.0], [999_999.0, 0.0]], [[3.0, 0.0], [-4.0, 5.0]]])
    odd = [[Fraction(1, 3)], [Fraction(-2, 7)]]
    columns = (Floats(floats), Integers(whole, 3), Decimals(limbs, -1), Fractions(odd))
    block = Block(columns)
    names = tuple(f"x{i}" for i in range(block.width - 1))
    for blocks in ([block], [block.part(0, 1), block.part(1, 2)]):
        samples, _ = few_samples(Table(names, "y", blocks, "columns"), center=False)
        Z, expected = samples, block.fractions()
        scale = samples.unit * samples.count  # the square of the unit of the rows
        for i, row in enumerate(expected):
            for j, x in enumerate(row[:-1]):
                assert int(Z.X[i, j]) ** 2 * scale == x * x
                assert (int(Z.X[i, j]) > 0) == (x > 0)
            assert int(Z.Y[i, 0]) ** 2 * scale == row[-1] ** 2


@pytest.mark.parametrize(("shape", "way", "oddity"), some([case for case in CASES if case[0][0] > 1], 6, 1))
def test_rounded_spectra_from_samples_have_the_sums_of_those_from_entries(shape, way, oddity):
    data = moments_of(shape, way, oddity)
    if data is None or data.v_norm_squared == 0:
        return
    found, other = rounded_spectrum(data), rounded_spectrum(dense(data))
    bound = 2.0**-48 * (1 + found.ulps + other.ulps)
    for ridge in (0.0, 0.1, 10.0):
        for power in (1, 2, 3, 4):
            one, two = (float(np.sum(s.p / (s.a + ridge) ** power)) for s in (found, other))
            assert abs(one - two) <= bound * two
            # Near-miss: components that were not multiplied by the eigenvalues.
            if ridge == 0 and not np.allclose(found.a, 1):
                three = float(np.sum(found.p / found.a / found.a**power))
                assert not abs(three - two) <= bound * two


def test_kept_samples_are_no_larger_than_they_are():
    """Nothing of size d × d is made by what a solution asks for."""
    X = [[(i * j * j + j) % 17 - 8 for j in range(400)] for i in range(1, 4)]
    data = Moments.from_samples(X, [1, -2, 4])
    with TURN, working_precision(64):
        data.operator()
    assert data.explained == data.c
    assert data.nullity == 397
    assert data.power_moment(2) > 0
    assert hash(data) == hash(pickle.loads(pickle.dumps(data)))  # noqa: S301 our own
    assert "_gram" not in vars(data)
    assert data.gram.nrows() == 401
    assert "_gram" in vars(data)
