"""The network as a regressor that chooses its depth and decay by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.metrics import get_scorer
from sklearn.model_selection import check_cv

from symderive.data.moments import Moments
from symderive.errors import InputError
from symderive.model.keywords import OTHER_NOISE
from symderive.resampling.cross_validation import (
    Candidates,
    Fold,
    default_decays,
    folds_of,
    mean_squared_errors,
    slopes,
)
from symderive.sklearn.regressor import LinearPredictions, checked, moments_of, whole

if TYPE_CHECKING:
    import numpy as np

#: A fold: places of the samples to fit on, and of those to test on.
Split = tuple[Any, Any]


class DeepLinearRegressorCV(LinearPredictions):
    """Deep linear network whose depth and decay are chosen by cross-validation, through exact moments.

    It is a :class:`DeepLinearRegressor` of the depth and decay that do best on samples left out.

    A network sees second moments only, and those of the folds add.  So the samples are read once, every
    depth and decay is fitted to the moments of all folds but one, each minimum certified, and its mean
    squared error on the last fold is a quadratic form in that fold's moments.  The choice is refitted to
    all samples.

    Parameters
    ----------
    depths : list of int
        Depths to choose from.
    decays : list of numbers, optional
        γ of every layer to choose from, at every depth, beside the mean of squares.  By default
        ``n_decays`` values for each depth, equally far apart in the logarithm from ``eps`` times a largest
        one up to it: twice the transition, from which on the global minimum for all samples is the zero
        network, and tr A at depth 0, where nothing collapses.
    n_decays : int
        Number of default decays for each depth.
    eps : float
        The smallest of these over the largest.
    cv : int, cross-validation generator or iterable of splits, optional
        As in all of scikit-learn; 5 folds by default.
    scoring : str or callable, optional
        By default the negative mean squared error, which takes no predictions; anything else is computed
        from the predictions on the samples of each fold.
    width : int or list of int
        Neurons of every hidden layer, or of each; per-layer lists fit a single depth.
    dropout : number or list, optional
        Drop probability of the neurons of every hidden layer, or of each.
    noise : number or list, optional
        Instead of ``dropout``: variance of the factor, of mean 1, that a hidden neuron is multiplied by.
    groups, weight_noise, dropconnect, feature_noise, feature_dropout, feature_jitter, hidden_jitter, \
target_noise : optional
        Other noise, as for :class:`DeepLinearRegressor`.
    fit_intercept : bool
        Whether to subtract means, those of the samples that are fitted on, and to add them after the
        network.
    standardize : bool
        Whether to divide the features by standard deviations, those of the samples that are fitted on, too.
    digits : int
        Correct digits of everything in ``landscape_``.

    Attributes
    ----------
    depth_ : int
        The chosen depth, of the largest mean score; the first of equal ones in the order of
        ``cv_results_``.
    decay_ : float
        The chosen decay, likewise.
    best_score_ : float
        The mean score of the choice.
    decays_ : ndarray of shape (n_depths, n_decays)
        The decays that were tried.
    scores_ : ndarray of shape (n_depths, n_decays, n_folds)
        Scores of the test samples; negative mean squared errors by default, which are exact for the
        coefficients in doubles that were tried, then rounded.
    cv_results_ : dict of ndarray
        The same in the form of ``GridSearchCV``: ``params``, ``param_depth``, ``param_decay``,
        ``split0_test_score`` …, ``mean_test_score``, ``std_test_score``, ``rank_test_score``.
    coef_ : ndarray of shape (n_features,)
        The end-to-end map of the choice on all samples, correctly rounded.  The zero network may well be
        the choice: then it is 0.
    intercept_, landscape_, moments_, network_, layers_, n_features_in_, feature_names_in_
        As of a :class:`DeepLinearRegressor` of that depth and decay on all samples.

    Raises
    ------
    InputError
        A ``ValueError``, for parameters out of range, fewer than two samples, and a constant feature that
        is to be standardized.

    Notes
    -----
    The mean over the folds has equal weights, as in ``GridSearchCV``; samples in a fold have theirs.  Not
    promised: that the choice is the best on new data; it is the best of those tried on these folds.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.arange(24.0).reshape(12, 2) % 7
    >>> y = X @ [1.0, -0.5] + [0.1, -0.2, 0.0, 0.3] * 3
    >>> net = DeepLinearRegressorCV(depths=(0, 1, 2), cv=3).fit(X, y)
    >>> net.depth_, net.coef_.round(2).tolist(), net.scores_.shape
    (0, [0.99, -0.55], (3, 30, 3))
    """

    def __init__(
        self,
        depths: Sequence[int] = (0, 1, 2, 3),
        decays: Any = None,
        *,
        n_decays: int = 30,
        eps: float = 1e-4,
        cv: Any = None,
        scoring: Any = None,
        width: Any = 32,
        dropout: Any = None,
        noise: Any = None,
        groups: Any = None,
        weight_noise: Any = None,
        dropconnect: Any = None,
        feature_noise: Any = None,
        feature_dropout: Any = None,
        feature_jitter: Any = None,
        hidden_jitter: Any = 0,
        target_noise: Any = 0,
        fit_intercept: bool = True,
        standardize: bool = False,
        digits: int = 15,
    ) -> None:
        self.depths = depths
        self.decays = decays
        self.n_decays = n_decays
        self.eps = eps
        self.cv = cv
        self.scoring = scoring
        self.width = width
        self.dropout = dropout
        self.noise = noise
        self.groups = groups
        self.weight_noise = weight_noise
        self.dropconnect = dropconnect
        self.feature_noise = feature_noise
        self.feature_dropout = feature_dropout
        self.feature_jitter = feature_jitter
        self.hidden_jitter = hidden_jitter
        self.target_noise = target_noise
        self.fit_intercept = fit_intercept
        self.standardize = standardize
        self.digits = digits

    def fit(self, X: Any, y: Any, sample_weight: Any = None) -> DeepLinearRegressorCV:
        """Choose depth and decay, and refit to all samples.

        Parameters
        ----------
        X : array_like or sparse matrix of shape (n, d)
            Samples, two at least.
        y : array_like of shape (n,)
            Targets.
        sample_weight : array_like of shape (n,), optional
            Weights; a whole number is the same as so many copies of the row.

        Returns
        -------
        DeepLinearRegressorCV
            The estimator itself.

        Raises
        ------
        InputError
            For parameters out of range, and a constant feature that is to be standardized.
        """
        import numpy as np

        X, y, weights = checked(self, X, y, sample_weight, fewest=2)
        everything = moments_of(self, X, y, weights)
        candidates = self._candidates(everything)
        places = np.arange(len(y))  # a split may be of places or a mask
        splits = [(places[train], places[test]) for train, test in check_cv(self.cv).split(X, y)]
        folds = self._folds(splits, X, y, weights)
        self.scores_ = np.stack(
            [
                self._scores(fold, split, candidates, X, y, weights)
                for fold, split in zip(folds, splits, strict=True)
            ],
            axis=-1,
        )
        self.decays_ = np.array([[float(x) for x in one.decays] for one in candidates])
        self.cv_results_ = _results(candidates, self.scores_)
        means = self.scores_.mean(axis=-1)
        row, column = np.unravel_index(np.argmax(means), means.shape)
        self.best_score_ = float(means[row, column])
        self.depth_, decay = candidates[row].depth, candidates[row].decays[column]
        self.decay_ = float(decay)
        self._settle(candidates[row].network(decay), everything, self.digits)
        return self

    def _candidates(self, everything: Moments) -> list[Candidates]:
        """What is to be tried, checked before anything is computed."""
        depths = [whole(depth) for depth in self.depths]
        if not depths:
            raise InputError("depths is empty; give at least one depth.")
        kinds = ("width", "noise", "dropout", *OTHER_NOISE)
        parameters = {kind: getattr(self, kind) for kind in kinds}
        return [
            Candidates.of(
                depth,
                default_decays(everything, depth, self.n_decays, self.eps, **parameters)
                if self.decays is None
                else list(self.decays),
                **parameters,
            )
            for depth in depths
        ]

    def _folds(self, splits: Sequence[Split], X: Any, y: Any, weights: Any) -> list[Fold]:
        """The moments of all splits; where every sample is tested on once, they are sums.

        Of fewer samples than features they are made from samples, which moments then keep and sums lose.
        """
        import numpy as np

        def part(places: Any, *, standardize: bool = False) -> Moments:
            chosen = None if weights is None else weights[places]
            if len(places) == 0 or (chosen is not None and not chosen.any()):
                raise InputError("a fold has no samples of positive weight; give fewer folds.")
            return moments_of(self, X[places], y[places], chosen, standardize=standardize)

        tests = [test for _, test in splits]
        wholes = (np.concatenate(tests), *(np.concatenate(split) for split in splits))
        if (
            len(splits) > 1
            and min(len(train) for train, _ in splits) > X.shape[1]
            and all(np.array_equal(np.sort(whole), np.arange(len(y))) for whole in wholes)
        ):
            return folds_of([part(test) for test in tests], standardize=self.standardize)
        return [Fold(part(train, standardize=self.standardize), part(test)) for train, test in splits]

    def _scores(
        self, fold: Fold, split: Split, candidates: Sequence[Candidates], X: Any, y: Any, weights: Any
    ) -> np.ndarray:
        """Scores on one fold, of shape (n_depths, n_decays)."""
        import numpy as np

        maps = slopes(fold.train, candidates)
        if self.scoring is None:
            return np.stack([-mean_squared_errors(fold, W) for W in maps])
        score, test = get_scorer(self.scoring), split[1]
        extra = {} if weights is None else {"sample_weight": weights[test]}
        *centers, center = (float(x) for x in fold.train.means or (0,) * (fold.train.dimension + 1))
        return np.array(
            [[score(_Map(w, center - w @ centers), X[test], y[test], **extra) for w in W] for W in maps]
        )


class _Map(RegressorMixin, BaseEstimator):
    """A linear map for a scorer to predict with."""

    def __init__(self, coef: Any, intercept: float) -> None:
        self.coef, self.intercept = coef, intercept

    def predict(self, X: Any) -> Any:
        return X @ self.coef + self.intercept

    def __sklearn_is_fitted__(self) -> bool:
        return True


def _results(candidates: Sequence[Candidates], scores: np.ndarray) -> dict[str, Any]:
    """As ``GridSearchCV`` has them."""
    import numpy as np

    flat = scores.reshape(-1, scores.shape[-1])
    means = flat.mean(axis=1)
    params = [{"depth": one.depth, "decay": float(decay)} for one in candidates for decay in one.decays]
    return {
        "params": params,
        **{f"param_{name}": np.array([one[name] for one in params]) for name in ("depth", "decay")},
        **{f"split{i}_test_score": column for i, column in enumerate(flat.T)},
        "mean_test_score": means,
        "std_test_score": flat.std(axis=1),
        "rank_test_score": np.array([1 + int((means > mean).sum()) for mean in means]),
    }
