"""Cross-validation through moments against scikit-learn's own search over samples."""

from functools import partial

import numpy as np
import pytest
from oracles.sampled import some
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold, LeaveOneOut, ShuffleSplit
from sklearn.utils.estimator_checks import estimator_checks_generator

from symderive import InputError
from symderive.sklearn import DeepLinearRegressor, DeepLinearRegressorCV


def name_of(value):
    """Of a check of scikit-learn."""
    return value.func.__name__ if isinstance(value, partial) else type(value).__name__


DEPTHS, DECAYS = (0, 1, 2), ("0.002", "0.05", "0.7")


CHECKED = DeepLinearRegressorCV(depths=(0, 2), decays=(0.01, 0.1), cv=3)


@pytest.mark.parametrize(
    ("estimator", "check"), some(estimator_checks_generator(CHECKED), 8, ci=4), ids=name_of
)
@pytest.mark.filterwarnings("ignore:Skipping check")
def test_checks_of_scikit_learn(estimator, check):
    check(estimator)


def samples(seed, n=24, d=3):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) * 3 + 1
    return X, X @ rng.normal(size=d) + 2 * rng.normal(size=n) + 3


def both(scoring, cv, **options):
    chosen = DeepLinearRegressorCV(DEPTHS, DECAYS, cv=cv, scoring=scoring, **options)
    grid = {"depth": list(DEPTHS), "decay": list(DECAYS)}
    search = GridSearchCV(
        DeepLinearRegressor(**options), grid, cv=cv, scoring=scoring or "neg_mean_squared_error"
    )
    return chosen, search


@pytest.mark.parametrize(
    ("scoring", "cv", "options"),
    some(
        [
            (None, 5, {}),
            (None, LeaveOneOut(), {"dropout": "0.2", "width": 4}),
            (None, KFold(3, shuffle=True, random_state=0), {"standardize": True, "noise": 1}),
            (None, ShuffleSplit(3, random_state=0), {"standardize": True}),  # sums of parts will not do
            (None, 3, {"fit_intercept": False}),
            ("r2", 4, {"standardize": True, "dropout": "0.1"}),
            ("neg_mean_absolute_error", 3, {"fit_intercept": False}),
        ],
        2,
        1,
        ci=1,
    ),
    ids=str,
)
def test_scores_and_choice_are_those_of_a_grid_search(scoring, cv, options):
    X, y = samples(1, n=8 if isinstance(cv, LeaveOneOut) else 24)
    chosen, search = both(scoring, cv, **options)
    chosen.fit(X, y)
    search.fit(X, y)
    theirs = search.cv_results_
    at = {(p["depth"], p["decay"]): place for place, p in enumerate(theirs["params"])}
    ours = chosen.cv_results_
    order = [at[depth, decay] for depth in DEPTHS for decay in DECAYS]
    for name in theirs:
        if name.endswith("test_score"):
            assert ours[name] == pytest.approx(theirs[name][order], rel=1e-11), name
    assert (chosen.depth_, chosen.decay_) == (
        search.best_params_["depth"],
        float(search.best_params_["decay"]),
    )
    assert chosen.best_score_ == pytest.approx(search.best_score_, rel=1e-11)
    assert chosen.coef_.tolist() == search.best_estimator_.coef_.tolist()
    assert chosen.predict(X).tolist() == search.predict(X).tolist()
    assert chosen.scores_.shape == (3, 3, search.n_splits_)
    other = clone(chosen).set_params(cv=2).fit(X, y)
    assert other.best_score_ != pytest.approx(search.best_score_, rel=1e-11)


def test_fewer_samples_than_features():
    X, y = samples(6, n=8, d=10)
    chosen, search = both(None, 2, standardize=True)
    scores = -search.fit(X, y).cv_results_["mean_test_score"]
    assert sorted(-chosen.fit(X, y).cv_results_["mean_test_score"]) == pytest.approx(
        sorted(scores), rel=1e-10
    )
    assert chosen.coef_.tolist() == search.best_estimator_.coef_.tolist()


def test_whole_weights_are_copies_of_rows():
    X, y = samples(2, n=15)
    weights = np.arange(15) % 3 + 1
    cv = [(np.setdiff1d(np.arange(15), k), k) for k in np.split(np.arange(15), 5)]
    copies = np.repeat(np.arange(15), weights)
    copied = [(np.flatnonzero(np.isin(copies, a)), np.flatnonzero(np.isin(copies, b))) for a, b in cv]
    for scoring in some((None, "r2"), 2, 1, ci=1):
        weighted = DeepLinearRegressorCV(DEPTHS, DECAYS, cv=cv, scoring=scoring).fit(X, y, weights)
        again = DeepLinearRegressorCV(DEPTHS, DECAYS, cv=copied, scoring=scoring).fit(X[copies], y[copies])
        assert weighted.scores_ == pytest.approx(again.scores_, rel=1e-12)
        assert weighted.coef_.tolist() == again.coef_.tolist()
        plain = DeepLinearRegressorCV(DEPTHS, DECAYS, cv=cv, scoring=scoring).fit(X, y)
        assert weighted.scores_ != pytest.approx(plain.scores_, rel=1e-12)


def test_a_fold_of_no_weight_is_refused():
    X, y = samples(2, n=6)
    with pytest.raises(InputError, match="fold has no samples of positive weight"):
        DeepLinearRegressorCV(DEPTHS, DECAYS, cv=3).fit(X, y, [0, 0, 1, 1, 1, 1])


def test_of_noise_alone_the_zero_network_may_be_the_choice():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(30, 6)), rng.normal(size=30)
    found = DeepLinearRegressorCV(depths=(2,), cv=5).fit(X, y)
    assert (found.coef_ == 0).all()
    assert found.landscape_.global_minimum.at_origin
    assert found.predict(X) == pytest.approx(np.full(30, y.mean()))
    signal = DeepLinearRegressorCV(depths=(2,), cv=5).fit(X, y + 3 * X[:, 0])
    assert abs(signal.coef_[0]) > 2


def test_default_decays_are_of_the_data_and_the_depth():
    X, y = samples(3)
    found = DeepLinearRegressorCV(depths=np.array([0, 1, 3]), n_decays=4, eps=0.01, cv=3).fit(X, y)
    assert found.decays_.shape == (3, 4)
    assert (found.decays_[:, 0] / found.decays_[:, -1]) == pytest.approx(0.01)
    above = DeepLinearRegressor(depth=3, decay=found.decays_[2, -1] / 2 * 1.001).fit(X, y)
    below = DeepLinearRegressor(depth=3, decay=found.decays_[2, -1] / 2 * 0.999).fit(X, y)
    assert not above.coef_.any()
    assert below.coef_.all()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"depths": ()}, "depths is empty"),
        ({"depths": (1, -1)}, "depth is -1"),
        ({"decays": ()}, "no decays"),
        ({"decays": (0,)}, "all decays are 0"),
        ({"decays": (1, -1)}, "-1"),
        ({"n_decays": 0}, "number of decays is 0"),
        ({"eps": 2}, "eps is 2"),
        ({"dropout": (0.1, 0.2)}, "2 dropout values"),
        ({"dropout": 0.1, "noise": 1}, "give one of them"),
        ({"standardize": True, "fit_intercept": False}, "give fit_intercept=True"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(options, words):
    X, y = samples(0)
    with pytest.raises(InputError, match=words) as caught:
        DeepLinearRegressorCV(**{"depths": (0, 1), **options}).fit(X, y)
    assert len(str(caught.value)) < 300


def test_lists_for_layers_fit_one_depth():
    X, y = samples(4)
    options = {"width": [3, 4], "dropout": ["0.1", "0.2"]}
    found = DeepLinearRegressorCV((2,), DECAYS, cv=3, **options).fit(X, y)
    assert (
        found.coef_.tolist()
        == DeepLinearRegressor(2, decay=found.decay_, **options).fit(X, y).coef_.tolist()
    )
    with pytest.raises(InputError, match="2 dropout values given for 1 layer"):
        DeepLinearRegressorCV((2, 1), DECAYS, cv=3, **options).fit(X, y)
    assert DeepLinearRegressorCV((0, 2), DECAYS, cv=3, width=[3, 4]).fit(X, y).scores_.shape == (2, 3, 3)


def test_units_beyond_doubles_go_through_balls():
    """Variances of 1e-400: doubles hold the samples and not their squares."""
    X, y = samples(5)
    usual, tiny = (
        DeepLinearRegressorCV((1,), DECAYS, cv=3, standardize=True).fit(x, y) for x in (X, X * 2.0**-700)
    )
    assert tiny.scores_ == pytest.approx(usual.scores_, rel=1e-11)
    assert tiny.coef_ * 2.0**-700 == pytest.approx(usual.coef_, rel=1e-12)
