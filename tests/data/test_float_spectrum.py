"""Spectra in doubles against exact eigenvalues."""

from fractions import Fraction

import numpy as np
import pytest
from mpmath import mp, mpf, workdps

from symderive import Moments, Spectrum
from symderive.data.float_spectrum import BALL_SIZE, spectrum

#: Half a unit in the last place, relative, with a little room for near ties.
HALF_ULP = 2.0**-53 * (1 + 1e-3)


def _samples(rows, columns, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.integers(-9, 10, (rows, columns))
    return X, X @ rng.integers(-3, 4, columns) + rng.integers(-2, 3, rows)


def _exact(data, digits=60):
    """Eigenvalues and squared components by mpmath, increasing."""
    d = data.dimension
    with workdps(digits):
        A = mp.matrix(d, d)
        scale = [mp.sqrt(mpf(s.numerator) / s.denominator) for s in data.metric]
        entry = lambda i, j: mpf(data.entry(i, j).numerator) / data.entry(i, j).denominator  # noqa: E731
        for i in range(d):
            for j in range(d):
                A[i, j] = entry(i, j) / scale[i] / scale[j]
        v = mp.matrix([entry(i, d) / scale[i] for i in range(d)])
        values, vectors = mp.eigsy(A)
        return list(values), [(vectors[:, i].T * v)[0] ** 2 for i in range(d)]


@pytest.mark.parametrize("standardize", [False, True])
def test_rounded_correctly(standardize):
    data = Moments.from_samples(*_samples(30, 8), standardize=standardize)
    found, (values, squares) = spectrum(data), _exact(data)
    for got, exact in ((found.a, values), (found.p, squares)):
        errors = [abs(mpf(x) / y - 1) for x, y in zip(got, exact, strict=True)]
        assert max(errors) <= HALF_ULP
        assert max(abs(mpf(x) * (1 + 2.0**-51) / y - 1) for x, y in zip(got, exact, strict=True)) > HALF_ULP
    assert found.c == float(data.c)


def test_map_of_a_point_is_the_ridge_solution():
    data = Moments.from_samples(*_samples(30, 6))
    found, lam = spectrum(data), 0.75
    m = found.axes @ (np.sqrt(found.p) / (2 * found.a + lam))
    A = np.array([[float(data.entry(i, j)) for j in range(6)] for i in range(6)])
    v = np.array([float(data.entry(i, 6)) for i in range(6)])
    np.testing.assert_allclose(m, np.linalg.solve(2 * A + lam * np.eye(6), v), rtol=1e-12)


def test_zero_eigenvalues_are_exact():
    data = Moments.from_samples(*_samples(5, 9))
    found = spectrum(data)
    assert (found.a == 0).sum() == 4
    assert (found.p[found.a == 0] == 0).all()
    assert (found.p > 0).sum() == 5


def test_multiple_eigenvalues_keep_the_length_of_v():
    """In every eigenspace the axes are free, and the sum of the squares is not."""
    data = Moments.given([[2, 0, 0], [0, 2, 0], [0, 0, 5]], [1, 2, 3], 20)
    found = spectrum(data)
    assert found.a.tolist() == [2, 2, 5]
    assert found.p[:2].sum() == pytest.approx(5, rel=2.0**-50)
    assert found.p[2] == 9


def test_near_clusters_are_told_apart():
    """Two eigenvalues 2^-90 from each other, v along one of them."""
    tiny = Fraction(1, 2**90)
    data = Moments.given([[1 + tiny, tiny], [tiny, 1 + tiny]], [1, 1], 3)
    found = spectrum(data)
    assert found.a.tolist() == [1, 1]
    assert found.p.tolist() == [0, 2]


def test_many_features_go_to_floats():
    X, y = _samples(90, BALL_SIZE + 6)
    data = Moments.from_samples(X, y)
    found = spectrum(data)
    reference = np.linalg.eigvalsh(X.T @ X / len(X))
    np.testing.assert_allclose(found.a, reference, atol=1e-12 * reference[-1])
    v = X.T @ y / len(X)
    np.testing.assert_allclose(found.axes @ np.sqrt(found.p), v, atol=1e-12 * np.linalg.norm(v))


def test_a_given_spectrum_is_sorted():
    found = spectrum(Spectrum.of([3, 1, 2], [9, 1, 4], 100))
    assert (found.a.tolist(), found.p.tolist(), found.c) == ([1, 2, 3], [1, 4, 9], 100)
    np.testing.assert_array_equal(found.axes @ found.p, [9, 1, 4])
