"""Every kind of noise in the regressor: passed on to the network, and, at depth 0, a ridge of its own."""

import numpy as np
import pytest

from symderive import InputError
from symderive.sklearn import DeepLinearRegressor, DeepLinearRegressorCV

RNG = np.random.default_rng(3)
X = RNG.normal(size=(15, 3)) + 1
Y = X @ [1.0, -0.5, 0.3] + 0.1 * RNG.normal(size=15)


def test_feature_noise_at_depth_0_adds_to_the_diagonal_of_centered_moments():
    # near miss: the jitter alone, or moments that are not centered, give another map
    Z = X - X.mean(axis=0)
    A, v = Z.T @ Z / 15, Z.T @ (Y - Y.mean()) / 15
    found = DeepLinearRegressor(0, decay=0, feature_noise=0.5, feature_jitter=0.25).fit(X, Y).coef_
    expected = np.linalg.solve(A + np.diag(0.5 * np.diag(A) + 0.25), v)
    assert np.allclose(found, expected, rtol=1e-12)
    assert not np.allclose(found, np.linalg.solve(A + 0.25 * np.eye(3), v), rtol=1e-3)


@pytest.mark.parametrize(
    "noise",
    [
        {"noise": 1, "groups": 2},
        {"weight_noise": 0.5},
        {"dropconnect": 0.25},
        {"feature_noise": 0.5},
        {"feature_dropout": 0.25},
        {"feature_jitter": 0.5},
        {"hidden_jitter": 0.125},
    ],
)
def test_every_noise_moves_the_map_and_target_noise_does_not(noise):
    plain = {"noise": noise["noise"]} if "groups" in noise else {}
    options = {"depth": 1, "width": 4, "decay": "0.01"}
    still = DeepLinearRegressor(**options, **plain).fit(X, Y).coef_
    target = DeepLinearRegressor(**options, **plain, target_noise=1).fit(X, Y).coef_
    moved = DeepLinearRegressor(**options, **noise).fit(X, Y)
    assert np.array_equal(still, target)
    assert np.linalg.norm(moved.coef_ - still) > 1e-3 * np.linalg.norm(still)
    assert (moved.predict(X, return_std=True)[1] >= 0).all()


def test_hidden_jitter_wants_a_hidden_layer():
    with pytest.raises(InputError, match="no hidden layer"):
        DeepLinearRegressor(0, hidden_jitter=1).fit(X, Y)


@pytest.mark.parametrize("noise", [{"feature_noise": 0.5}, {"weight_noise": 0.5}, {"feature_jitter": 0.5}])
def test_folds_are_fitted_with_the_noise(noise):
    decays, train = ["0.01", "0.1"], np.arange(15) >= 5
    options = {"width": 4, **noise}
    found = DeepLinearRegressorCV((0, 1), decays, cv=3, **options).fit(X, Y)
    for i, depth in enumerate((0, 1)):
        for j, decay in enumerate(decays):
            one = DeepLinearRegressor(depth, decay=decay, **options).fit(X[train], Y[train])
            errors = Y[~train] - one.predict(X[~train])
            assert np.isclose(found.scores_[i, j, 0], -np.mean(errors**2), rtol=1e-9)
    still = DeepLinearRegressorCV((0, 1), decays, cv=3, width=4).fit(X, Y)
    assert not np.allclose(found.scores_, still.scores_, rtol=1e-3)
