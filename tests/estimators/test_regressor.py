"""The regressor: scikit-learn's own checks, ridge regression at depth 0, and the loss of the network."""

import pickle
import re
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sklearn
from flint import fmpq, fmpq_mat
from oracles.dropout_masks import variance_over_masks
from oracles.sampled import some
from scipy.optimize import minimize
from sklearn.base import clone
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator, parametrize_with_checks

import symderive
from symderive import InputError, bootstrap
from symderive.errors import MissingExtraError
from symderive.sklearn import DeepLinearRegressor


@parametrize_with_checks([DeepLinearRegressor()])
@pytest.mark.filterwarnings("ignore:Skipping check")
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


STANDARDIZING = DeepLinearRegressor(depth=0, standardize=True)


@pytest.mark.parametrize(("estimator", "check"), some(estimator_checks_generator(STANDARDIZING), 8, ci=4))
@pytest.mark.filterwarnings("ignore:Skipping check")
def test_checks_of_scikit_learn_where_features_are_standardized(estimator, check):
    check(estimator)


def samples(seed, n=20, d=3, spread=1.0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 10 ** rng.uniform(-spread, spread, d) + rng.normal(size=d)
    return X, X @ rng.normal(size=d) + rng.normal(size=n) + 3


def relative(a, b):
    return np.linalg.norm(a - b) / np.linalg.norm(b)


# -- depth 0 ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(("n", "d"), [(20, 3), (5, 8), (30, 1)])
def test_depth_0_is_ridge_regression_with_decay_times_n(n, d, weighted, fit_intercept):
    X, y = samples(n, n, d)
    weights = np.arange(1, n + 1) / 2 if weighted else None
    total = n if weights is None else weights.sum()
    ours = DeepLinearRegressor(depth=0, decay=0.25, fit_intercept=fit_intercept).fit(X, y, weights)
    peer = Ridge(alpha=0.25 * total, fit_intercept=fit_intercept, solver="svd").fit(X, y, weights)
    assert relative(ours.coef_, peer.coef_) < 1e-12
    assert abs(ours.intercept_ - peer.intercept_) < 1e-12 * abs(y).max()
    assert ours.predict(X) == pytest.approx(peer.predict(X), rel=1e-11)
    other = Ridge(alpha=0.25, fit_intercept=fit_intercept).fit(X, y, weights)
    assert relative(ours.coef_, other.coef_) > 1e-3


def test_the_decay_of_a_sum_is_the_alpha_of_ridge_regression():
    X, y = samples(11)
    for weights in (None, np.arange(len(y)) + 0.5):
        ours = DeepLinearRegressor(depth=0, decay=3, loss="sum").fit(X, y, weights)
        assert relative(ours.coef_, Ridge(alpha=3).fit(X, y, weights).coef_) < 1e-12
        assert relative(ours.coef_, Ridge(alpha=3.01).fit(X, y, weights).coef_) > 1e-8


def test_decays_of_other_losses_are_those_of_the_mean_in_other_units():
    X, y = samples(11, n=20)
    mean = DeepLinearRegressor(1, decay=["1/10", "1/5"]).fit(X, y)
    for loss, decays in (("sum", (2, 4)), ("half-mean", ["1/20", "1/10"])):
        other = DeepLinearRegressor(1, decay=decays, loss=loss).fit(X, y)
        assert other.network_ == mean.network_
        assert other.coef_.tolist() == mean.coef_.tolist()
    assert DeepLinearRegressor(1, decay=(2, 4)).fit(X, y).network_ != mean.network_


@pytest.mark.parametrize(("n", "d"), [(20, 3), (5, 8)])
def test_depth_0_without_decay_is_least_squares_of_smallest_norm(n, d):
    X, y = samples(n + d, n, d, spread=0.5)
    ours = DeepLinearRegressor(depth=0, decay=0).fit(X, y)
    assert relative(ours.coef_, LinearRegression().fit(X, y).coef_) < 1e-11
    shorter = DeepLinearRegressor(depth=0, decay="1/1000").fit(X, y)
    assert np.linalg.norm(shorter.coef_) < np.linalg.norm(ours.coef_) * (1 - 1e-9)


def test_coefficients_are_correctly_rounded():
    X, y = [[1, 2, 0], [3, 1, 5], [0, 5, 2], [4, 4, 7]], [1, 0, 2, 5]
    found = DeepLinearRegressor(depth=0, decay="1/7", fit_intercept=False).fit(X, y)
    X, y = fmpq_mat(4, 3, [fmpq(x) for row in X for x in row]), fmpq_mat(4, 1, [fmpq(x) for x in y])
    A = X.transpose() * X / 4 + fmpq_mat(3, 3, [fmpq(i == j, 7) for i in range(3) for j in range(3)])
    v = X.transpose() * y / 4
    exact = [Fraction(int(x.p), int(x.q)) for x in A.solve(v).entries()]
    assert found.coef_.tolist() == [float(x) for x in exact]
    assert found.intercept_ == 0.0
    floats = [np.array([[int(x.p) / int(x.q) for x in row] for row in table.tolist()]) for table in (A, v)]
    plain = np.linalg.solve(*floats)[:, 0]
    assert plain.tolist() != found.coef_.tolist()  # rounding at every step gets other last digits


# -- networks --------------------------------------------------------------------------------------------


def loss_of(flat, shapes, X, y, decays, rates):
    """The loss by averaging over all dropout masks at one hidden layer, two neurons."""
    W, U = flat[: shapes[0] * shapes[1]].reshape(shapes), flat[shapes[0] * shapes[1] :]
    noise = 0.0
    hidden = X @ W.T
    for a in (0, 1):
        for b in (0, 1):
            p = np.prod([rates if k == 0 else 1 - rates for k in (a, b)])
            noise += p * np.mean((hidden * np.array([a, b]) / (1 - rates) @ U - y) ** 2)
    return noise + decays[0] * (W**2).sum() + decays[1] * (U**2).sum()


def test_fit_is_the_minimum_that_training_from_many_starts_finds():
    X, y = samples(5, 12, 2, spread=0.3)
    decays, rate = ("0.05", "0.2"), 0.25
    net = DeepLinearRegressor(depth=1, width=2, decay=list(decays), dropout=rate).fit(X, y)
    centered = X - X.mean(axis=0), y - y.mean()
    numbers = [float(x) for x in decays]
    layers = net.layers_
    flat = np.concatenate([layers["W1"].ravel(), layers["U"]])
    value = loss_of(flat, (2, 2), *centered, numbers, rate)
    assert value == pytest.approx(float(net.landscape_.global_minimum.loss.mid()), rel=1e-12)
    rng = np.random.default_rng(0)
    ends = [
        minimize(loss_of, rng.normal(size=6), ((2, 2), *centered, numbers, rate), tol=1e-12)
        for _ in range(8)
    ]
    best = min(ends, key=lambda end: end.fun)
    assert value <= best.fun * (1 + 1e-12)
    assert best.fun == pytest.approx(value, rel=1e-6)
    W, U = best.x[:4].reshape(2, 2), best.x[4:]
    assert pytest.approx(net.coef_, rel=1e-3) == W.T @ U


def test_std_is_the_spread_over_all_dropout_masks():
    X, y = samples(8, 15, 2, spread=0.3)
    rates = [Fraction(1, 3), Fraction(1, 5)]
    net = DeepLinearRegressor(depth=2, width=[2, 3], decay="1/50", dropout=rates).fit(X, y)
    layers = [[[Fraction(x) for x in row] for row in net.layers_[name]] for name in ("W1", "W2")]
    layers.append([Fraction(x) for x in net.layers_["U"]])
    mean, std = net.predict(X[:2], return_std=True)
    for row, middle, spread in zip(X[:2], mean, std, strict=True):
        x = [Fraction(a) for a in row - X.mean(axis=0)]
        expected, variance = variance_over_masks(layers, rates, x)
        assert middle == pytest.approx(float(expected) + y.mean(), rel=1e-9)
        assert spread == pytest.approx(float(variance) ** 0.5, rel=1e-9)
        _, variance = variance_over_masks(layers, rates, [Fraction(a) for a in row])
        assert spread != pytest.approx(float(variance) ** 0.5, rel=1e-3)


def test_without_noise_there_is_no_spread_and_the_width_does_not_matter():
    X, y = samples(1)
    narrow, wide = (DeepLinearRegressor(width=width).fit(X, y) for width in (1, 500))
    assert (narrow.coef_ == wide.coef_).all()
    assert (narrow.predict(X, return_std=True)[1] == 0).all()
    noisy = DeepLinearRegressor(width=1, noise=1).fit(X, y)
    assert (noisy.coef_ != wide.coef_).all()


def test_standardize_is_a_scaler_in_front_with_coefficients_in_the_units_of_the_data():
    X, y = samples(2, spread=2)
    ours = DeepLinearRegressor(decay=0.05, dropout=0.2, standardize=True).fit(X, y)
    pipe = make_pipeline(StandardScaler(), DeepLinearRegressor(decay=0.05, dropout=0.2)).fit(X, y)
    assert relative(ours.coef_, pipe[1].coef_ / pipe[0].scale_) < 1e-12
    assert relative(ours.predict(X), pipe.predict(X)) < 1e-12
    plain = DeepLinearRegressor(decay=0.05, dropout=0.2).fit(X, y)
    assert relative(ours.coef_, plain.coef_) > 1e-3


def test_the_collapsed_network_is_a_valid_answer():
    X, y = samples(3)
    net = DeepLinearRegressor(depth=2, decay=1000, dropout=0.5).fit(X, y)
    assert (net.coef_ == 0).all()
    mean, std = net.predict(X, return_std=True)
    assert mean == pytest.approx(np.full(len(y), y.mean()))
    assert (std == 0).all()
    assert net.landscape_.global_minimum.at_origin
    assert all((layer == 0).all() for layer in net.layers_.values())
    assert (DeepLinearRegressor(depth=2, decay="1/1000").fit(X, y).coef_ != 0).all()


def test_of_equal_minima_the_one_that_is_not_zero_is_taken():
    X, y = [[1], [-1]], [1, -1]
    tied = DeepLinearRegressor(decay=["1/4", "1/4", 1], fit_intercept=False).fit(X, y)
    assert tied.landscape_.global_minimum.tie is True
    assert tied.coef_.tolist() == [0.5]
    above = DeepLinearRegressor(decay=["1/4", "1/4", "1.0000001"], fit_intercept=False).fit(X, y)
    assert above.coef_[0] == 0.0


# -- weights ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("standardize", [False, True])
def test_whole_weights_are_copies_of_rows(standardize):
    X, y = samples(4)
    weights = np.arange(len(y)) % 4
    options = {"decay": 0.02, "dropout": 0.1, "standardize": standardize}
    weighted = DeepLinearRegressor(**options).fit(X, y, sample_weight=weights)
    copied = DeepLinearRegressor(**options).fit(np.repeat(X, weights, axis=0), np.repeat(y, weights))
    assert weighted.coef_.tolist() == copied.coef_.tolist()
    assert weighted.intercept_ == copied.intercept_
    assert weighted.moments_.gram == copied.moments_.gram
    assert weighted.coef_.tolist() != DeepLinearRegressor(**options).fit(X, y).coef_.tolist()


def test_weights_have_no_scale():
    X, y = samples(4)
    halves = DeepLinearRegressor().fit(X, y, np.full(len(y), 0.5))
    assert halves.coef_.tolist() == DeepLinearRegressor().fit(X, y).coef_.tolist()


# -- what it is asked for --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"depth": -1}, "depth is -1"),
        ({"depth": True}, "depth is True"),
        ({"depth": 1.5}, "depth is 1.5"),
        ({"decay": 0}, "all decays are 0"),
        ({"decay": [0, 1, 1]}, "is 0 while others are positive"),
        ({"decay": -1}, "is -1"),
        ({"decay": [1, 2]}, "2 decay values given for 3 layers"),
        ({"dropout": 1}, "drop probability"),
        ({"dropout": 0.5, "noise": 1}, "give one of them"),
        ({"width": 0}, "is 0"),
        ({"loss": "median"}, "loss is 'median'"),
        ({"loss": "sum", "decay": -1}, "decay is -1"),
        ({"standardize": True, "fit_intercept": False}, "give fit_intercept=True"),
        ({"digits": 0}, "digits"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(options, words):
    X, y = samples(0)
    with pytest.raises(InputError, match=words) as caught:
        DeepLinearRegressor(**options).fit(X, y)
    assert len(str(caught.value)) < 300


def test_several_outputs_are_refused_with_the_remedy():
    X, y = samples(0)
    with pytest.raises(InputError, match=r"3 columns.*MultiOutputRegressor"):
        DeepLinearRegressor().fit(X, np.stack([y] * 3, axis=1))


def test_a_constant_column_can_be_fitted_and_not_standardized():
    X, y = samples(0)
    X[:, 1] = 7
    assert DeepLinearRegressor().fit(X, y).coef_[1] == 0
    with pytest.raises(InputError, match="constant"):
        DeepLinearRegressor(standardize=True).fit(X, y)


def test_columns_of_frames_are_checked_by_name():
    pandas = pytest.importorskip("pandas")
    X, y = samples(0)
    frame = pandas.DataFrame(X, columns=["age", "body mass", "pressure"])
    net = DeepLinearRegressor(depth=1).fit(frame, y)
    assert net.feature_names_in_.tolist() == list(net.moments_.features) == list(frame.columns)
    assert net.predict(frame) == pytest.approx(net.landscape_.predict(frame), rel=1e-12)
    with pytest.raises(ValueError, match="feature names"):
        net.predict(frame[["body mass", "age", "pressure"]])


def test_grids_copies_and_pickles():
    X, y = samples(6)
    search = GridSearchCV(DeepLinearRegressor(), {"depth": np.arange(3), "dropout": [None, "0.1"]}, cv=3)
    best = search.fit(X, y).best_estimator_
    again = pickle.loads(pickle.dumps(best))  # noqa: S301
    assert again.coef_.tolist() == best.coef_.tolist()
    assert again.landscape_ == best.landscape_
    assert not hasattr(clone(best), "coef_")
    assert clone(best).get_params() == best.get_params()


def test_weights_are_routed():
    X, y = samples(6)
    weights = np.arange(len(y)) + 1.0
    with sklearn.config_context(enable_metadata_routing=True):
        net = (
            DeepLinearRegressor(1).set_fit_request(sample_weight=True).set_score_request(sample_weight=True)
        )
        search = GridSearchCV(net, {"depth": [1]}, cv=2).fit(X, y, sample_weight=weights)
    assert search.best_estimator_.coef_.tolist() == net.fit(X, y, weights).coef_.tolist()
    assert search.best_estimator_.coef_.tolist() != net.fit(X, y).coef_.tolist()


def test_without_scikit_learn_the_message_names_the_extra(monkeypatch):
    for name in [name for name in sys.modules if name.startswith("symderive.sklearn")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    with pytest.raises(MissingExtraError, match=r"symderive\[sklearn\]"):
        __import__("symderive.sklearn")


def test_sparse_samples_are_the_dense_ones():
    sparse = pytest.importorskip("scipy.sparse")
    X, y = samples(9)
    X[X < 0.3] = 0
    dense, other = (DeepLinearRegressor(dropout=0.2).fit(x, y) for x in (X, sparse.csc_array(X)))
    assert dense.coef_.tolist() == other.coef_.tolist()
    for ours, theirs in zip(other.predict(sparse.csr_array(X), True), dense.predict(X, True), strict=True):
        assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-12)


def test_bootstrap_keeps_the_network_and_its_options():
    X, y = samples(10)
    net = DeepLinearRegressor(1, decay="0.1", standardize=True).fit(X, y)
    found = net.bootstrap(X, y, draws=5, seed=1, sample_weight=np.ones(len(y)))
    same = bootstrap(net.network_, X, y, draws=5, seed=1, standardize=True)
    assert (found.coef == same.coef).all()
    assert found.features == net.moments_.features
    plain = net.set_params(standardize=False).fit(X, y).bootstrap(X, y, draws=2, seed=1)
    assert (plain.coef == bootstrap(net.network_, X, y, draws=2, seed=1, center=True).coef).all()
    assert (plain.coef != found.coef[:2]).all()


def test_a_minimum_that_stays_open_warns():
    """The loss of the point and of the origin differ in the 3000th digit: see the tests of landscapes."""
    X = [[4], [8]]  # A = 40, v = 41
    decays = [*[1] * 41, 1 - Fraction(1, 10**3000)]
    net = DeepLinearRegressor(41, width=1, decay=decays, fit_intercept=False, digits=10)
    with pytest.warns(UserWarning, match="2 points could not be told apart"):
        net.fit(X, [0.5, 10])
    assert net.landscape_.global_minimum.tie is None
    assert net.coef_[0] == pytest.approx(1)  # (41 - 1 · m)/40
    decays[-1] = 1 - Fraction(1, 10**9)
    assert net.set_params(decay=decays).fit(X, [0.5, 10]).landscape_.global_minimum.tie is False


def test_scikit_learn_is_imported_by_one_package_only():
    root = Path(symderive.__file__).parent
    found = {
        path.parent.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if re.search(r"^\s*(from|import) sklearn\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert found == {"sklearn"}


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_coefficients_of_networks_are_the_doubles_next_to_a_hundred_digits(depth):
    X, y = samples(depth, spread=2)
    net = DeepLinearRegressor(depth, decay="1/100", dropout="1/10", standardize=True).fit(X, y)
    minimum = net.landscape_.global_minimum.index
    m = net.landscape_.end_to_end_map(minimum, digits=100)
    with mpmath.workdps(100):
        exact = [
            mpmath.mpf(x.mid()) / mpmath.sqrt(mpmath.mpf(v.numerator) / v.denominator)
            for x, v in zip(m, net.moments_.variances, strict=True)
        ]
        *centers, center = (mpmath.mpf(t.numerator) / t.denominator for t in net.moments_.means)
        intercept = center - mpmath.fdot(exact, centers)
        assert net.coef_.tolist() == [float(x) for x in exact]
        assert net.intercept_ == float(intercept)
        assert net.coef_.tolist() != [float(x * (1 + mpmath.mpf(2) ** -52)) for x in exact]
